"""The year in figures and texts: all that the annual report shows, and what it still lacks."""

from service.domain.annual.counting import annual_report, fingerprint
from service.domain.annual.report import (
    AnnualReport,
    EvaluationFigures,
    Filed,
    YearlyFigures,
)
from service.domain.annual.trend import PastMean
from service.domain.survey.year import Asked

__all__ = [
    "AnnualReport",
    "Asked",
    "EvaluationFigures",
    "Filed",
    "PastMean",
    "YearlyFigures",
    "annual_report",
    "fingerprint",
]
