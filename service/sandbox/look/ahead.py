"""What the seed still holds: the next thing that happens by itself, and the few after it."""

from collections.abc import Callable
from datetime import datetime
from itertools import islice
from typing import Any

from service.sandbox.look.kept import has_columns
from service.sandbox.look.visit import Visit
from service.sandbox.look.words import whom
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import (
    Act,
    Attach,
    Attend,
    CancelInvite,
    EditRow,
    Invite,
    Record,
    Reinvite,
    Say,
    Upload,
)

_DUE = (("queued_posts", "due"), ("due", "at"))
"""Tables and their columns that hold when something happens without anybody's doing."""
_Told = Callable[[Tenant, Any], str]


def moment(visit: Visit) -> datetime | None:
    """When the next thing happens: an act of the seed, or what falls due by itself."""
    coming = [act.at for act in acts(visit, 1)]
    for table, column in _DUE:
        if has_columns(visit.tenant, table, column):
            first = visit.tenant.store.value(f"SELECT min({column}) FROM {table}")  # noqa: S608 - ours
            coming += [datetime.fromisoformat(first)] if first else []
    return min(coming, default=None)


def acts(visit: Visit, most: int) -> list[Act]:
    """The next ones, in time order."""
    return list(islice(visit.story.acts, visit.story.next_act, visit.story.next_act + most))


def told(tenant: Tenant, act: Act) -> str:
    """One act in words; one that has none of its own is called by its name."""
    words = _WORDS.get(type(act))
    return words(tenant, act) if words else type(act).__name__


def _subject(tenant: Tenant, key: str) -> str:
    found = tenant.store.value("SELECT subject FROM events WHERE key = ?", key)
    return str(found or "ett möte")


def _name(tenant: Tenant, person: str) -> str:
    return whom(tenant, f"user:{person}")


def _said(tenant: Tenant, act: Say) -> str:
    known = tenant.channels.get(act.channel)
    verb = "svarar" if act.reply_to else "skriver"
    return f"{_name(tenant, act.author)} {verb} i {known.name if known else 'en kanal'}"


_WORDS: dict[type[Act], _Told] = {
    Attach: lambda tenant, act: f"{act.name} bifogas till {_subject(tenant, act.key)}",
    Attend: lambda tenant, act: f"Närvarorapport från {_subject(tenant, act.key)}",
    CancelInvite: lambda tenant, act: f"{_subject(tenant, act.key)} ställs in",
    EditRow: lambda tenant, act: f"{_name(tenant, act.by)} fyller i listan {act.list_name}",
    Invite: lambda tenant, act: f"{_name(tenant, act.organizer)} bjuder in till {act.subject}",
    Record: lambda tenant, act: f"Inspelning av {_subject(tenant, act.key)}",
    Reinvite: lambda tenant, act: f"Inbjudan till {_subject(tenant, act.key)} ändras",
    Say: _said,
    Upload: lambda tenant, act: f"{_name(tenant, act.by)} lägger {act.name} i {act.drive}",
}
