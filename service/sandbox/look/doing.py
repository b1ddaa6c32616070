"""
Doing what a person would: every form there is, and what happens when one is sent.

A new one is a `Form` in a file of deeds and in that file's FORMS.
"""

from urllib.parse import urlencode

from service.sandbox.acts import perform_now
from service.sandbox.look import (
    calendar_deeds,
    entra_deeds,
    file_deeds,
    forms,
    list_deeds,
    mail_deeds,
    survey_deeds,
    team_deeds,
)
from service.sandbox.look.forms import ADDRESS, WrongError
from service.sandbox.look.posted import Posted
from service.sandbox.look.visit import NotThereError, Page, Part, Visit
from service.sandbox.markup import el
from service.sandbox.performing import NotThereError as NothingThereError
from service.sandbox.wire import GraphError

__all__ = ["ADDRESS", "PART", "came_from", "do", "said"]

FORMS = {
    form.name: form
    for form in (
        *team_deeds.FORMS,
        *file_deeds.FORMS,
        *calendar_deeds.FORMS,
        *mail_deeds.FORMS,
        *survey_deeds.FORMS,
        *list_deeds.FORMS,
        *entra_deeds.FORMS,
    )
}
_NOT_YET = "Det gick inte: något som det gäller finns inte, eller inte längre."


def came_from(visit: Visit) -> str:
    """The page itself, as the form's way back."""
    if visit.path == ADDRESS:
        return ADDRESS
    kept = {k: v for k, v in visit.query.items() if k in ("page", "sort")}
    return visit.path + (f"?{urlencode(kept)}" if kept else "")


def said(name: str) -> str | None:
    """What is said on the page that one comes back to."""
    form = FORMS.get(name)
    return form.done if form else None


def do(visit: Visit, posted: Posted) -> str | Page:
    """The name of what was done, or the form once more with the reason why not."""
    form = FORMS.get(posted.text("act"))
    if form is None:
        return Page(title="Finns inte", content=el("p", "Det kan inte göras här."), status=404)
    try:
        _carry_out(visit, form, posted)
    except GraphError as error:
        return _again(visit, form, posted, f"Microsoft 365 säger nej ({error.code}): {error}")
    except WrongError as error:
        return _again(visit, form, posted, str(error))
    except NothingThereError:
        return _again(visit, form, posted, _NOT_YET)
    except (ValueError, KeyError) as error:
        return _again(visit, form, posted, f"Det gick inte. Sandlådan säger: {error}")
    return form.name


def _carry_out(visit: Visit, form: forms.Form, posted: Posted) -> None:
    with visit.handling() as written, visit.tenant.store.transaction():
        perform_now(visit.tenant, form.act(visit.tenant, posted))
        written()


def _again(visit: Visit, form: forms.Form, posted: Posted, reason: str) -> Page:
    if form.narrowed is not None:
        form = form.narrowed(visit.tenant, posted.texts)
    asked = {field.name for field in form.fields if not field.fixed} | {"act", "back"}
    hidden = {name: value for name, value in posted.texts.items() if name not in asked}
    content = (
        el("p", reason, class_="notice wrong", role="alert"),
        forms.drawn(visit.tenant, form, posted.text("back"), fixed=hidden, given=posted),
    )
    return Page(title=form.title, content=content, status=422)


def _page(visit: Visit) -> Page:
    if visit.names:
        raise NotThereError
    offered = [form for form in FORMS.values() if form.by_itself]
    content = (
        el(
            "p",
            "Här gör du det som en person i nätverket hade gjort i Teams, Outlook eller "
            "SharePoint. Det sker vid sandlådans tid och prövas som hos Microsoft. Filer, rader, "
            "inlägg och brev har det som kan göras med dem på sina egna sidor, och en enkät "
            "besvaras på sin.",
        ),
        [forms.folded(visit.tenant, form, ADDRESS) for form in offered],
    )
    return Page(title="Gör något", content=content)


PART = Part(name="do", title="Gör något", page=_page)
