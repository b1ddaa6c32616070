"""What sharing links and browsers' addresses lead to, and who may ask."""

import base64

import pytest

from tests.sandbox import worlds
from tests.sandbox.switching import switched


@pytest.fixture(scope="module")
def seed_name():
    return "guarded"


def share(url):
    return "/shares/u!" + base64.urlsafe_b64encode(url.encode()).decode().rstrip("=")


@pytest.fixture
def file(daemon, request):
    """A file of the test's own."""
    path = f"{daemon.drive()}/root:/Länkar/{request.node.name} å.docx"
    return daemon.put(f"{path}:/content", b"x")


def linked(client, file, **kind):
    url = f"/drives/{file['parentReference']['driveId']}/items/{file['id']}/createLink"
    return client.ask("POST", url, json={"type": "view", **kind}).json()


def test_a_sharing_link_leads_to_its_item(daemon, file):
    """By its address, with what mail programs hang on it, and by its shareId."""
    for scope in ("organization", "users"):
        made = linked(daemon, file, scope=scope)
        assert "/:w:/s/" in made["link"]["webUrl"]
        for token in (
            share(made["link"]["webUrl"]),
            share(made["link"]["webUrl"] + "?e=4gHx2k"),
            f"/shares/{made['shareId']}",
        ):
            assert daemon.get(f"{token}/driveItem?$select=id,name")["id"] == file["id"]
            assert daemon.get(token)["name"] == file["name"]


def test_addresses_of_a_browser_lead_there_too(daemon, file):
    """Doc.aspx, the plain path, the redirecting one, and that of a folder and a library."""
    plain = daemon.get(f"{daemon.drive()}")["webUrl"] + "/L%C3%A4nkar/" + file["name"]
    redirecting = plain.replace(".com/", ".com/:w:/r/") + "?d=w0&csf=1&web=1"
    for url in (file["webUrl"], plain, redirecting):
        assert daemon.get(f"{share(url)}/driveItem")["id"] == file["id"]
    folder = plain.rpartition("/")[0]
    assert daemon.get(f"{share(folder)}/driveItem")["folder"]
    assert daemon.get(f"{share(folder.rpartition('/')[0])}/driveItem")["root"] == {}


def test_a_link_in_a_onedrive_says_whose_it_is(daemon):
    """`/g/personal/`, and a folder's has another letter."""
    drive = daemon.get(f"/users/{worlds.ANNA.id}/drive")
    body = {"name": "Delat", "folder": {}}
    folder = daemon.ask("POST", f"/drives/{drive['id']}/root/children", json=body).json()
    url = linked(daemon, folder)["link"]["webUrl"]
    assert "-my.sharepoint.com/:f:/g/personal/anna_nat_example/" in url
    assert daemon.get(f"{share(url)}/driveItem")["id"] == folder["id"]


@pytest.mark.parametrize(
    ("status", "code", "token"),
    [
        (400, "invalidRequest", "/shares/x"),
        (400, "invalidRequest", "/shares/u!åä"),
        (400, "invalidRequest", share("http://nat.sharepoint.com/sites/x")),
        (404, "itemNotFound", share("https://nat.sharepoint.com/sites/Finnsinte/Dokument")),
        (404, "itemNotFound", share("https://nat.sharepoint.com/:w:/s/Site/AAAA")),
    ],
)
def test_tokens_that_lead_nowhere(daemon, status, code, token):
    """No token, no https, no such place, no such link."""
    daemon.refused(status, code, "GET", f"{token}/driveItem")


def test_a_link_ends(daemon, file):
    """Expired, taken away, or its item gone: 404, or 403 by the switch."""
    short = linked(daemon, file, expirationDateTime="2023-06-01T00:00:00Z")
    lasting = linked(daemon, file, scope="users")
    item = f"/drives/{file['parentReference']['driveId']}/items/{file['id']}"
    daemon.advance("2023-06-02T00:00:00Z")
    url = f"{share(short['link']['webUrl'])}/driveItem"
    daemon.refused(404, "itemNotFound", "GET", url)
    with switched(daemon, lost_sharing_link="accessDenied"):
        said = daemon.refused(403, "accessDenied", "GET", url)
    assert said.startswith("The sharing link no longer exists")
    assert daemon.ask("DELETE", item).status_code == 204
    daemon.refused(404, "itemNotFound", "GET", f"{share(lasting['link']['webUrl'])}/driveItem")


def test_a_link_is_no_key(daemon, connect, file):
    """An app needs a role on the site; whether Sites.Selected is enough is a switch."""
    url = share(linked(daemon, file)["link"]["webUrl"]) + "/driveItem"
    connect(worlds.STRANGER).refused(403, "accessDenied", "GET", url)
    assert connect(worlds.READER).get(url)["id"] == file["id"]
    with switched(daemon, shares_with_selected="refused"):
        daemon.refused(403, "accessDenied", "GET", url)
