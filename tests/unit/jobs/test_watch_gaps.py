"""What coordinators are told, through the ledger and their channel in memory."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from service.domain.gaps import Missing, Reason, There, Thing, Waits
from service.domain.gaps_in_words import missing
from service.domain.post import parse_key
from service.domain.recording import Take
from service.effects.approving import waiting_for_approval
from service.effects.placements import UNPLACED_FOLDER
from service.effects.posting import ACCEPTED, DOUBTFUL
from service.errors import Forbidden
from service.jobs import post_reminders, watch_gaps
from service.jobs.captures import TAKES
from service.jobs.engine import Outcome, run
from service.jobs.findings import findings
from service.jobs.known import CALENDAR, known
from service.jobs.overview import Overview, overview
from service.jobs.posts import told, told_to_coordinators
from service.jobs.troubles import TROUBLES, Trouble
from service.observe import Change, Page, SeenItem, SeenMessage
from service.ports import DONE, Effect, Message, Run, Status
from service.render.cards import adaptive_card
from service.workplace import Workplace
from tests.unit.effects.world import COMMON_ID, COORDINATORS_ID, KEPT, MEMBERS, World, event, texts
from tests.unit.jobs.builders import effect, item

FRIDAY = datetime(2023, 3, 17, 8, 0, tzinfo=UTC)  # 09:00 in Sweden
FILED = "file/uid-0308/event/a1"
RECORDED = "file/uid-0308/recording/r1"


@pytest.fixture
async def held(world: World) -> World:
    """A meeting was held on Wednesday last week; it is Friday, nine o'clock."""
    await world.ledger.absorb(CALENDAR, [Change(id="event-0308", value=event())])
    world.clock.moment = FRIDAY
    return world


async def watch(world: World, at: Workplace | None = None) -> Outcome:
    return await run(watch_gaps.JOB, at or world.at, world.clock.now())


async def seen_of(world: World) -> Overview:
    return await overview(world.at, await known(world.at))


async def keep(world: World, *effects: Effect) -> None:
    for one in effects:
        await world.ledger.keep(one)


async def record(world: World) -> None:
    """A recording of the meeting was seen at its source, and is kept there for 120 days."""
    began = datetime(2023, 3, 8, 9, 0, tzinfo=UTC)
    take = Take(
        id="r1",
        meeting_id="uid-0308",
        part=1,
        created=began,
        moments=(began,),
        seen=began,
        expires=began + timedelta(days=120),
        organizer="eva.exempel@exempel.se",
    )
    await world.ledger.absorb(TAKES, [Change(id="r1", value=take)])


async def shelve(world: World, *items: SeenItem, drive: str = MEMBERS) -> None:
    await world.ledger.absorb(f"drive/{drive}", [Change(id=one.id, value=one) for one in items])


async def libraries_were_read(world: World, moment: datetime) -> None:
    await world.journal.record(
        Run(
            job="file_materials",
            scope=world.network.id,
            period=moment,
            started=moment,
            finished=moment,
            outcome=DONE,
            did=0,
        )
    )


async def notices(world: World) -> list[Effect]:
    return list((await told_to_coordinators(world.at))[0].values())


# ---------------------------------------------------------------- the card


async def test_to_the_coordinators_alone(held: World) -> None:
    """What a meeting lacks goes to their channel, and never to the members'."""
    await watch(held)
    assert (held.notices.posted, held.channel.posted) == (1, 0)
    assert b"Natur i stadsplanering" in drawn(held.notices.under_way[0])


async def test_once(held: World) -> None:
    """Through the day nothing more, seen in the channel or not yet; nor the week after."""
    for hours in (1, 1, 3):
        await watch(held)
        held.notices.deliver()
        held.clock.on(hours=hours)
    held.clock.moment = FRIDAY + timedelta(weeks=1)
    await watch(held)

    assert held.notices.posted == 1
    assert [one.status for one in await notices(held)] == [Status.DONE]


async def test_a_lost_card_is_sent_again_the_same_day(held: World) -> None:
    """It was begun and never seen: after an hour it goes out anew, under its old key."""
    held.notices.answers = ["dead"]
    await watch(held)
    held.clock.on(hours=1)
    await watch(held)

    assert held.notices.posted == 1
    assert len(await notices(held)) == 1


async def test_where_the_channel_cannot_be_read_at_most_once(held: World) -> None:
    """Members' channel is read, coordinators' own is not: what was sent there stays sent."""
    at = replace(held.at, messages={"common": held.channel})
    held.notices.answers = ["lost"]
    for _ in range(3):
        await watch(held, at)
        held.clock.on(hours=1)

    [notice] = await notices(held)
    assert (held.notices.posted, notice.reason) == (1, DOUBTFUL)


class Closed:
    """A private channel: the right for the team does not reach it."""

    async def changes(self, cursor: str | None) -> AsyncIterator[Page[SeenMessage]]:
        raise Forbidden("channel Samordnare")
        yield  # pragma: no cover


async def test_a_closed_channel_stops_nobody(held: World) -> None:
    """Refused the reading, a notice is believed, and members' reminders go on."""
    at = replace(held.at, messages={COMMON_ID: held.channel, COORDINATORS_ID: Closed()})
    await watch(held, at)
    held.clock.on(hours=1)
    outcome = await run(post_reminders.JOB, at, held.clock.now())

    assert outcome.errors == ()
    assert [one.reason for one in await notices(held)] == [ACCEPTED]
    assert held.notices.posted == 1


def drawn(message: Message) -> bytes:
    return adaptive_card(message.card, key=message.key)


async def test_no_tick_is_waited_for(held: World) -> None:
    """The first weeks' rule is for what members read."""
    at = replace(held.at, posts_wait_until=FRIDAY + timedelta(weeks=8))
    await watch(held, at)

    assert held.notices.posted == 1
    assert await waiting_for_approval(at) == []


async def test_without_a_channel_nothing_is_told(held: World) -> None:
    """No card is made, and none goes to the members instead."""
    at = replace(held.at, outlets=held.at.outlets[:1])
    outcome = await watch(held, at)

    assert (outcome.run.did, outcome.errors) == (0, ())
    assert held.channel.posted == held.notices.posted == 0


async def test_notices_do_not_count_as_told_to_members(held: World) -> None:
    """A meeting whose recording coordinators heard of has not been announced to anybody else."""
    await record(held)
    held.clock.moment = datetime(2023, 6, 26, 8, 0, tzinfo=UTC)
    await watch(held)

    assert [parse_key(one.key).kind for one in await notices(held)] == ["expiry"]  # type: ignore[union-attr]
    assert (await told(held.at))[0] == {}


async def test_the_next_card_goes_on_where_the_last_one_ended(held: World) -> None:
    """What was filed before a card is in it; what was filed after is in the next."""
    await keep(held, effect(FILED, updated=FRIDAY - timedelta(days=2)))
    await watch(held)
    held.notices.deliver()
    await keep(held, effect(f"{FILED}2", updated=FRIDAY + timedelta(hours=1)))
    held.clock.moment = FRIDAY + timedelta(weeks=1)
    await watch(held)

    first, second = held.notices.messages[0], drawn(held.notices.under_way[0])
    assert len(first.links) > 0
    assert b'1 fil"' in second
    assert b"2 filer" not in second


# ---------------------------------------------------------------- what it is made from


async def test_a_file_that_a_person_removed(held: World) -> None:
    """Filed before the libraries were last read, and not there then: it counts as gone."""
    await keep(held, effect(FILED, remote_id="i1", baseline={"name": "Agenda.docx"}))
    assert (await seen_of(held)).removed == ()  # nobody has looked yet
    await libraries_were_read(held, FRIDAY)
    seen = await seen_of(held)

    assert [one.name for one in seen.removed] == ["Agenda.docx"]
    assert isinstance(seen.row("uid-0308").states[Thing.MATERIALS], Missing)


async def test_a_file_that_is_there_or_was_only_just_filed(held: World) -> None:
    """One that was moved to the other library is there; one filed since is in no reading yet."""
    await keep(
        held,
        effect(FILED, remote_id="i1"),
        effect(f"{FILED}2", remote_id="i2", updated=FRIDAY),
    )
    await shelve(held, item("i1", "Agenda.docx", "Arkiv"), drive=KEPT)
    await libraries_were_read(held, FRIDAY)
    seen = await seen_of(held)

    assert seen.removed == ()
    assert seen.row("uid-0308").states[Thing.MATERIALS] == There(count=2)


async def test_a_file_that_waits(held: World) -> None:
    """For hours somebody has had it open: told with its name and the reason."""
    waits = effect(
        FILED,
        Status.CLAIMED,
        reason="Agenda.docx: locked",
        baseline={"name": "Agenda.docx", "error": "Locked"},
        created=FRIDAY - timedelta(hours=4),
    )
    await keep(held, waits)
    seen = (await seen_of(held)).row("uid-0308")
    assert seen.states[Thing.MATERIALS] == Waits(reason=Reason.LOCKED)
    assert [one.name for one in seen.waiting] == ["Agenda.docx"]

    await keep(held, replace(waits, created=FRIDAY - timedelta(hours=3)))
    assert (await seen_of(held)).row("uid-0308").waiting == ()


async def test_a_file_that_needs_a_person(held: World) -> None:
    """Parked, it is told of at once: nothing will change by itself."""
    parked = {"created": FRIDAY, "baseline": {"error": "UploadMismatch", "name": "Film.mp4"}}
    await keep(held, effect(RECORDED, Status.PARKED, reason="differs", **parked))
    row = (await seen_of(held)).row("uid-0308")

    assert [(one.thing, one.reason) for one in row.waiting] == [
        (Thing.RECORDING, Reason.UPLOAD_MISMATCH)
    ]


async def test_what_people_brought_counts_by_its_kind(held: World) -> None:
    """A recording that a person put into the folder is the meeting's recording."""
    await keep(
        held,
        effect("file/uid-0308/folder/i1", baseline={"kind": "Inspelning"}),
        effect("file/uid-0308/folder/i2", baseline={"kind": "Textning"}),
        effect("file/uid-0308/folder/i3", baseline={"kind": "Program"}),
    )
    states = (await seen_of(held)).row("uid-0308").states

    assert states[Thing.RECORDING] == There(count=1)
    assert states[Thing.CAPTIONS] == There(count=1)
    assert states[Thing.PROGRAMME] == There(count=1)
    assert states[Thing.MATERIALS] == There(count=1)


async def test_files_without_a_meeting(held: World) -> None:
    """What lies in the folder that was made for them, whatever people call it now."""
    await keep(
        held, effect(UNPLACED_FOLDER.key, remote_id="f1", baseline={"web_url": "https://x/"})
    )
    await shelve(
        held,
        item("f1", "Vet ej", "Inkorg", folder=True),
        item("u1", "Natur och stad.pptx", "Inkorg/Vet ej", parent_id="f1"),
        item("u2", "Annat.pptx", "Inkorg"),
        drive=KEPT,
    )
    seen = await seen_of(held)

    assert [one.name for one in seen.unplaced] == ["Natur och stad.pptx"]
    assert [one.first_day for one in seen.unplaced[0].candidates] == [date(2023, 3, 8)]
    assert seen.inbox_url == "https://x/"


# ---------------------------------------------------------------- the register


async def test_the_register_says_the_same(held: World) -> None:
    """Short words in the network's language; when a recording is lost, before it is filed."""
    held.clock.moment = datetime(2023, 6, 26, 8, 0, tzinfo=UTC)
    await keep(held, effect(FILED))
    await record(held)
    facts = await known(held.at)
    columns = (await findings(held.at, facts))["uid-0308"]

    assert columns["NvMissing"] == "program, inspelning (raderas 6 juli), deltagare, utvärdering"
    assert columns["NvSourceExpires"] == "2023-07-06T12:00:00Z"
    assert columns["NvRecording"] is None
    assert columns["NvFileCount"] == 1

    norwegian = replace(held.at, texts=texts("nb"))
    columns = (await findings(norwegian, facts))["uid-0308"]
    assert columns["NvMissing"] == "program, opptak (slettes 6. juli), deltakere, evaluering"


async def test_what_was_removed_leaves_the_register(held: World) -> None:
    """Neither counted nor linked."""
    gone = {"remote_id": "i1", "baseline": {"web_url": "https://x/film.mp4", "name": "Film.mp4"}}
    await keep(held, effect(RECORDED, **gone))
    facts = await known(held.at)
    assert (await findings(held.at, facts))["uid-0308"]["NvRecording"] == "https://x/film.mp4"

    await libraries_were_read(held, FRIDAY)
    assert (await findings(held.at, facts))["uid-0308"]["NvRecording"] is None


async def test_why_nobody_was_counted(held: World) -> None:
    """An organiser without access policy: the coordinator reads why, and that she may count."""
    trouble = Trouble(
        meeting_id="uid-0308",
        job="collect_attendance",
        why="403",
        error="Forbidden",
        remedy="",
        since=FRIDAY,
        tries=3,
        not_before=FRIDAY,
    )
    await held.ledger.absorb(TROUBLES, [Change(id="collect_attendance/uid-0308", value=trouble)])

    row = (await overview(held.at, await known(held.at))).row("uid-0308")
    state = row.states[Thing.PARTICIPANTS]
    assert isinstance(state, Missing)
    assert state.reason is Reason.NO_ACCESS
    said = "deltagare (tjänsten får inte läsa organisatörens möten: skriv i Möten)"
    assert said in missing(row, held.at.texts)
