"""What pages are made of: foreign HTML, text, addresses, cards and sizes."""

import json

import pytest

from service.sandbox.look.adaptive import card
from service.sandbox.look.foreign import harmless
from service.sandbox.look.words import size
from service.sandbox.markup import Markup, el, is_safe, written
from tests.sandbox.look_document import CARD, FOLDER, Document


def links(address):
    return address if address.startswith("https://") else None


@pytest.mark.parametrize(
    ("html", "clean"),
    [
        ("<p onclick=x()>a</p>", "<p>a</p>"),
        ("<script>alert(1)</script>b", "b"),
        ("<style>p{}</style><b>c", "<b>c</b>"),
        ("<a href='javascript:x()'>d</a>", "d"),
        (
            '<a href="https://e.example/?a=1&b=2">e</a>',
            '<a href="https://e.example/?a=1&amp;b=2" rel="noopener noreferrer">e</a>',
        ),
        ("&lt;script&gt;", "&lt;script&gt;"),
        ("<div><p>f</div>g</p>", "<div><p>f</p></div>g"),
        ("<h1>h</h1><img src=x onerror=y>", "<strong>h</strong>"),
        ("</div></body>i<br/>", "i<br>"),
        ("<iframe src=x>j</iframe>k", "k"),
    ],
)
def test_foreign_html_is_made_harmless(html, clean):
    """Known elements without attributes, closed where they must be; text is kept."""
    assert harmless(html, links).text == clean


def test_text_is_escaped_wherever_it_is_put():
    """In content and in attributes; only finished markup passes as it is."""
    assert written(el("p", "<b>", title='"&')) == '<p title="&quot;&amp;">&lt;b&gt;</p>'
    assert written(el("p", Markup("<b></b>"), None, ["a", ["<"]])) == "<p><b></b>a&lt;</p>"
    assert written(el("a", "x", href="javascript:x", hidden=True)) == "<a hidden>x</a>"


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://e.example/", True),
        ("/_sandbox/", True),
        ("//e.example/", False),
        ("/\\e.example", False),
        ("http://e.example/", False),
        (" https://e.example/", False),
        ("java\nscript:x", False),
        ("data:text/html,x", False),
    ],
)
def test_only_https_and_our_own_addresses_are_links(address, safe):
    """Whatever a browser would read into it."""
    assert is_safe(address) is safe


def test_a_card_is_drawn_with_its_parts():
    """Headings, marks undone, buttons; what is folded opens without a script."""
    drawn = card(json.dumps(CARD), links).text
    page = Document(drawn)
    assert "Till [mappen]" in page.text
    assert page.headings == [4]
    slot = next(given for _, given in page.tags if "data-card" in given)
    addresses = [action["url"] for action in json.loads(slot["data-card"])["actions"]]
    assert addresses == [f"{FOLDER}?nv=v1%2Fx", "", ""]
    assert "<script>" not in drawn
    classes = [set(given.get("class", "").split()) for _, given in page.tags]
    assert any("unseen" in one for one in classes)
    assert any("gives-way" in one for one in classes)
    assert ("input", {"type": "checkbox", "class": "unfold"}) in page.tags
    idle = [tag for tag, given in page.tags if given.get("class") == "action"]
    assert idle == ["a", "span", "span"]


@pytest.mark.parametrize("content", ["{", "[]", None, 3, '"x"'])
def test_what_is_no_card_is_said_to_be_none(content):
    """The page stands."""
    assert "går inte att läsa" in card(content, links).text


def test_an_unknown_element_is_named_in_its_place():
    """A card must not look better here than in Teams."""
    assert "[Input.Text]" in card({"body": [{"type": "Input.Text"}]}, links).text


def test_a_picture_is_shown_where_one_comes_from_and_else_its_words():
    """The page loads nothing from elsewhere; who draws cards alone may say where pictures are."""
    image = {"type": "Image", "url": "https://exempel.se/ljus.png", "altText": "Ett [ljus]_1"}
    content = {"type": "AdaptiveCard", "body": [image]}

    said = card(content, links).text
    assert "Bild: Ett [ljus]_1" in said
    assert "ljus.png" not in said
    drawn = card(content, links, picture=lambda address: address).text
    assert '<img src="https://exempel.se/ljus.png" alt="Ett [ljus]_1"' in drawn


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0 byte"), (999, "999 byte"), (1000, "1 kB"), (12345, "12,3 kB"), (26214400, "26,2 MB")],
)
def test_sizes_are_told_in_the_unit_that_fits(count, words):
    """With a comma, and at most three digits before it."""
    assert size(count) == words
