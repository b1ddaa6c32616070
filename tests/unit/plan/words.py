"""A network's plan in its words, in any of the three languages."""

import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime

from service.domain.network import Chapter, Network
from service.domain.plan.listing import Listed, listed
from service.domain.plan.plan import Entry, OperationsPlan, plan_of
from service.render.calendar_plan import Cover
from service.render.documents import Labels, labels_from
from service.render.documents.plan_lines import Lines
from service.shipped import shipped
from tests.unit.effects.world import network, texts

NOW = datetime(2023, 12, 12, 9, tzinfo=UTC)
COVER = Cover(name="Exempelnätverket, 2024", about="Träffar", key="k", page="https://exempel.se/x")
PLAIN = Entry(
    title="Natur i stadsplanering",
    groups=("naturvard",),
    form=None,
    kind=None,
    first_day=None,
    last_day=None,
    booked=True,
)


def labels(language: str = "sv") -> Labels:
    return labels_from(tomllib.loads(shipped("report", f"{language}.toml").read_text("utf-8")))


def our_network(language: str = "sv") -> Network:
    about = Chapter(heading="Om nätverket", text="Ett nätverk.\n\nFör kommuner.")
    return replace(network(), language=language, chapters=(about,))


def lines(language: str = "sv") -> Lines:
    return Lines(our_network(language), labels(language).plan, texts(language))


def entry(day: date | None, **other: object) -> Entry:
    return replace(PLAIN, first_day=day, last_day=day, **other)


def plan(*entries: Entry) -> OperationsPlan:
    undated = {one.row_id: 2024 for one in entries if one.first_day is None}
    return plan_of(2024, entries, undated, our_network())


def told(*entries: Entry) -> list[Listed]:
    """As a calendar of this and the next two years says it."""
    years = {2023, 2024, 2025}
    numbered = [replace(one, row_id=one.row_id or str(n)) for n, one in enumerate(entries)]
    found = listed({}, numbered, drafted=years, published=years, network_id="natverk", now=NOW)
    return list(found.values())
