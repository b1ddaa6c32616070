"""The environment file: everything a client needs to reach the sandbox."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

from service.sandbox.certificates import authority_file
from service.sandbox.tenant import Tenant
from service.sandbox.workflows import webhook_url

_PLAIN = re.compile(r"^[A-Za-z0-9_.,:;/@%+=!~\-]*$")
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


def write(file: Path, values: Mapping[str, str], comments: Mapping[str, str]) -> None:
    """Whole or not at all, and for its owner's eyes only."""
    lines = [f"{name}={_quoted(value)}" for name, value in values.items()]
    lines += [f"# {name}={value}" for name, value in comments.items()]
    draft = file.with_name(f".{file.name}.new")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    draft.write_text("\n".join(lines) + "\n", encoding="utf-8")
    os.replace(draft, file)


def read(file: Path) -> dict[str, str]:
    """What `write` wrote, without the comments."""
    values = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        name, equals, value = line.partition("=")
        if equals and not name.startswith("#"):
            values[name] = _unquoted(value)
    return values


def _quoted(value: str) -> str:
    if _PLAIN.match(value):
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _unquoted(value: str) -> str:
    if not value.startswith('"'):
        return value
    return re.sub(r"\\(.)", r"\1", value[1:-1])
