"""What administrators do with apps and accounts, carried out on the state."""

from service.sandbox.entra import directory, sign_ins
from service.sandbox.entra.conditions import WORKLOAD, set_policy
from service.sandbox.performing import Performer
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import (
    Act,
    BlockAccount,
    ConditionalAccess,
    DisableApp,
    GrantMailbox,
    GrantOrganizer,
    GrantRole,
    GrantSite,
    IdleSignIns,
    Leave,
    NewSecret,
    RemoveCertificates,
    RevokeSignIns,
    SecretExpires,
)
from service.sandbox.wire import fine_stamp

_SITE_ROLES = (*directory.LEVELS, "owner", "")
_MAILBOX_ROLES = (
    directory.CALENDAR,
    directory.MAIL_READ,
    directory.MAIL_WRITE,
    directory.MAIL_SEND,
)


def _person(tenant: Tenant, name: str) -> str:
    """Id of somebody named by id or address. Raises ValueError."""
    person = tenant.person(name)
    if person is None:
        raise ValueError(f"There is nobody {name}.")
    return person.id


def _app(tenant: Tenant, client_id: str) -> str:
    if client_id not in tenant.apps:
        raise ValueError(f"There is no app {client_id}.")
    return client_id


def _one_of(value: str, known: tuple[str, ...]) -> str:
    if value not in known:
        raise ValueError(f"It is one of {', '.join(filter(None, known))}, not {value}.")
    return value


def _revoke(tenant: Tenant, act: RevokeSignIns) -> bool:
    sign_ins.revoke(tenant, _person(tenant, act.person))
    return True


def _idle(tenant: Tenant, act: IdleSignIns) -> bool:
    sign_ins.let_idle(tenant, _person(tenant, act.person))
    return True


def _block(tenant: Tenant, act: BlockAccount) -> bool:
    directory.set_standing(tenant, _person(tenant, act.person), "blocked" if act.blocked else "")
    return True


def _leave(tenant: Tenant, act: Leave) -> bool:
    directory.set_standing(tenant, _person(tenant, act.person), "gone")
    return True


def _policy(tenant: Tenant, act: ConditionalAccess) -> bool:
    person = _person(tenant, act.person) if act.person else ""
    app = _app(tenant, act.app) if act.app else ""
    control = _one_of(act.control, ("block", "mfa", ""))
    whom = WORKLOAD if act.workload else person
    set_policy(tenant, act.name, person=whom, app=app, control=control)
    return True


def _expire(tenant: Tenant, act: SecretExpires) -> bool:
    tenant.store.do(
        "UPDATE app_secrets SET expires = ?1 WHERE app = ?2 AND (?3 IS NULL OR secret = ?3)",
        tenant.clock.text,
        _app(tenant, act.app),
        act.secret,
    )
    return True


def _new_secret(tenant: Tenant, act: NewSecret) -> bool:
    app = _app(tenant, act.app)
    if act.remove_others:
        tenant.store.do("DELETE FROM app_secrets WHERE app = ?", app)
    expires = fine_stamp(act.expires) if act.expires else None
    tenant.store.do("INSERT OR REPLACE INTO app_secrets VALUES (?, ?, ?)", app, act.secret, expires)
    return True


def _remove_certificates(tenant: Tenant, act: RemoveCertificates) -> bool:
    tenant.store.do("DELETE FROM app_keys WHERE app = ?", _app(tenant, act.app))
    return True


def _disable(tenant: Tenant, act: DisableApp) -> bool:
    directory.set_disabled(tenant, _app(tenant, act.app), disabled=act.disabled)
    return True


def _role(tenant: Tenant, act: GrantRole) -> bool:
    directory.set_right(
        tenant, _app(tenant, act.app), directory.ROLE, act.role, given=not act.withdrawn
    )
    return True


def _site(tenant: Tenant, act: GrantSite) -> bool:
    """Waits until a site has that name."""
    site = tenant.store.value(
        "SELECT id FROM sites WHERE display_name = ?", act.site or tenant.world.site
    )
    if site is None:
        return False
    directory.set_site_role(tenant, _app(tenant, act.app), site, _one_of(act.role, _SITE_ROLES))
    return True


def _mailbox(tenant: Tenant, act: GrantMailbox) -> bool:
    mailbox = act.mailbox.casefold()
    role = _one_of(act.role, _MAILBOX_ROLES)
    directory.set_right(tenant, _app(tenant, act.app), role, mailbox, given=not act.withdrawn)
    return True


def _organizer(tenant: Tenant, act: GrantOrganizer) -> bool:
    directory.set_right(
        tenant,
        _app(tenant, act.app),
        directory.ORGANIZER,
        _person(tenant, act.person),
        given=not act.withdrawn,
    )
    return True


PERFORMERS: dict[type[Act], Performer] = {
    RevokeSignIns: _revoke,
    IdleSignIns: _idle,
    BlockAccount: _block,
    Leave: _leave,
    ConditionalAccess: _policy,
    DisableApp: _disable,
    SecretExpires: _expire,
    NewSecret: _new_secret,
    RemoveCertificates: _remove_certificates,
    GrantRole: _role,
    GrantSite: _site,
    GrantMailbox: _mailbox,
    GrantOrganizer: _organizer,
}
