"""Microsoft Forms: answers that come late in a workbook, or by a flow in a list."""

import io
from dataclasses import replace
from datetime import datetime

import msgspec
import openpyxl
import pytest

from service.sandbox.acts import perform
from service.sandbox.forms import workbook
from service.sandbox.serve import build
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import (
    Answer,
    CreateForm,
    EditAnswer,
    OpenWorkbook,
    Question,
    RepeatFlow,
    TurnFlow,
)
from tests.sandbox import teams_worlds, worlds
from tests.sandbox.worlds import day


@pytest.fixture(scope="module")
def seed_name():
    return f"{teams_worlds.__file__}:forms"


def table(client, name="Utvärdering energi"):
    """Headers and rows of a workbook as it lies in the library, without empty rows."""
    item = client.get(f"{client.drive()}/root:/Enkäter/{name}.xlsx")
    answer = client.ask("GET", f"{client.drive()}/items/{item['id']}/content")
    data = client.bare("GET", answer.headers["location"]).content
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    (found,) = sheet.tables.values()
    rows = [[cell.value for cell in row] for row in sheet[found.ref]]
    return rows[0], [row for row in rows[1:] if any(v is not None for v in row)]


@pytest.fixture(scope="module")
def told(daemon):
    """What the workbooks held: at once, after the answers, and after they were brought up."""
    daemon.advance("2023-01-02T09:30:00Z")
    found = {"empty": table(daemon)}
    daemon.advance("2023-01-02T10:14:59Z")
    found["too early"] = table(daemon)
    daemon.advance("2023-01-02T10:15:00Z")
    found["sv"] = table(daemon)
    found["no"] = table(daemon, "Evaluering")
    found["en"] = table(daemon, "Quiz")
    return found


def test_a_workbook_lies_there_empty_and_fills_late(told):
    """Answers come at the next quarter of an hour, and not before."""
    headers, rows = told["empty"]
    assert headers[:5] == ["ID", "Starttid", "Slutförandetid", "E-post", "Namn"]
    assert rows == []
    assert told["too early"] == told["empty"]
    assert len(told["sv"][1]) == 1


def test_answers_are_written_as_forms_writes_them(told):
    """Numbers, joined labels, dates, a column a statement; hours in the owner's own time."""
    headers, (row,) = told["sv"]
    assert headers[5:] == [
        "Hur nöjd är du?",
        "Vad var bäst?",
        "Vilken dag passar?",
        "Lokalen",
        "Maten",
        "Övrigt",
    ]
    assert row == [
        1,
        datetime(2023, 1, 2, 10, 57),  # noqa: DTZ001 - Forms writes no zone
        datetime(2023, 1, 2, 11),  # noqa: DTZ001
        worlds.BO.mail,
        worlds.BO.name,
        4,
        "Föredraget;Fikat;",
        datetime(2023, 3, 1),  # noqa: DTZ001
        "Bra",
        "Mycket bra",
        None,
    ]


def test_headers_follow_the_owners_language_and_an_anonymous_form_knows_nobody(told):
    """Norwegian headers, `anonymous`, and no name."""
    headers, (row,) = told["no"]
    assert headers[:5] == ["ID", "Starttidspunkt", "Fullføringstidspunkt", "E-post", "Navn"]
    assert row[3:6] == ["anonymous", None, 5]


def test_a_quiz_has_points_and_equal_titles_get_numbers(told):
    """Also where a question is called as one of Forms' own columns."""
    headers, (row,) = told["en"]
    assert headers == [
        "ID",
        "Start time",
        "Completion time",
        "Email",
        "Name",
        "Last modified time",
        "Total points",
        "Quiz feedback",
        "Name2",
        "Points - Name",
        "Feedback - Name",
        "Name3",
        "Points - Name2",
        "Feedback - Name2",
    ]
    assert row[3:5] == [worlds.GUEST.mail, worlds.GUEST.name]
    assert (row[6], row[8], row[9], row[12]) == (2, "Ja", 2, 0)


def test_a_flow_lays_each_response_in_the_list_while_it_is_on(daemon, told):
    """Within minutes; what came while it was off never comes, and new questions are not filled."""
    daemon.advance("2023-01-02T23:00:00Z")
    path = f"{daemon.site}/lists/Svar"
    columns = {c["displayName"]: c["name"] for c in daemon.get(f"{path}/columns")["value"]}
    rows = [r["fields"] for r in daemon.get(f"{path}/items?$expand=fields")["value"]]
    assert [r[columns["Övrigt"]] for r in rows] == ["a", "c"]
    assert [r["ResponseId"] for r in rows] == [1, 3]
    assert rows[0][columns["E-post"]] == worlds.BO.mail
    assert "Allergi" not in columns
    runs = daemon.control("GET", "flows?flow=form/lista").json()["value"]
    assert {run["status"] for run in runs} == {"Succeeded"}
    assert len(runs) == 2
    first = runs[-1]
    assert "2023-01-02T10:00:20" <= first["endTime"] <= "2023-01-02T10:05:01"


def test_a_renamed_question_renames_its_column_and_a_new_one_comes_last(daemon, told):
    """Answers stay where they were; somebody without an account is anonymous."""
    daemon.advance("2023-01-03T10:20:00Z")
    headers, rows = table(daemon)
    assert headers[10:] == ["Något mer?", "Kommer du igen?"]
    assert [row[3] for row in rows] == [worlds.BO.mail, "anonymous"]
    assert rows[1][10:] == ["Nej", "Ja"]


def test_it_may_come_only_when_somebody_opens_it(daemon, told):
    """The switch: nothing for a day, and everything at once then."""
    daemon.control("POST", "settings", json={"forms_sync": "opened"})
    daemon.advance("2023-01-05T08:59:00Z")
    assert len(table(daemon)[1]) == 2
    daemon.advance("2023-01-05T09:00:00Z")
    assert [row[0] for row in table(daemon)[1]] == [1, 2, 3]


def test_there_is_no_api_to_forms(daemon):
    """Graph knows no such segment; the web page's own service takes people only."""
    message = daemon.refused(400, "BadRequest", "GET", "/users/x/forms")
    assert message.endswith("'forms'.")
    url = f"{daemon.sandbox.url}/formapi/api/{worlds.TENANT}/users/x/forms('1')/responses"
    assert daemon.bare("GET", url).status_code == 401
    assert daemon.ask("GET", url).status_code == 403


@pytest.fixture
def tenant(tmp_path):
    made = Tenant(teams_worlds.WORLD, tmp_path)
    _, story = build(made, teams_worlds.forms(), key_file=None)
    story.begin()
    yield made, story
    made.store.close()


def books(tenant):
    rows = tenant.store.all("SELECT name FROM items WHERE kind = 'file' AND deleted = 0")
    return sorted(row["name"] for row in rows if "energi" in row["name"])


@pytest.mark.parametrize("change", ["deleted = 1", "name = 'x energi.xlsx', name_key = 'x'"])
def test_a_lost_workbook_is_begun_anew(tenant, change):
    """Or not at all, as the switch says: the old file is left as it is."""
    tenant, story = tenant
    story.advance(day(1, 11))
    assert books(tenant) == ["Utvärdering energi.xlsx"]
    tenant.store.do(f"UPDATE items SET {change} WHERE name LIKE '%energi.xlsx'")
    tenant.store.set_state("switch/forms_lost_workbook", "nothing")
    story.advance(day(2, 11))
    assert "Utvärdering energi.xlsx" not in books(tenant)
    tenant.store.set_state("switch/forms_lost_workbook", "new")
    story.advance(day(3, 11))
    assert "Utvärdering energi.xlsx" in books(tenant)


def test_a_list_that_is_gone_fails_the_flow(tenant):
    """The run history says so; nothing else does."""
    tenant, story = tenant
    story.advance(day(1, 9))
    tenant.store.do("DELETE FROM lists WHERE name = 'Svar'")
    story.advance(day(1, 20))
    runs = tenant.store.all("SELECT * FROM flow_runs WHERE flow = 'form/lista'")
    assert {(run["status"], run["code"]) for run in runs} == {("Failed", "NotFound")}


FORM = CreateForm(at=day(1), key="f", title="F", owner=worlds.ANNA.id, questions=())


def test_what_waits_for_a_library_or_a_form_waits(tenant):
    """A form for a library that is not there yet, and everything about it."""
    tenant, _ = tenant
    form = CreateForm(**{**vars(FORM), "drive": "Samordning"})
    assert perform(tenant, form) is False
    assert perform(tenant, Answer(at=day(1), form="f")) is False
    assert perform(tenant, OpenWorkbook(at=day(1), form="f", by=worlds.ANNA.id)) is False


@pytest.mark.parametrize(
    ("acts", "words"),
    [
        ([{"language": "fi"}], "not fi"),
        ([{"owner": "x"}], "There is no x"),
        ([{"site": "x"}], "no site x"),
        ([{"questions": (Question(title="?", kind="x"),)}], "not x"),
        ([{"questions": (Question(title="?", kind="likert"),)}], "statements"),
        ([{}, Answer(at=day(1), form="f", by="x")], "There is no x"),
        ([{}, Answer(at=day(1), form="f", answers={"?": "!"})], "does not ask"),
        ([{}, TurnFlow(at=day(1), form="f", on=False)], "has no flow"),
        ([{}, RepeatFlow(at=day(1), form="f", response=1)], "has no flow"),
        ([{}, EditAnswer(at=day(1), form="f", response=1)], "lets nobody"),
        ([{"last_modified": True}, EditAnswer(at=day(1), form="f", response=1)], "no response 1"),
    ],
)
def test_acts_that_make_no_sense_are_faults_of_the_seed(tenant, acts, words):
    """They are raised, not passed over."""
    tenant, _ = tenant
    *before, last = [CreateForm(**{**vars(FORM), **a}) if isinstance(a, dict) else a for a in acts]
    for act in before:
        assert perform(tenant, act)
    with pytest.raises(ValueError, match=words):
        perform(tenant, last)


LISTED = replace(
    FORM,
    title="Utvärdering",
    questions=(Question(title="Nöjd?", kind="rating"),),
    list_name="Enkätsvar",
    form_column="Formulär",
    last_modified=True,
)


def test_an_edit_and_a_second_try_add_rows(tenant):
    """The flow only adds; two forms in one list are told apart by the column that names them."""
    tenant, story = tenant
    story.advance(day(1, 9))
    assert perform(tenant, LISTED)
    assert perform(tenant, replace(LISTED, key="g", title="Anmälan"))
    for form in ("f", "g"):
        assert perform(tenant, Answer(at=day(1), form=form, answers={"Nöjd?": 2}))
    assert perform(tenant, EditAnswer(at=day(1), form="f", response=1, answers={"Nöjd?": 5}))
    assert perform(tenant, RepeatFlow(at=day(1), form="g", response=1))
    story.advance(day(1, 12))
    items = tenant.store.all(
        "SELECT items.* FROM items JOIN lists ON lists.id = items.list WHERE lists.name = ?",
        "Enkätsvar",
    )
    rows = [msgspec.json.decode(item["fields"]) for item in items]
    assert sorted(row["Formul_x00e4_r"] for row in rows) == ["Anmälan"] * 2 + ["Utvärdering"] * 2
    assert {row["ResponseId"] for row in rows} == {1}


def test_the_workbook_tells_when_an_answer_was_changed(tenant):
    """In the column of a form that lets people change their answers, and only there."""
    tenant, _ = tenant
    book = replace(LISTED, list_name=None, drive="Dokument")
    assert perform(tenant, book)
    assert perform(tenant, Answer(at=day(1), form="f", answers={"Nöjd?": 2}))
    assert perform(tenant, EditAnswer(at=day(1), form="f", response=1, answers={"Nöjd?": 5}))
    form = tenant.store.one("SELECT * FROM forms WHERE key = 'f'")
    rows = tenant.store.all("SELECT * FROM responses WHERE form = 'f'")
    content = workbook.workbook(form, rows, "Europe/Stockholm")
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    (header, row) = ([cell.value for cell in line] for line in sheet.iter_rows())
    found = dict(zip(header, row, strict=True))
    assert found["Nöjd?"] == 5
    assert found["Tid för senaste ändring"] is not None


def test_a_closed_form_takes_no_answers(tenant):
    """As Forms tells whoever opens it."""
    tenant, story = tenant
    story.advance(day(6))
    with pytest.raises(ValueError, match="closed"):
        perform(tenant, Answer(at=day(6), form="sv"))
