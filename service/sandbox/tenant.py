"""The tenant: its world, its state, and who is who in it."""

import hmac
import re
import secrets
import unicodedata
from datetime import datetime
from pathlib import Path

from service.sandbox.clock import Clock
from service.sandbox.sharepoint.blobs import Blobs
from service.sandbox.sharepoint.encoded import Encoded
from service.sandbox.store import Store, guid
from service.sandbox.timeline import App, Channel, Person, World
from service.sandbox.wire import Json


class Tenant:
    def __init__(self, world: World, directory: Path | None) -> None:
        """State lies in `directory`, or in memory without one."""
        if directory:
            directory.mkdir(parents=True, exist_ok=True)
        self.world = world
        self.store = Store(directory / "tenant.sqlite" if directory else None)
        self.blobs = Blobs(directory / "blobs" if directory else None)
        self.encoded = Encoded()
        self.clock = Clock(self.store, world.start)
        self.apps = {app.client_id: app for app in world.apps}
        self._people = {key: p for p in world.people for key in (p.id, p.mail.casefold())}
        self.channels = {channel.id: channel for channel in world.channels}
        self.settling: dict[str, datetime] = {}
        """New files whose properties the service still reads, and since when."""
        self._secret = self._lasting_secret()

    def _lasting_secret(self) -> bytes:
        """Signs links that must still be good after a restart."""
        kept = self.store.state("secret")
        if kept is None:
            kept = secrets.token_hex(32)
            self.store.set_state("secret", kept)
        return bytes.fromhex(kept)

    def person(self, name: str) -> Person | None:
        """By id or address."""
        return self._people.get(name) or self._people.get(name.casefold())

    def workflow_channel(self, workflow: str) -> Channel | None:
        return next((c for c in self.world.channels if c.workflow == workflow), None)

    def signature(self, text: str) -> str:
        return hmac.digest(self._secret, text.encode(), "sha256").hex()

    @property
    def site_host(self) -> str:
        return f"{self.world.domain.split('.')[0]}.sharepoint.com"

    @property
    def site_path(self) -> str:
        """Last part of the site's address: its name in plain letters."""
        plain = unicodedata.normalize("NFKD", self.world.site).encode("ascii", "ignore").decode()
        return re.sub(r"[^A-Za-z0-9]+", "", plain.title()) or "site"

    @property
    def site_id(self) -> str:
        """Graph's three-part id of the network's site."""
        site = guid(self.world.tenant_id, "site")
        web = guid(self.world.tenant_id, "web")
        return f"{self.site_host},{site},{web}"

    def identity(self, by: str) -> Json:
        """An identitySet of `user:ID` or `app:ID`."""
        kind, _, key = by.partition(":")
        if kind == "app":
            app = self.apps.get(key)
            return {"application": {"id": key, "displayName": app.name if app else "SharePoint"}}
        person = self._people[key]
        return {"user": {"id": person.id, "displayName": person.name, "email": person.mail}}


def named(app: App) -> str:
    """How an app is written in the tables."""
    return f"app:{app.client_id}"
