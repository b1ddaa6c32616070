"""Links, invitations and permissions of items, and who may do what because of them."""

from dataclasses import replace

import pytest

from service.sandbox import timeline
from service.sandbox.acts import perform, perform_now
from service.sandbox.sharepoint import library, permissions
from service.sandbox.sharepoint.finding import list_named
from service.sandbox.sharepoint.sites import lay_site, make_list
from service.sandbox.sharepoint.whereabouts import may_asked
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import Site
from tests.sandbox import worlds


@pytest.fixture(scope="module")
def seed_name():
    return "guarded"


@pytest.fixture
def file(daemon, request):
    """A file of the test's own."""
    path = f"{daemon.drive()}/root:/{request.node.name}.txt"
    daemon.put(f"{path}:/content", b"x")
    return path


def test_a_link_is_made_once(daemon, provisioner, file):
    """201, then 200 with the same; another kind, scope or app makes another."""
    url, body = f"{file}:/createLink", {"type": "view", "scope": "organization"}
    first = daemon.ask("POST", url, json=body)
    again = daemon.ask("POST", url, json={"type": "view"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["link"] == again.json()["link"]
    assert first.json()["link"]["application"]["id"] == worlds.DAEMON.client_id
    edit = daemon.ask("POST", url, json={"type": "edit", "scope": "users"})
    assert (edit.status_code, edit.json()["roles"]) == (201, ["write"])
    assert provisioner.ask("POST", url, json=body).status_code == 201
    assert daemon.get(file)["shared"] == {"scope": "organization"}
    shown = daemon.get(f"{file}?$expand=permissions")["permissions"]
    assert [p["link"]["type"] for p in shown if "link" in p].count("view") == 2


@pytest.mark.parametrize(
    ("status", "code", "body"),
    [
        (403, "accessDenied", {"type": "view", "scope": "anonymous"}),
        (400, "invalidRequest", {"type": "embed"}),
        (400, "invalidRequest", {"type": "view", "scope": "alla"}),
        (400, "invalidRequest", {"type": "view", "password": "hemlig"}),
        (400, "invalidRequest", {"type": "view", "expirationDateTime": "2022-01-01T00:00:00Z"}),
    ],
)
def test_links_that_are_not_made(daemon, status, code, body):
    """Anonymous ones where the tenant forbids them; kinds and scopes that SharePoint lacks."""
    path = f"{daemon.drive()}/root:/olänkad.txt"
    daemon.put(f"{path}:/content", b"x")
    daemon.refused(status, code, "POST", f"{path}:/createLink", json=body)
    assert "shared" not in daemon.get(path)


def test_an_invitation_grants_and_can_be_changed_and_taken_back(daemon, file):
    """The role is the item's own; what is inherited is changed where it stands."""
    body = {"recipients": [{"email": worlds.GUEST.mail}], "roles": ["read"]}
    (granted,) = daemon.ask("POST", f"{file}:/invite", json=body).json()["value"]
    assert granted["grantedToV2"]["user"]["id"] == worlds.GUEST.id
    one = f"{file}:/permissions/{granted['id']}"
    changed = daemon.ask("PATCH", one, json={"roles": ["write"]})
    assert (changed.status_code, changed.json()["roles"]) == (200, ["write"])
    daemon.refused(400, "invalidRequest", "PATCH", one, json={"roles": ["läsa"]})
    inherited = [p for p in daemon.get(f"{file}:/permissions")["value"] if "inheritedFrom" in p]
    assert [p["roles"] for p in inherited] == [["owner"], ["write"]]
    group = f"{file}:/permissions/{inherited[0]['id']}"
    daemon.refused(403, "accessDenied", "DELETE", group)
    daemon.refused(403, "accessDenied", "PATCH", group, json={"roles": ["read"]})
    link = daemon.ask("POST", f"{file}:/createLink", json={"type": "view"}).json()
    linked = f"{file}:/permissions/{link['id']}"
    daemon.refused(400, "invalidRequest", "PATCH", linked, json={"roles": ["write"]})
    assert daemon.ask("DELETE", one).status_code == 204
    daemon.refused(404, "itemNotFound", "GET", one)


@pytest.mark.parametrize(
    ("status", "code", "change"),
    [
        (400, "invalidRequest", {"roles": []}),
        (400, "invalidRequest", {"recipients": []}),
        (400, "invalidRequest", {"recipients": [{}]}),
        (400, "invalidRequest", {"recipients": [{"alias": "ingen"}]}),
        (400, "invalidRequest", {"message": "x" * 2001}),
        (403, "accessDenied", {"requireSignIn": False}),
    ],
)
def test_invitations_that_are_refused(daemon, status, code, change):
    """Without a role or a recipient, and without sign-in where nobody may come so."""
    path = f"{daemon.drive()}/root:/objuden.txt"
    daemon.put(f"{path}:/content", b"x")
    body = {"recipients": [{"email": "ny@ort.example"}], "roles": ["read"], **change}
    daemon.refused(status, code, "POST", f"{path}:/invite", json=body)


def test_inheritance_can_be_left_behind(daemon, file):
    """With retainInheritedPermissions false only the item's own are left."""
    body = {
        "recipients": [{"objectId": worlds.BO.id}],
        "roles": ["read"],
        "retainInheritedPermissions": False,
    }
    daemon.ask("POST", f"{file}:/invite", json=body)
    left = daemon.get(f"{file}:/permissions")["value"]
    assert [p["grantedToV2"]["user"]["id"] for p in left] == [worlds.BO.id]


@pytest.fixture
def tenant(tmp_path):
    tenant = Tenant(worlds.GUARDED, tmp_path)
    lay_site(tenant)
    site = tenant.store.one("SELECT * FROM sites WHERE id = ?", tenant.site_id)
    for name in ("Dokumentation", "Samordning"):
        body = {"displayName": name, "list": {"template": "documentLibrary"}}
        make_list(tenant, body, f"user:{worlds.ANNA.id}", site)
    yield tenant
    tenant.store.close()


def may(tenant, person, name, level):
    listed = list_named(tenant, name, is_library=True)
    return permissions.may(tenant, person, library.root_of(tenant, listed["id"]), level)


def test_members_read_one_library_and_do_not_open_the_other(tenant):
    """Coordinators write both; guests write where nothing was closed; a OneDrive is private."""
    anna, guest = worlds.ANNA, worlds.GUEST
    assert may(tenant, anna, "Samordning", "manage")
    assert not may(tenant, guest, "Samordning", "read")
    assert may(tenant, guest, "Dokumentation", "read")
    assert not may(tenant, guest, "Dokumentation", "write")
    assert may(tenant, guest, "Dokument", "write")
    assert not may(tenant, guest, "Dokument", "manage")
    assert may(tenant, anna, "anna/Documents", "write")
    assert not may(tenant, worlds.BO, "anna/Documents", "read")


def test_a_share_opens_one_folder_and_what_lies_in_it(tenant):
    """And nothing beside it."""
    root = library.root_of(tenant, list_named(tenant, "Samordning")["id"])
    shared = library.folders(tenant, root, "Delad/Under", f"user:{worlds.ANNA.id}")
    other = library.folders(tenant, root, "Annan", f"user:{worlds.ANNA.id}")
    top = library.by_path(tenant, root, "Delad")
    permissions.grant(tenant, top, "read", f"user:{worlds.ANNA.id}", person=worlds.GUEST.id)
    assert permissions.may(tenant, worlds.GUEST, shared, "read")
    assert not permissions.may(tenant, worlds.GUEST, shared, "write")
    assert not permissions.may(tenant, worlds.GUEST, other, "read")


def test_a_path_is_judged_by_what_it_leads_to(tenant):
    """The nearest folder that there is, a list, or the site; what leads nowhere is let through."""
    listed = list_named(tenant, "Samordning")
    site, drive = tenant.site_id, listed["drive"]
    guest = worlds.GUEST
    assert not may_asked(tenant, guest, {"drive": drive, "path": "Ny/fil.txt"}, "read")
    assert may_asked(tenant, worlds.ANNA, {"drive": drive, "path": "Ny/fil.txt"}, "write")
    assert not may_asked(tenant, guest, {"site": site, "list": "Samordning"}, "read")
    assert may_asked(tenant, guest, {"site": site}, "read")
    assert not may_asked(tenant, guest, {"site": site}, "manage")
    assert may_asked(tenant, guest, {"drive": "b!ingen"}, "read")


def test_an_act_by_hand_names_what_is_not_there(tenant):
    """An act of a seed waits; one that somebody sends is refused with the name."""
    act = timeline.DeleteFile(
        at=worlds.START, by=worlds.ANNA.id, library="Dokument", path="Borta/fil.txt"
    )
    assert perform(tenant, act) is False
    with pytest.raises(ValueError, match=r"Borta/fil\.txt"):
        perform_now(tenant, act)
    row = timeline.DeleteRow(
        at=worlds.START, by=worlds.ANNA.id, list_name="Ingen", where={"Title": "x"}
    )
    with pytest.raises(ValueError, match="Ingen"):
        perform_now(tenant, row)
    nobody = timeline.RestrictFile(
        at=worlds.START, by=worlds.ANNA.id, library="Dokument", readers=("ingen",)
    )
    with pytest.raises(ValueError, match="ingen"):
        perform_now(tenant, nobody)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"labels": {"Bevaras": "alltid"}}, "alltid"),
        ({"owners": ("ingen",)}, "ingen"),
        ({"libraries": {"Dokument": "alla"}}, "alla"),
        ({"sites": (Site(key="x", name="X", owner="ingen"),)}, "ingen"),
        ({"apps": (replace(worlds.DAEMON, site_grants={"okänd": "read"}),)}, "okänd"),
    ],
)
def test_a_world_that_cannot_be_is_refused(tmp_path, change, words):
    """When it is laid, naming what is wrong."""
    tenant = Tenant(replace(worlds.WORLD, **change), tmp_path)
    with pytest.raises(ValueError, match=words):
        lay_site(tenant)
    tenant.store.close()


def test_a_folder_can_be_restricted(tenant):
    """Only those named read it from then on, and it can be shared anew."""
    root = library.root_of(tenant, list_named(tenant, "Dokument")["id"])
    folder = library.folders(tenant, root, "Mapp", f"user:{worlds.ANNA.id}")
    assert permissions.may(tenant, worlds.GUEST, folder, "write")
    act = timeline.RestrictFile(
        at=worlds.START,
        by=worlds.ANNA.id,
        library="Dokument",
        path="Mapp",
        readers=(worlds.BO.id,),
    )
    perform_now(tenant, act)
    assert not permissions.may(tenant, worlds.GUEST, folder, "read")
    assert permissions.may(tenant, worlds.BO, folder, "read")
    assert permissions.may(tenant, worlds.ANNA, folder, "manage")


def test_an_app_that_owns_nothing_may_be_told_nothing(daemon, provisioner, file):
    """By the page a caller that is no owner sees its own grants alone, and an owner all."""
    url = f"{file}:/permissions"
    everybody = daemon.get(url)["value"]
    assert everybody
    daemon.control("POST", "settings", json={"permissions_of_others": "kept"})
    try:
        assert daemon.get(url)["value"] == []
        assert provisioner.get(url)["value"] == everybody
    finally:
        daemon.control("POST", "settings", json={"permissions_of_others": "told"})
