"""The reference is what the code says, written out."""

import dataclasses
import re
import runpy
from pathlib import Path

import pytest

from service.sandbox.acting import kinds
from service.sandbox.calls import TABLE
from service.sandbox.every_switch import ALL
from service.sandbox.reference import reference, routes
from service.sandbox.timeline import World
from service.sandbox.trouble import rates, script

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "sandbox.md"


def test_the_page_is_what_the_code_says():
    """Made anew by `python -m service.sandbox.reference > docs/reference/sandbox.md`."""
    assert PAGE.read_text(encoding="utf-8") == reference()


# Imported above already, and run here once more as a program.
@pytest.mark.filterwarnings("ignore:.*found in sys.modules:RuntimeWarning")
def test_the_module_prints_the_page(capsys):
    """`python -m service.sandbox.reference` writes it to standard output."""
    runpy.run_module("service.sandbox.reference", run_name="__main__")
    assert capsys.readouterr().out == reference()


def test_every_call_is_in_it():
    """Each row of the table, those at the root of a library by their twin by id."""
    told = set(re.findall(r"^\| (\w+) \| `(/\S+)` \| \d", reference(), re.MULTILINE))
    by_id = {
        (row.method, row.template.replace("{drive}/root", "{drive}/items/{item}")) for row in TABLE
    }
    assert told == by_id


def test_every_switch_limit_and_act_is_in_it():
    """With the default of a switch first."""
    text = reference()
    for switch in ALL.values():
        values = ", ".join(f"`{value}`" for value in switch.values)
        assert f"| `{switch.name}` | {values} |" in text
    for limit in rates.LIMITS:
        assert f"| `{limit.name}` | {limit.most('1000')} |" in text
    assert all(f"\n**{name}**." in text for name in kinds())


def test_every_key_of_a_fault_and_of_a_seed_is_in_it():
    """Those that a script may have, and those that are asked of a seed in bold."""
    text = reference()
    for field in dataclasses.fields(script._Script):
        if field.name != "match":
            assert f"| `{field.name.removesuffix('_')}` |" in text
    for field in dataclasses.fields(World):
        needed = field.default is field.default_factory
        assert (f"| **`{field.name}`** |" if needed else f"| `{field.name}` |") in text


def test_every_control_route_is_there(daemon):
    """What it names is answered, and what it does not name is not."""
    for method, name in routes():
        if method == "GET":
            assert daemon.control(method, name).status_code == 200, name
        elif method == "POST":
            assert daemon.control(method, name, json={}).status_code != 404, name
    assert daemon.control("GET", "nowhere").status_code == 404


def test_it_names_nothing_that_a_reader_does_not_have():
    """Notes to whoever changes the code stay in the code."""
    assert not re.search(r"graph-facts|\(issue |settled \d", reference())
