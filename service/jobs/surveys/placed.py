"""What a coordinator has said of a form: whose it is, kept and above all else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from service.observe import Change
from service.workplace import Workplace

SAID = "forms-said"


@dataclass(frozen=True, kw_only=True)
class Said:
    """A coordinator's word; neither meeting nor year: it is no evaluation."""

    said: datetime
    meeting_id: str = ""
    year: int | None = None


async def said_of_forms(at: Workplace) -> Mapping[str, Said]:
    """By the form's id."""
    return await at.ledger.seen(SAID, Said)


async def say(form_id: str, word: Said, at: Workplace) -> None:
    await at.ledger.absorb(SAID, [Change(id=form_id, value=word)])


async def hand_on(form_id: str, ended_id: str, at: Workplace) -> None:
    """A form started afresh is asked about anew: the word was about what it held before."""
    word = (await said_of_forms(at)).get(form_id)
    if word is not None:
        await at.ledger.absorb(
            SAID, [Change(id=ended_id, value=word), Change[Said](id=form_id, value=None)]
        )
