"""What libraries hold files by: check-out, required columns, approval, records."""

from uuid import uuid4

import pytest

from service.domain.provision import Column
from service.errors import (
    AwaitsApproval,
    Forbidden,
    HeldAsRecord,
    Locked,
    MissingColumn,
    MustBeCheckedOut,
    Verdict,
)
from service.graph.gateway import Gateway
from service.ports import Target
from tests.contract.graph import worlds
from tests.contract.graph.conftest import settings
from tests.contract.graph.fakes import Bytes
from tests.contract.graph.places import library_of

FORM = {"NvForm": "fysisk"}


@pytest.fixture
async def library(town, town_clock):
    """A library of the test's own, by its name and drive id."""
    name = f"Hylla {uuid4()}"
    columns = (Column(name="NvForm", display_name="Form"),)
    async with Gateway(settings(town, worlds.PROVISIONER), town_clock) as owner:
        site = town.env["NATVERKET_NETWORK_SITE"]
        made = await library_of(owner, site, name, columns)
    return name, made.drive_id


@pytest.fixture
async def put(way, library):
    """Put a file there; what was seen of it."""
    drives = way.drives()
    root = await drives.ensure_folder(library[1], "")

    async def put(name, data=b"x", replace=None):
        target = Target(drive_id=library[1], parent_id=root.id, name=name, replace=replace)
        return (await drives.store(target, Bytes(data))).item

    return put


async def test_a_library_that_requires_check_out(way, admin, people, library, put):
    """Out after the upload and invisible to others; in after its columns, and seen."""
    name, drive_id = library
    people.act("SetLibrary", library=name, force_checkout=True, required=["NvForm"])
    drives, item = way.drives(), await put("ny.txt")
    assert (await drives.item(drive_id, item.id)).checked_out
    assert await admin.drives().item(drive_id, item.id) is None
    with pytest.raises(MissingColumn, match="NvForm") as caught:
        await drives.check_in(drive_id, item.id, "Nätverket")
    assert caught.value.verdict is Verdict.NOT_THIS_ITEM
    await drives.set_columns(drive_id, item.id, FORM)
    await drives.check_in(drive_id, item.id, "Nätverket")
    assert not (await drives.item(drive_id, item.id)).checked_out
    assert await admin.drives().item(drive_id, item.id)
    with pytest.raises(MustBeCheckedOut):
        await put("ny.txt", b"two", replace=(await drives.item(drive_id, item.id)).etag)


async def test_checking_in_twice_and_losing_the_answer(way, people, library, put):
    """What is in stays in: the second time and the lost answer are no errors."""
    name, drive_id = library
    people.act("SetLibrary", library=name, force_checkout=True)
    drives, item = way.drives(), await put("ny.txt")
    people.fault(match={"method": "POST", "path": "/checkin"}, when="after", drop=True)
    await drives.check_in(drive_id, item.id, "")
    await drives.check_in(drive_id, item.id, "")
    assert not (await drives.find(drive_id, "ny.txt")).checked_out


async def test_what_is_out_to_somebody_else(way, people, library, put):
    """Locked: it is tried again, not called a rule's."""
    drives, drive_id, item = way.drives(), library[1], await put("ny.txt")
    people.act("CheckOutFile", item=item.id)
    assert (await drives.item(drive_id, item.id)).checked_out
    with pytest.raises(Locked):
        await drives.check_in(drive_id, item.id, "")
    with pytest.raises(Locked):
        await drives.set_columns(drive_id, item.id, FORM)


async def test_an_ordinary_library_costs_nothing_more(way, people, library, put):
    """One request for an item, by id and by path, whatever its library is like."""
    drives, item = way.drives(), await put("ny.txt")
    before = people.count("GET", library[1])
    assert not (await drives.item(library[1], item.id)).checked_out
    assert not (await drives.find(library[1], "ny.txt")).checked_out
    assert people.count("GET", library[1]) == before + 2


async def test_contents_that_are_approved(way, people, library, put):
    """Said once the columns are written; after the approval there is nothing to say."""
    name, drive_id = library
    people.act("SetLibrary", library=name, approval=True)
    drives, item = way.drives(), await put("ny.txt")
    with pytest.raises(AwaitsApproval, match=r"[Mm]embers do not see it"):
        await drives.set_columns(drive_id, item.id, FORM)
    people.act("ApproveFile", item=item.id)
    assert (await drives.set_columns(drive_id, item.id, FORM))["NvForm"] == "fysisk"


@pytest.mark.parametrize("code", ["accessDenied", "notAllowed", "resourceLocked"])
async def test_records(way, people, library, put, code):
    """Neither a lack of rights nor a lock: the label is named, and nothing tries again."""
    drives, item = way.drives(), await put("akt.txt")
    people.turn(record_refusal=code)
    people.act("LabelFile", item=item.id, label="Allmän handling")
    standing = await drives.item(library[1], item.id)
    root = await drives.ensure_folder(library[1], "")
    with pytest.raises(HeldAsRecord, match="Allmän handling") as caught:
        await drives.set_columns(library[1], item.id, FORM)
    assert caught.value.verdict is Verdict.NOT_THIS_ITEM
    with pytest.raises(HeldAsRecord):
        await drives.move(standing, drive_id=library[1], parent_id=root.id, name="b.txt")
    with pytest.raises(HeldAsRecord):
        await put("akt.txt", b"two", replace=standing.etag)
    people.turn(record_refusal="accessDenied")


async def test_a_refusal_without_a_record_stays_what_it_was(way, people, library, put):
    """A label that only retains, no label at all: Forbidden, with the right it takes."""
    drives, item = way.drives(), await put("fri.txt")
    for label in ("", "Bevaras"):
        people.act("LabelFile", item=item.id, label=label)
        people.fault(match={"method": "PATCH", "path": "fields"}, status=403, code="accessDenied")
        with pytest.raises(Forbidden) as caught:
            await drives.set_columns(library[1], item.id, FORM)
        assert "Sites.Selected" in caught.value.remedy
