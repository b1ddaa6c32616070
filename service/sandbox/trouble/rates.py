"""The table of limits: for whom, how much in how many seconds, and with which words refused."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from service.sandbox.switches import Switch
from service.sandbox.tenant import Tenant

AT_ONCE = "outlook_at_once"
MOST_AT_ONCE = 4
"""Requests of one app to Outlook (graph-facts 8.3)."""
MAILBOX = Switch(
    name="outlook_concurrency",
    values=("app_and_mailbox", "app"),
    about="Whether Outlook's four at a time are counted for each mailbox or for the app alone "
    "(graph-facts 8.3).",
)

_OUTLOOK = re.compile(
    r"^/v1\.0/(?:users/([^/]+)|(me))/(?:calendar|events|messages|mailFolders|sendMail|outlook)",
    re.IGNORECASE,
)
_CHANNEL = re.compile(
    r"^/(?:v1\.0|beta)/teams/([^/]+)(?:/channels/([^/]+))?(/messages)?", re.IGNORECASE
)
_SHARING = re.compile(r"/(createLink|invite|permissions)(/|$)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request, as far as limits look at it."""

    app: str
    method: str
    path: str
    template: str
    cost: int
    """Resource units."""
    user_agent: str

    @property
    def units(self) -> int:
        """Resource units, where they count: in SharePoint."""
        return self.cost if _in_sharepoint(self) else 0

    @property
    def decorated(self) -> bool:
        """`ISV|…` or `NONISV|…` somewhere in it, appended or alone."""
        return bool(re.search(r"(^|\s)(NON)?ISV\|[^|]*\|", self.user_agent))


@dataclass(frozen=True, kw_only=True)
class Limit:
    name: str
    """As `/_sandbox/settings` knows it."""
    seconds: float
    most: Callable[[str], int]
    """By the tenant's licences."""
    key: Callable[[Asked], str | None]
    """Who shares it; None where it does not apply."""
    cost: Callable[[Asked], int]
    refusal: tuple[int, str, str]
    announced: bool = False
    """Whether RateLimit headers tell of it."""


_UNITS = {"1000": 1, "5000": 2, "15000": 3, "50000": 4, "more": 5}
"""Each tier has this many times what the smallest has (graph-facts 8.2)."""
_SHAREPOINT = (429, "activityLimitReached", "The request has been throttled")
# The wording of these two was not found in any page: only their status is documented.
_TEAMS = (429, "TooManyRequests", "Too many requests")
_OUTLOOK_BUSY = (429, "ApplicationThrottled", "Application is over its request rate limit.")


def _tiered(smallest: int) -> Callable[[str], int]:
    return lambda licences: smallest * _UNITS[licences]


def _flat(most: int) -> Callable[[str], int]:
    return lambda _: most


def _units(asked: Asked) -> int:
    return asked.cost


def _one(_: Asked) -> int:
    return 1


def _in_sharepoint(asked: Asked) -> bool:
    return asked.template.startswith(("/drives", "/sites", "/shares"))


def _sharepoint(asked: Asked) -> str | None:
    return asked.app if _in_sharepoint(asked) else None


def _tenant(asked: Asked) -> str | None:
    return "tenant" if _in_sharepoint(asked) else None


def _sharing(asked: Asked) -> str | None:
    return asked.app if _in_sharepoint(asked) and _SHARING.search(asked.template) else None


def _teams(
    *, method: str | None = None, messages: bool | None = None, by_channel: bool = False
) -> Callable[[Asked], str | None]:
    """An app's calls to Teams, those of one method, and on messages or all but them."""

    def key(asked: Asked) -> str | None:
        found = _CHANNEL.match(asked.path)
        if found is None or (method is not None and (asked.method == "GET") != (method == "GET")):
            return None
        if messages is not None and bool(found[3]) != messages:
            return None
        return f"{asked.app} {found[1]} {found[2]}" if by_channel else asked.app

    return key


def _teams_by_template(*, listing: bool) -> Callable[[Asked], str | None]:
    """An app's readings of lists of channels and members, or of anything but those."""
    inner = _teams(method="GET", messages=False)

    def key(asked: Asked) -> str | None:
        lists = asked.template.endswith(("/channels", "/members"))
        return inner(asked) if lists == listing else None

    return key


def is_outlook(path: str) -> bool:
    return _OUTLOOK.match(path) is not None


def outlook_key(tenant: Tenant, path: str, app: str | None) -> str | None:
    """What Outlook counts by; None for a path that is not Outlook's."""
    found = _OUTLOOK.match(path)
    if found is None or app is None:
        return None
    if MAILBOX.read(tenant) == "app":
        return app
    person = tenant.person(found[1] or "")
    return f"{app} {person.id if person else found[1] or found[2]}"


def _mailbox(asked: Asked) -> str | None:
    found = _OUTLOOK.match(asked.path)
    return f"{asked.app} {(found[1] or found[2]).casefold()}" if found else None


LIMITS = (
    # SharePoint: graph-facts 8.2.
    Limit(
        name="units_per_minute",
        seconds=60,
        most=_tiered(1250),
        key=_sharepoint,
        cost=_units,
        refusal=_SHAREPOINT,
        announced=True,
    ),
    Limit(
        name="units_per_day",
        seconds=86400,
        most=_tiered(1_200_000),
        key=_sharepoint,
        cost=_units,
        refusal=_SHAREPOINT,
    ),
    Limit(
        name="tenant_units_per_5_minutes",
        seconds=300,
        most=_tiered(18_750),
        key=_tenant,
        cost=_units,
        refusal=_SHAREPOINT,
    ),
    Limit(
        name="sharing_per_5_minutes",
        seconds=300,
        most=_flat(300),
        key=_sharing,
        cost=_one,
        refusal=_SHAREPOINT,
    ),
    # Teams: graph-facts 1.4.
    Limit(
        name="channel_per_second",
        seconds=1,
        most=_flat(4),
        key=_teams(by_channel=True),
        cost=_one,
        refusal=_TEAMS,
    ),
    Limit(
        name="channel_posts_per_day",
        seconds=86400,
        most=_flat(3000),
        key=_teams(method="POST", messages=True, by_channel=True),
        cost=_one,
        refusal=_TEAMS,
    ),
    Limit(
        name="posts_per_second",
        seconds=1,
        most=_flat(50),
        key=_teams(method="POST", messages=True),
        cost=_one,
        refusal=_TEAMS,
    ),
    Limit(
        name="messages_read_per_second",
        seconds=1,
        most=_flat(20),
        key=_teams(method="GET", messages=True),
        cost=_one,
        refusal=_TEAMS,
    ),
    Limit(
        name="teams_listed_per_second",
        seconds=1,
        most=_flat(60),
        key=_teams_by_template(listing=True),
        cost=_one,
        refusal=_TEAMS,
    ),
    Limit(
        name="teams_read_per_second",
        seconds=1,
        most=_flat(30),
        key=_teams_by_template(listing=False),
        cost=_one,
        refusal=_TEAMS,
    ),
    # Outlook: graph-facts 8.3.
    Limit(
        name="outlook_per_10_minutes",
        seconds=600,
        most=_flat(10_000),
        key=_mailbox,
        cost=_one,
        refusal=_OUTLOOK_BUSY,
    ),
)
BY_NAME = {limit.name: limit for limit in LIMITS}
