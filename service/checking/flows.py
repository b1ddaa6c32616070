"""Posting by workflow, as far as it is seen without posting."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from service.checking.asked import Asked, AskedOfNetwork
from service.checking.check import Check
from service.checking.names import resolved
from service.domain.check import Finding, Verdict, channels, failed, ok, unused, warning
from service.domain.routes import Transport
from service.errors import TenantError
from service.graph.transport import is_loopback
from service.graph.workflow import retired
from service.settings import NetworkSettings

NAME = "posts by workflow"
HOSTS = (".api.powerplatform.com", ".api.powerplatform.us", ".api.powerplatform.cn")
"""Ends of the names of hosts at which flows answer."""


def _flows(chosen: NetworkSettings) -> dict[str, tuple[str, str]]:
    """Setting and address of each flow, by the channel that it posts to."""
    by_flow = Transport.WORKFLOW in chosen.routes.used
    named = {"common": ("WORKFLOW_URL", chosen.workflow_url if by_flow else None)}
    named["coordinators"] = ("COORDINATOR_URL", chosen.coordinator_url)
    found = {role: (key, url.get_secret_value()) for role, (key, url) in named.items() if url}
    groups = chosen.group_flows if by_flow else {}
    found |= {group: ("GROUP_URLS", url) for group, url in groups.items()}
    return {role: (f"NATVERKET_NETWORK_{key}", url) for role, (key, url) in found.items()}


async def run(at: AskedOfNetwork) -> Iterable[Finding]:
    there = _flows(at.chosen)
    if not there:
        return [unused(NAME, "nothing is posted by workflow: NATVERKET_NETWORK_WORKFLOW_URL")]
    return [await flow(at, NAME, role, *each) for role, each in there.items()]


async def flow(at: Asked, name: str, role: str, setting: str, url: str) -> Finding:
    """
    Tell whether a flow is there, under a check's name.

    Its address is a secret: of it the host alone is told.
    """
    remedy = channels.flow(setting, role)
    if note := retired(url):
        return failed(name, f"{role}: {note}", remedy)
    found = await resolved(name, url)
    if found.verdict is not Verdict.OK:
        return found
    host = urlsplit(url).hostname or ""
    try:
        there = await at.probes.channels.flow_is_there(url)
    except TenantError as error:
        return failed(name, f"{role}: {error.reason}", remedy)
    if not there:
        return failed(name, f"{role}: {host} knows no such flow: it was deleted", remedy)
    if not (host.endswith(HOSTS) or is_loopback(host)):
        said = f"{role}: {host} answers, but is not where Power Automate's flows are"
        return warning(name, said, remedy)
    return ok(name, f"{role}: {host} knows the flow; only a post would tell whether it posts")


CHECK = Check(
    name=NAME,
    does="Asks whether each flow is there, without what would start it.",
    run=run,
)
