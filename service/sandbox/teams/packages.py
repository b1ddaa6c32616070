"""
Teams app packages, as an owner adds them to the team.

What Teams' catalogue would refuse is refused here. The rules are the manifest's schema of
1.19 as far as an app of this kind needs it, and the page on packages for the icons.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from service.sandbox.entra import directory
from service.sandbox.teams import roster
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import AddTeamsApp

VERSIONS = tuple(f"1.{minor}" for minor in (*range(12, 18), *range(19, 31)))
"""Of the manifest, with `authorization` and as far as they are released; 1.18 never was."""
READS = "ChannelMessage.Read.Group"

_REQUIRED = ("version", "id", "developer", "name", "description", "icons", "accentColor")
_KNOWN = {
    *("$schema", "manifestVersion", "localizationInfo", "bots", "validDomains"),
    *("webApplicationInfo", "authorization", "defaultInstallScope", *_REQUIRED),
}
_LONGEST = {
    ("developer", "name"): 32,
    ("name", "short"): 30,
    ("name", "full"): 100,
    ("description", "short"): 80,
    ("description", "full"): 4000,
}
_ADDRESSES = ("websiteUrl", "privacyUrl", "termsOfUseUrl")
_SIZES = {"color": 192, "outline": 32}
_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_PNG = b"\x89PNG\r\n\x1a\n"


def add(tenant: Tenant, act: AddTeamsApp) -> bool:
    """Its bot comes into the team, and its consents with it. ValueError: Teams refuses it."""
    content = act.content()
    data = content.read_bytes() if isinstance(content, Path) else content
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            files = {name: file.read(name) for name in file.namelist()}
        manifest = msgspec.json.decode(files["manifest.json"], type=dict[str, Any])
    except (zipfile.BadZipFile, KeyError, msgspec.DecodeError) as error:
        raise ValueError(f"The app package has no readable manifest.json: {error}.") from error
    for problem in (*_manifest(manifest), *_icons(manifest, files), *_apps(tenant, manifest)):
        raise ValueError(f"The app package is refused: {problem}.")
    reader = manifest["webApplicationInfo"]["id"].lower()
    for consent in _consents(manifest):
        if consent["name"] == READS:
            directory.set_right(tenant, reader, directory.RSC, tenant.world.team, given=True)
    for bot in manifest.get("bots", ()):
        roster.set_app_state(tenant, bot["botId"].lower(), "installed")
    return True


def _manifest(manifest: dict[str, Any]) -> Iterator[str]:
    version = manifest.get("manifestVersion")
    if version not in VERSIONS:
        yield f"manifestVersion {version} is none that is released and has authorization"
    if f"/v{version}/" not in manifest.get("$schema", ""):
        yield "$schema and manifestVersion differ"
    yield from (f"{key} is missing" for key in _REQUIRED if key not in manifest)
    yield from (f"{key} is not known" for key in manifest if key not in _KNOWN)
    for (part, key), most in _LONGEST.items():
        text = manifest.get(part, {}).get(key, "")
        if not 0 < len(text) <= most:
            yield f"{part}.{key} has {len(text)} characters, 1 to {most} are allowed"
    for key in _ADDRESSES:
        if not manifest.get("developer", {}).get(key, "").startswith("https://"):
            yield f"developer.{key} is no https address"
    if not re.fullmatch(r"\d+\.\d+\.\d+", str(manifest.get("version"))):
        yield "version is no three numbers"
    if not _GUID.fullmatch(str(manifest.get("id"))):
        yield "id is no GUID"


def _icons(manifest: dict[str, Any], files: dict[str, bytes]) -> Iterator[str]:
    for key, size in _SIZES.items():
        icon = files.get(str(manifest.get("icons", {}).get(key)), b"")
        measured = (int.from_bytes(icon[16:20]), int.from_bytes(icon[20:24]))
        if not icon.startswith(_PNG) or measured != (size, size):
            yield f"icons.{key} is no PNG of {size}×{size}"


def _apps(tenant: Tenant, manifest: dict[str, Any]) -> Iterator[str]:
    info = manifest.get("webApplicationInfo", {})
    if str(info.get("id")).lower() not in tenant.apps or not info.get("resource"):
        yield "webApplicationInfo names no app of this tenant, or no resource"
    for consent in _consents(manifest):
        if consent.get("type") != "Application" or not consent.get("name", "").endswith(".Group"):
            yield f"the consent {consent} is none that a team gives to an app"
    bots = manifest.get("bots", [])
    if len(bots) > 1:
        yield "there is more than one bot"
    for bot in bots:
        if str(bot.get("botId")).lower() not in tenant.apps:
            yield "the bot is no app of this tenant"
        if "team" not in bot.get("scopes", ()):
            yield "the bot is not for teams"


def _consents(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    permissions = manifest.get("authorization", {}).get("permissions", {})
    found: list[dict[str, Any]] = permissions.get("resourceSpecific", [])
    return found
