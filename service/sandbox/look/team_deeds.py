"""What a member does in a channel: writes, and answers."""

from collections.abc import Sequence
from html import escape

from service.sandbox.acts import perform
from service.sandbox.look.deeds import BY, needed, who
from service.sandbox.look.forms import Field, Form
from service.sandbox.look.posted import Posted
from service.sandbox.store import Row
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import Say


def _channels(tenant: Tenant) -> Sequence[tuple[str, str]]:
    return [(channel.id, channel.name) for channel in tenant.world.channels]


def _html(text: str) -> str:
    """As Teams' own editor makes it of plain lines."""
    return "".join(f"<p>{escape(line)}</p>" for line in text.splitlines() if line.strip())


def _key(tenant: Tenant, *parts: str) -> str:
    return tenant.store.new_guid("look", *parts)


def _write(tenant: Tenant, posted: Posted) -> bool:
    channel = posted.text("channel")
    if channel not in tenant.channels:
        raise ValueError("Välj en kanal.")
    act = Say(
        at=tenant.clock.now,
        key=_key(tenant, channel),
        channel=channel,
        author=who(tenant, posted),
        html=_html(needed(posted, "text", "Texten")),
    )
    return perform(tenant, act)


def _answer(tenant: Tenant, posted: Posted) -> bool:
    root = tenant.store.one(
        "SELECT * FROM messages WHERE channel = ? AND id = ? AND reply_to IS NULL",
        posted.text("channel"),
        posted.text("root"),
    )
    if root is None:
        raise ValueError("Inlägget finns inte.")
    act = Say(
        at=tenant.clock.now,
        key=_key(tenant, root["channel"]),
        channel=root["channel"],
        author=who(tenant, posted),
        html=_html(needed(posted, "text", "Texten")),
        reply_to=_known_as(tenant, root),
    )
    return perform(tenant, act)


def _known_as(tenant: Tenant, root: Row) -> str:
    """Acts name messages by key; what a flow posted has had none until now."""
    if root["key"] is None:
        key = _key(tenant, root["channel"], root["id"])
        tenant.store.do(
            "UPDATE messages SET key = ? WHERE channel = ? AND id = ?",
            key,
            root["channel"],
            root["id"],
        )
        return key
    return str(root["key"])


_TEXT = Field(name="text", label="Text", kind="long")
_CHANNEL = Field(name="channel", label="Kanal", options=_channels)

WRITE = Form(
    name="write",
    title="Skriv i en kanal",
    button="Skicka",
    done="Inlägget är skrivet.",
    fields=(BY, _CHANNEL, _TEXT),
    do=_write,
)
ANSWER = Form(
    name="answer",
    title="Svara",
    button="Svara",
    done="Svaret är skrivet.",
    fields=(
        Field(name="channel", label="Kanal", fixed=True),
        Field(name="root", label="Inlägg", fixed=True),
        BY,
        _TEXT,
    ),
    do=_answer,
)
FORMS = (WRITE, ANSWER)
