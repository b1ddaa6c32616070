"""
The composition root: the one place that names concrete classes.

It finds in the tenant what the settings name, and puts a workplace together for each
network.
"""

import tomllib
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from importlib.resources.abc import Traversable
from urllib.parse import quote

from service.domain.expected import expectations_from
from service.domain.network import Network
from service.domain.register import Columns, columns_from
from service.domain.retention import Retention
from service.domain.survey.rules import USUAL, SurveyRules
from service.errors import AlreadyRunning, NotFound, NotProvisioned
from service.graph.clock import SandboxClock, SystemClock
from service.graph.gateway import Gateway
from service.graph.sites import Library, Site, SiteList
from service.jobs import JOBS
from service.jobs.engine import Outcome, run
from service.memory import Memory
from service.outlets import channels_of, messages_of, outlets_of, retired_flows
from service.own_files import own_texts, series_of, template_of
from service.parse.vocabulary import Vocabulary, vocabulary_from
from service.ports import DONE, Clock, Meter, Progress, Unmetered, Untold
from service.remembered import begun, remember
from service.render.documents import Labels, labels_from
from service.render.texts import Texts, texts_from
from service.schedule import Entry, Timetable, trigger
from service.settings import NetworkSettings, Settings, describe, posting_rules
from service.shipped import in_language as in_its_language
from service.shipped import shipped
from service.signing import credentials_of, gateway_of, stay_signed_in
from service.store import Store, open_store
from service.watching import look
from service.workplace import AnswerList, Places, Rules, Unwatched, Workplace

AnyClock = SystemClock | SandboxClock


@dataclass(frozen=True, kw_only=True)
class Office:
    """Everything put together, for as long as it is open."""

    settings: Settings
    store: Store
    clock: AnyClock
    workplaces: tuple[Workplace, ...]

    def workplace(self, network_id: str) -> Workplace:
        return next(each for each in self.workplaces if each.network.id == network_id)

    @property
    def notes(self) -> tuple[str, ...]:
        """What these settings leave out, for the log and for whoever asks what would be done."""
        return tuple(
            f"{at.network.id}: {note}"
            for at, chosen in zip(self.workplaces, self.settings.networks, strict=True)
            for note in notes_of(at, chosen)
        )

    async def look_at_the_clock(self) -> None:
        """Take over the sandbox's time, where that is the clock."""
        if isinstance(self.clock, SandboxClock):
            await self.clock.refresh()

    async def timetable(self) -> Timetable:
        """Every job of every network, from where the journal left off."""
        return await timetable_of(self.workplaces, self.settings)

    async def run(self, entry: Entry, period: datetime, *, anyway: bool = False) -> Outcome:
        """
        Run one occurrence, unless another process is at the same job.

        `anyway`: a person has said that what looks like a mishap is none.
        """
        at = replace(self.workplace(entry.network_id), anyway=anyway)
        with self.store.exclusive(f"{entry.network_id}/{entry.job.name}") as free:
            if not free:
                raise AlreadyRunning(
                    f"job {entry.job.name}", "another process is running it at this moment"
                )
            outcome = await run(entry.job, at, period)
        settle(entry, period, outcome, self.clock.now())
        return outcome


def settle(entry: Entry, period: datetime, outcome: Outcome, now: datetime) -> None:
    """Note in the timetable how an occurrence went."""
    if outcome.again_at is not None:
        entry.postpone(period, outcome.again_at)
    elif outcome.run.outcome != DONE:
        entry.failed(period, now)
    else:
        entry.ran(period)


def notes_of(at: Workplace, chosen: NetworkSettings) -> Iterator[str]:
    """Yield what the settings of an opened network leave out."""
    yield from _left_out(at)
    yield from retired_flows(chosen)


def _left_out(at: Workplace) -> Iterator[str]:
    if not at.coordinators_outlets:
        yield (
            "coordinators get no notices: set NATVERKET_NETWORK_COORDINATOR_CHANNEL and "
            "NATVERKET_NETWORK_COORDINATOR_URL, or NATVERKET_NETWORK_COORDINATOR_MAIL"
        )
    for folder in at.places.unwatched:
        yield f"{folder.address}: {folder.why}"


async def timetable_of(workplaces: Iterable[Workplace], settings: Settings) -> Timetable:
    """Every job of these networks, from where their journals left off. Raises StateError."""
    poll, there = asdict(settings.poll), tuple(workplaces)
    return Timetable(
        [
            Entry(
                job=job,
                network_id=at.network.id,
                trigger=trigger(job, at.network.id, at.network.time_zone, poll),
                last=await at.journal.last_period(job.name, at.network.id),
            )
            for job in JOBS
            for at in there
            if job.wanted(at)
        ]
    )


def clock_of(settings: Settings) -> AnyClock:
    if settings.clock_url is None:
        return SystemClock()
    return SandboxClock(settings.clock_url, ca_file=settings.ca_file)


def untold(_: Clock) -> Progress:
    return Untold()


@asynccontextmanager
async def open_office(
    settings: Settings,
    watch: Callable[[Clock], Progress] = untold,
    meter: Meter | None = None,
) -> AsyncIterator[Office]:
    """
    Open state and tenant; `watch` makes what is told of long work, `meter` counts it.

    Raises SignInRefused, Forbidden, NotProvisioned, StateError.
    """
    async with AsyncExitStack() as stack:
        clock = clock_of(settings)
        if isinstance(clock, SandboxClock):
            stack.push_async_callback(clock.close)
            await clock.refresh()
        store = open_store(settings.state_url.get_secret_value())
        stack.callback(store.close)
        gateway = await stack.enter_async_context(gateway_of(settings, clock, meter=meter))
        await gateway.sign_in()
        progress, counting = watch(clock), meter or Unmetered()
        yield Office(
            settings=settings,
            store=store,
            clock=clock,
            workplaces=tuple(
                [
                    replace(
                        await open_workplace(each, settings, store, gateway, clock),
                        progress=progress,
                        meter=counting,
                    )
                    for each in settings.networks
                ]
            ),
        )


async def open_workplace(
    chosen: NetworkSettings, settings: Settings, store: Store, gateway: Gateway, clock: AnyClock
) -> Workplace:
    """
    Find a network's places in the tenant, remember them, and put its workplace together.

    Raises SignInRefused, Forbidden, NotProvisioned, Unreachable and other TenantErrors,
    SettingsError, StateError.
    """
    network = describe(chosen)
    site = await gateway.sites().site(chosen.site)
    try:
        register = await gateway.sites().find_list(site.id, chosen.register_list)
        places = await _places(chosen, settings, gateway, site, register)
    except NotFound as error:
        raise NotProvisioned(error.subject, error.reason) from error
    answers, lost = await _answers(chosen, gateway, site)
    places = replace(places, unwatched=(*places.unwatched, *lost))
    ledger = store.ledger(network.id)
    started = await begun(ledger, clock.now())
    await remember(places, chosen, ledger, clock.now())
    return Workplace(
        network=network,
        places=places,
        rules=rules_of(settings, chosen),
        texts=texts_of(network, chosen),
        series=series_of(chosen.series or (), network),
        labels=labels_in(network.language),
        columns=columns(),
        vocabulary=vocabulary(network.survey),
        memory=Memory(),
        clock=clock,
        ledger=ledger,
        journal=store.journal(network.id),
        calendar=gateway.calendar(network.mailbox),
        drives=gateway.drives(),
        register=gateway.rows(site.id, register.list_id),
        answers=answers,
        meetings=gateway.online_meetings(),
        messages=messages_of(chosen, gateway),
        mail=gateway.mail(network.mailbox, chosen.mail_folder) if chosen.mail_folder else None,
        posts_wait_until=started + timedelta(weeks=chosen.approve_first_weeks),
        outlets=await outlets_of(chosen, network, gateway),
        credentials=credentials_of(settings, chosen, gateway, network.time_zone),
        template=partial(template_of, folder=chosen.templates),
        stay_signed_in=partial(stay_signed_in, gateway),
    )


def texts_of(network: Network, chosen: NetworkSettings) -> Texts:
    """Return a network's words: shipped ones, with its own over them. Raises SettingsError."""
    return texts_from(
        _toml("texts", f"{network.language}.toml"),
        language=network.language,
        time_zone=network.time_zone,
        own=own_texts(chosen.texts),
    )


def in_language(at: Workplace, language: str) -> Workplace:
    """The same network, spoken of in another language, in shipped words."""
    if language == at.network.language:
        return at
    return replace(
        at,
        texts=texts_from(
            _toml("texts", f"{language}.toml"), language=language, time_zone=at.network.time_zone
        ),
        labels=labels_in(language),
    )


async def _places(
    chosen: NetworkSettings, settings: Settings, gateway: Gateway, site: Site, register: SiteList
) -> Places:
    sites = gateway.sites()
    survey_library, _, survey_folder = (chosen.survey_folder or "").partition("/")
    surveys: Library | None = None
    if chosen.survey_folder:
        surveys = await sites.library(site.id, survey_library)
    places = Places(
        client_id=settings.client_id,
        site_url=site.url,
        documentation=(await sites.library(site.id, chosen.library)).drive_id,
        coordination=(await sites.library(site.id, chosen.coordination)).drive_id,
        survey_drive=surveys.drive_id if surveys else None,
        survey_folder=survey_folder,
        register_url=quote(register.url, safe=":/"),
        channels=channels_of(chosen),
    )
    looked = [await look(each, places, gateway.drives()) for each in chosen.watched_folders or ()]
    return replace(
        places,
        watched=tuple(watched for watched, _ in looked if watched is not None),
        unwatched=tuple(note for _, note in looked if note is not None),
    )


async def _answers(
    chosen: NetworkSettings, gateway: Gateway, site: Site
) -> tuple[AnswerList | None, tuple[Unwatched, ...]]:
    """The list that a flow fills; the rest must not wait for one that is not there."""
    if not chosen.survey_list:
        return None, ()
    try:
        found = await gateway.sites().find_list(site.id, chosen.survey_list)
    except NotFound as error:
        why = f"NATVERKET_NETWORK_SURVEY_LIST: {error.reason} Make it, and start the service anew."
        return None, (Unwatched(address=chosen.survey_list, why=why),)
    rows = gateway.rows(site.id, found.list_id)
    return AnswerList(id=found.list_id, name=found.name, url=found.url, rows=rows), ()


def rules_of(settings: Settings, chosen: NetworkSettings) -> Rules:
    posting = posting_rules(chosen)
    return Rules(
        settle=timedelta(minutes=settings.settle_minutes),
        proof_wait=timedelta(minutes=settings.proof_wait),
        recording_life=timedelta(days=settings.recording_days),
        in_doubt=chosen.in_doubt,
        posts_a_day=chosen.posts_a_day,
        looks_every=timedelta(minutes=settings.poll_reminders),
        oldest_post=timedelta(hours=chosen.oldest_post),
        routes=chosen.routes,
        most_changes=settings.most_changes,
        keep_attendees=settings.keep_attendees,
        copy_blocked=settings.copy_blocked_recordings,
        reminders=posting.reminders,
        digest=posting.digest,
        expected=expectations_from(_toml("register.toml")),
        notices=posting.notices,
        retention=_retention(chosen),
    )


def labels_in(language: str) -> Labels:
    return labels_from(_parsed(in_its_language("report", language)))


def _retention(chosen: NetworkSettings) -> Retention | None:
    if chosen.retention is None or chosen.retention_decision is None:
        return None
    return Retention(months=chosen.retention, decision=chosen.retention_decision)


def columns() -> Columns:
    return columns_from(_toml("register.toml"))


def vocabulary(own: SurveyRules = USUAL) -> Vocabulary:
    return vocabulary_from(
        _toml("surveys", "headers.toml"), _toml("surveys", "questions.toml"), own
    )


def _toml(*parts: str) -> Mapping[str, object]:
    return _parsed(shipped(*parts))


def _parsed(file: Traversable) -> Mapping[str, object]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


__all__ = [
    "Network",
    "Office",
    "clock_of",
    "columns",
    "gateway_of",
    "in_language",
    "labels_in",
    "notes_of",
    "open_office",
    "open_workplace",
    "settle",
    "texts_of",
    "timetable_of",
    "vocabulary",
]
