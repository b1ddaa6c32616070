"""A tenant whose mailbox one app may write from, another draft in, and a third read as well."""

from dataclasses import replace
from typing import Any

from service.domain.post import COMMON, Appointment
from service.ports import Message
from service.sandbox.timeline import App, Seed
from tests.contract.graph import worlds
from tests.messages import message
from tests.sandbox.conftest import Client
from tests.sandbox.worlds import TENANT

SEED = f"{__file__}:tenant"
BOX = worlds.MAILBOX.mail
LISTS = {COMMON: ("alla@nat.example",), "miljostrategi": ("miljo@nat.example", "k@nat.example")}

MEETING = Appointment(
    uid="uid-0308",
    start=worlds.MEETING[0],
    end=worlds.MEETING[1],
    title="Natur i stadsplanering",
    changed=worlds.day(1),
)


def _app(number: int, name: str, **rights: tuple[str, ...]) -> App:
    return App(
        client_id=f"{number}0000000-0000-4000-8000-00000000000b",
        secret=f"{name}~secret",
        name=name,
        roles=(),
        **rights,
    )


SENDER = _app(5, "avsandare", sends_as=(BOX,))
WITNESS = _app(6, "vittne", sends_as=(BOX,), reads_mail=(BOX,))
DRAFTER = _app(7, "utkast", writes_mail=(BOX,))
PERSON = _app(8, "person", sends_as=(BOX,), writes_mail=(BOX,))
"""What a coordinator does in Outlook is done in the tests by this one."""
STRANGER = _app(9, "framling")


def tenant() -> Seed:
    apps = (SENDER, WITNESS, DRAFTER, PERSON, STRANGER)
    # The sandbox's own client knows one tenant.
    return Seed(world=replace(worlds.WORLD, tenant_id=TENANT, apps=apps), acts=())


def titled(title: str, **changes: object) -> Message:
    plain = message()
    return replace(plain, card=replace(plain.card, title=title), **changes)


def inside(person: Client, folder: str, title: str) -> list[dict[str, Any]]:
    url = f"/users/{BOX}/mailFolders/{folder}/messages?$top=100"
    found = person.get(url, headers={"Prefer": 'IdType="ImmutableId"'})["value"]
    return [one for one in found if one["subject"].startswith(title)]


def addresses(mail: dict[str, Any], place: str) -> list[str]:
    return [one["emailAddress"]["address"] for one in mail[place]]


async def told(reader, cursor=None):
    pages = [page async for page in reader.changes(cursor)]
    assert pages[-1].cursor
    return {c.id: c.value for page in pages for c in page.changes}, pages[-1].cursor
