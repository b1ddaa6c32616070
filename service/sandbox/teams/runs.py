"""
What happens inside a flow after it has said 202, and the history that its owner sees of it.

A run that posts does so up to half an hour later (settled 32); one that cannot post fails
without anybody outside being told. Errors are in the words of Power Automate's run history.
"""

import random
from datetime import timedelta

import msgspec

from service.sandbox import due
from service.sandbox.due import Happening
from service.sandbox.store import Row, guid
from service.sandbox.teams import cards, flows, threads
from service.sandbox.teams.flows import Flow
from service.sandbox.teams.threads import Draft
from service.sandbox.tenant import Tenant
from service.sandbox.wire import Json

_MOST_DELAY = timedelta(minutes=30)
_LOOP = "Send_each_adaptive_card"
_POST = "Post_card_in_a_chat_or_channel"
_TROUBLES = {
    "owner left": (
        "Unauthorized",
        "Failed to refresh access token for service: teams. Error: Failed to acquire token from "
        "AAD: invalid_grant. AADSTS50057: The user account is disabled.",
    ),
    "connection expired": (
        "Unauthorized",
        "Failed to refresh access token for service: teams. Error: Failed to acquire token from "
        "AAD: invalid_grant. AADSTS700082: The refresh token has expired due to inactivity.",
    ),
    "throttled": ("429", "Rate limit is exceeded. Try again in 58 seconds."),
}


class _FailedError(Exception):
    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def start(tenant: Tenant, flow: Flow, body: bytes) -> None:
    """Takes what was sent to the trigger. Never raises: the sender has been told 202."""
    number = tenant.store.next_seq()
    run = begun(tenant, flow.id, number)
    try:
        sent = _envelope(body)
    except _FailedError as error:
        finish(tenant, run, error.code, error.message)
        return
    good, failed = [], None
    for attachment in sent:
        try:
            good.append(_card(tenant, attachment))
        except _FailedError as error:
            failed = error
    if not good and failed is not None:
        finish(tenant, run, failed.code, failed.message)
        return
    delay = random.Random(f"{flow.id}/{number}").random() * _MOST_DELAY  # noqa: S311
    payload = {
        "run": run,
        "flow": flow.id,
        "cards": good,
        "failed": [failed.code, failed.message] if failed else None,
    }
    due.schedule(tenant, f"run/{run}", tenant.clock.now + delay, "flow", payload)


def begun(tenant: Tenant, flow: str, number: int) -> str:
    """A new run in the history, under way."""
    run = guid("run", flow, str(number))
    tenant.store.insert(
        "flow_runs",
        number=number,
        id=run,
        flow=flow,
        started_at=tenant.clock.text,
        status="Running",
    )
    return run


def finish(
    tenant: Tenant,
    run: str,
    code: str | None = None,
    message: str | None = None,
    messages: list[str] | None = None,
) -> None:
    """Failed where there is a code."""
    tenant.store.update(
        "flow_runs",
        run,
        ended_at=tenant.clock.text,
        status="Failed" if code else "Succeeded",
        code=code,
        message=message,
        messages=msgspec.json.encode(messages or []).decode(),
    )


def history(tenant: Tenant, flow: str | None = None) -> list[Json]:
    """Every run, the latest first, as its owner sees them."""
    rows = tenant.store.all(
        "SELECT * FROM flow_runs WHERE flow = coalesce(?, flow) ORDER BY number DESC", flow
    )
    return [_run(row) for row in rows]


def _run(row: Row) -> Json:
    error = {"code": row["code"], "message": row["message"]} if row["code"] else None
    return {
        "id": row["id"],
        "flow": row["flow"],
        "startTime": row["started_at"],
        "endTime": row["ended_at"],
        "status": row["status"],
        "error": error,
        "messages": msgspec.json.decode(row["messages"]),
    }


def _envelope(body: bytes) -> list[object]:
    """The attachments over which the template's loop goes."""
    try:
        sent = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        sent = None
    attachments = sent.get("attachments") if isinstance(sent, dict) else None
    if not isinstance(attachments, list):
        kind = "Null" if attachments is None else type(attachments).__name__.title()
        raise _FailedError(
            "ExpressionEvaluationFailed",
            f"The execution of template action '{_LOOP}' failed: the result of the evaluation of "
            f"'foreach' expression '@triggerOutputs()?['body']?['attachments']' is of type "
            f"'{kind}'. The result must be a valid array.",
        )
    if not isinstance(sent, dict) or sent.get("type") != "message":
        raise _FailedError(
            "InvalidTemplate", "The request is no Teams message: 'type' must be 'message'."
        )
    return attachments


def _card(tenant: Tenant, attachment: object) -> Json:
    content = attachment.get("content") if isinstance(attachment, dict) else None
    kind = attachment.get("contentType") if isinstance(attachment, dict) else None
    try:
        card = cards.checked(tenant, content if kind == cards.CARD else None, by_flow=True)
    except cards.BadCardError as error:
        raise _FailedError(
            "InvalidBotAdaptiveCard",
            f"Action '{_POST}' failed: The specified Teams flowbot adaptive card request is "
            "missing or invalid. AdaptiveCards.AdaptiveSerializationException: "
            f"{error}",
        ) from error
    if len(msgspec.json.encode(content)) > cards.MOST_BYTES:
        raise _FailedError(
            "RequestEntityTooLarge",
            f"Action '{_POST}' failed: Request Entity too large",
        )
    return card


def _post(tenant: Tenant, payload: Json) -> None:
    """The run goes on: each of its cards becomes a message of its own."""
    flow, run = flows.known(tenant, payload["flow"]), payload["run"]
    stopped = _stopped(flow)
    if stopped is not None:
        finish(tenant, run, *stopped)
        return
    author = f"bot:{guid(tenant.world.tenant_id, 'workflows')}"
    written = []
    for number, card in enumerate(payload["cards"]):
        key = guid(run, str(number)).replace("-", "")
        draft = Draft(author=author, html=marker(key), attachments=[card_attachment(key, card)])
        written.append(threads.write(tenant, flow.channel.id, draft)["id"])
    code, message = payload["failed"] or (None, None)
    finish(tenant, run, code, message, written)


def _stopped(flow: Flow) -> tuple[str, str] | None:
    if flow.state == "Deleted":
        return "WorkflowNotFound", f"The workflow '{flow.id}' could not be found."
    if flow.trouble is not None:
        return _TROUBLES[flow.trouble]
    if flow.channel.membership == "private":
        return (
            "BotRequestFailed",
            'Request to the Bot framework failed with error: \'{"error":{"code":'
            '"BotNotInConversationRoster","message":"The bot is not part of the conversation '
            "roster.\"}}'.",
        )
    return None


def marker(key: str) -> str:
    return f'<attachment id="{key}"></attachment>'


def card_attachment(key: str, card: Json) -> Json:
    """A card as Graph tells of it: its content is text."""
    return {
        "id": key,
        "contentType": cards.CARD,
        "contentUrl": None,
        "content": msgspec.json.encode(card).decode(),
        "name": None,
        "thumbnailUrl": None,
        "teamsAppId": None,
    }


DUE: dict[str, Happening] = {"flow": _post}
