"""Fault scripts: files that are armed at start, and those that are refused there."""

import subprocess
import sys
from pathlib import Path

import pytest

from service.sandbox.process import NotStartedError, Sandbox
from service.shipped import shipped
from tests.sandbox import worlds
from tests.sandbox.conftest import WORLDS, Client


def told(client):
    return client.control("GET", "faults").json()["value"]


def test_a_script_file_is_armed_and_the_unmet_are_told_of(tmp_path):
    """The shipped example works; at the end stderr names what nothing met, and the exit is 0."""
    file = tmp_path / "faults.toml"
    file.write_text(
        '[[fault]]\nmatch = { glob = "*/root" }\nstatus = 503\n\n'
        '[[fault]]\nmatch = { path = "nowhere" }\nnth = 3\ndrop = true\nwhen = "after"\n'
    )
    sandbox = Sandbox(seed=f"{WORLDS}:empty", directory=tmp_path / "t", faults=file)
    sandbox.start()
    client = Client(sandbox, worlds.DAEMON)
    path = client.drive() + "/root"
    assert [client.ask("GET", path).status_code for _ in range(2)] == [503, 200]
    client.close()
    said = sandbox.stop()
    assert sandbox.exit_code == 0
    unmet = [line for line in said.splitlines() if "never met" in line]
    assert len(unmet) == 1
    assert f"{file}:5" in unmet[0]
    assert "nowhere" in unmet[0]


def test_the_shipped_example_is_a_good_script(tmp_path):
    """It starts a sandbox, and every one of its faults is armed."""
    example = Path(str(shipped("seeds", "sandbox-faults.toml")))
    with Sandbox(seed=f"{WORLDS}:empty", directory=tmp_path, faults=example) as sandbox:
        client = Client(sandbox, worlds.DAEMON)
        assert len(told(client)) == example.read_text().count("\n[[fault]]")
        client.close()


def test_the_command_ends_with_2(tmp_path):
    """2 for a malformed script, told by the command as by the module; nothing is begun."""
    file = tmp_path / "faults.toml"
    file.write_text("[[fault]]\nstatus = 200\n")
    command = [sys.executable, "-m", "service", "sandbox", "--faults", file]
    command += ["--dir", tmp_path / "t", "--write-env", tmp_path / "t.env"]
    refused = subprocess.run(command, capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert f"{file}:2: fault[1].status: 200 is no refusal" in refused.stderr
    assert not (tmp_path / "t").exists()


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("[[fault]]\nstatus = = 3\n", 2, "no TOML"),
        ("[[fault]]\nstatus = 503\n[[fault]]\n\nstaus = 503\n", 5, "fault[2].staus"),
        ("[[fault]]\nnth = 2\n", 1, "it does nothing"),
        ('[[fault]]\nstatus = "503"\n', 2, "a whole number"),
        ("[[fault]]\nstatus = 200\n", 2, "400 to 599"),
        ('[[fault]]\nstatus = 500\n[fault.match]\npath = "("\n', 4, "a regular expression"),
        ('[[fault]]\nstatus = 500\nfor = "soon"\n', 3, "no length of time"),
        ("[[fault]]\nstatus = 500\nfrom = 2023-01-01T00:00:00\n", 3, "no time zone"),
        ("[[fault]]\nstatus = 500\nevery = 0\n", 3, "1 or more"),
        ("[[fault]]\nstatus = 500\nprobability = 2\n", 3, "at most 1"),
        ('[[fault]]\nstatus = 500\nwhen = "later"\n', 3, "before or after"),
        ('[[fault]]\ncut = "middle"\n', 2, "request, answer"),
        ("[[fault]]\ndrop = true\nstatus = 500\n", 2, "no answer can do that too"),
        ('[[fault]]\nstale = true\nmatch.method = "PUT"\n', 3, "only reading can be stale"),
        ('[[fault]]\ncut = "request"\nmatch.body = "x"\n', 3, "not read to its end"),
        ('[[fault]]\ntruncate = true\nwhen = "before"\n', 3, "there is no answer"),
        ("[[fault]]\nstatus = 500\nbody = 3\n", 3, "it cannot be sent"),
        ("[[fault]]\npieces = 0\nstatus = 500\n", 2, "2 or more"),
        ("[[faults]]\nstatus = 500\n", 1, "[[fault]] tables"),
        ("# nothing\n", 1, "at least one"),
    ],
)
def test_a_malformed_script_is_refused_at_start(tmp_path, text, line, words):
    """With file, line and what was expected; nothing is begun."""
    file = tmp_path / "bad.toml"
    file.write_text(text)
    with pytest.raises(NotStartedError) as refused:
        Sandbox(seed=f"{WORLDS}:empty", directory=tmp_path / "t", faults=file).start()
    said = str(refused.value)
    assert f"{file}:{line}: " in said
    assert words in said
    assert "Expected: " in said
    assert "Traceback" not in said
    assert list((tmp_path / "t").iterdir()) == []


def test_the_same_words_for_a_script_that_is_posted(daemon):
    """400, and no fault is armed, not even the good ones beside it."""
    both = {"fault": [{"status": 500}, {"status": 500, "nht": 3}]}
    answer = daemon.control("POST", "faults", json=both)
    assert answer.status_code == 400
    assert answer.json()["error"].startswith("nht: there is no such key. Expected: one of match,")
    assert told(daemon) == []
