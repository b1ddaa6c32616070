"""
The unit and natverketctl under a real systemd, by the steps of install-on-debian.md.

Part of `make image-check`; needs root, debootstrap, the net and cgroup v2.
"""

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pytest
from dotenv import dotenv_values

from service.cli.logs import log_to_stderr
from service.demo.tenant import ask
from service.demo.year import tenant
from service.sandbox.process import Sandbox
from service.settings import rows
from tests.deploy.booting import Host, booted, groups
from tests.deploy.building import PACKAGES, Image, empty_debian, lacking, run
from tests.deploy.dockerfile import shipped

pytestmark = pytest.mark.proof

ROOT = Path(__file__).parents[2]
HOWTO = (ROOT / "docs/howto/install-on-debian.md").read_text()
CHECKOUT = "root/natverket"
OWN = ("NATVERKET_STATE_URL", "NATVERKET_CA_FILE", "NATVERKET_WEB_PORT", "NATVERKET_LOG_LEVEL")


@dataclass(frozen=True)
class Served:
    host: Host
    sandbox: Sandbox
    root: Path


def steps(heading: str) -> list[str]:
    """The commands below a heading of the how-to."""
    section = HOWTO.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    (block,) = re.findall(r"```text\n(.*?)```", section, re.DOTALL)
    return [line for line in block.splitlines() if not line.startswith("#")]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A booted Debian in which everything was installed as the how-to says."""
    reason = lacking() or (None if groups() else "cgroup v2 is not mounted")
    if reason:
        pytest.skip(f"no systemd is booted here: {reason}")
    folder = tmp_path_factory.mktemp("unit")
    debian = empty_debian(folder / "root", f"{PACKAGES},systemd,systemd-sysv,dbus")
    _install(debian)
    log_to_stderr("error", "text")
    with tenant(folder / "demo") as (sandbox, _):
        _settings(debian.root, folder / "demo/natverket.env", sandbox)
        with booted(debian.root, folder / "systemd.log") as host:
            yield Served(host, sandbox, debian.root)
    subprocess.run(["rm", "-rf", folder], check=True)


def _install(debian: Image) -> None:
    checkout = debian.root / CHECKOUT
    files = [*shipped(ROOT, (ROOT / ".dockerignore").read_text())]
    files += [Path("deploy/natverketctl"), Path("deploy/natverket.service")]
    for path in files:
        (checkout / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, checkout / path)
    debian.says.workdir = PurePosixPath("/", CHECKOUT)
    for line in (*steps("The program"), *steps("Settings and secrets")):
        # A person pastes a secret there.
        run(debian, line if "/dev/stdin" not in line else f"echo secret | {line}")


def _settings(root: Path, env_file: Path, sandbox: Sandbox) -> None:
    """The tenant's settings: secrets a file each, all else in the environment file."""
    etc = root / "etc/natverket"
    told = {k: v or "" for k, v in dotenv_values(env_file).items() if k not in OWN}
    secret = {row.name for row in rows() if row.secret}
    for name in secret & told.keys():
        file = etc / "credentials" / name.removeprefix("NATVERKET_").lower()
        file.write_text(told.pop(name) + "\n")
    shutil.copy(sandbox.ca_file, etc / "ca.pem")
    told |= {"NATVERKET_CA_FILE": "/etc/natverket/ca.pem", "NATVERKET_WEB_PORT": "0"}
    (etc / "natverket.env").write_text("".join(f"{k}={v}\n" for k, v in told.items()))


def test_the_service_starts_and_minds_its_settings(served: Served) -> None:
    """Every step works; systemd is told, reload is heard, secrets come as credentials."""
    for line in steps("The service"):
        yes = " --yes" if "provision" in line else ""
        did(served.host, f"cd /{CHECKOUT} && {line.partition('#')[0]}{yes}")

    told = did(served.host, "systemctl show natverket -p StatusText,NRestarts,ActiveState")
    assert "ActiveState=active" in told
    assert "NRestarts=0" in told
    assert "StatusText=1 network" in told
    assert "systemd credential /run/credentials/" in did(served.host, "natverketctl settings")
    ask(served.sandbox, "clock", {"now": "2023-01-10T10:00:00Z"})
    journal = "journalctl --no-pager -u natverket"
    until(served.host, f"{journal} | grep -q 'job=sync_calendar.*2023-01-10.*'")
    did(served.host, "systemctl reload natverket")
    until(served.host, f"{journal} | grep -q settings_taken_over")
    found = did(served.host, "systemd-analyze --no-pager security natverket")
    print(*re.findall(r"Overall exposure .*", found))


def test_one_can_go_back(served: Served) -> None:
    """What the how-to says of going back works, and the service goes on with the older state."""
    did(served.host, steps("Upgrade")[0])

    did(served.host, " && ".join(steps("Go back")))

    assert "a daemon runs on this state" in did(served.host, "natverketctl status")


def test_settings_that_are_not_usable_leave_it_down(served: Served) -> None:
    """It ends with 2, says why, and is not tried again."""
    with (served.root / "etc/natverket/natverket.env").open("a") as file:
        file.write("NATVERKET_WEB_HOTS=127.0.0.1\n")

    assert served.host.run("systemctl restart natverket").returncode != 0

    told = did(served.host, "systemctl show natverket -p ExecMainStatus,ActiveState")
    assert "ExecMainStatus=2" in told
    assert "ActiveState=failed" in told
    journal = did(served.host, "journalctl --no-pager -n 5 -u natverket")
    assert "NATVERKET_WEB_HOST" in journal


def did(host: Host, line: str) -> str:
    done = host.run(line)
    assert done.returncode == 0, f"{line}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
    return done.stdout


def until(host: Host, line: str) -> None:
    """Wait in there until it is so."""
    did(host, f"for i in $(seq 60); do if {line}; then exit 0; fi; sleep 1; done; exit 1")
