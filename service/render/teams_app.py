"""
The Teams app package: a manifest and two icons in a zip, the same bytes for the same settings.

It gives the app registration what Entra ID cannot give: the right to read the messages of one
team, and a bot's place in it. One registration is one Teams app, so that the app's id follows
from the client id and an update is known as one.
Manifest: https://learn.microsoft.com/microsoft-365/extensibility/schema/ (1.19).
"""

import io
import re
import uuid
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from service.domain.post import Words, is_https
from service.errors import SettingsError
from service.render.icons import ACCENT, color_icon, outline_icon

MANIFEST_VERSION = "1.19"
"""Old enough for every tenant's catalogue (2024; 1.18 was never released), and with all we use."""
READS_CHANNELS = "ChannelMessage.Read.Group"
PRODUCT = "Nätverket"

_SCHEMA = f"https://developer.microsoft.com/json-schemas/teams/v{MANIFEST_VERSION}/MicrosoftTeams.schema.json"
_OURS = uuid.UUID("5ad1a3c7-9e0b-5e7d-8f5e-0d6c2c1b7a44")
"""Namespace of the app ids that are made here."""
_SHORT, _FULL, _DEVELOPER, _ADDRESS = 30, 100, 32, 2048
"""The manifest's limits, in characters."""
_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip can name: when it was built says nothing."""


@dataclass(frozen=True, kw_only=True)
class Developer:
    """Who answers for the app, as Teams shows it. The addresses are https."""

    name: str
    website: str
    privacy: str
    terms: str


@dataclass(frozen=True, kw_only=True)
class TeamsApp:
    client_id: str
    """Of the app registration that reads the channel."""
    network: str
    """The network's name."""
    version: str
    """Of the program; of a pre-release, what it is to become."""
    developer: Developer
    bot_id: str | None = None
    """Client id of the bot, where posts go by one."""

    @property
    def id(self) -> str:
        """The same for the same client id, for ever."""
        return str(uuid.uuid5(_OURS, self.client_id.lower()))


def package(app: TeamsApp, words: Words) -> bytes:
    """
    Make the zip that a Teams administrator uploads.

    Raises SettingsError, with every problem, for ids and addresses that Teams would refuse.
    """
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in (
            ("manifest.json", manifest(app, words)),
            ("color.png", color_icon()),
            ("outline.png", outline_icon()),
        ):
            entry = zipfile.ZipInfo(name, _EARLIEST)
            # Else it would tell on which system it was built.
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            file.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return kept.getvalue()


def manifest(app: TeamsApp, words: Words) -> bytes:
    """Write manifest.json in the network's language. Raises SettingsError."""
    if problems := tuple(_problems(app)):
        raise SettingsError(problems)
    written = {
        "$schema": _SCHEMA,
        "manifestVersion": MANIFEST_VERSION,
        "version": _release(app.version),
        "id": app.id,
        "developer": {
            "name": _within(app.developer.name, _DEVELOPER),
            "websiteUrl": app.developer.website,
            "privacyUrl": app.developer.privacy,
            "termsOfUseUrl": app.developer.terms,
        },
        "localizationInfo": {"defaultLanguageTag": words.tag.lower()},
        "name": {
            "short": app.network if len(app.network) <= _SHORT else PRODUCT,
            "full": _within(app.network, _FULL),
        },
        "description": {
            "short": words.say("notices.app_tagline"),
            "full": " ".join(_description(app, words)),
        },
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": ACCENT,
        **_bots(app),
        # The resource means nothing here, and one must be named:
        # https://learn.microsoft.com/microsoftteams/platform/graph-api/rsc/grant-resource-specific-consent
        "webApplicationInfo": {"id": app.client_id, "resource": f"api://{app.client_id}"},
        "authorization": {
            "permissions": {"resourceSpecific": [{"name": READS_CHANNELS, "type": "Application"}]}
        },
    }
    return msgspec.json.format(msgspec.json.encode(written), indent=2) + b"\n"


def _bots(app: TeamsApp) -> dict[str, object]:
    if app.bot_id is None:
        return {}
    return {"bots": [{"botId": app.bot_id, "scopes": ["team"], "isNotificationOnly": True}]}


def _description(app: TeamsApp, words: Words) -> Iterator[str]:
    yield words.say("notices.app_purpose", network=app.network)
    yield words.say("notices.app_posts" if app.bot_id else "notices.app_is_silent")
    yield words.say("notices.app_reads")


def _release(version: str) -> str:
    """Write "0.2.0.dev3" as "0.2.0": Teams takes three numbers."""
    numbers = re.match(r"\d+(\.\d+){0,2}", version)
    parts = (numbers[0] if numbers else "0").split(".")
    return ".".join(str(int(part)) for part in [*parts, "0", "0"][:3])


def _within(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _problems(app: TeamsApp) -> Iterator[str]:
    for name, value in (("client id", app.client_id), ("bot's client id", app.bot_id)):
        if value is not None and not _is_guid(value):
            yield f"the {name} {value!r} is no GUID, and a Teams app must name one"
    for name, url in (
        ("website", app.developer.website),
        ("privacy page", app.developer.privacy),
        ("terms of use", app.developer.terms),
    ):
        if not is_https(url) or len(url) > _ADDRESS:
            yield f"the address of the {name}, {url!r}, is no https address"


def _is_guid(text: str) -> bool:
    return re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", text) is not None
