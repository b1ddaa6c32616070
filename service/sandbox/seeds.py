"""Finds a seed by name, in a TOML file, or by the function that makes it."""

import importlib
import importlib.util
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from service.sandbox import seed_file
from service.sandbox.store import tables_mark
from service.sandbox.timeline import Seed


class OtherSeedError(Exception):
    """The directory holds a tenant of another seed, or of another version of the sandbox."""


class UnknownSeedError(Exception):
    """There is no seed of that name."""


def seed_for(name: str, directory: Path, *, reset: bool) -> Seed:
    """
    The seed, laid around the day on which the directory was first served, so that a restart
    finds the same story. `name` may be `file.toml`, `module:function` or `file.py:function`; the
    function takes nothing. Raises OtherSeedError and BadFileError.
    """
    kept = directory / "seed.json"
    today = datetime.now(UTC).date()
    if kept.exists() and not reset:
        held = json.loads(kept.read_text())
        if held["seed"] != name:
            raise OtherSeedError(
                f"{directory} holds the seed {held['seed']}; use --reset to clear it."
            )
        if held.get("tables") != tables_mark():
            raise OtherSeedError(
                f"{directory} was kept by another version of the sandbox; use --reset to clear it."
            )
        today = date.fromisoformat(held["today"])
    seed = _load(name, today)
    directory.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps({"seed": name, "today": today.isoformat(), "tables": tables_mark()}))
    return seed


def _load(name: str, today: date) -> Seed:
    if name.endswith(".toml"):
        return seed_file.load(Path(name))
    if ":" in name:
        return _function(name)()
    module = importlib.import_module("service.sandbox.seed")
    if name not in module.NAMES:
        raise UnknownSeedError(
            f"No seed is called {name}. Expected: {', '.join(module.NAMES)}, a file.toml or "
            "file.py:function."
        )
    seed: Seed = module.load(name, today=today)
    return seed


def _function(name: str) -> Callable[[], Seed]:
    place, _, function = name.rpartition(":")
    if place.endswith(".py"):
        spec = importlib.util.spec_from_file_location(Path(place).stem, place)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    else:
        module = importlib.import_module(place)
    made: Callable[[], Seed] = getattr(module, function)
    return made
