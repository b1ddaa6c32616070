"""The published figures can be reached from the raw material."""

import csv
import io
import tomllib
from collections import defaultdict
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from service.sandbox.seed import data
from service.sandbox.seed.answers import answers
from service.sandbox.seed.chance import chance
from service.sandbox.timeline import Attend, EditRow, Seed, Upload

EXACT_COUNTS = {"2023-03-08": 25, "2023-10-12": 18, "2023-10-26": 17, "2023-11-08": 12}


@pytest.fixture(scope="module")
def facts() -> dict[str, Any]:
    return tomllib.loads((data.folder() / "2023.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def workbooks(real: Seed) -> dict[str, list[Upload]]:
    """Versions of each workbook, in order."""
    versions: dict[str, list[Upload]] = defaultdict(list)
    for act in real.acts:
        if isinstance(act, Upload) and act.folder == "Formulär":
            versions[act.name].append(act)
    return versions


def rows(upload: Upload) -> list[list[Any]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(upload.content()))
    return book.get_sheet_by_index(0).to_python()


def mean(column: list[float], published: str) -> str:
    """The mean of the column, half up to the decimals of the published figure."""
    step = Decimal(published.replace(",", "."))
    exact = Decimal(int(sum(column))) / len(column)
    return str(exact.quantize(step, ROUND_HALF_UP)).replace(".", ",")


def evaluated(facts: dict[str, Any], workbooks: dict[str, list[Upload]]) -> dict[str, list[Upload]]:
    """The workbook of each evaluated meeting, by the day of its first version."""
    by_day = {versions[0].at.date(): versions for versions in workbooks.values()}
    return {
        str(meeting["start"]): by_day[meeting.get("end", meeting["start"])]
        for meeting in facts["meetings"]
        if "published" in meeting
    }


def test_participants_are_620(real: Seed, facts: dict[str, Any]) -> None:
    """Typed counts and the people of the reports add to the published total, day by day."""
    typed = {
        row.where["NvStart"]: [row.fields["NvDay1"], row.fields.get("NvDay2")]
        for row in real.acts
        if isinstance(row, EditRow) and "NvDay1" in row.fields
    }
    total = 0
    for meeting in facts["meetings"]:
        key = str(meeting["start"])
        days = [day for day in typed[key] if day] if key in typed else [_united(real, key)]
        assert days == meeting["participants"], key
        total += sum(int(day) for day in days)
    assert total == facts["published"]["participants_over"] == 620


def test_only_online_meetings_have_reports(real: Seed, facts: dict[str, Any]) -> None:
    """One report for each digital meeting, and two for one of them with most people in both."""
    reports: dict[str, list[set[str]]] = defaultdict(list)
    for act in real.acts:
        if isinstance(act, Attend):
            reports[act.key].append({one.mail for one in act.records if one.mail})
    digital = {str(one["start"]) for one in facts["meetings"] if one["form"] == "digital"}
    assert set(reports) == digital
    ((first, second),) = (sets for sets in reports.values() if len(sets) > 1)
    assert len(first & second) > 20
    assert first - second
    assert second - first


def test_some_join_twice_and_some_do_not_sign_in(real: Seed) -> None:
    """The reports hold what makes counting hard."""
    records = [one for act in real.acts if isinstance(act, Attend) for one in act.records]
    assert any(one.mail is None for one in records)
    assert all(one.joined < one.left for one in records)
    once = next(act for act in real.acts if isinstance(act, Attend)).records
    signed = [one.mail for one in once if one.mail]
    assert len(signed) > len(set(signed))


def test_all_39_municipalities_are_seen(real: Seed, facts: dict[str, Any]) -> None:
    """Somebody of every member municipality joins a digital meeting during the year."""
    seen = {
        (one.mail or "").partition("@")[2]
        for act in real.acts
        if isinstance(act, Attend)
        for one in act.records
    }
    members = data.read("members-2023", data.Organisations).members
    assert sum(bool(seen.intersection(one.domains)) for one in members) == 39
    assert len(members) == facts["published"]["municipalities"]


def test_evaluations_have_the_published_means(
    facts: dict[str, Any], workbooks: dict[str, list[Upload]]
) -> None:
    """Read back from the last version, both means round half up to the printed strings."""
    books = evaluated(facts, workbooks)
    assert len(books) == 8
    for meeting in (one for one in facts["meetings"] if "published" in one):
        _, *responses = rows(books[str(meeting["start"])][-1])
        for place, figure in enumerate(("satisfaction", "usefulness"), start=5):
            column = [row[place] for row in responses]
            assert set(column) <= {1, 2, 3, 4, 5, 6}
            assert mean(column, meeting["published"][figure]) == meeting["published"][figure]


def test_fewer_answer_than_were_there(
    facts: dict[str, Any], workbooks: dict[str, list[Upload]]
) -> None:
    """At most as many as on the largest day, and the counts that alone give the means."""
    books = evaluated(facts, workbooks)
    for meeting in (one for one in facts["meetings"] if "published" in one):
        key = str(meeting["start"])
        count = len(rows(books[key][-1])) - 1
        assert count <= max(meeting["participants"])
        assert count == EXACT_COUNTS.get(key, count)


def test_the_yearly_survey_has_the_published_means(
    facts: dict[str, Any], workbooks: dict[str, list[Upload]]
) -> None:
    """Its four questions are asked in their words, and 63 answers give the means of 2023."""
    header, *responses = rows(workbooks["Årsenkät 2023.xlsx"][-1])
    assert len(responses) == facts["published"]["annual_survey_respondents"]["2023"] == 63
    for place, asked in enumerate(facts["published"]["annual_survey"], start=5):
        assert header[place] == asked["question"]
        assert (
            mean([row[place] for row in responses], asked["means"]["2023"])
            == asked["means"]["2023"]
        )


def test_responses_come_in_over_the_week(workbooks: dict[str, list[Upload]]) -> None:
    """Each version keeps the rows of the one before, adds some, and none from after itself."""
    for name, versions in workbooks.items():
        assert 3 <= len(versions) <= 5
        known: list[list[Any]] = []
        for version in versions:
            _, *responses = rows(version)
            assert responses[: len(known)] == known, name
            assert len(responses) > len(known)
            local = version.at.replace(tzinfo=None) + timedelta(hours=2)
            assert all(row[1] < row[2] < local for row in responses)
            assert [row[0] for row in responses] == list(range(1, len(responses) + 1))
            known = responses


def test_evaluations_are_complete_before_they_close(
    facts: dict[str, Any], workbooks: dict[str, list[Upload]]
) -> None:
    """The first version is of the meeting's last day, the last within a week."""
    for key, versions in evaluated(facts, workbooks).items():
        meeting = next(one for one in facts["meetings"] if str(one["start"]) == key)
        last = meeting.get("end", meeting["start"])
        assert versions[0].at.date() == last
        assert versions[-1].at.date() < last + timedelta(days=7)


def test_workbooks_look_as_forms_writes_them(workbooks: dict[str, list[Upload]]) -> None:
    """Standing columns in Swedish, once in English; one form is anonymous; hours are dates."""
    firsts = [rows(versions[-1]) for versions in workbooks.values()]
    heads = [tuple(book[0][:5]) for book in firsts]
    assert set(heads) == {
        ("ID", "Starttid", "Slutförandetid", "E-post", "Namn"),
        ("ID", "Start time", "Completion time", "Email", "Name"),
    }
    assert sum(head[1] == "Start time" for head in heads) == 1
    assert sum(all(row[3] == "anonymous" for row in book[1:]) for book in firsts) == 1
    assert all(isinstance(row[1], datetime) for book in firsts for row in book[1:])


def test_history_is_the_published_one(facts: dict[str, Any]) -> None:
    """The file of earlier years holds every published mean with its number of answers."""
    file = (data.folder() / "history-2019-2022.csv").read_text(encoding="utf-8")
    lines = list(csv.DictReader(io.StringIO(file), delimiter=";"))
    assert len(lines) == 16
    asked = {one["question"]: one["means"] for one in facts["published"]["annual_survey"]}
    for line in lines:
        assert line["mean"] == asked[line["question"]][line["year"]]
        respondents = facts["published"]["annual_survey_respondents"]
        assert int(line["n"]) == respondents[line["year"]]


def test_a_mean_that_no_grades_have_is_refused() -> None:
    """Two decimals are out of reach for most counts, and that is said."""
    with pytest.raises(ValueError, match="no 7 grades"):
        answers("5,60", 7, chance("x"))


def _united(seed: Seed, key: str) -> int:
    """People of all reports of a meeting, and each who did not sign in."""
    records = [
        one
        for act in seed.acts
        if isinstance(act, Attend) and act.key == key
        for one in act.records
    ]
    anonymous = sum(one.mail is None for one in records)
    return len({one.mail for one in records if one.mail}) + anonymous
