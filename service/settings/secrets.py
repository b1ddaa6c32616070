"""
Secrets that lie in files: named by `…_FILE`, or laid out by systemd or Docker by their own names.

systemd: `LoadCredential=`, https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html;
Docker: https://docs.docker.com/compose/how-tos/use-secrets/
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from service.settings.fields import PREFIX
from service.settings.problems import nearest, problem
from service.settings.rows import rows
from service.settings.sources import Given, Kind, Source

CREDENTIALS = "CREDENTIALS_DIRECTORY"
"""What systemd sets for a unit with credentials."""
DOCKER = Path("/run/secrets")
WHOLE_FILE = {"NATVERKET_CLIENT_CERTIFICATE": "NATVERKET_CLIENT_CERTIFICATE_FILE"}
"""What is laid out under the first name is itself the file that the second names."""


def read_named(given: Mapping[str, Given]) -> tuple[dict[str, Given], list[str]]:
    """Put the contents of `…_FILE` in the place of each secret given so."""
    texts, problems = dict(given), []
    for name in secret_names():
        path = texts.pop(f"{name}_FILE", None)
        if path is None or not path.text:
            continue
        if name in texts and texts[name].text:
            problems.append(problem(f"{name}_FILE", f"stands beside {name}", "one of the two"))
            continue
        text, bad = _content(f"{name}_FILE", Path(path.text))
        source = Source(
            kind=Kind.NAMED_FILE, file=Path(path.text), named_in=f"{name}_FILE, {path.source}"
        )
        texts[name] = Given(text=text, source=source)
        problems += bad
    return texts, problems


def laid_out(environment: Mapping[str, str], docker: Path) -> tuple[dict[str, Given], list[str]]:
    """Read what systemd and Docker have laid out for us; systemd's wins."""
    found: dict[str, Given] = {}
    problems: list[str] = []
    for kind, place in _places(environment, docker):
        for file in _ours(place):
            given, bad = _laid(kind, file)
            found |= given
            problems += bad
    return found, problems


def laid_out_files(environment: Mapping[str, str], docker: Path) -> Iterator[Path]:
    """Yield the folders and files that `laid_out` reads."""
    for _, place in _places(environment, docker):
        yield place
        yield from _ours(place)


def _places(environment: Mapping[str, str], docker: Path) -> Iterator[tuple[Kind, Path]]:
    yield Kind.DOCKER, docker
    if environment.get(CREDENTIALS):
        yield Kind.SYSTEMD, Path(environment[CREDENTIALS])


def secret_names() -> list[str]:
    """Return the names of all secrets."""
    return [row.name for row in rows() if row.secret]


def _ours(place: Path) -> Iterator[Path]:
    try:
        files = sorted(place.iterdir())
    except OSError:
        return
    # In either case of letters: Docker's are usually low, systemd's are whatever the unit says.
    yield from (file for file in files if file.name.upper().startswith(PREFIX) and file.is_file())


def _laid(kind: Kind, file: Path) -> tuple[dict[str, Given], list[str]]:
    name, source = file.name.upper(), Source(kind=kind, file=file)
    if name in WHOLE_FILE:
        return {WHOLE_FILE[name]: Given(text=str(file), source=source)}, []
    known = secret_names()
    if name not in known:
        write = nearest(name, [*known, *WHOLE_FILE]).lower()
        return {}, [problem(str(file), "there is no such secret", f"its name as {write}")]
    text, bad = _content(str(file), file)
    return {name: Given(text=text, source=source)}, bad


def _content(told: str, path: Path) -> tuple[str, list[str]]:
    try:
        text = path.read_text(encoding="utf-8-sig").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        why = f"{path} cannot be read ({reason})"
        return "unread", [problem(told, why, "the path of a file that can be read")]
    if not text:
        return "unread", [problem(told, f"{path} is empty", "the secret into it")]
    return text, []
