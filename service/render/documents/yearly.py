"""The yearly survey in the annual report: its trend, drawn and in figures."""

from service.domain.annual import Trend, YearlySection
from service.render.charts import Point, Series, trend_chart
from service.render.documents import frame, words
from service.render.documents.blocks import Writer
from service.render.documents.labels import Labels
from service.render.documents.tables import Column, add_note, add_table


def write_yearly(writer: Writer, yearly: YearlySection, year: int, labels: Labels) -> None:
    """Write how many answered, the means through the years as a chart, and as a table."""
    said = labels.yearly
    writer.heading(said.heading, 1)
    writer.text(f"{said.introduction} {_response(yearly, year, labels)}".strip())
    if not yearly.trends:
        return
    numbered = [f"{n}. {trend.question}" for n, trend in enumerate(yearly.trends, 1)]
    writer.picture(
        trend_chart(
            [_series(n, one, labels) for n, one in zip(numbered, yearly.trends, strict=True)]
        ),
        described=said.chart_alt.format(questions=_spoken(yearly, labels)),
        title=said.chart_caption,
    )
    writer.text(said.chart_caption, "Caption")
    _table(writer, yearly, year, numbered, labels)


def _response(yearly: YearlySection, year: int, labels: Labels) -> str:
    said = labels.yearly
    if yearly.n is None:
        return said.withheld if yearly.withheld else ""
    if yearly.response_rate is None:
        return said.answers.of(yearly.n, year=year)
    rate = words.percent(yearly.response_rate)
    return said.answers_rate.format(n=yearly.n, year=year, rate=rate)


def _series(title: str, trend: Trend, labels: Labels) -> Series:
    points = [
        Point(year=one.year, value=one.mean, words=words.point(one, labels)) for one in trend.points
    ]
    return Series(title=title, points=tuple(points))


def _spoken(yearly: YearlySection, labels: Labels) -> str:
    """The chart in words, every figure of it."""
    said = labels.yearly
    return " ".join(
        said.chart_alt_question.format(
            question=trend.question,
            points=", ".join(
                said.chart_alt_point.format(year=one.year, mean=words.point(one, labels))
                for one in trend.points
            ),
        )
        for trend in yearly.trends
    )


def _table(
    writer: Writer, yearly: YearlySection, year: int, numbered: list[str], labels: Labels
) -> None:
    said = labels.yearly
    width = min(1.7, 9.0 / len(yearly.years))
    years = [Column(heading=str(one), width_cm=width, number=True) for one in yearly.years]
    first = Column(heading=said.question, width_cm=frame.WIDTH_CM - width * len(years))
    rows = [
        (title, *(_cell(trend, one, labels) for one in yearly.years))
        for title, trend in zip(numbered, yearly.trends, strict=True)
    ]
    answers = [_answers(yearly, one, year) for one in yearly.years]
    writer.text(said.table_caption, "Heading 3")
    table = add_table(
        writer.document,
        (first, *years),
        rows,
        description=said.table_description,
        total=(said.number_answers, *answers),
    )
    if any(point.as_published for trend in yearly.trends for point in trend.points):
        add_note(writer.document, table, said.history_note)


def _cell(trend: Trend, year: int, labels: Labels) -> str:
    point = trend.at(year)
    return words.NOTHING if point is None else words.point(point, labels)


def _answers(yearly: YearlySection, year: int, this_year: int) -> str:
    """Responses to the survey; of earlier years, what was kept with the means."""
    if year == this_year and yearly.n is not None:
        return str(yearly.n)
    return str(max(point.n for trend in yearly.trends if (point := trend.at(year))))
