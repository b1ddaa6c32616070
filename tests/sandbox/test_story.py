"""A fortnight in the tenant: every kind of act, seen through Graph as it happens."""

import json
from urllib.parse import quote

import pytest

from tests.sandbox import worlds

BOX = f"/users/{worlds.BOX.mail}"
WINDOW = "startDateTime=2023-01-01T00:00:00Z&endDateTime=2023-01-20T00:00:00Z"
MESSAGES = f"/teams/{worlds.WORLD.team}/channels/{worlds.COMMON}/messages"


@pytest.fixture(scope="module")
def seed_name():
    return "lively"


def drain(client, url, **given):
    entries = []
    while True:
        page = client.get(url, **given)
        entries += page["value"]
        if "@odata.deltaLink" in page:
            return entries, page["@odata.deltaLink"]
        url = page["@odata.nextLink"]


@pytest.fixture(scope="module")
def told(daemon):
    """The fortnight, day by day: what each delta told of, and what was there at the end."""
    size = {"Prefer": 'odata.maxpagesize=1, IdType="ImmutableId"'}
    seen = {}
    first, link = drain(daemon, f"{BOX}/calendarView/delta()?{WINDOW}", headers=size)
    seen["first"] = first
    posts, posts_link = drain(daemon, f"{MESSAGES}/delta?$expand=replies&$top=1")
    seen["posts first"] = posts
    for number in range(1, 5):
        daemon.advance(f"2023-01-0{number + 1}T20:00:00Z")
        seen[number], link = drain(daemon, link, headers=size)
        seen[f"posts {number}"], posts_link = drain(daemon, posts_link)
    daemon.advance("2023-01-07T20:00:00Z")
    return seen


def test_the_calendar_tells_of_invitations_changes_and_removals(told):
    """Changed events come again; what left the window or was cancelled by its owner is removed."""
    assert told["first"] == []
    assert [event["subject"] for event in told[1]] == ["Energidag"]
    assert told[1][0]["hasAttachments"] is True
    assert told[1][0]["onlineMeeting"]["joinUrl"].startswith("https://teams.microsoft.com/")
    assert [event["sensitivity"] for event in told[2]] == ["private"]
    assert [event["subject"] for event in told[3]] == ["Energidagen"]
    assert told[3][0]["id"] == told[1][0]["id"]
    assert told[3][0]["iCalUId"] == told[1][0]["iCalUId"]
    cancelled = [event for event in told[4] if "@removed" not in event]
    assert [event["isCancelled"] for event in cancelled] == [True]
    removed = [event for event in told[4] if "@removed" in event]
    assert [event["@removed"] for event in removed] == [{"reason": "deleted"}]


def test_the_calendar_is_strict_about_its_options(daemon, told):
    """No $select on delta, a window is needed, a bad token starts afresh."""
    daemon.refused(
        400, "ErrorInvalidUrlQuery", "GET", f"{BOX}/calendarView/delta?{WINDOW}&$select=subject"
    )
    daemon.refused(400, "ErrorInvalidParameter", "GET", f"{BOX}/calendarView/delta")
    daemon.refused(410, "SyncStateNotFound", "GET", f"{BOX}/calendarView/delta?$deltatoken=x")
    view = daemon.get(f"{BOX}/calendarView?{WINDOW}&$top=1&$select=subject,start")
    assert view["value"][0]["subject"] == "Inställt: Lunch"
    assert daemon.get(view["@odata.nextLink"])["value"][0]["subject"] == "Energidagen"


def event(client, **given):
    view = client.get(f"{BOX}/calendarView?{WINDOW}", **given)["value"]
    return next(entry for entry in view if entry["subject"] == "Energidagen")


def test_times_ids_and_people_of_an_event(daemon, told):
    """UTC unless a zone is preferred; two ids that both lead there; guests have names."""
    plain = event(daemon)
    assert plain["start"] == {"dateTime": "2023-01-09T09:00:00.0000000", "timeZone": "UTC"}
    zone = {"Prefer": 'outlook.timezone="W. Europe Standard Time", IdType="ImmutableId"'}
    local = event(daemon, headers=zone)
    assert local["start"]["dateTime"].startswith("2023-01-09T10:00")
    assert local["id"] != plain["id"]
    for one in (plain, local):
        assert daemon.get(f"{BOX}/events/{one['id']}")["iCalUId"] == plain["iCalUId"]
    addresses = [a["emailAddress"]["address"] for a in plain["attendees"]]
    assert addresses == [worlds.BO.mail, worlds.GUEST.mail, worlds.BOX.mail]
    assert plain["bodyPreview"] == "Välkommen & hjärtligt"
    assert plain["categories"] == ["Energi"]
    bad = {"Prefer": 'outlook.timezone="Nowhere"'}
    daemon.refused(400, "TimeZoneNotSupported", "GET", f"{BOX}/calendarView?{WINDOW}", headers=bad)


def test_attachments_are_listed_with_or_without_their_bytes(daemon, told):
    """The plain list carries base64; $select leaves it out; $value gives the bytes."""
    base = f"{BOX}/events/{event(daemon)['id']}/attachments"
    assert daemon.get(base)["value"][0]["contentBytes"] == "UHJvZ3JhbQ=="
    (listed,) = daemon.get(f"{base}?$select=id,name,size,contentType")["value"]
    assert "contentBytes" not in listed
    assert daemon.get(f"{base}/{listed['id']}")["name"] == "program.txt"
    assert daemon.ask("GET", f"{base}/{listed['id']}/$value").content == b"Program"


def test_replies_bring_their_root_back(told):
    """Messages' delta tells of a root when it is written and when somebody answers it."""
    assert told["posts first"] == []
    (asked,) = told["posts 1"]
    assert asked["from"]["user"]["displayName"] == worlds.GUEST.name
    assert asked["replies"] == []
    (answered,) = told["posts 3"]
    assert answered["id"] == asked["id"]
    assert [reply["body"]["content"] for reply in answered["replies"]] == ["Ja"]
    assert answered["replies"][0]["replyToId"] == asked["id"]


def test_messages_are_read_in_pages_of_at_most_fifty(daemon, told):
    """$top over 50 is refused; roots, one message and its replies can be read."""
    daemon.refused(400, "invalidRequest", "GET", f"{MESSAGES}/delta?$top=51")
    (root,) = daemon.get(f"{MESSAGES}?$expand=replies")["value"]
    assert len(root["replies"]) == 1
    assert daemon.get(f"{MESSAGES}/{root['id']}")["id"] == root["id"]
    assert len(daemon.get(f"{MESSAGES}/{root['id']}/replies")["value"]) == 1
    later = "2023-01-05T00:00:00Z"
    assert daemon.get(f"{MESSAGES}/delta?$filter=lastModifiedDateTime gt {later}")["value"] == []


def test_acts_wait_for_what_the_service_makes(daemon, provisioner, told):
    """An upload waits for its library and folder, an edit for its row; then they happen."""
    waiting = daemon.control("GET", "waiting").json()["value"]
    assert {act["type"] for act in waiting} == {"Upload", "EditRow"}
    for name, template, columns in (
        ("Samordning", "documentLibrary", []),
        (
            "Möten",
            "genericList",
            [
                {"name": "Date", "dateTime": {}},
                {"name": "Count", "number": {}},
                {"name": "Done", "boolean": {}},
                {"name": "Note", "text": {}},
            ],
        ),
    ):
        body = {"displayName": name, "list": {"template": template}, "columns": columns}
        made = provisioner.ask("POST", f"{provisioner.site}/lists", json=body)
        assert made.status_code == 201, made.text
    daemon.advance("2023-01-07T21:00:00Z")
    assert len(daemon.control("GET", "waiting").json()["value"]) == 2
    drive = daemon.drive("Samordning")
    daemon.ask("POST", f"{drive}/root/children", json={"name": "Inkorg", "folder": {}})
    rows = f"{daemon.site}/lists/Möten/items"
    fields = {"Title": "Energidagen", "Date": "2023-01-09T12:00:00Z", "Note": "bort"}
    row = daemon.ask("POST", rows, json={"fields": fields}).json()
    daemon.advance("2023-01-07T22:00:00Z")
    assert daemon.control("GET", "waiting").json()["value"] == []
    (item,) = daemon.get(f"{drive}/root:/Inkorg:/children")["value"]
    assert item["lastModifiedBy"]["user"]["id"] == worlds.ANNA.id
    after = daemon.get(f"{rows}/{row['id']}?$expand=fields")
    assert (after["fields"]["Count"], after["fields"]["Done"]) == (17.0, True)
    assert "Note" not in after["fields"]
    assert after["lastModifiedBy"]["user"]["id"] == worlds.ANNA.id


def test_a_person_puts_a_new_version_over_the_old(daemon, told):
    """One item, two versions, the second by somebody else."""
    (item,) = daemon.get(f"{daemon.drive()}/root:/Ny/Mapp:/children")["value"]
    assert item["size"] == len(b"second")
    assert item["createdBy"]["user"]["id"] == worlds.ANNA.id
    assert item["lastModifiedBy"]["user"]["id"] == worlds.BO.id
    assert len(daemon.get(f"{daemon.drive()}/items/{item['id']}/versions")["value"]) == 2


def test_a_meeting_leaves_recording_transcript_and_attendance(daemon, told):
    """Found by its link; each artifact by itself and over all of the organiser's meetings."""
    daemon.advance("2023-01-10T00:00:00Z")
    join = event(daemon)["onlineMeeting"]["joinUrl"]
    meetings = f"/users/{worlds.ANNA.id}/onlineMeetings"
    escaped = quote(join, safe="")
    (meeting,) = daemon.get(f"{meetings}?$filter=JoinWebUrl%20eq%20'{escaped}'")["value"]
    assert meeting["subject"] == "Energidagen"
    base = f"{meetings}/{meeting['id']}"
    assert daemon.get(base)["joinWebUrl"] == join
    (recording,) = daemon.get(f"{base}/recordings")["value"]
    everything = (
        f"{meetings}/getAllRecordings(meetingOrganizerUserId='{worlds.ANNA.id}',"
        "startDateTime=2023-01-01T00:00:00Z,endDateTime=2023-02-01T00:00:00Z)"
    )
    assert daemon.get(everything)["value"] == [recording]
    assert daemon.get(everything.replace("2023-02-01", "2023-01-02"))["value"] == []
    content = f"{base}/recordings/{recording['id']}/content"
    assert recording["recordingContentUrl"].endswith(content)
    answer = daemon.ask("GET", content)
    assert answer.status_code == 302
    assert daemon.bare("GET", answer.headers["location"]).content == b"mp4" * 1000
    daemon.control("POST", "settings", json={"recordings": 200})
    assert daemon.ask("GET", content).content == b"mp4" * 1000
    (transcript,) = daemon.get(f"{base}/transcripts")["value"]
    assert transcript["contentCorrelationId"] == recording["contentCorrelationId"]
    text = daemon.ask("GET", f"{base}/transcripts/{transcript['id']}/content?$format=text/vtt")
    assert text.text.startswith("WEBVTT")
    assert text.headers["content-type"] == "text/vtt"
    both = everything.replace("Recordings", "Transcripts")
    assert daemon.get(both)["value"] == [{**transcript, "transcriptContentUrl": ""}]
    (report,) = daemon.get(f"{base}/attendanceReports")["value"]
    assert report["attendanceRecords"] == []
    assert report["totalParticipantCount"] == 2
    one = f"{base}/attendanceReports/{report['id']}"
    records = daemon.get(f"{one}?$expand=attendanceRecords")["attendanceRecords"]
    assert records == daemon.get(f"{one}/attendanceRecords")["value"]
    assert [len(record["attendanceIntervals"]) for record in records] == [2, 1]
    assert records[0]["totalAttendanceInSeconds"] == 2 * 3600
    assert records[1]["identity"]["id"] is None


def card(text):
    content = {
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [{"type": "TextBlock", "text": text}],
    }
    kind = "application/vnd.microsoft.card.adaptive"
    return {"type": "message", "attachments": [{"contentType": kind, "content": content}]}


def test_a_workflow_posts_late_and_never_what_is_no_card(daemon, sandbox, told):
    """202 for everything with the right signature; the good card comes within 30 minutes."""
    url = sandbox.env["NATVERKET_NETWORK_WORKFLOW_URL"]
    assert daemon.bare("POST", url[:-2] + "xx", json=card("x")).status_code == 401
    before = len(daemon.get(MESSAGES)["value"])
    for body in (card("hej"), {**card("x"), "type": "x"}, card("x" * 30_000), {"type": "message"}):
        answer = daemon.bare("POST", url, json=body)
        assert (answer.status_code, answer.content) == (202, b"")
    assert len(daemon.get(MESSAGES)["value"]) == before
    daemon.advance("2023-01-10T00:30:00Z")
    posted, *rest = daemon.get(MESSAGES)["value"]
    assert len(rest) == before
    assert posted["from"]["application"]["displayName"] == "Workflows"
    (attachment,) = posted["attachments"]
    assert f'id="{attachment["id"]}"' in posted["body"]["content"]
    assert json.loads(attachment["content"])["body"][0]["text"] == "hej"
    other = sandbox.env["NATVERKET_NETWORK_COORDINATOR_URL"]
    assert "f10e0001" in other
    assert daemon.bare("POST", other, json=card("x")).status_code == 202
