"""Rows of the register: written where they differ, and what was written kept as the base."""

from collections.abc import Mapping
from dataclasses import replace

from service.domain.actions import WriteRow
from service.domain.register import same
from service.errors import Conflict, NotFound
from service.observe import Change, Fields, SeenRow
from service.ports import Effect, Status
from service.workplace import Workplace

SOURCE = "register"
WRITING = "writing"
"""In the baseline: the columns of a write that has begun and is not known to have happened."""


async def write_row(action: WriteRow, at: Workplace) -> bool:
    """
    Add or patch a row; Changed is raised where a person was quicker, and decided anew.

    The row's new sight is kept at once, so that the next plan does not decide on an old one.
    """
    effect, _ = await at.ledger.claim(action.key, job="register", now=at.clock.now())
    if action.fields:
        # Kept first: a row that shows them after a crash was written by us, and by no person.
        writing = {**effect.baseline, WRITING: dict(action.fields)}
        await at.ledger.keep(replace(effect, baseline=writing, updated=at.clock.now()))
    if action.row is None:
        row = await _add(action, at)
    elif action.fields:
        row = await at.register.update(action.row.id, action.fields, etag=action.row.etag)
    else:
        row = action.row
    await at.ledger.absorb(SOURCE, [Change(id=row.id, value=row)])
    await at.ledger.keep(
        replace(
            effect,
            status=Status.DONE,
            remote_id=row.id,
            etag=row.etag,
            baseline=dict(action.base),
            updated=at.clock.now(),
        )
    )
    return action.row is None or bool(action.fields)


def base_of(effect: Effect, row: SeenRow | None) -> Fields:
    """What we wrote last, as far as the row bears it out where a write was interrupted."""
    shown = row.fields if row else {}
    begun = effect.baseline.get(WRITING)
    arrived = {
        name: value
        for name, value in (begun.items() if isinstance(begun, Mapping) else ())
        if name in shown and same(value, shown[name])
    }
    return {
        name: value
        for name, value in {**effect.baseline, **arrived}.items()
        if value is None or isinstance(value, str | int | float | bool)
    }


async def _add(action: WriteRow, at: Workplace) -> SeenRow:
    try:
        return await at.register.add(action.fields)
    except Conflict:
        # The meeting's id is unique in the list: this is the row that we added and then
        # crashed before we could say so.
        row = await at.register.find("NvMeetingId", str(action.fields["NvMeetingId"]))
        if row is None:
            raise NotFound("register", f"no row {action.fields['NvMeetingId']}") from None
        return row
