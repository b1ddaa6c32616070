"""The plan as a calendar, read back by two readers that know nothing of us."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar, Event

from service.domain.meeting import Form, Kind
from service.domain.plan.plan import Entry
from service.render.calendar_plan import plan_calendar
from tests.unit.plan.words import COVER, NOW, entry, lines, told

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def written(*entries: Entry) -> bytes:
    return plan_calendar(told(*entries), COVER, lines())


def events(*entries: Entry) -> list[Event]:
    return list(Calendar.from_ical(written(*entries)).walk("VEVENT"))


def timed(day: date, hour: int, **other: object) -> Entry:
    start = datetime(day.year, day.month, day.day, hour, tzinfo=STOCKHOLM).astimezone(UTC)
    return entry(day, start=start, end=start + timedelta(hours=2), **other)


def test_the_calendar_itself() -> None:
    """It has a name in both ways, says how often to ask, and asks nobody to answer."""
    calendar = Calendar.from_ical(written(entry(date(2024, 3, 6))))

    assert calendar["METHOD"] == "PUBLISH"
    assert calendar["NAME"] == calendar["X-WR-CALNAME"] == COVER.name
    assert calendar["REFRESH-INTERVAL"].dt == timedelta(hours=6)
    assert calendar["X-PUBLISHED-TTL"] == "PT6H"
    assert calendar["X-WR-TIMEZONE"] == "Europe/Stockholm"
    assert calendar["LAST-MODIFIED"].dt == NOW


def test_a_booked_meeting() -> None:
    """Every property that a program may show."""
    [event] = events(
        timed(
            date(2024, 3, 6),
            9,
            place="Skara, Stadshotellet; sal 2",
            groups=("miljostrategi", "naturvard"),
            form=Form.HYBRID,
            kind=Kind.TRAINING,
            registration_link="https://forms.office.com/e/x?a=1",
            register_by=date(2024, 2, 21),
        )
    )
    assert event["SUMMARY"] == "Natur i stadsplanering"
    assert event["LOCATION"] == "Skara, Stadshotellet; sal 2 och digitalt"
    assert [str(one) for one in event["CATEGORIES"].cats] == [
        "Miljöstrategigruppen",
        "Naturvårdsgruppen",
    ]
    assert event["URL"] == "https://forms.office.com/e/x?a=1"
    assert (event["STATUS"], event["TRANSP"]) == ("CONFIRMED", "OPAQUE")
    assert event["DESCRIPTION"].splitlines() == [
        "Miljöstrategigruppen och Naturvårdsgruppen",
        "Utbildning",
        "Anmälan senast onsdag 21 februari: https://forms.office.com/e/x?a=1",
    ]
    assert event["ORGANIZER"] == "mailto:natverk@exempel.se"
    assert event["LAST-MODIFIED"].dt == event["DTSTAMP"].dt == NOW


def test_the_clock_on_either_side_of_its_changes() -> None:
    """Nine o'clock is nine o'clock in Stockholm on the day before, on, and after each change."""
    days = [date(2024, 3, day) for day in (30, 31)] + [date(2024, 4, 1)]
    days += [date(2024, 10, day) for day in (26, 27, 28)]
    found = events(*(timed(day, 9) for day in days))

    assert [event["DTSTART"].dt.astimezone(STOCKHOLM).hour for event in found] == [9] * 6
    assert [event["DTSTART"].dt.hour for event in found] == [8, 7, 7, 7, 8, 8]


def test_a_planned_meeting_without_hours_is_a_day() -> None:
    """Tentative, free, and over at the end of its last day."""
    two = replace(entry(date(2024, 3, 6), booked=False), last_day=date(2024, 3, 7), when="kväll")
    [event] = events(two)

    assert (event["DTSTART"].dt, event["DTEND"].dt) == (date(2024, 3, 6), date(2024, 3, 8))
    assert (event["STATUS"], event["TRANSP"]) == ("TENTATIVE", "TRANSPARENT")
    assert "Preliminärt" in event["DESCRIPTION"]


def test_cancelled_ones_stay() -> None:
    """For those who imported them."""
    [one] = told(entry(date(2024, 3, 6)))
    gone = replace(one, entry=replace(one.entry, cancelled=True), sequence=one.sequence + 1)
    [event] = Calendar.from_ical(plan_calendar([gone], COVER, lines())).walk("VEVENT")

    assert (event["STATUS"], event["UID"]) == ("CANCELLED", one.uid)
    assert event["SEQUENCE"] == one.sequence + 1


def test_what_has_no_date_is_not_in_it() -> None:
    """Nor is a calendar without entries broken."""
    assert events(entry(None)) == []
    assert b"LAST-MODIFIED" not in written()


def test_lines_are_folded_by_bytes() -> None:
    """No line is longer than 75 octets, no letter is cut in two, and all end as they should."""
    content = written(entry(date(2024, 3, 6), title="åäö " * 60))
    folded = content.split(b"\r\n")

    assert max(map(len, folded)) <= 75
    assert folded[-1] == b""
    for line in folded:
        line.decode()


TEXT = st.text(max_size=80)
DATES = st.dates(date(2024, 1, 1), date(2024, 12, 31))


@given(
    st.lists(
        st.builds(
            lambda day, hour, title, place, terms, booked: (
                timed(day, hour, title=title, place=place, terms=terms, booked=booked)
                if hour
                else entry(day, title=title, place=place, terms=terms, booked=booked)
            ),
            DATES,
            st.integers(0, 20),
            TEXT,
            TEXT,
            TEXT,
            st.booleans(),
        ),
        max_size=4,
    )
)
def test_two_readers_read_the_same(entries: list[Entry]) -> None:
    """Whatever people type, both readers find every entry, its days and its words."""
    content = written(*entries)
    first = {str(event["UID"]): event for event in Calendar.from_ical(content).walk("VEVENT")}
    second = {
        event.uid: event for event in IcsCalendarStream.calendar_from_ics(content.decode()).events
    }

    assert len(first) == len(second) == len(entries)
    assert content == written(*entries)
    for uid, event in first.items():
        other = second[uid]
        assert other.dtstart == event["DTSTART"].dt
        assert other.dtend == event["DTEND"].dt
        assert other.summary == str(event["SUMMARY"])
        assert (other.location or "") == str(event.get("LOCATION", ""))
        assert other.sequence == event["SEQUENCE"]
        assert other.status is not None
        assert other.status.value == str(event["STATUS"])
