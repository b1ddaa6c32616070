"""What a network's description says of its surveys: `[survey]`."""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from service.domain.survey.rules import USUAL, OwnQuestion, Scale, SurveyRules
from service.settings.kinds import Id
from service.settings.tables import Table

_HIGHEST, _FEWEST_STEPS = 10, 3


class _Question(Table):
    key: Id
    meaning: Literal["satisfaction", "usefulness", "rating"] = "rating"
    wordings: Annotated[tuple[str, ...], Field(min_length=1)]


def _scale(ends: tuple[int, int]) -> tuple[int, int]:
    low, high = ends
    if not (0 <= low < high <= _HIGHEST and high - low >= _FEWEST_STEPS):
        raise ValueError("is no scale such as [1, 6]: two whole numbers, at most 0 to 10")
    return ends


class SurveyTable(Table):
    scale: Annotated[tuple[int, int], AfterValidator(_scale)] = (1, 6)
    decimals: Annotated[int, Field(ge=0, le=3)] = USUAL.decimals
    least_answers: Annotated[int, Field(ge=3, le=100)] = USUAL.least_answers
    least_in_class: Annotated[int, Field(ge=2, le=100)] = USUAL.least_in_class
    least_changed: Annotated[int, Field(ge=2, le=100)] = USUAL.least_changed
    open_days: Annotated[int, Field(ge=1, le=90)] = USUAL.open_for.days
    questions: tuple[_Question, ...] = ()

    @property
    def rules(self) -> SurveyRules:
        rest = self.model_dump(exclude={"scale", "open_days", "questions"})
        return SurveyRules(
            scale=Scale(*self.scale),
            open_for=timedelta(days=self.open_days),
            questions=tuple(OwnQuestion(**dict(one)) for one in self.questions),
            **rest,
        )
