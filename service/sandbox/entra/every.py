"""The open questions about Entra, for `every_switch`."""

from service.sandbox.entra import assertions, directory, grants

SWITCHES = (*directory.SWITCHES, assertions.REUSE, grants.SLOW_DOWN)
