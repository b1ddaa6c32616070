"""What people cannot do to calendars and meetings: every act says why."""

from datetime import date

import pytest

from service.sandbox.acts import perform
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import (
    Attach,
    Attend,
    CancelInvite,
    DeleteMail,
    Forward,
    HandOver,
    Invite,
    MoveMail,
    MoveMailbox,
    Record,
    Recurrence,
    ReplyMail,
    Respond,
)
from tests.sandbox.worlds import ANNA, BO, WORLD, day

AT = {"at": day(0)}
HOURS = {"start": day(3), "end": day(3, 11)}


def invite(key, **given):
    plain = {"organizer": ANNA.id, "subject": key, "body_html": "", **HOURS}
    return Invite(**AT, key=key, **{**plain, **given})


@pytest.fixture(scope="module")
def tenant(tmp_path_factory):
    made = Tenant(WORLD, tmp_path_factory.mktemp("tenant"))
    with made.store.transaction():
        perform(made, invite("möte"))
        perform(made, invite("serie", recurrence=Recurrence(type="daily", count=2)))
    yield made
    made.store.close()


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (CancelInvite(**AT, key="ingen"), "Nobody has invited to ingen"),
        (CancelInvite(**AT, key="möte", occurrence=date(2023, 1, 4)), "is no series"),
        (CancelInvite(**AT, key="serie", occurrence=date(2023, 3, 1)), "does not come on"),
        (invite("möte"), "an invitation möte already"),
        (invite("ny", organizer="x"), "nobody who could invite"),
        (invite("ny", end=day(2)), "ends before it begins"),
        (invite("ny", recurrence=Recurrence(type="daily", interval=0)), "An interval is 1 to"),
        (invite("ny", join_of="ingen"), "Nobody has invited to ingen"),
        (invite("ny", channel="19:x"), "There is no channel"),
        (HandOver(**AT, key="möte", new_key="ny", organizer="x"), "nobody who could invite"),
        (Respond(**AT, key="möte", by=BO.mail, response="accepted"), "is not invited"),
        (Respond(**AT, key="möte", by=BO.mail, response="kanske"), "is none of"),
        (Forward(**AT, key="ingen", to=BO.mail), "Nobody has invited"),
        (MoveMailbox(**AT, mailbox="x@y.z"), "nobody's address"),
        (
            Attach(**AT, key="ingen", name="a", content_type="b", content=lambda: b""),
            "Nobody has invited",
        ),
        (Record(**AT, key="möte", content=lambda: b"", **HOURS), "no online meeting"),
        (Attend(**AT, key="möte", records=(), **HOURS), "no online meeting"),
        (MoveMail(**AT, key="inget", folder="archive"), "No mail inget"),
        (DeleteMail(**AT, key="inget"), "No mail inget"),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else value,
)
def test_an_act_that_cannot_be_says_why(tenant, act, words):
    """And nothing has happened."""
    before = tenant.store.value("SELECT count(*) FROM events")
    with pytest.raises(ValueError, match=words), tenant.store.transaction():
        perform(tenant, act)
    assert tenant.store.value("SELECT count(*) FROM events") == before


def test_an_answer_to_nothing_waits(tenant):
    """The mail may come yet."""
    with tenant.store.transaction():
        assert (
            perform(tenant, ReplyMail(**AT, key="r", to="x", sender=BO.mail, body_html="")) is False
        )
