"""What the daemon loads before it is ready: the slow libraries wait for whoever needs them."""

import subprocess
import sys

LATE = ("msgraph.generated.models", "alembic", "matplotlib", "numpy", "icalendar", "pptx")


def test_slow_libraries_are_not_loaded_to_start() -> None:
    """Loading the daemon's command loads none of them, the SDK's models among them."""
    program = f"import sys, service.cli.run; print([m for m in {LATE!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"
