"""
The trigger of a Workflows flow: an address that is itself the right to post.

202 without a body means that the flow was queued, not that anything is posted (graph-facts
1.5); what becomes of it stands in `runs`.
"""

from service.sandbox.knock import Entry, Knock, refused
from service.sandbox.teams import flows, rates, runs
from service.sandbox.teams.cards import CARD
from service.sandbox.tenant import Tenant
from service.sandbox.wire import Answer

__all__ = ["CARD", "receive_webhook", "webhook_url"]

_NEW = "/powerautomate/automations/direct/workflows/"
_OLD = "/workflows/"
_SUFFIX = "triggers/manual/paths/invoke"


def webhook_url(tenant: Tenant, base: str, workflow: str) -> str:
    signature = flows.signature(tenant, flows.known(tenant, workflow))
    return (
        f"{base}{_NEW}{workflow}/{_SUFFIX}"
        f"?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig={signature}"
    )


def receive_webhook(tenant: Tenant, knock: Knock) -> Entry | None:
    """None for an address that is no flow's. Raises RefusedError."""
    new = knock.path.startswith(_NEW)
    if not new and not knock.path.startswith(_OLD):
        return None
    rest = knock.path.removeprefix(_NEW if new else _OLD)
    workflow, _, suffix = rest.strip("/").partition("/")
    if suffix != _SUFFIX:
        raise refused(404, "NotFound", "The workflow could not be found.")
    found = flows.flow(tenant, workflow)
    is_gone = found is None or found.state == "Deleted"
    if found is None or is_gone or not (new or flows.old_addresses_answer(tenant)):
        raise refused(404, "WorkflowNotFound", f"The workflow '{workflow}' could not be found.")
    if knock.method != "POST":
        raise refused(
            400,
            "TriggerRequestMethodNotValid",
            "The HTTP method for request trigger 'manual' is not valid: expected 'POST' and "
            f"actual '{knock.method}'.",
        )
    _check_signature(tenant, knock, found)
    if found.state != "Enabled":
        raise refused(
            400,
            "WorkflowTriggerIsNotEnabled",
            f"Could not execute workflow '{workflow}' trigger 'manual' with state "
            f"'{found.state}': trigger is not enabled.",
        )
    wait = rates.spend(tenant, f"trigger/{workflow}", rates.TRIGGER)
    if wait is not None:
        raise refused(
            429,
            "WorkflowRequestLimitExceeded",
            f"The workflow '{workflow}' is called too often. Try again in {wait} seconds.",
            {"Retry-After": str(wait)},
        )
    runs.start(tenant, found, knock.body)
    return Entry(answer=Answer(status=202), app="workflow", wrote=True)


def _check_signature(tenant: Tenant, knock: Knock, found: flows.Flow) -> None:
    if "sig" not in knock.query or knock.query.get("sv") != "1.0":
        raise refused(
            401,
            "DirectApiAuthorizationRequired",
            "The request must be authenticated only by Shared Access scheme.",
        )
    if knock.query["sig"] != flows.signature(tenant, found):
        raise refused(401, "AuthorizationFailed", "The authentication credentials are not valid.")
