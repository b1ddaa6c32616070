"""Single translations: times, people and apps, cards, receipts, clocks, columns."""

import asyncio
from datetime import UTC, datetime

import httpx
import msgspec
import pytest

from service.domain.provision import Column, ColumnType
from service.errors import SettingsError
from service.graph.clock import SandboxClock, SystemClock
from service.graph.messages import WireMessage, seen_message
from service.graph.provision import definition
from service.graph.wire import Moment, WireEvent, WireItem, seen_event, seen_fields, seen_item
from service.graph.workflow import WorkflowPoster, envelope, receipt
from service.ports import Delivery
from tests.contract.graph.fakes import START, FakeClock, Wire, gateway
from tests.messages import message


@pytest.mark.parametrize(
    ("value", "zone", "expected"),
    [
        ("2023-07-01T09:00:00.0000000", "UTC", datetime(2023, 7, 1, 9, tzinfo=UTC)),
        ("2023-07-01T09:00:00.1234567", "Europe/Stockholm", datetime(2023, 7, 1, 7, tzinfo=UTC)),
        ("2023-01-01T09:00:00", "Europe/Stockholm", datetime(2023, 1, 1, 8, tzinfo=UTC)),
        ("2023-01-01T09:00:00+01:00", "UTC", datetime(2023, 1, 1, 8, tzinfo=UTC)),
    ],
)
def test_times_with_seven_digits_and_zones(value, zone, expected):
    """Graph's fractions of seven digits and its zones become UTC."""
    data = msgspec.json.encode({"dateTime": value, "timeZone": zone})
    assert msgspec.json.decode(data, type=Moment).utc().replace(microsecond=0) == expected


@pytest.mark.parametrize(
    ("by", "app"),
    [
        ({"application": {"id": "a"}, "user": {"displayName": "SharePoint App"}}, "a"),
        ({"application": {"id": "a"}}, "a"),
        ({"application": {"id": "word"}, "user": {"id": "p", "email": "p@x.se"}}, None),
        ({"user": {"email": "p@x.se"}}, None),
        (None, None),
    ],
)
def test_who_wrote_last(by, app):
    """A person who edits in Word is a person; an app that acts for itself is an app."""
    data = msgspec.json.encode({"id": "i", "name": "n", "lastModifiedBy": by})
    item = seen_item("d", msgspec.json.decode(data, type=WireItem), "")
    assert item.modified_by_app == app


def test_paths_of_parents():
    """Quoted or not, below any kind of root."""
    for path, expected in (
        ("/drives/b!x/root:", ""),
        ("/drives/b!x/root:/2023/M%C3%B6te%20%231", "2023/Möte #1"),
        ("/drive/root:/2023/50% rabatt", "2023/50% rabatt"),
        (None, None),
    ):
        data = msgspec.json.encode({"id": "i", "parentReference": {"path": path}})
        assert msgspec.json.decode(data, type=WireItem).parent_path() == expected


def test_columns_of_every_kind():
    """Annotations go; several choices and hyperlinks become text."""
    raw = {
        "@odata.etag": "x",
        "A@odata.type": "y",
        "A": ["b", "c"],
        "L": {"Url": "https://x.se", "Description": "x"},
        "P": {"LookupId": 1},
        "N": None,
        "B": False,
        "F": 1.5,
    }
    expected = {"A": "b; c", "L": "https://x.se", "N": None, "B": False, "F": 1.5}
    assert seen_fields(raw) == expected


def test_a_card_that_is_no_card():
    """Somebody else's broken card costs its buttons, not the message."""
    card = {"contentType": "application/vnd.microsoft.card.adaptive", "content": "{"}
    data = msgspec.json.encode(
        {
            "id": "1678000000000",
            "body": {"contentType": "text", "content": "a < b & c.html"},
            "attachments": [card, {"contentType": "reference", "content": None}],
        }
    )
    message = msgspec.json.decode(data, type=WireMessage)
    seen = seen_message(message, [])
    assert (seen.text, seen.links, seen.author) == ("a < b & c.html", (), "")
    assert seen.created.tzinfo is UTC


def test_a_text_that_looks_like_an_address():
    """The parser's warning about it does not end the run; only web links count."""
    for content in ("https://x.se/a", "plan.html", '<a href="javascript:x()">a</a>'):
        data = msgspec.json.encode({"id": "1", "body": {"content": content}})
        assert seen_message(msgspec.json.decode(data, type=WireMessage), []).links == ()


async def test_an_occurrence_that_comes_thin_is_fetched():
    """A delta may tell only id and times of an occurrence; the rest is asked for."""
    whole = {
        "id": "e",
        "iCalUId": "u",
        "subject": "Möte",
        "start": {"dateTime": "2023-03-08T08:00:00.0000000", "timeZone": "UTC"},
        "end": {"dateTime": "2023-03-08T09:00:00.0000000", "timeZone": "UTC"},
        "organizer": {"emailAddress": {"address": "V@X.se"}},
    }
    thin = {"id": "e", "type": "occurrence", "start": whole["start"], "end": whole["end"]}
    master = {"id": "m", "type": "seriesMaster"}

    async def handle(request):
        if "delta" in request.url.path:
            body = {"value": [master, thin], "@odata.deltaLink": "https://graph.microsoft.com/x"}
            return httpx.Response(200, json=body)
        return httpx.Response(200, json=whole)

    async with gateway(Wire(handle), FakeClock()) as tenant:
        window = (START, START)
        pages = [p async for p in tenant.calendar("n@x.se").changes(None, window)]
    (change,) = pages[0].changes
    expected = seen_event(msgspec.json.decode(msgspec.json.encode(whole), type=WireEvent))
    assert change.value == expected
    assert expected.organizer == "v@x.se"


async def test_an_item_of_a_delta_without_path():
    """Its folders are remembered as they go by, or asked for once."""
    asked = []

    async def handle(request):
        if "delta" in request.url.path:
            body = {
                "value": [
                    {"id": "2", "name": "Möten", "folder": {}, "parentReference": {"id": "1"}},
                    {"id": "3", "name": "a", "parentReference": {"id": "2"}},
                    {"id": "4", "name": "b", "parentReference": {"id": "2"}},
                ],
                "@odata.deltaLink": "https://graph.microsoft.com/x",
            }
            return httpx.Response(200, json=body)
        asked.append(request.url.path)
        folder = {"id": "1", "name": "2023", "folder": {}, "parentReference": {"id": "0"}}
        if request.url.path.endswith("/0"):
            folder = {"id": "0", "name": "root", "root": {}, "folder": {}}
        return httpx.Response(200, json=folder)

    async with gateway(Wire(handle), FakeClock()) as tenant:
        pages = [p async for p in tenant.drives().changes("d", None)]
    assert [c.value.path for c in pages[0].changes] == ["2023", "2023/Möten", "2023/Möten"]
    assert len(asked) == 2


# ---------------------------------------------------------------- receipts


def answered(status, text="", **headers):
    return receipt(httpx.Response(status, text=text, headers=headers), START)


@pytest.mark.parametrize(
    ("status", "text", "delivery"),
    [
        (202, "", Delivery.QUEUED),
        (200, "1", Delivery.QUEUED),
        (400, "bad card", Delivery.REFUSED),
        (401, "", Delivery.REFUSED),
        (404, "", Delivery.REFUSED),
        (413, "", Delivery.REFUSED),
        (500, "", Delivery.UNKNOWN),
        (502, "", Delivery.UNKNOWN),
        (503, "", Delivery.UNKNOWN),
    ],
)
def test_what_an_answer_means(status, text, delivery):
    """2xx queued, 4xx refused, 5xx unknown: it may have been posted."""
    assert answered(status, text).delivery is delivery
    assert answered(status, text).retry_at is None


def test_throttled_posts_have_a_time():
    """By status, or by words inside a 200."""
    by_status = answered(429, "", **{"Retry-After": "90"})
    by_words = answered(200, "Webhook message delivery failed with HTTP error 429")
    for one, seconds in ((by_status, 90), (by_words, 60)):
        assert one.delivery is Delivery.REFUSED
        assert (one.retry_at - START).total_seconds() == seconds


@pytest.mark.parametrize(
    ("error", "delivery"),
    [
        (httpx.ConnectError("x"), Delivery.REFUSED),
        (httpx.ConnectTimeout("x"), Delivery.REFUSED),
        (httpx.ReadTimeout("x"), Delivery.UNKNOWN),
        (httpx.WriteError("x"), Delivery.UNKNOWN),
        (httpx.RemoteProtocolError("x"), Delivery.UNKNOWN),
    ],
)
async def test_no_answer_is_told_and_not_repeated(error, delivery):
    """Never raises, never sends twice, and never with Graph's token."""

    async def handle(_request):
        raise error

    wire = Wire(handle)
    async with gateway(wire, FakeClock()) as tenant:
        posted = await tenant.workflow("https://flow.example/x?sig=canary").post(message())
    assert posted.delivery is delivery
    assert "canary" not in posted.reason
    assert len(wire.sent) == 1
    assert "Authorization" not in wire.sent[0].headers


def test_the_envelope():
    """As the template's trigger wants it, Swedish letters in their two bytes."""
    wrapped = envelope('{"text":"åäö"}'.encode())
    body = msgspec.json.decode(wrapped)
    assert body["type"] == "message"
    assert body["attachments"][0]["content"] == {"text": "åäö"}
    assert "åäö".encode() in wrapped


def test_an_address_in_the_clear_is_refused():
    """The address is a secret, so it takes https; loopback may do without."""
    with pytest.raises(SettingsError):
        WorkflowPoster(None, "http://flow.example/x")
    WorkflowPoster(None, "http://127.0.0.1:1/x")


# ---------------------------------------------------------------- clocks and columns


def test_a_sandbox_clock_is_on_this_machine():
    """Any other host is a mistake in the settings."""
    with pytest.raises(SettingsError, match="CLOCK_URL"):
        SandboxClock("https://clock.example/_sandbox/clock")
    assert SystemClock().now().tzinfo is UTC


async def test_sleeping_moves_the_sandbox(fresh):
    """`now` follows; two who sleep at once wake at once; backwards moves nothing."""

    clock = SandboxClock(fresh.env["NATVERKET_CLOCK_URL"], ca_file=fresh.ca_file)
    began = await clock.refresh()
    await asyncio.gather(clock.sleep(60), clock.sleep(60))
    assert (clock.now() - began).total_seconds() == 60
    await clock.move_to(began)
    other = SandboxClock(fresh.env["NATVERKET_CLOCK_URL"], ca_file=fresh.ca_file)
    assert await other.refresh() == clock.now()
    await clock.sleep(30)
    await other.sleep(10)
    assert await clock.refresh() == other.now()
    await clock.close()
    await other.close()


@pytest.mark.parametrize("type_", ColumnType)
def test_columns_as_graph_defines_them(type_):
    """Each type has its facet; what is unique is indexed."""
    body = definition(Column(name="NvX", display_name="X", type=type_, unique=True))
    assert body["indexed"]
    facets = {"text", "number", "boolean", "dateTime", "choice"} & body.keys()
    assert len(facets) == 1
