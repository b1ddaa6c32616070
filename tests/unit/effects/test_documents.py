"""Documents of ours are kept up to date, and what a person edited is left alone."""

import pytest

from service.effects.perform import perform
from service.errors import Conflict
from tests.unit.effects.world import KEPT, World, contents, drafting


async def test_refresh_writes_what_has_changed(world: World) -> None:
    """A document is written anew over itself, and only where it says something else."""
    await perform(drafting("first"), world.at)
    assert not await perform(drafting("first"), world.at)
    assert await perform(drafting("second"), world.at)

    assert contents(world, "2023/Utkast", KEPT) == {"Rapport.docx": b"second"}


async def test_refresh_leaves_what_a_person_edited(world: World) -> None:
    """An edited draft is theirs: the new one lies beside it, and is kept up to date there."""
    await perform(drafting("first"), world.at)
    draft = await world.drives.find(KEPT, "2023/Utkast/Rapport.docx")
    world.drives.edit(draft.id, b"theirs")
    await perform(drafting("second"), world.at)
    await perform(drafting("third"), world.at)

    assert contents(world, "2023/Utkast", KEPT) == {
        "Rapport.docx": b"theirs",
        "Rapport (2023-03-31).docx": b"third",
    }


async def test_other_columns_are_no_edit(world: World) -> None:
    """A person who only changes a column of the draft has not edited it (settled 25)."""
    await perform(drafting("first"), world.at)
    draft = await world.drives.find(KEPT, "2023/Utkast/Rapport.docx")
    world.drives.touch(draft.id)
    await perform(drafting("second"), world.at)

    assert contents(world, "2023/Utkast", KEPT) == {"Rapport.docx": b"second"}


async def test_refresh_beside_a_file_that_was_there(world: World) -> None:
    """A person's file of the same name that was there first is left alone."""
    world.drives.put(KEPT, "2023/Utkast/Rapport.docx", b"theirs")
    await perform(drafting("first"), world.at)

    found = contents(world, "2023/Utkast", KEPT)
    assert found == {"Rapport.docx": b"theirs", "Rapport (2023-03-31).docx": b"first"}


async def test_refresh_overwrites_neither(world: World) -> None:
    """Where a person has the name beside it as well, nothing is written."""
    world.drives.put(KEPT, "2023/Utkast/Rapport.docx", b"theirs")
    world.drives.put(KEPT, "2023/Utkast/Rapport (2023-03-31).docx", b"theirs too")
    with pytest.raises(Conflict):
        await perform(drafting("first"), world.at)

    assert world.drives.stored == []


async def test_refresh_follows_a_moved_draft(world: World) -> None:
    """A draft that a person has moved and renamed is kept up to date where it is."""
    await perform(drafting("first"), world.at)
    draft = await world.drives.find(KEPT, "2023/Utkast/Rapport.docx")
    world.drives.carry(draft.id, KEPT, "Arkiv")
    # Moving it changes who wrote last, and not the content.
    await perform(drafting("second"), world.at)

    assert contents(world, "Arkiv", KEPT) == {"Rapport.docx": b"second"}
    assert contents(world, "2023/Utkast", KEPT) == {}
