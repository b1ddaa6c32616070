"""What is asked of Teams, when, and what is kept of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from service.domain.actions import file_key
from service.domain.recording import Reason, RecordingState, Take
from service.errors import Unreachable
from service.jobs.captures import TAKES
from service.jobs.engine import Outcome, run
from service.jobs.file_recordings import JOB
from service.jobs.findings import findings
from service.jobs.known import known
from service.jobs.reading import read_drive
from service.jobs.recording_states import recording_states
from service.observe import Change, SeenEvent, SeenRecording, SeenTranscript
from service.ports import Effect, Status
from service.workplace import Watched
from tests.unit.effects.world import KEPT, MEMBERS, World, event

ORGANIZER = "eva.exempel@exempel.se"
HIS, HER = "bo.exempel@exempel.se", ORGANIZER
DAY = date(2023, 3, 8)


async def called(world: World, *days: date, link: str = "m1", **other: object) -> list[SeenEvent]:
    """Events of online meetings that are one in Teams, kept as the calendar job keeps them."""
    join = f"https://teams.microsoft.com/l/meetup-join/{link}"
    events = [event(day, join_url=join, **other) for day in days or (DAY,)]
    await world.ledger.absorb("calendar", [Change(id=one.id, value=one) for one in events])
    return events


def film(world: World, id_: str, of: SeenEvent, hours: float = 0, link: str = "m1") -> None:
    """A recording is ready, and its bytes can be had."""
    world.meetings.bytes[id_] = f"film {id_}".encode() * 9
    world.meetings.made.append(
        SeenRecording(
            meeting_id=link,
            id=id_,
            created=of.start + timedelta(hours=hours),
            ended=None,
            correlation_id=None,
        )
    )


def said(world: World, of: SeenEvent) -> None:
    """The transcript of the same."""
    world.meetings.bytes["t1"] = b"WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n<v Eva>Hej</v>\n"
    world.meetings.written = [
        SeenTranscript(meeting_id="m1", id="t1", created=of.start, correlation_id=None)
    ]


async def once(world: World) -> Outcome:
    world.meetings.requests.clear()
    return await run(JOB, world.at, world.clock.now())


async def of_day(world: World, day: date = DAY) -> RecordingState:
    return (await recording_states(world.at, await known(world.at)))[f"uid-{day:%m%d}"]


async def filed(world: World, id_: str, day: date = DAY) -> Effect | None:
    key = file_key(f"uid-{day:%m%d}", "recording", id_)
    return (await world.ledger.effects(key)).get(key)


# ---------------------------------------------------------------- how often


async def test_one_request_an_organiser(world: World) -> None:
    """After the first looks an idle cycle asks once for each organiser, whatever they hold."""
    await called(world, DAY, date(2023, 3, 9), date(2023, 3, 10))
    [his] = await called(world, date(2023, 3, 7), link="m2", organizer=HIS)
    world.clock.moment = his.end + timedelta(days=10)
    await once(world)
    world.clock.on(hours=1)
    assert (await once(world)).errors == ()
    assert sorted(world.meetings.requests) == [f"new recordings {HIS}", f"new recordings {HER}"]


async def test_nothing_before_the_end(world: World) -> None:
    """No meeting is asked for before it is over, nor when its time has passed."""
    [seen] = await called(world)
    world.clock.moment = seen.end - timedelta(seconds=1)
    await once(world)
    assert world.meetings.requests == []
    world.clock.moment = seen.end + timedelta(days=120)
    await once(world)
    assert world.meetings.requests == []


async def test_nothing_two_days_after_filing(world: World) -> None:
    """Once filed, two days are left for a second part; then nothing is asked."""
    [seen] = await called(world)
    film(world, "r1", seen)
    world.clock.moment = seen.end + timedelta(hours=1)
    await once(world)
    world.clock.on(days=1)
    await once(world)
    assert f"new recordings {HER}" in world.meetings.requests
    world.clock.on(days=1)
    await once(world)
    assert world.meetings.requests == []


async def test_others_of_the_organiser_are_not_kept(world: World) -> None:
    """Recordings of meetings that are not the network's leave no trace."""
    [seen] = await called(world)
    film(world, "theirs", seen, link="another")
    world.clock.moment = seen.end
    await once(world)
    assert await world.ledger.seen(f"recordings/{HER}", SeenRecording) == {}


# ---------------------------------------------------------------- what is found


async def test_a_series(world: World) -> None:
    """Four days with one link: each recording to its own day, and filed once."""
    days = [date(2023, 3, day) for day in (6, 7, 8, 9)]
    events = await called(world, *days)
    for number, one in enumerate(events):
        film(world, f"r{number}", one)
    world.clock.moment = events[-1].end
    await once(world)
    for number, day in enumerate(days):
        effect = await filed(world, f"r{number}", day)
        assert effect is not None
        assert effect.status is Status.DONE
        assert str(effect.baseline["name"]).startswith(f"{day} ")
    assert (await once(world)).run.did == 0


async def test_late_and_after_a_month_away(world: World) -> None:
    """A recording that comes after weeks is filed, and one made while we were down."""
    [first] = await called(world, DAY)
    [second] = await called(world, date(2023, 3, 9), link="m2")
    world.clock.moment = first.end
    await once(world)
    film(world, "while down", second, link="m2")
    film(world, "late", first)
    world.clock.on(days=31)
    await once(world)
    assert (await filed(world, "late")) is not None
    assert (await filed(world, "while down", date(2023, 3, 9))) is not None


async def test_listed_anew_after_a_person_deleted_it(world: World) -> None:
    """Teams lists it again under another id; the copy was deleted by a person: it stays so."""
    [seen] = await called(world)
    film(world, "r1", seen)
    world.clock.moment = seen.end
    await once(world)
    effect = await filed(world, "r1")
    assert effect is not None
    world.drives.delete(effect.remote_id or "")
    film(world, "r1 again", seen)
    world.clock.on(hours=2)
    assert (await once(world)).run.did == 0


async def test_a_third_part_renames_nobody(world: World) -> None:
    """Two parts at once, a third later: numbered in the order of coming."""
    [seen] = await called(world)
    film(world, "b", seen, 2)
    film(world, "a", seen, 0)
    world.clock.moment = seen.end
    await once(world)
    film(world, "c", seen, 1)
    world.clock.on(hours=3)
    await once(world)
    names = [str((await filed(world, one)).baseline["name"]) for one in "abc"]
    endings = [name.partition("(")[2] for name in names]
    assert endings == ["inspelning).mp4", "inspelning, del 2).mp4", "inspelning, del 3).mp4"]


@pytest.mark.parametrize("without", ["in_channels", "without_delta"])
async def test_each_meeting_by_itself_as_well(world: World, without: str) -> None:
    """What the listing by organiser leaves out, or where there is none, is found all the same."""
    [seen] = await called(world)
    world.clock.moment = seen.end
    setattr(world.meetings, without, {"m1"} if without == "in_channels" else True)
    assert (await once(world)).errors == ()
    film(world, "r1", seen)
    world.clock.on(hours=2)
    assert (await once(world)).errors == ()
    assert (await filed(world, "r1")) is not None


# ---------------------------------------------------------------- files in watched folders


def watching(world: World) -> None:
    """A channel's folder of recordings, as a library that is watched."""
    folder = Watched(drive_id="drive-team", path="Allmänt/Recordings", address="Kanalens filer")
    world.restarted()
    world.at = replace(world.at, places=replace(world.at.places, watched=(folder,)))


NAMED = "Naturvårdsgruppen_ Natur i stadsplanering-20230308_093000-Mötesinspelning.mp4"


async def test_a_video_is_kept_as_a_take(world: World) -> None:
    """A file in a watched folder that the API never lists is a recording like any other."""
    watching(world)
    [seen] = await called(world)
    made = world.drives.put("drive-team", f"Allmänt/Recordings/{NAMED}", b"film")
    world.drives.put("drive-team", f"Annat/{NAMED}", b"film")
    world.clock.moment = seen.end
    await read_drive(world.at, "drive-team")
    await JOB.observe(world.at)
    [take] = (await world.ledger.seen(TAKES, Take)).values()
    assert (take.item_id, take.recording) == (made.id, None)
    state = await of_day(world)
    assert (state.seen, state.filed) == (1, 0)
    assert state.expires == take.created + timedelta(days=120)


async def test_a_video_and_the_api_are_one(world: World) -> None:
    """Seen in both places, in whatever order, it is one take and one file."""
    watching(world)
    [seen] = await called(world)
    world.clock.moment = seen.end
    world.drives.put("drive-team", f"Allmänt/Recordings/{NAMED}", b"film")
    await read_drive(world.at, "drive-team")
    await JOB.observe(world.at)
    film(world, "r1", seen, 0)
    world.clock.on(hours=1)
    seen_now = await JOB.observe(world.at)
    [action] = JOB.plan(seen_now, world.clock.now())
    assert action.source.recording.id == "r1"
    assert action.source.lies_as.name == NAMED


# ---------------------------------------------------------------- what is in the way


async def test_one_organiser_without_policy(world: World) -> None:
    """Hers are filed; his are told, and asked for again later; the run ended in part."""
    [hers] = await called(world)
    [his] = await called(world, date(2023, 3, 7), link="m2", organizer=HIS)
    film(world, "r1", hers)
    world.meetings.without_policy = {HIS}
    world.clock.moment = hers.end
    outcome = await once(world)
    assert outcome.run.outcome == "in part"
    assert (await filed(world, "r1")) is not None
    state = await of_day(world, his.start.date())
    assert state.hindrance is not None
    assert state.hindrance.reason is Reason.UNREAD
    world.clock.on(minutes=5)
    assert (await once(world)).run.outcome == "done"
    assert not [what for what in world.meetings.requests if HIS in what]


async def test_a_broken_line_is_no_organisers(world: World) -> None:
    """What concerns the whole run is not written down against a meeting."""
    [seen] = await called(world)

    async def broken(organizer: str, join_url: str) -> str | None:
        raise Unreachable("Graph")

    world.meetings.find = broken
    world.clock.moment = seen.end
    assert (await once(world)).run.outcome == "failed"
    assert (await of_day(world)).hindrance is None


async def test_no_meeting_behind_the_link(world: World) -> None:
    """A link without a meeting that Teams knows by its calendar entry is told as such."""
    [seen] = await called(world, link="")
    world.clock.moment = seen.end
    await once(world)
    state = await of_day(world)
    assert state.hindrance is not None
    assert state.hindrance.reason is Reason.NO_MEETING
    assert "calendar entry" in state.hindrance.remedy


async def test_transcription_off(world: World) -> None:
    """No recording and no right to transcripts: the reason, with what IT can do."""
    [seen] = await called(world)
    world.meetings.transcription_off = True
    world.clock.moment = seen.end
    assert (await once(world)).errors == ()
    state = await of_day(world)
    assert state.hindrance is not None
    assert state.hindrance.reason is Reason.NOT_EXPORTED
    assert "Set-CsTeamsMeetingPolicy" in state.hindrance.remedy


async def test_blocked(world: World) -> None:
    """A blocked download is tried once a day, and said with the group to exempt."""
    [seen] = await called(world)
    film(world, "r1", seen)
    said(world, seen)
    world.meetings.blocked = {"r1"}
    world.clock.moment = seen.end
    await once(world)
    assert [name for name in names(world, MEMBERS) if name.endswith("vtt")] == []
    effect = await filed(world, "r1")
    assert effect is not None
    assert effect.not_before == world.clock.now() + timedelta(days=1)
    state = await of_day(world)
    assert state.hindrance is not None
    assert state.hindrance.reason is Reason.BLOCKED
    assert "ExcludedBlockDownloadGroupIds" in state.hindrance.remedy
    world.clock.on(hours=23)
    assert (await once(world)).errors == ()
    world.meetings.blocked = set()
    world.clock.on(hours=1)
    await once(world)
    assert (await of_day(world)).filed == 1
    assert (await of_day(world)).hindrance is None
    assert [name for name in names(world, MEMBERS) if name.endswith("vtt")] != []


async def test_expiry_is_known_before_it_is_filed(world: World) -> None:
    """The register's column is filled as soon as the recording is seen."""
    [seen] = await called(world)
    film(world, "r1", seen)
    world.meetings.blocked = {"r1"}
    world.clock.moment = seen.end
    await once(world)
    told = (await findings(world.at, await known(world.at)))["uid-0308"]
    assert (told["NvRecording"], told["NvSourceExpires"]) == (None, "2023-07-06T12:00:00Z")


# ---------------------------------------------------------------- the coordinator's word


def names(world: World, drive: str) -> Sequence[str]:
    return sorted(i.name for i in world.drives.items.values() if i.drive_id == drive and i.size)


async def test_the_last_word_before_showing(world: World) -> None:
    """A no typed minutes ago is read before anything is shown."""
    [seen] = await called(world)
    film(world, "r1", seen)
    await world.rows.add({"NvMeetingId": "uid-0308", "NvPublishRecording": False})
    world.clock.moment = seen.end
    await once(world)
    assert names(world, MEMBERS) == []
    assert len(names(world, KEPT)) == 1


async def test_taken_back_and_shown_again(world: World) -> None:
    """Yes to no and to yes: the same item moves to and fro; captions with it."""
    [seen] = await called(world)
    film(world, "r1", seen)
    said(world, seen)
    world.clock.moment = seen.end
    await once(world)
    before = await filed(world, "r1")
    assert len(names(world, MEMBERS)) == 2
    row = await world.rows.add({"NvMeetingId": "uid-0308", "NvPublishRecording": False})
    await _sights(world)
    await once(world)
    assert names(world, MEMBERS) == []
    assert len(names(world, KEPT)) == 3
    world.rows.type(row.id, NvPublishRecording=True)
    await _sights(world)
    await once(world)
    assert len(names(world, MEMBERS)) == 2
    after = await filed(world, "r1")
    assert before is not None
    assert after is not None
    assert after.remote_id == before.remote_id
    assert world.drives.columns[after.remote_id or ""]["NvType"] == "Inspelning"
    await _sights(world)
    assert (await once(world)).run.did == 0


async def _sights(world: World) -> None:
    """What the calendar's and the materials' jobs read."""
    for source, pages in (
        ("register", world.rows.changes(None)),
        (f"drive/{MEMBERS}", world.drives.changes(MEMBERS, None)),
        (f"drive/{KEPT}", world.drives.changes(KEPT, None)),
    ):
        async for page in pages:
            await world.ledger.absorb(source, page.changes)
