"""What a form sent: fields by name, and a file where one was chosen."""

from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import HTTP
from urllib.parse import parse_qs


@dataclass(frozen=True, kw_only=True)
class Posted:
    texts: dict[str, str] = field(default_factory=dict)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    """File name and bytes by the field's name; none for a field that was left empty."""

    def text(self, name: str) -> str:
        return self.texts.get(name, "").strip()


def posted(content_type: str, body: bytes) -> Posted:
    """Of either kind that a browser sends; of any other kind nothing is read."""
    if not content_type.startswith("multipart/form-data"):
        values = parse_qs(body.decode("utf-8", "replace"))
        return Posted(texts={name: given[0] for name, given in values.items()})
    # RFC 7578: the body is a MIME multipart, whose header came with the request.
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1", "replace")
    found = Posted()
    for part in message_from_bytes(head + body, policy=HTTP).iter_parts():
        name = str(part.get_param("name", "", header="content-disposition"))
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes), "a part of a form holds no parts"
        file_name = part.get_filename()
        if file_name is None:
            found.texts[name] = content.decode("utf-8", "replace")
        elif file_name:
            found.files[name] = (file_name, content)
    return found
