"""Copies by the service, over the sandbox tenant: progress, refusals, and every lost answer."""

from datetime import timedelta
from uuid import uuid4

import httpx
import msgspec
import pytest

from service.errors import (
    Conflict,
    CopyRefused,
    Forbidden,
    NoSpace,
    NotFound,
    SourceVanished,
    TenantFailed,
    Throttled,
    Unreachable,
)
from service.observe import SeenItem
from service.ports import Copied, Copying, CopyLost, Target
from tests.contract.graph.fakes import (
    CLIENT_ID,
    START,
    Bytes,
    FakeClock,
    Wire,
    gateway,
    quick_xor,
)
from tests.contract.graph.neighbours import CLOSED, ENERGY


@pytest.fixture
async def there(way):
    """A library of another team, in which the app may only read."""
    found = await way.drives().shared(ENERGY)
    return found.drive_id


@pytest.fixture
async def source(way, people, there):
    """A file of a colleague's in that library."""
    name = f"{uuid4()}.bin"
    content = {"text": "underlag" * 1000}
    people.act("Upload", drive="energi/Dokument", folder="", name=name, content=content)
    return await way.drives().find(there, name)


@pytest.fixture
async def target(way, shelf):
    folder = await way.drives().ensure_folder(shelf.drive_id, f"2023/{uuid4()}")
    return Target(drive_id=folder.drive_id, parent_id=folder.id, name="kopia å.bin")


async def outcome(drives, source, target, monitor, since):
    """Ask until it is settled; how often it was under way, and what came of it."""
    for times in range(10):
        progress = await drives.copy_progress(source, target, monitor, since=since)
        if not isinstance(progress, Copying):
            return times, progress
        assert 0 <= progress.percent < 100
    raise AssertionError(progress)


async def test_a_file_of_another_site_is_copied_without_a_byte_here(
    way, town_clock, people, source, target
):
    """Under way first, then there by its id; the token goes to no monitor."""
    drives, now = way.drives(), town_clock.now()
    monitor = await drives.begin_copy(source, target)
    times, progress = await outcome(drives, source, target, monitor, now)
    assert times == 1
    assert isinstance(progress, Copied)
    assert (progress.item.name, progress.item.size) == ("kopia å.bin", source.size)
    assert progress.item.quick_xor_hash == source.quick_xor_hash
    assert progress.item.id != source.id


async def test_a_taken_name_is_told_late(way, town_clock, source, target):
    """202 first; the monitor says Conflict, and what lies there stays."""
    drives = way.drives()
    standing = await drives.store(target, Bytes(b"old"))
    monitor = await drives.begin_copy(source, target)
    with pytest.raises(Conflict, match="nameAlreadyExists"):
        await outcome(drives, source, target, monitor, town_clock.now())
    assert (await drives.item(target.drive_id, standing.item.id)).size == 3


async def test_a_lost_202_is_made_up_for(way, town_clock, people, source, target):
    """Not repeated: the copy is found under its name, once it is there."""
    drives, now = way.drives(), town_clock.now()
    people.fault(match={"method": "POST", "path": "/copy"}, when="after", drop=True)
    with pytest.raises(Unreachable):
        await drives.begin_copy(source, target)
    progress = await drives.copy_progress(source, target, "", since=now)
    assert isinstance(progress, Copied)
    assert progress.item.quick_xor_hash == source.quick_xor_hash
    assert people.count("POST", f"{source.id}/copy") == 1


@pytest.mark.parametrize("status", [401, 403, 404, 410])
async def test_a_lost_monitor_is_made_up_for(way, town_clock, people, source, target, status):
    """By the target's name: same size and hash, ours, and no older than the copy."""
    drives, now = way.drives(), town_clock.now()
    monitor = await drives.begin_copy(source, target)
    gone = {"match": {"path": "monitor"}, "status": status, "times": 3}
    people.fault(**gone)
    progress = await drives.copy_progress(source, target, monitor, since=now)
    assert isinstance(progress, Copied)
    later = now + timedelta(hours=1)
    assert await drives.copy_progress(source, target, monitor, since=later) == CopyLost()
    other = Target(drive_id=target.drive_id, parent_id=target.parent_id, name="inte där.bin")
    assert await drives.copy_progress(source, other, monitor, since=now) == CopyLost()


async def test_what_a_person_put_there_is_not_our_copy(way, town_clock, people, shelf, source):
    """The same bytes under the same name, by somebody else: lost, not ours."""
    drives, name = way.drives(), f"{uuid4()}.bin"
    content = {"text": "underlag" * 1000}
    people.act("Upload", drive="Dokumentation", folder="", name=name, content=content)
    root = await drives.ensure_folder(shelf.drive_id, "")
    target = Target(drive_id=shelf.drive_id, parent_id=root.id, name=name)
    progress = await drives.copy_progress(source, target, "", since=town_clock.now())
    assert progress == CopyLost()


async def test_which_side_is_missing_is_told(way, people, source, target):
    """A source that is gone, a folder that is gone; both read, and still refused: streamed."""
    drives = way.drives()
    nowhere = Target(drive_id=target.drive_id, parent_id="01NONE", name="a")
    with pytest.raises(NotFound, match="folder for a in library"):
        await drives.begin_copy(source, nowhere)
    away = Target(drive_id=source.drive_id, parent_id=source.parent_id, name="dit.bin")
    with pytest.raises(CopyRefused):
        await drives.begin_copy(source, away)
    people.act("DeleteFile", item=source.id)
    with pytest.raises(SourceVanished):
        await drives.begin_copy(source, target)


async def test_a_site_without_grant_is_forbidden(way, admin, people, target):
    """The right is named; nothing is copied."""
    name = f"{uuid4()}.bin"
    content = {"text": "hemligt"}
    people.act("Upload", drive="slutet/Dokument", folder="", name=name, content=content)
    hidden = await admin.drives().shared(f"{CLOSED}/{name}")
    with pytest.raises(Forbidden) as caught:
        await way.drives().begin_copy(hidden, target)
    assert "Sites.Selected" in caught.value.remedy
    assert await way.drives().named(target.drive_id, target.parent_id, target.name) is None


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, "invalidRequest"), (501, "notSupported"), (403, "accessDenied"), (400, "malware")],
)
async def test_refusals_of_copying_itself(way, people, source, target, status, code):
    """Both ends can be read, and the service does not copy: stream it."""
    people.fault(match={"method": "POST", "path": "/copy"}, status=status, code=code)
    with pytest.raises(CopyRefused, match=code):
        await way.drives().begin_copy(source, target)


# ---------------------------------------------------------------- the monitor's words

MONITOR = "https://monitor.sharepoint.example/m?tempauth=canary"
ITEM = {
    "id": "copy",
    "name": "a.bin",
    "size": 3,
    "file": {"hashes": {"quickXorHash": quick_xor(b"abc")}},
    "parentReference": {"id": "parent", "driveId": "d", "path": "/drives/d/root:"},
    "createdDateTime": START.isoformat(),
    "lastModifiedBy": {"application": {"id": CLIENT_ID}},
}


def told(status=200, *, body=None, there=True, headers=None, name="a.bin"):
    """A gateway to a monitor that answers so, and to a library where the copy lies or not."""

    async def answer(request):
        if request.url.host == "monitor.sharepoint.example":
            assert "Authorization" not in request.headers
            content = msgspec.json.encode(body or {})
            return httpx.Response(status, content=content, headers=headers)
        if there:
            return httpx.Response(200, content=msgspec.json.encode({**ITEM, "name": name}))
        gone = {"error": {"code": "itemNotFound", "message": "none"}}
        return httpx.Response(404, content=msgspec.json.encode(gone))

    return gateway(Wire(answer), FakeClock())


async def ask(way, **changes):
    source = SeenItem(
        drive_id="s",
        id="source",
        name="a.bin",
        folder=False,
        parent_id="p",
        path="",
        size=changes.get("size", 3),
        etag="",
        ctag="",
        created=START,
        modified=START,
        modified_by_app=None,
        web_url="",
        quick_xor_hash=changes.get("hash"),
    )
    target = Target(drive_id="d", parent_id="parent", name="a.bin")
    async with way:
        return await way.drives().copy_progress(source, target, MONITOR, since=START)


@pytest.mark.parametrize(
    "status",
    ["notStarted", "inProgress", "running", "waiting", "updating", "deletePending", "INPROGRESS"],
)
async def test_words_for_being_under_way(status):
    """All of them, in any case, with or without a percentage."""
    assert await ask(told(202, body={"status": status})) == Copying(percent=0.0)


async def test_an_unknown_word_is_a_failure():
    """Never taken for success; the word is named."""
    with pytest.raises(TenantFailed, match="gaga"):
        await ask(told(body={"status": "gaga"}))


@pytest.mark.parametrize("status", [200, 303])
async def test_done_without_an_id_is_looked_up_by_name(status):
    """As older monitors say it: `completed` alone, or See Other to the item."""
    body = {"status": "completed", "percentageComplete": 100.0}
    headers = {"Location": "https://graph.microsoft.com/v1.0/x"} if status == 303 else None
    progress = await ask(told(status, body=body, headers=headers))
    assert progress.item.id == "copy"


async def test_done_and_gone_is_lost():
    """Somebody removed it at once: nothing of ours lies there."""
    body = {"status": "completed", "resourceId": "copy"}
    assert await ask(told(body=body, there=False)) == CopyLost()


@pytest.mark.parametrize(
    ("changes", "ours"),
    [
        ({}, True),
        ({"hash": quick_xor(b"abc")}, True),
        ({"hash": quick_xor(b"other")}, False),
        ({"size": 4}, False),
        ({"size": 4, "there": "a.docx"}, True),
    ],
)
async def test_what_is_taken_for_the_copy(changes, ours):
    """Size and hash must agree, but for what the service rewrites."""
    progress = await ask(told(404, name=changes.pop("there", "a.bin")), **changes)
    assert isinstance(progress, Copied if ours else CopyLost)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("nameAlreadyExists", Conflict),
        ("quotaLimitReached", NoSpace),
        ("activityLimitReached", Throttled),
        ("generalException", TenantFailed),
        ("accessDenied", CopyRefused),
        ("notSupported", CopyRefused),
        ("somethingNew", CopyRefused),
    ],
)
async def test_failures_of_a_copy(code, kind):
    """Each by its code; what is not known is streamed instead."""
    body = {"status": "failed", "error": {"code": code, "message": "no"}}
    with pytest.raises(kind):
        await ask(told(body=body))


@pytest.mark.parametrize(("status", "kind"), [(500, TenantFailed), (429, Throttled)])
async def test_a_monitor_in_trouble(status, kind):
    """Neither lost nor done: asked again later."""
    with pytest.raises(kind):
        await ask(told(status, body={"error": {"code": "x", "message": "x"}}))
