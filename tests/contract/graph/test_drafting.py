"""Posting by drafts, over the sandbox tenant: a person checks, changes, sends or throws away."""

import pytest

from service.domain.post import key_in
from service.graph.drafting import DRAFT
from service.ports import Changeable, Delivery
from tests.contract.graph.post_office import BOX, LISTS, MEETING, addresses, inside, titled, told
from tests.messages import KEY, message

DRAW = {"method": "POST", "path": f"/users/{BOX}/messages"}


async def test_a_draft_waits_for_a_person(drafter, person):
    """Proved by its id, as a draft; sent by nobody but a person, it keeps its id."""
    poster = drafter.drafting(BOX, LISTS)
    assert isinstance(poster, Changeable)
    receipt = await poster.post(titled("Utkast", appointment=MEETING))
    assert (receipt.delivery, receipt.reason) == (Delivery.PROVED, DRAFT)
    (draft,) = inside(person, "drafts", "Utkast")
    assert (draft["id"], draft["isDraft"]) == (receipt.message_id, True)
    assert draft["hasAttachments"] is True
    assert addresses(draft, "bccRecipients") == list(LISTS["miljostrategi"])
    assert inside(person, "inbox", "Utkast") == []
    assert person.ask("POST", f"/users/{BOX}/messages/{draft['id']}/send").is_success
    (sent,) = inside(person, "sentitems", "Utkast")
    assert sent["id"] == receipt.message_id
    for late in (
        await poster.update(receipt.message_id, message()),
        await poster.withdraw(receipt.message_id),
    ):
        assert late.delivery is Delivery.REFUSED
        assert "sent the draft" in late.reason


async def test_a_draft_is_replaced_by_another(drafter, person):
    """The new one has an id of its own; what somebody wrote into the old one is not lost."""
    poster = drafter.drafting(BOX, LISTS)
    first = await poster.post(titled("Gammalt", appointment=MEETING))
    second = await poster.update(first.message_id, titled("Nytt"))
    assert (second.delivery, second.reason) == (Delivery.PROVED, DRAFT)
    assert [one["id"] for one in inside(person, "drafts", "Nytt")] == [second.message_id]
    assert inside(person, "drafts", "Gammalt") == []
    assert [one["id"] for one in inside(person, "deleteditems", "Gammalt")] == [first.message_id]


async def test_a_draft_that_cannot_be_replaced_stays(drafter, person, weather):
    """A refusal or a lost answer leaves the old one; reading that fails changes nothing."""
    poster = drafter.drafting(BOX, LISTS)
    first = await poster.post(titled("Kvar"))
    weather.fault(match=DRAW, status=429, retry_after=1)
    refused = await poster.update(first.message_id, titled("Hinder"))
    assert refused.delivery is Delivery.REFUSED
    assert refused.retry_at is not None
    weather.fault(match={"method": "GET", "path": "/messages/"}, status=403, code="ErrorX")
    assert (await poster.update(first.message_id, message())).delivery is Delivery.REFUSED
    weather.fault(match={"method": "GET", "path": "/messages/"}, status=403, code="ErrorX")
    assert (await poster.withdraw(first.message_id)).delivery is Delivery.REFUSED
    assert [one["id"] for one in inside(person, "drafts", "Kvar")] == [first.message_id]
    assert inside(person, "drafts", "Hinder") == []


async def test_a_draft_that_cannot_be_put_away_is_told_of(drafter, person, weather):
    """The new one is there by then; the receipt says that the former may be, too."""
    poster = drafter.drafting(BOX, LISTS)
    first = await poster.post(titled("Dubbelt"))
    weather.fault(match={"method": "POST", "path": "/move"}, status=500)
    second = await poster.update(first.message_id, titled("Dubbelt"))
    assert second.delivery is Delivery.PROVED
    assert "may lie there still" in second.reason
    assert len(inside(person, "drafts", "Dubbelt")) == 2


async def test_a_draft_is_taken_back_into_the_deleted_items(drafter, person):
    """Nothing is deleted; one that a person threw away, and one that is gone, are taken back."""
    poster = drafter.drafting(BOX, LISTS)
    receipt = await poster.post(titled("Bort"))
    assert (await poster.withdraw(receipt.message_id)).delivery is Delivery.PROVED
    (thrown,) = inside(person, "deleteditems", "Bort")
    assert thrown["id"] == receipt.message_id
    assert (await poster.withdraw(receipt.message_id)).delivery is Delivery.PROVED
    again = await poster.update(receipt.message_id, message())
    assert (again.delivery, again.retry_at) == (Delivery.REFUSED, None)
    assert "thrown the draft away" in again.reason
    assert person.ask("DELETE", f"/users/{BOX}/messages/{receipt.message_id}").is_success
    assert (await poster.withdraw(receipt.message_id)).delivery is Delivery.PROVED


@pytest.mark.parametrize("fault", [{"drop": True}, {"status": 504}, {"body": "<html>"}])
async def test_a_draft_whose_answer_was_lost_is_found_by_its_key(drafter, weather, fault):
    """Among the drafts, as a mail among the sent."""
    _, cursor = await told(drafter.drafted_mail(BOX))
    weather.fault(match=DRAW, when="after", **fault)
    receipt = await drafter.drafting(BOX, LISTS).post(titled("Borttappat"))
    assert receipt.delivery is Delivery.UNKNOWN
    ((id_, seen),) = (await told(drafter.drafted_mail(BOX), cursor))[0].items()
    assert [key_in(link.url) for link in seen.links] == [KEY]
    assert (await drafter.drafting(BOX, LISTS).withdraw(id_)).delivery is Delivery.PROVED
    assert (await told(drafter.drafted_mail(BOX)))[0].get(id_) is None


async def test_without_the_role_the_refusal_names_it(sender):
    """And the way that needs less: one who may send may not draft."""
    receipt = await sender.drafting(BOX, LISTS).post(message())
    assert receipt.delivery is Delivery.REFUSED
    assert receipt.retry_at is not None, "somebody can grant it meanwhile"
    assert "Application Mail.ReadWrite" in receipt.reason
    assert "NATVERKET_NETWORK_MAIL_AS=send" in receipt.reason


async def test_a_draft_needs_somebody_to_go_to(drafter, person):
    """As a mail does."""
    receipt = await drafter.drafting(BOX, {}).post(titled("Ingen"))
    assert receipt.delivery is Delivery.REFUSED
    assert inside(person, "drafts", "Ingen") == []
