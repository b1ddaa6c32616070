"""The service's limits, by the sandbox's clock, and what may run at one time."""

import contextlib
import socket
import ssl
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from service.sandbox.process import Sandbox
from service.sandbox.tenant import Tenant
from service.sandbox.trouble import limits, rates
from service.sandbox.wire import GraphError
from tests.sandbox import worlds
from tests.sandbox.conftest import WORLDS, Client

DECORATED = {"User-Agent": "NONISV|Exempel|Test/1.0"}
MESSAGES = f"/teams/{worlds.WORLD.team}/channels/{worlds.COMMON}/messages"
OTHER_MESSAGES = f"/teams/{worlds.WORLD.team}/channels/{worlds.OTHER}/messages"
ROOM = f"/users/{worlds.BOX.id}/calendarView?startDateTime=2023-01-01&endDateTime=2023-02-01"


@pytest.fixture
def fresh(tmp_path):
    """A sandbox of its own, whose clock nobody else moves; its client starts decorated."""
    with Sandbox(seed=f"{WORLDS}:lively", directory=tmp_path) as sandbox:
        client = Client(sandbox, worlds.DAEMON)
        client.http.headers.update(DECORATED)
        client.path = client.drive()
        yield client
        client.close()


def settings(client, **given):
    answer = client.control("POST", "settings", json=given)
    assert answer.status_code == 200, answer.text
    return answer.json()


def ask(client, count, path):
    return [client.ask("GET", path) for _ in range(count)]


def statuses(client, count, path):
    return [answer.status_code for answer in ask(client, count, path)]


def test_a_minute_of_the_sandboxs_clock_lifts_the_limit(fresh):
    """What is told in Retry-After is enough, and a second less is not."""
    settings(fresh, units_per_minute=4)
    assert statuses(fresh, 4, fresh.path) == [200] * 4
    answer = fresh.ask("GET", fresh.path)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")
    assert answer.json()["error"]["code"] == "activityLimitReached"
    fresh.advance("2023-01-01T00:00:59Z")
    assert fresh.ask("GET", fresh.path).status_code == 429
    fresh.advance("2023-01-01T00:01:00Z")
    assert fresh.ask("GET", fresh.path).status_code == 200


def test_a_throttled_call_counts(fresh):
    """Who does not wait is held up longer: refused calls are spent too."""
    settings(fresh, units_per_minute=2)
    assert statuses(fresh, 2, fresh.path) == [200, 200]
    fresh.advance("2023-01-01T00:00:30Z")
    assert statuses(fresh, 2, fresh.path) == [429, 429]
    fresh.advance("2023-01-01T00:01:00Z")
    answer = fresh.ask("GET", fresh.path)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "30")


def test_headers_tell_of_the_limit_from_four_fifths_on(fresh):
    """Limit, what remains and when it begins anew; nothing before that."""
    settings(fresh, units_per_minute=10)
    answers = ask(fresh, 10, fresh.path)
    assert ["ratelimit-limit" in answer.headers for answer in answers] == [False] * 7 + [True] * 3
    last = answers[-1].headers
    assert (last["ratelimit-limit"], last["ratelimit-remaining"]) == ("10", "0")
    assert last["ratelimit-reset"] == "60"


def test_units_go_by_the_call(fresh):
    """A list costs two, an item one, a refusal what it would have cost."""
    settings(fresh, units_per_minute=10)
    assert statuses(fresh, 4, f"{fresh.path}/root/children") == [200] * 4
    answer = fresh.ask("GET", fresh.path)
    assert answer.headers["ratelimit-remaining"] == "1"


def test_a_delta_without_token_costs_as_a_list(fresh):
    """Two to begin with, one from then on; the log tells the units of each."""
    start = fresh.control("GET", "requests?summary=1").json()["last"]
    link = fresh.ask("GET", f"{fresh.path}/root/delta").json()["@odata.deltaLink"]
    fresh.ask("GET", link.partition("/v1.0")[2])
    told = fresh.control("GET", f"requests?since={start}").json()
    assert ([item["units"] for item in told["items"]], told["units"]) == ([2, 1], 3)


def test_the_tier_sets_the_numbers(fresh):
    """1,250 units a minute up to a thousand licences, and five times that for the largest."""
    assert settings(fresh)["units_per_minute"] is None
    assert settings(fresh, limits="on")["units_per_minute"] == 1250
    told = settings(fresh, licences="more")
    assert (told["units_per_minute"], told["units_per_day"]) == (6250, 6_000_000)
    assert told["tenant_units_per_5_minutes"] == 93_750
    assert settings(fresh, limits="off")["units_per_minute"] is None


def test_a_day_and_the_whole_tenant_have_limits_too(fresh):
    """By app and day, at most 600 seconds told; and five minutes for all apps together."""
    settings(fresh, units_per_day=2)
    assert [a.headers.get("retry-after") for a in ask(fresh, 3, fresh.path)] == [None, None, "600"]
    settings(fresh, units_per_day=None, tenant_units_per_5_minutes=3)
    other = Client(fresh.sandbox, worlds.PROVISIONER)
    assert statuses(fresh, 2, fresh.path) == [200, 200]
    assert statuses(other, 2, fresh.path) == [200, 429]
    other.close()


def test_throttling_may_come_as_503(fresh):
    """The other documented status, with Retry-After all the same."""
    settings(fresh, units_per_minute=1, throttled_status="503")
    answer = ask(fresh, 2, fresh.path)[1]
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert answer.json()["error"]["code"] == "serviceNotAvailable"


def test_the_two_times_may_differ(fresh):
    """RateLimit-Reset later than Retry-After: the greater is to be obeyed."""
    settings(fresh, units_per_minute=1, rate_limit_reset="later")
    headers = ask(fresh, 2, fresh.path)[1].headers
    assert int(headers["ratelimit-reset"]) > int(headers["retry-after"])


def test_an_undecorated_agent_may_be_throttled_earlier(fresh):
    """At half of the limit where the switch says so; an agent with more before NONISV| is not."""
    settings(fresh, units_per_minute=4, undecorated="earlier")
    del fresh.http.headers["User-Agent"]
    fresh.http.headers["User-Agent"] = "python-httpx"
    assert statuses(fresh, 3, fresh.path) == [200, 200, 429]
    fresh.http.headers["User-Agent"] = f"python-httpx {DECORATED['User-Agent']}"
    assert statuses(fresh, 2, fresh.path) == [200, 429]


def test_four_a_second_in_a_channel(fresh):
    """Each channel by itself, and again a second later; Teams' own words."""
    settings(fresh, limits="on")
    assert statuses(fresh, 5, MESSAGES) == [200] * 4 + [429]
    answer = fresh.ask("GET", MESSAGES)
    assert (answer.json()["error"]["code"], answer.headers["retry-after"]) == (
        "TooManyRequests",
        "1",
    )
    assert statuses(fresh, 4, OTHER_MESSAGES) == [200] * 4
    fresh.advance("2023-01-01T00:00:01Z")
    assert statuses(fresh, 4, MESSAGES) == [200] * 4


@pytest.mark.parametrize(
    ("limit", "path"),
    [
        ("messages_read_per_second", MESSAGES),
        ("teams_read_per_second", MESSAGES.removesuffix("/messages")),
        ("teams_listed_per_second", f"/teams/{worlds.WORLD.team}/channels"),
        ("outlook_per_10_minutes", ROOM),
    ],
)
def test_other_limits_by_time(fresh, limit, path):
    """Each counts its own kind of call, and what another counts is free."""
    settings(fresh, **{limit: 2})
    first, second, third = statuses(fresh, 3, path)
    assert first == second != 429
    assert third == 429
    assert fresh.ask("GET", fresh.path).status_code == 200


@pytest.mark.parametrize("limit", ["channel_posts_per_day", "posts_per_second"])
def test_posts_are_counted(fresh, limit):
    """Even those that are refused for want of a person; reading is not counted with them."""
    settings(fresh, **{limit: 1})
    assert statuses(fresh, 2, MESSAGES) == [200, 200]
    assert [fresh.ask("POST", MESSAGES, json={}).status_code for _ in range(2)] == [401, 429]


@contextlib.contextmanager
def half_asked(client, path, count):
    """So many requests whose bodies have not come whole."""
    url = urlsplit(client.base + path)
    context = ssl.create_default_context(cafile=str(client.sandbox.ca_file))
    token = client.http.headers["Authorization"]
    head = (
        f"GET {url.path}?{url.query} HTTP/1.1\r\nHost: {url.netloc}\r\n"
        f"Authorization: {token}\r\nContent-Length: 2\r\n\r\nx"
    )
    with contextlib.ExitStack() as stack:
        held = []
        for _ in range(count):
            plain = stack.enter_context(socket.create_connection((url.hostname, url.port)))
            secure = context.wrap_socket(plain, server_hostname=url.hostname)
            held.append(stack.enter_context(secure))
            secure.sendall(head.encode())
        yield held


def until(client, path, wanted):
    """Asks until the answer has this status: the others may still be on their way in."""
    for _ in range(200):
        answer = client.ask("GET", path)
        if answer.status_code == wanted:
            return answer
    raise AssertionError(answer.text)


def test_outlook_serves_four_at_a_time(fresh):
    """The fifth beside four that are under way is refused; when they have been served it is not."""
    with half_asked(fresh, ROOM, 4) as held:
        answer = until(fresh, ROOM, 429)
        assert answer.json()["error"]["code"] == "ApplicationThrottled"
        assert "MailboxConcurrency" in answer.json()["error"]["message"]
        assert answer.headers["retry-after"] == "1"
        assert fresh.ask("GET", fresh.path).status_code == 200
        for each in held:
            each.sendall(b"x")
            assert each.recv(12).endswith(b"200")
        assert fresh.ask("GET", ROOM).status_code == 200


def test_another_mailbox_has_its_own_four(fresh):
    """Or not: whether mailboxes are counted apart is a switch."""
    other = ROOM.replace(worlds.BOX.id, worlds.ANNA.id)
    with half_asked(fresh, ROOM, 4):
        until(fresh, ROOM, 429)
        assert fresh.ask("GET", other).status_code == 403
    settings(fresh, outlook_concurrency="app")
    with half_asked(fresh, other, 4):
        until(fresh, ROOM, 429)


def test_seconds_that_really_pass_may_count_too(monkeypatch, tmp_path):
    """For clients that wait in real time, which no clock of ours sees."""
    tenant = Tenant(worlds.WORLD, tmp_path)
    seconds = [1000.0]
    monkeypatch.setattr(limits.time, "monotonic", lambda: seconds[0])
    kept = limits.Limits(tenant)
    kept.set("units_per_minute", 1)
    asked = rates.Asked(
        app="a", method="GET", path="/", template="/drives/{drive}", cost=1, user_agent=""
    )

    def refused():
        try:
            kept.spend(asked)
        except GraphError:
            return True
        return False

    assert (refused(), refused()) == (False, True)
    seconds[0] += 300
    assert refused()
    limits.CLOCK.set(tenant, "both")
    assert (refused(), refused()) == (False, True)
    seconds[0] += 300
    assert not refused()
    tenant.clock.move(tenant.clock.now + timedelta(seconds=30))
    assert refused()
    tenant.store.close()


def test_settings_are_checked(fresh):
    """Unknown names, numbers that are none and answers that no switch has: 400, nothing set."""
    for given in (
        {"units": 3},
        {"units_per_minute": 0},
        {"units_per_minute": "many"},
        {"limits": "perhaps"},
    ):
        assert fresh.control("POST", "settings", json=given).status_code == 400
    assert settings(fresh)["units_per_minute"] is None
