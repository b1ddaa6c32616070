"""The many ways to one item, and which of them lead nowhere."""

import unicodedata

import pytest

from tests.sandbox import worlds
from tests.sandbox.switching import switched


@pytest.fixture(scope="module")
def item(daemon):
    return daemon.put(f"{daemon.drive()}/root:/väg/Å b%2523.txt:/content", b"x")


def test_a_name_with_octets_in_it_is_taken_as_it_is(daemon, item):
    """`%2523` in an address is a file called `%23`; `#` is another file."""
    assert item["name"] == "Å b%23.txt"
    other = daemon.put(f"{daemon.drive()}/root:/väg/Å b%23.txt:/content", b"x")
    assert (other["name"], other["id"] == item["id"]) == ("Å b#.txt", False)


def test_an_address_encoded_twice_is_another_name_unless_the_switch_says_otherwise(daemon):
    """404, or found where the switch says so; what is really called so comes first."""
    drive = daemon.drive()
    one = daemon.put(f"{drive}/root:/dubbel/a b.txt:/content", b"x")
    twice = f"{drive}/root:/dubbel/a%2520b.txt"
    daemon.refused(404, "itemNotFound", "GET", twice)
    with switched(daemon, paths_encoded_twice="decoded"):
        assert daemon.get(twice)["id"] == one["id"]
        real = daemon.put(f"{drive}/root:/dubbel/a%252520b.txt:/content", b"x")
        assert real["name"] == "a%2520b.txt"


def test_a_drive_is_reached_through_its_site_its_list_and_its_group(daemon, item):
    """Each also by path, and the site by host and path."""
    drive, site = daemon.drive(), daemon.site
    found = daemon.get(site)
    host, path = found["siteCollection"]["hostname"], found["webUrl"].partition(".com")[2]
    lists = daemon.get(f"{site}/lists?$select=id,name")["value"]
    library = next(row["id"] for row in lists if row["name"] == "Dokument")
    for start in (
        f"{site}/drive",
        f"{site}{drive}",
        f"{site}/lists/Dokument/drive",
        f"{site}/lists/{library}/drive",
        f"/sites/{host}:{path}:/drive",
        f"/groups/{worlds.WORLD.team}/drive",
    ):
        assert daemon.get(f"{start}/items/{item['id']}")["id"] == item["id"], start
        by_path = daemon.get(f"{start}/root:/väg/Å b%2523.txt:/")
        assert by_path["id"] == item["id"], start
        assert daemon.get(f"{start}/root:/väg:/children?$select=id")["value"], start
    assert daemon.get(f"/groups/{worlds.WORLD.team}/drive")["id"] == drive.rpartition("/")[2]


def test_drives_that_are_not_there_are_refused_in_their_own_words(daemon):
    """Another site, a list without files, a person without OneDrive, nobody, and `me`."""
    site = daemon.site
    daemon.refused(404, "itemNotFound", "GET", "/sites/x.example,1,2/drive/root")
    daemon.refused(404, "itemNotFound", "GET", f"{site}/lists/Ingen/drive/root")
    daemon.refused(404, "itemNotFound", "GET", f"{site}/drives/b!abc/root")
    daemon.refused(404, "ResourceNotFound", "GET", f"/users/{worlds.BOX.id}/drive/root")
    daemon.refused(404, "Request_ResourceNotFound", "GET", "/users/nobody/drive/root")
    daemon.refused(404, "Request_ResourceNotFound", "GET", "/groups/none/drive/root")
    daemon.refused(400, "BadRequest", "GET", "/me/drive/root")
    daemon.refused(400, "invalidRequest", "GET", "/drives/nonsense/root")
    daemon.refused(404, "itemNotFound", "GET", f"{daemon.drive()}/items/01NONE")


def test_dots_go_back_and_not_out(daemon, item):
    """`..` is resolved inside the address; one that leads out of its start is 400."""
    drive = daemon.drive()
    raw = f"{daemon.base}{drive}/root:/v%C3%A4g/x/%2E%2E/%C3%85%20b%252523.txt"
    assert daemon.ask("GET", raw.replace("%252523", "%2523")).json()["id"] == item["id"]
    daemon.refused(400, "invalidRequest", "GET", f"{drive}/root:/%2E%2E/a")


def test_next_links_of_odd_addresses_lead_on(daemon):
    """A folder with a number sign, a percent sign and spaces pages like any other."""
    drive = daemon.drive()
    for name in "abc":
        daemon.put(f"{drive}/root:/udda %23 %25 ö/{name}.txt:/content", b"x")
    url, seen = f"{drive}/root:/udda %23 %25 ö:/children?$top=1", []
    while url:
        page = daemon.get(url)
        seen += [row["name"] for row in page["value"]]
        url = page.get("@odata.nextLink")
    assert seen == ["a.txt", "b.txt", "c.txt"]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_name_is_kept_as_it_was_sent_and_found_in_either_form(daemon, form):
    """Composed or not, it is one name, as rclone#8634 tells of the service."""
    drive, other = daemon.drive(), {"NFC": "NFD", "NFD": "NFC"}[form]
    sent = unicodedata.normalize(form, f"Möte {form}.txt")
    one = daemon.put(f"{drive}/root:/{sent}:/content", b"1")
    assert one["name"] == sent
    again = unicodedata.normalize(other, sent)
    assert daemon.get(f"{drive}/root:/{again}")["id"] == one["id"]
    assert daemon.put(f"{drive}/root:/{again}:/content", b"2")["id"] == one["id"]


def test_a_segment_of_255_characters_is_the_longest(daemon):
    """256 are refused, and so is a whole path of 400."""
    drive = daemon.drive()
    assert daemon.put(f"{drive}/root:/{'n' * 255}:/content", b"")["size"] == 0
    daemon.refused(400, "invalidRequest", "PUT", f"{drive}/root:/{'n' * 256}:/content", content=b"")
    base = len(daemon.get(drive)["webUrl"].partition(".com/")[2])
    fits = "/".join(["m" * 120] * 2)
    last = 399 - base - len(fits) - 2
    assert daemon.put(f"{drive}/root:/{fits}/{'z' * last}:/content", b"")["name"] == "z" * last
    path = f"{drive}/root:/{fits}/{'z' * (last + 1)}:/content"
    daemon.refused(400, "invalidRequest", "PUT", path, content=b"")
