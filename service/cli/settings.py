"""What is set, and where each value comes from; also where the settings are not usable."""

import json
from typing import Annotated

import typer

from service.cli.app import app, chosen
from service.cli.looking import AsJson
from service.cli.words import DONE, WRONG_USE
from service.settings import Listed, Reading, listed, read


@app.command()
def settings(
    context: typer.Context,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Also what has its default.")] = False,
    as_json: AsJson = False,
) -> None:
    """What is set and where each value comes from; secrets are not shown."""
    reading = read(chosen(context).env_file)
    found = listed(reading, everything=everything)
    print(document_of(found, reading) if as_json else "\n".join(_lines(found, reading)))
    raise typer.Exit(WRONG_USE if reading.problems else DONE)


def document_of(found: tuple[Listed, ...], reading: Reading) -> str:
    """Secrets have no value; `file` and `line` tell where the value stands."""
    document = {
        "settings": [
            {
                "name": one.name,
                "value": None if one.secret else one.shown,
                "secret": one.secret,
                "source": one.source.kind,
                "file": None if one.source.file is None else str(one.source.file),
                "line": one.source.line,
                "network": None if one.network is None else str(one.network),
            }
            for one in found
        ],
        "problems": reading.problems,
        "notes": reading.merged.notes,
    }
    return json.dumps(document, ensure_ascii=False, indent=1)


def _lines(found: tuple[Listed, ...], reading: Reading) -> list[str]:
    name = max((len(one.name) for one in found), default=0)
    shown = min(max((len(one.shown) for one in found), default=0), 50)
    lines, network = [], None
    for one in found:
        if one.network != network:
            network = one.network
            lines += ["", f"{network}:"]
        lines.append(f"{one.name:{name}}  {one.shown:{shown}}  {one.source}".rstrip())
    lines += [f"note: {note}" for note in reading.merged.notes]
    if reading.problems:
        lines += ["", "these settings are not usable:"]
        lines += [f"  · {problem}" for problem in reading.problems]
    return lines
