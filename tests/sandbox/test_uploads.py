"""Upload sessions hold their rules."""

import base64
import hashlib
from itertools import pairwise

import pytest

from service.sandbox.sharepoint.blobs import QuickXor

UNIT = 320 * 1024
MIB = 2**20


def session(client, path, **item):
    body = {"item": item} if item else {}
    return client.ask("POST", f"{client.drive()}/root:/{path}:/createUploadSession", json=body)


def send(client, url, data, start, total, **headers):
    span = f"bytes {start}-{start + len(data) - 1}/{total}"
    return client.bare("PUT", url, content=data, headers={"Content-Range": span, **headers})


def test_ranges_in_order_make_a_file(daemon):
    """202 with the next start after each range, then 201 with the item and its true hash."""
    content = hashlib.shake_128(b"film").digest(2 * UNIT + 777)
    opened = session(
        daemon, "upp/film.mp4", fileSystemInfo={"createdDateTime": "2020-01-01T00:00:00Z"}
    )
    assert opened.status_code == 200
    url = opened.json()["uploadUrl"]
    assert not url.startswith(daemon.sandbox.url)
    first = send(daemon, url, content[:UNIT], 0, len(content))
    assert (first.status_code, first.json()["nextExpectedRanges"]) == (202, [f"{UNIT}-"])
    assert daemon.bare("GET", url).json()["nextExpectedRanges"] == [f"{UNIT}-"]
    again = send(daemon, url, content[:UNIT], 0, len(content))
    assert again.status_code == 416
    assert send(daemon, url, content[UNIT : 2 * UNIT], UNIT, len(content)).status_code == 202
    last = send(daemon, url, content[2 * UNIT :], 2 * UNIT, len(content))
    assert last.status_code == 201
    digest = QuickXor()
    digest.update(content)
    assert last.json()["file"]["hashes"]["quickXorHash"] == digest.base64()
    assert last.json()["fileSystemInfo"]["createdDateTime"] == "2020-01-01T00:00:00Z"
    link = daemon.ask("GET", f"{daemon.drive()}/root:/upp/film.mp4:/content").headers["location"]
    assert daemon.bare("GET", link).content == content
    assert daemon.bare("GET", url).status_code == 404


@pytest.mark.parametrize(
    ("start", "length", "total", "status"),
    [
        (0, UNIT + 1, 3 * UNIT, 400),
        (0, 60 * MIB, 80 * MIB, 400),
        (UNIT, UNIT, 3 * UNIT, 416),
    ],
)
def test_a_range_that_breaks_the_rules_is_refused(daemon, start, length, total, status):
    """Not a multiple of 320 KiB, 60 MiB or more, or not the next one."""
    url = session(daemon, f"regel-{length}-{start}.bin").json()["uploadUrl"]
    assert send(daemon, url, bytes(length), start, total).status_code == status
    assert daemon.bare("GET", url).json()["nextExpectedRanges"] == ["0-"]


def test_the_link_is_its_own_authorisation(daemon):
    """A PUT with a token is 401, so is one without the link's signature; the rest is strict."""
    url = session(daemon, "auth.bin").json()["uploadUrl"]
    refused = send(daemon, url, b"x", 0, 1, Authorization="Bearer x")
    assert refused.status_code == 401
    assert send(daemon, url.partition("?")[0], b"x", 0, 1).status_code == 401
    assert daemon.bare("PUT", url, content=b"x").status_code == 400
    wrong = daemon.bare("PUT", url, content=b"xy", headers={"Content-Range": "bytes 0-0/1"})
    assert wrong.status_code == 400
    assert send(daemon, url, bytes(UNIT), 0, 2 * UNIT).status_code == 202
    assert send(daemon, url, b"x", UNIT, UNIT + 1).status_code == 400
    assert daemon.bare("DELETE", url).status_code == 204
    assert daemon.bare("GET", url).status_code == 404


def test_a_name_taken_meanwhile_is_found_at_the_last_range(daemon):
    """409, and the session lives on; replace makes a new version instead."""
    option = "@microsoft.graph.conflictBehavior"
    url = session(daemon, "kapp.bin", **{option: "fail"}).json()["uploadUrl"]
    taken = daemon.put(f"{daemon.drive()}/root:/kapp.bin:/content", b"first")
    answer = send(daemon, url, b"second", 0, 6)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "nameAlreadyExists")
    assert "@microsoft.graph.sourceUrl" in answer.json()["error"]["message"]
    assert daemon.bare("GET", url).json()["nextExpectedRanges"] == []
    assert send(daemon, url, b"second", 0, 6).status_code == 416
    assert session(daemon, "kapp.bin", **{option: "fail"}).status_code == 409
    url = session(daemon, "KAPP.bin").json()["uploadUrl"]
    replaced = send(daemon, url, b"third", 0, 5)
    assert (replaced.status_code, replaced.json()["id"]) == (200, taken["id"])
    assert replaced.json()["cTag"] != taken["cTag"]
    url = session(daemon, "kapp.bin", **{option: "rename"}).json()["uploadUrl"]
    assert send(daemon, url, b"x", 0, 1).json()["name"] == "kapp 1.bin"


def test_a_session_holds_the_match_it_was_made_with(daemon):
    """412 when the file changed between the session's beginning and its end."""
    path = f"{daemon.drive()}/root:/match.bin"
    kept = daemon.put(f"{path}:/content", b"1")
    match = {"If-Match": kept["eTag"]}
    opened = daemon.ask("POST", f"{path}:/createUploadSession", json={}, headers=match)
    daemon.put(f"{path}:/content", b"2")
    assert send(daemon, opened.json()["uploadUrl"], b"3", 0, 1).status_code == 412
    refused = daemon.ask("POST", f"{path}:/createUploadSession", json={}, headers=match)
    assert refused.status_code == 412


def test_a_session_lives_by_the_sandbox_clock(daemon):
    """After its expiry it is 404."""
    url = session(daemon, "sen.bin").json()["uploadUrl"]
    daemon.advance("2023-01-05T00:00:00Z")
    assert send(daemon, url, b"x", 0, 1).status_code == 404


def test_the_plain_listener_links_to_plain_ports(daemon, sandbox):
    """Who asks over http gets links over http."""
    drive = daemon.drive()
    url = f"{sandbox.http_url}/v1.0{drive}/root:/plain.bin:/createUploadSession"
    opened = daemon.ask("POST", url, json={}).json()["uploadUrl"]
    assert opened.startswith("http://")
    assert send(daemon, opened, b"x", 0, 1).status_code == 201


@pytest.mark.parametrize("cuts", [[], [1], [159, 160, 161], [7, 333, 1000]])
def test_the_hash_does_not_depend_on_the_pieces(cuts):
    """quickXorHash against a plain reading of its definition, a byte at a time."""
    data = hashlib.shake_128(b"x").digest(1234)
    state = 0
    for at, byte in enumerate(data):
        shift = at * 11 % 160
        wide = byte << shift
        state ^= (wide | wide >> 160) & ((1 << 160) - 1)
    state ^= len(data) << 96
    digest = QuickXor()
    edges = [0, *cuts, len(data)]
    for start, end in pairwise(edges):
        digest.update(data[start:end])
    assert base64.b64decode(digest.base64()) == state.to_bytes(20, "little")
