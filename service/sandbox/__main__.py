"""`python -m service.sandbox`: the tenant as a process of its own."""

import argparse
import os
import signal
import sys
import threading
from pathlib import Path

from service.sandbox.every_switch import chosen
from service.sandbox.seeds import OtherSeedError, UnknownSeedError, seed_for
from service.sandbox.serve import serve
from service.sandbox.toml_file import BadFileError
from service.sandbox.trouble import script


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m service.sandbox", description=__doc__)
    parser.add_argument("--seed", default="example", help="a name, file.toml or file.py:function")
    parser.add_argument("--dir", type=Path, required=True, help="keeps the tenant's state")
    parser.add_argument("--reset", action="store_true", help="clear that state first")
    parser.add_argument("--port", type=int, default=0, help="TLS; 0 takes any")
    parser.add_argument("--http-port", type=int, help="plain http as well")
    parser.add_argument(
        "--discard", action="store_true", help="hash what is uploaded in sessions and keep none"
    )
    parser.add_argument("--faults", type=Path, help="a fault script, as TOML")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a switch, such as limits=on; may be given again",
    )
    parser.add_argument("--write-env", type=Path, help="file for the settings to reach it")
    parser.add_argument(
        "--until-eof", action="store_true", help="stop when standard input is closed"
    )
    given = parser.parse_args(arguments)
    try:
        faults = script.load(given.faults) if given.faults else ()
        switches = chosen(given.set)
        seed = seed_for(given.seed, given.dir, reset=given.reset)
    except (OtherSeedError, UnknownSeedError, BadFileError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if given.until_eof:
        threading.Thread(target=_stop_at_eof, daemon=True).start()
    serve(
        seed,
        directory=given.dir,
        port=given.port,
        http_port=given.http_port,
        env_file=given.write_env,
        reset=given.reset,
        discard=given.discard,
        faults=faults,
        switches=switches,
    )
    return 0


def _stop_at_eof() -> None:
    """Whoever started this process has gone: do not stay behind."""
    # Not sys.stdin: its lock would be held at the interpreter's end.
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
