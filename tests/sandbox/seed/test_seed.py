"""What every seed keeps to."""

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from service.sandbox.seed import data, load
from service.sandbox.timeline import (
    Act,
    Attach,
    Attend,
    CancelInvite,
    EditRow,
    Invite,
    Record,
    Reinvite,
    Say,
    Seed,
    Upload,
)

STOCKHOLM = ZoneInfo("Europe/Stockholm")
MAIL = re.compile(r"[\w.+-]+@[\w.-]+\w")
HOSTED = ("natverk@", "webbinarier@", "miljostrategi@", "naturvard@", "rattvis-handel@")


def invitations(seed: Seed) -> dict[str, Invite]:
    return {act.key: act for act in seed.acts if isinstance(act, Invite)}


def meetings(seed: Seed) -> dict[str, Invite]:
    return {key: act for key, act in invitations(seed).items() if not key.startswith("noise")}


@pytest.mark.parametrize("name", ["2023", "example"])
def test_two_loads_are_equal(name: str) -> None:
    """Loading twice gives equal acts, and equal bytes of every file."""
    one, other = (load(name, today=date(2026, 5, 19)) for _ in range(2))
    assert one == other
    for act, same in zip(one.acts, other.acts, strict=True):
        if isinstance(act, Attach | Upload | Record):
            assert isinstance(same, Attach | Upload | Record)
            assert act.content() == same.content()


def test_an_unknown_seed_is_refused() -> None:
    """A name that no seed has is refused with those that there are."""
    with pytest.raises(ValueError, match="2023, example"):
        load("1999", today=date(2026, 1, 1))


def test_acts_are_in_time_order(real: Seed, example: Seed) -> None:
    """Acts are sorted, aware and in UTC, and none comes before the first day."""
    for seed in (real, example):
        times = [act.at for act in seed.acts]
        assert times == sorted(times)
        assert all(moment.utcoffset() == timedelta(0) for moment in times)
    assert real.acts[0].at > real.world.start


def test_data_lie_in_the_package_or_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An installed package carries `config` in itself; a checkout has it beside the package."""
    package = tmp_path / "service"
    monkeypatch.setattr(data, "__file__", str(package / "sandbox" / "seed" / "data.py"))
    assert data.folder() == tmp_path / "config" / "seeds"
    (package / "config").mkdir(parents=True)
    assert data.folder() == package / "config" / "seeds"


def test_the_real_year_starts_at_new_year(real: Seed) -> None:
    """The clock of 2023 starts at local midnight."""
    assert real.world.start == datetime(2022, 12, 31, 23, tzinfo=UTC)


def test_seventeen_meetings_are_held_and_one_is_called_off(real: Seed) -> None:
    """Eighteen invitations are network meetings, one of them cancelled a week before."""
    cancelled = [act for act in real.acts if isinstance(act, CancelInvite)]
    assert len(meetings(real)) == 18
    assert [act.key for act in cancelled] == ["2023-11-22"]
    ahead = meetings(real)["2023-11-22"].start - cancelled[0].at
    assert timedelta(days=7) <= ahead < timedelta(days=8)


def test_noise_names_no_group_where_it_may_be_read(real: Seed) -> None:
    """Eight other events lie in the calendar; what is not private names no focus group."""
    noise = [act for key, act in invitations(real).items() if key.startswith("noise")]
    assert len(noise) == 8
    for event in (event for event in noise if not event.private):
        assert not event.categories
        assert not any(address.startswith(HOSTED[2:]) for address in event.attendees)
        assert not re.search("miljöstrategi|naturvård|rättvis", event.subject.lower())


def test_every_meeting_reaches_the_network_mailbox(real: Seed) -> None:
    """The mailbox organises or is invited, and both happen."""
    mailbox = next(one for one in real.world.people if one.mail == real.world.mailbox)
    own = [act for act in meetings(real).values() if act.organizer == mailbox.id]
    assert 0 < len(own) < 17
    for act in meetings(real).values():
        assert act.organizer == mailbox.id or mailbox.mail in act.attendees


def test_groups_are_named_in_three_ways(real: Seed) -> None:
    """By address mostly, twice by category and twice by the subject's words alone."""
    ways = Counter(
        "address" if any(one.startswith(HOSTED[2:]) for one in act.attendees)
        else "category" if act.categories
        else "subject" if act.subject.startswith("Miljöstrategi: ")
        else "none"
        for act in meetings(real).values()
    )  # fmt: skip
    assert ways == {"address": 14, "category": 2, "subject": 2}


def test_invitations_come_in_good_time(real: Seed) -> None:
    """Five to nine weeks before, save in February, whose come in the first days of the year."""
    for act in meetings(real).values():
        before = act.start.date() - act.at.date()
        weeks = (4, 5) if act.start.month == 2 else (5, 9)
        assert timedelta(weeks=weeks[0]) <= before <= timedelta(weeks=weeks[1]), act.key


def test_one_meeting_is_moved_within_its_day(real: Seed) -> None:
    """One invitation is sent again with other hours of the same day."""
    (moved,) = (act for act in real.acts if isinstance(act, Reinvite))
    invited = meetings(real)[moved.key]
    assert moved.start is not None
    assert invited.at < moved.at < moved.start
    assert moved.start != invited.start
    assert moved.start.date() == invited.start.date()


def test_registration_closes_one_to_two_weeks_before(real: Seed) -> None:
    """Every physical meeting has a link and a last date, one a fee."""
    physical = [act for act in meetings(real).values() if not act.online]
    assert len(physical) == 7
    assert all("Anm" in act.body_html and "senast" in act.body_html for act in physical)
    assert sum("450 kr exkl. moms" in act.body_html for act in physical) == 1
    for detail in data.read("2023-meetings", data.Meetings).meetings:
        if detail.register_by:
            assert 7 <= (detail.date - detail.register_by).days <= 14


def test_people_are_made_up(real: Seed) -> None:
    """No address outside the lists of made-up names occurs anywhere in what is written."""
    tenant = data.read("2023-tenant", data.Tenant)
    surnames = {name.lower().translate(str.maketrans("åäö", "aao")) for name in tenant.surnames}
    for mail in MAIL.findall(" ".join(_written(act) for act in real.acts)):
        local = mail.partition("@")[0]
        known = f"{local}@" in HOSTED or mail.startswith("image001.png@")
        assert known or local.rpartition(".")[2] in surnames, mail


def test_the_channel_is_lively(real: Seed) -> None:
    """Some forty messages and more: questions with and without answers, links, thanks."""
    said = [act for act in real.acts if isinstance(act, Say)]
    roots = {act.key: act for act in said if act.reply_to is None}
    answered = {
        act.reply_to for act in said if act.reply_to and act.author != roots[act.reply_to].author
    }
    only_author = {act.reply_to for act in said if act.reply_to} - answered
    questions = {key for key, act in roots.items() if "?" in act.html}
    assert len(said) >= 40
    assert questions & answered
    assert questions & only_author
    assert questions - answered - only_author
    assert sum('href="https://' in act.html for act in roots.values()) >= 6
    assert {act.author for act in said} <= {one.id for one in real.world.people}


def test_the_coordinator_types_what_only_she_knows(real: Seed) -> None:
    """Counts of physical meetings only, six results released, one recording kept back."""
    rows = [act for act in real.acts if isinstance(act, EditRow)]
    physical = {act.start.date().isoformat() for act in meetings(real).values() if not act.online}
    assert {row.where["NvStart"] for row in rows if "NvDay1" in row.fields} == physical
    assert sum("NvPublishResult" in row.fields for row in rows) == 6
    assert sum("NvSummary" in row.fields for row in rows) == 17
    assert sum("NvQuotes" in row.fields for row in rows) == 8
    kept = [row.where["NvStart"] for row in rows if "NvPublishRecording" in row.fields]
    assert kept == ["2023-09-28"]


def test_the_example_year_lays_today_in_october(example: Seed) -> None:
    """Its clock starts at seven on the day, between the meetings of 12 and 26 October."""
    assert example.world.start == datetime(2026, 5, 19, 5, tzinfo=UTC)
    invited = meetings(example)
    assert invited["2023-10-12"].end < example.world.start < invited["2023-10-26"].start


@pytest.mark.parametrize("days", range(0, 400, 23))
def test_the_example_year_keeps_weekday_and_hour(days: int, real: Seed) -> None:
    """Whatever day it is, it lies in October and every event has its weekday and local hour."""
    seed = load("example", today=date(2025, 12, 1) + timedelta(days=days))
    moved = meetings(seed)
    assert moved["2023-10-12"].end < seed.world.start < moved["2023-10-26"].start
    for key, act in meetings(real).items():
        was, now = act.start.astimezone(STOCKHOLM), moved[key].start.astimezone(STOCKHOLM)
        assert was.strftime("%a %H:%M") == now.strftime("%a %H:%M")


def test_nothing_in_the_example_year_says_2023(example: Seed) -> None:
    """Texts, names and folders carry the moved dates."""
    for act in example.acts:
        assert "2023" not in _written(act), act


def _written(act: Act) -> str:
    match act:
        case Invite():
            return " ".join((act.subject, act.body_html, act.location, *act.attendees))
        case Reinvite():
            return act.body_html or ""
        case Upload():
            return f"{act.folder}/{act.name}"
        case Attach():
            return act.name
        case Say():
            return act.html
        case EditRow():
            return " ".join(map(str, (*act.where.values(), *act.fields.values())))
        case Record():
            return act.transcript or ""
        case Attend():
            return " ".join(f"{one.name} {one.mail}" for one in act.records)
        case _:
            return ""
