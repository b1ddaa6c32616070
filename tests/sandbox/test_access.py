"""What callers may do: roles and scopes, grants by site, mailbox, organiser and team."""

from dataclasses import replace
from pathlib import Path

import pytest

from service.sandbox.entra.directory import set_site_role
from service.sandbox.entra.site_levels import level_of, site_row
from service.sandbox.process import NotStartedError, Sandbox
from service.sandbox.serve import build
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import Seed, Site
from service.sandbox.wire import Call
from tests.sandbox import entra_worlds, worlds
from tests.sandbox.entra_clients import approve_device, signed_in, token
from tests.sandbox.entra_worlds import CLOSED, DORA, EVA, GUN, OTHER_TEAM, PRIVATE, SHARED

MESSAGES = f"/teams/{worlds.WORLD.team}/channels/{worlds.COMMON}/messages"
WINDOW = {"startDateTime": "2023-01-01", "endDateTime": "2023-02-01"}


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    seed = f"{Path(entra_worlds.__file__)}:quiet"
    with Sandbox(seed=seed, directory=tmp_path_factory.mktemp("access")) as running:
        yield running


@pytest.fixture(scope="module")
def acting(daemon, connect):
    """A client with which the desktop app acts for somebody, with these scopes."""
    made = {}

    def client(person, scope):
        key = (person.id, scope)
        if key not in made:
            made[key] = connect(None)
            access = signed_in(daemon, person, scope=scope)["access_token"]
            made[key].http.headers["Authorization"] = f"Bearer {access}"
        return made[key]

    return client


ALL_SITES = "Sites.ReadWrite.All"


@pytest.mark.parametrize(
    ("person", "scope", "reads", "writes", "manages"),
    [
        (worlds.BO, ALL_SITES, True, True, False),
        (worlds.BO, "Sites.Manage.All", True, True, False),
        (EVA, "Sites.Manage.All", True, True, True),
        (worlds.GUEST, "Files.ReadWrite.All", True, False, False),
        (DORA, ALL_SITES, False, False, False),
    ],
    ids=["writer", "writer manages not", "manager", "guest", "nobody"],
)
def test_an_app_for_a_person_may_what_both_may(acting, person, scope, reads, writes, manages):
    """The scope bounds the app, the site's own levels the person."""
    client = acting(person, scope)
    name = f"{person.name} {scope}".replace(".", "")
    refusal = (403, "accessDenied")
    if reads:
        drive = client.drive()
        put = f"{drive}/root:/{name}.txt:/content"
    else:
        client.refused(*refusal, "GET", client.site)
        return
    if writes:
        made = client.put(put, b"x")
        assert made["createdBy"]["user"]["id"] == person.id
    else:
        client.refused(*refusal, "PUT", put, content=b"x")
    lists = {"displayName": name}
    if manages:
        assert client.ask("POST", f"{client.site}/lists", json=lists).status_code == 201
    else:
        client.refused(*refusal, "POST", f"{client.site}/lists", json=lists)


def test_the_scope_bounds_what_a_person_may(acting):
    """Who may manage reads only, where the app was let read only."""
    client = acting(worlds.ANNA, "User.Read")
    # The administrator lets the app have Sites.Selected, with a grant to write on this site.
    drive = client.drive()
    client.put(f"{drive}/root:/utvald.txt:/content", b"x")
    client.refused(403, "accessDenied", "POST", f"{client.site}/lists", json={})
    guest = acting(worlds.GUEST, "User.Read")
    guest.refused(403, "accessDenied", "PUT", f"{drive}/root:/g.txt:/content", content=b"x")


def test_grants_on_a_site_are_managed_by_full_control_of_all_sites_only(connect, daemon):
    """Given, told with its role, narrowed and taken away; felt at once."""
    admin, stranger = connect(worlds.ADMIN), connect(worlds.STRANGER)
    place = f"{admin.site}/permissions"
    for client in (daemon, connect(worlds.PROVISIONER)):
        client.refused(403, "accessDenied", "GET", place)
    stranger.refused(403, "accessDenied", "GET", admin.site)
    identity = {"application": {"id": worlds.STRANGER.client_id, "displayName": "x"}}
    body = {"roles": ["write"], "grantedToIdentities": [identity]}
    made = admin.ask("POST", place, json=body)
    assert made.status_code == 201
    one = f"{place}/{made.json()['id']}"
    drive = stranger.drive()
    stranger.put(f"{drive}/root:/s.txt:/content", b"x")
    assert admin.get(one)["roles"] == ["write"]
    listed = admin.get(place)["value"]
    assert made.json()["id"] in [entry["id"] for entry in listed]
    assert all("roles" not in entry for entry in listed)
    assert admin.ask("PATCH", one, json={"roles": ["read"]}).json()["roles"] == ["read"]
    stranger.refused(403, "accessDenied", "PUT", f"{drive}/root:/t.txt:/content", content=b"x")
    assert admin.ask("DELETE", one).status_code == 204
    stranger.refused(403, "accessDenied", "GET", admin.site)
    admin.refused(404, "itemNotFound", "GET", one)


def test_a_person_manages_grants_with_full_control_of_the_site(daemon, connect):
    """The scope alone will not do."""
    for person, status in ((worlds.ANNA, 200), (EVA, 403)):
        url = f"{daemon.sandbox.url}/{worlds.TENANT}/oauth2/v2.0/devicecode"
        wish = {"client_id": SHARED.client_id, "scope": "Sites.FullControl.All"}
        flow = daemon.bare("POST", url, data=wish).json()
        approve_device(daemon, flow["user_code"], person.id)
        grant = "urn:ietf:params:oauth:grant-type:device_code"
        answer = token(daemon, SHARED, grant_type=grant, device_code=flow["device_code"]).json()
        client = connect(None)
        client.http.headers["Authorization"] = f"Bearer {answer['access_token']}"
        assert client.ask("GET", f"{client.site}/permissions").status_code == status


@pytest.mark.parametrize(
    ("seed", "words"),
    [
        ("malformed_level", "levels of the site: one of"),
        ("malformed_site", "levels: there is no site ingen"),
        ("malformed_person", "levels: there is nobody ingen"),
        ("malformed_grant", "grants of Skrivbordet: one of"),
        ("malformed_redirect", "redirects of Skrivbordet: localhost is no address"),
    ],
)
def test_a_world_that_cannot_be_is_refused_at_the_start(tmp_path, seed, words):
    sandbox = Sandbox(seed=f"{Path(entra_worlds.__file__)}:{seed}", directory=tmp_path)
    with pytest.raises(NotStartedError, match=words):
        sandbox.start()


@pytest.mark.parametrize(
    "body",
    [
        {"roles": ["write"]},
        {"roles": ["allt"], "grantedToIdentities": [{"application": {"id": "x"}}]},
        {"roles": ["read"], "grantedToIdentities": [{"application": {"id": "x"}}]},
        {"roles": ["read"], "grantedToIdentities": [{"user": {"id": worlds.ANNA.id}}]},
    ],
)
def test_a_grant_names_a_known_app_and_a_role(connect, body):
    admin = connect(worlds.ADMIN)
    admin.refused(400, "invalidRequest", "POST", f"{admin.site}/permissions", json=body)


def test_a_grant_on_one_site_is_none_on_another(tmp_path):
    """Sites.Selected: the level on each site is what was granted there."""
    world = replace(worlds.WORLD, sites=(Site(key="moln", name="Annas", owner=worlds.ANNA.id),))
    tenant = Tenant(world, tmp_path)
    build(tenant, Seed(world=world, acts=()), key_file=None)
    other = "nat-my.sharepoint.com,11111111-1111-4111-8111-111111111111,x"
    if tenant.store.one("SELECT id FROM sites WHERE display_name = 'Annas'") is None:
        tenant.store.insert(
            "sites",
            id=other,
            name="annas",
            display_name="Annas",
            url="https://nat-my.sharepoint.com/personal/annas",
            created_at=tenant.clock.text,
        )
    site = tenant.store.one("SELECT * FROM sites WHERE display_name = 'Annas'")

    def levels(**caller):
        call = Call(
            tenant=tenant,
            method="GET",
            path="",
            names={},
            query={},
            headers={},
            body=b"",
            base="",
            bytes_base="",
            **caller,
        )
        return [level_of(call, one) for one in (site_row(tenant, tenant.site_id), site)]

    selected = frozenset({"Sites.Selected"})
    assert levels(app=worlds.DAEMON, roles=selected) == [1, -1]
    set_site_role(tenant, worlds.DAEMON.client_id, site["id"], "read")
    assert levels(app=worlds.DAEMON, roles=selected) == [1, 0]
    scopes = frozenset({"Files.ReadWrite"})
    delegated = {"app": worlds.DAEMON, "roles": frozenset(), "scopes": scopes}
    assert levels(**delegated, person=worlds.ANNA) == [-1, 1]
    assert levels(**delegated, person=worlds.BO) == [-1, -1]
    tenant.store.close()


def test_a_token_that_says_nothing_is_refused(connect):
    """An app without any role."""
    shared = connect(SHARED)
    shared.refused(401, "generalException", "GET", shared.site)


def test_the_directory_shows_a_person_herself(acting):
    me = acting(worlds.ANNA, "User.Read")
    assert me.get("/me")["mail"] == worlds.ANNA.mail
    assert me.get(f"/users/{worlds.ANNA.mail}")["id"] == worlds.ANNA.id
    me.refused(403, "Authorization_RequestDenied", "GET", f"/users/{worlds.BO.id}")
    wide = acting(worlds.ANNA, "User.ReadBasic.All")
    assert wide.get(f"/users/{worlds.BO.id}")["id"] == worlds.BO.id


def test_a_person_reads_her_own_calendar(acting):
    """And with the scope only; nobody else's."""
    view = f"/users/{EVA.id}/calendarView"
    client = acting(EVA, "Calendars.Read")
    client.get(view, params=WINDOW)
    other = f"/users/{worlds.BO.id}/calendarView"
    client.refused(403, "ErrorAccessDenied", "GET", other, params=WINDOW)
    acting(GUN, "User.Read").refused(
        403, "ErrorAccessDenied", "GET", f"/users/{GUN.id}/calendarView", params=WINDOW
    )


def test_a_person_finds_her_own_meetings(acting):
    """By the delegated permission's own name, in her own place."""
    found = {"$filter": "JoinWebUrl eq 'x'"}
    client = acting(EVA, "OnlineMeetings.Read")
    assert client.get("/me/onlineMeetings", params=found)["value"] == []
    said = client.refused(
        403, "Forbidden", "GET", f"/users/{worlds.BO.id}/onlineMeetings", params=found
    )
    assert said == "User does not have access to lookup meeting."
    said = acting(GUN, "User.Read").refused(
        403, "Forbidden", "GET", "/me/onlineMeetings", params=found
    )
    assert said.startswith("Missing scope permissions on the request.")
    assert "'OnlineMeetings.Read, OnlineMeetings.ReadWrite'" in said


def test_channels_are_read_by_their_members(acting):
    """The team's for the team, a private one's by its roster."""
    anna, bo, gun = (acting(one, "User.Read") for one in (worlds.ANNA, worlds.BO, GUN))
    assert anna.get(MESSAGES)["value"] == []
    assert anna.get(MESSAGES.replace(worlds.COMMON, PRIVATE))["value"] == []
    for client, place in ((gun, MESSAGES), (bo, MESSAGES.replace(worlds.COMMON, PRIVATE))):
        said = client.refused(403, "Forbidden", "GET", place)
        assert "AclCheckFailed" in said
        assert "is not a member of the roster" in said
    said = anna.refused(403, "Forbidden", "GET", f"/teams/{worlds.WORLD.team}/channels")
    assert said.startswith("Missing scope permissions")


def test_consent_in_one_team_is_none_in_another(daemon):
    """RSC counts where it was given; a team that is not there is 404."""
    assert daemon.get(MESSAGES)["value"] == []
    other = MESSAGES.replace(worlds.WORLD.team, OTHER_TEAM)
    said = daemon.refused(403, "Forbidden", "GET", other)
    assert said.endswith("Resource specific consent grants on the request ''.")
    daemon.refused(404, "NotFound", "GET", MESSAGES.replace(worlds.WORLD.team, "none"))


def test_posting_is_for_people_and_for_imports(acting, daemon, connect):
    """An app by itself is refused unless it imports; a person needs scope and membership."""
    said = daemon.refused(401, "Unauthorized", "POST", MESSAGES, json={})
    assert said.startswith("Message POST is allowed in application-only context only for import")
    imports = connect(CLOSED).ask("POST", MESSAGES, json={})
    assert imports.status_code not in (401, 403)
    said = acting(worlds.BO, ALL_SITES).refused(403, "Forbidden", "POST", MESSAGES, json={})
    assert "'ChannelMessage.Send, Group.ReadWrite.All'" in said
    said = acting(GUN, "ChannelMessage.Send").refused(403, "Forbidden", "POST", MESSAGES, json={})
    assert "AclCheckFailed" in said
    sent = acting(worlds.ANNA, "ChannelMessage.Send").ask("POST", MESSAGES, json={})
    assert sent.status_code not in (401, 403)


def test_group_calendars_and_workbooks_are_never_an_apps(daemon, acting):
    """Whatever its roles; and not a person's without the scope."""
    workbook = f"{daemon.drive()}/items/x/workbook/worksheets"
    for client in (daemon, acting(GUN, "User.Read")):
        client.refused(403, "ErrorAccessDenied", "GET", "/groups/x/calendarView")
        client.refused(403, "AccessDenied", "GET", workbook)
