"""Teams meetings: recordings, transcripts and who was there."""

import re
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import TypeVar
from urllib.parse import quote, unquote

import msgspec
from kiota_abstractions.request_information import RequestInformation

from service.errors import Forbidden
from service.graph.client import Graph, asking
from service.graph.download import ListedDownload
from service.graph.meeting_wire import (
    WireCapture,
    WirePresence,
    WireReport,
    is_around,
    seen_presences,
    seen_recording,
    seen_transcript,
)
from service.graph.sdk import MeetingsQuery, OnlineMeetingItemRequestBuilder, ReportQuery, UserQuery
from service.graph.translate import About
from service.graph.wire import Listing, WithId, decode
from service.observe import Change, Page, SeenPresence, SeenRecording, SeenTranscript
from service.ports import Content

T = TypeVar("T", SeenRecording, SeenTranscript)

RIGHT = (
    "the app `OnlineMeetings.Read.All`, `OnlineMeetingRecording.Read.All`, "
    "`OnlineMeetingTranscript.Read.All` and `OnlineMeetingArtifact.Read.All`, and this "
    "organiser an application access policy (Grant-CsApplicationAccessPolicy)"
)

# A join link names its organiser: …/0?context={"Tid":"…","Oid":"…"}
_ORGANIZER = re.compile(r'"Oid"\s*:\s*"([0-9a-fA-F-]{36})"')

_ids = msgspec.json.Decoder(Listing[WithId])
_id = msgspec.json.Decoder(WithId)
_captures = msgspec.json.Decoder(Listing[WireCapture])
_reports = msgspec.json.Decoder(Listing[WireReport])
_report = msgspec.json.Decoder(WireReport)
_presences = msgspec.json.Decoder(Listing[WirePresence])


class GraphMeetings:
    """
    Implements `OnlineMeetings`.

    These calls take an organiser's id, and calendars tell addresses. The join link of a
    meeting names the id, which saves a right to read users; else the address is looked up,
    and where that is forbidden it is used as it is.
    """

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._ids: dict[str, str] = {}

    async def find(self, organizer: str, join_url: str) -> str | None:
        self._meet(organizer, join_url)
        meetings = self._graph.sdk.users.by_user_id(await self._user_id(organizer)).online_meetings
        quoted = join_url.replace("'", "''")
        query = MeetingsQuery(filter=f"JoinWebUrl eq '{quoted}'")
        info = meetings.to_get_request_information(asking(query))
        about = _about(organizer)
        data = await self._graph.find(info, about)
        found = decode(_ids, data, about.subject).value if data is not None else []
        return found[0].id if found else None

    async def recordings(self, organizer: str, meeting_id: str) -> tuple[SeenRecording, ...]:
        info = (await self._meeting(organizer, meeting_id)).recordings.to_get_request_information()
        return tuple(
            [
                seen_recording(meeting_id, capture)
                async for page in self._graph.listing(info, _captures, _about(organizer))
                for capture in page.value
            ]
        )

    async def transcripts(self, organizer: str, meeting_id: str) -> tuple[SeenTranscript, ...]:
        info = (await self._meeting(organizer, meeting_id)).transcripts.to_get_request_information()
        return tuple(
            [
                seen_transcript(meeting_id, capture)
                async for page in self._graph.listing(info, _captures, _about(organizer))
                for capture in page.value
            ]
        )

    def new_recordings(
        self, organizer: str, join_url: str, *, since: datetime, cursor: str | None
    ) -> AsyncIterator[Page[SeenRecording]]:
        self._meet(organizer, join_url)
        return self._changes("getAllRecordings", organizer, since, cursor, seen_recording)

    def new_transcripts(
        self, organizer: str, join_url: str, *, since: datetime, cursor: str | None
    ) -> AsyncIterator[Page[SeenTranscript]]:
        self._meet(organizer, join_url)
        return self._changes("getAllTranscripts", organizer, since, cursor, seen_transcript)

    async def attendance(
        self, organizer: str, meeting_id: str, window: tuple[datetime, datetime]
    ) -> tuple[SeenPresence, ...]:
        meeting = await self._meeting(organizer, meeting_id)
        info = meeting.attendance_reports.to_get_request_information()
        reports = [
            report.id
            async for page in self._graph.listing(info, _reports, _about(organizer))
            for report in page.value
            if is_around(report, window)
        ]
        seen: list[SeenPresence] = []
        for report_id in reports:
            seen += await self._presences(meeting, organizer, report_id)
        return tuple(seen)

    def recording(self, organizer: str, recording: SeenRecording) -> Content:
        async def request() -> RequestInformation:
            meeting = await self._meeting(organizer, recording.meeting_id)
            info = meeting.recordings.by_call_recording_id(
                recording.id
            ).content.to_get_request_information()
            info.headers.remove("Accept")
            return info

        about = About(subject=f"recording of a meeting of {organizer}", right=RIGHT)
        return ListedDownload(self._graph, request, about, large=True, kind="video")

    async def transcript(self, organizer: str, transcript: SeenTranscript) -> bytes:
        meeting = await self._meeting(organizer, transcript.meeting_id)
        content = meeting.transcripts.by_call_transcript_id(transcript.id).content

        async def request() -> RequestInformation:
            info = content.to_get_request_information()
            info.headers.remove("Accept")
            # Both ways to say it are documented; the header is the one that the SDK can send.
            info.headers.add("Accept", "text/vtt")
            return info

        about = About(subject=f"transcript of a meeting of {organizer}", right=RIGHT)
        download = ListedDownload(self._graph, request, about)
        return b"".join([piece async for piece in download.read()])

    # ------------------------------------------------------------ within

    async def _changes(
        self,
        function: str,
        organizer: str,
        since: datetime,
        cursor: str | None,
        seen: Callable[[str, WireCapture], T],
    ) -> AsyncIterator[Page[T]]:
        if cursor is not None:
            info = self._graph.follow(cursor)
        else:
            # The SDK loses the commas between the arguments. No $top: it drops the link to
            # the next page (known issue 22931).
            user = quote(await self._user_id(organizer), safe="")
            info = self._graph.at(
                f"{self._graph.base}/users/{user}/onlineMeetings/{function}"
                f"(meetingOrganizerUserId='{user}',startDateTime={since:%Y-%m-%dT%H:%M:%SZ})/delta"
            )
        async for page in self._graph.listing(info, _captures, _about(organizer)):
            changes = [Change(id=one.id, value=seen(one.meeting_id, one)) for one in page.value]
            yield Page(changes=tuple(changes), cursor=page.delta_link)

    def _meet(self, organizer: str, join_url: str) -> None:
        """Learn the organiser's id from a join link."""
        named = _ORGANIZER.search(unquote(join_url))
        if named:
            self._ids.setdefault(organizer.lower(), named.group(1))

    async def _presences(
        self, meeting: OnlineMeetingItemRequestBuilder, organizer: str, report_id: str
    ) -> list[SeenPresence]:
        builder = meeting.attendance_reports.by_meeting_attendance_report_id(report_id)
        info = builder.to_get_request_information(asking(ReportQuery(expand=["attendanceRecords"])))
        about = _about(organizer)
        report = decode(_report, await self._graph.fetch(info, about), about.subject)
        seen = seen_presences(report, report.attendance_records)
        if report.more:
            more = self._graph.follow(report.more)
            async for page in self._graph.listing(more, _presences, about):
                seen += seen_presences(report, page.value)
        return seen

    async def _meeting(self, organizer: str, meeting_id: str) -> OnlineMeetingItemRequestBuilder:
        user = self._graph.sdk.users.by_user_id(await self._user_id(organizer))
        return user.online_meetings.by_online_meeting_id(meeting_id)

    async def _user_id(self, organizer: str) -> str:
        key = organizer.lower()
        if key not in self._ids:
            query = UserQuery(select=["id"])
            info = self._graph.sdk.users.by_user_id(organizer).to_get_request_information(
                asking(query)
            )
            about = About(subject=f"organiser {organizer}")
            try:
                data = await self._graph.fetch(info, about)
            except Forbidden:
                # Users may be named by their sign-in name too, which mostly is the address.
                return organizer
            self._ids[key] = decode(_id, data, about.subject).id
        return self._ids[key]


def _about(organizer: str) -> About:
    return About(subject=f"online meetings of {organizer}", right=RIGHT)
