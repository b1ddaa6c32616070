"""
Run once in the image's build stage: takes out what the service never loads, compiles the rest.

msgraph-sdk is made for the whole of Graph: 130 MB in 16,700 files, of which the service loads
ninety. Whole trees of it of which the service imports nothing are removed, and so is the text
from which it was generated; its models stay, since its own code may ask for one. So are the
tests that libraries bring. Of what remains of the SDK, only what is imported gets bytecode.
Everything else is compiled: a read-only root could not keep what is compiled later, and a
start would pay for it each time.

The bytecode lies in PYTHONPYCACHEPREFIX, the standard library's too, which the base image
comes without. It is never compared with its source: nothing changes an image's sources, and
tools that make images reproducible change their times.
"""

import compileall
import importlib
import pkgutil
import shutil
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from py_compile import PycInvalidationMode

# Not the daemon's: they need libraries of the extra `demo`, or a migration under way.
LEFT_OUT = ("service.demo", "service.sandbox", "service.__main__", "service.store.migrations")
SDK = "msgraph"
KEPT = frozenset({"models"})
GENERATED_FROM = "kiota-dom-export.txt"


def main() -> None:
    import_the_service()
    libraries = Path(sysconfig.get_path("purelib"))
    removed = sum(remove(path) for path in unused(libraries / SDK / "generated"))
    print(f"removed {removed / 1e6:.1f} MB of {SDK} that nothing imports")
    removed = sum(remove(path) for path in own_tests(libraries))
    print(f"removed {removed / 1e6:.1f} MB of libraries' own tests")
    sources = sorted({*imported(), *sources_of(libraries)})
    # Some of a library's files are for newer Pythons, and compile there alone.
    compiled = sum(compile_one(source) for source in sources)
    print(f"compiled {compiled} of {len(sources)} modules into {sys.pycache_prefix}")


def import_the_service() -> None:
    """Import every module of it, as the commands and jobs together would."""
    service = importlib.import_module("service")
    for module in pkgutil.walk_packages(service.__path__, "service."):
        if not module.name.startswith(LEFT_OUT):
            importlib.import_module(module.name)


def unused(generated: Path) -> Iterator[Path]:
    """Name the SDK's trees of which nothing has been imported."""
    used = {name.split(".")[2] for name in sys.modules if name.startswith(f"{SDK}.generated.")}
    if not used:
        raise SystemExit(f"nothing of {SDK} was imported: is it still what asks Graph?")
    for path in generated.iterdir():
        if path.name == GENERATED_FROM or (path.is_dir() and path.name not in used | KEPT):
            yield path


def own_tests(libraries: Path) -> Iterator[Path]:
    """Name the folders in which libraries test themselves, where nothing there is imported."""
    loaded = {folder for source in imported() for folder in source.parents}
    for path in sorted(libraries.rglob("tests")):
        if path.is_dir() and path not in loaded:
            yield path


def remove(path: Path) -> int:
    """Remove a file or tree; returns its bytes."""
    if path.is_file():
        size = path.stat().st_size
        path.unlink()
        return size
    size = sum(each.stat().st_size for each in path.rglob("*") if each.is_file())
    shutil.rmtree(path)
    return size


def imported() -> Iterator[Path]:
    """Name the sources of what has been imported, the standard library's among them."""
    files = (getattr(module, "__file__", None) for module in tuple(sys.modules.values()))
    for file in files:
        if file and file.endswith(".py") and Path(file) != Path(__file__):
            yield Path(file)


def sources_of(libraries: Path) -> Iterator[Path]:
    """Name the sources of every library but the SDK."""
    for source in libraries.rglob("*.py"):
        if source.relative_to(libraries).parts[0] != SDK:
            yield source


def compile_one(source: Path) -> bool:
    return bool(
        compileall.compile_file(
            source, quiet=2, force=True, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH
        )
    )


if __name__ == "__main__":
    main()
