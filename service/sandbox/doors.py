"""The ways in that are not Graph's: flows, connectors, bots, and signed links for attachments."""

import re
from collections.abc import Callable

from service.sandbox.entra.tokens import Signer
from service.sandbox.exchange.attachment_uploads import receive_range
from service.sandbox.forms.door import no_api
from service.sandbox.knock import Entry, Knock, RefusedError
from service.sandbox.teams.bot import receive_activity
from service.sandbox.teams.connectors import receive_connector
from service.sandbox.teams.workflows import receive_webhook
from service.sandbox.tenant import Tenant

_BESIDE = re.compile(
    r"^/(workflows|powerautomate|webhookb2|formapi|attachment-uploads|(\w+/)?v3)/", re.IGNORECASE
)
"""Where the ways begin; asked first, since nearly every request is Graph's."""


def through_doors(tenant: Tenant, signer: Signer, knock: Knock) -> Entry | None:
    """None for a request that is Graph's. A refused one has changed nothing."""
    if not _BESIDE.match(knock.path):
        return None
    ways: tuple[Callable[[], Entry | None], ...] = (
        lambda: receive_webhook(tenant, knock),
        lambda: receive_connector(tenant, knock),
        lambda: receive_activity(tenant, signer, knock),
        lambda: receive_range(tenant, knock),
        lambda: no_api(knock),
    )
    try:
        with tenant.store.transaction():
            found = (way() for way in ways)
            return next((entry for entry in found if entry is not None), None)
    except RefusedError as error:
        return Entry(answer=error.answer)
