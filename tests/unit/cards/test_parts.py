"""A card over the budget becomes several, and nothing of it is lost."""

import json
from dataclasses import replace

import pytest

from service.domain.post import Button, Card, Line, Picture, Section
from service.render.cards import BUDGET, adaptive_card, parts, size_as_sent

PAGE = "https://exempel.sharepoint.com/sites/natverket"
KEY = "v1/kommunnatverket/common/uid-0308/soon/2023-03-08"
CARD = Card(
    language="sv",
    label="Miljöstrategigruppen",
    title="Veckan i nätverket, vecka 43",
    text="Text",
    picture=Picture("https://exempel.se/bild.png", "En bild"),
    buttons=(Button("Öppna", PAGE), Button("Program", f"{PAGE}/program")),
    footer="Sammanställt automatiskt.",
    unfold="Visa hela veckobrevet",
    more="och {n} till",
)


def section(count: int, folded: int = 0, heading: str = "På gång", more: int = 0) -> Section:
    lines = tuple(
        Line(text=f'{heading} {n} om åäö och "citat"', url=f"{PAGE}/{n}", note="Not")
        for n in range(count + folded)
    )
    return Section(heading=heading, lines=lines[:count], folded=lines[count:], more=more)


def with_sections(*sections: Section) -> Card:
    return replace(CARD, sections=sections)


def sizes(cards: tuple[Card, ...]) -> list[int]:
    return [size_as_sent(adaptive_card(card, key=KEY).decode()) for card in cards]


def lines(cards: tuple[Card, ...], heading: str) -> list[Line]:
    found = [one for card in cards for one in card.sections if one.heading == heading]
    visible = [line for one in found for line in one.lines]
    return visible + [line for one in found for line in one.folded]


def test_a_card_that_fits_is_itself() -> None:
    """One part, and no number in its title."""
    card = with_sections(section(7, 15))
    assert parts(card) == (card,)


@pytest.mark.parametrize("count", [60, 200, 1000])
def test_every_item_is_in_one_part_in_its_order(count: int) -> None:
    """Whatever the number of items: each part is within the budget, and they are well filled."""
    first, second = section(10, count), section(1, 5, heading="Tips", more=4)
    cards = parts(with_sections(first, second))

    assert lines(cards, "På gång") == [*first.lines, *first.folded]
    assert lines(cards, "Tips") == [*second.lines, *second.folded]
    assert max(sizes(cards)) <= BUDGET
    assert min(sizes(cards[:-1]), default=BUDGET) > BUDGET * 0.8
    assert len(cards) == {60: 2, 200: 4, 1000: 18}[count]


def test_parts_are_numbered_and_repeat_their_headings() -> None:
    """ "… (1/2)": the text and picture lead the first, the footer ends the last."""
    cards = parts(with_sections(section(90)))

    assert [card.title for card in cards] == [f"{CARD.title} (1/2)", f"{CARD.title} (2/2)"]
    assert [[one.heading for one in card.sections] for card in cards] == [["På gång"]] * 2
    assert [card.text for card in cards] == ["Text", ""]
    assert [card.picture is None for card in cards] == [False, True]
    assert [card.footer for card in cards] == ["", CARD.footer]
    assert all(card.buttons == CARD.buttons for card in cards)


def test_what_is_visible_comes_first() -> None:
    """The first card shows at a glance what one card would have shown; the folded rest follows."""
    cards = parts(with_sections(section(3, 150), section(3, 5, heading="Tips")))

    assert [len(one.lines) for one in cards[0].sections] == [3, 3]
    assert all(not one.lines for card in cards[1:] for one in card.sections)


def test_what_is_not_listed_is_counted_once() -> None:
    """ "And four more" stands under the last of its section."""
    bare = Section(heading="Saknas", lines=(), more=3, url=PAGE)
    cards = parts(with_sections(bare, section(150, more=4)))

    said = [(one.heading, one.more) for card in cards for one in card.sections if one.more]
    assert said == [("Saknas", 3), ("På gång", 4)]
    assert cards[-1].sections[-1].more == 4


def test_an_item_too_long_ends_at_a_sentence_and_leads_to_the_rest() -> None:
    """Its own link, else that of its section, else the main button's."""
    long = "Så här är det. " * 3_000
    own = Line(text=long, url=f"{PAGE}/egen")
    cards = parts(with_sections(Section(heading="Tips", lines=(Line(text="Kort"), own))))
    (_, item) = lines(cards, "Tips")

    assert item.text.endswith("Så här är det. …")
    assert len(item.text) > BUDGET / 2
    assert item.url == own.url
    assert max(sizes(cards)) <= BUDGET

    for url, place in (("", PAGE), (f"{PAGE}/lista", f"{PAGE}/lista")):
        only = Section(heading="Tips", lines=(Line(text=long),), url=url)
        (item,) = lines(parts(with_sections(only)), "Tips")
        assert item.url == place


def test_an_item_of_one_endless_link_leads_elsewhere() -> None:
    """A link longer than a card would leave its item no room."""
    endless = Line(text="Tips", url=f"https://exempel.se/?{'x' * BUDGET}")
    (item,) = lines(parts(with_sections(Section(heading="Tips", lines=(endless,)))), "Tips")
    assert item == Line(text="Tips", url=PAGE)


@pytest.mark.parametrize("text", ["Så här är det. " * 3_000, "ord " * 9_000, "å" * BUDGET])
def test_a_text_too_long_is_shortened(text: str) -> None:
    """At a sentence, else at a word, else where it must; the main button leads to the rest."""
    cards = parts(replace(CARD, text=text, sections=(section(2),)))

    assert cards[0].text.endswith(" …")
    assert text.startswith(cards[0].text.removesuffix(" …"))
    assert max(sizes(cards)) <= BUDGET
    assert lines(cards, "På gång") == list(section(2).lines)


def test_a_card_that_is_not_split_is_refused() -> None:
    """Nothing is cut where it is drawn."""
    with pytest.raises(ValueError, match="split it first"):
        adaptive_card(with_sections(section(150)), key=KEY)


def test_a_title_over_the_budget_is_refused() -> None:
    """There is nothing that could be split."""
    with pytest.raises(ValueError, match="larger than"):
        parts(replace(CARD, title="å" * BUDGET))


def test_a_part_carries_any_key() -> None:
    """Room is kept for the longest that a key can be: a long id, a channel, a period."""
    key = "/".join(("v1", "n" * 60, "19:" + "c" * 80, "0" * 250, "k" * 30, "2023-W43-part-12"))
    for card in parts(with_sections(section(90))):
        assert size_as_sent(adaptive_card(card, key=key).decode()) <= BUDGET


def test_the_measure_is_the_string_that_graph_takes() -> None:
    """Quotes count twice there, and everything counts as UTF-8."""
    drawn = '{"text":"å"}'
    inside = len(json.dumps(drawn, ensure_ascii=False).encode())
    assert inside == len(drawn) + 1 + 4 + 2
    assert size_as_sent(drawn) > inside
