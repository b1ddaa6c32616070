"""When a request is sent again: a table, and what holds for every case."""

from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.graph.policy import (
    Attempt,
    Failure,
    GiveUp,
    Limits,
    Repeat,
    Wait,
    asked_wait,
    decide,
)

NOW = datetime(2023, 3, 1, 12, tzinfo=UTC)
LIMITS = Limits()


def attempt(method="GET", status=None, **parts):
    return Attempt(
        method=method,
        status=status,
        number=parts.pop("number", 1),
        elapsed=parts.pop("elapsed", 0.0),
        **parts,
    )


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("status", [423, 429, 500, 502, 503, 504, 509])
def test_passing_failures_are_repeated(method, status):
    """What passes by itself is tried again where twice does what once does."""
    assert isinstance(decide(attempt(method, status), NOW, 0.5, LIMITS), Wait)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 410, 412, 413, 416, 422, 507])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
def test_other_refusals_stand(method, status):
    """No other 4xx is repeated, nor a full disk."""
    assert decide(attempt(method, status), NOW, 0.5, LIMITS) == GiveUp()


@pytest.mark.parametrize("status", [200, 201, 202, 204, 206, 301, 302, 304])
def test_answers_are_taken(status):
    """An answer ends it."""
    assert decide(attempt(status=status), NOW, 0.5, LIMITS) == GiveUp()


@pytest.mark.parametrize(
    ("parts", "again"),
    [
        ({"status": 429}, True),
        ({"status": 503, "headers": {"Retry-After": "2"}}, True),
        ({"failure": Failure.NOT_SENT}, True),
        ({"status": 503}, False),
        ({"status": 500}, False),
        ({"status": 502}, False),
        ({"status": 504}, False),
        ({"status": 509}, False),
        ({"status": 423}, False),
        ({"failure": Failure.LOST}, False),
    ],
)
def test_a_post_is_repeated_only_if_it_surely_did_nothing(parts, again):
    """A message posted twice cannot be taken back; a marked one may be repeated."""
    verdict = decide(attempt("POST", **parts), NOW, 0.5, LIMITS)
    assert isinstance(verdict, Wait) is again
    marked = decide(attempt("POST", repeat=Repeat.YES, **parts), NOW, 0.5, LIMITS)
    assert isinstance(marked, Wait)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": "1.5"}, 1.5),
        ({"Retry-After": "0"}, 0),
        ({"Retry-After": format_datetime(NOW.replace(minute=2), usegmt=True)}, 120),
        ({"Retry-After": "Wed, 01 Mar 2023 11:00:00 GMT"}, 0),
        ({"Retry-After": "soon"}, None),
        ({"RateLimit-Reset": "9"}, None),
        ({"Retry-After": "7", "ratelimit-reset": "9"}, 9),
        ({"Retry-After": "9", "ratelimit-reset": "7"}, 9),
        ({}, None),
    ],
)
def test_what_the_server_asks(headers, seconds):
    """Seconds or a date; the greater of two headers."""
    lowered = {name.lower(): value for name, value in headers.items()}
    if "ratelimit-reset" in lowered and "retry-after" not in lowered:
        seconds = 9
    assert asked_wait(lowered, NOW) == seconds


def test_the_servers_wait_wins():
    """However long within the cap; beyond it, the time is told instead."""
    assert decide(attempt(status=429, headers={"Retry-After": "299"}), NOW, 0.0, LIMITS) == Wait(
        299.0
    )
    assert decide(attempt(status=429, headers={"Retry-After": "301"}), NOW, 0.0, LIMITS) == GiveUp(
        301.0
    )


@given(
    method=st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE"]),
    status=st.integers(200, 599) | st.none(),
    failure=st.sampled_from(Failure),
    number=st.integers(1, 20),
    elapsed=st.floats(0, 1000),
    asked=st.none() | st.integers(0, 5000),
    jitter=st.floats(0, 1, exclude_max=True),
    repeat=st.sampled_from(Repeat),
)
def test_caps_hold(method, status, failure, number, elapsed, asked, jitter, repeat):
    """Attempts and total time are capped, and a wait is never shorter than asked."""
    one = Attempt(
        method=method,
        status=status,
        failure=failure if status is None else None,
        number=number,
        elapsed=elapsed,
        headers={} if asked is None or status is None else {"Retry-After": str(asked)},
        repeat=repeat,
    )
    verdict = decide(one, NOW, jitter, LIMITS)
    if isinstance(verdict, Wait):
        assert number < LIMITS.attempts
        assert elapsed + verdict.seconds <= LIMITS.total
        assert repeat is not Repeat.NEVER
        assert asked is None or status is None or verdict.seconds >= asked
