"""The temporary app of `natverket provision`: its rights are too many to be left lying about."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from service.checking.asked import AskedOfNetwork
from service.checking.check import Check
from service.domain.check import Finding, Remedy, ok, warning
from service.graph.transport import is_loopback

NAME = "temporary app"


async def run(at: AskedOfNetwork) -> Iterable[Finding]:
    app = at.settings.provisioning
    if app is None:
        return [ok(NAME, "none is set: the service has no right to make libraries")]
    if is_loopback(urlsplit(at.settings.graph_url).hostname or ""):
        return [ok(NAME, "one is set, and it is the sandbox's own")]
    said = f"{app.client_id} may make libraries; everything is made, and its secret is still set"
    return [warning(NAME, said, _removal(app.client_id))]


def _removal(client_id: str) -> Remedy:
    return Remedy(
        who="whoever runs the service, and Entra administrator",
        steps=(
            "take NATVERKET_PROVISION_CLIENT_ID and NATVERKET_PROVISION_CLIENT_SECRET (or …_FILE) "
            "out of the settings",
            f"entra.microsoft.com > App registrations > {client_id} > Delete",
        ),
    )


CHECK = Check(
    name=NAME,
    does="Sees whether the app that made the libraries is still set.",
    run=run,
    needs=("libraries", "register"),
)
