"""Until when people answer."""

from calendar import isleap
from datetime import date, datetime, timedelta

from service.domain.meeting import Meeting
from service.domain.network import Network, YearlySurvey
from service.domain.period import end_of

_LEAP = 2000


def closing_day(meeting: Meeting, open_for: timedelta) -> date:
    """Return the last local day for answers: as told, else some days after the meeting's last."""
    return meeting.survey_closes or meeting.last_day + open_for


def closes(meeting: Meeting, network: Network) -> datetime:
    """Return the end of that day, in UTC."""
    return end_of(closing_day(meeting, network.survey.open_for), network.time_zone)


def closing_day_of_year(year: int, survey: YearlySurvey | None) -> date:
    """Return the last local day of a year's survey; the year's own where nobody names one."""
    if survey is None:
        return date(year, 12, 31)
    # One that opens in December may be open into January.
    is_next = survey.closes.replace(year=_LEAP) < survey.opens.replace(year=_LEAP)
    return in_year(survey.closes, year + is_next)


def in_year(day: date, year: int) -> date:
    """Return the same day of another year; of 29 February the day before, where there is none."""
    is_lacking = (day.month, day.day) == (2, 29) and not isleap(year)
    return date(year, 2, 28) if is_lacking else day.replace(year=year)
