"""
A network that is described in TOML alone: Norwegian, other groups, other questions, one to five.

Its year is played in leaps of a few days, every job at each, and then looked at.
"""

import asyncio
import io
import re
import tomllib
import zipfile
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest

from service.cli.logs import log_to_stderr
from service.demo.replay import Played, replay
from service.demo.stories import STORIES
from service.demo.tenant import copy_libraries
from service.demo.year import prepare, tenant
from service.graph.clock import SandboxClock
from service.settings import Settings
from service.shipped import shipped
from service.wiring import Office, open_office
from tests.acceptance.channel import words_of_cards
from tests.acceptance.contents import docx_lines, docx_tables, lines_of

pytestmark = pytest.mark.proof

STORY = STORIES["klimanettverket"]
LAST_DAY = datetime(2025, 12, 31, 18, 0, tzinfo=UTC)
LEAP = timedelta(days=21)
POINTS = {
    "Svært misfornøyd": 1,
    "Misfornøyd": 2,
    "Verken fornøyd eller misfornøyd": 3,
    "Fornøyd": 4,
    "Svært fornøyd": 5,
    "Ikke i det hele tatt": 1,
    "I liten grad": 2,
    "I noen grad": 3,
    "I stor grad": 4,
    "I svært stor grad": 5,
}
FORMS = {
    "Energioppfølging i kommunale bygg": "energi-form",
    "Klimahensyn i arealplanen": "areal-form",
    "Myr, matjord og naturmangfold": "myr-form",
    "Kurs i klimabudsjett": "kurs-form",
}
TOO_FEW = "Innkjøp med klimakrav"
NOT_EVALUATED = "Flom og overvann i eksisterende byggesoner"


# ---------------------------------------------------------------- figures straight from the seed


@pytest.fixture(scope="module")
def seed() -> dict[str, Any]:
    return tomllib.loads(shipped("seeds", STORY.seed).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def given(seed: dict[str, Any]) -> Mapping[str, list[list[str | int]]]:
    """By form: the answers to each of its questions, in the form's order."""
    asked = {
        act["key"]: [question["title"] for question in act["questions"]]
        for act in seed["acts"]
        if act["act"] == "CreateForm"
    }
    found: dict[str, list[list[str | int]]] = {key: [[] for _ in asked[key]] for key in asked}
    for act in seed["acts"]:
        if act["act"] == "Answer":
            for question, answer in act["answers"].items():
                found[act["form"]][asked[act["form"]].index(question)].append(answer)
    return found


def mean(answers: list[str | int]) -> str:
    """To one decimal, half up, with a comma."""
    points = [POINTS.get(str(answer), answer) for answer in answers]
    exact = Decimal(sum(int(point) for point in points)) / len(points)
    return str(exact.quantize(Decimal("0.1"), ROUND_HALF_UP)).replace(".", ",")


# ---------------------------------------------------------------- the year, played


@dataclass(frozen=True)
class Year:
    folder: Path
    report: bytes

    @property
    def text(self) -> str:
        return "\n".join(docx_lines(self.report))


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    folder = tmp_path_factory.mktemp("nb")
    with tenant(folder / "demo", seed=STORY.sandbox_seed) as (_, settings):
        log_to_stderr("error", "text")
        asyncio.run(_play(settings, folder / "libraries"))
    report = folder / "libraries" / "Samordning" / "Rapportutkast" / "Årsrapport 2025.docx"
    return Year(folder / "libraries", report.read_bytes())


async def _play(settings: Settings, folder: Path) -> None:
    await prepare(settings, STORY.history)
    async with open_office(settings) as office:
        clock = office.clock
        assert isinstance(clock, SandboxClock)
        while clock.now() < LAST_DAY:
            await clock.move_to(min(clock.now() + LEAP, LAST_DAY))
            await _every_job(office)
        await _every_job(office)
        await copy_libraries(office, folder)


async def _every_job(office: Office) -> None:
    timetable = await office.timetable()
    for entry in timetable.entries:
        outcome = await office.run(entry, office.clock.now())
        assert outcome.errors == ()


# ---------------------------------------------------------------- figures


def test_each_meeting_has_the_means_of_its_answers(
    year: Year, given: Mapping[str, list[list[str | int]]]
) -> None:
    """Answered in words or in numbers, by the network's own questions: as simple means say."""
    rows = _rows_of_meetings(year.report)
    for title, form in FORMS.items():
        satisfaction, usefulness, *_ = given[form]
        assert rows[title] == {(mean(satisfaction), mean(usefulness))}, title


def test_four_answers_are_too_few(year: Year) -> None:
    """A meeting with four answers, and one without evaluation, have no mean."""
    rows = _rows_of_meetings(year.report)
    assert rows[TOO_FEW] == {("–", "–")}
    assert rows[NOT_EVALUATED] == {("–", "–")}


def test_the_yearly_survey_is_followed_through_its_wordings(
    year: Year, given: Mapping[str, list[list[str | int]]]
) -> None:
    """Three questions of its own, each in one row: years before as told, this year computed."""
    (table,) = (table for table in docx_tables(year.report) if "2022" in table[0])
    header, *rows = table
    told = [dict(zip(header[1:], row[1:], strict=True)) for row in rows]
    network, decisions, colleagues = (mean(answers) for answers in given["aars-form"][:3])

    assert told[:3] == [
        {"2022": "3,9", "2023": "4,1", "2024": "4,2", "2025": network},
        {"2022": "3,1", "2023": "3,0", "2024": "3,3", "2025": decisions},
        {"2022": "–", "2023": "4,2", "2024": "4,4", "2025": colleagues},
    ]
    assert len(told) == 4, "the fourth row says how many answered"


def test_the_four_figures(year: Year, given: Mapping[str, list[list[str | int]]]) -> None:
    """Seven activities at six meetings, twelve municipalities of which two by one, 119 people."""
    (table,) = (table for table in docx_tables(year.report) if "Deltakende kommuner" in table[0])
    figures = dict(zip(table[0], zip(*table[1:], strict=True), strict=True))

    assert figures["Aktiviteter"] == ("7", "6 ulike samlinger")
    assert figures["Tilfredshet"][0] == mean(given["aars-form"][0])
    assert figures["Deltakende kommuner"] == ("12", "hvorav 2 gjennom samarbeid")
    assert figures["Deltakere"][0] == "119"
    assert "kommuner deltar gjennom Klimakontoret i Gudbrandsdalen: Gausdal og Øyer" in year.text


def _rows_of_meetings(report: bytes) -> Mapping[str, set[tuple[str, str]]]:
    """By title: satisfaction and usefulness, of every row that there is (a joint one has two)."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    titles = (*FORMS, TOO_FEW, NOT_EVALUATED)
    for table in docx_tables(report):
        for row in table:
            for title in titles:
                if len(row) > 4 and any(cell.startswith(title) for cell in row):
                    found[title].add((row[-2], row[-1]))
    return found


# ---------------------------------------------------------------- language and scale


@pytest.fixture(scope="module")
def foreign(seed: dict[str, Any]) -> set[str]:
    """Words that our texts have in another language, not in Norwegian, and the network has not."""
    return (_our_words("sv") | _our_words("en")) - _our_words("nb") - _their_words(seed)


def test_no_word_of_a_document_is_swedish_or_english(year: Year, foreign: set[str]) -> None:
    """Report, what is missing in it, workbooks, transcript: no foreign word of ours in any."""
    files = sorted((year.folder / "Samordning").rglob("*"))
    made = [file for file in files if file.suffix in {".docx", ".xlsx"}]
    found = {
        file.name: there for file in made if (there := _words("\n".join(lines_of(file))) & foreign)
    }

    assert len(made) > 5
    assert len(foreign) > 500
    assert found == {}


def test_no_word_of_a_card_is_swedish_or_english(tmp_path: Path, foreign: set[str]) -> None:
    """Nor in any card of the year, to members or to coordinators."""
    channels = ("NATVERKET_NETWORK_CHANNEL", "NATVERKET_NETWORK_COORDINATOR_CHANNEL")
    with tenant(tmp_path / "demo", seed=STORY.sandbox_seed) as (sandbox, settings):
        log_to_stderr("error", "text")
        assert asyncio.run(_replay(settings)).errors == []
        cards = [card for name in channels for card in words_of_cards(sandbox, sandbox.env[name])]

    assert len(cards) > 50
    assert [card for card in cards if _words(card) & foreign] == []


async def _replay(settings: Settings) -> Played:
    """At every minute at which the daemon wakes up."""
    await prepare(settings, STORY.history)
    async with open_office(settings) as office:
        return await replay(office, LAST_DAY, lambda _: None)


def test_the_scale_is_told_as_the_network_has_it(year: Year) -> None:
    """From 1 to 5 everywhere, and never to 6; means with a comma."""
    assert not re.search(r"\b1\s*(?:–|-|til)\s*6\b|\bav 6\b", year.text)
    assert re.search(r"\b1(?:–| til )5\b", year.text)
    assert not re.search(r"(?<![\d.])[1-5]\.\d(?![\d.])", year.text)


def test_days_are_written_as_norwegians_do(year: Year) -> None:
    """With a point after each day of the month."""
    assert "19. mars" in year.text
    assert "6.–7. mai" in year.text
    assert not re.search(r"\d (?:februar|mars|mai|september|oktober|november|desember)", year.text)


def test_the_document_says_its_language(year: Year) -> None:
    """Word checks it as Norwegian and reads it aloud as such."""
    with zipfile.ZipFile(io.BytesIO(year.report)) as parts:
        styles = parts.read("word/styles.xml").decode()
    assert 'w:val="nb-NO"' in styles
    assert "sv-SE" not in styles


def _our_words(language: str) -> set[str]:
    texts = (shipped(kind, f"{language}.toml") for kind in ("report", "texts"))
    return set().union(*(_words(_values(tomllib.loads(text.read_text("utf-8")))) for text in texts))


def _values(table: object) -> str:
    """All strings of a parsed file, what stands in braces left out."""
    if isinstance(table, dict):
        return "\n".join(_values(value) for value in table.values())
    if isinstance(table, list):
        return "\n".join(_values(value) for value in table)
    return re.sub(r"\{[^}]*\}", " ", str(table))


def _their_words(seed: dict[str, Any]) -> set[str]:
    """What the network says itself, in its description, its letters, its register and its forms."""
    said = ("subject", "body_html", "location", "fields", "answers", "questions", "title", "name")
    texts = [_values(act.get(key, "")) for act in seed["acts"] for key in said]
    texts += [question for act in seed["acts"] for question in act.get("answers", {})]
    texts.append(shipped("networks", "klimanettverket.toml").read_text(encoding="utf-8"))
    return _words("\n".join(texts))


def _words(text: str) -> set[str]:
    """Addresses, which a card's links have, are no words."""
    text = re.sub(r"https?://\S+", " ", text)
    return {word.casefold() for word in re.findall(r"(?<!\w)[^\W\d_]{3,}(?!\w)", text)}
