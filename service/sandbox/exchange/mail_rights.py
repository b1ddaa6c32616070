"""Who may read, change and send a mailbox's mail."""

from service.sandbox.entra.access import known_person
from service.sandbox.routes import Rule
from service.sandbox.timeline import App
from service.sandbox.wire import Call, GraphError

_WIDER = {
    "Mail.Read": ("Mail.Read", "Mail.ReadWrite"),
    "Mail.ReadWrite": ("Mail.ReadWrite",),
    "Mail.Send": ("Mail.Send",),
}


def mail(right: str) -> Rule:
    """
    A role for every mailbox, RBAC for Applications for this one, or the scope of somebody who
    has signed in, for that person's own.
    """

    def rule(call: Call) -> None:
        person = known_person(call.tenant, call.names["user"], exchange=True)
        if call.person is not None:
            allowed = person.id == call.person.id and bool(call.scopes & set(_WIDER[right]))
        else:
            scoped = {address.casefold() for address in _mailboxes(call.app, right)}
            allowed = bool(call.roles & set(_WIDER[right])) or person.mail.casefold() in scoped
        if not allowed:
            raise GraphError(
                403, "ErrorAccessDenied", "Access is denied. Check credentials and try again."
            )

    return rule


def _mailboxes(app: App, right: str) -> tuple[str, ...]:
    if right == "Mail.Send":
        return app.sends_as
    return app.writes_mail if right == "Mail.ReadWrite" else (*app.reads_mail, *app.writes_mail)
