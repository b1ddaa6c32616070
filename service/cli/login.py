"""Signing an account in, where posts are to be its own."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Annotated

import typer

from service.cli.app import app, chosen, until_done
from service.cli.browser import open_page
from service.cli.words import DONE
from service.graph.clock import SandboxClock
from service.graph.login import CHANGE, READ_TAGS, SEND, LoginSettings
from service.graph.login_file import LoginFile
from service.graph.login_ways import SignedIn, signing_in
from service.ports import Clock
from service.settings import Settings, posting_rules
from service.signing import login_of
from service.wiring import clock_of

MAY = {
    SEND: "write in the channels of its teams",
    CHANGE: "read them, and change or take back what it wrote",
    READ_TAGS: "read the tags of its teams, to mention them",
}


@app.command()
def login(
    context: typer.Context,
    *,
    device: Annotated[
        bool, typer.Option("--device", help="By a code that is typed in a browser elsewhere.")
    ] = False,
    out: Annotated[bool, typer.Option("--out", help="Forget the sign-in that is kept.")] = False,
) -> None:
    """Sign in the account that posts, where NATVERKET_NETWORK_POST_VIA is `graph`."""
    settings = chosen(context).settings()
    until_done(_forget(settings) if out else _login(settings, device=device))


async def _login(settings: Settings, *, device: bool) -> int:
    kept_as = login_of(settings)
    async with _clock(settings) as clock, signing_in(kept_as, clock, settings.ca_file) as way:
        signed = None if device else await way.by_browser(_show)
        days = posting_rules(settings.networks[0]).notices.sign_in_days
        for line in _told(signed or await way.by_device(_ask), kept_as, days):
            print(line)
    return DONE


async def _forget(settings: Settings) -> int:
    kept_as = login_of(settings)
    file = LoginFile(kept_as.file, kept_as.key)
    with file.locked():
        kept = file.read()
        file.remove()
    print(f"{kept.login.account} is signed out here" if kept else "nobody was signed in")
    return DONE


@asynccontextmanager
async def _clock(settings: Settings) -> AsyncIterator[Clock]:
    clock = clock_of(settings)
    if not isinstance(clock, SandboxClock):
        yield clock
        return
    try:
        await clock.refresh()
        yield clock
    finally:
        await clock.close()


def _show(address: str) -> bool:
    if not open_page(address):
        return False
    print("Sign the account in, in the browser that has opened. If none has, press Ctrl-C and run")
    print("natverket login --device", flush=True)
    return True


def _ask(address: str, code: str) -> None:
    print(f"In any browser, open {address}")
    print(f"and type the code {code}", flush=True)


def _told(signed: SignedIn, kept_as: LoginSettings, days: int) -> Iterator[str]:
    login = signed.login
    yield f"{login.name} <{login.account}> is signed in. It may:"
    yield from (f"  · {MAY[name]} ({name})" for name in login.permissions)
    lacking = [name for name in kept_as.permissions if name not in login.permissions]
    if lacking:
        yield f"It may not, and should: {', '.join(lacking)}. Let an administrator consent."
    protected = "encrypted" if kept_as.key else "not encrypted: NATVERKET_LOGIN_KEY is not set"
    yield f"Kept in {kept_as.file.resolve()}, {protected}."
    yield (
        f"Each use renews it; unused it lapses on {login.lapses_at:%Y-%m-%d}, and coordinators "
        f"are told {days} days before."
    )
    if signed.before is not None:
        yield (
            f"Until now it was {signed.before.account}: what that account posted can be changed "
            "by nobody else."
        )
