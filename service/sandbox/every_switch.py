"""All switches of the sandbox, by name."""

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
    copies.MONITOR_HOURS,
    library.MOVE_ACROSS,
    places.TWICE_ENCODED,
    quota.DRIVE_QUOTA,
    render_items.HASH_AFTER_UPLOAD,
    uploads.NEXT_RANGES,
    render_events.PRIVATE_BODIES,
    sending.TOO_MANY,
    zones.IANA_ZONES,
)
ALL: dict[str, Switch] = {switch.name: switch for switch in _ALL}
