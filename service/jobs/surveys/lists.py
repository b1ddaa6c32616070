"""
A list of the site that a flow fills: read by delta, its columns by what people call them.

A flow that tries again adds a row twice, and one that was off makes up for nothing. Several
forms in one list are told apart by a column that names them.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from service.domain.actions import Unread
from service.domain.survey.responses import SourceKind
from service.errors import SourceEmptied, TenantError, UnreadableFile
from service.jobs.known import NEVER, Known, KnownForm
from service.jobs.reading import Readable, read
from service.jobs.surveys.sheets import sheet_of_rows, unreadable
from service.jobs.surveys.taking import (
    NOWHERE,
    Gathered,
    digest,
    keep,
    known_forms,
    renewed,
    take_in,
)
from service.observe import FieldValue, SeenRow
from service.parse.vocabulary import Meta
from service.parse.workbook import Sheet
from service.workplace import Workplace

_CHANGED = "Last modified time"


@dataclass(frozen=True)
class _Table:
    """The list as a sheet: what people call its columns, and its rows by the form they name."""

    titles: Mapping[str, str]
    rows: Mapping[str, list[SeenRow]]


async def gather(at: Workplace, facts: Known) -> Gathered:  # noqa: ARG001 - as every way
    answers = at.answers
    if answers is None:
        return Gathered()
    source = f"list/{answers.id}"
    this = Readable(
        source=source, kind=SeenRow, subject=f"list {answers.name}", changes=answers.rows.changes
    )
    try:
        await read(this, at)
        titles = await answers.rows.titles()
    except NOWHERE:
        raise
    except (TenantError, SourceEmptied) as error:
        return Gathered(notes=(Unread(subject=this.subject, error=error),))
    seen = await at.ledger.seen(source, SeenRow)
    table = _table(titles, sorted(seen.values(), key=_number), at)
    forms = await known_forms(at)
    before = [id_ for id_, f in forms.items() if id_.startswith(f"{source}/") and not f.ended]
    ids = dict.fromkeys((*before, *(f"{source}/{name}" for name in table.rows)))
    for id_ in ids:
        await _read(id_, forms.get(id_), table, at)
    return Gathered()


def _table(titles: Mapping[str, str], rows: Sequence[SeenRow], at: Workplace) -> _Table:
    own = _first(titles, Meta.FORM, at) or ("Title" if _tells_forms(rows) else None)
    by_form: dict[str, list[SeenRow]] = defaultdict(list)
    for row in rows:
        by_form[_text(row.fields.get(own)) if own else ""].append(row)
    shown = {column: title for column, title in titles.items() if column not in (own, "Title")}
    return _Table(shown, by_form)


def _tells_forms(rows: Sequence[SeenRow]) -> bool:
    """A list's own title, which must be filled, may hold the form's name, or the response's id."""
    titles = [_text(row.fields.get("Title")) for row in rows]
    return any(titles) and not any(title.isdecimal() for title in titles)


# ---------------------------------------------------------------- one form of the list


async def _read(id_: str, before: KnownForm | None, table: _Table, at: Workplace) -> None:
    answers = at.answers
    assert answers is not None
    name = id_.removeprefix(f"list/{answers.id}/")
    rows = table.rows.get(name, [])
    name = name or answers.name
    header, lines = _lines(table, rows, at)
    told = repr((header, [(row.id, line) for row, line in zip(rows, lines, strict=True)]))
    sha256 = digest(told.encode())
    first = KnownForm(item_id=id_, name=name, ctag="", kind=SourceKind.LIST)
    form = renewed(before, first, at)
    if form.ctag == sha256 and not (form.held and at.anyway):
        return
    now = at.clock.now()
    created = min((_moment(row) for row in rows), default=form.since)
    form = replace(
        form,
        ctag=sha256,
        sha256=sha256,
        url=answers.url,
        read=now,
        created=form.created if before else created,
        problem="",
    )
    try:
        sheet = sheet_of_rows(header, lines, name, at)
    except UnreadableFile as error:
        await keep(replace(form, problem=unreadable(error, at)), at)
        return
    await take_in(form, _by_row_ids(sheet, rows), at)


def _lines(
    table: _Table, rows: Sequence[SeenRow], at: Workplace
) -> tuple[list[str], list[list[str]]]:
    """Another row of a response's id was added by an edit, or by a retry if it is as the last."""
    own = _first(table.titles, Meta.ID, at) or _first(table.titles, Meta.NUMBER, at)
    tells = _first(table.titles, Meta.MODIFIED, at) is not None
    header = [*table.titles.values(), *([] if tells else [_CHANGED])]
    last: dict[str, list[str]] = {}
    lines = []
    for row in rows:
        line = [_text(row.fields.get(column)) for column in table.titles]
        id_ = _text(row.fields.get(own)) if own else ""
        is_edit = bool(id_) and last.get(id_, line) != line
        last[id_] = line
        if not tells:
            line = [*line, _moment(row).isoformat() if is_edit else ""]
        lines.append(line)
    return header, lines


def _first(titles: Mapping[str, str], kind: Meta, at: Workplace) -> str | None:
    return next((c for c, title in titles.items() if at.vocabulary.meta(title) is kind), None)


def _by_row_ids(sheet: Sheet, rows: Sequence[SeenRow]) -> Sheet:
    """Rows by the numbers that the list itself gives them; the sheet counts from its heading."""
    responses = (
        replace(one, row=_number(rows[one.row - 2])[0]) if one.row else one
        for one in sheet.responses
    )
    return replace(sheet, responses=tuple(responses))


def _number(row: SeenRow) -> tuple[int, str]:
    return (int(row.id) if row.id.isdecimal() else 0), row.id


def _moment(row: SeenRow) -> datetime:
    """When the flow added it."""
    created = row.fields.get("Created")
    return datetime.fromisoformat(created) if isinstance(created, str) else NEVER


def _text(value: FieldValue) -> str:
    """A list's numbers are floats: 5.0 is the fifth response, or five points."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).strip()
