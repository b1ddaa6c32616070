"""What a network has laid up in files: series, texts and templates, its own or shipped ones."""

import tomllib
from collections.abc import Iterable, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path

from service.domain.network import Network
from service.domain.series import Series, series_from
from service.errors import SettingsError, UnreadableFile
from service.render.documents import Template, shipped_template
from service.shipped import FALLBACK, shipped

SERIES, TEXTS = "NATVERKET_NETWORK_SERIES", "NATVERKET_NETWORK_TEXTS"
TEMPLATES = "NATVERKET_NETWORK_TEMPLATES"


def series_of(names: Iterable[str], network: Network) -> tuple[Series, ...]:
    """
    Read series by the name of a shipped one, such as `klimatkalender`, or by path.

    A shipped one is in the network's language. Raises SettingsError with every problem.
    """
    files, problems = dict[str, Mapping[str, object]](), list[str]()
    for name in names:
        try:
            files[name] = _parsed(_file(name, network.language), SERIES)
        except SettingsError as error:
            problems += error.problems
    try:
        found = series_from(files, [group.id for group in network.groups])
    except SettingsError as error:
        problems += error.problems
    if problems:
        raise SettingsError(tuple(problems))
    return found


def own_texts(path: Path | None) -> Mapping[str, object]:
    """Read a network's own texts, if it has any. Raises SettingsError."""
    return {} if path is None else _parsed(path, TEXTS)


def template_of(name: str, folder: Path | None) -> Template:
    """
    Read a docx template: the network's own, where its folder has one of the name.

    Raises UnreadableFile.
    """
    if folder is None:
        return shipped_template(name)
    if not folder.is_dir():
        raise UnreadableFile(
            str(folder),
            f"{TEMPLATES} names no folder that can be read",
            remedy=f"Put annual.docx into a folder and name that, or leave {TEMPLATES} out.",
        )
    own = folder / name
    return template_at(own) if own.exists() else shipped_template(name)


def template_at(path: Path) -> Template:
    """Read a template from a file. Raises UnreadableFile."""
    try:
        return Template(name=str(path), content=path.read_bytes())
    except OSError as error:
        raise UnreadableFile(str(path), error.strerror or "it cannot be read") from error


def _file(name: str, language: str) -> Traversable:
    if "/" in name or name.endswith(".toml"):
        return Path(name)
    there = {
        file.name.removesuffix(ending): file
        for ending in (f".{FALLBACK}.toml", f".{language}.toml")
        for file in shipped("series").iterdir()
        if file.name.endswith(ending)
    }
    if name not in there:
        known = ", ".join(sorted(there))
        raise SettingsError((f"{SERIES}: {name} is neither shipped ({known}) nor a path",))
    return there[name]


def _parsed(file: Traversable, setting: str) -> Mapping[str, object]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SettingsError((f"{setting}: {file} cannot be read: {reason}",)) from error
