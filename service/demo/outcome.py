"""The year as the service computed it, beside what the network published of it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from service.domain.actions import origin_of
from service.domain.annual import AnnualReport
from service.domain.attendance import Attendance, municipalities_seen
from service.domain.meeting import Meeting
from service.domain.survey.figures import Figures, agrees, decimal_string
from service.errors import UnreadableFile
from service.jobs.annual import compile_report
from service.jobs.evaluations import Evaluation, evaluations, yearly_surveys
from service.jobs.known import ATTENDANCE, Known, known
from service.jobs.posts import told
from service.ports import Effect, Status
from service.shipped import shipped
from service.workplace import Workplace


@dataclass(frozen=True, kw_only=True)
class Published:
    """What the network's own report says."""

    year: int
    activities: int
    participants: int
    municipalities: int
    respondents: int
    means: Mapping[date, Mapping[str, str]]
    """Published strings by first day of the meeting: satisfaction, usefulness."""
    yearly: Mapping[str, str]
    """Mean of the year by question."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One meeting."""

    meeting: Meeting
    participants: int | None
    materials: int
    recording: bool | None
    """None: none was made."""
    transcript: bool | None
    posts: int
    respondents: int | None
    satisfaction: Figures | None
    usefulness: Figures | None
    published: Mapping[str, str] | None

    @property
    def agrees(self) -> bool | None:
        if self.published is None:
            return None
        return self.says("satisfaction") and self.says("usefulness")

    def says(self, what: str) -> bool:
        figures: Figures | None = getattr(self, what)
        stated = (self.published or {}).get(what)
        if figures is None or figures.mean is None or stated is None:
            return False
        return agrees(figures.mean, stated)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    lines: tuple[Line, ...]
    report: AnnualReport
    yearly: Evaluation | None
    filed: int
    posts: int
    responses: int
    seen: int
    """Municipalities of which somebody was at an online meeting."""
    decimals: int
    """Of means, as the network prints them."""
    published: Published | None
    """None where the network has published nothing of this year."""

    @property
    def activities(self) -> int:
        return self.report.indicators.activities

    @property
    def participants(self) -> int:
        return self.report.indicators.participants

    @property
    def municipalities(self) -> int:
        return self.report.indicators.municipalities

    @property
    def respondents(self) -> int:
        return self.yearly.n if self.yearly else 0

    def yearly_agrees(self) -> bool:
        """Every question of the yearly survey comes to its published mean."""
        if self.published is None:
            return True
        computed = {q.text: f.mean for q, f in self.yearly.rated} if self.yearly else {}
        return all(
            _agrees(computed.get(question), stated)
            for question, stated in self.published.yearly.items()
        )

    @property
    def agrees(self) -> bool:
        """With all that was published, be it nothing."""
        stated = self.published
        return stated is None or (
            (self.activities, self.participants, self.municipalities, self.respondents)
            == (stated.activities, stated.participants, stated.municipalities, stated.respondents)
            and all(line.agrees is not False for line in self.lines)
            and set(stated.means) <= {line.meeting.first_day for line in self.lines}
            and self.yearly_agrees()
        )


async def outcome(at: Workplace, year: int) -> Outcome:
    """Read it from the service's own state; the published figures only stand beside it."""
    facts = await known(at)
    answered = await evaluations(at)
    surveys = await yearly_surveys(at)
    posts, _ = await told(at)
    counted = await at.ledger.seen(ATTENDANCE, Attendance)
    report = await compile_report(at, year)
    in_report = {entry.id for entry in report.entries}
    stated = published(year, at.network.id)
    posted = [e for e in posts.values() if e.status in (Status.DONE, Status.QUEUED)]
    lines = tuple(
        _line(meeting, facts, answered.get(meeting.id), posted, stated)
        for meeting in facts.meetings
        if meeting.id in in_report
    )
    return Outcome(
        lines=lines,
        report=report,
        yearly=surveys.get(year),
        filed=sum(effect.status is Status.DONE for effect in facts.filed.values()),
        posts=len(posted),
        responses=sum(e.n for e in answered.values()) + sum(y.n for y in surveys.values()),
        seen=len(municipalities_seen([counted[i] for i in in_report & counted.keys()], at.network)),
        decimals=at.network.survey.decimals,
        published=stated,
    )


def published(year: int, network: str) -> Published | None:
    """Read what the network of that id published; None where it has published nothing."""
    try:
        data = tomllib.loads(shipped("seeds", f"{year}.toml").read_text(encoding="utf-8"))
    except UnreadableFile:
        return None
    if data["network"]["id"] != network:
        return None
    stated = data["published"]
    return Published(
        year=year,
        activities=stated["activities"],
        participants=stated["participants_over"],
        municipalities=stated["municipalities"],
        respondents=stated["annual_survey_respondents"][str(year)],
        means={m["start"]: m["published"] for m in data["meetings"] if "published" in m},
        yearly={each["question"]: each["means"][str(year)] for each in stated["annual_survey"]},
    )


def as_json(
    result: Outcome, *, second_run_writes: int, report: str, seconds: float
) -> dict[str, Any]:
    """The object that `natverket demo --json` prints (types: settled 40–41)."""
    stated = result.published
    return {
        "year": result.report.year,
        "meetings": [_as_json(line) for line in result.lines],
        "totals": {
            "meetings": len(result.lines),
            "activities": result.activities,
            "participants": result.participants,
            "municipalities": result.municipalities,
            "municipalities_seen": result.seen,
            "filed": result.filed,
            "posts": result.posts,
            "responses": result.responses,
        },
        "published": {
            "activities": stated.activities,
            "participants": stated.participants,
            "municipalities": stated.municipalities,
            "annual_survey_respondents": stated.respondents,
        }
        if stated
        else None,
        "agrees": result.agrees,
        "second_run_writes": second_run_writes,
        "report": report,
        "seconds": round(seconds, 1),
    }


def _as_json(line: Line) -> dict[str, Any]:
    return {
        "date": line.meeting.first_day.isoformat(),
        "title": line.meeting.title,
        "groups": list(line.meeting.groups),
        "form": line.meeting.form.value,
        "participants": line.participants,
        "materials": line.materials,
        "recording": line.recording,
        "transcript": line.transcript,
        "posts": line.posts,
        "respondents": line.respondents,
        "satisfaction": _mean(line.satisfaction),
        "usefulness": _mean(line.usefulness),
        "published": dict(line.published) if line.published else None,
        "agrees": line.agrees,
    }


def _mean(figures: Figures | None) -> str | None:
    return decimal_string(figures.total, figures.n) if figures and figures.n else None


def _agrees(mean: Fraction | None, stated: str) -> bool:
    return mean is not None and agrees(mean, stated)


def _line(
    meeting: Meeting,
    facts: Known,
    evaluation: Evaluation | None,
    posted: list[Effect],
    stated: Published | None,
) -> Line:
    return Line(
        meeting=meeting,
        participants=meeting.participants,
        materials=len(facts.materials_of(meeting.id)),
        recording=_is_filed("recording", meeting, facts),
        transcript=_is_filed("transcript", meeting, facts),
        posts=sum(effect.baseline.get("meeting_id") == meeting.id for effect in posted),
        respondents=evaluation.n if evaluation else None,
        satisfaction=evaluation.satisfaction if evaluation else None,
        usefulness=evaluation.usefulness if evaluation else None,
        published=stated.means.get(meeting.first_day) if stated else None,
    )


def _is_filed(origin: str, meeting: Meeting, facts: Known) -> bool | None:
    effects = [e for e in facts.effects_of(meeting.id) if origin_of(e.key) == origin]
    return all(e.status is Status.DONE for e in effects) if effects else None
