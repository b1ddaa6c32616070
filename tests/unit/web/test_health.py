"""Probes and metrics, as what keeps the service running asks for them."""

from datetime import timedelta

import httpx
from starlette.applications import Starlette
from starlette.requests import Request

from service.errors import StateError
from service.web.health import Health, health_routes
from service.web.metrics import Metrics


class Rounds:
    began = True
    late = 0.0

    def overdue(self) -> float:
        return self.late


class Daemon:
    """What the routes ask of it, to be put out of order."""

    def __init__(self) -> None:
        self.rounds = Rounds()
        self.readable = True
        self.stopping = False
        self.metrics = Metrics()
        self.admits = True

    async def read(self) -> None:
        if not self.readable:
            raise StateError("state /var/lib/natverket.db", "the disk is full")

    async def page(self) -> bytes:
        return self.metrics.page(None)

    async def ask(self, path: str, method: str = "GET") -> httpx.Response:
        def may_read(_: Request) -> bool:
            return self.admits

        routes = health_routes(
            Health(
                rounds=self.rounds,
                is_stopping=lambda: self.stopping,
                read_state=self.read,
                metrics=self.page,
                may_read=may_read,
            )
        )
        through = httpx.ASGITransport(Starlette(routes=routes))
        async with httpx.AsyncClient(transport=through, base_url="http://10.0.0.7:8080") as http:
            return await http.request(method, path)


async def test_all_is_well() -> None:
    """Both say so in a word, to whoever asks, by GET and by HEAD; no cache keeps it."""
    daemon = Daemon()
    daemon.admits = False
    for path in ("/livez", "/readyz"):
        answer = await daemon.ask(path)
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
        assert answer.headers["cache-control"] == "no-store"
        head = await daemon.ask(path, "HEAD")
        assert (head.status_code, head.content) == (200, b"")
        assert (await daemon.ask(path, "POST")).status_code == 405


async def test_which_check_failed() -> None:
    """Asked for, each check is told by its name, and nothing of the reason."""
    daemon = Daemon()
    daemon.readable = False
    answer = await daemon.ask("/readyz?verbose")

    assert answer.status_code == 503
    assert answer.json() == {
        "status": "failed",
        "checks": {"state": "failed", "timetable": "ok", "running": "ok"},
    }
    assert (await daemon.ask("/livez")).status_code == 200  # A restart would not mend it.


async def test_a_service_that_stops_is_alive_and_not_ready() -> None:
    """So that it is given its time."""
    daemon = Daemon()
    daemon.stopping = True

    assert (await daemon.ask("/readyz")).status_code == 503
    assert (await daemon.ask("/livez")).status_code == 200


async def test_before_the_first_round() -> None:
    """It is alive, and not ready yet."""
    daemon = Daemon()
    daemon.rounds.began = False

    assert (await daemon.ask("/readyz")).status_code == 503
    assert (await daemon.ask("/livez")).status_code == 200


async def test_rounds_that_do_not_go_on() -> None:
    """Then a restart is what helps."""
    daemon = Daemon()
    daemon.rounds.late = timedelta(minutes=1).total_seconds()

    assert (await daemon.ask("/livez?verbose")).json()["checks"] == {"rounds": "failed"}
    assert (await daemon.ask("/readyz")).status_code == 503


async def test_metrics_are_for_whom_the_page_is() -> None:
    """Others are told nothing; the text is Prometheus'."""
    daemon = Daemon()
    answer = await daemon.ask("/metrics")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert b"natverket_state_readable 0.0" in answer.content
    daemon.admits = False
    assert (await daemon.ask("/metrics")).status_code == 404
