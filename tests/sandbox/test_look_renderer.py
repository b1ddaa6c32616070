"""How Microsoft's card renderer comes in: locked, from npm, and never needed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from service.sandbox.look import renderer

HERE = Path(renderer.__file__).parent
PACKAGES = json.loads((HERE / "package-lock.json").read_text(encoding="utf-8"))["packages"]


def build(path, **environment):
    """Runs a copy, so that what is built in stays as it is."""
    return subprocess.run(
        [sys.executable, "-S", str(path / "renderer" / "build.py")],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copied(tmp_path):
    folder = tmp_path / "renderer"
    folder.mkdir()
    for name in ("build.py", "package.json", "package-lock.json"):
        (folder / name).write_bytes((HERE / name).read_bytes())
    return tmp_path


def npm(folder, script):
    """An npm that does as the script says, alone on the path."""
    program = folder / "npm"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    return str(folder)


def test_every_package_is_locked_by_its_hash_and_names_no_host():
    """Whatever registry a machine uses, the bytes are the same."""
    locked = {name: one for name, one in PACKAGES.items() if name}
    assert {"node_modules/adaptivecards", "node_modules/markdown-it"} <= locked.keys()
    assert all(one["integrity"].startswith("sha512-") for one in locked.values())
    assert "://" not in (HERE / "package-lock.json").read_text(encoding="utf-8")


def test_a_machine_without_npm_is_told_and_goes_on(copied, tmp_path):
    """What is missing, and how to try again; nothing is left half built."""
    done = build(copied, PATH=str(tmp_path))
    assert done.returncode == 0
    assert "there is no npm" in done.stderr
    assert "make cards" in done.stderr
    assert not (copied / "built").exists()


def test_a_machine_without_network_is_told_and_keeps_what_it_had(copied, tmp_path):
    """npm's own first line says why."""
    (copied / "built").mkdir()
    (copied / "built" / "version.txt").write_text("3.0.0\n")
    path = npm(tmp_path, "echo 'npm error code ENOTFOUND' >&2; exit 1")
    done = build(copied, PATH=f"{path}:/usr/bin:/bin")
    assert done.returncode == 0
    assert "npm failed: npm error code ENOTFOUND" in done.stderr
    assert (copied / "built" / "version.txt").read_text() == "3.0.0\n"


def test_what_npm_brings_is_laid_out_without_its_maps(copied, tmp_path):
    """Two scripts, their licences, and the version that the page names."""
    script = """
    mkdir -p node_modules/adaptivecards/dist node_modules/markdown-it/dist/browser
    cd node_modules
    printf 'cards\\n//# sourceMappingURL=x\\n' > adaptivecards/dist/adaptivecards.min.js
    echo text > markdown-it/dist/browser/markdown-it.umd.min.js
    echo '{"version": "3.9.9"}' > adaptivecards/package.json
    echo MIT > adaptivecards/LICENSE
    """
    done = build(copied, PATH=f"{npm(tmp_path, script)}:/usr/bin:/bin")
    assert "adaptivecards 3.9.9" in done.stdout, done.stderr
    built = {one.name: one.read_text() for one in (copied / "built").iterdir()}
    assert built == {
        "adaptivecards.js": "cards\n",
        "markdown-it.js": "text\n",
        "LICENSES.txt": "adaptivecards\n\nMIT\n",
        "version.txt": "3.9.9\n",
    }
