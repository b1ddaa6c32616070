"""What of a source's responses is kept when it is read again and shows less, or others."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from service.domain.survey.matching import are_one, has_own_id
from service.domain.survey.responses import Response

_TRIALS = 3
"""So few responses somebody may have sent in to try a form, and deleted."""


@dataclass(frozen=True, kw_only=True)
class Succession:
    """The responses that a source has from now on."""

    responses: tuple[Response, ...]
    held: frozenset[str] = frozenset()
    """Ids of those that it no longer shows, and that are kept until a person says otherwise."""
    ended: tuple[Response, ...] = ()
    """What it had before it was started afresh: these stay by themselves."""


def succeed(
    before: Sequence[Response],
    now: Sequence[Response],
    *,
    held: Collection[str] = (),
    anyway: bool = False,
) -> Succession:
    """
    Put what a source shows now in the place of what it showed before.

    Single responses that are gone were deleted on purpose: somebody has taken hers back. Where
    fewer than half are left that looks like a mishap, unless they were trials and others came;
    nothing goes then until a person has said so (`anyway`). Where ids begin anew the form was
    started afresh, and both parts count.
    """
    if is_afresh(before, now):
        return Succession(responses=tuple(now), ended=tuple(before))
    here = {one.id for one in now}
    shown = {one.id for one in before} - set(held)
    gone = shown - here
    kept = set(held) - here
    if anyway:
        kept = set()
    elif 2 * len(gone) > len(shown) and (len(shown) > _TRIALS or 2 * len(here) < len(shown)):
        kept |= gone
    beside = tuple(one for one in before if one.id in kept)
    return Succession(responses=(*now, *beside), held=frozenset(kept))


def is_afresh(before: Sequence[Response], now: Sequence[Response]) -> bool:
    """Tell whether these are the responses of another form, or of one begun anew."""
    if not before or not now:
        return False
    old = {one.id: one for one in before}
    common = [(old[one.id], one) for one in now if one.id in old]
    if common:
        return 2 * sum(are_one(a, b) for a, b in common) <= len(common)
    if not all(has_own_id(one) for one in (*before, *now)):
        return True
    # Ids go on counting when responses are deleted; they never go back.
    return min(map(_number, now)) <= max(map(_number, before))


def _number(response: Response) -> int:
    return int(response.id) if response.id.isdecimal() else 0
