"""`natverket posts`: what was said, how that is known, and what coordinators decide of it."""

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Annotated, Any

import typer

from service.cli.app import app, chosen, until_done
from service.cli.words import DONE, WRONG_USE
from service.domain.dates import dates_in
from service.domain.period import local_day
from service.domain.routes import KINDS
from service.effects import approving
from service.effects.perform import perform
from service.effects.posting import ENOUGH_TODAY, NEVER_SEEN, NO_SUCH_WAY, NO_USE, Pending
from service.errors import NatverketError, NotFound
from service.jobs.known import known
from service.jobs.lookup import meeting_named
from service.jobs.said import How, Said, can_be_withdrawn, named, said, taking_back
from service.ports import Delivery, Status
from service.rebuilding.posts import held_posts
from service.settings import Settings
from service.wiring import Office, open_office
from service.workplace import Workplace

EVERY = "all"
SHOWN = timedelta(days=90)
REASONS = {
    NO_USE: "no_use",
    NEVER_SEEN: "never_seen",
    ENOUGH_TODAY: "enough_today",
    NO_SUCH_WAY: "no_such_way",
}
"""Reasons of our own, told in the network's language."""


@app.command()
def posts(  # noqa: PLR0913  what can be decided of posts
    context: typer.Context,
    *,
    approve: Annotated[
        str,
        typer.Option(
            "--approve",
            help="Let out a post that waits, by its key or a part of its title; `all`: every one.",
        ),
    ] = "",
    withdraw: Annotated[
        str,
        typer.Option(
            "--withdraw",
            help="Take a post back, or where that cannot be done, post that it does not hold.",
        ),
    ] = "",
    hold: Annotated[
        str,
        typer.Option(
            "--hold",
            help="Post nothing of a meeting (2023-03-08), of a kind (digest) or of a series.",
        ),
    ] = "",
    release: Annotated[
        str,
        typer.Option(
            "--release",
            help="Undo --hold; or let out what `rebuild` held, by key, title or `all`.",
        ),
    ] = "",
    everything: Annotated[bool, typer.Option("--all", help="Not only the last 90 days.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """Show what was posted and how that is known; let out, hold or take back."""
    settings = chosen(context).settings()
    if sum(map(bool, (approve, withdraw, hold, release))) > 1:
        print("natverket: one of --approve, --withdraw, --hold and --release at a time")
        raise typer.Exit(WRONG_USE)
    if approve:
        until_done(_approve(settings, approve))
    elif withdraw:
        until_done(_withdraw(settings, withdraw))
    elif hold:
        until_done(_hold(settings, hold, held=True))
    elif release:
        until_done(_release(settings, release))
    else:
        until_done(_list(settings, everything=everything, as_json=as_json))


# ---------------------------------------------------------------- decisions


async def _approve(settings: Settings, text: str) -> int:
    async with open_office(settings) as office:
        approved = 0
        for at in office.workplaces:
            waiting = [one for one in await said(at) if one.how is How.AWAITS_APPROVAL]
            chosen_ones = waiting if text == EVERY else _matching(text, waiting)
            for one in chosen_ones:
                await approving.approve(one.effect, at)
                print(at.texts.say("posted.is_approved", title=one.title))
            approved += len(chosen_ones)
        if not approved:
            print(office.workplaces[0].texts.say("posted.nothing_waits"))
    return DONE if approved else WRONG_USE


def _matching(text: str, waiting: Sequence[Said]) -> Sequence[Said]:
    return [named(text, waiting)] if waiting else ()


async def _withdraw(settings: Settings, text: str) -> int:
    async with open_office(settings) as office:
        at, one = await _found(office, text)
        receipt = await approving.withdraw(one.effect, at)
        if receipt is None:
            await _correct(one, at)
            print(at.texts.say("posted.is_corrected", title=one.title))
            return DONE
        if receipt.delivery is not Delivery.PROVED:
            raise NatverketError(
                one.key, f"It could not be taken back: {receipt.reason}.", remedy="Try again."
            )
        print(at.texts.say("posted.is_taken_back", title=one.title))
    return DONE


async def _correct(one: Said, at: Workplace) -> None:
    """Post that another post does not hold, once. Raises NatverketError where it is refused."""
    action = taking_back(one, at)
    await approving.let_out(action.key, at)
    with suppress(Pending):  # It was sent a moment ago, and its proof is waited for.
        await perform(action, at)
    correction = (await at.ledger.effects(action.key))[action.key]
    if correction.status in (Status.PARKED, Status.DROPPED):
        raise NatverketError(
            one.key,
            f"It cannot be taken back, and no correction could be posted: {correction.reason}.",
            remedy="Tell the channel yourself.",
        )
    await approving.note_correction(one.effect, at)


async def _found(office: Office, text: str) -> tuple[Workplace, Said]:
    """The post, in the one network that has it."""
    problem: NatverketError | None = None
    for at in office.workplaces:
        try:
            return at, named(text, [one for one in await said(at) if can_be_withdrawn(one)])
        except NatverketError as error:
            problem = error
    assert problem is not None
    raise problem


async def _hold(settings: Settings, text: str, *, held: bool) -> int:
    async with open_office(settings) as office:
        meant = await _meant(office, text)
        known_to = [one for one in meant if held or one[1] in await approving.held(one[0])]
        for at, what, shown in known_to:
            if held:
                await approving.hold(what, shown, at)
            else:
                await approving.release(what, at)
            print(at.texts.say("posted.is_held" if held else "posted.is_released", what=shown))
        if not known_to:
            at, _, shown = meant[0]
            print(at.texts.say("posted.is_not_held", what=shown))
            return WRONG_USE
    return DONE


async def _release(settings: Settings, text: str) -> int:
    """What a rebuild held, if it is called so; else what was held by --hold."""
    async with open_office(settings) as office:
        let_go = 0
        for at in office.workplaces:
            rebuilt = {one.key for one in held_posts((await at.ledger.effects()).values())}
            waiting = [one for one in await said(at) if one.key in rebuilt]
            for one in _called(text, waiting):
                await approving.approve(one.effect, at)
                print(at.texts.say("posted.is_approved", title=one.title))
                let_go += 1
        if not let_go and text == EVERY:
            print(office.workplaces[0].texts.say("posted.nothing_waits"))
            return WRONG_USE
    return DONE if let_go else await _hold(settings, text, held=False)


def _called(text: str, waiting: Sequence[Said]) -> list[Said]:
    wanted = text.casefold()
    return [
        one for one in waiting if text == EVERY or one.key == text or wanted in one.title.casefold()
    ]


async def _meant(office: Office, text: str) -> list[tuple[Workplace, str, str]]:
    """A kind or a series in every network, or a day's meeting in the one that has it."""
    if text in KINDS:
        return [(at, text, text) for at in office.workplaces]
    series = [(at, one) for at in office.workplaces for one in at.series if one.id == text]
    if series:
        return [(at, one.id, one.name) for at, one in series]
    if not dates_in(text, default_year=None):
        raise NotFound(
            text,
            "It is neither a meeting's day, such as 2023-03-08, nor a kind of posts or a series.",
            remedy=f"Kinds: {', '.join(KINDS)}.",
        )
    problem: NatverketError | None = None
    for at in office.workplaces:
        try:
            meeting = meeting_named(text, (await known(at)).meetings)
        except NatverketError as error:
            problem = error
        else:
            return [(at, meeting.id, meeting.title)]
    assert problem is not None
    raise problem


# ---------------------------------------------------------------- the list


async def _list(settings: Settings, *, everything: bool, as_json: bool) -> int:
    async with open_office(settings) as office:
        since = None if everything else office.clock.now() - SHOWN
        found = [(at, await said(at, since=since)) for at in office.workplaces]
        stopped = [(at, await approving.held(at)) for at in office.workplaces]
    if as_json:
        print(
            json.dumps(
                [_as_json(one) for _, posts in found for one in posts], ensure_ascii=False, indent=1
            )
        )
        return DONE
    for at, listed in found:
        for one in listed:
            print(*_told(one, at), sep="\n")
        if not listed:
            print(at.texts.say("posted.nothing"))
    for at, held in stopped:
        for what in held.values():
            print(at.texts.say("posted.is_held", what=what))
    return DONE


def _told(one: Said, at: Workplace) -> Iterator[str]:
    """A post in three lines; the key is whole, to be copied."""
    zone = at.network.time_zone
    when = f"{local_day(one.at, zone)} {at.texts.time(one.at)}"
    where = ", ".join(dict.fromkeys(filter(None, (one.role, one.via))))
    what = f"{one.title} ({one.kind})" if one.title else one.kind
    yield f"{when:>16}  {what} · {where}"
    yield f"{'':16}  {_how(one, at)}"
    yield f"{'':16}  {one.key}"


def _how(one: Said, at: Workplace) -> str:
    if one.how is How.WAITS and one.reason == approving.IS_APPROVED:
        return at.texts.say("posted.let_out")
    known, until = at.texts.say(f"posted.{one.how}"), one.not_before
    if one.how is How.WAITS and until is not None:
        day = at.texts.short_day(local_day(until, at.network.time_zone))
        known = f"{known} {day} {at.texts.time(until)}"
    elif one.how not in (How.REFUSED, How.DROPPED) or not one.reason:
        return known
    # What a service has answered stays as it said it.
    own = REASONS.get(one.reason)
    return f"{known}: {at.texts.say(f'posted.{own}') if own else one.reason}"


def _as_json(one: Said) -> dict[str, Any]:
    return {
        "key": one.key,
        "title": one.title,
        "kind": one.kind,
        "channel": one.role,
        "via": one.via,
        "how_known": one.how.value,
        "reason": one.reason,
        "message_id": one.effect.remote_id,
        "updated": one.at.isoformat(),
        "not_before": one.not_before.isoformat() if one.not_before else None,
    }
