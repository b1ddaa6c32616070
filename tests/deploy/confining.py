"""
What a unit's SystemCallFilter and MemoryDenyWriteExecute do, without systemd as the first process.

The sets are those that `systemd-analyze syscall-filter` tells; x86-64 alone. Source:
https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html
"""

import re
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path

NUMBERS = Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h")
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06
_X86_64, _ALLOW, _REFUSE = 0xC000003E, 0x7FFF0000, 0x00050001  # EPERM

LAUNCH = """
import base64, ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
def prctl(*words):
    if libc.prctl(*(ctypes.c_ulong(word) if isinstance(word, int) else word for word in words)):
        raise OSError(ctypes.get_errno(), f"prctl {words}")
program = base64.b64decode(sys.argv[1])
class Fprog(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]
prctl(65, 1, 0, 0, 0)                                       # PR_SET_MDWE
prctl(22, 2, ctypes.byref(Fprog(len(program) // 8, program)), 0, 0)   # PR_SET_SECCOMP
os.execvp(sys.argv[2], sys.argv[2:])
"""
"""Run by the image's own Python: binds itself, then becomes what it is to start."""


def program(unit: str) -> bytes:
    """Return the filter that the unit's lines make: every other call is refused with EPERM."""
    numbers = {
        name: int(number)
        for name, number in re.findall(r"#define __NR_(\w+) (\d+)", NUMBERS.read_text())
    }
    allowed = set(_members("@default"))
    for line in re.findall(r"^SystemCallFilter=(.*)$", unit, re.MULTILINE):
        named = {call for name in line.lstrip("~").split() for call in _members(name)}
        allowed = allowed - named if line.startswith("~") else allowed | named
    lines = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, _X86_64), (_RETURN, 0, 0, _REFUSE), (_LOAD, 0, 0, 0)]
    for number in sorted(numbers[name] for name in allowed if name in numbers):
        lines += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ALLOW)]
    lines += [(_RETURN, 0, 0, _REFUSE)]
    return b"".join(struct.pack("HBBI", *line) for line in lines)


def _members(name: str) -> Iterator[str]:
    """Name the calls of a set, those of the sets that it holds among them."""
    if not name.startswith("@"):
        yield name
        return
    told = subprocess.run(
        ["systemd-analyze", "--no-pager", "syscall-filter", name],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for line in told.splitlines()[1:]:
        if line.strip() and not line.strip().startswith("#"):
            yield from _members(line.strip())
