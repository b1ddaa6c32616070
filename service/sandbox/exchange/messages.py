"""Mail that is there: lists, one mail, what has changed in a folder, what is attached."""

from service.sandbox.exchange import attachments
from service.sandbox.exchange.calendar_delta import held_in_link, page_size, refuse_options, whose
from service.sandbox.exchange.events import applying
from service.sandbox.exchange.mail_folders import folder_of
from service.sandbox.exchange.mailboxes import issued, item_of, mailbox_of
from service.sandbox.exchange.odata import listed, parse
from service.sandbox.exchange.render_mails import mail_id, mail_json
from service.sandbox.shape import expansions
from service.sandbox.store import Row, rows_after
from service.sandbox.wire import Answer, Call, GraphError, Json, bad_request, seal

_PAGE = 10
_UNTRACKED = ("$search", "$skip", "$count", "$expand")


@applying
def list_messages(call: Call) -> Answer:
    """The latest first. Of one folder, or of the whole mailbox."""
    rows = call.tenant.store.all(
        "SELECT * FROM mails WHERE mailbox = ? AND deleted = 0 ORDER BY received_at DESC, seq DESC",
        mailbox_of(call),
    )
    if "folder" in call.names:
        folder = folder_of(call)
        rows = [row for row in rows if row["folder"] == folder]
    _check_order(call)
    return listed(call, rows, lambda row: _expanded(call, row), default=_PAGE)


def _check_order(call: Call) -> None:
    """What is sorted by must be filtered by, first and in that order (page of List messages)."""
    order, wanted = call.query.get("$orderby", ""), call.query.get("$filter", "")
    first = order.split(",")[0].strip().partition(" ")[0]
    if order and wanted and not wanted.strip("( ").casefold().startswith(first.casefold()):
        raise bad_request(
            "The restriction or sort order is too complex for this operation.",
            "InefficientFilter",
        )


def _expanded(call: Call, row: Row) -> Json:
    body = mail_json(call, row)
    for name in expansions(call):
        if name != "attachments":
            raise GraphError(
                400,
                "RequestBroker--ParseUri",
                f"Could not find a property named '{name}' on type "
                "'Microsoft.OutlookServices.Message'.",
            )
        rows = attachments.rows_of(call.tenant, row["id"])
        body[name] = [attachments.attachment_json(call, one) for one in rows]
    return body


@applying
def get_message(call: Call) -> Answer:
    return Answer(body=_expanded(call, message_of(call)))


def message_of(call: Call) -> Row:
    return item_of(call, "mails", call.names["message"])


@applying
def messages_delta(call: Call) -> Answer:
    """Of one folder: what left it, to another or for good, comes as removed."""
    refuse_options(call, "Messages", _UNTRACKED)
    folder = folder_of(call)
    held = held_in_link(call) or {
        "seq": 0,
        "first": True,
        "of": whose(call),
        "folder": folder,
        "filter": call.query.get("$filter", ""),
        "select": call.query.get("$select", ""),
    }
    if held.get("folder") != folder:
        raise GraphError(
            400, "SyncStateInvalid", "The sync state is not of the folder that is asked for."
        )
    size = page_size(call)
    found = call.tenant.store.all(
        "SELECT * FROM mails WHERE folder = ? AND seq > ? ORDER BY seq LIMIT ?",
        folder,
        held["seq"],
        size + 1,
    )
    rows, more = rows_after(found, size)
    written = [_change(call, row, held) for row in rows]
    body: Json = {"value": [entry for entry in written if entry is not None]}
    last = {**held, "seq": rows[-1]["seq"] if rows else held["seq"], "at": issued(call)}
    if more:
        body["@odata.nextLink"] = call.link(call.path, skiptoken=seal(last))
    else:
        last["first"] = False
        body["@odata.deltaLink"] = call.link(call.path, deltatoken=seal(last))
    return Answer(body=body)


def _change(call: Call, row: Row, held: Json) -> Json | None:
    if row["deleted"]:
        removed = {
            "@odata.type": "#microsoft.graph.message",
            "id": mail_id(call, row),
            "@removed": {"reason": "deleted"},
        }
        return None if held["first"] else removed
    body = mail_json(call, row)
    if held["filter"] and not parse(held["filter"])(body):
        return None
    wanted = {name.strip() for name in held["select"].split(",") if name.strip()}
    if not wanted:
        return body
    return {k: v for k, v in body.items() if k in wanted | {"id"} or "@odata" in k}


# ---------------------------------------------------------------- attachments


def list_attachments(call: Call) -> Answer:
    return attachments.list_rows(call, message_of(call)["id"])


def get_attachment(call: Call) -> Answer:
    row = attachments.row_of(call, message_of(call)["id"])
    return Answer(body=attachments.attachment_json(call, row))


def get_attachment_value(call: Call) -> Answer:
    return attachments.value_of(call, attachments.row_of(call, message_of(call)["id"]))
