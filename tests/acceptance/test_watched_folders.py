"""Further folders and the mail folder, found at the start by what the settings say."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from service.errors import SettingsError
from service.provisioning import provision
from service.sandbox.process import Sandbox
from service.settings import Settings, read_settings
from service.wiring import Office, open_office
from tests.contract.graph import neighbours
from tests.contract.graph.neighbours import CLOSED, ENERGY, ONEDRIVE

NETWORK = {
    "NATVERKET_NETWORK_NAME": "Nätverket",
    "NATVERKET_NETWORK_FOCUS_GROUPS": "natur=Natur",
    "NATVERKET_NETWORK_MAIL_FOLDER": "Inkorgen",
}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with Sandbox(seed=neighbours.SEED, directory=tmp_path_factory.mktemp("town")) as running:
        control = neighbours.Control(running)
        for where in ("energi/Dokument", "kollega/Documents"):
            control.act(
                "Upload",
                drive=where,
                folder="Träffar",
                make_folder=True,
                name="fil.txt",
                content={"text": "x"},
            )
        control.close()
        yield running


@pytest.fixture
async def office(
    town: Sandbox, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[Office]:
    """The service as it starts with the folders of the test's marker."""
    settings = told(town, tmp_path, *request.param)
    async for _ in provision(settings):
        pass
    async with open_office(settings) as office:
        yield office


def told(town: Sandbox, tmp_path: Path, *folders: str) -> Settings:
    state = f"sqlite:///{tmp_path / 'state.db'}"
    watched = {"NATVERKET_NETWORK_WATCHED_FOLDERS": "; ".join(folders)}
    return read_settings(town.env_file, {**NETWORK, **watched, "NATVERKET_STATE_URL": state})


FOLDER = f"{ENERGY}/{quote('Träffar')}"


@pytest.mark.parametrize("office", [(FOLDER, ONEDRIVE)], indirect=True)
async def test_folders_are_found_by_their_addresses(office: Office) -> None:
    """With drive and path, a whole library by an empty one; and the mail folder is read."""
    at = office.workplaces[0]
    assert [(one.path, one.address) for one in at.places.watched] == [
        ("Träffar", FOLDER),
        ("", ONEDRIVE),
    ]
    assert len({one.drive_id for one in at.places.watched}) == 2
    assert at.places.unwatched == ()
    assert at.mail is not None
    assert [page async for page in at.mail.changes(None)][-1].cursor


LOST = (f"{ENERGY}/Finns%20inte", CLOSED, f"{FOLDER}/fil.txt", "https://other.example/x", FOLDER)


@pytest.mark.parametrize("office", [LOST], indirect=True)
async def test_those_that_cannot_be_watched_are_left_out(office: Office) -> None:
    """Each with its reason and remedy; the others, and what is not made yet, are watched."""
    places = office.workplaces[0].places
    assert [(one.address, one.path) for one in places.watched] == [
        (LOST[0], "Finns inte"),
        (FOLDER, "Träffar"),
    ]
    why = {one.address: one.why for one in places.unwatched}
    assert list(why) == list(LOST[:-1])
    assert all("NATVERKET_NETWORK_WATCHED_FOLDERS" in text for text in why.values())
    assert "Nothing is there yet" in why[LOST[0]]
    assert "-Permissions Read -Site https://nat.sharepoint.com/sites/SlutnaRummet" in why[CLOSED]
    assert f"-AppId {neighbours.DAEMON.client_id}" in why[CLOSED]
    assert "is a file" in why[LOST[2]]


def test_addresses_are_https(town: Sandbox, tmp_path: Path) -> None:
    """A mistake is refused before anything is asked."""
    with pytest.raises(SettingsError, match="no https address"):
        told(town, tmp_path, "Delade dokument/Träffar")
