"""Seeds as files: what is written happens, and what is malformed is refused with its line."""

from pathlib import Path

import pytest

from service.sandbox.process import NotStartedError, Sandbox
from service.shipped import shipped
from tests.sandbox.conftest import Client

EXAMPLE = Path(str(shipped("seeds", "sandbox-example.toml")))


class App:
    client_id = "5a9d2000-0000-4000-8000-0000000000e1"
    secret = "sandbox-only-secret"


def connected(sandbox):
    client = Client(sandbox, None)
    token = client.http.post(
        f"{sandbox.url}/{sandbox.env['NATVERKET_TENANT_ID']}/oauth2/v2.0/token",
        data={
            "client_id": App.client_id,
            "client_secret": App.secret,
            "grant_type": "client_credentials",
            "scope": "https://graph.microsoft.com/.default",
        },
    ).json()["access_token"]
    client.http.headers["Authorization"] = f"Bearer {token}"
    return client


def test_the_shipped_example_is_lived_through(tmp_path):
    """World, switch and acts of the file are the tenant's, each act at its time."""
    with Sandbox(seed=str(EXAMPLE), directory=tmp_path) as sandbox:
        client = connected(sandbox)
        assert client.control("GET", "clock").json()["now"] == "2024-03-04T07:00:00Z"
        assert client.control("GET", "settings").json()["licences"] == "5000"
        client.advance("2024-03-06T09:00:00Z")
        path = "/users/natverk@exempel.example/calendarView"
        events = client.get(f"{path}?startDateTime=2024-03-01&endDateTime=2024-04-01")["value"]
        assert [event["subject"] for event in events] == ["Energidag"]
        client.refused(404, "itemNotFound", "GET", f"{client.drive()}/root:/Energidag")
        assert client.advance("2024-03-08T00:00:00Z")["acts"] == 2
        file = client.ask("GET", f"{client.drive()}/root:/Energidag/program.txt:/content")
        assert client.bare("GET", file.headers["location"]).text == "08.00 Kaffe\n"
        client.close()
    with Sandbox(seed=str(EXAMPLE), directory=tmp_path) as sandbox:
        client = connected(sandbox)
        assert client.control("GET", "clock").json()["now"] == "2024-03-08T00:00:00Z"
        client.close()


def changed(old, new):
    """The example with one place changed, and the line at which it was."""
    text = EXAMPLE.read_text(encoding="utf-8")
    assert text.count(old) >= 1, old
    return text.replace(old, new, 1), text[: text.index(old)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "key", "expected"),
    [
        ('time_zone = "Europe', 'time_zone "Europe', "no TOML", "TOML 1.0"),
        ('site = "Exempel', 'sitee = "Exempel', "sitee: there is no such key", "tenant_id"),
        ("start = 2024-03-04T07:00:00Z", "start = 7", "start: 7 does not fit", "with its zone"),
        ("start = 2024-03-04T07:00:00Z", "start = 2024-03-04T07:00:00", "no time zone", "Z"),
        ('name = "Anna Exempel"', "name = 3", "people[2].name: 3", "text"),
        ("guest = true", 'guest = "yes"', "people[3].guest", "true or false"),
        ("reads_channels = true", "read_channels = true", "apps[1].read_channels", "secret"),
        ('licences = "5000"', 'licences = "7"', "switches.licences", "one of 1000, 5000"),
        ('licences = "5000"', 'license = "7"', "switches.license", "one of"),
        ('mailbox = "natverk@', 'mailbox = "nobody@', "mailbox: nobody has", "one of the people"),
        ('act = "Say"', 'act = "Sing"', "acts[2].act: nobody does 'Sing'", "one of AddMember"),
        ('author = "', 'auther = "', "acts[2].auther: there is no such key", "author"),
        ("at = 2024-03-07", "att = 2024-03-07", "acts[3].att", "make_folder"),
        ('content = { text = "', 'content = { txt = "', "acts[3].content.txt", '{"size": bytes}'),
        ('content = { text = "08.00 Kaffe\\n" }', 'content = "x"', "acts[3].content", "base64"),
        ('{ text = "08.00 Kaffe\\n" }', '{ base64 = "å" }', "it is not base64", "text"),
        ('{ text = "08.00 Kaffe\\n" }', "{ size = -1 }", "acts[3].content.size", "size"),
    ],
)
def test_a_malformed_seed_is_refused_at_start(tmp_path, old, new, key, expected):
    """File, line, key, reason and what was expected; nothing is begun."""
    file = tmp_path / "seed.toml"
    text, line = changed(old, new)
    file.write_text(text, encoding="utf-8")
    with pytest.raises(NotStartedError) as refused:
        Sandbox(seed=str(file), directory=tmp_path / "t").start()
    said = str(refused.value)
    assert f"{file}:{line}: " in said
    assert key in said
    assert expected in said.partition("Expected: ")[2]
    assert "Traceback" not in said
    assert list((tmp_path / "t").iterdir()) == []


@pytest.mark.parametrize(
    ("old", "key", "table"),
    [
        ('domain = "exempel.example"\n', "domain: it is missing", None),
        ('html = "<p>Finns programmet ute?</p>"\n', "acts[2].html: it is missing", 'act = "Say"'),
        ("at = 2024-03-07T10:00:00Z\n", "acts[3].at: it is missing", 'act = "Upload"'),
    ],
)
def test_what_is_missing_is_told_at_its_table(tmp_path, old, key, table):
    """The line of the table that lacks it; of the file's first where none does."""
    file = tmp_path / "seed.toml"
    text, _ = changed(old, "")
    file.write_text(text, encoding="utf-8")
    line = 1 if table is None else text[: text.index(table)].count("\n")
    with pytest.raises(NotStartedError) as refused:
        Sandbox(seed=str(file), directory=tmp_path / "t").start()
    assert f"{file}:{line}: {key}" in str(refused.value)


def test_what_is_there_twice(tmp_path):
    """Two people with one id are refused at the second."""
    file = tmp_path / "seed.toml"
    text, line = changed(
        '"5a9d4000-0000-4000-8000-0000000000e3"', '"5a9d4000-0000-4000-8000-0000000000e2"'
    )
    file.write_text(text, encoding="utf-8")
    with pytest.raises(NotStartedError) as refused:
        Sandbox(seed=str(file), directory=tmp_path / "t").start()
    assert f"{file}:{line - 1}: people[3]: " in str(refused.value)


_ATTEND = """
[[acts]]
act = "Attend"
at = 2024-03-21T10:00:00Z
key = "energi"
start = 2024-03-20T08:00:00Z
end = 2024-03-20T11:00:00Z
"""
_RECORD = """
[[acts.records]]
name = "Anna Exempel"
mail = "anna.exempel@exempel.example"
role = "Organizer"
joined = 2024-03-20T08:00:00Z
left = 2024-03-20T11:00:00Z
"""


def test_a_table_in_a_list_in_a_list_is_found(tmp_path):
    """The second record of the second of two reports, by its own line."""
    file = tmp_path / "seed.toml"
    text = EXAMPLE.read_text(encoding="utf-8")
    text += _ATTEND + _RECORD * 2 + _ATTEND + _RECORD + _RECORD.replace('"Organizer"', "3")
    file.write_text(text, encoding="utf-8")
    line = text[: text.index("role = 3")].count("\n") + 1
    with pytest.raises(NotStartedError) as refused:
        Sandbox(seed=str(file), directory=tmp_path / "t").start()
    assert f"{file}:{line}: acts[5].records[2].role: 3 does not fit" in str(refused.value)


@pytest.mark.parametrize("name", ["absent.toml", "1999"])
def test_a_seed_that_is_not_there(tmp_path, name):
    """A file or a name that nothing has."""
    with pytest.raises(NotStartedError, match="Expected: ") as refused:
        Sandbox(seed=name, directory=tmp_path).start()
    assert name in str(refused.value)
    assert "Traceback" not in str(refused.value)
