"""The command line: thin. What goes wrong becomes words for people here, and only here."""

from service.cli.main import main

__all__ = ["main"]
