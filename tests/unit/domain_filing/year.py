"""Meetings of one made-up year, for tests of names and places."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from service.domain.meeting import Form, Kind, Meeting, Status
from service.domain.network import FocusGroup, Network

ZONE = "Europe/Stockholm"
NETWORK = Network(
    id="k",
    name="K",
    language="sv",
    time_zone=ZONE,
    country="SE",
    groups=(
        FocusGroup(id="miljostrategi", name="Miljöstrategigruppen"),
        FocusGroup(id="naturvard", name="Naturvårdsgruppen", aliases=("Naturvård",)),
        FocusGroup(id="rattvis-handel", name="Rättvis handel-gruppen"),
    ),
    mailbox="k@exempel.se",
)


def meeting(day: date, title: str, place: str = "Skara", **other: object) -> Meeting:
    start = datetime(day.year, day.month, day.day, 8, tzinfo=UTC)
    plain = Meeting(
        id=f"{day}-{title}",
        title=title,
        groups=("naturvard",),
        form=Form.PHYSICAL,
        kind=Kind.GATHERING,
        start=start,
        end=start + timedelta(hours=6),
        first_day=day,
        last_day=day,
        place=place,
        status=Status.HELD,
    )
    return replace(plain, **other)


NATURE = meeting(date(2023, 3, 8), "Natur i stadsplanering", "Alingsås")
WATER = meeting(
    date(2023, 5, 31),
    "Vattenvård, återvätning och Biosfärområde Vänerskärgården med Kinnekulle",
    "Kinnekulle",
    last_day=date(2023, 6, 1),
)
COURSE = meeting(date(2023, 10, 3), "Utbildning grund Naturvärdesinventering, nya standarden")
COURSE_DAY = meeting(date(2023, 10, 12), "Utbildningsdag Naturvärdesinventering, nya standarden")
MORNING = meeting(date(2023, 11, 8), "Inventering av våtmarkslägen")
AFTERNOON = meeting(date(2023, 11, 8), "Elektrifiering av kommunens fordon")
ALL = (NATURE, WATER, COURSE, COURSE_DAY, MORNING, AFTERNOON)
