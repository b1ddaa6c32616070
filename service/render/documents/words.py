"""Figures, days and forms of meetings as people write them."""

from collections.abc import Sequence
from datetime import date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from babel.dates import format_date

from service.domain.annual.report import AnnualReport, Entry, YearPoint
from service.domain.meeting import Form, Kind
from service.domain.survey.figures import Figures, rounded
from service.domain.survey.rules import SurveyRules
from service.render.documents.labels import Labels

NOTHING = "–"


def mean(value: Fraction, rules: SurveyRules, labels: Labels) -> str:
    """To the network's decimals, half up: 4,605 is 4,61."""
    return rounded(value, rules.decimals, labels.decimal_mark)


def percent(value: Fraction) -> str:
    return rounded(value * 100, 0)


def score(value: Figures | None, rules: SurveyRules, labels: Labels) -> str:
    return NOTHING if value is None or value.mean is None else mean(value.mean, rules, labels)


def point(value: YearPoint, rules: SurveyRules, labels: Labels) -> str:
    """An earlier report's own decimals: 4,9 was never said to be 4,90."""
    if value.as_published:
        return value.as_published.replace(",", ".").replace(".", labels.decimal_mark)
    return mean(value.mean, rules, labels)


def number(value: int, labels: Labels) -> str:
    """In words up to twelve."""
    names = labels.frame.numbers
    return names[value] if value < len(names) else str(value)


def day(value: date, labels: Labels, *, year: bool = False) -> str:
    """As the language has it: 19 mars, 19. mars, 19 March."""
    pattern = labels.month_day
    return format_date(value, f"{pattern} y" if year else pattern, locale=labels.locale)


def days(first: date, last: date, labels: Labels) -> str:
    if first == last:
        return day(first, labels)
    if (first.year, first.month) == (last.year, last.month):
        joined = format_date(first, labels.joined, locale=labels.locale)
        return f"{joined}–{day(last, labels)}"
    return f"{day(first, labels)}–{day(last, labels)}"


def local_day(moment: datetime, time_zone: str, labels: Labels) -> str:
    return day(moment.astimezone(ZoneInfo(time_zone)).date(), labels, year=True)


def kind(entry: Entry, labels: Labels) -> str:
    """What sort of meeting it was, form and kind in one word or two."""
    said = labels.meeting
    if entry.kind is Kind.WEBINAR:
        return said.webinar
    training = entry.kind is Kind.TRAINING
    match entry.form:
        case Form.PHYSICAL:
            return said.physical_training if training else said.physical_meeting
        case Form.DIGITAL:
            return said.digital_training if training else said.digital_meeting
        case Form.HYBRID:
            return said.hybrid_training if training else said.hybrid_meeting


def place(entry: Entry, labels: Labels) -> str:
    if entry.form is Form.DIGITAL or not entry.place:
        return labels.meeting.digital if entry.form is Form.DIGITAL else NOTHING
    return entry.place


def participants(entry: Entry) -> str:
    """The sum, and below it the days where there were several."""
    if entry.participants is None:
        return NOTHING
    if len(entry.day_counts) < 2:
        return str(entry.participants)
    return f"{entry.participants}\n({' + '.join(str(count) for count in entry.day_counts)})"


def terms(report: AnnualReport) -> str:
    """What the groups' sum is made of: 335 + 347 + 10."""
    return " + ".join(str(section.participants) for section in report.sections)


def joint_meetings(report: AnnualReport, labels: Labels) -> str:
    return "; ".join(
        [
            labels.indicators.joint_meeting.format(
                title=entry.title,
                date=unbroken(days(entry.first_day, entry.last_day, labels)),
                participants=NOTHING if entry.participants is None else entry.participants,
            )
            for entry in report.joint
        ]
    )


def figures(entry: Entry, rules: SurveyRules, labels: Labels) -> str:
    """A meeting's line: "Nöjdhet 5,36 och nytta 5,00 (14 svar, svarsfrekvens 58 %)."."""
    said = labels.meeting
    if entry.withheld:
        return said.withheld
    if entry.evaluation is None:
        return said.not_evaluated
    means = [
        text.format(mean=score(value, rules, labels))
        for text, value in (
            (said.satisfaction, entry.evaluation.satisfaction),
            (said.usefulness, entry.evaluation.usefulness),
        )
        if value is not None
    ]
    answers = _answers(entry.evaluation.n, entry.response_rate, labels)
    means_said = f" {labels.frame.and_} ".join(means)
    return sentence(f"{means_said} ({answers})" if means else answers)


def filed(entry: Entry, labels: Labels) -> str:
    """Empty where nothing is filed: an annual report does not scold."""
    said = labels.meeting
    if entry.filed.materials and entry.filed.recording:
        return sentence(said.filed_both)
    if entry.filed.recording:
        return sentence(said.filed_recording)
    return sentence(said.filed_materials) if entry.filed.materials else ""


def listed(parts: Sequence[str], labels: Labels) -> str:
    """Write "a, b och c"; with semicolons alone where a part has commas of its own."""
    if len(parts) < 2 or any("," in part for part in parts):
        return "; ".join(parts)
    return f"{', '.join(parts[:-1])} {labels.frame.and_} {parts[-1]}"


def unbroken(text: str) -> str:
    """The same on one line: no 8 is left behind by its March."""
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _answers(n: int, rate: Fraction | None, labels: Labels) -> str:
    if rate is None:
        return labels.meeting.answers.of(n)
    return labels.meeting.answers_rate.format(n=n, rate=percent(rate))
