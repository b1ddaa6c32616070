"""Many items and large files: brought by acts, and what they cost."""

import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.sandbox.process import Sandbox
from service.sandbox.sharepoint.blobs import QuickXor
from service.sandbox.sharepoint.copies import MOST_ITEMS
from service.sandbox.timeline import Seed, Upload, UploadMany
from tests.sandbox import worlds
from tests.sandbox.conftest import Client
from tests.sandbox.test_files import drain
from tests.sandbox.test_uploads import UNIT, send, session

SIZE = 2**28
MANY = 1_234


def sparse():
    """A file of a quarter of a GiB that takes no room, with something in it at its end."""
    path = Path(tempfile.mkdtemp()) / "recording.mp4"
    with path.open("wb") as file:
        file.truncate(SIZE - 4)
        file.seek(SIZE - 4)
        file.write(b"slut")
    return path


def filled(count):
    return UploadMany(
        at=datetime(2023, 1, 1, tzinfo=UTC),
        drive="Dokument",
        folder="Mapp/Många",
        names=tuple(f"{number:05}.txt" for number in range(count)),
        content=lambda: b"x",
        by=worlds.ANNA.id,
    )


def large():
    """A folder of many files, and a recording that is on disk."""
    recording = Upload(
        at=datetime(2023, 1, 2, tzinfo=UTC),
        drive="Dokument",
        folder="Recordings",
        name="möte.mp4",
        content=sparse,
        by=worlds.ANNA.id,
        make_folder=True,
    )
    return Seed(world=worlds.WORLD, acts=(filled(MANY), recording))


def larger():
    """One item more than a copy takes."""
    return Seed(world=worlds.WORLD, acts=(filled(MOST_ITEMS),))


@pytest.fixture
def run(tmp_path, monkeypatch):
    """A sandbox of one of this module's seeds, and the daemon as its client."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with ExitStack() as open_:

        def running(seed, **options):
            name = f"{Path(__file__)}:{seed}"
            sandbox = Sandbox(seed=name, directory=tmp_path, http_port=0, **options)
            client = Client(open_.enter_context(sandbox), worlds.DAEMON)
            open_.callback(client.close)
            return client

        yield running


def peak(sandbox):
    """The most memory that the process ever had, in bytes."""
    status = Path(f"/proc/{sandbox.pid}/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def test_a_recording_on_disk_costs_no_memory(run):
    """It is laid in, hashed and read back without ever being held whole."""
    client = run("large")
    before = peak(client.sandbox)
    client.advance("2023-01-03T00:00:00Z")
    path = f"{client.drive()}/root:/Recordings/möte.mp4"
    item = client.get(path)
    assert item["size"] == SIZE
    digest = QuickXor()
    zeros = bytes(2**24)
    for _ in range(SIZE // len(zeros) - 1):
        digest.update(zeros)
    digest.update(zeros[:-4] + b"slut")
    assert item["file"]["hashes"]["quickXorHash"] == digest.base64()
    link = client.ask("GET", f"{path}:/content").headers["location"]
    end = client.bare("GET", link, headers={"Range": "bytes=-5"})
    assert end.content == b"\0slut"
    with client.http.stream("GET", link, headers={"Authorization": ""}) as answer:
        assert sum(len(piece) for piece in answer.iter_bytes()) == SIZE
    assert peak(client.sandbox) - before < SIZE / 4


def test_many_files_are_told_of_once_each(run):
    """By delta and by children, page by page; counts and sizes of the folders agree."""
    client = run("large")
    drive = client.drive()
    entries, link = drain(client, f"{drive}/root/delta?$top=100")
    told = [entry["name"] for entry in entries if "file" in entry]
    assert sorted(told) == [f"{number:05}.txt" for number in range(MANY)]
    assert drain(client, link)[0] == []
    url, seen = f"{drive}/root:/Mapp/Många:/children?$top=500", []
    while url:
        page = client.get(url)
        seen += [item["name"] for item in page["value"]]
        url = page.get("@odata.nextLink")
    assert seen == sorted(told)
    folder = client.get(f"{drive}/root:/Mapp")
    assert (folder["size"], folder["folder"]["childCount"]) == (MANY, 1)
    assert client.get(f"{drive}/root:/Mapp/Många")["folder"]["childCount"] == MANY
    new = client.put(f"{drive}/root:/Mapp/Många/ny.txt:/content", b"xy")
    assert drain(client, link)[0][0]["id"] == new["id"]
    assert client.get(f"{drive}/root:/Mapp")["size"] == MANY + 2


def test_discarded_bytes_are_hashed_and_not_kept(run):
    """The item is whole and its hash true; its content is 404."""
    client = run("large", discard=True)
    url = session(client, "kastad.bin").json()["uploadUrl"]
    content = bytes(range(256)) * (UNIT // 256) + b"slut"
    assert send(client, url, content[:UNIT], 0, len(content)).status_code == 202
    made = send(client, url, content[UNIT:], UNIT, len(content)).json()
    digest = QuickXor()
    digest.update(content)
    assert made["file"]["hashes"]["quickXorHash"] == digest.base64()
    assert client.bare("GET", made["@microsoft.graph.downloadUrl"]).status_code == 404


def test_a_discarded_range_that_broke_off_counts_for_nothing(run):
    """Sent again it is hashed once."""
    client = run("large", discard=True)
    url = session(client, "bruten.bin").json()["uploadUrl"]
    content = bytes(range(256)) * (3 * UNIT // 256)
    assert send(client, url, content[:UNIT], 0, len(content)).status_code == 202
    broken_off(client, url, content)
    made = send(client, url, content[UNIT:], UNIT, len(content)).json()
    digest = QuickXor()
    digest.update(content)
    assert made["file"]["hashes"]["quickXorHash"] == digest.base64()


def broken_off(client, url, content):
    """Send half of the second range, and go away."""

    def half():
        yield content[UNIT : 2 * UNIT]
        raise InterruptedError

    headers = {
        "Content-Length": str(2 * UNIT),
        "Content-Range": f"bytes {UNIT}-{3 * UNIT - 1}/{3 * UNIT}",
        "Authorization": "",
    }
    with pytest.raises(InterruptedError):
        client.bare("PUT", url, content=half(), headers=headers)


@pytest.mark.proof
def test_a_copy_of_more_items_than_are_allowed_fails(run):
    """30,000 files and their folder are one too many; the monitor says so, nothing is made."""
    client = run("larger")
    path = f"{client.drive()}/root:/Mapp/Många:"
    answer = client.ask("POST", f"{path}/copy", json={"name": "Kopia"})
    assert answer.status_code == 202
    states = [client.bare("GET", answer.headers["location"]).json() for _ in range(6)]
    assert [state["status"] for state in states] == ["inProgress"] * 5 + ["failed"]
    assert "30000" in states[-1]["error"]["message"]
    client.refused(404, "itemNotFound", "GET", f"{client.drive()}/root:/Mapp/Kopia")
