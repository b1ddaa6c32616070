"""Rows of the register: written where they differ, and what was written kept as the base."""

from dataclasses import replace

from service.domain.actions import WriteRow
from service.errors import Conflict, NotFound
from service.observe import Change, SeenRow
from service.ports import Status
from service.workplace import Workplace

SOURCE = "register"


async def write_row(action: WriteRow, at: Workplace) -> bool:
    """
    Add or patch a row; Changed is raised where a person was quicker, and decided anew.

    The row's new sight is kept at once, so that the next plan does not decide on an old one.
    """
    effect, _ = await at.ledger.claim(action.key, job="register", now=at.clock.now())
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
