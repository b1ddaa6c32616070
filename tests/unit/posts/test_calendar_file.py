"""Calendar files, read back as a calendar would and held to the grammar of RFC 5545."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from service.domain.post import Appointment
from service.render.calendar_file import calendar_file

MAILBOX = "natverk@exempel.se"
STOCKHOLM = ZoneInfo("Europe/Stockholm")
MEETING = Appointment(
    uid="040000008200E00074C5B7101A82E00800000000B1C2D3",
    start=datetime(2023, 3, 8, 9, 30, tzinfo=STOCKHOLM),
    end=datetime(2023, 3, 8, 15, 30, tzinfo=STOCKHOLM),
    title="Natur i stadsplanering",
    place="Alingsås",
    url="https://teams.microsoft.com/l/meetup-join/19%3ameeting?context=%7b%7d",
    changed=datetime(2023, 3, 1, 12, 0, 30, tzinfo=UTC),
)
LINE = re.compile(r'[A-Z-]+(;[A-Z-]+=("[^"\x00-\x1f]*"|[^";:,\x00-\x1f]*))*:[^\x00-\x08\x0a-\x1f]*')
"""A content line (RFC 5545, 3.1)."""


def written(appointment: Appointment) -> bytes:
    return calendar_file(appointment, organizer=MAILBOX)


def read(data: bytes) -> tuple[Calendar, Event]:
    calendar = Calendar.from_ical(data)
    (event,) = calendar.walk("VEVENT")
    assert not event.errors
    return calendar, event


def lines(data: bytes) -> list[str]:
    """The content lines, unfolded; every physical line ends as it should and is short enough."""
    assert data.endswith(b"\r\n")
    physical = data.split(b"\r\n")
    assert not any(b"\n" in one or b"\r" in one for one in physical)
    assert max(map(len, physical)) <= 75
    for one in physical:
        one.decode()  # no character is folded in two
    return data.replace(b"\r\n ", b"").decode().split("\r\n")[:-1]


def test_a_meeting_is_published_under_its_own_uid():
    """Not requested; times in UTC; who answers is the network's mailbox; nothing is counted."""
    calendar, event = read(written(MEETING))
    assert (calendar["METHOD"], calendar["VERSION"]) == ("PUBLISH", "2.0")
    assert "Natverket" in calendar["PRODID"]
    assert (event["UID"], event["STATUS"]) == (MEETING.uid, "CONFIRMED")
    assert (event.start, event.end) == (MEETING.start, MEETING.end)
    assert event["SUMMARY"] == "Natur i stadsplanering"
    assert event["LOCATION"] == "Alingsås"
    assert event["URL"] == event["DESCRIPTION"] == MEETING.url
    assert event["ORGANIZER"] == f"mailto:{MAILBOX}"
    assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt == MEETING.changed
    assert "SEQUENCE" not in event
    assert "ATTENDEE" not in event
    assert "DTSTART:20230308T083000Z" in lines(written(MEETING))


def test_a_cancelled_meeting_takes_itself_away():
    """Whatever the calendar has counted to."""
    calendar, event = read(written(replace(MEETING, cancelled=True)))
    assert (calendar["METHOD"], event["STATUS"]) == ("CANCEL", "CANCELLED")
    assert event["UID"] == MEETING.uid
    later = replace(MEETING, cancelled=True, changed=MEETING.changed + timedelta(minutes=1))
    assert 1000 < event["SEQUENCE"] < read(written(later))[1]["SEQUENCE"]
    late = replace(MEETING, cancelled=True, changed=datetime(2100, 1, 1, tzinfo=UTC))
    assert read(written(late))[1]["SEQUENCE"] < 2**31


def test_the_same_appointment_is_the_same_file():
    """So that a mail that is made twice is one mail."""
    assert written(MEETING) == written(replace(MEETING, start=MEETING.start.astimezone(UTC)))


def test_what_is_not_there_is_not_written():
    """No place, and a link that is not https."""
    _, event = read(written(replace(MEETING, place="", url="http://exempel.se")))
    assert not {"LOCATION", "URL", "DESCRIPTION"} & event.keys()


@pytest.mark.parametrize(
    "title",
    [
        'Natur; i, stads\\planering: "ja" ' + "åäö🌿" * 50,
        "ندوة المناخ",
        "Rad\r\nATTENDEE:mailto:elak@exempel.se\r\nBEGIN:VALARM",
        "x" * 255,
    ],
)
def test_odd_texts_stay_within_their_line(title: str):
    """Marks, emoji where lines fold, other scripts, line breaks that begin a property."""
    sly = "https://exempel.se/a\r\nATTACH:https://elak.exempel"
    data = written(replace(MEETING, title=title, place=title, url=sly))
    _, event = read(data)
    assert event["SUMMARY"] == event["LOCATION"] == " ".join(title.split())
    names = [one.partition(":")[0] for one in lines(data)]
    assert len(names) == len(set(names)) + 2, "BEGIN and END come twice, and nothing else"


@given(st.text(max_size=120), st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1))
def test_any_text_makes_lines_of_the_grammar(title: str, uid: str):
    """And is read back, but for control characters."""
    data = written(replace(MEETING, title=title, uid=uid))
    for line in lines(data):
        assert LINE.fullmatch(line), line
    assert set(str(read(data)[1]["SUMMARY"])) <= set(title) | {" "}


def test_another_reader_takes_it_too():
    """`ical`, where it is installed: strict about names, times and what must be there."""
    streams = pytest.importorskip("ical.calendar_stream", reason="pip install ical")
    for cancelled in (False, True):
        data = written(replace(MEETING, cancelled=cancelled)).decode()
        calendar = streams.IcsCalendarStream.calendar_from_ics(data)
        (event,) = calendar.events
        assert (event.uid, event.summary) == (MEETING.uid, MEETING.title)
        assert (event.dtstart, event.dtend) == (MEETING.start, MEETING.end)
