"""What has been done for each meeting: what its row keeps, in case the state is lost."""

from collections.abc import Iterator
from urllib.parse import unquote

from service.domain.marks import form_key
from service.domain.post import parse_key
from service.effects.posting import POST
from service.jobs.known import FORMS, KnownForm
from service.ports import Effect, Status
from service.workplace import Workplace

_OVER = frozenset({Status.DONE, Status.DROPPED})
_OF_MEETINGS = ("attendees", "room", "sheet")
"""Documents of ours, whose key ends with the meeting's id."""


async def done_for(at: Workplace) -> dict[str, list[str]]:
    """Keys of what was done, by meeting id; of what was perhaps done, too."""
    found: dict[str, list[str]] = {}
    for effect in (await at.ledger.effects()).values():
        for meeting_id, key in _done(effect):
            found.setdefault(meeting_id, []).append(key)
    for form in (await at.ledger.seen(FORMS, KnownForm)).values():
        if form.meeting_id:
            found.setdefault(form.meeting_id, []).append(form_key(form.item_id))
    return found


def _done(effect: Effect) -> Iterator[tuple[str, str]]:
    key = effect.key
    kind, _, rest = key.partition("/")
    if kind == "v1":
        parsed = parse_key(key)
        if parsed is not None and (effect.attempts or effect.status is Status.DONE):
            yield parsed.subject, str(effect.baseline.get(POST) or key)
    elif effect.status not in _OVER:
        return
    elif kind == "file":
        yield unquote(rest.partition("/")[0]), key
    elif kind in _OF_MEETINGS:
        yield rest.rpartition("/")[2], key
