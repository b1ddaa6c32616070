"""Who opens which library: what members read, and what only coordinators see (settled 22)."""

from pathlib import Path

import pytest

from service.sandbox.process import Sandbox
from tests.sandbox import entra_worlds, worlds
from tests.sandbox.entra_clients import signed_in

SCOPE = "Sites.ReadWrite.All"


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    seed = f"{Path(entra_worlds.__file__)}:libraries"
    with Sandbox(seed=seed, directory=tmp_path_factory.mktemp("libraries")) as running:
        yield running


@pytest.fixture(scope="module")
def acting(daemon, connect):
    """A client with which the desktop app acts for somebody."""

    def client(person):
        made = connect(None)
        access = signed_in(daemon, person, scope=SCOPE)["access_token"]
        made.http.headers["Authorization"] = f"Bearer {access}"
        return made

    return client


@pytest.fixture(scope="module")
def drives(provisioner):
    """Both libraries, made as `provision` makes them, with a file in each."""
    found = {}
    for name in ("Dokumentation", "Samordning"):
        body = {"displayName": name, "list": {"template": "documentLibrary"}}
        made = provisioner.ask("POST", f"{provisioner.site}/lists", json=body)
        assert made.status_code == 201, made.text
        found[name] = provisioner.drive(name)
        provisioner.put(f"{found[name]}/root:/fil.txt:/content", b"x")
    return found


def test_the_coordinator_writes_in_both(acting, drives):
    """She owns the team and its site."""
    anna = acting(worlds.ANNA)
    for drive in drives.values():
        anna.put(f"{drive}/root:/hennes.txt:/content", b"x")


@pytest.mark.parametrize("person", [worlds.BO, worlds.GUEST], ids=lambda person: person.name)
def test_members_read_the_one_and_do_not_open_the_other(acting, drives, person):
    """A colleague as a guest; and neither writes in either."""
    client = acting(person)
    read, closed = drives["Dokumentation"], drives["Samordning"]
    assert client.get(f"{read}/root:/fil.txt")["size"] == 1
    assert client.ask("GET", f"{read}/root:/fil.txt:/content").status_code == 302
    client.refused(403, "accessDenied", "PUT", f"{read}/root:/min.txt:/content", content=b"x")
    for path in ("/root", "/root/children", "/root/delta", "/root:/fil.txt:/content"):
        client.refused(403, "accessDenied", "GET", closed + path)


def test_a_shared_file_opens_for_whom_it_was_shared_with_and_nothing_beside_it(
    acting, daemon, drives
):
    """An invitation to one file of the closed library."""
    closed = drives["Samordning"]
    daemon.put(f"{closed}/root:/delad.txt:/content", b"x")
    invited = {"recipients": [{"email": worlds.GUEST.mail}], "roles": ["read"]}
    answer = daemon.ask("POST", f"{closed}/root:/delad.txt:/invite", json=invited)
    assert answer.status_code == 200, answer.text
    guest = acting(worlds.GUEST)
    assert guest.get(f"{closed}/root:/delad.txt")["size"] == 1
    guest.refused(403, "accessDenied", "GET", f"{closed}/root:/fil.txt")
    guest.refused(403, "accessDenied", "DELETE", f"{closed}/root:/delad.txt")
