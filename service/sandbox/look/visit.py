"""What a page is drawn from, and how a part of the look is put among the others."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from service.sandbox.markup import Child
from service.sandbox.story import Story
from service.sandbox.tenant import Tenant
from service.sandbox.wire import Answer, Json

Handling = Callable[[], AbstractContextManager[Callable[[], None]]]
"""Around what may write; what it gives is called if something was written."""


class NotThereError(Exception):
    """What the address names is not in the tenant."""


@dataclass(frozen=True, kw_only=True)
class Page:
    title: str
    content: Child
    trail: Sequence[tuple[str, str]] = ()
    """Address and name of what it lies in."""
    status: int = 200


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One reading of one address."""

    tenant: Tenant
    story: Story
    faults: Callable[[], Json]
    """What `GET /_sandbox/faults` answers."""
    handling: Handling
    path: str = ""
    names: tuple[str, ...] = ()
    """The address below the part's own name, decoded."""
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    """In small letters."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """
    A part of the look: a file of its own that holds one of these, and a line in `parts.py`.

    `page` raises NotThereError for an address below it that leads nowhere.
    """

    name: str
    """First step of its addresses."""
    page: Callable[[Visit], Page | Answer]
    title: str | None = None
    """In the row of parts; None for one that other pages lead to."""
