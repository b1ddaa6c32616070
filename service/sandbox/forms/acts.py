"""What people do with forms."""

from collections.abc import Mapping
from dataclasses import replace

import msgspec

from service.sandbox import due
from service.sandbox.due import Happening
from service.sandbox.forms import filling, questions, sync
from service.sandbox.performing import Performer
from service.sandbox.sharepoint.names import name_key
from service.sandbox.store import Row
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import (
    Act,
    AddQuestion,
    Answer,
    CloseForm,
    CreateForm,
    EditAnswer,
    OpenWorkbook,
    RenameQuestion,
    RepeatFlow,
    TurnFlow,
)
from service.sandbox.timeline.surveys import Given
from service.sandbox.wire import fine_stamp

_ANONYMOUS = "anonymous"


def _form(tenant: Tenant, key: str) -> Row | None:
    return tenant.store.one("SELECT * FROM forms WHERE key = ?", key)


def _create(tenant: Tenant, act: CreateForm) -> bool:
    if act.language not in questions.HEADERS:
        raise ValueError(f"Forms is used in {', '.join(questions.HEADERS)}, not {act.language}.")
    owner = tenant.person(act.owner)
    if owner is None:
        raise ValueError(f"There is no {act.owner}.")
    text = questions.text(act.questions)
    library = _library(tenant, act) if act.list_name is None else None
    if act.list_name is None and library is None:
        return False
    listed, columns = filling.list_for(tenant, act) if act.list_name else (None, {})
    tenant.store.insert(
        "forms",
        key=act.key,
        title=act.title,
        owner=owner.id,
        language=act.language,
        questions=text,
        library=library,
        folder=act.folder,
        list=listed,
        anonymous=int(act.anonymous),
        last_modified=int(act.last_modified),
        quiz=int(act.quiz),
        flow_columns=msgspec.json.encode(columns).decode(),
    )
    form = _form(tenant, act.key)
    assert form is not None
    if library is not None:
        # Forms lays an empty workbook down when the form is made.
        sync.write(tenant, form)
    return True


def _library(tenant: Tenant, act: CreateForm) -> str | None:
    """None while the library is not there."""
    site = tenant.site_id
    if act.site is not None:
        named = [one for one in tenant.world.sites if one.key == act.site]
        if not named:
            raise ValueError(f"The world has no site {act.site}.")
        site = tenant.store.value("SELECT id FROM sites WHERE display_name = ?", named[0].name)
    found = tenant.store.value(
        "SELECT id FROM lists WHERE site = ? AND name_key = ? AND drive IS NOT NULL",
        site,
        name_key(act.drive),
    )
    return None if found is None else str(found)


def _answer(tenant: Tenant, act: Answer) -> bool:
    form = _form(tenant, act.form)
    if form is None:
        return False
    if form["closed"]:
        raise ValueError(f"{act.form} is closed: it takes no more responses.")
    mail, name = _respondent(tenant, form, act.by)
    number = 1 + int(
        tenant.store.value("SELECT max(id) FROM responses WHERE form = ?", act.form) or 0
    )
    now = tenant.clock.text
    tenant.store.insert(
        "responses",
        form=act.form,
        id=number,
        started=fine_stamp(act.started) if act.started else now,
        completed=now,
        mail=mail,
        name=name,
        answers=msgspec.json.encode(_given(form, act.answers)).decode(),
    )
    filling.start(tenant, form, number)
    sync.expect(tenant, form)
    return True


def _respondent(tenant: Tenant, form: Row, by: str | None) -> tuple[str, str]:
    """An anonymous form keeps nobody's name; who has not signed in has none (UNVERIFIED: 7.4)."""
    if by is None or form["anonymous"]:
        return _ANONYMOUS, ""
    person = tenant.person(by)
    if person is None:
        raise ValueError(f"There is no {by}.")
    return person.mail, person.name


def _edit(tenant: Tenant, act: EditAnswer) -> bool:
    form = _form(tenant, act.form)
    if form is None:
        return False
    if not form["last_modified"]:
        raise ValueError(f"{act.form} lets nobody change an answer.")
    response = _response(tenant, act.form, act.response)
    answers = {**msgspec.json.decode(response["answers"]), **_given(form, act.answers)}
    tenant.store.do(
        "UPDATE responses SET answers = ?, changed = ? WHERE form = ? AND id = ?",
        msgspec.json.encode(answers).decode(),
        tenant.clock.text,
        act.form,
        act.response,
    )
    filling.start(tenant, form, act.response)
    sync.expect(tenant, form)
    return True


def _response(tenant: Tenant, form: str, number: int) -> Row:
    found = tenant.store.one("SELECT * FROM responses WHERE form = ? AND id = ?", form, number)
    if found is None:
        raise ValueError(f"{form} has no response {number}.")
    return found


def _given(form: Row, answers: Mapping[str, Given]) -> dict[str, Given]:
    """By the question's key; where two are called the same, the second is named with a 2."""
    asked = list(questions.asked(questions.of(form)))
    titles = questions.unique([one.title for one in asked])
    keys = dict(zip(titles, (one.key for one in asked), strict=True))
    unknown = answers.keys() - keys.keys()
    if unknown:
        raise ValueError(f"{form['key']} does not ask {', '.join(sorted(unknown))}.")
    return {keys[title]: given for title, given in answers.items()}


def _add_question(tenant: Tenant, act: AddQuestion) -> bool:
    form = _form(tenant, act.form)
    if form is None:
        return False
    _ask(tenant, form, questions.text([*questions.of(form), act.question]))
    return True


def _rename_question(tenant: Tenant, act: RenameQuestion) -> bool:
    form = _form(tenant, act.form)
    if form is None:
        return False
    old = questions.of(form)
    if act.old not in [question.title for question in old]:
        raise ValueError(f"{act.form} does not ask {act.old}.")
    new = [replace(q, title=act.new) if q.title == act.old else q for q in old]
    _ask(tenant, form, questions.text(new))
    return True


def _ask(tenant: Tenant, form: Row, text: str) -> None:
    tenant.store.do("UPDATE forms SET questions = ? WHERE key = ?", text, form["key"])
    sync.expect(tenant, form)


def _close(tenant: Tenant, act: CloseForm) -> bool:
    return tenant.store.do("UPDATE forms SET closed = 1 WHERE key = ?", act.form) == 1


def _open(tenant: Tenant, act: OpenWorkbook) -> bool:
    form = _form(tenant, act.form)
    if form is None:
        return False
    if form["library"] is None:
        raise ValueError(f"{act.form} has no workbook.")
    due.forget(tenant, f"form/{act.form}")
    sync.write(tenant, form)
    return True


def _turn(tenant: Tenant, act: TurnFlow) -> bool:
    form = _form(tenant, act.form)
    if form is None:
        return False
    if form["list"] is None:
        raise ValueError(f"{act.form} has no flow.")
    tenant.store.do("UPDATE forms SET flow_on = ? WHERE key = ?", int(act.on), act.form)
    return True


def _repeat(tenant: Tenant, act: RepeatFlow) -> bool:
    form = _form(tenant, act.form)
    if form is None:
        return False
    if form["list"] is None:
        raise ValueError(f"{act.form} has no flow.")
    _response(tenant, act.form, act.response)
    filling.start(tenant, form, act.response)
    return True


PERFORMERS: dict[type[Act], Performer] = {
    AddQuestion: _add_question,
    Answer: _answer,
    CloseForm: _close,
    CreateForm: _create,
    EditAnswer: _edit,
    OpenWorkbook: _open,
    RenameQuestion: _rename_question,
    RepeatFlow: _repeat,
    TurnFlow: _turn,
}
DUE: dict[str, Happening] = {**sync.DUE, **filling.DUE}
