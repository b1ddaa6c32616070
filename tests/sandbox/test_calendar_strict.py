"""What Outlook's calendar refuses, its options, its zones, and attachments of events."""

import base64

import pytest

from tests.sandbox import outlook, worlds
from tests.sandbox.conftest import Client

BOX = f"/users/{worlds.BOX.mail}"
SPRING = "startDateTime=2023-03-01T00:00:00Z&endDateTime=2023-06-01T00:00:00Z"
DELTA = f"{BOX}/calendarView/delta"
PAGE = {"Prefer": "odata.maxpagesize=200"}


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with outlook.running("calendars", tmp_path_factory.mktemp("tenant")) as running:
        yield running


@pytest.fixture(scope="module")
def calendar(daemon):
    daemon.advance("2023-01-01T05:00:00Z")
    return daemon


def found(client, query, **given):
    page = client.get(f"{BOX}/calendarView?{SPRING}&{query}", **given)
    return [event["subject"] for event in page["value"]]


@pytest.mark.parametrize(
    "option", ["$select=subject", "$filter=x", "$expand=x", "$orderby=x", "$search=x", "$top=1"]
)
def test_a_delta_takes_no_options(calendar, option):
    """Refused by name; the page size is a preference."""
    message = calendar.refused(400, "ErrorInvalidUrlQuery", "GET", f"{DELTA}?{SPRING}&{option}")
    assert "not supported with change tracking over the 'CalendarView' resource" in message


def test_a_delta_token_grows_old_by_the_clock(tmp_path):
    """410 with a fresh start once the days are over; a link that was used is young again."""
    with outlook.running("calendars", tmp_path) as other:
        client = Client(other, worlds.DAEMON)
        client.control("POST", "settings", json={"outlook_token_days": "1"})
        link = client.get(f"{DELTA}?{SPRING}")["@odata.deltaLink"]
        client.advance("2023-01-01T20:00:00Z")
        link = client.get(link, headers=PAGE)["@odata.deltaLink"]
        client.advance("2023-01-02T19:59:00Z")
        assert client.get(link)["value"]
        client.advance("2023-01-02T20:00:00Z")
        response = client.ask("GET", link)
        assert response.status_code == 410
        assert response.json()["error"]["code"] == "SyncStateNotFound"
        assert client.ask("GET", response.headers["location"] + f"?{SPRING}").status_code == 200
        young = client.get(f"{DELTA}?{SPRING}", headers=PAGE)["@odata.deltaLink"]
        assert client.get(young)["value"] == []
        client.close()


def test_a_moved_mailbox_wants_everything_read_again(tmp_path):
    """Links from before the move are dead, those made after it live."""
    with outlook.running("calendars", tmp_path) as other:
        client = Client(other, worlds.DAEMON)
        link = client.get(f"{DELTA}?{SPRING}")["@odata.deltaLink"]
        client.advance("2023-01-12T10:00:00Z")
        client.refused(410, "fullSyncRequired", "GET", link)
        client.advance("2023-01-12T11:00:00Z")
        young = client.get(f"{DELTA}?{SPRING}", headers=PAGE)["@odata.deltaLink"]
        assert client.get(young)["value"] == []
        client.close()


def test_a_token_that_is_not_of_this_mailbox_is_refused(calendar):
    """Nonsense is not found; another mailbox's token is invalid here."""
    calendar.refused(410, "SyncStateNotFound", "GET", f"{DELTA}?$deltatoken=nonsense")
    held = base64.urlsafe_b64encode(b'{"of":"x","seq":0,"at":"2023-01-01T00:00:00Z"}').decode()
    calendar.refused(400, "SyncStateInvalid", "GET", f"{DELTA}?$deltatoken={held.rstrip('=')}")


def test_a_window_is_needed_and_has_limits(calendar):
    """None, upside down, and more than five years."""
    view = f"{BOX}/calendarView"
    calendar.refused(400, "ErrorInvalidParameter", "GET", view)
    calendar.refused(
        400,
        "ErrorInvalidParameter",
        "GET",
        f"{view}?startDateTime=2023-02-01&endDateTime=2023-01-01",
    )
    calendar.refused(
        400,
        "ErrorCalendarViewRangeTooBig",
        "GET",
        f"{view}?startDateTime=2020-01-01&endDateTime=2030-01-01",
    )


@pytest.mark.parametrize(
    ("query", "subjects"),
    [
        ("$filter=subject eq 'heldag'", ["Heldag"]),
        ("$filter=startswith(subject,'S') and sensitivity eq 'normal'", ["Samma"]),
        ("$filter=contains(subject,'yt') or isAllDay eq true", ["Heldag", "Flytt", "Byte"]),
        ("$filter=not (isOnlineMeeting eq false) and type ne 'occurrence'", ["Byte", "Samma"]),
        ("$filter=categories/any(c:c eq 'Energi')", ["Sal"]),
        (
            "$filter=start/dateTime ge '2023-05-06T00:00'&$orderby=start/dateTime desc",
            ["Fredag", "Samma", "Byte"],
        ),
        ("$filter=type eq 'singleInstance'&$top=2&$skip=1", ["Sal", "Flytt"]),
        ("$orderby=subject desc&$top=1", ["Vecka"]),
    ],
)
def test_a_view_can_be_filtered_ordered_and_paged(calendar, query, subjects):
    """Comparisons, functions, any, and, or, not; order and pages."""
    assert found(calendar, query) == subjects


def test_a_view_can_be_counted(calendar):
    """$count counts all that the filter lets through."""
    page = calendar.get(
        f"{BOX}/calendarView?{SPRING}&$top=1&$count=true&$filter=subject eq 'Vecka'"
    )
    assert (page["@odata.count"], len(page["value"])) == (4, 1)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("$filter=nosuch eq 1", "RequestBroker--ParseUri"),
        ("$filter=subject is 'x'", "BadRequest"),
        ("$filter=subject eq", "BadRequest"),
        ("$filter=subject gt 4", "ErrorInvalidUrlQueryFilter"),
        ("$expand=nosuch", "RequestBroker--ParseUri"),
        ("$search=x", "invalidRequest"),
    ],
)
def test_what_cannot_be_read_is_refused(calendar, query, code):
    """Unknown properties, bad grammar, values of another kind, unknown expansions."""
    calendar.refused(400, code, "GET", f"{BOX}/calendarView?{SPRING}&{query}")


def test_times_come_in_the_zone_that_is_preferred(calendar):
    """By Windows' name, and by IANA's where the switch lets it; what was heeded is said."""
    for name in ("W. Europe Standard Time", "Europe/Stockholm"):
        given = {"headers": {"Prefer": f'outlook.timezone="{name}"'}}
        answer = calendar.ask("GET", f"{BOX}/calendarView?{SPRING}&$top=1", **given)
        start = answer.json()["value"][0]["start"]
        assert start == {"dateTime": "2023-03-14T09:00:00.0000000", "timeZone": name}
        assert answer.headers["preference-applied"] == f'outlook.timezone="{name}"'
    calendar.control("POST", "settings", json={"iana_time_zones": "refused"})
    calendar.refused(
        400,
        "TimeZoneNotSupported",
        "GET",
        f"{BOX}/calendarView?{SPRING}",
        headers={"Prefer": 'outlook.timezone="Europe/Stockholm"'},
    )
    calendar.control("POST", "settings", json={"iana_time_zones": "accepted"})


def test_a_body_comes_as_text_where_that_is_preferred(calendar):
    """A paragraph a line, no tags."""
    given = {"headers": {"Prefer": 'outlook.body-content-type="text"'}}
    page = calendar.get(f"{BOX}/calendarView?{SPRING}&$filter=subject eq 'Sal'", **given)
    body = page["value"][0]["body"]
    assert body["contentType"] == "text"
    assert body["content"].splitlines()[:2] == ["Om sal", "Mer"]


def test_ids_that_are_none_and_wrong_kinds_of_events(calendar):
    """A malformed id, one that is not there, instances of what is no series."""
    calendar.refused(400, "ErrorInvalidIdMalformed", "GET", f"{BOX}/events/x")
    calendar.refused(404, "ErrorItemNotFound", "GET", f"{BOX}/events/AAMkAx")
    calendar.refused(404, "ErrorItemNotFound", "GET", f"{BOX}/calendars/x/events")
    (sal,) = calendar.get(f"{BOX}/events?$filter=subject eq 'Sal'")["value"]
    calendar.refused(
        400, "ErrorInvalidOperation", "GET", f"{BOX}/events/{sal['id']}/instances?{SPRING}"
    )
    calendar.refused(404, "ErrorItemNotFound", "GET", f"{BOX}/events/{sal['id']}/attachments/x")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/events"),
        ("POST", "/calendar/events"),
        ("PATCH", "/events/x"),
        ("DELETE", "/events/x"),
        ("POST", "/events/x/cancel"),
        ("POST", "/events/x/attachments"),
    ],
)
def test_nothing_can_be_written(calendar, method, path):
    """The right to read a calendar is a right to read it."""
    calendar.refused(403, "ErrorAccessDenied", method, f"{BOX}{path}", json={})


def test_a_mailbox_that_is_not_there_or_not_granted(calendar):
    """Nobody's address; somebody whose calendar is out of the app's scope."""
    calendar.refused(404, "ErrorInvalidUser", "GET", "/users/x@y.z/events")
    calendar.refused(403, "ErrorAccessDenied", "GET", f"/users/{worlds.ANNA.mail}/events")


@pytest.fixture(scope="module")
def files(calendar):
    (sal,) = calendar.get(f"{BOX}/events?$filter=subject eq 'Sal'")["value"]
    return f"{BOX}/events/{sal['id']}/attachments"


def test_attachments_are_files_items_and_links(calendar, files):
    """Each kind with its own type; a link has no address in v1.0, it is in the text."""
    select = "$select=id,name,size,contentType,isInline"
    entries = calendar.get(f"{files}?{select}")["value"]
    kinds = {entry["name"]: entry["@odata.type"].rpartition(".")[2] for entry in entries}
    assert kinds == {
        "stor.bin": "fileAttachment",
        "logga.png": "fileAttachment",
        "Tidigare": "itemAttachment",
        "Plan.docx": "referenceAttachment",
    }
    assert all("contentBytes" not in entry for entry in entries)
    (sal,) = calendar.get(f"{BOX}/events?$filter=subject eq 'Sal'")["value"]
    assert 'href="https://nat.example/plan"' in sal["body"]["content"]


def test_a_large_file_comes_whole(calendar, files):
    """4 MB inside the list as base64, or raw."""
    entries = calendar.get(files)["value"]
    large = next(entry for entry in entries if entry["name"] == "stor.bin")
    assert len(base64.b64decode(large["contentBytes"])) == 4_000_000
    assert len(calendar.ask("GET", f"{files}/{large['id']}/$value").content) == 4_000_000
    inline = next(entry for entry in entries if entry["isInline"])
    assert inline["contentId"]


def test_an_attached_item_opens_when_it_is_expanded(calendar, files):
    """Only by the type's full name; $value is MIME; a link has no value."""
    by_name = {entry["name"]: entry["id"] for entry in calendar.get(files)["value"]}
    item = f"{files}/{by_name['Tidigare']}"
    assert "item" not in calendar.get(item)
    opened = calendar.get(f"{item}?$expand=microsoft.graph.itemattachment/item")["item"]
    assert opened["subject"] == "Tidigare"
    calendar.refused(400, "RequestBroker--ParseUri", "GET", f"{item}?$expand=item")
    assert calendar.ask("GET", f"{item}/$value").content.startswith(b"From: bo@")
    link = f"{files}/{by_name['Plan.docx']}/$value"
    calendar.refused(405, "ErrorInvalidRequest", "GET", link)


def test_an_event_can_bring_its_attachments(calendar):
    """$expand=attachments on the event itself."""
    (sal,) = calendar.get(f"{BOX}/events?$filter=subject eq 'Sal'")["value"]
    whole = calendar.get(f"{BOX}/events/{sal['id']}?$expand=attachments")
    assert len(whole["attachments"]) == 4
