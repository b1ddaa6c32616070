"""
The scripts that grant rights, held against the pages of what they call.

No PowerShell runs here: they are read by its grammar, and each cmdlet, parameter and Graph
call is looked up in the tables beside this file, which name its page.
"""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tree_sitter
import tree_sitter_powershell

from service.domain.closing import closing, removal

HERE = Path(__file__).parent
FOLDER = HERE.parents[1] / "deploy" / "permissions"
SCRIPTS = sorted(FOLDER.glob("*.ps1"))
CMDLETS = tomllib.loads((HERE / "cmdlets.toml").read_text(encoding="utf-8"))
GRAPH = tomllib.loads((HERE / "graph.toml").read_text(encoding="utf-8"))
COMMON = {"ErrorAction", "Confirm", "WhatIf"}
PARSER = tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language()))

each_script = pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)


def nodes(node: Any) -> Iterator[Any]:
    yield node
    for child in node.children:
        yield from nodes(child)


def parsed(script: Path) -> list[Any]:
    return list(nodes(PARSER.parse(script.read_bytes()).root_node))


def name_of(command: Any) -> str:
    return next((c.text.decode() for c in command.children if c.type == "command_name"), "")


def parameters_of(command: Any) -> set[str]:
    """Those of the command itself, and of none within its arguments."""
    found = set()
    for child in command.children:
        if child.type == "command_parameter":
            found.add(child.text.decode().lstrip("-").partition(":")[0])
        elif child.type == "command_elements":
            found |= parameters_of(child)
    return found


def test_there_are_scripts() -> None:
    """One for each step, and one that takes all away."""
    assert [path.stem[0] for path in SCRIPTS] == list("12345679")


@each_script
def test_it_is_powershell(script: Path) -> None:
    """Its grammar finds nothing that it cannot read."""
    wrong = [one for one in parsed(script) if one.type == "ERROR" or one.is_missing]
    assert [(one.start_point, one.text) for one in wrong] == []


@each_script
def test_it_calls_what_its_pages_describe(script: Path) -> None:
    """Each cmdlet is its own function or in the table, with the parameters that its page has."""
    tree = parsed(script)
    own = {
        one.child_by_field_name("name").text.decode()
        if one.child_by_field_name("name")
        else next(c.text.decode() for c in one.children if c.type == "function_name")
        for one in tree
        if one.type == "function_statement"
    }
    for command in (one for one in tree if one.type == "command"):
        name = name_of(command)
        if not re.fullmatch(r"[A-Z][a-z]+-\w+", name) or name in own:
            continue
        assert name in CMDLETS, f"{name} is in no table: look its page up"
        unknown = parameters_of(command) - COMMON - set(CMDLETS[name]["parameters"])
        assert not unknown, f"{name} has no {unknown}: {CMDLETS[name]['page']}"


@each_script
def test_it_asks_graph_what_its_pages_describe(script: Path) -> None:
    """Method and path of each call; a variable is what was last put in it."""
    source = script.read_text(encoding="utf-8")
    held: dict[str, str] = {}
    asked = []
    for line in source.splitlines():
        if given := re.search(r"\$(uri|one) = (['\"].*['\"])$", line):
            held[given[1]] = given[2]
        if "Invoke-MgGraphRequest" in line:
            method = re.search(r"-Method (\w+)", line)
            path = re.search(r"-Uri (\"[^\"]*\"|'[^']*'|\$\w+)", line)
            assert method, line
            assert path, line
            asked.append(f"{method[1]} {shape(path[1], held)}")
    unknown = set(asked) - set(GRAPH)
    assert not unknown


def shape(written: str, held: dict[str, str]) -> str:
    """`"/v1.0/sites/$($on.id)/permissions?…"` is `/sites/{}/permissions`."""
    variable = re.match(r"\"?\$\{?(uri|one)\}?", written)
    path = held[variable[1]] if variable else written
    path = path.strip("\"'").removeprefix("/v1.0").partition("?")[0]
    return re.sub(r"\$\([^)]*\)|\$\{\w+\}|\$\w+|'[^']*'", "{}", path)


@each_script
def test_it_says_what_it_is_and_looks_before_it_makes(script: Path) -> None:
    """Help with an example, modules with their least version, parameters checked, `-WhatIf`."""
    source = script.read_text(encoding="utf-8")
    assert "#Requires -Version 7.4" in source
    assert re.search(r"#Requires -Modules @\{ ModuleName = '[\w.]+'; ModuleVersion = '", source)
    assert ".SYNOPSIS" in source
    assert "Run by:" in source
    assert ".EXAMPLE" in source
    assert "[Parameter(Mandatory" in source
    if "Changes nothing." not in source:
        assert "SupportsShouldProcess" in source
        assert "$PSCmdlet.ShouldProcess(" in source


@each_script
def test_it_makes_and_shows_no_secret(script: Path) -> None:
    """No app password is asked for, and no password is text."""
    source = script.read_text(encoding="utf-8")
    assert not re.search(r"addPassword|secretText|AsPlainText|ConvertFrom-SecureString", source)


@pytest.mark.parametrize(
    "command",
    [
        closing(site_url="https://x.example", documentation="D", coordination="S"),
        removal(site_url="https://x.example", client_id="y"),
    ],
)
def test_what_provision_says_to_run_is_there(command: str) -> None:
    """The script, and each parameter that is named; none that must be is left out."""
    path = re.search(r"deploy/permissions/(\S+)", command)
    assert path
    block = re.search(
        r"^param\((.*?)^\)", (FOLDER / path[1]).read_text(encoding="utf-8"), re.M | re.S
    )
    assert block
    named = set(re.findall(r" -(\w+)", command))
    assert named <= set(re.findall(r"\$(\w+)(?=[,\s]|$)", block[1]))
    always = re.findall(r"\[Parameter\(Mandatory\)\][^$]*\$(\w+)", block[1])
    assert set(always) <= named


def test_no_cmdlet_and_no_call_is_listed_for_nothing() -> None:
    """What is in a table is used by a script."""
    sources = "\n".join(path.read_text(encoding="utf-8") for path in SCRIPTS)
    assert [name for name in CMDLETS if name not in sources] == []


def test_each_placeholder_of_the_readme_is_explained() -> None:
    """`<…>` in a command stands in the list of what is to be filled in."""
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    used = set(re.findall(r"<([a-z][^<>\n]*)>", text))
    explained = set(re.findall(r"^\| `<([^>]+)>` \|", text, re.M))
    assert used == explained
