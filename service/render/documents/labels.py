"""The words of the documents: one set a language, every key required, none unknown."""

from collections.abc import Mapping

import msgspec


class Words(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file of words."""


class Counted(Words, frozen=True):
    """Words that differ with the number."""

    one: str
    other: str

    def of(self, n: int, **fields: object) -> str:
        return (self.one if n == 1 else self.other).format(n=n, **fields)


class FrameWords(Words, frozen=True):
    title: str
    subject: str
    contents: str
    page: str
    draft: str
    draft_made: str
    draft_uncounted: str
    draft_untold: str


class IndicatorWords(Words, frozen=True):
    heading: str
    activities: str
    activities_note: str
    satisfaction: str
    satisfaction_note: str
    satisfaction_missing: str
    municipalities: str
    municipalities_note: str
    participants: str
    participants_note: str
    overview: str
    overview_description: str
    group: str
    number_activities: str
    number_participants: str
    sum: str
    joint_note: str
    joint_meeting: str


class GroupWords(Words, frozen=True):
    heading: str
    audience: str
    nothing: str
    table_description: str
    date: str
    meeting: str
    place: str
    participants: str
    n: str
    satisfaction: str
    usefulness: str
    table_note: str
    withheld_note: str
    withheld: str
    joint_mark: str
    sum_activities: Counted


class MeetingWords(Words, frozen=True):
    joint_with: str
    told_under: str
    speakers: str
    attended_from: str
    participants: Counted
    per_day: str
    satisfaction: str
    usefulness: str
    answers: Counted
    answers_rate: str
    withheld: str
    filed_both: str
    filed_materials: str
    filed_recording: str
    digital: str
    physical_meeting: str
    digital_meeting: str
    hybrid_meeting: str
    physical_training: str
    digital_training: str
    hybrid_training: str
    webinar: str


class VoiceWords(Words, frozen=True):
    heading: str
    introduction: str
    quote: str


class YearlyWords(Words, frozen=True):
    heading: str
    introduction: str
    answers: Counted
    answers_rate: str
    withheld: str
    chart_caption: str
    chart_alt: str
    chart_alt_question: str
    chart_alt_point: str
    table_caption: str
    table_description: str
    question: str
    number_answers: str
    history_note: str


class MemberWords(Words, frozen=True):
    heading: str
    introduction: str
    federation: str
    new: str


class AboutWords(Words, frozen=True):
    heading: str
    source: str
    activities_term: str
    activities: str
    satisfaction_term: str
    satisfaction: str
    municipalities_term: str
    municipalities: str
    participants_term: str
    participants: str
    added_term: str
    added: str
    rate_term: str
    rate: str
    means_term: str
    means: str


class SheetWords(Words, frozen=True):
    summary: str
    answers: str
    made: str
    responses: str
    rate: str
    question: str
    n: str
    mean: str
    distribution: str
    distribution_alt: str


class AttendeeWords(Words, frozen=True):
    name: str
    day: str
    person: str
    address: str
    organisation: str
    minutes: str
    unknown: str


class TranscriptWords(Words, frozen=True):
    title: str
    part: str
    note: str
    no_speaker: str
    silence: str
    empty: str


class Labels(Words, frozen=True):
    language: str
    """BCP 47, as Word wants it: `sv-SE`."""
    locale: str
    """For dates."""
    decimal_mark: str
    frame: FrameWords
    indicators: IndicatorWords
    groups: GroupWords
    meeting: MeetingWords
    voices: VoiceWords
    yearly: YearlyWords
    members: MemberWords
    about: AboutWords
    sheet: SheetWords
    attendees: AttendeeWords
    transcript: TranscriptWords


def labels_from(parsed: Mapping[str, object]) -> Labels:
    """Read a parsed file of words. Raises ValueError naming a key that is missing or unknown."""
    return msgspec.convert(parsed, Labels)
