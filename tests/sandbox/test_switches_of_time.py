"""How long things take, or hold: answers of switches that no other test gives."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from service.sandbox.process import Sandbox
from service.sandbox.timeline import Seed
from tests.sandbox import teams_worlds, test_access_minimum, worlds
from tests.sandbox.conftest import Client
from tests.sandbox.switching import switched
from tests.sandbox.test_access_minimum import FILTER, MEETINGS, VIEW, WINDOW
from tests.sandbox.test_calendar_strict import DELTA, SPRING
from tests.sandbox.test_files import drain
from tests.sandbox.test_forms import table

SECOND = timedelta(seconds=1)


def now(client):
    return datetime.fromisoformat(client.control("GET", "clock").json()["now"])


def slower() -> Seed:
    """The same three rights are withdrawn, and every one takes another time."""
    seed = test_access_minimum.slow()
    switches = {
        "exchange_rbac_minutes": "120",
        "access_policy_minutes": "60",
        "site_grant_minutes": "5",
    }
    return Seed(world=replace(seed.world, switches=switches), acts=seed.acts)


def test_every_right_has_its_own_delay(tmp_path):
    """Held until its minutes have passed, and gone with the last of them."""
    withdrawn = datetime.fromisoformat("2023-01-02T00:00:00Z")
    with Sandbox(seed=f"{__file__}:slower", directory=tmp_path) as sandbox:
        client = Client(sandbox, worlds.DAEMON)
        for path, params, minutes in (
            (client.site, {}, 5),
            (MEETINGS, FILTER, 60),
            (VIEW, WINDOW, 120),
        ):
            over = withdrawn + timedelta(minutes=minutes)
            for moment, status in ((over - SECOND, 200), (over + SECOND, 403)):
                client.advance(moment.isoformat())
                assert client.ask("GET", path, params=params).status_code == status, (path, moment)
        client.close()


@pytest.mark.parametrize("days", ["7", "30"])
def test_a_delta_token_of_outlook_holds_for_its_days(daemon, days):
    """200 to the last second of them, then 410."""
    with switched(daemon, outlook_token_days=days):
        link = daemon.get(f"{DELTA}?{SPRING}")["@odata.deltaLink"]
        over = now(daemon) + timedelta(days=int(days))
        daemon.advance((over - SECOND).isoformat())
        assert daemon.ask("GET", link).status_code == 200
        daemon.advance(over.isoformat())
        daemon.refused(410, "SyncStateNotFound", "GET", link)


def test_a_delta_token_of_outlook_may_hold_for_ever(daemon):
    """Years later it tells what has changed, and is too old again once the switch is turned."""
    link = daemon.get(f"{DELTA}?{SPRING}")["@odata.deltaLink"]
    daemon.advance((now(daemon) + timedelta(days=2000)).isoformat())
    daemon.refused(410, "SyncStateNotFound", "GET", link)
    with switched(daemon, outlook_token_days="for ever"):
        assert daemon.get(link)["value"] == []


@pytest.mark.parametrize("days", ["1", "30"])
def test_a_delta_token_of_files_holds_for_its_days(daemon, days):
    """Through the whole of the last of them, and no second longer."""
    with switched(daemon, delta_token_days=days):
        _, link = drain(daemon, f"{daemon.drive()}/root/delta")
        over = now(daemon) + timedelta(days=int(days))
        daemon.advance(over.isoformat())
        assert daemon.ask("GET", link).status_code == 200
        daemon.advance((over + SECOND).isoformat())
        daemon.refused(410, "resyncChangesApplyDifferences", "GET", link)


@pytest.mark.parametrize("hours", ["1", "168"])
def test_a_monitor_of_a_copy_lives_for_its_hours(daemon, hours):
    """As many as the switch said when the copy began, whatever it says afterwards."""
    source = f"{daemon.drive()}/root:/{hours}.txt"
    daemon.put(f"{source}:/content", b"x")
    with switched(daemon, copy_monitor_hours=hours):
        answer = daemon.ask("POST", f"{source}:/copy", json={"name": f"{hours} ny.txt"})
    link, over = answer.headers["location"], now(daemon) + timedelta(hours=int(hours))
    daemon.advance((over - SECOND).isoformat())
    assert daemon.bare("GET", link).is_success
    daemon.advance((over + SECOND).isoformat())
    assert daemon.bare("GET", link).status_code == 404


@pytest.mark.parametrize(("minutes", "due"), [("5", "10:05:00"), ("60", "11:00:00")])
def test_a_workbook_of_forms_is_brought_up_at_its_interval(tmp_path, minutes, due):
    """What was answered at ten stands there at the interval's next whole multiple."""
    with Sandbox(seed=f"{teams_worlds.__file__}:forms", directory=tmp_path) as sandbox:
        client = Client(sandbox, worlds.DAEMON)
        client.control("POST", "settings", json={"forms_sync": minutes})
        moment = datetime.fromisoformat(f"2023-01-02T{due}Z")
        client.advance((moment - SECOND).isoformat())
        assert table(client)[1] == []
        client.advance(moment.isoformat())
        assert len(table(client)[1]) == 1
        client.close()
