"""All switches of the sandbox, by name."""

from service.sandbox.switches import Switch
from service.sandbox.teams import meetings

ALL: dict[str, Switch] = {switch.name: switch for switch in (*meetings.SWITCHES,)}
