"""Columns: every kind, its values and its changes; and lists that are too long to look through."""

import pytest

from service.sandbox.sharepoint.fields import lookup_id
from tests.sandbox import worlds

PREFER = {"Prefer": "HonorNonIndexedQueriesWarningMayFailRandomly"}


@pytest.fixture(scope="module")
def seed_name():
    return "crowded"


@pytest.fixture(scope="module")
def groups(provisioner):
    """A list of groups to look up, and its rows' numbers."""
    url = f"{provisioner.site}/lists"
    made = provisioner.ask("POST", url, json={"displayName": "Grupper"}).json()
    rows = f"{url}/{made['id']}/items"
    numbers = [
        provisioner.ask("POST", rows, json={"fields": {"Title": title}}).json()["id"]
        for title in ("Energi", "Vatten")
    ]
    return made["id"], numbers


@pytest.fixture(scope="module")
def register(provisioner, groups):
    columns = [
        {"name": "Person", "personOrGroup": {}},
        {"name": "People", "personOrGroup": {"allowMultipleSelection": True}},
        {"name": "Group", "lookup": {"listId": groups[0], "columnName": "Title"}},
        {"name": "Whole", "calculated": {"formula": '=[Title]&" i "&[Place]'}},
        {"name": "Place", "text": {}, "defaultValue": {"value": "Borås"}},
        {"name": "Made", "dateTime": {}, "defaultValue": {"formula": "=Today()"}},
        {"name": "Score", "number": {"minimum": 1, "maximum": 5}},
        {"name": "Fixed", "text": {}, "readOnly": True},
        {"displayName": "Mötesdatum", "dateTime": {}},
        {"name": "Must", "text": {}, "required": True},
    ]
    body = {"displayName": "Alla slag", "columns": columns}
    made = provisioner.ask("POST", f"{provisioner.site}/lists", json=body)
    assert made.status_code == 201, made.text
    return f"{provisioner.site}/lists/{made.json()['id']}"


def add(client, register, **fields):
    made = client.ask("POST", f"{register}/items", json={"fields": fields})
    assert made.status_code == 201, made.text
    return f"{register}/items/{made.json()['id']}"


def test_defaults_and_formulas_fill_what_nobody_wrote(daemon, register):
    """A required column may be left empty; a name left out is made of the Swedish one."""
    row = add(daemon, register, Title="Möte")
    fields = daemon.get(f"{row}/fields")
    assert fields["Place"] == "Borås"
    assert fields["Whole"] == "Möte i Borås"
    assert fields["Made"] == "2023-01-01T00:00:00Z"
    names = [column["name"] for column in daemon.get(f"{register}/columns")["value"]]
    assert "M_x00f6_tesdatum" in names
    assert {"AuthorLookupId", "_UIVersionString", "LinkTitle", "Edit"} <= fields.keys()


def test_people_and_rows_are_written_by_number(daemon, register, groups):
    """Under the column's name and LookupId; the name is told where it is selected."""
    group, anna = groups[1][1], lookup_id(f"user:{worlds.ANNA.id}")
    several = {"PeopleLookupId": [anna], "PeopleLookupId@odata.type": "Collection(Edm.Int32)"}
    row = add(daemon, register, Title="y", GroupLookupId=group, PersonLookupId=anna, **several)
    fields = daemon.get(f"{row}/fields")
    assert fields["GroupLookupId"] == group
    assert fields["PeopleLookupId"] == [anna]
    assert "Group" not in fields
    shown = daemon.get(f"{row}?$expand=fields($select=Group,Person,People)")["fields"]
    assert (shown["Group"], shown["Person"]) == ("Vatten", "Anna Ek")
    assert shown["People"] == [{"LookupId": int(anna), "LookupValue": "Anna Ek"}]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"GroupLookupId": "99"}, "not acceptable"),
        ({"GroupLookupId": ["1"]}, "not acceptable"),
        ({"PersonLookupId": "5"}, "not acceptable"),
        ({"PersonLookupId": "Anna"}, "not acceptable"),
        ({"Person": "Anna"}, "not recognized"),
        ({"PeopleLookupId": ["7"]}, "not acceptable"),
        ({"Whole": "x"}, "read-only"),
        ({"Fixed": "x"}, "read-only"),
        ({"Score": 6}, "not acceptable"),
        ({"AuthorLookupId": "6"}, "not recognized"),
    ],
)
def test_numbers_of_nobody_and_fields_that_are_worked_out(daemon, register, fields, words):
    """400 invalidRequest."""
    said = daemon.refused(
        400, "invalidRequest", "POST", f"{register}/items", json={"fields": fields}
    )
    assert words in said


@pytest.mark.parametrize(
    "column",
    [
        {"name": "A", "text": {}, "number": {}},
        {"name": "A", "geolocation": {}},
        {"name": "A", "calculated": {"formula": "=SUM([A])"}},
        {"name": "A", "lookup": {}},
        {"name": "A", "lookup": {"listId": "11111111-0000-4000-8000-000000000000"}},
        {"name": "A", "text": {"allowMultipleLines": True}, "indexed": True},
        {"name": "A", "number": {}, "defaultValue": {"formula": "=1+1"}},
        {"text": {}},
    ],
)
def test_columns_that_are_not_made(provisioner, register, column):
    """Of two types, of none, of what is not there, or not to be indexed."""
    provisioner.refused(400, "invalidRequest", "POST", f"{register}/columns", json=column)


def test_a_column_is_changed_and_deleted(daemon, provisioner, register):
    """Name and type stay; duplicates keep it from being unique; its values go with it."""
    body = {"name": "Tag", "choice": {"choices": ["a"]}}
    column = provisioner.ask("POST", f"{register}/columns", json=body).json()
    url = f"{register}/columns/{column['id']}"
    wider = {"choice": {"choices": ["a", "b"]}, "displayName": "Etikett", "required": True}
    changed = provisioner.ask("PATCH", url, json=wider).json()
    assert (changed["displayName"], changed["required"], changed["name"]) == (
        "Etikett",
        True,
        "Tag",
    )
    assert changed["choice"]["choices"] == ["a", "b"]
    rows = [add(daemon, register, Tag="b") for _ in range(2)]
    unique = {"indexed": True, "enforceUniqueValues": True}
    provisioner.refused(400, "invalidRequest", "PATCH", url, json=unique)
    provisioner.refused(400, "invalidRequest", "PATCH", url, json={"name": "Annat"})
    provisioner.refused(400, "invalidRequest", "PATCH", url, json={"text": {}})
    daemon.refused(403, "accessDenied", "PATCH", url, json=wider)
    assert provisioner.ask("DELETE", url).status_code == 204
    provisioner.refused(404, "itemNotFound", "GET", url)
    assert "Tag" not in daemon.get(f"{rows[0]}/fields")
    for name in ("Title", "Created"):
        sealed = f"{register}/columns/{name}"
        provisioner.refused(400, "invalidRequest", "DELETE", sealed)


def test_a_list_is_renamed(daemon, provisioner, register):
    """To a free name; its address by id stays."""
    taken = {"displayName": "grupper"}
    provisioner.refused(409, "nameAlreadyExists", "PATCH", register, json=taken)
    named = provisioner.ask("PATCH", register, json={"displayName": "Allt möjligt"}).json()
    assert named["displayName"] == "Allt möjligt"
    assert daemon.get(f"{daemon.site}/lists/Allt möjligt")["id"] == named["id"]
    assert daemon.get(f"{register}/contentTypes")["value"][0]["name"] == "Item"


def test_a_list_beyond_the_view_threshold(daemon, provisioner):
    """Paged through whole; asked by an index; without one refused, whatever is preferred."""
    index = {"name": "Key", "text": {}, "indexed": True}
    body = {"displayName": "Full", "columns": [index, {"name": "Free", "text": {}}]}
    made = provisioner.ask("POST", f"{provisioner.site}/lists", json=body).json()
    daemon.advance(worlds.day(1).isoformat())
    rows = f"{daemon.site}/lists/{made['id']}/items"
    seen, page = 0, daemon.get(f"{rows}?$top=2000")
    while True:
        seen += len(page["value"])
        if "@odata.nextLink" not in page:
            break
        page = daemon.get(page["@odata.nextLink"])
    assert seen == worlds.MANY
    found = daemon.get(f"{rows}?$filter=fields/Key eq 'k7'&$expand=fields")["value"]
    assert [row["fields"]["Key"] for row in found] == ["k7"]
    last = daemon.get(f"{rows}?$orderby=fields/Key desc&$top=1&$expand=fields")
    assert last["value"][0]["fields"]["Key"] == "k999"
    following = daemon.get(last["@odata.nextLink"])["value"]
    assert following[0]["fields"]["Key"] == "k998"
    free = f"{rows}?$filter=fields/Free eq 'x'"
    daemon.refused(400, "invalidRequest", "GET", free)
    daemon.refused(429, "activityLimitReached", "GET", free, headers=PREFER)
    daemon.control("POST", "settings", json={"view_threshold": "500"})
    said = daemon.refused(500, "generalException", "GET", free, headers=PREFER)
    assert "list view threshold" in said
    daemon.refused(400, "invalidRequest", "GET", f"{rows}?$skiptoken=nonsense")
