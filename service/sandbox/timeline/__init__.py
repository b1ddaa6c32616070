"""
What happens in the tenant, and when: the language in which a seed is written.

A seed is a `World` (who and what is there on the first day) and a sequence of acts in
time order. The sandbox performs each act when its clock passes `at`. An act whose object
is not there yet (a folder or a list row that the service is to make) waits for it, and is
tried again at every later step of the clock.
"""

from dataclasses import dataclass

from service.sandbox.timeline.act import Act, Content, FieldValue
from service.sandbox.timeline.calendar import (
    Attach,
    AttachItem,
    AttachLink,
    CancelInvite,
    DeleteEvent,
    Forward,
    HandOver,
    Invite,
    MoveEvent,
    MoveMailbox,
    Recurrence,
    Reinvite,
    Respond,
)
from service.sandbox.timeline.entra import (
    BlockAccount,
    ConditionalAccess,
    DisableApp,
    GrantMailbox,
    GrantOrganizer,
    GrantRole,
    GrantSite,
    IdleSignIns,
    Leave,
    NewSecret,
    RevokeSignIns,
    SecretExpires,
)
from service.sandbox.timeline.files import EditRow, Upload
from service.sandbox.timeline.mail import DeleteMail, MailArrives, MailFile, MoveMail, ReplyMail
from service.sandbox.timeline.meetings import Attend, DeleteRecording, Presence, Record
from service.sandbox.timeline.surveys import (
    AddQuestion,
    Answer,
    CloseForm,
    CreateForm,
    OpenWorkbook,
    Question,
    RenameQuestion,
    TurnFlow,
)
from service.sandbox.timeline.teams import (
    AddMember,
    BlockApp,
    BreakFlow,
    DeleteMessage,
    EditMessage,
    EndCall,
    InstallApp,
    MendFlow,
    React,
    RemoveMember,
    RenameChannel,
    RenewFlowAddress,
    Say,
    StartCall,
    SwitchFlow,
    UninstallApp,
    ViolatePolicy,
)
from service.sandbox.timeline.world import App, Channel, Federated, Person, Site, World

__all__ = [
    "Act",
    "AddMember",
    "AddQuestion",
    "Answer",
    "App",
    "Attach",
    "AttachItem",
    "AttachLink",
    "Attend",
    "BlockAccount",
    "BlockApp",
    "BreakFlow",
    "CancelInvite",
    "Channel",
    "CloseForm",
    "ConditionalAccess",
    "Content",
    "CreateForm",
    "DeleteEvent",
    "DeleteMail",
    "DeleteMessage",
    "DeleteRecording",
    "DisableApp",
    "EditMessage",
    "EditRow",
    "EndCall",
    "Federated",
    "FieldValue",
    "Forward",
    "GrantMailbox",
    "GrantOrganizer",
    "GrantRole",
    "GrantSite",
    "HandOver",
    "IdleSignIns",
    "InstallApp",
    "Invite",
    "Leave",
    "MailArrives",
    "MailFile",
    "MendFlow",
    "MoveEvent",
    "MoveMail",
    "MoveMailbox",
    "NewSecret",
    "OpenWorkbook",
    "Person",
    "Presence",
    "Question",
    "React",
    "Record",
    "Recurrence",
    "Reinvite",
    "RemoveMember",
    "RenameChannel",
    "RenameQuestion",
    "RenewFlowAddress",
    "ReplyMail",
    "Respond",
    "RevokeSignIns",
    "Say",
    "SecretExpires",
    "Seed",
    "Site",
    "StartCall",
    "SwitchFlow",
    "TurnFlow",
    "UninstallApp",
    "Upload",
    "ViolatePolicy",
    "World",
]


@dataclass(frozen=True, kw_only=True)
class Seed:
    world: World
    acts: tuple[Act, ...]
    """In time order."""
