"""What is counted and measured, read as Prometheus reads it."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from service.domain.standing import (
    Counted,
    CredentialStanding,
    JobStanding,
    Need,
    NetworkStanding,
    Recent,
    Standing,
    Who,
)
from service.ports import Meter
from service.web.metrics import Metrics

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
NETWORK = NetworkStanding(
    network_id="natverk",
    name="Nätverket för Anna",
    language="sv",
    time_zone="Europe/Stockholm",
    open=True,
    jobs=(
        JobStanding(job="file_materials", last=None, done=None, next=NOW, late=0),
        JobStanding(
            job="sync_calendar",
            last=None,
            done=NOW - timedelta(hours=5),
            next=NOW + timedelta(minutes=5),
            failures=3,
            late=14400,
        ),
    ),
    counted=Counted(posts_to_approve=2, oldest_waiting=NOW - timedelta(days=1)),
    rows=(),
    credentials=(
        CredentialStanding(
            kind="certificate",
            name="anna@exempel.se",
            expires=NOW + timedelta(days=20),
            days_left=20,
        ),
    ),
    recent=(Recent(at=NOW, kind="filed", title="Anna.docx", where="Möte"),),
)
STANDING = Standing(
    at=NOW,
    version="1",
    mode="act",
    started=NOW,
    networks=(NETWORK,),
    needs=(
        Need(
            id="right/natverk/x",
            network_id="natverk",
            who=Who.ADMIN,
            kind="right",
            subject="job x",
            said="No.",
            remedy="Do.",
            since=NOW,
        ),
    ),
)


def used() -> Metrics:
    """With everything counted once."""
    metrics = Metrics()
    meter: Meter = metrics
    meter.asked("files", "2xx", 0.2)
    meter.asked("files", "429", 0.1)
    meter.waited("files", 30.0)
    meter.spent(2, 1250)
    meter.ran("natverk", "file_materials", "in part", 61.0)
    meter.filed("natverk", 1000)
    meter.posted("natverk", "workflow", "queued")
    return metrics


@pytest.fixture
def page() -> str:
    return used().page(STANDING).decode()


def values(page: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }


def test_what_was_told_is_counted(page: str) -> None:
    """Each thing once, under its network, job, transport or service."""
    found = values(page)
    of, job = ("network", "natverk"), ("job", "file_materials")

    assert found["natverket_runs_total", (job, of, ("outcome", "in_part"))] == 1
    assert found["natverket_run_duration_seconds_sum", (job, of)] == 61
    assert found["natverket_files_filed_total", (of,)] == 1
    assert found["natverket_filed_bytes_total", (of,)] == 1000
    posted = (of, ("outcome", "queued"), ("via", "workflow"))
    assert found["natverket_posts_total", posted] == 1
    throttled = (("service", "files"), ("status", "429"))
    assert found["natverket_graph_requests_total", throttled] == 1
    assert found["natverket_graph_wait_seconds_total", (("service", "files"),)] == 30
    assert found["natverket_sharepoint_resource_units_total", ()] == 2
    assert found["natverket_sharepoint_resource_units_limit", ()] == 1250


def test_what_the_state_tells(page: str) -> None:
    """Lateness, last success, backlog, days left and needs; what was never done has no time."""
    found = values(page)
    of = ("network", "natverk")
    late, fresh = ("job", "sync_calendar"), ("job", "file_materials")

    assert found["natverket_job_late_seconds", (late, of)] == 14400
    done = "natverket_job_last_success_timestamp_seconds"
    assert found[done, (late, of)] == (NOW - timedelta(hours=5)).timestamp()
    assert (done, (fresh, of)) not in found
    assert found["natverket_job_failures", (late, of)] == 3
    assert found["natverket_backlog", (of, ("what", "posts_to_approve"))] == 2
    assert found["natverket_backlog_age_seconds", (of,)] == 86400
    assert found["natverket_credential_left_seconds", (("kind", "certificate"), of)] == 20 * 86400
    assert found["natverket_needs", (("kind", "right"), ("who", "admin"))] == 1
    assert found["natverket_needs", (("kind", "state"), ("who", "admin"))] == 0
    assert found["natverket_state_readable", ()] == 1


def test_a_state_that_cannot_be_read() -> None:
    """What only the state can tell is left out, and that it is, is told."""
    found = {name for name, _ in values(used().page(None).decode())}

    assert "natverket_state_readable" in found
    assert "natverket_runs_total" in found
    assert "natverket_needs" not in found


def test_names_are_as_prometheus_wants_them(page: str) -> None:
    """As promtool checks: prefix, unit, `_total` of counters alone, HELP that ends, no type."""
    for family in text_string_to_metric_families(page):
        name = family.name
        assert family.documentation, name
        assert re.fullmatch(r"(natverket|process|python)_[a-z0-9_]*[a-z0-9]", name), name
        assert not re.search(r"_(counter|gauge|histogram|milliseconds|minutes|hours)\b", name), name
        assert not name.endswith("_count"), name
        if family.type == "counter":
            assert all(s.name.endswith(("_total", "_created")) for s in family.samples), name
        else:
            assert not name.endswith("_total"), name
        if name.startswith("natverket"):
            assert family.documentation.endswith("."), name
            labels = {label for sample in family.samples for label in sample.labels}
            assert labels <= LABELS, name


LABELS = {"network", "job", "outcome", "via", "service", "status", "kind", "who", "what"} | {
    "version",
    "le",
}


def test_nobody_and_nothing_is_named(page: str) -> None:
    """No names of people, files or networks as people call them."""
    assert "Anna" not in page
    assert "anna" not in page
    assert "Möte" not in page


def test_two_daemons_do_not_share_a_registry() -> None:
    """Each has its own: what one counts, the other does not."""
    assert values(used().page(None).decode()) != values(Metrics().page(None).decode())
    again = Metrics()
    assert again.page(replace(STANDING, networks=())).count(b"natverket_needs{") > 0
