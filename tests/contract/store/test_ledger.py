"""The ledger's contract, over every database that it runs on."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select

from service.errors import StateError
from service.observe import (
    Change,
    SeenEvent,
    SeenItem,
    SeenLink,
    SeenMessage,
    SeenPresence,
    SeenReply,
    SeenRow,
)
from service.ports import Effect, Ledger, Status, UploadState
from service.store import Store
from service.store.tables import SIGHTS

NOW = datetime(2023, 3, 1, 8, 30, 15, 123456, tzinfo=UTC)

ITEM = SeenItem(
    drive_id="drive",
    id="item",
    name="Träff – bilder.pptx",
    folder=False,
    parent_id=None,
    path="2023/2023-03-01 Träff",
    size=2**40,
    etag='"{A},1"',
    ctag='"c:{A},1"',
    created=NOW,
    modified=NOW,
    modified_by_app=None,
    web_url="https://site.example/item",
    quick_xor_hash="AAAA",
)
EVENT = SeenEvent(
    id="event",
    ical_uid="uid",
    subject="Träff",
    body_html="<p>\u0000 ”hej”</p>",
    start=NOW,
    end=NOW + timedelta(hours=2),
    location="",
    organizer="a@a.example",
    invited=("b@b.example", "c@c.example"),
    categories=(),
    cancelled=False,
    private=False,
    join_url=None,
    has_attachments=True,
    modified=NOW,
)
MESSAGE = SeenMessage(
    id="message",
    created=NOW,
    author="",
    author_name="",
    text="?",
    links=(SeenLink(title="t", url="https://x.example"),),
    replies=(SeenReply(author="p", created=NOW),),
    url="https://x.example",
)
ROW = SeenRow(id="row", etag="1", fields={"A": "text", "B": 1, "C": 1.0, "D": True, "E": None})
PRESENCE = SeenPresence(report_id="r", mail=None, name="", role="Presenter", joined=NOW, left=NOW)
UPLOAD = UploadState(
    url="https://up.example/x", offset=327680, size=2**33, expires=NOW, hash_state=b"\x00\xff" * 9
)


@pytest.fixture
def ledger(store: Store) -> Ledger:
    """An empty ledger, known by its port alone."""
    return store.ledger("network")


def change(value: SeenItem) -> Change[SeenItem]:
    """Make the change that shows an item."""
    return Change(id=value.id, value=value)


# ---------------------------------------------------------------- seen


async def test_nothing_is_known_at_first(ledger: Ledger) -> None:
    """A new ledger has no cursor, no sights and no effects."""
    assert await ledger.cursor("calendar") is None
    assert await ledger.seen("calendar", SeenEvent) == {}
    assert await ledger.effects() == {}


@pytest.mark.parametrize(
    "value", [ITEM, EVENT, MESSAGE, ROW, PRESENCE], ids=lambda value: type(value).__name__
)
async def test_a_sight_comes_back_as_it_was(ledger: Ledger, value: object) -> None:
    """Every kind of value survives, with its times, tuples, numbers and odd characters."""
    await ledger.absorb("source", [Change(id="x", value=value)])

    assert await ledger.seen("source", type(value)) == {"x": value}


async def test_absorb_keeps_cursor_and_sights(ledger: Ledger) -> None:
    """The cursor given is there afterwards; absorbing without one leaves the old one."""
    await ledger.absorb("drive/a", [change(ITEM)], cursor="one")
    await ledger.absorb("drive/a", [change(replace(ITEM, size=2))])

    assert await ledger.cursor("drive/a") == "one"
    assert (await ledger.seen("drive/a", SeenItem))["item"].size == 2


async def test_absorb_can_bring_a_cursor_alone(ledger: Ledger) -> None:
    """An empty page moves the cursor on."""
    await ledger.absorb("drive/a", [], cursor="one")
    await ledger.absorb("drive/a", [], cursor="two")

    assert await ledger.cursor("drive/a") == "two"


async def test_the_last_of_several_changes_of_one_thing_counts(ledger: Ledger) -> None:
    """A delta page may name a thing twice: the later one stands."""
    await ledger.absorb(
        "drive/a",
        [change(ITEM), Change(id="item", value=None), change(replace(ITEM, name="last"))],
    )

    assert (await ledger.seen("drive/a", SeenItem))["item"].name == "last"


async def test_gone_is_left_out_until_it_is_seen_again(ledger: Ledger) -> None:
    """A change without value hides a thing, even one never seen; a later value revives it."""
    await ledger.absorb("drive/a", [change(ITEM)])
    await ledger.absorb("drive/a", [Change(id="item", value=None), Change(id="never", value=None)])
    assert await ledger.seen("drive/a", SeenItem) == {}

    await ledger.absorb("drive/a", [change(ITEM)])
    assert await ledger.seen("drive/a", SeenItem) == {"item": ITEM}


async def test_absorb_is_all_or_nothing(ledger: Ledger) -> None:
    """If one change cannot be kept, neither the others nor the cursor are."""
    await ledger.absorb("drive/a", [], cursor="before")
    unkeepable = Change(id=None, value=ITEM)  # type: ignore[arg-type]

    with pytest.raises(StateError):
        await ledger.absorb("drive/a", [change(ITEM), unkeepable], cursor="after")

    assert await ledger.cursor("drive/a") == "before"
    assert await ledger.seen("drive/a", SeenItem) == {}


async def test_what_is_let_go_leaves_nothing_in_the_database(ledger: Ledger, store: Store) -> None:
    """Not a word of a message that is gone; those that are there and other sources stay."""
    gone = replace(MESSAGE, id="gone", text="En hemlig fråga?", author_name="Anna Exempel")
    both = [Change(id=one.id, value=one) for one in (MESSAGE, gone)]
    for source in ("channel/a", "channel/b"):
        await ledger.absorb(source, both, cursor="one")
        await ledger.absorb(source, [Change[SeenMessage](id="gone", value=None)])
    await store.ledger("other").absorb("channel/a", both)

    await ledger.let_go("channel/a")

    assert await ledger.seen("channel/a", SeenMessage) == {"message": MESSAGE}
    assert await ledger.cursor("channel/a") == "one"
    with store._database.reading() as connection:
        kept = connection.execute(select(SIGHTS).where(SIGHTS.c.id == "gone")).all()
    assert sorted((row.network, row.source) for row in kept) == [
        ("network", "channel/b"),
        ("other", "channel/a"),
    ]


async def test_forget_drops_one_source_alone(ledger: Ledger) -> None:
    """Cursor and sights of the source are gone; those of others stay."""
    for source in ("drive/a", "drive/b"):
        await ledger.absorb(source, [change(ITEM)], cursor="one")

    await ledger.forget("drive/a")

    assert await ledger.cursor("drive/a") is None
    assert await ledger.seen("drive/a", SeenItem) == {}
    assert await ledger.cursor("drive/b") == "one"
    assert await ledger.seen("drive/b", SeenItem) == {"item": ITEM}


async def test_networks_do_not_see_each_other(store: Store) -> None:
    """Two networks in one state share neither sights, cursors nor effects."""
    one, other = store.ledger("one"), store.ledger("other")
    await one.absorb("calendar", [change(ITEM)], cursor="x")
    await one.claim("key", job="file", now=NOW)

    assert await other.cursor("calendar") is None
    assert await other.seen("calendar", SeenItem) == {}
    assert await other.effects() == {}
    assert (await other.claim("key", job="file", now=NOW))[1]


async def test_a_sight_of_another_form_is_a_state_error(ledger: Ledger) -> None:
    """What can no longer be read as its kind is said so, with its source and the remedy."""
    await ledger.absorb("source", [change(ITEM)])

    with pytest.raises(StateError, match="source") as caught:
        await ledger.seen("source", SeenRow)
    assert "rebuild" in caught.value.remedy


# ---------------------------------------------------------------- done


async def test_a_claim_is_won_once(ledger: Ledger) -> None:
    """The first claim begins the effect; the second finds it as it was begun."""
    first, won = await ledger.claim("v1/key", job="file", now=NOW)
    second, again = await ledger.claim("v1/key", job="other", now=NOW + timedelta(days=1))

    assert (won, again) == (True, False)
    expected = Effect(key="v1/key", job="file", status=Status.CLAIMED, created=NOW, updated=NOW)
    assert first == second == expected


@pytest.mark.parametrize("status", Status)
async def test_an_effect_comes_back_as_it_was_kept(ledger: Ledger, status: Status) -> None:
    """All of an effect survives, whatever its status; a claim returns it and is not won."""
    effect, _ = await ledger.claim("v1/key", job="file", now=NOW)
    kept = replace(
        effect,
        status=status,
        phase="columns",
        remote_id="id",
        etag='"1"',
        baseline={"Träff": "ja", "n": 1, "list": ["a"], "none": None},
        upload=UPLOAD,
        attempts=3,
        not_before=NOW + timedelta(hours=1),
        reason="låst",
        updated=NOW + timedelta(minutes=1),
    )
    await ledger.keep(kept)

    assert await ledger.effects() == {"v1/key": kept}
    assert await ledger.claim("v1/key", job="file", now=NOW) == (kept, False)


async def test_keep_takes_what_was_never_claimed(ledger: Ledger) -> None:
    """A rebuild writes effects that it found in the tenant."""
    found = Effect(key="v1/found", job="file", status=Status.DONE, created=NOW, updated=NOW)
    await ledger.keep(found)

    assert await ledger.effects() == {"v1/found": found}


async def test_keep_can_take_back_what_was_set(ledger: Ledger) -> None:
    """Upload, reason and not-before can be emptied again."""
    effect, _ = await ledger.claim("key", job="file", now=NOW)
    await ledger.keep(replace(effect, upload=UPLOAD, not_before=NOW, remote_id="x"))
    await ledger.keep(effect)

    assert await ledger.effects() == {"key": effect}


async def test_effects_are_found_by_the_start_of_their_key(ledger: Ledger) -> None:
    """The prefix is taken as it is: case, per cent, underscore and non-ASCII letters count."""
    keys = ["v1/a/1", "v1/a/2", "v1/A/1", "v1/a_b", "v1/axb", "v1/a%", "v1/å", "v1/åå", "v2"]
    for key in keys:
        await ledger.claim(key, job="file", now=NOW)

    for prefix in ("", "v1/", "v1/a", "v1/a/", "v1/A", "v1/a_", "v1/a%", "v1/å", "v3"):
        expected = sorted((k for k in keys if k.startswith(prefix)), key=str.encode)
        assert list(await ledger.effects(prefix)) == expected


async def test_times_come_back_in_utc(ledger: Ledger) -> None:
    """A time given in another zone is the same instant, in UTC."""
    local = NOW.astimezone(timezone(timedelta(hours=2)))
    await ledger.claim("key", job="file", now=local)

    effect = (await ledger.effects())["key"]
    assert effect.created == NOW
    assert effect.created.tzinfo is UTC


async def test_a_time_without_zone_is_refused(ledger: Ledger) -> None:
    """A naive time is a mistake of ours, said at once and kept nowhere."""
    with pytest.raises(StateError, match="no time zone"):
        await ledger.claim("key", job="file", now=NOW.replace(tzinfo=None))
    assert await ledger.effects() == {}
