"""Every part of the look, in the order in which they stand on the page."""

from service.sandbox.look import (
    calendar,
    channels,
    content,
    doing,
    file,
    files,
    flows,
    lists,
    log,
    mail,
    overview,
    scripts,
    troubles,
)

PARTS = (
    overview.PART,
    channels.PART,
    files.PART,
    file.PART,
    *content.PARTS,
    lists.PART,
    calendar.PART,
    mail.PART,
    flows.PART,
    doing.PART,
    log.PART,
    troubles.PART,
    *scripts.PARTS,
)
