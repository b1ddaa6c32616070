"""Sign-ins that were good and are so no longer: everything happens on the first day."""

import json
from pathlib import Path

import pytest

from service.sandbox.process import Sandbox
from tests.sandbox import entra_worlds, worlds
from tests.sandbox.conftest import Client
from tests.sandbox.entra_clients import (
    approve_device,
    authorize,
    claims,
    code_of,
    refused,
    signed_in,
    token,
)
from tests.sandbox.entra_worlds import CLOSED, DESK, DORA, EVA, FINN, GUN, SHARED

NOON = "2023-01-02T12:00:00Z"
NEXT = "2023-01-03T12:00:00Z"


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    seed = f"{Path(entra_worlds.__file__)}:troubled"
    with Sandbox(seed=seed, directory=tmp_path_factory.mktemp("trouble")) as running:
        yield running


@pytest.fixture(scope="module")
def kept(daemon):
    """The refresh tokens of people who signed in before that day, which is then over."""
    people = (worlds.ANNA, worlds.BO, DORA, EVA, FINN, GUN)
    answers = {one.id: signed_in(daemon, one) for one in people}
    tokens = {name: answer["refresh_token"] for name, answer in answers.items()}
    tokens["access"] = answers[DORA.id]["access_token"]
    daemon.advance(NOON)
    return tokens


def refresh(daemon, refresh_token):
    return token(daemon, DESK, grant_type="refresh_token", refresh_token=refresh_token)


@pytest.mark.parametrize(
    ("person", "number", "suberror"),
    [
        (worlds.ANNA, 50173, "bad_token"),
        (worlds.BO, 700082, "bad_token"),
        (DORA, 50034, None),
        (EVA, 50057, None),
        (FINN, 53003, "message_only"),
        (GUN, 50076, "basic_action"),
    ],
    ids=["revoked", "idle", "left", "blocked", "policy", "second factor"],
)
def test_a_refresh_token_stops_working_for_a_reason(daemon, kept, person, number, suberror):
    """With the number and the kind that a client acts on."""
    body = refused(refresh(daemon, kept[person.id]), number, "invalid_grant")
    assert body.get("suberror") == suberror
    if number in (53003, 50076):
        wanted = json.loads(body["claims"])["access_token"]["capolids"]
        assert wanted["essential"]


def test_whoever_was_revoked_or_idle_signs_in_anew(daemon, kept):
    for person in (worlds.ANNA, worlds.BO):
        assert refresh(daemon, signed_in(daemon, person)["refresh_token"]).is_success


@pytest.mark.parametrize(("person", "number"), [(DORA, 50034), (EVA, 50057), (FINN, 53003)])
def test_the_browser_says_who_may_not_sign_in(daemon, kept, person, number):
    page = authorize(daemon, DESK, person.id)
    assert page.status_code == 403
    assert f"AADSTS{number}" in page.text


def test_a_second_factor_is_asked_for_and_then_remembered(daemon, kept):
    """The page offers it; a sign-in with it goes on working, one without is refused."""
    page = authorize(daemon, DESK, GUN.id)
    assert "AADSTS50076" in page.text
    shown = daemon.bare(
        "GET",
        f"{daemon.sandbox.url}/{worlds.TENANT}/oauth2/v2.0/authorize",
        params={
            "client_id": DESK.client_id,
            "response_type": "code",
            "redirect_uri": "http://localhost:1",
            "scope": "User.Read",
        },
    )
    assert 'name="mfa"' in shown.text
    assert DORA.mail not in shown.text
    flow = daemon.bare(
        "POST",
        f"{daemon.sandbox.url}/{worlds.TENANT}/oauth2/v2.0/devicecode",
        data={"client_id": DESK.client_id, "scope": "User.Read offline_access"},
    ).json()
    assert approve_device(daemon, flow["user_code"], GUN.id).status_code == 403
    assert approve_device(daemon, flow["user_code"], GUN.id, mfa="1").status_code == 200
    answer = token(
        daemon,
        DESK,
        grant_type="urn:ietf:params:oauth:grant-type:device_code",
        device_code=flow["device_code"],
    ).json()
    assert claims(answer["access_token"])["amr"] == ["pwd", "mfa"]
    assert refresh(daemon, answer["refresh_token"]).is_success


def by_secret(daemon, app, secret=None):
    form = {"grant_type": "client_credentials", "client_secret": secret or app.secret}
    return token(daemon, app, **form)


def test_secrets_expire_and_are_replaced(daemon, kept):
    """An expired one is 7000222, one that was taken away 7000215, the new one is taken."""
    refused(by_secret(daemon, worlds.READER), 7000222, "invalid_client")
    refused(by_secret(daemon, worlds.STRANGER), 7000215, "invalid_client")
    assert by_secret(daemon, worlds.STRANGER, "new~secret").is_success


def test_a_policy_can_block_an_app_by_itself(daemon, kept):
    """Conditional access for workload identities."""
    refused(by_secret(daemon, CLOSED), 53003, "invalid_grant")


def test_a_disabled_app_signs_nobody_in(daemon, kept):
    refused(by_secret(daemon, SHARED), 7000112, "unauthorized_client")
    page = authorize(daemon, SHARED, worlds.ANNA.id)
    assert "AADSTS7000112" in page.text


def test_roles_come_and_go_with_the_next_token(daemon, kept):
    """A token that was issued before says what it said."""
    stranger = by_secret(daemon, worlds.STRANGER, "new~secret").json()["access_token"]
    assert claims(stranger)["roles"] == ["Sites.Selected", "User.Read.All"]
    assert "OnlineMeetings.Read.All" not in claims(daemon.token())["roles"]


def test_somebody_who_has_left_is_not_in_the_directory(provisioner, kept):
    provisioner.refused(404, "Request_ResourceNotFound", "GET", f"/users/{DORA.id}")


def test_the_token_of_somebody_who_has_left_is_refused(daemon, kept):
    headers = {"Authorization": f"Bearer {kept['access']}"}
    response = daemon.bare("GET", f"{daemon.base}/me", headers=headers)
    assert response.status_code == 401
    assert response.json()["error"]["code"] == "InvalidAuthenticationToken"


def test_what_somebody_wrote_stays_when_she_has_left(daemon, kept):
    """Without her name, or with it where the switch says so; her calendar is gone."""
    messages = f"/teams/{worlds.WORLD.team}/channels/{worlds.COMMON}/messages"
    author = daemon.get(messages)["value"][0]["from"]["user"]
    assert (author["id"], author["displayName"]) == (DORA.id, None)
    daemon.control("POST", "settings", json={"author_who_left": "named"})
    author = daemon.get(messages)["value"][0]["from"]["user"]
    assert author["displayName"] == DORA.name
    daemon.control("POST", "settings", json={"author_who_left": "unknown"})
    daemon.refused(404, "ErrorInvalidUser", "GET", f"/users/{DORA.mail}/calendarView")


@pytest.mark.parametrize(
    ("seed", "words"),
    [
        ("mistaken_person", "There is nobody ingen"),
        ("mistaken_app", "There is no app ingen"),
        ("mistaken_role", "not allt"),
    ],
)
def test_an_act_names_who_is_there_and_what_there_is(tmp_path, seed, words):
    place = f"{Path(entra_worlds.__file__)}:{seed}"
    with Sandbox(seed=place, directory=tmp_path) as running:
        client = Client(running, None)
        said = client.control("POST", "clock", json={"now": NOON})
        client.close()
    assert said.status_code == 400
    assert words in said.json()["error"]


def test_policies_and_blocks_are_lifted(daemon, kept):
    """(Last: it moves the clock.)"""
    daemon.advance(NEXT)
    for person in (EVA, FINN):
        assert refresh(daemon, kept[person.id]).is_success
    assert code_of(authorize(daemon, DESK, FINN.id))
