"""`$batch`: each request with an answer of its own, and what no batch may be."""

import base64

import httpx
import pytest

from tests.sandbox import worlds


@pytest.fixture(autouse=True)
def _no_faults_left(daemon):
    yield
    daemon.control("DELETE", "faults")


@pytest.fixture(scope="module")
def drive(daemon):
    return daemon.drive()


def get(name, url, **more):
    return {"id": name, "method": "GET", "url": url, **more}


def batch(client, *requests):
    answer = client.ask("POST", "/$batch", json={"requests": list(requests)})
    assert answer.status_code == 200, answer.text
    return {each["id"]: each for each in answer.json()["responses"]}


def folder(name, drive, called, **more):
    return {
        "id": name,
        "method": "POST",
        "url": f"{drive}/root/children",
        "headers": {"Content-Type": "application/json"},
        "body": {"name": called, "folder": {}},
        **more,
    }


def test_each_has_its_own_answer(daemon, drive):
    """JSON, a refusal, a redirect and bytes, beside each other; the URL with or without slash."""
    daemon.put(f"{drive}/root:/a.txt:/content", b"abc")
    daemon.put(f"{drive}/root:/%C3%A5%20b.txt:/content", b"abc")
    found = batch(
        daemon,
        get("1", drive),
        get("2", f"{drive.lstrip('/')}/items/none"),
        get("3", f"{drive}/root:/a.txt:/content"),
        get("4", f"{drive}/root:/%C3%A5%20b.txt?$select=name"),
    )
    assert {name: each["status"] for name, each in found.items()} == {
        "1": 200,
        "2": 404,
        "3": 302,
        "4": 200,
    }
    assert found["1"]["body"]["driveType"] == "documentLibrary"
    assert found["2"]["body"]["error"]["code"] == "itemNotFound"
    assert daemon.bare("GET", found["3"]["headers"]["Location"]).content == b"abc"
    assert found["4"]["body"].keys() == {"@odata.context", "name", "@odata.etag"} & set(
        found["4"]["body"]
    ) | {"@odata.context", "name"}


def test_bytes_travel_as_base64(daemon, drive):
    """In an upload and in an error page alike."""
    put = {
        "id": "1",
        "method": "PUT",
        "url": f"{drive}/root:/bytes.bin:/content",
        "headers": {"Content-Type": "application/octet-stream"},
        "body": base64.urlsafe_b64encode(bytes(range(250, 256)) * 3).decode().rstrip("="),
    }
    assert batch(daemon, put)["1"]["status"] == 201
    link = daemon.ask("GET", f"{drive}/root:/bytes.bin:/content").headers["location"]
    assert daemon.bare("GET", link).content == bytes(range(250, 256)) * 3
    daemon.control("POST", "faults", json={"match": {"glob": "*/root"}, "status": 502, "body": "<"})
    assert base64.b64decode(batch(daemon, get("1", f"{drive}/root"))["1"]["body"]) == b"<"


def test_what_depends_on_a_failure_is_not_done(daemon, drive):
    """424, down the whole chain; what went before stays done."""
    found = batch(
        daemon,
        folder("a", drive, "kedja"),
        folder("b", drive, "kedja", dependsOn=["a"]),
        folder("c", drive, "aldrig", dependsOn=["b"]),
        folder("d", drive, "aldrig heller", dependsOn=["c"]),
    )
    assert [found[name]["status"] for name in "abcd"] == [201, 409, 424, 424]
    assert found["c"]["body"]["error"]["code"] == "FailedDependency"
    daemon.refused(404, "itemNotFound", "GET", f"{drive}/root:/aldrig")


def test_all_may_depend_on_one(daemon, drive):
    """The other order that is allowed."""
    found = batch(
        daemon,
        folder("1", drive, "först"),
        get("2", drive, dependsOn=["1"]),
        get("3", drive, dependsOn=["1"]),
    )
    assert [each["status"] for each in found.values()] == [201, 200, 200]


def test_each_is_counted_and_logged_by_itself(daemon, drive):
    """The batch and its requests have numbers; writes are those of the requests."""
    start = daemon.control("GET", "requests?summary=1").json()["last"]
    batch(daemon, get("1", drive), folder("2", drive, "räknad"), get("3", f"{drive}/items/x"))
    log = daemon.control("GET", f"requests?since={start}").json()
    assert sorted((e["method"], e["status"], e["write"]) for e in log["items"]) == [
        ("GET", 200, False),
        ("GET", 404, False),
        ("POST", 200, False),
        ("POST", 201, True),
    ]
    assert log["writes"] == 1
    assert {entry["app"] for entry in log["items"]} == {worlds.DAEMON.client_id}


def test_limits_and_faults_are_for_each(daemon, drive):
    """One is throttled with its own Retry-After beside others that are not."""
    daemon.control("POST", "settings", json={"units_per_minute": 2})
    try:
        found = batch(daemon, *(get(str(n), drive) for n in range(4)))
    finally:
        daemon.control("POST", "settings", json={"units_per_minute": None})
    assert [each["status"] for each in found.values()] == [200, 200, 429, 429]
    assert found["2"]["headers"]["Retry-After"] == "60"
    script = {"match": {"glob": "*/root"}, "nth": 2, "status": 503, "retry_after": 9}
    daemon.control("POST", "faults", json=script)
    found = batch(daemon, *(get(str(n), f"{drive}/root") for n in range(3)))
    assert [each["status"] for each in found.values()] == [200, 503, 200]
    assert found["1"]["headers"]["Retry-After"] == "9"


def test_a_cut_connection_takes_the_whole_batch(daemon, drive):
    """What was done before it is done."""
    script = {"match": {"body": "sist"}, "drop": True, "when": "after", "nth": 2}
    daemon.control("POST", "faults", json=script)
    requests = [folder("1", drive, "inte"), folder("2", drive, "sist")]
    with pytest.raises(httpx.TransportError):
        daemon.ask("POST", "/$batch", json={"requests": requests})
    assert daemon.get(f"{drive}/root:/inte")["name"] == "inte"
    assert daemon.get(f"{drive}/root:/sist")["name"] == "sist"


def test_four_of_outlooks_at_a_time_are_no_trouble(daemon):
    """A batch runs them four at a time by itself, so twenty are not refused."""
    url = f"/users/{worlds.BOX.id}/calendarView?startDateTime=2023-01-01&endDateTime=2023-02-01"
    found = batch(daemon, *(get(str(n), url) for n in range(20)))
    assert {each["status"] for each in found.values()} == {200}


@pytest.mark.parametrize(
    ("requests", "words"),
    [
        ([], "Invalid batch payload format."),
        ("none", "Invalid batch payload format."),
        ([{"method": "GET", "url": "/x"}], "Invalid batch payload format."),
        ([{"id": 1, "method": "GET", "url": "/x"}], "Invalid batch payload format."),
        ([get("1", "/x"), {"id": "2", "url": "/x"}], "Invalid batch payload format."),
        ([{"id": "1", "method": "BREW", "url": "/x"}], "Invalid batch payload format."),
        ([get("a", "/x"), get("A", "/x")], "Request Id A has to be unique in a batch."),
        ([get(str(n), "/x") for n in range(21)], "maximum value of 20"),
        ([get("1", "/x"), get("2", "/x", dependsOn=["3"])], "depends on 3"),
        ([get("1", "/x", dependsOn=["1"])], "depends on 1"),
        (
            [get("1", "/x"), get("2", "/x", dependsOn=["1"]), get("3", "/x"), get("4", "/x"),
             get("5", "/x", dependsOn=["4"])],
            "have to be serial",
        ),
        (
            [get("1", "/x"), get("2", "/x"), get("3", "/x", dependsOn=["1", "2"])],
            "have to be serial",
        ),
    ],
)  # fmt: skip
def test_a_batch_that_is_none(daemon, requests, words):
    """400 for the whole, and nothing in it is done."""
    message = daemon.refused(400, "BadRequest", "POST", "/$batch", json={"requests": requests})
    assert words in message


def test_a_request_that_no_batch_may_hold(daemon, drive):
    """An absolute URL, another batch and a body without a type are refused, each by itself."""
    found = batch(
        daemon,
        get("1", daemon.base + drive),
        {
            "id": "2",
            "method": "POST",
            "url": "/$batch",
            "headers": {"Content-Type": "application/json"},
            "body": {"requests": [get("1", drive)]},
        },
        {key: value for key, value in folder("3", drive, "utan").items() if key != "headers"},
        get("4", drive),
    )
    assert [each["status"] for each in found.values()] == [400, 400, 400, 200]


def test_a_batch_needs_a_token(daemon):
    """401 for the whole; no request is answered."""
    answer = daemon.bare("POST", f"{daemon.base}/$batch", json={"requests": [get("1", "/sites")]})
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "InvalidAuthenticationToken"
