"""Rules of the code that no linter knows: what `docs` and review would otherwise have to keep."""

import ast
import dataclasses
import importlib
import inspect
import pickle
import pkgutil
import typing
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

import service
import service.jobs
from service import errors, ports
from service.errors import NatverketError, Verdict
from service.jobs import JOBS
from service.jobs.spec import Job
from service.workplace import Workplace

TESTS = Path(__file__).parents[1]
SOURCE = Path(service.__file__).parent

MUTABLE = {
    "service.schedule.Entry": "the timetable's own note of where a job stands",
    "service.schedule.Timetable": "the list of those notes",
    "service.demo.replay.Played": "a count that grows while time is played",
    "service.sandbox.routes._Node": "a tree that is built once, at the start",
}

CLOCKS = {
    "graph/clock.py": "the real clock",
    "sandbox/seeds.py": "an example year is laid around today",
    "sandbox/entra/assertions.py": "assertions go by real time (settled 3)",
    "sandbox/entra/grants.py": "devices poll by real time (settled 3)",
    "sandbox/entra/managed.py": "tokens go by real time (settled 3)",
    "sandbox/entra/outside.py": "assertions go by real time (settled 3)",
    "sandbox/entra/refusals.py": "Entra tells when it refused; msal reads the machine's clock",
    "sandbox/entra/tokens.py": "tokens go by real time (settled 3)",
}
"""Files that may ask the machine for the time, and why."""

ELSEWHERE = {
    "service.demo.year.FolderInUseError": "ends a command; no run and no verdict is about it",
}
"""Errors outside the one module, and why."""

LONG = {
    "unit/posts/test_plan.py": "one table of what is due when",
}
"""Files of more than 400 lines, and why they are not two."""
LONGEST = 400


@cache
def modules() -> tuple[ModuleType, ...]:
    """Every module of the package that can be imported without running anything."""
    names = (found.name for found in pkgutil.walk_packages(service.__path__, "service."))
    return tuple(
        importlib.import_module(name)
        for name in names
        if not name.endswith(".__main__") and ".migrations." not in name
    )


def sources(folder: Path = SOURCE) -> Iterator[tuple[str, str]]:
    """Path below the folder, and text, of every Python file."""
    for path in sorted(folder.rglob("*.py")):
        yield path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8")


# ---------------------------------------------------------------- values


def test_values_are_frozen() -> None:
    """Every dataclass is frozen, but for those that are named with a reason."""
    thawed = {
        _name(kind)
        for module in modules()
        for kind in vars(module).values()
        if inspect.isclass(kind)
        and kind.__module__ == module.__name__
        and dataclasses.is_dataclass(kind)
        and not kind.__dataclass_params__.frozen  # type: ignore[attr-defined]
    }
    assert thawed - MUTABLE.keys() == set()


def test_exceptions_are_needed() -> None:
    """A reasoned exception that nothing needs any more goes."""
    for name in MUTABLE:
        module, _, kind = name.rpartition(".")
        found = getattr(importlib.import_module(module), kind, None)
        assert found is not None, name
        assert not found.__dataclass_params__.frozen, name
    for path in CLOCKS:
        assert list(_asked(SOURCE.joinpath(path).read_text(encoding="utf-8"))), path


# ---------------------------------------------------------------- time


def _asked(text: str) -> Iterator[int]:
    """Lines that ask the machine for the time of day."""
    words = {"now", "utcnow", "today"}
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        of, name = ast.unparse(node.func.value).rpartition(".")[2], node.func.attr
        if (of in ("datetime", "date") and name in words) or (of == "time" and name == "time"):
            yield node.lineno


def test_time_is_passed_in() -> None:
    """Nobody asks the machine what time it is, but the clocks."""
    found = {
        f"{path}:{line}" for path, text in sources() for line in _asked(text) if path not in CLOCKS
    }
    assert found == set()


@pytest.mark.parametrize("folder", ["domain", "parse", "render"])
def test_the_core_has_no_clock(folder: str) -> None:
    """Deciding, reading and drawing are given the time; they have no clock to ask."""
    found = [
        f"{path}:{node.lineno}"
        for path, text in sources(SOURCE / folder)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("now")
    ]
    assert found == []


# ---------------------------------------------------------------- jobs


PORTS = {
    name
    for name, kind in vars(ports).items()
    if inspect.isclass(kind) and getattr(kind, "_is_protocol", False)
} | {Workplace.__name__}


def _names_in(hint: object) -> Iterator[str]:
    """The classes that a type is made of, fields of dataclasses one step down too."""
    for part in (hint, *typing.get_args(hint)):
        if inspect.isclass(part):
            yield part.__name__


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
def test_plan_is_pure(job: Job[object]) -> None:
    """A plan is a plain function of what was seen and of the time, and is given no port."""
    assert not inspect.iscoroutinefunction(job.plan)
    assert list(inspect.signature(job.plan).parameters) == ["seen", "now"]
    hints = typing.get_type_hints(job.plan)
    assert hints["now"] is datetime
    held = [hints["seen"]]
    if dataclasses.is_dataclass(hints["seen"]):
        held += typing.get_type_hints(hints["seen"]).values()
    assert {name for hint in held for name in _names_in(hint)} & PORTS == set()


def test_one_job_a_module() -> None:
    """A module of jobs that has a JOB has exactly one, is called so, and is in the list."""
    found = []
    for info in pkgutil.iter_modules(service.jobs.__path__):
        module = importlib.import_module(f"service.jobs.{info.name}")
        own = [value for value in vars(module).values() if isinstance(value, Job)]
        if hasattr(module, "JOB"):
            assert own == [module.JOB]
            assert module.JOB.name == info.name
            found.append(module.JOB)
        else:
            assert own == []
    assert sorted(job.name for job in JOBS) == sorted(job.name for job in found)
    assert len({job.name for job in JOBS}) == len(JOBS)


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
def test_a_job_says_what_it_does(job: Job[object]) -> None:
    """One sentence, for the list of jobs."""
    assert job.does.endswith(".")
    assert "\n" not in job.does


# ---------------------------------------------------------------- errors


def _leaves(kind: type[NatverketError] = NatverketError) -> Iterator[type[NatverketError]]:
    below = kind.__subclasses__()
    if not below:
        yield kind
    for each in below:
        yield from _leaves(each)


def _made(kind: type[NatverketError]) -> NatverketError:
    """One of the kind; those that are made otherwise are named here."""
    if kind is errors.SettingsError:
        return errors.SettingsError(("NATVERKET_STATE_URL is missing",))
    if kind is errors.Throttled:
        return errors.Throttled("the subject", until=datetime(2023, 3, 1, tzinfo=UTC))
    return kind("the subject")


def _name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def _known_leaves() -> list[type[NatverketError]]:
    modules()
    return sorted(set(_leaves()), key=lambda kind: kind.__name__)


@pytest.mark.parametrize("kind", _known_leaves(), ids=lambda kind: kind.__name__)
def test_errors(kind: type[NatverketError]) -> None:
    """Every error names its subject, has a reason, a verdict and a remedy, and pickles whole."""
    error = _made(kind)

    assert str(error).startswith(f"{error.subject}: ")
    assert error.reason
    own = kind.__mro__[: kind.__mro__.index(NatverketError)]
    assert any("verdict" in vars(each) for each in own) or _name(kind) in ELSEWHERE
    assert isinstance(error.verdict, Verdict)
    assert error.remedy
    assert error.remedy != NatverketError.remedy
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind
    assert (str(again), vars(again)) == (str(error), vars(error))


def test_errors_live_in_one_module() -> None:
    """The tree is in one module, which imports nothing of ours."""
    elsewhere = {_name(kind) for kind in _known_leaves() if kind.__module__ != errors.__name__}
    assert elsewhere - ELSEWHERE.keys() == set()
    imported = [
        ast.unparse(node)
        for node in ast.walk(ast.parse(Path(errors.__file__).read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert all("service" not in line for line in imported)


# ---------------------------------------------------------------- files


def test_no_mocks() -> None:
    """Tests use fakes that behave; nothing is mocked."""
    using = [
        path
        for path, text in sources(TESTS)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import | ast.ImportFrom)
        and any(
            "mock" in name
            for name in (getattr(node, "module", None) or "", *(one.name for one in node.names))
        )
    ]
    assert using == []


@pytest.mark.parametrize("folder", [SOURCE, TESTS], ids=["service", "tests"])
def test_files_are_short(folder: Path) -> None:
    """A file has at most 400 lines, but for those that are named with a reason."""
    long = {path for path, text in sources(folder) if len(text.splitlines()) > LONGEST}
    assert long - LONG.keys() == set()


@pytest.mark.parametrize("word", ["utils", "helpers", "manager", "common"])
def test_no_drawers(word: str) -> None:
    """No module is called after what could be anything."""
    assert [path for path, _ in sources() if Path(path).stem == word] == []
