"""
A meeting of the network, and which events of the calendar are one.

An event is a meeting of the network if it names a focus group: by an address of the group
among those invited, else by a category, else by a word in the subject. Private events are
never read.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from service.domain.network import FocusGroup, Network
from service.observe import SeenEvent


class Form(StrEnum):
    PHYSICAL = "physical"
    DIGITAL = "digital"
    HYBRID = "hybrid"


class Kind(StrEnum):
    GATHERING = "gathering"
    MEETING = "meeting"
    TRAINING = "training"
    WEBINAR = "webinar"


class Status(StrEnum):
    PLANNED = "planned"
    INVITED = "invited"
    HELD = "held"
    CANCELLED = "cancelled"


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """What the labelled lines of an invitation say; empty or None where there is no such line."""

    summary: str = ""
    place: str = ""
    speakers: str = ""
    registration_link: str = ""
    register_by: date | None = None
    terms: str = ""
    """`bindande`, a fee, or both, as written."""
    questions_by: date | None = None
    survey_link: str = ""
    survey_closes: date | None = None
    cloud_links: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """
    A meeting as it now stands: the invitation, overruled by what a coordinator has typed.

    `day_counts` are the coordinator's, a figure a day; `teams_count` comes from the
    attendance reports. Dates are local days, times are UTC.
    """

    id: str
    """iCalUId of the event."""
    title: str
    groups: tuple[str, ...]
    """Ids of focus groups, in the network's order; two or more make a joint meeting."""
    form: Form
    kind: Kind
    start: datetime
    end: datetime
    first_day: date
    last_day: date
    place: str
    status: Status
    organizer: str = ""
    join_url: str | None = None
    event_id: str | None = None
    has_attachments: bool = False
    row_id: str | None = None
    invitation: Invitation = Invitation()
    registration_link: str = ""
    register_by: date | None = None
    terms: str = ""
    questions_by: date | None = None
    survey_link: str = ""
    survey_closes: date | None = None
    speakers: str = ""
    summary: str = ""
    attended_from: str = ""
    quotes: str = ""
    day_counts: tuple[int | None, ...] = ()
    teams_count: int | None = None
    invited_count: int | None = None
    publish_recording: bool = True
    publish_transcript: bool = False
    publish_result: bool = False
    expects_survey: bool | None = None
    """None: as the form of the meeting says."""
    expects_recording: bool | None = None
    hold: bool = False
    former_days: tuple[date, ...] = ()
    """Days that it was announced for and then moved from."""

    @property
    def answer_link(self) -> str:
        """
        Where members answer the evaluation.

        Of a row in which a coordinator has named the workbook of answers, the invitation's.
        """
        if leads_to_workbook(self.survey_link):
            said = self.invitation.survey_link
            return "" if leads_to_workbook(said) else said
        return self.survey_link

    @property
    def days(self) -> int:
        return (self.last_day - self.first_day).days + 1

    @property
    def joint(self) -> bool:
        return len(self.groups) > 1

    @property
    def participants(self) -> int | None:
        """The sum of every day's count, typed numbers before Teams'; None: not known."""
        typed = [count for count in self.day_counts if count is not None]
        return sum(typed) if typed else self.teams_count

    @property
    def largest_day(self) -> int | None:
        typed = [count for count in self.day_counts if count is not None]
        return max(typed) if typed else self.teams_count


def leads_to_workbook(link: str) -> bool:
    """Tell a workbook's address, as the browser or its sharing link has it, from a form's."""
    return bool(_WORKBOOK.search(link))


_WORKBOOK = re.compile(r"/:x:/|[?&]sourcedoc=|\.(?:xlsx|csv)(?:[?#]|$)", re.IGNORECASE)


def groups_of(event: SeenEvent, network: Network) -> tuple[str, ...]:
    """Tell which focus groups an event is for; none: it is no meeting of the network."""
    if event.private:
        return ()
    for names in (_by_address, _by_category, _by_subject):
        found = tuple(group.id for group in network.groups if names(event, group))
        if found:
            return found
    return ()


def _by_address(event: SeenEvent, group: FocusGroup) -> bool:
    return any(address in event.invited for address in group.addresses)


def _by_category(event: SeenEvent, group: FocusGroup) -> bool:
    categories = {category.casefold() for category in event.categories}
    return not categories.isdisjoint(_words(group))


def _by_subject(event: SeenEvent, group: FocusGroup) -> bool:
    subject = event.subject.casefold()
    return any(_is_word_of(word, subject) for word in _words(group))


def _words(group: FocusGroup) -> frozenset[str]:
    return frozenset(word.casefold() for word in (group.id, group.name, *group.aliases) if word)


def _is_word_of(word: str, text: str) -> bool:
    """Whole words only: "handel" is not named by "handelsplats"."""
    start = text.find(word)
    while start >= 0:
        before, after = text[start - 1 : start], text[start + len(word) : start + len(word) + 1]
        if not (before.isalnum() or after.isalnum()):
            return True
        start = text.find(word, start + 1)
    return False
