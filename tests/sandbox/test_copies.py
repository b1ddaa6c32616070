"""Copies by the service: what their monitor says, what comes along, what is refused."""

import pytest

from service.sandbox.sharepoint import copies
from tests.sandbox import worlds
from tests.sandbox.switching import switched


@pytest.fixture
def folder(daemon, request):
    drive = daemon.drive()
    body = {"name": request.node.name.encode().hex()[-60:], "folder": {}}
    made = daemon.ask("POST", f"{drive}/root/children", json=body)
    assert made.status_code == 201, made.text
    return f"{drive}/items/{made.json()['id']}"


def new_folder(client, folder, name):
    return client.ask("POST", f"{folder}/children", json={"name": name, "folder": {}}).json()


def into(item):
    return {"driveId": item["parentReference"]["driveId"], "id": item["id"]}


def copied(client, path, body, query=""):
    """Every reading of the monitor, the last one its outcome."""
    answer = client.ask("POST", f"{path}/copy{query}", json=body)
    assert answer.status_code == 202, answer.text
    link, readings = answer.headers["location"], []
    assert not link.startswith(client.sandbox.url)
    while len(readings) < 10:
        answer = client.bare("GET", link)
        readings.append(answer.json())
        if readings[-1]["status"] != "inProgress":
            assert answer.status_code == 200
            return readings
        assert answer.status_code == 202
    raise AssertionError(readings)


def test_a_large_copy_takes_several_readings(daemon, folder):
    """The percentage grows, and then it is completed."""
    for number in range(120):
        daemon.put(f"{folder}:/m/{number}.txt:/content", b"x")
    target = new_folder(daemon, folder, "ut")
    readings = copied(daemon, f"{folder}:/m:", {"parentReference": into(target)})
    grown = [reading["percentageComplete"] for reading in readings]
    assert len(grown) == 3
    assert grown == sorted(set(grown))
    assert readings[-1]["status"] == "completed"
    made = daemon.get(f"{daemon.drive()}/items/{readings[-1]['resourceId']}")
    assert (made["name"], made["folder"]["childCount"]) == ("m", 120)


def test_a_name_that_is_taken_is_told_by_the_monitor(daemon, folder):
    """202 first; rename and replace make their way, fail does not."""
    item = daemon.put(f"{folder}:/a.txt:/content", b"new")
    target = new_folder(daemon, folder, "ut")
    there = daemon.put(f"{folder}:/ut/a.txt:/content", b"old")
    body = {"parentReference": into(target)}
    failed = copied(daemon, f"{folder}:/a.txt:", body)[-1]
    assert (failed["status"], failed["error"]["code"]) == ("failed", "nameAlreadyExists")
    option = "?@microsoft.graph.conflictBehavior="
    renamed = copied(daemon, f"{folder}:/a.txt:", body, option + "rename")[-1]
    assert daemon.get(f"{folder}:/ut/a 1.txt")["id"] == renamed["resourceId"]
    replaced = copied(daemon, f"{folder}:/a.txt:", body, option + "replace")[-1]
    assert replaced["resourceId"] == there["id"]
    kept = daemon.get(f"{folder}:/ut/a.txt")
    assert kept["file"]["hashes"] == item["file"]["hashes"]
    daemon.refused(400, "invalidRequest", "POST", f"{folder}:/a.txt:/copy{option}other", json=body)


def test_a_copy_that_does_not_fit_fails_as_a_whole(daemon, folder):
    """507 is told by the monitor, and nothing of it stays."""
    daemon.put(f"{folder}:/m/1.bin:/content", bytes(700_000))
    target = new_folder(daemon, folder, "ut")
    with switched(daemon, drive_quota="1 MiB"):
        failed = copied(daemon, f"{folder}:/m:", {"parentReference": into(target)})[-1]
    assert failed["error"]["code"] == "quotaLimitReached"
    assert daemon.get(f"{folder}:/ut:/children")["value"] == []


def test_versions_come_along_only_when_asked_for_and_no_name_is_sent(daemon, folder):
    """The page's known issue: with a name, includeAllVersionHistory is ignored."""
    for content in (b"1", b"22", b"333"):
        daemon.put(f"{folder}:/a.bin:/content", content)
    sizes = []
    for number, extra in enumerate(({}, {"all": True}, {"all": True, "name": "b.bin"})):
        target = new_folder(daemon, folder, f"ut{number}")
        body = {"parentReference": into(target)}
        if extra.get("all"):
            body["includeAllVersionHistory"] = True
        if "name" in extra:
            body["name"] = extra["name"]
        done = copied(daemon, f"{folder}:/a.bin:", body)[-1]
        kept = daemon.get(f"{daemon.drive()}/items/{done['resourceId']}/versions")["value"]
        sizes.append([version["size"] for version in kept])
    assert sizes == [[3], [3, 2, 1], [3]]


def test_children_alone_can_be_copied(daemon, folder):
    """Into the folder itself; not with a name, not of a file, not more than 150."""
    daemon.put(f"{folder}:/m/1.txt:/content", b"x")
    daemon.put(f"{folder}:/m/under/2.txt:/content", b"x")
    target = new_folder(daemon, folder, "ut")
    body = {"parentReference": into(target), "childrenOnly": True}
    assert copied(daemon, f"{folder}:/m:", body)[-1]["status"] == "completed"
    names = [item["name"] for item in daemon.get(f"{folder}:/ut:/children")["value"]]
    assert names == ["1.txt", "under"]
    named = {**body, "name": "n"}
    assert "name" in daemon.refused(400, "invalidRequest", "POST", f"{folder}:/m:/copy", json=named)
    said = daemon.refused(400, "invalidRequest", "POST", f"{folder}:/m/1.txt:/copy", json=body)
    assert said == "childrenOnly option is not valid for file items."
    for number in range(copies.MOST_CHILDREN):
        daemon.put(f"{folder}:/m/{number}.bin:/content", b"")
    said = daemon.refused(400, "invalidRequest", "POST", f"{folder}:/m:/copy", json=body)
    assert said.startswith("Direct child count limit exceeded.")


def test_what_cannot_be_copied_is_refused_at_once(daemon, folder):
    """The root, into a file, to nowhere, with a name that is none."""
    drive = daemon.drive()
    daemon.put(f"{folder}:/a.txt:/content", b"x")
    target = new_folder(daemon, folder, "ut")
    body = {"parentReference": into(target)}
    said = daemon.refused(400, "invalidRequest", "POST", f"{drive}/root/copy", json=body)
    assert said == "Cannot copy the root folder."
    copy = f"{folder}:/a.txt:/copy"
    daemon.refused(400, "invalidRequest", "POST", copy, json={**body, "name": "a:b"})
    daemon.refused(400, "invalidRequest", "POST", copy, json={"parentReference": "x"})
    gone = {"parentReference": {**into(target), "id": "01NONE"}}
    daemon.refused(404, "itemNotFound", "POST", copy, json=gone)
    inside = copied(daemon, folder, {"parentReference": into(target)})[-1]
    assert inside["status"] == "failed"


def test_who_may_only_read_the_target_may_not_copy_there(daemon, connect, folder):
    """403 at once; nothing is made."""
    daemon.put(f"{folder}:/a.txt:/content", b"x")
    reader, body = connect(worlds.READER), {"name": "b.txt"}
    reader.refused(403, "accessDenied", "POST", f"{folder}:/a.txt:/copy", json=body)
    daemon.refused(404, "itemNotFound", "GET", f"{folder}:/b.txt")


def test_a_monitor_does_not_live_for_ever(daemon, folder):
    """Its link is signed, and after its hours it is 404."""
    daemon.put(f"{folder}:/a.txt:/content", b"x")
    answer = daemon.ask("POST", f"{folder}:/a.txt:/copy", json={"name": "b.txt"})
    link = answer.headers["location"]
    assert daemon.bare("GET", link.partition("?")[0]).status_code == 401
    assert daemon.bare("GET", link).status_code == 202
    now = daemon.control("GET", "clock").json()["now"]
    daemon.advance(f"{int(now[:4]) + 1}{now[4:10]}T00:00:00Z")
    assert daemon.bare("GET", link).status_code == 404
    assert daemon.get(f"{folder}:/b.txt")["size"] == 1
