"""The manifest, held against Microsoft's own schema."""

import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from service.render.teams_app import manifest
from tests.unit.teams_app.builders import APP, BOT_ID, words

HERE = Path(__file__).parents[2] / "manifest_schema"

pytestmark = pytest.mark.skipif(
    shutil.which("node") is None or not (HERE / "node_modules").is_dir(),
    reason="Microsoft's schema is not here: install Node.js and run "
    "`npm ci --prefix tests/manifest_schema --ignore-scripts`",
)


def faults(written: bytes) -> list[str]:
    done = subprocess.run(
        [shutil.which("node") or "node", str(HERE / "check.mjs")],
        input=written,
        capture_output=True,
        check=True,
    )
    return done.stdout.decode().splitlines()


@pytest.mark.parametrize("language", ["sv", "nb", "en"])
@pytest.mark.parametrize("bot", [None, BOT_ID])
def test_it_holds(language: str, bot: str | None) -> None:
    """In every language, with a bot and without."""
    assert faults(manifest(replace(APP, bot_id=bot), words(language))) == []


def test_the_schema_is_asked() -> None:
    """What it forbids is told: the silence of the other test means something."""
    spoilt = json.loads(manifest(APP, words()))
    spoilt["name"]["short"] = "x" * 31
    spoilt["bot"] = []

    said = "\n".join(faults(json.dumps(spoilt).encode()))

    assert "/name/short must NOT have more than 30 characters" in said
    assert "additional properties" in said
