"""
The posts of 2023, each transport: those of the list beside the seed, at its minutes, and no other.

What was posted is read where it should be: in the channel, in the mailbox, in the folder.
"""

import asyncio
import tomllib
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from service.cli.logs import log_to_stderr
from service.demo.replay import replay
from service.demo.tenant import ask
from service.demo.year import last_minute, prepare, tenant
from service.domain.post import COORDINATORS, parse_key
from service.domain.routes import Transport
from service.effects.amending import CORRECTED
from service.effects.proving import prove
from service.graph.clock import SandboxClock
from service.ports import Effect, Status
from service.sandbox.process import Sandbox
from service.sandbox.timeline import Person
from service.settings import Settings
from service.shipped import shipped
from service.signing import login_of
from service.wiring import open_office
from service.workplace import Workplace
from tests.acceptance.channel import keys_in_channel, keys_in_mail
from tests.contract.graph import accounts

STOCKHOLM = ZoneInfo("Europe/Stockholm")
PETRA = Person(
    id="5a9d4000-0000-4000-8000-000000000001",
    name="Petra Exempel",
    mail="petra.exempel@natverket.example",
)
WAYS: Mapping[str, Mapping[str, object]] = {
    "workflow": {},
    "bot": {"post_via": (Transport.BOT,)},
    "graph": {"post_via": (Transport.GRAPH,), "mention": "channel"},
    "mail": {
        "post_via": (Transport.MAIL,),
        "mail_lists": {"common": ("alla@natverket.example",)},
    },
    "dry": {"post_via": (Transport.DRY,)},
    "workflow in nb": {"language": "nb"},
    "workflow in en": {"language": "en"},
}


def listed() -> list[tuple[str, str, str]]:
    """Local minute, kind, and day of the meeting or week, of every post that there is to be."""
    text = shipped("seeds", "2023-posts.toml").read_text(encoding="utf-8")
    return sorted(
        (post["at"], post["kind"], str(post.get("meeting") or post["of"]))
        for post in tomllib.loads(text)["posts"]
    )


async def posted(at: Workplace) -> list[tuple[str, str, str]]:
    """The same of what members have, by the ledger."""
    effects = (await at.ledger.effects("v1/")).values()
    return sorted(_line(effect) for effect in effects if _is_members(effect, at))


def _is_members(effect: Effect, at: Workplace) -> bool:
    key = parse_key(effect.key)
    own = at.places.channels[COORDINATORS]
    return key is not None and key.channel != own and effect.status is Status.DONE


def _line(effect: Effect) -> tuple[str, str, str]:
    key = parse_key(effect.key)
    assert key is not None
    when = f"{effect.created.astimezone(STOCKHOLM):%Y-%m-%d %H:%M}"
    start = effect.baseline.get("told_start")
    day = f"{datetime.fromisoformat(str(start)).astimezone(STOCKHOLM):%Y-%m-%d}" if start else ""
    of = day or (key.occurrence if key.kind == "digest" else key.subject)
    return when, key.kind, of


async def _play(settings: Settings) -> tuple[list[tuple[str, str, str]], set[str]]:
    """The year's posts, and the keys of all that have a message of their own."""
    await prepare(settings)
    async with open_office(settings) as office:
        played = await replay(office, last_minute(office), lambda _: None)
        assert played.errors == []
        at = office.workplaces[0]
        await prove(at)
        done = {
            effect.key
            for effect in (await at.ledger.effects("v1/")).values()
            if _is_members(effect, at) and effect.reason != CORRECTED
        }
        return await posted(at), done


async def _sign_in(sandbox: Sandbox, settings: Settings) -> None:
    """An account of the host posts; it signs in as somebody would with a browser."""
    clock = SandboxClock(sandbox.env["NATVERKET_CLOCK_URL"], ca_file=sandbox.ca_file)
    await clock.refresh()
    await accounts.sign_in(sandbox, login_of(settings), clock, PETRA)
    await clock.close()


def _may_mail(sandbox: Sandbox) -> None:
    for role in ("Mail.Send", "Mail.Read"):
        act = {
            "act": "GrantMailbox",
            "app": sandbox.env["NATVERKET_CLIENT_ID"],
            "mailbox": sandbox.env["NATVERKET_NETWORK_MAILBOX"],
            "role": role,
        }
        ask(sandbox, "act", act)


@pytest.mark.proof
@pytest.mark.parametrize("way", WAYS)
def test_the_year(way: str, tmp_path: Path) -> None:
    """Every expected post once, at the right local minute across both changes of the clocks."""
    with tenant(tmp_path / "demo") as (sandbox, settings):
        log_to_stderr("error", "text")
        own = {"posts_folder": tmp_path / "posts", **WAYS[way]}
        network = settings.networks[0].model_copy(update=own)
        changed = {
            "networks": (network,),
            "login_file": tmp_path / "login.bin",
            "poll_reminders": 30,  # the demo looks once an hour, at half past
        }
        chosen = settings.model_copy(update=changed)
        if way == "graph":
            asyncio.run(_sign_in(sandbox, chosen))
        if way == "mail":
            _may_mail(sandbox)
        lines, keys = asyncio.run(_play(chosen))
        read = keys_in_mail(sandbox) if way == "mail" else keys_in_channel(sandbox)

    assert lines == listed()
    if way == "dry":
        files = [one.name for one in (tmp_path / "posts").iterdir()]
        assert len([one for one in files if not one.startswith("summary")]) == len(keys)
        assert read == Counter()
    else:
        assert read == Counter(dict.fromkeys(keys, 1))


def test_the_list_is_within_the_caps() -> None:
    """Five of a meeting, three a week beside the letter; corrections break the caps."""
    capped = [(at, kind, of) for at, kind, of in listed() if kind not in UNCAPPED]
    of_meetings = Counter(of for _, kind, of in capped if not kind.startswith("yearly"))
    of_weeks = Counter(f"{datetime.fromisoformat(at):%G-W%V}" for at, _, _ in capped)

    assert max(of_meetings.values()) <= 5
    assert max(of_weeks.values()) <= 3


UNCAPPED = {"digest", "moved", "cancelled"}
