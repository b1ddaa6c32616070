"""`natverket demo --json`: the whole year, as machines get it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from docx import Document

MEETING = {
    "date": str,
    "title": str,
    "groups": list,
    "form": str,
    "participants": int,
    "materials": int,
    "recording": (bool, type(None)),
    "transcript": (bool, type(None)),
    "posts": int,
    "respondents": (int, type(None)),
    "satisfaction": (str, type(None)),
    "usefulness": (str, type(None)),
    "published": (dict, type(None)),
    "agrees": (bool, type(None)),
}


@pytest.mark.proof
def test_the_year_within_the_limits(tmp_path: Path) -> None:
    """With SharePoint's, Teams' and Outlook's limits on, the service waits and nothing is lost."""
    command = [sys.executable, "-m", "service", "demo", "--json", "--set", "limits=on"]
    done = subprocess.run(
        [*command, "--dir", str(tmp_path / "demo")], capture_output=True, text=True, check=True
    )
    told = json.loads(done.stdout)

    assert told["agrees"] is True
    assert told["second_run_writes"] == 0


@pytest.mark.proof
def test_the_year_2023(tmp_path: Path) -> None:
    """Standard output is one object, and in it every published figure is reached."""
    folder = tmp_path / "demo"
    command = [sys.executable, "-m", "service", "demo", "--json", "--dir", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)

    assert told["totals"]["meetings"] == 17
    assert told["totals"]["activities"] == 18
    assert told["totals"]["participants"] == 620
    assert told["totals"]["municipalities"] == 39
    assert told["agrees"] is True
    assert told["second_run_writes"] == 0
    for meeting in told["meetings"]:
        assert meeting.keys() == MEETING.keys()
        assert all(isinstance(meeting[name], kind) for name, kind in MEETING.items())
    assert sum(meeting["agrees"] is True for meeting in told["meetings"]) == 8
    assert sum(meeting["recording"] is True for meeting in told["meetings"]) == 10
    headings = [p.text for p in Document(told["report"]).paragraphs if "Heading" in p.style.name]
    assert "Året i siffror" in headings


@pytest.mark.proof
def test_another_network(tmp_path: Path) -> None:
    """A network that has published nothing: nothing stands beside its figures, and all is well."""
    command = [sys.executable, "-m", "service", "demo", "--json", "--seed", "klimanettverket"]
    done = subprocess.run(
        [*command, "--dir", str(tmp_path / "demo")], capture_output=True, text=True, check=True
    )
    told = json.loads(done.stdout)

    assert (told["year"], told["published"], told["agrees"]) == (2025, None, True)
    assert [meeting["published"] for meeting in told["meetings"]] == [None] * 6
    assert told["second_run_writes"] == 0


def test_an_unknown_seed(tmp_path: Path) -> None:
    """It is refused with those that there are, and nothing is begun."""
    folder = tmp_path / "demo"
    command = [sys.executable, "-m", "service", "demo", "--seed", "2024", "--dir", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "2023, klimanettverket" in " ".join(done.stderr.split())
    assert not folder.exists()
