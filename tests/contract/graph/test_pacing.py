"""Requests held back: against a tenant that keeps its limits, and beside each other."""

import asyncio
import json
import ssl
import urllib.request
from datetime import timedelta

import httpx
import pytest

from service.graph.budget import MINUTE
from service.graph.clock import SandboxClock
from service.graph.gateway import Gateway
from service.graph.pacing import Pace, budget_of, service_of
from service.graph.policy import Limits
from tests.contract.graph import worlds
from tests.contract.graph.conftest import settings
from tests.contract.graph.fakes import GRAPH, START, FakeClock, Wire, gateway

AT_ONCE = 8


def ask(sandbox, what, body=None):
    context = ssl.create_default_context(cafile=str(sandbox.ca_file))
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{sandbox.url}/_sandbox/{what}", data)
    with urllib.request.urlopen(request, context=context) as answer:
        return json.load(answer)


async def asked_many(sandbox, count):
    """Ask for the library's delta from the start (2 units) so often; return the log of it."""
    clock = SandboxClock(sandbox.env["NATVERKET_CLOCK_URL"], ca_file=sandbox.ca_file)
    await clock.refresh()
    async with Gateway(settings(sandbox, worlds.DAEMON), clock) as tenant:
        library = await tenant.sites().library(sandbox.env["NATVERKET_NETWORK_SITE"], "Dokument")
        left = iter(range(count))

        async def some():
            for _ in left:
                async for _ in tenant.drives().changes(library.drive_id, None):
                    pass

        await asyncio.gather(*(some() for _ in range(AT_ONCE)))
    await clock.close()
    return ask(sandbox, "requests?since=0")["items"]


def share_of_a_minute(log, limit):
    """What was used of the limit in the minute from the first request on."""
    begun = min(item["at"] for item in log)
    assert begun.endswith("Z")
    return sum(item["units"] for item in log if item["at"][:16] == begun[:16]) / limit


@pytest.mark.parametrize(
    ("limits", "limit", "count"),
    [
        ({"limits": "on"}, 1250, 700),
        ({"units_per_minute": 500}, 500, 400),
        ({"limits": "on", "licences": "5000"}, 2500, 1300),
    ],
)
async def test_the_budget_is_used_and_nothing_is_refused(fresh, limits, limit, count):
    """
    Whatever the tenant's limit is, smaller or larger than the one we begin with: it is
    learnt from the headers, over 90 % of it is used in the first minute, and none refused.
    """
    ask(fresh, "settings", limits)
    log = await asked_many(fresh, count)

    assert {item["status"] for item in log} == {200}
    assert share_of_a_minute(log, limit) > 0.9
    assert len({item["at"] for item in log}) > 1  # the rest waited for its minute


async def test_another_process_of_the_same_app_is_seen(fresh):
    """Two at once share one budget that neither knows the other's part of: few are refused."""
    ask(fresh, "settings", {"limits": "on"})
    await asyncio.gather(asked_many(fresh, 500), asked_many(fresh, 500))
    log = ask(fresh, "requests?since=0")["items"]

    refused = sum(item["status"] == 429 for item in log)
    assert refused <= 2 * AT_ONCE
    assert sum(item["status"] == 200 for item in log) >= 1000


class PatientClock(FakeClock):
    """Lets others go on before it sleeps."""

    async def sleep(self, seconds):
        await asyncio.sleep(0)
        await super().sleep(seconds)


async def test_one_that_waits_is_not_passed_by():
    """A dear request waits for room; cheap ones behind it wait as well, though they would fit."""
    clock, order = PatientClock(), []
    pace = Pace(clock, Limits())
    headers = {"RateLimit-Limit": "100", "RateLimit-Remaining": "6", "RateLimit-Reset": "9"}
    pace.heard(httpx.URL(f"{GRAPH}/v1.0/drives/d"), httpx.Response(200, headers=headers), 0)

    async def go(method, path):
        async with pace.turn(httpx.Request(method, f"{GRAPH}/v1.0/drives/d/{path}")):
            order.append(path)

    await asyncio.gather(go("POST", "items/1/invite"), go("GET", "items/1"), go("GET", "items/2"))
    assert order == ["items/1/invite", "items/1", "items/2"]
    assert clock.now() - START == MINUTE


async def test_four_a_second_in_a_channel():
    """Each channel by itself; another channel does not wait for it."""
    clock, sent = FakeClock(), []

    async def handle(request):
        sent.append((request.url.path.split("/")[5], clock.now() - START))
        return httpx.Response(200, json={"value": []})

    async def read(tenant, channel):
        async for _ in tenant.messages("t", channel).changes(None):
            pass

    async with gateway(Wire(handle), clock) as tenant:
        for _ in range(4):
            await read(tenant, "c1")
        await read(tenant, "c2")
        assert clock.slept == []
        await read(tenant, "c1")
    assert [channel for channel, _ in sent] == ["c1"] * 4 + ["c2", "c1"]
    assert sent[-1][1] >= timedelta(seconds=1)


@pytest.mark.parametrize(
    ("path", "service", "budget"),
    [
        ("/v1.0/users/a/events/1", "outlook", "outlook a"),
        ("/v1.0/users/A/events/1", "outlook", "outlook a"),
        ("/v1.0/users/a/drive/root/delta", "files", "files"),
        ("/v1.0/users/a/onlineMeetings/1/recordings", "meetings", "meetings"),
        ("/v1.0/drives/a/items/1", "files", "files"),
        ("/v1.0/sites/a/lists", "files", "files"),
        ("/v1.0/shares/a/driveItem", "files", "files"),
        ("/v1.0/teams/a/channels", "teams", "teams a"),
        ("/v1.0/teams/a/channels/c/messages", "teams", "teams a c"),
        ("/v1.0/users/a", "users", "users"),
        ("/up/1", "graph.microsoft.com", "graph.microsoft.com"),
    ],
)
def test_each_service_has_its_own_quota(path, service, budget):
    """A pause of the files' service stops no calendar; ranges go elsewhere and cost nothing."""
    url = httpx.URL(f"{GRAPH}{path}")
    assert (service_of(url), budget_of(url)) == (service, budget)
