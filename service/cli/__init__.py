"""The command line: thin. What goes wrong becomes words for people here, and only here."""

import sys
from importlib import import_module

ALONE = ("run",)
"""Commands in a file of their name, started often or for long: no other file is loaded."""


def main() -> None:
    """Run the command line and end with its exit code."""
    alone = next((name for name in ALONE if name in sys.argv[1:4]), None)
    import_module(f"service.cli.{alone}" if alone else "service.cli.main")
    # After those that add commands to it; the other way round nobody would be there.
    from service.cli.starting import start  # noqa: PLC0415

    start()


__all__ = ["main"]
