"""The tenant's meeting policy, as the world has it until somebody changes it."""

from service.sandbox.tenant import Tenant

_KEY = "transcription"


def transcription(tenant: Tenant) -> bool:
    """Whether transcription is allowed now."""
    said = tenant.store.state(_KEY)
    return said == "yes" if said else tenant.world.transcription


def set_transcription(tenant: Tenant, *, allowed: bool) -> None:
    tenant.store.set_state(_KEY, "yes" if allowed else "no")
