"""Cards that are written to files."""

import os
from collections.abc import Iterable

from service.checking.asked import AskedOfNetwork
from service.checking.check import Check
from service.domain.check import Finding, channels, failed, ok, unused
from service.domain.routes import Transport

NAME = "posts by dry"


async def run(at: AskedOfNetwork) -> Iterable[Finding]:
    folder = at.chosen.posts_folder.resolve()
    if Transport.DRY not in at.chosen.routes.used:
        return [unused(NAME, "no cards are written to files")]
    above = next(each for each in (folder, *folder.parents) if each.exists())
    if not (above.is_dir() and os.access(above, os.W_OK)):
        return [failed(NAME, f"{folder} cannot be written", channels.folder(str(folder)))]
    return [ok(NAME, f"cards are written to {folder}; nobody gets them")]


CHECK = Check(name=NAME, does="Sees whether the folder of dry posts can be written.", run=run)
