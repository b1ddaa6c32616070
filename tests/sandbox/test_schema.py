"""Every call of the table answers in the shape that Microsoft's schema declares for it."""

import pytest

from service.sandbox.calls import TABLE
from tests.sandbox import csdl, worlds

pytestmark = pytest.mark.skipif(
    not csdl.SCHEMA.exists(), reason="the schema file of Graph v1.0 is not here"
)
WINDOW = {"startDateTime": "2023-01-01", "endDateTime": "2023-01-30"}
BODIES = {
    "/children": {"name": "m", "folder": {}, "@microsoft.graph.conflictBehavior": "rename"},
    "/createUploadSession": {"item": {}},
    "/columns": {"name": "C", "text": {}},
    "/items": {"fields": {"Title": "r"}},
    "/createLink": {"type": "view", "scope": "organization"},
    "/invite": {"recipients": [{"email": worlds.GUEST.mail}], "roles": ["read"]},
    "/permissions/{permission}": {"roles": ["write"]},
    "/retentionLabel": {"name": "Bevaras"},
    "/fields": {"Title": "t"},
    "/permissions": {
        "roles": ["read"],
        "grantedToIdentities": [{"application": {"id": worlds.STRANGER.client_id}}],
    },
    "/lists": {"displayName": "L", "list": {"template": "genericList"}},
    "/messages": {"subject": "s"},
    "{message}": {"subject": "t"},
    "/move": {"destinationId": "archive"},
    "{message}/attachments": {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "name": "b.txt",
        "contentBytes": "eA==",
    },
    "{message}/attachments/createUploadSession": {
        "AttachmentItem": {"attachmentType": "file", "name": "c.bin", "size": 4_000_000}
    },
}
PEOPLE = {
    ("POST", "/teams/{team}/channels/{channel}/messages"),
    ("POST", "/teams/{team}/channels/{channel}/messages/{message}/replies"),
}
"""Calls that no app may make by itself; their answers are looked at where people make them."""
ROWS = [
    row
    for row in TABLE
    if row.type is not None
    and (row.method, row.template) not in PEOPLE
    # Special folders are a OneDrive's; `test_sites` has one and looks at its answers.
    and "{special}" not in row.template
]


@pytest.fixture(scope="module")
def seed_name():
    return "lively"


@pytest.fixture(scope="module")
def admin(connect):
    return connect(worlds.ADMIN)


@pytest.fixture(scope="module")
def places(daemon, provisioner, postman, admin):
    """A real id for every placeholder of the table, after the fortnight."""
    daemon.advance("2023-01-10T00:00:00Z")
    lists = f"{provisioner.site}/lists"
    made = provisioner.ask("POST", lists, json={"displayName": "Rader"}).json()
    row = daemon.ask("POST", f"{lists}/{made['id']}/items", json={"fields": {}}).json()
    drive = daemon.drive()
    item = daemon.put(f"{drive}/root:/s/a.txt:/content", b"x")
    box = f"/users/{worlds.BOX.id}"
    view = daemon.get(f"{box}/calendarView", params=WINDOW)["value"]
    event = next(entry for entry in view if entry["hasAttachments"])
    series = daemon.get(f"{box}/events?$filter=type eq 'seriesMaster'")["value"][0]
    letter = postman.get(f"{box}/mailFolders/inbox/messages")["value"][0]
    file = postman.get(f"{box}/messages/{letter['id']}/attachments")["value"][0]
    attachment = daemon.get(f"{box}/events/{event['id']}/attachments")["value"][0]
    meetings = f"/users/{worlds.ANNA.id}/onlineMeetings"
    found = {"$filter": f"JoinWebUrl eq '{event['onlineMeeting']['joinUrl']}'"}
    meeting = daemon.get(meetings, params=found)["value"][0]
    one = f"{meetings}/{meeting['id']}"
    channel = f"/teams/{worlds.WORLD.team}/channels/{worlds.COMMON}"
    asked = daemon.get(f"{channel}/messages")["value"][-1]["id"]
    permissions = admin.get(f"{admin.site}/permissions")["value"]
    invited = {"recipients": [{"email": worlds.BO.mail}], "roles": ["read"]}
    for where in (f"{drive}/items/{item['id']}", f"{drive}/root"):
        daemon.ask("PATCH", f"{where}/retentionLabel", json={"name": "Bevaras"})
        given = daemon.ask("POST", f"{where}/invite", json=invited).json()["value"][0]
    link = {"type": "view", "scope": "organization"}
    shared = daemon.ask("POST", f"{drive}/items/{item['id']}/createLink", json=link).json()
    return {
        "grant": permissions[0]["id"],
        "permission": given["id"],
        "column": provisioner.get(f"{lists}/{made['id']}/columns")["value"][0]["id"],
        "filter": found,
        "recordings": daemon.get(f"{one}/recordings")["value"][0]["id"],
        "transcripts": daemon.get(f"{one}/transcripts")["value"][0]["id"],
        "report": daemon.get(f"{one}/attendanceReports")["value"][0]["id"],
        "message": asked,
        "reply": daemon.get(f"{channel}/messages/{asked}/replies")["value"][0]["id"],
        "meeting": meeting["id"],
        "event": event["id"],
        "series": series["id"],
        "calendar": daemon.get(f"{box}/calendar")["id"],
        "folder": "inbox",
        "share": shared["shareId"],
        "letter": letter["id"],
        "file": file["id"],
        "attachment": attachment["id"],
        "drive": drive.removeprefix("/drives/"),
        "item": item["id"],
        "parent": item["parentReference"]["id"],
        "version": "1.0",
        "site": daemon.site.removeprefix("/sites/"),
        "list": made["id"],
        "row": row["id"],
        "team": worlds.WORLD.team,
        "channel": worlds.COMMON,
    }


@pytest.fixture(scope="module")
def postman(connect):
    return connect(worlds.POSTMAN)


def mail(row, places, client, names):
    """A mail to read, or a draft where it is to be changed."""
    drafts = f"/users/{worlds.BOX.id}/messages"
    names["message"], names["attachment"] = places["letter"], places["file"]
    if "{message}" in row.template and row.method != "GET":
        names["message"] = client.ask("POST", drafts, json={}).json()["id"]


def committed(daemon):
    """What puts a finished upload session in its place."""
    path = f"{daemon.drive()}/root:/s/ny.bin:/createUploadSession"
    url = daemon.ask("POST", path, json={"deferCommit": True}).json()["uploadUrl"]
    span = {"Content-Range": "bytes 0-0/1"}
    assert daemon.bare("PUT", url, content=b"x", headers=span).status_code == 202
    behaviour = "@microsoft.graph.conflictBehavior"
    return {"@microsoft.graph.sourceUrl": url, "name": "ny.bin", behaviour: "replace"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.method} {row.template}")
def test_the_answer_has_its_declared_shape(row, places, daemon, provisioner, postman, admin):
    """Names, types, enumerations and nulls, by the schema; pages are not empty."""
    names = dict(places)
    names["user"] = worlds.ANNA.id if "onlineMeetings" in row.template else worlds.BOX.id
    names["artifact"] = places["transcripts" if "transcripts" in row.template else "recordings"]
    template, given = row.template, {}
    if template.endswith("/childFolders"):
        names["folder"] = "msgfolderroot"
    is_mail = (
        "/messages" in template and template.startswith("/users")
    ) or "mailFolders" in template
    if is_mail:
        mail(row, places, postman, names)
    needs_folder = not is_mail and template.endswith(("/children", "/createUploadSession"))
    if needs_folder:
        names["item"] = places["parent"]
    if template.endswith(("/root/content", "/root/createUploadSession")):
        template = template.replace("/root/", "/root:/s/ny.txt:/")
    elif (
        "/root/listItem" in template
        or "/root/versions" in template
        or (row.method == "PATCH" and template.endswith("/root"))
    ):
        template = template.replace("/root", "/root:/s/a.txt:")
    elif template.endswith("/items/{item}/createUploadSession"):
        template = template.replace("{item}/", "{item}:/ny.txt:/")
    elif template.endswith("/items/{item}/delta"):
        names["item"] = "root"
    elif template.endswith("{list}/drive"):
        names["list"] = "Dokument"
    if "/getAll" in template:
        template += f"(meetingOrganizerUserId='{worlds.ANNA.id}')"
    if template == "/sites":
        given["params"] = {"search": "*"}
    if "calendarView" in template:
        given["params"] = WINDOW
    if template.endswith("/instances"):
        names["event"] = places["series"]
        given["params"] = {"startDateTime": "2023-02-01", "endDateTime": "2023-04-30"}
    if template.endswith("/onlineMeetings"):
        given["params"] = places["filter"]
    if template.endswith("{report}"):
        given["params"] = {"$expand": "attendanceRecords"}
    if template.startswith("/teams") and template.endswith(("/messages", "/messages/delta")):
        given["params"] = {"$expand": "replies"}
    if row.method in ("POST", "PATCH"):
        found = [end for end in BODIES if template.endswith(end)]
        given["json"] = BODIES[max(found, key=len)] if found else {"description": "d"}
    if row.method == "PUT" and template.endswith("/content"):
        given["content"] = b"x"
    elif row.method == "PUT":
        given["json"] = committed(daemon)
        template = template.replace("/root", "/root:/s")
        names["item"] = places["parent"]
    needs_role = row.template in ("/users/{user}", "/teams/{team}", "/teams/{team}/channels") or (
        row.template.endswith(("/channels/{channel}", "/members", "/tags"))
    )
    manages = row.method in ("POST", "PATCH") and template.endswith(
        ("/lists", "/columns", "/{column}", "/{list}")
    )
    client = postman if is_mail else provisioner if needs_role or manages else daemon
    if template.startswith("/sites/{site}/permissions"):
        client, names["permission"] = admin, places["grant"]
    answer = client.ask(row.method, template.format(**names), **given)
    assert answer.status_code in (200, 201), answer.text
    body = answer.json()
    assert csdl.schema().faults(body, row.type) == []
    assert body["@odata.context"]
    if row.type.startswith("Collection("):
        assert body["value"]


@pytest.mark.parametrize(
    ("body", "type_", "words"),
    [
        ({"id": "1", "nmae": "x"}, "driveItem", "unknown"),
        ({"id": 1}, "driveItem", "is no Edm.String"),
        ({"size": "1"}, "driveItem", "is no Edm.Int64"),
        ({"createdDateTime": "i dag"}, "driveItem", "is no Edm.DateTimeOffset"),
        ({"sensitivity": "hemlig"}, "event", "is not in sensitivity"),
        ({"messageType": None}, "chatMessage", "must not be null"),
        ({"value": [{"file": {"hash": "x"}}]}, "Collection(driveItem)", "unknown on file"),
        ({"value": {}}, "Collection(driveItem)", "is no list"),
    ],
)
def test_the_check_sees_what_is_wrong(body, type_, words):
    """Misspelt, mistyped, unlisted and missing values are each found."""
    assert any(words in fault for fault in csdl.schema().faults(body, type_))


def test_columns_and_annotations_are_free():
    """Only a fieldValueSet may hold names of one's own."""
    assert csdl.schema().faults({"id": "1", "Own": 3, "@odata.etag": "x"}, "fieldValueSet") == []


def test_no_call_is_declared_twice():
    """One row a method and template."""
    keys = [(row.method, row.template) for row in TABLE]
    assert len(keys) == len(set(keys))
