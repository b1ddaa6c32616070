"""Cards as Teams is given them."""

import json
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from service.domain.digest import DigestFacts, Filed, Result, digest_rules_from, plan_digest
from service.domain.meeting import Meeting
from service.domain.network import Network
from service.domain.post import Button, Card, Line, Picture, Post, Section, key_in
from service.domain.reminder import Links, MeetingFacts, Policy, Situation, plan
from service.observe import SeenLink, SeenMessage
from service.render.cards import adaptive_card, escaped
from service.render.texts import Texts
from tests.unit.posts.given_results import told

When = Callable[[str], datetime]
GOLDEN = Path(__file__).parent / "golden"
LEFT_TO_RIGHT = "\u200e"
PAGE = "https://exempel.sharepoint.com/sites/natverket"
KEY = "v1/kommunnatverket/common/uid-0308/soon/2023-03-08"
CARD = Card(
    language="sv",
    label="Miljöstrategigruppen",
    title="Träff",
    text="Text",
    buttons=(Button("Öppna", PAGE),),
    unfold="Visa hela veckobrevet",
    more="och {n} till",
)


def drawn(card: Card) -> dict[str, object]:
    loaded = json.loads(adaptive_card(card, key=KEY))
    assert isinstance(loaded, dict)
    return loaded


def blocks(element: object) -> list[dict[str, object]]:
    """Every object of a card, at any depth."""
    if isinstance(element, dict):
        return [element, *(one for value in element.values() for one in blocks(value))]
    return [one for value in element for one in blocks(value)] if isinstance(element, list) else []


# ---------------------------------------------------------------- golden cards


def _compare(name: str, post: Post) -> None:
    card = json.dumps(
        json.loads(adaptive_card(post.card, key=post.key)), ensure_ascii=False, indent=2
    )
    assert card + "\n" == (GOLDEN / f"{name}.json").read_text(encoding="utf-8")


def test_a_registration_that_closes(
    network: Network, policy: Policy, words: Texts, meeting: Meeting, when: When
):
    """Group, title, time and place, the deadline, and the button to register."""
    facts = {meeting.id: MeetingFacts(links=Links(folder=f"{PAGE}/Dokumentation/2023"))}
    situation = Situation(network=network, page=PAGE, meetings=(meeting,), facts=facts)
    (post,) = plan(situation, policy, {}, now=when("2023-02-24 08:30"), words=words)
    assert isinstance(post, Post)
    _compare("registration_closing", post)


def test_documentation_that_is_ready(
    network: Network, policy: Policy, words: Texts, digital: Meeting, when: When
):
    """What there is, and the button that opens it."""
    links = Links(folder=f"{PAGE}/Dokumentation/2023/2023-09-13 Hållbar upphandling")
    facts = {digital.id: MeetingFacts(materials=3, recording=True, links=links)}
    situation = Situation(network=network, page=PAGE, meetings=(digital,), facts=facts)
    posts = plan(situation, policy, {}, now=when("2023-09-18 10:00"), words=words)
    (post,) = [one for one in posts if isinstance(one, Post)]
    _compare("documentation", post)


def test_a_weekly_letter(
    network: Network,
    policy: Policy,
    words: Texts,
    parsed: Callable[[str], dict[str, object]],
    meeting: Meeting,
    digital: Meeting,
    when: When,
):
    """Sections with headings, linked lines, notes, and the rest folded."""

    def said(number: int, moment: str, text: str, *links: SeenLink) -> SeenMessage:
        return SeenMessage(
            id=str(number),
            created=when(moment),
            author="person-1",
            author_name="",
            text=text,
            links=links,
            replies=(),
            url=f"https://teams.microsoft.com/l/message/{number}",
        )

    october = replace(
        meeting,
        id="uid-1026",
        title="Lokalt klimatarbete samt elektrifiering",
        groups=("miljostrategi",),
        place="Kungälv",
        start=when("2023-10-26 09:30"),
        end=when("2023-10-26 15:30"),
        first_day=when("2023-10-26 09:30").date(),
        last_day=when("2023-10-26 09:30").date(),
        register_by=when("2023-10-24 12:00").date(),
    )
    later = [
        replace(
            october,
            id=f"uid-{day}",
            title=title,
            groups=(group,),
            place=place,
            start=when(f"{day} 09:00"),
            end=when(f"{day} 12:00"),
            first_day=when(f"{day} 09:00").date(),
            last_day=when(f"{day} 12:00").date(),
            register_by=None,
            registration_link="",
        )
        for day, title, group, place in (
            (
                "2023-11-08",
                "Inventering av våtmarkslägen och nya våtmarker",
                "naturvard",
                "Herrljunga",
            ),
            ("2023-12-12", "Samhällsekonomisk analys", "miljostrategi", "Trollhättan"),
        )
    ]
    training = replace(
        digital,
        id="uid-1003",
        title="Utbildning grund Naturvärdesinventering, nya standarden",
        publish_result=True,
    )
    moment = when("2023-10-18 10:00")
    facts = DigestFacts(
        situation=Situation(
            network=network,
            page=PAGE,
            meetings=(october, *later, training),
            facts={training.id: MeetingFacts(links=Links(folder=f"{PAGE}/Dokumentation (2023)"))},
        ),
        filed=(
            *(Filed(meeting_id=training.id, at=moment) for _ in range(5)),
            Filed(meeting_id=training.id, at=moment, recording=True),
        ),
        results=(
            Result(
                meeting_id=training.id,
                at=moment,
                figures=(
                    told("satisfaction", 0, 0, 0, 4, 9, 15),
                    told("usefulness", 0, 0, 3, 5, 8, 12),
                ),
            ),
        ),
        messages=(
            said(1, "2023-10-12 09:00", "Hur inventerar ni fladdermöss?"),
            said(2, "2023-10-13 09:00", "Någon som har en *mall* för [upphandling]_v3 av kaffe?"),
            said(
                3,
                "2023-10-18 09:00",
                "Bra läsning",
                SeenLink(title="Handbok om våtmarker", url="https://www.exempel.se/vatmark_(2023)"),
            ),
            said(
                4,
                "2023-10-19 09:00",
                "Webbinarium",
                SeenLink(title="Webbinarium om elektrifiering", url="https://webb.exempel.org/el"),
            ),
        ),
    )
    rules = digest_rules_from(parsed("posts.toml"), policy.limits)
    post = plan_digest(facts, rules, {}, now=when("2023-10-23 08:30"), words=words)
    assert post is not None
    _compare("digest", post)


# ---------------------------------------------------------------- safety


def test_the_main_button_carries_the_key_and_others_do_not():
    """The key is in the first https button; links that are not https are dropped."""
    card = replace(
        CARD,
        buttons=(
            Button("Osäker", "http://exempel.se"),
            Button("Anmäl dig", "https://anmalan.exempel.se/?id=1"),
            Button("Program", PAGE),
            Button("Skript", "javascript:alert(1)"),
        ),
    )
    actions = drawn(card)["actions"]
    assert isinstance(actions, list)
    assert [one["title"] for one in actions] == ["Anmäl dig", "Program"]
    assert [key_in(one["url"]) for one in actions] == [KEY, None]


def test_a_card_without_a_button_for_the_key_is_refused():
    """A post that could not be known again is never drawn."""
    with pytest.raises(ValueError, match="no https button"):
        adaptive_card(replace(CARD, buttons=(Button("Osäker", "http://exempel.se"),)), key=KEY)


shown = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FFF, exclude_categories=["Cs"]))


@example("{{{")
@given(st.one_of(shown, st.text("\\`*_[]()<>~#+-.!&;{}|= 1aå")))
def test_text_shows_as_it_is_where_markdown_is_read(text: str):
    """A Markdown reader makes one paragraph of the text, without any mark-up in it."""
    said = escaped(text)
    tokens = MarkdownIt("commonmark").enable("strikethrough").parse(said)
    assert [token.type for token in tokens] in (
        [],
        ["paragraph_open", "inline", "paragraph_close"],
    )
    children = [child for token in tokens for child in token.children or ()]
    assert {child.type for child in children} <= {"text", "text_special"}
    seen = "".join(child.content for child in children).replace(LEFT_TO_RIGHT, "")
    assert seen == escaped(seen) or seen.split() == _plain(text).split()
    assert "{{" not in said


def _plain(text: str) -> str:
    kept = (" " if one.isspace() else one for one in text)
    hidden = {"Cc", "Cf"}
    return "".join(
        one for one in kept if one == "\u200d" or unicodedata.category(one) not in hidden
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("presentation_v3 [utkast]", "presentation\\_v3 \\[utkast\\]"),
        ("1. Inledning", "1\\. Inledning"),
        ("# Rubrik - del", "\\# Rubrik - del"),
        ("{{DATE(2023-01-01)}}", "{\\{DATE(2023-01-01)}}"),
        ("Vatten &amp; mark & luft", "Vatten \\&amp; mark & luft"),
        ("rad\r\nrad\u202ebak", "rad radbak"),
        ("10–11 maj, 5,40 (skala 1–6)", "10–11 maj, 5,40 (skala 1–6)"),
        ("שלום, עולם (5 filer)", "שלום, עולם\u200e (5 filer)"),
        ("مرحبا 26 okt", "مرحبا\u200e 26 okt"),
    ],
)
def test_only_marks_are_escaped(text: str, said: str):
    """
    Ordinary text stays as it is; marks, dates, entities and hidden characters do not act, and
    what follows a name written from the right stays where it is read.
    """
    assert escaped(text) == said


def test_a_link_in_a_line_cannot_be_broken_out_of():
    """Brackets in the text and parentheses in the link are made harmless."""
    line = Line(text="a](https://ond.exempel) [b", url="https://exempel.se/x_(1) y")
    section = Section(heading="Tips", lines=(line, Line(text="b", url="http://exempel.se")))
    texts = [one.get("text") for one in blocks(drawn(replace(CARD, sections=(section,))))]
    assert "[a\\](https://ond.exempel) \\[b](https://exempel.se/x_%281%29%20y)" in texts
    assert "b" in texts


def test_a_date_function_does_not_act_in_a_link():
    """Braces in an address are spelt out, so that Teams finds no function in the text."""
    line = Line(text="a", url="https://exempel.se/{{DATE(2023-01-01)}}")
    section = Section(heading="Tips", lines=(line,))
    texts = [one.get("text") for one in blocks(drawn(replace(CARD, sections=(section,))))]
    assert "[a](https://exempel.se/%7B%7BDATE%282023-01-01%29%7D%7D)" in texts


def test_a_picture_has_words_and_comes_by_https():
    """It follows the text, with its description; another address is left out."""
    picture = Picture("https://exempel.se/ljus (1).png", "Ett ljus\u202e")
    elements = blocks(drawn(replace(CARD, picture=picture)))
    (image,) = [one for one in elements if one.get("type") == "Image"]
    assert image["url"] == "https://exempel.se/ljus%20(1).png"
    assert image["altText"] == "Ett ljus"
    without = blocks(drawn(replace(CARD, picture=replace(picture, url="http://exempel.se/a.png"))))
    assert not [one for one in without if one.get("type") == "Image"]


def test_a_text_may_have_paragraphs():
    """A blank line parts them; a single line break is a space."""
    texts = [one.get("text") for one in blocks(drawn(replace(CARD, text="Ett\ntvå.\n \nTre.\n")))]
    assert texts.index("Tre.") == texts.index("Ett två.") + 1


def test_a_place_stands_below_a_long_time():
    """Both on one line where a phone has room for it."""
    for said, lines in (
        ("onsdag 8 mars kl. 9.30–15.30 · Alingsås", ["onsdag 8 mars kl. 9.30–15.30 · Alingsås"]),
        (
            "onsdag 10 maj kl. 9.30 till torsdag 11 maj kl. 15.00 · Skara",
            ["onsdag 10 maj kl. 9.30 till torsdag 11 maj kl. 15.00", "Skara"],
        ),
    ):
        body = drawn(replace(CARD, when_where=said))["body"]
        assert isinstance(body, list)
        assert [one["text"] for one in body[2:-1]] == lines


def test_what_is_said_where_no_card_can_be_shown_is_short():
    """Title, time and the beginning of the text."""
    said = drawn(replace(CARD, text="En mening till. " * 100))["fallbackText"]
    assert isinstance(said, str)
    assert said.startswith("Träff. En mening till.")
    assert said.endswith("till. …")
    assert len(said) < 600


def test_every_text_wraps_and_letters_are_not_spelt_out():
    """Every text block wraps; the bytes are UTF-8 with å as å."""
    card = replace(CARD, when_where="onsdag · Skövde", footer="Sammanställt", sections=(_many(3),))
    raw = adaptive_card(card, key=KEY)
    assert "Skövde".encode() in raw
    texts = [one for one in blocks(json.loads(raw)) if one.get("type") == "TextBlock"]
    assert all(one["wrap"] is True for one in texts)


# ---------------------------------------------------------------- what is folded


def _many(count: int, folded: int = 0) -> Section:
    lines = tuple(
        Line(text=f'Träff {n} om åäö och "citat"', url=f"{PAGE}/{n}") for n in range(count + folded)
    )
    return Section(heading="På gång", lines=lines[:count], folded=lines[count:])


def test_folded_items_take_the_place_of_their_count():
    """One button shows the folded items and hides the words that count them."""
    card = drawn(replace(CARD, sections=(_many(1), _many(1, 2), _many(1, 3))))
    (toggle,) = [one for one in blocks(card) if one.get("type") == "Action.ToggleVisibility"]
    assert toggle["title"] == "Visa hela veckobrevet"
    assert toggle["targetElements"] == ["more1", "folded1", "more2", "folded2"]
    visible = {one["id"]: one.get("isVisible", True) for one in blocks(card) if "id" in one}
    assert visible == {"more1": True, "folded1": False, "more2": True, "folded2": False}


def test_what_is_left_out_can_be_found() -> None:
    """ "And n more" leads to where they are, if there is such a place."""
    section = Section(heading="Saknas", lines=(Line(text="En"),), more=3, url=f"{PAGE}/Lists/Moten")
    said = [block.get("text") for block in blocks(drawn(replace(CARD, sections=(section,))))]
    plain = replace(section, url="")

    assert f"[och 3 till]({PAGE}/Lists/Moten)" in said
    assert "och 3 till" in [b.get("text") for b in blocks(drawn(replace(CARD, sections=(plain,))))]
