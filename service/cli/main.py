"""Every file of commands: one line each."""

from importlib import import_module

from service.cli.app import app

COMMANDS = (
    "backup",
    "check",
    "dispose",
    "export",
    "filing",
    "login",
    "looking",
    "meetings",
    "posts",
    "provision",
    "rebuild",
    "report_annual",
    "report_plan",
    "reports",
    "run",
    "running",
    "settings",
    "status",
    "support",
    "survey_place",
    "survey_show",
    "surveys",
    "teams_app",
    "trying",
)
"""Each adds its commands to the app when it is imported."""

for name in COMMANDS:
    import_module(f"service.cli.{name}")

__all__ = ["COMMANDS", "app"]
