"""Series: on their day, at their local time, whatever day that is; and how files are read."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from service.domain.network import Network
from service.domain.period import local_day
from service.domain.post import Dropped, Post, Reason, key_in, with_key
from service.domain.reminder import Situation
from service.domain.series import Entry, Series, outlook, plan_series, series_from
from service.errors import SettingsError
from service.render.texts import Texts, placeholders

When = Callable[[str], datetime]
Parsed = Callable[[str], dict[str, object]]
ZONE = "Europe/Stockholm"
PAGE = "https://exempel.sharepoint.com/sites/natverket"
GROUPS = ("miljostrategi", "naturvard")
QUARTER = timedelta(minutes=15)


@pytest.fixture
def situation(network: Network) -> Situation:
    channels = {"common": "19:alla", "naturvard": "19:natur"}
    return Situation(network=network, page=PAGE, channels=channels)


@pytest.fixture
def december(parsed: Parsed) -> tuple[Series, ...]:
    return series_from(shipped(parsed, "sv"), GROUPS)


def shipped(parsed: Parsed, language: str) -> dict[str, Mapping[str, object]]:
    return {"klimatkalender": parsed(f"series/klimatkalender.{language}.toml")}


def read(**values: object) -> tuple[Series, ...]:
    """A series of the given keys over what it must have."""
    plain = {"id": "tips", "name": "Tips", "at": "07:30"}
    return series_from({"tips": {**plain, **values}}, GROUPS)


class Desk:
    """Plans, remembering what was decided as the ledger would."""

    def __init__(self, series: tuple[Series, ...], situation: Situation, words: Texts) -> None:
        self.series, self.situation, self.words = series, situation, words
        self.already: dict[str, date | None] = {}

    def at(self, now: datetime) -> tuple[Post | Dropped, ...]:
        found = plan_series(self.series, self.situation, self.already, now=now, words=self.words)
        for one in found:
            self.already[one.key] = local_day(now, ZONE) if isinstance(one, Post) else None
        return found

    def live(self, start: datetime, end: datetime) -> list[tuple[str, Post | Dropped]]:
        """Look every quarter of an hour before noon: local time and what was decided then."""
        seen, now = [], start
        while now < end:
            local = now.astimezone(ZoneInfo(ZONE))
            if local.hour < 12:
                seen += [(local.strftime("%Y-%m-%d %H:%M"), one) for one in self.at(now)]
            now += QUARTER
        return seen


# ---------------------------------------------------------------- when


def test_december(december: tuple[Series, ...], situation: Situation, words: Texts, when: When):
    """24 tips at 07:30, weekends and the pause from the 22nd included, each year anew."""
    desk = Desk(december, situation, words)
    told = desk.live(when("2023-11-25 00:00"), when("2024-01-05 00:00"))
    assert [moment for moment, _ in told] == [f"2023-12-{day:02} 07:30" for day in range(1, 25)]
    assert all(isinstance(one, Post) for _, one in told)
    assert len(desk.live(when("2024-11-30 00:00"), when("2024-12-26 00:00"))) == 24


def test_a_year_over_both_clock_changes(situation: Situation, words: Texts, when: When):
    """An item every day of a year: each once, at the local minute, on days of 23 and 25 hours."""
    days = [date(2023, 1, 1) + timedelta(days=n) for n in range(365)]
    series = read(**{"from": "01-01", "to": "12-31", "items": [{"title": f"{d}"} for d in days]})
    told = Desk(series, situation, words).live(when("2023-01-01 00:00"), when("2024-01-01 00:00"))
    posted = [(moment, one.card.title) for moment, one in told if isinstance(one, Post)]
    assert posted == [(f"{day} 07:30", f"{day}") for day in days]


@pytest.mark.parametrize(
    ("day", "clock", "first"),
    [
        ("2023-03-26", "02:30", "2023-03-26 03:30"),  # an hour that there is not
        ("2023-10-29", "02:30", "2023-10-29 02:30"),  # an hour that comes twice
    ],
)
def test_hours_that_the_clock_change_takes_or_gives(
    situation: Situation, words: Texts, when: When, day: str, clock: str, first: str
):
    """Due in such an hour it is posted all the same, and once."""
    series = read(at=clock, items=[{"date": day, "title": "x"}])
    told = Desk(series, situation, words).live(when(f"{day} 00:00"), when(f"{day} 23:00"))
    assert [moment for moment, _ in told] == [first]


def test_outlook(december: tuple[Series, ...], situation: Situation, words: Texts, when: When):
    """What will be posted in the coming days, that of today too unless it is posted already."""
    window = when("2023-12-22 12:00"), when("2023-12-24 07:30")

    def days(already: Mapping[str, date | None]) -> list[int]:
        posts = outlook(december, situation, already, window=window, words=words)
        return [local_day(post.due, ZONE).day for post in posts]

    assert days({}) == [22, 23, 24]
    key = "v1/kommunnatverket/19:alla/klimatkalender/series/2023-12-22"
    assert days({key: date(2023, 12, 22)}) == [23, 24]


def test_missed(december: tuple[Series, ...], situation: Situation, words: Texts, when: When):
    """Late on the same day; on the next one dropped with a reason; long after not mentioned."""
    desk = Desk(december, situation, words)
    (late,) = desk.at(when("2023-12-01 23:59"))
    assert isinstance(late, Post)
    assert (late.due, late.useful_until) == (when("2023-12-01 07:30"), when("2023-12-02 00:00"))
    missed, today = desk.at(when("2023-12-03 09:00"))
    assert isinstance(missed, Dropped)
    assert (missed.reason, missed.text) == (Reason.PASSED, "Tiden för inlägget har passerat.")
    assert isinstance(today, Post)
    assert desk.at(when("2023-12-03 09:15")) == ()
    assert Desk(december, situation, words).at(when("2024-01-09 09:00")) == ()


def test_a_leap_day_moves_nothing(situation: Situation, words: Texts, when: When):
    """A series of every year knows no 29 February: each item keeps its day."""
    items = [{"title": one} for one in ("27", "28", "1")]
    series = read(**{"from": "02-27", "to": "03-01", "items": items})
    told = Desk(series, situation, words).live(when("2024-02-26 00:00"), when("2024-03-03 00:00"))
    assert [moment[5:10] for moment, _ in told] == ["02-27", "02-28", "03-01"]


# ---------------------------------------------------------------- what


def test_the_post(december: tuple[Series, ...], situation: Situation, words: Texts, when: When):
    """It says series, day and tip, and its button carries the key to the network's page."""
    *_, post = plan_series(december, situation, {}, now=when("2023-12-13 07:30"), words=words)
    assert isinstance(post, Post)
    assert post.key == "v1/kommunnatverket/19:alla/klimatkalender/series/2023-12-13"
    assert (post.card.label, post.card.when_where) == (
        "Kommunnätverket för hållbar utveckling",
        "Klimatkalendern, onsdag 13 december",
    )
    assert (post.card.title, post.groups) == ("Cykla till ett möte", ())
    (button,) = post.card.buttons
    assert (button.label, button.url) == ("Öppna nätverkets sida", PAGE)
    assert key_in(with_key(button.url, post.key)) == post.key


def test_a_group_a_link_and_a_picture(situation: Situation, words: Texts, when: When):
    """A group's series goes to its channel; an item's own link and picture are taken."""
    picture = {"url": "https://exempel.se/o.png", "description": "En orkidé"}
    item = {"date": "2023-06-24", "title": "Orkidé", "link": "https://exempel.se/orkide"}
    series = read(channel="naturvard", items=[{**item, "picture": picture}])
    (post,) = plan_series(series, situation, {}, now=when("2023-06-24 08:00"), words=words)
    assert isinstance(post, Post)
    assert (post.channel, post.groups) == ("19:natur", ("naturvard",))
    assert post.card.label == "Naturvårdsgruppen"
    assert [(one.label, one.url) for one in post.card.buttons] == [("Läs mer", item["link"])]
    assert post.card.picture is not None
    assert post.card.picture.description == "En orkidé"


def test_a_group_without_a_channel(situation: Situation, words: Texts, when: When):
    """It is spoken to in the common one."""
    items = [{"date": "2023-06-24", "title": "x"}]
    (post,) = plan_series(
        read(channel="miljostrategi", items=items),
        situation,
        {},
        now=when("2023-06-24 08:00"),
        words=words,
    )
    assert post.channel == "19:alla"


# ---------------------------------------------------------------- files


@pytest.mark.parametrize("language", ["sv", "nb", "en"])
def test_the_shipped_calendar(parsed: Parsed, language: str):
    """24 days in each language, the same id; texts short, all different, nothing to fill in."""
    (series,) = series_from(shipped(parsed, language), GROUPS)
    assert (series.id, series.at, series.channel) == ("klimatkalender", "07:30", "common")
    assert [one.day for one in series.entries] == [(12, day) for day in range(1, 25)]
    assert all(0 < len(one.text) <= 200 for one in series.entries)
    assert len({one.title for one in series.entries}) == 24
    assert not any(placeholders(one.title + one.text) for one in series.entries)


def test_kinds_of_days(parsed: Parsed):
    """TOML dates, written ones, those of every year, and a span over New Year."""
    items = [{"date": day, "title": "x"} for day in (date(2026, 12, 1), "2026-12-02", "12-03")]
    (dated,) = read(items=items)
    assert [one.day for one in dated.entries] == [date(2026, 12, 1), date(2026, 12, 2), (12, 3)]
    (span,) = read(**{"from": "12-31", "to": "01-01", "items": [{"title": "a"}, {"title": "b"}]})
    assert span.entries == (
        Entry(day=(12, 31), title="a"),
        Entry(day=(1, 1), title="b"),
    )
    (once,) = read(**{"from": "2026-12-01", "to": "2026-12-01", "items": [{"title": "a"}]})
    assert once.entries[0].day == date(2026, 12, 1)


def test_every_problem_is_told_at_once():
    """Problems of all files are told together, each with its path."""
    files: dict[str, dict[str, object]] = {
        "a": {"id": "Å", "at": "7.30", "from": "12-01", "to": "12-03", "items": [{"title": "x"}]},
        "b": {
            "id": "b",
            "name": "B",
            "at": "07:30",
            "channel": "okand",
            "items": [
                {"date": "12-01", "title": "x", "link": "http://exempel.se"},
                {"date": date(2026, 12, 1), "title": "y", "txt": "z"},
                {"title": "", "picture": {"url": "https://exempel.se/a.png"}},
            ],
        },
        "c": {"id": "b", "name": "C", "at": "07:30", "from": "2026-12-01", "to": "12-02"},
        "d": {"id": "d", "name": "D", "at": "07:30", "items": [{"date": "02-29", "title": "x"}]},
        "e": {
            "id": "e",
            "name": "E",
            "at": "07:30",
            "from": date(2026, 12, 2),
            "to": date(2026, 12, 1),
            "items": [{"title": "x"}],
        },
    }
    with pytest.raises(SettingsError) as caught:
        series_from(files, GROUPS)
    assert sorted(caught.value.problems) == [
        "series a.at: not a time of day such as 08:30: '7.30'",
        "series a.id: not small letters a to z, digits and hyphens, 40 at most: 'Å'",
        "series a.name is missing",
        "series a: 1 items for 3 days, both ends counted",
        "series b.channel: 'okand' is none of common, miljostrategi, naturvard",
        "series b.items[0].link: not an https address: 'http://exempel.se'",
        "series b.items[1].txt is not known",
        "series b.items[2].date is missing",
        "series b.items[2].picture.description is missing",
        "series b.items[2].title: not a text of 1 to 100 characters",
        "series b: two items are on 2026-12-01",
        "series c: from and to are both with a year, or both without",
        "series c: has no items",
        "series d.items[0].date: day is out of range for month",
        "series e: to is before from",
        "series: two have the id b",
    ]


def test_an_entry_is_a_value(december: tuple[Series, ...]):
    """A series that lost an item has none on that day."""
    (series,) = december
    fewer = replace(series, entries=series.entries[1:])
    first, last = date(2023, 12, 1), date(2026, 12, 24)
    assert list(fewer.among([first])) == []
    assert [(day, one.title) for day, one in series.among([first, last])] == [
        (first, "Gå en kvällsrunda"),
        (last, "Tack för i år"),
    ]
