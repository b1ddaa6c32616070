"""
Every answer of every switch, and every key of a fault script, is tried in a test of the sandbox.

Read from the source: an answer is given where a test, or what it names of its own module, has the
switch's name as a key or as an argument with that value, or has both in one row of a table; where
the value is a variable, any text of the same test may be it. The first answer is what every other
test goes by, so it is not looked for. What a test then looks at is not seen. The keys of a fault
script are looked for in the tests that have the word, so one that is also something else there,
such as `status`, is found too easily.
"""

import ast
import dataclasses
import re
from collections.abc import Iterator
from functools import cache

import pytest

from service.sandbox.every_switch import ALL
from service.sandbox.trouble import script
from service.sandbox.trouble.faults import Cut, Listener
from tests.architecture.test_refusals import SANDBOX, each_test, literals

VARIABLE = ""
Given = tuple[str, str]


@cache
def given() -> frozenset[Given]:
    """Names and values that tests put together."""
    return frozenset(pair for nodes in each_test() for pair in _together(nodes))


def _together(nodes: list[ast.AST]) -> set[Given]:
    """Those of one test; beside a name with a variable, every text that the test has."""
    pairs = {pair for node in nodes for each in ast.walk(node) for pair in _pairs(each)}
    free = {name for name, value in pairs if value == VARIABLE}
    return pairs | ({(name, text) for name in free for text in literals(nodes)} if free else set())


def _pairs(node: ast.AST) -> Iterator[Given]:
    match node:
        case ast.Dict():
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant):
                    yield str(key.value), _text(value)
        case ast.keyword(arg=str(name), value=value):
            yield name, _text(value)
        case ast.Tuple(elts=[ast.Constant(value=str(name)), *values]):
            yield from ((name, _text(value)) for value in values)
        case ast.Call(func=ast.Attribute(attr="set_state"), args=[ast.Constant(value=key), value]):
            yield str(key).removeprefix("switch/"), _text(value)
        case ast.Call(func=ast.Attribute(value=owner, attr="set"), args=[_, value]):
            if (name := _switches().get(ast.unparse(owner))) is not None:
                yield name, _text(value)


def _text(value: ast.expr) -> str:
    return str(value.value) if isinstance(value, ast.Constant) else VARIABLE


@cache
def _switches() -> dict[str, str]:
    """`limits.CLOCK` to the name of the switch."""
    found = {}
    for path in SANDBOX.rglob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            match node:
                case ast.Assign(
                    targets=[ast.Name(id=constant)],
                    value=ast.Call(
                        func=ast.Name(id="Switch"),
                        keywords=[ast.keyword(arg="name", value=ast.Constant(value=name)), *_],
                    ),
                ):
                    found[f"{path.stem}.{constant}"] = name
    return found


@pytest.mark.parametrize(
    ("name", "value"), [(each.name, value) for each in ALL.values() for value in each.values[1:]]
)
def test_an_answer_of_a_switch_is_tried(name: str, value: str) -> None:
    """Each but the first, which the others are held against."""
    assert (name, value) in given(), f"no test sets {name} to {value}"


# ---------------------------------------------------------------- fault scripts


@cache
def scripted() -> frozenset[Given]:
    """Keys and values in the tests that script faults, as Python or as TOML."""
    found: set[Given] = set()
    for nodes in each_test():
        texts = set(literals(nodes))
        if any("fault" in text for text in texts):
            found |= _together(nodes)
            found |= {pair for text in texts for pair in _TOML.findall(text)}
    return frozenset(found)


_TOML = re.compile(r"(?:^|[\s{.])(\w+) ?= ?\"?([^\s\",}]*)")
KEYS = sorted(
    {
        field.name.rstrip("_")
        for table in (script._Script, script._Match)
        for field in dataclasses.fields(table)
    }
)


@pytest.mark.parametrize("key", KEYS)
def test_a_key_of_a_fault_script_is_used(key: str) -> None:
    """In a test that scripts a fault."""
    assert key in {name for name, _ in scripted()}, f"no fault of a test has {key}"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *(("cut", each.value) for each in Cut),
        *(("listener", each.value) for each in Listener),
        ("when", "before"),
        ("when", "after"),
    ],
)
def test_a_choice_of_a_fault_script_is_used(key: str, value: str) -> None:
    """Keys with a few values are used with each of them."""
    assert (key, value) in scripted(), f"no fault of a test has {key} = {value}"
