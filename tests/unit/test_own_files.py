"""Files that a network names in its settings."""

from dataclasses import replace
from pathlib import Path

import pytest

from service.errors import SettingsError, UnreadableFile
from service.own_files import own_texts, series_of, template_of
from service.render.documents import shipped_template
from tests.unit.effects.world import network

SERIES = 'id = "{0}"\nname = "N"\nat = "07:30"\nitems = [{{ date = "12-13", title = "Lucia" }}]\n'


@pytest.mark.parametrize("language", ["sv", "nb", "en"])
def test_a_shipped_series_is_in_the_networks_language(language: str) -> None:
    """By its name alone."""
    (series,) = series_of(["klimatkalender"], replace(network(), language=language))
    names = {"sv": "Klimatkalendern", "nb": "Klimakalenderen", "en": "The climate calendar"}
    assert (series.id, series.name) == ("klimatkalender", names[language])


def test_a_series_of_ones_own(tmp_path: Path) -> None:
    """By path, beside shipped ones."""
    file = tmp_path / "egen.toml"
    file.write_text(SERIES.format("egen"), encoding="utf-8")
    assert [one.id for one in series_of([str(file), "klimatkalender"], network())] == [
        "egen",
        "klimatkalender",
    ]
    assert series_of([], network()) == ()


def test_problems_of_all_files_are_told(tmp_path: Path) -> None:
    """What is not there, what is no TOML, and what is no series, all at once."""
    broken, wrong = tmp_path / "b.toml", tmp_path / "w.toml"
    broken.write_text("id = ", encoding="utf-8")
    wrong.write_text(SERIES.format("Å"), encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        series_of(["jul", "/nowhere/x.toml", str(broken), str(wrong)], network())
    said = caught.value.problems
    assert said[0] == (
        "NATVERKET_NETWORK_SERIES: jul is neither shipped (klimatkalender) nor a path"
    )
    assert said[1].startswith("NATVERKET_NETWORK_SERIES: /nowhere/x.toml cannot be read: ")
    assert said[2].startswith(f"NATVERKET_NETWORK_SERIES: {broken} cannot be read: ")
    assert said[3].startswith(f"series {wrong}.id: not small letters")
    assert len(said) == 4


def test_own_texts(tmp_path: Path) -> None:
    """A file with single texts; without one nothing is said otherwise."""
    file = tmp_path / "texter.toml"
    file.write_text('[words]\ntoday = "Idag"\n', encoding="utf-8")
    parsed = {"words": {"today": "Idag"}}
    assert own_texts(file) == parsed
    assert own_texts(None) == {}
    with pytest.raises(SettingsError, match="NATVERKET_NETWORK_TEXTS: "):
        own_texts(tmp_path / "nowhere.toml")


def test_own_templates(tmp_path: Path) -> None:
    """The folder's own template, read anew each time; where it has none, the shipped one."""
    shipped = shipped_template("annual.docx")
    assert template_of("annual.docx", None) == shipped
    assert template_of("annual.docx", tmp_path) == shipped
    own = tmp_path / "annual.docx"
    for content in (b"first", b"second"):
        own.write_bytes(content)
        found = template_of("annual.docx", tmp_path)
        assert (found.name, found.content) == (str(own), content)


def test_a_folder_of_templates_that_is_none(tmp_path: Path) -> None:
    """A slip in the setting is told, not met with the shipped template in silence."""
    with pytest.raises(UnreadableFile, match="NATVERKET_NETWORK_TEMPLATES names no folder"):
        template_of("annual.docx", tmp_path / "nowhere")
