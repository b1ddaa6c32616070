"""Whose a workbook is."""

from dataclasses import replace
from datetime import timedelta

from service.domain.actions import Leave
from service.jobs.collect_surveys import Observed, observe, plan
from service.jobs.known import FORMS, KnownForm
from service.observe import Change
from tests.unit.effects.fate import CLIENT_ID
from tests.unit.effects.world import World, event, meeting

NATURE = meeting()
FORM = KnownForm(item_id="f1", name="Utvärdering.xlsx", ctag="c1", meeting_id=NATURE.id)
HEADER = "ID;Starttid;Slutförandetid;Hur nöjd är du med dagen?\n"


def test_unplaced_says_why() -> None:
    """A form that fits no meeting is left for a person, with the reason."""
    form = replace(FORM, name="Enkät.xlsx", meeting_id="", raw_rows=1, why="flera möten stämmer")
    seen = Observed(
        forms=(form,), homes={}, moved={}, settle=timedelta(minutes=30), client_id=CLIENT_ID
    )
    actions = plan(seen, NATURE.end)

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
    world.drives.put("drive-surveys", "Enkäter/trasig.xlsx", b"PK\x03\x04 and nothing more")
    found = await forms(world, "Utvärdering 2023-03-08.csv")

    assert found["trasig.xlsx"].problem
    assert found["Utvärdering 2023-03-08.csv"].meeting_id == "uid-0308"


async def test_read_once(world: World) -> None:
    """A workbook is fetched only when its content has changed."""
    name = "Utvärdering 2023-03-08.csv"
    [form] = (await forms(world, name)).values()
    world.drives.data[form.item_id] = b"would not be read"
    world.drives.touch(form.item_id)
    assert (await forms(world))[name] == form
    two = HEADER + "1;2023-03-08 15:00;2023-03-08 15:00;5\n2;2023-03-08 15:00;2023-03-08 15:02;6\n"
    world.drives.edit(form.item_id, two.encode())

    assert (await forms(world))[name].raw_rows == 2


async def test_other_folders_are_not_read(world: World) -> None:
    """Workbooks elsewhere in the library are no forms."""
    world.drives.put("drive-surveys", "Budget/Utvärdering 2023-03-08.csv", HEADER.encode())
    assert await forms(world) == {}


async def test_a_form_of_an_older_state_is_read_on(world: World) -> None:
    """What an earlier release kept of it does not tell where it lies."""
    name = "Utvärdering 2023-03-08.csv"
    [form] = (await forms(world, name)).values()
    older = KnownForm(item_id=form.item_id, name=name, ctag="c0", meeting_id=NATURE.id)
    await world.ledger.absorb(FORMS, [Change(id=older.item_id, value=older)])

    assert (await forms(world))[name].ctag == form.ctag
