"""
A card of every kind that is posted, in each language: for the judges, and for `docs/cards`.

What people have written is in `people`; all else is said by the product.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

from service.domain.digest import (
    DigestFacts,
    Filed,
    Registered,
    Result,
    digest_rules_from,
    plan_digest,
)
from service.domain.expected import expectations_from, row_of
from service.domain.gaps import Held, Reason, RecordingState
from service.domain.indicators import response_rate
from service.domain.meeting import Form, Kind, Meeting, Status
from service.domain.network import FocusGroup, Network
from service.domain.notice import Evaluated, NoticeFacts, Unplaced, notice_rules_from, plan_notices
from service.domain.notice import Links as NoticeLinks
from service.domain.period import at
from service.domain.post import Card, Line, Post, Section
from service.domain.reminder import (
    Links,
    MeetingFacts,
    PlanFacts,
    Policy,
    PostKind,
    Previous,
    Situation,
    YearlyFacts,
    outlook,
    policy_from,
)
from service.domain.survey.figures import rated
from service.domain.survey.publication import Why, standing
from service.domain.survey.responses import Meaning, Question, Response
from service.domain.survey.rules import USUAL
from service.observe import SeenLink, SeenMessage
from service.render.texts import Texts, texts_from
from tests.unit.cards.people import PAGE, Written
from tests.unit.posts.given_results import told

CONFIG = Path(__file__).parents[3] / "config"
ZONE = "Europe/Stockholm"
FOLDER = f"{PAGE}/Dokumentation/2023/2023-05-10"
RESULT = (
    told("satisfaction", 0, 0, 0, 4, 9, 15),
    told("usefulness", 0, 0, 3, 5, 8, 12),
)
REGISTER = "https://forms.office.com/e/Anmalan0510"


@cache
def parsed(name: str) -> dict[str, object]:
    return tomllib.loads((CONFIG / name).read_text(encoding="utf-8"))


@cache
def words(language: str) -> Texts:
    return texts_from(parsed(f"texts/{language}.toml"), language=language, time_zone=ZONE)


def local(text: str) -> datetime:
    """A local time such as "2023-03-08 09:30" as UTC."""
    day, clock = text.split()
    return at(date.fromisoformat(day), clock, ZONE).astimezone(UTC)


def network(by: Written) -> Network:
    return Network(
        id="kommunnatverket",
        name=by.network,
        language=by.language,
        time_zone=ZONE,
        country="SE",
        groups=(
            FocusGroup(id="miljostrategi", name=by.groups[0]),
            FocusGroup(id="naturvard", name=by.groups[1]),
        ),
        mailbox="natverk@exempel.se",
    )


def gathering(by: Written) -> Meeting:
    """Two days in spring, with a fee."""
    return Meeting(
        id="040000008200E00074C5B7101A82E00800000000F0A1D2C3B4E5D90100000000000000001000000",
        title=by.titles[0],
        groups=("miljostrategi",),
        form=Form.PHYSICAL,
        kind=Kind.GATHERING,
        start=local("2023-05-10 09:30"),
        end=local("2023-05-11 15:00"),
        first_day=date(2023, 5, 10),
        last_day=date(2023, 5, 11),
        place=by.places[0],
        status=Status.INVITED,
        event_id="event-0510",
        registration_link=REGISTER,
        register_by=date(2023, 4, 28),
        questions_by=date(2023, 4, 20),
        terms=by.terms,
        survey_link="https://forms.office.com/e/Utvardering0510",
        publish_result=True,
        day_counts=(24, 17),
    )


def digital(by: Written) -> Meeting:
    """Two hours in autumn, with a link to join."""
    return replace(
        gathering(by),
        id="uid-0913",
        title=by.titles[1],
        form=Form.DIGITAL,
        kind=Kind.MEETING,
        start=local("2023-09-13 09:00"),
        end=local("2023-09-13 11:00"),
        first_day=date(2023, 9, 13),
        last_day=date(2023, 9, 13),
        place="",
        join_url="https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0",
        register_by=date(2023, 9, 6),
        questions_by=None,
        terms="",
        day_counts=(),
    )


# ---------------------------------------------------------------- reminders


def reminders(by: Written) -> Iterator[Post]:
    """The first of every kind that a year has, with the caps out of the way."""
    found: dict[str, Post] = {}
    for meeting, facts in _told(by):
        situation = Situation(
            network=network(by),
            page=PAGE,
            meetings=(meeting,),
            facts={meeting.id: facts},
            yearly=YearlyFacts(
                year=2023,
                opens=date(2023, 5, 2),
                closes=date(2023, 5, 16),
                link="https://forms.office.com/e/Arsenkat2023",
                answers=23,
            ),
            plans=(
                PlanFacts(
                    year=2023, published=local("2023-04-12 10:00"), meetings=17, link=f"{PAGE}/Plan"
                ),
            ),
        )
        window = (local("2023-03-30 00:00"), local("2023-10-10 00:00"))
        for one in outlook(situation, _uncapped(), {}, window=window, words=words(by.language)):
            if isinstance(one, Post):
                found.setdefault(one.kind, one)
    yield from (found[kind] for kind in PostKind)


def _uncapped() -> Policy:
    policy = policy_from(parsed("posts.toml"))
    limits = replace(policy.limits, max_per_meeting=99, max_per_channel_week=99)
    rules = tuple(replace(rule, enabled=True) for rule in policy.rules)
    return replace(policy, rules=rules, limits=limits)


def _told(by: Written) -> Iterator[tuple[Meeting, MeetingFacts]]:
    meeting, online = gathering(by), digital(by)
    seen = local("2023-04-12 10:00")
    before = Previous(
        seen=seen,
        start=local("2023-05-03 09:30"),
        end=local("2023-05-04 15:00"),
        place=by.places[1],
    )
    plain = MeetingFacts(
        registration_seen=local("2023-03-30 10:00"),
        materials=4,
        recording=True,
        answers=6,
        result=RESULT,
        links=Links(folder=FOLDER, result=f"{FOLDER}/Utvardering.xlsx"),
    )
    yield online, replace(plain, registration_seen=local("2023-08-15 10:00"), answers=0)
    yield meeting, plain
    yield meeting, replace(plain, previous=before)
    gone = replace(meeting, status=Status.CANCELLED)
    yield gone, replace(plain, previous=before, cancelled_seen=local("2023-05-05 10:00"))


# ---------------------------------------------------------------- letters and notices


def letter(by: Written, *, meetings: int = 3, questions: int = 2) -> Post:
    """The weekly letter of week 43, with so much in it."""
    rules = digest_rules_from(parsed("posts.toml"), policy_from(parsed("posts.toml")).limits)
    facts = digest_facts(by, meetings=meetings, questions=questions)
    now = local("2023-10-23 08:30")
    found = plan_digest(facts, rules, {}, now=now, words=words(by.language))
    assert found is not None
    return found


def digest_facts(by: Written, *, meetings: int, questions: int) -> DigestFacts:
    held = replace(digital(by), id="uid-1003", start=local("2023-10-03 09:00"))
    held = replace(held, first_day=date(2023, 10, 3), last_day=date(2023, 10, 3))
    coming = [_coming(by, number) for number in range(meetings)]
    moment = local("2023-10-18 10:00")
    tips = [
        SeenLink(title=title, url=f"https://{host}/{number}")
        for number, (title, host) in enumerate(
            zip(by.tips, ("www.exempel.se", "webb.exempel.org"), strict=True)
        )
    ]
    return DigestFacts(
        situation=Situation(
            network=network(by),
            page=PAGE,
            meetings=(*coming, held),
            facts={held.id: MeetingFacts(links=Links(folder=FOLDER))},
        ),
        registered={one.id: Registered(members=12) for one in coming[:1]},
        filed=(
            *(Filed(meeting_id=held.id, at=moment) for _ in range(5)),
            Filed(meeting_id=held.id, at=moment, recording=True),
        ),
        results=(Result(meeting_id=held.id, at=moment, figures=RESULT),),
        messages=(
            *(
                _said(number, by.questions[number % 2], moment - timedelta(days=6))
                for number in range(questions)
            ),
            *(_said(500 + number, "", moment, tip) for number, tip in enumerate(tips)),
        ),
    )


def _coming(by: Written, number: int) -> Meeting:
    day = date(2023, 10, 26) + timedelta(weeks=2 * number)
    return replace(
        gathering(by),
        id=f"uid-coming-{number}",
        title=by.titles[2 + number % 2],
        groups=("miljostrategi", "naturvard")[number % 2 : number % 2 + 1],
        place=by.places[1 + number % 2],
        start=at(day, "09:30", ZONE),
        end=at(day, "15:30", ZONE),
        first_day=day,
        last_day=day,
        register_by=day - timedelta(days=2),
        questions_by=None,
    )


def _said(number: int, text: str, moment: datetime, *links: SeenLink) -> SeenMessage:
    return SeenMessage(
        id=str(number),
        created=moment,
        author="person-1",
        author_name="Anna Påhittsson",
        text=text,
        links=links,
        replies=(),
        url=f"https://teams.microsoft.com/l/message/19%3akanal%40thread.tacv2/{number}",
    )


def notices(by: Written) -> Iterator[Post]:
    """What coordinators are told: the summary, a recording about to go, a result."""
    held = replace(digital(by), status=Status.HELD, teams_count=31)
    counted = replace(gathering(by), status=Status.HELD, survey_link="")
    expires = RecordingState(seen=True, expires=date(2023, 9, 29), reason=Reason.DOWNLOAD_BLOCKED)
    rules, friday = expectations_from(parsed("register.toml")), date(2023, 9, 22)
    rated = replace(held, publish_result=False, teams_count=44)
    still_open = replace(counted, publish_result=False, day_counts=(41, 38))
    facts = NoticeFacts(
        network=network(by),
        channel="19:samordnare@thread.tacv2",
        links=NoticeLinks(
            register=f"{PAGE}/Lists/Moten",
            inbox=f"{PAGE}/Samordning/Inkorg/Oplacerat",
            folders={held.id: FOLDER},
        ),
        rows=(
            row_of(replace(counted, first_day=date(2023, 9, 6), last_day=date(2023, 9, 7)),
                   Held(materials=3), rules, today=friday),
            row_of(held, Held(materials=3, recording=expires), rules, today=friday),
        ),
        unplaced=(
            Unplaced(id="u1", name="presentation_v3.pptx", candidates=(counted, held)),
            Unplaced(id="u2", name="IMG_2231.jpg", candidates=()),
        ),
        evaluated=(
            evaluated(rated, local("2023-09-21 00:00")),
            evaluated(still_open, local("2023-09-26 00:00")),
        ),
    )  # fmt: skip
    now = at(friday, "09:00", ZONE)
    told = plan_notices(
        facts, notice_rules_from(parsed("posts.toml")), {}, now=now, words=words(by.language)
    )
    yield from (notice.post for notice in told)


def evaluated(meeting: Meeting, closes: datetime) -> Evaluated:
    """Twenty-eight have answered the first question, four of them the second."""
    pleased = Question(key="s", text="s", position=1, meaning=Meaning.SATISFACTION)
    useful = Question(key="u", text="u", position=2, meaning=Meaning.USEFULNESS)
    points = [*[4] * 2, *[5] * 10, *[6] * 16]
    answers = [
        {"s": str(point), **({"u": "5"} if place < 4 else {})} for place, point in enumerate(points)
    ]
    responses = [
        Response(id=str(place), submitted=None, answers=each) for place, each in enumerate(answers)
    ]
    return Evaluated(
        meeting=replace(meeting, invited_count=60),
        closes=closes,
        n=28,
        rate=response_rate(28, meeting),
        standing=standing(rated((pleased, useful), responses), (), USUAL, gate=Why.UNRELEASED),
        own_words=7,
        workbook=f"{PAGE}/Samordning/Underlag/2023/Utvardering.xlsx",
    )


def series(by: Written) -> Post:
    """A tip of the calendar, with its picture."""
    due = local("2023-12-04 07:30")
    return Post(
        key="v1/kommunnatverket/common/klimatkalender/series/2023-12-04",
        kind="series",
        channel="common",
        meeting_id=None,
        due=due,
        useful_until=due + timedelta(hours=12),
        card=by.tip,
    )


def every(by: Written) -> tuple[Post, ...]:
    """One of each kind."""
    return (*reminders(by), letter(by), *notices(by), series(by))


def crowded(by: Written) -> Card:
    """A letter that nobody has limited: twenty meetings and a hundred questions, all listed."""
    said = words(by.language).say
    meetings = tuple(
        Line(text=by.titles[number % 4], url=f"{FOLDER}/{number}", note=by.places[number % 3])
        for number in range(20)
    )
    asked = tuple(
        Line(text=by.questions[number % 2][:255], url=f"{PAGE}/{number}") for number in range(100)
    )
    sections = (
        Section(heading=said("digest.coming"), lines=meetings[:5], folded=meetings[5:]),
        Section(heading=said("digest.questions"), lines=asked[:5], folded=asked[5:]),
    )
    return replace(letter(by).card, sections=sections)
