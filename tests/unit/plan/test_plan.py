"""What stands in the plan of a year."""

from dataclasses import replace
from datetime import UTC, date, datetime

from service.domain.meeting import Form, Meeting, Status
from service.domain.plan.binding import bind
from service.domain.plan.plan import OperationsPlan, entries_of, plan_of, undated_years
from service.domain.plan.planned import PlannedRow
from tests.unit.effects.world import CLIMATE, NATURE, meeting, network
from tests.unit.plan.builders import planned

EARLY, LATE = date(2024, 3, 6), date(2024, 10, 9)


def made(*rows: PlannedRow, of: tuple[Meeting, ...] = (), year: int = 2024) -> OperationsPlan:
    asked = bind(rows, of, [one.id for one in of if one.row_id], network()).questions
    entries = entries_of(of, rows, asked, network())
    return plan_of(year, entries, undated_years(rows, entries, 2023), network())


def titles(plan: OperationsPlan) -> list[str]:
    return [entry.title for entry in plan.dated]


def test_events_and_planned_rows_by_date() -> None:
    """Both count; those of other years and cancelled ones do not."""
    plan = made(
        planned("1", LATE, Title="Sent"),
        planned("2", date(2025, 1, 9), Title="Nästa år"),
        planned("3", LATE, Title="Inställt", NvCancelled=True),
        of=(
            meeting(EARLY, "Tidigt"),
            meeting(date(2023, 12, 12), "Förra året"),
            meeting(LATE, "Borta", status=Status.CANCELLED),
        ),
    )
    assert titles(plan) == ["Tidigt", "Sent"]
    assert [entry.booked for entry in plan.dated] == [True, False]
    assert [(first.month, len(found)) for first, found in plan.months] == [(3, 1), (10, 1)]


def test_a_joint_meeting_stands_under_each_group_and_once_in_the_year() -> None:
    """Of every group there is a section, also of one that plans nothing."""
    plan = made(of=(meeting(EARLY, groups=(CLIMATE, NATURE)),))

    assert len(plan.dated) == 1
    assert [len(section.dated) for section in plan.sections] == [1, 1]
    assert made(planned(day=EARLY)).sections[0].entries == ()


def test_a_row_for_nobody_in_particular_is_everybodys() -> None:
    """Without a group it is for the whole network."""
    plan = made(planned(day=EARLY, NvGroups=""))
    assert [entry.title for entry in plan.of_all] == ["Fladdermöss"]


def test_undated_rows_come_last_and_in_one_plan() -> None:
    """By what they say themselves, else in the plan that is being made."""
    rows = (planned("1"), planned("2", NvTime="hösten 2023"), planned("3", EARLY))
    plan = made(*rows)

    assert [entry.row_id for entry in plan.entries] == ["3", "1"]
    assert [entry.row_id for entry in made(*rows, year=2023).undated] == ["2"]
    assert [entry.row_id for entry in made(planned("1"), year=2023).undated] == ["1"]


def test_hours_of_a_planned_row_are_local() -> None:
    """In winter and in summer, over one day or several."""
    winter = made(planned(day=EARLY, NvTime="9.30-15"))
    two = planned(day=date(2024, 6, 11), NvEnd="2024-06-12T12:00:00Z", NvTime="9-15")

    assert winter.dated[0].start == datetime(2024, 3, 6, 8, 30, tzinfo=UTC)
    [entry] = made(two).dated
    assert (entry.start, entry.end) == (
        datetime(2024, 6, 11, 7, tzinfo=UTC),
        datetime(2024, 6, 12, 13, tzinfo=UTC),
    )


def test_nothing_is_said_twice() -> None:
    """While it is asked the row stands for the event; beside its own row the event does."""
    event = meeting(EARLY, "Stadsplanering")
    unsure = made(planned(day=EARLY, Title="Träff i mars"), of=(event,))
    double = made(planned(day=EARLY, Title="Stadsplanering"), of=(replace(event, row_id="1"),))

    assert titles(unsure) == ["Träff i mars"]
    assert [entry.booked for entry in double.dated] == [True]


def test_a_digital_meeting_has_no_place() -> None:
    """What Outlook writes there is none."""
    plan = made(of=(meeting(EARLY, form=Form.DIGITAL, place="Microsoft Teams-möte"),))
    assert plan.dated[0].place == ""
