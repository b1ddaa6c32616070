"""People in it: every act can be done from outside, and a wrong one is told what is wrong."""

import base64
import dataclasses
from pathlib import Path

import pytest

from service.sandbox.acts import PERFORMERS
from service.sandbox.decoding import content
from tests.sandbox import worlds

ANNA = worlds.ANNA.id


def act(client, name, /, **fields):
    return client.control("POST", "act", json={"act": name, **fields})


def done(client, name, /, **fields):
    answer = act(client, name, **fields)
    assert answer.status_code == 201, answer.text
    return answer.json()


def refused(client, status, name, /, **fields):
    answer = act(client, name, **fields)
    assert answer.status_code == status, answer.text
    return answer.json()["error"]


def upload(client, **fields):
    return done(
        client,
        "Upload",
        **{"drive": "Dokument", "folder": "", "by": ANNA, "name": "a.txt", **fields},
    )


def test_every_act_is_listed_with_its_fields(daemon):
    """Whatever can be performed: name, what it is, and each field with its type and meaning."""
    listed = {each["act"]: each for each in daemon.control("GET", "act").json()["value"]}
    assert listed.keys() == {kind.__name__ for kind in PERFORMERS}
    for kind in PERFORMERS:
        fields = {field["name"]: field for field in listed[kind.__name__]["fields"]}
        assert fields.keys() == {f.name.removesuffix("_") for f in dataclasses.fields(kind)}
        assert all(field["type"] for field in fields.values())
    say = {field["name"]: field for field in listed["Say"]["fields"]}
    assert (say["at"]["needed"], say["html"]["needed"], say["reply_to"]["needed"]) == (
        False,
        True,
        False,
    )
    assert say["channel"]["about"] == "Id of the channel."
    assert listed["Say"]["about"] == "A person writes in a channel."


def test_an_act_happens_now(daemon):
    """A member writes and another answers; both are in the channel at once, at this time."""
    now = daemon.control("GET", "clock").json()["now"]
    said = {"channel": worlds.COMMON, "author": ANNA}
    assert done(daemon, "Say", key="q", html="<p>Fika?</p>", **said)["at"].startswith(now[:19])
    done(daemon, "Say", key="a", html="<p>Ja</p>", reply_to="q", **said)
    path = f"/teams/{worlds.WORLD.team}/channels/{worlds.COMMON}/messages"
    (message,) = daemon.get(f"{path}?$expand=replies")["value"]
    assert message["createdDateTime"].startswith(now[:19])
    assert [reply["body"]["content"] for reply in message["replies"]] == ["<p>Ja</p>"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"text": "å"}, "å".encode()),
        ({"base64": base64.b64encode(bytes(range(256))).decode()}, bytes(range(256))),
        ({"size": 0}, b""),
    ],
)
def test_content_is_told_in_three_ways(daemon, given, expected):
    """Text, base64 and so many bytes."""
    upload(daemon, name="innehåll.bin", content=given)
    link = daemon.ask("GET", f"{daemon.drive()}/root:/innehåll.bin:/content").headers["location"]
    assert daemon.bare("GET", link).content == expected


def test_generated_content_is_the_same_each_time(daemon):
    """So many bytes that are always the same, so that a hash can be compared."""
    for name in ("x.bin", "y.bin"):
        upload(daemon, name=name, content={"size": 100_001})
    x, y = (daemon.get(f"{daemon.drive()}/root:/{name}") for name in ("x.bin", "y.bin"))
    assert x["size"] == 100_001
    assert x["file"]["hashes"] == y["file"]["hashes"]


def test_a_large_content_is_made_on_disk():
    """Five gigabytes cost neither memory nor, as far as they are zeros, room; and they go again."""
    made = content({"size": 5_000_000_000}, ())
    path = made()
    assert isinstance(path, Path)
    assert path.stat().st_size == 5_000_000_000
    assert path.stat().st_blocks * 512 < 2**20
    del made
    assert not path.exists()


def test_nested_values_are_read(daemon):
    """An invitation with lists and times, and a report with records."""
    times = {"start": "2023-02-01T09:00:00+01:00", "end": "2023-02-01T10:00:00+01:00"}
    done(
        daemon,
        "Invite",
        key="energi",
        organizer=ANNA,
        subject="Energi",
        body_html="",
        attendees=[worlds.BO.mail],
        online=True,
        **times,
    )
    record = {"name": "Anna", "mail": worlds.ANNA.mail, "role": "Organizer"}
    joined = {"joined": "2023-02-01T08:00:00Z", "left": "2023-02-01T09:00:00Z"}
    done(daemon, "Attend", key="energi", records=[{**record, **joined}], **times)
    message = refused(daemon, 400, "Attend", key="energi", records=[record], **times)
    assert message.startswith("records[1].joined: it is missing. Expected: joined = a time")


@pytest.mark.parametrize(
    ("name", "fields", "words"),
    [
        ("Sing", {}, "act: nobody does 'Sing'. Expected: one of AddMember"),
        ("Say", {"key": "x"}, "channel: it is missing. Expected: channel = text."),
        ("CancelInvite", {"key": 3}, "key: 3 does not fit. Expected: text."),
        ("CancelInvite", {"key": "x", "why": "y"}, "why: there is no such key. Expected: one of"),
        ("CancelInvite", {"key": "x", "at": "soon"}, "at: 'soon' does not fit. Expected: a time"),
        ("CancelInvite", {"key": "x", "at": "2022-01-01T00:00:00"}, "names no time zone"),
        ("CancelInvite", {"key": "x", "at": "2050-01-01T00:00:00Z"}, "move the clock first"),
        ("Upload", {"drive": "D", "folder": "", "name": "n", "content": "x"}, "content: 'x' is no"),
    ],
)
def test_a_malformed_act_is_told_what_is_wrong(daemon, name, fields, words):
    """400 with the field, the reason and what would be right."""
    assert words in refused(daemon, 400, name, **fields)


@pytest.mark.parametrize("body", ["[]", "{", '"Say"', "{}"])
def test_a_body_that_is_no_act(daemon, body):
    """400, whatever it is."""
    assert daemon.control("POST", "act", content=body).status_code == 400


def test_an_act_on_what_is_not_there(daemon):
    """409 with what was looked for; nothing waits to happen later, and nothing has changed."""
    text = refused(
        daemon,
        409,
        "Upload",
        drive="Dokument",
        folder="Finns/Inte",
        name="a.txt",
        content={"text": ""},
        by=ANNA,
    )
    assert "'Dokument'" in text
    assert "'Finns/Inte'" in text
    assert "'nobody'" in refused(daemon, 409, "CancelInvite", key="nobody")
    said = {"channel": worlds.COMMON, "author": ANNA, "html": "x", "reply_to": "none"}
    assert "none" in refused(daemon, 409, "Say", key="lone", **said)
    assert daemon.control("GET", "waiting").json()["value"] == []


def test_nobody_acts_who_is_not_there(daemon):
    """Before anything is written: a file by nobody would spoil every listing of its folder."""
    fields = {"drive": "Dokument", "folder": "", "name": "x.txt", "content": {"text": "x"}}
    assert "There is no anna here" in refused(daemon, 409, "Upload", by="anna", **fields)
    daemon.refused(404, "itemNotFound", "GET", f"{daemon.drive()}/root:/x.txt")
