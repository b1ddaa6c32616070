"""All switches of the sandbox, by name."""

from service.sandbox.forms import sync
from service.sandbox.switches import Switch
from service.sandbox.teams import cards, connectors, flows, meetings

ALL: dict[str, Switch] = {
    switch.name: switch
    for switch in (
        *cards.SWITCHES,
        *connectors.SWITCHES,
        *flows.SWITCHES,
        *meetings.SWITCHES,
        *sync.SWITCHES,
    )
}
