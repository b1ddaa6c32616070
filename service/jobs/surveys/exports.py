"""
Files that people export from Forms and drop in the inbox, known by what is in them.

Every sheet that people bring is looked into before anybody files it: one with a form's
answers is no material for members. What is found is kept in the ledger, by version.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from functools import partial

from service.domain.actions import Action, Unread, item_id_of, origin_of
from service.domain.survey.responses import SourceKind
from service.errors import SourceEmptied, TenantError
from service.jobs.known import JUDGED, SHEETS, Judged, Known, is_waiting, items
from service.jobs.reading import MAILS, lies_in, read_drive
from service.jobs.sources.mail import ATTACHMENTS, Carried
from service.jobs.surveys.files import look_for, read_file
from service.jobs.surveys.sheets import judge
from service.jobs.surveys.taking import NOWHERE, Gathered, known_forms
from service.observe import Change, SeenItem, SeenMail
from service.ports import Content
from service.workplace import Workplace

KIND = SourceKind.EXPORT


@dataclass(frozen=True, kw_only=True)
class _Sheet:
    """A file that may be an export: its id at its source, and how its bytes are had."""

    id: str
    version: str
    name: str
    size: int
    content: Content


async def gather(at: Workplace, facts: Known) -> Gathered:
    drive = at.places.coordination
    if drive != at.places.survey_drive:
        try:
            await read_drive(at, drive)
        except NOWHERE:
            raise
        except (TenantError, SourceEmptied) as error:
            return Gathered(notes=(Unread(subject="inbox", error=error),))
    notes = [note async for note in _judge(at, facts)]
    judged = await at.ledger.seen(JUDGED, Judged)
    seen = await items(at, drive)
    forms = await known_forms(at)
    own = [form for form in forms.values() if form.kind is KIND and not form.ended]
    news = [
        item
        for item in seen.values()
        if item.id not in forms and is_waiting(item) and item.id in judged
        if judged[item.id].export or judged[item.id].closed
    ]
    for item in (*await look_for(own, seen, at), *news):
        unread = await read_file(item, KIND, at)
        notes += [unread] if unread else []
    return Gathered(notes=tuple(notes))


# ---------------------------------------------------------------- what a sheet holds


async def _judge(at: Workplace, facts: Known) -> AsyncIterator[Action]:
    """Look into every version of a sheet once; what cannot be read waits."""
    judged = await at.ledger.seen(JUDGED, Judged)
    filed = {
        (origin_of(key), item_id_of(key)): effect.baseline.get("version")
        for key, effect in facts.filed.items()
    }
    async for origin, sheet in _sheets(at):
        before = judged.get(sheet.id)
        if before is not None and before.version == sheet.version:
            continue
        if filed.get((origin, sheet.id)) == sheet.version:
            continue
        try:
            verdict = await judge(
                sheet.content, sheet.size, name=sheet.name, version=sheet.version, at=at
            )
        except NOWHERE:
            raise
        except TenantError as error:
            yield Unread(subject=sheet.name, error=error)
            continue
        await at.ledger.absorb(JUDGED, [Change(id=sheet.id, value=verdict)])


async def _sheets(at: Workplace) -> AsyncIterator[tuple[str, _Sheet]]:
    """Those of the inbox, of watched folders and of mails, as they were last seen."""
    places: list[tuple[str, str, Callable[[SeenItem], bool]]] = [
        ("inbox", at.places.coordination, is_waiting),
        *(("watched", w.drive_id, partial(lies_in, watched=w)) for w in at.places.watched),
    ]
    for origin, drive, is_there in places:
        for item in (await items(at, drive)).values():
            if is_there(item) and _is_sheet(item.name):
                content = at.drives.content(item.drive_id, item.id)
                yield (
                    origin,
                    _Sheet(
                        id=item.id,
                        version=item.ctag,
                        name=item.name,
                        size=item.size,
                        content=content,
                    ),
                )
    if at.mail is None:
        return
    mails = await at.ledger.seen(MAILS, SeenMail)
    for mail_id, carried in (await at.ledger.seen(ATTACHMENTS, Carried)).items():
        for one in carried.attachments if mail_id in mails else ():
            if one.is_file and _is_sheet(one.name):
                yield (
                    "mail",
                    _Sheet(
                        id=f"{mail_id}/{one.id}",
                        version=one.id,
                        name=one.name,
                        size=one.size,
                        content=at.mail.attachment(one),
                    ),
                )


def _is_sheet(name: str) -> bool:
    return name.lower().endswith(SHEETS)
