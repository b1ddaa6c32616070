"""
Every event that the service logs: `python -m service.cli.events > docs/reference/events.md`.

Name, level and keys are read from the code; what an event means stands here.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import service

MEANINGS = {
    "action_failed": "One action of a run failed and stepped aside; it is tried again, or waits "
    "for a person. Which file it was, the run's record tells (status page, `natverket file`).",
    "admin_need_ended": "What needed an administrator is over.",
    "admin_needed": "Something needs an administrator; told by card or mail too, where that is "
    "set.",
    "admins_not_told": "A way to the administrators refused; it is tried again.",
    "alarms_not_kept": "The state could not keep what administrators were told.",
    "budget": "The SharePoint units a minute that are taken to be allowed have changed.",
    "compared": "A source was listed whole; `drift` names the ids that its changes had not told.",
    "crashed": "A fault of the service ended it; `traceback` tells where. Report it.",
    "credential_changed": "A file that proves who the service is was replaced; it signs in anew.",
    "cut_off": "What was under way took longer than NATVERKET_STOP_SECONDS and was ended. The "
    "next start looks what came of it.",
    "delta_forbidden": "A library's changes may not be read; it is listed folder by folder.",
    "fault": "Something in the service itself is broken; `lines` tell where. Report it.",
    "graph_request": "A request to Microsoft 365. Refused ones at `info`, others at `debug`.",
    "holder_untold": "Another process holds the state, and its name could not be read.",
    "left_to_another": "Another process is running the job at this moment.",
    "library": "What a library of the service logs, as it says it, redacted.",
    "listening": "The page, health and metrics are served at this address.",
    "login_renewed": "An account's sign-in was used, and is good until the day named.",
    "not_done": "What belongs to no job (settings, notices) could not be done now.",
    "not_pruned": "Records of old runs could not be deleted; it is tried again tomorrow.",
    "note": "The settings leave something out; `natverket plan` shows the same notes.",
    "opened": "A network's places in Microsoft 365 have been found.",
    "paced": "Requests to a service wait, for its own pause or for our budget.",
    "page_failed": "The page could not be drawn, since the state cannot be read.",
    "page_pressed": "Somebody pressed a button of the page: who (as the proxy tells), what, where.",
    "page_sign_in_refused": "Somebody gave a wrong token.",
    "page_signed_in": "Somebody signed in to the page.",
    "ping_failed": "The dead-man's switch could not be called; told once until it works again.",
    "ping_works_again": "The dead-man's switch has been called again.",
    "run": "A run that did something, or failed at something, has ended.",
    "run_failed": "A run ended before it did anything; it is run again, ever later.",
    "run_not_kept": "A run's record could not be kept: the state cannot be written.",
    "settings_need": "A changed setting holds only from the next start.",
    "settings_refused": "Changed settings are not usable; those from before hold.",
    "settings_taken_over": "Changed settings hold from now on.",
    "shut": "A network, or the state, cannot be opened now; it is tried again ever later.",
    "sign_in_not_renewed": "An account's sign-in could not be used; posts in its name will fail.",
    "signed_in": "Entra ID gave a token that is good for so many seconds.",
    "started": "The daemon has started.",
    "stopped": "The daemon has ended as it was told to.",
    "stopping": "The daemon was told to stop; what is under way may end within so many seconds.",
    "unread": "Something could not be read; the run goes on without it, and ends in part.",
    "would": "In observe mode: an action that would be done. `natverket plan` tells which.",
}

BOUND = {
    "network": "id of the network, while a job runs",
    "job": "name of the job, while it runs",
    "run": "the occurrence that is run: the time at which it was due, UTC",
}
"""Keys that every event has that happens inside a run."""

_LEVELS = {"debug", "info", "warning", "error", "critical"}
_SOURCE = Path(service.__file__).parent
_OURS = {"exc_info": ("error", "traceback")}


@dataclass(frozen=True, kw_only=True)
class Told:
    """One call that logs."""

    event: str
    level: str
    keys: tuple[str, ...]
    path: str
    """Below the package."""


def told() -> tuple[Told, ...]:
    """Find every call that logs, outside the sandbox. Raises ValueError where one is no event."""
    return tuple(
        each
        for path in sorted(_SOURCE.rglob("*.py"))
        if "sandbox" not in path.relative_to(_SOURCE).parts
        for each in _told(path)
    )


def _told(path: Path) -> Iterator[Told]:
    below, text = path.relative_to(_SOURCE).as_posix(), path.read_text(encoding="utf-8")
    if "get_logger" not in text:
        return
    for node in ast.walk(ast.parse(text)):
        levels = _levels(node.func) if isinstance(node, ast.Call) else ()
        if not isinstance(node, ast.Call) or not levels:
            continue
        first = node.args[0] if len(node.args) == 1 else None
        if not isinstance(first, ast.Constant) or not isinstance(first.value, str):
            raise ValueError(f"{below}:{node.lineno} logs no constant event name")  # noqa: TRY004
        if any(word.arg is None for word in node.keywords):
            raise ValueError(f"{below}:{node.lineno} logs keys that are not named")
        keys = [_OURS.get(str(word.arg), (str(word.arg),)) for word in node.keywords]
        flat = tuple(key for each in keys for key in each)
        for level in levels:
            yield Told(event=first.value, level=level, keys=flat, path=below)


def _levels(function: ast.expr) -> tuple[str, ...]:
    """The levels at which a call logs; none where it does not."""
    match function:
        case ast.IfExp(body=body, orelse=orelse):
            return (*_levels(body), *_levels(orelse))
        case ast.Attribute(value=ast.Name(id="log" | "_log"), attr=level) if level in _LEVELS:
            return (level,)
        case ast.Attribute(value=ast.Call(func=of), attr=level) if level in _LEVELS:
            return (level,) if ast.unparse(of).endswith("get_logger") else ()
        case _:
            return ()


def reference() -> str:
    """Draw the page. Raises KeyError where an event has no meaning here."""
    found: dict[str, list[Told]] = {}
    for each in told():
        found.setdefault(each.event, []).append(each)
    lines = [_HEAD, "| event | level | keys | meaning |", "|---|---|---|---|"]
    for event, calls in sorted((found | {"library": [_LIBRARY]}).items()):
        levels = ", ".join(dict.fromkeys(call.level for call in calls))
        keys = ", ".join(dict.fromkeys(f"`{key}`" for call in calls for key in call.keys))
        lines.append(f"| `{event}` | {levels} | {keys} | {MEANINGS[event]} |")
    bound = "\n".join(f"- `{key}`: {meaning}" for key, meaning in BOUND.items())
    return "\n".join(lines) + f"\n\n## Inside a run\n\n{bound}\n"


_LIBRARY = Told(event="library", level="as given", keys=("logger", "said"), path="cli/logs.py")
_HEAD = """# Events

What the service writes to standard error, a line an event. Generated:
`python -m service.cli.events > docs/reference/events.md`.

`NATVERKET_LOG_FORMAT=auto` writes text to a terminal and to systemd's journal (each line with
its priority, so that `journalctl -p warning` chooses by level), and JSON elsewhere. Every line
has `timestamp` (UTC; in the journal the journal's own), `level` and `event`.

No event names people, files, meetings or answers, nor holds tokens or addresses that
authorise: ids stand for them. `error` is the class of an error and `said` its meaning, with
Graph's status, code and request id; `client_request_id` is what Microsoft's support asks for.
"""


if __name__ == "__main__":
    print(reference(), end="")
