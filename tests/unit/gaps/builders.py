"""Meetings judged by the shipped rules, and the words they are told in."""

import tomllib
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from service.domain.expected import Expectations, expectations_from, row_of
from service.domain.gaps import Held, Row, State, Thing
from service.domain.meeting import Form, Meeting, Status
from service.render.texts import Texts, texts_from
from tests.unit.effects import world

CONFIG = Path(__file__).parents[3] / "config"
DAY = date(2023, 3, 8)
"""A Wednesday."""
FRIDAY = date(2023, 3, 17)
"""A week on: everything that was expected is missed by then."""

HELD = world.meeting(DAY, status=Status.HELD)
ONLINE = replace(HELD, form=Form.DIGITAL, place="", join_url="https://teams.exempel.se/1")
TOLD = replace(HELD, survey_link="https://enkat.exempel.se/1")


def parsed(name: str) -> dict[str, object]:
    return tomllib.loads((CONFIG / name).read_text(encoding="utf-8"))


@cache
def rules() -> Expectations:
    return expectations_from(parsed("register.toml"))


@cache
def words(language: str = "sv") -> Texts:
    return texts_from(
        parsed(f"texts/{language}.toml"), language=language, time_zone="Europe/Stockholm"
    )


def row(meeting: Meeting = HELD, *, today: date = FRIDAY, **held: object) -> Row:
    return row_of(meeting, Held(**held), rules(), today=today)  # type: ignore[arg-type]


def state(thing: Thing, meeting: Meeting = HELD, *, today: date = FRIDAY, **held: object) -> State:
    return row(meeting, today=today, **held).states[thing]


def after(days: int) -> date:
    """So many calendar days after the meeting."""
    return DAY + timedelta(days=days)
