"""What requests cost, and how much is spent in a minute: the pure part of pacing."""

import itertools
from datetime import timedelta
from heapq import heapify, heappop, heappush

import pytest

from service.graph.budget import (
    MINUTE,
    NO_GUESSING,
    SHARE,
    SILENT,
    TIERS,
    Budget,
    Told,
    Window,
    cost,
    told,
)
from tests.contract.graph.fakes import START

ITEM = "/v1.0/drives/b!x/items/01ABC"


@pytest.mark.parametrize(
    ("units", "method", "target"),
    [
        # One thing, a delta that goes on, a download.
        (1, "GET", ITEM),
        (1, "GET", "/v1.0/drives/b!x/root:/2023/Mapp%20A"),
        (1, "GET", f"{ITEM}/listItem?$expand=fields"),
        (1, "GET", f"{ITEM}/content"),
        (1, "GET", "/v1.0/drives/b!x/root:/children:/content"),
        (1, "GET", "/v1.0/drives/b!x/items/root/delta?token=abc"),
        (1, "GET", "/v1.0/drives/b!x/root/delta(token='abc')"),
        (1, "GET", "/v1.0/sites/s/lists/l/items/delta?$deltatoken=x"),
        (1, "GET", "/v1.0/sites/s/lists/l/items/delta?$top=5&%24skiptoken=x"),
        (1, "GET", "/v1.0/sites/natverket.sharepoint.com:/sites/natverk"),
        (1, "GET", "/v1.0/sites/s/lists/l/items/7"),
        (1, "GET", "/v1.0/drives/b!x/items/1:/permissions"),
        # Several things, or a change.
        (2, "GET", "/v1.0/drives/b!x/items/root/delta"),
        (2, "GET", "/v1.0/sites/s/lists/l/items/delta?$expand=fields"),
        (2, "GET", f"{ITEM}/children"),
        (2, "GET", f"{ITEM}/children?$skiptoken=x"),
        (2, "GET", "/v1.0/drives/b!x/root:/2023:/children"),
        (2, "GET", "/v1.0/drives/b!x/root/search(q='x')"),
        (2, "GET", "/v1.0/sites?search=natverk"),
        (2, "GET", "/v1.0/sites/s/lists/l/columns"),
        (2, "PATCH", ITEM),
        (2, "PATCH", f"{ITEM}/listItem/fields"),
        (2, "PUT", "/v1.0/drives/b!x/items/1:/a.docx:/content"),
        (2, "POST", "/v1.0/drives/b!x/items/1:/a.mp4:/createUploadSession"),
        (2, "POST", f"{ITEM}/copy"),
        (2, "DELETE", ITEM),
        # Everything about permissions.
        (5, "GET", f"{ITEM}/permissions"),
        (5, "GET", f"{ITEM}/permissions/1"),
        (5, "GET", f"{ITEM}?$expand=permissions"),
        (5, "GET", "/v1.0/drives/b!x/root:/a.txt?$expand=permissions"),
        (5, "GET", f"{ITEM}/children?$select=id&%24expand=thumbnails,permissions"),
        (5, "POST", f"{ITEM}/createLink"),
        (5, "POST", f"{ITEM}/invite"),
        (5, "DELETE", f"{ITEM}/permissions/1"),
        (5, "POST", "/v1.0/sites/s/permissions"),
    ],
)
def test_units_as_documented(units, method, target):
    """1 to get, 2 to list or change, 5 for permissions; a file's name is no part of the call."""
    assert cost(method, target) == units


def test_headers_are_read_whole_or_not_at_all():
    """What is missing or is no number tells nothing."""
    headers = {"ratelimit-limit": "1250", "ratelimit-remaining": "120", "ratelimit-reset": "5"}
    assert told(headers) == Told(1250, 120, 5.0)
    assert told({**headers, "ratelimit-reset": "soon"}) is None
    assert told({"ratelimit-limit": "1250"}) is None


def test_what_was_spent_leaves_the_window_in_its_order():
    """The wait is until enough of it has left, and not a moment longer."""
    window = Window(10, timedelta(seconds=60))
    for second, units in ((0, 4), (10, 4)):
        window.spend(units, START + timedelta(seconds=second))
    now = START + timedelta(seconds=20)
    assert window.wait(2, now) == 0
    assert window.wait(3, now) == 40
    assert window.wait(7, now) == 50
    assert window.used(START + timedelta(seconds=60)) == 4
    assert window.wait(99, START + timedelta(seconds=300)) == 0  # it would never be less


def spent(budget, units, now=START):
    """Spend so many, one by one, as far as it lets us; return how many it let."""
    for number in range(units):
        if budget.wait(1, now) > 0:
            return number
        budget.spend(1, now)
    return units


def test_it_begins_with_the_smallest_limit():
    """1,250 a minute, nearly all of it; then a minute's wait."""
    budget = Budget()
    assert spent(budget, 9999) == SHARE * 1250
    assert budget.wait(1, START) == MINUTE.total_seconds()


def test_the_service_names_the_limit():
    """Less or more than was thought: it holds from then on."""
    budget = Budget()
    spent(budget, 100)
    budget.learn(Told(600, 500, 40), START)
    assert 100 + spent(budget, 9999) == SHARE * 600
    budget.learn(Told(5000, 5000 - 576, 40), START)
    assert 576 + spent(budget, 9999) == SHARE * 5000


def test_what_others_spend_is_left_to_them():
    """Another process of the same app: its share counts, until the service tells otherwise."""
    budget = Budget()
    spent(budget, 100)
    budget.learn(Told(1000, 200, 30), START)
    assert budget.used(START) == 800
    budget.learn(Told(1000, 600, 30), START + timedelta(seconds=10))
    assert budget.used(START + timedelta(seconds=10)) == 400
    assert budget.used(START + MINUTE) == 300  # ours are over, theirs were told of later
    assert budget.used(START + 2 * MINUTE) == 0


def test_nothing_left_is_waited_out():
    """Nothing remaining: until the reset, whatever we have counted ourselves."""
    budget = Budget()
    budget.learn(Told(1250, 0, 90), START)
    assert budget.wait(1, START) == 90
    assert budget.wait(1, START + timedelta(seconds=90)) == 0


def silence(budget, used, now=START):
    for _ in range(SILENT):
        budget.notice_silence(int(used), now)


def test_silence_near_the_limit_means_a_higher_one():
    """Headers come from 80 % on: answers beyond without them prove that it is not the limit."""
    budget = Budget()
    silence(budget, 1000)  # perhaps not counted yet when it was answered
    assert budget.limit == TIERS[0]
    for tier in (*TIERS[1:], TIERS[-1]):
        silence(budget, 0.95 * budget.limit)
        assert budget.limit == tier


def test_some_answers_without_headers_mean_nothing():
    """They are sent as best the service can: one with them proves the limit."""
    budget = Budget()
    for _ in range(3 * SILENT):
        for _ in range(SILENT - 1):
            budget.notice_silence(1200, START)
        budget.learn(Told(1250, 50, 30), START)
    assert budget.limit == 1250


def test_a_refusal_ends_the_climbing_for_a_while():
    """Refused beyond a limit that silence had us believe in: back, and no guess for an hour."""
    budget = Budget()
    silence(budget, 1200)
    assert budget.limit == TIERS[1]
    for _ in range(3):
        budget.notice_refusal(START)
    silence(budget, 1200)
    assert budget.limit == TIERS[0]
    silence(budget, 1200, START + NO_GUESSING)
    assert budget.limit == TIERS[1]


def test_a_refusal_takes_nothing_from_what_was_told():
    """There are other limits than this one, and their refusals say nothing of it."""
    budget = Budget()
    budget.learn(Told(2500, 100, 10), START)
    budget.notice_refusal(START)
    assert budget.limit == 2500


# ---------------------------------------------------------------- as time goes on


class Service:
    """Counts units of a minute: the last one, or the one that the clock is in."""

    def __init__(self, limit, *, fixed, announces):
        self.limit, self.fixed, self.announces = limit, fixed, announces
        self.log, self.refused = [], 0
        self.first = self.used = 0
        """Of the log: where the minute begins, and what was spent since."""

    def take(self, units, at):
        """The headers of an answer, if there are any; None for a refusal without any."""
        self.log.append((at, units))
        since = (at + PHASE) // 60 * 60 - PHASE if self.fixed else at - 60
        self.used += units
        while self.log[self.first][0] <= since:
            self.used -= self.log[self.first][1]
            self.first += 1
        self.refused += self.used > self.limit
        if not self.announces or self.used < 0.8 * self.limit:
            return None
        reset = since + 60 - at if self.fixed else 1
        return Told(self.limit, max(0, self.limit - self.used), reset)


PHASE = 37.5
"""Seconds: where in a fixed minute of the service's we begin."""


def worked(service, *, minutes, at_once=16):
    """So many requests at a time, of a tenth to a third of a second each; one in three a read."""
    budget = Budget()
    free = [(0.0, n) for n in range(at_once)]
    heapify(free)
    for number in itertools.count():
        at, lane = heappop(free)
        units = 1 if number % 3 == 0 else 2
        now = START + timedelta(seconds=at)
        if (wait := budget.wait(units, now)) > 0:
            heappush(free, (at + wait, lane))
            continue
        if at > 60 * minutes:
            return
        used, latency = budget.spend(units, now), 0.1 + number % 7 / 30
        refused = service.refused
        word = service.take(units, at + latency / 2)
        after = now + timedelta(seconds=latency)
        if word is not None:
            budget.learn(word, after)
        elif service.refused > refused:
            budget.notice_refusal(after)
        else:
            budget.notice_silence(used, after)
        heappush(free, (at + latency, lane))


@pytest.mark.parametrize("fixed", [False, True])
@pytest.mark.parametrize("limit", [600, 1250, 2500, 3750])
def test_any_limit_is_learnt_used_and_kept(limit, fixed):
    """Real delays, minutes of either kind: none refused, 90 % used in the first and in each."""
    service = Service(limit, fixed=fixed, announces=True)
    worked(service, minutes=3)
    assert service.refused == 0
    for minute in range(3):
        used = sum(units for at, units in service.log if 61 * minute <= at < 61 * (minute + 1))
        assert used > 0.9 * limit, minute


@pytest.mark.parametrize("limit", [1250, 2500])
def test_a_service_that_announces_nothing(limit):
    """Its limit is found by one overstepping, and kept for an hour after that."""
    service = Service(limit, fixed=False, announces=False)
    worked(service, minutes=8)
    assert 0 < service.refused < 100
    assert sum(units for at, units in service.log if at >= 120) > 0.9 * 6 * limit
