"""
Builds an image's files without a container engine, and runs what lies in them.

Every instruction is carried out in a folder that began as an empty Debian of debootstrap.
Debian's own python3 stands for the one that python:3.11-slim-bookworm has in /usr/local: it is
3.11 too, of an older patch level. Mounts are made in a namespace of their own, so that they end
with the command that wanted them. Needs root and debootstrap.
"""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from tests.deploy.dockerfile import (
    Built,
    Dockerfile,
    Instruction,
    NotUnderstood,
    Stage,
    copy_words,
    note,
    shipped,
)

SUITE = "bookworm"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
PACKAGES = "python3,python3-venv,ca-certificates,netbase,tzdata"
FROM_OUTSIDE = ("/etc/resolv.conf", "/etc/hosts")
"""What an engine lays over an image's own when it runs something in it."""
PIP = ("index_url", "extra_index_url", "trusted_host", "proxy", "timeout", "cert")


@dataclass(frozen=True, kw_only=True)
class Image:
    """An image's files, and what it says of itself."""

    root: Path
    says: Built


def lacking() -> str | None:
    """Return what this machine lacks for it, and how to have it."""
    if os.geteuid() != 0:
        return "needs root, to enter a root of its own"
    tools = {"debootstrap": "debootstrap", "unshare": "util-linux", "setpriv": "util-linux"}
    absent = sorted({package for tool, package in tools.items() if not shutil.which(tool)})
    if absent:
        return f"apt-get install {' '.join(absent)}"
    return None


def empty_debian(root: Path, packages: str = PACKAGES) -> Image:
    """Make the root that stands for the base image."""
    command = ["debootstrap", "--variant=minbase", f"--include={packages}", SUITE, str(root)]
    command += filter(None, [_mirror()])
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    (root / "usr/local/bin/python").symlink_to("/usr/bin/python3")
    for name in FROM_OUTSIDE:
        (root / name.lstrip("/")).touch()
    # As in the base image: its standard library has no bytecode.
    for cache in (root / "usr/lib").rglob("__pycache__"):
        shutil.rmtree(cache)
    return Image(root=root, says=Built(env={"PATH": PATH, "LANG": "C.UTF-8"}))


def build(
    dockerfile: Dockerfile, context: Path, base: Image, folder: Path, target: str | None = None
) -> Image:
    """Carry out the instructions of every stage that the target needs, in order."""
    built: dict[str, Image] = {}
    for stage in dockerfile.needed(target):
        print(f"stage {stage.name}, from {stage.base}")
        built[stage.name] = _stage(stage, built.get(stage.base, base), built, context, folder)
    return built[stage.name]


def added(image: Image, base: Image) -> list[Path]:
    """Name the files in which an image differs from its base."""

    def seen(path: Path) -> tuple[int, float] | None:
        if not path.is_file() or path.is_symlink():
            return None
        stat = path.stat()
        return stat.st_size, stat.st_mtime

    files = (path for path in image.root.rglob("*") if path.is_file() and not path.is_symlink())
    return [path for path in files if seen(base.root / path.relative_to(image.root)) != seen(path)]


def command(
    image: Image,
    words: Sequence[str],
    env: Mapping[str, str],
    volumes: Mapping[Path, str],
) -> list[str]:
    """
    Return the command that runs these words as an engine would with `--read-only --tmpfs /tmp`.

    As the image's user, without capabilities or a way to new ones; the process started is the
    one that the words name. Volumes are folders of this machine by where they lie inside.
    """
    root = image.root
    lay = [f"mount --bind {root} {root}"]
    lay += [f"mount -t tmpfs -o mode=1777 tmpfs {root}/tmp", f"mount -t proc proc {root}/proc"]
    lay += [f"mount --bind {source} {root}{inside}" for source, inside in volumes.items()]
    lay += [f"mount --bind {path} {root}{path}" for path in FROM_OUTSIDE]
    lay += [f"mount -o remount,bind,ro {root}"]
    user, group = image.says.user.split(":")
    become = ["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups"]
    become += ["--no-new-privs", "--bounding-set=-all", "--inh-caps=-all", "env", "-i"]
    become += [f"--chdir={image.says.workdir}"]
    become += [f"{key}={value}" for key, value in (image.says.env | env).items()]
    inner = shlex.join(["chroot", str(root), *become, *words])
    return ["unshare", "--mount", "sh", "-ec", f"{' && '.join(lay)} && exec {inner}"]


# ---------------------------------------------------------------- the instructions


def _stage(
    stage: Stage, base: Image, built: Mapping[str, Image], context: Path, folder: Path
) -> Image:
    root = folder / stage.name
    # No mount can lie below: each lives in a namespace that ended with its command.
    subprocess.run(["cp", "-a", "--reflink=auto", "-x", base.root, root], check=True)
    image = Image(root=root, says=replace(base.says, env=dict(base.says.env), arguments={}))
    for one in stage.instructions:
        print(f"  {one.word} {one.rest[:100]}", flush=True)
        if note(image.says, one):
            continue
        _do(image, one, built, context)
    return image


def _do(image: Image, one: Instruction, built: Mapping[str, Image], context: Path) -> None:
    says = image.says
    match one.word:
        case "WORKDIR":
            says.workdir = says.workdir / says.filled(one.rest)
            _inside(image, says.workdir).mkdir(parents=True, exist_ok=True)
        case "COPY":
            _copy(image, one.rest, built, context)
        case "RUN":
            run(image, one.rest)
        case _:
            raise NotUnderstood(one.word)


def run(image: Image, line: str) -> None:
    """Run a line of shell as the instruction does: everything inside, with the net of outside."""
    if line.startswith(("[", "--")):
        raise NotUnderstood(f"RUN {line}")
    if image.says.user not in ("0:0", "0"):
        raise NotUnderstood("RUN as another user than root")
    env, certificates = _pip()
    binds = {path: path for path in FROM_OUTSIDE} | certificates
    lay = [f"mount -t proc proc {image.root}/proc"]
    lay += [f"mount --bind {outside} {image.root}{inside}" for outside, inside in binds.items()]
    variables = image.says.arguments | image.says.env | env
    inner = shlex.join(
        ["chroot", str(image.root), "env", "-i", f"--chdir={image.says.workdir}"]
        + [f"{key}={value}" for key, value in variables.items()]
        + ["/bin/sh", "-c", line]
    )
    script = f"{' && '.join(lay)} && exec {inner}"
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-ec", script], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"RUN {line}\n{done.stdout[-2000:]}{done.stderr[-4000:]}"


def _copy(image: Image, rest: str, built: Mapping[str, Image], context: Path) -> None:
    stage, sources, target = copy_words(rest)
    where = _inside(image, image.says.workdir / target)
    if stage is not None:
        (source,) = sources
        where.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-a", f"{built[stage].root}{source}/.", where], check=True)
        return
    files = list(shipped(context, (context / ".dockerignore").read_text()))
    for source in sources:
        below = [path for path in files if Path(source) in (path, *path.parents)]
        assert below, f"COPY {source}: nothing of it is let in by .dockerignore"
        for path in below:
            into = where if (context / source).is_dir() else where / path.name
            goal = into / path.relative_to(source) if into == where else into
            goal.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(context / path, goal)


def _inside(image: Image, path: PurePosixPath) -> Path:
    return image.root / path.relative_to("/")


# ---------------------------------------------------------------- the net of this machine


def _mirror() -> str | None:
    """Return where this machine has Debian's packages from; None leaves it to debootstrap."""
    asked = ["apt-get", "indextargets", "--format", "$(REPO_URI)"]
    asked += ["Created-By: Packages", f"Codename: {SUITE}"]
    found = subprocess.run(asked, capture_output=True, text=True, check=False)
    return next(iter(found.stdout.split()), None)


def _pip() -> tuple[dict[str, str], dict[str, str]]:
    """Return the environment by which pip inside finds what pip here finds, and its binds."""
    asked = [sys.executable, "-m", "pip", "config", "list"]
    listed = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
    env: dict[str, str] = {}
    for line in listed.splitlines():
        key, _, value = line.partition("=")
        name = key.rpartition(".")[2].replace("-", "_")
        # An index that is a folder of this machine is none inside.
        words = [word for word in value.strip("'").split() if not word.startswith("file:")]
        if name in PIP and words:
            env[f"PIP_{name.upper()}"] = " ".join(words)
    env |= {key: os.environ[key] for key in os.environ if key.lower().endswith("_proxy")}
    cert = env.get("PIP_CERT")
    return env, {cert: cert} if cert else {}
