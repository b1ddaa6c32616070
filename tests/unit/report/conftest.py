"""The published year, as the report's makers get it."""

import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest

from service.domain.annual import (
    AnnualReport,
    Asked,
    EvaluationFigures,
    Filed,
    PastMean,
    YearlyFigures,
    annual_report,
)
from service.domain.meeting import Form, Kind, Meeting, Status
from service.domain.network import Chapter, FocusGroup, Member, Network
from service.domain.survey.figures import Figures
from service.render.documents import Labels, annual_report_docx, labels_from
from service.shipped import shipped
from tests.unit.report.reading import opened

NOW = datetime(2023, 12, 31, 22, 0, tzinfo=UTC)
# Answers were never published: these are made up so that their means round to the published ones.
ANSWERS = {
    "2023-03-08": (25, 115, 102),
    "2023-05-10": (11, 59, 55),
    "2023-05-31": (10, 51, 42),
    "2023-10-03": (25, 135, 126),
    "2023-10-12": (18, 101, 103),
    "2023-10-26": (17, 88, 83),
    "2023-11-08": (12, 65, 65),
    "2023-12-12": (10, 47, 50),
}
YEARLY = {"5,1": 322, "4,8": 303, "5,2": 328, "4,0": 253}


class Year(NamedTuple):
    """Everything that `annual_report` takes but the year and the time."""

    network: Network
    meetings: tuple[Meeting, ...]
    evaluations: dict[str, EvaluationFigures]
    surveys: dict[int, YearlyFigures]
    history: tuple[PastMean, ...]
    filed: dict[str, Filed]

    def report(self, **changes: Any) -> AnnualReport:
        return annual_report(**{**self._asdict(), "year": 2023, "now": NOW, **changes})

    def altered(self, meeting_id: str, **changes: Any) -> "Year":
        """The same year with one meeting otherwise."""
        return self._replace(
            meetings=tuple(
                replace(one, **changes) if one.id == meeting_id else one for one in self.meetings
            )
        )


def figures(n: int, total: int) -> Figures:
    low = total // n
    above = total - low * n
    counts = [0] * 6
    counts[low - 1] += n - above
    if above:
        counts[low] += above
    return Figures(n=n, total=total, distribution=tuple(counts))


@pytest.fixture(scope="session")
def published() -> dict[str, Any]:
    return tomllib.loads(shipped("seeds", "2023.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def year(published: dict[str, Any]) -> Year:
    survey = published["published"]
    return Year(
        network=_network(),
        meetings=tuple(_meeting(fact) for fact in published["meetings"]),
        evaluations={
            key: EvaluationFigures(
                n=n,
                satisfaction=figures(n, satisfied),
                usefulness=figures(n, useful),
                questions=(
                    Asked(text="Nöjd?", figures=figures(n, satisfied), standing="satisfaction"),
                    Asked(text="Nytta?", figures=figures(n, useful), standing="usefulness"),
                ),
            )
            for key, (n, satisfied, useful) in ANSWERS.items()
        },
        surveys={
            2023: YearlyFigures(
                n=63,
                questions=tuple(
                    Asked(text=one["question"], figures=figures(63, YEARLY[one["means"]["2023"]]))
                    for one in survey["annual_survey"]
                ),
            )
        },
        history=tuple(
            PastMean(year=int(past), question=one["question"], mean=mean, n=n)
            for one in survey["annual_survey"]
            for past, mean in one["means"].items()
            if past != "2023" and (n := survey["annual_survey_respondents"][past])
        ),
        filed={"2023-02-01": Filed(materials=3, recording=True)},
    )


@pytest.fixture(scope="session")
def labels() -> Callable[[str], Labels]:
    def read(language: str) -> Labels:
        return labels_from(
            tomllib.loads(shipped("report", f"{language}.toml").read_text(encoding="utf-8"))
        )

    return read


@pytest.fixture(scope="session")
def made(year, labels):
    return annual_report_docx(year.altered("2023-03-08", quotes="Bra dag.").report(), labels("sv"))


@pytest.fixture(scope="session")
def document(made):
    return opened(made)


@pytest.fixture(scope="session")
def brief(year):
    """The year without its survey, whose chart takes most of the time."""
    return year._replace(surveys={}, history=())


def _network() -> Network:
    said = tomllib.loads(shipped("networks", "kommunnatverket.toml").read_text(encoding="utf-8"))
    head = said["network"]
    return Network(
        id=head["id"],
        name=head["name"],
        language=head["language"],
        time_zone=head["timezone"],
        country=head["country"],
        region=head["region"],
        mailbox="natverk@natverket.example",
        groups=tuple(
            FocusGroup(
                id=one["id"],
                name=one["name"],
                audience=one["audience"],
                introduction=one["introduction"],
            )
            for one in said["focus_groups"]
        ),
        members=tuple(
            Member(
                code=one["code"],
                name=one["name"],
                domains=tuple(one["domains"]),
                via=one.get("via", ""),
                joined=date(int(one["joined"]), 1, 1) if "joined" in one else None,
            )
            for one in said["members"]
        ),
        chapters=tuple(Chapter(**one) for one in said["chapters"]),
    )


def _meeting(fact: dict[str, Any]) -> Meeting:
    start = datetime.combine(fact["start"], time(9), ZoneInfo("Europe/Stockholm")).astimezone(UTC)
    return Meeting(
        id=str(fact["start"]),
        title=fact["title"],
        groups=tuple(fact["groups"]),
        form=Form(fact["form"]),
        kind=Kind(fact.get("kind", "meeting")),
        start=start,
        end=start + timedelta(hours=3),
        first_day=fact["start"],
        last_day=fact.get("end", fact["start"]),
        place=fact.get("place", ""),
        status=Status.HELD,
        summary="Mötet inleddes med en genomgång av läget.",
        day_counts=tuple(fact["participants"]),
    )
