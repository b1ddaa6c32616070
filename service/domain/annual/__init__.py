"""The year in figures and texts: all that the annual report shows, and what it still lacks."""

from service.domain.annual.counting import annual_report, fingerprint
from service.domain.annual.report import (
    AnnualReport,
    Asked,
    EvaluationFigures,
    Filed,
    YearlyFigures,
)
from service.domain.annual.trend import PastMean

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
