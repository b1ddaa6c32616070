"""Rows that come twice: a flow that tries again writes its row once more."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.domain.survey.responses import Response


@dataclass(frozen=True, kw_only=True)
class Distinct:
    responses: tuple[Response, ...]
    forms: tuple[str, ...]
    repeated: int
    """Rows left out."""
    differing: tuple[str, ...]
    """Ids of rows that repeat a response with other answers, though nobody edited it."""

    @property
    def warnings(self) -> Iterator[str]:
        if self.repeated == 1:
            yield "1 row repeats a response and was left out"
        elif self.repeated:
            yield f"{self.repeated} rows repeat a response and were left out"
        if self.differing:
            shown = ", ".join(self.differing[:5])
            yield f"rows with the same id but other answers, the last counts: {shown}"


def distinct(responses: Sequence[Response], forms: Sequence[str]) -> Distinct:
    """Each response of a form once: as changed last, else the last row of it."""
    kept: dict[tuple[str, str], Response] = {}
    differing: list[str] = []
    for form, one in zip(forms, responses, strict=True):
        before = kept.get((form, one.id))
        if before and before.answers != one.answers and before.changed == one.changed:
            differing.append(one.id)
        if before is None or _is_later(one, before):
            kept[form, one.id] = one
    return Distinct(
        responses=tuple(kept.values()),
        forms=tuple(form for form, _ in kept),
        repeated=len(responses) - len(kept),
        differing=tuple(dict.fromkeys(differing)),
    )


def _is_later(one: Response, before: Response) -> bool:
    return before.changed is None or (one.changed is not None and one.changed >= before.changed)


def made_id(one: Response) -> str:
    """The same for the same answers at the same time, in whatever row they stand."""
    told = "\x1f".join(
        (
            one.submitted.isoformat() if one.submitted else "",
            *map("=".join, one.answers.items()),
        )
    )
    return "made-" + hashlib.sha256(told.encode(errors="surrogatepass")).hexdigest()[:16]
