"""All switches of the sandbox, by name."""

from service.sandbox.entra.every import SWITCHES as SIGN_IN
from service.sandbox.exchange import calendar_delta, render_events, sending, zones
from service.sandbox.forms import sync
from service.sandbox.meetings import artifacts, recording_files, reports
from service.sandbox.sharepoint import guards, labels, promotion, rows
from service.sandbox.switches import Switch
from service.sandbox.teams import cards, connectors, flows

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
    *labels.SWITCHES,
    *promotion.SWITCHES,
    *rows.SWITCHES,
    render_events.PRIVATE_BODIES,
    sending.TOO_MANY,
    zones.IANA_ZONES,
)
ALL: dict[str, Switch] = {switch.name: switch for switch in _ALL}
