"""Posting by mail, over the sandbox tenant: what arrives, what is refused, what is in doubt."""

from base64 import b64decode
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from icalendar import Calendar

from service.domain.post import COMMON, Button, Card, key_in, with_key
from service.errors import Forbidden
from service.graph.mailing import MOST_RECIPIENTS, PAUSE, recipients
from service.ports import Delivery, Message
from tests.contract.graph import post_office, worlds
from tests.contract.graph.conftest import entering
from tests.contract.graph.fakes import GRAPH, START, FakeClock, Wire, gateway
from tests.contract.graph.post_office import BOX, LISTS, MEETING, addresses, inside, titled, told
from tests.messages import KEY, message

SEND = {"method": "POST", "path": "/sendMail"}


# ---------------------------------------------------------------- what arrives


async def test_a_post_is_one_mail_to_the_mailbox_with_lists_in_secret(sender, person):
    """Taken, not proved; the lists are blind copies; the page and the calendar file are in it."""
    receipt = await sender.mailing(BOX, LISTS).post(titled("Ett", appointment=MEETING))
    assert (receipt.delivery, receipt.message_id) == (Delivery.QUEUED, None)
    (sent,) = inside(person, "sentitems", "Ett")
    assert sent["subject"] == "Ett · Miljöstrategigruppen"
    assert addresses(sent, "toRecipients") == [BOX]
    assert addresses(sent, "bccRecipients") == list(LISTS["miljostrategi"])
    assert sent["body"]["contentType"] == "html"
    assert '<html lang="sv">' in sent["body"]["content"]
    assert sent["importance"] == "normal"
    (file,) = person.get(f"/users/{BOX}/messages/{sent['id']}/attachments")["value"]
    assert (file["name"], file["contentType"]) == ("2023-03-08.ics", "text/calendar")
    (event,) = Calendar.from_ical(b64decode(file["contentBytes"])).walk("VEVENT")
    assert (event["UID"], event["ORGANIZER"]) == ("uid-0308", f"mailto:{BOX}")
    (own,) = inside(person, "inbox", "Ett")
    assert own["bccRecipients"] == []


async def test_without_a_date_nothing_is_attached(sender, person):
    """A digest is words alone."""
    assert (await sender.mailing(BOX, LISTS).post(titled("Två"))).delivery is Delivery.QUEUED
    (sent,) = inside(person, "sentitems", "Två")
    assert sent["hasAttachments"] is False


@pytest.mark.parametrize(
    ("groups", "lists", "whom"),
    [
        ((), {COMMON: ("a",), "x": ("b",)}, ("a",)),
        (("x",), {COMMON: ("a",), "x": ("b", "c")}, ("b", "c")),
        (("y",), {COMMON: ("a",), "x": ("b",)}, ("a",)),
        (("x", "y"), {COMMON: ("a",), "x": ("b",), "y": ("c",)}, ("a",)),
        (("x", "y"), {"x": ("b", "d"), "y": ("c", "b")}, ("b", "d", "c")),
        (("x", "y"), {"x": ("b",)}, ()),
        (("y",), {"x": ("b",)}, ()),
        ((), {"x": ("b",)}, ()),
    ],
)
def test_whom_a_post_goes_to(groups, lists, whom):
    """One group's own list; of several the common one, else all of theirs, else nobody."""
    assert recipients(groups, lists) == whom


# ---------------------------------------------------------------- proof


async def test_a_sent_mail_is_known_by_its_key(witness, person):
    """As a post in a channel is; what people write from the mailbox is not told of."""
    sent = witness.sent_mail(BOX)
    _, cursor = await told(sent)
    own = {
        "subject": "Privat",
        "body": {"contentType": "HTML", "content": '<a href="https://exempel.se">Hej</a>'},
        "toRecipients": [{"emailAddress": {"address": "k@nat.example"}}],
    }
    assert person.ask("POST", f"/users/{BOX}/sendMail", json={"message": own}).is_success
    await witness.mailing(BOX, LISTS).post(titled("Tre"))
    seen, cursor = await told(sent, cursor)
    ((id_, mail),) = seen.items()
    assert [key_in(link.url) for link in mail.links] == [KEY]
    assert (mail.text, mail.author) == ("", "")
    assert inside(person, "sentitems", "Tre")[0]["id"] == id_ == mail.id
    assert mail.url
    assert (await told(sent, cursor))[0] == {}


async def test_reading_what_was_sent_is_one_request(witness, weather):
    """Of a folder with less than a page, and again when there is nothing new."""
    sent = witness.sent_mail(BOX)
    before = weather.count("GET", "sentitems")
    _, cursor = await told(sent)
    assert weather.count("GET", "sentitems") == before + 1
    await told(sent, cursor)
    assert weather.count("GET", "sentitems") == before + 2


async def test_a_mail_that_is_put_away_is_gone_from_the_sent(witness, person):
    """It is told of as removed, as a message that is deleted in a channel."""
    await witness.mailing(BOX, LISTS).post(titled("Fyra"))
    seen, cursor = await told(witness.sent_mail(BOX))
    (mail,) = inside(person, "sentitems", "Fyra")
    assert mail["id"] in seen
    person.ask(
        "POST", f"/users/{BOX}/messages/{mail['id']}/move", json={"destinationId": "archive"}
    )
    assert (await told(witness.sent_mail(BOX), cursor))[0] == {mail["id"]: None}


async def test_a_first_reading_goes_sixty_days_back_and_asks_for_what_is_left_out():
    """Delta may tell of a mail without its body; one that is gone by then is passed over."""
    page = with_key("https://natverk.example", KEY)
    whole = {"id": "1", "body": {"contentType": "html", "content": f'<a href="{page}">Program</a>'}}
    link = f"{GRAPH}/v1.0/users/{BOX}/mailFolders/sentitems/messages/delta?$deltatoken=x"
    asked = []

    async def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        if "delta" in request.url.path:
            found = {"value": [{"id": "1"}, {"id": "2"}], "@odata.deltaLink": link}
            return httpx.Response(200, json=found)
        return httpx.Response(200, json=whole) if "/1" in request.url.path else httpx.Response(404)

    async with gateway(Wire(answer), FakeClock()) as way:
        seen, cursor = await told(way.sent_mail(BOX))
    assert f"receivedDateTime+ge+{START - timedelta(days=60):%Y-%m-%d}T00:00:00Z" in asked[0]
    assert ({id_: len(mail.links) for id_, mail in seen.items()}, cursor) == ({"1": 1}, link)
    assert len(asked) == 3


async def test_sent_mail_is_read_only_where_that_is_granted(sender):
    """The right is named in Exchange's own words."""
    with pytest.raises(Forbidden) as caught:
        await told(sender.sent_mail(BOX))
    assert "Application Mail.Read" in caught.value.remedy


# ---------------------------------------------------------------- what is refused


async def test_without_the_role_the_refusal_names_it(office):
    """As Exchange calls it."""
    async with entering(office, post_office.STRANGER) as stranger:
        receipt = await stranger.mailing(BOX, LISTS).post(message())
    assert receipt.delivery is Delivery.REFUSED
    assert receipt.retry_at is not None, "somebody can grant it meanwhile"
    assert "Application Mail.Send" in receipt.reason


async def test_nobody_to_write_to(sender, weather):
    """No list, an address that is none, more than Exchange takes, a mailbox that is not there."""
    before = weather.count("POST", "/sendMail")
    nobody = await sender.mailing(BOX, {}).post(message())
    many = tuple(f"p{number}@nat.example" for number in range(MOST_RECIPIENTS))
    crowd = await sender.mailing(BOX, {COMMON: many}).post(replace(message(), groups=()))
    assert weather.count("POST", "/sendMail") == before
    odd = await sender.mailing(BOX, {COMMON: ("ingen",)}).post(message())
    for receipt in (nobody, crowd, odd):
        assert (receipt.delivery, receipt.retry_at) == (Delivery.REFUSED, None)
        assert "NATVERKET_NETWORK_MAIL_LISTS" in receipt.reason
    assert "miljostrategi" in nobody.reason
    assert "'ingen'" in odd.reason
    lost = await sender.mailing("x@nat.example", LISTS).post(message())
    assert (lost.delivery, lost.retry_at) == (Delivery.REFUSED, None)


@pytest.mark.parametrize(
    ("fault", "seconds"),
    [
        ({"status": 429, "retry_after": 600}, 600),
        ({"status": 429}, PAUSE.total_seconds()),
        ({"status": 503, "retry_after": 120}, 120),
    ],
)
async def test_a_throttled_post_is_refused_until_then(sender, weather, person, fault, seconds):
    """Nothing was sent, nothing is repeated from here; a pause that still holds answers at once."""
    title = f"Strypt {fault}"
    before = weather.count("POST", "/sendMail")
    weather.fault(match=SEND, code="ApplicationThrottled", **fault)
    receipt = await sender.mailing(BOX, LISTS).post(titled(title))
    assert receipt.delivery is Delivery.REFUSED
    assert receipt.retry_at == worlds.START + timedelta(seconds=seconds)
    assert weather.count("POST", "/sendMail") == before + 1
    if seconds == 600:
        again = await sender.mailing(BOX, LISTS).post(titled(title))
        assert (again.delivery, again.retry_at) == (Delivery.REFUSED, receipt.retry_at)
        assert weather.count("POST", "/sendMail") == before + 1
    assert inside(person, "sentitems", title) == []


# ---------------------------------------------------------------- what is in doubt


@pytest.mark.parametrize(
    ("fault", "sent"),
    [
        ({"status": 500, "when": "before"}, 0),
        ({"status": 503, "when": "before"}, 0),
        ({"drop": True, "when": "before"}, 0),
        ({"status": 502, "when": "after"}, 1),
        ({"status": 504, "when": "after"}, 1),
        ({"drop": True, "when": "after"}, 1),
    ],
)
async def test_a_lost_answer_is_cleared_up_by_the_sent_mail(witness, weather, person, fault, sent):
    """Unknown, asked once; whether it went is seen in Sent Items."""
    title = f"Osäkert {fault}"
    _, cursor = await told(witness.sent_mail(BOX))
    before = weather.count("POST", "/sendMail")
    weather.fault(match=SEND, **fault)
    receipt = await witness.mailing(BOX, LISTS).post(titled(title))
    assert (receipt.delivery, receipt.message_id) == (Delivery.UNKNOWN, None)
    assert receipt.reason
    assert weather.count("POST", "/sendMail") == before + 1
    seen, _ = await told(witness.sent_mail(BOX), cursor)
    assert len(seen) == len(inside(person, "sentitems", title)) == sent


@pytest.mark.parametrize(
    ("error", "delivery"),
    [
        (httpx.ConnectError("no route"), Delivery.REFUSED),
        (httpx.ConnectTimeout("slow"), Delivery.REFUSED),
        (httpx.ReadTimeout("slow"), Delivery.UNKNOWN),
        (httpx.WriteError("cut"), Delivery.UNKNOWN),
    ],
)
async def test_what_was_never_sent_may_be_tried_again(error, delivery):
    """Without a connection nothing was posted; after one, nobody knows."""

    async def fail(request: httpx.Request) -> httpx.Response:
        raise error

    wire = Wire(fail)
    async with gateway(wire, FakeClock()) as way:
        receipt = await way.mailing(BOX, LISTS).post(message())
    assert receipt.delivery is delivery
    assert receipt.retry_at == (START + PAUSE if delivery is Delivery.REFUSED else None)
    assert len(wire.sent) == 1


async def test_without_a_token_nothing_is_sent(office, weather):
    """A secret that has expired: refused for now, and said so."""
    before = weather.count("POST", "/sendMail")
    async with entering(office, replace(post_office.SENDER, secret="gammal~secret")) as closed:
        receipt = await closed.mailing(BOX, LISTS).post(message())
    assert (receipt.delivery, receipt.retry_at) == (Delivery.REFUSED, worlds.START + PAUSE)
    assert "NATVERKET_CLIENT_SECRET" in receipt.reason
    assert weather.count("POST", "/sendMail") == before


async def test_a_card_that_cannot_carry_its_key_is_our_own_mistake(sender):
    """As with every other way."""
    card = Card(language="sv", label="", title="x", buttons=(Button("x", "http://exempel.se"),))
    with pytest.raises(ValueError, match="no https button"):
        await sender.mailing(BOX, LISTS).post(Message(key=KEY, card=card))
