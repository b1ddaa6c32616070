"""Makes a draft public: it is moved to the members' files, as a coordinator would do it."""

from service.domain.actions import Folder
from service.effects.folders import folder_id
from service.errors import NotFound
from service.observe import Change, SeenItem
from service.workplace import Workplace


async def release(key: str, folder: Folder, at: Workplace) -> SeenItem:
    """
    Move the draft that was written under the key; what a person wrote in it goes along.

    Its new sight is kept at once. Raises NotFound where there is no draft, MoveRefused where
    the tenant moves nothing from one library to another, Conflict where the name is taken.
    """
    effect = (await at.ledger.effects(key)).get(key)
    draft = effect.remote_id if effect else None
    item = await at.drives.item(at.places.coordination, draft) if draft else None
    if item is None:
        raise NotFound(
            key,
            "there is no draft of it among the coordinators' files",
            remedy="Restore it from the recycle bin, or put a document of your own into the folder"
            f" {folder.path} of the members' library, with the year in its name.",
        )
    parent = await folder_id(folder, at)
    moved = await at.drives.move(
        item, drive_id=at.places.documentation, parent_id=parent, name=item.name
    )
    await at.ledger.absorb(f"drive/{at.places.documentation}", [Change(id=moved.id, value=moved)])
    return moved
