"""Which planned row is which event's, and what is asked."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from service.domain.meeting import Form, Kind, Meeting, Status
from service.domain.plan.binding import Doubt, bind, uninvited
from service.domain.plan.planned import PlannedRow, hours_of, planned_rows
from service.observe import SeenRow
from tests.unit.effects.world import CLIMATE, NATURE, meeting, network
from tests.unit.plan.builders import planned, row

DAY = date(2023, 5, 10)


def bats(title: str = "Fladdermöss", **other: object) -> Meeting:
    return replace(meeting(DAY, title, groups=(NATURE,)), **other)


def at(hour: int) -> datetime:
    """Of the day, in Swedish summer time."""
    return datetime(2023, 5, 10, hour - 2, tzinfo=UTC)


def bound(*rows: PlannedRow, to: tuple[Meeting, ...], having: tuple[str, ...] = ()) -> dict:
    return {
        meeting_id: one.row_id for meeting_id, one in bind(rows, to, having, network()).rows.items()
    }


def asked(*rows: PlannedRow, to: tuple[Meeting, ...], having: tuple[str, ...] = ()) -> list:
    found = bind(rows, to, having, network())
    return [(one.row.row_id, one.doubt, len(one.meetings)) for one in found.questions]


# ---------------------------------------------------------------- rows


def test_a_planned_row_is_read_as_it_was_typed() -> None:
    """Groups by name, id or alias; hours, form and place in a person's words."""
    [found] = planned_rows(
        [
            row(
                day=DAY,
                NvGroups="naturvard, Miljöstrategigruppen",
                NvTime="kl. 9.30–15",
                NvPlace="Skara",
            )
        ],
        network(),
    )
    assert found.groups == (CLIMATE, NATURE)
    assert found.hours == (time(9, 30), time(15, 0))
    assert (found.form, found.kind, found.first_day) == (Form.PHYSICAL, None, DAY)
    assert planned(Title="Utbildningsdag i fält").kind is Kind.TRAINING
    assert planned(NvPlace="Teams").form is Form.DIGITAL


def test_what_is_no_planned_row() -> None:
    """A row with an id is a meeting's, and an empty one is nobody's."""
    own = row("1", DAY, NvMeetingId="uid")
    empty = SeenRow(id="2", etag="e", fields={"Title": " ", "NvMeetingId": None})

    assert planned_rows([own, empty], network()) == ()


@pytest.mark.parametrize(
    ("written", "hours"),
    [
        ("09:30–15:30", (time(9, 30), time(15, 30))),
        ("kl 13-14.30", (time(13), time(14, 30))),
        ("9 till 12", (time(9), time(12))),
        ("10–11 maj", None),
        ("hösten 2024", None),
        ("15-13", None),
        ("9.30-25", None),
        ("", None),
    ],
)
def test_hours(written: str, hours: object) -> None:
    """Hours of one day are read; anything else is words."""
    assert hours_of(written) == hours


def test_the_year_of_an_undated_row() -> None:
    """Its words may name it."""
    assert planned(NvTime="oktober 2024").year == 2024
    assert planned(NvTime="oktober").year is None
    assert planned(day=DAY).year == 2023


# ---------------------------------------------------------------- sure


@pytest.mark.parametrize("title", ["Fladdermöss", "FLADDERMÖSS ", "Naturvårdsgruppen: Fladdermöss"])
def test_the_same_title(title: str) -> None:
    """Day and title are the event's: bound, however it is written."""
    assert bound(planned(day=DAY, Title=title), to=(bats(),)) == {bats().id: "7"}


def test_a_title_like_it() -> None:
    """Words of the title are enough on the day."""
    event = bats("Fladdermöss och belysning")
    assert bound(planned(day=DAY), to=(event,)) == {event.id: "7"}


def test_a_day_of_several() -> None:
    """A meeting of two days is found by either."""
    long = bats(last_day=date(2023, 5, 11))
    assert bound(planned(day=date(2023, 5, 11)), to=(long,)) == {long.id: "7"}


def test_two_rows_of_a_day() -> None:
    """Each is bound by its own title."""
    one, other = bats(), bats("Klimatlöften", id="other", groups=(CLIMATE,))
    rows = (
        planned("1", DAY),
        planned("2", DAY, Title="Klimatlöften", NvGroups="Miljöstrategigruppen"),
    )
    assert bound(*rows, to=(one, other)) == {one.id: "1", other.id: "2"}


def test_a_joint_meeting() -> None:
    """One group in common is enough."""
    joint = meeting(DAY, "Fladdermöss", groups=(CLIMATE, NATURE))
    assert bound(planned(day=DAY), to=(joint,)) == {joint.id: "7"}


def test_the_exact_title_before_one_like_it() -> None:
    """The row of the very title is the event's; the other goes on waiting."""
    rows = (planned("1", DAY), planned("2", DAY, Title="Fladdermöss i fält"))
    assert bound(*rows, to=(bats(),)) == {bats().id: "1"}


# ---------------------------------------------------------------- not bound


@pytest.mark.parametrize(
    "event",
    [
        meeting(date(2023, 5, 11), "Fladdermöss", groups=(NATURE,)),
        bats(status=Status.CANCELLED),
        meeting(DAY, "Klimatlöften", groups=(CLIMATE,)),
    ],
)
def test_another_meeting(event: Meeting) -> None:
    """Another day, a cancelled one, another group with another theme: nothing to ask."""
    assert bound(planned(day=DAY), to=(event,)) == {}
    assert asked(planned(day=DAY), to=(event,)) == []


def test_a_cancelled_row() -> None:
    """It waits for no event."""
    assert bound(planned(day=DAY, NvCancelled=True), to=(bats(),)) == {}


# ---------------------------------------------------------------- asked


def test_another_title_is_asked() -> None:
    """The same day and group: it may have got its theme since."""
    rows, events = (planned(day=DAY, Title="Träff i maj"),), (bats(),)
    assert bound(*rows, to=events) == {}
    assert asked(*rows, to=events) == [("7", Doubt.UNSURE, 1)]
    assert bind(rows, events, (), network()).waiting == {bats().id}


def test_two_rows_of_one_title_are_asked() -> None:
    """One event cannot be two rows', and nobody guesses."""
    rows = (planned("1", DAY), planned("2", DAY))
    assert bound(*rows, to=(bats(),)) == {}
    assert asked(*rows, to=(bats(),)) == [("1", Doubt.SEVERAL, 1), ("2", Doubt.SEVERAL, 1)]


def test_two_events_of_one_title_are_asked() -> None:
    """Nor one row two events'."""
    events = (bats(), bats(id="uid-other"))
    assert asked(planned(day=DAY), to=events) == [("7", Doubt.SEVERAL, 2)]


def test_hours_tell_two_of_a_title_apart() -> None:
    """The morning's row is the morning's event's."""
    morning = bats(start=at(9), end=at(12))
    later = bats(id="later", start=at(13), end=at(16))
    rows = (planned("1", DAY, NvTime="9-12"), planned("2", DAY, NvTime="13-16"))
    assert bound(*rows, to=(morning, later)) == {morning.id: "1", "later": "2"}


def test_other_hours_answer_the_question() -> None:
    """A coordinator who types the hours has said that it is another meeting."""
    event = bats("Stadsplanering", start=at(9), end=at(12))
    assert asked(planned(day=DAY, NvTime="13-16"), to=(event,)) == []


def test_a_row_beside_the_events_own_is_a_double() -> None:
    """The event has its row: the coordinator is asked which is to go."""
    found = bind([planned(day=DAY)], [bats()], {bats().id}, network())
    assert [(one.doubt, one.same) for one in found.questions] == [(Doubt.DOUBLE, True)]
    assert found.waiting == frozenset()


def test_a_row_that_is_soon_and_has_no_event() -> None:
    """It is told of in good time, once only, and not if it is cancelled or undated."""
    soon, far = planned("1", date(2023, 5, 30)), planned("2", date(2023, 9, 1))
    rows = [soon, far, planned("3", DAY, NvCancelled=True), planned("4")]

    assert [one.row for one in uninvited(rows, (), DAY, 21)] == [soon]
    questions = bind([soon], [meeting(soon.first_day, "X", groups=(NATURE,))], (), network())
    assert uninvited(rows, questions.questions, DAY, 21) == ()
