"""Rules of a library that hold files back: approval, check-out, labels."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from service.domain.check.finding import Finding, Remedy, failed, ok, unused
from service.domain.check.shell import quoted

NAME = "held files"


@dataclass(frozen=True, kw_only=True)
class FiledState:
    """What holds one file of the library, as Graph shows it."""

    moderation: int | None
    """`_ModerationStatus`: None where nothing is approved there; 0 is approved."""
    checked_out: bool
    labelled: bool
    """It has a retention label, which may make it a record."""
    ours: bool
    """The service itself wrote it last: nobody else has it checked out."""


def judged(files: Iterable[FiledState], library: str, site: str) -> Iterator[Finding]:
    """
    Tell what holds the files that lie there.

    Graph v1.0 does not tell a library's settings for approval and check-out: they are seen
    in what they have done to files, and not before.
    """
    there = list(files)
    if not there:
        yield unused(
            NAME,
            f"whether {library} demands approval or check-out is seen at the first file that "
            "lies there: Graph does not tell the setting",
            by_eye(site, library),
        )
        return
    waiting = sum(1 for one in there if one.moderation)
    out = sum(1 for one in there if one.checked_out and one.ours)
    if waiting:
        said = f"{library} approves its contents: {_files(waiting)} not seen by members"
        yield failed(NAME, said, settings(site, library, "-EnableModeration $false"))
    if out:
        said = (
            f"{library} keeps {_files(out)} checked out to the service: it demands check-out, or "
            "a column that is empty"
        )
        yield failed(NAME, said, settings(site, library, "-ForceCheckout $false"))
    if not waiting and not out:
        labelled = sum(1 for one in there if one.labelled)
        said = f"{library}: of {_files(len(there))} none waits for approval or check-in"
        told = f"; {labelled} with a retention label, and a record stays as it is"
        yield ok(NAME, said + (told if labelled else ""))


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"


def settings(site: str, library: str, change: str) -> Remedy:
    return Remedy(
        who="owner of the site, in PnP PowerShell, or under the library's versioning settings",
        steps=(
            f"Connect-PnPOnline -Url {quoted(site)} -Interactive",
            f"Set-PnPList -Identity {quoted(library)} {change}",
        ),
    )


def by_eye(site: str, library: str) -> Remedy:
    return Remedy(
        who="owner of the site, in the browser",
        steps=(
            f"{site}: {library} > settings > Versioning settings: both 'Require content approval' "
            "and 'Require documents to be checked out' should say No",
        ),
    )
