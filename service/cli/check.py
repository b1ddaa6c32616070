"""Whether everything is granted and set: the admin's command."""

import json
import textwrap
from collections import Counter
from collections.abc import Iterable
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from service.checking.whole import Part, names
from service.checking.whole import check as carry_out
from service.cli.app import app, chosen, until_done
from service.cli.logs import log_to_stderr
from service.cli.looking import AsJson
from service.cli.words import DONE, FAILED, WRONG_USE
from service.domain.check import Finding, Remedy, Verdict
from service.domain.check.tiers import tier
from service.settings import Settings

MARKS = {
    Verdict.OK: ("✓", "green"),
    Verdict.FAILED: ("✗", "bold red"),
    Verdict.WARNING: ("!", "yellow"),
    Verdict.UNUSED: ("–", "dim"),
    Verdict.UNTRIED: ("–", "dim"),
}
NAME = 17
"""Letters of the longest name, "posts by workflow"."""
MARGIN = 3 + NAME + 1
NARROWEST = 50
PIPED = 100
"""Columns where nobody says how many there are."""


@app.command()
def check(
    context: typer.Context,
    checks: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME]...", help="Only these, or those that begin so."),
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Prove every right and setting by harmless use; name what mends each that fails."""
    unknown = [typed for typed in checks or () if not _named(typed)]
    if unknown:
        typer.echo(f"natverket: no check is called {', '.join(unknown)}", err=True)
        typer.echo(f"           Checks: {', '.join(names())}.", err=True)
        raise typer.Exit(WRONG_USE)
    wanted = [name for typed in checks or [""] for name in _named(typed)]
    settings = chosen(context).settings()
    if settings.log_level == "info":
        # What is refused here is refused on purpose, or told of as a finding.
        log_to_stderr("warning", settings.log_format)
    until_done(_check(settings, frozenset(wanted), as_json=as_json, whole=not checks))


def _named(typed: str) -> list[str]:
    return [name for name in names() if name.startswith(typed)]


async def _check(settings: Settings, wanted: frozenset[str], *, as_json: bool, whole: bool) -> int:
    page = _Page(Console(highlight=False, soft_wrap=True), headings=len(settings.networks) > 1)
    parts = await carry_out(settings, wanted, page.silent if as_json else page.tell)
    verdicts = Counter(finding.verdict for part in parts for finding in part.findings)
    if as_json:
        print(json.dumps(object_of(parts), ensure_ascii=False, indent=1))
    else:
        page.end(verdicts, parts, whole=whole)
    return FAILED if verdicts[Verdict.FAILED] else DONE


class _Page:
    """What is printed, line by line as it comes."""

    def __init__(self, console: Console, *, headings: bool) -> None:
        self._console = console
        width = console.width if console.is_terminal else PIPED
        self._width = max(width, NARROWEST)
        self._headings = headings
        self._network = ""
        self._name = ""

    def silent(self, network: str, finding: Finding) -> None:
        """Keep quiet: all is told at the end."""

    def tell(self, network: str, finding: Finding) -> None:
        if network != self._network and self._headings:
            self._console.print(f"\n {network}", style="bold")
        self._network = network
        mark, style = MARKS[finding.verdict]
        first, *rest = self._wrapped(finding.said)
        self._console.print(Text.assemble(" ", (mark, style), f" {finding.name:{NAME}} ", first))
        for line in rest:
            self._console.print(" " * MARGIN + line, markup=False)
        if finding.remedy is not None and finding.verdict is not Verdict.UNUSED:
            self._mend(finding.name, finding.remedy)

    def end(self, verdicts: Counter[Verdict], parts: Iterable[Part], *, whole: bool) -> None:
        counted = (
            (Verdict.OK, "✓"),
            (Verdict.FAILED, "✗"),
            (Verdict.WARNING, "!"),
            (Verdict.UNTRIED, "not tried"),
            (Verdict.UNUSED, "not used"),
        )
        told = [f"{verdicts[verdict]} {word}" for verdict, word in counted if verdicts[verdict]]
        self._console.print(f"\n {' · '.join(told)}", markup=False)
        general, *own = parts
        for part in own if whole else ():
            runs, further = tier((*general.findings, *part.findings))
            name = f"{part.network}: " if self._headings else ""
            for line in self._wrapped(f"{name}what runs: {runs}", margin=1):
                self._console.print(f" {line}", markup=False)
            for line in self._wrapped(f"next: {further}", margin=1) if further else ():
                self._console.print(f" {line}", markup=False)

    def _mend(self, name: str, remedy: Remedy) -> None:
        indent = " " * MARGIN
        for line in self._wrapped(f"As {remedy.who}:"):
            self._console.print(indent + line, markup=False)
        for step in remedy.steps:
            # Not wrapped: it is to be pasted as it is.
            self._console.print(f"{indent}  {step}", markup=False)
        if remedy.takes:
            again = f"run `natverket check {_typed(name)}` again then."
            for line in self._wrapped(f"Takes {remedy.takes} to work; {again}"):
                self._console.print(indent + line, markup=False)

    def _wrapped(self, text: str, margin: int = MARGIN) -> list[str]:
        width = self._width - margin - 1
        return textwrap.wrap(text, width, break_on_hyphens=False, break_long_words=False) or [""]


def _typed(name: str) -> str:
    """A name as the shell takes it."""
    return f"'{name}'" if " " in name else name


def object_of(parts: Iterable[Part]) -> dict[str, object]:
    general, *own = parts
    return {
        "installation": [_finding(one) for one in general.findings],
        "networks": [
            {
                "name": part.network,
                "findings": [_finding(one) for one in part.findings],
                "runs": tier((*general.findings, *part.findings))[0],
                "next": tier((*general.findings, *part.findings))[1],
            }
            for part in own
        ],
    }


def _finding(finding: Finding) -> dict[str, object]:
    remedy = finding.remedy
    return {
        "check": finding.name,
        "verdict": finding.verdict.value,
        "said": finding.said,
        "remedy": None
        if remedy is None
        else {"who": remedy.who, "steps": list(remedy.steps), "takes": remedy.takes},
    }
