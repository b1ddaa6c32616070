"""
The year 2023 played to its last workday: the draft of the annual report beside the published
one, and one answer that is changed.
"""

import asyncio
import base64
import io
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from service.cli.logs import log_to_stderr
from service.demo.replay import replay
from service.demo.tenant import ask
from service.demo.year import prepare, tenant
from service.graph.clock import SandboxClock
from service.sandbox.process import Sandbox
from service.settings import Settings
from service.shipped import shipped
from service.wiring import Office, open_office
from tests.acceptance.channel import keys_in_channel
from tests.acceptance.contents import (
    Difference,
    Said,
    differences,
    docx_lines,
    docx_tables,
    everything,
    json_lines,
    lines_of,
)

pytestmark = pytest.mark.proof

LAST_WORKDAY = datetime(2023, 12, 29, 12, 0, tzinfo=UTC)
DRAFT = Path("Samordning", "Rapportutkast", "Årsrapport 2023.docx")
EVALUATION = Path(
    "Samordning",
    "Underlag",
    "2023",
    "2023-03-08 Natur i stadsplanering",
    "Utvärdering 2023-03-08.xlsx",
)
SANNA = "5a9d4000-0000-4000-8000-000000000002"
FORM = "Utvärdering Natur i stadsplanering 8 mars 2023.xlsx"
DAY, ANOTHER, YEAR = "2023-03-08", "2023-10-26", "2023"
SHOWN = (DAY, ANOTHER, YEAR)
WORST, BEST = 1, 6


@dataclass(frozen=True, kw_only=True)
class Played:
    """The tenant on its last workday: as it was, an hour later, and with one answer changed."""

    folder: Path
    first: Said
    later: Said
    changed: Said
    posts: Sequence[Mapping[str, int]]
    """How often each key stood in the members' channel, at the same three moments."""
    shown: Sequence[Mapping[str, str]]
    """What `survey show` says of two meetings and of the year, likewise."""
    made: Path
    """Where `report annual` wrote, at the last of them."""


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    folder = tmp_path_factory.mktemp("year")
    with tenant(folder / "demo") as (sandbox, settings):
        log_to_stderr("error", "text")
        yield asyncio.run(_play(sandbox, settings, folder))


async def _play(sandbox: Sandbox, settings: Settings, folder: Path) -> Played:
    await prepare(settings)
    async with open_office(settings) as office:
        await replay(office, LAST_WORKDAY, lambda _: None)
        seen, posts, shown = [], [], []
        for moment in ("first", "later", "changed"):
            if moment == "changed":
                _change_an_answer(sandbox)
            await _every_job(office)
            seen.append(await everything(office, folder / moment))
            posts.append(keys_in_channel(sandbox))
            shown.append({of: _told(folder, "survey", "show", of, "--json") for of in SHOWN})
    _told(folder, "report", "annual", "2023", "--out", str(folder / "made"))
    first, later, changed = seen
    return Played(
        folder=folder,
        first=first,
        later=later,
        changed=changed,
        posts=posts,
        shown=shown,
        made=folder / "made",
    )


def _told(folder: Path, *words: str) -> str:
    """What a command says, from the same state."""
    env_file = folder / "demo" / "natverket.env"
    command = [sys.executable, "-m", "service", "--env-file", env_file, *words]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


async def _every_job(office: Office) -> None:
    """Whatever is to be done an hour later, and what that brings along."""
    assert isinstance(office.clock, SandboxClock)
    for _ in range(2):
        await office.clock.move_to(office.clock.now() + timedelta(minutes=30))
        timetable = await office.timetable()
        for entry in timetable.entries:
            outcome = await office.run(entry, office.clock.now())
            assert outcome.errors == ()


def _change_an_answer(sandbox: Sandbox) -> None:
    """The first who gave the best grade on 8 March gives the worst; Forms writes it down."""
    book = load_workbook(io.BytesIO(_workbook(sandbox)))
    sheet = book.worksheets[0]
    header = [str(cell.value) for cell in sheet[1]]
    column = header.index("Hur nöjd är du med träffen?") + 1
    cell = next(
        cell
        for (cell,) in sheet.iter_rows(min_row=2, min_col=column, max_col=column)
        if cell.value == BEST
    )
    cell.value = WORST
    with io.BytesIO() as file:
        book.save(file)
        content = base64.b64encode(file.getvalue()).decode()
    act = {"act": "EditFile", "by": SANNA, "library": "Dokument", "path": f"Formulär/{FORM}"}
    ask(sandbox, "act", act | {"content": {"base64": content}})


def _workbook(sandbox: Sandbox) -> bytes:
    """As Forms last wrote it: made from the seed, which gives equal bytes."""
    from service.sandbox.seed import load  # noqa: PLC0415 - the year is a second's work
    from service.sandbox.timeline import Upload  # noqa: PLC0415

    acts = load("2023", today=LAST_WORKDAY.date()).acts
    *_, last = (act for act in acts if isinstance(act, Upload) and act.name == FORM)
    content = last.content()
    assert isinstance(content, bytes)
    return content


# ---------------------------------------------------------------- the published report


@pytest.fixture(scope="module")
def published() -> dict[str, Any]:
    return tomllib.loads(shipped("seeds", "2023.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def draft(played: Played) -> bytes:
    return (played.folder / "first" / DRAFT).read_bytes()


def rounds_to(printed: str, stated: str) -> bool:
    """Tell whether what our report prints is what the published one printed, to its decimals."""
    step = Decimal(stated.replace(",", "."))
    return Decimal(printed.replace(",", ".")).quantize(step, ROUND_HALF_UP) == step


def test_the_four_figures(draft: bytes) -> None:
    """18 activities at 17 meetings, 620 participants, 39 municipalities of which four by one."""
    (table,) = (table for table in docx_tables(draft) if "Medverkande kommuner" in table[0])
    figures = dict(zip(table[0], zip(*table[1:], strict=True), strict=True))
    text = " ".join(" ".join(docx_lines(draft)).split())

    assert figures["Aktiviteter"] == ("18", "17 olika tillfällen")
    assert figures["Deltagare"][0] == "620"
    assert figures["Medverkande kommuner"] == ("39", "varav 4 genom förbund")
    assert (
        "Fyra kommuner deltar genom Dalslands miljö- och energiförbund: "
        "Bengtsfors, Dals-Ed, Färgelanda och Mellerud." in text
    )


def test_every_meeting_and_its_means(draft: bytes, published: dict[str, Any]) -> None:
    """17 titles; eight have the published means, and the others have none."""
    rows = [row for table in docx_tables(draft) for row in table if len(row) > 4]
    header = next(row for row in rows if "Nöjdhet" in row)
    satisfaction, usefulness = header.index("Nöjdhet"), header.index("Nytta")
    evaluated = 0
    for meeting in published["meetings"]:
        (*_, row) = (row for row in rows if any(meeting["title"] in cell for cell in row))
        told = meeting.get("published")
        if told is None:
            assert (row[satisfaction], row[usefulness]) == ("–", "–")
            continue
        evaluated += 1
        assert rounds_to(row[satisfaction], told["satisfaction"])
        assert rounds_to(row[usefulness], told["usefulness"])

    assert (len(published["meetings"]), evaluated) == (17, 8)


def test_the_yearly_survey_of_five_years(draft: bytes, published: dict[str, Any]) -> None:
    """Each question's mean of each year, and how many answered."""
    (table,) = (table for table in docx_tables(draft) if "2019" in table[0])
    header, *rows = table
    stated = published["published"]
    by_question = {row[0].partition(". ")[2] or row[0]: row for row in rows}
    for asked in stated["annual_survey"]:
        row = by_question[asked["question"]]
        for year, mean in asked["means"].items():
            assert rounds_to(row[header.index(year)], mean)
    answers = by_question["Antal svar"]
    for year, count in stated["annual_survey_respondents"].items():
        assert answers[header.index(year)] == str(count)


# ---------------------------------------------------------------- one answer is another one


def test_an_hour_later_nothing_is_different(played: Played) -> None:
    """What follows is not the hour's doing."""
    assert differences(played.first, played.later) == {}


@pytest.fixture(scope="module")
def told(played: Played) -> dict[str, Difference]:
    return differences(played.later, played.changed)


def test_one_changed_answer_changes_its_figure_everywhere(told: dict[str, Difference]) -> None:
    """The mean of 25 falls from 4,60 to 4,40: in the register, in every document of the year."""
    register = told[f"Möten/{DAY}/NvSatisfaction"]
    assert (register.gone, register.come) == (("4.6",), ("4.4",))

    report = told[str(DRAFT)]
    assert [line.replace("4,60", "4,40") for line in report.gone] == list(report.come)
    assert all("4,60" in line for line in report.gone)

    for name in (EVALUATION, DRAFT.with_suffix(".xlsx")):
        assert any("| 4.6" in line for line in told[str(name)].gone)
        assert any("| 4.4" in line for line in told[str(name)].come)
    data = told[str(DRAFT.with_suffix(".json"))]
    assert {"4.600000", "115"} <= {line.partition(" = ")[2] for line in data.gone}
    assert {"4.400000", "110"} <= {line.partition(" = ")[2] for line in data.come}


def test_survey_show_tells_it_too(played: Played) -> None:
    """Of that question, and of where it comes from; in the year what it is a part of."""
    _, before, after = played.shown
    assert [before[of] == after[of] for of in SHOWN] == [False, True, False]

    gone, come = (set(json_lines(json.loads(shown[YEAR]))) for shown in (before, after))
    assert {line.partition(".")[0] for line in gone ^ come} == {"groups", "year"}
    assert not any("usefulness" in line for line in gone ^ come)

    gone, come = (set(json_lines(json.loads(shown[DAY]))) for shown in (before, after))
    assert {"questions.0.mean = 4.600000", "questions.0.sum = 115"} <= gone - come
    assert {"questions.0.mean = 4.400000", "questions.0.sum = 110"} <= come - gone
    assert {line.partition(".")[0] for line in gone ^ come} <= {"questions", "sources"}
    assert not any(line.startswith("questions.") and line[10] != "0" for line in gone ^ come)


def test_the_command_says_what_the_draft_says(played: Played) -> None:
    """`report annual` from the same state: the same words in the document, the same cells."""
    for suffix in (".docx", ".xlsx"):
        filed = (played.folder / "changed" / DRAFT).with_suffix(suffix)
        assert lines_of(played.made / filed.name) == lines_of(filed)


def test_and_nothing_else(told: dict[str, Difference], played: Played) -> None:
    """What is other than before is that meeting's, or it is a part; nothing was posted."""
    year = [str(DRAFT.with_suffix(suffix)) for suffix in (".docx", ".json", ".xlsx")]
    # Members were told the earlier figure: the list for coordinators says so.
    list_ = str(DRAFT.with_name("Att komplettera, årsrapport 2023.docx"))
    assert sorted(told) == sorted([f"Möten/{DAY}/NvSatisfaction", str(EVALUATION), list_, *year])

    sheet = told[str(DRAFT.with_suffix(".xlsx"))]
    parts = ("Natur i stadsplanering", "gruppen | Nöjdhet", "Hela året | Nöjdhet")
    assert all(any(one in line for one in parts) for line in (*sheet.gone, *sheet.come))
    data = told[str(DRAFT.with_suffix(".json"))]
    places = {line.partition(" = ")[0] for line in (*data.gone, *data.come)} - {"made"}
    added = re.compile(rf"(meetings\.{DAY}\.|groups\.\w+\.|)evaluation\.")
    assert all(added.match(place) for place in places)
    assert not any("usefulness" in place for place in places)
    assert played.posts[0] == played.posts[1] == played.posts[2]
