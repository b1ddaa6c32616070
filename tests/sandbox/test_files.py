"""Files and folders: addressing, names, conflicts, versions, moves, deletion, delta."""

import io
import unicodedata
import zipfile

import pytest

from tests.sandbox import worlds


@pytest.fixture
def folder(daemon, request):
    """A folder of the test's own, as the base of its paths."""
    drive = daemon.drive()
    name = request.node.name.encode().hex()[-60:]
    made = daemon.ask("POST", f"{drive}/root/children", json={"name": name, "folder": {}})
    assert made.status_code == 201, made.text
    return f"{drive}/items/{made.json()['id']}"


def names(page):
    return [item["name"] for item in page["value"]]


def test_every_spelling_of_an_address_means_the_same_item(daemon, folder):
    """By id, by path, with and without the last colon, with dots and double slashes."""
    item = daemon.put(
        f"{folder}:/a/Å b#1%.txt:/content".replace("#", "%23").replace("%.", "%25."), b"x"
    )
    assert item["name"] == "Å b#1%.txt"
    drive, top = daemon.drive(), daemon.get(folder)["name"]
    path = f"{top}/a/Å b%231%25.txt"
    for address in (
        f"{drive}/items/{item['id']}",
        f"{folder}:/a/Å b%231%25.txt",
        f"{folder}:/a/Å b%231%25.txt:",
        f"{drive}/root:/{path}:/",
        f"{drive}/root:/./{path}",
        f"/{drive}/root:/{path}:",
    ):
        assert daemon.get(address)["id"] == item["id"], address
    listed = daemon.get(f"{drive}/root:/{top}/a:/children?%24select=name,id")
    assert listed["value"] == [{"id": item["id"], "name": item["name"]}]
    assert item["parentReference"]["path"].startswith(f"{drive}/root:/")


def test_names_are_the_same_whatever_case_and_composition(daemon, folder):
    """A second upload under another spelling replaces, keeps the id and changes the cTag."""
    first = daemon.put(f"{folder}:/Möte.txt:/content", b"one")
    other = unicodedata.normalize("NFD", "MÖTE.TXT")
    second = daemon.put(f"{folder}:/{other}:/content", b"two")
    assert second["id"] == first["id"]
    assert second["cTag"] != first["cTag"]
    assert daemon.get(f"{folder}:/möte.txt")["name"] == "Möte.txt"


@pytest.mark.parametrize(
    "name", ["a*b", "a%3Fb", "CON", "slut.", "~$x.docx", "a_vti_b", "x" * 256, "%20x", "a%7Cb"]
)
def test_names_that_sharepoint_does_not_take_are_refused(daemon, folder, name):
    """Reserved names and letters are 400 invalidRequest."""
    daemon.refused(400, "invalidRequest", "PUT", f"{folder}:/{name}:/content", content=b"")


def test_a_path_of_400_characters_is_too_long(daemon, folder):
    """The whole decoded path counts."""
    long = "/".join(["m" * 120] * 3)
    daemon.refused(400, "invalidRequest", "PUT", f"{folder}:/{long}/x.txt:/content", content=b"")


def test_conflicts_are_settled_as_asked(daemon, folder):
    """fail is 409, rename takes the next free name, replace is the default of a PUT."""
    daemon.put(f"{folder}:/a.txt:/content", b"1")
    option = "@microsoft.graph.conflictBehavior"
    daemon.refused(
        409,
        "nameAlreadyExists",
        "PUT",
        f"{folder}:/a.txt:/content?{option}=fail",
        content=b"2",
    )
    assert daemon.put(f"{folder}:/a.txt:/content?{option}=rename", b"3")["name"] == "a 1.txt"
    body = {"name": "mapp", "folder": {}}
    assert daemon.ask("POST", f"{folder}/children", json=body).status_code == 201
    daemon.refused(409, "nameAlreadyExists", "POST", f"{folder}/children", json=body)
    body["@name.conflictBehavior"] = "rename"
    assert daemon.ask("POST", f"{folder}/children", json=body).json()["name"] == "mapp 1"


def test_ctag_follows_content_and_etag_everything(daemon, folder):
    """Columns and names move the eTag only; If-Match on an old eTag is 412."""
    first = daemon.put(f"{folder}:/a.txt:/content", b"1")
    item = f"{daemon.drive()}/items/{first['id']}"
    renamed = daemon.ask(
        "PATCH", item, json={"name": "b.txt"}, headers={"If-Match": first["eTag"]}
    ).json()
    assert renamed["cTag"] == first["cTag"]
    assert renamed["eTag"] != first["eTag"]
    daemon.refused(
        412,
        "resourceModified",
        "PATCH",
        item,
        json={"name": "c.txt"},
        headers={"If-Match": first["eTag"]},
    )
    daemon.ask("PATCH", f"{item}/listItem/fields", json={"Title": "T"})
    after = daemon.get(f"{item}?$expand=listItem($expand=fields)")
    assert after["cTag"] == first["cTag"]
    assert after["listItem"]["fields"]["Title"] == "T"
    changed = daemon.put(f"{item}/content", b"22")
    assert changed["cTag"] != first["cTag"]
    versions = daemon.get(f"{item}/versions")["value"]
    assert [v["id"] for v in versions] == ["4.0", "3.0", "2.0", "1.0"]
    assert [v["size"] for v in versions] == [2, 1, 1, 1]
    assert first["createdBy"]["application"]["id"] == worlds.DAEMON.client_id


def test_a_move_keeps_the_id(daemon, folder):
    """By parentReference.id, with a new name and times; not into itself, not over another."""
    item = daemon.put(f"{folder}:/in/a.txt:/content", b"1")
    target = daemon.ask("POST", f"{folder}/children", json={"name": "ut", "folder": {}}).json()
    times = {"lastModifiedDateTime": "2022-05-01T10:00:00Z"}
    body = {"parentReference": {"id": target["id"]}, "name": "b.txt", "fileSystemInfo": times}
    moved = daemon.ask("PATCH", f"{folder}:/in/a.txt", json=body).json()
    assert moved["id"] == item["id"]
    assert moved["fileSystemInfo"]["lastModifiedDateTime"] == "2022-05-01T10:00:00Z"
    assert names(daemon.get(f"{folder}:/ut:/children")) == ["b.txt"]
    daemon.put(f"{folder}:/c.txt:/content", b"1")
    drive = daemon.drive()
    daemon.refused(
        409,
        "nameAlreadyExists",
        "PATCH",
        f"{folder}:/c.txt",
        json={"parentReference": {"id": target["id"]}, "name": "B.txt"},
    )
    daemon.refused(
        400, "invalidRequest", "PATCH", folder, json={"parentReference": {"id": target["id"]}}
    )
    assert daemon.get(f"{drive}/items/{target['id']}")["folder"]["childCount"] == 1


def test_a_file_moves_to_another_library_and_a_folder_does_not(daemon, provisioner, folder):
    """
    The id is kept; the old library's delta tells of a deletion and the new one's of the file;
    columns that both have come along.
    """
    body = {
        "displayName": "Dit",
        "list": {"template": "documentLibrary"},
        "columns": [{"name": "Both", "text": {}}],
    }
    assert provisioner.ask("POST", f"{provisioner.site}/lists", json=body).status_code == 201
    for name in ("Both", "Here"):
        column = {"name": name, "text": {}}
        made = provisioner.ask("POST", f"{daemon.site}/lists/Dokument/columns", json=column)
        assert made.status_code == 201
    here, there = daemon.drive(), daemon.drive("Dit")
    item = daemon.put(f"{folder}:/a.txt:/content", b"1")
    columns = {"Both": "b", "Here": "h"}
    daemon.ask("PATCH", f"{folder}:/a.txt:/listItem/fields", json=columns)
    _, link_here = drain(daemon, f"{here}/root/delta?token=latest")
    _, link_there = drain(daemon, f"{there}/root/delta?token=latest")
    root = daemon.get(f"{there}/root")
    parent = {"driveId": root["parentReference"]["driveId"], "id": root["id"]}
    moved = daemon.ask("PATCH", f"{folder}:/a.txt", json={"parentReference": parent})
    assert moved.status_code == 200, moved.text
    assert moved.json()["id"] == item["id"]
    assert moved.json()["parentReference"]["driveId"] == parent["driveId"]
    gone = next(e for e in drain(daemon, link_here)[0] if e["id"] == item["id"])
    assert gone["deleted"] == {"state": "deleted"}
    came = next(e for e in drain(daemon, link_there)[0] if e["id"] == item["id"])
    assert came["name"] == "a.txt"
    assert "deleted" not in came
    daemon.refused(404, "itemNotFound", "GET", f"{here}/items/{item['id']}")
    fields = daemon.get(f"{there}/items/{item['id']}/listItem/fields")
    assert fields["Both"] == "b"
    assert "Here" not in fields
    assert daemon.ask("GET", f"{there}/items/{item['id']}/content").status_code == 302
    daemon.refused(400, "invalidRequest", "PATCH", folder, json={"parentReference": parent})


def test_the_first_delta_goes_from_the_root_down(daemon, folder):
    """Folders come before what is in them, also when they were moved after it was put there."""
    daemon.put(f"{folder}:/first/file.txt:/content", b"1")
    up = daemon.ask("POST", f"{folder}/children", json={"name": "later", "folder": {}}).json()
    body = {"parentReference": {"id": up["id"]}}
    assert daemon.ask("PATCH", f"{folder}:/first", json=body).status_code == 200
    seen = set()
    for page_size in (1, 200):
        entries, _ = drain(daemon, f"{daemon.drive()}/root/delta?$top={page_size}")
        seen = {entries[0]["id"]}
        for entry in entries[1:]:
            assert entry["parentReference"]["id"] in seen, entry["name"]
            seen.add(entry["id"])
    assert {up["id"]} < seen


def test_what_changes_during_the_first_delta_is_told_of_in_it(daemon, folder):
    """The round does not end before a change that came between two of its pages."""
    one = daemon.put(f"{folder}:/1.txt:/content", b"1")
    page = daemon.get(f"{daemon.drive()}/root/delta?$top=1")
    daemon.ask("PATCH", f"{folder}:/1.txt", json={"name": "2.txt"})
    entries, link = drain(daemon, page["@odata.nextLink"])
    assert [e["name"] for e in entries if e["id"] == one["id"]][-1] == "2.txt"
    assert drain(daemon, link)[0] == []


def test_the_default_library_is_found_through_its_site(daemon, folder):
    """`/sites/{site}/drive/root` is the drive's root; another site has none."""
    item = daemon.put(f"{folder}:/s.txt:/content", b"1")
    root = daemon.get(f"{daemon.drive()}/root")
    assert daemon.get(f"{daemon.site}/drive/root")["id"] == root["id"]
    assert daemon.get(f"{daemon.site}/drive/items/{item['id']}")["name"] == "s.txt"
    assert daemon.get(f"{daemon.site}/drive/root/children")["value"]
    daemon.refused(404, "itemNotFound", "GET", "/sites/x.example,1,2/drive/root")


def test_sharepoints_own_address_of_a_drive_is_the_same_drive(daemon):
    """Under `/v2.0/drives` as under `/v1.0/drives`, and nothing else of it."""
    own = daemon.base.removesuffix("/v1.0") + "/v2.0"
    assert daemon.ask("GET", f"{own}{daemon.drive()}/root").status_code == 200
    assert daemon.ask("GET", f"{own}{daemon.site}").status_code == 400


def test_pages_of_children_hold_everything_once(daemon, folder):
    """$top and the next link go through a folder by name."""
    for letter in "dacbe":
        daemon.put(f"{folder}:/{letter}.txt:/content", b"x")
    url, seen = f"{folder}/children?$top=2&$select=name", []
    while url:
        page = daemon.get(url)
        seen += names(page)
        url = page.get("@odata.nextLink")
    assert seen == [f"{letter}.txt" for letter in "abcde"]


def test_office_pdf_and_html_are_written_into_and_media_are_not(daemon, folder):
    """Size and hash change after the upload, the files stay good, and it happens once."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("a.xml", "<a/>")
    for name, content in (
        ("a.docx", held.getvalue()),
        ("b.pdf", b"%PDF-1.4\n%%EOF\n"),
        ("c.html", b"<p>x</p>"),
    ):
        sent = daemon.put(f"{folder}:/{name}:/content", content)
        assert sent["size"] == len(content)
        kept = daemon.get(f"{folder}:/{name}")
        assert kept["size"] > len(content)
        assert kept["file"]["hashes"] != sent["file"]["hashes"]
        assert kept["eTag"] != sent["eTag"]
        link = daemon.ask("GET", f"{folder}:/{name}:/content").headers["location"]
        got = daemon.bare("GET", link).content
        assert got.startswith(content[:4])
        again = daemon.put(f"{folder}:/igen-{name}:/content", got)
        assert daemon.get(f"{folder}:/igen-{name}")["size"] == again["size"] == len(got)
    link = daemon.ask("GET", f"{folder}:/a.docx:/content").headers["location"]
    with zipfile.ZipFile(io.BytesIO(daemon.bare("GET", link).content)) as archive:
        assert archive.read("a.xml") == b"<a/>"
    sent = daemon.put(f"{folder}:/film.mp4:/content", b"\0" * 500)
    assert daemon.get(f"{folder}:/film.mp4")["file"] == sent["file"]


def test_downloads_go_by_a_short_lived_link_with_ranges(daemon, folder):
    """302 to another port, no token needed or minded, Range answered with 206 or 416."""
    daemon.put(f"{folder}:/a.txt:/content", b"0123456789")
    answer = daemon.ask("GET", f"{folder}:/a.txt:/content")
    assert answer.status_code == 302
    link = answer.headers["location"]
    assert not link.startswith(daemon.sandbox.url)
    assert daemon.bare("GET", link).content == b"0123456789"
    assert daemon.bare("GET", link, headers={"Authorization": "Bearer x"}).status_code == 200
    part = daemon.bare("GET", link, headers={"Range": "bytes=3-5"})
    assert (part.status_code, part.content) == (206, b"345")
    assert part.headers["content-range"] == "bytes 3-5/10"
    assert daemon.bare("GET", link, headers={"Range": "bytes=-2"}).content == b"89"
    assert daemon.bare("GET", link, headers={"Range": "bytes=10-"}).status_code == 416
    assert daemon.bare("GET", link[:-3] + "000").status_code == 401
    assert daemon.get(f"{folder}:/a.txt")["@microsoft.graph.downloadUrl"]


def drain(client, url):
    """Everything a delta tells, and its last link."""
    entries = []
    while True:
        page = client.get(url)
        entries += page["value"]
        if "@odata.deltaLink" in page:
            return entries, page["@odata.deltaLink"]
        url = page["@odata.nextLink"]


def test_delta_tells_of_every_edit(daemon, folder):
    """New, changed, moved and deleted items come after the link, and some come twice."""
    drive = daemon.drive()
    _, link = drain(daemon, f"{drive}/root/delta?token=latest")
    assert drain(daemon, link)[0] == []
    one = daemon.put(f"{folder}:/x/1.txt:/content", b"1")
    two = daemon.put(f"{folder}:/x/2.txt:/content", b"2")
    entries, link = drain(daemon, link + "&$top=1")
    seen = [entry["id"] for entry in entries]
    assert {one["id"], two["id"]} < set(seen)
    assert len(seen) > len(set(seen))
    daemon.ask("PATCH", f"{folder}:/x/1.txt:/listItem/fields", json={"Title": "T"})
    daemon.ask("PATCH", f"{folder}:/x/2.txt", json={"name": "3.txt"})
    entries, link = drain(daemon, link)
    assert {e["name"] for e in entries if "file" in e} == {"1.txt", "3.txt"}
    assert daemon.ask("DELETE", f"{folder}:/x").status_code == 204
    entries, link = drain(daemon, link)
    assert {e["id"] for e in entries if "deleted" in e} >= {one["id"], two["id"]}
    everything, _ = drain(daemon, f"{drive}/root/microsoft.graph.delta()?$top=2")
    assert not any("deleted" in entry for entry in everything)
    assert one["id"] not in {entry["id"] for entry in everything}


def test_a_delta_link_of_another_drive_must_start_afresh(daemon, provisioner):
    """410 with the place to start from; nonsense is 400; delta is for roots only."""
    made = provisioner.ask(
        "POST",
        f"{provisioner.site}/lists",
        json={"displayName": "Annat", "list": {"template": "documentLibrary"}},
    )
    assert made.status_code == 201
    first, other = daemon.drive(), daemon.drive("Annat")
    _, link = drain(daemon, f"{other}/root/delta")
    answer = daemon.ask("GET", f"{first}/root/delta?{link.partition('?')[2]}")
    assert answer.status_code == 410
    assert answer.json()["error"]["code"] == "resyncChangesApplyDifferences"
    assert drain(daemon, answer.headers["location"])[0]
    daemon.refused(400, "invalidRequest", "GET", f"{first}/root/delta?token=nonsense")


def test_copies_are_told_of_by_a_monitor(daemon, folder):
    """202 and a link without sign-in: in progress first, then done or failed."""
    item = daemon.put(f"{folder}:/a.txt:/content", b"1")
    daemon.ask("PATCH", f"{folder}:/a.txt:/listItem/fields", json={"Title": "T"})
    target = daemon.ask("POST", f"{folder}/children", json={"name": "ut", "folder": {}}).json()
    body = {"parentReference": {"driveId": item["parentReference"]["driveId"], "id": target["id"]}}
    monitors = []
    for _ in range(2):
        answer = daemon.ask("POST", f"{folder}:/a.txt:/copy", json=body)
        assert answer.status_code == 202
        monitors.append(answer.headers["location"])
    first = daemon.bare("GET", monitors[0])
    assert (first.status_code, first.json()["status"]) == (202, "inProgress")
    done = daemon.bare("GET", monitors[0]).json()
    assert done["status"] == "completed"
    copied = daemon.get(
        f"{daemon.drive()}/items/{done['resourceId']}?$expand=listItem($expand=fields)"
    )
    assert "Title" not in copied["listItem"]["fields"]
    daemon.bare("GET", monitors[1])
    failed = daemon.bare("GET", monitors[1]).json()
    assert failed["status"] == "failed"
    assert failed["error"]["code"] == "nameAlreadyExists"
