"""The first eleven weeks of 2023, end to end: the joint meeting of 8 March and its evaluation."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.cli.logs import log_to_stderr
from service.cli.report_annual import Wanted, made
from service.demo.outcome import Line, Outcome, as_json, outcome
from service.demo.replay import Played, again, replay
from service.demo.tenant import ask, copy_libraries, writes
from service.demo.year import prepare, tenant
from service.effects.posting import LINKS
from service.errors import NatverketError, TemplateUnusable
from service.jobs.evaluations import Evaluation, evaluations
from service.jobs.posts import told
from service.ports import Status
from service.sandbox.process import Sandbox
from service.settings import Settings
from service.wiring import Office, open_office
from tests.acceptance.guest import BO, guest_of
from tests.acceptance.rebuilding import figures, lies, lose_and_rebuild, members, posts, said

UNTIL = datetime(2023, 3, 17, 12, 0, tzinfo=UTC)
SOFFICE = shutil.which("soffice")
JOINT = "2023-03-08"


@dataclass(frozen=True, kw_only=True)
class Winter:
    """What eleven weeks came to."""

    sandbox: Sandbox
    settings: Settings
    played: Played
    outcome: Outcome
    second_run_writes: int


@pytest.fixture(scope="module")
def winter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Winter]:
    """Play it once for all tests of this file."""
    with tenant(tmp_path_factory.mktemp("winter") / "demo") as (sandbox, settings):
        log_to_stderr("error", "text")
        yield asyncio.run(_play(sandbox, settings))


async def _play(sandbox: Sandbox, settings: Settings) -> Winter:
    await prepare(settings)
    async with open_office(settings) as office:
        played = await replay(office, UNTIL, lambda _: None)
        result = await outcome(office.workplaces[0], 2023)
        await again(office)  # what has come since each job's last wake-up is taken in
        before = writes(sandbox)
        await again(office)
        return Winter(
            sandbox=sandbox,
            settings=settings,
            played=played,
            outcome=result,
            second_run_writes=writes(sandbox) - before,
        )


def joint(result: Outcome) -> Line:
    return next(line for line in result.lines if line.meeting.first_day.isoformat() == JOINT)


def test_nothing_failed(winter: Winter) -> None:
    """No run of the eleven weeks met an error."""
    assert winter.played.errors == []


def test_figures_come_from_the_raw_material(winter: Winter) -> None:
    """Days that a coordinator typed, attendance and answers come to the published figures."""
    assert [line.participants for line in winter.outcome.lines] == [36, 30, 72]
    assert joint(winter.outcome).agrees is True
    assert joint(winter.outcome).respondents == 25
    assert joint(winter.outcome).meeting.joint


def test_a_second_run_of_every_occurrence_writes_nothing(winter: Winter) -> None:
    """Every occurrence once more, over the same state: no write reaches the tenant."""
    assert winter.second_run_writes == 0


def test_every_meeting_has_its_folder(winter: Winter) -> None:
    """One folder a meeting with files, named by date, title, place and group; joint: one."""
    library = ask(winter.sandbox, "tree?drive=Dokumentation")["value"][0]
    year = next(child for child in library["children"] if child["name"] == "2023")

    assert [child["name"] for child in year["children"]] == [
        "2023-02-01 Nya strategiska roller i offentlig sektor (Miljöstrategigruppen)",
        "2023-02-02 Medborgardialog (Naturvårdsgruppen)",
        "2023-03-08 Natur i stadsplanering, Alingsås, Estraden (Gemensam)",
        "2023-03-21 Barnkonventionen och arbetet med implementering i kommunerna "
        "(Rättvis handel-gruppen)",
    ]


def test_every_filed_file_has_its_columns(winter: Winter) -> None:
    """Nothing lies in a meeting's folder without saying whose it is and where it came from."""
    library = ask(winter.sandbox, "tree?drive=Dokumentation")["value"][0]
    files = [
        file
        for year in library["children"]
        for folder in year["children"]
        for file in folder["children"]
    ]
    assert len(files) > 10
    assert all(file["fields"]["NvMeetingId"] and file["fields"]["NvSource"] for file in files)
    assert {file["fields"]["NvType"] for file in files} >= {"Inspelning", "Textning", "Program"}


def test_posts_are_in_the_channel_once(winter: Winter) -> None:
    """Every post that was made is seen in the channel, by its own key."""
    told = joint(winter.outcome)
    assert told.posts == 5
    assert winter.outcome.posts > told.posts


def test_the_report_is_made_from_the_state(
    winter: Winter, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`natverket report annual` writes every document of the year, and says what is missing."""
    before = writes(winter.sandbox)
    wanted = Wanted(year=2023, out=tmp_path, language=None, network=None, template=None, file=False)
    assert asyncio.run(made(winter.settings, wanted)) == 0
    said = capsys.readouterr().out

    names = {file.name for file in tmp_path.iterdir()}
    assert names >= {
        "Årsrapport 2023.docx",
        "Årsrapport 2023.xlsx",
        "Årsrapport 2023.json",
        "Att komplettera, årsrapport 2023.docx",
    }
    assert ("Årsrapport 2023.pdf" in names) is (SOFFICE is not None)
    assert "Svar på årsenkäten saknas." in said
    told = json.loads((tmp_path / "Årsrapport 2023.json").read_bytes())
    assert [(one["date"], one["participants"]) for one in told["meetings"]] == [
        ("2023-02-01", 36),
        ("2023-02-02", 30),
        ("2023-03-08", 72),
    ]
    [joint] = [one["evaluation"] for one in told["meetings"] if one["evaluation"]]
    assert joint["satisfaction"] == {"n": 25, "sum": 115, "mean": "4.600000"}
    assert writes(winter.sandbox) == before


def test_what_cannot_be_made_leaves_nothing(winter: Winter, tmp_path: Path) -> None:
    """A year without meetings, or a template that is none: told by name, and no file is written."""
    out, template = tmp_path / "out", tmp_path / "egen.docx"
    template.write_bytes(b"no zip")
    wanted = Wanted(year=2022, out=out, language=None, network=None, template=None, file=False)
    with pytest.raises(NatverketError, match="annual report 2022: the state knows no meeting"):
        asyncio.run(made(winter.settings, wanted))
    with pytest.raises(TemplateUnusable, match=r"egen\.docx: it is no docx document"):
        asyncio.run(made(winter.settings, replace(wanted, year=2023, template=template)))
    assert not out.exists()


def test_one_changed_answer_makes_it_disagree(winter: Winter) -> None:
    """`agrees` is computed: with one answer of 25 another, the published mean is not reached."""
    changed = asyncio.run(_with_one_answer_changed(winter.settings))

    assert joint(changed).agrees is False
    assert changed.agrees is False
    line = next(
        each
        for each in as_json(changed, second_run_writes=0, report="", seconds=0)["meetings"]
        if each["date"] == JOINT
    )
    assert line["agrees"] is False
    assert line["published"] == {"satisfaction": "4,60", "usefulness": "4,08"}


def test_a_guest_opens_every_link(winter: Winter) -> None:
    """
    What members' posts link to, somebody from a municipality opens: page, folders, files.

    Beside the tenant's site they link to meetings, forms and what the channel's readers see.
    """
    site, links = asyncio.run(_links_of_members(winter.settings))
    host = site.partition("/sites/")[0]
    inside = [link for link in links if link.startswith(host)]
    with guest_of(winter.sandbox, BO) as bo:
        answers = {link: bo.opens(link) for link in inside}

    assert site in inside
    assert any("/Dokumentation/" in link for link in inside)
    assert set(answers.values()) == {200}, answers


def test_the_drafts_are_filed_once(
    winter: Winter, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With --file they lie among the drafts; a second time nothing is written."""
    wanted = Wanted(year=2023, out=tmp_path, language="en", network=None, template=None, file=True)
    asyncio.run(made(winter.settings, wanted))
    first = capsys.readouterr().out
    before = writes(winter.sandbox)
    asyncio.run(made(winter.settings, wanted))

    assert "filed Rapportutkast/Annual report 2023.docx" in first
    assert "as it was Rapportutkast/Annual report 2023.docx" in capsys.readouterr().out
    assert writes(winter.sandbox) == before
    asyncio.run(_libraries(winter.settings, tmp_path / "tenant"))
    there = {file.name for file in (tmp_path / "tenant/Samordning/Rapportutkast").iterdir()}
    assert {"Annual report 2023.docx", "Årsrapport 2023.docx"} <= there


@pytest.mark.parametrize("reads", [True, False], ids=["channel read", "channel closed"])
def test_a_lost_state_is_made_again(winter: Winter, tmp_path: Path, reads: bool) -> None:
    """
    Made anew from the tenant, without writing there; then every job runs on: no file comes a
    second time, none of the members' changes, no post either, and figures are what they were.
    """
    files, sent = lies(winter.sandbox), posts(winter.sandbox)
    before = said(winter.settings)

    again = lose_and_rebuild(winter.sandbox, winter.settings, tmp_path / "a.db", reads=reads)

    assert (again.writes_made, again.errors) == (0, ())
    assert lies(winter.sandbox).keys() == files.keys()
    assert members(lies(winter.sandbox)) == members(files)
    assert posts(winter.sandbox) == sent
    assert figures(again.says) == figures(before)
    # That Friday's summary was sent an hour ago, and nothing but the channel tells of it.
    assert [one.name for one in again.made.held if "summary" in one.name] == (
        [] if reads else ["Avstämning vecka 11 (summary)"]
    )
    assert not [one for one in again.made.held if one.what == "file"]


async def _links_of_members(settings: Settings) -> tuple[str, set[str]]:
    """The network's page, and every address that a post to members gave."""
    async with open_office(settings) as office:
        at = office.workplaces[0]
        effects, _ = await told(at)
        links = (
            link
            for effect in effects.values()
            if effect.status is Status.DONE
            for link in str(effect.baseline[LINKS]).splitlines()
        )
        return at.places.site_url, set(links)


async def _libraries(settings: Settings, folder: Path) -> None:
    async with open_office(settings) as office:
        await copy_libraries(office, folder)


def test_nothing_secret_is_logged(winter: Winter) -> None:
    """At the chattiest level no secret, token, signature or person's address is in the log."""
    env_file = winter.sandbox.directory.parent / "natverket.env"
    done = subprocess.run(
        [sys.executable, "-m", "service", "--env-file", env_file, "once", "file_materials"],
        capture_output=True,
        text=True,
        env=os.environ | {"NATVERKET_LOG_LEVEL": "debug"},
        check=True,
    )
    secrets = {name: text for name, text in winter.sandbox.env.items() if "SECRET" in name}
    signature = winter.sandbox.env["NATVERKET_NETWORK_WORKFLOW_URL"].partition("sig=")[2]

    assert "graph_request" in done.stderr
    for canary in (*secrets.values(), signature, "Bearer", "eyJ0", "tempauth", "exempel@"):
        assert canary not in done.stderr


async def _with_one_answer_changed(settings: Settings) -> Outcome:
    async with open_office(settings) as office:
        evaluation = await _evaluation(office)
        question = next(q for q in evaluation.questions if q.meaning == "satisfaction")
        first, *rest = evaluation.responses
        other = "1" if first.answers[question.key] != "1" else "6"
        first = replace(first, answers={**first.answers, question.key: other})
        at = office.workplaces[0]
        source = evaluation.sources[0].id
        await at.journal.replace_responses(source, (first, *rest))
        try:
            return await outcome(at, 2023)
        finally:
            await at.journal.replace_responses(source, evaluation.responses)


async def _evaluation(office: Office) -> Evaluation:
    (evaluation,) = (await evaluations(office.workplaces[0])).values()
    return evaluation
