"""What a member does in a channel: writes, answers, reacts, edits, takes back."""

from collections.abc import Sequence
from html import escape

from service.sandbox.look.deeds import BY, needed, who
from service.sandbox.look.forms import Field, Form, WrongError
from service.sandbox.look.posted import Posted
from service.sandbox.store import Row
from service.sandbox.teams.roster import channel_name
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import Act, DeleteMessage, EditMessage, React, RenameChannel, Say

_REACTIONS = ("👍", "❤️", "😆", "😮", "😢", "😡")


def _channels(tenant: Tenant) -> Sequence[tuple[str, str]]:
    return [(channel.id, channel_name(tenant, channel)) for channel in tenant.world.channels]


def _html(text: str) -> str:
    """As Teams' own editor makes it of plain lines."""
    return "".join(f"<p>{escape(line)}</p>" for line in text.splitlines() if line.strip())


def _key(tenant: Tenant, *parts: str) -> str:
    return tenant.store.new_guid("look", *parts)


def _write(tenant: Tenant, posted: Posted) -> Act:
    channel = posted.text("channel")
    if channel not in tenant.channels:
        raise WrongError("Välj en kanal.")
    return Say(
        at=tenant.clock.now,
        key=_key(tenant, channel),
        channel=channel,
        author=who(tenant, posted),
        html=_html(needed(posted, "text", "Texten")),
    )


def _answer(tenant: Tenant, posted: Posted) -> Act:
    root = tenant.store.one(
        "SELECT * FROM messages WHERE channel = ? AND id = ? AND reply_to IS NULL",
        posted.text("channel"),
        posted.text("root"),
    )
    if root is None:
        raise WrongError("Inlägget finns inte.")
    return Say(
        at=tenant.clock.now,
        key=_key(tenant, root["channel"]),
        channel=root["channel"],
        author=who(tenant, posted),
        html=_html(needed(posted, "text", "Texten")),
        reply_to=_known_as(tenant, root),
    )


def _known_as(tenant: Tenant, row: Row) -> str:
    """Acts name messages by key; what a flow posted has had none until now."""
    if row["key"] is None:
        key = _key(tenant, row["channel"], row["id"])
        tenant.store.do(
            "UPDATE messages SET key = ? WHERE channel = ? AND id = ?",
            key,
            row["channel"],
            row["id"],
        )
        return key
    return str(row["key"])


def _message(tenant: Tenant, posted: Posted) -> str:
    """Key of the message that the form is about."""
    row = tenant.store.one(
        "SELECT * FROM messages WHERE channel = ? AND id = ?",
        posted.text("channel"),
        posted.text("message"),
    )
    if row is None or row["deleted_at"] or row["event"]:
        raise WrongError("Inlägget finns inte, eller är borttaget.")
    return _known_as(tenant, row)


def _react(tenant: Tenant, posted: Posted) -> Act:
    reaction = posted.text("reaction")
    return React(
        at=tenant.clock.now,
        key=_message(tenant, posted),
        by=who(tenant, posted),
        reaction=reaction or _REACTIONS[0],
        away=not reaction,
    )


def _edit(tenant: Tenant, posted: Posted) -> Act:
    html = _html(needed(posted, "text", "Texten"))
    return EditMessage(at=tenant.clock.now, key=_message(tenant, posted), html=html)


def _delete(tenant: Tenant, posted: Posted) -> Act:
    return DeleteMessage(at=tenant.clock.now, key=_message(tenant, posted))


def _rename(tenant: Tenant, posted: Posted) -> Act:
    return RenameChannel(
        at=tenant.clock.now,
        channel=posted.text("channel"),
        name=needed(posted, "name", "Det nya namnet"),
        by=who(tenant, posted),
    )


_TEXT = Field(name="text", label="Text", kind="long")
_CHANNEL = Field(name="channel", label="Kanal", options=_channels)

WRITE = Form(
    name="write",
    title="Skriv i en kanal",
    button="Skicka",
    done="Inlägget är skrivet.",
    fields=(BY, _CHANNEL, _TEXT),
    act=_write,
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
    act=_answer,
)
_ABOUT = (
    Field(name="channel", label="Kanal", fixed=True),
    Field(name="message", label="Inlägg", fixed=True),
)
REACT = Form(
    name="react",
    title="Reagera på inlägget",
    button="Reagera",
    done="Reaktionen är ändrad.",
    fields=(
        *_ABOUT,
        BY,
        Field(
            name="reaction",
            label="Reaktion",
            options=lambda _tenant: [(one, one) for one in _REACTIONS],
            required=False,
            hint="Ingen vald tar tillbaka den som personen har gett.",
        ),
    ),
    act=_react,
)
EDIT = Form(
    name="edit-message",
    title="Ändra inlägget",
    button="Ändra",
    done="Inlägget är ändrat.",
    fields=(*_ABOUT, _TEXT),
    act=_edit,
)
DELETE = Form(
    name="delete-message",
    title="Ta bort inlägget",
    button="Ta bort",
    done="Inlägget är borttaget.",
    fields=_ABOUT,
    act=_delete,
)
RENAME = Form(
    name="rename-channel",
    title="Byt namn på kanalen",
    button="Byt namn",
    done="Kanalen har bytt namn.",
    fields=(
        Field(name="channel", label="Kanal", fixed=True),
        BY,
        Field(name="name", label="Nytt namn"),
    ),
    act=_rename,
)
FORMS = (WRITE, ANSWER, REACT, EDIT, DELETE, RENAME)
