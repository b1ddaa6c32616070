"""Workbooks made for a test, and how they are read."""

import io
from collections.abc import Callable, Sequence
from datetime import datetime

import openpyxl
import xlsxwriter

from service.domain.survey.rules import SurveyRules
from service.parse.vocabulary import Vocabulary, shipped_vocabulary
from service.parse.workbook import Sheet, read_workbook

KNOWN = shipped_vocabulary()
SV = ["ID", "Starttid", "Slutförandetid", "E-post", "Namn"]
NB = ["ID", "Starttidspunkt", "Fullføringstidspunkt", "E-postadresse", "Navn"]
EN = ["ID", "Start time", "Completion time", "Email", "Name"]
SATISFACTION = "Hur nöjd är du med träffen/webbinariet?"
USEFULNESS = "Kommer träffen/webbinariet att vara till nytta för dig i ditt arbete?"
T1, T2 = datetime(2023, 3, 8, 15, 20), datetime(2023, 3, 8, 15, 31)  # noqa: DTZ001


def vocabulary(**rules: object) -> Vocabulary:
    return shipped_vocabulary(SurveyRules(**rules))  # type: ignore[arg-type]


def workbook(*rows: Sequence[object], **options: object) -> bytes:
    with io.BytesIO() as file:
        with xlsxwriter.Workbook(file, {"in_memory": True, **options}) as book:
            sheet = book.add_worksheet()
            moment = book.add_format({"num_format": "m/d/yy h:mm:ss"})
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    style = moment if isinstance(value, datetime) else None
                    sheet.write(number, column, value, style)
        return file.getvalue()


def altered(*rows: Sequence[object], by: Callable[[openpyxl.Workbook], object]) -> bytes:
    """A workbook of these rows, and what somebody then did to it."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    by(book)
    with io.BytesIO() as file:
        book.save(file)
        return file.getvalue()


def read(content: bytes, known: Vocabulary = KNOWN) -> Sheet:
    return read_workbook(content, "svar.xlsx", vocabulary=known, time_zone="Europe/Stockholm")


def csv(*rows: Sequence[object], encoding: str = "utf-8", mark: str = ";") -> bytes:
    return "\r\n".join(mark.join(map(str, row)) for row in rows).encode(encoding)


def given(sheet: Sheet, text: str) -> list[str | None]:
    """The answers to a question, in the order of the responses."""
    question = next(one for one in sheet.questions if one.text == text)
    return [one.answers.get(question.key) for one in sheet.responses]
