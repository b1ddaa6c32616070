"""The words of the three languages."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

from service.errors import SettingsError
from service.render.texts import Forms, Texts, placeholders, texts_from

LANGUAGES = ("sv", "nb", "en")
ZONE = "Europe/Stockholm"
OWN = "texts of the network's own: "
Parsed = Callable[[str], dict[str, object]]


def _texts(parsed: Parsed, language: str) -> Texts:
    return texts_from(parsed(f"texts/{language}.toml"), language=language, time_zone=ZONE)


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_languages_say_the_same(parsed: Parsed, language: str):
    """The three files have the same keys in the same order, with the same placeholders."""
    swedish, other = _texts(parsed, "sv").templates, _texts(parsed, language).templates
    assert list(swedish) == list(other)
    assert [key for key in swedish if named(swedish[key]) != named(other[key])] == []


def named(template: str | Forms) -> frozenset[str]:
    """The placeholders of a text; of several forms, those that any has."""
    texts = template.forms.values() if isinstance(template, Forms) else (template,)
    return frozenset[str]().union(*(placeholders(text) for text in texts))


@pytest.mark.parametrize(
    ("language", "key", "said"),
    [
        ("sv", "words.answered", ["Ännu har ingen svarat.", "Hittills har en svarat."]),
        ("nb", "words.answered", ["Ingen har svart ennå.", "Så langt har én svart."]),
        ("en", "words.answered", ["Nobody has answered yet.", "One person has answered so far."]),
        ("sv", "words.files", ["0 filer", "1 fil", "2 filer"]),
        ("en", "gaps.days", ["0 days", "one day", "2 days"]),
        (
            "nb",
            "digest.members_registered",
            ["0 kommuner har meldt seg på", "én kommune har meldt seg på"],
        ),
    ],
)
def test_a_number_chooses_the_form(parsed: Parsed, language: str, key: str, said: list[str]):
    """What is said of 0, 1 and 2 follows the language's plural categories, and none at all."""
    words = _texts(parsed, language)
    assert [words.say(key, n=number) for number in range(len(said))] == said


def test_a_large_number_is_written_as_the_language_does(parsed: Parsed):
    """Thousands are set apart."""
    assert _texts(parsed, "sv").say("words.files", n=1200) == "1\N{NO-BREAK SPACE}200 filer"
    assert _texts(parsed, "en").say("words.files", n=1200) == "1,200 files"


def test_own_texts_take_the_place_of_single_ones(parsed: Parsed):
    """A network's own file says some things otherwise; the rest stays as shipped."""
    own = {"posts": {"soon": "{start_when} ses vi!"}, "gaps": {"days": "{n} dygn"}}
    words = texts_from(parsed("texts/sv.toml"), language="sv", time_zone=ZONE, own=own)
    assert words.say("posts.soon", start_when="I morgon") == "I morgon ses vi!"
    assert words.say("gaps.days", n=1) == "1 dygn"
    assert words.say("posts.cancelled") == _texts(parsed, "sv").say("posts.cancelled")


def test_problems_of_own_texts_are_told(parsed: Parsed):
    """Unknown and misspelt keys, sections, forms and placeholders are told together."""
    own = {
        "posts": {"sooon": "x", "moved": "{nu}", "soon": {"one": "x", "other": "y"}},
        "inlagg": {"soon": "x"},
        "words": {"files": {"one": "{n:d} fil", "many": "x"}, "answered": {"other": "{m}"}},
        "digest": "x",
    }
    with pytest.raises(SettingsError) as caught:
        texts_from(parsed("texts/sv.toml"), language="sv", time_zone=ZONE, own=own)
    assert [problem.removeprefix(OWN) for problem in caught.value.problems] == [
        "posts.sooon is not known; did you mean posts.soon?",
        "posts.moved must not use {nu}; it may use {date}, {new}, {old}, {place}, {programme}, "
        "{start_when}, {time}, {title}, {where}",
        "posts.soon is about no number: it has one text, not several forms",
        "inlagg is not known",
        "words.files.other is missing",
        "words.files.one must not use {n:d}; it may use {n}",
        "words.files.many is no form of sv-SE: one, other or 0",
        "words.answered.one is missing",
        "words.answered.other must not use {m}; it may use {n}",
        "digest is not known",
    ]


@pytest.mark.parametrize(
    ("language", "day", "days", "short", "span", "number"),
    [
        ("sv", "onsdag 8 mars", "10–11 maj", "tors 26 okt", "onsdag 8 mars kl. 9.30–15.30", "4,60"),
        (
            "nb",
            "onsdag 8. mars",
            "10.–11. mai",
            "tor. 26. okt.",
            "onsdag 8. mars kl. 09.30–15.30",
            "4,60",
        ),
        (
            "en",
            "Wednesday 8 March",
            "10–11 May",
            "Thu 26 Oct",
            "Wednesday 8 March, 09:30–15:30",
            "4.60",
        ),
    ],
)
def test_days_hours_and_numbers(
    parsed: Parsed, language: str, day: str, days: str, short: str, span: str, number: str
):
    """Days, hours and numbers are written as the language writes them, in local time."""
    words = _texts(parsed, language)
    start, end = (datetime(2023, 3, 8, hour, 30, tzinfo=UTC) for hour in (8, 14))
    assert words.day(date(2023, 3, 8)) == day
    assert words.days(date(2023, 5, 10), date(2023, 5, 11)) == days
    assert words.short_day(date(2023, 10, 26)) == short
    assert words.span(start, end) == span
    assert words.number(Fraction("4.600000")) == number
    assert words.number(Fraction(1839, 400)) == number  # 4.5975


def test_half_is_rounded_up(words: Texts):
    """4.605 is 4,61 and 4.604999 is 4,60, whatever floating point would say."""
    assert words.number(Fraction("4.605")) == "4,61"
    assert words.number(Fraction("4.604999")) == "4,60"
    assert words.number(Fraction(5)) == "5,00"


def test_a_span_over_days_names_both(words: Texts):
    """Two days are each named with their time."""
    start, end = datetime(2023, 5, 10, 7, 30, tzinfo=UTC), datetime(2023, 5, 11, 13, tzinfo=UTC)
    assert words.span(start, end) == "onsdag 10 maj kl. 9.30 till torsdag 11 maj kl. 15.00"
    assert words.days(date(2023, 5, 31), date(2023, 6, 1)) == "31 maj–1 juni"


@pytest.mark.parametrize(
    ("today", "said"),
    [
        ("2023-03-08", "I dag"),
        ("2023-03-07", "I morgon"),
        ("2023-03-03", "På onsdag"),
        ("2023-03-01", "På onsdag 8 mars"),
    ],
)
def test_days_as_seen_from_today(words: Texts, today: str, said: str):
    """A near day is named as one would say it, a week away with its date."""
    assert words.when(date(2023, 3, 8), date.fromisoformat(today)) == said


def test_every_problem_is_told_at_once(parsed: Parsed):
    """Missing, unknown, overlong and misspelt texts are all named."""
    texts = parsed("texts/sv.toml")
    posts = texts["posts"]
    assert isinstance(posts, dict)
    del posts["soon"]
    posts |= {
        "moved": "Nu: {nu}",
        "extra": "x",
        "cancelled": "x" * 201,
        "questions": "{",
        "one_hour": "{time.__class__}",
    }
    with pytest.raises(SettingsError) as caught:
        texts_from(texts, language="sv", time_zone=ZONE)
    said = " ".join(caught.value.problems)
    for word in ("soon is missing", "{nu}", "extra is not known", "200", "questions", "__class__"):
        assert word in said


def test_a_language_without_formats_is_refused(parsed: Parsed):
    """What is missing of the table, misspelt or unknown to Babel is named, all at once."""
    texts = parsed("texts/sv.toml")
    texts["language"] = {**texts["language"], "tag": "qq-QQ", "dya": "d", "at": 3}
    del texts["language"]["day"]
    with pytest.raises(SettingsError) as caught:
        texts_from(texts, language="qq", time_zone=ZONE)
    for told in ("language.day is missing", "dya is not known", "language.at", "qq-QQ"):
        assert told in str(caught.value)


def test_a_language_is_added_by_one_file(parsed: Parsed):
    """A texts file with formats of its own is all that posts in another language need."""
    texts = parsed("texts/en.toml")
    texts["language"] = {**texts["language"], "tag": "da-DK", "day": "EEEE d. MMMM"}
    words = texts_from(texts, language="da", time_zone=ZONE)
    assert words.day(date(2023, 3, 8)) == "onsdag 8. marts"
    assert words.tag == "da-DK"
