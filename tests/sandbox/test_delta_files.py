"""Delta over a library: pages, tokens that grow old, what is told and what is not."""

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.sandbox.switching import switched
from tests.sandbox.test_files import drain


@pytest.fixture
def drive(daemon, provisioner, request):
    """A library of the test's own."""
    name = request.node.name.replace("[", " ").replace("]", "")[:60].strip()
    body = {"displayName": name, "list": {"template": "documentLibrary"}}
    made = provisioner.ask("POST", f"{provisioner.site}/lists", json=body)
    assert made.status_code == 201, made.text
    return daemon.drive(name)


def fill(client, drive, count):
    for number in range(count):
        client.put(f"{drive}/root:/m/{number}.txt:/content", b"x")


def pages(client, url):
    found = []
    while True:
        found.append(client.get(url))
        if "@odata.deltaLink" in found[-1]:
            return found
        url = found[-1]["@odata.nextLink"]


@pytest.mark.parametrize("start", ["all", "changes"])
def test_an_empty_page_with_a_next_link_is_no_end(daemon, drive, start):
    """The second page of every round of several is one; nothing is lost by going on."""
    url = f"{drive}/root/delta"
    if start == "changes":
        url = drain(daemon, url)[1]
    fill(daemon, drive, 5)
    given = pages(daemon, url + ("&" if "?" in url else "?") + "$top=2")
    sizes = [len(page["value"]) for page in given]
    assert sizes[1] == 0
    assert all(sizes[:1] + sizes[2:])
    names = {entry["name"] for page in given for entry in page["value"]}
    assert names >= {f"{number}.txt" for number in range(5)}


def test_a_token_that_is_too_old_is_410_with_a_place_to_start_from(daemon, drive):
    """By the sandbox's clock; the place leads through everything to a good link."""
    fill(daemon, drive, 2)
    _, link = drain(daemon, f"{drive}/root/delta")
    now = daemon.control("GET", "clock").json()["now"]
    later = f"{int(now[:4])}-{int(now[5:7]) + 1:02}-28T00:00:00Z"
    daemon.advance(later)
    assert drain(daemon, link)[0] == []
    for code in ("resyncChangesUploadDifferences", "resyncRequired"):
        with switched(daemon, delta_token_days="7", delta_resync_code=code):
            answer = daemon.ask("GET", link)
            assert answer.status_code == 410
            assert answer.json()["error"]["code"] == code
            entries, fresh = drain(daemon, answer.headers["location"])
            assert {"m", "0.txt", "1.txt"} <= {entry["name"] for entry in entries}
            assert drain(daemon, fresh)[0] == []


def test_a_moment_can_be_asked_for_and_deletions_are_told(daemon, drive):
    """What was before it is not told; an old file that was deleted after it is."""
    fill(daemon, drive, 2)
    now = daemon.control("GET", "clock").json()["now"]
    daemon.advance(f"{now[:4]}-{now[5:7]}-28T23:00:00Z")
    moment = f"{now[:4]}-{now[5:7]}-28T22:30:00%2B00:00"
    daemon.put(f"{drive}/root:/m/new.txt:/content", b"x")
    assert daemon.ask("DELETE", f"{drive}/root:/m/0.txt").status_code == 204
    entries, _ = drain(daemon, f"{drive}/root/delta?token={moment}")
    told = {entry["name"]: "deleted" in entry for entry in entries}
    assert told["new.txt"] is False
    assert told["0.txt"] is True
    assert "1.txt" not in told


def test_parents_can_be_left_out(daemon, drive):
    """With deltaExcludeParent a changed file comes without its folder."""
    fill(daemon, drive, 1)
    _, link = drain(daemon, f"{drive}/root/delta")
    daemon.put(f"{drive}/root:/m/0.txt:/content", b"2")
    alone = daemon.get(link, headers={"deltaExcludeParent": "true"})
    assert [entry["name"] for entry in alone["value"]] == ["0.txt"]
    assert [entry["name"] for entry in daemon.get(link)["value"]] == ["0.txt", "m"]


def test_the_token_may_stand_in_the_function(daemon, drive):
    """`delta(token='…')`, with or without the namespace."""
    fill(daemon, drive, 1)
    _, link = drain(daemon, f"{drive}/root/delta")
    daemon.put(f"{drive}/root:/m/0.txt:/content", b"2")
    token = parse_qs(urlsplit(link).query)["token"][0]
    for form in ("delta", "microsoft.graph.delta"):
        told = daemon.get(f"{drive}/root/{form}(token='{token}')")
        assert [entry["name"] for entry in told["value"]] == ["0.txt", "m"]
        assert drain(daemon, told["@odata.deltaLink"])[0] == []


def test_a_folders_own_delta_is_refused_unless_the_switch_gives_it(daemon, drive):
    """501, or only what lies below the folder; never of a file."""
    fill(daemon, drive, 2)
    daemon.put(f"{drive}/root:/else/x.txt:/content", b"x")
    url = f"{drive}/root:/m:/delta"
    daemon.refused(501, "notSupported", "GET", url)
    with switched(daemon, delta_of_a_folder="given"):
        entries, link = drain(daemon, url)
        assert {entry["name"] for entry in entries} == {"m", "0.txt", "1.txt"}
        daemon.put(f"{drive}/root:/else/x.txt:/content", b"2")
        daemon.put(f"{drive}/root:/m/1.txt:/content", b"2")
        assert {entry["name"] for entry in drain(daemon, link)[0]} == {"m", "1.txt"}
        daemon.refused(501, "notSupported", "GET", f"{drive}/root:/m/1.txt:/delta")


def test_an_item_that_lies_deeper_now_is_told_after_its_folder(daemon, drive):
    """Depths are right after a move down and up again."""
    fill(daemon, drive, 1)
    up = daemon.ask("POST", f"{drive}/root/children", json={"name": "ö", "folder": {}}).json()
    daemon.ask("PATCH", f"{drive}/root:/m", json={"parentReference": {"id": up["id"]}})
    names = [entry["name"] for entry in daemon.get(f"{drive}/root/delta")["value"]]
    assert names == ["root", "ö", "m", "0.txt"]
    daemon.ask("PATCH", f"{drive}/root:/ö/m/0.txt", json={"parentReference": {"id": "root"}})
    names = [entry["name"] for entry in daemon.get(f"{drive}/root/delta")["value"]]
    assert names == ["root", "0.txt", "ö", "m"]


def test_a_label_may_forbid_delta(daemon, provisioner):
    """By the switch: 403 without full control as soon as something is labelled; lists go on."""
    drive = daemon.drive()
    url = f"{drive}/root/delta"
    with switched(daemon, delta_where_labelled="refused"):
        assert daemon.ask("GET", url).status_code == 200
        file = f"{drive}/root:/bevaras.txt"
        daemon.put(f"{file}:/content", b"x")
        label = {"json": {"name": "Bevaras"}}
        assert daemon.ask("PATCH", f"{file}:/retentionLabel", **label).status_code == 201
        daemon.refused(403, "accessDenied", "GET", url)
        assert daemon.ask("GET", f"{drive}/root/children").status_code == 200
        assert provisioner.ask("GET", url).status_code == 200
    assert daemon.ask("GET", url).status_code == 200
    assert daemon.ask("DELETE", f"{file}:/retentionLabel").status_code == 204
    assert daemon.ask("DELETE", file).status_code == 204
