"""The script for CLI for Microsoft 365, held against shellcheck and the CLI's own pages."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
SCRIPT = HERE.parents[1] / "deploy" / "permissions" / "cli-microsoft365.sh"
COMMANDS = tomllib.loads((HERE / "m365.toml").read_text(encoding="utf-8"))
EVERYWHERE = {"query", "output"}


def calls() -> Iterator[tuple[str, dict[str, bool]]]:
    """Each command, and its options with whether a value follows."""
    source = SCRIPT.read_text(encoding="utf-8").replace("\\\n", " ")
    lines = (line for line in source.splitlines() if not line.lstrip().startswith("#"))
    for said in re.findall(r"\bm365 ([a-z][^|;)\n]*)", "\n".join(lines)):
        name = re.match(r"(?:[a-z0-9]+ )*[a-z0-9]+(?= |$)", said)
        assert name, said
        options = re.findall(r"--(\w+)(?: (?!--|[0-9]?>)(\S+))?", said)
        yield name[0], {option: bool(value) for option, value in options}


def test_shellcheck_has_nothing_to_say() -> None:
    """Of any severity."""
    checked = subprocess.run(
        [Path(sys.executable).with_name("shellcheck"), "--severity=style", SCRIPT],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.stdout == ""


def test_each_command_has_its_options() -> None:
    """Those that it must have are given; one that takes a value has one, a flag has none."""
    found = list(calls())
    assert {name for name, _ in found} == set(COMMANDS)
    for name, options in found:
        page = COMMANDS[name]
        own = {option: value for option, value in options.items() if option not in EVERYWHERE}
        assert set(page["required"]) <= set(own), name
        for option, has_value in own.items():
            assert option in page["values" if has_value else "flags"], (name, option)


def test_it_says_how_it_is_used() -> None:
    """Without a step it shows the steps, and asks nothing of anybody."""
    shown = subprocess.run([SCRIPT], capture_output=True, text=True, check=False)
    assert shown.returncode == 2
    assert "SITE            address of the network's site" in shown.stderr
