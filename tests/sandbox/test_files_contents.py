"""The bytes of files and what they were before; moves, conditions and deletion."""

import socket
from urllib.parse import urlsplit

import pytest

from tests.sandbox.switching import switched

CONFLICT = "@microsoft.graph.conflictBehavior"


@pytest.fixture
def folder(daemon, request):
    drive = daemon.drive()
    body = {"name": request.node.name.encode().hex()[-60:], "folder": {}}
    made = daemon.ask("POST", f"{drive}/root/children", json=body)
    assert made.status_code == 201, made.text
    return f"{drive}/items/{made.json()['id']}"


def link_of(client, path):
    answer = client.ask("GET", f"{path}/content")
    assert answer.status_code == 302, answer.text
    return answer.headers["location"]


def test_earlier_contents_are_read_and_restored(daemon, folder):
    """Each version by its own link; not the present one; a restored one is a new version."""
    for content in (b"one", b"three", b"seventh"):
        item = daemon.put(f"{folder}:/a.bin:/content", content)
    path = f"{daemon.drive()}/items/{item['id']}"
    kept = daemon.get(f"{path}/versions")["value"]
    assert [version["id"] for version in kept] == ["3.0", "2.0", "1.0"]
    link = link_of(daemon, f"{path}/versions/1.0")
    assert daemon.bare("GET", link).content == b"one"
    assert daemon.bare("GET", kept[1]["@microsoft.graph.downloadUrl"]).content == b"three"
    assert daemon.get(f"{path}/versions/2.0")["size"] == 5
    said = daemon.refused(400, "invalidRequest", "GET", f"{path}/versions/3.0/content")
    assert said == "You cannot get the content of the current version."
    assert daemon.ask("POST", f"{path}/versions/1.0/restoreVersion").status_code == 204
    assert daemon.bare("GET", link_of(daemon, path)).content == b"one"
    after = daemon.get(path)
    assert after["cTag"] != item["cTag"]
    assert daemon.get(f"{path}/versions")["value"][0]["id"] == "4.0"
    for version in ("9.0", "x"):
        daemon.refused(404, "itemNotFound", "GET", f"{path}/versions/{version}")
    daemon.refused(400, "invalidRequest", "POST", f"{path}/versions/4.0/restoreVersion")
    daemon.refused(400, "invalidRequest", "GET", f"{folder}/versions")


def test_parts_of_a_download_are_given_as_http_has_it(daemon, folder):
    """Suffix, open end and conditions; several ranges and impossible ones are 416."""
    daemon.put(f"{folder}:/a.bin:/content", b"0123456789")
    link = link_of(daemon, f"{folder}:/a.bin:")
    whole = daemon.bare("GET", link)
    tag = whole.headers["etag"]
    assert whole.headers["accept-ranges"] == "bytes"

    def part(span, **headers):
        return daemon.bare("GET", link, headers={"Range": span, **headers})

    for span, content in (("bytes=7-", b"789"), ("bytes=-3", b"789"), ("bytes=2-99", b"23456789")):
        answer = part(span)
        assert (answer.status_code, answer.content) == (206, content)
    for span in ("bytes=0-1,4-5", "bytes=10-", "bytes=5-4", "lines=1-2", "bytes=-", "bytes=a-b"):
        answer = part(span)
        assert answer.status_code == 416, span
        assert answer.headers["content-range"] == "bytes */10"
    assert part("bytes=1-2", **{"If-Range": tag}).status_code == 206
    assert part("bytes=1-2", **{"If-Range": '"other"'}).content == b"0123456789"
    assert daemon.bare("GET", link, headers={"If-None-Match": tag}).status_code == 304
    head = daemon.bare("HEAD", link)
    assert (head.status_code, head.headers["content-length"], head.content) == (200, "10", b"")


def test_who_has_it_already_is_told_so(daemon, folder):
    """If-None-Match with the eTag or the cTag is 304, on the item and on its content."""
    item = daemon.put(f"{folder}:/a.bin:/content", b"1")
    for tag in (item["eTag"], item["cTag"]):
        for path in (f"{folder}:/a.bin", f"{folder}:/a.bin:/content"):
            answer = daemon.ask("GET", path, headers={"If-None-Match": tag})
            assert (answer.status_code, answer.content) == (304, b"")
    other = daemon.ask("GET", f"{folder}:/a.bin", headers={"If-None-Match": '"{0},9"'})
    assert other.status_code == 200


def test_a_simple_upload_hears_its_conditions(daemon, folder):
    """412 on another eTag and on If-None-Match: *, 404 where the matched file is not there."""
    path = f"{folder}:/a.bin:/content"
    none = {"If-None-Match": "*"}
    item = daemon.put(path, b"1", headers=none)
    daemon.refused(412, "resourceModified", "PUT", path, content=b"2", headers=none)
    stale = {"If-Match": '"{0},9"'}
    daemon.refused(412, "resourceModified", "PUT", path, content=b"2", headers=stale)
    changed = daemon.put(path, b"2", headers={"If-Match": item["cTag"]})
    assert changed["id"] == item["id"]
    gone = f"{folder}:/b.bin:/content"
    daemon.refused(404, "itemNotFound", "PUT", gone, content=b"2", headers=stale)
    span = {"Content-Range": "bytes 0-0/1"}
    daemon.refused(400, "invalidRequest", "PUT", path, content=b"2", headers=span)
    daemon.refused(400, "invalidRequest", "PUT", f"{folder}/content", content=b"2")
    daemon.refused(406, "notAcceptable", "GET", f"{path}?format=pdf")


def test_a_simple_upload_above_250_mib_is_refused_before_it_is_read(daemon, sandbox, folder):
    """413 in Graph's words at the announced length."""
    address = urlsplit(sandbox.http_url)
    head = (
        f"PUT /v1.0{folder}:/stor.bin:/content HTTP/1.1\r\nHost: localhost\r\n"
        f"Authorization: {daemon.http.headers['Authorization']}\r\n"
        f"Content-Length: {250 * 1024 * 1024 + 1}\r\n\r\n"
    )
    with socket.create_connection((address.hostname, address.port), timeout=20) as wire:
        wire.sendall(head.encode())
        answer = wire.recv(65536)
    assert answer.startswith(b"HTTP/1.1 413")


def test_a_move_settles_its_conflict_as_asked(daemon, folder):
    """fail by default; rename finds a free name; replace takes the other's place."""
    for name in ("a.bin", "b.bin", "c.bin"):
        daemon.put(f"{folder}:/{name}:/content", name.encode())
    daemon.refused(409, "nameAlreadyExists", "PATCH", f"{folder}:/a.bin", json={"name": "b.bin"})
    renamed = daemon.ask("PATCH", f"{folder}:/a.bin", json={"name": "b.bin", CONFLICT: "rename"})
    assert renamed.json()["name"] == "b 1.bin"
    replaced = daemon.ask("PATCH", f"{folder}:/c.bin", json={"name": "b.bin", CONFLICT: "replace"})
    assert replaced.status_code == 200, replaced.text
    assert daemon.bare("GET", link_of(daemon, f"{folder}:/b.bin:")).content == b"c.bin"
    names = [item["name"] for item in daemon.get(f"{folder}/children")["value"]]
    assert names == ["b 1.bin", "b.bin"]
    daemon.refused(
        400, "invalidRequest", "PATCH", f"{folder}:/b.bin", json={"name": "x", CONFLICT: "no"}
    )


def test_a_move_names_its_folder_by_id_or_by_path(daemon, folder):
    """`parentReference.path` as Graph writes it; a folder that is not there is 404."""
    drive = daemon.drive()
    daemon.put(f"{folder}:/a.bin:/content", b"1")
    daemon.put(f"{drive}/root:/mål å/x.bin:/content", b"1")
    body = {"parentReference": {"path": f"{drive}/root:/mål å"}}
    moved = daemon.ask("PATCH", f"{folder}:/a.bin", json=body)
    assert moved.json()["parentReference"]["name"] == "mål å"
    nowhere = {"parentReference": {"path": f"{drive}/root:/ingenstans"}}
    daemon.refused(404, "itemNotFound", "PATCH", f"{drive}/root:/mål å/a.bin", json=nowhere)


def test_nothing_changes_where_nothing_is_asked(daemon, folder):
    """A PATCH with what is already so makes no version; a malformed one is 400."""
    item = daemon.put(f"{folder}:/a.bin:/content", b"1")
    same = {"name": "a.bin", "fileSystemInfo": item["fileSystemInfo"]}
    for body in ({}, same):
        answer = daemon.ask("PATCH", f"{folder}:/a.bin", json=body)
        assert answer.json()["eTag"] == item["eTag"]
    times = {"fileSystemInfo": {"lastModifiedDateTime": "2020-02-03T04:05:06.789Z"}}
    touched = daemon.ask("PATCH", f"{folder}:/a.bin", json=times).json()
    assert touched["fileSystemInfo"]["lastModifiedDateTime"] == "2020-02-03T04:05:06Z"
    assert touched["cTag"] == item["cTag"]
    for body in ({"fileSystemInfo": "now"}, {"parentReference": 1}):
        daemon.refused(400, "invalidRequest", "PATCH", f"{folder}:/a.bin", json=body)
    wrong = {"fileSystemInfo": {"lastModifiedDateTime": "i går"}}
    daemon.refused(400, "BadRequest", "PATCH", f"{folder}:/a.bin", json=wrong)
    daemon.refused(400, "invalidRequest", "PATCH", f"{daemon.drive()}/root", json={"name": "x"})


def test_a_move_to_another_library_can_be_refused(daemon, provisioner, folder):
    """Where the switch says so, as the reference page does."""
    body = {"displayName": "Bortom", "list": {"template": "documentLibrary"}}
    assert provisioner.ask("POST", f"{provisioner.site}/lists", json=body).status_code == 201
    daemon.put(f"{folder}:/a.bin:/content", b"1")
    root = daemon.get(f"{daemon.drive('Bortom')}/root")
    parent = {"driveId": root["parentReference"]["driveId"], "id": root["id"]}
    with switched(daemon, move_to_another_library="refused"):
        daemon.refused(
            400, "invalidRequest", "PATCH", f"{folder}:/a.bin", json={"parentReference": parent}
        )


def test_deletion_for_good_is_a_call_of_its_own(daemon, folder):
    """Both are 204 and told by delta; the root is never deleted."""
    drive = daemon.drive()
    for name in ("a.bin", "b.bin"):
        daemon.put(f"{folder}:/{name}:/content", b"1")
    link = daemon.get(f"{drive}/root/delta?token=latest")["@odata.deltaLink"]
    assert daemon.ask("DELETE", f"{folder}:/a.bin").status_code == 204
    assert daemon.ask("POST", f"{folder}:/b.bin:/permanentDelete").status_code == 204
    told = {entry["name"] for entry in daemon.get(link)["value"] if "deleted" in entry}
    assert told == {"a.bin", "b.bin"}
    for path in (f"{folder}:/a.bin", f"{folder}:/b.bin"):
        daemon.refused(404, "itemNotFound", "GET", path)
    daemon.refused(400, "invalidRequest", "DELETE", f"{drive}/root")
    daemon.refused(400, "invalidRequest", "POST", f"{drive}/root/permanentDelete")


def test_a_folder_is_made_once_under_a_name(daemon, folder):
    """Replace gives the folder that is there, and never a file of that name."""
    first = daemon.ask("POST", f"{folder}/children", json={"name": "m", "folder": {}}).json()
    again = {"name": "M", "folder": {}, CONFLICT: "replace"}
    assert daemon.ask("POST", f"{folder}/children", json=again).json()["id"] == first["id"]
    daemon.put(f"{folder}:/fil:/content", b"1")
    taken = {"name": "fil", "folder": {}, CONFLICT: "replace"}
    daemon.refused(409, "nameAlreadyExists", "POST", f"{folder}/children", json=taken)
    daemon.refused(400, "invalidRequest", "POST", f"{folder}/children", json={"name": "x"})
    daemon.refused(
        400, "invalidRequest", "POST", f"{folder}:/fil:/children", json={"name": "x", "folder": {}}
    )
