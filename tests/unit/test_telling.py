"""Administrators are told once, after a while, and once more when it is over."""

from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from service.domain.alarm import all_told, decide, patience
from service.domain.standing import Need, NetworkStanding, Standing, Who
from service.errors import StateError
from service.ports import Delivery, Receipt
from service.render.cards import adaptive_card
from service.render.letter import letter
from service.settings import Mode, NetworkSettings, Settings
from service.store import open_store
from service.telling import INSTALLATION, Teller

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NETWORK = NetworkSettings(mailbox="natverk@exempel.se", site="s")


def need(id_: str = "right/n/job", kind: str = "right", since: datetime = NOON, **more) -> Need:
    return Need(
        **{
            "id": id_,
            "network_id": "n",
            "who": Who.ADMIN,
            "kind": kind,
            "subject": "job file_materials",
            "said": "The app may not read the library.",
            "remedy": "Grant it.",
            "since": since,
            **more,
        }
    )


def standing(*needs: Need, networks: tuple[NetworkStanding, ...] = ()) -> Standing:
    return Standing(at=NOON, version="1", mode="act", started=None, networks=networks, needs=needs)


class Clock:
    def __init__(self) -> None:
        self.moment = NOON

    def now(self) -> datetime:
        return self.moment

    async def sleep(self, seconds: float) -> None: ...


class Door:
    """A way to administrators that can be shut."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.answer = Receipt(delivery=Delivery.QUEUED)

    async def post(self, message) -> Receipt:
        adaptive_card(message.card, key=message.key)
        letter(message)
        if self.answer.delivery is not Delivery.REFUSED:
            lines = [line for part in message.card.sections for line in part.lines]
            self.said.append("\n".join([message.card.title, *(line.text for line in lines)]))
        return self.answer


class House:
    """A daemon's rounds, over a state that outlives the process."""

    def __init__(self, folder: Path, **settings) -> None:
        self.clock, self.card, self.mail = Clock(), Door(), Door()
        self.store = open_store(f"sqlite:///{folder}/state.db")
        self.settings = Settings(
            tenant_id="t",
            client_id="c",
            client_secret=SecretStr("x"),
            networks=(NETWORK,),
            **{"admin_mail": ("it@exempel.se",), **settings},
        )
        self.restart()

    def restart(self) -> None:
        @asynccontextmanager
        async def doors(settings, clock):
            yield {"card": self.card, "mail": self.mail}

        self.teller = Teller(self.settings, self.clock, doors=doors)

    async def round(self, *needs: Need, after: timedelta = timedelta()) -> tuple[str, ...]:
        self.clock.moment += after
        return await self.teller.tell(standing(*needs), self.store)


@pytest.fixture
def house(tmp_path: Path):
    made = House(tmp_path)
    yield made
    made.store.close()


# ---------------------------------------------------------------- when


async def test_told_once_after_a_while_and_once_that_it_is_over(house: House) -> None:
    """Whatever round, whatever process: one card, one all-clear, by each way."""
    assert await house.round(need()) == ()
    assert await house.round(need(), after=HOUR) == ("right/n/job",)
    house.restart()
    for _ in range(3):
        assert await house.round(need(), after=10 * HOUR) == ()
    assert await house.round() == ()
    assert len(house.card.said) == 1
    await house.round(after=HOUR)
    house.restart()
    await house.round(after=HOUR)
    assert house.card.said == [
        "1 thing to see to\njob file_materials: The app may not read the library.",
        "Over: nothing to do\njob file_materials",
    ]
    assert house.mail.said == house.card.said


async def test_what_heals_by_itself_calls_nobody(house: House) -> None:
    """A service that is away for three hours, a job that fails for five: no word of either."""
    away = need("unreachable/n/m", "unreachable")
    stuck = need("stuck/n/j", "stuck")
    await house.round(away, stuck)
    await house.round(away, stuck, after=3 * HOUR)
    await house.round(stuck, after=2 * HOUR)
    await house.round(after=HOUR)
    assert house.card.said == []


@pytest.mark.parametrize(
    ("kind", "hours"),
    {
        "credential": 0,
        "ending": 0,
        "settings": 0,
        "state": 0,
        "right": 1,
        "unreachable": 4,
        "stuck": 6,
        "late": 4,
        "way": 1,
        "of tomorrow": 1,
    }.items(),
)
def test_each_kind_has_its_patience(kind: str, hours: int) -> None:
    """Told at that hour, and not a second before."""
    assert patience(kind) == hours * HOUR
    one = need(kind=kind)
    assert decide([one], [], NOON + hours * HOUR).tell
    assert not decide([one], [], NOON + hours * HOUR - timedelta(seconds=1)).tell


async def test_what_comes_and_goes_is_told_once_a_day(house: House) -> None:
    """All day long: one card and one all-clear; if it is there the next day, a card again."""
    await house.round(need(), after=HOUR)
    for _ in range(11):
        await house.round(after=timedelta(minutes=10))
        await house.round(after=timedelta(minutes=40))
        await house.round(need(), after=timedelta(minutes=70))
    assert [said[:4] for said in house.card.said] == ["1 th", "Over"]
    await house.round(need(), after=3 * HOUR)
    assert len(house.card.said) == 3


async def test_gone_for_a_moment_is_not_over(house: House) -> None:
    """It is back before anybody was told otherwise: silence."""
    await house.round(need(), after=HOUR)
    for _ in range(20):
        await house.round(after=timedelta(minutes=1))
        await house.round(after=timedelta(minutes=20))
        await house.round(need(), after=timedelta(minutes=20))
    assert len(house.card.said) == 1


async def test_a_credential_is_reminded_of_as_its_end_comes_nearer(house: House) -> None:
    """At 60, 30, 7 and 1 days, once each; when it is renewed, that it is over."""

    def ends(days: int) -> Need:
        return need(f"credential/n/certificate@{days}", "credential", subject="certificate")

    for stage, days in ((60, 30), (30, 23), (7, 6), (1, 1)):
        for _ in range(2):
            await house.round(ends(stage), after=HOUR)
        house.clock.moment += days * DAY
    assert len(house.card.said) == 4
    await house.round(after=HOUR)
    await house.round(after=HOUR)
    assert house.card.said[4:] == ["Over: nothing to do\ncertificate"]
    assert await house.round(ends(60), after=300 * DAY)


async def test_what_coordinators_see_to_is_not_told(house: House) -> None:
    """They have a card of their own."""
    await house.round(replace(need(), who=Who.COORDINATOR), after=DAY)
    assert house.card.said == []


# ---------------------------------------------------------------- by which way


async def test_if_one_way_is_the_trouble_the_other_tells(house: House) -> None:
    """Mail is forbidden: the card is enough, and nothing is told twice."""
    house.mail.answer = Receipt(delivery=Delivery.REFUSED, reason="403")
    assert await house.round(need(), after=HOUR)
    house.mail.answer = Receipt(delivery=Delivery.QUEUED)
    await house.round(need(), after=2 * HOUR)
    assert (len(house.card.said), len(house.mail.said)) == (1, 0)


async def test_what_every_way_refuses_is_tried_again_later(house: House) -> None:
    """In its time, until it is told; the same for the all-clear."""
    shut = Receipt(delivery=Delivery.REFUSED, reason="no", retry_at=NOON + 3 * HOUR)
    house.card.answer = house.mail.answer = shut
    assert await house.round(need(), after=HOUR) == ()
    house.card.answer = Receipt(delivery=Delivery.PROVED, message_id="1")
    assert await house.round(need(), after=HOUR) == ()
    assert await house.round(need(), after=HOUR) == ("right/n/job",)
    house.card.answer = Receipt(delivery=Delivery.REFUSED, reason="no")
    await house.round(after=HOUR)
    await house.round(after=HOUR)
    house.card.answer = Receipt(delivery=Delivery.QUEUED)
    await house.round(after=timedelta(minutes=5))
    assert len(house.card.said) == 1
    await house.round(after=HOUR)
    assert house.card.said[1].startswith("Over")


async def test_what_may_have_been_told_is_not_told_again(house: House) -> None:
    """A lost answer, and a process that ended while it sent."""
    house.card.answer = house.mail.answer = Receipt(delivery=Delivery.UNKNOWN)
    await house.round(need(), after=HOUR)

    async def ends(message) -> Receipt:
        raise KeyboardInterrupt

    house.card.post = ends
    with pytest.raises(KeyboardInterrupt):
        await house.round(need(), need("settings", "settings"), after=HOUR)
    del house.card.post
    house.restart()
    for _ in range(3):
        await house.round(need(), need("settings", "settings"), after=2 * DAY)
    assert len(house.card.said) == 1


async def test_of_two_processes_one_tells(house: House) -> None:
    """Also where the other is at it at this very moment."""
    other = Teller(house.settings, house.clock, doors=house.teller._doors)
    post, found = house.card.post, []

    async def meanwhile(message) -> Receipt:
        found.append(await other.tell(standing(need()), house.store))
        return await post(message)

    house.card.post = meanwhile
    await house.round(need(), after=HOUR)
    assert await other.tell(standing(need()), house.store) == ()
    assert found == [()]
    assert len(house.card.said) == 1


@pytest.mark.parametrize("settings", [{"mode": Mode.OBSERVE}, {"admin_mail": None}])
async def test_without_a_way_the_log_tells(tmp_path: Path, settings, capsys) -> None:
    """Once; whoever is named later is told all the same."""
    house = House(tmp_path, **settings)
    for _ in range(2):
        await house.round(need(), after=HOUR)
    assert house.card.said == []
    assert capsys.readouterr().out.count("admin_needed") == 1
    house.settings = house.settings.model_copy(
        update={"admin_mail": ("it@exempel.se",), "mode": Mode.ACT}
    )
    house.restart()
    await house.round(need(), after=HOUR)
    assert len(house.card.said) == 1
    house.store.close()


async def test_a_state_that_fails_is_told_once_a_process(house: House) -> None:
    """That, and nothing else: what was told before cannot be known."""

    class Full:
        def ledger(self, network: str):
            assert network == INSTALLATION
            raise StateError("state", "the disk is full")

    full = need("state", "state", subject="state", network_id=None)
    for store in (Full(), None):
        house.restart()
        for _ in range(3):
            house.clock.moment += HOUR
            await house.teller.tell(standing(full, need()), store)
    assert [said.splitlines()[1] for said in house.card.said] == [
        "state: The app may not read the library."
    ] * 2


# ---------------------------------------------------------------- in which words


async def test_one_card_for_all_that_is_due_and_one_line_a_cause(house: House) -> None:
    """An expired certificate of three networks is one thing to see to."""
    house.settings = house.settings.model_copy(update={"networks": (NETWORK, NETWORK)})
    house.restart()
    same = [
        need(f"credential/{network}/sign-in", "credential", network_id=network, subject="sign-in")
        for network in "abc"
    ]
    await house.round(*same, need(), after=HOUR)
    (said,) = house.card.said
    assert said.splitlines() == [
        "2 things to see to",
        "sign-in (a, b, c): The app may not read the library.",
        "job file_materials (n): The app may not read the library.",
    ]


def test_a_card_for_very_much_stays_within_its_budget() -> None:
    """Counted where they are too many, cut where they are too long; the page opens it all."""
    needs = [need(f"x/n/{i}", subject=f"thing {i}", said="å" * 5000) for i in range(60)]
    tell = decide(needs, [], NOON + DAY).tell
    card = all_told(tell, (), now=NOON, page="https://natverket.exempel.se")
    assert len(adaptive_card(card, key="v1/a/b/c/d/e")) < 20_000
    assert card.sections[0].more == 50
    assert card.buttons[0].url == "https://natverket.exempel.se"
    assert (
        all_told(tell, (), now=NOON, page="http://127.0.0.1:8080").buttons[0].url[:8] == "https://"
    )
