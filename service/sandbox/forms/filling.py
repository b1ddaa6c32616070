"""
The flow that lays each response in a list: within minutes, and never afterwards for what came
while it was off (graph-facts 7.2). It only adds: an answer that is edited, or a step that is tried
again, makes one more row (that it runs for an edit is UNVERIFIED).
"""

import random
from datetime import timedelta

import msgspec

from service.sandbox import due
from service.sandbox.due import Happening
from service.sandbox.forms import questions
from service.sandbox.forms.workbook import shown
from service.sandbox.sharepoint import definitions, fields, library, sites
from service.sandbox.sharepoint.library import Write
from service.sandbox.sharepoint.names import internal_name, name_key
from service.sandbox.sharepoint.whereabouts import site_named
from service.sandbox.store import Row
from service.sandbox.teams import runs
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import CreateForm
from service.sandbox.wire import GraphError, Json

_FORM = "form"
"""Key of the column that names the form."""
_SHORTEST, _LONGEST = timedelta(seconds=20), timedelta(minutes=5)


def flow_of(form: str) -> str:
    """How the flow is called in the run history."""
    return f"form/{form}"


def list_for(tenant: Tenant, act: CreateForm) -> tuple[str, dict[str, str]]:
    """The list that is to be filled, made if it is not there, and the flow's columns in it."""
    assert act.list_name is not None
    columns = _columns(act)
    found = tenant.store.one("SELECT * FROM lists WHERE name_key = ?", name_key(act.list_name))
    if found is None:
        body = {"displayName": act.list_name, "list": {"template": "genericList"}}
        found = sites.make_list(
            tenant, body, f"user:{act.owner}", site_named(tenant, tenant.site_id)
        )
    there = definitions.columns_of(tenant, found["id"])
    for name, definition in columns.values():
        if name not in there:
            definitions.add_column(tenant, found["id"], {"name": name, **definition})
    return found["id"], {key: name for key, (name, _) in columns.items()}


def _columns(act: CreateForm) -> dict[str, tuple[str, Json]]:
    """What a person makes of the form's questions when building the list."""
    headers = questions.HEADERS[act.language]
    kinds: list[tuple[str, str, Json]] = [
        ("id", headers[0], {"number": {}}),
        ("started", headers[1], {"dateTime": {}}),
        ("completed", headers[2], {"dateTime": {}}),
        ("mail", headers[3], {"text": {}}),
        ("name", headers[4], {"text": {}}),
    ]
    for one in questions.asked(act.questions):
        number: Json = {"number": {}}
        plain: Json = {"text": {"allowMultipleLines": True}}
        kinds.append((one.key, one.title, number if one.question.kind == "rating" else plain))
    if act.form_column is not None:
        kinds.append((_FORM, act.form_column, {"text": {}}))
    titles = questions.unique([title for _, title, _ in kinds])
    found: dict[str, tuple[str, Json]] = {}
    for (key, _, kind), title in zip(kinds, titles, strict=True):
        # The list has a column called ID of its own.
        name = "ResponseId" if key == "id" else _free(title, {n for n, _ in found.values()})
        found[key] = (name, {"displayName": title, **kind})
    return found


def _free(title: str, taken: set[str]) -> str:
    """Internal names are cut off, so that long questions come to have the same."""
    name, number = internal_name(title), 0
    while name in taken:
        name, number = f"{internal_name(title)[:31]}{number}", number + 1
    return name


def start(tenant: Tenant, form: Row, response: int) -> None:
    """A run of the flow, if it is on just now."""
    if form["list"] is None or not form["flow_on"]:
        return
    number = tenant.store.next_seq()
    run = runs.begun(tenant, flow_of(form["key"]), number)
    share = random.Random(f"{form['key']}/{response}").random()  # noqa: S311
    at = tenant.clock.now + _SHORTEST + share * (_LONGEST - _SHORTEST)
    payload = {"form": form["key"], "response": response, "run": run}
    due.schedule(tenant, f"form/{form['key']}/{response}/{number}", at, "form row", payload)


def _fill(tenant: Tenant, payload: Json) -> None:
    form = tenant.store.one("SELECT * FROM forms WHERE key = ?", payload["form"])
    response = tenant.store.one(
        "SELECT * FROM responses WHERE form = ? AND id = ?", payload["form"], payload["response"]
    )
    assert form is not None
    assert response is not None
    try:
        with tenant.store.transaction():
            _row(tenant, form, response)
    except GraphError as error:
        runs.finish(tenant, payload["run"], error.code, f"Create_item failed: {error.message}")
        return
    runs.finish(tenant, payload["run"])


def _row(tenant: Tenant, form: Row, response: Row) -> None:
    """Only the columns that the flow knew when it was made: questions added since are left out."""
    if tenant.store.one("SELECT 1 FROM lists WHERE id = ?", form["list"]) is None:
        raise GraphError(404, "NotFound", "List not found")
    columns: dict[str, str] = msgspec.json.decode(form["flow_columns"])
    answers = msgspec.json.decode(response["answers"])
    given: Json = {
        columns["id"]: response["id"],
        columns["started"]: response["started"],
        columns["completed"]: response["completed"],
        columns["mail"]: response["mail"],
        columns["name"]: response["name"],
        "Title": str(response["id"]),
    }
    if _FORM in columns:
        given[columns[_FORM]] = form["title"]
    for one in questions.asked(questions.of(form)):
        value = shown(one, answers.get(one.key))
        if one.key in columns and value is not None:
            is_number = one.question.kind == "rating"
            given[columns[one.key]] = value if is_number else str(value)
    values = fields.merged(tenant, form["list"], None, {}, given)
    write = Write(by=f"user:{form['owner']}")
    library.add(tenant, form["list"], "", parent=None, kind="row", write=write, fields=values)


DUE: dict[str, Happening] = {"form row": _fill}
