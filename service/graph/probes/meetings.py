"""Online meetings of one organiser: what the jobs do not ask."""

from datetime import datetime
from urllib.parse import unquote

import msgspec

from service.errors import Forbidden
from service.graph.meetings import RIGHT, GraphMeetings
from service.graph.translate import About
from service.graph.wire import Wire, decode

NO_CHANNEL = "19:meeting_"
"""How the thread of a meeting begins that is held in no channel."""


class WireOptions(Wire):
    allow_transcription: bool = True


_options = msgspec.json.Decoder(WireOptions)


class MeetingProbes(GraphMeetings):
    async def prove_recordings(self, organizer: str, join_url: str, since: datetime) -> None:
        """Ask what an organiser's meetings have come to hold; one page. Raises Forbidden."""
        async for _ in self.new_recordings(organizer, join_url, since=since, cursor=None):
            return

    async def prove_transcripts(self, organizer: str, join_url: str, since: datetime) -> None:
        """The same of transcripts."""
        async for _ in self.new_transcripts(organizer, join_url, since=since, cursor=None):
            return

    async def prove_attendance(self, organizer: str, meeting_id: str) -> None:
        """List a meeting's reports, without anybody in them. Raises Forbidden."""
        meeting = await self._meeting(organizer, meeting_id)
        info = meeting.attendance_reports.to_get_request_information()
        await self._graph.fetch(info, _about(organizer))

    async def transcribes(self, organizer: str, meeting_id: str) -> bool:
        """Tell whether transcription is allowed in a meeting, as policy and organiser have it."""
        info = (await self._meeting(organizer, meeting_id)).to_get_request_information()
        data = await self._graph.fetch(info, _about(organizer))
        return decode(_options, data, f"online meeting of {organizer}").allow_transcription

    async def is_blocked(self, organizer: str, meeting_id: str) -> bool:
        """Tell whether the newest recording of a meeting is refused; one byte is asked for."""
        listed = await self.recordings(organizer, meeting_id)
        if not listed:
            return False
        newest = max(listed, key=lambda one: one.created)
        meeting = await self._meeting(organizer, meeting_id)
        content = meeting.recordings.by_call_recording_id(newest.id).content
        info = content.to_get_request_information()
        info.headers.remove("Accept")
        info.headers.add("Range", "bytes=0-0")
        try:
            answer = await self._graph.send(info, _about(organizer), stream=True)
        except Forbidden:
            return True
        await answer.aclose()
        return False


def is_in_channel(join_url: str) -> bool:
    return NO_CHANNEL not in unquote(join_url)


def _about(organizer: str) -> About:
    return About(subject=f"online meetings of {organizer}", right=RIGHT)
