"""
What the service counts and measures, in Prometheus' text format.

https://prometheus.io/docs/practices/naming/; labels are networks' ids (a setting), names of
jobs, transports and constant words: no titles, names of files or people, paths or addresses.
"""

from collections.abc import Iterable
from datetime import datetime
from importlib.metadata import version

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from service.domain.standing import NeedKind, NetworkStanding, Standing, Who

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_OF_RUNS = (1, 5, 15, 60, 300, 900, 3600, 14400)
_OF_REQUESTS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 100)


class Metrics:
    """Implements `service.ports.Meter`; one for a daemon, with a registry of its own."""

    def __init__(self) -> None:
        # Else each counter has a series beside it that says when it was made.
        disable_created_metrics()  # type: ignore[no-untyped-call] # untyped library
        self.registry = registry = CollectorRegistry()
        self._runs = Counter(
            "natverket_runs",
            "Runs of jobs, by how they ended.",
            ["network", "job", "outcome"],
            registry=registry,
        )
        self._run_seconds = Histogram(
            "natverket_run_duration_seconds",
            "How long runs took.",
            ["network", "job"],
            buckets=_OF_RUNS,
            registry=registry,
        )
        self._files = Counter(
            "natverket_files_filed", "Files put in place.", ["network"], registry=registry
        )
        self._bytes = Counter(
            "natverket_filed_bytes",
            "Bytes of those files that passed through the service.",
            ["network"],
            registry=registry,
        )
        self._posts = Counter(
            "natverket_posts",
            "Messages sent, by transport and what is known of their arrival.",
            ["network", "via", "outcome"],
            registry=registry,
        )
        self._requests = Counter(
            "natverket_graph_requests",
            "Requests to Microsoft 365, by service and class of status.",
            ["service", "status"],
            registry=registry,
        )
        self._request_seconds = Histogram(
            "natverket_graph_request_duration_seconds",
            "How long requests took to be answered.",
            ["service"],
            buckets=_OF_REQUESTS,
            registry=registry,
        )
        self._waited = Counter(
            "natverket_graph_wait_seconds",
            "Seconds that requests were held back for a pause or a budget.",
            ["service"],
            registry=registry,
        )
        self._units = Counter(
            "natverket_sharepoint_resource_units",
            "SharePoint resource units spent, as counted here.",
            registry=registry,
        )
        self._units_limit = Gauge(
            "natverket_sharepoint_resource_units_limit",
            "SharePoint resource units a minute that are taken to be allowed.",
            registry=registry,
        )
        Info("natverket_build", "The version that runs.", registry=registry).info(
            {"version": version("natverket")}
        )
        ProcessCollector(registry=registry)
        self._standing = _OfStanding()
        registry.register(self._standing)

    def asked(self, service: str, outcome: str, seconds: float) -> None:
        self._requests.labels(service, outcome).inc()
        self._request_seconds.labels(service).observe(seconds)

    def waited(self, service: str, seconds: float) -> None:
        self._waited.labels(service).inc(max(0.0, seconds))

    def spent(self, units: int, limit: int) -> None:
        self._units.inc(units)
        self._units_limit.set(limit)

    def ran(self, network: str, job: str, outcome: str, seconds: float) -> None:
        self._runs.labels(network, job, outcome.replace(" ", "_")).inc()
        self._run_seconds.labels(network, job).observe(max(0.0, seconds))

    def filed(self, network: str, size: int) -> None:
        self._files.labels(network).inc()
        self._bytes.labels(network).inc(size)

    def posted(self, network: str, via: str, outcome: str) -> None:
        self._posts.labels(network, via, outcome).inc()

    def page(self, standing: Standing | None) -> bytes:
        """Draw the page; None: the state cannot be read, and what it would tell is left out."""
        self._standing.of = standing
        try:
            return generate_latest(self.registry)
        finally:
            self._standing.of = None


# ---------------------------------------------------------------- what the state tells


class _OfStanding(Collector):
    """Draws a standing, which is made anew for each page."""

    def __init__(self) -> None:
        self.of: Standing | None = None

    def describe(self) -> Iterable[Metric]:
        return ()

    def collect(self) -> Iterable[Metric]:
        readable = _gauge("state_readable", "1: the state can be read, and what follows is there.")
        readable.add_metric([], float(self.of is not None))
        yield readable
        if self.of is not None:
            yield from _of_installation(self.of)
            yield from _of_jobs(self.of.networks)
            yield from _of_backlog(self.of.networks, self.of.at)
            yield from _of_credentials(self.of.networks, self.of.at)


def _gauge(name: str, help_: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"natverket_{name}", help_, labels=labels)


def _of_installation(now: Standing) -> Iterable[Metric]:
    observing = _gauge("observing", "1: it plans and shows everything, and writes nothing.")
    observing.add_metric([], float(now.mode == "observe"))
    yield observing
    # Every kind, with zeros: what is not there cannot be alerted on.
    needs = _gauge("needs", "What does not heal by itself, by whom it needs.", "kind", "who")
    for kind in NeedKind:
        for who in Who:
            count = sum(need.kind == kind and need.who is who for need in now.needs)
            needs.add_metric([kind.value, who.value], count)
    yield needs
    opened = _gauge("network_open", "1: the network's places were found.", "network")
    for network in now.networks:
        opened.add_metric([network.network_id], float(network.open))
    yield opened


def _of_jobs(networks: Iterable[NetworkStanding]) -> Iterable[Metric]:
    labels = ("network", "job")
    late = _gauge(
        "job_late_seconds", "For how long the oldest occurrence not done has been due.", *labels
    )
    done = _gauge(
        "job_last_success_timestamp_seconds", "The last period that was done, wholly.", *labels
    )
    next_ = _gauge("job_next_run_timestamp_seconds", "When it runs next.", *labels)
    failures = _gauge("job_failures", "Runs in a row that were not done.", *labels)
    for network in networks:
        for job in network.jobs:
            named = [network.network_id, job.job]
            late.add_metric(named, job.late)
            next_.add_metric(named, job.next.timestamp())
            failures.add_metric(named, job.failures)
            if job.done is not None:
                done.add_metric(named, job.done.timestamp())
    yield from (late, done, next_, failures)


def _of_backlog(networks: Iterable[NetworkStanding], now: datetime) -> Iterable[Metric]:
    size = _gauge("backlog", "What waits, by what it is.", "network", "what")
    age = _gauge("backlog_age_seconds", "For how long the oldest of it has waited.", "network")
    lacking = _gauge("meetings_lacking", "This year's meetings that lack something.", "network")
    for network in networks:
        counted, id_ = network.counted, network.network_id
        for what, count in (
            ("posts_to_approve", counted.posts_to_approve),
            ("posts_unproved", counted.posts_unproved),
            ("files", counted.files_waiting),
            ("files_unplaced", counted.files_unplaced),
        ):
            size.add_metric([id_, what], count)
        oldest = counted.oldest_waiting
        age.add_metric([id_], max(0.0, (now - oldest).total_seconds()) if oldest else 0.0)
        lacking.add_metric([id_], sum(bool(row.lacks) for row in network.rows))
    yield from (size, age, lacking)


def _of_credentials(networks: Iterable[NetworkStanding], now: datetime) -> Iterable[Metric]:
    ends = _gauge(
        "credential_expiry_timestamp_seconds", "When a credential ends.", "network", "kind"
    )
    left = _gauge("credential_left_seconds", "How long until then.", "network", "kind")
    for network in networks:
        for one in network.credentials:
            if one.expires is not None:
                ends.add_metric([network.network_id, one.kind], one.expires.timestamp())
                seconds = (one.expires - now).total_seconds()
                left.add_metric([network.network_id, one.kind], seconds)
    yield from (ends, left)
