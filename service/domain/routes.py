"""By which transports each kind of post goes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from service.domain.reminder import PostKind

DIGEST, SERIES = "digest", "series"
"""Kinds of posts that no reminder rule makes."""

KINDS = (*(kind.value for kind in PostKind), DIGEST, SERIES)
"""Every kind of post that members get."""

TAKEN_BACK = "withdrawn"
"""Kind of a post that takes back an earlier one."""

MAIL_CHANNEL, COORDINATORS_MAIL = "mail", "mail-coordinators"
"""What keys say in place of a channel where a post goes by mail."""


class Transport(StrEnum):
    WORKFLOW = "workflow"
    BOT = "bot"
    GRAPH = "graph"
    """A signed-in account."""
    MAIL = "mail"
    DRY = "dry"
    """Cards are written to files."""


class InDoubt(StrEnum):
    """What to do where an answer was lost and nothing tells whether the post arrived."""

    ONCE = "once"
    """At most once: leave it."""
    AGAIN = "again"
    """At least once: send it again."""


@dataclass(frozen=True, kw_only=True)
class Routes:
    usual: tuple[Transport, ...]
    of_kind: Mapping[str, tuple[Transport, ...]] = field(default_factory=dict)
    """Kinds that go otherwise; by none where a kind is turned off."""

    def of(self, kind: str) -> tuple[Transport, ...]:
        return self.of_kind.get(kind, self.usual)

    @property
    def used(self) -> frozenset[Transport]:
        return frozenset(self.usual).union(*self.of_kind.values())

    @property
    def off(self) -> frozenset[str]:
        return frozenset(kind for kind, ways in self.of_kind.items() if not ways)
