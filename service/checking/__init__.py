"""
`natverket check`: proves each right and setting by harmless use.

A check is a file here and a line in one of these lists, in the order in which an admin would
mend what fails.
"""

from service.checking import (
    account,
    admins,
    bot,
    calendar,
    channels,
    clock,
    dry,
    flows,
    held,
    libraries,
    mail,
    meetings,
    members,
    names,
    page,
    roles,
    settings_read,
    sign_in,
    site,
    sources,
    state,
    temporary,
    words,
)
from service.checking.asked import Asked, AskedOfNetwork
from service.checking.check import Check

OF_ALL: tuple[Check[Asked], ...] = (
    settings_read.CHECK,
    names.CHECK,
    clock.CHECK,
    sign_in.CHECK,
    roles.CHECK,
    state.CHECK,
    *page.CHECKS,
    *admins.CHECKS,
)
OF_A_NETWORK: tuple[Check[AskedOfNetwork], ...] = (
    site.CHECK,
    *libraries.CHECKS,
    held.CHECK,
    members.CHECK,
    calendar.CHECK,
    *mail.CHECKS,
    *meetings.CHECKS,
    channels.CHECK,
    flows.CHECK,
    bot.CHECK,
    account.CHECK,
    dry.CHECK,
    *sources.CHECKS,
    *words.CHECKS,
    temporary.CHECK,
)
