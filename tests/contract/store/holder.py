"""A process of its own that holds a lock until it is killed: `holder.py URL NAME`."""

import sys

from service.store import open_store

if __name__ == "__main__":
    with open_store(sys.argv[1]).exclusive(sys.argv[2], "process 7, since then") as free:
        print("held" if free else "refused", flush=True)
        sys.stdin.read()
