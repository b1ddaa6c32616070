"""What a meeting is called, and where it is."""

import pytest

from service.domain.titles import on_site, title_of
from tests.unit.domain_filing.year import NETWORK


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        ("Miljöstrategi: Hållbar upphandling", "Hållbar upphandling"),
        ("VB: Inbjudan: Naturvård – Samverkan", "Samverkan"),
        ("[Naturvård] Samverkan", "Samverkan"),
        ("Miljöstrategi + Naturvård: Natur", "Natur"),
        ("Rättvis handel: Avstämning", "Avstämning"),
        ("Natur: en resurs", "Natur: en resurs"),
        ("Utbildning: grund", "Utbildning: grund"),
        ("Inställt: Natur i stadsplanering", "Natur i stadsplanering"),
        ("Naturvård:", "Naturvård:"),
    ],
)
def test_titles(subject: str, title: str) -> None:
    """Only what a mail program or a group puts before a title is taken off."""
    assert title_of(subject, ("miljostrategi",), NETWORK) == title


@pytest.mark.parametrize(
    ("where", "there"),
    [
        ("Grand Hotel, Alingsås", "Grand Hotel, Alingsås"),
        ("Microsoft Teams-möte", ""),
        ("Teams", ""),
        ("Microsoft Teams-möte; Rådhuset, Borås", "Rådhuset, Borås"),
        ("Rådhuset eller via Teams", "Rådhuset"),
        ("Rådhuset och biblioteket", "Rådhuset och biblioteket"),
        ("https://zoom.us/j/1", ""),
        ("", ""),
    ],
)
def test_on_site(where: str, there: str) -> None:
    """A place on the net is no place; a real one stays as written."""
    assert on_site(where) == there
