"""What people say in a channel: what asks, what answers, and what is worth remembering."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from service.domain.digest import digest_rules_from, waits_for_answer, worth_remembering
from service.domain.digest.talk import tips
from service.domain.period import in_pause
from service.domain.post import with_key
from service.domain.reminder import Policy
from service.observe import LATELY, SeenMessage, SeenReaction, SeenReply
from tests.messages import KEY
from tests.unit.posts.messages import message, shared

When = Callable[[str], datetime]


@pytest.mark.parametrize(
    ("text", "waits"),
    [
        ("Hur inventerar ni fladdermöss", True),
        ("Hej alla! Någon som har en mall för upphandling av kaffe", True),
        ("Har ni tänkt på detta?", True),
        ("Hva gjør dere med kjemikalier", True),
        ("Does anyone have a template", True),
        ("Vi ses på tisdag.", False),
        ("Tack för i går", False),
        ("Läs https://exempel.se/sok?fraga=1", False),
        ("När vi träffades sist var det sol.", False),
    ],
)
def test_what_a_question_is(when: When, text: str, waits: bool):
    """A question mark outside links, or a start that asks, in Swedish, Norwegian or English."""
    assert waits_for_answer(message(when("2023-10-02 09:00"), text)) is waits


def test_who_answers(when: When):
    """Another person's reply is an answer; the asker's own or an app's is none, nor do apps ask."""
    asked = when("2023-10-02 09:00")

    def replied(*authors: str) -> SeenMessage:
        replies = tuple(SeenReply(author=one, created=asked) for one in authors)
        return message(asked, "Hur gör ni?", replies=replies)

    assert waits_for_answer(replied("person-1", ""))
    assert not waits_for_answer(replied("person-1", "person-2"))
    assert not waits_for_answer(message(asked, "Hur gör ni?", author=""))


@pytest.mark.parametrize("mark", ["✅", "✔️", "✔", "☑️"])
def test_a_check_mark_answers(when: When, mark: str):
    """Somebody else's check mark is an answer; the asker's own, an app's or a thumb is none."""

    def ticked(by: str, mark: str = mark) -> SeenMessage:
        reactions = (SeenReaction(type=mark, by=by),)
        return message(when("2023-10-02 09:00"), "Hur gör ni?", reactions=reactions)

    assert not waits_for_answer(ticked("person-2"))
    assert waits_for_answer(ticked("person-1"))
    assert waits_for_answer(ticked(""))
    assert waits_for_answer(ticked("person-2", "👍"))
    assert waits_for_answer(ticked("person-2", "like"))


def test_our_own_posts_ask_nothing(when: When):
    """A post in the name of a signed-in account is neither question nor tip."""
    ours = shared(
        when("2023-10-02 09:00"), with_key("https://a.exempel.se/", KEY), text="Vad vill du ta upp?"
    )
    assert not waits_for_answer(ours)
    assert tips([ours], ()) == ()


@pytest.mark.parametrize(
    ("kind", "days", "kept"),
    [
        ("chatter", 1, False),
        ("ours", 61, True),
        ("ours", 63, False),
        ("card of another app", 1, False),
        ("tip", 61, True),
        ("tip", 63, False),
        ("question", 61, True),
        ("answered", 1, False),
    ],
)
def test_what_is_worth_remembering(when: When, kind: str, days: int, kept: bool):
    """What may still be told of, or may prove a post; the rest comes again if it changes."""
    now = when("2023-10-23 08:30")
    then = now - timedelta(days=days)
    reply = SeenReply(author="person-2", created=then)
    said = {
        "chatter": message(then, "Tack för i går"),
        "ours": shared(then, with_key("https://a.exempel.se/", KEY), author=""),
        "card of another app": shared(then, "https://a.exempel.se/", author=""),
        "tip": shared(then, "https://a.exempel.se/"),
        "question": message(then, "Hur gör ni?"),
        "answered": message(then, "Hur gör ni?", replies=(reply,)),
    }
    assert worth_remembering(said[kind], now) is kept


def test_remembered_over_the_longest_pause(
    parsed: Callable[[str], dict[str, object]], policy: Policy
):
    """Neither a question that is still listed nor a tip of before a pause is forgotten."""
    rules = digest_rules_from(parsed("posts.toml"), policy.limits)
    first = date(2023, 1, 1)
    days = [first + timedelta(days=n) for n in range(365)]
    longest = max(
        sum(pause.covers(day) for day in days if in_pause(day, rules.limits.pauses))
        for pause in rules.limits.pauses
    )
    assert timedelta(days=max(rules.question_until_days, longest + 7)) < LATELY
