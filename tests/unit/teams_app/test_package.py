"""The Teams app package: what is in it, what is refused, and that it stands still."""

import io
import json
import struct
import zipfile
from dataclasses import replace
from typing import Any

import pytest

from service.errors import SettingsError
from service.render.icons import ACCENT
from service.render.teams_app import TeamsApp, manifest, package
from tests.unit.teams_app.builders import APP, BOT_ID, CLIENT_ID, words


def read(app: TeamsApp, language: str = "sv") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(manifest(app, words(language)))
    return found


def pixels(icon: bytes) -> tuple[int, int, bytes]:
    """Width, height and RGBA of a PNG, read by another than its writer."""
    image = pytest.importorskip("PIL.Image").open(io.BytesIO(icon)).convert("RGBA")
    return (*image.size, image.tobytes())


def test_three_files_and_nothing_else() -> None:
    """In the root of the zip, as Teams wants them, and readable as what they should be."""
    with zipfile.ZipFile(io.BytesIO(package(APP, words()))) as file:
        assert file.namelist() == ["manifest.json", "color.png", "outline.png"]
        assert file.testzip() is None
        assert json.loads(file.read("manifest.json")) == read(APP)
        sizes = [struct.unpack(">II", file.read(n)[16:24]) for n in file.namelist()[1:]]
    assert sizes == [(192, 192), (32, 32)]


def test_the_same_zip_twice() -> None:
    """Byte for byte, whenever: an admin sees by its checksum whether anything has changed."""
    made = package(APP, words())
    assert made == package(APP, words())
    with zipfile.ZipFile(io.BytesIO(made)) as file:
        assert {one.date_time for one in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_icons_are_as_teams_wants_them() -> None:
    """Full colour to the edge; the outline is white, or nothing."""
    with zipfile.ZipFile(io.BytesIO(package(APP, words()))) as file:
        *_, color = pixels(file.read("color.png"))
        *_, outline = pixels(file.read("outline.png"))
    assert "#" + color[:3].hex() == ACCENT
    assert set(color[3::4]) == {255}
    assert set(outline[0::4] + outline[1::4] + outline[2::4]) == {255}
    assert outline[3] == 0
    assert {0, 255} <= set(outline[3::4])


def test_it_asks_for_the_channel_and_nothing_else() -> None:
    """One right, in one team, for the app registration of the settings; no bot unless asked."""
    found = read(APP)

    assert found["webApplicationInfo"]["id"] == CLIENT_ID
    assert found["authorization"]["permissions"] == {
        "resourceSpecific": [{"name": "ChannelMessage.Read.Group", "type": "Application"}]
    }
    assert "bots" not in found


def test_a_bot_only_posts() -> None:
    """In teams alone, and nobody can talk to it; it may be another registration than the app."""
    found = read(replace(APP, bot_id=BOT_ID))

    assert found["bots"] == [{"botId": BOT_ID, "scopes": ["team"], "isNotificationOnly": True}]
    assert found["webApplicationInfo"]["id"] == CLIENT_ID
    assert "inte att samtala" in found["description"]["full"]


def test_its_id_follows_from_the_client_id() -> None:
    """An update is known as one, whatever else changes; another registration is another app."""
    later = replace(APP, version="2.0.0", network="Annat namn", bot_id=BOT_ID)
    same = replace(APP, client_id=CLIENT_ID.upper())

    assert APP.id == later.id == same.id == "ddeef36d-a4f6-5e09-8f59-861b22b707cb"
    assert replace(APP, client_id=BOT_ID).id != APP.id


@pytest.mark.parametrize(
    ("given", "written"),
    [("0.1.0", "0.1.0"), ("1.2", "1.2.0"), ("2026.07.1", "2026.7.1"), ("0.2.0.dev3+gab1", "0.2.0")],
)
def test_its_version_is_three_numbers(given: str, written: str) -> None:
    """Whatever Python calls a pre-release."""
    assert read(replace(APP, version=given))["version"] == written


@pytest.mark.parametrize("language", ["sv", "nb", "en"])
@pytest.mark.parametrize("network", ["Nätverket Öst", "Nätverket för " + "mycket " * 40, "å" * 31])
def test_names_and_descriptions_keep_their_limits(language: str, network: str) -> None:
    """30, 100, 80, 4000 and 32 characters, with the longest names that people give."""
    app = replace(APP, network=network, developer=replace(APP.developer, name=network))
    found = read(app, language)

    assert 0 < len(found["name"]["short"]) <= 30
    assert 0 < len(found["name"]["full"]) <= 100
    assert 0 < len(found["description"]["short"]) <= 80
    assert 0 < len(found["description"]["full"]) <= 4000
    assert 0 < len(found["developer"]["name"]) <= 32
    assert network in found["description"]["full"]


def test_what_teams_would_refuse_is_told_at_once() -> None:
    """Every problem, by what it is about; nothing is written."""
    wrong = replace(
        APP,
        client_id="natverket",
        bot_id="",
        developer=replace(APP.developer, website="http://kommun.example", terms=""),
    )
    with pytest.raises(SettingsError) as caught:
        package(wrong, words())

    said = "\n".join(caught.value.problems)
    assert len(caught.value.problems) == 4
    for about in ("client id 'natverket'", "bot's client id", "website", "terms of use"):
        assert about in said
