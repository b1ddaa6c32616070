"""Refusals that no other test of the sandbox provokes, each in its own service's words."""

import http.client
import ssl
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from service.sandbox.asgi import MOST_BODY
from service.sandbox.timeline import App, Seed
from tests.sandbox import entra_clients, entra_worlds, worlds
from tests.sandbox.test_uploads import UNIT, send, session

GROUPS = App(
    client_id="aaaaaaaa-aaaa-4000-8000-00000000000a",
    secret="groups~secret",
    name="Gruppläsaren",
    roles=(),
    scopes=("Group.Read.All", "Files.ReadWrite"),
    public=True,
    redirects=("http://localhost",),
)
LARGE = 32 * 2**20
"""More than the buffers between two sockets of one machine hold."""


def doors() -> Seed:
    """A tenant with a connector, a managed identity and an app that acts for people."""
    common, *others = entra_worlds.WORLD.channels
    world = replace(
        entra_worlds.WORLD,
        apps=(*entra_worlds.WORLD.apps, GROUPS),
        channels=(replace(common, connector="c0ec0000"), *others),
    )
    return Seed(world=world, acts=())


@pytest.fixture(scope="module")
def seed_name():
    return f"{__file__}:doors"


@pytest.fixture(scope="module")
def commented(sandbox):
    """What the environment file has in its comments."""
    lines = sandbox.env_file.read_text(encoding="utf-8").splitlines()
    return dict(line[2:].split("=", 1) for line in lines if line.startswith("# "))


@pytest.fixture(scope="module")
def person(daemon):
    """The header of somebody who has signed in to the app that acts for people."""
    scope = "Group.Read.All Files.ReadWrite"
    answer = entra_clients.authorize(daemon, GROUPS, worlds.ANNA.id, scope=scope)
    signed_in = entra_clients.token(
        daemon,
        GROUPS,
        grant_type="authorization_code",
        code=entra_clients.code_of(answer),
        redirect_uri="http://localhost:4711",
        code_verifier=entra_clients.VERIFIER,
    )
    assert signed_in.status_code == 200, signed_in.text
    return {"Authorization": f"Bearer {signed_in.json()['access_token']}"}


# ---------------------------------------------------------------- Graph


def test_a_call_for_people_is_not_built_for_them(daemon, person):
    """An app by itself is refused as Graph does it; a person hears that it is not there."""
    group = f"/groups/{worlds.WORLD.team}/events"
    daemon.refused(403, "ErrorAccessDenied", "GET", group)
    daemon.refused(501, "notImplemented", "GET", group, headers=person)
    workbook = f"{daemon.drive()}/root:/bok.xlsx:/workbook/tables"
    daemon.refused(403, "AccessDenied", "GET", workbook)
    daemon.refused(501, "notImplemented", "GET", workbook, headers=person)


def connection(sandbox, link):
    """One that can stop in the middle of a request."""
    context = ssl.create_default_context(cafile=str(sandbox.ca_file))
    return http.client.HTTPSConnection(urlsplit(link).netloc, context=context, timeout=30)


def begun(sandbox, link, length, **headers):
    """A PUT whose head alone has been sent."""
    opened = connection(sandbox, link)
    url = urlsplit(link)
    opened.putrequest("PUT", f"{url.path}?{url.query}" if url.query else url.path)
    for name, value in {"Content-Length": str(length), **headers}.items():
        opened.putheader(name, value)
    opened.endheaders()
    return opened


def test_what_no_call_takes_is_refused_by_its_announced_length(sandbox, daemon):
    """413 as soon as the head has come; a length that is taken waits for its bytes."""
    link = f"{daemon.base}{daemon.drive()}/root:/för stor.bin:/content".replace(" ", "%20")
    link = link.replace("ö", "%C3%B6")
    opened = begun(sandbox, link, MOST_BODY + 1)
    answer = opened.getresponse()
    assert answer.status == 413
    assert b'"code":"requestEntityTooLarge"' in answer.read().replace(b": ", b":")
    opened.close()


def test_two_fragments_at_once_are_one_too_many(sandbox, daemon):
    """The second is 409 while the first is on its way; the first is not disturbed."""
    link = session(daemon, "samtidigt.bin").json()["uploadUrl"]
    span = f"bytes 0-{LARGE - 1}/{LARGE}"
    first = begun(sandbox, link, LARGE, **{"Content-Range": span})
    first.send(bytes(LARGE - 1))
    # So much fits in no buffer: the sandbox is reading it, and keeps the session busy.
    second = send(daemon, link, bytes(UNIT), 0, LARGE)
    assert (second.status_code, second.json()["error"]["code"]) == (409, "conflict")
    first.send(b"x")
    assert first.getresponse().status == 201
    first.close()
    assert daemon.get(f"{daemon.drive()}/root:/samtidigt.bin")["size"] == LARGE


# ---------------------------------------------------------------- sign-in


@pytest.mark.parametrize(
    ("form", "status", "number", "error"),
    [
        ({"client_secret": "fel"}, 401, 7000215, "invalid_client"),
        ({"client_secret": None}, 401, 7000216, "invalid_client"),
        ({"client_id": "nobody"}, 400, 700016, "unauthorized_client"),
        ({"scope": "https://x.example/.default"}, 400, 500011, "invalid_resource"),
        ({"grant_type": "password2"}, 400, 70003, "unsupported_grant_type"),
    ],
)
def test_only_a_client_that_cannot_prove_itself_is_401(daemon, form, status, number, error):
    """Every other refusal of the token endpoint is 400."""
    asked = {
        "client_secret": worlds.DAEMON.secret,
        "grant_type": "client_credentials",
        "scope": "https://graph.microsoft.com/.default",
        **form,
    }
    answer = entra_clients.token(daemon, worlds.DAEMON, **asked)
    assert answer.status_code == status
    entra_clients.refused(answer, number, error)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "The query parameter 'resource' is missing."),
        (
            {"resource": entra_clients.GRAPH, "client_id": worlds.DAEMON.client_id},
            "No User Assigned or Delegated Managed Identity found.",
        ),
    ],
)
def test_a_host_asks_for_its_own_identity_and_says_for_what(daemon, commented, more, said):
    """App Service's endpoint has no codes, only a status and a sentence."""
    answer = daemon.bare(
        "GET",
        commented["IDENTITY_ENDPOINT"],
        headers={"X-IDENTITY-HEADER": commented["IDENTITY_HEADER"]},
        params={"api-version": "2019-08-01", **more},
    )
    assert answer.status_code == 400
    assert answer.json() == {"statusCode": 400, "message": said}


# ---------------------------------------------------------------- what is not Graph


def test_forms_takes_nobody_but_people(daemon):
    """Without a token a user is wanted; with one, the app has no permission."""
    link = f"{daemon.sandbox.url}/formapi/api/{worlds.TENANT}/users/x/forms('1')"
    for answer, status, code in (
        (daemon.bare("GET", link), 401, "701"),
        (daemon.ask("GET", link), 403, "712"),
    ):
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


def test_a_connector_says_in_plain_text_what_is_wrong(daemon, commented):
    """Which address, which method, and whether there are connectors at all."""
    link = commented["CONNECTOR Allmänt"]
    answer = daemon.bare("POST", link + "x", json={"text": "x"})
    assert (answer.status_code, answer.text) == (404, "Invalid webhook URL")
    answer = daemon.bare("GET", link)
    assert (answer.status_code, answer.text) == (405, "Method not allowed.")
    daemon.control("POST", "settings", json={"connectors": "retired"})
    answer = daemon.bare("POST", link, json={"text": "x"})
    assert (answer.status_code, answer.text) == (410, "Connectors have been retired.")


def test_a_private_channel_without_a_site_has_no_folder(daemon):
    """404 for its folder, which a standard channel gets when it is asked for."""
    channels = f"/teams/{worlds.WORLD.team}/channels"
    assert daemon.get(f"{channels}/{worlds.COMMON}/filesFolder")["folder"] is not None
    path = f"{channels}/{entra_worlds.PRIVATE}/filesFolder"
    message = daemon.refused(404, "itemNotFound", "GET", path)
    assert message == "The channel's site could not be found."


def test_a_recipient_has_an_address(connect):
    """An entry without `emailAddress` cannot be read."""
    path = f"/users/{worlds.BOX.id}/sendMail"
    message = {"subject": "x", "toRecipients": [{"address": worlds.BO.mail}]}
    postman = connect(worlds.POSTMAN)
    postman.refused(400, "RequestBodyRead", "POST", path, json={"message": message})


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("$skip=x", "Invalid value for $skip: 'x'."),
        ("$skiptoken=x", "The skip token is not valid."),
    ],
)
def test_a_page_begins_at_a_number_or_a_token_of_ours(provisioner, query, words):
    """Anything else is 400."""
    path = f"/teams/{worlds.WORLD.team}/members?{query}"
    assert provisioner.refused(400, "BadRequest", "GET", path) == words
