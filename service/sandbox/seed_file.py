"""
A seed as a file: the fields of a `World`, and `[[acts]]`.

`config/seeds/sandbox-example.toml` shows one with comments. What is malformed is refused with
file and line before anything is started.
"""

from datetime import datetime
from pathlib import Path
from typing import Any

from service.sandbox import acting, toml_file
from service.sandbox.decoding import MalformedError, decoded
from service.sandbox.every_switch import ALL
from service.sandbox.timeline import Seed, World


def load(path: Path) -> Seed:
    """Raises BadFileError."""
    tables, text = toml_file.read(path)
    try:
        return _seed(tables)
    except MalformedError as error:
        raise toml_file.blamed(path, text, error) from error


def _seed(tables: dict[str, Any]) -> Seed:
    acts = tables.pop("acts", [])
    world: World = decoded(World, tables)
    _check(world)
    if not isinstance(acts, list):
        raise MalformedError(("acts",), "it is no list", "[[acts]] tables")
    read = [acting.read(table, ("acts", n)) for n, table in enumerate(acts)]
    return Seed(world=world, acts=tuple(sorted(read, key=_at)))


def _at(act: Any) -> datetime:
    at: datetime = act.at
    return at


def _check(world: World) -> None:
    """What the types do not say."""
    for name, value in world.switches.items():
        switch = ALL.get(name)
        if switch is None:
            raise MalformedError(
                ("switches", name), "there is no such switch", f"one of {', '.join(sorted(ALL))}"
            )
        if value not in switch.values:
            expected = f"one of {', '.join(switch.values)}"
            raise MalformedError(("switches", name), f"{value!r} is no answer", expected)
    addresses = [person.mail.casefold() for person in world.people]
    if world.mailbox.casefold() not in addresses:
        raise MalformedError(
            ("mailbox",), f"nobody has {world.mailbox!r}", "the address of one of the people"
        )
    if not world.apps:
        raise MalformedError(("apps",), "there is none", "at least one [[apps]] table")
    for kind, ids in (
        ("people", [person.id for person in world.people]),
        ("apps", [app.client_id for app in world.apps]),
        ("channels", [channel.id for channel in world.channels]),
        ("sites", [site.key for site in world.sites]),
    ):
        for n, each in enumerate(ids):
            if each in ids[:n]:
                raise MalformedError((kind, n), f"{each!r} is there twice", "an id of its own")
