"""People sign in to apps: in a browser with PKCE, on a device with a code, and ever after."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from service.sandbox.process import Sandbox
from tests.sandbox import entra_worlds, worlds
from tests.sandbox.entra_clients import (
    VERIFIER,
    approve_device,
    authorize,
    claims,
    code_of,
    confidential,
    public,
    refused,
    returned,
    signed_in,
    token,
)
from tests.sandbox.entra_worlds import CLOSED, DESK, SHARED

DEVICE = "urn:ietf:params:oauth:grant-type:device_code"


@pytest.fixture(autouse=True)
def _own_ca_only(monkeypatch):
    """requests lets these variables win over `verify`."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    seed = f"{Path(entra_worlds.__file__)}:quiet"
    with Sandbox(seed=seed, directory=tmp_path_factory.mktemp("people")) as running:
        yield running


def as_person(daemon, answer):
    return {"Authorization": f"Bearer {answer['access_token']}"}


def posted(client, address, person, **more):
    """The page at this address, approved: what its form would send."""
    query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    return client.bare(
        "POST",
        address.partition("?")[0],
        data={**query, "person": person, "decision": "approve", **more},
    )


def test_msal_signs_a_person_in_with_pkce_and_stays_signed_in(sandbox, daemon):
    """Code, account, silent token from the cache, silent token by refresh, and who she is."""
    app = public(sandbox)
    flow = app.initiate_auth_code_flow(
        ["User.Read"], redirect_uri="http://localhost:5511", response_mode="form_post"
    )
    back = posted(daemon, flow["auth_uri"], worlds.ANNA.id)
    result = app.acquire_token_by_auth_code_flow(flow, returned(back))
    assert result.get("id_token_claims", {}).get("preferred_username") == worlds.ANNA.mail, result
    said = claims(result["access_token"])
    assert said["oid"] == worlds.ANNA.id
    assert (said["upn"], said["name"]) == (worlds.ANNA.mail, worlds.ANNA.name)
    assert (said["idtyp"], said["tid"]) == ("user", worlds.TENANT)
    assert "User.Read" in said["scp"].split()
    assert "roles" not in said
    account = app.get_accounts()[0]
    assert account["username"] == worlds.ANNA.mail
    assert app.acquire_token_silent(["User.Read"], account)["token_source"] == "cache"
    again = app.acquire_token_silent(["User.Read"], account, force_refresh=True)
    assert again["token_source"] == "identity_provider"
    me = daemon.bare("GET", f"{daemon.base}/me", headers=as_person(daemon, again)).json()
    assert (me["id"], me["displayName"]) == (worlds.ANNA.id, worlds.ANNA.name)


def test_msal_signs_a_person_in_where_the_app_must_prove_itself(sandbox, daemon):
    """An app with a redirect address of its own on the web, and its secret."""
    app = confidential(sandbox, CLOSED.secret, CLOSED.client_id)
    flow = app.initiate_auth_code_flow(
        ["User.Read"], redirect_uri=CLOSED.web_redirects[0], response_mode="form_post"
    )
    back = posted(daemon, flow["auth_uri"], worlds.BO.id)
    result = app.acquire_token_by_auth_code_flow(flow, returned(back))
    assert claims(result["access_token"])["oid"] == worlds.BO.id
    account = app.get_accounts()[0]
    again = app.acquire_token_silent(["User.Read"], account, force_refresh=True)
    assert claims(again["access_token"])["appid"] == CLOSED.client_id


def test_msal_signs_a_person_in_on_a_device(sandbox, daemon):
    """The code is typed on the page that the device names, in any case and with a dash."""
    app = public(sandbox)
    flow = app.initiate_device_flow(["User.Read"])
    assert flow["verification_uri"] == f"{sandbox.url}/devicelogin"
    page = daemon.bare("GET", flow["verification_uri"])
    assert "Ange koden" in page.text
    typed = f"{flow['user_code'][:4].lower()}-{flow['user_code'][4:]}"
    shown = daemon.bare("POST", flow["verification_uri"], data={"user_code": typed})
    assert worlds.ANNA.name in shown.text
    assert "Läsa din profil" in shown.text
    assert "Du är inloggad" in approve_device(daemon, typed, worlds.ANNA.id).text
    result = app.acquire_token_by_device_flow(flow)
    assert result["id_token_claims"]["oid"] == worlds.ANNA.id
    assert app.acquire_token_silent(["User.Read"], app.get_accounts()[0])


def test_the_shared_address_is_for_apps_of_many_tenants(sandbox, daemon):
    """`organizations` will do for such an app, in the browser as on a device."""
    app = public(sandbox, SHARED.client_id, tenant="organizations")
    flow = app.initiate_device_flow(["User.Read"])
    approve_device(daemon, flow["user_code"], worlds.BO.id)
    result = app.acquire_token_by_device_flow(flow)
    assert claims(result["access_token"])["tid"] == worlds.TENANT
    page = authorize(daemon, DESK, worlds.BO.id, tenant="common")
    assert page.status_code == 400
    assert "AADSTS50194" in page.text
    asked = daemon.bare(
        "POST",
        f"{sandbox.url}/common/oauth2/v2.0/devicecode",
        data={"client_id": DESK.client_id, "scope": "User.Read"},
    )
    refused(asked, 50194, "invalid_request")


def device_code(daemon, app=DESK, **form):
    return daemon.bare(
        "POST",
        f"{daemon.sandbox.url}/{worlds.TENANT}/oauth2/v2.0/devicecode",
        data={"client_id": app.client_id, "scope": "User.Read", **form},
    )


def poll(daemon, code, app=DESK, **form):
    return token(daemon, app, grant_type=DEVICE, device_code=code, **form)


def test_a_device_hears_what_the_person_does(daemon):
    """Pending, slow down where the switch says so, declined, unknown, and used up."""
    flow = device_code(daemon).json()
    refused(poll(daemon, flow["device_code"]), 70016, "authorization_pending")
    refused(poll(daemon, flow["device_code"]), 70016, "authorization_pending")
    daemon.control("POST", "settings", json={"device_slow_down": "yes"})
    refused(poll(daemon, flow["device_code"]), 70016, "slow_down")
    daemon.control("POST", "settings", json={"device_slow_down": "no"})
    said = approve_device(daemon, flow["user_code"], worlds.ANNA.id, decision="deny")
    assert "Du har avböjt" in said.text
    refused(poll(daemon, flow["device_code"]), 65004, "authorization_declined")
    refused(poll(daemon, "nonsense"), 70018, "bad_verification_code")
    flow = device_code(daemon).json()
    approve_device(daemon, flow["user_code"], worlds.ANNA.id)
    assert poll(daemon, flow["device_code"]).status_code == 200
    refused(poll(daemon, flow["device_code"]), 54005, "invalid_grant")
    page = approve_device(daemon, flow["user_code"], worlds.ANNA.id)
    assert page.status_code == 400
    assert "AADSTS70018" in page.text


def test_a_code_for_a_device_is_asked_for_rightly(daemon):
    """Scope, known app, known tenant and known permissions are looked at before any code."""
    refused(device_code(daemon, scope=""), 900144, "invalid_request")
    refused(device_code(daemon, scope="Sådan.Finns.Inte"), 650053, "invalid_client")
    refused(device_code(daemon, client_id="x"), 700016, "unauthorized_client")
    url = f"{daemon.sandbox.url}/else.example/oauth2/v2.0/devicecode"
    refused(daemon.bare("POST", url, data={}), 90002, "invalid_request")


def test_an_app_that_is_not_public_proves_itself_on_a_device_too(daemon):
    """Without a secret it hears 7000218, with it the device is signed in."""
    flow = device_code(daemon, CLOSED).json()
    approve_device(daemon, flow["user_code"], worlds.ANNA.id)
    refused(poll(daemon, flow["device_code"], CLOSED), 7000218, "invalid_client")
    answer = poll(daemon, flow["device_code"], CLOSED, client_secret=CLOSED.secret)
    assert answer.status_code == 200


def redeem(daemon, good, app=DESK, **changed):
    form = {
        "code": good,
        "redirect_uri": "http://localhost:4711",
        "code_verifier": VERIFIER,
        **changed,
    }
    return token(daemon, app, grant_type="authorization_code", **form)


@pytest.mark.parametrize(
    ("changed", "number", "error"),
    [
        ({"code": "nonsense"}, 9002313, "invalid_grant"),
        ({"code": None}, 900144, "invalid_request"),
        ({"redirect_uri": "http://localhost:4712"}, 500112, "invalid_grant"),
        ({"redirect_uri": None}, 900144, "invalid_request"),
        ({"code_verifier": "fel"}, 501481, "invalid_grant"),
        ({"code_verifier": None}, 900144, "invalid_request"),
        ({"client_secret": DESK.secret}, 700025, "invalid_client"),
    ],
)
def test_a_code_is_redeemed_by_whoever_asked_for_it(daemon, changed, number, error):
    """Each thing that does not fit the request is refused, and leaves the code good."""
    code = code_of(authorize(daemon, DESK, worlds.ANNA.id))
    refused(redeem(daemon, code, **changed), number, error)
    assert redeem(daemon, code).status_code == 200


def test_a_code_is_good_once_and_for_its_own_app(daemon):
    code = code_of(authorize(daemon, DESK, worlds.ANNA.id))
    refused(redeem(daemon, code, SHARED), 9002313, "invalid_grant")
    assert redeem(daemon, code).status_code == 200
    refused(redeem(daemon, code), 54005, "invalid_grant")


def test_a_web_app_must_prove_itself_with_its_code(daemon):
    redirect = CLOSED.web_redirects[0]
    code = code_of(authorize(daemon, CLOSED, worlds.ANNA.id, redirect_uri=redirect))
    refused(redeem(daemon, code, CLOSED, redirect_uri=redirect), 7000218, "invalid_client")
    secret = {"redirect_uri": redirect, "client_secret": CLOSED.secret}
    answer = redeem(daemon, code, CLOSED, **secret).json()
    kept = {"grant_type": "refresh_token", "refresh_token": answer["refresh_token"]}
    refused(token(daemon, CLOSED, **kept), 7000218, "invalid_client")
    assert token(daemon, CLOSED, client_secret=CLOSED.secret, **kept).status_code == 200


def test_pkce_may_be_plain_or_left_out(daemon):
    """As Entra allows; another method is refused."""
    plain = {"code_challenge": VERIFIER, "code_challenge_method": "plain"}
    assert redeem(daemon, code_of(authorize(daemon, DESK, worlds.ANNA.id, **plain))).is_success
    none = {"code_challenge": "", "code_challenge_method": ""}
    code = code_of(authorize(daemon, DESK, worlds.ANNA.id, **none))
    assert redeem(daemon, code, code_verifier=None).is_success
    back = authorize(daemon, DESK, worlds.ANNA.id, code_challenge_method="S512")
    assert "AADSTS501491" in back.headers["location"]


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ({"redirect_uri": "http://localhost:4711/annat"}, 50011),
        ({"redirect_uri": "http://127.0.0.1:4711/"}, 50011),
        ({"redirect_uri": "https://evil.example/"}, 50011),
        ({"client_id": "00000000-0000-0000-0000-000000000000"}, 700016),
        ({"client_id": ""}, 900144),
    ],
)
def test_the_browser_is_sent_nowhere_but_to_the_apps_own_addresses(daemon, query, number):
    """The person reads what is wrong, in Swedish and with Entra's number."""
    page = authorize(daemon, DESK, worlds.ANNA.id, **query)
    assert page.status_code == 400
    assert f"AADSTS{number}: " in page.text
    assert 'role="alert"' in page.text
    good = authorize(daemon, DESK, worlds.ANNA.id, redirect_uri="http://127.0.0.1:99/klar")
    assert good.headers["location"].startswith("http://127.0.0.1:99/klar?code=")


@pytest.mark.parametrize(
    ("query", "error", "number"),
    [
        ({"response_type": "token"}, "unsupported_response_type", 700051),
        ({"scope": ""}, "invalid_request", 900144),
        ({"scope": "Sådan.Finns.Inte"}, "invalid_client", 650053),
        ({"scope": "https://vault.example/x"}, "invalid_resource", 500011),
        ({"scope": "User.Read https://api.botframework.com/x"}, "invalid_request", 28000),
        ({"scope": ".default User.Read"}, "invalid_scope", 70011),
        ({"prompt": "none"}, "login_required", 50058),
        ({"decision": "deny"}, "access_denied", 65004),
    ],
)
def test_the_app_hears_what_is_wrong_with_its_request(daemon, query, error, number):
    """By its redirect address, with its state."""
    back = returned(authorize(daemon, DESK, worlds.ANNA.id, **query))
    assert (back["error"], back["state"]) == (error, "s")
    assert f"AADSTS{number}" in back["error_description"]


def test_what_only_an_administrator_may_allow_is_not_a_persons_to_give(daemon):
    """Refused until consented for everybody; what was consented is in the token unasked."""
    page = authorize(daemon, DESK, worlds.ANNA.id, scope="Sites.FullControl.All")
    assert page.status_code == 403
    assert "AADSTS90094" in page.text
    flow = device_code(daemon, scope="Sites.FullControl.All").json()
    page = approve_device(daemon, flow["user_code"], worlds.ANNA.id)
    assert "AADSTS90094" in page.text
    answer = signed_in(daemon, worlds.ANNA, scope="ChannelMessage.Read.All")
    assert "Sites.Selected" in claims(answer["access_token"])["scp"].split()


def test_the_page_of_consent_is_made_for_people(daemon):
    """In Swedish, every field with its label, everybody to choose from, what is asked for."""
    page = daemon.bare(
        "GET",
        f"{daemon.sandbox.url}/{worlds.TENANT}/oauth2/v2.0/authorize",
        params={
            "client_id": DESK.client_id,
            "response_type": "code",
            "redirect_uri": "http://localhost:1",
            "scope": "openid User.Read offline_access",
            "login_hint": worlds.BO.mail,
            "state": '"><script>',
        },
    )
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert '<html lang="sv">' in page.text
    assert 'name="viewport"' in page.text
    for person in entra_worlds.WORLD.people:
        assert person.mail in page.text
    assert page.text.count("<label>") == len(entra_worlds.WORLD.people)
    assert f'value="{worlds.BO.id}" required checked' in page.text
    assert "Läsa din profil" in page.text
    assert "<script>" not in page.text
    nobody = authorize(daemon, DESK, "nobody@nat.example")
    assert nobody.status_code == 403
    assert "AADSTS50034" in nobody.text


@pytest.mark.parametrize(("mode", "mark"), [("query", "?"), ("fragment", "#"), ("form_post", "")])
def test_the_answer_comes_back_the_way_that_was_asked_for(daemon, mode, mark):
    answer = authorize(daemon, DESK, worlds.ANNA.id, response_mode=mode)
    if mark:
        assert answer.headers["location"].startswith(f"http://localhost:4711{mark}code=")
    else:
        assert '<form method="post" action="http://localhost:4711">' in answer.text
        assert 'name="code"' in answer.text


def refresh(daemon, kept, app=DESK, **form):
    return token(daemon, app, grant_type="refresh_token", refresh_token=kept, **form)


def test_a_refresh_token_gives_another_and_stays_good(daemon):
    """Every use gives a new one and does not revoke the old ("Refresh tokens")."""
    first = signed_in(daemon, worlds.ANNA)["refresh_token"]
    second = refresh(daemon, first).json()["refresh_token"]
    assert second != first
    assert refresh(daemon, first).is_success
    assert refresh(daemon, second).is_success


def test_without_offline_access_there_is_no_refresh_token(daemon):
    answer = signed_in(daemon, worlds.ANNA, scope="User.Read")
    assert "refresh_token" not in answer
    assert "id_token" not in answer


def test_a_refresh_token_is_its_apps_alone_and_asks_for_no_more(daemon):
    """Garbage, another app's, and a permission that nobody has consented to."""
    kept = signed_in(daemon, worlds.GUEST)["refresh_token"]
    refused(refresh(daemon, "nonsense"), 9002313, "invalid_grant")
    refused(refresh(daemon, kept, SHARED), 70000, "invalid_grant")
    body = refused(refresh(daemon, kept, scope="Mail.Send"), 65001, "invalid_grant")
    assert body["suberror"] == "consent_required"
    refused(token(daemon, DESK, grant_type="refresh_token"), 900144, "invalid_request")


def test_the_id_token_is_the_apps_own_and_has_its_nonce(daemon):
    code = code_of(authorize(daemon, DESK, worlds.ANNA.id, nonce="n-1"))
    said = claims(redeem(daemon, code).json()["id_token"])
    assert (said["aud"], said["nonce"]) == (DESK.client_id, "n-1")


def test_me_is_whoever_has_signed_in(daemon, connect):
    """Below `/me` lies what lies below her own id; an app by itself is nobody."""
    answer = signed_in(daemon, worlds.BOX, scope="User.Read Calendars.Read")
    window = {"startDateTime": "2023-01-01", "endDateTime": "2023-02-01"}
    view = daemon.bare(
        "GET", f"{daemon.base}/me/calendarView", params=window, headers=as_person(daemon, answer)
    )
    assert view.json()["value"] == []
    said = daemon.refused(400, "BadRequest", "GET", "/me")
    assert said == "/me request is only valid with delegated authentication flow."


def test_codes_go_bad_by_the_sandboxs_clock(daemon):
    """Ten minutes for a browser's code, fifteen for a device's. (Last: it moves the clock.)"""
    code = code_of(authorize(daemon, DESK, worlds.ANNA.id))
    flow = device_code(daemon).json()
    daemon.advance("2023-01-01T00:10:01Z")
    refused(redeem(daemon, code), 70008, "invalid_grant")
    daemon.advance("2023-01-01T00:15:01Z")
    refused(poll(daemon, flow["device_code"]), 70020, "expired_token")
    page = approve_device(daemon, flow["user_code"], worlds.ANNA.id)
    assert "AADSTS70018" in page.text
