"""
Puts a state together from the tenant, in a state of its own: nothing in the tenant is changed.

The columns of filed files, the register with its hashes, our posts where they may be read and
the receipts of disposals tell what was done. What nothing tells of and would be done now is held.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from service.domain.actions import Folder
from service.domain.marks import form_key, mark
from service.domain.meeting import Invitation, Meeting, groups_of
from service.domain.register import meeting_of
from service.domain.survey.closing import closes
from service.errors import NatverketError
from service.jobs import JOBS, collect_surveys, sync_calendar
from service.jobs.known import CALENDAR, NOTICED, Noticed, items, known, meeting_folder, noticed
from service.jobs.plans import keep, plans_of
from service.jobs.reading import read_drive
from service.jobs.surveys.placed import Said, say
from service.jobs.surveys.taking import known_forms
from service.observe import Change, SeenEvent, SeenItem, SeenRow
from service.parse.invitation import read_invitation
from service.ports import DONE, Effect, Run, Status
from service.rebuilding import filed
from service.rebuilding.found import Findings, Rebuilt, What, marks_of
from service.rebuilding.history import read_history
from service.rebuilding.posts import read_posts, settle_reminders
from service.rebuilding.receipts import read_receipts
from service.rebuilding.rest import adopt_folder, earliest, settle_rest
from service.workplace import Workplace

NOTE = "rebuilt"
"""Of the runs that stand for those that were: what they were for is not caught up with."""
LOST = (
    "kinds and series of posts that were held: say `natverket posts --hold` again",
    "imported figures of earlier years: `natverket import history FILE` again",
)


async def rebuilt(at: Workplace) -> Rebuilt:
    """
    Make the state of one network, which is to be empty; return what is known and what is held.

    Raises NatverketError where calendar, register or libraries cannot be read.
    """
    at = replace(at, rehearsal=True)
    found = Findings(at)
    for drive in (at.places.documentation, at.places.coordination):
        await read_drive(at, drive)
    rows = await read_history(found)
    await sync_calendar.observe(at)
    await _keep_rows(rows, found)
    await _keep_files(rows, found)
    await read_receipts(found)
    await _place_forms(rows, found)
    meetings = (await known(at)).meetings
    await read_posts(found, meetings)
    await _remember(meetings, at)
    await _keep_plans(at)
    await settle_reminders(found)
    await settle_rest(found)
    await _begin(at)
    for note in LOST:
        found.note(note)
    return found.outcome()


# ---------------------------------------------------------------- rows, files, folders


async def _keep_rows(rows: Mapping[str, SeenRow], found: Findings) -> None:
    at = found.at
    for event in (await at.ledger.seen(CALENDAR, SeenEvent)).values():
        row, meeting = rows.get(event.ical_uid), _invited(event, at)
        if row is not None and meeting is not None:
            effect = filed.row(meeting, row, at.columns, at.network, at.clock.now())
            await found.keep(What.ROW, effect)


def _invited(event: SeenEvent, at: Workplace) -> Meeting | None:
    """The meeting as its invitation alone has it."""
    groups = groups_of(event, at.network)
    if not groups:
        return None
    invitation = (
        read_invitation(
            event.body_html, default_year=event.start.year, language=at.network.language
        )
        if event.body_html
        else Invitation()
    )
    return meeting_of(
        event=event,
        invitation=invitation,
        row=None,
        groups=groups,
        time_zone=at.network.time_zone,
        now=at.clock.now(),
        network=at.network,
    )


async def _keep_files(rows: Mapping[str, SeenRow], found: Findings) -> None:
    at = found.at
    there = await items(at, at.places.documentation)
    columns = await at.drives.all_columns(at.places.documentation)
    facts = await known(at)
    ids = [meeting.id for meeting in facts.meetings]
    effects = tuple(filed.files(filed.with_columns(there.values(), columns), found, ids))
    for effect in effects:
        await found.keep(What.FILE, effect)
    by_path = {f"{item.path}/{item.name}".strip("/"): item for item in there.values()}
    for meeting in facts.meetings:
        wanted = meeting_folder(meeting, at)
        home = by_path.get(filed.home(meeting.id, effects, there) or "")
        row = rows.get(meeting.id)
        url = str(row.fields.get("NvFolder") or "") if row else ""
        if home is not None and home.folder:
            await found.keep(What.FOLDER, filed.folder(wanted, home, url))
        elif url:
            await _by_url(wanted, url, there, found)


async def _by_url(wanted: Folder, url: str, there: Mapping[str, SeenItem], found: Findings) -> None:
    item = next((one for one in there.values() if one.folder and one.web_url == url), None)
    if item is not None:
        await found.keep(What.FOLDER, filed.folder(wanted, item, url))
    else:
        await adopt_folder(wanted, found, url=url)


# ---------------------------------------------------------------- what people said


async def _place_forms(rows: Mapping[str, SeenRow], found: Findings) -> None:
    """Whose each form is: by the register, where nothing else in the tenant tells it."""
    at = found.at
    try:
        await collect_surveys.observe(at)
    except NatverketError as error:
        found.note(f"answers could not be read: {error} {error.remedy}")
        return
    of = {each: meeting_id for meeting_id, row in rows.items() for each in marks_of(row.fields)}
    for form in (await known_forms(at)).values():
        owner = of.get(mark(form_key(form.item_id)))
        if owner is not None and form.meeting_id != owner:
            await say(form.item_id, Said(said=at.clock.now(), meeting_id=owner), at)
        elif form.is_asked and owner is None:
            found.note(f"answers in {form.name}: nobody knows whose they are; natverket survey")


async def _remember(meetings: tuple[Meeting, ...], at: Workplace) -> None:
    """What is so now has been so for some time: it is no news today."""
    before, now = await noticed(at), at.clock.now()
    long_ago = now - at.rules.oldest_post
    changes = []
    for meeting in meetings:
        old = before.get(meeting.id)
        if old is None:
            continue
        released = min(closes(meeting, at.network), long_ago) if meeting.publish_result else None
        new: Noticed = replace(
            old,
            registration_seen=old.registration_seen and long_ago,
            result_released=released,
        )
        changes.append(Change(id=meeting.id, value=new))
    await at.ledger.absorb(NOTICED, changes)


async def _keep_plans(at: Workplace) -> None:
    """A plan that lies there was published when it came, and not today."""
    plans = await plans_of(at)
    await keep(plans, at)


# ---------------------------------------------------------------- from now on


async def _begin(at: Workplace) -> None:
    """The service was at work before, was here a moment ago, and has run what was due."""
    now = at.clock.now()
    since = earliest(await at.ledger.effects(), now)
    here: dict[str, object] = {"back": now.isoformat()}
    for effect in (
        _mark("started", "service", {}, since, now),
        _mark("present/posts", "posts", here, now, now),
    ):
        await at.ledger.keep(effect)
    for job in JOBS:
        await at.journal.record(_run(job.name, at.network.id, now))


def _mark(
    key: str, job: str, told: Mapping[str, object], created: datetime, now: datetime
) -> Effect:
    return Effect(
        key=key, job=job, status=Status.CLAIMED, baseline=told, created=created, updated=now
    )


def _run(job: str, scope: str, now: datetime) -> Run:
    return Run(
        job=job,
        scope=scope,
        period=now,
        started=now,
        finished=now,
        outcome=DONE,
        did=0,
        note=NOTE,
    )
