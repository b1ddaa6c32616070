"""Where a link in the tenant's content leads when it is looked at here."""

import re
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

from service.sandbox.markup import is_safe
from service.sandbox.sharepoint import library
from service.sandbox.sharepoint.names import name_key
from service.sandbox.store import Row, guid
from service.sandbox.tenant import Tenant

HOME = "/_sandbox/"
GONE = f"{HOME}gone"
_BRACES = re.compile(r"^[{]|[}]$")


class Links:
    """
    Addresses of the tenant's sites and of the team become pages of ours, since nobody answers
    there; other https addresses stay as they are, and all else is no link.
    """

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._sites = {
            (parts.netloc.casefold(), unquote(parts.path).casefold()): row["id"]
            for row in tenant.store.all("SELECT id, url FROM sites")
            for parts in [urlsplit(row["url"])]
        }
        self._hosts = {tenant.site_host.casefold(), *(host for host, _ in self._sites)}

    def __call__(self, address: str) -> str | None:
        try:
            parts = urlsplit(address.strip())
        except ValueError:
            return None
        if parts.scheme.lower() != "https" or not parts.netloc:
            return None
        if (parts.hostname or "").casefold() in self._hosts:
            return self._inside(parts.hostname or "", unquote(parts.path), parts.query)
        if (parts.hostname or "").casefold() == "teams.microsoft.com":
            found = self._in_team([unquote(name) for name in parts.path.split("/") if name])
            if found is not None:
                return found
        return address.strip() if is_safe(address.strip()) else None

    def _in_team(self, names: list[str]) -> str | None:
        """`/l/message/{channel}/{message}`, `/l/channel/{channel}/…`, `/l/meetup-join/…`."""
        match names:
            case ["l", "message", channel, message] if channel in self._tenant.channels:
                return message_page(channel, message)
            case ["l", "channel", channel, *_] if channel in self._tenant.channels:
                return channel_page(channel)
            case ["l", "meetup-join", thread, *_]:
                event = self._tenant.store.value(
                    "SELECT event FROM meetings WHERE thread = ?", thread
                )
                return event_page(event) if event else None
        return None

    def _inside(self, host: str, path: str, query: str) -> str:
        document = parse_qs(query).get("sourcedoc")
        if document:
            return self._to_item(self._by_guid(document[0]))
        names = [name for name in path.split("/") if name]
        site = self._sites.get((host.casefold(), "/" + "/".join(names[:2]).casefold()))
        return GONE if site is None else self._below(site, names[2:])

    def _below(self, site: str, names: list[str]) -> str:
        if not names:
            return HOME
        is_list = names[0] == "Lists" and len(names) > 1
        listed = self._tenant.store.one(
            "SELECT * FROM lists WHERE site = ? AND name_key = ?",
            site,
            name_key(names[1] if is_list else names[0]),
        )
        if listed is None:
            return GONE
        if not listed["drive"]:
            return list_page(listed["id"])
        root = library.root_of(self._tenant, listed["id"])
        return self._to_item(library.by_path(self._tenant, root, "/".join(names[1:])))

    def _by_guid(self, text: str) -> Row | None:
        return self._tenant.store.one(
            "SELECT * FROM items WHERE guid = ? AND deleted = 0",
            _BRACES.sub("", text).lower(),
        )

    def _to_item(self, row: Row | None) -> str:
        if row is None:
            return GONE
        return file_page(row["id"]) if row["kind"] == "file" else folder_page(row["id"])


def folder_page(item: str) -> str:
    return f"{HOME}files/{quote(item, safe='')}"


def file_page(item: str) -> str:
    return f"{HOME}file/{quote(item, safe='')}"


def list_page(list_id: str, row: int | None = None) -> str:
    return f"{HOME}lists/{quote(list_id, safe='')}" + ("" if row is None else f"/{row}")


def attachment_page(attachment: str) -> str:
    return f"{HOME}attachment/{quote(attachment, safe='')}"


def file_content(item: str, version: int | None = None, *, save: bool = False) -> str:
    asked = {"version": str(version)} if version is not None else {}
    query = urlencode({**asked, **({"save": "1"} if save else {})})
    return f"{HOME}content/{quote(item, safe='')}" + (f"?{query}" if query else "")


def channel_page(channel: str, **query: str) -> str:
    return f"{HOME}channels/{quote(channel, safe='')}" + (f"?{urlencode(query)}" if query else "")


def message_page(channel: str, message: str) -> str:
    return f"{channel_page(channel, message=message)}#{message_mark(message)}"


def deeds_of_message(channel: str, message: str) -> str:
    return f"{channel_page(channel)}/{quote(message, safe='')}"


def message_mark(message: str) -> str:
    return f"m{message}"


def event_page(event: str) -> str:
    return f"{HOME}calendar#{event_mark(event)}"


def event_mark(event: str) -> str:
    """Outlook's own ids are too long, and hold signs that an address would escape."""
    return f"e{guid(event)}"
