"""
A Debian with systemd as its first process, in namespaces of its own: there units really start.

It shares the net of this machine, on which the sandbox listens, and nothing else: processes,
mounts, control groups and names are its own, kernel settings and devices out of reach. Needs
root and cgroup v2.
"""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.deploy.building import PATH

MASKED = (
    *("systemd-sysctl.service", "systemd-udevd.service", "systemd-modules-load.service"),
    *("systemd-logind.service", "systemd-journal-flush.service", "getty.target"),
    *("console-getty.service", "apt-daily.timer", "apt-daily-upgrade.timer", "fstrim.timer"),
    *("dpkg-db-backup.timer", "e2scrub_all.timer"),
)
"""What a machine has to do and a unit's proof has not."""
GROUP = "natverket-proof"
DEVICES = "null 1 3,zero 1 5,full 1 7,random 1 8,urandom 1 9,tty 5 0"
# Not chroot: systemd can make no user namespace (PrivateUsers=) in one.
BOOT = """
root=$1; shift
hostname proof
mount --bind $root $root; cd $root
mount -t proc proc proc
mount --bind proc/sys proc/sys; mount -o remount,bind,ro proc/sys
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 none sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs dev
for each in "$@"; do set -- $each; mknod -m 666 dev/$1 c $2 $3; done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts dev/pts; ln -s pts/ptmx dev/ptmx
mount -t tmpfs tmpfs dev/shm
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs -o mode=1777 tmpfs tmp
mkdir run/old; pivot_root . run/old
exec chroot . sh -ec 'umount -l /run/old; mount --make-rshared /
  exec setpriv --bounding-set=-sys_module,-sys_boot,-sys_time,-sys_rawio \\
    env -i container=other PATH=$PATH /lib/systemd/systemd --log-target=console --show-status=no'
"""


@dataclass(frozen=True)
class Host:
    """A booted Debian."""

    pid: int
    """Of its systemd, seen from here."""

    def run(self, line: str, *, seconds: float = 120) -> "subprocess.CompletedProcess[str]":
        """Run a line of shell in it as root."""
        enter = ["nsenter", "-t", str(self.pid), "-m", "-p", "-C", "-u", "-i", "-r", "-w"]
        return subprocess.run(
            [*enter, "env", "-i", f"PATH={PATH}", "sh", "-ec", line],
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=seconds,
        )


def groups() -> Path | None:
    """Return where this machine has control groups of version 2."""
    lines = (line.split() for line in Path("/proc/self/mounts").read_text().splitlines())
    return next((Path(words[1]) for words in lines if words[2] == "cgroup2"), None)


@contextmanager
def booted(root: Path, log: Path) -> Iterator[Host]:
    """Boot what lies in a folder until the block is left; systemd's own words go to `log`."""
    for unit in MASKED:
        (root / "etc/systemd/system" / unit).symlink_to("/dev/null")
    above = groups()
    assert above is not None
    group = above / GROUP
    group.mkdir(exist_ok=True)
    lay = f"echo $$ > {group}/cgroup.procs; exec unshare --mount --pid --uts --ipc --cgroup"
    words = ["sh", "-ec", f'{lay} --fork --kill-child sh -ec "$@"', "sh", BOOT, "sh", str(root)]
    with log.open("w") as told:
        process = subprocess.Popen(
            [*words, *DEVICES.split(",")], stdin=subprocess.DEVNULL, stdout=told, stderr=told
        )
        try:
            yield _up(process, log)
        finally:
            process.kill()
            process.wait()
            _remove(group)


def _up(process: "subprocess.Popen[bytes]", log: Path) -> Host:
    end = time.monotonic() + 60
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    while time.monotonic() < end and process.poll() is None:
        inside = children.read_text().split()
        if inside and _said(Host(int(inside[0]))) in ("running", "degraded"):
            return Host(int(inside[0]))
        time.sleep(0.3)
    raise AssertionError(f"systemd does not come up: {log.read_text()[-3000:]}")


def _said(host: Host) -> str:
    return host.run("systemctl is-system-running || true").stdout.strip()


def _remove(group: Path) -> None:
    """Remove a control group with those below, once the processes in it have gone."""
    end = time.monotonic() + 20
    while group.exists() and time.monotonic() < end:
        for folder, _, _ in os.walk(group, topdown=False):
            try:
                Path(folder).rmdir()
            except OSError:  # still ending
                time.sleep(0.1)
