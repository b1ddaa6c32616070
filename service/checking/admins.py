"""The ways by which administrators are told what needs them, proved as posts are."""

from collections.abc import Iterable

from service.checking.asked import Asked
from service.checking.check import Check
from service.checking.flows import flow
from service.checking.mail import proved
from service.domain.check import Finding, mailbox, unused

CARD, MAIL = "notices by card", "notices by mail"


async def card(at: Asked) -> Iterable[Finding]:
    url = at.settings.admin_url
    if url is None:
        return [unused(CARD, _untold(at, "NATVERKET_ADMIN_URL"))]
    found = await flow(at, CARD, "administrators", "NATVERKET_ADMIN_URL", url.get_secret_value())
    return [found]


async def mail(at: Asked) -> Iterable[Finding]:
    if not at.settings.admin_mail:
        return [unused(MAIL, _untold(at, "NATVERKET_ADMIN_MAIL"))]
    address = at.settings.networks[0].mailbox
    said = "may send to administrators (a mail to nobody was refused for want of recipients)"
    asked = at.probes.mailbox.prove_sending(address)
    return [await proved(at, MAIL, address, asked, mailbox.MAIL_SEND, said)]


def _untold(at: Asked, setting: str) -> str:
    if at.settings.admin_url is None and not at.settings.admin_mail:
        return f"administrators are told by log and `natverket status` alone: {setting}"
    return f"administrators are told otherwise: {setting}"


CHECKS = (
    Check(name=CARD, does="Asks for the administrators' flow, and does not start it.", run=card),
    Check(
        name=MAIL,
        does="Has a mail to nobody refused: nothing is sent.",
        run=mail,
        needs=("sign-in",),
    ),
)
