"""Types a page's commands into shells, in order, as somebody does who follows it."""

import os
import re
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from tests.docs.shown import Block, blocks

_NAMED = re.compile(r"^# (\S+\.(?:py|toml|env|json))\n")
_PORT = re.compile(r"\b808[01]\b")
"""The ports that pages use, the daemon's page and the sandbox: others may be at them."""
_PATIENCE = 90
"""Seconds for which a block is typed again: it may be early, as the reader may."""


def environment() -> dict[str, str]:
    """As it is in a new terminal, with the installed program in reach."""
    plain = {key: text for key, text in os.environ.items() if not key.startswith("NATVERKET_")}
    return plain | {"PATH": f"{Path(sys.executable).parent}:{plain['PATH']}", "COLUMNS": "140"}


@dataclass
class Terminal:
    """One shell in which a block is left running; ends with the page."""

    process: "subprocess.Popen[str]"
    said: list[str] = field(default_factory=list)

    def until(self, start: str) -> None:
        """Read what it prints up to a line with these words."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line)
            if start in line:
                return
        raise AssertionError(f"it ended without {start!r}:\n{''.join(self.said)}")

    def end(self) -> None:
        self.process.terminate()
        rest, _ = self.process.communicate(timeout=60)
        self.said.append(rest)


class Reader:
    """Somebody with an empty folder and a page before them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.ports = {"8080": str(_free_port()), "8081": str(_free_port())}
        self._terminals: list[Terminal] = []
        self._shell = self._open(["bash"], stdin=subprocess.PIPE)

    def __enter__(self) -> "Reader":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for one in reversed(self._terminals):
            one.end()
        self._shell.terminate()
        self._shell.communicate(timeout=60)

    def follow(self, page: Path) -> dict[int, tuple[int, str]]:
        """Return the exit code and output of each block of commands, by its line."""
        answers, waiting = dict[int, tuple[int, str]](), None
        for block in blocks(page):
            text = _PORT.sub(lambda found: self.ports[found[0]], block.text)
            if block.kind == "sh terminal":
                waiting = self._leave_running(text)
            elif block.kind == "sh":
                answers[block.line] = self.type(text)
            elif block.kind == "sh again":
                answers[block.line] = self._type_until_well(text)
            elif block.kind == "text" and waiting is not None:
                waiting.until(text.splitlines()[0].removeprefix("…").split(":")[0].strip())
                waiting = None
            else:
                self._save(block, text)
        return answers

    def told(self) -> str:
        """What the terminals printed until they ended."""
        return "".join(line for one in self._terminals for line in one.said)

    def _leave_running(self, text: str) -> Terminal:
        terminal = Terminal(self._open(["bash", "-c", f"exec {text}"]))
        self._terminals.append(terminal)
        return terminal

    def _type_until_well(self, text: str) -> tuple[int, str]:
        latest = time.monotonic() + _PATIENCE
        while (answer := self.type(text))[0] and time.monotonic() < latest:
            self.type("sleep 1")
        return answer

    def type(self, text: str) -> tuple[int, str]:
        """Return the exit code of the last command, and what all of them printed."""
        assert self._shell.stdin is not None
        assert self._shell.stdout is not None
        self._shell.stdin.write(f"{text}\n__code=$?; echo; echo __done__ $__code\n")
        self._shell.stdin.flush()
        said = []
        for line in self._shell.stdout:
            if line.startswith("__done__ "):
                return int(line.split()[1]), "".join(said)
            said.append(line)
        raise AssertionError(f"the shell ended at\n{text}\n{''.join(said)}")

    def _save(self, block: Block, text: str) -> None:
        if block.kind in {"python", "toml"} and (named := _NAMED.match(text)):
            (self._folder / named.group(1)).write_text(text + "\n", encoding="utf-8")

    def _open(self, command: list[str], stdin: int | None = None) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            command,
            cwd=self._folder,
            env=environment()
            | {"NATVERKET_WEB_PORT": self.ports["8080"], "NATVERKET_LOG_FORMAT": "text"},
            stdin=stdin or subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
