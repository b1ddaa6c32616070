"""The coordinators' card of an evaluation that has closed, and what Fridays' summary says."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction

from service.domain.meeting import Status
from service.domain.notice import RESULT, Evaluated, Notice, plan_notices
from service.domain.period import at, end_of
from service.domain.survey.figures import rated
from service.domain.survey.publication import Why, standing
from service.domain.survey.responses import Meaning, Question, Response
from service.domain.survey.rules import USUAL
from tests.unit.effects.world import ZONE
from tests.unit.gaps.builders import HELD, words
from tests.unit.gaps.test_notices import FRIDAY, RULES, facts

CLOSES = end_of(date(2023, 3, 15), ZONE)  # a Wednesday
WORKBOOK = "https://exempel.sharepoint.com/sites/natverket/Samordning/x.xlsx"
QUESTIONS = tuple(
    Question(key=meaning, text=meaning, position=place, meaning=meaning)
    for place, meaning in enumerate((Meaning.SATISFACTION, Meaning.USEFULNESS))
)


def evaluated(n: int = 12, *, gate: Why | None = Why.UNRELEASED, **other: object) -> Evaluated:
    responses = tuple(
        Response(
            id=str(who), submitted=None, answers={"satisfaction": "5" if who % 2 else "6",
                                                  **({"usefulness": "4"} if who < 4 else {})},
        )
        for who in range(n)
    )  # fmt: skip
    plain = Evaluated(
        meeting=replace(HELD, day_counts=(24,), invited_count=80),
        closes=CLOSES,
        n=n,
        rate=Fraction(n, 24),
        standing=standing(rated(QUESTIONS, responses), (), USUAL, gate=gate),
        own_words=3,
        workbook=WORKBOOK,
    )
    return replace(plain, **other)  # type: ignore[arg-type]


def told(one: Evaluated, now: datetime, already: tuple[str, ...] = ()) -> list[Notice]:
    found = plan_notices(
        facts(evaluated=(one,)),
        RULES,
        {key: now.date() for key in already},
        now=now,
        words=words(),
    )
    return [notice for notice in found if notice.post.kind == RESULT]


def test_the_card() -> None:
    """Everything that there is, what of it members do not see and why; free text is linked."""
    [notice] = told(evaluated(), at(date(2023, 3, 16), "08:00", ZONE))
    card = notice.post.card

    assert card.title == "Resultat: Natur i stadsplanering"
    assert card.text.split("\n\n") == [
        "12 svar, 50 % av de 24 som var med den dag då flest kom. Inbjudna: 80. "
        "3 har skrivit med egna ord. Det står i arbetsboken, inte här.",
        "Kryssa i Publicera resultat i Möten, så visas resultatet i kanalen.",
    ]
    pleased, useful, hidden = card.sections
    assert (pleased.heading, useful.heading) == ("Nöjdhet 5,50 (12 svar)", "Nytta 4,00 (4 svar)")
    assert [line.text for line in pleased.lines[:3]] == [
        "6 ▇▇▇▇▇▇▇▇▇▇▇▇ 6",
        "5 ▇▇▇▇▇▇▇▇▇▇▇▇ 6",
        "4 ▏ 0",
    ]
    assert [line.text for line in hidden.lines] == [
        "Nytta: 4 svar, och minst 5 behövs",
        "Egna ord och övriga frågor",
    ]
    assert card.buttons[1].url == WORKBOOK


def test_on_the_workday_after_once() -> None:
    """Not before it has closed, not on a Saturday, not twice, and not weeks later."""
    thursday = at(date(2023, 3, 16), "08:00", ZONE)
    assert told(evaluated(), thursday - timedelta(minutes=1)) == []
    assert told(evaluated(), CLOSES - timedelta(hours=8)) == []
    on_friday = evaluated(closes=end_of(FRIDAY, ZONE))
    assert told(on_friday, at(FRIDAY + timedelta(days=1), "09:00", ZONE)) == []
    [notice] = told(on_friday, at(FRIDAY + timedelta(days=3), "09:00", ZONE))
    assert notice.post.due == at(FRIDAY + timedelta(days=3), "08:00", ZONE)
    assert told(on_friday, notice.post.due, already=(notice.post.key,)) == []
    assert told(evaluated(), CLOSES + timedelta(days=15)) == []


def test_nobody_has_answered() -> None:
    """Then there is no result; that an evaluation is missing is told elsewhere."""
    assert told(evaluated(0), at(date(2023, 3, 16), "09:00", ZONE)) == []


def test_what_comes_of_the_tick() -> None:
    """Ticked already; or nothing to show, however much it is ticked."""
    now = at(date(2023, 3, 16), "09:00", ZONE)
    ticked = evaluated(gate=None)
    [notice] = told(replace(ticked, meeting=replace(ticked.meeting, publish_result=True)), now)
    assert "är ikryssat i Möten" in notice.post.card.text
    [few] = told(evaluated(4), now)
    assert few.post.card.text.endswith("För få har svarat för att något ska kunna visas i kanalen.")


def test_the_summary_tells_of_open_ones_and_of_those_that_wait() -> None:
    """So far, and until when; once closed, that a tick is missing, and then no more."""
    friday = at(FRIDAY, "09:00", ZONE)

    def lines(one: Evaluated) -> list[tuple[str, str]]:
        found = plan_notices(facts(evaluated=(one,)), RULES, {}, now=friday, words=words())
        return [
            (line.text, line.note)
            for notice in found
            if notice.post.kind == "summary"
            for part in notice.post.card.sections
            if part.heading == "Utvärderingar"
            for line in part.lines
        ]

    head = "8 mars Natur i stadsplanering"
    still = evaluated(gate=Why.OPEN, closes=end_of(FRIDAY, ZONE))
    assert lines(still) == [
        (
            head,
            "12 svar hittills (50 %). Stänger fredag 17 mars. Just nu: nöjdhet 5,50, nytta 4,00.",
        )
    ]
    assert lines(evaluated()) == [
        (head, "Nöjdhet 5,50, nytta 4,00. Visas i kanalen när Publicera resultat är ikryssat.")
    ]
    assert lines(evaluated(gate=None)) == []
    coming = replace(still, meeting=replace(still.meeting, status=Status.INVITED))
    assert lines(coming) == []
