"""What is logged: in which shape, of whom, and without secrets."""

import io
import json
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from service.cli import events
from service.cli.logs import is_journal, log_to_stderr
from service.domain.redaction import redacted

TOKEN = "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJodHRwcyJ9.c2lnbmF0dXJl"
DOCS = Path(__file__).parents[3] / "docs"


class Stream:
    """What went to standard error, which is no terminal."""

    def __init__(self, captured: pytest.CaptureFixture[str]) -> None:
        self._captured = captured

    def text(self) -> str:
        return self._captured.readouterr().err

    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.text().splitlines()]


@pytest.fixture
def stderr(capsys: pytest.CaptureFixture[str]) -> Iterator[Stream]:
    """Logging is as it was afterwards."""
    before, hook = list(logging.getLogger().handlers), sys.excepthook
    yield Stream(capsys)
    structlog.reset_defaults()
    logging.getLogger().handlers[:] = before
    sys.excepthook = hook


# ---------------------------------------------------------------- redaction


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"Authorization: Bearer {TOKEN}", "Authorization: Bearer …"),
        (f"got {TOKEN} back", "got … back"),
        ("to anna.exempel@exempel.se at once", "to … at once"),
        ("users/anna.exempel%40exempel.se/events", "users/…/events"),
        ("https://x.logic.azure.com/workflows/7/run?sig=AbC", "https://x.logic.azure.com/…"),
        ("postgresql://natverk:hemligt@db/natverk", "postgresql://db/…"),
        ("a?sig=AbC&x=1", "a?sig=…&x=1"),
        ("client_secret=hemligt; next", "client_secret=…; next"),
        ("shares/u!aHR0cHM6Ly94L3k/driveItem", "shares/…/driveItem"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("teams/t/channels/19:abc@thread.tacv2", "teams/t/channels/19:abc@thread.tacv2"),
        ("403 accessDenied (request-id 0a1b)", "403 accessDenied (request-id 0a1b)"),
    ],
)
def test_what_must_not_leave_the_house(text: str, left: str) -> None:
    """Tokens, addresses of mail, what follows a host; ids, hosts and codes stay."""
    assert redacted(text) == left
    assert redacted(left) == left


# ---------------------------------------------------------------- shape


def test_json_where_nobody_looks_on(stderr: Stream) -> None:
    """An event a line, with its level, its time in UTC and what is bound."""
    log_to_stderr("info", "auto")
    with structlog.contextvars.bound_contextvars(network="natverk", job="x"):
        structlog.get_logger().warning("run_failed", error="Locked")
    structlog.get_logger().debug("not_asked_for")

    (line,) = stderr.lines()
    assert str(line.pop("timestamp")).endswith("Z")
    assert line == {
        "event": "run_failed",
        "level": "warning",
        "network": "natverk",
        "job": "x",
        "error": "Locked",
    }


def test_text_is_had_for_the_asking(stderr: Stream) -> None:
    """For people, whatever standard error is."""
    log_to_stderr("info", "text")
    structlog.get_logger().info("started", networks=["natverk"])

    said = stderr.text()
    assert "started" in said
    assert not said.startswith("{")


def test_the_journal_knows_the_level(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, stderr: Stream
) -> None:
    """Each line has its priority, and stays one line; the journal has the time itself."""
    file = tmp_path / "journal"
    with file.open("w", encoding="utf-8") as stream:
        found = os.fstat(stream.fileno())
        monkeypatch.setattr(sys, "stderr", stream)
        monkeypatch.setenv("JOURNAL_STREAM", f"{found.st_dev}:{found.st_ino}")
        assert is_journal(stream, os.environ)
        log_to_stderr("info", "auto")
        structlog.get_logger().warning("note", what="two\nlines")
        structlog.get_logger().info("stopped")
    assert stderr.text() == ""

    warned, told = file.read_text(encoding="utf-8").splitlines()
    assert warned.startswith("<4>[warning")
    assert told.startswith("<6>[info")
    assert not is_journal(io.StringIO(), os.environ)


def test_libraries_are_told_in_the_same_shape(stderr: Stream) -> None:
    """Redacted; and those that tell of every request only where they warn."""
    log_to_stderr("debug", "json")
    logging.getLogger("httpx").info("HTTP Request: PUT https://x.sharepoint.com/up?tempauth=1")
    logging.getLogger("msal.token_cache").warning("token %s of anna@exempel.se", TOKEN)

    (line,) = stderr.lines()
    assert (line["event"], line["logger"], line["level"]) == (
        "library",
        "msal.token_cache",
        "warning",
    )
    assert line["said"] == "token … of …"


def test_every_value_is_redacted(stderr: Stream) -> None:
    """However deep, whatever its type; numbers and ids stay as they are."""
    log_to_stderr("info", "json")
    structlog.get_logger().info(
        "run", did=3, of={"anna@exempel.se": [f"Bearer {TOKEN}"]}, at=Path("a")
    )

    (line,) = stderr.lines()
    assert (line["did"], line["of"], line["at"]) == (3, {"…": ["Bearer …"]}, "a")


def test_exceptions_tell_where_and_not_what(stderr: Stream) -> None:
    """Kind and lines, of the cause as well; neither their words nor the values of variables."""
    log_to_stderr("info", "json")
    secret = "Löner Anna.xlsx"

    def fails() -> None:
        raise ValueError(secret)

    try:
        try:
            fails()
        except ValueError as error:
            raise RuntimeError(f"cannot read {secret}") from error
    except RuntimeError as error:
        structlog.get_logger().critical("crashed", exc_info=error)
        sys.excepthook(type(error), error, error.__traceback__)

    said = stderr.text()
    told, crashed = (json.loads(line) for line in said.splitlines())
    assert told["error"] == crashed["error"] == "RuntimeError"
    assert "test_logs.py" in str(told["traceback"])
    assert " fails" in str(told["traceback"])
    assert "Löner" not in said


# ---------------------------------------------------------------- events


def test_the_page_of_events_is_the_codes() -> None:
    """Generated: `python -m service.cli.events > docs/reference/events.md`."""
    page = DOCS / "reference" / "events.md"
    assert page.read_text(encoding="utf-8") == events.reference()


def test_every_event_has_a_meaning() -> None:
    """And no meaning is left of an event that is gone; names are constant words."""
    found = {each.event for each in events.told()} | {"library"}
    assert found == events.MEANINGS.keys()
    assert all(name.replace("_", "").isalpha() and name.islower() for name in found)


def test_no_event_carries_what_errors_and_actions_say() -> None:
    """`str(error)` and `sentence(action)` name files, meetings and people."""
    source = Path(events.__file__).parents[1]
    calls = {each.path for each in events.told()}
    for path in calls:
        text = (source / path).read_text(encoding="utf-8")
        for line in text.splitlines():
            if "log." in line or line.strip().startswith(("what=", "said=", "why=")):
                assert "str(error)" not in line, path
                assert "sentence(" not in line, path
