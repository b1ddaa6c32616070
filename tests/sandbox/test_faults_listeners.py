"""Misbehaviour on script beyond Graph: sign-in, webhooks, and the listener for bytes."""

import httpx
import pytest

from service.sandbox.process import Sandbox
from tests.sandbox import records, worlds
from tests.sandbox.conftest import WORLDS, Client

UNIT = 320 * 1024


@pytest.fixture(autouse=True)
def _no_faults_left(daemon):
    yield
    daemon.control("DELETE", "faults")


@pytest.fixture(scope="module")
def drive(daemon):
    return daemon.drive()


def script(client, **given):
    answer = client.control("POST", "faults", json=given)
    assert answer.status_code == 201, answer.text


def test_the_token_endpoint_in_its_own_words(daemon):
    """OAuth's error and no Graph error; and a connection that is dropped."""
    script(daemon, match={"listener": "sign-in"}, status=503, retry_after=3)
    form = {"client_id": worlds.DAEMON.client_id, "grant_type": "client_credentials"}
    url = f"{daemon.sandbox.url}/{worlds.TENANT}/oauth2/v2.0/token"
    answer = daemon.http.post(url, data=form)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "3")
    assert answer.json()["error"] == "temporarily_unavailable"
    script(daemon, match={"app": worlds.DAEMON.client_id, "listener": "sign-in"}, drop=True)
    with pytest.raises(httpx.TransportError):
        daemon.http.post(url, data=form)
    assert daemon.token()


def test_a_token_request_that_is_cut(daemon):
    """It is not in the log, as no request for a token is."""
    start = daemon.control("GET", "requests?summary=1").json()["last"]
    script(daemon, match={"listener": "sign-in"}, cut="request")
    with pytest.raises(httpx.TransportError):
        daemon.token()
    assert daemon.control("GET", f"requests?since={start}").json()["count"] == 0
    assert daemon.token()


def test_a_folder_with_a_name_of_the_sign_in_service(daemon, drive):
    """It is a folder: its refusal is Graph's, and the fault of another listener passes it by."""
    path = f"{drive}/root:/discovery/oauth2/fil.txt"
    script(daemon, match={"listener": "sign-in"}, status=500)
    daemon.refused(404, "itemNotFound", "GET", path)
    script(daemon, match={"glob": "*/fil.txt"}, status=423)
    daemon.refused(423, "resourceLocked", "GET", path)


def test_a_webhook_that_took_the_card_and_lost_its_answer(tmp_path):
    """504 after the effect: the card comes into the channel all the same."""
    with Sandbox(seed=f"{WORLDS}:empty", directory=tmp_path) as sandbox:
        client = Client(sandbox, worlds.DAEMON)
        script(client, match={"path": "/workflows/"}, status=504, when="after")
        card = {"type": "AdaptiveCard", "version": "1.4", "body": [{"type": "TextBlock"}]}
        kind = "application/vnd.microsoft.card.adaptive"
        envelope = {"type": "message", "attachments": [{"contentType": kind, "content": card}]}
        url = sandbox.env["NATVERKET_NETWORK_WORKFLOW_URL"]
        assert client.bare("POST", url, json=envelope).status_code == 504
        client.advance("2023-01-01T01:00:00Z")
        path = f"/teams/{worlds.WORLD.team}/channels/{worlds.COMMON}/messages"
        assert len(client.get(path)["value"]) == 1
        client.close()


def upload(client, drive, name, size):
    answer = client.ask("POST", f"{drive}/root:/{name}:/createUploadSession", json={})
    return answer.json()["uploadUrl"], {"Content-Range": f"bytes 0-{size - 1}/{size}"}


@pytest.mark.parametrize(
    ("how", "there"),
    [
        ({"cut": "request"}, False),
        ({"drop": True}, False),
        ({"drop": True, "when": "after"}, True),
        ({"cut": "answer"}, True),
        ({"truncate": True}, True),
    ],
)
def test_a_range_whose_connection_is_cut(daemon, drive, how, there):
    """Before, during and after the effect, on the listener for bytes."""
    name = "-".join(map(str, how.values())).lower() + ".bin"
    url, span = upload(daemon, drive, name, UNIT)
    script(daemon, match={"listener": "bytes"}, **how)
    with pytest.raises(httpx.TransportError):
        daemon.bare("PUT", url, content=bytes(UNIT), headers=span)
    assert daemon.ask("GET", f"{drive}/root:/{name}").status_code == (200 if there else 404)
    if not there:
        assert daemon.bare("PUT", url, content=bytes(UNIT), headers=span).status_code == 201


def test_a_download_that_breaks_off_goes_on_by_range(daemon, drive):
    """Half of the bytes come; the rest can be asked for."""
    content = bytes(range(256)) * 40
    daemon.put(f"{drive}/root:/bytes.bin:/content", content)
    link = daemon.ask("GET", f"{drive}/root:/bytes.bin:/content").headers["location"]
    script(daemon, match={"listener": "bytes", "method": "GET"}, truncate=True)
    received = records.raw(daemon, link)
    assert received == content[: len(content) // 2]
    rest = daemon.bare("GET", link, headers={"Range": f"bytes={len(received)}-"})
    assert received + rest.content == content
