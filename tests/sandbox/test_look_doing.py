"""What a person does by the forms of the pages, and bytes as a browser asks for them."""

import html
import re

import pytest

from tests.sandbox import worlds

ANNA, BO, GUEST = worlds.ANNA, worlds.BO, worlds.GUEST
CARD = {
    "type": "message",
    "attachments": [
        {
            "contentType": "application/vnd.microsoft.card.adaptive",
            "content": {
                "type": "AdaptiveCard",
                "version": "1.4",
                "body": [{"type": "TextBlock", "text": "Hej"}],
            },
        }
    ],
}


@pytest.fixture(scope="module")
def seed_name():
    return "lively"


@pytest.fixture(scope="module")
def do(daemon):
    """Sends a form; what was done, or the reason why not."""

    def send(status=303, files=None, **fields):
        answer = daemon.bare(
            "POST", f"{daemon.sandbox.url}/_sandbox/do", data=fields, files=files or None
        )
        assert answer.status_code == status, answer.text
        return answer.headers.get("location") or html.unescape(answer.text)

    return send


@pytest.fixture(scope="module")
def read(daemon):
    def page(path):
        answer = daemon.bare("GET", f"{daemon.sandbox.url}/_sandbox/{path}")
        assert answer.status_code == 200, answer.text
        return html.unescape(answer.text)

    return page


@pytest.fixture(scope="module")
def file(daemon):
    """A file that the app has filed, by its id."""
    daemon.put(f"{daemon.drive()}/root:/Mapp/protokoll.txt:/content", b"0123456789")
    return daemon.get(f"{daemon.drive()}/root:/Mapp/protokoll.txt")["id"]


def messages(daemon):
    found = daemon.get(f"/teams/{worlds.WORLD.team}/channels/{worlds.COMMON}/messages")["value"]
    return {message["body"]["content"]: message for message in found}


def test_the_clock_goes_to_the_next_thing_that_happens(daemon, read):
    """The seed's next act, told beforehand; then the one after it."""
    home = f"{daemon.sandbox.url}/_sandbox/"
    assert "Anna Ek bjuder in till Energidag" in read("")
    for happens in ("2023-01-02T09:00:00Z", "2023-01-02T10:00:00Z", "2023-01-02T11:00:00Z"):
        assert "till nästa händelse" in read("")
        answer = daemon.bare("POST", home, data={"step": "next", "back": "/_sandbox/"})
        assert answer.headers["location"] == "/_sandbox/?moved=1"
        assert daemon.control("GET", "clock").json()["now"] == happens


def test_a_member_writes_and_the_app_reads_it(daemon, do, read):
    """As plain text: what looks like HTML is no HTML. Back on the page it is said."""
    back = f"/_sandbox/channels/{worlds.COMMON}"
    where = do(
        act="write",
        by=GUEST.id,
        channel=worlds.COMMON,
        text="Hur <b>gör</b> ni?\nUndrar vi.",
        back=back,
    )
    assert where == f"{back}?done=write"
    wrote = messages(daemon)["<p>Hur &lt;b&gt;gör&lt;/b&gt; ni?</p><p>Undrar vi.</p>"]
    assert wrote["from"]["user"]["displayName"] == GUEST.name
    assert "Inlägget är skrivet." in read(where.removeprefix("/_sandbox/"))


def test_a_member_answers_what_a_flow_has_posted(daemon, sandbox, do):
    """Once and once more; the answers are the card's replies."""
    answer = daemon.bare("POST", sandbox.env["NATVERKET_NETWORK_WORKFLOW_URL"], json=CARD)
    assert answer.status_code == 202
    daemon.advance("2023-01-03T08:00:00Z")
    card = next(m for m in messages(daemon).values() if m["attachments"])
    for text in ("Bra!", "Tack!"):
        do(act="answer", by=BO.id, channel=worlds.COMMON, root=card["id"], text=text)
    path = f"/teams/{worlds.WORLD.team}/channels/{worlds.COMMON}/messages/{card['id']}/replies"
    replies = daemon.get(path)["value"]
    assert {reply["body"]["content"] for reply in replies} == {"<p>Bra!</p>", "<p>Tack!</p>"}


def test_a_coordinator_puts_a_file_and_a_new_version(daemon, do, read):
    """The folder is made; a new version keeps the file's name, whatever was chosen."""
    place = {"act": "put", "by": ANNA.id, "drive": "Dokument", "folder": "Ny mapp/Under"}
    do(**place, files={"file": ("bild å.png", b"one")})
    item = daemon.get(f"{daemon.drive()}/root:/Ny mapp/Under/bild å.png")
    do(**place, called="bild å.png", files={"file": ("annan.png", b"three")})
    again = daemon.get(f"{daemon.drive()}/items/{item['id']}")
    assert (again["size"], again["lastModifiedBy"]["user"]["id"]) == (5, ANNA.id)
    page = read(f"file/{item['id']}")
    versions = re.findall(r'href="(/_sandbox/content/[^"]*version=\d+)"', page)
    contents = [daemon.bare("GET", daemon.sandbox.url + at).content for at in versions]
    assert contents == [b"three", b"one"]


def test_a_coordinator_renames_moves_and_deletes(daemon, do):
    """The app sees the same item with another name, in another place, and then none."""
    made = daemon.put(f"{daemon.drive()}/root:/Mapp/utkast.txt:/content", b"x")["id"]
    folder = daemon.get(f"{daemon.drive()}/root")["id"]
    do(act="rename", item=made, by=ANNA.id, name="beslut.txt")
    do(act="move", item=made, by=ANNA.id, to=folder)
    item = daemon.get(f"{daemon.drive()}/root:/beslut.txt")
    assert (item["id"], item["lastModifiedBy"]["user"]["id"]) == (made, ANNA.id)
    do(act="delete", item=made, by=ANNA.id)
    daemon.refused(404, "itemNotFound", "GET", f"{daemon.drive()}/items/{made}")


def test_a_coordinator_types_into_a_row(daemon, provisioner, do):
    """Figures with a comma, yes and no, a day at noon; nothing empties the box."""
    columns = [
        {"name": "NvMean", "displayName": "Nöjdhet", "number": {}},
        {"name": "NvHold", "displayName": "Pausa", "boolean": {}},
        {"name": "NvDay", "displayName": "Dag", "dateTime": {"format": "dateOnly"}},
        {"name": "NvNote", "displayName": "Anteckning", "text": {}},
    ]
    body = {"displayName": "Register", "columns": columns}
    assert provisioner.ask("POST", f"{daemon.site}/lists", json=body).status_code == 201
    items = f"{daemon.site}/lists/Register/items"
    row = daemon.ask("POST", items, json={"fields": {"Title": "A", "NvNote": "bort"}}).json()
    key = _first_row(daemon, "Register")
    for column, value in (
        ("NvMean", "4,5"),
        ("NvHold", "ja"),
        ("NvDay", "2023-03-08"),
        ("NvNote", ""),
    ):
        do(act="edit", row=key, by=ANNA.id, column=column, value=value)
    fields = daemon.get(f"{items}/{row['id']}?$expand=fields")["fields"]
    assert (fields["NvMean"], fields["NvHold"]) == (4.5, True)
    assert fields["NvDay"].startswith("2023-03-08T12:00:00")
    assert "NvNote" not in fields
    for column, value, reason in (
        ("NvMean", "många", "Nöjdhet är ett tal."),
        ("NvHold", "kanske", "Pausa är ja eller nej."),
        ("Nope", "x", "Välj en kolumn."),
    ):
        said = do(422, act="edit", row=key, by=ANNA.id, column=column, value=value)
        assert reason in said


def _first_row(daemon, name):
    """Id of a list's first row as the form on its page has it."""
    lists = daemon.bare("GET", f"{daemon.sandbox.url}/_sandbox/lists").text
    address = re.search(rf'href="(/_sandbox/lists/[^"]+)">{name}<', lists)[1]
    page = daemon.bare("GET", f"{daemon.sandbox.url}{address}/1").text
    return re.search(r'name="row" value="([^"]+)"', page)[1]


def test_an_organiser_invites_moves_and_cancels(daemon, do, read):
    """Local times; a moved meeting lasts as long; a cancelled one cannot be moved."""
    do(
        act="invite",
        by=ANNA.id,
        subject="Fältdag",
        start="2023-06-07T09:30",
        online="no",
        location="Skara",
        attendees="bo@nat.example; grupp@nat.example",
    )
    view = (
        f"/users/{worlds.BOX.mail}/calendarView"
        "?startDateTime=2023-06-01T00:00:00Z&endDateTime=2023-06-30T00:00:00Z"
    )
    (event,) = daemon.get(view)["value"]
    assert event["subject"] == "Fältdag"
    assert len(event["attendees"]) == 3
    page = read("calendar")
    key = re.search(r'name="event" value="([^"]+)"', page[page.index("Fältdag") :])[1]
    do(act="reinvite", event=key, start="2023-06-08T13:00", location="Falköping")
    (event,) = daemon.get(view)["value"]
    assert event["start"]["dateTime"].startswith("2023-06-08T11:00")
    assert event["end"]["dateTime"].startswith("2023-06-08T13:00")
    do(act="cancel", event=key)
    (event,) = daemon.get(view)["value"]
    assert event["isCancelled"]
    assert "är inställt" in do(422, act="reinvite", event=key, location="Skövde")
    assert "redan inställt" in do(422, act="cancel", event=key)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"act": "write", "by": BO.id, "channel": "none", "text": "x"}, "Välj en kanal."),
        ({"act": "write", "by": "nobody", "channel": worlds.COMMON, "text": "x"}, "Välj vem"),
        ({"act": "write", "by": BO.id, "channel": worlds.COMMON, "text": " "}, "Texten saknas."),
        ({"act": "answer", "by": BO.id, "channel": worlds.COMMON, "root": "1"}, "finns inte"),
        ({"act": "put", "by": BO.id, "drive": "Dokument"}, "Välj en fil."),
        ({"act": "rename", "by": BO.id, "item": "01NONE", "name": "x"}, "itemNotFound"),
        ({"act": "edit", "by": BO.id, "row": "none", "column": "Title"}, "finns inte"),
        ({"act": "invite", "by": BO.id, "subject": "x", "start": "snart"}, "Skriv dag"),
    ],
)
def test_what_cannot_be_done_is_said_and_kept(do, fields, reason):
    """The form once more, with the reason and what was written; it stays until it is left."""
    said = do(422, **fields)
    assert "data-change" not in said
    assert reason in said
    assert 'role="alert"' in said
    assert f'name="act" value="{fields["act"]}"' in said


def test_names_are_refused_as_by_sharepoint(do, file):
    """The service's own code, and the file stays as it was."""
    said = do(422, act="rename", by=ANNA.id, item=file, name="a:b?.txt")
    assert "Microsoft 365 säger nej (invalidRequest)" in said
    assert "a:b?.txt" in said


def test_a_library_itself_is_not_touched(daemon, do):
    """Its root is no folder among others."""
    root = daemon.get(f"{daemon.drive()}/root")["id"]
    for act in ("rename", "delete"):
        assert "Ett helt bibliotek" in do(422, act=act, by=ANNA.id, item=root, name="x")


def test_an_unknown_deed_is_none(do):
    """404, and nothing happens."""
    assert "kan inte göras" in do(404, act="explode")


@pytest.mark.parametrize(
    ("asked", "status", "content", "told"),
    [
        (None, 200, b"0123456789", None),
        ("bytes=2-4", 206, b"234", "bytes 2-4/10"),
        ("bytes=7-", 206, b"789", "bytes 7-9/10"),
        ("bytes=-2", 206, b"89", "bytes 8-9/10"),
        ("bytes=5-99", 206, b"56789", "bytes 5-9/10"),
        ("bytes=10-", 416, b"", "bytes */10"),
        ("lines=1-2", 200, b"0123456789", None),
        ("bytes=-", 200, b"0123456789", None),
    ],
)
def test_a_browser_may_ask_for_a_part(daemon, file, asked, status, content, told):
    """So that a film can be played from its middle (RFC 9110, 14)."""
    answer = daemon.bare(
        "GET",
        f"{daemon.sandbox.url}/_sandbox/content/{file}",
        headers={"Range": asked} if asked else {},
    )
    assert (answer.status_code, answer.content) == (status, content)
    assert answer.headers.get("content-range") == told
    assert answer.headers["accept-ranges"] == "bytes"


@pytest.mark.parametrize(
    ("name", "kind", "way"),
    [
        ("a.pdf", "application/pdf", "inline"),
        ("a.PNG", "image/png", "inline"),
        ("a.mp4", "video/mp4", "inline"),
        ("a.txt", "text/plain; charset=utf-8", "inline"),
        ("a.html", "text/html; charset=utf-8", "attachment"),
        ("a.svg", "image/svg+xml", "attachment"),
        ("a.unknown", "application/octet-stream", "attachment"),
    ],
)
def test_what_can_do_no_harm_is_shown_and_all_else_saved(daemon, name, kind, way):
    """By type; asked to, everything is saved."""
    item = daemon.put(f"{daemon.drive()}/root:/Slag/{name}:/content", b"x")["id"]
    address = f"{daemon.sandbox.url}/_sandbox/content/{item}"
    answer = daemon.bare("GET", address)
    assert answer.headers["content-type"] == kind
    assert answer.headers["content-disposition"].startswith(way)
    saved = daemon.bare("GET", f"{address}?save=1")
    assert saved.headers["content-disposition"].startswith("attachment")
