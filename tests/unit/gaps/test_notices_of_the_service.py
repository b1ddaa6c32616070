"""What coordinators are told of the service itself: sign-ins that end, posts that do not go out."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from service.domain.notice import (
    LAPSE,
    SUMMARY,
    Awaiting,
    Credential,
    CredentialKind,
    Doubtful,
    NoticeFacts,
    Refusal,
    Told,
    lapses_soon,
    plan_notices,
)
from service.domain.post import key_in, parse_key
from tests.unit.effects.world import network
from tests.unit.gaps.builders import TOLD, row, words
from tests.unit.gaps.test_notices import FRIDAY, RULES, facts, kinds, moment, read, told

WEEK = timedelta(weeks=1)
WEDNESDAY = date(2023, 3, 15)
ACCOUNT = "natverket@exempel.se"


def certificate(days: int) -> Credential:
    """One that is good for so many days from Friday."""
    return Credential(kind=CredentialKind.CERTIFICATE, expires=FRIDAY + timedelta(days=days))


def sign_in(days: int) -> Credential:
    expires = FRIDAY + timedelta(days=days)
    return Credential(kind=CredentialKind.SIGN_IN, name=ACCOUNT, expires=expires)


def busy() -> NoticeFacts:
    """A Friday on which all of it is amiss."""
    return facts(
        credentials=(certificate(12), sign_in(9)),
        awaiting=(
            Awaiting(key="a", until=moment(FRIDAY + timedelta(days=5), "14:00")),
            Awaiting(key="b", until=moment(FRIDAY + timedelta(days=3), "09:30")),
            Awaiting(key="c"),
        ),
        doubtful=(
            Doubtful(
                key="d", title="Natur i stadsplanering", at=moment(date(2023, 3, 15), "08:30")
            ),
        ),
        refusals=(
            Refusal(via="workflow", reason="403 WorkflowTriggerIsNotEnabled\n " + "x" * 500),
        ),
    )


# ---------------------------------------------------------------- the summary


@pytest.mark.parametrize(
    ("credential", "is_told"),
    [
        (certificate(31), False),
        (certificate(30), True),
        (sign_in(15), False),
        (sign_in(14), True),
        (sign_in(-3), True),
    ],
)
def test_what_ends_is_told_in_time(credential: Credential, is_told: bool) -> None:
    """A certificate thirty days before, since others must act; a sign-in fourteen."""
    about = facts(credentials=(credential,))
    assert (SUMMARY in kinds(told(about, moment(FRIDAY)))) is is_told


def test_a_survey_without_answers_is_a_lack_of_its_meeting() -> None:
    """It needs no section of its own: it stands among what the meeting lacks."""
    whole = row(replace(TOLD, teams_count=3), programmes=1, materials=2)
    (card,) = told(facts(whole), moment(FRIDAY))
    assert "inga svar har kommit in" in read(card)


def test_a_new_end_is_news() -> None:
    """The same end is told once in four weeks; a certificate that was renewed has another."""
    about = facts(credentials=(certificate(28),))
    (first,) = told(about, moment(FRIDAY))
    last = Told(at=moment(FRIDAY), says=first.says)
    later = moment(FRIDAY + WEEK)

    assert told(replace(about, told=(last,)), later) == ()
    renewed = facts(credentials=(certificate(29),), told=(last,))
    assert kinds(told(renewed, later)) == [SUMMARY]


def test_posts_that_wait_are_counted() -> None:
    """How many, and when the first of them is no use any more; a new one is news, fewer are not."""
    about = facts(awaiting=busy().awaiting)
    (card,) = told(about, moment(FRIDAY))
    said = Told(at=moment(FRIDAY), says=card.says)
    later = moment(FRIDAY + WEEK)

    assert "Väntar på godkännande: 3" in read(card)
    assert "inaktuellt efter måndag 20 mars kl. 9.30" in read(card)
    assert told(facts(awaiting=about.awaiting[:2], told=(said,)), later) == ()
    assert told(facts(awaiting=(Awaiting(key="new"),), told=(said,)), later) != ()


def test_without_an_end_only_what_to_do() -> None:
    """Where nobody knows until when they are of use, no hour is made up."""
    (card,) = told(facts(awaiting=(Awaiting(key="a"),)), moment(FRIDAY))
    (section,) = card.post.card.sections
    assert section.lines[0].note == "Godkänn med natverket posts --approve."


def test_a_doubtful_post_is_told_of_once() -> None:
    """Whoever has looked knows; one of long ago is nobody's errand."""
    about = facts(doubtful=busy().doubtful)
    (card,) = told(about, moment(FRIDAY))
    said = (Told(at=moment(FRIDAY), says=card.says), Told(at=moment(FRIDAY), says=frozenset()))

    assert "Oklart om ”Natur i stadsplanering” kom fram (15 mars)" in read(card)
    assert told(replace(about, told=said), moment(FRIDAY + 5 * WEEK)) == ()
    assert told(about, moment(FRIDAY + 14 * WEEK)) == ()


def test_a_closed_way_is_told_with_its_reason() -> None:
    """In one line, however much the service said; once in four weeks, whatever it says next."""
    about = facts(refusals=busy().refusals)
    (card,) = told(about, moment(FRIDAY))
    (line,) = card.post.card.sections[0].lines
    last = Told(at=moment(FRIDAY), says=card.says)
    other = facts(refusals=(Refusal(via="workflow", reason="404"),), told=(last,))

    assert line.text == "Inga inlägg kommer fram via flödet i Teams"
    assert "403 WorkflowTriggerIsNotEnabled xxx" in line.note
    assert len(line.note) < 200
    assert told(other, moment(FRIDAY + WEEK)) == ()
    assert told(other, moment(FRIDAY + 4 * WEEK)) != ()


def test_most_urgent_first() -> None:
    """What ends, then the way that is closed, what waits, and what nobody knows of."""
    (notice,) = told(busy(), moment(FRIDAY))
    sections = notice.post.card.sections

    assert [section.heading for section in sections] == ["Löper ut", "Inlägg"]
    assert [line.text for section in sections for line in section.lines] == [
        "Tjänstens certifikat gäller till och med 29 mars",
        f"Inloggningen för {ACCOUNT} gäller till och med 26 mars",
        "Inga inlägg kommer fram via flödet i Teams",
        "Väntar på godkännande: 3",
        "Oklart om ”Natur i stadsplanering” kom fram (15 mars)",
    ]


# ---------------------------------------------------------------- at once


@pytest.mark.parametrize(
    ("days", "told_after"),
    [
        (13, 10),  # a Thursday: told on Monday
        (11, 7),  # a Tuesday: three days before is a Saturday, told on Friday
    ],
)
def test_at_once_three_days_before_its_end(days: int, told_after: int) -> None:
    """In the morning of a workday, before a weekend rather than after, and once."""
    about = facts(credentials=(certificate(days),))
    seen = []
    already: list[str] = []
    for day in (FRIDAY + timedelta(days=n) for n in range(16)):
        for clock in ("08:00", "08:30", "15:00"):
            for notice in told(about, moment(day, clock), already):
                already.append(notice.post.key)
                if notice.post.kind == LAPSE:
                    seen.append((day, clock, notice.post.due))
    day = FRIDAY + timedelta(days=told_after)
    assert seen == [(day, "08:00", moment(day, "08:00"))]


def test_after_its_end_it_is_told_for_a_week() -> None:
    """The service may have been down on the day; a year later nobody needs to know."""
    for days, is_told in ((0, True), (-4, True), (-7, True), (-10, False)):
        one = sign_in(days)
        assert lapses_soon(one, RULES, network(), FRIDAY) is is_told
        assert (LAPSE in kinds(told(facts(credentials=(one,)), moment(FRIDAY)))) is is_told


def test_the_card_of_a_sign_in() -> None:
    """Whose, until when, what to do; the key names neither the person nor the account."""
    monday = FRIDAY - timedelta(days=4)
    (notice,) = told(facts(credentials=(sign_in(-3),)), moment(monday))
    card = notice.post.card
    key = parse_key(notice.post.key)

    assert card.title == f"Inloggningen för {ACCOUNT} gäller till och med tisdag 14 mars"
    assert "natverket login" in card.text
    assert key is not None
    assert (key.subject, key.kind, key.occurrence) == ("sign_in", LAPSE, "2023-03-14")
    assert ACCOUNT not in notice.post.key
    assert key_in(json.loads(read(notice))["actions"][0]["url"]) == notice.post.key


@pytest.mark.parametrize("language", ["sv", "nb", "en"])
@pytest.mark.parametrize("via", ["workflow", "bot", "graph", "mail", "dry"])
def test_in_every_language(language: str, via: str) -> None:
    """All of it can be said, of every transport; nothing is left to fill in."""
    about = replace(busy(), refusals=(Refusal(via=via, reason="403"),))
    about = replace(about, credentials=(certificate(2), sign_in(1)))
    notices = plan_notices(about, RULES, {}, now=moment(FRIDAY), words=words(language))

    assert sorted(kinds(notices)) == [LAPSE, LAPSE, SUMMARY]
    for notice in notices:
        assert "{" not in str(notice.post.card).replace("{n}", "")
        assert json.loads(read(notice))["lang"] == language
