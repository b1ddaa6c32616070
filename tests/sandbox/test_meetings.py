"""Online meetings: links, recordings that expire and are files, transcripts, reports."""

from urllib.parse import quote

import pytest

from tests.sandbox import outlook, worlds
from tests.sandbox.conftest import Client

ANNA = f"/users/{worlds.ANNA.id}/onlineMeetings"
BOX = f"/users/{worlds.BOX.mail}"
WINDOW = "startDateTime=2023-01-01T00:00:00Z&endDateTime=2023-02-01T00:00:00Z"
ORGANIZER = f"meetingOrganizerUserId='{worlds.ANNA.id}',startDateTime=2023-01-01T00:00:00Z"


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with outlook.running("recorded", tmp_path_factory.mktemp("tenant")) as running:
        yield running


@pytest.fixture(scope="module")
def met(daemon):
    """After the week in which everything was recorded."""
    daemon.advance("2023-01-07T00:00:00Z")
    return daemon


def events(client):
    page = client.get(f"{BOX}/calendarView?{WINDOW}&$top=50&$orderby=start/dateTime")
    return page["value"]


def link(client, subject):
    return next(e for e in events(client) if e["subject"] == subject)["onlineMeeting"]["joinUrl"]


def meeting(client, subject):
    query = f"$filter=JoinWebUrl eq '{quote(link(client, subject), safe='')}'"
    (found,) = client.get(f"{ANNA}?{query.replace(' ', '%20')}")["value"]
    return found, f"{ANNA}/{found['id']}"


def settings(client, **given):
    assert client.control("POST", "settings", json=given).status_code == 200


# ---------------------------------------------------------------- finding


def test_a_series_is_one_meeting_with_many_recordings(met):
    """Three occurrences, one link, one onlineMeeting, a recording of each."""
    assert len({link(met, "Serie")}) == 1
    one, path = meeting(met, "Serie")
    recordings = met.get(f"{path}/recordings")["value"]
    assert [r["createdDateTime"][:10] for r in recordings] == [
        "2023-01-03",
        "2023-01-04",
        "2023-01-05",
    ]
    assert {r["meetingId"] for r in recordings} == {one["id"]}


def test_a_meeting_is_found_by_the_number_to_join_with(met):
    """As well as by its link; a listing there is not, nor another filter."""
    one, _ = meeting(met, "Serie")
    number = one["joinMeetingIdSettings"]["joinMeetingId"]
    query = f"$filter=joinMeetingIdSettings/joinMeetingId eq '{number}'"
    assert met.get(f"{ANNA}?{query}")["value"] == [one]
    met.refused(400, "InvalidArgument", "GET", ANNA)
    met.refused(400, "InvalidArgument", "GET", f"{ANNA}?$filter=subject eq 'Serie'")


def test_a_meeting_is_not_for_who_takes_no_part(met):
    """Bo's own meeting, asked for as Anna; a meeting that is not there."""
    query = f"$filter=JoinWebUrl%20eq%20'{quote(link(met, 'Bos'), safe='')}'"
    said = met.refused(403, "Forbidden", "GET", f"{ANNA}?{query}")
    assert said == "3003: User does not have access to lookup meeting."
    met.refused(404, "NotFound", "GET", f"{ANNA}/nosuch/recordings")


def test_an_organiser_without_policy_is_refused(met):
    """Bo has no application access policy, neither for one meeting nor for all."""
    other = f"/users/{worlds.BO.id}/onlineMeetings"
    said = met.refused(403, "Forbidden", "GET", f"{other}?$filter=JoinWebUrl eq 'x'")
    assert said.startswith("No application access policy found for this app")
    every = f"{other}/getAllRecordings({ORGANIZER.replace(worlds.ANNA.id, worlds.BO.id)})"
    met.refused(403, "Forbidden", "GET", every)


def test_an_app_without_the_role_is_refused(connect, met):
    """Each artefact has a role of its own."""
    stranger = connect(worlds.STRANGER)
    _, path = meeting(met, "Serie")
    for what in ("recordings", "transcripts", "attendanceReports"):
        said = stranger.refused(403, "Forbidden", "GET", f"{path}/{what}")
        assert "Missing role permissions" in said


# ---------------------------------------------------------------- recordings


def test_a_recording_is_streamed_or_redirected_to(met):
    """By the switch."""
    _, path = meeting(met, "Serie")
    first = met.get(f"{path}/recordings")["value"][0]
    content = f"{path}/recordings/{first['id']}/content"
    answer = met.ask("GET", content)
    assert met.bare("GET", answer.headers["location"]).content == b"mp4" * 2
    settings(met, recordings="200")
    answer = met.ask("GET", content)
    settings(met, recordings="302")
    assert (answer.content, answer.headers["content-type"]) == (b"mp4" * 2, "video/mp4")


def test_a_blocked_recording_is_listed_and_not_given(met):
    """403 under the policy that blocks downloads, unless the switch lets an app past it."""
    _, path = meeting(met, "Serie")
    blocked = met.get(f"{path}/recordings")["value"][1]
    content = f"{path}/recordings/{blocked['id']}/content"
    met.refused(403, "Forbidden", "GET", content)
    settings(met, blocked_recordings="served")
    assert met.ask("GET", content).status_code == 302
    settings(met, blocked_recordings="refused")


def test_all_of_an_organiser_leave_channels_and_untranscribed_out(met):
    """Known issue 22933 by switch; channel meetings never."""
    every = f"{ANNA}/getAllRecordings({ORGANIZER})"
    assert len(met.get(every)["value"]) == 3
    settings(met, untranscribed_recordings="exported")
    assert len(met.get(every)["value"]) == 4
    settings(met, untranscribed_recordings="missing")
    by_filter = f"{ANNA}/getAllRecordings?$filter=MeetingOrganizer/User/Id eq '{worlds.ANNA.id}'"
    assert len(met.get(by_filter)["value"]) == 3
    met.refused(400, "InvalidArgument", "GET", f"{ANNA}/getAllRecordings")
    named = f"$filter=MeetingOrganizer/User/Id eq '{worlds.BO.id}'"
    met.refused(403, "Forbidden", "GET", f"{ANNA}/getAllRecordings?{named}")
    met.refused(400, "invalidRequest", "GET", f"{every}?$orderby=x")


def test_a_page_size_drops_the_next_link(met):
    """Known issue 22931, and how it would be without."""
    every = f"{ANNA}/getAllRecordings({ORGANIZER})?$top=2"
    assert "@odata.nextLink" not in met.get(every)
    settings(met, artifacts_next_link="kept")
    page = met.get(every)
    settings(met, artifacts_next_link="dropped")
    assert len(met.get(page["@odata.nextLink"])["value"]) == 1


def test_transcripts_of_all_have_empty_links(met):
    """Known issue 22932."""
    every = f"{ANNA}/getAllTranscripts({ORGANIZER})"
    assert {t["transcriptContentUrl"] for t in met.get(every)["value"]} == {""}
    settings(met, transcript_urls="given")
    urls = {t["transcriptContentUrl"] for t in met.get(every)["value"]}
    settings(met, transcript_urls="empty")
    assert len(urls) == 3
    assert all(url.startswith(met.base) for url in urls)


def test_a_delta_of_recordings_repeats_older_ones(tmp_path):
    """Known issue 22934: what is new, and one that was told of before."""
    with outlook.running("recorded", tmp_path) as other:
        client = Client(other, worlds.DAEMON)
        client.advance("2023-01-04T00:00:00Z")
        url = f"{ANNA}/getAllRecordings({ORGANIZER})/delta"
        first = client.get(url)
        assert len(first["value"]) == 1
        client.advance("2023-01-07T00:00:00Z")
        again = client.get(first["@odata.deltaLink"])["value"]
        assert (again[0], len(again)) == (first["value"][0], 3)
        settings(client, artifacts_delta="exact")
        exact = client.get(first["@odata.deltaLink"])
        assert exact["value"] == again[1:]
        assert client.get(exact["@odata.deltaLink"])["value"] == []
        client.refused(400, "InvalidArgument", "GET", f"{url}?$deltatoken=x")
        client.close()


def test_a_channel_meeting_lists_its_own_recordings_by_switch(met):
    """Newer pages say that it does, older ones that it does not."""
    _, path = meeting(met, "Kanal")
    assert len(met.get(f"{path}/recordings")["value"]) == 1
    settings(met, channel_recordings="missing")
    assert met.get(f"{path}/recordings")["value"] == []
    settings(met, channel_recordings="listed")
    assert "19%3acommon" in link(met, "Kanal")


def test_a_channel_recording_is_a_file_of_the_same_bytes(met):
    """In the channel's folder of the team's library."""
    folder = f"{met.drive()}/root:/Allmänt/Recordings:/children"
    (file,) = met.get(folder)["value"]
    assert file["name"] == "Kanal-20230103_100000-Mötesinspelning.mp4"
    content = met.bare("GET", file["@microsoft.graph.downloadUrl"]).content
    _, path = meeting(met, "Kanal")
    (recording,) = met.get(f"{path}/recordings")["value"]
    answer = met.ask("GET", f"{path}/recordings/{recording['id']}/content")
    assert met.bare("GET", answer.headers["location"]).content == content


def test_a_file_deleted_in_the_library_is_no_recording_any_more(tmp_path):
    """The two are one thing. The folder has a Swedish name where the switch says so."""
    with outlook.running("recorded", tmp_path) as other:
        client = Client(other, worlds.DAEMON)
        settings(client, recordings_folder="Inspelningar")
        client.advance("2023-01-07T00:00:00Z")
        (file,) = client.get(f"{client.drive()}/root:/Allmänt/Inspelningar:/children")["value"]
        _, path = meeting(client, "Kanal")
        assert len(client.get(f"{path}/recordings")["value"]) == 1
        assert client.ask("DELETE", f"{client.drive()}/items/{file['id']}").status_code == 204
        assert client.get(f"{path}/recordings")["value"] == []
        client.close()


@pytest.mark.parametrize(("owner", "files"), [("organizer", 2), ("initiator", 1)])
def test_a_recording_is_a_file_of_the_organiser_or_of_who_recorded(owner, files, tmp_path):
    """MeetingRecordingOwnership: Bo has no drive here, so what he recorded is no file."""
    with outlook.running("owned", tmp_path) as other:
        client = Client(other, worlds.DAEMON)
        settings(client, recording_owner=owner)
        client.advance("2023-01-07T00:00:00Z")
        found = client.get(f"{client.drive()}/root:/Recordings:/children")["value"]
        assert [file["size"] for file in found] == [6, 9][:files]
        _, path = meeting(client, "Möte")
        assert len(client.get(f"{path}/recordings")["value"]) == 2
        client.close()


def test_recordings_and_transcripts_expire_by_the_clock(tmp_path):
    """120 days after they were made; the file goes as well. One was deleted before."""
    with outlook.running("recorded", tmp_path) as other:
        client = Client(other, worlds.DAEMON)
        client.advance("2023-01-07T00:00:00Z")
        _, path = meeting(client, "Serie")
        first = client.get(f"{path}/recordings")["value"][0]
        client.advance("2023-01-22T00:00:00Z")
        assert [r["createdDateTime"][:10] for r in client.get(f"{path}/recordings")["value"]] == [
            "2023-01-03",
            "2023-01-05",
        ]
        assert len(client.get(f"{path}/transcripts")["value"]) == 3
        client.advance("2023-05-03T11:59:00Z")
        assert len(client.get(f"{path}/recordings")["value"]) == 2
        client.advance("2023-05-03T12:00:00Z")
        assert len(client.get(f"{path}/recordings")["value"]) == 1
        client.refused(404, "NotFound", "GET", f"{path}/recordings/{first['id']}/content")
        assert client.get(f"{client.drive()}/root:/Allmänt/Recordings:/children")["value"] == []
        client.close()


# ---------------------------------------------------------------- transcripts


def test_a_transcript_is_webvtt_and_nothing_else(met):
    """The captions, and the same with metadata; docx is gone since 2023."""
    _, path = meeting(met, "Serie")
    first = met.get(f"{path}/transcripts")["value"][0]
    base = f"{path}/transcripts/{first['id']}"
    assert met.ask("GET", f"{base}/content?$format=text/vtt").text == outlook.VTT
    metadata = met.ask("GET", f"{base}/metadataContent").text
    assert '"speakerName":"Anna Ek"' in metadata
    assert '"startDateTime":"2023-01-03T09:00:01.000Z"' in metadata
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    met.refused(400, "InvalidArgument", "GET", f"{base}/content?$format={word}")
    met.refused(404, "NotFound", "GET", f"{path}/transcripts/nosuch")


def test_a_tenant_without_transcription_has_none(tmp_path):
    """403 for what the administrator has turned off; the recording is there, and for ever."""
    with outlook.running("silent", tmp_path) as other:
        client = Client(other, worlds.DAEMON)
        client.advance("2023-01-07T00:00:00Z")
        _, path = meeting(client, "Tyst")
        client.refused(403, "Forbidden", "GET", f"{path}/transcripts")
        client.refused(403, "Forbidden", "GET", f"{ANNA}/getAllTranscripts({ORGANIZER})")
        client.advance("2026-01-07T00:00:00Z")
        assert len(client.get(f"{path}/recordings")["value"]) == 1
        assert client.get(f"{ANNA}/getAllRecordings({ORGANIZER})")["value"] == []
        client.close()


# ---------------------------------------------------------------- attendance


def test_every_session_has_a_report_of_its_own(met):
    """The latest first, without records; one by one with them."""
    _, path = meeting(met, "Serie")
    reports = met.get(f"{path}/attendanceReports")["value"]
    assert [r["meetingStartDateTime"][11:13] for r in reports] == ["10", "09"]
    assert [r["attendanceRecords"] for r in reports] == [[], []]
    one = f"{path}/attendanceReports/{reports[0]['id']}"
    assert met.get(one)["attendanceRecords"] == []
    expanded = f"{one}?$expand=attendanceRecords"
    assert len(met.get(expanded)["attendanceRecords"]) == 1
    settings(met, attendance_expand="ignored")
    assert met.get(expanded)["attendanceRecords"] == []
    settings(met, attendance_expand="works")
    assert len(met.get(f"{one}/attendanceRecords")["value"]) == 1
    met.refused(404, "NotFound", "GET", f"{path}/attendanceReports/nosuch")


def test_a_channel_meeting_has_no_reports(met):
    """By an older page; the switch tries the other answer."""
    _, path = meeting(met, "Kanal")
    assert met.get(f"{path}/attendanceReports")["value"] == []
    settings(met, channel_attendance="listed")
    assert len(met.get(f"{path}/attendanceReports")["value"]) == 1
    settings(met, channel_attendance="missing")


def test_reports_are_kept_for_a_year(tmp_path):
    """And are gone after it."""
    with outlook.running("recorded", tmp_path) as other:
        client = Client(other, worlds.DAEMON)
        client.advance("2024-01-03T08:00:00Z")
        _, path = meeting(client, "Serie")
        (report, _) = client.get(f"{path}/attendanceReports")["value"]
        client.advance("2024-01-04T08:00:00Z")
        assert client.get(f"{path}/attendanceReports")["value"] == []
        client.refused(404, "NotFound", "GET", f"{path}/attendanceReports/{report['id']}")
        client.close()


def test_the_organisers_onedrive_has_the_file_too(met):
    """Where the world lays it out; the app has no right there (settled 11)."""
    rows = met.control("GET", "tree").json()["value"]
    names = [
        file["name"]
        for drive in rows
        for folder in drive["children"]
        if folder["name"] == "Recordings"
        for file in folder["children"]
    ]
    if not names:
        pytest.skip("the sites beside the network's own are not laid out")
    assert names[0] == "Serie-20230103_100000-Mötesinspelning.mp4"
