"""Everything Microsoft: the way to the tenant and back."""

# First of all: what it imports may warn, and does so only there.
import service.graph.sdk  # noqa: F401
