"""All switches of the sandbox, by name."""

from collections.abc import Iterable

from service.sandbox.entra.every import SWITCHES as SIGN_IN
from service.sandbox.exchange import calendar_delta, render_events, sending, zones
from service.sandbox.forms import sync
from service.sandbox.meetings import artifacts, recording_files, reports
from service.sandbox.sharepoint import (
    copies,
    drive_delta,
    guards,
    labels,
    library,
    places,
    promotion,
    quota,
    render_items,
    rows,
    shares,
    sharing,
    uploads,
)
from service.sandbox.switches import Switch
from service.sandbox.teams import cards, connectors, flows
from service.sandbox.trouble import limits

_ALL = (
    *SIGN_IN,
    *calendar_delta.SWITCHES,
    *cards.SWITCHES,
    *connectors.SWITCHES,
    *flows.SWITCHES,
    *artifacts.SWITCHES,
    *recording_files.SWITCHES,
    *reports.SWITCHES,
    *sync.SWITCHES,
    *guards.SWITCHES,
    *limits.SWITCHES,
    *drive_delta.SWITCHES,
    *labels.SWITCHES,
    *promotion.SWITCHES,
    *rows.SWITCHES,
    *shares.SWITCHES,
    sharing.OTHERS,
    copies.MONITOR_HOURS,
    library.MOVE_ACROSS,
    places.TWICE_ENCODED,
    quota.DRIVE_QUOTA,
    render_items.HASH_AFTER_UPLOAD,
    uploads.NEXT_RANGES,
    uploads.TOKENS_ON_RANGES,
    uploads.COMMIT,
    render_events.PRIVATE_BODIES,
    sending.TOO_MANY,
    zones.IANA_ZONES,
)
ALL: dict[str, Switch] = {switch.name: switch for switch in _ALL}


def chosen(pairs: Iterable[str]) -> dict[str, str]:
    """`NAME=VALUE`, as on a command line. Raises ValueError naming what there is instead."""
    found = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or name not in ALL:
            raise ValueError(f"{pair}: write NAME=VALUE, NAME one of {', '.join(sorted(ALL))}.")
        ALL[name].check(value)
        found[name] = value
    return found
