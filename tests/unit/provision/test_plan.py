"""What is made of a site, by what is there."""

from dataclasses import replace

import pytest

from service.domain.provision import (
    AddColumn,
    Column,
    ColumnType,
    MakeFolder,
    MakePlace,
    Place,
    PlaceKind,
    SeenColumn,
    SeenPlace,
    plan,
)

FORM = Column(
    name="NvForm", display_name="Form", type=ColumnType.CHOICE, choices=("Fysisk", "Digital")
)
DAY = Column(name="NvStart", display_name="Datum", type=ColumnType.DATE)
SHELF = Place(
    kind=PlaceKind.LIBRARY, name="Samordning", columns=(FORM, DAY), folders=("Inkorg", "Underlag")
)
THERE = SeenPlace(
    kind=PlaceKind.LIBRARY,
    list_id="6f1c",
    drive_id="b!9",
    name="Samordning",
    url="https://nat.sharepoint.com/sites/nat/Samordning",
    columns=(
        SeenColumn(name="Title", type=ColumnType.TEXT),
        SeenColumn(name="NvForm", type=ColumnType.CHOICE, choices=("Digital", "Fysisk", "Egen")),
        SeenColumn(name="nvstart", type=ColumnType.DATE),
    ),
    folders=("Inkorg", "Underlag"),
)


def test_in_an_empty_site_everything_is_made_in_order() -> None:
    """A place before its columns, and its folders last."""
    made = plan((SHELF,), ()).make
    assert made == (
        MakePlace(place=SHELF),
        AddColumn(place=SHELF, column=FORM),
        AddColumn(place=SHELF, column=DAY),
        MakeFolder(place=SHELF, path="Inkorg"),
        MakeFolder(place=SHELF, path="Underlag"),
    )


def test_where_all_is_there_nothing_is_made_or_told() -> None:
    """Upper case, order of choices and people's own columns and choices are no difference."""
    found = plan((replace(SHELF, name="samordning"),), (THERE,))
    assert (found.there, found.make, found.differs) == ((THERE,), (), ())


@pytest.mark.parametrize("name", [THERE.list_id, THERE.drive_id, f"{THERE.url}/"])
def test_a_setting_may_name_a_place_by_id_or_address(name: str) -> None:
    """As settings may; its display name need not be ours."""
    found = plan((replace(SHELF, name=name),), (replace(THERE, name="Kansliet"),))
    assert (found.make, found.differs) == ((), ())


def test_what_is_absent_is_added() -> None:
    """One column and one folder."""
    seen = replace(THERE, columns=THERE.columns[:2], folders=("Inkorg",))
    assert plan((SHELF,), (seen,)).make == (
        AddColumn(place=SHELF, column=DAY),
        MakeFolder(place=SHELF, path="Underlag"),
    )


def test_a_column_of_another_type_is_told_and_left() -> None:
    """It hinders: nothing that the service writes would fit."""
    columns = (*THERE.columns[:2], SeenColumn(name="NvStart", type=None))
    found = plan((SHELF,), (replace(THERE, columns=columns),))
    (told,) = found.differs
    assert found.make == ()
    assert told.hinders
    assert told.subject == "column NvStart (Datum)"
    assert (
        told.reason == "It holds something that the service never writes, where a date is needed."
    )


@pytest.mark.parametrize(("allows_text", "hinders"), [(True, False), (False, True)])
def test_a_choice_without_our_values_is_told(*, allows_text: bool, hinders: bool) -> None:
    """It hinders where people's list is closed: what is not in it cannot be written."""
    own = SeenColumn(
        name="NvForm", type=ColumnType.CHOICE, choices=("Digital",), allow_text=allows_text
    )
    found = plan((SHELF,), (replace(THERE, columns=(own, THERE.columns[2])),))
    (told,) = found.differs
    assert (told.hinders, told.reason) == (hinders, "These choices are not there: Fysisk.")


def test_a_list_where_a_library_is_wanted_is_told_and_left() -> None:
    """Its columns would be of no use, and are not made."""
    found = plan((SHELF,), (replace(THERE, kind=PlaceKind.LIST, drive_id=None),))
    (told,) = found.differs
    assert found.make == ()
    assert told.reason == "It is a list, where a library is needed."


def test_two_of_a_name_are_told() -> None:
    """The service could not tell them apart either."""
    twin = replace(THERE, list_id="7a2d", url=f"{THERE.url}1")
    (told,) = plan((SHELF,), (THERE, twin)).differs
    assert told.reason == "Several of the site's lists have this name."


def test_an_address_at_which_nothing_lies_is_told() -> None:
    """A library is made by a name; SharePoint gives the address."""
    found = plan((replace(SHELF, name="https://nat.sharepoint.com/sites/nat/Ny"),), (THERE,))
    (told,) = found.differs
    assert (found.make, told.hinders) == ((), True)
