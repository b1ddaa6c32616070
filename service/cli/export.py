"""`natverket export`: everything that is held on a meeting or a year."""

import shutil
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.filesize import decimal

from service.cli.app import app, chosen, until_done
from service.cli.progress import watching
from service.cli.words import DONE, IN_PART
from service.errors import NatverketError
from service.jobs.holding_words import words
from service.jobs.holdings.comparing import compare
from service.jobs.holdings.exporting import Exported, Subject, export, named
from service.jobs.holdings.packing import pack
from service.settings import Settings
from service.wiring import Office, open_office
from service.workplace import Workplace


@app.command(name="export")
def export_(  # noqa: PLR0913  what is to be laid out, where and how
    context: typer.Context,
    what: Annotated[
        str, typer.Argument(help="A meeting (2023-03-08, or words of its title) or a year (2023).")
    ],
    *,
    out: Annotated[
        Path | None, typer.Option(help="The folder; an earlier export's is brought up to date.")
    ] = None,
    as_zip: Annotated[
        bool, typer.Option("--zip", help="One file; the folder is removed once it is packed.")
    ] = False,
    compare_with: Annotated[
        Path | None,
        typer.Option(
            "--compare", metavar="DIR", help="Keep nothing; tell what an earlier export has more."
        ),
    ] = None,
    network: Annotated[str | None, typer.Option(help="Its id, where there are several.")] = None,
) -> None:
    """Lay out everything that is held on a meeting or a year, with an index and checksums."""
    settings = chosen(context).settings()
    if compare_with is not None:
        until_done(_compare(settings, what, compare_with, network))
    until_done(_export(settings, what, out, network, as_zip=as_zip))


async def _compare(settings: Settings, what: str, older: Path, network: str | None) -> int:
    """After a move: whether everything that left the old tenant came to this one."""
    with tempfile.TemporaryDirectory(prefix="natverket-compare-") as folder:
        newer = Path(folder) / "export"
        with watching() as watch:
            async with open_office(settings, watch) as office:
                at, subject = await _found(office, what, network)
                await export(subject, newer, at)
        found = compare(older, newer)
    print(f"{found.same} files are the same, and the figures of {found.rows} meetings")
    for told, paths in (
        ("absent here", found.absent),
        ("written in since", found.differing),
        ("damaged in the older export", found.damaged),
        ("other figures here, or no such meeting", found.other_figures),
    ):
        for path in paths:
            print(f"  {told}: {path}")
    return DONE if found.whole else IN_PART


async def _export(
    settings: Settings, what: str, out: Path | None, network: str | None, *, as_zip: bool
) -> int:
    with watching() as watch:
        async with open_office(settings, watch) as office:
            at, subject = await _found(office, what, network)
            folder = out or Path(subject.name)
            exported = await export(subject, folder, at)
    _tell(exported, folder, at)
    if as_zip:
        target = folder.with_name(f"{folder.name}.zip")
        size = pack(folder, target)
        shutil.rmtree(folder)
        print(words(at).say("export.packed", file=target, size=decimal(size)))
    return IN_PART if exported.unread else DONE


async def _found(office: Office, what: str, network: str | None) -> tuple[Workplace, Subject]:
    """The subject, in the one network that has it; of a year, in the one that is named."""
    problem: NatverketError | None = None
    places = [at for at in office.workplaces if network in (None, at.network.id)]
    ids = ", ".join(at.network.id for at in office.workplaces)
    if not places or (len(places) > 1 and what.isdigit()):
        raise NatverketError(
            f"export {what}", "It is not told of which network.", remedy=f"--network, one of {ids}."
        )
    for at in places:
        try:
            return at, await named(what, at)
        except NatverketError as error:
            problem = error
    assert problem is not None
    raise problem


def _tell(exported: Exported, folder: Path, at: Workplace) -> None:
    said, laid = words(at), exported.laid
    n = len(laid.entries)
    kept = n - laid.fetched
    print(said.say("export.done", folder=folder, n=n, fetched=laid.fetched, kept=kept))
    if laid.absent:
        print(said.say("export.absent", n=len(laid.absent)))
        for one in laid.absent:
            print(f"  {one.about.title}: {one.why}")
    if exported.index.leftovers:
        print(said.say("export.leftovers", n=len(exported.index.leftovers)))
