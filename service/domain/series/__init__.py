"""
Series: posts on days that a coordinator has chosen, such as a tip a day in December.

A series is a file of `config/series`, or a network's own; what stands in it is posted on its
day at its local time, whatever day of the week, pause or quiet hour that is.
"""

from service.domain.series.planning import outlook, plan_series
from service.domain.series.reading import series_from
from service.domain.series.series import Entry, Series

__all__ = ["Entry", "Series", "outlook", "plan_series", "series_from"]
