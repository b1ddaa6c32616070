"""Showing a page to whoever sits at this machine."""

import os
import sys
import webbrowser


def open_page(address: str) -> bool:
    """
    Open it where there is a display: a terminal's browser would draw over what was printed.

    Returns False where nothing was opened.
    """
    has_display = any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))
    if has_display or sys.platform == "darwin":
        return webbrowser.open(address)
    return False
