"""
Workbooks that Forms keeps: fetched only when their cTag has changed, followed by their id.

One that was renamed, or moved within the site, is the same; one that is gone leaves its
answers.
"""

from service.domain.actions import Unread
from service.domain.survey.responses import SourceKind
from service.errors import SourceEmptied, TenantError
from service.jobs.known import SHEETS, Known, items
from service.jobs.reading import read_drive
from service.jobs.surveys.files import look_for, read_file
from service.jobs.surveys.taking import NOWHERE, Gathered, known_forms
from service.observe import SeenItem
from service.workplace import Workplace

KIND = SourceKind.WORKBOOK


async def gather(at: Workplace, facts: Known) -> Gathered:  # noqa: ARG001 - as every way
    drive = at.places.survey_drive
    if drive is None:
        return Gathered()
    try:
        await read_drive(at, drive)
    except NOWHERE:
        raise
    except (TenantError, SourceEmptied) as error:
        return Gathered(notes=(Unread(subject=at.places.survey_folder, error=error),))
    forms = await known_forms(at)
    seen = await items(at, drive)
    followed = await look_for(
        [form for form in forms.values() if form.kind is KIND and not form.ended], seen, at
    )
    news = [item for item in seen.values() if item.id not in forms and _is_form(item, at)]
    notes = [await read_file(item, KIND, at) for item in (*followed, *news)]
    return Gathered(notes=tuple(note for note in notes if note))


def _is_form(item: SeenItem, at: Workplace) -> bool:
    """A sheet in the folder, and none that we have made ourselves."""
    folder = at.places.survey_folder
    within = not folder or item.path == folder or item.path.startswith(f"{folder}/")
    ours = item.modified_by_app == at.places.client_id
    return not item.folder and within and not ours and item.name.lower().endswith(SHEETS)
