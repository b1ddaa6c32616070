"""The example file is the schema, written out."""

import re
import runpy

import pytest

from service.errors import SettingsError
from service.settings import example, read_settings, rows
from service.shipped import shipped


def test_the_example_is_what_the_schema_says() -> None:
    """Made anew by `python -m service.settings > config/natverket.example.env`."""
    assert shipped("natverket.example.env").read_text(encoding="utf-8") == example()


def test_the_module_prints_the_example(capsys: pytest.CaptureFixture[str]) -> None:
    """`python -m service.settings` writes it to standard output."""
    runpy.run_module("service.settings", run_name="__main__")
    assert capsys.readouterr().out == example()


def test_every_setting_is_in_it_once_with_a_sentence() -> None:
    """No name is left out, and each has words, a group and something to write."""
    names = re.findall(r"^(?:# )?(NATVERKET_\w+)=", example(), re.MULTILINE)
    assert names == [row.name for row in rows()]
    assert len(set(names)) == len(names)
    assert all(row.sentence.endswith(".") and row.group and row.write for row in rows())


def test_secrets_are_empty() -> None:
    """No secret has a default in the example but the state's, which holds none."""
    secrets = {row.name: row.default for row in rows() if row.secret}
    assert secrets.pop("NATVERKET_STATE_URL") == "sqlite:///natverket.db"
    assert set(secrets.values()) == {""}
    assert "NATVERKET_CLIENT_SECRET" in secrets
    assert "NATVERKET_NETWORK_WORKFLOW_URL" in secrets


def test_the_example_misses_only_what_is_needed(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Copied as it is, it is refused for what must be filled in and nothing else."""
    file = tmp_path_factory.mktemp("example") / ".env"
    file.write_text(example(), encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        read_settings(file, {})
    assert all("is not set" in problem for problem in caught.value.problems)


def test_the_defaults_written_are_the_defaults(tmp_path_factory: pytest.TempPathFactory) -> None:
    """With every comment taken away, no default is refused or unknown."""
    file = tmp_path_factory.mktemp("example") / ".env"
    file.write_text(re.sub(r"(?m)^# (NATVERKET_\w+=)", r"\1", example()), encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        read_settings(file, {})
    assert all("is not set" in problem for problem in caught.value.problems)
