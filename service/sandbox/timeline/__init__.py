"""
What happens in the tenant, and when: the language in which a seed is written.

A seed is a `World` (who and what is there on the first day) and a sequence of acts in
time order. The sandbox performs each act when its clock passes `at`. An act whose object
is not there yet (a folder or a list row that the service is to make) waits for it, and is
tried again at every later step of the clock.
"""

from dataclasses import dataclass

from service.sandbox.timeline.act import Act, Content, FieldValue
from service.sandbox.timeline.calendar import Attach, CancelInvite, Invite, Reinvite
from service.sandbox.timeline.files import EditRow, Upload
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
    Attend,
    BlockApp,
    BreakFlow,
    DeleteMessage,
    EditMessage,
    EndCall,
    InstallApp,
    MendFlow,
    Presence,
    React,
    Record,
    RemoveMember,
    RenameChannel,
    RenewFlowAddress,
    Say,
    StartCall,
    SwitchFlow,
    UninstallApp,
    ViolatePolicy,
)
from service.sandbox.timeline.world import App, Channel, Person, Site, World

__all__ = [
    "Act",
    "AddMember",
    "AddQuestion",
    "Answer",
    "App",
    "Attach",
    "Attend",
    "BlockApp",
    "BreakFlow",
    "CancelInvite",
    "Channel",
    "CloseForm",
    "Content",
    "CreateForm",
    "DeleteMessage",
    "EditMessage",
    "EditRow",
    "EndCall",
    "FieldValue",
    "InstallApp",
    "Invite",
    "MendFlow",
    "OpenWorkbook",
    "Person",
    "Presence",
    "Question",
    "React",
    "Record",
    "Reinvite",
    "RemoveMember",
    "RenameChannel",
    "RenameQuestion",
    "RenewFlowAddress",
    "Say",
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
