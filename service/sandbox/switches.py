"""
What nobody could verify about the real service: a switch, so that both answers can be tried.

A workload declares its switches beside the code that asks them; `every_switch` collects
them for the seed and for `/_sandbox/settings`.
"""

from dataclasses import dataclass

from service.sandbox.tenant import Tenant


@dataclass(frozen=True, kw_only=True)
class Switch:
    """One open question about the real service, and the answer that the sandbox gives."""

    name: str
    """In lower case with underscores, as in seeds and in `/_sandbox/settings`."""
    values: tuple[str, ...]
    """The possible answers; the first is the default."""
    about: str
    """The question, in one sentence, and where it comes from."""

    def read(self, tenant: Tenant) -> str:
        given = tenant.store.state(f"switch/{self.name}")
        return given or tenant.world.switches.get(self.name, self.values[0])

    def check(self, value: str) -> None:
        """Raises ValueError for an answer that it does not have."""
        if value not in self.values:
            raise ValueError(f"{self.name} is one of {', '.join(self.values)}, not {value}.")

    def set(self, tenant: Tenant, value: str) -> None:
        """Raises ValueError for an answer that it does not have."""
        self.check(value)
        tenant.store.set_state(f"switch/{self.name}", value)
