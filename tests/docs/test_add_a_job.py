"""The job of docs/howto/add-a-job.md is one that the service would run as it stands."""

import importlib.util
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType

import pytest

from service.domain.actions import RefreshFile
from service.jobs.spec import Job
from tests.docs.shown import HOUSE, blocks
from tests.unit.domain_filing.year import meeting

NOW = datetime(2023, 3, 1, 7, 0, tzinfo=UTC)


@pytest.fixture
def written(tmp_path: Path) -> ModuleType:
    """The page's file, imported."""
    page = HOUSE / "docs/howto/add-a-job.md"
    text = next(block.text for block in blocks(page) if block.kind == "python")
    file = tmp_path / "list_speakers.py"
    file.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("list_speakers", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_job_is_declared(written: ModuleType) -> None:
    """It has what a job needs, under the name that the page uses."""
    assert isinstance(written.JOB, Job)
    assert written.JOB.name == "list_speakers"


def test_the_list_is_written_once(written: ModuleType) -> None:
    """A list of those who speak; the same again is nothing to do, and without speakers none is."""
    silent = meeting(date(2023, 3, 8), "Natur i stadsplanering")
    speaks = replace(silent, speakers="Anna Exempel")
    (action,) = written.plan(written.Observed(meetings=(speaks,), written={}), NOW)

    assert isinstance(action, RefreshFile)
    assert "Anna Exempel" in action.source.make().decode()
    told = {action.key: action.source.fingerprint}
    assert written.plan(written.Observed(meetings=(speaks,), written=told), NOW) == ()
    assert written.plan(written.Observed(meetings=(silent,), written={}), NOW) == ()
