"""Every act of a seed in words: what will happen, as the first page tells it."""

from collections.abc import Callable
from typing import Any

from service.sandbox.look.words import whom
from service.sandbox.teams.roster import channel_name
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import (
    Act,
    AddMember,
    AddRow,
    Answer,
    Attach,
    Attend,
    BlockAccount,
    CancelInvite,
    CheckInFile,
    CheckOutFile,
    CloseFile,
    CreateForm,
    DeleteFile,
    DeleteMessage,
    EditFile,
    EditMessage,
    EditRow,
    Invite,
    Leave,
    MailArrives,
    MoveFile,
    OnItem,
    OpenFile,
    React,
    Record,
    Reinvite,
    RemoveMember,
    RenameChannel,
    RenameFile,
    ReplyMail,
    RestoreFile,
    Say,
    SwitchFlow,
    Upload,
)

_Told = Callable[[Tenant, Any], str]


def told(tenant: Tenant, act: Act) -> str:
    """One act in words; one that has none of its own is called by its name."""
    words = _WORDS.get(type(act))
    return words(tenant, act) if words else f"Något annat händer ({type(act).__name__})"


def _subject(tenant: Tenant, key: str) -> str:
    found = tenant.store.value("SELECT subject FROM events WHERE key = ?", key)
    return str(found or "ett möte")


def _name(tenant: Tenant, person: str) -> str:
    return whom(tenant, f"user:{person}")


def _channel(tenant: Tenant, key: str | None) -> str:
    known = tenant.channels.get(key or "")
    return channel_name(tenant, known) if known else "teamet"


def _said(tenant: Tenant, act: Say) -> str:
    verb = "svarar" if act.reply_to else "skriver"
    return f"{_name(tenant, act.author)} {verb} i {_channel(tenant, act.channel)}"


def _form(tenant: Tenant, act: Answer) -> str:
    title = tenant.store.value("SELECT title FROM forms WHERE key = ?", act.form)
    who = _name(tenant, act.by) if act.by else "Någon"
    return f"{who} svarar på {title or 'en enkät'}"


def _on(verb: str) -> _Told:
    """What is done to a file: by whom, and to which."""

    def words(tenant: Tenant, act: OnItem) -> str:
        name = act.path.rpartition("/")[2]
        known = tenant.store.value("SELECT name FROM items WHERE id = ?", act.item)
        return f"{_name(tenant, act.by)} {verb} {name or known or 'en fil'}"

    return words


_WORDS: dict[type[Act], _Told] = {
    AddMember: lambda tenant, act: (
        f"{_name(tenant, act.person)} läggs till i {_channel(tenant, act.channel)}"
    ),
    AddRow: lambda tenant, act: f"{_name(tenant, act.by)} lägger en rad i listan {act.list_name}",
    Answer: _form,
    Attach: lambda tenant, act: f"{act.name} bifogas till {_subject(tenant, act.key)}",
    Attend: lambda tenant, act: f"Närvarorapport från {_subject(tenant, act.key)}",
    BlockAccount: lambda tenant, act: (
        f"Kontot för {_name(tenant, act.person)} {'spärras' if act.blocked else 'öppnas igen'}"
    ),
    CancelInvite: lambda tenant, act: f"{_subject(tenant, act.key)} ställs in",
    CheckInFile: _on("checkar in"),
    CheckOutFile: _on("checkar ut"),
    CloseFile: _on("stänger"),
    CreateForm: lambda tenant, act: f"{_name(tenant, act.owner)} gör enkäten {act.title}",
    DeleteFile: _on("tar bort"),
    DeleteMessage: lambda _tenant, _act: "Ett inlägg tas bort",
    EditFile: _on("ändrar"),
    EditMessage: lambda _tenant, _act: "Ett inlägg ändras",
    EditRow: lambda tenant, act: f"{_name(tenant, act.by)} fyller i listan {act.list_name}",
    Invite: lambda tenant, act: f"{_name(tenant, act.organizer)} bjuder in till {act.subject}",
    Leave: lambda tenant, act: f"{_name(tenant, act.person)} lämnar organisationen",
    MailArrives: lambda tenant, act: f"E-post från {_name(tenant, act.sender)}: {act.subject}",
    MoveFile: _on("flyttar"),
    OpenFile: _on("öppnar"),
    React: lambda tenant, act: f"{_name(tenant, act.by)} reagerar på ett inlägg",
    Record: lambda tenant, act: f"Inspelning av {_subject(tenant, act.key)}",
    Reinvite: lambda tenant, act: f"Inbjudan till {_subject(tenant, act.key)} ändras",
    RemoveMember: lambda tenant, act: (
        f"{_name(tenant, act.person)} tas bort ur {_channel(tenant, act.channel)}"
    ),
    RenameChannel: lambda tenant, act: (
        f"Kanalen {_channel(tenant, act.channel)} får heta {act.name}"
    ),
    RenameFile: _on("byter namn på"),
    ReplyMail: lambda tenant, act: f"{_name(tenant, act.sender)} svarar på ett brev",
    RestoreFile: _on("återställer"),
    Say: _said,
    SwitchFlow: lambda _tenant, _act: "Ett flöde stängs av eller slås på",
    Upload: lambda tenant, act: f"{_name(tenant, act.by)} lägger {act.name} i {act.drive}",
}
