"""The operations plan against a tenant: planned, published, subscribed to, bound to its event."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from icalendar import Calendar, Event
from typer.testing import CliRunner

from service.cli.main import app
from service.demo.tenant import ask
from service.demo.year import prepare, tenant
from service.domain.post import Post
from service.jobs.coming import coming
from service.jobs.plans import PLANS
from service.observe import SeenRow
from service.sandbox.process import Sandbox
from service.settings import Settings
from service.wiring import Office, open_office

ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith("NATVERKET_")}
TOKEN = "en-adress-som-ingen-gissar-0123456789"
COORDINATOR = "5a9d4000-0000-4000-8000-000000000001"
ICS = "Verksamhetsplan 2024.ics"


@dataclass(frozen=True)
class Stage:
    sandbox: Sandbox
    settings: Settings
    env_file: Path
    out: Path
    said: str
    """What the command printed that published the plan."""


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A coordinator has planned the coming year in Möten, and published the plan."""
    folder = tmp_path_factory.mktemp("plan")
    with tenant(folder / "demo") as (sandbox, settings):
        asyncio.run(prepare(settings))
        plan_a_row(sandbox, Title="Klimatlöften", NvStart="2024-01-25T12:00:00Z", NvTime="9.30-11")
        plan_a_row(sandbox, Title="Fladdermöss i fält", NvTime="hösten 2024")
        env_file, out = folder / "demo" / "natverket.env", folder / "out"
        asyncio.run(ran(settings, "sync_calendar"))
        said = natverket(env_file, "report", "plan", "2024", "--publish", "--out", str(out))
        yield Stage(sandbox, settings, env_file, out, said)


def plan_a_row(sandbox: Sandbox, **fields: str) -> None:
    row = {"NvGroups": "Miljöstrategigruppen", **fields}
    ask(sandbox, "act", {"act": "AddRow", "list_name": "Möten", "by": COORDINATOR, "fields": row})


async def ran(settings: Settings, *jobs: str) -> None:
    async with open_office(settings) as office:
        await run(office, *jobs)


async def run(office: Office, *jobs: str) -> None:
    timetable = await office.timetable()
    for name in jobs:
        entry = next(each for each in timetable.entries if each.job.name == name)
        assert not (await office.run(entry, office.clock.now())).errors


def natverket(env_file: Path, *words: str) -> str:
    done = CliRunner().invoke(app, ["--env-file", str(env_file), *words])
    assert done.exit_code == 0, done.output
    return done.output


async def published(office: Office) -> list[Event]:
    """The calendar as it lies among the members' files."""
    at = office.workplaces[0]
    item = await at.drives.find(at.places.documentation, f"{PLANS.path}/{ICS}")
    assert item is not None
    content = at.drives.content(item.drive_id, item.id)
    whole = b"".join([piece async for piece in content.read()])
    return list(Calendar.from_ical(whole).walk("VEVENT"))


# ---------------------------------------------------------------- what was published


def test_what_the_command_tells(stage: Stage) -> None:
    """What it wrote, what it published, and what has no date yet."""
    assert sorted(file.suffix for file in stage.out.iterdir()) == [".docx", ".ics", ".txt"]
    assert "published: https://" in stage.said
    assert "dated: 1, of them 1 without invitation" in stage.said
    assert "undated: Fladdermöss i fält (Miljöstrategigruppen)" in stage.said


def test_in_another_language(stage: Stage, tmp_path: Path) -> None:
    """Of a plan that is published already, without touching it."""
    said = natverket(
        stage.env_file, "report", "plan", "2024", "--language", "nb", "--out", str(tmp_path)
    )
    assert (tmp_path / "Årsplan 2024.docx").is_file()
    assert "published: Verksamhetsplan 2024.docx" in said
    written = (tmp_path / "Årsplan 2024 – tekst til å lime inn.txt").read_text("utf-8-sig")
    assert "torsdag 25. januar kl. 09.30–11.00: Klimatlöften" in written


# ---------------------------------------------------------------- subscribed to


def daemon(env_file: Path, port: int = 0) -> "subprocess.Popen[str]":
    told = {
        "NATVERKET_LOG_LEVEL": "info",
        "NATVERKET_NETWORK_CALENDAR_TOKEN": TOKEN,
        "NATVERKET_WEB_PORT": str(port),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "service", "--env-file", env_file, "run"],
        stderr=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT | told,
    )


def test_a_daemon_serves_the_calendar_while_it_runs(stage: Stage) -> None:
    """To whoever has the address, and to nobody else; the log does not tell it."""
    process = daemon(stage.env_file)
    try:
        lines = []
        assert process.stderr is not None
        for line in process.stderr:
            lines.append(line)
            if "listening" in line:
                break
        [base] = re.findall(r"http://127\.0\.0\.1:\d+", lines[-1])
        answer = httpx.get(f"{base}/calendar/{TOKEN}.ics")
        [event] = Calendar.from_ical(answer.content).walk("VEVENT")
        tag = {"If-None-Match": answer.headers["etag"]}

        assert (event["SUMMARY"], event["STATUS"]) == ("Klimatlöften", "TENTATIVE")
        assert httpx.get(f"{base}/calendar/{TOKEN}.ics", headers=tag).status_code == 304
        assert httpx.get(f"{base}/calendar/{TOKEN}x.ics").status_code == 404

        second = daemon(stage.env_file, int(base.rpartition(":")[2]))
        _, told = second.communicate(timeout=60)
        assert second.returncode == 1
        assert "another `natverket run`" in told or "Address already in use" in told
        process.send_signal(signal.SIGTERM)
        _, rest = process.communicate(timeout=60)
        assert process.returncode == 0
        assert TOKEN not in "".join((*lines, rest))
    finally:
        process.kill()
        process.communicate()


# ---------------------------------------------------------------- bound to its event


def test_the_invitation_comes(stage: Stage) -> None:
    """The planned row becomes the meeting's own, and the calendar's entry is confirmed."""
    asyncio.run(_invitation_comes(stage))


async def _invitation_comes(stage: Stage) -> None:
    async with open_office(stage.settings) as office:
        [before] = await published(office)
        ask(
            stage.sandbox,
            "act",
            {
                "act": "Invite",
                "key": "klimat-2024",
                "organizer": COORDINATOR,
                "subject": "Miljöstrategi: Klimatlöften 2024",
                "body_html": "<p>Anmälan: https://forms.office.com/e/x senast 18 januari</p>",
                "start": "2024-01-25T09:30:00+01:00",
                "end": "2024-01-25T11:00:00+01:00",
                "attendees": [stage.settings.networks[0].mailbox],
            },
        )
        await run(office, "sync_calendar", "file_materials", "publish_plan")
        at = office.workplaces[0]
        rows = (await at.ledger.seen("register", SeenRow)).values()
        [row] = [one.fields for one in rows if "Klimatlöften" in str(one.fields.get("Title"))]
        [after] = await published(office)

        assert (row["Title"], row["NvStatus"]) == ("Klimatlöften", "Inbjudan skickad")
        assert row["NvRegLink"] == "https://forms.office.com/e/x"
        assert (after["UID"], after["STATUS"]) == (before["UID"], "CONFIRMED")
        assert after["SEQUENCE"] > before["SEQUENCE"]
        [post] = [one for one in await coming(at, 2) if one.kind == "plan_ready"]
        _says_that_it_is_ready(post)


def _says_that_it_is_ready(post: Post) -> None:
    assert post.card.title == "Verksamhetsplan 2024"
    assert "klar, med en träff" in post.card.text
    assert "Verksamhetsplaner" in post.card.buttons[0].url
