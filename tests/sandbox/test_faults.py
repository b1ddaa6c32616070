"""Misbehaviour on script: what each fault does to a client, and which requests it meets."""

from datetime import datetime
from email.utils import parsedate_to_datetime

import httpx
import pytest

from service.sandbox.process import Sandbox
from tests.sandbox import records, worlds
from tests.sandbox.conftest import WORLDS, Client


@pytest.fixture(autouse=True)
def _no_faults_left(daemon):
    yield
    daemon.control("DELETE", "faults")


@pytest.fixture(scope="module")
def drive(daemon):
    return daemon.drive()


def script(client, **given):
    answer = client.control("POST", "faults", json=given)
    assert answer.status_code == 201, answer.text


def told(client):
    return client.control("GET", "faults").json()["value"]


def statuses(client, count, path):
    return [client.ask("GET", path).status_code for _ in range(count)]


# ---------------------------------------------------------------- which requests


@pytest.mark.parametrize(
    ("turn", "struck"),
    [
        ({}, [1]),
        ({"times": 2}, [1, 2]),
        ({"nth": 3}, [3]),
        ({"nth": 3, "times": 2}, [3, 4]),
        ({"every": 3}, [3, 6]),
        ({"nth": 2, "every": 3}, [2, 5]),
        ({"every": 2, "times": 1}, [2]),
    ],
)
def test_a_fault_strikes_in_its_turn(daemon, drive, turn, struck):
    """By the count of what matches: the nth, every so many, so many times."""
    script(daemon, match={"glob": "*/root"}, status=503, **turn)
    found = statuses(daemon, 7, f"{drive}/root")
    assert [n for n, status in enumerate(found, start=1) if status == 503] == struck


def test_chance_is_repeatable(daemon, drive):
    """The same seed strikes the same requests; another seed others."""

    def run(seed):
        daemon.control("DELETE", "faults")
        script(daemon, match={"method": "GET"}, probability=0.5, seed=seed, status=500)
        return statuses(daemon, 20, f"{drive}/root")

    first = run(1)
    assert run(1) == first
    assert run(2) != first
    assert {200, 500} == set(first)


def test_a_span_goes_by_the_sandboxs_clock(tmp_path):
    """Ten minutes of 503 end when the clock has moved ten minutes, however often it is asked."""
    with Sandbox(seed=f"{WORLDS}:empty", directory=tmp_path) as sandbox:
        client = Client(sandbox, worlds.DAEMON)
        path = client.drive() + "/root"
        script(client, match={"path": "/root$"}, status=503, **{"for": "10 min"})
        assert statuses(client, 3, path) == [503] * 3
        client.advance("2023-01-01T00:09:59Z")
        assert statuses(client, 1, path) == [503]
        client.advance("2023-01-01T00:10:00Z")
        assert statuses(client, 1, path) == [200]
        script(
            client,
            match={"path": "/root$"},
            status=503,
            **{"from": "2023-01-01T01:00:00Z", "for": 60},
        )
        assert statuses(client, 1, path) == [200]
        client.advance("2023-01-01T01:00:30Z")
        assert statuses(client, 2, path) == [503, 503]
        client.advance("2023-01-01T01:01:00Z")
        assert statuses(client, 1, path) == [200]
        client.close()


def test_everything_of_a_match_must_agree(daemon, provisioner, drive):
    """Method, whole path, app, part of the body and a header, each by itself."""
    name = f"{drive}/root/children"

    def make(client, folder, **headers):
        body = {"name": folder, "folder": {}}
        return client.ask("POST", name, json=body, headers=headers).status_code

    script(daemon, match={"body": '"dålig'}, status=500)
    assert (make(daemon, "god"), make(daemon, "dålig mapp")) == (201, 500)
    script(daemon, match={"app": worlds.PROVISIONER.client_id}, status=500)
    assert (daemon.ask("GET", drive).status_code, provisioner.ask("GET", drive).status_code) == (
        200,
        500,
    )
    script(daemon, match={"headers": {"If-Match": "^x$"}}, status=500)
    assert daemon.ask("GET", drive, headers={"If-Match": "y"}).status_code == 200
    assert daemon.ask("GET", drive, headers={"If-Match": "x"}).status_code == 500
    script(daemon, match={"glob": "/v1.0/drives/*/root:/å ä:"}, status=500)
    assert daemon.ask("GET", f"{drive}/root:/å ä:/children").status_code == 404
    assert daemon.ask("GET", f"{drive}/root:/%C3%A5%20%C3%A4:").status_code == 500


def test_what_was_met_is_listed(daemon, drive):
    """How often, on which requests of the log, and which were never met."""
    script(daemon, match={"glob": "*/root"}, times=2, status=503)
    script(daemon, match={"glob": "*/nowhere"}, status=503)
    statuses(daemon, 3, f"{drive}/root")
    log = daemon.control("GET", "requests").json()["items"]
    numbers = [item["number"] for item in log if item["path"].endswith("/root")][-3:]
    first, second = told(daemon)
    assert (first["met"], first["left"], first["requests"]) == (2, 0, numbers[:2])
    assert (second["met"], second["left"], second["requests"]) == (0, 1, [])


# ---------------------------------------------------------------- what happens


def test_any_refusal_in_any_words(daemon, drive):
    """Status, code, message, headers and body are the script's where it has them."""
    script(daemon, status=418, code="teapot", message="Kort och tjock", headers={"X-Y": "z"})
    answer = daemon.ask("GET", drive)
    assert (answer.status_code, answer.headers["x-y"]) == (418, "z")
    assert answer.json()["error"]["code"] == "teapot"
    assert answer.json()["error"]["message"] == "Kort och tjock"
    script(daemon, status=502, body={"odd": True})
    assert daemon.ask("GET", drive).json() == {"odd": True}
    script(daemon, status=503, body="<html><body>Service unavailable</body></html>")
    answer = daemon.ask("GET", drive)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.text.startswith("<html>")


@pytest.mark.parametrize(
    ("given", "header"),
    [({"retry_after": 600}, "600"), ({"retry_after": 1.5}, "1.5"), ({}, None)],
)
def test_retry_after_in_every_form(daemon, drive, given, header):
    """Seconds, with a fraction, or not there at all."""
    script(daemon, status=429, **given)
    assert daemon.ask("GET", drive).headers.get("retry-after") == header


def test_retry_after_as_a_date(daemon, drive):
    """An HTTP-date, by the sandbox's clock, as the Date header is."""
    script(daemon, status=503, retry_after=90, retry_after_date=True)
    answer = daemon.ask("GET", drive)
    until = parsedate_to_datetime(answer.headers["retry-after"])
    now = datetime.fromisoformat(daemon.control("GET", "clock").json()["now"])
    assert (until - now).total_seconds() == 90
    assert parsedate_to_datetime(answer.headers["date"]) == now


def test_a_claims_challenge(daemon, drive):
    """401 that names the claims which the next token must satisfy."""
    script(daemon, claims=True)
    answer = daemon.ask("GET", drive)
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "InvalidAuthenticationToken"
    assert 'error="insufficient_claims", claims="' in answer.headers["www-authenticate"]


def test_a_delta_token_too_old(daemon, drive):
    """410 with the address at which to begin anew, which answers."""
    link = daemon.get(f"{drive}/root/delta")["@odata.deltaLink"]
    script(daemon, match={"path": "/delta"}, status=410, code="resyncChangesUploadDifferences")
    answer = daemon.ask("GET", link)
    assert answer.status_code == 410
    assert answer.json()["error"]["code"] == "resyncChangesUploadDifferences"
    anew = answer.headers["location"]
    assert "token" not in anew
    assert daemon.get(anew)["value"]


def test_a_wrong_content_type(daemon, drive):
    """The answer itself is as it should be, and carries another type."""
    script(daemon, content_type="text/html")
    answer = daemon.ask("GET", drive)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html")
    assert answer.json()["driveType"] == "documentLibrary"


def test_a_slow_answer_comes_in_pieces(daemon, drive):
    """Whole and right in the end."""
    script(daemon, pieces=5)
    token = daemon.http.headers["Authorization"]
    pieces = records.records(daemon, daemon.base + drive, f"Authorization: {token}\r\n")
    assert len(pieces) > 5
    assert b"documentLibrary" in b"".join(pieces)


@pytest.mark.parametrize("how", [{"truncate": True}, {"cut": "answer"}])
def test_an_answer_that_breaks_off(daemon, drive, how):
    """Fewer bytes come than were announced; what was asked for was done."""
    name = f"halv-{next(iter(how))}.txt"
    script(daemon, match={"method": "PUT"}, **how)
    with pytest.raises(httpx.TransportError):
        daemon.ask("PUT", f"{drive}/root:/{name}:/content", content=b"x")
    assert daemon.get(f"{drive}/root:/{name}")["size"] == 1


def test_a_request_that_is_cut_does_nothing(daemon, drive):
    """Half of the body is read; it is in the log with status 0."""
    script(daemon, match={"method": "PUT"}, cut="request")
    with pytest.raises(httpx.TransportError):
        daemon.ask("PUT", f"{drive}/root:/avbruten.txt:/content", content=b"x" * 3_000_000)
    entry = daemon.control("GET", "requests").json()["items"][-1]
    assert (entry["method"], entry["status"], entry["write"]) == ("PUT", 0, False)
    daemon.refused(404, "itemNotFound", "GET", f"{drive}/root:/avbruten.txt")


# ---------------------------------------------------------------- stale reading


@pytest.mark.parametrize("kind", ["item", "children", "rows", "row"])
def test_a_stale_answer_is_as_before_the_last_write(daemon, provisioner, drive, kind):
    """An item, a folder, a list and a row as they were before the last write; then as they are."""
    folder = daemon.ask(
        "POST", f"{drive}/root/children", json={"name": f"gammal-{kind}", "folder": {}}
    ).json()
    item = daemon.put(f"{drive}/root:/gammal-{kind}/a.txt:/content", b"1")
    path = {
        "item": f"{drive}/items/{item['id']}",
        "children": f"{drive}/items/{folder['id']}/children",
        "rows": f"{drive}/root:/gammal-{kind}/a.txt:/listItem",
        "row": f"{drive}/items/{item['id']}/listItem/fields",
    }[kind]
    before = daemon.get(path)
    script(daemon, match={"path": path.rpartition("/")[2]}, stale=True, nth=2)
    assert daemon.get(path) == before
    daemon.put(f"{drive}/root:/gammal-{kind}/a.txt:/content", b"two")
    assert daemon.get(path) == before
    assert daemon.get(path) != before


def test_only_the_last_write_is_not_seen_yet(daemon, drive):
    """Earlier ones are, though the fault was armed before them."""
    path = f"{drive}/root:/tre.txt"
    script(daemon, match={"glob": "*/tre.txt"}, stale=True, nth=2)
    for content in (b"1", b"22"):
        daemon.put(f"{path}:/content", content)
    assert daemon.get(path)["size"] == 2
    daemon.put(f"{path}:/content", b"333")
    assert [daemon.get(path)["size"] for _ in range(2)] == [2, 3]


def test_a_refused_write_makes_nothing_stale(daemon, drive):
    """Only what was written counts: a refusal in between changes nothing."""
    script(daemon, match={"glob": "*/ny.txt"}, stale=True)
    daemon.put(f"{drive}/root:/ny.txt:/content", b"1")
    body = {"name": "ny.txt", "file": {}, "@microsoft.graph.conflictBehavior": "fail"}
    assert daemon.ask("POST", f"{drive}/root/children", json=body).status_code >= 400
    daemon.refused(404, "itemNotFound", "GET", f"{drive}/root:/ny.txt")
    assert daemon.get(f"{drive}/root:/ny.txt")["size"] == 1


def test_stale_messages(tmp_path):
    """A member's post is not to be read yet, though it has been made."""
    with Sandbox(seed=f"{WORLDS}:lively", directory=tmp_path) as sandbox:
        client = Client(sandbox, worlds.DAEMON)
        path = f"/teams/{worlds.WORLD.team}/channels/{worlds.COMMON}/messages"
        client.advance("2023-01-02T09:00:00Z")
        script(client, match={"glob": "*/messages"}, stale=True)
        client.advance("2023-01-03T09:00:00Z")
        assert [len(client.get(path)["value"]) for _ in range(2)] == [0, 1]
        client.close()
