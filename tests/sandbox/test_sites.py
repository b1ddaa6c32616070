"""Several sites: each is found by its own addresses, and only by apps that it was granted to."""

import pytest

from tests.sandbox import worlds

HOST = worlds.WORLD.domain.split(".")[0]
TEAM = worlds.WORLD.team


@pytest.fixture(scope="module")
def seed_name():
    return "guarded"


@pytest.fixture(scope="module")
def energy(daemon):
    return daemon.get(f"/sites/{HOST}.sharepoint.com:/sites/EnergiOchKlimat")


def test_a_site_is_found_by_address_id_guid_and_words(daemon, energy):
    """All tell of the same site; its libraries are its own."""
    assert energy["displayName"] == "Energi och klimat"
    assert daemon.get(f"/sites/{energy['id']}")["id"] == energy["id"]
    assert daemon.get(f"/sites/{energy['id'].split(',')[1]}")["id"] == energy["id"]
    (found,) = daemon.get("/sites?search=klimat")["value"]
    assert found["id"] == energy["id"]
    names = [drive["name"] for drive in daemon.get(f"/sites/{energy['id']}/drives")["value"]]
    assert names == ["Dokument", "Bilder"]
    by_address = f"/sites/{HOST}.sharepoint.com:/sites/EnergiOchKlimat:"
    drive = daemon.get(f"{by_address}/drive")
    assert drive["id"] == daemon.get(f"/sites/{energy['id']}/drive")["id"]
    assert drive["id"] != daemon.get(f"{daemon.site}/drive")["id"]
    assert daemon.get(f"{by_address}/drive/root")["parentReference"]["driveId"] == drive["id"]
    assert drive["webUrl"].startswith(energy["webUrl"])


def test_a_grant_is_for_one_site(daemon, connect, energy, provisioner):
    """Reading there is no writing there; without a grant nothing; the network's stays."""
    own = daemon.get(f"/sites/{energy['id']}/drive")
    drive = f"/drives/{own['id']}"
    assert daemon.get(f"{drive}/root/children")["value"] == []
    daemon.refused(403, "accessDenied", "PUT", f"{drive}/root:/a.txt:/content", content=b"x")
    reader = connect(worlds.READER)
    reader.refused(403, "accessDenied", "GET", f"/sites/{energy['id']}")
    reader.refused(403, "accessDenied", "GET", f"{drive}/root")
    assert len(reader.get("/sites?search=*")["value"]) == 1
    assert len(provisioner.get("/sites?search=*")["value"]) == 4


def test_a_one_drive_is_its_owners(daemon, provisioner):
    """By user; of type business; files lie under the personal address; nobody else has one."""
    drive = daemon.get(f"/users/{worlds.ANNA.id}/drive")
    assert drive["driveType"] == "business"
    assert drive["owner"]["user"]["id"] == worlds.ANNA.id
    assert drive["quota"]["state"] == "normal"
    daemon.put(f"/users/{worlds.ANNA.mail}/drive/root:/a.txt:/content", b"x")
    item = daemon.get(f"/drives/{drive['id']}/root:/a.txt")
    assert item["webUrl"].startswith(f"https://{HOST}-my.sharepoint.com/personal/anna_nat_example/")
    assert item["parentReference"]["driveType"] == "business"
    said = provisioner.refused(404, "ResourceNotFound", "GET", f"/users/{worlds.BO.id}/drive")
    assert said == "User's mysite not found."
    provisioner.refused(404, "Request_ResourceNotFound", "GET", "/users/ingen/drive")
    (listed,) = daemon.get(f"/users/{worlds.ANNA.id}/drives")["value"]
    assert listed["id"] == drive["id"]


def test_special_folders_are_a_one_drives(daemon, provisioner):
    """Found by their kind under a Swedish name; not in a library, and none of an unknown kind."""
    drive = daemon.get(f"/users/{worlds.ANNA.id}/drive")["id"]
    folder = daemon.get(f"/users/{worlds.ANNA.id}/drive/special/recordings")
    assert (folder["name"], folder["specialFolder"]) == ("Inspelningar", {"name": "recordings"})
    assert daemon.get(f"/drives/{drive}/root:/Inspelningar")["id"] == folder["id"]
    assert daemon.get(f"/drives/{drive}/special/recordings")["id"] == folder["id"]
    daemon.refused(400, "invalidRequest", "GET", f"/drives/{drive}/special/hemligt")
    daemon.refused(404, "itemNotFound", "GET", f"{daemon.drive()}/special/recordings")


def test_the_team_leads_to_its_site_and_channels_to_their_folders(daemon, provisioner):
    """A standard channel is a folder in the team's library, a private one a site of its own."""
    assert f"/sites/{daemon.get(f'/groups/{TEAM}/sites/root')['id']}" == daemon.site
    drive = daemon.get(f"/groups/{TEAM}/drive")
    assert drive["id"] == daemon.get(f"{daemon.site}/drive")["id"]
    channel = f"/teams/{TEAM}/channels"
    folder = daemon.get(f"{channel}/{worlds.COMMON}/filesFolder")
    assert (folder["name"], folder["parentReference"]["driveId"]) == ("Allmänt", drive["id"])
    assert daemon.get(f"{channel}/{worlds.COMMON}/filesFolder")["id"] == folder["id"]
    private = f"{channel}/{worlds.OWN_SITE}/filesFolder"
    assert provisioner.get(private)["parentReference"]["driveId"] != drive["id"]
    daemon.refused(403, "accessDenied", "GET", private)
    daemon.refused(404, "Request_ResourceNotFound", "GET", "/groups/annan/drive")
    daemon.refused(404, "itemNotFound", "GET", f"{channel}/19:ingen@thread.tacv2/filesFolder")


def test_a_drive_of_a_site_is_addressed_through_it(daemon, energy):
    """Under its own site only; a list's drive through the list."""
    own = daemon.get(f"{daemon.site}/drive")["id"]
    assert daemon.get(f"{daemon.site}/drives/{own}")["id"] == own
    assert daemon.get(f"{daemon.site}/drives/{own}/root")["parentReference"]["driveId"] == own
    daemon.refused(404, "itemNotFound", "GET", f"/sites/{energy['id']}/drives/{own}")
    listed = daemon.get(f"/drives/{own}/list?$expand=columns,drive,contentTypes")
    assert listed["drive"]["id"] == own
    assert [kind["name"] for kind in listed["contentTypes"]] == ["Document", "Folder"]
    assert daemon.get(f"{daemon.site}/lists/{listed['id']}/drive/root")["root"] == {}
