"""What is said of roles, columns, clocks, credentials, recordings, and of what runs."""

from datetime import UTC, datetime, timedelta

import pytest

from service.domain.check import Finding, Remedy, Verdict
from service.domain.check.clocks import judged as of_clock
from service.domain.check.columns import SeenColumn, compare
from service.domain.check.consent import WANTED
from service.domain.check.consent import judged as of_roles
from service.domain.check.credentials import ending
from service.domain.check.meetings import Route
from service.domain.check.meetings import judged as of_route
from service.domain.check.tiers import tier
from service.domain.register import Column, Owner, Type

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MEND = Remedy(who="somebody", steps=("this",))


def test_roles_that_are_too_much_are_told_with_the_reason() -> None:
    """What is wanted is there: each further role is a warning of its own, and no failure."""
    found = list(of_roles({*WANTED, "Mail.Send", "User.Read.All"}, "app"))

    assert [one.verdict for one in found] == [Verdict.OK, Verdict.WARNING, Verdict.WARNING]
    assert "sends mail as everybody" in found[1].said
    assert "is not needed" in found[2].said


def test_a_wider_role_does_the_work_of_a_wanted_one() -> None:
    """Sites.FullControl.All opens the site too: it is too much, and nothing is missing."""
    there = {*WANTED, "Sites.FullControl.All"} - {"Sites.Selected"}

    assert [one.verdict for one in of_roles(there, "app")] == [Verdict.OK, Verdict.WARNING]


@pytest.mark.parametrize(
    ("days", "verdict"),
    [
        (-1, Verdict.FAILED),
        (0, Verdict.FAILED),
        (6, Verdict.WARNING),
        (29, Verdict.WARNING),
        (59, Verdict.WARNING),
        (60, Verdict.OK),
        (400, Verdict.OK),
    ],
)
def test_credentials_that_end(days: int, verdict: Verdict) -> None:
    """From 60 days before the end it is a warning, and a failure once it is over."""
    found = ending("sign-in", "certificate", NOW + timedelta(days=days), NOW, MEND)

    assert found.verdict is verdict


@pytest.mark.parametrize(("days", "limit"), [(3, 7), (7, 30), (30, 60)])
def test_the_nearest_limit_is_told(days: int, limit: int) -> None:
    """60, 30 and 7 days before the end."""
    found = ending("sign-in", "certificate", NOW + timedelta(days=days), NOW, MEND)

    assert found.said.endswith(f"fewer than {limit}")


@pytest.mark.parametrize(
    ("seconds", "verdict", "word"),
    [
        (0, Verdict.OK, "within"),
        (-59, Verdict.OK, "within"),
        (90, Verdict.WARNING, "ahead of"),
        (-90, Verdict.WARNING, "behind"),
        (-300, Verdict.FAILED, "behind"),
    ],
)
def test_clocks(seconds: int, verdict: Verdict, word: str) -> None:
    """A minute is nothing, five are too much for an assertion."""
    found = of_clock(NOW + timedelta(seconds=seconds), NOW)

    assert (found.verdict, word in found.said) == (verdict, True)


STATUS = Column(
    name="NvStatus",
    title="Status",
    type=Type.CHOICE,
    owner=Owner.SERVICE,
    choices=(("held", "Genomfört"), ("cancelled", "Inställt")),
)
DAY = Column(name="NvStart", title="Datum", type=Type.DATE, owner=Owner.SERVICE)


def test_columns_that_are_not_as_they_should_be() -> None:
    """Missing, of another type, choices without their words; a choice that may be typed is fine."""
    closed = SeenColumn(name="NvStatus", title="Läge", kind="choice", choices=("Klart", "Inställt"))
    filled = SeenColumn(name="NvStatus", title="Läge", kind="choice", fill_in=True)
    text = SeenColumn(name="NvStart", title="Datum", kind="text")

    assert compare((STATUS, DAY), ()).missing == ("NvStatus", "NvStart")
    assert compare((DAY,), (text,)).mistyped == ("NvStart is text, not date",)
    assert compare((STATUS,), (closed,)).renamed == ("NvStatus: Genomfört",)
    assert compare((STATUS,), (filled,)).good


def test_columns_that_hold_back() -> None:
    """A required column does, unless it is the name, is written by SharePoint, or has a default."""
    plain = {"kind": "text", "required": True}
    own = SeenColumn(name="Diarienummer", title="Diarienummer", **plain)
    name = SeenColumn(name="FileLeafRef", title="Namn", **plain)
    written = SeenColumn(name="Created", title="Skapat", read_only=True, **plain)
    default = SeenColumn(name="Klass", title="Klass", defaults=True, **plain)

    assert compare((), (own, name, written, default)).required == ("Diarienummer",)


@pytest.mark.parametrize(
    ("route", "watches", "verdict", "words"),
    [
        (Route(organizer="a"), False, Verdict.OK, "meeting API ✓"),
        (Route(organizer="a", unnamed=True), False, Verdict.UNUSED, "none of the known"),
        (Route(organizer="a", transcribes=False), False, Verdict.WARNING, "transcription is off"),
        (Route(organizer="a", blocked=True), False, Verdict.FAILED, "blocked by policy"),
        (Route(organizer="a", in_channel=True), True, Verdict.OK, "channel library ✓"),
        (Route(organizer="a", in_channel=True), False, Verdict.WARNING, "not watched"),
        (Route(organizer="a", found=False), False, Verdict.WARNING, "no online meeting"),
    ],
)
def test_how_recordings_come(route: Route, watches: bool, verdict: Verdict, words: str) -> None:
    """The living way to each organiser's recordings, and what stands in it."""
    found = of_route(route, watches_channel=watches)

    assert (found.verdict, words in found.said) == (verdict, True)


GROUND = ("site", "libraries", "register", "calendar")


def having(*names: str) -> list[Finding]:
    return [Finding(name=name, verdict=Verdict.OK, said="") for name in (*GROUND, *names)]


@pytest.mark.parametrize(
    ("findings", "runs", "further"),
    [
        (having()[1:], "nothing yet", "site"),
        (having(), "files", "NATVERKET_NETWORK_POST_VIA=workflow"),
        (having("posts by workflow"), "files · posts by workflow", "natverket teams-app"),
        (
            having("posts by workflow", "channel read"),
            "files · posts by workflow · channel read and posts proved",
            "bot",
        ),
        (
            having("posts by workflow", "channel read", "posts by bot"),
            "files · posts by workflow · channel read and posts proved · bot",
            "",
        ),
    ],
)
def test_the_tier(findings: list[Finding], runs: str, further: str) -> None:
    """What runs, and what the next step would need."""
    found = tier(findings)

    assert found[0] == runs
    assert further in found[1]
