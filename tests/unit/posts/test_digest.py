"""The weekly letter: when, of what, and when there is none."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import pytest

from service.domain.digest import (
    DigestFacts,
    DigestRules,
    Filed,
    Registered,
    Result,
    digest_rules_from,
    plan_digest,
)
from service.domain.meeting import Meeting
from service.domain.network import Network
from service.domain.post import Card
from service.domain.reminder import Links, MeetingFacts, Policy, Situation
from service.observe import SeenMessage
from service.render.texts import Texts
from tests.unit.posts.given_results import FIVE
from tests.unit.posts.messages import message, shared

When = Callable[[str], datetime]
PAGE = "https://exempel.sharepoint.com/sites/natverket"
KEY = "v1/kommunnatverket/common/2023/digest/2023-W{}"


@pytest.fixture
def rules(parsed: Callable[[str], dict[str, object]], policy: Policy) -> DigestRules:
    return digest_rules_from(parsed("posts.toml"), policy.limits)


@pytest.fixture
def facts(network: Network) -> DigestFacts:
    return DigestFacts(situation=Situation(network=network, page=PAGE))


def lines(card: Card, heading: str) -> list[str]:
    (section,) = [one for one in card.sections if one.heading == heading] or [None]
    return [line.text for line in (*section.lines, *section.folded)] if section else []


@pytest.fixture
def letter(rules: DigestRules, words: Texts, when: When) -> Callable[..., Card | None]:
    def write(facts: DigestFacts, now: str = "2023-10-23 08:30", **more: object) -> Card | None:
        already = more.get("already", {})
        post = plan_digest(facts, rules, already, now=when(now), words=words)  # type: ignore[arg-type]
        return post.card if post else None

    return write


# ---------------------------------------------------------------- when


def test_on_monday_at_half_past_eight(
    facts: DigestFacts, rules: DigestRules, words: Texts, when: When
):
    """The letter is due on Monday at 08:30, is useful until Thursday, and carries its week."""
    facts = replace(facts, messages=(shared(when("2023-10-20 12:00"), "https://a.exempel.se/"),))

    def planned(now: str):
        return plan_digest(facts, rules, {}, now=when(now), words=words)

    assert planned("2023-10-23 08:29") is None
    post = planned("2023-10-23 08:30")
    assert post is not None
    assert (post.key, post.channel, post.due) == (
        KEY.format(43),
        "common",
        when("2023-10-23 08:30"),
    )
    assert post.card.title == "Veckan i nätverket, vecka 43"
    assert planned("2023-10-24 22:00") is None
    assert planned("2023-10-25 09:00") is not None
    assert planned("2023-10-26 09:00") is None


@pytest.mark.parametrize(
    ("now", "posted"),
    [
        ("2023-04-10 09:00", False),  # Easter Monday
        ("2023-04-11 08:30", True),
        ("2023-07-03 08:30", False),
        ("2023-12-25 09:00", False),
    ],
)
def test_holidays_and_pauses(
    facts: DigestFacts, letter: Callable[..., Card | None], when: When, now: str, posted: bool
):
    """After a holiday the next workday; in a pause no letter."""
    day = now[:10]
    tip = shared(when(f"{day} 00:10"), "https://a.exempel.se/")
    assert (letter(replace(facts, messages=(tip,)), now) is not None) is posted


def test_nothing_new_no_letter(
    facts: DigestFacts, letter: Callable[..., Card | None], meeting: Meeting, when: When
):
    """A meeting far ahead alone is no news; one within the week is."""
    assert letter(facts) is None
    coming = replace(facts, situation=replace(facts.situation, meetings=(meeting,)))
    assert letter(coming, "2023-02-13 08:30") is None
    assert letter(coming, "2023-02-27 08:30") is not None  # registration closes
    assert letter(coming, "2023-03-06 08:30") is not None


def test_nothing_is_told_twice_nor_lost(
    facts: DigestFacts, letter: Callable[..., Card | None], when: When
):
    """A letter goes back to when the last posted one was due, over weeks without any."""
    tips = tuple(
        shared(when(moment), f"https://a.exempel.se/{place}", f"Tips {place}")
        for place, moment in enumerate(
            ("2023-10-02 08:29", "2023-10-02 08:31", "2023-10-22 12:00", "2023-10-23 08:31")
        )
    )
    facts = replace(facts, messages=tips)
    heading = "Tips och länkar"
    first = letter(facts, already={KEY.format(40): date(2023, 10, 3), KEY.format(42): None})
    assert first is not None
    assert lines(first, heading) == ["Tips 1 (a.exempel.se)", "Tips 2 (a.exempel.se)"]
    second = letter(facts, "2023-10-30 08:30", already={KEY.format(43): date(2023, 10, 23)})
    assert second is not None
    assert lines(second, heading) == ["Tips 3 (a.exempel.se)"]
    assert letter(facts, already={KEY.format(43): date(2023, 10, 23)}) is None


def test_held(facts: DigestFacts, letter: Callable[..., Card | None], meeting: Meeting):
    """Coordinators have held letters: none is written until they are released."""
    coming = replace(facts.situation, meetings=(meeting,))
    held = replace(coming, held=frozenset({"digest"}))
    assert letter(replace(facts, situation=coming), "2023-02-27 08:30") is not None
    assert letter(replace(facts, situation=held), "2023-02-27 08:30") is None


# ---------------------------------------------------------------- of what


def test_what_is_coming_and_what_was_filed(
    facts: DigestFacts,
    letter: Callable[..., Card | None],
    meeting: Meeting,
    digital: Meeting,
    when: When,
):
    """Coming meetings with place and deadline; files counted a meeting; released results."""
    held = replace(digital, publish_result=True)
    situation = replace(
        facts.situation,
        meetings=(meeting, replace(meeting, id="hold", hold=True), held),
        facts={held.id: MeetingFacts(links=Links(folder=f"{PAGE}/0913"))},
    )
    new, old = when("2023-09-14 10:00"), when("2023-09-01 10:00")
    card = letter(
        DigestFacts(
            situation=situation,
            filed=(
                Filed(meeting_id=held.id, at=new),
                Filed(meeting_id=held.id, at=new),
                Filed(meeting_id=held.id, at=new, recording=True),
                Filed(meeting_id=meeting.id, at=old),
                Filed(meeting_id="unknown", at=new),
            ),
            results=(
                Result(meeting_id=held.id, at=new, figures=FIVE),
                Result(meeting_id=meeting.id, at=new, figures=FIVE),
            ),
        ),
        "2023-09-18 08:30",
    )
    assert card is not None
    assert lines(card, "Nytt att ta del av") == ["Hållbar upphandling: 2 filer och inspelning"]
    assert lines(card, "Utvärderat") == ["Hållbar upphandling: nöjdhet 5,40, nytta 5,00 (5 svar)"]
    march = letter(replace(facts, situation=situation), "2023-02-27 08:30")
    assert march is not None
    (line, later) = march.sections[0].lines
    assert line.text == "ons 8 mars kl. 9.30: Natur i stadsplanering, Alingsås"
    assert line.note == "Gemensam träff · anmälan senast ons 1 mars"
    assert line.url == meeting.registration_link
    assert later.text == "ons 13 sep kl. 9.00: Hållbar upphandling, digitalt"


@pytest.mark.parametrize(
    ("registered", "link", "said"),
    [
        (Registered(members=12), "", "12 kommuner har anmält sig"),
        (Registered(members=1), "", "en kommun har anmält sig"),
        (Registered(members=12), "https://anmalan.exempel.se/", "12 kommuner har tackat ja"),
        (Registered(people=34, members=12), "https://anmalan.exempel.se/", "34 anmälda"),
        (Registered(people=0, members=2), "", "2 kommuner har anmält sig"),
        (Registered(), "", ""),
    ],
)
def test_how_many_are_coming(
    facts: DigestFacts,
    letter: Callable[..., Card | None],
    meeting: Meeting,
    registered: Registered,
    link: str,
    said: str,
):
    """The register's figure, else the municipalities that have accepted; unknown, nothing."""
    coming = replace(meeting, registration_link=link, register_by=None)
    situation = replace(facts.situation, meetings=(coming,))
    card = letter(
        replace(facts, situation=situation, registered={coming.id: registered}), "2023-03-06 08:30"
    )
    assert card is not None
    (line,) = card.sections[0].lines
    assert line.note.split(" · ")[1:] == ([said] if said else [])


def test_a_question_is_listed_from_five_workdays_to_thirty_days(
    facts: DigestFacts, letter: Callable[..., Card | None], when: When
):
    """Listed after five workdays, dropped after thirty days; alone it is news only once."""
    asked = message(when("2023-09-18 09:00"), "Hur inventerar ni fladdermöss?")
    other = shared(when("2023-10-18 09:00"), "https://a.exempel.se/")
    facts = replace(facts, messages=(asked,))
    heading = "Frågor som väntar på svar"
    card = letter(facts, "2023-09-25 08:30")
    assert card is not None
    assert lines(card, heading) == ["”Hur inventerar ni fladdermöss?” (7 dagar)"]
    already = {KEY.format(39): date(2023, 9, 25)}
    assert letter(facts, "2023-10-02 08:30", already=already) is None
    both = replace(facts, messages=(asked, other))
    late = letter(both, "2023-10-23 08:30", already=already)
    assert late is not None
    assert lines(late, heading) == []


def test_a_long_question_ends_at_a_word(
    facts: DigestFacts, letter: Callable[..., Card | None], when: When
):
    """Of a long question the first eighty characters are quoted, in whole words."""
    asked = message(when("2023-10-09 09:00"), "Hur gör ni med uppföljningen av målen? " * 5)
    card = letter(replace(facts, messages=(asked,)))
    assert card is not None
    (line,) = lines(card, "Frågor som väntar på svar")
    assert line == (
        "”Hur gör ni med uppföljningen av målen? Hur gör ni med uppföljningen av målen?…” "
        "(14 dagar)"
    )


def test_a_tip_names_who_shared_it_first(
    facts: DigestFacts, letter: Callable[..., Card | None], when: When
):
    """The name as Teams shows it, of the first of several who shared the page."""
    first = shared(
        when("2023-10-18 09:00"), "https://a.exempel.se/x", "Rapport", author_name="Eva Exempel"
    )
    again = shared(when("2023-10-19 09:00"), "https://a.exempel.se/x", author_name="Bo Exempel")
    card = letter(replace(facts, messages=(again, first)))
    assert card is not None
    assert lines(card, "Tips och länkar") == ["Rapport (a.exempel.se), från Eva Exempel"]


def test_tips_are_links_of_people_that_lead_outside(
    facts: DigestFacts, letter: Callable[..., Card | None], when: When
):
    """Each page once, with the message's title; nothing internal, insecure or by an app."""
    moment = when("2023-10-18 09:00")
    wrapped = (
        "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fc.exempel.se%2Fx&data=1"
    )
    messages = (
        shared(moment, "https://www.a.exempel.se/rapport/?utm_source=x", "Ny rapport"),
        shared(moment, "https://a.exempel.se/rapport", "Samma rapport"),
        shared(
            moment,
            "https://b.exempel.se/y",
            "https://b.exempel.se/y",
            text="Läs detta: https://b.exempel.se/y",
        ),
        shared(moment, wrapped, "c.exempel.se/x"),
        shared(moment, "http://d.exempel.se/", "Osäker"),
        shared(moment, "https://exempel.sharepoint.com/sites/x", "Intern fil"),
        shared(moment, "https://teams.microsoft.com/l/message/2", "Tråd"),
        shared(moment, "https://intranat.exempel.se/", "Intranät"),
        shared(moment, "https://10.0.0.1/", "Adress"),
        shared(moment, "https://e.exempel.se/", "Flöde", author=""),
        shared(moment, "https://[broken", "Trasig"),
    )
    card = letter(
        replace(facts, messages=messages, internal_hosts=frozenset({"Intranat.exempel.se"}))
    )
    assert card is not None
    assert lines(card, "Tips och länkar") == [
        "Ny rapport (a.exempel.se)",
        "Läs detta (b.exempel.se)",
        "c.exempel.se",
    ]


# ---------------------------------------------------------------- how much


def test_seven_lines_are_shown_and_the_rest_is_folded(
    facts: DigestFacts, letter: Callable[..., Card | None], meeting: Meeting, when: When
):
    """Each section shows a line, the first ones more; what is folded is counted."""
    start = when("2023-10-25 09:00")
    many = tuple(
        replace(meeting, id=f"uid-{n}", title=f"Träff {n}", start=start) for n in range(20)
    )
    tips = tuple(
        shared(when("2023-10-18 09:00"), f"https://a.exempel.se/{n}", f"Tips {n}") for n in range(9)
    )
    asked = tuple(message(when("2023-10-09 09:00"), f"Fråga {n}?") for n in range(4))
    situation = replace(facts.situation, meetings=many)
    card = letter(DigestFacts(situation=situation, messages=(*tips, *asked)))
    assert card is not None
    shown = [(one.heading, len(one.lines), len(one.folded), one.more) for one in card.sections]
    assert shown == [
        ("På gång", 3, 15, 2),
        ("Frågor som väntar på svar", 3, 1, 0),
        ("Tips och länkar", 1, 8, 0),
    ]
    assert card.more == "och {n} till"


def test_more_is_found_where_it_was_said(
    facts: DigestFacts, letter: Callable[..., Card | None], meeting: Meeting, when: When
):
    """Further questions and tips are in the channel; of meetings the network's page tells."""
    channel = "19%3Aalla%40thread.tacv2"
    whose = "groupId=team&tenantId=tenant"
    url = f"https://teams.microsoft.com/l/message/{channel}/1?{whose}&createdTime=1"
    start = when("2023-10-25 09:00")
    situation = replace(facts.situation, meetings=(replace(meeting, start=start),))
    asked = message(when("2023-10-09 09:00"), "Fråga?", url=url)

    def sources(*messages: SeenMessage) -> dict[str, str]:
        card = letter(replace(facts, situation=situation, messages=messages))
        assert card is not None
        return {one.heading: one.url for one in card.sections}

    assert sources(asked) == {
        "På gång": PAGE,
        "Frågor som väntar på svar": f"https://teams.microsoft.com/l/channel/{channel}/channel"
        f"?{whose}",
    }
    elsewhere = sources(replace(asked, url="https://[broken"))
    assert elsewhere["Frågor som väntar på svar"] == PAGE
