"""Libraries whose delta is forbidden, and what an idle cycle costs where it is not."""

from datetime import timedelta
from uuid import uuid4

import pytest
from structlog.testing import capture_logs

from service.errors import Forbidden
from service.graph.gateway import Gateway
from service.ports import Target
from tests.contract.graph import worlds
from tests.contract.graph.conftest import settings
from tests.contract.graph.fakes import Bytes
from tests.contract.graph.places import library_of


@pytest.fixture
async def drive_id(town, town_clock):
    """A library of the test's own."""
    async with Gateway(settings(town, worlds.PROVISIONER), town_clock) as owner:
        site = town.env["NATVERKET_NETWORK_SITE"]
        made = await library_of(owner, site, f"Hylla {uuid4()}", ())
    return made.drive_id


@pytest.fixture
def forbidding(people):
    """Delta is refused where something is labelled."""
    people.turn(delta_where_labelled="refused")
    yield
    people.turn(delta_where_labelled="given")


async def pages_of(drives, drive_id, cursor=None):
    return [page async for page in drives.changes(drive_id, cursor)]


def names(changes):
    return {change.value.name for change in changes if change.value}


async def put(drives, drive_id, path):
    folder, _, name = path.rpartition("/")
    parent = await drives.ensure_folder(drive_id, folder)
    target = Target(drive_id=drive_id, parent_id=parent.id, name=name)
    return (await drives.store(target, Bytes(b"x"))).item


@pytest.mark.usefixtures("forbidding")
async def test_a_library_with_labels_is_walked(way, people, town_clock, drive_id):
    """One complete page with every path, and what is gone is told; the cause is logged once."""
    drives = way.drives()
    kept = await put(drives, drive_id, "2023/Träff/a.txt")
    gone = await put(drives, drive_id, "2023/b.txt")
    people.act("LabelFile", item=kept.id, label="Bevaras")
    with capture_logs() as logs:
        (page,) = await pages_of(drives, drive_id)
        assert (page.complete, page.cursor) == (True, None)
        assert names(page.changes) >= {"2023", "Träff", "a.txt", "b.txt"}
        seen = {change.id: change.value for change in page.changes}
        assert seen[kept.id].path == "2023/Träff"
        assert page.against(seen) == page.changes
        people.act("DeleteFile", item=gone.id)
        (page,) = await pages_of(drives, drive_id)
    assert {c.id for c in page.against(seen) if c.value is None} == {gone.id}
    (said,) = [entry for entry in logs if entry["event"] == "delta_forbidden"]
    assert "retention label" in said["cause"]


@pytest.mark.usefixtures("forbidding")
async def test_delta_is_tried_again_after_a_day(way, people, town_clock, drive_id):
    """Not in every cycle; once the label is off, by cursor as before."""
    drives, item = way.drives(), await put(way.drives(), drive_id, "a.txt")
    people.act("LabelFile", item=item.id, label="Bevaras")
    await pages_of(drives, drive_id)
    tried = people.count("GET", "/delta")
    await pages_of(drives, drive_id)
    assert people.count("GET", "/delta") == tried
    people.act("LabelFile", item=item.id, label="")
    await town_clock.move_to(town_clock.now() + timedelta(days=1))
    pages = await pages_of(drives, drive_id)
    assert pages[-1].cursor
    assert not pages[-1].complete


@pytest.mark.usefixtures("forbidding")
async def test_a_cursor_may_meet_the_label_too(way, people, drive_id):
    """Labelled after the first reading: everything is told instead."""
    drives, item = way.drives(), await put(way.drives(), drive_id, "a.txt")
    cursor = (await pages_of(drives, drive_id))[-1].cursor
    people.act("LabelFile", item=item.id, label="Bevaras")
    (page,) = await pages_of(drives, drive_id, cursor)
    assert page.complete
    assert "a.txt" in names(page.changes)


async def test_without_any_right_it_stays_forbidden(town, town_clock, drive_id):
    """Folders that may not be read either are no fallback."""
    async with Gateway(settings(town, worlds.STRANGER), town_clock) as stranger:
        with pytest.raises(Forbidden):
            await pages_of(stranger.drives(), drive_id)


async def test_a_walk_that_breaks_off_tells_nothing(way, people, drive_id, forbidding):
    """Better no news than half of it, which would say that the rest is gone."""
    drives, item = way.drives(), await put(way.drives(), drive_id, "mapp/a.txt")
    people.act("LabelFile", item=item.id, label="Bevaras")
    people.fault(
        match={"method": "GET", "path": "children"}, nth=2, status=403, code="accessDenied"
    )
    with pytest.raises(Forbidden):
        await pages_of(drives, drive_id)


async def test_an_idle_cycle_is_one_request(way, people, drive_id):
    """By its cursor, and nothing else is asked."""
    drives = way.drives()
    await put(drives, drive_id, "a.txt")
    cursor = (await pages_of(drives, drive_id))[-1].cursor
    before = people.count("GET", "/v1.0/")
    (page,) = await pages_of(drives, drive_id, cursor)
    assert (page.changes, people.count("GET", "/v1.0/")) == ((), before + 1)
