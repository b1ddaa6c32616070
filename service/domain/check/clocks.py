"""Two clocks beside each other."""

from datetime import datetime, timedelta

from service.domain.check.finding import Finding, Remedy, failed, ok, warning

NAME = "clock"
WARN, FAIL = timedelta(seconds=60), timedelta(minutes=5)
"""Entra ID takes no assertion that is five minutes off."""


def judged(here: datetime, there: datetime) -> Finding:
    """Hold the machine's clock against the service's; `there` is cut to whole seconds."""
    off = here - there
    seconds = round(abs(off).total_seconds())
    way = "ahead of" if off > timedelta() else "behind"
    if abs(off) >= FAIL:
        said = f"this machine's clock is {seconds} seconds {way} Microsoft's"
        return failed(NAME, f"{said}: sign-ins fail from 300 on", SET)
    if abs(off) >= WARN:
        return warning(NAME, f"this machine's clock is {seconds} seconds {way} Microsoft's", SET)
    return ok(NAME, "within a minute of Microsoft's")


SET = Remedy(
    who="administrator of this machine",
    steps=("timedatectl set-ntp true", "timedatectl status  # should say synchronized: yes"),
    takes="a minute",
)
