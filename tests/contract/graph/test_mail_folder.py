"""A folder of the network mailbox, over the sandbox tenant."""

import pytest

from service.errors import Forbidden, NotFound
from service.graph.gateway import Gateway
from tests.contract.graph import neighbours, worlds
from tests.contract.graph.conftest import settings
from tests.contract.graph.neighbours import MATERIAL, SLIDES

BOX = worlds.MAILBOX.mail


async def changes_of(mail, cursor=None):
    pages = [page async for page in mail.changes(cursor)]
    assert [page.cursor is not None for page in pages] == [False] * (len(pages) - 1) + [True]
    return {c.id: c.value for page in pages for c in page.changes}, pages[-1].cursor


async def test_a_folder_through_the_days(way, town_clock):
    """New mails and what was put away, each told once; a mail keeps its id where it goes."""
    mail = way.mail(BOX, MATERIAL)
    await town_clock.move_to(worlds.day(2, 12))
    first, cursor = await changes_of(mail)
    ((id_, seen),) = first.items()
    assert (seen.id, seen.subject, seen.has_attachments) == (id_, "Underlag bilder", True)
    assert seen.received == worlds.day(2)
    assert (await changes_of(mail, cursor))[0] == {}
    await town_clock.move_to(worlds.day(3, 12))
    second, cursor = await changes_of(mail, cursor)
    assert [one.subject for one in second.values()] == ["Underlag senare"]
    await town_clock.move_to(worlds.day(4, 12))
    third, _ = await changes_of(mail, cursor)
    assert third == {id_: None}
    assert list((await changes_of(way.mail(BOX, "Arkiv")))[0]) == [id_]


async def test_attachments_of_a_mail(way, town_clock, people):
    """Listed without their bytes; the bytes one by one, and no others."""
    await town_clock.move_to(worlds.day(5))
    mail = way.mail(BOX, MATERIAL)
    seen, _ = await changes_of(mail)
    (letter,) = [one for one in seen.values() if one]
    files = await mail.attachments(letter.id)
    assert {(one.name, one.inline) for one in files} == {("å.bin", False), ("logo.png", True)}
    assert {one.holder_id for one in files} == {letter.id}
    slides = next(one for one in files if not one.inline)
    assert b"".join([piece async for piece in mail.attachment(slides).read()]) == SLIDES
    assert b"".join([piece async for piece in mail.attachment(slides).read(1000)]) == SLIDES[1000:]


@pytest.mark.parametrize(
    ("named", "subjects"),
    [
        ("inkorgen/MATERIAL", {"Underlag senare"}),
        ("inbox/Material", {"Underlag senare"}),
        ("/Inkorgen/Material/", {"Underlag senare"}),
        ("Material", {"Underlag senare"}),
        ("Inkorgen", {"Underlag annat"}),
        ("inbox", {"Underlag annat"}),
        ("Arkiv", {"Underlag bilder"}),
    ],
)
async def test_how_a_folder_may_be_named(way, town_clock, named, subjects):
    """By path as the mailbox shows it, by Outlook's own words, by a name in the inbox."""
    await town_clock.move_to(worlds.day(5))
    seen, _ = await changes_of(way.mail(BOX, named))
    assert {one.subject for one in seen.values() if one} == subjects


async def test_an_idle_cycle_is_one_request(way, people):
    """The folder is not looked for again."""
    mail = way.mail(BOX, MATERIAL)
    _, cursor = await changes_of(mail)
    before = people.count("GET", "/users/")
    assert (await changes_of(mail, cursor))[0] == {}
    assert people.count("GET", "/users/") == before + 1


async def test_a_folder_that_is_not_there(way):
    """The setting is named, and what there is instead."""
    with pytest.raises(NotFound, match="there are: Material") as caught:
        await changes_of(way.mail(BOX, "Inkorgen/Finns inte"))
    assert "NATVERKET_NETWORK_MAIL_FOLDER" in caught.value.remedy


async def test_a_mailbox_that_was_not_granted(town, town_clock):
    """The right is named in Exchange's own words."""
    async with Gateway(settings(town, neighbours.ADMIN), town_clock) as other:
        with pytest.raises(Forbidden) as caught:
            await changes_of(other.mail(BOX, MATERIAL))
    assert "Application Mail.Read" in caught.value.remedy
