"""What all of an organiser's meetings hold, told by delta; and what may not be downloaded."""

from collections.abc import AsyncIterator, Iterator

import pytest

from service.errors import BadRequest, DownloadBlocked, Forbidden
from service.graph.clock import SandboxClock
from service.graph.gateway import Gateway
from service.graph.meetings import GraphMeetings
from service.observe import SeenRecording
from service.sandbox.process import Sandbox
from tests.acceptance import recorded
from tests.acceptance.recorded import ANNA, BO, CIA, moment, said
from tests.contract.graph.conftest import settings

LINK = "https://teams.microsoft.com/l/meetup-join/x/0?context={{%22Oid%22%3a%22{}%22}}"
SINCE = moment(1)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    seed = f"{recorded.__file__}:tenant"
    with Sandbox(seed=seed, directory=tmp_path_factory.mktemp("recorded")) as running:
        yield running


@pytest.fixture
async def clock(sandbox: Sandbox) -> AsyncIterator[SandboxClock]:
    """The first two mornings of the series are over."""
    clock = SandboxClock(sandbox.env["NATVERKET_CLOCK_URL"], ca_file=sandbox.ca_file)
    await clock.refresh()
    await clock.move_to(max(clock.now(), moment(7, 18)))
    yield clock
    await clock.close()


@pytest.fixture
async def meetings(sandbox: Sandbox, clock: SandboxClock) -> AsyncIterator[GraphMeetings]:
    async with Gateway(settings(sandbox, recorded.DAEMON), clock) as gateway:
        yield gateway.online_meetings()


async def new(
    meetings: GraphMeetings, cursor: str | None = None, of: recorded.Person = ANNA
) -> tuple[list[SeenRecording], str | None]:
    link = LINK.format(of.id)
    pages = [
        page async for page in meetings.new_recordings(of.mail, link, since=SINCE, cursor=cursor)
    ]
    seen = [change.value for page in pages for change in page.changes if change.value]
    return seen, pages[-1].cursor


async def test_everything_and_then_what_is_new(
    meetings: GraphMeetings, clock: SandboxClock
) -> None:
    """All since a day, then what has come; an older one comes again (known issue 22934)."""
    first, cursor = await new(meetings)
    assert [f"{one.created:%d %H:%M}" for one in first] == ["06 09:02", "07 09:02", "07 10:10"]
    assert len({one.meeting_id for one in first}) == 1
    await clock.move_to(moment(8, 18))
    again, cursor = await new(meetings, cursor)
    assert [f"{one.created:%d %H:%M}" for one in again] == ["07 10:10", "08 09:02"]
    assert again[0] == first[-1]
    # Not the channel's, nor what was recorded without transcription (known issue 22933).
    await clock.move_to(moment(15, 18))
    rest, _ = await new(meetings, cursor)
    assert [f"{one.created:%d}" for one in rest] == ["08", "09"]


async def test_the_same_as_of_each_meeting(meetings: GraphMeetings) -> None:
    """Ids, times and calls are those that a meeting's own listing tells."""
    seen, _ = await new(meetings)
    listed = await meetings.recordings(ANNA.mail, seen[0].meeting_id)
    assert list(listed) == seen


async def test_transcripts_likewise(meetings: GraphMeetings) -> None:
    """Each of the call that it is of; its text is had by its id (known issue 22932)."""
    seen, _ = await new(meetings)
    link = LINK.format(ANNA.id)
    pages = [
        page async for page in meetings.new_transcripts(ANNA.mail, link, since=SINCE, cursor=None)
    ]
    texts = [change.value for page in pages for change in page.changes]
    assert [one.correlation_id for one in texts] == [one.correlation_id for one in seen]
    text = await meetings.transcript(ANNA.mail, texts[0])
    assert text.decode() == said("Frukostsamtal 06 09:02")


async def test_an_organiser_without_policy(meetings: GraphMeetings) -> None:
    """Forbidden, with the policy to grant."""
    with pytest.raises(Forbidden) as caught:
        await new(meetings, of=BO)
    assert "application access policy" in caught.value.remedy


async def test_a_link_that_is_not_understood(meetings: GraphMeetings) -> None:
    """A cursor that the service does not take is refused as such."""
    _, cursor = await new(meetings)
    with pytest.raises(BadRequest):
        await new(meetings, f"{cursor}x".replace("deltatoken=", "deltatoken=x"))


async def test_a_blocked_download(meetings: GraphMeetings, clock: SandboxClock) -> None:
    """Listed and not given: a policy's doing, with what to exempt."""
    await clock.move_to(max(clock.now(), moment(15, 18)))
    [blocked], _ = await new(meetings, of=CIA)
    with pytest.raises(DownloadBlocked) as caught:
        async for _ in meetings.recording(CIA.mail, blocked).read():
            pass
    assert "ExcludedBlockDownloadGroupIds" in caught.value.remedy
