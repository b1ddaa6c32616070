"""The pages for a person: what they show, what they let through, what they leave alone."""

import re

import pytest

from service.sandbox.look.foreign import harmless
from service.sandbox.look.links import Links
from service.sandbox.markup import is_safe
from service.sandbox.tenant import Tenant
from tests.sandbox import worlds
from tests.sandbox.look_document import CARD, HOSTILE, Document


@pytest.fixture(scope="module")
def seed_name():
    return "lively"


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
        assert all(is_safe(link) for link in page.links)
        scripts = [given for tag, given in page.tags if tag == "script"]
        assert all(given["src"].startswith("/_sandbox/") for given in scripts)
        assert "script" not in page.filled
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


def test_looking_leaves_no_trace(daemon, visit):
    """No request is logged and no fault used up, whatever page is read."""
    before = daemon.control("GET", "requests?summary=1").json()
    daemon.control("POST", "faults", json={"match": {"path": ".*"}, "status": 503})
    parts = ("", "files", "lists", "channels", "calendar", "mail", "surveys", "runs", "do", "log")
    for path in (*parts, "troubles", "icon.svg"):
        assert daemon.bare("GET", f"{daemon.sandbox.url}/_sandbox/{path}").status_code == 200
    assert daemon.control("GET", "faults").json()["left"] == 1
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
    assert ("th", {"scope": "col", "aria-sort": "ascending"}) in page.tags
    assert worlds.DAEMON.name in page.text
    assert not {"Dold", "hemligt", "Tom"} & set(page.text.split())
    file = visit(page.link("/_sandbox/file/").removeprefix("/_sandbox/"))
    assert "Version 1" in file.text
    assert "Protokoll" in file.text
    assert "<script>1</script>" in file.text
    for address in (a for a in file.links if "/content/" in a):
        answer = daemon.bare("GET", daemon.sandbox.url + address)
        assert answer.content == b"<script>1</script>"


def test_a_file_is_saved_and_never_shown(daemon, visit):
    """A page of HTML among the files could otherwise act on our own address."""
    item = daemon.get(f"{daemon.drive()}/root:/Mapp/sida.html")
    assert f"/_sandbox/content/{item['id']}" not in visit(f"file/{item['id']}").links
    answer = daemon.bare("GET", f"{daemon.sandbox.url}/_sandbox/content/{item['id']}")
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
    assert said.index("Etikett") < said.index("Fika?") < said.index("Bo Alm 4 jan.")
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


def test_what_is_asked_for_and_not_built_is_listed(daemon, visit):
    """Neither an unknown segment nor a wrong method is lost among refusals that are meant."""
    daemon.refused(400, "BadRequest", "GET", "/users/x/onenote/notebooks")
    daemon.refused(405, "UnknownError", "PUT", f"{daemon.site}/lists")
    daemon.refused(400, "invalidRequest", "GET", f"{daemon.drive()}/root/children?$top=x")
    said = visit("log").text
    listed = said[said.index("Efterfrågat, inte byggt") : said.index("Senaste anropen")]
    assert "/onenote/notebooks" in listed
    assert "PUT /v1.0/sites" in listed
    assert "$top" not in listed


def test_trouble_that_waits_is_told(daemon, visit):
    """How much is left to be met."""
    assert "Ingen störning väntar" in visit("troubles").text
    daemon.control("POST", "faults", json={"match": {"path": "x"}, "times": 2, "status": 503})
    assert "2 störningar väntar" in visit("troubles").text
    daemon.control("DELETE", "faults")


def test_the_change_number_moves_with_everything_that_is_shown(daemon):
    """A read, a write, an order for trouble: each is seen; looking is none."""

    def change():
        return daemon.bare("GET", f"{daemon.sandbox.url}/_sandbox/change").text

    seen = [change()]
    assert change() == seen[0]
    drive = daemon.drive()
    seen.append(change())
    daemon.put(f"{drive}/root:/x.txt:/content", b"x")
    seen.append(change())
    daemon.control("POST", "faults", json={"match": {"path": "nope"}, "status": 503})
    seen.append(change())
    daemon.control("DELETE", "faults")
    assert len(set(seen)) == len(seen)


def test_links_of_the_team_lead_to_its_messages(daemon, visit):
    """On whichever page the message is; a channel's link to the channel; others stay."""
    path = f"/teams/{worlds.WORLD.team}/channels/{worlds.COMMON}/messages"
    asked = next(m for m in daemon.get(path)["value"] if "Fika?" in m["body"]["content"])
    link = f'<a href="{asked["webUrl"].replace("&", "&amp;")}">dit</a>'
    tenant = Tenant(worlds.WORLD, daemon.sandbox.directory)
    try:
        shown = harmless(link, Links(tenant)).text
    finally:
        tenant.store.close()
    address = re.search('href="([^"]+)"', shown)[1]
    assert address.endswith(f"#m{asked['id']}")
    page = visit(address.removeprefix("/_sandbox/").partition("#")[0])
    assert f"m{asked['id']}" in {given.get("id") for _, given in page.tags}


@pytest.mark.parametrize(
    "path",
    [
        "gone",
        "files/none",
        "file/none",
        "content/none",
        "built/none.js",
        "calendar/none",
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

    before = daemon.bare("GET", f"{daemon.sandbox.url}/_sandbox/change").text
    answer = post(step="day", back="/_sandbox/calendar")
    assert daemon.bare("GET", f"{daemon.sandbox.url}/_sandbox/change").text != before
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/_sandbox/calendar?moved=")
    assert now() == "2023-01-13T09:00:00Z"
    assert "framflyttad" in visit("calendar?moved=3").text
    post(step="week")
    assert now() == "2023-01-20T09:00:00Z"
    post(step="hour")
    assert now() == "2023-01-20T10:00:00Z"
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
