"""What coordinators are asked about planned rows: on Friday's card and in a terminal."""

from datetime import date

import pytest

from service.domain.notice import Links, NoticeFacts, notice_rules_from, plan_notices
from service.domain.period import at
from service.domain.plan.asking import item_id, sentence
from service.domain.plan.binding import Asked, Doubt, bind
from service.render.cards import adaptive_card
from service.render.overview import planned as lines
from tests.unit.effects.world import NATURE, ZONE, meeting, network
from tests.unit.gaps.builders import parsed, words
from tests.unit.plan.builders import planned

DAY, FRIDAY = date(2023, 5, 10), date(2023, 3, 17)
EVENT = meeting(DAY, "Fladdermöss", groups=(NATURE,))


def asked(title: str = "Träff i maj") -> Asked:
    [found] = bind([planned(day=DAY, Title=title)], [EVENT], (), network()).questions
    return found


def facts(*questions: Asked) -> NoticeFacts:
    links = Links(register="https://exempel.sharepoint.com/Lists/Moten", folders={})
    return NoticeFacts(network=network(), channel="19:x", links=links, planned=questions)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("sv", "10 maj Träff i maj: Är det raden för ”Fladdermöss”? Ge raden samma rubrik,"),
        ("nb", "10. mai Träff i maj: Er dette raden for «Fladdermöss»? Gi raden samme tittel,"),
        ("en", "10 May Träff i maj: Is it the row of “Fladdermöss”? Give the row the same title,"),
    ],
)
def test_in_words(language: str, said: str) -> None:
    """Which row, what is not sure, and what to do."""
    assert sentence(asked(), words(language)).startswith(said)


@pytest.mark.parametrize("doubt", Doubt)
@pytest.mark.parametrize("language", ["sv", "nb", "en"])
def test_every_doubt_has_its_words(doubt: Doubt, language: str) -> None:
    """A row without a title too."""
    one = Asked(row=planned(Title="", NvStart="2023-05-10"), doubt=doubt, meetings=(EVENT, EVENT))
    assert len(sentence(one, words(language))) > 40


def test_on_fridays_card() -> None:
    """It is asked with everything else that needs somebody, and alone if need be."""
    rules = notice_rules_from(parsed("posts.toml"))
    now = at(FRIDAY, "09:00", ZONE)
    [notice] = plan_notices(facts(asked()), rules, {}, now=now, words=words())
    card = adaptive_card(notice.post.card, key=notice.post.key).decode()

    assert "Planerade rader" in card
    assert "Är det raden för ”Fladdermöss”?" in card
    assert notice.says == {item_id(asked())}
    assert plan_notices(facts(), rules, {}, now=now, words=words()) == ()


def test_in_a_terminal() -> None:
    """Within the width, and nothing where nothing is asked."""
    told = list(lines([asked()], words(), width=80))

    assert told[0].startswith("10 maj Träff i maj: Är det raden")
    assert max(map(len, told)) <= 80
    assert list(lines([], words(), width=80)) == []
