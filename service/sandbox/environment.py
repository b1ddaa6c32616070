"""Everything a client needs to reach the sandbox, as settings."""

import re
from pathlib import Path

from service.sandbox.certificates import authority_file
from service.sandbox.teams.workflows import webhook_url
from service.sandbox.tenant import Tenant

_WORKFLOW = re.compile(r"\{workflow:([^}]+)\}")


def settings(tenant: Tenant, base: str, directory: Path) -> dict[str, str]:
    """
    Names and values. In the seed's own values `{workflow:ID}` stands for the address of that
    channel's webhook.
    """
    world = tenant.world
    values = {
        "NATVERKET_TENANT_ID": world.tenant_id,
        "NATVERKET_GRAPH_URL": base,
        "NATVERKET_AUTHORITY_URL": base,
        "NATVERKET_CA_FILE": str(authority_file(directory).resolve()),
        "NATVERKET_CLOCK_URL": f"{base}/_sandbox/clock",
        "NATVERKET_NETWORK_MAILBOX": world.mailbox,
        "NATVERKET_NETWORK_SITE": tenant.site_id,
        "NATVERKET_NETWORK_TEAM": world.team,
        "NATVERKET_NETWORK_POST_VIA": "workflow",
        "NATVERKET_BOT_URL": base,
    }
    for app, prefix in zip(world.apps, ("", "PROVISION_"), strict=False):
        values[f"NATVERKET_{prefix}CLIENT_ID"] = app.client_id
        values[f"NATVERKET_{prefix}CLIENT_SECRET"] = app.secret
    if world.channels:
        first = world.channels[0]
        values["NATVERKET_NETWORK_CHANNEL"] = first.id
        if first.workflow:
            values["NATVERKET_NETWORK_WORKFLOW_URL"] = webhook_url(tenant, base, first.workflow)
    for name, value in world.environment.items():
        values[name] = _WORKFLOW.sub(lambda m: webhook_url(tenant, base, m[1]), value)
    return values
