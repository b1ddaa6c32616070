"""What a network is: its groups, members and channels. Pure values, from the settings."""

from dataclasses import dataclass, field
from datetime import date

from service.domain.survey.rules import USUAL, SurveyRules

FOLDERS = "{year}/{date} {title}, {place} ({group})"


@dataclass(frozen=True, kw_only=True)
class FocusGroup:
    id: str
    name: str
    addresses: tuple[str, ...] = ()
    """Mail addresses, lower case, that invite the whole group."""
    aliases: tuple[str, ...] = ()
    """Further words for the group in subjects and categories."""
    audience: str = ""
    introduction: str = ""


@dataclass(frozen=True, kw_only=True)
class Member:
    """A municipality of the network."""

    code: str
    name: str
    domains: tuple[str, ...]
    via: str = ""
    """The federation through which it takes part, where it does."""
    joined: date | None = None
    left: date | None = None

    def belongs_in(self, year: int) -> bool:
        """Tell whether it was a member on any day of the year."""
        return (self.joined is None or self.joined.year <= year) and (
            self.left is None or self.left.year >= year
        )


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """A standing chapter of the annual report: its heading and paragraphs."""

    heading: str
    text: str


@dataclass(frozen=True, kw_only=True)
class YearlySurvey:
    """When the year's survey of everybody is open, every year on the same days."""

    opens: date
    """Month and day count; the year does not."""
    closes: date
    link: str


@dataclass(frozen=True, kw_only=True)
class Network:
    id: str
    name: str
    language: str
    """`sv`, `nb` or `en`."""
    time_zone: str
    """IANA name."""
    country: str
    """ISO 3166 code whose public holidays count."""
    groups: tuple[FocusGroup, ...]
    """In the order in which they are shown."""
    mailbox: str
    members: tuple[Member, ...] = ()
    partners: tuple[tuple[str, str], ...] = ()
    """Mail domain and name of organisations that take part without being members."""
    chapters: tuple[Chapter, ...] = ()
    region: str = ""
    template: str = FOLDERS
    """Path of a meeting's folder below the library's root; fields in braces."""
    yearly_survey: YearlySurvey | None = None
    survey: SurveyRules = USUAL
    holidays: frozenset[date] = field(default=frozenset(), repr=False)

    def group(self, group_id: str) -> FocusGroup:
        """Raise KeyError for a group that the network does not have."""
        for group in self.groups:
            if group.id == group_id:
                return group
        raise KeyError(group_id)
