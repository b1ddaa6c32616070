"""Calendars: views, series over summer time, delta, and everything that people do in them."""

import pytest

from tests.sandbox import outlook, worlds

BOX = f"/users/{worlds.BOX.mail}"
SPRING = "startDateTime=2023-03-01T00:00:00Z&endDateTime=2023-06-01T00:00:00Z"
PAGE = {"Prefer": "odata.maxpagesize=200"}


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with outlook.running("calendars", tmp_path_factory.mktemp("tenant")) as running:
        yield running


def view(client, window=SPRING, **given):
    return client.get(f"{BOX}/calendarView?{window}&$top=100", **given)["value"]


def drain(client, url, **given):
    entries = []
    while True:
        page = client.get(url, **given)
        entries += page["value"]
        if "@odata.deltaLink" in page:
            return entries, page["@odata.deltaLink"]
        url = page["@odata.nextLink"]


@pytest.fixture(scope="module")
def days(daemon):
    """What was in view and what each delta told, day by day."""
    daemon.advance("2023-01-01T05:00:00Z")
    first, link = drain(daemon, f"{BOX}/calendarView/delta?{SPRING}", headers=PAGE)
    lasting = {"Prefer": 'odata.maxpagesize=3, IdType="ImmutableId"'}
    stable, stable_link = drain(daemon, f"{BOX}/calendarView/delta?{SPRING}", headers=lasting)
    seen = {"first": first, "view 0": view(daemon), "stable first": stable, "link 0": link}
    seen["events"] = daemon.get(f"{BOX}/events?$top=100")["value"]
    for number in range(1, 11):
        daemon.advance(f"2023-01-{number + 1:02}T10:00:00Z")
        seen[number], link = drain(daemon, link, headers=PAGE)
        seen[f"stable {number}"], stable_link = drain(daemon, stable_link, headers=lasting)
        seen[f"view {number}"] = view(daemon)
        if number == 3:
            seen["masters"] = daemon.get(f"{BOX}/events?$filter=type eq 'seriesMaster'")["value"]
            egen = next(e for e in seen["masters"] if e["subject"] == "Egen")
            select = "$select=cancelledOccurrences,subject"
            seen["cancelled"] = daemon.get(f"{BOX}/events/{egen['id']}?{select}")
            vecka = next(e for e in seen["masters"] if e["subject"] == "Vecka")
            seen["vecka"] = daemon.get(f"{BOX}/events/{vecka['id']}?$expand=exceptionOccurrences")
            seen["instances"] = daemon.get(f"{BOX}/events/{vecka['id']}/instances?{SPRING}")
    seen["link"] = link
    return seen


def named(entries, subject):
    return [entry for entry in entries if entry.get("subject") == subject]


def removed(entries):
    return [entry["id"] for entry in entries if "@removed" in entry]


def test_a_view_expands_a_series_by_the_clock_on_the_wall(days):
    """Nine o'clock stays nine o'clock: an hour earlier in UTC once summer time has come."""
    times = [event["start"]["dateTime"][:16] for event in named(days["view 0"], "Vecka")]
    assert times == [
        "2023-03-14T08:00",
        "2023-03-21T08:00",
        "2023-03-28T07:00",
        "2023-04-04T07:00",
    ]
    assert {event["type"] for event in named(days["view 0"], "Vecka")} == {"occurrence"}
    assert "seriesMaster" not in {event["type"] for event in days["view 0"]}


def test_occurrences_share_a_link_and_differ_in_id_and_icaluid(days):
    """One join link; ids, iCalUIds and original starts of their own; the master is named."""
    found = named(days["view 0"], "Vecka")
    (master,) = named(days["events"], "Vecka")
    assert {event["onlineMeeting"]["joinUrl"] for event in found} == {
        master["onlineMeeting"]["joinUrl"]
    }
    assert {event["seriesMasterId"] for event in found} == {master["id"]}
    assert len({event["id"] for event in found} | {master["id"]}) == 5
    assert len({event["iCalUId"] for event in found} | {master["iCalUId"]}) == 5
    assert found[0]["iCalUId"][32:40] == "07E7030E"
    assert found[2]["originalStart"] == "2023-03-28T07:00:00.000Z"


def test_a_series_is_written_with_its_pattern_and_range(days):
    """recurrence on the master alone; /events has masters and single events, no occurrences."""
    assert {event["type"] for event in days["events"]} == {"singleInstance", "seriesMaster"}
    (vecka,) = named(days["events"], "Vecka")
    assert vecka["recurrence"]["pattern"]["type"] == "weekly"
    assert vecka["recurrence"]["pattern"]["daysOfWeek"] == ["tuesday"]
    assert vecka["recurrence"]["range"] == {
        "type": "numbered",
        "startDate": "2023-03-14",
        "endDate": "0001-01-01",
        "recurrenceTimeZone": "W. Europe Standard Time",
        "numberOfOccurrences": 4,
    }
    (fredag,) = named(days["events"], "Fredag")
    assert fredag["recurrence"]["range"]["type"] == "noEnd"
    assert fredag["recurrence"]["pattern"]["index"] == "last"
    assert named(days["view 0"], "Vecka")[0]["recurrence"] is None


def test_a_series_without_end_goes_as_far_as_one_looks(daemon, days):
    """The last Friday of every month, in a year that nobody has thought of."""
    window = "startDateTime=2031-01-01&endDateTime=2031-04-01"
    starts = [event["start"]["dateTime"][:10] for event in view(daemon, window)]
    assert starts == ["2031-01-31", "2031-02-28", "2031-03-28"]


def test_one_occurrence_can_be_moved(days):
    """It becomes an exception that keeps id, iCalUId and the original start."""
    (before,) = [e for e in named(days["view 0"], "Vecka") if "03-21" in e["start"]["dateTime"]]
    (after,) = named(days["view 1"], "Flyttat")
    assert after["type"] == "exception"
    assert after["start"]["dateTime"].startswith("2023-03-22T13:00")
    assert (after["id"], after["iCalUId"]) == (before["id"], before["iCalUId"])
    assert after["originalStart"] == "2023-03-21T08:00:00.000Z"
    assert [event["type"] for event in days[1]] == ["exception"]


def test_a_cancelled_occurrence_stays_with_the_invited_and_goes_with_the_organiser(days):
    """An exception that is cancelled, and a removal with the master's list of the cancelled."""
    (cancelled,) = [e for e in days["view 2"] if e["isCancelled"]]
    assert (cancelled["subject"], cancelled["type"]) == ("Inställt: Vecka", "exception")
    assert len(named(days["view 2"], "Egen")) == 3
    assert len(named(days["view 3"], "Egen")) == 2
    (egen,) = named(days["masters"], "Egen")
    assert days["cancelled"]["cancelledOccurrences"] == [f"OID.{egen['id']}.2023-04-11"]
    gone = [e for e in named(days["view 0"], "Egen") if "04-11" in e["start"]["dateTime"]]
    assert removed(days[3])[:1] == [gone[0]["id"]]


def test_exceptions_and_instances_can_be_asked_of_a_series(days):
    """$expand=exceptionOccurrences gives the changed ones, /instances all in the window."""
    subjects = [event["subject"] for event in days["vecka"]["exceptionOccurrences"]]
    assert subjects == ["Flyttat", "Inställt: Vecka"]
    assert len(days["instances"]["value"]) == 4


def test_the_delta_has_masters_whole_and_occurrences_bare(daemon, days):
    """An occurrence has its ids and times only, unless the switch says otherwise."""
    masters = [event for event in days["first"] if event["type"] == "seriesMaster"]
    assert {event["subject"] for event in masters} == {"Vecka", "Egen", "Fredag"}
    occurrences = [event for event in days["first"] if event["type"] == "occurrence"]
    assert {frozenset(event) for event in occurrences} == {
        frozenset(("@odata.type", "@odata.etag", "id", "type", "seriesMasterId", "start", "end"))
    }
    daemon.control("POST", "settings", json={"delta_occurrences": "whole"})
    whole, _ = drain(daemon, f"{BOX}/calendarView/delta?{SPRING}", headers=PAGE)
    daemon.control("POST", "settings", json={"delta_occurrences": "sparse"})
    assert all("subject" in event for event in whole if event["type"] == "occurrence")


def test_only_the_organisers_copy_tells_who_comes(days):
    """Answers are on the mailbox's own invitations; on others' nobody has answered."""
    (last,) = [e for e in named(days["view 3"], "Egen") if "04-12" in e["start"]["dateTime"]]
    answers = {a["emailAddress"]["address"]: a["status"]["response"] for a in last["attendees"]}
    assert answers == {worlds.BO.mail: "accepted", worlds.GUEST.mail: "none"}
    (sal,) = named(days["view 3"], "Sal")
    assert {a["status"]["response"] for a in sal["attendees"]} == {"none"}
    assert sal["responseStatus"]["response"] == "accepted"
    assert last["responseStatus"]["response"] == "organizer"


def test_rooms_optional_guests_private_and_important(days):
    """Kinds of attendees, a room as place, sensitivity, importance and categories."""
    (sal,) = named(days["view 0"], "Sal")
    kinds = {a["emailAddress"]["address"]: a["type"] for a in sal["attendees"]}
    assert kinds == {
        worlds.BO.mail: "required",
        worlds.GUEST.mail: "optional",
        "sal@nat.example": "resource",
        worlds.BOX.mail: "required",
    }
    assert sal["location"]["locationType"] == "conferenceRoom"
    assert (sal["sensitivity"], sal["importance"]) == ("private", "high")
    assert sal["categories"] == ["Energi"]


def test_private_events_show_their_text_unless_the_switch_hides_it(daemon, days):
    """An open question of the service: both answers can be had."""
    (sal,) = named(view(daemon), "Sal")
    assert "Om sal" in sal["body"]["content"]
    daemon.control("POST", "settings", json={"private_bodies": "hidden"})
    (hidden,) = named(view(daemon), "Sal")
    daemon.control("POST", "settings", json={"private_bodies": "shown"})
    assert hidden["body"]["content"] == hidden["bodyPreview"] == ""
    assert hidden["subject"] == "Sal"


def test_an_all_day_event_is_midnight_to_midnight_in_any_zone(daemon, days):
    """The day is the day, in UTC as in Sweden."""
    zone = {"Prefer": 'outlook.timezone="W. Europe Standard Time"'}
    for given in ({}, {"headers": zone}):
        (event,) = named(view(daemon, **given), "Heldag")
        assert event["isAllDay"] is True
        assert event["start"]["dateTime"] == "2023-05-01T00:00:00.0000000"
        assert event["end"]["dateTime"] == "2023-05-02T00:00:00.0000000"


def test_a_moved_event_has_another_id_and_the_same_immutable_one(daemon, days):
    """It left the calendar: the old id is removed and finds nothing, the immutable one does."""
    (before,) = named(days["view 0"], "Flytt")
    assert removed(days[4]) == [before["id"]]
    daemon.refused(404, "ErrorItemNotFound", "GET", f"{BOX}/events/{before['id']}")
    (stable,) = named(days["stable first"], "Flytt")
    assert removed(days["stable 4"]) == [stable["id"]]
    after = daemon.get(f"{BOX}/events/{stable['id']}")
    assert after["subject"] == "Flytt"
    assert after["id"] not in (before["id"], stable["id"])
    archive = next(c for c in daemon.get(f"{BOX}/calendars")["value"] if c["name"] == "Arkivet")
    there = daemon.get(f"{BOX}/calendars/{archive['id']}/events")["value"]
    assert [event["id"] for event in there] == [after["id"]]
    assert daemon.get(f"{BOX}/calendars/{archive['id']}/calendarView?{SPRING}")["value"]
    assert not named(daemon.get(f"{BOX}/calendar/events?$top=100")["value"], "Flytt")


def test_a_forwarded_invitation_has_one_more_who_is_invited(days):
    """The organiser's copy and ours learn of the guest."""
    (bort,) = named(days["view 3"], "Bort")
    addresses = [a["emailAddress"]["address"] for a in bort["attendees"]]
    assert addresses == [worlds.BOX.mail, worlds.GUEST.mail]


def test_a_deleted_event_is_removed_and_not_cancelled(daemon, days):
    """Somebody tidied the mailbox's own calendar."""
    (before,) = named(days["view 0"], "Bort")
    assert removed(days[5]) == [before["id"]]
    daemon.refused(404, "ErrorItemNotFound", "GET", f"{BOX}/events/{before['id']}")


def test_a_new_organiser_is_a_new_event(days):
    """The old one is cancelled; the new has another id, iCalUId and join link."""
    (old,) = named(days["view 6"], "Inställt: Byte")
    (new,) = named(days["view 6"], "Byte")
    assert new["organizer"]["emailAddress"]["address"] == worlds.BO.mail
    assert new["iCalUId"] != old["iCalUId"]
    assert new["onlineMeeting"]["joinUrl"] != old["onlineMeeting"]["joinUrl"]


def test_events_may_share_a_join_link(days):
    """An invitation that was copied carries the link of the other."""
    (byte,), (samma,) = named(days["view 0"], "Byte"), named(days["view 0"], "Samma")
    assert byte["onlineMeeting"] == samma["onlineMeeting"]
    assert byte["iCalUId"] != samma["iCalUId"]


def test_a_change_outside_the_window_comes_as_removed(daemon, days):
    """Or only what was inside once, by the switch: a removal never proves a cancellation."""
    assert len(removed(days[7])) == 1
    daemon.control("POST", "settings", json={"calendar_removals": "only left"})
    url = days["link 0"]
    entries, _ = drain(daemon, url, headers=PAGE)
    daemon.control("POST", "settings", json={"calendar_removals": "all outside"})
    assert removed(days[7])[0] not in removed(entries)
    assert removed(entries)


def test_a_declined_invitation_leaves_the_calendar(days):
    """As it does when a mailbox says no."""
    (samma,) = named(days["view 0"], "Samma")
    assert removed(days[8]) == [samma["id"]]


def test_other_times_make_a_series_anew(days):
    """The exceptions are gone with the old times, and all has new ids."""
    found = named(days["view 9"], "Vecka")
    assert [event["type"] for event in found] == ["occurrence"] * 4
    assert not named(days["view 9"], "Flyttat")
    assert found[0]["start"]["dateTime"].startswith("2023-03-14T14:00")
    assert not {event["id"] for event in found} & {event["id"] for event in days["view 0"]}


def test_a_whole_series_can_be_cancelled(days):
    """With the invited every occurrence stays, cancelled."""
    found = named(days["view 10"], "Inställt: Vecka")
    assert [event["isCancelled"] for event in found] == [True] * 4
    assert {event["showAs"] for event in found} == {"free"}
