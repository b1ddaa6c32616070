"""How an installation stands: what ran, what is late, what needs whom."""

from dataclasses import asdict, replace
from datetime import date, timedelta

import pytest

from service.domain.notice import Credential, CredentialKind
from service.domain.standing import Need, Standing, Who
from service.effects.proving import prove
from service.errors import (
    Forbidden,
    Locked,
    NatverketError,
    SettingsError,
    SignInRefused,
    Unreachable,
    UnreadableFile,
)
from service.jobs.engine import run
from service.jobs.spec import Job, Poll
from service.jobs.troubles import look_at_each
from service.settings import Mode, Settings
from service.standing import note_start, running_since, standing
from service.wiring import timetable_of
from service.workplace import Workplace
from tests.unit.effects.fate import START
from tests.unit.effects.world import World, meeting, post
from tests.unit.jobs.test_engine import failing, three
from tests.unit.jobs.test_engine import job as doing

DONE_JOB = "file_materials"


def job(name: str, error: NatverketError | None = None) -> Job[None]:
    """A job of that name, which fails so."""

    async def observe(at: Workplace) -> None:
        if error is not None:
            raise error

    return Job(
        name=name,
        does="Stands for a job.",
        wakes=Poll(setting="drives"),
        observe=observe,
        plan=lambda seen, now: (),
    )


async def stands(world: World, settings: Settings, **more: object) -> Standing:
    timetable = await timetable_of([world.at], settings)
    return await standing([world.at], timetable, settings=settings, now=world.clock.now(), **more)


async def needs(world: World, settings: Settings) -> dict[str, Need]:
    """By id, without the network's."""
    found = (await stands(world, settings)).needs
    return {need.id.replace(f"/{world.network.id}", ""): need for need in found}


# ---------------------------------------------------------------- jobs


async def test_a_state_without_any_run(world: World, settings: Settings) -> None:
    """It is well: every job is there, none has run, none is late."""
    now = await stands(world, settings)
    (network,) = now.networks

    assert now.well
    assert len(network.jobs) > 10
    assert {(one.last, one.done, one.late) for one in network.jobs} == {(None, None, 0.0)}
    assert all(one.next > START for one in network.jobs)
    assert (network.rows, network.recent) == ((), ())


async def test_how_a_job_stands(world: World, settings: Settings) -> None:
    """The last run however it ended, the last that was done, and the failures since."""
    await run(job(DONE_JOB), world.at, START)
    for hour in (1, 2):
        world.clock.on(hours=1)
        await run(job(DONE_JOB, Locked("Anna.docx")), world.at, START + timedelta(hours=hour))
    (network,) = (await stands(world, settings)).networks
    one = next(one for one in network.jobs if one.job == DONE_JOB)

    assert one.last is not None
    assert (one.last.period, one.last.outcome) == (START + timedelta(hours=2), "failed")
    assert (one.done, one.failures) == (START, 2)
    assert 0 < one.late <= 2 * 3600


async def test_a_job_is_late_when_nobody_runs_it(world: World, settings: Settings) -> None:
    """After hours an administrator is needed; the need says so once for all jobs."""
    await run(job(DONE_JOB), world.at, START)
    world.clock.on(hours=3)
    assert (await stands(world, settings)).well
    world.clock.on(hours=3)

    found = await needs(world, settings)
    assert list(found) == ["late/jobs"]
    assert found["late/jobs"].who is Who.ADMIN
    assert found["late/jobs"].subject == f"job {DONE_JOB}"


async def test_a_job_that_was_never_done_is_late_too(world: World, settings: Settings) -> None:
    """It counts from when the service first ran with this network."""
    await world.ledger.claim("started", job="service", now=START)
    world.clock.on(hours=30)

    assert "late/jobs" in await needs(world, settings)


async def test_observing_is_never_late_by_the_state(world: World, settings: Settings) -> None:
    """In observe mode no run is kept: only the process that runs can tell."""
    await world.ledger.claim("started", job="service", now=START)
    world.clock.on(hours=30)
    observing = settings.model_copy(update={"mode": Mode.OBSERVE})

    assert (await stands(world, observing)).well


# ---------------------------------------------------------------- what fails


async def test_what_a_person_must_mend_is_told_at_once(world: World, settings: Settings) -> None:
    """A right that is missing, with the remedy; and no more when the job is done."""
    refused = Forbidden("file Löner Anna.xlsx", "403 accessDenied: No (request-id 7)", remedy="Do.")
    await run(job(DONE_JOB, refused), world.at, START)
    found = await needs(world, settings)

    need = found[f"right/{DONE_JOB}"]
    assert (need.who, need.remedy, need.since) == (Who.ADMIN, "Do.", START)
    assert "403 accessDenied, request-id 7" in need.said
    assert "Anna" not in str(need)
    await run(job(DONE_JOB), world.at, START)
    assert await needs(world, settings) == {}


async def test_one_cause_is_one_need(world: World, settings: Settings) -> None:
    """A sign-in that is refused stops every job, and is told once, since the first of them."""
    for name in ("sync_calendar", DONE_JOB):
        await run(job(name, SignInRefused("sign-in", "AADSTS7000222: expired")), world.at, START)
        world.clock.on(minutes=1)
    found = await needs(world, settings)

    assert list(found) == ["credential/sign-in"]
    assert found["credential/sign-in"].since == START
    assert "AADSTS7000222" in found["credential/sign-in"].said


async def test_what_graph_answers_is_not_repeated(world: World, settings: Settings) -> None:
    """Its sentence may quote anything: status and code are told."""
    refused = SignInRefused("calendar", "401 InvalidAuthenticationToken: Anna.docx (request-id 7)")
    await run(job(DONE_JOB, refused), world.at, START)
    need = (await needs(world, settings))["credential/sign-in"]

    assert "401 InvalidAuthenticationToken, request-id 7" in need.said
    assert "Anna" not in need.said


async def test_what_heals_by_itself_is_told_when_it_has_lasted(
    world: World, settings: Settings
) -> None:
    """Microsoft 365 that cannot be reached is nobody's errand for hours; its id stays the same."""
    for hour in range(5):
        await run(job(DONE_JOB, Unreachable("Graph")), world.at, START + timedelta(hours=hour))
        told = [one for one in await needs(world, settings) if one.startswith("unreach")]
        assert told == (["unreachable/microsoft-365"] if hour >= 4 else [])
        world.clock.on(hours=1)


async def test_an_item_that_waits_for_a_coordinator(world: World, settings: Settings) -> None:
    """An item that stepped aside stops nothing: for hours it is no need, then it is."""
    actions = three(world)
    failing(world, Locked("file"))
    await run(replace(doing(*actions), name=DONE_JOB), world.at, START)

    assert await needs(world, settings) == {}
    (network,) = (await stands(world, settings)).networks
    assert network.counted.files_waiting == 1
    assert network.counted.oldest_waiting == START


async def test_organisers_that_the_app_may_not_read(world: World, settings: Settings) -> None:
    """A need once it was tried again, though its runs are done in between."""

    async def look(_: object) -> None:
        raise Forbidden("meetings of anna@exempel.se", remedy="Grant it to anna@exempel.se.")

    for _ in range(2):
        await look_at_each("file_recordings", [meeting()], look, world.at)
        world.clock.on(hours=7)
    need = (await needs(world, settings))["right/meetings"]

    assert need.said == "The app may not read 1 meeting."
    assert "anna" not in str(need)


# ---------------------------------------------------------------- credentials, posts, files


@pytest.mark.parametrize(
    ("days", "stage"), [(61, None), (60, 60), (29, 30), (7, 7), (2, 7), (1, 1), (-1, 0)]
)
async def test_a_credential_that_ends(
    world: World, settings: Settings, days: int, stage: int | None
) -> None:
    """It is told at 60, 30 and 7 days and when it has ended: the same thing, ever nearer."""
    ends = date(2023, 3, 1) + timedelta(days=days)
    credential = Credential(kind=CredentialKind.CERTIFICATE, expires=ends)
    world.at = replace(world.at, credentials=lambda: (credential,))
    now = await stands(world, settings)

    assert now.networks[0].credentials[0].days_left == days
    wanted = [] if stage is None else [f"ending/{world.network.id}/certificate@{stage}"]
    assert [need.id for need in now.needs] == wanted


async def test_a_certificate_that_has_ended_is_told_once(world: World, settings: Settings) -> None:
    """That it refuses the sign-in, too, nobody is told besides; nor that jobs are late by it."""
    credential = Credential(kind=CredentialKind.CERTIFICATE, expires=date(2023, 2, 20))
    world.at = replace(world.at, credentials=lambda: (credential,))
    await run(job(DONE_JOB, SignInRefused("app", "AADSTS700027")), world.at, START)
    world.clock.on(hours=30)

    assert list(await needs(world, settings)) == ["ending/certificate@0"]


async def test_a_right_is_told_once_for_all_that_need_it(world: World, settings: Settings) -> None:
    """By its name, whatever each job says besides; nor that other jobs wait for it."""
    for name, how in ((DONE_JOB, "write on this site"), ("file_materials", "a role on this site")):
        refused = Forbidden(
            "site", "403 accessDenied", remedy=f"Grant the app `Sites.Selected` and {how}."
        )
        await run(job(name, refused), world.at, START)
    world.clock.on(hours=30)

    found = await needs(world, settings)
    assert list(found) == ["right/sites.selected"]
    assert found["right/sites.selected"].subject == "right Sites.Selected"


@pytest.mark.parametrize("error", [UnreadableFile("/run/x.pfx", "no"), SettingsError(("no",))])
async def test_a_credential_that_cannot_be_read(
    world: World, settings: Settings, error: NatverketError
) -> None:
    """That is a need, and the rest is told all the same."""

    def unreadable() -> tuple[Credential, ...]:
        raise error

    world.at = replace(world.at, credentials=unreadable)
    assert list(await needs(world, settings)) == ["credential/unreadable"]


async def test_posts_that_wait_for_approval(world: World, settings: Settings) -> None:
    """Coordinators are needed; how many, and since when."""
    world.at = replace(world.at, posts_wait_until=START + timedelta(days=9))
    announce = post()
    await run(replace(doing(announce), name="post_reminders"), world.at, START)
    now = await stands(world, settings)
    (need,) = now.needs

    assert (need.who, need.kind, need.since) == (Who.COORDINATOR, "posts", START)
    assert now.networks[0].counted.posts_to_approve == 1
    assert announce.card.title not in str(need)


async def test_what_was_done_of_late(world: World, settings: Settings) -> None:
    """Files with the members' link, and posts once each; what is older than two weeks is not."""
    await run(replace(doing(*three(world), post()), name=DONE_JOB), world.at, START)
    world.channel.deliver()
    await prove(world.at)
    (network,) = (await stands(world, settings)).networks
    found = {(one.kind, one.title) for one in network.recent}

    files = {("filed", f"a{number}.docx") for number in (1, 2, 3)}
    assert found == files | {("posted", post().card.title)}
    assert all(one.url for one in network.recent if one.kind == "filed")
    world.clock.on(days=15)
    assert (await stands(world, settings)).networks[0].recent == ()


# ---------------------------------------------------------------- the daemon


async def test_since_when_a_daemon_runs(world: World) -> None:
    """Another process can read when it started; before the first start, nothing tells."""
    assert await running_since([world.at]) is None
    await note_start([world.at], START)
    assert await running_since([world.at]) == START


async def test_needs_of_the_house_are_told_with_the_others(
    world: World, settings: Settings
) -> None:
    """What the state cannot tell is handed in, and keeps its words."""
    own = Need(
        id="settings/reload",
        network_id=None,
        who=Who.ADMIN,
        kind="settings",
        subject="settings",
        said="No.",
        remedy="Mend.",
        since=START,
    )
    now = await stands(world, settings, needs=(own,), is_open=lambda _: False)

    assert now.needs == (own,)
    assert (now.well, now.networks[0].open) == (False, False)
    assert asdict(now)
