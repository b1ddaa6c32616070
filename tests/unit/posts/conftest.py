"""The network of 2023, its holidays, words and rules, and meetings to plan for."""

import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from service.domain.meeting import Form, Kind, Meeting, Status
from service.domain.network import FocusGroup, Network
from service.domain.period import at
from service.domain.reminder import Policy, policy_from
from service.render.texts import Texts, texts_from

CONFIG = Path(__file__).parents[3] / "config"
ZONE = "Europe/Stockholm"
PAGE = "https://exempel.sharepoint.com/sites/natverket"

# Sweden 2023 and the first days of 2024, Saturdays and Sundays left out.
HOLIDAYS = frozenset(
    {
        date(2023, 1, 6),
        date(2023, 4, 7),
        date(2023, 4, 10),
        date(2023, 5, 1),
        date(2023, 5, 18),
        date(2023, 6, 6),
        date(2023, 6, 23),
        date(2023, 12, 25),
        date(2023, 12, 26),
        date(2024, 1, 1),
    }
)


def _parsed(name: str) -> dict[str, object]:
    return tomllib.loads((CONFIG / name).read_text(encoding="utf-8"))


@pytest.fixture
def parsed() -> Callable[[str], dict[str, object]]:
    return _parsed


@pytest.fixture(scope="session")
def words() -> Texts:
    return texts_from(_parsed("texts/sv.toml"), language="sv", time_zone=ZONE)


@pytest.fixture(scope="session")
def policy() -> Policy:
    return policy_from(_parsed("posts.toml"))


@pytest.fixture(scope="session")
def network() -> Network:
    return Network(
        id="kommunnatverket",
        name="Kommunnätverket för hållbar utveckling",
        language="sv",
        time_zone=ZONE,
        country="SE",
        groups=(
            FocusGroup(id="miljostrategi", name="Miljöstrategigruppen"),
            FocusGroup(id="naturvard", name="Naturvårdsgruppen"),
            FocusGroup(id="rattvis-handel", name="Rättvis handel-gruppen"),
        ),
        mailbox="natverk@exempel.se",
        holidays=HOLIDAYS,
    )


def local(text: str) -> datetime:
    """A local time such as "2023-03-08 09:30" as UTC."""
    day, clock = text.split()
    return at(date.fromisoformat(day), clock, ZONE).astimezone(UTC)


@pytest.fixture
def when() -> Callable[[str], datetime]:
    return local


@pytest.fixture
def meeting() -> Meeting:
    """The joint day in Alingsås on 8 March 2023."""
    return Meeting(
        id="uid-0308",
        title="Natur i stadsplanering",
        groups=("miljostrategi", "naturvard"),
        form=Form.PHYSICAL,
        kind=Kind.GATHERING,
        start=local("2023-03-08 09:30"),
        end=local("2023-03-08 15:30"),
        first_day=date(2023, 3, 8),
        last_day=date(2023, 3, 8),
        place="Alingsås",
        status=Status.INVITED,
        event_id="event-0308",
        registration_link="https://anmalan.exempel.se/0308",
        register_by=date(2023, 3, 1),
    )


@pytest.fixture
def digital(meeting: Meeting) -> Meeting:
    """The digital meeting of 13 September 2023."""
    return replace(
        meeting,
        id="uid-0913",
        title="Hållbar upphandling",
        groups=("miljostrategi",),
        form=Form.DIGITAL,
        kind=Kind.MEETING,
        start=local("2023-09-13 09:00"),
        end=local("2023-09-13 11:00"),
        first_day=date(2023, 9, 13),
        last_day=date(2023, 9, 13),
        place="",
        event_id="event-0913",
        join_url="https://teams.microsoft.com/l/meetup-join/19%3ameeting",
        registration_link="https://anmalan.exempel.se/0913",
        register_by=date(2023, 9, 6),
    )


@pytest.fixture
def two_days(meeting: Meeting) -> Meeting:
    """The two days in Skara on 10 and 11 May 2023."""
    return replace(
        meeting,
        id="uid-0510",
        title="Dialog kring kommunernas hållbarhetsarbete",
        groups=("miljostrategi",),
        start=local("2023-05-10 09:30"),
        end=local("2023-05-11 15:00"),
        first_day=date(2023, 5, 10),
        last_day=date(2023, 5, 11),
        place="Skara",
        event_id="event-0510",
        registration_link="https://anmalan.exempel.se/0510",
        register_by=date(2023, 4, 28),
        terms="Bindande, 450 kr",
        survey_link="https://forms.office.com/e/Exempel0510",
        publish_result=True,
        day_counts=(24, 17),
    )
