"""The year's meetings, and what each has and lacks, in the coordinators' language."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

import typer

from service.cli.app import app, chosen, until_done
from service.cli.words import DONE
from service.domain.gaps import Row, Waiting
from service.domain.gaps_in_words import sentences
from service.domain.notice import Removed, Unplaced
from service.domain.period import local_day
from service.domain.plan.asking import question
from service.domain.plan.binding import Asked
from service.jobs.known import known
from service.jobs.overview import Overview, overview
from service.render.overview import lacking, loose, planned, table
from service.render.texts import Texts
from service.settings import Settings
from service.wiring import Office, open_office

READABLE = 100
"""Columns beyond which lines are hard to follow, and where nobody says how many there are."""
NARROWEST = 80


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What is shown of one network."""

    network: str
    """Its id."""
    rows: tuple[Row, ...]
    overview: Overview
    texts: Texts


@app.command()
def meetings(
    context: typer.Context,
    *,
    year: Annotated[
        int | None, typer.Option(help="Without: this year; with --missing: every year.")
    ] = None,
    missing: Annotated[bool, typer.Option(help="Only what is missing, in words.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """The year's meetings: what each has, what is missing and what to do about it."""
    settings = chosen(context).settings()
    until_done(_meetings(settings, year, missing=missing, as_json=as_json))


async def _meetings(settings: Settings, year: int | None, *, missing: bool, as_json: bool) -> int:
    async with open_office(settings) as office:
        found = await _found(office, year, missing=missing)
    if as_json:
        print(json.dumps(_as_json(found), ensure_ascii=False, indent=1))
        return DONE
    width = max(NARROWEST, min(shutil.get_terminal_size((READABLE, 0)).columns, READABLE))
    for one in found:
        lines = lacking if missing else table
        for line in lines(one.rows, one.texts, width=width):
            print(line)
        now = one.overview
        told = loose(now.unplaced, now.removed, one.texts, width=width, forms=now.surveys.asked)
        for line in told:
            print(line)
        for line in planned(one.overview.planned, one.texts, width=width):
            print(line)
    return DONE


async def _found(office: Office, year: int | None, *, missing: bool) -> list[Shown]:
    found = []
    for at in office.workplaces:
        now = await overview(at, await known(at))
        this_year = local_day(at.clock.now(), at.network.time_zone).year
        wanted = year if year is not None or missing else this_year
        rows = [row for row in now.rows if wanted in (None, row.meeting.first_day.year)]
        if missing:
            rows = [row for row in rows if sentences(row, at.texts)]
        found.append(Shown(network=at.network.id, rows=tuple(rows), overview=now, texts=at.texts))
    return found


# ---------------------------------------------------------------- for machines


def _as_json(found: Sequence[Shown]) -> dict[str, Any]:
    """One object for all networks; each thing in it tells whose it is."""
    return {
        "meetings": [
            {"network": one.network, **_row(row, one.texts)} for one in found for row in one.rows
        ],
        "unplaced": [
            {"network": one.network, **_unplaced(file)}
            for one in found
            for file in one.overview.unplaced
        ],
        "forms": [
            {"network": one.network, **_unplaced(form)}
            for one in found
            for form in one.overview.surveys.asked
        ],
        "removed": [
            {"network": one.network, **_removed(file)}
            for one in found
            for file in one.overview.removed
        ],
        "planned": [
            {"network": one.network, **_planned(asked, one.texts)}
            for one in found
            for asked in one.overview.planned
        ],
    }


def _row(row: Row, texts: Texts) -> dict[str, Any]:
    meeting = row.meeting
    return {
        "id": meeting.id,
        "date": meeting.first_day.isoformat(),
        "last_date": meeting.last_day.isoformat(),
        "title": meeting.title,
        "place": meeting.place,
        "groups": list(meeting.groups),
        "form": meeting.form.value,
        "status": meeting.status.value,
        "things": {thing.value: _plain(state) for thing, state in row.states.items()},
        "waiting": [_waiting(one) for one in row.waiting],
        "missing": [thing.value for thing in row.lacks],
        "says": list(sentences(row, texts)),
    }


def _plain(state: object) -> dict[str, Any]:
    """A state by its name, with what it says of itself; what it does not know is left out."""
    name = "".join(f"_{c.lower()}" if c.isupper() else c for c in type(state).__name__)
    values = {key: _value(value) for key, value in vars(state).items()}
    told = {key: value for key, value in values.items() if value not in (None, [])}
    return {"state": name.removeprefix("_"), **told}


def _value(value: object) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value


def _waiting(one: Waiting) -> dict[str, Any]:
    return {"thing": one.thing.value, **_plain(one), "state": "waits"}


def _unplaced(one: Unplaced) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "candidates": [meeting.first_day.isoformat() for meeting in one.candidates],
        "url": one.url,
    }


def _removed(one: Removed) -> dict[str, Any]:
    return {"name": one.name, "meeting": one.meeting.id, "date": one.meeting.first_day.isoformat()}


def _planned(one: Asked, texts: Texts) -> dict[str, Any]:
    return {
        "row": one.row.row_id,
        "title": one.row.title,
        "date": one.row.first_day.isoformat() if one.row.first_day else None,
        "doubt": one.doubt.value,
        "meetings": [meeting.id for meeting in one.meetings],
        "says": question(one, texts),
    }
