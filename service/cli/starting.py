"""From the console script to the commands that have been loaded."""

import sys

from service.cli.app import app
from service.cli.words import tell
from service.errors import NatverketError


def start() -> None:
    """Run the command line and end with its exit code."""
    try:
        app()
    except NatverketError as error:
        sys.exit(tell(error))
    except KeyboardInterrupt:
        sys.exit(130)
