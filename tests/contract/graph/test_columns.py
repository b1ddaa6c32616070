"""The columns of every file of a library, over the sandbox tenant."""

from uuid import uuid4

from service.graph import columns
from service.ports import Target
from tests.contract.graph.fakes import Bytes


async def test_columns_of_every_file(tenant, library, monkeypatch):
    """By path and name, over several pages; folders are none, Office files are told alike."""
    monkeypatch.setattr(columns, "PAGE", 2)
    drives, home = tenant.drives(), f"2023/Natur & miljö, 100 % {uuid4()}"
    folder = await drives.ensure_folder(library.drive_id, home)
    names = ("Närvaro #1.bin", "Program.docx", "tom.txt")
    for name in names:
        target = Target(drive_id=folder.drive_id, parent_id=folder.id, name=name)
        item = (await drives.store(target, Bytes(b"x"))).item
        if name != "tom.txt":
            fields = {"NvMeeting": name, "NvMeetingDate": "2023-03-08T12:00:00Z"}
            await drives.set_columns(folder.drive_id, item.id, fields)
    found = {
        one.name: one for one in await drives.all_columns(library.drive_id) if one.path == home
    }

    assert found.keys() == set(names)
    assert found["Närvaro #1.bin"].fields["NvMeetingDate"] == "2023-03-08T12:00:00Z"
    assert found["Program.docx"].fields["NvMeeting"] == "Program.docx"
    assert "NvMeeting" not in found["tom.txt"].fields
    assert found["Program.docx"].url.startswith("https://")
