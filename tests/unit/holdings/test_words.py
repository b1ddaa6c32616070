"""The words of exports and disposals, in every language."""

import re
import string
import tomllib
from pathlib import Path

import pytest

from service.render.holdings.words import HoldingWords, words_from

ROOT = Path(__file__).parents[3]
LANGUAGES = ("sv", "nb", "en")
ASKED = re.compile(r"""(?:say|said)\(\s*f?["']([a-z_]+\.[a-z_0-9]+)["']""")


def words(language: str) -> HoldingWords:
    text = (ROOT / "config" / "holdings" / f"{language}.toml").read_text(encoding="utf-8")
    return words_from(tomllib.loads(text), language)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_language_says_the_same_things(language: str) -> None:
    """No text is missing or more, and each has the same fields to fill."""
    swedish, other = words("sv").said, words(language).said

    assert swedish.keys() == other.keys()
    for key, text in swedish.items():
        assert fields(text) == fields(other[key]), key


def test_what_is_asked_for_is_there() -> None:
    """Every text that the code names is in the files."""
    files = [*ROOT.glob("service/**/holding*/*.py"), *ROOT.glob("service/**/*dispos*.py")]
    files += [ROOT / "service/cli/export.py"]
    asked = {key for file in files for key in ASKED.findall(file.read_text(encoding="utf-8"))}

    assert len(asked) > 15
    assert asked - set(words("sv").said) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_columns_are_as_many(language: str) -> None:
    """A workbook's columns have a name each."""
    said = words(language).table("columns")
    assert {name: len(text.split("; ")) for name, text in said.items()} == {
        "members": 3,
        "posts": 6,
        "register": 3,
    }
