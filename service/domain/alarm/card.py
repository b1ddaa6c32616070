"""The card that administrators get, in English as all that they read is."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from service.domain.alarm.decision import Alarm, Telling
from service.domain.post import Button, Card, Line, Section, is_https
from service.domain.standing import Need

VISIBLE = 10
"""Lines of a section; the rest is counted."""
LONGEST = 400
"""Characters of a reason."""
HEALTH = Button("Service health of Microsoft 365", "https://admin.microsoft.com/servicehealth")
"""Where the page of ours has no address that others reach."""


def all_told(
    tell: Sequence[Telling],
    clear: Sequence[Alarm],
    *,
    now: datetime,
    page: str | None,
    several: bool = False,
) -> Card:
    """
    Write what is to be told at one time as one card.

    `page`: the address of the status page; `several`: networks are named, since there are some.
    """
    needs, over = list(_needs(tell, several=several)), list(_over(clear, several=several))
    sections = (("Needs you", needs), ("Over", over))
    has_page = page is not None and is_https(page)
    return Card(
        language="en",
        label="Nätverket",
        title=_title(len(needs), len(over)),
        sections=tuple(
            Section(
                heading=heading,
                lines=tuple(lines[:VISIBLE]),
                more=max(0, len(lines) - VISIBLE),
                url=page if has_page and page else "",
            )
            for heading, lines in sections
            if lines
        ),
        buttons=(Button("Open the status page", page),) if has_page and page else (HEALTH,),
        footer=f"{now:%Y-%m-%d %H:%M} UTC. `natverket status` tells how everything stands.",
        more="and {n} more",
    )


def _title(needs: int, over: int) -> str:
    if needs:
        return f"{needs} thing{'s' if needs > 1 else ''} to see to"
    return "Over: nothing to do" if over == 1 else f"Over: {over} things, nothing to do"


def _needs(tell: Sequence[Telling], *, several: bool) -> Iterable[Line]:
    """One line a cause: several networks may have it in common."""
    causes: dict[tuple[str, str, str], list[Need]] = {}
    for one in tell:
        need = one.need
        causes.setdefault((need.subject, need.said, need.remedy), []).append(need)
    for (subject, said, remedy), needs in causes.items():
        whose = _whose((need.network_id for need in needs), several=several)
        since = min(need.since for need in needs)
        yield Line(
            text=f"{subject}{whose}: {_short(said)}",
            note=f"{_short(remedy)} (since {since:%Y-%m-%d %H:%M} UTC)",
        )


def _over(clear: Sequence[Alarm], *, several: bool) -> Iterable[Line]:
    subjects: dict[str, list[str | None]] = {}
    for alarm in clear:
        subjects.setdefault(alarm.subject, []).append(alarm.network_id)
    for subject, networks in subjects.items():
        yield Line(text=f"{subject}{_whose(networks, several=several)}")


def _whose(networks: Iterable[str | None], *, several: bool) -> str:
    named = sorted({network for network in networks if network})
    return f" ({', '.join(named)})" if several and named else ""


def _short(text: str) -> str:
    said = " ".join(text.split())
    return said if len(said) <= LONGEST else said[: LONGEST - 1] + "…"
