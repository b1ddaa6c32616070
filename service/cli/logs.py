"""
Logging: events with typed keys, to standard error, without secrets.

What other libraries log goes the same way. Whoever logs leaves personal data out; every value
passes `redacted` all the same, as the last line of defence. Exceptions are told by their
lines, never by the values of their variables.
"""

import logging
import os
import sys
import traceback
from collections.abc import Mapping
from types import TracebackType
from typing import TextIO, cast

import structlog

from service.domain.redaction import redacted

_PRIORITIES = {"debug": 7, "info": 6, "warning": 4, "error": 3, "critical": 2}
"""Of syslog, as the journal reads them before a line: sd-daemon(3)."""
_QUIET = ("apscheduler", "httpcore", "httpx", "msal", "urllib3", "uvicorn", "kiota_http")
"""Libraries that tell of every request, with its address."""


def log_to_stderr(level: str, style: str) -> None:
    """Set logging up once; `style` is `auto`, `text` or `json`."""
    in_journal = is_journal(sys.stderr, os.environ)
    text = style == "text" or (style == "auto" and (in_journal or sys.stderr.isatty()))
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            *([] if in_journal else [structlog.processors.TimeStamper(fmt="iso", utc=True)]),
            _told,
            _redact,
            _as_text(in_journal=in_journal) if text else structlog.processors.JSONRenderer(),
            *([_with_priority] if in_journal else []),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[level.upper()]
        ),
        logger_factory=structlog.PrintLoggerFactory(file=cast(TextIO, _StandardError())),
        cache_logger_on_first_use=False,
    )
    _take_in_libraries()
    if not sys.stderr.isatty():
        sys.excepthook = _crashed


def is_journal(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Tell whether a stream leads into systemd's journal: JOURNAL_STREAM, systemd.exec(5)."""
    try:
        found = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return False
    return environment.get("JOURNAL_STREAM") == f"{found.st_dev}:{found.st_ino}"


# ---------------------------------------------------------------- from event to line


def _told(_: object, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Exceptions as lines: of a traceback only where, and what kind."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    elif isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["traceback"] = _lines(error)
    return event


def _lines(error: BaseException) -> str:
    """Where it passed through, without what it says: that may quote what was read."""
    parts = [
        f"{type(each).__name__}: {_path(each.__traceback__)}" for each in reversed(_chain(error))
    ]
    return " then ".join(parts)


def _chain(error: BaseException) -> list[BaseException]:
    found = [error]
    while (cause := found[-1].__cause__ or found[-1].__context__) and cause not in found:
        found.append(cause)
    return found


def _path(trace: TracebackType | None) -> str:
    frames = traceback.extract_tb(trace)
    return " > ".join(f"{os.path.basename(f.filename)}:{f.lineno} {f.name}" for f in frames)


def _redact(_: object, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return {key: _without_secrets(value) for key, value in event.items()}


def _without_secrets(value: object) -> object:
    match value:
        case bool() | int() | float() | None:
            return value
        case Mapping():
            return {redacted(str(key)): _without_secrets(each) for key, each in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_without_secrets(each) for each in value]
        case _:
            return redacted(str(value))


def _as_text(*, in_journal: bool) -> structlog.typing.Processor:
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty() and not in_journal)


def _with_priority(_: object, name: str, line: structlog.typing.EventDict) -> str:
    """Put the level before a line as the journal reads it; a line stays one."""
    priority = _PRIORITIES.get(name, _PRIORITIES["info"])
    return f"<{priority}>" + str(line).replace("\n", " ")


class _StandardError:
    """Whatever standard error is at that moment: bars stand there, and lines go above them."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


# ---------------------------------------------------------------- what libraries say


class _Library(logging.Handler):
    """Passes on what a library logs, as an event of ours."""

    def emit(self, record: logging.LogRecord) -> None:
        log = structlog.get_logger()
        level = record.levelname.lower()
        tell = getattr(log, level if level in _PRIORITIES else "info")
        error = record.exc_info[1] if record.exc_info else None
        tell("library", logger=record.name, said=record.getMessage(), exc_info=error)


def _crashed(_: type[BaseException], error: BaseException, __: TracebackType | None) -> None:
    """Tell what ends the process as an event: Python would print what the error says."""
    structlog.get_logger().critical("crashed", exc_info=error)


def _take_in_libraries() -> None:
    root = logging.getLogger()
    for handler in [each for each in root.handlers if isinstance(each, _Library)]:
        root.removeHandler(handler)
    root.addHandler(_Library())
    root.setLevel(logging.WARNING)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
