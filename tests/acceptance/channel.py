"""What stands in the common channel and in Sent Items, read past the service's own memory."""

import json
import ssl
from collections import Counter
from collections.abc import Iterator
from typing import Any

import httpx
import msgspec

from service.domain.post import key_in
from service.graph.messages import WireMessage, links_in, seen_message
from service.graph.wire import Text
from service.sandbox.process import Sandbox


def keys_in_channel(sandbox: Sandbox) -> Counter[str]:
    """How often each post's key stands there: a post made twice is there twice."""
    env = sandbox.env
    team, channel = env["NATVERKET_NETWORK_TEAM"], env["NATVERKET_NETWORK_CHANNEL"]
    found = Counter[str]()
    for page in _pages(sandbox, f"teams/{team}/channels/{channel}/messages?$top=50"):
        for one in msgspec.convert(page, list[WireMessage]):
            links = seen_message(one, []).links
            found.update({key for link in links if (key := key_in(link.url))})
    return found


def keys_in_mail(sandbox: Sandbox) -> Counter[str]:
    """The same of the network mailbox's Sent Items."""
    mailbox = sandbox.env["NATVERKET_NETWORK_MAILBOX"]
    found = Counter[str]()
    path = f"users/{mailbox}/mailFolders/sentitems/messages?$select=body&$top=50"
    for page in _pages(sandbox, path):
        for one in page:
            links = links_in(msgspec.convert(one["body"], Text))
            found.update({key for link in links if (key := key_in(link.url))})
    return found


def said(sandbox: Sandbox, role: str = "") -> list[str]:
    """Every message of the common channel, or of the coordinators', whole, as Graph tells it."""
    env = sandbox.env
    channel = env[f"NATVERKET_NETWORK_{role}CHANNEL"]
    path = f"teams/{env['NATVERKET_NETWORK_TEAM']}/channels/{channel}/messages?$top=50"
    return [json.dumps(one, ensure_ascii=False) for page in _pages(sandbox, path) for one in page]


def _pages(sandbox: Sandbox, path: str) -> Iterator[list[Any]]:
    env = sandbox.env
    context = ssl.create_default_context(cafile=str(sandbox.ca_file))
    with httpx.Client(verify=context, base_url=f"{env['NATVERKET_GRAPH_URL']}/v1.0/") as http:
        http.headers["Authorization"] = f"Bearer {_token(http, env)}"
        while path:
            page = http.get(path).raise_for_status().json()
            yield page["value"]
            path = page.get("@odata.nextLink", "")


def _token(http: httpx.Client, env: dict[str, str]) -> str:
    form = {
        "client_id": env["NATVERKET_CLIENT_ID"],
        "client_secret": env["NATVERKET_CLIENT_SECRET"],
        "grant_type": "client_credentials",
        "scope": "https://graph.microsoft.com/.default",
    }
    url = f"{env['NATVERKET_AUTHORITY_URL']}/{env['NATVERKET_TENANT_ID']}/oauth2/v2.0/token"
    token: str = http.post(url, data=form).raise_for_status().json()["access_token"]
    return token


def words_of_cards(sandbox: Sandbox, channel: str) -> list[str]:
    """What can be read on each card that stands there, a line for each text."""
    team = sandbox.env["NATVERKET_NETWORK_TEAM"]
    pages = _pages(sandbox, f"teams/{team}/channels/{channel}/messages?$top=50")
    cards = (card["content"] for page in pages for one in page for card in one["attachments"])
    return ["\n".join(_texts(msgspec.json.decode(card))) for card in cards]


def _texts(card: object) -> Iterator[str]:
    if isinstance(card, list):
        for part in card:
            yield from _texts(part)
    elif isinstance(card, dict):
        for name, value in card.items():
            if isinstance(value, str) and name in {"text", "title", "value", "altText"}:
                yield value
            else:
                yield from _texts(value)
