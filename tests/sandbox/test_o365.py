"""O365, a library written by others: it signs in, uploads, lists, downloads and copies."""

import os
import secrets

import pytest

from tests.sandbox import worlds

O365 = pytest.importorskip("O365", reason="needs the package O365")
msal = pytest.importorskip("msal")
MemoryTokenBackend = pytest.importorskip("O365.utils.token").MemoryTokenBackend


class Local(O365.Connection):
    """Its sign-in has the address of the real service built in: that alone is put right."""

    authority = ""

    @property
    def msal_client(self):
        if self._msal_client is None:
            self._msal_client = msal.ConfidentialClientApplication(
                self.auth[0],
                client_credential=self.auth[1],
                authority=self.authority,
                instance_discovery=False,
                token_cache=self.token_backend,
                verify=self.verify_ssl,
            )
        return self._msal_client


class Account(O365.Account):
    connection_constructor = Local


@pytest.fixture(scope="module")
def account(sandbox):
    kept = {name: os.environ.pop(name, None) for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")}
    Local.authority = f"{sandbox.url}/{worlds.TENANT}"
    protocol = O365.MSGraphProtocol()
    protocol.protocol_url = f"{sandbox.url}/"
    protocol.service_url = f"{sandbox.url}/v1.0/"
    account = Account(
        (worlds.DAEMON.client_id, worlds.DAEMON.secret),
        auth_flow_type="credentials",
        tenant_id=worlds.TENANT,
        protocol=protocol,
        token_backend=MemoryTokenBackend(),
        verify_ssl=str(sandbox.ca_file),
    )
    assert account.authenticate(requested_scopes=["https://graph.microsoft.com/.default"])
    yield account
    account.con.session.close()
    account.con.naive_session.close()
    os.environ.update({name: value for name, value in kept.items() if value is not None})


@pytest.fixture(scope="module")
def folder(account, daemon):
    drive = account.storage().get_drive(daemon.drive().removeprefix("/drives/"))
    return drive.get_root_folder().create_child_folder("Från O365")


def test_a_small_file_goes_up_in_one_and_comes_down_again(folder, tmp_path):
    """By simple upload; listed, found by its path, and the same bytes."""
    source = tmp_path / "möte.txt"
    source.write_text("Välkommen", encoding="utf-8")
    item = folder.upload_file(source)
    assert (item.name, item.size) == ("möte.txt", len("Välkommen".encode()))
    assert [child.name for child in folder.get_items()] == ["möte.txt"]
    target = tmp_path / "ner"
    target.mkdir()
    assert item.download(target)
    assert (target / "möte.txt").read_text(encoding="utf-8") == "Välkommen"


def test_a_large_file_goes_up_by_a_session_and_comes_down_again(folder, tmp_path):
    """In ranges of 5 MiB, the last one short."""
    source = tmp_path / "film.mp4"
    source.write_bytes(secrets.token_bytes(1024) * 11_000 + b"slut")
    item = folder.upload_file(source)
    assert item.size == source.stat().st_size
    target = tmp_path / "ner"
    target.mkdir()
    assert item.download(target)
    assert (target / "film.mp4").read_bytes() == source.read_bytes()


def test_a_copy_is_waited_for(folder, tmp_path):
    """Its monitor says how far it is, and then which item it made."""
    source = tmp_path / "a.txt"
    source.write_bytes(b"a")
    target = folder.create_child_folder("Kopior")
    operation = folder.upload_file(source).copy(target=target, name="b.txt")
    states = list(operation.check_status(delay=0))
    assert {state for state, _ in states} == {"inProgress"}
    assert (operation.status, operation.completion_percentage) == ("completed", 100.0)
    assert operation.get_item().name == "b.txt"
    assert [child.name for child in target.get_items()] == ["b.txt"]


def test_it_moves_renames_reads_versions_and_deletes(folder, tmp_path):
    """What the rest of its drive does."""
    source = tmp_path / "v.txt"
    source.write_bytes(b"1")
    folder.upload_file(source)
    source.write_bytes(b"22")
    item = folder.upload_file(source)
    assert sorted(version.size for version in item.get_versions()) == [1, 2]
    assert item.update(name="w.txt")
    target = folder.create_child_folder("Flyttat")
    assert item.move(target)
    assert [child.name for child in target.get_items()] == ["w.txt"]
    assert item.delete()
    assert list(target.get_items()) == []
