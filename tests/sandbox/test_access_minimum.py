"""The daemon's app has what it needs and no more: without any one right something is refused."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from service.sandbox.process import Sandbox
from service.sandbox.seed import load
from service.sandbox.timeline import GrantMailbox, GrantOrganizer, GrantRole, GrantSite, Seed
from tests.sandbox import worlds
from tests.sandbox.conftest import Client

APP = worlds.DAEMON.client_id
MEETINGS = f"/users/{worlds.ANNA.id}/onlineMeetings"
VIEW = f"/users/{worlds.BOX.mail}/calendarView"
WINDOW = {"startDateTime": "2023-01-01", "endDateTime": "2023-02-01"}
FILTER = {"$filter": "JoinWebUrl eq 'x'"}
MISSING = "Missing role permissions on the request. API requires one of"

RIGHTS = (
    (GrantRole, {"role": "Sites.Selected"}, "", {}, "accessDenied", "Access denied"),
    (GrantSite, {"role": ""}, "", {}, "accessDenied", "Access denied"),
    (GrantRole, {"role": "OnlineMeetings.Read.All"}, MEETINGS, FILTER, "Forbidden", MISSING),
    (
        GrantRole,
        {"role": "OnlineMeetingRecording.Read.All"},
        f"{MEETINGS}/x/recordings",
        {},
        "Forbidden",
        MISSING,
    ),
    (
        GrantRole,
        {"role": "OnlineMeetingTranscript.Read.All"},
        f"{MEETINGS}/x/transcripts",
        {},
        "Forbidden",
        MISSING,
    ),
    (
        GrantRole,
        {"role": "OnlineMeetingArtifact.Read.All"},
        f"{MEETINGS}/x/attendanceReports",
        {},
        "Forbidden",
        MISSING,
    ),
    (
        GrantMailbox,
        {"mailbox": worlds.BOX.mail},
        VIEW,
        WINDOW,
        "ErrorAccessDenied",
        "Access is denied.",
    ),
    (
        GrantOrganizer,
        {"person": worlds.ANNA.id},
        MEETINGS,
        FILTER,
        "Forbidden",
        "No application access policy found for this app",
    ),
)
"""Act, what it withdraws, the call that needs it, and the refusal's code and words."""


def day(number: int) -> datetime:
    return worlds.START + timedelta(days=number)


def withdrawn() -> Seed:
    """Each right is gone for a day: the first on the first day, and so on."""
    acts = []
    for number, (kind, what, *_) in enumerate(RIGHTS):
        out = what if kind is GrantSite else {**what, "withdrawn": True}
        back = {"role": "write"} if kind is GrantSite else what
        acts.append(kind(at=day(2 * number + 1), app=APP, **out))
        acts.append(kind(at=day(2 * number + 2), app=APP, **back))
    return Seed(world=worlds.WORLD, acts=tuple(acts))


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    seed = f"{Path(__file__)}:withdrawn"
    with Sandbox(seed=seed, directory=tmp_path_factory.mktemp("minimum")) as running:
        yield running


@pytest.fixture
def fresh(sandbox):
    """A client of the daemon's app with a new token, made when it is asked for."""
    made = []

    def client():
        made.append(Client(sandbox, worlds.DAEMON))
        return made[-1]

    yield client
    for one in made:
        one.close()


@pytest.mark.parametrize("number", range(len(RIGHTS)))
def test_without_any_one_right_something_is_refused(daemon, fresh, number):
    """On its day the call that needs it is 403 in its workload's words; the day after, not."""
    _, _, path, params, code, words = RIGHTS[number]
    place = path or daemon.site
    daemon.advance(day(2 * number + 1).isoformat())
    assert fresh().refused(403, code, "GET", place, params=params).startswith(words)
    daemon.advance(day(2 * number + 2).isoformat())
    assert fresh().ask("GET", place, params=params).status_code in (200, 404)


@pytest.mark.parametrize("name", ["2023", "example"])
def test_the_seeds_grant_exactly_the_documented_minimum(name):
    """Settled 11: nothing more for the daemon's app, and nothing that a person did not need."""
    world = load(name, today=date(2026, 3, 1)).world
    app = world.apps[0]
    assert set(app.roles) == set(worlds.DAEMON.roles)
    assert (app.site_role, dict(app.site_grants)) == ("write", {})
    assert app.calendars == (world.mailbox,)
    assert app.reads_channels
    assert (app.sends_as, app.reads_mail, app.writes_mail) == ((), (), ())
    # For an account that signs in by itself, to change what it wrote; the rest it consents to.
    assert (app.scopes, app.web_redirects) == (("ChannelMessage.ReadWrite",), ())
    people = {person.id for person in world.people}
    assert set(app.organizers) < people


SWITCHES = {
    "exchange_rbac_minutes": GrantMailbox,
    "access_policy_minutes": GrantOrganizer,
    "site_grant_minutes": GrantSite,
}


def slow() -> Seed:
    """Three rights are withdrawn at once, and every one takes half an hour or an hour."""
    world = replace(
        worlds.WORLD,
        switches={
            "exchange_rbac_minutes": "30",
            "access_policy_minutes": "30",
            "site_grant_minutes": "60",
        },
    )
    at = datetime(2023, 1, 2, tzinfo=UTC)
    acts = (
        GrantMailbox(at=at, app=APP, mailbox=worlds.BOX.mail, withdrawn=True),
        GrantOrganizer(at=at, app=APP, person=worlds.ANNA.id, withdrawn=True),
        GrantSite(at=at, app=APP, role=""),
    )
    return Seed(world=world, acts=acts)


def test_a_change_may_take_its_time(tmp_path):
    """By the switches, and counted by the sandbox's clock."""
    places = ((VIEW, WINDOW, 31), (MEETINGS, FILTER, 31), ("", {}, 61))
    with Sandbox(seed=f"{Path(__file__)}:slow", directory=tmp_path) as sandbox:
        client = Client(sandbox, worlds.DAEMON)
        for path, params, minutes in places:
            before = datetime(2023, 1, 2, tzinfo=UTC) + timedelta(minutes=minutes - 2)
            for moment, status in ((before, 200), (before + timedelta(minutes=2), 403)):
                now = client.control("GET", "clock").json()["now"]
                if moment > datetime.fromisoformat(now):
                    client.advance(moment.isoformat())
                    answer = client.ask("GET", path or client.site, params=params)
                    assert answer.status_code == status, (path, moment)
        client.close()
