"""Lists, columns and rows: what may be written, found and made unique."""

import pytest

from tests.sandbox import worlds

PREFER = {"Prefer": "HonorNonIndexedQueriesWarningMayFailRandomly"}
COLUMNS = [
    {"name": "Key", "text": {}, "indexed": True, "enforceUniqueValues": True},
    {"name": "Count", "number": {}},
    {"name": "Done", "boolean": {}},
    {"name": "Date", "dateTime": {"format": "dateOnly"}},
    {"name": "Form", "choice": {"choices": ["fysisk", "digital"], "allowTextEntry": True}},
    {"name": "Strict", "choice": {"choices": ["ja", "nej"]}},
    {"name": "Many", "choice": {"choices": ["a", "b"], "displayAs": "checkBoxes"}},
    {"name": "Link", "hyperlinkOrPicture": {}},
    {"name": "Hidden", "text": {"allowMultipleLines": True}, "hidden": True},
]


@pytest.fixture(scope="module")
def register(provisioner):
    """The path of a list with a column of every kind."""
    body = {"displayName": "Möten", "list": {"template": "genericList"}, "columns": COLUMNS}
    made = provisioner.ask("POST", f"{provisioner.site}/lists", json=body)
    assert made.status_code == 201, made.text
    return f"{provisioner.site}/lists/{made.json()['id']}"


def add(client, register, **fields):
    return client.ask("POST", f"{register}/items", json={"fields": fields})


def test_a_list_is_made_with_its_columns_once(provisioner, register):
    """Columns come back with their settings; a second list of the name is 409."""
    page = provisioner.get(f"{register}/columns")
    columns = {column["name"]: column for column in page["value"]}
    assert columns["Key"]["enforceUniqueValues"] is True
    assert columns["Form"]["choice"]["allowTextEntry"] is True
    assert columns["Hidden"]["hidden"] is True
    assert columns["Created"]["readOnly"] is True
    site = provisioner.site
    provisioner.refused(
        409, "nameAlreadyExists", "POST", f"{site}/lists", json={"displayName": "MÖTEN"}
    )
    provisioner.refused(
        409, "nameAlreadyExists", "POST", f"{register}/columns", json={"name": "key", "text": {}}
    )
    made = provisioner.ask("POST", f"{register}/columns", json={"name": "Plats ö", "text": {}})
    assert made.json()["name"] == "Plats_x0020__x00f6_"
    unindexed = {"name": "U", "text": {}, "enforceUniqueValues": True}
    provisioner.refused(400, "invalidRequest", "POST", f"{register}/columns", json=unindexed)
    assert provisioner.get(f"{site}/lists/Möten?$expand=columns,drive")["columns"]
    assert "Möten" in {entry["name"] for entry in provisioner.get(f"{site}/lists")["value"]}


def test_values_are_kept_as_their_columns_say(daemon, register):
    """Every kind that can be written is read back; null empties a field."""
    row = add(
        daemon,
        register,
        Title="Rad",
        Key="k1",
        Count=3,
        Done=True,
        Date="2023-05-04T12:00:00Z",
        Form="på båt",
        Strict="ja",
        Many=["a", "b"],
        Hidden="x" * 3000,
        **{"Many@odata.type": "Collection(Edm.String)"},
    )
    assert row.status_code == 201, row.text
    item = f"{register}/items/{row.json()['id']}"
    fields = daemon.get(f"{item}/fields")
    assert fields["Date"] == "2023-05-04T12:00:00Z"
    assert fields["Form"] == "på båt"
    assert fields["Many"] == ["a", "b"]
    assert fields["Many@odata.type"] == "Collection(Edm.String)"
    after = daemon.ask("PATCH", f"{item}/fields", json={"Count": None, "Key": "k1"}).json()
    assert "Count" not in after
    assert daemon.get(f"{item}?$expand=fields($select=Key)")["fields"].keys() == {
        "@odata.etag",
        "Key",
    }


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"Unknown": "x"}, "Field 'Unknown' is not recognized"),
        ({"Created": "2023-01-01T00:00:00Z"}, "read-only"),
        ({"Link": {"Url": "https://x.example"}}, "Invalid request"),
        ({"Count": "3"}, "not acceptable"),
        ({"Done": "true"}, "not acceptable"),
        ({"Date": "4 maj"}, "not acceptable"),
        ({"Strict": "kanske"}, "not acceptable"),
        ({"Many": ["a"]}, "not acceptable"),
        ({"Title": "x" * 256}, "not acceptable"),
        ({"Title": 5}, "not acceptable"),
    ],
)
def test_what_a_column_does_not_take_is_refused(daemon, register, fields, words):
    """400 invalidRequest, and nothing is made."""
    before = len(daemon.get(f"{register}/items")["value"])
    said = daemon.refused(
        400, "invalidRequest", "POST", f"{register}/items", json={"fields": fields}
    )
    assert words in said
    assert len(daemon.get(f"{register}/items")["value"]) == before


def test_a_unique_column_holds_each_value_once(daemon, register):
    """For new rows and for changes of old ones; a deleted row frees its value."""
    first = add(daemon, register, Key="only").json()
    again = {"fields": {"Key": "only"}}
    said = daemon.refused(400, "invalidRequest", "POST", f"{register}/items", json=again)
    assert "unique constraints" in said
    other = add(daemon, register, Key="other").json()
    daemon.refused(
        400,
        "invalidRequest",
        "PATCH",
        f"{register}/items/{other['id']}/fields",
        json={"Key": "only"},
    )
    assert daemon.ask("DELETE", f"{register}/items/{first['id']}").status_code == 204
    daemon.refused(404, "itemNotFound", "GET", f"{register}/items/{first['id']}")
    assert add(daemon, register, Key="only").status_code == 201


def test_rows_are_found_by_indexed_columns_or_by_asking_nicely(daemon, register):
    """Filters on other columns need the Prefer header; the order and pages hold."""
    for number in range(3):
        add(daemon, register, Title="Sök", Key=f"find'{number}", Count=number)
    by_key = f"{register}/items?$expand=fields&$filter=fields/Key eq 'find''1'"
    assert [r["fields"]["Count"] for r in daemon.get(by_key)["value"]] == [1]
    by_title = f"{register}/items?$filter=fields/Title eq 'Sök' and fields/Count ge 1&$top=1"
    said = daemon.refused(400, "invalidRequest", "GET", by_title)
    assert "HonorNonIndexedQueriesWarningMayFailRandomly" in said
    page = daemon.get(by_title, headers=PREFER)
    assert len(page["value"]) == 1
    assert "fields" not in page["value"][0]
    assert len(daemon.get(page["@odata.nextLink"], headers=PREFER)["value"]) == 1
    starts = f"{register}/items?$filter=startswith(fields/Key,'find')&$orderby=fields/Key desc"
    assert len(daemon.get(starts)["value"]) == 3
    daemon.refused(400, "invalidRequest", "GET", f"{register}/items?$filter=contains(x)")


def test_if_match_keeps_two_writers_apart(daemon, register):
    """The second writer with the same eTag gets 412 and changes nothing."""
    row = add(daemon, register, Title="ett").json()
    url, match = f"{register}/items/{row['id']}/fields", {"If-Match": row["eTag"]}
    assert daemon.ask("PATCH", url, json={"Title": "två"}, headers=match).status_code == 200
    daemon.refused(412, "resourceModified", "PATCH", url, json={"Title": "tre"}, headers=match)
    assert daemon.get(url)["Title"] == "två"


def test_delta_of_a_list_tells_of_rows_made_changed_and_deleted(daemon, register):
    """Deleted rows come with the deleted facet only."""
    link = daemon.get(f"{register}/items/delta?token=latest")["@odata.deltaLink"]
    one, two = (add(daemon, register, Title=title).json()["id"] for title in "ab")
    daemon.ask("PATCH", f"{register}/items/{one}/fields", json={"Title": "c"})
    page = daemon.get(link)
    told = {entry["id"]: entry["fields"]["Title"] for entry in page["value"]}
    assert told == {one: "c", two: "b"}
    daemon.ask("DELETE", f"{register}/items/{two}")
    (gone,) = daemon.get(page["@odata.deltaLink"])["value"]
    assert (gone["id"], gone["deleted"]) == (two, {"state": "deleted"})


def test_a_library_takes_rows_through_its_drive_only(daemon, provisioner):
    """POST items is refused there; files are rows with the library's columns."""
    body = {"displayName": "Arkiv", "list": {"template": "documentLibrary"}, "columns": COLUMNS}
    made = provisioner.ask("POST", f"{provisioner.site}/lists", json=body).json()
    url = f"{daemon.site}/lists/{made['id']}"
    daemon.refused(400, "invalidRequest", "POST", f"{url}/items", json={"fields": {}})
    drive = daemon.drive("Arkiv")
    assert f"/drives/{daemon.get(f'{url}/drive')['id']}" == drive
    daemon.put(f"{drive}/root:/m/a.txt:/content", b"x")
    daemon.ask("PATCH", f"{drive}/root:/m/a.txt:/listItem/fields", json={"Key": "f1"})
    rows = daemon.get(f"{url}/items?$expand=fields&$filter=fields/Key eq 'f1'")["value"]
    assert [row["fields"]["FileLeafRef"] for row in rows] == ["a.txt"]
    assert len(daemon.get(f"{url}/items")["value"]) == 2
    daemon.refused(404, "itemNotFound", "GET", f"{drive}/root/listItem")


def test_the_site_is_found_by_id_and_by_path(daemon):
    """And by nothing else."""
    host = worlds.WORLD.domain.split(".")[0] + ".sharepoint.com"
    found = daemon.get(f"/sites/{host}:/sites/NatverkForHallbarhet")
    assert found == daemon.get(daemon.site) | {"@odata.context": found["@odata.context"]}
    assert daemon.get(f"/sites/{host}:/sites/NatverkForHallbarhet:/drives")["value"]
    daemon.refused(404, "itemNotFound", "GET", f"/sites/{host}:/sites/other")
    daemon.refused(400, "invalidRequest", "GET", "/sites/nonsense")


def test_a_search_finds_only_sites_that_the_app_may_read(daemon, connect):
    """By words of the name, by `*`; an app without a grant finds none; no words is 400."""
    (site,) = daemon.get("/sites?search=hållbarhet")["value"]
    assert daemon.site == f"/sites/{site['id']}"
    assert len(daemon.get("/sites?search=*")["value"]) == 1
    assert daemon.get("/sites?search=annat")["value"] == []
    assert connect(worlds.STRANGER).get("/sites?search=*")["value"] == []
    daemon.refused(400, "invalidRequest", "GET", "/sites?search=")
