"""Calendar, register, meetings and channels, over the sandbox tenant."""

from datetime import timedelta
from uuid import uuid4

import pytest

from service.domain.post import with_key
from service.errors import Changed, Conflict, Forbidden
from service.graph.clock import SandboxClock
from service.graph.gateway import Gateway
from service.ports import Delivery, Target
from tests.contract.graph import worlds
from tests.contract.graph.conftest import settings
from tests.messages import KEY, message

WINDOW = (worlds.day(1, 0), worlds.day(30, 0))


async def changes_of(port, *arguments):
    pages = [page async for page in port.changes(*arguments)]
    assert pages[-1].cursor
    return {c.id: c.value for page in pages for c in page.changes}, pages[-1].cursor


@pytest.fixture
async def event(tenant):
    """The meeting that has everything."""
    seen, _ = await changes_of(tenant.calendar(worlds.MAILBOX.mail), None, WINDOW)
    return next(event for event in seen.values() if event and event.has_attachments)


# ---------------------------------------------------------------- calendar


async def test_a_calendar_through_the_days(fresh):
    """New, changed and cancelled events, each told once by its cursor."""
    clock = SandboxClock(fresh.env["NATVERKET_CLOCK_URL"], ca_file=fresh.ca_file)
    await clock.refresh()
    async with Gateway(settings(fresh, worlds.DAEMON), clock) as tenant:
        calendar = tenant.calendar(worlds.MAILBOX.mail)
        await clock.move_to(worlds.day(1, 12))
        first, cursor = await changes_of(calendar, None, WINDOW)
        assert len(first) == 3
        assert (await changes_of(calendar, cursor, WINDOW))[0] == {}
        await clock.move_to(worlds.day(2))
        second, cursor = await changes_of(calendar, cursor, WINDOW)
        assert [event.subject for event in second.values()] == ["Natur i staden"]
        await clock.move_to(worlds.day(3))
        third, _ = await changes_of(calendar, cursor, WINDOW)
        ((id_, gone),) = third.items()
        asked = await calendar.event(id_)
        assert (gone or asked) is None or (gone or asked).cancelled
    await clock.close()


async def test_what_an_event_tells(event):
    """Times in UTC, addresses in lower case, the join link."""
    assert (event.start, event.end) == worlds.MEETING
    assert event.organizer == worlds.ORGANIZER.mail
    assert {worlds.COLLEAGUE.mail, "grupp@nat.example"} <= set(event.invited)
    assert event.categories == ("Miljöstrategi",)
    assert event.location == "Alingsås"
    assert "Plats: Alingsås" in event.body_html
    assert event.join_url.startswith("https://teams.microsoft.com/")
    assert (event.cancelled, event.private) == (False, False)


async def test_nothing_is_told_of_what_is_private(tenant):
    """That it is there, and when: neither subject nor text nor place."""
    seen, _ = await changes_of(tenant.calendar(worlds.MAILBOX.mail), None, WINDOW)
    (private,) = (event for event in seen.values() if event and event.private)
    assert (private.subject, private.body_html, private.location) == ("", "", "")


async def test_attachments(tenant, event):
    """Listed without their content; the content is streamed, from any offset."""
    calendar = tenant.calendar(worlds.MAILBOX.mail)
    found = {one.name: one for one in await calendar.attachments(event.id)}
    assert found["logo.png"].inline
    program = found["program å.bin"]
    assert (program.is_file, program.inline) == (True, False)
    content = calendar.attachment(program)
    assert content.size is None
    for offset in (0, 1, 5000, len(worlds.PROGRAM)):
        read = b"".join([piece async for piece in content.read(offset)])
        assert read == worlds.PROGRAM[offset:]


async def test_an_attachment_is_filed(tenant, event, library):
    """A content whose size nobody tells is stored all the same."""
    calendar, drives = tenant.calendar(worlds.MAILBOX.mail), tenant.drives()
    (program,) = (a for a in await calendar.attachments(event.id) if not a.inline)
    folder = await drives.ensure_folder(library.drive_id, str(uuid4()))
    target = Target(drive_id=library.drive_id, parent_id=folder.id, name=program.name)
    stored = await drives.store(target, calendar.attachment(program))
    assert stored.sent_bytes == stored.item.size == len(worlds.PROGRAM)


async def test_a_mailbox_without_the_role(tenant):
    """Forbidden names the mailbox and Exchange's role."""
    with pytest.raises(Forbidden, match=r"vard@nat\.example") as caught:
        await changes_of(tenant.calendar(worlds.ORGANIZER.mail), None, WINDOW)
    assert "Application Calendars.Read" in caught.value.remedy


# ---------------------------------------------------------------- register


@pytest.fixture
def rows(tenant, site_id, register):
    return tenant.rows(site_id, register.list_id)


async def test_a_row_is_added_found_and_changed(rows):
    """Values come back as they were written; the eTag moves."""
    key = f"m'{uuid4()}"
    fields = {
        "Title": "Natur",
        "NvMeetingId": key,
        "NvStart": "2023-03-08T12:00:00Z",
        "NvCount": 4.5,
        "NvNotes": "rad 1\nrad 2",
        "NvHold": True,
    }
    added = await rows.add(fields)
    assert {name: added.fields[name] for name in fields} == fields
    assert await rows.find("NvMeetingId", key) == added
    changed = await rows.update(added.id, {"NvCount": 5, "NvNotes": None}, etag=added.etag)
    assert (changed.fields["NvCount"], changed.fields.get("NvNotes")) == (5, None)
    assert changed.etag != added.etag
    with pytest.raises(Changed):
        await rows.update(added.id, {"NvCount": 6}, etag=added.etag)
    assert (await rows.update(added.id, {"NvCount": 6}, etag=None)).fields["NvCount"] == 6


async def test_a_meeting_has_one_row(rows):
    """A unique column takes a value once: Conflict."""
    key = str(uuid4())
    await rows.add({"Title": "a", "NvMeetingId": key})
    with pytest.raises(Conflict):
        await rows.add({"Title": "b", "NvMeetingId": key})
    assert await rows.find("NvMeetingId", "no such") is None


async def test_rows_by_delta(rows):
    """Fields come with the listing; a cursor tells only what changed."""
    added = await rows.add({"Title": "a", "NvMeetingId": str(uuid4())})
    seen, cursor = await changes_of(rows, None)
    assert seen[added.id] == added
    assert (await changes_of(rows, cursor))[0] == {}
    changed = await rows.update(added.id, {"Title": "b"}, etag=added.etag)
    assert (await changes_of(rows, cursor))[0] == {added.id: changed}


async def test_an_app_without_a_grant_on_the_site(sandbox, clock, site_id, register):
    """Forbidden names the list and the right."""
    async with Gateway(settings(sandbox, worlds.STRANGER), clock) as stranger:
        with pytest.raises(Forbidden) as caught:
            await changes_of(stranger.rows(site_id, register.list_id), None)
    assert "Sites.Selected" in caught.value.remedy


# ---------------------------------------------------------------- meetings


async def test_what_came_of_a_meeting(tenant, event):
    """Recording, transcript and presences, found by the join link alone."""
    meetings = tenant.online_meetings()
    meeting_id = await meetings.find(event.organizer, event.join_url)
    (recording,) = await meetings.recordings(event.organizer, meeting_id)
    (transcript,) = await meetings.transcripts(event.organizer, meeting_id)
    assert recording.correlation_id == transcript.correlation_id
    assert (recording.created, recording.ended) == worlds.MEETING
    assert (await meetings.transcript(event.organizer, transcript)).decode() == worlds.TRANSCRIPT
    content = meetings.recording(event.organizer, recording)
    for offset in (0, 1000):
        read = b"".join([piece async for piece in content.read(offset)])
        assert read == worlds.RECORDING[offset:]
    presences = await meetings.attendance(event.organizer, meeting_id, worlds.MEETING)
    assert {(p.name, p.mail, p.role) for p in presences} == {
        ("Värd", worlds.ORGANIZER.mail, "Organizer"),
        ("Gäst", None, "Attendee"),
    }
    assert [p.seconds for p in presences] == [3 * 3600, 3 * 3600 - 300]
    week_later = tuple(moment + timedelta(days=7) for moment in worlds.MEETING)
    assert await meetings.attendance(event.organizer, meeting_id, week_later) == ()
    assert await meetings.find(event.organizer, event.join_url.replace("meeting_", "x_")) is None


async def test_an_organiser_without_policy(tenant, event):
    """Forbidden names the organiser and the access policy."""
    link = event.join_url.replace(worlds.ORGANIZER.id, worlds.OUTSIDER.id)
    with pytest.raises(Forbidden, match="utan@") as caught:
        await tenant.online_meetings().find(worlds.OUTSIDER.mail, link)
    assert "application access policy" in caught.value.remedy


# ---------------------------------------------------------------- channels


async def test_a_question_and_its_answer(tenant):
    """People have ids; links come with their titles; replies within their root."""
    seen, _ = await changes_of(tenant.messages(worlds.TEAM, worlds.COMMON), None)
    message = min(seen.values(), key=lambda one: one.created)
    assert (message.author, message.author_name) == (worlds.COLLEAGUE.id, worlds.COLLEAGUE.name)
    assert message.text == "Någon som har en mall? Se mallen"
    assert [(link.title, link.url) for link in message.links] == [
        ("mallen", "https://exempel.se/mall")
    ]
    assert [reply.author for reply in message.replies] == [worlds.ORGANIZER.id]
    assert message.url.startswith("https://teams.microsoft.com/")


async def test_a_post_is_queued_and_then_read(tenant, clock, sandbox):
    """202 is not a proof: the post is in the channel later, an app's, with its button."""
    channel = tenant.messages(worlds.TEAM, worlds.COMMON)
    _, cursor = await changes_of(channel, None)
    link = "https://natverket.example/program"
    poster = tenant.workflow(sandbox.env["NATVERKET_NETWORK_WORKFLOW_URL"])
    assert (await poster.post(message(link))).delivery is Delivery.QUEUED
    await clock.sleep(3600)
    seen, _ = await changes_of(channel, cursor)
    (found,) = seen.values()
    assert found.author == ""
    assert found.text.endswith("I morgon kl. 9.30 är det dags.")
    assert [one.url for one in found.links] == [with_key(link, KEY)]


async def test_a_wrong_address_is_refused(tenant, sandbox):
    """Nothing was posted, and the reason says so."""
    url = sandbox.env["NATVERKET_NETWORK_WORKFLOW_URL"] + "x"
    receipt = await tenant.workflow(url).post(message("https://x.example"))
    assert receipt.delivery is Delivery.REFUSED
    assert receipt.reason
    assert receipt.retry_at is None
