"""The console script: every file of commands, by its name."""

import sys

from service.cli import (
    backup,
    check,
    dispose,
    export,
    filing,
    login,
    looking,
    meetings,
    posts,
    provision,
    rebuild,
    report_annual,
    report_plan,
    reports,
    running,
    settings,
    status,
    support,
    survey_place,
    survey_show,
    surveys,
    teams_app,
    trying,
)
from service.cli.app import app
from service.cli.words import tell
from service.errors import NatverketError

COMMANDS = (
    backup,
    check,
    dispose,
    export,
    filing,
    login,
    looking,
    meetings,
    posts,
    provision,
    rebuild,
    report_annual,
    report_plan,
    reports,
    running,
    settings,
    status,
    support,
    survey_place,
    survey_show,
    surveys,
    teams_app,
    trying,
)
"""Each adds its commands when it is imported."""


def main() -> None:
    """Run the command line and end with its exit code."""
    try:
        app()
    except NatverketError as error:
        sys.exit(tell(error))
    except KeyboardInterrupt:
        sys.exit(130)
