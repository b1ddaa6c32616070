"""The table's rows on mail."""

from service.sandbox.entra import access
from service.sandbox.exchange import attachment_uploads, drafts, mail_folders, messages
from service.sandbox.exchange.calendar_delta import REFUSED, TOKENS
from service.sandbox.exchange.odata import LISTED
from service.sandbox.routes import COMMON, PAGE, Handler, Row, row

_READ = access.mail_read
_WRITE = access.mail_write
_SEND = access.mail_send
_USER = "/users/{user}"
_FOLDERS = f"{_USER}/mailFolders"
_FOLDER = f"{_FOLDERS}/{{folder}}"
_MESSAGE = f"{_USER}/messages/{{message}}"
_FILES = f"{_MESSAGE}/attachments"
_FILE = f"{_FILES}/{{attachment}}"
_ONE = COMMON | {"$expand"}
_MANY = "Collection(message)"


def _get(
    path: str, type_: str | None, handler: Handler, options: frozenset[str] = COMMON
) -> tuple[Row, ...]:
    return row("GET", path, _READ, type_, 1, handler, options)


def _change(method: str, path: str, type_: str | None, handler: Handler) -> tuple[Row, ...]:
    return row(method, path, _WRITE, type_, 1, handler, write=True)


MAIL: tuple[Row, ...] = (
    *_get(_FOLDERS, "Collection(mailFolder)", mail_folders.list_folders, PAGE),
    *_get(_FOLDER, "mailFolder", mail_folders.get_folder),
    *_get(f"{_FOLDER}/childFolders", "Collection(mailFolder)", mail_folders.list_children, PAGE),
    *_get(f"{_FOLDER}/messages", _MANY, messages.list_messages, LISTED),
    *_get(f"{_FOLDER}/messages/delta", _MANY, messages.messages_delta, TOKENS | set(REFUSED)),
    *_get(f"{_USER}/messages", _MANY, messages.list_messages, LISTED),
    *_get(_MESSAGE, "message", messages.get_message, _ONE),
    *_get(_FILES, "Collection(attachment)", messages.list_attachments, PAGE | _ONE),
    *_get(_FILE, "attachment", messages.get_attachment, _ONE),
    *_get(f"{_FILE}/$value", None, messages.get_attachment_value),
    *_change("POST", f"{_USER}/messages", "message", drafts.create_draft),
    *_change("POST", f"{_FOLDER}/messages", "message", drafts.create_draft),
    *_change("PATCH", _MESSAGE, "message", drafts.patch_message),
    *_change("DELETE", _MESSAGE, None, drafts.delete_message),
    *_change("POST", f"{_MESSAGE}/move", "message", drafts.move_message),
    *_change("POST", _FILES, "attachment", drafts.add_file),
    *_change("DELETE", _FILE, None, drafts.remove_file),
    *_change(
        "POST",
        f"{_FILES}/createUploadSession",
        "uploadSession",
        attachment_uploads.create_session,
    ),
    *row("POST", f"{_MESSAGE}/send", _SEND, None, 1, drafts.send_draft, write=True),
    *row("POST", f"{_USER}/sendMail", _SEND, None, 1, drafts.send_mail, write=True),
)
