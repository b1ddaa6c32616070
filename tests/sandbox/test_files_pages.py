"""Pages of children, and that nothing on them is ever out of date."""

import pytest

from tests.sandbox.switching import switched


@pytest.fixture
def folder(daemon, request):
    drive = daemon.drive()
    body = {"name": request.node.name.encode().hex()[-60:], "folder": {}}
    made = daemon.ask("POST", f"{drive}/root/children", json=body)
    assert made.status_code == 201, made.text
    return f"{drive}/items/{made.json()['id']}"


def names(page):
    return [item["name"] for item in page["value"]]


def listed(client, folder):
    return {item["name"]: item for item in client.get(f"{folder}/children")["value"]}


def test_a_page_stays_in_place_when_something_before_it_comes_or_goes(daemon, folder):
    """The next link goes on after the last name, not after a number of items."""
    for letter in "bcde":
        daemon.put(f"{folder}:/{letter}.txt:/content", b"x")
    page = daemon.get(f"{folder}/children?$top=2")
    assert names(page) == ["b.txt", "c.txt"]
    daemon.put(f"{folder}:/a.txt:/content", b"x")
    assert daemon.ask("DELETE", f"{folder}:/c.txt").status_code == 204
    rest = daemon.get(page["@odata.nextLink"])
    assert names(rest) == ["d.txt", "e.txt"]
    assert "@odata.nextLink" not in rest


def test_children_are_ordered_by_name_alone(daemon, folder):
    """Either way, paged; anything else is refused, and so are other options."""
    for letter in "bac":
        daemon.put(f"{folder}:/{letter}.txt:/content", b"x")
    page = daemon.get(f"{folder}/children?$orderby=name desc&$top=2")
    assert names(page) == ["c.txt", "b.txt"]
    assert names(daemon.get(page["@odata.nextLink"])) == ["a.txt"]
    for option in (
        "$orderby=size",
        "$orderby=name sideways",
        "$filter=name eq 'a'",
        "$search=a",
        "$skip=1",
        "$count=true",
        "$top=0",
        "$top=x",
        "$expand=nothing",
        "$expand=thumbnails",
    ):
        daemon.refused(400, "invalidRequest", "GET", f"{folder}/children?{option}")
    daemon.refused(400, "BadRequest", "GET", f"{folder}/children?$skiptoken=x")
    daemon.refused(400, "invalidRequest", "GET", f"{folder}:/a.txt:/children")


def test_what_is_listed_is_what_is_there_now(daemon, folder):
    """After every kind of change, the page says the same as the item itself."""
    drive = daemon.drive()
    daemon.put(f"{folder}:/in/a.txt:/content", b"1")
    daemon.put(f"{folder}:/b.txt:/content", b"1")
    top = daemon.get(folder)["name"]

    def same():
        found = listed(daemon, folder)
        told = {
            entry["id"]: entry for entry in daemon.get(f"{drive}/root/delta?$top=1000")["value"]
        }
        for item in found.values():
            alone = daemon.get(f"{drive}/items/{item['id']}")
            alone.pop("@odata.context")
            assert item == alone
            assert told[item["id"]] == alone
        return found

    first = same()
    assert first["in"]["folder"]["childCount"] == 1
    assert first["in"]["size"] == 1
    daemon.put(f"{folder}:/in/a.txt:/content", b"12345")
    assert same()["in"]["size"] == 5
    daemon.put(f"{folder}:/in/deep/c.txt:/content", b"123")
    second = same()
    assert (second["in"]["size"], second["in"]["folder"]["childCount"]) == (8, 2)
    daemon.ask("PATCH", f"{folder}:/b.txt", json={"description": "Ett protokoll"})
    assert same()["b.txt"]["description"] == "Ett protokoll"
    daemon.ask("PATCH", f"{folder}:/b.txt:/listItem/fields", json={"Title": "T"})
    assert same()["b.txt"]["eTag"] != second["b.txt"]["eTag"]
    daemon.ask("PATCH", folder, json={"name": f"ny-{top[:20]}"})
    third = same()
    assert third["b.txt"]["parentReference"]["name"] == f"ny-{top[:20]}"
    assert f"ny-{top[:20]}" in third["b.txt"]["webUrl"]
    assert daemon.ask("DELETE", f"{folder}:/in/deep").status_code == 204
    fourth = same()
    assert (fourth["in"]["size"], fourth["in"]["folder"]["childCount"]) == (5, 1)
    body = {"parentReference": {"id": fourth["in"]["id"]}}
    assert daemon.ask("PATCH", f"{folder}:/b.txt", json=body).status_code == 200
    assert same()["in"]["folder"]["childCount"] == 2
    assert daemon.get(folder)["size"] == 6


def test_a_link_on_a_page_grows_old_with_the_clock(daemon, folder):
    """A page read after the clock has moved has links that are good then."""
    daemon.put(f"{folder}:/a.txt:/content", b"x")
    old = listed(daemon, folder)["a.txt"]["@microsoft.graph.downloadUrl"]
    assert daemon.bare("GET", old).content == b"x"
    now = daemon.control("GET", "clock").json()["now"]
    daemon.advance(f"{now[:10]}T23:59:00Z")
    assert daemon.bare("GET", old).status_code == 401
    new = listed(daemon, folder)["a.txt"]["@microsoft.graph.downloadUrl"]
    assert daemon.bare("GET", new).content == b"x"


def test_a_page_of_the_other_listener_has_its_own_links(daemon, sandbox, folder):
    """The same items over plain http link to the plain port, right after they were read by TLS."""
    daemon.put(f"{folder}:/a.txt:/content", b"x")
    safe = listed(daemon, folder)["a.txt"]["@microsoft.graph.downloadUrl"]
    plain = daemon.get(f"{sandbox.http_url}/v1.0{folder}/children")["value"][0]
    assert safe.startswith("https://")
    assert plain["@microsoft.graph.downloadUrl"].startswith("http://")


def test_a_switch_is_heard_on_the_next_page(daemon, folder):
    """What a switch changes is not kept from before it was turned."""
    daemon.put(f"{folder}:/a.txt:/content", b"x")
    assert "hashes" in listed(daemon, folder)["a.txt"]["file"]
    with switched(daemon, hash_after_upload="absent"):
        assert "hashes" not in listed(daemon, folder)["a.txt"]["file"]
    assert "hashes" in listed(daemon, folder)["a.txt"]["file"]


def test_the_download_link_is_selected_by_its_name(daemon, folder):
    """With $select it is there only when it was asked for."""
    daemon.put(f"{folder}:/a.txt:/content", b"x")
    without = daemon.get(f"{folder}/children?$select=id,name")["value"][0]
    assert without.keys() == {"id", "name"}
    chosen = "$select=id,@microsoft.graph.downloadUrl"
    found = daemon.get(f"{folder}/children?{chosen}")["value"][0]
    assert found.keys() == {"id", "@microsoft.graph.downloadUrl"}
    assert daemon.get(f"{folder}:/a.txt?{chosen}")["@microsoft.graph.downloadUrl"]
