"""The pages for a person: what they show, what they let through, what they leave alone."""

import json
import re
from html.parser import HTMLParser

import pytest

from service.sandbox.look.adaptive import card
from service.sandbox.look.foreign import harmless
from service.sandbox.look.markup import Markup, el, is_safe, written
from service.sandbox.look.words import size
from tests.sandbox import worlds

HOSTILE = "<script>alert(1)</script>\"'&<img src=x onerror=alert(1)>"
VOID = {"br", "hr", "img", "input", "link", "meta"}


@pytest.fixture(scope="module")
def seed_name():
    return "lively"


class Document(HTMLParser):
    """What a browser would make of a page; falls over what is not nested well."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.links, self.open, self.words, self.headings = [], [], [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        assert not any(name.startswith("on") or name == "style" for name in given)
        self.tags.append((tag, given))
        self.links += [given[name] for name in ("href", "src", "action") if name in given]
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return re.sub(r"\s+", " ", "".join(self.words))

    def link(self, words):
        """Address of the first link whose page this is named after."""
        return next(a for a in self.links if words in a)


@pytest.fixture(scope="module")
def visit(daemon, lived):
    """Reads a page without a token, holds it to what every page must be, and gives it."""

    def read(path="", status=200):
        answer = daemon.bare("GET", f"{daemon.sandbox.url}/_sandbox/{path}")
        assert answer.status_code == status, answer.text
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        page = Document(answer.text)
        assert ("html", {"lang": "sv"}) in page.tags
        assert page.headings.count(1) == 1
        assert all(is_safe(link) or link == "data:," for link in page.links)
        assert "script" not in {tag for tag, _ in page.tags}
        return page

    return read


@pytest.fixture(scope="module")
def lived(daemon, provisioner, sandbox):
    """The fortnight has passed; there is a list, a file with columns and a card in a channel."""
    columns = [
        {"name": "NvType", "displayName": "Typ", "text": {}},
        {"name": "NvHidden", "displayName": "Dold", "text": {}, "hidden": True},
        {"name": "NvEmpty", "displayName": "Tom", "text": {}},
        {"name": "NvMean", "displayName": "Nöjdhet", "number": {"decimalPlaces": "two"}},
        {"name": "NvDay", "displayName": "Datum", "dateTime": {"format": "dateOnly"}},
    ]
    body = {"displayName": "Möten", "columns": columns}
    assert provisioner.ask("POST", f"{daemon.site}/lists", json=body).status_code == 201
    for column in columns[:3]:
        provisioner.ask("POST", f"{daemon.site}/lists/Dokument/columns", json=column)
    row = {"Title": HOSTILE, "NvMean": 4.5, "NvDay": "2023-01-09T12:00:00Z", "NvHidden": "hemligt"}
    assert daemon.ask("POST", f"{daemon.site}/lists/Möten/items", json={"fields": row}).is_success
    for name in ("a & b.txt", "sida.html"):
        daemon.put(f"{daemon.drive()}/root:/Mapp/{name}:/content", b"<script>1</script>")
    fields = {"NvType": "Protokoll", "NvHidden": "hemligt"}
    daemon.ask("PATCH", f"{daemon.drive()}/root:/Mapp/a & b.txt:/listItem/fields", json=fields)
    envelope = {
        "type": "message",
        "attachments": [
            {"contentType": "application/vnd.microsoft.card.adaptive", "content": CARD}
        ],
    }
    daemon.bare("POST", sandbox.env["NATVERKET_NETWORK_WORKFLOW_URL"], json=envelope)
    daemon.advance("2023-01-12T09:00:00Z")


FOLDER = "https://nat.sharepoint.com/sites/NatverkForHallbarhet/Dokument/Mapp"
CARD = {
    "type": "AdaptiveCard",
    "version": "1.4",
    "lang": "sv",
    "body": [
        {"type": "TextBlock", "text": "Etikett", "size": "Small", "color": "Accent"},
        {"type": "TextBlock", "text": f"Rubrik {HOSTILE}", "style": "heading", "size": "Large"},
        {"type": "TextBlock", "text": f"[Till \\[mappen\\]]({FOLDER})"},
        {"type": "TextBlock", "text": "[ut](https://example.org/a) [fel](javascript:alert(1))"},
        {"type": "TextBlock", "id": "more0", "text": "och 2 till"},
        {
            "type": "Container",
            "id": "folded0",
            "isVisible": False,
            "items": [{"type": "TextBlock", "text": "Gömd rad"}],
        },
        {
            "type": "ActionSet",
            "actions": [
                {
                    "type": "Action.ToggleVisibility",
                    "title": "Visa alla",
                    "targetElements": ["more0", "folded0"],
                }
            ],
        },
    ],
    "actions": [
        {"type": "Action.OpenUrl", "title": "Öppna", "url": f"{FOLDER}?nv=v1%2Fx"},
        {"type": "Action.OpenUrl", "title": "Farlig", "url": "javascript:alert(1)"},
        {"type": "Action.OpenUrl", "title": "Oskyddad", "url": "http://example.org/"},
    ],
}


def test_looking_leaves_no_trace(daemon, visit):
    """No request is logged and no fault used up, whatever page is read."""
    before = daemon.control("GET", "requests?summary=1").json()
    daemon.control("POST", "faults", json={"match": {"path": ".*"}, "status": 503})
    for path in ("", "files", "lists", "channels", "calendar", "log"):
        visit(path)
    assert daemon.control("GET", "faults").json() == {"left": 1}
    daemon.control("DELETE", "faults")
    assert daemon.control("GET", "requests?summary=1").json() == before


def test_the_first_page_has_name_time_and_what_there_is(visit):
    """Local time in Swedish words, and a way to every part."""
    page = visit()
    assert worlds.WORLD.site in page.text
    assert "torsdag 12 januari 2023 kl. 10:00" in page.text
    for part in ("files", "lists", "channels", "calendar", "log"):
        assert f"/_sandbox/{part}" in page.links


def test_files_are_shown_with_their_columns_and_can_be_fetched(daemon, visit):
    """Down from the library; hidden and empty columns are left out; the bytes are the file's."""
    library = visit("files").link("/_sandbox/files/")
    folder = visit(library.removeprefix("/_sandbox/"))
    pages = [visit(a.removeprefix("/_sandbox/")) for a in folder.links if "/files/" in a]
    page = next(p for p in pages if "a & b.txt" in p.text)
    assert "Protokoll" in page.text
    assert "Typ" in page.text
    assert "18 byte" in page.text
    assert worlds.DAEMON.name in page.text
    assert not {"Dold", "hemligt", "Tom"} & set(page.text.split())
    answer = daemon.bare("GET", daemon.sandbox.url + page.link("/_sandbox/file/"))
    assert answer.content == b"<script>1</script>"


def test_a_file_is_saved_and_never_shown(daemon, visit):
    """A page of HTML among the files could otherwise act on our own address."""
    item = daemon.get(f"{daemon.drive()}/root:/Mapp/sida.html")
    answer = daemon.bare("GET", f"{daemon.sandbox.url}/_sandbox/file/{item['id']}")
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''sida.html"
    assert answer.headers["content-security-policy"].startswith("sandbox")
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_list_is_a_table_and_each_row_a_page(visit):
    """Display names as headings, values in Swedish form, hostile text as text."""
    table = visit(visit("lists").link("/_sandbox/lists/").removeprefix("/_sandbox/"))
    headings = [given for tag, given in table.tags if tag == "th"]
    assert len(headings) == 3
    row = visit(table.link("/1").removeprefix("/_sandbox/"))
    for page in (table, row):
        assert "Nöjdhet" in page.text
        assert "4,50" in page.text
        assert "2023-01-09" in page.text
        assert "<script>alert(1)</script>" in page.text
        assert not {"Dold", "Tom"} & set(page.text.split())


def test_a_channel_tells_people_from_flows(visit):
    """The oldest first: the flow's card, a person's question and the reply below it."""
    overview = visit("channels")
    page = visit(next(a for a in overview.links if "common" in a).removeprefix("/_sandbox/"))
    said = page.text
    assert said.index("Etikett") < said.index("Fika?") < said.index("Bo Alm")
    assert "Cia Bo" in said
    assert "gäst" in said
    assert "Workflows" in said
    assert "flöde" in said
    assert "Öppna" in said
    classes = [given.get("class", "") for _, given in page.tags]
    assert {"message person", "message flow", "replies", "card"} <= set(classes)


def test_links_of_cards_lead_into_the_pages(visit):
    """The site's own addresses to where the thing is seen here; https stays; others are none."""
    page = visit(next(a for a in visit("channels").links if "common" in a)[10:])
    inside = [a for a in page.links if a.startswith("/_sandbox/files/")]
    assert len(inside) == 2
    assert "Mapp" in visit(inside[0].removeprefix("/_sandbox/")).text
    assert "https://example.org/a" in page.links
    assert not any("javascript" in a or a.startswith("http:") for a in page.links)


def test_the_calendar_shows_what_is_and_what_was(daemon, visit):
    """Times in the tenant's zone, tags, the letter made harmless, attachments to be saved."""
    page = visit("calendar")
    assert "Energidagen" in page.text
    assert "10:00–13:00" in page.text
    assert "Välkommen & hjärtligt" in page.text
    assert "I Teams: 1 inspelning, 1 transkript, 1 närvarorapport." in page.text
    answer = daemon.bare("GET", daemon.sandbox.url + page.link("/_sandbox/attachment/"))
    assert answer.content == b"Program"


def test_the_log_tells_who_asked_what_and_whether_it_wrote(daemon, visit):
    """The latest first, names for ids, refusals too."""
    daemon.refused(404, "itemNotFound", "GET", f"{daemon.drive()}/items/nothing")
    said = visit("log").text
    assert "{Dokument}/items/nothing" in said
    assert said.index("/items/nothing") < said.index("PUT")
    assert "404" in said
    assert worlds.DAEMON.name in said


@pytest.mark.parametrize(
    "path",
    [
        "gone",
        "files/none",
        "file/none",
        "lists/none",
        "channels/none",
        f"channels/{worlds.COMMON}?page=0",
        f"channels/{worlds.COMMON}?page=²",
    ],
)
def test_what_is_not_there_is_said_on_a_page(visit, path):
    """404 with the way on to the rest."""
    assert "finns inte" in visit(path, status=404).text


def test_the_clock_is_moved_by_the_form(daemon, visit):
    """A day, a week, to a date; backwards it says so; always back to the page it came from."""

    def post(**form):
        return daemon.bare("POST", f"{daemon.sandbox.url}/_sandbox/", data=form)

    def now():
        return daemon.control("GET", "clock").json()["now"]

    answer = post(step="day", back="/_sandbox/calendar")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/_sandbox/calendar?moved=")
    assert now() == "2023-01-13T09:00:00Z"
    assert "framflyttad" in visit("calendar?moved=3").text
    post(step="week")
    assert now() == "2023-01-20T09:00:00Z"
    post(step="date", date="2023-02-01")
    assert now() == "2023-01-31T23:00:00Z"
    for form in ({"step": "date", "date": "2023-01-01"}, {"step": "date"}, {}):
        answer = post(**form, back="https://example.org/_sandbox/")
        assert answer.headers["location"] == "/_sandbox/?moved=no"
    assert "bara flyttas framåt" in visit("?moved=no").text
    assert now() == "2023-01-31T23:00:00Z"


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("GET", {"Host": "rebound.example"}),
        ("POST", {"Host": "rebound.example"}),
        ("POST", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}),
        ("GET", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}),
    ],
)
def test_strangers_pages_get_nothing(daemon, method, headers):
    """Neither under a name of theirs nor by a form or an element on a page of theirs."""
    answer = daemon.bare(method, f"{daemon.sandbox.url}/_sandbox/", headers=headers)
    assert answer.status_code == 403
    assert answer.content == b""


def test_the_root_leads_to_the_pages(daemon):
    """Who types only host and port comes to the right place."""
    for path in ("/", "/_sandbox"):
        answer = daemon.bare("GET", daemon.sandbox.url + path)
        assert (answer.status_code, answer.headers["location"]) == (302, "/_sandbox/")


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


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0 byte"), (999, "999 byte"), (1000, "1 kB"), (12345, "12,3 kB"), (26214400, "26,2 MB")],
)
def test_sizes_are_told_in_the_unit_that_fits(count, words):
    """With a comma, and at most three digits before it."""
    assert size(count) == words
