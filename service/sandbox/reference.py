"""`python -m service.sandbox.reference` prints what the sandbox knows, for `docs/reference`."""

import ast
import dataclasses
import inspect
import re
import sys
import textwrap
from collections.abc import Iterable, Iterator
from typing import Any

from service.sandbox import acting, timeline
from service.sandbox.calls import TABLE
from service.sandbox.control import Control
from service.sandbox.decoding import hints_of, in_words, is_needed
from service.sandbox.entra.calls import DIRECTORY
from service.sandbox.every_switch import ALL
from service.sandbox.exchange.calls import CALENDAR
from service.sandbox.meetings.calls import MEETINGS
from service.sandbox.routes import Row
from service.sandbox.sharepoint.calls import FILES
from service.sandbox.switches import Switch
from service.sandbox.teams.calls import TEAMS
from service.sandbox.trouble import rates, script

_NOTES = re.compile(r"\s*\((?:graph-facts|issue) [^)]*\)|graph-facts [\d.]+ says that ")
"""Whence an answer was taken: of use beside the code, not to a reader of the table."""

_BY_ITEM = "/drives/{drive}/items/{item}"
_AT_ROOT = "/drives/{drive}/root"

_CALLS: tuple[tuple[str, tuple[Row, ...]], ...] = (
    ("Directory and grants on sites", DIRECTORY),
    ("Files, libraries and lists", FILES),
    ("Calendars and mail", CALENDAR),
    ("Online meetings", MEETINGS),
    ("Teams", TEAMS),
)

_ACTS = {
    "files": "Files and list rows",
    "calendar": "Calendars",
    "mail": "Mail",
    "meetings": "Online meetings",
    "teams": "Channels and flows",
    "surveys": "Forms",
    "entra": "Sign-ins and grants",
}

_TABLES = (
    (timeline.World, "The tenant itself: keys at the top of the file"),
    (timeline.Person, "`[[people]]`"),
    (timeline.App, "`[[apps]]`"),
    (timeline.Federated, "`federated` of an app"),
    (timeline.Channel, "`[[channels]]`"),
    (timeline.Site, "`[[sites]]`"),
)

_CONTROL = {
    ("GET", "clock"): "What time it is in the tenant.",
    ("POST", "clock"): "Moves the clock to `now`, forward only, and does what falls due.",
    ("GET", "requests"): "What was asked of the tenant. `?since=N` after number N, `?summary=1` "
    "only the counts, `?unknown=1` what was asked for and is not built.",
    ("GET", "faults"): "Every fault, how often it was met and which requests it struck.",
    ("POST", "faults"): "Arms one fault, or several as `fault`.",
    ("DELETE", "faults"): "Forgets all faults.",
    ("GET", "settings"): "Every switch and every limit, as they are now.",
    ("POST", "settings"): "Sets switches and limits by name; a limit is a number or null.",
    ("GET", "act"): "Every act with its fields.",
    ("POST", "act"): "Does `act` with its fields, now.",
    ("POST", "certificates"): "`client_id` and `pem`: lets the app sign in with that certificate.",
    ("GET", "tree"): "Everything in the libraries, with columns. `?drive=Name` for one.",
    ("GET", "flows"): "The run history of every flow. `?flow=ID` for one.",
    ("GET", "waiting"): "Acts of the seed that have not happened yet.",
}


def reference() -> str:
    """The whole page, as Markdown."""
    parts = (_head(), _calls(), _switches(), _limits(), _acts(), _faults(), _seed(), _control())
    return "\n".join(line for part in parts for line in part).rstrip("\n") + "\n"


def routes() -> tuple[tuple[str, str], ...]:
    """Method and name of every control route, in the order of the source."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(Control.answer)))
    tables = [node for node in ast.walk(tree) if isinstance(node, ast.Dict)]
    pairs = [ast.literal_eval(key) for key in tables[0].keys if key is not None]
    return tuple((method, name) for method, name in pairs)


def _head() -> Iterator[str]:
    yield "# The sandbox, in tables"
    yield ""
    yield "Written by `python -m service.sandbox.reference`: change the code, not this page. How to"
    yield "use it is told in [Try it without a tenant](../howto/try-without-a-tenant.md)."
    yield ""


def _calls() -> Iterator[str]:
    grouped = {id(row) for _, rows in _CALLS for row in rows}
    rest = tuple(row for row in TABLE if id(row) not in grouped)
    yield "## Calls"
    yield ""
    yield "Templates stand below `/v1.0`. *Units* are SharePoint's resource units, which count only"
    yield "below `/drives`, `/sites` and `/shares`; a delta without token costs one more. What is"
    yield f"written for `{_BY_ITEM}` is also"
    yield f"answered on `{_AT_ROOT}`, by path (`root:/a/b:/children`), and below"
    yield "`/sites/{site}/drive`, `/users/{user}/drive` and `/me/drive`. `POST /$batch` takes up to"
    yield "20 of them. A channel's messages are there below `/beta` too, where they may mention a"
    yield "tag. A path that is not here is refused and listed as asked for, not built."
    yield ""
    for title, rows in (*_CALLS, ("Refused to an app by itself, not built for a person", rest)):
        yield from _section(title)
        yield from _table(("method", "template", "units", "answer"), _lines(rows))


def _lines(rows: tuple[Row, ...]) -> Iterator[tuple[str, ...]]:
    by_item = {(row.method, row.template) for row in rows}
    for row in rows:
        twin = row.template.replace(_AT_ROOT, _BY_ITEM, 1)
        if row.template.startswith(_AT_ROOT) and (row.method, twin) in by_item:
            continue
        answer = "refused" if row.handler.__name__ == "_unreachable" else row.type or "–"
        yield row.method, f"`{row.template}`", str(row.cost), answer


def _switches() -> Iterator[str]:
    yield "## Switches"
    yield ""
    yield "Open questions about the real service. The first value is the default. Set them in a"
    yield "seed's `[switches]` or with `POST /_sandbox/settings`."
    yield ""
    yield from _table(
        ("switch", "values", "question"),
        ((f"`{each.name}`", _values(each), _NOTES.sub("", each.about)) for each in ALL.values()),
    )


def _values(switch: Switch) -> str:
    return ", ".join(f"`{value}`" for value in switch.values)


def _limits() -> Iterator[str]:
    yield "## Limits"
    yield ""
    yield "Kept when the switch `limits` is `on`, or when one has been given a number with"
    yield "`POST /_sandbox/settings`. Where the number depends on the licences it is that of the"
    yield "smallest tier. Requests at one time are always counted."
    yield ""
    rows = [
        (f"`{limit.name}`", str(limit.most("1000")), f"{limit.seconds:g}") for limit in rates.LIMITS
    ]
    rows.append((f"`{rates.AT_ONCE}`", str(rates.MOST_AT_ONCE), "at one time"))
    yield from _table(("limit", "most", "seconds"), rows)


def _acts() -> Iterator[str]:
    yield "## Acts"
    yield ""
    yield "What people do: `[[acts]]` of a seed, which need an `at`, or `POST /_sandbox/act`, which"
    yield "does it now. A field in **bold** is needed."
    yield ""
    kinds = acting.kinds()
    for module, title in _ACTS.items():
        yield from _section(title)
        for told in acting.known():
            if kinds[told["act"]].__module__.rpartition(".")[2] == module:
                yield f"**{told['act']}**. {_one_line(told['about'])}".rstrip(". ") + "."
                yield ""
                yield from _table(("field", "what it takes", ""), _told(told["fields"]))


def _told(fields: Iterable[dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    for field in fields:
        if field["name"] != "at":
            name = f"**`{field['name']}`**" if field["needed"] else f"`{field['name']}`"
            yield name, field["type"], _one_line(field["about"])


def _faults() -> Iterator[str]:
    yield "## Faults"
    yield ""
    yield "The keys of a `[[fault]]`, in a file for `--faults` or as JSON to"
    yield "`POST /_sandbox/faults`."
    yield ""
    for paragraph in (inspect.getdoc(script) or "").split("\n\n")[1:]:
        yield paragraph
        yield ""
    yield from _table(("key", "what it takes"), _keys(script._Script, ""))


def _keys(kind: type[Any], above: str) -> Iterator[tuple[str, ...]]:
    hints = hints_of(kind)
    for field in dataclasses.fields(kind):
        name = above + field.name.removesuffix("_")
        if dataclasses.is_dataclass(hints[field.name]):
            yield from _keys(hints[field.name], f"{name}.")
        else:
            hint = hints[field.name]
            yield f"`{name}`", "text or a table" if hint is Any else in_words(hint)


def _seed() -> Iterator[str]:
    yield "## Seeds"
    yield ""
    yield "The keys of a seed file; `[[acts]]` are told above. A key in **bold** is needed."
    yield ""
    for kind, title in _TABLES:
        yield from _section(title)
        notes = dict(acting._notes(kind))
        hints = hints_of(kind)
        fields: list[dict[str, Any]] = [
            {"name": each.name, "needed": is_needed(each), "about": notes.get(each.name, "")}
            for each in dataclasses.fields(kind)
        ]
        told = ({**each, "type": in_words(hints[each["name"]])} for each in fields)
        yield from _table(("key", "what it takes", ""), _told(told))


def _control() -> Iterator[str]:
    yield "## Control"
    yield ""
    yield "Below `/_sandbox/`, without a token: it listens on loopback only. `/_sandbox/` itself"
    yield "is the page, for people."
    yield ""
    rows = ((method, f"`{name}`", _CONTROL[method, name]) for method, name in routes())
    yield from _table(("method", "route", ""), rows)


def _section(title: str) -> tuple[str, ...]:
    return (f"### {title}", "")


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    escaped = ([cell.replace("|", r"\|") for cell in row] for row in rows)
    lines = [f"| {' | '.join(row)} |" for row in escaped]
    if lines:
        yield f"| {' | '.join(head)} |"
        yield f"|{'---|' * len(head)}"
        yield from lines
        yield ""


def _one_line(text: str) -> str:
    return " ".join(_NOTES.sub("", text).split())


if __name__ == "__main__":
    sys.stdout.write(reference())
