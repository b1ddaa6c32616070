"""The days on which a series comes, held against days counted by hand."""

from datetime import date

import pytest

from service.sandbox.exchange.recurrence import check, days, kept, patterned_json, read
from service.sandbox.timeline import Recurrence


def first_days(start, count=4, **pattern):
    found = days(date.fromisoformat(start), Recurrence(count=count, **pattern))
    return [day.isoformat() for day in found]


@pytest.mark.parametrize(
    ("start", "pattern", "expected"),
    [
        ("2023-02-27", {"type": "daily", "interval": 2}, ["02-27", "03-01", "03-03", "03-05"]),
        ("2023-01-04", {"type": "weekly"}, ["01-04", "01-11", "01-18", "01-25"]),
        (
            "2023-01-04",
            {"type": "weekly", "interval": 2, "days": ("monday", "wednesday")},
            ["01-04", "01-16", "01-18", "01-30"],
        ),
        (
            "2023-01-08",
            {"type": "weekly", "interval": 2, "days": ("sunday", "monday"), "first_day": "sunday"},
            ["01-08", "01-09", "01-22", "01-23"],
        ),
        (
            "2023-01-31",
            {"type": "absoluteMonthly", "day_of_month": 31},
            ["01-31", "02-28", "03-31", "04-30"],
        ),
        (
            "2023-01-05",
            {"type": "relativeMonthly", "days": ("thursday",), "index": "first", "interval": 3},
            ["01-05", "04-06", "07-06", "10-05"],
        ),
        (
            "2023-01-05",
            {"type": "relativeMonthly", "days": ("monday", "friday"), "index": "last"},
            ["01-30", "02-27", "03-31", "04-28"],
        ),
    ],
)
def test_days_of_a_pattern(start, pattern, expected):
    """Each kind of pattern; only days from the first on count."""
    assert [day[5:] for day in first_days(start, **pattern)] == expected


def test_yearly_patterns():
    """A leap day falls on the last of February; the third Tuesday of May."""
    leap = first_days("2024-02-29", type="absoluteYearly", month=2, day_of_month=29)
    assert leap == ["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28"]
    pattern = {"type": "relativeYearly", "month": 5, "days": ("tuesday",), "index": "third"}
    assert first_days("2023-01-01", 2, **pattern) == ["2023-05-16", "2024-05-21"]


def test_a_last_day_ends_a_series():
    """That day counted in."""
    pattern = Recurrence(type="daily", until=date(2023, 1, 3))
    assert len(list(days(date(2023, 1, 1), pattern))) == 3
    written = patterned_json(date(2023, 1, 1), pattern, "Europe/Oslo")
    assert written["range"]["type"] == "endDate"
    assert written["range"]["endDate"] == "2023-01-03"
    assert read(kept(pattern)) == pattern


@pytest.mark.parametrize(
    "pattern",
    [
        {"type": "hourly"},
        {"type": "daily", "interval": 0},
        {"type": "daily", "count": 1000},
        {"type": "weekly", "days": ("måndag",)},
        {"type": "relativeMonthly"},
        {"type": "relativeMonthly", "days": ("monday",), "index": "fifth"},
    ],
)
def test_a_pattern_that_cannot_be_is_refused(pattern):
    """Before anything is invited."""
    with pytest.raises(ValueError, match=r"\S"):
        check(Recurrence(**pattern))
