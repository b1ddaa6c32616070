"""Sign-in by the real msal, and every refusal on the way in."""

import base64
import json
from datetime import UTC, datetime, timedelta

import msal
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from tests.sandbox import worlds

SCOPES = ["https://graph.microsoft.com/.default"]


@pytest.fixture(autouse=True)
def _own_ca_only(monkeypatch):
    """requests lets these variables win over `verify`."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


def msal_app(sandbox, credential, client_id=worlds.DAEMON.client_id, tenant=worlds.TENANT):
    return msal.ConfidentialClientApplication(
        client_id,
        client_credential=credential,
        authority=f"{sandbox.url}/{tenant}",
        instance_discovery=False,
        verify=str(sandbox.ca_file),
    )


def certificate():
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "daemon")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return private.decode(), made.public_bytes(serialization.Encoding.PEM).decode()


def claims(token):
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def test_msal_signs_in_with_a_secret(sandbox):
    """msal takes the discovery document and the token, which names tenant, app and roles."""
    result = msal_app(sandbox, worlds.DAEMON.secret).acquire_token_for_client(SCOPES)
    said = claims(result["access_token"])
    assert said["tid"] == worlds.TENANT
    assert said["appid"] == worlds.DAEMON.client_id
    assert said["app_displayname"] == worlds.DAEMON.name
    assert tuple(said["roles"]) == worlds.DAEMON.roles
    assert said["exp"] > datetime.now(UTC).timestamp()


def test_msal_signs_in_with_a_registered_certificate_only(sandbox, daemon):
    """A PS256 assertion is taken once its certificate is registered, and not before."""
    private, public = certificate()
    credential = {"private_key": private, "public_certificate": public}
    refused = msal_app(sandbox, credential).acquire_token_for_client(SCOPES)
    assert refused["error"] == "invalid_client"
    assert refused["error_codes"] == [700027]
    body = {"client_id": worlds.DAEMON.client_id, "pem": public}
    assert daemon.control("POST", "certificates", json=body).status_code == 201
    taken = msal_app(sandbox, credential).acquire_token_for_client(SCOPES)
    assert claims(taken["access_token"])["appid"] == worlds.DAEMON.client_id


@pytest.mark.parametrize(
    ("change", "error", "number"),
    [
        ({"credential": "wrong"}, "invalid_client", 7000215),
        ({"client_id": "00000000-0000-0000-0000-000000000000"}, "unauthorized_client", 700016),
    ],
)
def test_msal_hears_why_it_is_refused(sandbox, change, error, number):
    """A wrong secret and an unknown app give Entra's error, number, trace and time."""
    given = {"credential": worlds.DAEMON.secret, **change}
    result = msal_app(sandbox, **given).acquire_token_for_client(SCOPES)
    assert result["error"] == error
    assert result["error_codes"] == [number]
    assert f"AADSTS{number}" in result["error_description"]
    assert result["correlation_id"]
    assert result["trace_id"]
    assert result["timestamp"]


def test_an_unknown_tenant_has_no_authority(sandbox, daemon):
    """msal cannot be built on a tenant that is not there, and the service says why."""
    other = "ffffffff-0000-4000-8000-000000000000"
    with pytest.raises(ValueError, match="Unable to get authority configuration"):
        msal_app(sandbox, "x", tenant=other)
    discovery = f"{sandbox.url}/{other}/v2.0/.well-known/openid-configuration"
    assert daemon.bare("GET", discovery).json()["error_codes"] == [90002]


def test_the_token_endpoint_takes_basic_authentication(sandbox, daemon):
    """rclone and authlib send HTTP Basic."""
    response = daemon.bare(
        "POST",
        f"{sandbox.url}/{worlds.TENANT}/oauth2/v2.0/token",
        data={"grant_type": "client_credentials"},
        headers={
            "Authorization": "Basic "
            + base64.b64encode(
                f"{worlds.DAEMON.client_id}:{worlds.DAEMON.secret}".encode()
            ).decode()
        },
    )
    assert response.status_code == 200, response.text
    assert response.json()["token_type"] == "Bearer"


@pytest.mark.parametrize("header", [None, "Bearer nonsense", "Bearer a.b.c", "Basic eDp5"])
def test_without_a_good_token_nothing_is_answered(daemon, header):
    """Missing and garbled tokens are 401 in Graph's words."""
    headers = {"Authorization": header} if header else {}
    response = daemon.bare("GET", daemon.base + daemon.site, headers=headers)
    assert response.status_code == 401
    assert response.json()["error"]["code"] == "InvalidAuthenticationToken"
    assert "www-authenticate" in response.headers


def test_an_expired_token_is_refused_by_real_time(daemon):
    """A token whose life is over by the machine's clock is 401."""
    token = daemon.token(sandbox_lifetime="-1")
    headers = {"Authorization": f"Bearer {token}"}
    response = daemon.bare("GET", daemon.base + daemon.site, headers=headers)
    assert response.status_code == 401
    assert "expired" in response.json()["error"]["message"]


def test_each_workload_refuses_in_its_own_words(daemon, provisioner, connect):
    """Missing rights are refused as SharePoint, Exchange, Teams and the directory do."""
    stranger, reader = connect(worlds.STRANGER), connect(worlds.READER)
    stranger.refused(403, "accessDenied", "GET", stranger.site)
    drive = reader.drive()
    reader.refused(403, "accessDenied", "PUT", f"{drive}/root:/x.txt:/content", content=b"x")
    daemon.refused(403, "accessDenied", "POST", f"{daemon.site}/lists", json={})
    daemon.refused(403, "Authorization_RequestDenied", "GET", f"/users/{worlds.ANNA.id}")
    window = "?startDateTime=2023-01-01&endDateTime=2023-02-01"
    daemon.refused(
        403, "ErrorAccessDenied", "GET", f"/users/{worlds.ANNA.mail}/calendarView{window}"
    )
    daemon.refused(404, "ErrorInvalidUser", "GET", f"/users/nobody@x/calendarView{window}")
    said = daemon.refused(
        403,
        "Forbidden",
        "GET",
        f"/users/{worlds.BO.id}/onlineMeetings",
        params={"$filter": "JoinWebUrl eq 'x'"},
    )
    assert said.startswith("No application access policy found for this app")
    said = provisioner.refused(
        403, "Forbidden", "GET", f"/users/{worlds.ANNA.id}/onlineMeetings/x/recordings"
    )
    assert said.startswith("Missing role permissions")
    messages = f"/teams/{worlds.WORLD.team}/channels/{worlds.COMMON}/messages"
    provisioner.refused(403, "Forbidden", "GET", f"{messages}/delta")
    said = daemon.refused(401, "Unauthorized", "POST", messages, json={})
    assert said.startswith("Message POST is allowed in application-only context only for import")
    daemon.refused(403, "ErrorAccessDenied", "GET", "/groups/x/events")
    daemon.refused(403, "AccessDenied", "GET", f"{drive}/items/x/workbook/worksheets")


def test_what_is_not_there_is_said_so(daemon, provisioner):
    """404 for what is missing, 400 for what no Graph has, 405 for the wrong verb."""
    drive = daemon.drive()
    daemon.refused(404, "itemNotFound", "GET", f"{drive}/items/01NOTHERE")
    daemon.refused(404, "itemNotFound", "GET", f"{daemon.site}/lists/none")
    daemon.refused(400, "invalidRequest", "GET", "/drives/nonsense/root")
    daemon.refused(400, "BadRequest", "GET", "/nonsense")
    daemon.refused(405, "UnknownError", "DELETE", daemon.site)
    daemon.refused(404, "ErrorItemNotFound", "GET", f"/users/{worlds.BOX.mail}/events/AAMkAnone")
    daemon.refused(404, "NotFound", "GET", "/teams/none/channels/x/messages")
    provisioner.refused(404, "Request_ResourceNotFound", "GET", "/users/none")
    daemon.refused(400, "invalidRequest", "GET", f"{drive}/root/children?$search=x")


def test_the_directory_and_the_channels_can_be_read_with_their_roles(provisioner):
    """Users by id and by address, the guest among them; the team's channels by name."""
    user = provisioner.get(f"/users/{worlds.ANNA.id}")
    assert user == provisioner.get(f"/users/{worlds.ANNA.mail.upper()}")
    assert provisioner.get(f"/users/{worlds.GUEST.mail}")["displayName"] == "Cia Bo"
    channels = provisioner.get(f"/teams/{worlds.WORLD.team}/channels")["value"]
    assert [channel["displayName"] for channel in channels] == ["Allmänt", "Samordnare"]
