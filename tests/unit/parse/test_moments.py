"""Times as exports of any language write them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.parse.moments import Moments, order_of
from service.parse.table import Cell
from tests.unit.parse.sheets import SATISFACTION, csv, read, workbook

ZONE = ZoneInfo("Europe/Stockholm")
MONTHS_SV = "januari februari mars april maj juni juli augusti september oktober november december"
MONTHS_NB = "januar februar mars april mai juni juli august september oktober november desember"


def moments(*cells: Cell) -> list[datetime | None]:
    return Moments(ZONE, order_of(cells)).read(cells)


def swedish(at: datetime) -> str:
    return f"{at.day} {MONTHS_SV.split()[at.month - 1]} {at:%Y %H:%M:%S}"


def norwegian(at: datetime) -> str:
    return f"{at.day}. {MONTHS_NB.split()[at.month - 1]} {at:%Y kl. %H.%M.%S}"


def serial(at: datetime) -> str:
    return repr((at - datetime(1899, 12, 30)) / timedelta(days=1))  # noqa: DTZ001


WAYS: dict[str, Callable[[datetime], Cell]] = {
    "cell": lambda at: at,
    "serial": serial,
    "serial with comma": lambda at: serial(at).replace(".", ","),
    "number": lambda at: float(serial(at)),
    "sv": lambda at: f"{at:%Y-%m-%d %H:%M:%S}",
    "sv in words": swedish,
    "nb": lambda at: f"{at:%d.%m.%Y %H:%M:%S}",
    "nb in words": norwegian,
    "en-GB": lambda at: f"{at:%d/%m/%Y %H:%M:%S}",
    "en-US": lambda at: f"{at:%m/%d/%Y %I:%M:%S %p}",
    "en in words": lambda at: f"{at:%B %d, %Y %I:%M:%S %p}",
    "Forms": lambda at: f"{at.month}/{at.day}/{at:%y %H:%M:%S}",
    "flow": lambda at: f"{at.replace(tzinfo=ZONE).astimezone(UTC):%Y-%m-%dT%H:%M:%S}.1234567Z",
    "offset": lambda at: at.replace(tzinfo=ZONE).isoformat(),
    "aware cell": lambda at: at.replace(tzinfo=ZONE),
}
# Of an hour that comes twice, the first is meant; one that never is would not come back.
LOCAL = st.datetimes(datetime(2010, 1, 1), datetime(2040, 1, 1)).map(  # noqa: DTZ001
    lambda at: (
        at.replace(tzinfo=ZONE)
        .astimezone(UTC)
        .astimezone(ZONE)
        .replace(tzinfo=None, fold=0, microsecond=0)
    )
)


@pytest.mark.parametrize("way", WAYS)
@given(at=LOCAL)
def test_round_trip(way: str, at: datetime) -> None:
    """A time comes back to the second, in whatever way an export wrote it."""
    # A survey has responses on a day that tells the month from the day.
    told = at.replace(day=25, hour=12)
    found = moments(WAYS[way](at), WAYS[way](told))
    assert found == [one.replace(tzinfo=ZONE).astimezone(UTC) for one in (at, told)]


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2023-03-08", "2023-03-07 23:00"), ("2023-03-08 15:31", "2023-03-08 14:31"),
        ("2023-03-08 kl. 15:31", "2023-03-08 14:31"), ("2023/03/08 15:31", "2023-03-08 14:31"),
        ("8.3.2023 kl. 15.31", "2023-03-08 14:31"), ("08-03-2023 15:31", "2023-03-08 14:31"),
        ("onsdag 8 mars 2023 15:31", "2023-03-08 14:31"), ("8. mai 2023", "2023-05-07 22:00"),
        ("08-Mar-23 15:31", "2023-03-08 14:31"), ("Mar 8, 2023 3:31 PM", "2023-03-08 14:31"),
        ("Wednesday, March 8, 2023 3:31 p.m.", "2023-03-08 14:31"),
        ("2023-03-08 3:31 em", "2023-03-08 14:31"), ("2023-03-08 12:05 AM", "2023-03-07 23:05"),
        ("2023-03-08 15:31 UTC", "2023-03-08 15:31"),
        ("2023-03-08 15:31 +02:00", "2023-03-08 13:31"),
        ("2023-03-08T15:31:00-05", "2023-03-08 20:31"), ("2023-03-08\xa015:31", "2023-03-08 14:31"),
        ("2023-07-08 15:31", "2023-07-08 13:31"), ("31/12/2023 15:31", "2023-12-31 14:31"),
    ],
)  # fmt: skip
def test_written(written: str, utc: str) -> None:
    """One way of writing, with or without a time, a zone, a weekday."""
    assert moments(written) == [datetime.fromisoformat(f"{utc}:00+00:00")]


@pytest.mark.parametrize(
    "text", ["nej", "2023-13-01", "32/1/2023", "12", "99999.5", "2023-03-08 25:00", "0:00"]
)
def test_no_moment(text: str) -> None:
    """What is no time is named, and the response is kept."""
    sheet = read(csv(["ID", "Completion time", SATISFACTION], [1, text, 5]))
    assert sheet.responses[0].submitted is None
    assert any("could not be read (1)" in warning and text in warning for warning in sheet.warnings)


def test_day_or_month_first() -> None:
    """What puts the responses closest together is meant; without a sign it is Forms' own way."""
    assert order_of(["3/8/2023 15:31", "3/9/2023 9:00"]).day_first is False
    assert order_of(["8/3/2023 15:31", "9/3/2023 9:00"]).day_first is True
    assert order_of(["3/8/2023 15:31", "13/8/2023 9:00"]).day_first is True
    alone = order_of(["3/8/2023 15:31"])
    assert (alone.day_first, alone.guessed) == (False, "3/8/2023 15:31")
    assert not order_of(["3/8/23 15:31:07"]).guessed


def test_start_and_end_are_read_alike() -> None:
    """The order is that of the whole sheet: a start that fits both ways follows its end."""
    header = ["ID", "Start time", "Completion time", SATISFACTION]
    sheet = read(csv(header, [1, "12/03/2023 23:58", "13/03/2023 00:02", 5]))
    assert sheet.responses[0].started == datetime(2023, 3, 12, 22, 58, tzinfo=UTC)


def test_column_in_utc() -> None:
    """A heading that says so is believed."""
    header = ["ID", "Starttidspunkt (UTC)", "Fullføringstidspunkt", SATISFACTION]
    one = read(csv(header, [1, "2023-03-08 15:00", "2023-03-08 16:10", 5])).responses[0]
    assert one.started == datetime(2023, 3, 8, 15, 0, tzinfo=UTC)
    assert one.submitted == datetime(2023, 3, 8, 15, 10, tzinfo=UTC)


@pytest.mark.parametrize("as_number", [False, True])
def test_1904(as_number: bool) -> None:
    """A workbook from a Mac of old counts its days from 1904."""
    at = datetime(2023, 3, 8, 15, 31)  # noqa: DTZ001
    cell = (at - datetime(1904, 1, 1)) / timedelta(days=1) if as_number else at  # noqa: DTZ001
    content = workbook(
        ["ID", "Slutförandetid", SATISFACTION], [1, cell, 5],
        date_1904=True, default_date_format="yyyy-mm-dd hh:mm:ss",
    )  # fmt: skip
    assert read(content).responses[0].submitted == datetime(2023, 3, 8, 14, 31, tzinfo=UTC)


def test_when_the_clocks_change() -> None:
    """On such a day an hour before the change and one after it have their own offsets."""
    cells = "2023-03-26 01:30", "2023-03-26 03:30", "2023-10-29 01:30", "2023-10-29 04:00"
    assert moments(*cells) == [
        datetime(2023, 3, 26, 0, 30, tzinfo=UTC), datetime(2023, 3, 26, 1, 30, tzinfo=UTC),
        datetime(2023, 10, 28, 23, 30, tzinfo=UTC), datetime(2023, 10, 29, 3, 0, tzinfo=UTC),
    ]  # fmt: skip
