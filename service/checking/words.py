"""What the network has of its own in files, its calendar of workdays, and its guests."""

import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path

from service.checking.asked import AskedOfNetwork
from service.checking.check import Check
from service.domain.check import Finding, Remedy, failed, ok, unused
from service.domain.network import Network
from service.domain.period import local_day
from service.errors import NatverketError
from service.own_files import SERIES, TEMPLATES, TEXTS, own_texts, series_of, template_of
from service.render.documents.filling import prove_template
from service.render.texts import Texts, texts_from
from service.settings import NetworkSettings
from service.shipped import shipped

NAME, DAYS, GUESTS = "own files", "days", "guests"
DOCUMENTS = ("annual.docx", "plan.docx")


async def run(at: AskedOfNetwork) -> Iterable[Finding]:
    chosen, language = at.chosen, at.network.language
    used: dict[str, Callable[[], object]] = {}
    if chosen.texts:
        used[TEXTS] = lambda: _texts(chosen, at.network)
    if chosen.series:
        used[SERIES] = lambda: series_of(chosen.series or (), at.network)
    if chosen.templates:
        used[TEMPLATES] = lambda: _templates(chosen.templates)
    if not used:
        return [ok(NAME, f"none: shipped texts and templates, in {language}")]
    return [_read(setting, reading) for setting, reading in used.items()]


def _templates(folder: Path | None) -> None:
    """Raises UnreadableFile, TemplateUnusable; names that are used in one are seen when filled."""
    for name in DOCUMENTS:
        template = template_of(name, folder)
        prove_template(template.content, name=template.name)


def _texts(chosen: NetworkSettings, network: Network) -> Texts:
    file = shipped("texts", f"{network.language}.toml")
    return texts_from(
        tomllib.loads(file.read_text(encoding="utf-8")),
        language=network.language,
        time_zone=network.time_zone,
        own=own_texts(chosen.texts),
    )


def _read(setting: str, reading: Callable[[], object]) -> Finding:
    try:
        reading()
    except NatverketError as error:
        remedy = Remedy(who="whoever runs the service", steps=(error.remedy,))
        return failed(NAME, f"{setting}: {error.reason}", remedy)
    return ok(NAME, f"{setting} is read")


async def days(at: AskedOfNetwork) -> Iterable[Finding]:
    network = at.network
    year = local_day(at.now, network.time_zone).year
    free = sum(1 for day in network.holidays if day.year == year)
    return [ok(DAYS, f"{network.time_zone}; {free} public holidays in {year} ({network.country})")]


async def guests(_: AskedOfNetwork) -> Iterable[Finding]:
    """No right to users, sign-ins or sharing policies: nothing of it is seen from here."""
    said = "what they may open Graph does not tell an app with these rights: let a guest try"
    return [unused(GUESTS, said)]


CHECKS = (
    Check(name=NAME, does="Reads the network's own texts, series and templates.", run=run),
    Check(name=DAYS, does="Tells time zone and public holidays.", run=days),
    Check(name=GUESTS, does="Says what cannot be known of guests.", run=guests),
)
