"""How a sheet is read, for machines and for whoever wonders."""

from service.domain.survey.figures import Figures, decimal_string, figures
from service.domain.survey.responses import Question
from service.parse.workbook import Sheet


def inspection(sheet: Sheet) -> dict[str, object]:
    """How a sheet is read, as `natverket survey inspect --json` prints it."""
    return {
        "n": len(sheet.responses),
        "raw_rows": sheet.raw_rows,
        "questions": [_inspected(question, sheet) for question in sheet.questions],
        "warnings": list(sheet.warnings),
    }


def _inspected(question: Question, sheet: Sheet) -> dict[str, object]:
    found = figures_of(question, sheet)
    return {
        "text": question.text,
        "meaning": question.meaning.value,
        "n": answered(question, sheet),
        "mean": decimal_string(found.total, found.n) if found and found.n else None,
    }


def answered(question: Question, sheet: Sheet) -> int:
    return sum(question.key in one.answers for one in sheet.responses)


def figures_of(question: Question, sheet: Sheet) -> Figures | None:
    """None for a question that is no rating."""
    return figures(sheet.responses, question) if question.meaning.is_rating else None
