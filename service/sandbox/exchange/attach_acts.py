"""What people attach to their invitations."""

from service.sandbox.exchange.attachments import add_attachment
from service.sandbox.exchange.changing import (
    as_exception,
    change_series,
    event_of_key,
    meant,
    touch,
)
from service.sandbox.exchange.render_events import html_page
from service.sandbox.performing import Performer
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import Act, Attach, AttachItem, AttachLink


def _attach(tenant: Tenant, act: Attach) -> bool:
    event = meant(tenant, act.key, act.occurrence)
    if event["kind"] == "occurrence":
        as_exception(tenant, event)
    add_attachment(
        tenant,
        event["id"],
        act.name,
        tenant.blobs.take(act.content()),
        content_type=act.content_type,
        inline=act.inline,
    )
    touch(tenant, event)
    return True


def _attach_item(tenant: Tenant, act: AttachItem) -> bool:
    event = event_of_key(tenant, act.key)
    person = tenant.person(act.sender)
    sender = {
        "emailAddress": {"name": person.name if person else act.sender, "address": act.sender}
    }
    html = html_page(act.body_html)
    item = {
        "@odata.type": "#microsoft.graph.message",
        "subject": act.subject,
        "body": {"contentType": "html", "content": html},
        "from": sender,
        "receivedDateTime": tenant.clock.text,
        "hasAttachments": False,
    }
    mime = (
        f"From: {act.sender}\r\nSubject: {act.subject}\r\nContent-Type: text/html; charset=utf-8"
        f"\r\n\r\n{html}"
    )
    blob = tenant.blobs.keep(mime.encode())
    add_attachment(tenant, event["id"], act.subject, blob, kind="item", item=item)
    touch(tenant, event)
    return True


def _attach_link(tenant: Tenant, act: AttachLink) -> bool:
    """v1.0 has no address on a reference attachment (its schema has none): it is in the text."""
    event = event_of_key(tenant, act.key)
    blob = tenant.blobs.keep(f"[InternetShortcut]\r\nURL={act.url}\r\n".encode())
    add_attachment(tenant, event["id"], act.name, blob, kind="reference")
    link = f'<p><a href="{act.url}">{act.name}</a></p>'
    body = event["body"].replace("</body>", f"{link}</body>")
    change_series(tenant, event, {"body": body}, {})
    return True


PERFORMERS: dict[type[Act], Performer] = {
    Attach: _attach,
    AttachItem: _attach_item,
    AttachLink: _attach_link,
}
