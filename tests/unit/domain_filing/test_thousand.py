"""Matching alone, over the thousand files that the table places by hand."""

from collections import Counter

import pytest

from service.domain.placement import Placed, Unsure
from service.domain.placing import place
from tests.thousand import Expected, candidate, is_for_the_participants, key, meetings, table

ORIGINS = ("inbox", "event", "mail", "channel", "onedrive", "link")
"""What is put straight into a meeting's folder is not matched: it is there."""


def judged(one: Expected) -> str:
    """right · wrong: somewhere else than a person would · unsure: asked without need."""
    if not is_for_the_participants(one.file) or one.place is None:
        right = one.place is None and not is_for_the_participants(one.file)
        return "right" if right else "wrong"
    answer = place(candidate(one.file), meetings(), time_zone="Europe/Stockholm")
    match answer:
        case Placed(meeting=meeting):
            return "right" if meeting.first_day == one.place else "wrong"
        case Unsure(candidates=candidates):
            if not isinstance(one.place, tuple):
                return "unsure"
            offered = {meeting.first_day for meeting in candidates}
            return "right" if offered >= set(one.place) else "wrong candidates"


def of(verdict: str, origin: str) -> set[str]:
    return {
        key(one.file) for one in table() if one.file.origin == origin and judged(one) == verdict
    }


@pytest.mark.parametrize("origin", ORIGINS)
def test_nothing_is_placed_wrongly(origin: str) -> None:
    """No file goes where a person would not have put it, and who is asked is asked rightly."""
    assert of("wrong", origin) == set()
    assert of("wrong candidates", origin) == set()


@pytest.mark.parametrize("origin", ORIGINS)
def test_few_are_asked_without_need(origin: str) -> None:
    """Where a person would know, nearly always so do we."""
    verdicts = Counter(judged(one) for one in table() if one.file.origin == origin)
    assert verdicts["unsure"] <= verdicts.total() // 50, of("unsure", origin)


def test_the_table_is_large() -> None:
    """About a thousand files, from every source."""
    counted = Counter(one.file.origin for one in table())
    assert counted.total() >= 1000
    assert counted.keys() == {*ORIGINS, "folder"}
