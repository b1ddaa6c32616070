"""Drives and their contents, over the sandbox tenant."""

import ssl
from uuid import uuid4

import httpx
import pytest

from service.errors import Changed, Conflict, CursorExpired, NotFound, SourceVanished
from service.graph.ranges import FIRST as RANGE
from service.graph.upload import SMALL
from service.ports import Target
from tests.contract.graph import worlds
from tests.contract.graph.conftest import LIBRARY_COLUMNS
from tests.contract.graph.fakes import Bytes, pattern
from tests.contract.graph.places import library_of


async def changes_of(drives, drive_id, cursor=None):
    pages = [page async for page in drives.changes(drive_id, cursor)]
    assert [page.cursor is not None for page in pages] == [False] * (len(pages) - 1) + [True]
    return {c.id: c.value for page in pages for c in page.changes}, pages[-1].cursor


async def read(content, offset=0):
    return b"".join([piece async for piece in content.read(offset)])


@pytest.fixture
async def folder(tenant, library):
    """A folder of one test's own."""
    return await tenant.drives().ensure_folder(library.drive_id, f"2023/{uuid4()}")


def target(folder, name, replace=None):
    return Target(drive_id=folder.drive_id, parent_id=folder.id, name=name, replace=replace)


@pytest.mark.parametrize("size", [0, 1, SMALL, SMALL + 1, RANGE + 1])
async def test_what_is_stored_is_read_back(tenant, folder, size):
    """By one request or by a session, the bytes are the same, from any offset."""
    drives, data = tenant.drives(), pattern(size)
    stored = await drives.store(target(folder, "fil.bin"), Bytes(data))
    assert stored.item.size == stored.sent_bytes == size
    assert stored.item.path == f"{folder.path}/{folder.name}"
    assert stored.item.modified_by_app == worlds.DAEMON.client_id
    content = drives.content(folder.drive_id, stored.item.id)
    assert await read(content) == data
    assert await read(content, size // 2) == data[size // 2 :]
    assert await read(content, size) == b""


@pytest.mark.parametrize("name", ["Möte #1 50%.txt", "a+b & c;d=e.txt", "it's (1).txt", "å.tar.gz"])
async def test_names_of_every_kind(tenant, folder, name):
    """Names are quoted, so that they come out as they went in."""
    drives = tenant.drives()
    stored = await drives.store(target(folder, name), Bytes(b"x"))
    assert stored.item.name == name
    found = await drives.find(folder.drive_id, f"{folder.path}/{folder.name}/{name}")
    assert found.id == stored.item.id


async def test_office_files_may_come_back_other_than_sent(tenant, folder):
    """SharePoint writes into them: neither size nor hash is held against it."""
    stored = await tenant.drives().store(target(folder, "plan.docx"), Bytes(pattern(2000)))
    assert stored.sent_bytes == 2000


async def test_nothing_is_overwritten_unasked(tenant, folder):
    """A taken name is a Conflict; replacing takes the eTag of what is replaced."""
    drives = tenant.drives()
    first = await drives.store(target(folder, "a.bin"), Bytes(b"one"))
    for size in (3, SMALL + 1):
        with pytest.raises(Conflict):
            await drives.store(target(folder, "a.bin"), Bytes(pattern(size)))
    second = await drives.store(target(folder, "a.bin", first.item.etag), Bytes(b"two"))
    assert second.item.id == first.item.id
    with pytest.raises(Changed):
        await drives.store(target(folder, "a.bin", first.item.etag), Bytes(b"three"))
    assert await read(drives.content(folder.drive_id, first.item.id)) == b"two"


async def test_folders_are_made_once(tenant, library):
    """With their parents; where they are there, they are returned."""
    drives, path = tenant.drives(), f"2023/{uuid4()}/Bilder & sånt"
    made = await drives.ensure_folder(library.drive_id, path)
    assert (made.folder, f"{made.path}/{made.name}") == (True, path)
    assert (await drives.ensure_folder(library.drive_id, path)).id == made.id
    assert (await drives.ensure_folder(library.drive_id, "")).parent_id is None
    await drives.store(target(made, "fil"), Bytes(b"x"))
    with pytest.raises(Conflict):
        await drives.ensure_folder(library.drive_id, f"{path}/fil")


async def test_what_is_not_there(tenant, library):
    """None for items; an error for contents."""
    drives = tenant.drives()
    assert await drives.find(library.drive_id, "finns/inte") is None
    assert await drives.item(library.drive_id, "01NOSUCHITEM") is None
    with pytest.raises(SourceVanished):
        await read(drives.content(library.drive_id, "01NOSUCHITEM"))


async def test_moving_keeps_the_id(tenant, folder):
    """Renamed and moved in one; not over another, not from an older state."""
    drives = tenant.drives()
    item = (await drives.store(target(folder, "a"), Bytes(b"x"))).item
    await drives.store(target(folder, "taken"), Bytes(b"y"))
    there = await drives.ensure_folder(folder.drive_id, f"{folder.path}/{folder.name}/under")
    moved = await drives.move(item, drive_id=folder.drive_id, parent_id=there.id, name="b å")
    assert (moved.id, moved.name, moved.parent_id) == (item.id, "b å", there.id)
    assert moved.path == f"{there.path}/{there.name}"
    with pytest.raises(Changed):
        await drives.move(item, drive_id=folder.drive_id, parent_id=folder.id, name="c")
    with pytest.raises(Conflict):
        await drives.move(moved, drive_id=folder.drive_id, parent_id=folder.id, name="taken")


async def test_moving_to_another_library(tenant, folder, site_id):
    """The id stays, as it does for coordinators who file from the inbox."""
    drives = tenant.drives()
    item = (await drives.store(target(folder, "inkom"), Bytes(b"x"))).item
    other = (await tenant.sites().library(site_id)).drive_id
    root = await drives.ensure_folder(other, "")
    name = str(uuid4())
    moved = await drives.move(item, drive_id=other, parent_id=root.id, name=name)
    assert (moved.drive_id, moved.path, moved.name) == (other, "", name)
    assert await drives.item(folder.drive_id, item.id) is None
    assert await read(drives.content(other, moved.id)) == b"x"


async def test_delta_tells_what_is_new_and_what_is_gone(tenant, library, folder):
    """Everything without a cursor, with paths; afterwards only what changed."""
    drives = tenant.drives()
    item = (await drives.store(target(folder, "a"), Bytes(b"x"))).item
    seen, cursor = await changes_of(drives, library.drive_id)
    assert seen[item.id] == item
    assert (await changes_of(drives, library.drive_id, cursor))[0] == {}
    moved = await drives.move(item, drive_id=folder.drive_id, parent_id=folder.id, name="b")
    seen, cursor = await changes_of(drives, library.drive_id, cursor)
    assert seen[item.id].name == "b"
    assert seen[item.id].path == moved.path


async def test_a_cursor_that_no_longer_holds(tenant, sandbox, library):
    """410 is CursorExpired: an ordinary path."""
    drives = tenant.drives()
    _, cursor = await changes_of(drives, library.drive_id)
    await script(sandbox, {"match": {"method": "GET", "path": "delta"}, "status": 410})
    with pytest.raises(CursorExpired):
        await changes_of(drives, library.drive_id, cursor)


async def test_columns_are_written_and_read_back(tenant, folder):
    """By internal name; written again, nothing changes and no version is made."""
    drives = tenant.drives()
    item = (await drives.store(target(folder, "a.bin"), Bytes(b"x"))).item
    fields = {
        "NvMeeting": "Natur i staden",
        "NvGroups": "En ny grupp",
        "NvMeetingDate": "2023-03-08T12:00:00Z",
        "NvSource": "m-1",
    }
    written = await drives.set_columns(folder.drive_id, item.id, fields)
    assert {name: written[name] for name in fields} == fields
    after = await drives.item(folder.drive_id, item.id)
    assert (after.etag != item.etag, after.ctag == item.ctag) == (True, True)
    await drives.set_columns(folder.drive_id, item.id, fields)
    assert (await drives.item(folder.drive_id, item.id)).etag == after.etag


async def test_columns_of_a_new_file_take_one_request(tenant, sandbox, folder, site_id):
    """One just stored, or moved in, has no columns of ours to be read; any other may have."""
    drives, fields = tenant.drives(), {"NvMeeting": "Natur"}
    item = (await drives.store(target(folder, "a.bin"), Bytes(b"x"))).item
    assert await methods(sandbox, drives.set_columns(item.drive_id, item.id, fields)) == ["PATCH"]
    assert await methods(sandbox, drives.set_columns(item.drive_id, item.id, fields)) == ["GET"]
    other = await tenant.sites().library(site_id, "Dokument")
    there = Target(drive_id=other.drive_id, parent_id="root", name=f"{uuid4()}.bin")
    item = (await drives.store(there, Bytes(b"x"))).item
    item = await drives.move(item, drive_id=folder.drive_id, parent_id=folder.id, name="b.bin")
    fields = {"NvMeeting": "Natur i staden"}
    assert await methods(sandbox, drives.set_columns(item.drive_id, item.id, fields)) == ["PATCH"]
    fields = {"NvMeeting": "Natur i stadsplanering"}
    asked = await methods(sandbox, drives.set_columns(item.drive_id, item.id, fields))
    assert asked == ["GET", "PATCH"]


async def methods(sandbox, work):
    """What is asked of the tenant meanwhile."""
    context = ssl.create_default_context(cafile=str(sandbox.ca_file))
    async with httpx.AsyncClient(verify=context, base_url=f"{sandbox.url}/_sandbox/") as control:
        last = (await control.get("requests?summary=1")).json()["last"]
        await work
        return [i["method"] for i in (await control.get(f"requests?since={last}")).json()["items"]]


@pytest.mark.parametrize(("status", "code"), [(409, "resourceModified"), (412, "notAllowed")])
async def test_columns_of_a_file_that_the_service_is_reading(tenant, sandbox, folder, status, code):
    """The eTag is read again and the columns are written after all."""
    drives = tenant.drives()
    item = (await drives.store(target(folder, "a.bin"), Bytes(b"x"))).item
    await script(
        sandbox, {"match": {"method": "PATCH", "path": "fields"}, "status": status, "code": code}
    )
    written = await drives.set_columns(folder.drive_id, item.id, {"NvMeeting": "Natur"})
    assert written["NvMeeting"] == "Natur"


async def test_lost_answers_of_the_tenant(tenant, sandbox, folder):
    """The effect without the answer: recognised for small files and for sessions."""
    drives = tenant.drives()
    for name, size in (("liten.bin", 900), ("stor.bin", 2 * RANGE + 5)):
        fault = {"match": {"method": "PUT"}, "when": "after", "drop": True}
        await script(sandbox, fault)
        data = pattern(size)
        stored = await drives.store(target(folder, name), Bytes(data))
        assert await read(drives.content(folder.drive_id, stored.item.id)) == data


@pytest.mark.parametrize(("switch", "sent"), [("put", 2), ("refused", 4)])
async def test_a_name_that_is_taken_during_the_upload(tenant, sandbox, folder, switch, sent):
    """The tenant puts the same session under another name, or it is sent again there."""
    drives, data, states = tenant.drives(), pattern(RANGE + 1), []

    async def keep(state):
        if not states:
            await drives.store(target(folder, "film.bin"), Bytes(b"a person's"))
        states.append(state)

    since = (await control(sandbox, "GET", "requests?summary=1"))["last"]
    with pytest.raises(Conflict):
        await drives.store(target(folder, "film.bin"), Bytes(data), keep=keep)
    await control(sandbox, "POST", "settings", {"session_under_another_name": switch})
    try:
        other = target(folder, "film (2).bin")
        stored = await drives.store(other, Bytes(data), resume=states[-1], keep=keep)
    finally:
        await control(sandbox, "POST", "settings", {"session_under_another_name": "put"})
    assert await read(drives.content(folder.drive_id, stored.item.id)) == data
    asked = (await control(sandbox, "GET", f"requests?since={since}"))["items"]
    ranges = [one for one in asked if one["method"] == "PUT" and "/upload/" in one["path"]]
    assert len(ranges) == sent


async def test_sites_libraries_and_lists_are_found(tenant, site_id, library, register):
    """By id, address and display name, in any case."""
    sites = tenant.sites()
    site = await sites.site(site_id)
    assert site.name == worlds.SITE_NAME
    assert (await sites.site(site.url)).id == site_id
    for named in (library.drive_id, library.list_id, library.url, "dokumentation"):
        found = await sites.library(site_id, named)
        assert (found.drive_id, found.list_id) == (library.drive_id, library.list_id)
        assert not found.default
    assert (await sites.library(site_id)).default
    for named in (register.list_id, register.url, "MÖTEN"):
        assert (await sites.find_list(site_id, named)).list_id == register.list_id
    with pytest.raises(NotFound, match="Dokumentation"):
        await sites.library(site_id, "Finns inte")


async def test_provisioning_again_changes_nothing(owner, site_id, library):
    """What is there is left, and told as there."""
    again = await library_of(owner, site_id, "Dokumentation", LIBRARY_COLUMNS)
    assert (again.created, again.added) == (False, ())


async def script(sandbox, fault):
    """Let the sandbox misbehave at the next request that fits."""
    await control(sandbox, "POST", "faults", fault)


async def control(sandbox, method, what, body=None):
    context = ssl.create_default_context(cafile=sandbox.ca_file)
    async with httpx.AsyncClient(verify=context) as client:
        answer = await client.request(method, f"{sandbox.url}/_sandbox/{what}", json=body)
        assert answer.status_code in {200, 201}, answer.text
        return answer.json()
