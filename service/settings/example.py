"""The example environment file, made from the schema."""

from itertools import groupby

from service.settings.rows import Row, rows

HEAD = """\
# Nätverket: every setting, with its default. Made by `python -m service.settings`.
# Copy it to .env, fill in what is needed, and uncomment what is to differ.
# The environment wins over this file. A secret can be given as the path of a file that
# holds it, under the same name with _FILE at its end.
"""


def example() -> str:
    """Return the example: needed settings open and empty, the others as comments."""
    groups = groupby(rows(), key=lambda row: row.group)
    return HEAD + "".join(f"\n# ---- {group}\n{_section(list(of))}" for group, of in groups)


def _section(of: list[Row]) -> str:
    return "".join(f"\n# {_told(row)}\n{_line(row)}\n" for row in of)


def _told(row: Row) -> str:
    tail = " Needed." if row.needed else f" Default: {row.default}." if row.default else ""
    file = f" Or {row.name}_FILE." if row.secret else ""
    return f"{row.sentence}{tail}{file}"


def _line(row: Row) -> str:
    return f"{row.name}=" if row.needed else f"# {row.name}={row.default}"
