"""`natverket support`: what a helper needs to know of an installation, and nothing of people."""

import hashlib
import hmac
import json
import os
import platform
import secrets
import sqlite3
import sys
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from importlib.metadata import distributions, version
from pathlib import Path
from typing import Annotated, Any

import typer

from service import errors, ports
from service.cli.app import app, chosen, until_done
from service.cli.words import DONE
from service.effects.steps import ERROR
from service.errors import CannotWrite
from service.from_state import from_state
from service.graph.clock import SystemClock
from service.jobs import JOBS
from service.ports import Effect, Run, Status
from service.settings import Settings, describe
from service.store import open_store
from service.workplace import Workplace

LIBRARIES = (
    *("alembic", "apscheduler", "cryptography", "httpx", "jinja2", "msal", "msgraph-sdk"),
    *("msgspec", "prometheus-client", "psycopg", "pydantic-settings", "sqlalchemy", "starlette"),
    *("structlog", "typer", "uvicorn"),
)
KINDS = frozenset(
    {"disposal-list", "disposal-receipt", "export", "file", "folder", "held", "plan", "present"}
    | {"relocate", "renew", "report", "retag", "room", "row", "sheet", "shown", "started"}
    | {"attendees", "unplaced", "v1"}
)
"""Beginnings of keys; what comes after names meetings and files."""
PHASES = frozenset({"", "stored", "id given", "seen"})
RUNS = 30
"""Of each job, the latest."""
CLASSES = frozenset(
    name
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, errors.NatverketError)
)
README = """\
What this is
============
Made by `natverket support` for whoever helps with an installation of Nätverket.
READ IT BEFORE YOU SEND IT: every file is short text.

In it
-----
program.json   versions of Nätverket, Python, the system and the libraries
settings.json  which settings are set; values of switches and numbers alone
state.json     kind, version and size of the state, and its times beside this machine's
runs.json      the last runs of every job: when, how they ended, how much they did
waiting.json   how many things were done and are waiting, of which kind, with which error

Not in it
---------
Names of people, mail addresses, titles of meetings, names of files and folders, addresses,
answers, words of posts and of errors, passwords, tokens, keys and links. Where two things have
to be told apart there is a code such as #3f9c2a61b0d4: the same thing has the same code in all
files of this pack and another in every other pack, and no code can be turned back.
"""


@dataclass(frozen=True)
class Coder:
    """Tells things apart without telling what they are; forgotten with the pack."""

    salt: bytes

    def code(self, text: str) -> str:
        """The same within one pack for the same text."""
        return "#" + hmac.new(self.salt, text.encode(), hashlib.sha256).hexdigest()[:12]


@app.command()
def support(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(help="The zip file; one that is there is written over.")
    ] = Path("natverket-support.zip"),
) -> None:
    """Pack what a helper needs, without personal data or secrets; read it before you send it."""
    until_done(_support(chosen(context).settings(), file))


async def _support(settings: Settings, file: Path) -> int:
    documents = await contents(settings, Coder(secrets.token_bytes(16)))
    try:
        _write(file, documents)
    except OSError as error:
        raise CannotWrite(str(file), error.strerror or "it cannot be written") from error
    print(f"{file}:")
    for name, text in documents.items():
        print(f"  {name:15} {len(text):7} characters")
    print("It holds no names, titles, addresses or secrets. Read it before you send it.")
    return DONE


async def contents(settings: Settings, coder: Coder) -> dict[str, str]:
    """The pack's files by name. Raises StateError."""
    told: dict[str, Any] = {
        "program.json": _program(),
        "settings.json": _settings(settings, coder),
        "state.json": _state(settings),
    }
    async with from_state(settings) as workplaces:
        told["runs.json"] = [await _runs(at, coder) for at in workplaces]
        told["waiting.json"] = [await _effects(at, coder) for at in workplaces]
        told["state.json"] |= await _times(workplaces)
    documents = {name: json.dumps(each, indent=1) + "\n" for name, each in told.items()}
    return {"README.txt": README, **documents}


def _write(file: Path, documents: Mapping[str, str]) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as out, zipfile.ZipFile(out, "w") as pack:
        for name, text in documents.items():
            pack.writestr(name, text, zipfile.ZIP_DEFLATED)


# ---------------------------------------------------------------- program and settings


def _program() -> dict[str, Any]:
    there = {each.name.lower(): each.version for each in distributions() if each.name}
    return {
        "natverket": version("natverket"),
        "python": sys.version.split()[0],
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "sqlite": sqlite3.sqlite_version,
        "libraries": {name: there.get(name) for name in LIBRARIES},
    }


def _settings(settings: Settings, coder: Coder) -> dict[str, Any]:
    networks = zip(settings.networks, _ids(settings, coder), strict=True)
    return {
        "installation": dict(_values(settings, coder)),
        "networks": {code: dict(_values(one, coder)) for one, code in networks},
    }


def _ids(settings: Settings, coder: Coder) -> Iterator[str]:
    return (coder.code(describe(one).id) for one in settings.networks)


def _values(model: Any, coder: Coder) -> Iterator[tuple[str, Any]]:
    """Numbers, switches and choices as they are; of every other, whether it is set."""
    for name in type(model).model_fields:
        if name not in ("networks", "notes"):
            yield name, _shown(getattr(model, name), coder)


def _shown(value: object, coder: Coder) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Enum):
        return value.value
    return coder.code(str(value)) if isinstance(value, str) else "set"


# ---------------------------------------------------------------- the state


def _state(settings: Settings) -> dict[str, Any]:
    url = settings.state_url.get_secret_value()
    store = open_store(url)
    try:
        return {
            "kind": url.partition(":")[0].partition("+")[0],
            "version": store.version,
            "rows": store.sizes(),
            "bytes": store.bytes_used(),
        }
    finally:
        store.close()


async def _times(workplaces: Iterable[Workplace]) -> dict[str, Any]:
    """A state that knows of times to come was written by a clock that went wrong."""
    moments, now = [], None
    for at in workplaces:
        now = at.clock.now()
        moments += [run.finished for run in await at.journal.runs()]
    machine = SystemClock().now()
    last = max(moments, default=None)
    return {
        "machine": machine.isoformat(timespec="seconds"),
        "last_run": last.isoformat(timespec="seconds") if last else None,
        "seconds_since_last_run": round((now - last).total_seconds()) if now and last else None,
        "zone_offset": machine.astimezone().strftime("%z"),
    }


async def _runs(at: Workplace, coder: Coder) -> dict[str, Any]:
    known = [job.name for job in JOBS]
    runs = await at.journal.runs()
    return {
        "network": coder.code(at.network.id),
        "jobs": {name: [_run(run) for run in runs if run.job == name][-RUNS:] for name in known},
        "outcomes": {
            name: dict(Counter(_outcome(run) for run in runs if run.job == name)) for name in known
        },
    }


def _run(run: Run) -> dict[str, Any]:
    return {
        "period": run.period.isoformat(),
        "started": run.started.isoformat(),
        "seconds": round((run.finished - run.started).total_seconds(), 1),
        "outcome": _outcome(run),
        "did": run.did,
        "says_why": bool(run.note),
    }


def _outcome(run: Run) -> str:
    return run.outcome if run.outcome in (ports.DONE, ports.IN_PART, ports.FAILED) else "?"


async def _effects(at: Workplace, coder: Coder) -> dict[str, Any]:
    effects = (await at.ledger.effects()).values()
    counts = Counter((_kind(one), one.status.value, _error(one)) for one in effects)
    waits = [one for one in effects if one.status not in (Status.DONE, Status.DROPPED)]
    return {
        "network": coder.code(at.network.id),
        "counts": [
            {"kind": kind, "status": status, "error": error, "n": n}
            for (kind, status, error), n in sorted(counts.items())
        ],
        "waiting": [_waiting(one, coder) for one in waits],
    }


def _waiting(effect: Effect, coder: Coder) -> dict[str, Any]:
    return {
        "what": coder.code(effect.key),
        "kind": _kind(effect),
        "status": effect.status.value,
        "phase": effect.phase if effect.phase in PHASES else "?",
        "error": _error(effect),
        "reason": coder.code(effect.reason) if effect.reason else "",
        "attempts": effect.attempts,
        "not_before": effect.not_before.isoformat() if effect.not_before else None,
        "created": effect.created.isoformat(),
        "updated": effect.updated.isoformat(),
    }


def _kind(effect: Effect) -> str:
    kind = effect.key.partition("/")[0]
    return kind if kind in KINDS else "other"


def _error(effect: Effect) -> str:
    said = str(effect.baseline.get(ERROR) or "")
    return said if said in CLASSES or not said else "other"
