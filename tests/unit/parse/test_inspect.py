"""`natverket survey inspect` as a person types it: no tenant, no settings."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from service.cli import surveys  # noqa: F401 - adds its commands
from service.cli.app import app
from tests.unit.parse.sheets import EN, SATISFACTION, SV, T1, T2, USEFULNESS, csv, workbook

DESCRIBED = """
[network]
timezone = "Europe/Helsinki"
[survey]
scale = [1, 5]
decimals = 1
[[survey.questions]]
key = "satisfaction"
meaning = "satisfaction"
wordings = ["Ble det bra?"]
"""


def inspect(file: Path, *options: str) -> Result:
    return CliRunner().invoke(
        app, ["survey", "inspect", str(file), *options], env={"COLUMNS": "80"}
    )


def test_for_machines(tmp_path: Path) -> None:
    """The keys are those agreed, and no more: means exact, questions without persons."""
    file = tmp_path / "svar.xlsx"
    file.write_bytes(
        workbook(
            [*SV, SATISFACTION, USEFULNESS, "Vad var bäst?"],
            [1, T1, T2, "a@exempel.se", "Anna Exempel", 5, 4, "Allt"],
            [2, T1, T2, "", "", 6, "", ""],
            [2, T1, T2, "", "", 6, "", ""],
        )
    )
    told = inspect(file, "--json")
    assert told.exit_code == 0
    assert json.loads(told.stdout) == {
        "n": 2,
        "raw_rows": 3,
        "questions": [
            {"text": SATISFACTION, "meaning": "satisfaction", "n": 2, "mean": "5.500000"},
            {"text": USEFULNESS, "meaning": "usefulness", "n": 1, "mean": "4.000000"},
            {"text": "Vad var bäst?", "meaning": "text", "n": 1, "mean": None},
        ],
        "warnings": ["1 row repeats a response and was left out"],
    }


def test_for_people(tmp_path: Path) -> None:
    """Every column with what it was read as, within 80 columns, brackets and all."""
    file = tmp_path / "svar.xlsx"
    grid = "Hur nöjd är du med följande delar av dagen? [Lokalen]"
    file.write_bytes(workbook([*SV, SATISFACTION, grid], [7, T1, T2, "a@b.se", "A", 5, 9]))
    told = inspect(file).stdout
    lines = told.splitlines()
    assert lines[0] == "svar.xlsx: 1 response in 1 row, scale 1–6"
    assert lines[1] == "sent in 2023-03-08 15:31 to 2023-03-08 15:31 (Europe/Stockholm)"
    assert max(map(len, lines)) <= 80
    for part in ("address: not kept", "satisfaction", "5.00", "[Lokalen]", "the response's id"):
        assert part in told
    assert "a@b.se" not in told


def test_scale_and_time_zone(tmp_path: Path) -> None:
    """They can be told, and a word is then one of that scale."""
    file = tmp_path / "svar.csv"
    file.write_bytes(csv([*EN, SATISFACTION], [1, "", "2023-03-08 15:31", "", "", "Nöjd"]))
    told = inspect(file, "--scale", "1-5", "--time-zone", "Europe/Helsinki").stdout
    assert "scale 1–5" in told
    assert "15:31 (Europe/Helsinki)" in told
    assert "4.00" in told


def test_description(tmp_path: Path) -> None:
    """A network's description tells its own questions, scale, decimals and time zone."""
    description, file = tmp_path / "nettverk.toml", tmp_path / "svar.csv"
    description.write_text(DESCRIBED, encoding="utf-8")
    file.write_bytes(csv(["ID", "Fullført", "Ble det bra?"], [1, "2023-03-08 15:31", "Enig"]))
    told = inspect(file, "--description", str(description)).stdout
    assert "Europe/Helsinki" in told
    assert "satisfaction" in told
    assert " 4.0" in told


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04damaged", b'ID;A\n1;"x\n', None])
@pytest.mark.parametrize("options", [(), ("--json",)])
def test_unreadable(tmp_path: Path, content: bytes | None, options: tuple[str, ...]) -> None:
    """One line that names the file, the reason and the remedy; nothing to be parsed; exit 1."""
    file = tmp_path / "svar.xlsx"
    if content is not None:
        file.write_bytes(content)
    told = inspect(file, *options)
    assert (told.exit_code, told.stdout) == (1, "")
    assert len(told.stderr.splitlines()) == 1
    assert "svar.xlsx: " in told.stderr
    assert told.stderr.endswith(".\n")


@pytest.mark.parametrize("options", [("--scale", "5"), ("--scale", "5-1"), ("--time-zone", "Mars")])
def test_wrong_options(tmp_path: Path, options: tuple[str, str]) -> None:
    """An option that means nothing is refused before the file is read."""
    assert inspect(tmp_path / "none.xlsx", *options).exit_code == 2
