"""
What a sharing link or a browser's address leads to: `/shares/{token}`.

The token is `u!` and the address in unpadded base64url, or the shareId of a link (Graph page
"Access shared items"). Documented for applications is Files.ReadWrite.All; what Sites.Selected
may is not. Links are no key for an app: it needs a role on the site that they lead to.
"""

import base64
from dataclasses import replace
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from service.sandbox.entra import access
from service.sandbox.sharepoint import drives, library, permissions
from service.sandbox.store import Row
from service.sandbox.switches import Switch
from service.sandbox.tenant import Tenant
from service.sandbox.wire import Answer, Call, GraphError, invalid, moment

SELECTED = Switch(
    name="shares_with_selected",
    values=("given", "refused"),
    about="Whether an app with Sites.Selected and a role on the site may ask /shares what a link "
    "leads to: the page names Files.ReadWrite.All and Sites.ReadWrite.All alone.",
)
LOST_LINK = Switch(
    name="lost_sharing_link",
    values=("itemNotFound", "accessDenied"),
    about="Code for a link that was taken away or has expired, 404 or 403: the message speaks of "
    "both (microsoft-graph-docs#17092), the status is not told.",
)
SWITCHES = (SELECTED, LOST_LINK)

_WIDE = frozenset({"Files.ReadWrite.All", "Sites.ReadWrite.All"})


def may_follow(call: Call) -> None:
    """Raises 403 where the app has no role on the site that the link leads to."""
    if call.person is None and not call.roles & _WIDE and SELECTED.read(call.tenant) == "refused":
        raise GraphError(403, "accessDenied", "Access denied")
    access.site("read")(_through(call))


def get_share(call: Call) -> Answer:
    """A sharedDriveItem: what it is called and whose it is; no content."""
    item = drives.item_of(_through(call))
    identity = call.tenant.identity(item["created_by"])
    return Answer(body={"id": call.names["share"], "name": item["name"], "owner": identity})


def shared_item(call: Call) -> Answer:
    return drives.get_item(_through(call))


def _through(call: Call) -> Call:
    """The call on the item itself. Raises 400 for no token, 404 or 403 for what leads nowhere."""
    item = _item(call.tenant, call.names["share"])
    drive = call.tenant.store.value("SELECT drive FROM lists WHERE id = ?", item["list"])
    names = {name: value for name, value in call.names.items() if name != "share"}
    return replace(call, names={**names, "drive": drive, "item": item["id"]})


def _item(tenant: Tenant, token: str) -> Row:
    link = tenant.store.one("SELECT * FROM permissions WHERE share = ?", token)
    if link is not None:
        return _linked(tenant, link)
    address = urlsplit(_address(token))
    if "/:" in address.path and ":/r/" not in address.path:
        return _by_link(tenant, address)
    found = _by_document(tenant, address) or _by_path(tenant, address)
    if found is None:
        raise library.not_found()
    return found


def _address(token: str) -> str:
    if not token.startswith("u!"):
        raise invalid("The sharing token is not valid.")
    try:
        text = base64.b64decode(token[2:] + "=" * (-len(token[2:]) % 4), b"-_", validate=True)
        address = text.decode()
    except ValueError as error:
        raise invalid("The sharing token is not valid.") from error
    if urlsplit(address).scheme != "https":
        raise invalid("The sharing token is not valid.")
    return address


def _by_link(tenant: Tenant, address: SplitResult) -> Row:
    plain = address._replace(query="", fragment="").geturl()
    share = f"u!{plain.rpartition('/')[2]}"
    link = tenant.store.one("SELECT * FROM permissions WHERE share = ?", share)
    if link is None or permissions.link_url(tenant, link) != plain:
        raise _lost(tenant)
    return _linked(tenant, link)


def _linked(tenant: Tenant, link: Row) -> Row:
    expired = link["expires"] and moment(link["expires"]) <= tenant.clock.now
    row = tenant.store.one("SELECT * FROM items WHERE id = ? AND deleted = 0", link["item"])
    if expired or row is None:
        raise _lost(tenant)
    return row


def _lost(tenant: Tenant) -> GraphError:
    code = LOST_LINK.read(tenant)
    return GraphError(
        404 if code == "itemNotFound" else 403,
        code,
        "The sharing link no longer exists, or you do not have permission to access it.",
    )


def _by_document(tenant: Tenant, address: SplitResult) -> Row | None:
    """`_layouts/15/Doc.aspx?sourcedoc={GUID}`, as Office files are addressed."""
    sources: list[str] = parse_qs(address.query).get("sourcedoc", [])
    if "/_layouts/" not in address.path or not sources:
        return None
    return tenant.store.one(
        "SELECT * FROM items WHERE guid = ? AND deleted = 0", sources[0].strip("{}").lower()
    )


def _by_path(tenant: Tenant, address: SplitResult) -> Row | None:
    """The address of a library, a folder or a file; `/:w:/r/` before it means the same."""
    path = address.path
    if ":/r/" in path:
        path = "/" + path.partition(":/r/")[2]
    here = unquote(f"https://{address.netloc}{path}").rstrip("/")
    for listed in tenant.store.all("SELECT * FROM lists WHERE drive IS NOT NULL"):
        base = unquote(listed["url"])
        if here.casefold() == base.casefold() or here.casefold().startswith(f"{base}/".casefold()):
            below = here[len(base) :].strip("/")
            return library.by_path(tenant, library.root_of(tenant, listed["id"]), below)
    return None
