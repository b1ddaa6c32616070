"""Columns, permissions and held files as Graph writes them, and what they mean."""

import msgspec

from service.domain.check.columns import SeenColumn
from service.domain.check.held import FiledState
from service.domain.check.members import Grant
from service.graph.holding import MODERATION
from service.graph.wire import Facet, Wire

FOLDER = "0x0120"
"""How the ids of content types begin that are folders'."""
OUT_TO, LABEL = "CheckoutUserLookupId", "_ComplianceTag"


class WireText(Wire):
    allow_multiple_lines: bool = False


class WireChoice(Wire):
    choices: tuple[str, ...] = ()
    allow_text_entry: bool = False


class WireColumn(Wire):
    name: str = ""
    display_name: str = ""
    required: bool = False
    read_only: bool = False
    default_value: Facet | None = None
    text: WireText | None = None
    choice: WireChoice | None = None
    number: Facet | None = None
    date_time: Facet | None = None
    boolean: Facet | None = None

    def kind(self) -> str:
        if self.text is not None:
            return "note" if self.text.allow_multiple_lines else "text"
        kinds = {
            "choice": self.choice,
            "number": self.number,
            "dateTime": self.date_time,
            "boolean": self.boolean,
        }
        return next((name for name, there in kinds.items() if there is not None), "another type")


class Who(Wire):
    id: str | None = None
    display_name: str | None = None
    login_name: str | None = None


class Granted(Wire):
    user: Who | None = None
    site_user: Who | None = None
    group: Who | None = None
    site_group: Who | None = None
    application: Who | None = None


class WireLink(Wire):
    scope: str = ""


class WirePermission(Wire):
    roles: tuple[str, ...] = ()
    link: WireLink | None = None
    granted_to_v2: Granted | None = msgspec.field(default=None, name="grantedToV2")


class ContentType(Wire):
    id: str = ""


class WireRow(Wire):
    content_type: ContentType | None = None
    last_modified_by: Granted | None = None
    fields: dict[str, object] | None = None


def seen_column(column: WireColumn) -> SeenColumn:
    choice = column.choice or WireChoice()
    return SeenColumn(
        name=column.name,
        title=column.display_name,
        kind=column.kind(),
        choices=choice.choices,
        fill_in=choice.allow_text_entry,
        required=column.required,
        read_only=column.read_only,
        defaults=column.default_value is not None,
    )


def seen_grant(permission: WirePermission) -> Grant | None:
    """None for an app's own grant, which lets nobody in."""
    role = next((one for one in ("owner", "write", "read") if one in permission.roles), "read")
    if permission.link is not None:
        scope = permission.link.scope
        return Grant(who=f"link/{scope}", shown=f"a link for {scope}", role=role, many=True)
    to = permission.granted_to_v2 or Granted()
    for who, many in (
        (to.site_group, True),
        (to.group, True),
        (to.user, False),
        (to.site_user, False),
    ):
        if who is not None:
            shown = who.display_name or who.login_name or "somebody"
            return Grant(who=who.id or shown, shown=shown, role=role, many=many)
    return None


def seen_state(row: WireRow, client_id: str) -> FiledState | None:
    """None for a folder."""
    if row.content_type is not None and row.content_type.id.startswith(FOLDER):
        return None
    fields = row.fields or {}
    status = fields.get(MODERATION)
    by = (row.last_modified_by or Granted()).application
    return FiledState(
        moderation=None if status is None else int(str(status)),
        checked_out=bool(fields.get(OUT_TO)),
        labelled=bool(fields.get(LABEL)),
        ours=by is not None and by.id == client_id,
    )
