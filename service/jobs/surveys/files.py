"""Files with answers, workbooks and exports: found again by their id, read when they change."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from service.domain.actions import Unread
from service.domain.gaps import reason_of
from service.domain.gaps_in_words import why
from service.domain.survey.responses import SourceKind
from service.errors import TenantError, UnreadableFile
from service.jobs.known import KnownForm
from service.jobs.surveys.sheets import downloaded, sheet_of, unreadable
from service.jobs.surveys.taking import (
    NOWHERE,
    digest,
    keep,
    known_forms,
    renewed,
    take_in,
    told_of_held,
)
from service.observe import SeenItem
from service.workplace import Workplace


async def look_for(
    forms: Iterable[KnownForm], seen: Mapping[str, SeenItem], at: Workplace
) -> list[SeenItem]:
    """Their files, wherever in the network's libraries they lie by now; of what is gone: said."""
    found = []
    gone = at.texts.say("survey.gone")
    for form in forms:
        item = seen.get(form.item_id) or await _elsewhere(form, at)
        if item is not None:
            found.append(item)
        elif form.problem != gone:
            await keep(replace(form, problem=gone), at)
    return found


async def _elsewhere(form: KnownForm, at: Workplace) -> SeenItem | None:
    drives = (form.drive_id, at.places.coordination, at.places.documentation)
    for drive in dict.fromkeys(filter(None, drives)):
        item = await at.drives.item(drive, form.item_id)
        if item is not None:
            return item
    return None


async def read_file(item: SeenItem, kind: SourceKind, at: Workplace) -> Unread | None:
    """Read a file that is other than it was; where that fails, earlier answers stand."""
    before = (await known_forms(at)).get(item.id)
    form = _form(item, kind, before, at)
    if before is not None and before.ctag == item.ctag and not (before.held and at.anyway):
        if form != before:
            await keep(form, at)
        return None
    try:
        content = await downloaded(item, at)
        sheet = sheet_of(content, item.name, at)
    except NOWHERE:
        raise
    except UnreadableFile as error:
        await keep(replace(form, ctag=item.ctag, problem=unreadable(error, at)), at)
        return None
    except TenantError as error:
        problem = why(reason_of(type(error).__name__), at.texts)
        await keep(replace(form, problem=problem), at)
        return Unread(subject=item.name, error=error)
    now = at.clock.now()
    form = replace(form, ctag=item.ctag, sha256=digest(content), read=now, problem="")
    await take_in(form, sheet, at)
    return None


def _form(item: SeenItem, kind: SourceKind, before: KnownForm | None, at: Workplace) -> KnownForm:
    """What is known of it so far, and where the file lies now."""
    found = renewed(before, KnownForm(item_id=item.id, name=item.name, ctag="", kind=kind), at)
    was_gone = found.problem == at.texts.say("survey.gone")
    return replace(
        found,
        name=item.name,
        created=item.created,
        drive_id=item.drive_id,
        folder=item.path,
        parent_id=item.parent_id,
        url=item.web_url,
        problem=told_of_held(len(found.held), at) if was_gone else found.problem,
    )
