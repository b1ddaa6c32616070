"""Who gets into the two libraries: members read the one, and coordinators alone open the other."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from service.domain.check.finding import Finding, Remedy, failed, ok, warning
from service.domain.check.shell import quoted

NAME = "members"


@dataclass(frozen=True, kw_only=True)
class Grant:
    """Somebody's role on a library: a person, a group, or whoever has a link."""

    who: str
    """The same for the same grantee in every library; a link's scope."""
    shown: str
    role: str
    """`read`, `write` or `owner`."""
    many: bool
    """A group, or a link that works for more than those it was given to."""


@dataclass(frozen=True, kw_only=True)
class Doors:
    """Who is let into both libraries; None where Graph does not tell."""

    site: str
    documentation: tuple[Grant, ...] | None
    coordination: tuple[Grant, ...] | None
    names: tuple[str, str]
    """What the two are called."""


def judged(doors: Doors) -> Iterator[Finding]:
    """
    Tell whether members can edit the one or open the other.

    Graph names no one as member or coordinator. Whoever only reads the first is a member, and
    whoever is let into the second should be a coordinator; where nobody merely reads the first,
    a group that is let into both is taken for the members: so it is on a site on which nobody
    has changed anything.
    """
    documentation, coordination = doors.names
    if doors.documentation is None or doors.coordination is None:
        yield warning(
            NAME,
            f"whether members can edit {documentation} or open {coordination} cannot be known: "
            "Graph tells an app that does not own the site of its own grants alone",
            by_eye(doors),
        )
        return
    editors, openers = _edit_it(doors), _open_it(doors)
    if editors:
        said = f"{documentation} can be edited by {_shown(editors)}, who should only read it"
        yield failed(NAME, said, read_only(doors.site, documentation, editors))
    if openers:
        said = f"{coordination} can be opened by {_shown(openers)}, who should not"
        yield failed(NAME, said, closed(doors.site, coordination, openers))
    if editors or openers:
        return
    if not _readers(doors):
        said = f"nobody merely reads {documentation}: whether those let in are coordinators is not"
        yield warning(NAME, f"{said} seen", by_eye(doors))
    else:
        yield ok(NAME, f"members read {documentation} and are not let into {coordination}")


def _edit_it(doors: Doors) -> tuple[Grant, ...]:
    readers, coordinators = _readers(doors), {one.who for one in doors.coordination or ()}
    return tuple(
        one
        for one in doors.documentation or ()
        if one.role == "write" and (one.who not in coordinators or (one.many and not readers))
    )


def _open_it(doors: Doors) -> tuple[Grant, ...]:
    readers = _readers(doors)
    return tuple(
        one
        for one in doors.coordination or ()
        if one.role != "owner" and (one.who in readers or (one.many and not readers))
    )


def _readers(doors: Doors) -> frozenset[str]:
    return frozenset(one.who for one in doors.documentation or () if one.role == "read")


def _shown(grants: Iterable[Grant]) -> str:
    """Groups by name; of people only how many."""
    there = list(grants)
    groups = [one.shown for one in there if one.many]
    people = len(there) - len(groups)
    each = "1 person" if people == 1 else f"{people} people"
    return ", ".join([*groups, *([each] if people else [])])


def _broken(site: str, library: str, change: Iterable[str]) -> Remedy:
    return Remedy(
        who="owner of the site, in PnP PowerShell",
        steps=(
            f"Connect-PnPOnline -Url {quoted(site)} -Interactive",
            f"Set-PnPList -Identity {quoted(library)} -BreakRoleInheritance -CopyRoleAssignments",
            *change,
        ),
    )


def read_only(site: str, library: str, grants: Iterable[Grant]) -> Remedy:
    return _broken(
        site,
        library,
        (
            f"Set-PnPListPermission -Identity {quoted(library)} {_of(one)} "
            "-RemoveRole 'Edit' -AddRole 'Read'"
            for one in _few(grants)
        ),
    )


def closed(site: str, library: str, grants: Iterable[Grant]) -> Remedy:
    return _broken(
        site,
        library,
        (
            f"Set-PnPListPermission -Identity {quoted(library)} {_of(one)} "
            f"-RemoveRole '{'Read' if one.role == 'read' else 'Edit'}'"
            for one in _few(grants)
        ),
    )


def _few(grants: Iterable[Grant]) -> Iterator[Grant]:
    """Groups, and people as one: their names are nobody's business here."""
    there = list(grants)
    yield from (one for one in there if one.many)
    yield from [one for one in there if not one.many][:1]


def _of(grant: Grant) -> str:
    return f"-Group {quoted(grant.shown)}" if grant.many else "-User <each of them>"


def by_eye(doors: Doors) -> Remedy:
    documentation, coordination = doors.names
    return Remedy(
        who="owner of the site, in the browser",
        steps=(
            f"{doors.site}: {documentation} > settings > Permissions for this document library > "
            "Check Permissions > the name of a member: it should say Read",
            f"the same of {coordination}: it should say None",
        ),
    )
