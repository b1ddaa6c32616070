"""What members were told of evaluations, as the ledger keeps it with every post that told it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from service.domain.meeting import Meeting
from service.domain.network import Network
from service.domain.post import parse_key
from service.domain.reminder import PostKind
from service.domain.routes import Transport
from service.domain.survey.closing import closes
from service.domain.survey.publication import Published, Standing, Why, standing
from service.domain.survey.written import published_from
from service.effects.amending import VIA
from service.effects.posting import PUBLISHED
from service.jobs.evaluations import Evaluation
from service.jobs.posts import told
from service.ports import Effect, Status
from service.workplace import Workplace


@dataclass(frozen=True, kw_only=True)
class Publications:
    """All that members were told; what was begun to be told counts as told."""

    by_meeting: Mapping[str, tuple[Published, ...]]
    """By meeting id, in turn."""
    lost: frozenset[str]
    """Ids of meetings whose result was posted, with figures that the ledger has no more."""

    def of(self, meeting_id: str) -> tuple[Published, ...]:
        return self.by_meeting.get(meeting_id, ())


async def publications(at: Workplace) -> Publications:
    """Read the ledger."""
    effects, _ = await told(at)
    return publications_in(effects, real=Transport.DRY not in at.rules.routes.used)


def publications_in(effects: Mapping[str, Effect], *, real: bool) -> Publications:
    """`real`: posts go to people now, and what was only written to files was not said."""
    found: dict[str, list[Published]] = {}
    lost = set[str]()
    for effect in sorted(effects.values(), key=attrgetter("updated")):
        if not _went_out(effect) or (real and effect.baseline.get(VIA) == Transport.DRY):
            continue
        for meeting_id, published in _in(effect):
            found.setdefault(meeting_id, []).append(published)
        key = parse_key(effect.key)
        if key is not None and key.kind == PostKind.SURVEY_RESULT and not _tells(effect):
            lost.add(key.subject)
    return Publications(
        by_meeting={id_: tuple(each) for id_, each in found.items()}, lost=frozenset(lost)
    )


def _went_out(effect: Effect) -> bool:
    return effect.attempts > 0 or effect.status in (Status.DONE, Status.QUEUED)


def _tells(effect: Effect) -> str:
    return str(effect.baseline.get(PUBLISHED) or "")


def _in(effect: Effect) -> Iterator[tuple[str, Published]]:
    for line in filter(None, _tells(effect).split("\n")):
        if (read := published_from(line)) is not None:
            yield read


def standing_of(
    meeting: Meeting, evaluation: Evaluation, before: Publications, network: Network, now: datetime
) -> tuple[Standing, ...]:
    """Tell how a meeting's standing questions stand: as they are, and for members."""
    return standing(
        evaluation.rated,
        before.of(meeting.id),
        network.survey,
        gate=_gate(meeting, before, network, now),
    )


def _gate(meeting: Meeting, before: Publications, network: Network, now: datetime) -> Why | None:
    if meeting.id in before.lost:
        return Why.CHANGED
    if now < closes(meeting, network):
        return Why.OPEN
    return None if meeting.publish_result else Why.UNRELEASED
