"""Local days, workdays, pauses and quiet hours."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.period import (
    QuietHours,
    add_workdays,
    at,
    end_of,
    in_pause,
    is_workday,
    iso_week,
    local_day,
    monday_of,
    parse_clock,
    parse_pause,
    workday_on_or_after,
    workday_on_or_before,
    year_of,
)

ZONE = "Europe/Stockholm"
QUIET = QuietHours(time(17), time(8))
days = st.dates(date(2000, 1, 1), date(2040, 12, 31))
holidays = st.frozensets(days, max_size=5)
moments = st.datetimes(datetime(2000, 1, 2), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
clocks = st.times().map(lambda one: one.isoformat("minutes"))
zones = st.sampled_from([ZONE, "Europe/Oslo", "Europe/London", "America/New_York"])


@given(days, clocks, zones)
def test_at_shows_the_wanted_time_unless_the_clocks_skip_it(day: date, clock: str, zone: str):
    """The clocks there show the wanted time on the day, but in a skipped hour a later one."""
    shown = at(day, clock, zone).astimezone(ZoneInfo(zone))
    wanted = datetime.combine(day, parse_clock(clock), tzinfo=ZoneInfo(zone))
    assert shown.replace(tzinfo=None) >= wanted.replace(tzinfo=None)
    skipped = wanted.astimezone(UTC).astimezone(ZoneInfo(zone)).time() != wanted.time()
    assert skipped or (shown.date(), shown.time()) == (day, wanted.time())


@given(days, zones)
def test_a_day_is_23_to_25_hours_and_ends_where_the_next_begins(day: date, zone: str):
    """A local day has 23, 24 or 25 hours and all of them are of that day."""
    start, end = at(day, "00:00", zone), end_of(day, zone)
    assert end - start in {timedelta(hours=hours) for hours in (23, 24, 25)}
    assert local_day(start, zone) == day
    assert local_day(end - timedelta(seconds=1), zone) == day


def test_both_changes_of_2023():
    """Half past eight is 07:30Z before the spring change and after the autumn one, else 06:30Z."""
    hours = [
        at(date.fromisoformat(day), "08:30", ZONE).hour
        for day in ("2023-03-25", "2023-03-26", "2023-10-28", "2023-10-29")
    ]
    assert hours == [7, 6, 6, 7]
    assert at(date(2023, 3, 26), "02:30", ZONE) == datetime(2023, 3, 26, 1, 30, tzinfo=UTC)
    assert at(date(2023, 10, 29), "02:30", ZONE) == datetime(2023, 10, 29, 0, 30, tzinfo=UTC)


@given(days, holidays)
def test_the_nearest_workdays_enclose_the_day(day: date, closed: frozenset[date]):
    """The nearest workdays are workdays, on the right side, and there is none in between."""
    before, after = workday_on_or_before(day, closed), workday_on_or_after(day, closed)
    assert is_workday(before, closed)
    assert is_workday(after, closed)
    assert before <= day <= after
    between = (before + timedelta(days=one) for one in range(1, (after - before).days))
    assert not any(is_workday(one, closed) for one in between)


@given(days, st.integers(-60, 60), holidays)
def test_workdays_added_can_be_counted(day: date, count: int, closed: frozenset[date]):
    """Between a day and the one `count` workdays away there are `count` workdays."""
    there = add_workdays(day, count, closed)
    step = 1 if count >= 0 else -1
    passed = [day + timedelta(days=step * n) for n in range(1, abs((there - day).days) + 1)]
    assert sum(is_workday(one, closed) for one in passed) == abs(count)
    assert count == 0 or is_workday(there, closed)


@pytest.mark.parametrize(
    ("day", "inside"),
    [
        ("2023-06-23", False),
        ("2023-06-24", True),
        ("2023-08-10", True),
        ("2023-08-11", False),
        ("2023-12-21", False),
        ("2023-12-22", True),
        ("2023-12-31", True),
        ("2024-01-06", True),
        ("2024-01-07", False),
    ],
)
def test_pauses_hold_both_ends_and_wrap_the_year(day: str, inside: bool):
    """A pause covers its first and last day, also round New Year."""
    pauses = [parse_pause("06-24/08-10"), parse_pause("12-22/01-06")]
    assert in_pause(date.fromisoformat(day), pauses) is inside


@given(moments)
def test_quiet_hours_end_at_eight(moment: datetime):
    """Outside quiet hours a moment is left; inside, the next 08:00 is less than 16 hours away."""
    later = QUIET.over_after(moment, ZONE)
    assert not QUIET.cover(later, ZONE)
    if QUIET.cover(moment, ZONE):
        assert later.astimezone(ZoneInfo(ZONE)).time() == time(8)
        assert timedelta() < later - moment <= timedelta(hours=16)
    else:
        assert later == moment


def test_weeks_belong_to_the_year_of_their_thursday():
    """1 January 2023 is in the last week of 2022; Mondays begin weeks."""
    assert iso_week(date(2023, 1, 1)) == "2022-W52"
    assert iso_week(date(2023, 10, 26)) == "2023-W43"
    assert monday_of(date(2023, 10, 29)) == date(2023, 10, 23)


def test_the_year_of_a_period():
    """Every kind of period begins with its year, and nothing else is one."""
    periods = ("2023", "2023-W43", "2023-10", "2023-10-26")
    assert {year_of(one) for one in periods} == {2023}
    with pytest.raises(ValueError, match="not a period"):
        year_of("uid-0308")


@pytest.mark.parametrize("text", ["24:00", "8:30", "0830", ""])
def test_a_time_of_day_has_two_and_two_digits(text: str):
    """Anything but HH:MM is refused."""
    with pytest.raises(ValueError, match="not a time of day"):
        parse_clock(text)


@pytest.mark.parametrize("text", ["06-24", "13-01/14-01", "02-30/03-01", "6-24/8-10"])
def test_a_pause_is_two_days_of_the_year(text: str):
    """Anything but two real days is refused."""
    with pytest.raises(ValueError):  # noqa: PT011 (the date's own words)
        parse_pause(text)
