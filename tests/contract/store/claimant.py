"""
A process of its own that claims effects: `claimant.py URL COUNT`.

It says `ready`, waits for a line, claims COUNT keys, prints those that it won as JSON,
and waits again until its input is closed: so it can be killed between claim and keep.
"""

import asyncio
import json
import sys
from datetime import UTC, datetime

from service.store import open_store

NOW = datetime(2023, 3, 1, tzinfo=UTC)


async def claim(url: str, many: int) -> None:
    """Claim all keys and print those that were begun by us."""
    store = open_store(url)
    ledger = store.ledger("network")
    print("ready", flush=True)
    sys.stdin.readline()
    keys = [f"key/{number}" for number in range(many)]
    won = [key for key in keys if (await ledger.claim(key, job="file", now=NOW))[1]]
    print(json.dumps(won), flush=True)
    sys.stdin.read()
    store.close()


if __name__ == "__main__":
    asyncio.run(claim(sys.argv[1], int(sys.argv[2])))
