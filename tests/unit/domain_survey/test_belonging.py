"""Whose a form is, by everything that is known of it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from service.domain.meeting import Meeting
from service.domain.placement import Placed, Unsure, Why
from service.domain.survey.belonging import (
    SeenForm,
    Yearly,
    bare_form_name,
    form_belongs_to,
    same_address,
)
from tests.unit.domain_survey.test_survey import ZONE, meeting

NATURE = meeting(
    date(2023, 3, 8), "Natur i stadsplanering", survey_link="https://forms.office.com/e/abc"
)
WATER = meeting(date(2023, 5, 31), "Vattenvård och återvätning")
BOTH = (NATURE, WATER)
SOON = datetime(2023, 3, 9, 9, tzinfo=UTC)
LATE = datetime(2023, 6, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "when", "wanted"),
    [
        ("Utvärdering 8 mars.xlsx", SOON, NATURE),
        ("Utvärdering Natur i stadsplanering(1-25).xlsx", SOON, NATURE),
        ("Utvärdering Natur i stadsplanering (kopia) (kopia).xlsx", SOON, NATURE),
        ("Kopia av Utvärdering Vattenvård.xlsx", LATE, WATER),
        ("Utvärdering 2023-05-31 (kopia).xlsx", LATE, WATER),
    ],
)
def test_form_of_a_meeting(name: str, when: datetime, wanted: Meeting) -> None:
    """A form is its meeting's by date or words, through copies and counts of responses."""
    found = form_belongs_to(SeenForm(name=name, created=when), BOTH, time_zone=ZONE)
    assert isinstance(found, Placed)
    assert found.meeting == wanted


def test_forgotten_copy() -> None:
    """A copy that bears the name of an earlier meeting is asked about."""
    name = "Utvärdering Natur i stadsplanering (kopia).xlsx"
    found = form_belongs_to(SeenForm(name=name, created=LATE), BOTH, time_zone=ZONE)
    assert isinstance(found, Unsure)
    assert set(found.candidates) <= set(BOTH)


def test_link_wins() -> None:
    """The link in the register tells, whatever the name."""
    link = "https://forms.office.com/e/abc?origin=x"
    found = form_belongs_to(
        SeenForm(name="x.xlsx", created=LATE, addresses=(link,)), BOTH, time_zone=ZONE
    )
    assert isinstance(found, Placed)
    assert found.meeting == NATURE


@pytest.mark.parametrize(
    ("name", "year"),
    [("Årsenkät 2023.xlsx", 2023), ("Årsenkät (kopia).xlsx", 2022), ("Annual survey.xlsx", 2022)],
)
def test_yearly(name: str, year: int) -> None:
    """The yearly survey is known by its name; without a year, January's is the year before's."""
    january = datetime(2023, 1, 9, tzinfo=UTC)
    found = form_belongs_to(SeenForm(name=name, created=january), BOTH, time_zone=ZONE)
    assert found == Yearly(year)


def test_bare_form_name() -> None:
    """Marks of copies are taken off in any language."""
    assert bare_form_name("Kopia av Enkät (kopia) (1-25).xlsx") == ("Enkät.xlsx", True)
    assert bare_form_name("Enkät.xlsx") == ("Enkät.xlsx", False)


# ---------------------------------------------------------------- what else tells whose it is

AFTER_NATURE = tuple(datetime(2023, 3, 8, 15, n, tzinfo=UTC) for n in range(5))
AFTER_WATER = tuple(datetime(2023, 6, 1, 9, n, tzinfo=UTC) for n in range(5))
BEFORE_WATER = tuple(datetime(2023, 5, 12, 9, n, tzinfo=UTC) for n in range(5))


def asked(name: str, when: datetime = LATE, **other: object) -> Placed | Yearly | Unsure:
    return form_belongs_to(SeenForm(name=name, created=when, **other), BOTH, time_zone=ZONE)


@pytest.mark.parametrize(
    ("form", "wanted", "why"),
    [
        ({"name": "x.xlsx", "linked": frozenset({NATURE.id})}, NATURE, Why.SURVEY_LINK),
        ({"name": "x.xlsx", "within": NATURE.id}, NATURE, Why.OWN_FOLDER),
        ({"name": "x.xlsx", "folder": "2023-03-08 Natur"}, NATURE, Why.FOLDER_DATE),
        ({"name": "x.xlsx", "folder": "Vattenvård och återvätning"}, WATER, Why.FOLDER_WORDS),
        ({"name": "x.xlsx", "submitted": AFTER_WATER}, WATER, Why.ANSWER_DATES),
        (
            {"name": "Utvärdering Natur i stadsplanering (kopia 2).xlsx", "submitted": AFTER_WATER},
            WATER,
            Why.ANSWER_DATES,
        ),
        (
            {
                "name": "x.xlsx",
                "folder": "2023-03-08 Natur",
                "in_inbox": True,
                "submitted": AFTER_WATER,
            },
            NATURE,
            Why.INBOX_FOLDER,
        ),
    ],
)
def test_what_tells_a_forms_meeting(form: dict[str, Any], wanted: Meeting, why: Why) -> None:
    """A link, its folder, the days of its answers; a person's folder wins over the days."""
    found = form_belongs_to(SeenForm(created=LATE, **form), BOTH, time_zone=ZONE)
    assert isinstance(found, Placed)
    assert (found.meeting, found.reason.kind) == (wanted, why)


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ({"name": "Utvärdering 8 mars.xlsx", "submitted": AFTER_WATER}, Why.ANSWERS_ELSEWHERE),
        ({"name": "Vattenvård 31 maj.xlsx", "submitted": BEFORE_WATER}, Why.ANSWERS_BEFORE),
        ({"name": "31 maj.xlsx", "submitted": AFTER_WATER, "rates": False}, Why.NO_RATING),
        ({"name": "x.xlsx", "submitted": AFTER_WATER[:2]}, Why.NOTHING),
    ],
)
def test_what_makes_a_forms_meeting_doubtful(form: dict[str, Any], why: Why) -> None:
    """Days that contradict the name, a form that asks for no opinion, too few answers."""
    found = form_belongs_to(SeenForm(created=LATE, **form), BOTH, time_zone=ZONE)
    assert isinstance(found, Unsure)
    assert found.reason.kind is why


def test_answers_between_two_meetings_tell_nothing() -> None:
    """Two meetings in one week: the days alone do not tell which."""
    other = replace(WATER, id="uid-other", title="Upphandling")
    form = SeenForm(name="x.xlsx", created=LATE, submitted=AFTER_WATER)
    found = form_belongs_to(form, (NATURE, WATER, other), time_zone=ZONE)
    assert isinstance(found, Unsure)
    assert set(found.candidates) == {WATER, other}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://forms.office.com/e/abc?origin=x", "https://forms.office.com/e/abc", True),
        ("https://forms.office.com/Pages/ResponsePage.aspx?id=a%2Fb", "a/b", True),
        (
            "https://x.sharepoint.com/:x:/r/_layouts/15/Doc.aspx?sourcedoc=%7BAB-1%7D&action=edit",
            "https://x.sharepoint.com/_layouts/15/Doc.aspx?sourcedoc={ab-1}",
            True,
        ),
        (
            "https://x.sharepoint.com/s/S%20A/a.xlsx?web=1",
            "https://x.sharepoint.com/s/S A/a.xlsx",
            True,
        ),
        ("https://forms.office.com/e/abc", "https://forms.office.com/e/abd", False),
        ("https://forms.office.com/", "https://forms.office.com/", False),
        ("", "", False),
    ],
)
def test_addresses(one: str, other: str, *, same: bool) -> None:
    """Parameters that tell nothing and ways of writing do not tell addresses apart."""
    assert same_address(one, other) is same
