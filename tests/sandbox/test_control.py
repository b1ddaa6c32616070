"""Clock, log, faults, limits and restarts."""

import json
import os
import signal
import stat
import subprocess
import sys
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx
import pytest

from service.sandbox.process import NotStartedError, Sandbox
from tests.sandbox import worlds
from tests.sandbox.conftest import WORLDS, Client


@pytest.fixture(autouse=True)
def _no_faults_left(daemon):
    yield
    daemon.control("DELETE", "faults")


def script(client, **given):
    answer = client.control("POST", "faults", json=given)
    assert answer.status_code == 201, answer.text


def last(client):
    return client.control("GET", "requests?summary=1").json()["last"]


def test_the_clock_goes_forward_only(daemon):
    """GET tells it, POST moves it, backwards is 409, nonsense 400."""
    assert daemon.control("GET", "clock").json()["now"] == "2023-01-01T00:00:00Z"
    daemon.advance("2023-01-02T00:00:00+01:00")
    assert daemon.control("GET", "clock").json()["now"] == "2023-01-01T23:00:00Z"
    back = daemon.control("POST", "clock", json={"now": "2023-01-01T00:00:00Z"})
    assert back.status_code == 409
    assert daemon.control("POST", "clock", json={"now": "soon"}).status_code == 400


def test_the_log_counts_tenant_requests_and_writes_without_secrets(daemon):
    """Reads, writes, refusals and bytes count; tokens and control do not."""
    start = last(daemon)
    drive = daemon.drive()
    daemon.put(f"{drive}/root:/log.txt:/content", b"x")
    daemon.ask("GET", f"{drive}/items/none")
    link = daemon.ask("GET", f"{drive}/root:/log.txt:/content").headers["location"]
    daemon.bare("GET", link)
    url = daemon.ask("POST", f"{drive}/root:/l.bin:/createUploadSession", json={}).json()
    daemon.bare("PUT", url["uploadUrl"], content=b"x", headers={"Content-Range": "bytes 0-0/1"})
    daemon.token()
    answer = daemon.control("GET", f"requests?since={start}").json()
    assert [(i["method"], i["status"], i["write"]) for i in answer["items"]] == [
        ("GET", 200, False),
        ("PUT", 201, True),
        ("GET", 404, False),
        ("GET", 302, False),
        ("GET", 200, False),
        ("POST", 200, False),
        ("PUT", 201, True),
    ]
    assert (answer["count"], answer["writes"]) == (7, 2)
    assert answer["items"][0]["app"] == answer["items"][6]["app"] == worlds.DAEMON.client_id
    assert "tempauth=…" in answer["items"][4]["path"]
    assert daemon.control("GET", f"requests?since={start}&summary=1").json()["items"] == []


def test_a_fault_before_the_effect_leaves_nothing(daemon):
    """429 with its Retry-After, as often as it was scripted, and then no more."""
    drive = daemon.drive()
    script(
        daemon,
        match={"method": "PUT", "path": "/content$"},
        times=2,
        status=429,
        headers={"Retry-After": "7"},
    )
    for _ in range(2):
        answer = daemon.ask("PUT", f"{drive}/root:/f.txt:/content", content=b"x")
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")
        assert answer.json()["error"]["code"] == "activityLimitReached"
    daemon.refused(404, "itemNotFound", "GET", f"{drive}/root:/f.txt")
    daemon.put(f"{drive}/root:/f.txt:/content", b"x")


def test_a_fault_after_the_effect_loses_only_the_answer(daemon):
    """Committed and then 504; committed and then the connection dropped."""
    drive = daemon.drive()
    body = {"name": "efter", "folder": {}}
    script(daemon, match={"method": "POST"}, status=504, when="after")
    assert daemon.ask("POST", f"{drive}/root/children", json=body).status_code == 504
    daemon.refused(409, "nameAlreadyExists", "POST", f"{drive}/root/children", json=body)
    script(daemon, match={"method": "PUT"}, drop=True, when="after")
    with pytest.raises(httpx.TransportError):
        daemon.ask("PUT", f"{drive}/root:/tappad.txt:/content", content=b"x")
    assert daemon.get(f"{drive}/root:/tappad.txt")["size"] == 1
    script(daemon, match={"method": "PUT"}, drop=True)
    with pytest.raises(httpx.TransportError):
        daemon.ask("PUT", f"{drive}/root:/aldrig.txt:/content", content=b"x")
    daemon.refused(404, "itemNotFound", "GET", f"{drive}/root:/aldrig.txt")


def test_faults_reach_the_listener_for_bytes(daemon):
    """A range that was stored and answered with 503 is 416 the next time."""
    drive = daemon.drive()
    unit = 320 * 1024
    url = daemon.ask("POST", f"{drive}/root:/b.bin:/createUploadSession", json={}).json()[
        "uploadUrl"
    ]
    script(daemon, match={"method": "PUT", "path": "^/upload/"}, status=503, when="after")
    span = {"Content-Range": f"bytes 0-{unit - 1}/{2 * unit}"}
    assert daemon.bare("PUT", url, content=bytes(unit), headers=span).status_code == 503
    assert daemon.bare("PUT", url, content=bytes(unit), headers=span).status_code == 416
    script(daemon, match={"path": "^/upload/"}, drop=True)
    with pytest.raises(httpx.TransportError):
        daemon.bare("GET", url)
    assert daemon.bare("GET", url).json()["nextExpectedRanges"] == [f"{unit}-"]


def test_a_delta_can_be_told_to_start_afresh(daemon):
    """410 with a Location that works."""
    drive = daemon.drive()
    link = daemon.get(f"{drive}/root/delta?token=latest")["@odata.deltaLink"]
    script(daemon, match={"path": "/delta"}, status=410)
    answer = daemon.ask("GET", link)
    assert answer.status_code == 410
    assert answer.json()["error"]["code"].startswith("resync")
    assert daemon.get(answer.headers["location"])["value"]


@pytest.mark.parametrize(("when", "there"), [("before", False), ("after", True)])
def test_a_process_is_killed_at_a_request(daemon, when, there):
    """SIGKILL before anything happens, or after it is committed and before the answer."""
    drive = daemon.drive()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as victim:
        script(daemon, at_request=last(daemon) + 1, kill=victim.pid, when=when)
        with pytest.raises(httpx.TransportError):
            daemon.ask("PUT", f"{drive}/root:/mord-{when}.txt:/content", content=b"x")
        assert victim.wait(10) == -signal.SIGKILL
    found = daemon.ask("GET", f"{drive}/root:/mord-{when}.txt")
    assert found.status_code == (200 if there else 404)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (401, "InvalidAuthenticationToken"),
        (404, "itemNotFound"),
        (409, "nameAlreadyExists"),
        (410, "resyncChangesApplyDifferences"),
        (412, "resourceModified"),
        (416, "invalidRange"),
        (423, "resourceLocked"),
        (429, "activityLimitReached"),
        (503, "serviceNotAvailable"),
        (507, "quotaLimitReached"),
    ],
)
def test_a_fault_without_a_code_says_what_the_service_says(daemon, status, code):
    """The default of each status is the code of the same refusal elsewhere in the tenant."""
    script(daemon, match={"path": "/drives"}, status=status)
    daemon.refused(status, code, "GET", f"{daemon.site}/drives")


def test_a_script_that_says_nothing_is_refused(daemon):
    """Unknown keys and scripts without an effect are 400."""
    for body in ({"times": 1}, {"status": 500, "unknown": 1}, {"status": 500, "when": "later"}):
        assert daemon.control("POST", "faults", json=body).status_code == 400
    assert daemon.control("GET", "nothing").status_code == 404


def test_limits_are_announced_and_then_enforced(daemon):
    """RateLimit headers from 80 %, then 429 with Retry-After; off again by null."""
    drive = daemon.drive()
    daemon.control("POST", "settings", json={"units_per_minute": 5})
    try:
        answers = [daemon.ask("GET", drive) for _ in range(6)]
    finally:
        daemon.control("POST", "settings", json={"units_per_minute": None})
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert "ratelimit-limit" not in answers[2].headers
    assert answers[3].headers["ratelimit-remaining"] == "1"
    assert int(answers[5].headers["retry-after"]) > 0
    assert daemon.ask("GET", drive).status_code == 200


def unknown(client):
    answer = client.control("GET", "requests?unknown=1").json()["value"]
    return {(each["method"], each["template"], each["why"]): each for each in answer}


def test_what_is_asked_for_and_not_built_is_listed(daemon):
    """By method and template with counts, whatever the ids; each with the real service's error."""
    for user in (worlds.ANNA.id, worlds.BO.mail):
        message = daemon.refused(400, "BadRequest", "GET", f"/users/{user}/planner")
        assert message == "Resource not found for the segment 'planner'."
    daemon.refused(405, "UnknownError", "DELETE", f"{daemon.site}/lists")
    daemon.refused(400, "invalidRequest", "GET", f"{daemon.drive()}?$compute=x")
    daemon.refused(400, "BadRequest", "GET", daemon.base.replace("v1.0", "v3.0") + "/me")
    daemon.refused(501, "notSupported", "GET", daemon.base.replace("v1.0", "beta") + "/me")
    found = unknown(daemon)
    assert found["GET", "/v1.0/users/{id}/planner", "path"]["count"] == 2
    assert found["DELETE", "/v1.0/sites/{site}/lists", "method"]["status"] == 405
    assert found["GET", "/v1.0/drives/{drive}", "option $compute"]["count"] == 1
    assert found["GET", "/v3.0/me", "version"]["status"] == 400
    assert found["GET", "/beta/me", "beta"]["status"] == 501
    assert not [key for key in found if "drives" in key[1] and key[2] == "path"]


def test_without_a_token_nothing_is_listed(daemon):
    """Who has not signed in is told no more than that, and asked for nothing."""
    assert daemon.bare("GET", f"{daemon.base}/secret/things").status_code == 401
    assert ("GET", "/v1.0/secret/things", "path") not in unknown(daemon)


def test_other_methods(daemon):
    """HEAD is refused without a body; OPTIONS answers a browser's question and nothing else."""
    head = daemon.ask("HEAD", daemon.drive())
    assert (head.status_code, head.content) == (405, b"")
    asked = {
        "Origin": "https://exempel.example",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "authorization",
    }
    answer = daemon.bare("OPTIONS", daemon.base + daemon.drive(), headers=asked)
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-allow-headers"] == "authorization"
    assert daemon.bare("OPTIONS", daemon.base + daemon.drive()).status_code == 405


def test_every_answer_has_ids_and_a_date(daemon):
    """The client's id comes back, the service gives its own, and the date is the sandbox's."""
    given = {"client-request-id": "11111111-2222-4333-8444-555555555555"}
    for path in (daemon.drive(), "/nowhere"):
        answer = daemon.ask("GET", path, headers=given)
        assert answer.headers["client-request-id"] == given["client-request-id"]
        assert answer.headers["request-id"] != given["client-request-id"]
        now = datetime.fromisoformat(daemon.control("GET", "clock").json()["now"])
        assert parsedate_to_datetime(answer.headers["date"]) == now.replace(microsecond=0)


def test_a_failure_of_the_sandbox_itself_is_seen(tmp_path):
    """500 with a body, a word on stderr and in the list; the next request is answered as ever."""
    sandbox = Sandbox(seed=f"{WORLDS.replace('worlds', 'broken')}:seed", directory=tmp_path)
    sandbox.start()
    client = Client(sandbox, worlds.DAEMON)
    client.refused(500, "generalException", "GET", "/broken")
    assert client.get(client.drive())["driveType"] == "documentLibrary"
    assert unknown(client)["GET", "/v1.0/broken", "error: ZeroDivisionError"]["count"] == 1
    client.refused(501, "notSupported", "GET", "/broken/12345/declined")
    assert ("GET", "/v1.0/broken/{id}/declined", "notSupported") in unknown(client)
    client.close()
    said = sandbox.stop()
    assert "GET /v1.0/broken failed in the sandbox itself" in said
    assert "ZeroDivisionError" in said


def test_the_tree_shows_a_drive(daemon):
    """For people who look: names, sizes and columns."""
    daemon.put(f"{daemon.drive()}/root:/träd/a.txt:/content", b"xyz")
    (shown,) = daemon.control("GET", "tree?drive=Dokument").json()["value"]
    tree = next(entry for entry in shown["children"] if entry["name"] == "träd")
    assert tree["children"][0]["size"] == 3


def test_a_restart_goes_on_where_it_was(tmp_path):
    """Clock, acts, files, links, log and authority last; another seed is refused; reset clears."""
    running = {"seed": f"{WORLDS}:lively", "directory": tmp_path}
    with Sandbox(**running) as sandbox:
        assert stat.S_IMODE(sandbox.env_file.stat().st_mode) == 0o600
        client = Client(sandbox, worlds.DAEMON)
        client.advance("2023-01-06T20:00:00Z")
        client.put(f"{client.drive()}/root:/kvar.txt:/content", b"kvar")
        link = client.get(f"{client.drive()}/root/delta")["@odata.deltaLink"].partition("?")[2]
        waiting = client.control("GET", "waiting").json()
        number, ca = last(client), sandbox.ca_file.read_bytes()
        client.close()
    with Sandbox(**running) as sandbox:
        client = Client(sandbox, worlds.DAEMON)
        assert client.control("GET", "clock").json()["now"] == "2023-01-06T20:00:00Z"
        assert client.control("GET", "waiting").json() == waiting
        assert last(client) == number
        assert sandbox.ca_file.read_bytes() == ca
        assert client.get(f"{client.drive()}/root/delta?{link}")["value"] == []
        assert client.get(f"{client.drive()}/root:/kvar.txt")["size"] == 4
        client.advance("2023-01-07T20:00:00Z")
        assert client.get(f"{client.drive()}/root:/Ny/Mapp/anteckning.txt")["size"] == 6
        client.close()
    with pytest.raises(NotStartedError, match="--reset"):
        Sandbox(seed=f"{WORLDS}:empty", directory=tmp_path).start()
    with Sandbox(**running, reset=True) as sandbox:
        client = Client(sandbox, worlds.DAEMON)
        assert client.control("GET", "clock").json()["now"] == "2023-01-01T00:00:00Z"
        client.refused(404, "itemNotFound", "GET", f"{client.drive()}/root:/kvar.txt")
        client.close()


def test_state_of_another_version_is_refused(tmp_path):
    """Rather than failing over its tables later on."""
    with Sandbox(seed=f"{WORLDS}:empty", directory=tmp_path):
        pass
    kept = tmp_path / "seed.json"
    kept.write_text(json.dumps({**json.loads(kept.read_text()), "tables": "older"}))
    with pytest.raises(NotStartedError, match="another version of the sandbox; use --reset"):
        Sandbox(seed=f"{WORLDS}:empty", directory=tmp_path).start()


def test_it_listens_on_loopback_only(sandbox):
    """Every listening socket of the process is bound to 127.0.0.1."""
    inodes = set()
    for file in Path(f"/proc/{sandbox.pid}/fd").iterdir():
        target = os.readlink(file)
        if target.startswith("socket:["):
            inodes.add(target[8:-1])
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    listening = [row[1] for row in rows if row[9] in inodes and row[3] == "0A"]
    assert len(listening) == 4
    assert all(address.startswith("0100007F:") for address in listening)
