"""Cards in a folder and on a page, as a coordinator opens them."""

import json
from dataclasses import replace

from service.cli.card_page import Shown, page
from service.cli.cards import file_name, free_name
from service.domain.names import safe_name
from service.render.cards import adaptive_card
from tests.unit.cards import gallery, people

SWEDISH = people.PEOPLE["sv"]
ZONE = gallery.ZONE


def shown(**other: object) -> Shown:
    post = gallery.series(SWEDISH)
    card = adaptive_card(post.card, key=post.key)
    return replace(Shown(name="a", caption="<b>4 december</b>", card=card), **other)  # type: ignore[arg-type]


def test_names_sort_by_local_time_and_say_what_they_are() -> None:
    """Minute, kind and title; in summer two hours before UTC."""
    posts = {post.kind: post for post in gallery.every(SWEDISH)}
    soon, tip = posts["soon"], posts["series"]

    assert file_name(soon, soon.card, ZONE) == "2023-09-12 1300 soon Hållbar upphandling"
    assert file_name(tip, tip.card, ZONE).startswith("2023-12-04 0730 series 4 december Ljus")
    part = replace(tip.card, title="Veckan (1/2)")
    assert file_name(tip, part, ZONE) == "2023-12-04 0730 series Veckan (1-2)"


def test_whatever_a_title_holds_a_disk_takes_the_name() -> None:
    """Slashes, colons, emoji and 255 characters; two of one name are told apart."""
    for post in gallery.every(people.worst("sv")):
        name = file_name(post, post.card, ZONE)
        assert name == safe_name(name)
        assert len(f"{name}.json".encode()) <= 255
    taken: set[str] = set()
    assert [free_name(name, taken) for name in ("a", "A", "b", "a")] == ["a", "A 2", "b", "a 3"]


def test_a_page_needs_nothing_beside_it() -> None:
    """Styles and scripts are inside; what stands above a card is text, whatever it holds."""
    made = page([shown()], title="Inlägg & annat", lead="Inget skickat", language="sv")

    assert made.startswith('<!doctype html><html lang="sv">')
    assert "<h1>Inlägg &amp; annat</h1>" in made
    assert "&lt;b&gt;4 december&lt;/b&gt;" in made
    assert "<link" not in made
    assert "<script src" not in made


def test_a_picture_may_be_drawn_from_the_machine_itself() -> None:
    """A stand-in takes the place of its address, for who draws it and for who reads it."""
    made = page(
        [shown(stand_ins={people.PICTURE: "data:image/png;base64,AAAA"})],
        title="",
        lead="",
        language="sv",
    )
    assert people.PICTURE not in made
    assert "data:image/png;base64,AAAA" in made
    assert people.PICTURE in json.loads(shown().card)["body"][3]["url"]
