"""
Every part, and one JSON of the run: `python -m benchmarks`, or `make bench`.

A part is a module with `run()`, which measures and returns its figures under keys of its own.
"""

import json

from benchmarks import digest, results, small_files, surveys, upload

PARTS = (upload, small_files, digest, surveys)


def main() -> None:
    figures: dict[str, object] = {}
    for part in PARTS:
        figures |= part.run()
    path = results.write(figures)
    print(json.dumps(figures, indent=2, ensure_ascii=False))
    print(f"written to {path}")


if __name__ == "__main__":
    main()
