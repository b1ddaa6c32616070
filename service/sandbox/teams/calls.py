"""The table's rows on online meetings and channels."""

from service.sandbox.entra import access
from service.sandbox.routes import COMMON, PAGE, Row, row
from service.sandbox.teams import activity, channels, meetings, messages, posting, rules

_NOTHING: frozenset[str] = frozenset()

_MEETING = "/users/{user}/onlineMeetings/{meeting}"
_MEETINGS_READ = access.meetings("OnlineMeetings.Read.All")
_RECORDING_READ = access.meetings("OnlineMeetingRecording.Read.All")
_TRANSCRIPT_READ = access.meetings("OnlineMeetingTranscript.Read.All")
_ARTIFACT_READ = access.meetings("OnlineMeetingArtifact.Read.All")
_MEETINGS = (
    *row(
        "GET",
        "/users/{user}/onlineMeetings",
        _MEETINGS_READ,
        "Collection(onlineMeeting)",
        1,
        meetings.find_meetings,
        COMMON | {"$filter"},
    ),
    *row("GET", _MEETING, _MEETINGS_READ, "onlineMeeting", 1, meetings.get_meeting),
    *row(
        "GET",
        f"{_MEETING}/recordings",
        _RECORDING_READ,
        "Collection(callRecording)",
        1,
        meetings.list_artifacts("recordings"),
        PAGE,
    ),
    *row(
        "GET",
        f"{_MEETING}/recordings/{{artifact}}",
        _RECORDING_READ,
        "callRecording",
        1,
        meetings.get_artifact("recordings"),
    ),
    *row(
        "GET",
        f"{_MEETING}/recordings/{{artifact}}/content",
        _RECORDING_READ,
        None,
        1,
        meetings.recording_content,
        _NOTHING,
    ),
    *row(
        "GET",
        f"{_MEETING}/transcripts",
        _TRANSCRIPT_READ,
        "Collection(callTranscript)",
        1,
        meetings.list_artifacts("transcripts"),
        PAGE,
    ),
    *row(
        "GET",
        f"{_MEETING}/transcripts/{{artifact}}",
        _TRANSCRIPT_READ,
        "callTranscript",
        1,
        meetings.get_artifact("transcripts"),
    ),
    *row(
        "GET",
        f"{_MEETING}/transcripts/{{artifact}}/content",
        _TRANSCRIPT_READ,
        None,
        1,
        meetings.transcript_content,
        frozenset({"$format"}),
    ),
    *row(
        "GET",
        "/users/{user}/onlineMeetings/getAllRecordings",
        _RECORDING_READ,
        "Collection(callRecording)",
        1,
        meetings.all_artifacts("recordings"),
        PAGE,
    ),
    *row(
        "GET",
        "/users/{user}/onlineMeetings/getAllTranscripts",
        _TRANSCRIPT_READ,
        "Collection(callTranscript)",
        1,
        meetings.all_artifacts("transcripts"),
        PAGE,
    ),
    *row(
        "GET",
        f"{_MEETING}/attendanceReports",
        _ARTIFACT_READ,
        "Collection(meetingAttendanceReport)",
        1,
        meetings.list_reports,
        PAGE,
    ),
    *row(
        "GET",
        f"{_MEETING}/attendanceReports/{{report}}",
        _ARTIFACT_READ,
        "meetingAttendanceReport",
        1,
        meetings.get_report,
        COMMON | {"$expand"},
    ),
    *row(
        "GET",
        f"{_MEETING}/attendanceReports/{{report}}/attendanceRecords",
        _ARTIFACT_READ,
        "Collection(attendanceRecord)",
        1,
        meetings.list_records,
        PAGE,
    ),
)

_CHANNEL = "/teams/{team}/channels/{channel}"
_MESSAGE = f"{_CHANNEL}/messages/{{message}}"
_REPLY = f"{_MESSAGE}/replies/{{reply}}"
_CHANNELS = (
    *row("GET", "/teams/{team}", rules.TEAM, "team", 1, channels.get_team),
    *row(
        "GET",
        "/teams/{team}/members",
        rules.TEAM_MEMBERS,
        "Collection(conversationMember)",
        1,
        channels.list_team_members,
        PAGE,
    ),
    *row(
        "GET",
        f"{_CHANNEL}/members",
        rules.CHANNEL_MEMBERS,
        "Collection(conversationMember)",
        1,
        channels.list_channel_members,
        PAGE,
    ),
    *row(
        "POST",
        "/teams/{team}/sendActivityNotification",
        rules.notify,
        None,
        1,
        activity.send_notification,
        _NOTHING,
        write=True,
    ),
    *row(
        "GET",
        "/teams/{team}/channels",
        access.channel_list,
        "Collection(channel)",
        1,
        channels.list_channels,
    ),
    *row("GET", _CHANNEL, access.channel_list, "channel", 1, channels.get_channel),
    *row(
        "GET",
        f"{_CHANNEL}/messages",
        access.channel_messages,
        "Collection(chatMessage)",
        1,
        messages.list_messages,
        frozenset({"$top", "$expand", "$skiptoken"}),
    ),
    *row(
        "GET",
        f"{_CHANNEL}/messages/delta",
        access.channel_messages,
        "Collection(chatMessage)",
        1,
        messages.messages_delta,
        frozenset({"$top", "$expand", "$filter", "$skiptoken", "$deltatoken"}),
    ),
    *row(
        "GET",
        f"{_CHANNEL}/messages/{{message}}",
        access.channel_messages,
        "chatMessage",
        1,
        messages.get_message,
        _NOTHING,
    ),
    *row(
        "GET",
        f"{_CHANNEL}/messages/{{message}}/replies",
        access.channel_messages,
        "Collection(chatMessage)",
        1,
        messages.list_replies,
        frozenset({"$top", "$skiptoken"}),
    ),
    *row("GET", _REPLY, access.channel_messages, "chatMessage", 1, messages.get_message, _NOTHING),
    *(
        entry
        for where in (_MESSAGE, _REPLY)
        for entry in row(
            "GET",
            f"{where}/hostedContents/{{content}}/$value",
            access.channel_messages,
            None,
            1,
            messages.hosted_content,
            _NOTHING,
        )
    ),
    *row(
        "POST",
        f"{_CHANNEL}/messages",
        rules.send,
        "chatMessage",
        2,
        posting.post_message,
        _NOTHING,
        write=True,
    ),
    *row(
        "POST",
        f"{_MESSAGE}/replies",
        rules.send,
        "chatMessage",
        2,
        posting.post_reply,
        _NOTHING,
        write=True,
    ),
    *(
        entry
        for where in (_MESSAGE, _REPLY)
        for entry in row(
            "PATCH", where, rules.change, None, 2, posting.patch_message, _NOTHING, write=True
        )
    ),
)

TEAMS: tuple[Row, ...] = (*_MEETINGS, *_CHANNELS)
