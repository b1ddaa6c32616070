"""What the letter is made from: who has registered, and what was said in the channel."""

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select

from service.domain.digest import Registered
from service.domain.network import Member
from service.jobs import post_digest
from service.observe import Change, SeenLink, SeenMessage, SeenRow
from service.store.tables import SIGHTS
from tests.unit.effects.world import World, event

ACCEPTED = (
    "a.exempel@skara.exempel.se",
    "b.exempel@skara.exempel.se",
    "c.exempel_ale.exempel.se#ext#@natverk.example",
    "d.exempel@konsult.example",
    "e.exempel@lamnat.exempel.se",
)


def member(name: str, **other: object) -> Member:
    return Member(code=name, name=name, domains=(f"{name.lower()}.exempel.se",), **other)


def members(world: World) -> None:
    found = (member("Ale"), member("Skara"), member("Tibro"))
    gone = member("Lamnat", left=date(2022, 12, 31))
    world.at = replace(world.at, network=replace(world.network, members=(*found, gone)))


async def seen(world: World, source: str, *things: object) -> None:
    await world.ledger.absorb(source, [Change(id=one.id, value=one) for one in things])


async def test_who_has_registered(world: World) -> None:
    """Municipalities of those who accepted, each once, members of that year only."""
    members(world)
    await seen(world, "calendar", event(accepted=ACCEPTED), event(date(2023, 5, 10), "Vatten"))
    observed = await post_digest.observe(world.at)
    assert observed.facts.registered == {
        "uid-0308": Registered(members=2),
        "uid-0510": Registered(),
    }


async def test_the_register_tells_of_people(world: World) -> None:
    """What stands under Anmälda is taken, too."""
    await seen(world, "calendar", event())
    fields = {"NvMeetingId": "uid-0308", "NvRegistered": 34.0}
    await seen(world, "register", SeenRow(id="1", etag="e", fields=fields))
    observed = await post_digest.observe(world.at)
    assert observed.facts.registered == {"uid-0308": Registered(people=34)}


def said(world: World, number: int, text: str, **ago: float) -> SeenMessage:
    return SeenMessage(
        id=f"{number}",
        created=world.clock.now() - timedelta(**ago),
        author="person-1",
        author_name="Eva Exempel",
        text=text,
        links=(SeenLink(title="x", url="https://a.exempel.se/"),) if "Läs" in text else (),
        replies=(),
        url="https://teams.exempel.se/1",
    )


async def test_the_rest_is_forgotten(world: World) -> None:
    """Of a thousand messages those are kept that may be told of; a changed one comes again."""
    chatter = [said(world, n, "Tack för i går.", days=3) for n in range(1000)]
    world.channel.messages = [
        *chatter,
        said(world, 1001, "Hur gör ni?", days=3),
        said(world, 1002, "Läs detta", days=40),
        said(world, 1003, "Läs detta", days=70),
        said(world, 1004, "Hej!", hours=3),
    ]
    source = "channel/19:kanal"
    observed = await post_digest.observe(world.at)
    assert [one.id for one in observed.facts.messages] == ["1001", "1002"]
    assert (await world.ledger.seen(source, SeenMessage)).keys() == {"1001", "1002"}

    world.channel.messages.append(replace(chatter[0], text="Hur gör ni?"))
    again = await post_digest.observe(world.at)
    assert [one.id for one in again.facts.messages] == ["0", "1001", "1002"]


async def test_words_do_not_stay_in_the_state(world: World) -> None:
    """Neither of what was taken back or answered, nor of what is older than a letter reads."""
    world.channel.messages = [
        said(world, 1, "Hur gör ni?", days=3),
        said(world, 2, "Läs detta", days=40),
    ]
    await post_digest.observe(world.at)
    assert "Hur gör ni?" in await texts(world)

    world.channel.messages.append(replace(world.channel.messages[0], text="Tack!"))
    world.clock.moment += timedelta(days=30)
    await post_digest.observe(world.at)
    assert await texts(world) == ""


async def texts(world: World) -> str:
    of = (SIGHTS.c.network == world.network.id, SIGHTS.c.source.startswith("channel/"))
    with world.store._database.reading() as connection:
        return " ".join(map(str, connection.execute(select(SIGHTS.c.value).where(*of)).scalars()))
