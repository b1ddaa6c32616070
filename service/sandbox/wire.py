"""What a call carries in and what an answer carries out: the words every handler shares."""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import msgspec

if TYPE_CHECKING:
    from service.sandbox.tenant import Tenant
    from service.sandbox.timeline import App, Person

Json = dict[str, Any]
"""A JSON object as Graph writes it."""


class GraphError(Exception):
    """A refusal in Graph's own words; the gate turns it into Graph's error body."""

    def __init__(
        self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})


@dataclass(frozen=True, kw_only=True)
class Answer:
    """`body` is sent as JSON, `raw` and `file` as they are; none gives an empty answer."""

    status: int = 200
    body: Json | None = None
    raw: bytes | None = None
    file: Path | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request, with its path taken apart and its caller known."""

    tenant: "Tenant"
    method: str
    path: str
    names: Mapping[str, str]
    """Placeholders of the template, decoded; `path` where the item is addressed by path."""
    query: Mapping[str, str]
    """Decoded; names of OData options in lower case with their `$`."""
    headers: Mapping[str, str]
    body: bytes
    base: str
    """Scheme, host and port as the caller asked, such as `https://localhost:8443`."""
    bytes_base: str
    """The same of the listener for bytes."""
    app: "App"
    roles: frozenset[str]
    """Application permissions; empty where a person has signed in."""
    scopes: frozenset[str] = frozenset()
    """Delegated permissions; empty where the app acts by itself."""
    person: "Person | None" = None
    """Who has signed in, where somebody has."""

    @property
    def by(self) -> str:
        """Who does it, as every table writes it."""
        return f"user:{self.person.id}" if self.person else f"app:{self.app.client_id}"

    @property
    def url(self) -> str:
        """Where this call was made, without its query, encoded to be called again."""
        return self.base + quote(self.path, safe="/:@!$&'()*+,;=~")

    def json(self) -> Json:
        """The body as a JSON object; anything else is refused as Graph does."""
        try:
            value = msgspec.json.decode(self.body)
        except msgspec.DecodeError as error:
            raise bad_request("Unable to read JSON request payload.") from error
        if not isinstance(value, dict):
            raise bad_request("Unable to read JSON request payload.")
        return value

    def prefers(self, preference: str) -> str | None:
        """The value of one preference in the Prefer header; empty for a flag; None if absent."""
        pattern = rf"(?:^|[,;\s]){re.escape(preference)}(?:\s*=\s*\"?([^\",;]*)\"?)?(?=$|[,;\s\"])"
        found = re.search(pattern, self.headers.get("prefer", ""), re.IGNORECASE)
        return None if found is None else (found[1] or "")

    def count(self, option: str, default: int, most: int) -> int:
        """A paging option such as `$top`, checked."""
        text = self.query.get(option)
        if text is None:
            return default
        if not text.isdigit() or not 1 <= int(text) <= most:
            raise GraphError(400, "invalidRequest", f"Invalid value for {option}: '{text}'.")
        return int(text)

    def link(self, path: str, **options: str) -> str:
        """An absolute link on this listener, with OData options such as `skiptoken`."""
        return self.base + path + "?" + urlencode({f"${k}": v for k, v in options.items()})


def bad_request(message: str, code: str = "BadRequest") -> GraphError:
    return GraphError(400, code, message)


def invalid(message: str) -> GraphError:
    return GraphError(400, "invalidRequest", message)


def seal(value: Json) -> str:
    """An opaque token for a link."""
    return base64.urlsafe_b64encode(msgspec.json.encode(value)).rstrip(b"=").decode()


def unseal(token: str) -> Json | None:
    """What `seal` made; None for a token that is not ours."""
    try:
        value = msgspec.json.decode(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except (binascii.Error, ValueError):
        return None
    return value if isinstance(value, dict) else None


def stamp(moment: datetime) -> str:
    """A DateTimeOffset as SharePoint writes it: UTC, whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def fine_stamp(moment: datetime) -> str:
    """A DateTimeOffset as Teams and Exchange write it: UTC, milliseconds."""
    text = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
    return text[:-3] + "Z"


def moment(text: str) -> datetime:
    """An ISO time; UTC if it names no zone. Raises GraphError for anything else."""
    try:
        value = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text))
    except ValueError as error:
        raise bad_request(f"The value '{text}' is not a valid date and time.") from error
    return value if value.tzinfo else value.replace(tzinfo=UTC)
