"""Every file of commands, by its name."""

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
    run,
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
    run,
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

__all__ = ["COMMANDS", "app"]
