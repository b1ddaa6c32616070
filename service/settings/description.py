"""A network's description, a TOML file, and its merging with what was set by name."""

import tomllib
from datetime import date, timedelta
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any

import holidays
from pydantic import AfterValidator, BeforeValidator, Field, ValidationError

from service.domain.names import template_problems
from service.domain.network import FOLDERS, Chapter, FocusGroup, Member, Network, YearlySurvey
from service.domain.survey.rules import USUAL, SurveyRules
from service.errors import SettingsError, UnreadableFile
from service.settings.fields import NETWORK_PREFIX
from service.settings.kinds import Country, Id, Language, Mail, TimeZone, WebAddress, lower
from service.settings.network import NetworkSettings
from service.settings.problems import problem, reason_of
from service.settings.surveys import SurveyTable
from service.settings.tables import Table
from service.shipped import shipped

YEARS = range(2015, 2041)
"""Whose holidays are known: from the first imported figures to well after the next host."""


def _first_of_january(value: object) -> object:
    """Read a year alone as its first day."""
    text = str(value)
    return date(int(text), 1, 1) if len(text) == 4 and text.isdecimal() else value


def _folders(template: str) -> str:
    """Refuse a template of folder names that would not work, with every reason."""
    problems = tuple(template_problems(template))
    if problems:
        raise ValueError("; ".join(problems))
    return template


Day = Annotated[date, BeforeValidator(_first_of_january)]
Domain = Annotated[str, BeforeValidator(lower)]


class _Head(Table):
    id: Id | None = None
    name: str | None = None
    language: Language | None = None
    timezone: TimeZone | None = None
    country: Country | None = None
    region: str | None = None
    template: Annotated[str, AfterValidator(_folders)] | None = None


class _Group(Table):
    id: Id
    name: str
    addresses: tuple[Mail, ...] = ()
    aliases: tuple[str, ...] = ()
    audience: str = ""
    introduction: str = ""


class _Member(Table):
    code: str
    name: str
    domains: tuple[Domain, ...]
    via: str = ""
    joined: Day | None = None
    left: Day | None = None


class _Other(Table):
    name: str
    domains: tuple[Domain, ...]


class _Chapter(Table):
    heading: str
    text: str


def _of_any_year(value: object) -> object:
    """Read a month and day alone, MM-DD, as that day of a leap year."""
    text = str(value)
    return f"2000-{text}" if len(text) == 5 else value


class _YearlySurvey(Table):
    opens: Annotated[date, BeforeValidator(_of_any_year)]
    closes: Annotated[date, BeforeValidator(_of_any_year)]
    link: WebAddress


class _Description(Table):
    network: _Head = Field(default_factory=_Head)
    focus_groups: tuple[_Group, ...] = ()
    members: tuple[_Member, ...] = ()
    other: tuple[_Other, ...] = ()
    chapters: tuple[_Chapter, ...] = ()
    yearly_survey: _YearlySurvey | None = None
    survey: SurveyTable | None = None
    posts: dict[str, Any] = Field(default_factory=dict)
    """Own rules of what is posted, as in config/posts.toml."""


def own_posts(settings: NetworkSettings) -> dict[str, Any]:
    """Return what the description says of posts, unread. Raises SettingsError."""
    return _told(settings).posts


def described_survey(name: str) -> tuple[SurveyRules, str | None]:
    """Return what a description says of surveys, and its time zone. Raises SettingsError."""
    told = _named(name)
    return (USUAL if told.survey is None else told.survey.rules), told.network.timezone


def told_by_description(settings: NetworkSettings) -> dict[str, str]:
    """Return what a named description tells and the settings do not, by NATVERKET_ name."""
    if settings.description is None:
        return {}
    told = _named(settings.description)
    groups = ";".join(f"{group.id}={group.name}" for group in told.focus_groups)
    texts = {key: getattr(told.network, key) for key in HEADS} | {"focus_groups": groups}
    return {
        f"{NETWORK_PREFIX}{key}".upper(): str(text)
        for key, text in texts.items()
        if text and getattr(settings, key) is None
    }


def describe(settings: NetworkSettings) -> Network:
    """
    Merge description and settings: what was set wins.

    Raises SettingsError: the description cannot be read, or something is told by neither.
    """
    told = _told(settings)
    head = told.network
    groups = _groups(settings, told)
    problems = _missing(settings, head, groups)
    if problems:
        raise SettingsError(tuple(problems))
    country = settings.country or head.country or "SE"
    return Network(
        id=settings.id or head.id or "network",
        name=settings.name or head.name or "",
        language=settings.language or head.language or "sv",
        time_zone=settings.timezone or head.timezone or "Europe/Stockholm",
        country=country,
        groups=groups,
        mailbox=settings.mailbox,
        members=tuple(Member(**dict(member)) for member in told.members),
        partners=tuple((domain, other.name) for other in told.other for domain in other.domains),
        chapters=tuple(Chapter(**dict(chapter)) for chapter in told.chapters),
        region=head.region or "",
        template=head.template or FOLDERS,
        yearly_survey=None
        if told.yearly_survey is None
        else YearlySurvey(**dict(told.yearly_survey)),
        survey=USUAL if told.survey is None else told.survey.rules,
        holidays=free_days(country),
    )


def _groups(settings: NetworkSettings, told: _Description) -> tuple[FocusGroup, ...]:
    known = {group.id: FocusGroup(**dict(group)) for group in told.focus_groups}
    if settings.focus_groups is None:
        return tuple(known.values())
    rest = {"id", "name"}
    return tuple(
        FocusGroup(
            id=key,
            name=name,
            **{k: v for k, v in vars(known[key]).items() if k not in rest} if key in known else {},
        )
        for key, name in settings.focus_groups
    )


def _missing(settings: NetworkSettings, head: _Head, groups: tuple[FocusGroup, ...]) -> list[str]:
    reason = "is not set, nor told by a description"
    problems = []
    if not (settings.name or head.name):
        problems.append(problem("NATVERKET_NETWORK_NAME", reason, "the network's name"))
    if not groups:
        problems.append(problem("NATVERKET_NETWORK_FOCUS_GROUPS", reason, "id=Name;id=Name"))
    return problems


# ---------------------------------------------------------------- the files


def _told(settings: NetworkSettings) -> _Description:
    named = _Description() if settings.description is None else _named(settings.description)
    if settings.origin is None:
        return named
    own = _load(settings.origin, str(settings.origin), only=DESCRIBED)
    filled = {key: value for key, value in own if value and key != "network"}
    kept = {key: value for key in DESCRIBED if (value := getattr(own.network, key))}
    return named.model_copy(update=filled | {"network": named.network.model_copy(update=kept)})


def _named(name: str) -> _Description:
    if name.endswith(".toml") or "/" in name:
        return _load(Path(name), name)
    try:
        return _load(shipped("networks", f"{name}.toml"), f"config/networks/{name}.toml")
    except UnreadableFile:
        there = sorted(file.name.removesuffix(".toml") for file in shipped("networks").iterdir())
        told = ", ".join(there) or "the path of a TOML file"
        reason = f"no description `{name}` is shipped"
        raise SettingsError((problem(_NAME, reason, told),)) from None


_NAME = "NATVERKET_NETWORK_DESCRIPTION"
DESCRIBED = ("region", "template")
"""What of `[network]` only a description tells; the rest are settings with names of their own."""


HEADS = ("id", "name", "language", "timezone", "country")
"""What of it settings may tell as well."""


def _load(file: Traversable, name: str, *, only: tuple[str, ...] = ()) -> _Description:
    """Read a description; `only` names what of `[network]` is its own, where not all is."""
    try:
        document: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        reason = f"{name} cannot be read ({error})"
        raise SettingsError((problem(_NAME, reason, "the path of a TOML file"),)) from error
    if only:
        head = document.get("network", {})
        document["network"] = {key: head[key] for key in only if key in head}
    try:
        description = _Description.model_validate(document)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        told = (problem(f"{name}: {_path(e['loc'])}", reason_of(e)) for e in found)
        raise SettingsError(tuple(told)) from None
    _refuse_twins(description, name)
    return description


def _path(location: tuple[int | str, ...]) -> str:
    """Name a place as people count: `members 4, code`."""
    parts = [f" {part + 1}" if isinstance(part, int) else f", {part}" for part in location]
    return "".join(parts).removeprefix(", ")


def _refuse_twins(description: _Description, name: str) -> None:
    kinds = {
        "focus_groups": [group.id for group in description.focus_groups],
        "members": [member.code for member in description.members],
    }
    twins = [
        problem(f"{name}: {kind}", f"{key} stands there twice")
        for kind, keys in kinds.items()
        for key in sorted({key for key in keys if keys.count(key) > 1})
    ]
    if twins:
        raise SettingsError(tuple(twins))


# ---------------------------------------------------------------- days off


def free_days(country: str) -> frozenset[date]:
    """Return the days of a country on which nobody is at work, plain Sundays left out."""
    if country != "SE":
        return frozenset(holidays.country_holidays(country, years=YEARS))
    days = set(holidays.country_holidays("SE", years=YEARS, include_sundays=False))
    # Eves that are days off by every collective agreement, though not by law.
    for year in YEARS:
        days |= {date(year, 12, 24), date(year, 12, 31), _midsummer_eve(year)}
    return frozenset(days)


def _midsummer_eve(year: int) -> date:
    """Return the Friday from 19 to 25 June."""
    first = date(year, 6, 19)
    return first + timedelta(days=(4 - first.weekday()) % 7)
