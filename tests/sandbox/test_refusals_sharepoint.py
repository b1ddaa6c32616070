"""What SharePoint refuses in words of its own, where the same code stands for other things too."""

import pytest

from tests.sandbox import worlds
from tests.sandbox.test_uploads import session

CONFLICT = "@microsoft.graph.conflictBehavior"


@pytest.fixture(scope="module")
def seed_name():
    return "guarded"


@pytest.fixture(scope="module")
def plain(provisioner):
    """A list that is no library."""
    body = {"displayName": "Refuserad", "list": {"template": "genericList"}}
    made = provisioner.ask("POST", f"{provisioner.site}/lists", json=body)
    assert made.status_code == 201, made.text
    return f"{provisioner.site}/lists/{made.json()['id']}"


def told(client, method, path, **given):
    """The words of an answer that must be 400 invalidRequest."""
    return client.refused(400, "invalidRequest", method, path, **given)


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ({"choice": {}}, "A choice column must have choices."),
        ({"choice": {"choices": []}}, "A choice column must have choices."),
        ({"choice": {"choices": ["a"], "displayAs": "menu"}}, "cannot be displayed as 'menu'"),
        ({"text": {}, "defaultValue": "x"}, "The default value of the column is not valid."),
        (
            {"hyperlinkOrPicture": {}, "defaultValue": {"value": "x"}},
            "The default value of the column is not valid.",
        ),
    ],
)
def test_a_column_is_refused_with_its_reason(provisioner, plain, column, words):
    """Without choices, shown as nothing known, or with a default that it cannot have."""
    assert words in told(provisioner, "POST", f"{plain}/columns", json={"name": "K", **column})
    assert "K" not in [each["name"] for each in provisioner.get(f"{plain}/columns")["value"]]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("$filter=fields/Nej eq 'x'", "Field 'Nej' is not recognized"),
        ("$filter=fields/Title eq fel", "Invalid filter clause"),
    ],
)
def test_a_filter_is_refused_with_its_reason(provisioner, plain, query, words):
    """A column that the list lacks, and a value that is neither text nor number."""
    assert words in told(provisioner, "GET", f"{plain}/items?{query}")


def test_a_list_is_not_always_what_is_asked_for(provisioner, plain):
    """No drive, no such expansion, no such template."""
    message = provisioner.refused(404, "itemNotFound", "GET", f"{plain}/drive")
    assert message == "The list is not a document library."
    assert "expansion of 'versions'" in told(provisioner, "GET", f"{plain}?$expand=versions")
    body = {"displayName": "Enkät", "list": {"template": "survey"}}
    words = told(provisioner, "POST", f"{provisioner.site}/lists", json=body)
    assert words == "The list template 'survey' is not supported."


def test_a_file_is_no_folder(daemon):
    """Nothing is put below one, nor copied into one."""
    drive = daemon.drive()
    item = daemon.put(f"{drive}/root:/fil.txt:/content", b"x")
    under = f"{drive}/items/{item['id']}:/under.txt:/content"
    assert told(daemon, "PUT", under, content=b"y") == "The parent is not a folder."
    where = {"driveId": item["parentReference"]["driveId"], "id": item["id"]}
    body = {"parentReference": where, "name": "kopia.txt"}
    path = f"{drive}/root:/fil.txt:/copy"
    assert told(daemon, "POST", path, json=body) == "The parent is not a folder."


def test_a_behaviour_that_nobody_knows_is_refused(daemon):
    """For content as for a session, and no file is made."""
    drive, words = daemon.drive(), "The conflict behavior 'merge' is not supported."
    path = f"{drive}/root:/slå ihop.txt:/content?{CONFLICT}=merge"
    assert told(daemon, "PUT", path, content=b"x") == words
    answer = session(daemon, "slå ihop.txt", **{CONFLICT: "merge"})
    assert (answer.status_code, answer.json()["error"]["message"]) == (400, words)
    daemon.refused(404, "itemNotFound", "GET", f"{drive}/root:/slå ihop.txt")


def test_a_file_is_not_moved_to_another_site(daemon):
    """It is copied there; a right on both sites does not help."""
    item = daemon.put(f"{daemon.drive()}/root:/flytt.txt:/content", b"x")
    other = daemon.get(f"/users/{worlds.ANNA.id}/drive")
    root = daemon.get(f"/drives/{other['id']}/root")
    body = {"parentReference": {"driveId": other["id"], "id": root["id"]}}
    words = told(daemon, "PATCH", f"{daemon.drive()}/items/{item['id']}", json=body)
    assert words.startswith("Moving items between sites is not supported")
    assert daemon.get(f"{daemon.drive()}/root:/flytt.txt")["id"] == item["id"]


def test_the_listener_for_bytes_has_nothing_else(daemon):
    """Another path is 404, with or without a signature."""
    link = session(daemon, "länk.bin").json()["uploadUrl"].replace("/upload/", "/elsewhere/")
    answer = daemon.bare("GET", link)
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "itemNotFound")


def test_a_batch_that_cannot_be_read_is_refused(daemon):
    """No JSON, JSON that is no object, and an object without requests."""
    for content in (b"x", b"[]", b"{}"):
        daemon.refused(400, "BadRequest", "POST", "/$batch", content=content)
