"""The words of the documents: one set a language, every key required, none unknown."""

from collections.abc import Mapping

import msgspec

from service.render.documents.plan_words import PlanWords


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
    figure: str
    table: str
    and_: str = msgspec.field(name="and")
    numbers: tuple[str, ...]


class IndicatorWords(Words, frozen=True):
    heading: str
    told_activities: str
    told_municipalities: str
    told_satisfaction: str
    activities: str
    activities_note: str
    satisfaction: str
    satisfaction_note: str
    satisfaction_missing: str
    municipalities: str
    municipalities_note: str
    participants: str
    participants_note: str
    caption: str
    overview_caption: str
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
    tables_heading: str
    tables_introduction: str
    caption: str
    date: str
    meeting: str
    place: str
    participants: str
    n: str
    satisfaction: str
    usefulness: str
    withheld_note: str
    withheld: str
    joint_mark: str
    sum_activities: Counted


class MeetingWords(Words, frozen=True):
    joint_with: str
    told_under: str
    speakers: str
    participants: Counted
    participants_days: Counted
    satisfaction: str
    usefulness: str
    answers: Counted
    answers_rate: str
    withheld: str
    not_evaluated: str
    quote: str
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


class YearlyWords(Words, frozen=True):
    heading: str
    introduction: str
    answers: Counted
    answers_rate: str
    withheld: str
    not_asked: str
    told_first: str
    told_up: str
    told_down: str
    told_same: str
    told_range: str
    earlier: str
    other_scale: str
    chart_caption: str
    chart_alt: str
    chart_alt_question: str
    chart_alt_point: str
    caption: str
    question: str
    number_answers: str
    history_note: str


class MemberWords(Words, frozen=True):
    heading: str
    introduction: str
    federation: Counted
    federated: Counted
    joined: Counted
    left: Counted


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
    decimals: Counted
    quotes_term: str
    quotes: str


class MissingWords(Words, frozen=True):
    name: str
    introduction: str
    nothing: str
    common: str
    no_survey: str
    few_in_survey: str
    no_quotes: str
    no_chapters: str
    no_introduction: str
    no_members: str
    planned: str
    planned_note: str
    participants: str
    days: str
    attended_from: str
    unknown: Counted
    summary: str
    speakers: str
    evaluation: str
    few_answers: str
    told_otherwise: str
    quotes: str
    recording: str


class FigureWords(Words, frozen=True):
    indicators: str
    meetings: str
    groups: str
    questions: str
    whole_year: str
    yearly: str
    members: str
    indicator: str
    value: str
    note: str
    last_date: str
    title: str
    form: str
    rate: str
    question: str
    mean: str
    year: str
    via: str
    joined: str
    left: str
    yes: str


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
    invited: str
    median: str
    top_share: str
    sources: str
    kind: str
    name: str
    address: str
    sha256: str
    read: str
    raw_rows: str
    used: str
    workbook: str
    list: str
    export: str
    page: str
    submitted: str


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
    month_day: str
    """Pattern of a day, as in `render.texts.formats`."""
    joined: str
    """Of the first day of a range within a month."""
    decimal_mark: str
    frame: FrameWords
    indicators: IndicatorWords
    groups: GroupWords
    meeting: MeetingWords
    yearly: YearlyWords
    members: MemberWords
    about: AboutWords
    missing: MissingWords
    figures: FigureWords
    sheet: SheetWords
    attendees: AttendeeWords
    transcript: TranscriptWords
    plan: PlanWords


def labels_from(parsed: Mapping[str, object]) -> Labels:
    """Read a parsed file of words. Raises ValueError naming a key that is missing or unknown."""
    return msgspec.convert(_unbroken(parsed), Labels)


def _unbroken(words: object) -> object:
    """A number stays on the line of what it counts."""
    if isinstance(words, str):
        kept = words.replace("n = {n}", "n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{n}")
        return kept.replace("{n} ", "{n}\N{NO-BREAK SPACE}")
    if isinstance(words, Mapping):
        return {name: _unbroken(one) for name, one in words.items()}
    return words
