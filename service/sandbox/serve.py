"""Puts the tenant on its ports and keeps it there until it is told to stop."""

import asyncio
import contextlib
import shutil
import signal
import socket
import ssl
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import uvicorn
import uvloop
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from service.sandbox import environment
from service.sandbox.calls import TABLE
from service.sandbox.certificates import server_context
from service.sandbox.entra import managed
from service.sandbox.entra.identity import Identity
from service.sandbox.entra.tokens import Signer
from service.sandbox.env_file import write as write_env_file
from service.sandbox.every_switch import ALL
from service.sandbox.gate import Gate
from service.sandbox.routes import Routes
from service.sandbox.sharepoint.sites import lay_site
from service.sandbox.sharepoint.transfers import BytesServer
from service.sandbox.story import Story
from service.sandbox.teams.connectors import connector_url
from service.sandbox.teams.workflows import webhook_url
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import Seed
from service.sandbox.trouble.faults import Fault

_KEEP_ALIVE = 600


def serve(  # noqa: PLR0913 - what a command line may say
    seed: Seed,
    *,
    directory: Path,
    port: int = 0,
    http_port: int | None = None,
    env_file: Path | None = None,
    reset: bool = False,
    discard: bool = False,
    network_env: Mapping[str, str] | None = None,
    faults: Sequence[Fault] = (),
    switches: Mapping[str, str] | None = None,
    stop: threading.Event | None = None,
) -> None:
    """
    Serves until SIGTERM or SIGINT, or until `stop` is set where it runs in a thread.

    `directory` keeps the state; on a directory that was served before it goes on from there,
    unless `reset`. `port` 0 takes any; `http_port` opens plain http as well. `env_file` is
    written when everything listens; `network_env` is added to it. `discard` keeps no bytes of
    upload sessions: for benchmarks. `faults` are armed from the start; those that were never met
    are told of at the end. `switches` are answers to open questions, by name.
    """
    directory.mkdir(parents=True, exist_ok=True)
    if reset:
        clear(directory)
    tenant = Tenant(seed.world, directory)
    tenant.blobs.discard = discard
    gate, story = build(tenant, seed, key_file=directory / "token.key")
    story.begin()
    for name, value in (switches or {}).items():
        ALL[name].set(tenant, value)
    gate.arm(*faults)
    listeners = _Listeners(gate, directory, port, http_port)

    def announce() -> None:
        if env_file is not None:
            values = environment.settings(tenant, listeners.base, directory)
            write_env_file(
                env_file, {**values, **(network_env or {})}, _comments(tenant, listeners)
            )
        page = f"{listeners.http_base or listeners.base}/_sandbox/"
        sys.stderr.write(f"the tenant is up, to be looked at: {page}\n")
        if env_file is not None:
            sys.stderr.write(f"settings with which every command works: {env_file}\n")

    try:
        listeners.run(announce, stop)
    finally:
        _tell_never_met(gate.faults.never_met())
        tenant.store.close()


def _tell_never_met(faults: Sequence[Fault]) -> None:
    """A fault that nothing met has tested nothing."""
    for fault in faults:
        sys.stderr.write(f"this fault was never met ({fault.where}): {fault.text}\n")


def build(tenant: Tenant, seed: Seed, *, key_file: Path | None) -> tuple[Gate, Story]:
    """The way in and the story, on a tenant whose site is laid out the first time."""
    story = Story(tenant, seed.acts)
    with tenant.store.transaction():
        if tenant.store.one("SELECT id FROM sites") is None:
            lay_site(tenant)
    identity = Identity(tenant, Signer(tenant.world.tenant_id, key_file))
    return Gate(tenant, Routes(TABLE), identity, story), story


def clear(directory: Path) -> None:
    """Forgets the tenant; the certificate authority is kept."""
    for file in directory.glob("tenant.sqlite*"):
        file.unlink()
    shutil.rmtree(directory / "blobs", ignore_errors=True)


def _comments(tenant: Tenant, listeners: "_Listeners") -> dict[str, str]:
    values = {"BYTES_URL": listeners.bytes_base}
    if listeners.http_base:
        values["HTTP_URL"] = listeners.http_base
    if any(app.managed for app in tenant.world.apps):
        host = listeners.http_base or listeners.base
        values["AZURE_POD_IDENTITY_AUTHORITY_HOST"] = host
        values["IDENTITY_ENDPOINT"] = f"{host}{managed.SERVICE}"
        values["IDENTITY_HEADER"] = managed.identity_header(tenant)
    for app in tenant.world.apps:
        for credential in app.federated:
            values[f"FEDERATED_SUBJECT {app.name}"] = credential.subject
    values["WORKLOAD_TOKENS"] = f"{listeners.base}/outside/token"
    for channel in tenant.world.channels:
        if channel.workflow:
            values[f"WORKFLOW {channel.name}"] = webhook_url(
                tenant, listeners.base, channel.workflow
            )
        if channel.connector:
            values[f"CONNECTOR {channel.name}"] = connector_url(
                tenant, listeners.base, channel.connector
            )
    return values


class _Protocol(HttpToolsProtocol):
    """Hands the transport on, so that a fault can drop the connection."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["sandbox.transport"] = self.transport  # type: ignore[typeddict-unknown-key]


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are taken once for all listeners, see `_Listeners`."""
        yield


class _Listeners:
    def __init__(self, gate: Gate, directory: Path, port: int, http_port: int | None) -> None:
        tls = server_context(directory)
        self._bytes = [BytesServer(gate, 0, tls)]
        self._sockets: list[tuple[socket.socket, ssl.SSLContext | None]] = [(_bound(port), tls)]
        if http_port is not None:
            self._bytes.append(BytesServer(gate, 0, None))
            self._sockets.append((_bound(http_port), None))
        gate.bytes_bases = {server.base.partition(":")[0]: server.base for server in self._bytes}
        self._servers = [_server(gate, context) for _, context in self._sockets]
        self.base = f"https://localhost:{self._sockets[0][0].getsockname()[1]}"
        self.bytes_base = self._bytes[0].base
        self.http_base = (
            None
            if http_port is None
            else f"http://localhost:{self._sockets[1][0].getsockname()[1]}"
        )

    def run(self, announce: Callable[[], None], stop: threading.Event | None) -> None:
        for server in self._bytes:
            server.start()
        try:
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                runner.run(self._run(announce, stop))
        finally:
            for server in self._bytes:
                server.stop()

    async def _run(self, announce: Callable[[], None], stop: threading.Event | None) -> None:
        self._take_signals()
        async with asyncio.TaskGroup() as group:
            for server, (listening, _) in zip(self._servers, self._sockets, strict=True):
                group.create_task(server.serve(sockets=[listening]))
            while not all(server.started for server in self._servers):  # noqa: ASYNC110
                await asyncio.sleep(0.005)
            announce()
            if stop is not None:
                await asyncio.to_thread(stop.wait)
                self._end()

    def _take_signals(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            return
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._end)

    def _end(self) -> None:
        for server in self._servers:
            server.should_exit = True


def _bound(port: int) -> socket.socket:
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", port))
    return listening


def _server(gate: Gate, tls: ssl.SSLContext | None) -> _Server:
    config = uvicorn.Config(
        gate,
        http=_Protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=_KEEP_ALIVE,
        timeout_graceful_shutdown=1,
    )
    config.load()
    config.ssl = tls
    return _Server(config)
