"""`natverket survey show`: an evaluation's figures, what members see, and where they come from."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from service.cli import survey_year
from service.cli.app import chosen, until_done
from service.cli.surveys import AsJson, survey
from service.cli.words import DONE
from service.domain.period import local_day
from service.domain.survey.figures import decimal_string, rounded
from service.domain.survey.in_words import capital, merged_counts, percent, sentence, withheld
from service.domain.survey.publication import Published, Standing, Why
from service.domain.survey.year import YearFigures
from service.errors import NatverketError, NotFound
from service.from_state import from_state
from service.jobs.annual import figures_of
from service.jobs.provenance import QuestionFigures, SurveyFigures, of_meeting, of_year
from service.settings import Settings
from service.workplace import Workplace

_YEAR = 4


@survey.command()
def show(
    context: typer.Context,
    of: Annotated[
        str, typer.Argument(help="A meeting's day, with words of its title if need be; or a year.")
    ],
    *,
    sources: Annotated[
        bool, typer.Option("--sources", help="And every file: its checksum, its rows.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show an evaluation's figures, what members see of them, and where they come from."""
    settings = chosen(context).settings()
    until_done(_show(settings, of, sources=sources, as_json=as_json))


async def _show(settings: Settings, of: str, *, sources: bool, as_json: bool) -> int:
    async with from_state(settings) as workplaces:
        at, found, year = await _found(workplaces, of)
        if as_json:
            told = _as_json(found, at) if found else {"network": at.network.id, "questions": []}
            told |= survey_year.as_json(year, at) if year else {}
            print(json.dumps(told, ensure_ascii=False, indent=1))
            return DONE
        if found is not None:
            _print(found, at)
        if year is not None:
            print()
            Console().print(survey_year.table(year, at))
            for line in survey_year.left_out(year, at):
                print(line)
        if sources and found is not None:
            for line in _sources(found, at):
                print(line)
    return DONE


def _print(found: SurveyFigures, at: Workplace) -> None:
    for line in _head(found, at):
        print(line)
    Console().print(_table(found, at))
    for line in _seen(found, at):
        print(line)


async def _found(
    workplaces: tuple[Workplace, ...], of: str
) -> tuple[Workplace, SurveyFigures | None, YearFigures | None]:
    """In the one network that has it: a survey; of a year, its evaluations added up, too."""
    problem: NatverketError | None = None
    for at in workplaces:
        try:
            if of.isdigit() and len(of) == _YEAR:
                return at, *await _of_year(int(of), at)
            return at, await of_meeting(of, at), None
        except NatverketError as error:
            problem = error
    assert problem is not None
    raise problem


async def _of_year(year: int, at: Workplace) -> tuple[SurveyFigures | None, YearFigures]:
    figures = await figures_of(at, year)
    try:
        return await of_year(year, at), figures
    except NotFound:
        if not figures.whole.evaluated:
            raise
        return None, figures


# ---------------------------------------------------------------- for people


def _head(found: SurveyFigures, at: Workplace) -> Iterator[str]:
    say, meeting = at.texts.say, found.meeting
    yield found.title if meeting is None else f"{meeting.first_day} {found.title}"
    answers = say("results.answers", n=found.n)
    if meeting is None:
        yield answers
    elif found.rate is None or meeting.largest_day is None:
        yield say("results.no_share", answers=answers)
    else:
        most = meeting.largest_day
        yield say("results.share", answers=answers, percent=percent(found.rate), most=most)
    if found.invited:
        yield say("results.invited", n=found.invited)
    if found.forms > 1:
        yield say("results.forms", n=found.forms)


def _table(found: SurveyFigures, at: Workplace) -> Table:
    said, rules = at.labels.sheet, at.network.survey
    low, high = rules.scale.top
    heads = (
        said.question, said.n, said.mean, said.median,
        said.top_share.format(points=f"{low}–{high}"), said.distribution,
    )  # fmt: skip
    table = Table(*heads, box=None, header_style="bold")
    table.columns[-1].no_wrap = True  # a class and its count stay together
    for one in found.questions:
        table.add_row(one.question.text, str(one.n), *_numbers(one, at))
    return table


def _numbers(one: QuestionFigures, at: Workplace) -> tuple[str, ...]:
    figures, mark = one.figures, at.labels.decimal_mark
    if figures is None or figures.mean is None:
        return ("–", "–", "–", "")
    assert figures.median is not None
    assert figures.top_share is not None
    return (
        rounded(figures.mean, at.network.survey.decimals, mark),
        rounded(figures.median, 1, mark),
        f"{percent(figures.top_share)} %",
        " ".join(f"{point}:{n}" for point, n in figures.by_point),
    )


def _seen(found: SurveyFigures, at: Workplace) -> Iterator[str]:
    """What members see, question by question, and why not the rest."""
    if found.meeting is None:
        # Nothing of the yearly survey is posted: members read it in the report.
        return
    words, rules = at.texts, at.network.survey
    yield ""
    yield words.say("results.members")
    for one in found.questions:
        standing = one.standing
        if standing is None:
            continue
        yield f"  {capital(_told(standing, at))}"
        for text in withheld(standing, rules, words):
            yield f"    {text}"
        if standing.why in (Why.OPEN, Why.UNRELEASED):
            yield f"    {words.say(f'results.{standing.why}', day=_closing(found, at))}"
    yield f"  {words.say('results.always')}: –"


def _told(standing: Standing, at: Workplace) -> str:
    seen = standing.shown or standing.told
    if seen is None:
        return f"{at.texts.say(f'results.{standing.question}')}: –"
    said = sentence((seen,), at.network.survey, at.texts, "results.told")
    if seen.classes is None:
        return said
    counts = merged_counts(seen.classes, seen.figures.scale)
    return f"{said}; " + ", ".join(f"{points}: {n}" for points, n in counts)


def _closing(found: SurveyFigures, at: Workplace) -> str:
    if found.closes is None:
        return ""
    return at.texts.day(local_day(found.closes - timedelta(seconds=1), at.network.time_zone))


def _sources(found: SurveyFigures, at: Workplace) -> Iterator[str]:
    said, zone = at.labels.sheet, at.network.time_zone
    kinds = {"workbook": said.workbook, "list": said.list, "export": said.export}
    for number, one in enumerate(found.sources, 1):
        read = f"{local_day(one.read, zone)} {at.texts.time(one.read)}"
        yield ""
        yield f"[{number}] {one.name} ({kinds[one.kind]})"
        if one.url:
            yield f"    {one.url}"
        yield f"    SHA-256 {one.sha256 or '–'}"
        rows, used = said.raw_rows.lower(), said.used.lower()
        yield f"    {said.read} {read}, {rows}: {one.raw_rows}, {used}: {one.used}"
        for question in found.questions:
            rows = next((rows for each, rows in question.rows if each.id == one.id), "")
            if rows:
                yield f"    {question.question.text}: {said.raw_rows.lower()} {rows}"


# ---------------------------------------------------------------- for machines


def _as_json(found: SurveyFigures, at: Workplace) -> dict[str, Any]:
    meeting = found.meeting
    return {
        "network": at.network.id,
        "meeting": None if meeting is None else meeting.id,
        "date": None if meeting is None else meeting.first_day.isoformat(),
        "title": found.title,
        "n": found.n,
        "invited": found.invited,
        "largest_day": None if meeting is None else meeting.largest_day,
        "response_rate": _exact(found.rate.numerator, found.rate.denominator)
        if found.rate is not None
        else None,
        "closes": None if found.closes is None else found.closes.isoformat(),
        "forms": found.forms,
        "questions": [_question(one) for one in found.questions],
        "sources": [
            {
                "kind": one.kind.value,
                "id": one.id,
                "name": one.name,
                "url": one.url,
                "sha256": one.sha256,
                "raw_rows": one.raw_rows,
                "used": one.used,
                "read": one.read.isoformat(),
            }
            for one in found.sources
        ],
    }


def _question(one: QuestionFigures) -> dict[str, Any]:
    figures, standing = one.figures, one.standing
    return {
        "text": one.question.text,
        "meaning": one.question.meaning.value,
        "n": one.n,
        "sum": figures.total if figures else None,
        "mean": _exact(figures.total, figures.n) if figures and figures.n else None,
        "median": str(float(figures.median)) if figures and figures.median is not None else None,
        "distribution": {str(p): n for p, n in figures.by_point} if figures else None,
        "members": None
        if standing is None
        else {
            "see": _published(standing.shown or standing.told),
            "why_not": standing.why and standing.why.value,
            "why_not_distribution": standing.why_merged and standing.why_merged.value,
        },
        "rows": {source.id: rows for source, rows in one.rows},
    }


def _published(one: Published | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {
        "n": one.n,
        "mean": _exact(one.figures.total, one.n),
        "distribution": None
        if one.classes is None
        else dict(merged_counts(one.classes, one.figures.scale)),
    }


def _exact(total: int, n: int) -> str:
    return decimal_string(total, n)
