"""Exports a meeting or a year: gathers, lays out, and writes the index."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

from service.domain.actions import begun_for
from service.domain.dates import dates_in
from service.domain.holding import MOST_OF_A_FOLDER, About, Absent
from service.domain.meeting import Meeting
from service.domain.names import safe_name
from service.domain.period import local_day
from service.domain.retention import survey_of_meeting, survey_of_year
from service.domain.survey.figures import Figures, rounded
from service.errors import Ambiguous, FolderInUse, NotFound
from service.jobs.evaluations import evaluations
from service.jobs.frozen import frozen
from service.jobs.holding_words import words
from service.jobs.holdings import facts, parts
from service.jobs.holdings.facts import ANSWERS, Writer
from service.jobs.holdings.laying import Laid, files_in, lay, read, written
from service.jobs.holdings.parts import Part, Stock
from service.jobs.known import known
from service.jobs.lookup import meeting_named
from service.jobs.retention import disposals
from service.render.holdings.index import (
    HTML,
    JSON,
    OWN,
    README,
    SUMS,
    Index,
    index_html,
    index_json,
    readme,
    sums,
)
from service.workplace import Workplace


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What is to be exported: a meeting, or a year."""

    name: str
    """Of the folder."""
    meeting: Meeting | None = None
    year: int | None = None


@dataclass(frozen=True, kw_only=True)
class Exported:
    laid: Laid
    index: Index

    @property
    def unread(self) -> tuple[Absent, ...]:
        """Files that are there and could not be read."""
        return tuple(one for one in self.laid.absent if not one.gone)


async def named(text: str, at: Workplace) -> Subject:
    """A year, a day, or words of a title. Raises NotFound, Ambiguous."""
    if text.isdigit() and len(text) == 4:
        return Subject(name=text, year=int(text))
    meetings = (await known(at)).meetings
    if dates_in(text, default_year=None):
        meeting = meeting_named(text, meetings)
    else:
        meeting = _by_words(text, meetings)
    return Subject(name=safe_name(f"{meeting.first_day} {meeting.title}", 80), meeting=meeting)


def _by_words(text: str, meetings: Sequence[Meeting]) -> Meeting:
    wanted = text.casefold().split()
    found = [one for one in meetings if all(word in one.title.casefold() for word in wanted)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise NotFound(
            f"meeting {text}",
            "There is none with these words in its title.",
            remedy="`natverket meetings` lists them; a day such as 2023-03-08 names one, too.",
        )
    told = "; ".join(f"{one.first_day} {one.title}" for one in found[:8])
    raise Ambiguous(f"meeting {text}", f"{len(found)} are called so ({told}).")


async def export(subject: Subject, folder: Path, at: Workplace) -> Exported:
    """
    Write everything that is held on it below the folder; what is there already stays.

    Raises FolderInUse, CannotWrite, and TenantError where nothing more can be read.
    """
    _claim(subject, folder, at)
    of = await parts.stock(at)
    meetings = _meetings(subject, of)
    wanted, gone = await _gathered(subject, meetings, of, at)
    laid = await lay(wanted, folder, at)
    laid = replace(laid, absent=(*laid.absent, *gone))
    index = await _index(subject, meetings, laid, folder, at)
    _write_index(index, folder, at)
    return Exported(laid=laid, index=index)


def _claim(subject: Subject, folder: Path, at: Workplace) -> None:
    """Mark the folder as an export's before anything lies in it: an interrupted one goes on."""
    if folder.is_dir() and any(folder.iterdir()) and not (folder / JSON).is_file():
        remedy = "Name an empty or a new folder with --out, or an earlier export's."
        raise FolderInUse(str(folder), "It holds something that is no export.", remedy=remedy)
    begun = _plain_index(subject, Laid(entries=(), absent=(), fetched=0), at)
    if not (folder / JSON).is_file():
        written(index_json(replace(begun, complete=False)), folder / JSON)


def _meetings(subject: Subject, of: Stock) -> tuple[Meeting, ...]:
    if subject.meeting is not None:
        # As it is known now that the register was read.
        return tuple(one for one in of.known.meetings if one.id == subject.meeting.id)
    found = (one for one in of.known.meetings if one.first_day.year == subject.year)
    return tuple(found)


async def _gathered(
    subject: Subject, meetings: Iterable[Meeting], of: Stock, at: Workplace
) -> tuple[list[Part], list[Absent]]:
    said, state = words(at), await facts.state(at, of.known)
    labels = {**said.table("folders"), "removed": said.say("index.removed")}
    wanted: list[Part] = []
    gone: list[Absent] = []
    for meeting in meetings:
        own = safe_name(f"{meeting.first_day} {meeting.title}", MOST_OF_A_FOLDER)
        under = own if subject.year else ""
        wanted += parts.of_meeting(meeting, of, under, labels)
        wanted += await facts.of_meeting(meeting, state, Writer(words=said, under=under), at)
        gone += parts.absent_from(meeting, of, under, labels)
    gone += await _disposed(meetings, subject, at)
    if subject.year is not None:
        taken = frozenset(part.item.id for part in wanted if part.item)
        taken |= _of_others(subject.year, of)
        wanted += parts.of_year(subject.year, of, taken, labels)
        wanted += await facts.of_year(subject.year, state, Writer(words=said), at)
    return wanted, gone


async def _disposed(meetings: Iterable[Meeting], subject: Subject, at: Workplace) -> list[Absent]:
    """Answers that were deleted, by which decision, and where the receipt of it is."""
    said, done = words(at), await disposals(at)
    surveys = {survey_of_meeting(meeting.id) for meeting in meetings}
    if subject.year is not None:
        surveys.add(survey_of_year(subject.year))
    return [
        Absent(
            about=About(title=f"{said.say('facts.responses')}: {one.title}", section=ANSWERS),
            why=said.say(
                "index.disposed",
                day=local_day(disposal.begun, at.network.time_zone).isoformat(),
                decision=disposal.rule.decision,
                receipt=disposal.receipt,
            ),
            gone=True,
        )
        for one in (await frozen(at)).values()
        if one.survey in surveys and (disposal := done.get(one.disposal)) is not None
    ]


def _of_others(year: int, of: Stock) -> frozenset[str]:
    """Files of meetings in other years, though they lie in a folder with this one's number."""
    years = {meeting.id: meeting.first_day.year for meeting in of.known.meetings}
    return frozenset(
        item_id
        for item_id, effect in of.owners.items()
        if years.get(str(effect.baseline.get("meeting") or begun_for(effect.key)), year) != year
    )


# ---------------------------------------------------------------- the index


async def _index(
    subject: Subject, meetings: Sequence[Meeting], laid: Laid, folder: Path, at: Workplace
) -> Index:
    plain = _plain_index(subject, laid, at)
    mine = {*OWN, *(entry.path for entry in laid.entries)}
    return replace(
        plain,
        details=await _details(subject, meetings, at),
        leftovers=tuple(path for path in files_in(folder) if path not in mine),
    )


def _plain_index(subject: Subject, laid: Laid, at: Workplace) -> Index:
    meeting = subject.meeting
    ids = (("meeting", meeting.id), ("date", meeting.first_day.isoformat())) if meeting else ()
    return Index(
        subject=f"{meeting.title}, {meeting.first_day}" if meeting else subject.name,
        details=(),
        ids=ids or (("year", subject.name),),
        network=at.network.name,
        network_id=at.network.id,
        site=at.places.site_url,
        made=at.clock.now(),
        time_zone=at.network.time_zone,
        program=f"natverket {version('natverket')}",
        entries=laid.entries,
        absent=laid.absent,
    )


async def _details(
    subject: Subject, meetings: Sequence[Meeting], at: Workplace
) -> tuple[tuple[str, str], ...]:
    said = words(at).table("index")
    if subject.year is not None:
        return ((said["meetings"], str(len(meetings))),)
    [meeting] = meetings
    evaluation = (await evaluations(at)).get(meeting.id)
    row = (await known(at)).rows.get(meeting.id)
    groups = ", ".join(at.network.group(group).name for group in meeting.groups)
    return (
        (said["day"], at.texts.span(meeting.start, meeting.end)),
        (said["place"], meeting.place),
        (said["groups"], groups),
        (said["participants"], _number(meeting.participants)),
        (said["answers_n"], _number(evaluation.n if evaluation else None)),
        (said["satisfaction"], _mean(evaluation.satisfaction if evaluation else None, at)),
        (said["usefulness"], _mean(evaluation.usefulness if evaluation else None, at)),
        (said["registry_no"], str((row.fields if row else {}).get("NvRegistryNo") or "")),
    )


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _mean(counted: Figures | None, at: Workplace) -> str:
    if counted is None or counted.mean is None:
        return ""
    mark = "." if at.network.language == "en" else ","
    return rounded(counted.mean, at.network.survey.decimals, mark)


def _write_index(index: Index, folder: Path, at: Workplace) -> None:
    """The sums last: where they are there, everything that they name is."""
    (folder / SUMS).unlink(missing_ok=True)
    written(index_json(index), folder / JSON)
    written(index_html(index, words(at)), folder / HTML)
    written(readme(index, words(at)), folder / README)
    own = [(name, found.sha256) for name in OWN - {SUMS} if (found := read(folder / name))]
    listed = [(entry.path, entry.sha256) for entry in index.entries]
    written(sums([*listed, *own]), folder / SUMS)
