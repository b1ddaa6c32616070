"""The calendar's entries through time: their UIDs stay, their sequences grow."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from service.domain.plan.listing import Listed, listed
from service.domain.plan.plan import Entry

NOW = datetime(2023, 11, 1, 9, tzinfo=UTC)
DAY = date(2024, 3, 6)
PLAIN = Entry(
    row_id="7",
    title="Fladdermöss",
    groups=(),
    form=None,
    kind=None,
    first_day=DAY,
    last_day=DAY,
    booked=False,
)
BOUND = replace(PLAIN, meeting_id="uid", booked=True)


def said(
    *entries: Entry, before: dict[str, Listed] | None = None, days: float = 0, public: bool = True
) -> dict[str, Listed]:
    return listed(
        before or {},
        entries,
        drafted={2024},
        published={2024} if public else set(),
        network_id="natverk",
        now=NOW + timedelta(days=days),
    )


def test_bound_to_its_event() -> None:
    """The same UID, confirmed, and a higher sequence."""
    [before] = (first := said(PLAIN)).values()
    [after] = said(BOUND, before=first, days=1).values()

    assert after.uid == before.uid
    assert after.sequence > before.sequence
    assert (after.changed, after.entry.booked) == (NOW + timedelta(days=1), True)


def test_moved_even_to_another_year() -> None:
    """The year's file that people have still tells where it went."""
    first = said(PLAIN)
    moved = replace(PLAIN, first_day=date(2025, 1, 9), last_day=date(2025, 1, 9))
    [after] = said(moved, before=first, days=1).values()

    assert after.uid in first
    assert after.years == (2024, 2025)


def test_nothing_new_is_nothing_said() -> None:
    """Neither time nor what no calendar shows makes a change."""
    first = said(PLAIN)
    assert said(replace(PLAIN, summary="mer", speakers="Bo"), before=first, days=9) == first


def test_cancelled_and_gone() -> None:
    """Both stay, cancelled once, for those who imported them; and come back if they do."""
    first = said(PLAIN)
    for second in (
        said(replace(PLAIN, cancelled=True), before=first, days=1),
        said(before=first, days=1),
        said(replace(PLAIN, first_day=None, last_day=None), before=first, days=1),
    ):
        [gone] = second.values()
        assert (gone.uid in first, gone.entry.cancelled) == (True, True)
        assert said(before=second, days=2) == second
        [back] = said(PLAIN, before=second, days=3).values()
        assert not back.entry.cancelled
        assert back.sequence > gone.sequence


def test_a_draft_forgets_what_nobody_has() -> None:
    """Before it is published, what is taken back leaves no trace."""
    first = said(PLAIN, public=False)
    assert said(before=first, days=1, public=False) == {}
    assert said(replace(PLAIN, cancelled=True), public=False) == {}


def test_row_and_event_that_were_two() -> None:
    """Once they are one, the row's UID stays and the event's own is cancelled."""
    alone = replace(BOUND, row_id="")
    first = said(PLAIN, alone)
    assert len(first) == 2
    second = said(BOUND, before=first, days=1)

    assert sorted(one.entry.cancelled for one in second.values()) == [False, True]
    [living] = [one for one in second.values() if not one.entry.cancelled]
    assert living.row_id == "7"


def test_a_state_made_anew_comes_to_the_same_uid() -> None:
    """And to a higher sequence, so that calendars take it."""
    [before] = said(PLAIN).values()
    [after] = said(BOUND, days=30).values()

    assert after.uid == before.uid
    assert after.sequence > before.sequence


STEPS = st.lists(
    st.lists(
        st.builds(
            lambda number, bound, day, title, cancelled: replace(
                PLAIN,
                row_id=f"r{number}" if bound != 2 else "",
                meeting_id=f"m{number}" if bound else "",
                booked=bool(bound),
                first_day=day,
                last_day=day,
                title=title,
                cancelled=cancelled,
            ),
            st.integers(1, 3),
            st.integers(0, 2),
            st.one_of(st.none(), st.dates(date(2024, 1, 1), date(2025, 12, 31))),
            st.sampled_from(("A", "B")),
            st.booleans(),
        ),
        max_size=3,
        unique_by=lambda entry: (entry.row_id or entry.meeting_id).strip("rm"),
    ),
    max_size=6,
)


@given(STEPS)
def test_whatever_happens(steps: list[list[Entry]]) -> None:
    """A UID an entry, nothing public lost, and a higher sequence wherever something changed."""
    before: dict[str, Listed] = {}
    for number, entries in enumerate(steps):
        after = said(*entries, before=before, days=number)
        assert {one.uid for one in after.values()} == set(after)
        living = [one for one in after.values() if not one.entry.cancelled]
        wanted = [e for e in entries if not e.cancelled and e.first_day]
        assert len(living) <= len(wanted)
        assert {2024} <= {year for one in living for year in one.years} or not any(
            e.first_day and e.first_day.year == 2024 for e in wanted
        )
        for uid, old in before.items():
            if old.public:
                new = after[uid]
                assert new.sequence > old.sequence or new.entry == old.entry
                assert new.changed >= old.changed
        assert said(*entries, before=after, days=number) == after
        before = after
