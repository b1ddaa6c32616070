"""Which effect makes which action real: one line each."""

from typing import assert_never

from service.domain.actions import (
    Action,
    Announce,
    Forgo,
    Leave,
    MoveFile,
    PrepareFolder,
    RefreshFile,
    RelocateFile,
    RenameFolder,
    RenewFile,
    RetagFile,
    StoreFile,
    TagFile,
    Unread,
    WriteRow,
)
from service.effects import documents, filing, folders, posting, register
from service.workplace import Workplace


async def perform(action: Action, at: Workplace) -> bool:
    """
    Make an action real unless it is already; tell whether something was done.

    Raises TenantError, StateError, and `posting.Pending` where only time can tell.
    """
    match action:
        case PrepareFolder():
            return await folders.prepare(action, at)
        case RenameFolder():
            return await folders.rename(action, at)
        case StoreFile():
            return await filing.store(action, at)
        case RefreshFile():
            return await documents.refresh(action, at)
        case RenewFile():
            return await documents.renew(action, at)
        case MoveFile():
            return await filing.move(action, at)
        case RelocateFile():
            return await filing.relocate(action, at)
        case TagFile():
            return await filing.tag_there(action, at)
        case RetagFile():
            return await filing.retag(action, at)
        case WriteRow():
            return await register.write_row(action, at)
        case Announce():
            return await posting.announce(action, at)
        case Forgo():
            return await posting.forgo(action, at)
        case Leave() | Unread():
            return False
        case _:
            assert_never(action)
