"""The yearly survey in the annual report: in sentences, as a table and as a chart."""

from fractions import Fraction

from service.domain.annual.report import AnnualReport, Trend, YearlySection, YearPoint
from service.domain.survey.figures import rounded
from service.render.charts import Point, Series, trend_chart
from service.render.documents import context, words
from service.render.documents.filling import Picture
from service.render.documents.labels import Labels

TREND = "trend"
"""The name of the chart in a template."""
_WIDTH_CM = 16.0


def survey(report: AnnualReport, labels: Labels) -> context.Survey | None:
    """Tell of the survey; None where there is nothing to tell."""
    yearly, said = report.yearly, labels.yearly
    if yearly is None:
        return None
    published = any(point.as_published for trend in yearly.trends for point in trend.points)
    answers = dict(yearly.answers)
    scales = list(dict.fromkeys(str(trend.scale) for trend in yearly.trends))
    return context.Survey(
        introduction=_introduction(yearly, report, labels),
        questions=tuple(
            _question(number, trend, report, labels)
            for number, trend in enumerate(yearly.trends, start=1)
        ),
        years=tuple(str(year) for year in yearly.years),
        answers=tuple(str(answers[year]) for year in yearly.years),
        note=said.history_note if published else "",
        caption=said.chart_caption.format(scale=words.listed(scales, labels)),
    )


def chart(report: AnnualReport, labels: Labels) -> Picture | None:
    """Draw the trend; its description holds every figure of it."""
    yearly = report.yearly
    if yearly is None or not yearly.trends:
        return None
    return Picture(
        png=trend_chart(
            [
                _series(f"{number}. {trend.question}", trend, report, labels)
                for number, trend in enumerate(yearly.trends, start=1)
            ],
        ),
        described=labels.yearly.chart_alt.format(questions=_spoken(yearly, report, labels)),
        width_cm=_WIDTH_CM,
    )


def _introduction(yearly: YearlySection, report: AnnualReport, labels: Labels) -> str:
    said, scale = labels.yearly, report.rules.scale
    introduction = said.introduction.format(low=scale.low, high=scale.high)
    return f"{introduction} {_response(yearly, report, labels)}"


def _response(yearly: YearlySection, report: AnnualReport, labels: Labels) -> str:
    said, year = labels.yearly, report.year
    if yearly.withheld:
        return said.withheld.format(least=words.number(report.rules.least_answers, labels))
    if yearly.n is None:
        return said.not_asked.format(year=year)
    if yearly.response_rate is None:
        return said.answers.of(yearly.n, year=year)
    rate = words.percent(yearly.response_rate)
    return said.answers_rate.format(n=yearly.n, year=year, rate=rate)


def _question(number: int, trend: Trend, report: AnnualReport, labels: Labels) -> context.Question:
    years = report.yearly.years if report.yearly else ()
    cells = (trend.at(year) for year in years)
    return context.Question(
        text=f"{number}. {trend.question}",
        values=tuple(
            words.NOTHING if one is None else words.point(one, report.rules, labels)
            for one in cells
        ),
        told=_told(trend, report, labels),
    )


def _told(trend: Trend, report: AnnualReport, labels: Labels) -> str:
    """What the line in the chart says: now, since the time before, the highest and the lowest."""
    said, rules = labels.yearly, report.rules
    *before, now = trend.points
    sentences = [
        said.told_first.format(
            question=trend.question,
            year=now.year,
            mean=words.point(now, rules, labels),
            n=now.n,
        )
    ]
    if before:
        sentences.append(_compared(before[-1], now, report, labels))
    if len(before) > 1:
        lowest = min(trend.points, key=lambda one: (one.mean, one.year))
        highest = max(trend.points, key=lambda one: (one.mean, -one.year))
        sentences.append(
            said.told_range.format(
                first_year=before[0].year,
                lowest=words.point(lowest, rules, labels),
                lowest_year=lowest.year,
                highest=words.point(highest, rules, labels),
                highest_year=highest.year,
            )
        )
    sentences += [
        said.earlier.format(
            question=one.text, years=words.listed([str(year) for year in one.years], labels)
        )
        for one in trend.earlier
    ]
    sentences += [
        said.other_scale.format(year=one.year, scale=scale, mean=words.point(one, rules, labels))
        for one, scale in trend.elsewhere
    ]
    return " ".join(sentences)


def _compared(before: YearPoint, now: YearPoint, report: AnnualReport, labels: Labels) -> str:
    """By the decimals of the coarser of the two: 5,11 is no rise from a published 5,1."""
    said = labels.yearly
    decimals = min(_decimals(before, report), _decimals(now, report))
    old, new = (Fraction(rounded(one.mean, decimals, ".")) for one in (before, now))
    text = said.told_same if old == new else said.told_up if new > old else said.told_down
    return text.format(before=words.point(before, report.rules, labels), before_year=before.year)


def _decimals(point: YearPoint, report: AnnualReport) -> int:
    if not point.as_published:
        return report.rules.decimals
    return len(point.as_published.replace(",", ".").partition(".")[2])


def _series(title: str, trend: Trend, report: AnnualReport, labels: Labels) -> Series:
    points = [
        Point(year=one.year, value=one.mean, words=words.point(one, report.rules, labels))
        for one in trend.points
    ]
    return Series(title=title, points=tuple(points), scale=(trend.scale.low, trend.scale.high))


def _spoken(yearly: YearlySection, report: AnnualReport, labels: Labels) -> str:
    said = labels.yearly
    return " ".join(
        said.chart_alt_question.format(
            question=trend.question,
            points=", ".join(
                said.chart_alt_point.format(
                    year=one.year, mean=words.point(one, report.rules, labels)
                )
                for one in trend.points
            ),
        )
        for trend in yearly.trends
    )
