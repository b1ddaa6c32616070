"""The four figures of a year, on the published year 2023."""

import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

from service.domain.indicators import (
    indicators,
    response_rate,
    yearly_response_rate,
)
from service.domain.meeting import Form, Kind, Meeting, Status
from service.domain.network import FocusGroup, Member, Network

SEEDS = Path(__file__).parents[3] / "config" / "seeds"
FACTS = tomllib.loads((SEEDS / "2023.toml").read_text(encoding="utf-8"))
MEMBERS = tomllib.loads((SEEDS / "members-2023.toml").read_text(encoding="utf-8"))["members"]


def network() -> Network:
    return Network(
        id="k",
        name="K",
        language="sv",
        time_zone="Europe/Stockholm",
        country="SE",
        groups=tuple(FocusGroup(id=one["id"], name=one["name"]) for one in FACTS["focus_groups"]),
        mailbox="k@exempel.se",
        members=tuple(
            Member(
                code=one["code"],
                name=one["name"],
                domains=tuple(one["domains"]),
                via=one.get("via", ""),
            )
            for one in MEMBERS
        ),
        partners=(("slu.se", "SLU"),),
    )


def meeting(fact: dict[str, object]) -> Meeting:
    first = fact["start"]
    assert isinstance(first, date)
    last = fact.get("end", first)
    start = datetime(first.year, first.month, first.day, 8, tzinfo=UTC)
    physical = fact["form"] == "physical"
    counts = tuple(fact["participants"])  # type: ignore[arg-type]
    return Meeting(
        id=str(first),
        title=str(fact["title"]),
        groups=tuple(fact["groups"]),  # type: ignore[arg-type]
        form=Form.PHYSICAL if physical else Form.DIGITAL,
        kind=Kind.GATHERING if physical else Kind.MEETING,
        start=start,
        end=start + timedelta(hours=6),
        first_day=first,
        last_day=last,  # type: ignore[arg-type]
        place="",
        status=Status.HELD,
        day_counts=counts if physical else (),
        teams_count=None if physical else counts[0],
    )


HELD = tuple(meeting(fact) for fact in FACTS["meetings"])


def test_published_year() -> None:
    """18 activities, 17 meetings, 620 participants, 39 municipalities; tables add to 692."""
    year = indicators(HELD, network(), year=2023)
    assert (year.activities, len(year.meetings)) == (18, 17)
    assert (year.participants, year.grouped_participants, year.counted_again) == (620, 692, 72)
    assert [group.participants for group in year.groups] == [335, 347, 10]
    assert (year.municipalities, year.via_federation) == (39, 4)
    assert year.uncounted == ()
    assert year.satisfaction is None


def test_only_held_meetings_of_the_year_count() -> None:
    """A cancelled meeting, one to come, one of another year and a second sight count nowhere."""
    others = (
        replace(HELD[0], id="c", status=Status.CANCELLED),
        replace(HELD[0], id="i", status=Status.INVITED),
        replace(HELD[0], id="y", first_day=date(2022, 12, 31)),
        HELD[0],
    )
    assert indicators((*HELD, *others), network(), year=2023) == indicators(
        HELD, network(), year=2023
    )


def test_unknown_participants_are_named() -> None:
    """A meeting without a count adds nothing and is listed."""
    unknown = replace(HELD[0], teams_count=None)
    year = indicators((unknown,), network(), year=2023)
    assert (year.participants, year.uncounted) == (0, (unknown,))


def test_members_by_year() -> None:
    """A municipality counts in every year it was a member on any day of."""
    left = Member(code="1", name="A", domains=("a.se",), left=date(2022, 12, 31))
    late = Member(code="2", name="B", domains=("b.se",), joined=date(2023, 11, 1))
    own = replace(network(), members=(left, late))
    assert [one.name for one in indicators((), own, year=2023).members] == ["B"]


def test_response_rates() -> None:
    """Against the largest day, not the sum of days; unknown is not shown."""
    two_days = next(one for one in HELD if one.day_counts == (24, 17))
    assert response_rate(12, two_days) == Fraction(1, 2)
    assert response_rate(12, replace(two_days, day_counts=())) is None
    assert yearly_response_rate(63, None) is None
    assert yearly_response_rate(63, 420) == Fraction(3, 20)
