"""The answer to whose a file is: a meeting, or that a person has to say; and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from service.domain.meeting import Meeting
from service.domain.post import Words


class Why(StrEnum):
    """What an answer rests on; each has its words in `config/texts`, under `placing`."""

    SETTLED = "settled"
    SETTLED_GONE = "settled_gone"
    TAKEN_BACK = "taken_back"
    UNPLANNED = "unplanned"
    EVENT = "event"
    EVENT_GONE = "event_gone"
    INBOX_FOLDER = "inbox_folder"
    NAME_DATE = "name_date"
    FORMER_DATE = "former_date"
    SUBJECT_DATE = "subject_date"
    FOLDER_DATE = "folder_date"
    NAME_WORDS = "name_words"
    SUBJECT_WORDS = "subject_words"
    FOLDER_WORDS = "folder_words"
    SURVEY_LINK = "survey_link"
    SURVEY_COPY = "survey_copy"
    OWN_FOLDER = "own_folder"
    ANSWER_DATES = "answer_dates"
    ANSWERS_ELSEWHERE = "answers_elsewhere"
    ANSWERS_BEFORE = "answers_before"
    NO_RATING = "no_rating"
    NOBODYS = "nobodys"
    SEVERAL = "several"
    CONTRADICTION = "contradiction"
    CANCELLED = "cancelled"
    OTHER_DATE = "other_date"
    ALIKE = "alike"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Reason:
    """Why, and the facts that its words name; a date is ISO 8601."""

    kind: Why
    facts: Mapping[str, str] = field(default_factory=dict)

    def said(self, words: Words) -> str:
        """Put it into the network's language."""
        return words.say(f"placing.{self.kind}", **self.facts)


@dataclass(frozen=True)
class Placed:
    """The file is the meeting's."""

    meeting: Meeting
    reason: Reason


@dataclass(frozen=True)
class Unsure:
    """A person has to say; the likeliest first, at most three."""

    candidates: tuple[Meeting, ...]
    reason: Reason
