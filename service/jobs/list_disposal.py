"""
Lists what has fallen due to be deleted, for whoever decides and for whoever deletes.

Nothing is deleted by it: answers go by `natverket dispose --carry-out`, documents by people.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from service.domain.actions import Action, Made, RefreshFile
from service.domain.names import safe_name
from service.jobs.holding_words import words
from service.jobs.retention import DisposalDue, disposal_folder, due, traces
from service.jobs.spec import FirstOfMonth, Job
from service.render.holdings.disposal import ByHand, DisposalList, by_hand, disposal_list
from service.render.holdings.words import HoldingWords
from service.workplace import Workplace


@dataclass(frozen=True, kw_only=True)
class Observed:
    network: str
    due: DisposalDue
    hand: tuple[ByHand, ...]
    words: HoldingWords


async def observe(at: Workplace) -> Observed:
    found, said = await due(at), words(at)
    return Observed(
        network=at.network.name,
        due=found,
        hand=tuple(
            [
                left
                for one in found.surveys
                for left in by_hand(one, await traces(one.survey, at), said)
            ]
        ),
        words=said,
    )


def plan(seen: Observed, now: datetime) -> tuple[Action, ...]:  # noqa: ARG001 - every plan takes it
    """Write the month's list where something is due; it says how it is carried out."""
    if not seen.due.anything:
        return ()
    month = f"{seen.due.today:%Y-%m}"
    listed = DisposalList(
        network=seen.network,
        month=month,
        rule=seen.due.rule,
        surveys=seen.due.surveys,
        documents=seen.due.documents,
        hand=seen.hand,
    )
    name = seen.words.say("disposal.list_name", month=month)
    return (
        RefreshFile(
            key=f"disposal-list/{month}",
            folder=disposal_folder(),
            name=safe_name(f"{name}.xlsx"),
            name_beside=safe_name(f"{name} ({seen.due.today.isoformat()}).xlsx"),
            source=Made(
                make=partial(disposal_list, listed, seen.words),
                fingerprint=hashlib.sha256(repr(listed).encode()).hexdigest(),
            ),
        ),
    )


JOB = Job(
    name="list_disposal",
    does="Lists answers and documents that have fallen due to be deleted.",
    wakes=FirstOfMonth(at="07:00"),
    observe=observe,
    plan=plan,
)
