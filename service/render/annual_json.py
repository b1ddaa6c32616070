"""
The annual report's figures for machines (docs/reference/annual-json.md).

Means are decimal strings with a point and six decimals, half up, beside the sum of the
answers and their number (settled 40); null is not known, or withheld.
"""

import json
from typing import Any

from service.domain.annual.report import AnnualReport, Entry, Trend, YearPoint
from service.domain.survey.figures import Figures, decimal_string, rounded
from service.domain.survey.year import Cell, Together, YearFigures

FORMAT, VERSION = "natverket-annual-report", 1
"""The version is another one as soon as a name goes or means something else."""
_DECIMALS = 6


def annual_json(report: AnnualReport) -> bytes:
    """Write the figures as JSON in UTF-8; equal input gives equal bytes."""
    scale, counted = report.rules.scale, report.indicators
    told = {
        "format": FORMAT,
        "version": VERSION,
        "network": report.network_id,
        "name": report.network,
        "year": report.year,
        "made": report.made.isoformat(),
        "scale": [scale.low, scale.high],
        "least_answers": report.rules.least_answers,
        "indicators": {
            "activities": counted.activities,
            "meetings": counted.distinct,
            "satisfaction": _figures(counted.satisfaction),
            "municipalities": counted.municipalities,
            "municipalities_through_federations": counted.federated,
            "participants": counted.participants,
            "participants_added_by_groups": report.added_by_groups,
        },
        "groups": [
            {
                "id": one.id,
                "name": one.name,
                "activities": one.activities,
                "participants": one.participants,
                "meetings": [entry.id for entry in one.entries],
                "evaluation": _together(added),
            }
            for one, added in zip(report.sections, report.figures.groups, strict=True)
        ],
        "evaluation": _together(report.figures.whole),
        "meetings": [_meeting(entry, report) for entry in report.entries],
        "yearly": _yearly(report),
        "members": [
            {"name": one.name, "via": one.via or None, "joined": one.joined, "left": one.left}
            for one in report.members
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"


def _meeting(entry: Entry, report: AnnualReport) -> dict[str, Any]:
    return {
        "id": entry.id,
        "date": entry.first_day.isoformat(),
        "last_date": entry.last_day.isoformat(),
        "title": entry.title,
        "place": entry.place or None,
        "form": entry.form.value,
        "kind": entry.kind.value,
        "groups": [
            one.id for one in report.sections if any(each.id == entry.id for each in one.entries)
        ],
        "participants": entry.participants,
        "participants_by_day": list(entry.day_counts),
        "evaluation": _evaluation(entry, report),
        "withheld": entry.withheld,
        "quotes": list(entry.quotes),
    }


def _evaluation(entry: Entry, report: AnnualReport) -> dict[str, Any] | None:
    result = entry.evaluation
    if result is None:
        return None
    rate = entry.response_rate
    return {
        "responses": result.n,
        "invited": _invited(entry, report.figures),
        "response_rate": None if rate is None else rounded(rate, _DECIMALS, "."),
        "satisfaction": _figures(result.satisfaction),
        "usefulness": _figures(result.usefulness),
        "questions": [cell_as_json(one) for one in _cells(entry, report.figures)],
    }


def _invited(entry: Entry, year: YearFigures) -> int | None:
    return next((one.invited for one in year.meetings if one.meeting.id == entry.id), None)


def _cells(entry: Entry, year: YearFigures) -> tuple[Cell, ...]:
    return next((one.cells for one in year.meetings if one.meeting.id == entry.id), ())


def _together(one: Together) -> dict[str, Any]:
    return {
        "evaluated": one.evaluated,
        "withheld": one.withheld,
        "questions": [cell_as_json(cell) for cell in one.cells],
    }


def cell_as_json(one: Cell) -> dict[str, Any]:
    """Of a withheld one every figure is null."""
    median, share = one.median, one.top_share
    return {
        "key": one.key,
        "question": one.text or None,
        **(_figures(one.figures) or {"n": None, "sum": None, "mean": None}),
        "median": None if median is None else rounded(median, 1, "."),
        "top_share": None if share is None else rounded(share, _DECIMALS, "."),
        "classes": one.classes,
        "withheld": not one.shown,
    }


def _figures(figures: Figures | None) -> dict[str, Any] | None:
    if figures is None or not figures.n:
        return None
    return {
        "n": figures.n,
        "sum": figures.total,
        "mean": decimal_string(figures.total, figures.n),
    }


def _yearly(report: AnnualReport) -> dict[str, Any] | None:
    if report.yearly is None:
        return None
    return {
        "responses": report.yearly.n,
        "withheld": report.yearly.withheld,
        "this_year": [cell_as_json(one) for one in _asked_this_year(report.figures)],
        "questions": [_trend(one) for one in report.yearly.trends],
    }


def _asked_this_year(year: YearFigures) -> tuple[Cell, ...]:
    return year.yearly.cells if year.yearly else ()


def _trend(trend: Trend) -> dict[str, Any]:
    return {
        "question": trend.question,
        "scale": [trend.scale.low, trend.scale.high],
        "years": [_point(one) for one in trend.points],
        "earlier_wordings": [
            {"question": one.text, "years": list(one.years)} for one in trend.earlier
        ],
        "other_scales": [{**_point(one), "scale": scale} for one, scale in trend.elsewhere],
    }


def _point(point: YearPoint) -> dict[str, Any]:
    """The mean of an earlier report is as exact as that report was."""
    return {
        "year": point.year,
        "n": point.n,
        "sum": point.total,
        "mean": rounded(point.mean, _DECIMALS, "."),
        "published": point.as_published or None,
    }
