"""Until when a meeting's evaluation is open."""

from datetime import date, datetime, timedelta

from service.domain.meeting import Meeting
from service.domain.network import Network
from service.domain.period import end_of


def closing_day(meeting: Meeting, open_for: timedelta) -> date:
    """Return the last local day for answers: as told, else some days after the meeting's last."""
    return meeting.survey_closes or meeting.last_day + open_for


def closes(meeting: Meeting, network: Network) -> datetime:
    """Return the end of that day, in UTC."""
    return end_of(closing_day(meeting, network.survey.open_for), network.time_zone)
