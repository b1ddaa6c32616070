"""Where links and addresses lead, over the sandbox tenant."""

from urllib.parse import quote
from uuid import uuid4

import pytest
from kiota_abstractions.method import Method

from service.errors import Forbidden
from service.graph.links import Hidden, Plain, read_address
from tests.contract.graph.neighbours import CLOSED, ENERGY, ONEDRIVE

HOSTS = {"nat.sharepoint.com", "nat-my.sharepoint.com"}


@pytest.fixture
async def file(way, people):
    """A file of another team's, in a folder whose name needs quoting."""
    name = f"{uuid4()} å #1.docx"
    where = {"drive": "energi/Dokument", "folder": "Träffar & möten", "make_folder": True}
    people.act("Upload", **where, name=name, content={"text": "x"})
    found = await way.drives().shared(f"{ENERGY}/{quote('Träffar & möten')}/{quote(name)}")
    assert (found.name, found.path) == (name, "Träffar & möten")
    return found


async def test_addresses_as_browsers_show_them(way, file):
    """A file, a folder, a view of a folder, a redirecting link: one place, no /shares."""
    drives = way.drives()
    name, folder = quote(file.name), quote("Träffar & möten")
    site = ENERGY.removesuffix("/Dokument").replace("https://nat.sharepoint.com", "")
    for url in (
        f"{ENERGY}/{folder}/{name}",
        f"{ENERGY}/{folder}/{name}?d=w0123&csf=1&web=1&e=abc",
        f"https://nat.sharepoint.com/:w:/r{site}/Dokument/{folder}/{name}?d=w0123",
        f"{ENERGY.lower()}/{folder}/{name}",
    ):
        assert (await drives.shared(url)).id == file.id
    path = quote(f"{site}/Dokument/Träffar & möten", safe="")
    for url in (f"{ENERGY}/Forms/AllItems.aspx?id={path}&viewid=x", f"{ENERGY}/{folder}/"):
        shown = await drives.shared(url)
        assert (shown.folder, shown.id) == (True, file.parent_id)
    for url in (ENERGY, f"{ENERGY}/Forms/AllItems.aspx"):
        assert (await drives.shared(url)).parent_id is None


async def test_what_hides_its_path_is_asked_for(way, people, admin, file):
    """Doc.aspx, as Office files are addressed, and sharing links, to files and folders."""
    drives = way.drives()
    assert "Doc.aspx" in file.web_url
    assert (await drives.shared(file.web_url)).path == "Träffar & möten"
    graph = admin.drives()._graph
    for item_id in (file.id, file.parent_id):
        address = f"{graph.base}/drives/{file.drive_id}/items/{item_id}/createLink"
        info = graph.at(address, method=Method.POST, json={"type": "view"})
        made = (await graph.send(info, drives._about(file.drive_id))).json()
        assert (await drives.shared(made["link"]["webUrl"])).id == item_id


async def test_libraries_whose_names_begin_alike(way, people, shelf):
    """Dokument is not where Dokumentation is."""
    name = f"{uuid4()}.txt"
    people.act("Upload", drive="Dokumentation", folder="", name=name, content={"text": "x"})
    found = await way.drives().shared(f"{shelf.url}/{name}")
    assert (found.drive_id, found.name) == (shelf.drive_id, name)


async def test_a_onedrive_that_was_granted(way, people):
    """By its own host; OneDrive's page names the folder in its query."""
    people.act(
        "Upload",
        drive="kollega/Documents",
        folder="Nätverk",
        make_folder=True,
        name=f"{uuid4()}.txt",
        content={"text": "x"},
    )
    drives = way.drives()
    assert (await drives.shared(f"{ONEDRIVE}/{quote('Nätverk')}")).folder
    path = quote("/personal/k_nat_example/Documents/Nätverk", safe="")
    for page in ("my", "personal/k_nat_example/_layouts/15/onedrive.aspx"):
        url = f"https://nat-my.sharepoint.com/{page}?id={path}&view=0"
        assert (await drives.shared(url)).name == "Nätverk"


async def test_links_that_lead_nowhere(way):
    """None: no such file, library, site or link, and pages that are no files."""
    drives = way.drives()
    for url in (
        f"{ENERGY}/finns inte.docx",
        f"{ENERGY}ation/fil.docx",
        "https://nat.sharepoint.com/sites/Finnsinte/Dokument/a.docx",
        "https://nat.sharepoint.com/:w:/s/EnergiOchKlimat/AAAA?e=1",
        "https://nat.sharepoint.com/sites/EnergiOchKlimat/_layouts/15/viewlsts.aspx",
    ):
        assert await drives.shared(url) is None, url


async def test_a_site_without_grant_is_forbidden(way, people):
    """The right is named, for plain addresses and for hidden ones."""
    drives = way.drives()
    with pytest.raises(Forbidden) as caught:
        await drives.shared(f"{CLOSED}/hemlig.docx")
    assert "Sites.Selected" in caught.value.remedy


async def test_where_selected_is_not_enough_for_shares(way, people, file):
    """Plain addresses still lead there; the remedy for a sharing link is to use one."""
    people.turn(shares_with_selected="refused")
    try:
        with pytest.raises(Forbidden) as caught:
            await way.drives().shared(file.web_url)
        assert "address in the browser's bar" in caught.value.remedy
        assert await way.drives().shared(f"{ENERGY}/{quote('Träffar & möten')}")
    finally:
        people.turn(shares_with_selected="given")


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/sites/x/Dokument/a.docx",
        "https://nat.sharepoint.com.evil.example/sites/x",
        "https://nat.sharepoint.com@evil.example/sites/x",
        "https://user@nat.sharepoint.com/sites/x",
        "http://nat.sharepoint.com/sites/x",
        "https://nat.sharepoint.com:8443/sites/x",
        "https://other.sharepoint.com/sites/x",
        "ftp://nat.sharepoint.com/x",
        "https://[broken/sites/x",
        "https://nat.sharepoint.com:port/x",
        "",
    ],
)
def test_other_hosts_are_never_asked(url):
    """Not https, not ours, in disguise: no address at all."""
    assert read_address(url, HOSTS) is None


@pytest.mark.parametrize(
    ("url", "address"),
    [
        (
            "https://nat.sharepoint.com/sites/a/Delade%20dokument/b%20c.docx?web=1",
            Plain(
                site="https://nat.sharepoint.com/sites/a", path="/sites/a/Delade dokument/b c.docx"
            ),
        ),
        (
            "https://nat.sharepoint.com/Dokument/a.docx",
            Plain(site="https://nat.sharepoint.com", path="/Dokument/a.docx"),
        ),
        (
            "https://nat.sharepoint.com/:x:/s/a/Eb",
            Hidden(token="u!aHR0cHM6Ly9uYXQuc2hhcmVwb2ludC5jb20vOng6L3MvYS9FYg"),
        ),
    ],
)
def test_how_addresses_are_read(url, address):
    """The token is unpadded base64url after u!, as the page on shared items has it."""
    assert read_address(url, HOSTS) == address


async def test_nothing_is_trusted_before_a_site_was_met(admin, people):
    """Hosts are learnt from the network's own site."""
    before = people.count("GET", "/shares/")
    assert await admin.drives().shared("https://other.sharepoint.com/:w:/s/a/Eb") is None
    assert people.count("GET", "/shares/") == before
