"""Whether files have changed: by time, size and identity, without reading them."""

from collections.abc import Iterable, Mapping
from pathlib import Path

Fingerprints = Mapping[Path, tuple[int, int, int] | None]
"""None: there is no such file, or it may not be looked at."""


def fingerprints(paths: Iterable[Path]) -> Fingerprints:
    """Look at files; a link stands for what it leads to, as secrets are often replaced."""
    return {path: _fingerprint(path) for path in paths}


def _fingerprint(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
