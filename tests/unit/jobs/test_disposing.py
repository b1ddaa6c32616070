"""Single answers that have fallen due: listed, deleted at a command, and their figures left."""

from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook

from service.domain.annual import fingerprint
from service.domain.retention import Retention
from service.errors import Locked, SettingsError
from service.jobs import collect_surveys, findings, list_disposal, publish_results
from service.jobs.annual import compile_report
from service.jobs.disposing import Given, carry_out
from service.jobs.engine import run
from service.jobs.evaluations import evaluations, yearly_surveys
from service.jobs.frozen import frozen, let_go_again
from service.jobs.known import FORMS, KnownForm, known
from service.jobs.retention import disposals, due
from service.observe import Change
from service.store import Store
from tests.unit.effects.fate import Crash
from tests.unit.effects.world import KEPT, World, contents, event

RULE = Retention(months=6, decision="KS 2023/0123 § 45")
GIVEN = Given(by="Anna Exempel", command="natverket dispose --carry-out")
LATER = datetime(2023, 9, 20, 8, 0, tzinfo=UTC)
"""More than six months after 15 March, when the evaluation closed."""
NEXT_YEAR = datetime(2024, 6, 30, 8, 0, tzinfo=UTC)
HEADER = "ID;Starttid;Slutförandetid;Hur nöjd är du med dagen?;Vad tar du med dig?\n"
SECRET = "Jag heter Siv och sa detta"
ROWS = "".join(
    f"{n};2023-03-08 15:00;2023-03-08 15:{n:02};{point};{SECRET if n == 3 else ''}\n"
    for n, point in enumerate((5, 6, 4, 5, 6, 3), 1)
)
YEARLY = HEADER.replace("dagen", "nätverket") + ROWS.replace("03-08", "12-08")
NAME = "Enkäter/Utvärdering 2023-03-08.csv"


async def answered(world: World, *, rule: Retention | None = RULE) -> World:
    """A meeting and a year of which answers were collected, and a result file that was written."""
    seen = event()
    await world.ledger.absorb("calendar", [Change(id=seen.id, value=seen)])
    world.drives.put("drive-surveys", NAME, (HEADER + ROWS).encode())
    world.drives.put("drive-surveys", "Enkäter/Årsenkät 2023.csv", YEARLY.encode())
    await with_rule(world, rule)
    world.clock.moment = LATER
    await run(collect_surveys.JOB, world.at, LATER)
    await run(publish_results.JOB, world.at, LATER)
    return world


async def with_rule(world: World, rule: Retention | None) -> None:
    world.restarted()
    world.at = replace(world.at, rules=replace(world.at.rules, retention=rule))


async def figures(world: World) -> object:
    """What every reader of the figures gets."""
    facts = await known(world.at)
    year = (await yearly_surveys(world.at))[2023]
    one = (await evaluations(world.at))["uid-0308"]
    return (
        fingerprint(replace(await compile_report(world.at, 2023), network_id="")),
        {
            name: value
            for name, value in (await findings.findings(world.at, facts))["uid-0308"].items()
            if name in ("NvAnswers", "NvSatisfaction", "NvUsefulness")
        },
        (one.n, one.satisfaction, one.usefulness, one.rated, one.sources),
        tuple(one.answers_to(question) for question in one.questions),
        (year.n, year.questions, year.sources),
    )


async def held(world: World) -> str:
    """Everything of single answers that the state holds."""
    forms = await world.ledger.seen(FORMS, KnownForm)
    return str([await world.journal.responses(form) for form in forms])


def gallring(world: World) -> dict[str, bytes]:
    return contents(world, "Gallring", KEPT)


def sheets(data: bytes) -> dict[str, list[tuple[object, ...]]]:
    book = load_workbook(BytesIO(data))
    return {page.title: list(page.iter_rows(values_only=True)) for page in book}


# ---------------------------------------------------------------- what is due


async def test_due_after_the_months(world: World) -> None:
    """The last day to answer counts whole, and so does the last day of the months."""
    await answered(world)
    world.clock.moment = datetime(2023, 9, 15, 21, 59, tzinfo=UTC)
    assert (await due(world.at)).surveys == ()
    world.clock.moment = datetime(2023, 9, 15, 22, 0, tzinfo=UTC)
    [one] = (await due(world.at)).surveys

    assert (one.title, one.closed, one.responses) == (
        "Natur i stadsplanering",
        date(2023, 3, 15),
        6,
    )


async def test_yearly_survey_is_due_by_its_own_day(world: World) -> None:
    """The year's survey closes with the year where the network names no day."""
    await answered(world)
    world.clock.moment = NEXT_YEAR
    assert [one.survey for one in (await due(world.at)).surveys] == ["meeting/uid-0308"]
    world.clock.moment = datetime(2024, 6, 30, 22, 0, tzinfo=UTC)
    assert "year/2023" in [one.survey for one in (await due(world.at)).surveys]


async def test_nothing_is_due_without_a_rule(world: World) -> None:
    """No decision, no disposal: neither listed nor carried out."""
    await answered(world, rule=None)
    world.clock.moment = NEXT_YEAR

    assert (await due(world.at)).surveys == ()
    with pytest.raises(SettingsError, match="RETENTION"):
        await carry_out(GIVEN, world.at)
    assert SECRET in await held(world)


# ---------------------------------------------------------------- the list


async def test_the_list(world: World) -> None:
    """It names survey, rule, decision, source, and what people have to delete themselves."""
    await answered(world)
    before = dict(world.drives.data)
    outcome = await run(list_disposal.JOB, world.at, LATER)
    [(name, data)] = gallring(world).items()
    shown = str(sheets(data))

    assert (outcome.run.did, name) == (1, "Gallringslista 2023-09.xlsx")
    for word in ("Natur i stadsplanering", "2023-03-15", RULE.decision, "6 månader", "Forms"):
        assert word in shown
    assert SECRET not in shown
    assert SECRET in await held(world)
    assert {k: world.drives.data[k] for k in before} == before


async def test_documents_are_listed_and_left(world: World) -> None:
    """A day in *Gallras efter* that has passed puts a document on the list, and no further."""
    item = world.drives.put(KEPT, "Underlag/2023/Närvaro.xlsx", b"names")
    young = world.drives.put(KEPT, "Underlag/2023/Ny.xlsx", b"names too")
    world.drives.columns[item.id] = {
        "NvDisposeAfter": "2023-08-31T12:00:00Z",
        "NvRegistryNo": "KS 1",
    }
    world.drives.columns[young.id] = {"NvDisposeAfter": "2030-08-31T12:00:00Z"}
    world.clock.moment = LATER
    await run(list_disposal.JOB, world.at, LATER)
    shown = sheets(gallring(world)["Gallringslista 2023-09.xlsx"])["Handlingar att gallra"]

    assert [row[0] for row in shown[1:]] == ["Närvaro.xlsx"]
    assert shown[1][2:4] == ("2023-08-31", "KS 1")
    assert item.id in world.drives.items


async def test_no_list_where_nothing_is_due(world: World) -> None:
    """An empty list would be noise."""
    assert list_disposal.plan(await list_disposal.observe(world.at), LATER) == ()


# ---------------------------------------------------------------- carried out


async def test_figures_stay_everywhere(world: World) -> None:
    """Report, register, survey and year say after it what they said before it."""
    await answered(world)
    world.clock.moment = datetime(2024, 8, 1, tzinfo=UTC)
    before = await figures(world)
    [disposal] = await carry_out(GIVEN, world.at)
    await with_rule(world, RULE)

    assert await figures(world) == before
    assert disposal.surveys == ("meeting/uid-0308", "year/2023")
    assert SECRET not in await held(world)
    assert "2023-03-08" not in await held(world)
    assert {one.n for one in (await frozen(world.at)).values()} == {6}


async def test_result_file_without_answers(world: World) -> None:
    """Ours is written anew with the same figures; its sheet of answers is gone."""
    await answered(world)
    path = "Underlag/2023/2023-03-08 Natur i stadsplanering"
    [before] = contents(world, path, KEPT).values()
    await carry_out(GIVEN, world.at)
    [after] = contents(world, path, KEPT).values()
    old, new = sheets(before), sheets(after)

    assert SECRET in str(old)
    assert SECRET not in str(new)
    assert new == {name: rows for name, rows in old.items() if name != "Svar"}
    assert (await run(publish_results.JOB, world.at, LATER)).run.did == 0


async def test_result_file_that_was_edited(world: World) -> None:
    """It is a person's by now: left as it is, and named among what people must delete."""
    await answered(world)
    path = "Underlag/2023/2023-03-08 Natur i stadsplanering"
    [item] = [i for i in world.drives.items.values() if i.name.startswith("Utvärdering 2023")][1:]
    world.drives.edit(item.id, b"a person's own")
    await carry_out(GIVEN, world.at)
    hand = sheets(gallring(world)["Gallringskvitto 2023-09-20.xlsx"])["Kvar att radera för hand"]

    assert contents(world, path, KEPT)[item.name] == b"a person's own"
    assert any("redigerat" in str(row[1]) for row in hand)


async def test_the_receipt(world: World) -> None:
    """What, how many, when, by whose command, on whose decision; and nothing of the answers."""
    await answered(world)
    await carry_out(GIVEN, world.at)
    shown = str(sheets(gallring(world)["Gallringskvitto 2023-09-20.xlsx"]))

    for word in (GIVEN.by, GIVEN.command, RULE.decision, "2023-09-20 10:00", "4.833333"):
        assert word in shown
    [left] = (await frozen(world.at)).values()
    assert left.sha256 in shown
    assert SECRET not in shown


async def test_it_does_not_come_back(world: World) -> None:
    """Neither from the same workbook, nor by late answers, nor by another file of that meeting."""
    await answered(world)
    await carry_out(GIVEN, world.at)
    before = await figures(world)
    [item] = [i for i in world.drives.items.values() if i.drive_id == "drive-surveys"][1:2]
    world.drives.edit(item.id, (HEADER + ROWS + ROWS.replace("15:0", "16:0")).encode())
    for item in list(world.drives.items.values()):
        if item.name == "Utvärdering 2023-03-08.csv":
            world.drives.edit(item.id, (HEADER + ROWS + "9;;2023-09-01 12:00;1;Sent\n").encode())
    world.drives.put("drive-surveys", NAME.replace(".csv", " (1).csv"), (HEADER + ROWS).encode())
    await run(collect_surveys.JOB, world.at, LATER)

    assert await figures(world) == before
    assert SECRET not in await held_of(world, "uid-0308")


async def test_answers_told_of_in_warnings_go_too(world: World) -> None:
    """What is no point of the scale is told verbatim, so that it is a single answer as well."""
    await answered(world)
    odd = f"7;2023-03-08 15:00;2023-03-08 15:07;{SECRET};\n"
    book = next(one for one in world.drives.items.values() if one.name.endswith("03-08.csv"))
    world.drives.edit(book.id, (HEADER + ROWS + odd).encode())
    await run(collect_surveys.JOB, world.at, LATER)
    assert SECRET in str((await world.ledger.seen(FORMS, KnownForm))[book.id].warnings)

    await carry_out(GIVEN, world.at)
    assert SECRET not in str(await world.ledger.seen(FORMS, KnownForm))


async def test_workbook_that_is_another_meetings_by_now(world: World) -> None:
    """Its answers are that one's, and stay; nobody's go, as long as nobody knows whose it is."""
    await answered(world)
    await carry_out(GIVEN, world.at)
    forms = await world.ledger.seen(FORMS, KnownForm)
    [form] = [one for one in forms.values() if one.meeting_id == "uid-0308"]
    for meeting_id, left in (("uid-0510", 6), ("", 0)):
        other = replace(form, meeting_id=meeting_id)
        await world.ledger.absorb(FORMS, [Change(id=form.item_id, value=other)])
        [source] = [one for one in forms.values() if one.year]
        given = await world.journal.responses(source.item_id)
        await world.journal.replace_responses(form.item_id, given)
        await let_go_again(world.at)

        assert len(await world.journal.responses(form.item_id)) == left


async def held_of(world: World, meeting_id: str) -> str:
    forms = (await world.ledger.seen(FORMS, KnownForm)).values()
    mine = [form.item_id for form in forms if form.meeting_id == meeting_id]
    return str([await world.journal.responses(form) for form in mine])


async def test_twice_is_once(world: World) -> None:
    """A second command finds nothing due and writes nothing."""
    await answered(world)
    await carry_out(GIVEN, world.at)
    writes = list(world.fate.writes)

    assert await carry_out(GIVEN, world.at) == ()
    assert world.fate.writes == writes


async def test_two_in_a_day(world: World) -> None:
    """Each has a receipt of its own, though the state had forgotten the first one."""
    world.drives.put(KEPT, "Gallring/Gallringskvitto 2023-09-20.xlsx", b"an earlier one")
    await answered(world)
    await carry_out(GIVEN, world.at)

    assert sorted(gallring(world)) == [
        "Gallringskvitto 2023-09-20 (2).xlsx",
        "Gallringskvitto 2023-09-20.xlsx",
    ]
    assert gallring(world)["Gallringskvitto 2023-09-20.xlsx"] == b"an earlier one"


async def test_only_what_was_named(world: World) -> None:
    """A command for one survey leaves the others due."""
    await answered(world)
    world.clock.moment = datetime(2024, 8, 1, tzinfo=UTC)
    [disposal] = await carry_out(replace(GIVEN, surveys=["year/2023"]), world.at)

    assert disposal.surveys == ("year/2023",)
    assert [one.survey for one in (await due(world.at)).surveys] == ["meeting/uid-0308"]


async def test_file_that_is_open(world: World) -> None:
    """A file that somebody has open stops it before the receipt; the same command goes on."""
    await answered(world)
    [item] = [i for i in world.drives.items.values() if i.name == "Utvärdering 2023-03-08.xlsx"]
    world.drives.locked.add(item.id)
    with pytest.raises(Locked):
        await carry_out(GIVEN, world.at)
    assert gallring(world) == {}
    assert SECRET not in await held_of(world, "uid-0308")

    world.drives.locked.clear()
    await carry_out(GIVEN, world.at)
    assert list(gallring(world)) == ["Gallringskvitto 2023-09-20.xlsx"]


# ---------------------------------------------------------------- cut off


async def test_cut_off_anywhere(state: Store) -> None:
    """Killed between any two steps and run again, it ends the same, with one receipt."""
    quiet = await answered(World(state))
    before = await figures(quiet)
    quiet.fate.end(None)
    await carry_out(GIVEN, quiet.at)
    boundaries = quiet.fate.passed

    assert boundaries > 20
    for boundary in range(1, boundaries + 1):
        world = await answered(World(state))
        world.fate.end(boundary)
        with pytest.raises(Crash):
            await carry_out(GIVEN, world.at)
        world.fate.end(None)
        await with_rule(world, RULE)
        # Whatever has happened so far, readers see the same figures.
        assert await figures(world) == before, boundary
        await collect_surveys.observe(world.at)
        world.clock.on(hours=2)
        await carry_out(GIVEN, world.at)

        assert await figures(world) == before, boundary
        assert SECRET not in await held_of(world, "uid-0308"), boundary
        assert list(gallring(world)) == ["Gallringskvitto 2023-09-20.xlsx"], boundary
        [disposal] = (await disposals(world.at)).values()
        assert disposal.done, boundary
        assert SECRET not in str(gallring(world)), boundary
