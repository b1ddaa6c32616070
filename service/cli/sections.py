"""How `natverket` alone shows what there is: by what one is about to do, nothing cut short."""

from typing import TYPE_CHECKING

from typer.core import TyperGroup

if TYPE_CHECKING:
    # Typer carries its own Click, and exports its names nowhere.
    from typer._click.core import Context
    from typer._click.formatting import HelpFormatter

SECTIONS = {
    "Set up": ("settings", "check", "provision", "login", "teams-app"),
    "Run": ("run", "status", "jobs", "plan", "once"),
    "Meetings, files, posts, answers": ("meetings", "file", "posts", "survey"),
    "The year's documents": ("report", "export", "dispose", "import"),
    "Care": ("backup", "rebuild", "support"),
    "Without a tenant": ("demo", "sandbox"),
}


class Sectioned(TyperGroup):
    """The program's commands under headings."""

    def format_commands(self, ctx: "Context", formatter: "HelpFormatter") -> None:
        """Write each with the first paragraph of its help."""
        for heading, names in SECTIONS.items():
            with formatter.section(heading):
                there = [(name, self.get_command(ctx, name)) for name in names]
                formatter.write_dl([(name, _told(one.help or "")) for name, one in there if one])


def _told(text: str) -> str:
    return " ".join(text.partition("\n\n")[0].split())
