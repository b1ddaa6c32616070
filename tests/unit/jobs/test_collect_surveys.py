"""Whose a workbook is, and when its figures are put in the coordinators' folder."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from service.domain.actions import Action, Leave, RefreshFile, Shelf
from service.domain.meeting import Meeting
from service.domain.survey import Response
from service.jobs.collect_surveys import Observed, observe, plan
from service.jobs.evaluations import Evaluation
from service.jobs.known import FORMS, KnownForm, underlag_folder
from service.observe import Change
from tests.unit.effects.world import ZONE, World, event, labels, meeting

NATURE = meeting()
FORM = KnownForm(item_id="f1", name="Utvärdering.xlsx", ctag="c1", meeting_id=NATURE.id)
HEADER = "ID;Starttid;Slutförandetid;Hur nöjd är du med dagen?\n"


def answered(n: int, form: KnownForm = FORM) -> Evaluation:
    responses = tuple(Response(id=str(number), submitted=None) for number in range(n))
    return Evaluation(form=form, responses=responses, satisfaction=None, usefulness=None)


def planned(
    evaluation: Evaluation, *, after: timedelta, of: Meeting = NATURE, **other: object
) -> tuple[Action, ...]:
    seen = Observed(
        meetings={of.id: of},
        answered={evaluation.form.meeting_id: evaluation},
        unplaced=(),
        folders={of.id: underlag_folder(of)},
        labels=labels(),
        name="Utvärdering",
        time_zone=ZONE,
    )
    return plan(replace(seen, **other), of.end + after)


# ---------------------------------------------------------------- figures


def test_sheet_after_closing() -> None:
    """A week after the meeting the figures go to the coordinators' folder."""
    [action] = planned(answered(3), after=timedelta(days=7))

    assert isinstance(action, RefreshFile)
    assert action.folder.shelf is Shelf.COORDINATION
    assert action.folder.path == "Underlag/2023/2023-03-08 Natur i stadsplanering"
    assert action.name == "Utvärdering 2023-03-08.xlsx"
    assert action.source.fingerprint == "c1"
    assert action.source.make().startswith(b"PK")


def test_open_evaluation_waits() -> None:
    """Before it has closed, nothing is written."""
    assert planned(answered(3), after=timedelta(days=7, seconds=-1)) == ()


@pytest.mark.parametrize(("days", "written"), [(3, False), (4, True)])
def test_closing_day_of_its_own(days: int, written: bool) -> None:
    """A closing date in the register counts to its end."""
    of = replace(NATURE, survey_closes=date(2023, 3, 11))
    assert bool(planned(answered(3), after=timedelta(days=days), of=of)) is written


def test_nobody_answered() -> None:
    """A form without answers makes no sheet."""
    assert planned(answered(0), after=timedelta(days=30)) == ()


def test_meeting_that_is_ours_no_more() -> None:
    """An evaluation of an event that lost its group is left, and the rest goes on."""
    lost = answered(3, replace(FORM, meeting_id="uid-lost"))
    assert planned(lost, after=timedelta(days=30)) == ()


def test_unplaced_says_why() -> None:
    """A form that fits no meeting is left for a person, with the reason."""
    form = replace(FORM, name="Enkät.xlsx", meeting_id="", why="flera möten stämmer")
    actions = planned(answered(0), after=timedelta(), unplaced=(form,))

    assert actions == (Leave(subject="Enkät.xlsx", why="flera möten stämmer"),)


# ---------------------------------------------------------------- whose it is


async def forms(world: World, *names: str) -> dict[str, KnownForm]:
    """The forms that are known once workbooks of these names were read."""
    seen = event()
    await world.ledger.absorb("calendar", [Change(id=seen.id, value=seen)])
    for number, name in enumerate(names):
        line = f"1;2023-03-08 15:00;2023-03-08 15:0{number};5\n"
        world.drives.put("drive-surveys", f"Enkäter/{name}", (HEADER + line).encode())
    await observe(world.at)
    return {form.name: form for form in (await world.ledger.seen(FORMS, KnownForm)).values()}


async def test_belongs(world: World) -> None:
    """A date or words in the name tell the meeting, and the answers are kept."""
    name = "Utvärdering Natur i stadsplanering.csv"
    found = await forms(world, name)

    assert (found[name].meeting_id, found[name].raw_rows) == ("uid-0308", 1)
    assert len(await world.journal.responses(found[name].item_id)) == 1


async def test_yearly(world: World) -> None:
    """The yearly survey is no meeting's; its year is in its name or its date."""
    found = await forms(world, "Årsenkät 2022.csv", "Årlig enkät.csv")
    assert {form.year for form in found.values()} == {2022, 2023}
    assert {form.meeting_id for form in found.values()} == {""}


async def test_unsure(world: World) -> None:
    """A name that tells nothing is left to a person, with a reason."""
    found = (await forms(world, "Formulär.csv"))["Formulär.csv"]
    assert (found.meeting_id, found.year) == ("", None)
    assert found.why

    [leave] = plan(await observe(world.at), world.clock.now())
    assert leave == Leave(subject="Formulär.csv", why=found.why)


async def test_unreadable(world: World) -> None:
    """A file that is no workbook is named with its reason, and the others are read."""
    world.drives.put("drive-surveys", "Enkäter/trasig.xlsx", b"no workbook")
    found = await forms(world, "Utvärdering 2023-03-08.csv")

    assert found["trasig.xlsx"].why
    assert found["Utvärdering 2023-03-08.csv"].meeting_id == "uid-0308"


async def test_read_once(world: World) -> None:
    """A workbook is fetched only when its content has changed."""
    name = "Utvärdering 2023-03-08.csv"
    [form] = (await forms(world, name)).values()
    world.drives.data[form.item_id] = b"would not be read"
    world.drives.touch(form.item_id)
    assert (await forms(world))[name] == form
    two = HEADER + "1;2023-03-08 15:00;2023-03-08 15:01;5\n2;2023-03-08 15:00;2023-03-08 15:02;6\n"
    world.drives.edit(form.item_id, two.encode())

    assert (await forms(world))[name].raw_rows == 2


async def test_other_folders_are_not_read(world: World) -> None:
    """Workbooks elsewhere in the library are no forms."""
    world.drives.put("drive-surveys", "Budget/Utvärdering 2023-03-08.csv", HEADER.encode())
    assert await forms(world) == {}
