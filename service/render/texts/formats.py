"""How the languages write days and hours."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Formats:
    """How a language writes days and hours, in Babel's patterns."""

    locale: str
    day: str
    month_day: str
    short_day: str
    short_month_day: str
    joined: str
    """A range of days within a month: pattern of its first day."""
    between: str
    """Between two days of different months."""
    time: str
    at: str
    """Before a time of day."""


FORMATS = {
    "sv": Formats(
        locale="sv_SE",
        day="EEEE d MMMM",
        month_day="d MMMM",
        short_day="EEE d MMM",
        short_month_day="d MMM",
        joined="d",
        between="–",
        time="H.mm",
        at=" kl. ",
    ),
    "nb": Formats(
        locale="nb_NO",
        day="EEEE d. MMMM",
        month_day="d. MMMM",
        short_day="EEE d. MMM",
        short_month_day="d. MMM",
        joined="d.",
        between="–",
        time="HH.mm",
        at=" kl. ",
    ),
    "en": Formats(
        locale="en_GB",
        day="EEEE d MMMM",
        month_day="d MMMM",
        short_day="EEE d MMM",
        short_month_day="d MMM",
        joined="d",
        between=" – ",
        time="HH:mm",
        at=", ",
    ),
}
