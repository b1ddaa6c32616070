"""Every part of the look, in the order in which they stand on the page."""

from service.sandbox.look import (
    calendar,
    channels,
    content,
    doing,
    file,
    files,
    lists,
    log,
    mail,
    overview,
    runs,
    scripts,
    surveys,
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
    surveys.PART,
    runs.PART,
    doing.PART,
    log.PART,
    troubles.PART,
    *scripts.PARTS,
)
