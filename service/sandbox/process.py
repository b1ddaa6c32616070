"""Starts the sandbox as a process of its own and waits until it can be reached."""

import contextlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO

from service.sandbox import env_file

_PATIENCE = 60.0
_POLL = 0.01


class NotStartedError(Exception):
    """The sandbox ended before it listened."""


class Sandbox:
    """
    A running sandbox; `with Sandbox(seed="example", directory=…) as sandbox`.

    It ends when the `with` block does, and also when this process dies.
    """

    def __init__(  # noqa: PLR0913 - what a command line may say
        self,
        *,
        seed: str = "example",
        directory: Path,
        port: int = 0,
        http_port: int | None = None,
        reset: bool = False,
        discard: bool = False,
        faults: Path | None = None,
        switches: Sequence[str] = (),
    ) -> None:
        """
        `seed` is a name, `file.toml` or `file.py:function`; `faults` a fault script; each of
        `switches` reads `NAME=VALUE`.
        """
        self.seed = seed
        self.directory = directory
        self.port = port
        self.http_port = http_port
        self.reset = reset
        self.discard = discard
        self.faults = faults
        self.switches = switches
        self.env_file = directory / "sandbox.env"
        self.exit_code: int | None = None
        """Of the process that was stopped last."""
        self._process: subprocess.Popen[bytes] | None = None
        self._errors: IO[bytes] | None = None

    def __enter__(self) -> "Sandbox":
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Returns when every port listens. Raises NotStartedError with what the process said."""
        self.directory.mkdir(parents=True, exist_ok=True)
        self.env_file.unlink(missing_ok=True)
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            self._command(), stdin=subprocess.PIPE, stderr=self._errors
        )
        deadline = time.monotonic() + _PATIENCE
        while not self.env_file.exists():
            if self._process.poll() is not None or time.monotonic() > deadline:
                said = self._said()
                self.stop()
                raise NotStartedError(said)
            time.sleep(_POLL)

    def _command(self) -> list[str]:
        command = [sys.executable, "-m", "service.sandbox", "--seed", self.seed]
        command += ["--dir", str(self.directory), "--port", str(self.port), "--until-eof"]
        command += ["--write-env", str(self.env_file)]
        if self.http_port is not None:
            command += ["--http-port", str(self.http_port)]
        if self.discard:
            command.append("--discard")
        if self.faults is not None:
            command += ["--faults", str(self.faults)]
        for switch in self.switches:
            command += ["--set", switch]
        return [*command, "--reset"] if self.reset else command

    def _said(self) -> str:
        assert self._errors is not None
        self._errors.seek(0)
        return self._errors.read().decode("utf-8", "replace")

    def stop(self) -> str:
        """Ends it cleanly and gives what it said; one that does not listen to that is killed."""
        if self._process is None:
            return ""
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdin:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.close()
        self.exit_code = self._process.returncode
        said = self._said()
        if self._errors:
            self._errors.close()
        self._process = None
        return said

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def env(self) -> Mapping[str, str]:
        """The settings to reach it, as in its environment file."""
        return env_file.read(self.env_file)

    @property
    def url(self) -> str:
        """Of Graph and the sign-in service, without `/v1.0`."""
        return self.env["NATVERKET_GRAPH_URL"]

    @property
    def http_url(self) -> str:
        """The same over plain http, where `http_port` was given."""
        for line in self.env_file.read_text(encoding="utf-8").splitlines():
            if line.startswith("# HTTP_URL="):
                return line.partition("=")[2]
        raise NotStartedError("The sandbox was started without http_port.")

    @property
    def ca_file(self) -> Path:
        return Path(self.env["NATVERKET_CA_FILE"])
