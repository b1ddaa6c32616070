"""The files that come with the program: texts, series, seeds and networks of `config/`."""

from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from service.errors import UnreadableFile

FALLBACK = "en"
"""What a language has no file for is said in this one."""


def languages() -> tuple[str, ...]:
    """Every language there is: one for each file of `config/texts`. Raises UnreadableFile."""
    return tuple(sorted(file.name.removesuffix(".toml") for file in shipped("texts").iterdir()))


def in_language(folder: str, language: str) -> Traversable:
    """Find `config/<folder>/<language>.toml`, or English where there is none."""
    there = shipped(folder, f"{FALLBACK}.toml")
    return own if (own := shipped(folder).joinpath(f"{language}.toml")).is_file() else there


def shipped(*parts: str) -> Traversable:
    """
    Find a file or folder of `config/`: in the package once installed, beside it in a checkout.

    Raises UnreadableFile if it is in neither.
    """
    packaged: Traversable = resources.files("service") / "config"
    checkout = Path(__file__).resolve().parent.parent / "config"
    root = packaged if packaged.is_dir() else checkout
    found = root.joinpath(*parts)
    if not (found.is_file() or found.is_dir()):
        raise UnreadableFile(
            "/".join(("config", *parts)),
            "this installation does not have it",
            remedy="Install Nätverket anew; in a checkout, see that config/ is whole.",
        )
    return found
