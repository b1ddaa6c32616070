"""Dates as people write them."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.dates import date_value, dates_in, day

SV = "januari februari mars april maj juni juli augusti september oktober november december".split()  # noqa: SIM905
NB = "januar februar mars april mai juni juli august september oktober november desember".split()  # noqa: SIM905
EN = "January February March April May June July August September October November December".split()  # noqa: SIM905
WAYS = (
    lambda d: d.isoformat(),
    lambda d: d.strftime("%Y%m%d"),
    lambda d: d.strftime("Agenda_%y%m%d_v2.docx"),
    lambda d: d.strftime("Agenda_%Y_%m_%d.docx"),
    lambda d: f"onsdag den {d.day} {SV[d.month - 1]} {d.year} kl. 09.30–15.30",
    lambda d: f"{d.day}:e {SV[d.month - 1][:3]}. {d.year}",
    lambda d: f"{d.day}. {NB[d.month - 1]} {d.year}",
    lambda d: f"{EN[d.month - 1]} {d.day}, {d.year}",
    lambda d: f"{d.day}_{EN[d.month - 1]}_{d.year}.pdf",
    lambda d: f"{d.day}.{d.month}.{d.year}",
    lambda d: f"{d.day}/{d.month} {d.year}",
    lambda d: f"{d.day}/{d.month}-{d:%y}",
    lambda d: d.strftime("%d.%m.%y"),
    lambda d: f"{d.year}.{d.month}.{d.day}",
    lambda d: f"den {d.day}e {SV[d.month - 1]} {d.year}",
    lambda d: f"Titel-{d:%Y%m%d}_093012-Meeting Recording.mp4",
)


@given(st.dates(date(2011, 1, 1), date(2048, 12, 31)), st.sampled_from(WAYS), st.booleans())
def test_every_writing(when: date, write: object, decomposed: bool) -> None:
    """Each writing is read as the day it stands for, composed or decomposed."""
    text = unicodedata.normalize("NFD" if decomposed else "NFC", write(when))  # type: ignore[operator]
    assert dates_in(text, default_year=None) == (when,)


@given(st.dates(date(2024, 1, 1), date(2024, 12, 31)))
def test_default_year(when: date) -> None:
    """A day without a year is of the year given; without one it is no date."""
    for text in (f"{when.day} {SV[when.month - 1]}", f"{when.day}/{when.month}"):
        wanted = () if text == "24/7" else (when,)
        assert dates_in(text, default_year=2024) == wanted
        assert dates_in(text, default_year=None) == ()


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("10–11 maj 2023", [(5, 10), (5, 11)]),
        ("10-11 maj", [(5, 10), (5, 11)]),
        ("10 och 11 maj 2023", [(5, 10), (5, 11)]),
        ("31 maj–1 juni 2023", [(5, 31), (6, 1)]),
        ("31/5–1/6 2023", [(5, 31), (6, 1)]),
        ("10–11/5 2023", [(5, 10), (5, 11)]),
        ("May 10-11, 2023", [(5, 10), (5, 11)]),
        ("2023-05-10--11 Skara", [(5, 10), (5, 11)]),
        ("2023-05-31–06-01", [(5, 31), (6, 1)]),
        ("230510-11", [(5, 10), (5, 11)]),
    ],
)
def test_ranges(text: str, days: list[tuple[int, int]]) -> None:
    """Both ends of a range are found, and share the year that is written once."""
    assert dates_in(text, default_year=2023) == tuple(date(2023, *one) for one in days)


def test_range_over_new_year() -> None:
    """The earlier month of a range belongs to the year before."""
    assert dates_in("30 dec – 2 jan 2023", default_year=None) == (
        date(2022, 12, 30),
        date(2023, 1, 2),
    )


@pytest.mark.parametrize(
    "text",
    [
        "v2.3.2023", "version 2.10.23", "070-230308", "0322-61 60 00", "070 23 03 08", "24/7",
        "i maj 24 deltagare", "Maj 24 deltagare", "Mars 23",
        "section 8 may apply", "230308-1234", "kl. 09.30–15.30",
        "2023-02-30", "31 april 2023", "Klimat 2030", "", "123456789",
    ],
)  # fmt: skip
def test_no_dates(text: str) -> None:
    """Versions, telephone and identity numbers, times and impossible days are no dates."""
    assert dates_in(text, default_year=2023) == ()


@given(st.dates(date(2020, 1, 1), date(2029, 12, 31)))
def test_three_pairs_with_hyphens(when: date) -> None:
    """Year, month, day, as Swedish offices write them."""
    assert dates_in(when.strftime("%y-%m-%d"), default_year=None) == (when,)


@given(st.dates(date(2000, 1, 2), date(2090, 12, 31)))
def test_column_dates(when: date) -> None:
    """Noon UTC, a bare date and a Swedish midnight all show the same day."""
    yesterday = date.fromordinal(when.toordinal() - 1).isoformat()
    shown = (date_value(when), when.isoformat(), f"{yesterday}T22:00:00Z", f"{yesterday}T23:00:00Z")
    assert {day(value) for value in shown} == {when}
    assert day("2023-13-40") is None
    assert day("hej") is None
