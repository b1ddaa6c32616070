"""What coordinators are told in their own channel, and when: the plan alone."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from service.domain.gaps import Reason, RecordingState, Row, Thing, Waiting
from service.domain.notice import (
    EXPIRY,
    SUMMARY,
    Filed,
    Links,
    Notice,
    NoticeFacts,
    Removed,
    Told,
    Unplaced,
    notice_rules_from,
    plan_notices,
)
from service.domain.period import at
from service.domain.post import key_in, parse_key
from service.render.cards import BUDGET, adaptive_card, size_as_sent
from tests.unit.effects.world import ZONE, network
from tests.unit.gaps.builders import HELD, ONLINE, parsed, row, words

GOLDEN = Path(__file__).parent / "golden"
SITE = "https://exempel.sharepoint.com/sites/natverket"
CHANNEL = "19:samordnare@thread.tacv2"
RULES = notice_rules_from(parsed("posts.toml"))
FRIDAY = date(2023, 3, 17)
EXPIRES = date(2023, 7, 6)  # a Thursday
SEEN = RecordingState(seen=True, expires=EXPIRES)
SKARA = replace(
    HELD,
    id="uid-0510",
    title="Dialog kring kommunernas hållbarhetsarbete",
    first_day=date(2023, 5, 10),
    last_day=date(2023, 5, 11),
)


def moment(day: date, clock: str = "09:00") -> datetime:
    return at(day, clock, ZONE)


def facts(*rows: Row, **other: object) -> NoticeFacts:
    plain = NoticeFacts(
        network=network(),
        channel=CHANNEL,
        links=Links(
            register=f"{SITE}/Lists/Moten",
            inbox=f"{SITE}/Samordning/Inkorg/Oplacerat",
            folders={HELD.id: f"{SITE}/Dokumentation/2023/2023-03-08 Natur i stadsplanering"},
        ),
        rows=rows,
    )
    return replace(plain, **other)  # type: ignore[arg-type]


def told(about: NoticeFacts, now: datetime, already: Iterable[str] = ()) -> tuple[Notice, ...]:
    return plan_notices(about, RULES, dict.fromkeys(already), now=now, words=words())


def kinds(notices: Iterable[Notice]) -> list[str]:
    return [notice.post.kind for notice in notices]


def read(notice: Notice) -> str:
    """Everything a card says."""
    return adaptive_card(notice.post.card, key=notice.post.key).decode()


# ---------------------------------------------------------------- when


@pytest.mark.parametrize(
    ("day", "clock", "is_due"),
    [
        (FRIDAY, "08:59", False),
        (FRIDAY, "09:00", True),
        (FRIDAY, "16:30", True),
        (FRIDAY - timedelta(days=1), "12:00", False),
        (FRIDAY + timedelta(days=1), "12:00", False),
    ],
)
def test_on_fridays_from_nine(day: date, clock: str, is_due: bool) -> None:
    """Local time; a run that comes late that day still tells, one on Saturday does not."""
    assert (kinds(told(facts(row()), moment(day, clock))) == [SUMMARY]) is is_due


def test_on_a_holiday_the_workday_before() -> None:
    """Good Friday 2023: Maundy Thursday instead, and nothing on Friday itself."""
    easter = replace(network(), holidays=frozenset({date(2023, 4, 7)}))
    about = facts(row(today=date(2023, 4, 6)), network=easter)

    assert kinds(told(about, moment(date(2023, 4, 6)))) == [SUMMARY]
    assert told(about, moment(date(2023, 4, 7))) == ()


def test_once_a_week() -> None:
    """The key holds the week: what was told is not told again."""
    about = facts(row())
    (first,) = told(about, moment(FRIDAY))
    key = parse_key(first.post.key)

    assert key is not None
    assert (key.channel, key.kind, key.occurrence) == (CHANNEL, SUMMARY, "2023-W11")
    assert told(about, moment(FRIDAY, "11:00"), [first.post.key]) == ()


def test_nothing_to_say_no_card() -> None:
    """A meeting that has everything, and nothing filed since."""
    everything = replace(HELD, teams_count=3, expects_survey=False)
    assert told(facts(row(everything, programmes=1, materials=2)), moment(FRIDAY)) == ()


def test_nothing_new_no_card() -> None:
    """What the last card said is not said again the week after, but after four weeks it is."""
    about = facts(row())
    (first,) = told(about, moment(FRIDAY))
    last = Told(at=moment(FRIDAY), says=first.says)

    for weeks, is_told in ((1, False), (3, False), (4, True)):
        later = FRIDAY + timedelta(weeks=weeks)
        again = facts(row(today=later), told=(last,))
        assert bool(told(again, moment(later))) is is_told


def test_less_missing_is_no_news() -> None:
    """A count was typed since: what is still missing was told already."""
    (first,) = told(facts(row()), moment(FRIDAY))
    last = Told(at=moment(FRIDAY), says=first.says)
    later = FRIDAY + timedelta(weeks=1)
    counted = row(replace(HELD, teams_count=30), today=later)

    assert told(facts(counted, told=(last,)), moment(later)) == ()


def test_something_new_tells_everything() -> None:
    """One new lack is reason enough; the card then shows what still stands, too."""
    (first,) = told(facts(row()), moment(FRIDAY))
    last = Told(at=moment(FRIDAY), says=first.says)
    later = FRIDAY + timedelta(weeks=10)
    both = [row(HELD, today=later), row(SKARA, today=later)]
    (second,) = told(facts(*both, told=(last,)), moment(later))

    assert "Skara" not in read(first)
    assert "Dialog kring" in read(second)
    assert "Natur i stadsplanering" in read(second)


def test_what_long_ago_meetings_lack_is_left_to_the_register() -> None:
    """After ninety days a card does not nag about it any more."""
    later = date(2023, 6, 9)
    assert told(facts(row(today=later)), moment(later)) == ()


# ---------------------------------------------------------------- what


def test_filed_since_the_last_card() -> None:
    """Counted by meeting; what the last card was late enough to tell of is not told again."""
    whole = replace(HELD, teams_count=3, expects_survey=False)
    since = moment(FRIDAY - timedelta(days=7))
    news = [
        Filed(meeting=whole, at=since + timedelta(hours=1)),
        Filed(meeting=whole, at=since + timedelta(hours=2)),
        Filed(meeting=whole, at=since + timedelta(hours=3), recording=True),
        Filed(meeting=whole, at=since - timedelta(hours=1)),
    ]
    about = facts(row(whole, programmes=1, materials=3), filed=tuple(news))
    (card,) = told(replace(about, told=(Told(at=since, says=frozenset()),)), moment(FRIDAY))

    assert "2 filer och inspelning" in read(card)
    assert "8 mars Natur i stadsplanering" in read(card)


def test_a_removed_file_is_told_of_once() -> None:
    """What a person did stands: one card says how to undo it, the next is silent."""
    whole = replace(HELD, teams_count=3, expects_survey=False)
    about = facts(
        row(whole, programmes=1, materials=2),
        removed=(Removed(key="file/uid-0308/event/a1", name="Agenda.docx", meeting=whole),),
    )
    (card,) = told(about, moment(FRIDAY))
    said = (Told(at=moment(FRIDAY), says=card.says), Told(at=moment(FRIDAY), says=frozenset()))

    assert "natverket file --again" in read(card)
    assert told(replace(about, told=said), moment(FRIDAY + timedelta(weeks=5))) == ()


def test_what_cannot_be_had_is_told_of_once() -> None:
    """Nobody reading it can change that, so it is said and then left."""
    whole = replace(ONLINE, teams_count=3)
    about = facts(row(whole, materials=1, recording=RecordingState(reason=Reason.NO_ACCESS)))
    (card,) = told(about, moment(FRIDAY))
    said = Told(at=moment(FRIDAY), says=card.says)

    assert "får inte läsa organisatörens möten" in read(card)
    assert told(replace(about, told=(said,)), moment(FRIDAY + timedelta(weeks=5))) == ()


def crowded() -> NoticeFacts:
    """A Friday on which everything needs somebody at once."""
    meetings = [
        replace(HELD, id=f"uid-{number}", title=f"Träff nummer {number}") for number in range(30)
    ]
    waiting = Waiting(
        key="file/uid-0308/event/a1",
        thing=Thing.MATERIALS,
        name="Agenda.docx",
        reason=Reason.LOCKED,
        again=None,
    )
    expiring = replace(ONLINE, id="uid-rec", title="Hållbar upphandling", teams_count=52)
    state = replace(SEEN, expires=FRIDAY + timedelta(days=12), reason=Reason.DOWNLOAD_BLOCKED)
    two_days = replace(SKARA, first_day=date(2023, 3, 7), last_day=date(2023, 3, 8))
    two_days = replace(two_days, day_counts=(24,), expects_survey=False)
    rows = [
        *(row(one, materials=1) for one in meetings),
        row(replace(HELD, teams_count=3), programmes=1, materials=2, answers=9, waiting=(waiting,)),
        row(expiring, materials=3, recording=state),
        row(two_days, materials=5),
    ]
    candidates = tuple(
        replace(HELD, first_day=day, last_day=day)
        for day in (date(2023, 9, 13), date(2023, 10, 26))
    )
    return facts(
        *rows,
        unplaced=(
            Unplaced(id="u1", name="presentation_v3.pptx", candidates=candidates),
            Unplaced(id="u2", name="IMG_2231.jpg", candidates=()),
        ),
        removed=(Removed(key="k", name="Deltagarlista.xlsx", meeting=HELD),),
        filed=tuple(
            Filed(meeting=one, at=moment(FRIDAY, "08:00")) for one in (*meetings[:3], expiring)
        ),
    )


def test_a_crowded_week() -> None:
    """The most urgent first, seven lines in all, the rest counted and linked; as it was drawn."""
    (notice,) = [one for one in told(crowded(), moment(FRIDAY)) if one.post.kind == SUMMARY]
    sections = notice.post.card.sections
    drawn = json.dumps(json.loads(read(notice)), ensure_ascii=False, indent=2) + "\n"

    assert sum(len(section.lines) for section in sections) == 7
    assert [section.heading for section in sections][:2] == ["Raderas snart", "Saknas"]
    assert all(section.url for section in sections if section.more)
    assert drawn == (GOLDEN / "summary.json").read_text(encoding="utf-8")


def test_however_much_there_is_it_fits() -> None:
    """Seven lines keep a card small; its size as sent stays far below what Teams refuses."""
    (notice,) = [one for one in told(crowded(), moment(FRIDAY)) if one.post.kind == SUMMARY]
    assert size_as_sent(read(notice)) < BUDGET / 2


# ---------------------------------------------------------------- what will be lost


def expiring(today: date, **other: object) -> NoticeFacts:
    state = replace(SEEN, **other)  # type: ignore[arg-type]
    whole = replace(ONLINE, teams_count=3)
    return facts(row(whole, today=today, materials=1, recording=state))


def test_at_once_and_once_more() -> None:
    """On the first workday within fourteen days, and again three days before; never more."""
    days = [date(2023, 6, 19) + timedelta(days=n) for n in range(20)]
    already: list[str] = []
    seen = []
    for day in days:
        for clock in ("08:00", "08:30", "15:00"):
            for notice in told(expiring(day), moment(day, clock), already):
                if notice.post.kind == EXPIRY:
                    already.append(notice.post.key)
                    seen.append((day, clock))
    assert seen == [(date(2023, 6, 22), "08:00"), (date(2023, 7, 3), "08:00")]


def test_late_it_is_told_once() -> None:
    """A recording first seen two days before its end gets the last call alone."""
    day = EXPIRES - timedelta(days=2)
    (notice,) = told(expiring(day), moment(day))
    assert notice.post.key.endswith("last")
    assert notice.post.useful_until == moment(EXPIRES, "00:00")


def test_before_a_weekend_rather_than_after() -> None:
    """Three days before falls on a Saturday: told on Friday, while there is time."""
    monday_after = date(2023, 7, 11)  # three days before: Saturday the 8th
    day = date(2023, 7, 7)
    notices = told(expiring(day, expires=monday_after), moment(day))
    assert [n.post.key.endswith("last") for n in notices if n.post.kind == EXPIRY] == [True]


def test_on_weekends_nobody_is_told() -> None:
    """The day begins on Monday."""
    assert told(expiring(date(2023, 7, 1)), moment(date(2023, 7, 1))) == ()


def test_what_is_filed_or_refused_is_not_told_of() -> None:
    """A recording in place, or one that the coordinator does not want, is nobody's alarm."""
    day = date(2023, 6, 28)
    counted = replace(ONLINE, teams_count=1)
    filed = row(counted, today=day, materials=1, recordings=1, captions=1, recording=SEEN)
    unwanted = replace(counted, expects_recording=False)
    refused = row(unwanted, today=day, materials=1, recording=SEEN)
    assert told(facts(filed, refused), moment(day)) == ()


def test_the_card_of_a_recording() -> None:
    """What, when, why, and what to do; the key is in its button."""
    day = date(2023, 6, 22)
    (notice,) = told(expiring(day, reason=Reason.DOWNLOAD_BLOCKED), moment(day))
    drawn = json.dumps(json.loads(read(notice)), ensure_ascii=False, indent=2) + "\n"

    assert key_in(json.loads(drawn)["actions"][0]["url"]) == notice.post.key
    assert drawn == (GOLDEN / "expiry.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["sv", "nb", "en"])
def test_in_every_language(language: str) -> None:
    """Both cards can be said; nothing is left to fill in."""
    for day, about in ((FRIDAY, crowded()), (date(2023, 6, 22), expiring(date(2023, 6, 22)))):
        notices = plan_notices(about, RULES, {}, now=moment(day), words=words(language))
        assert notices
        for notice in notices:
            assert "{" not in notice.post.card.text + notice.post.card.title
            assert json.loads(read(notice))["lang"] == language


def test_a_title_is_no_markup() -> None:
    """What an organiser writes shows as it is: no links, no bold, no functions."""
    evil = replace(HELD, title="*Gratis* [klicka](https://x.example) {{DATE(2023)}}")
    (notice,) = told(facts(row(evil)), moment(FRIDAY))
    assert r"\\*Gratis\\* \\[klicka\\]" in read(notice)
    assert "{{" not in read(notice)
