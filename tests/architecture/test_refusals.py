"""
For every refusal that the sandbox can utter there is a test that provokes it.

Read from the source, so this is what it sees: each call of what makes a refusal, with its status
and code where they are literals, and the tables in which limits and rules keep theirs. It wants
both in one test of the sandbox, or in what that test names of its own module. So it does not see
which of two refusals with the same status and code a test provokes, nor whether the test gets
them by that refusal: it keeps a refusal from being added that no test knows of. Codes out of a
switch or a fault script are chosen there, and `test_switches` looks after those. The numbers of
the sign-in service are looked for alone: their status goes by the error that they stand with.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

import service.sandbox

SANDBOX = Path(service.sandbox.__file__).parent
TESTS = Path(__file__).parents[1] / "sandbox"

MADE = {
    "GraphError": (0, 1),
    "NotBuiltError": (0, 1),
    "refuse": (0, 1),
    "refused": (0, 1),
    "TokenError": (None, 2),
    "bad_request": (400, 1),
    "invalid": (400, "invalidRequest"),
    "invalid_client": (None, 0),
    "invalid_grant": (None, 0),
    "teams/bot.py:_bad": (400, "Bad Argument"),
    "teams/connectors.py:_plain": (0, 1),
    "teams/runs.py:_FailedError": (None, 0),
    "entra/managed.py:_bad": (400, 0),
    "entra/managed.py:_status": (0, 1),
}
"""
What makes a refusal, in one file where the name is used for other things elsewhere: its status
and its code, or the position at which each is given; None where a status is not looked for, as
that of a flow's run, which has none.
"""
HANDED_ON = {"entra/access.py:person_only": "the tables beside the calls, which are looked through"}
"""What hands on a status or a code that it has from elsewhere, and from where."""
CHOSEN = {"bad_request": "BadRequest"}
"""The code where none is given."""
_LEAST_STATUS = 400
_LEAST_WORDS = 8
"""Letters that a part of a sentence has at least, to stand for it."""

Refusal = tuple[int | None, str]


def refusals() -> dict[Refusal, str]:
    """Each with the first place that utters it."""
    found: dict[Refusal, str] = {}
    for path in sorted(SANDBOX.rglob("*.py")):
        name = path.relative_to(SANDBOX).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for said in _uttered(node, name):
                found.setdefault(said, f"{name}:{getattr(node, 'lineno', 0)}")
    return found


def _uttered(node: ast.AST, path: str) -> Iterator[Refusal]:
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            made = MADE.get(f"{path}:{name}", MADE.get(name))
            if made is not None:
                yield from _of_call(node.args, name, *made)
        case ast.Tuple(elts=[ast.Constant(value=int(status)), ast.Constant(value=str(code)), _]):
            if status >= _LEAST_STATUS:
                yield status, code
        case ast.Dict():
            words = {
                key.value: value.value
                for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant) and isinstance(value, ast.Constant)
            }
            if "code" in words:
                yield None, words["code"]


def _of_call(
    args: list[ast.expr], name: str, status: int | None, code: int | str
) -> Iterator[Refusal]:
    number = status if status is None or status >= _LEAST_STATUS else _at(args, status)
    word = code if isinstance(code, str) else _at(args, code)
    if word is None and isinstance(code, int) and len(args) <= code:
        word = CHOSEN.get(name)
    if word is not None and isinstance(number, int | None):
        yield number, str(word)


def _at(args: list[ast.expr], position: int) -> object:
    """A literal, or the beginning of a text that is put together; None for anything else."""
    match args[position] if position < len(args) else None:
        case ast.Constant(value=value):
            return value
        case ast.JoinedStr(values=[ast.Constant(value=value), *_]):
            return value
    return None


# ---------------------------------------------------------------- tests


@cache
def known_by_tests() -> tuple[frozenset[str], ...]:
    """The numbers and texts in each test, and in what it names of its own module."""
    return tuple(frozenset(literals(nodes)) for nodes in each_test())


def each_test() -> Iterator[list[ast.AST]]:
    """Every test of the sandbox, with what it names of its own module."""
    for path in sorted(TESTS.glob("test_*.py")):
        top = {_name(node): node for node in ast.parse(path.read_text(encoding="utf-8")).body}
        for name, node in top.items():
            if name.startswith("test_"):
                yield list(_reached(node, top))


def _name(node: ast.stmt) -> str:
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return name
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name
    return f"line {node.lineno}"


def _reached(node: ast.AST, top: dict[str, ast.stmt]) -> Iterable[ast.AST]:
    """It, and the definitions of its module that it leads to."""
    found, ahead = {}, [node]
    while ahead:
        one = ahead.pop()
        found[id(one)] = one
        names = {each.id for each in ast.walk(one) if isinstance(each, ast.Name)}
        names |= {each.arg for each in ast.walk(one) if isinstance(each, ast.arg)}
        # A seed is named by its file and function.
        names |= {text.rpartition(":")[2] for text in literals([one]) if ":" in text}
        ahead += [top[name] for name in names if name in top and id(top[name]) not in found]
    return found.values()


def literals(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        documented = ast.get_docstring(node, clean=False) if _has_docstring(node) else None
        for each in ast.walk(node):
            if isinstance(each, ast.Constant) and each.value != documented:
                yield str(each.value)


def _has_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.ClassDef)


def _expects(texts: frozenset[str], code: str) -> bool:
    """A code stands there as a word; of a sentence, a part of it."""
    if " " in code:
        return any(len(text) > _LEAST_WORDS and (text in code or code in text) for text in texts)
    whole = re.compile(rf"(?<![A-Za-z0-9])(AADSTS)?{re.escape(code)}(?![A-Za-z0-9])")
    return any(whole.search(text) for text in texts)


ALL = refusals()


@pytest.mark.parametrize(
    ("refusal", "where"), ALL.items(), ids=[f"{status} {code}" for status, code in ALL]
)
def test_a_refusal_is_provoked(refusal: Refusal, where: str) -> None:
    """One test knows both its status and its code."""
    status, code = refusal
    known = [texts for texts in known_by_tests() if _expects(texts, code)]
    assert known, f"no test expects {code}, which {where} utters"
    if status is not None:
        assert any(str(status) in texts for texts in known), (
            f"no test expects {code} with {status}, as {where} utters it"
        )


def test_makers_of_refusals_are_known() -> None:
    """What hands a status or a code on to a maker makes refusals too, and stands in the table."""
    found = set()
    for path in sorted(SANDBOX.rglob("*.py")):
        name = path.relative_to(SANDBOX).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and _hands_on(node, name):
                found.add(node.name if node.name in MADE else f"{name}:{node.name}")
    assert found - {"__init__"} <= MADE.keys() | HANDED_ON.keys()
    assert HANDED_ON.keys() <= found


def _hands_on(function: ast.FunctionDef, path: str) -> bool:
    given = {each.arg for each in function.args.args} & {"status", "code", "number", "error"}
    for node in ast.walk(function):
        match node:
            case ast.Call(func=ast.Name(id=name), args=args) if (
                name in {*MADE, "RefusedError"} or f"{path}:{name}" in MADE
            ):
                names = {e.id for a in args for e in ast.walk(a) if isinstance(e, ast.Name)}
                if names & given:
                    return True
    return False
