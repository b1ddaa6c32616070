"""Which reminders are posted, when, and which are dropped and why."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.meeting import Form, Meeting, Status
from service.domain.network import Network
from service.domain.period import in_pause, is_workday, local_day
from service.domain.post import Dropped, Post, Reason
from service.domain.reminder import (
    Links,
    MeetingFacts,
    PlanFacts,
    Policy,
    PostKind,
    Previous,
    Situation,
    YearlyFacts,
    outlook,
    plan,
)
from service.render.cards import adaptive_card
from service.render.texts import Texts, texts_from
from tests.unit.posts.given_results import FIVE

When = Callable[[str], datetime]
FactsAt = Callable[[datetime], MeetingFacts]
ZONE = "Europe/Stockholm"
PAGE = "https://exempel.sharepoint.com/sites/natverket"
CHANNELS = {"common": "common", "miljostrategi": "miljostrategi", "naturvard": "naturvard"}


class Desk:
    """Plans for a network, remembering what was decided as the ledger would."""

    def __init__(self, network: Network, policy: Policy, words: Texts) -> None:
        self.network, self.policy, self.words = network, policy, words
        self.already: dict[str, date | None] = {}
        self.decided: list[tuple[datetime, Post | Dropped]] = []

    def situation(self, *meetings: Meeting, facts: MeetingFacts | None = None, **more: object):
        given = {one.id: facts or MeetingFacts() for one in meetings}
        return Situation(
            network=self.network,
            page=PAGE,
            meetings=meetings,
            facts=given,
            channels=CHANNELS,
            **more,
        )

    def at(self, now: datetime, situation: Situation) -> tuple[Post | Dropped, ...]:
        decided = plan(situation, self.policy, self.already, now=now, words=self.words)
        for one in decided:
            self.already[one.key] = local_day(now, ZONE) if isinstance(one, Post) else None
            self.decided.append((now, one))
        return decided

    def live(self, meeting: Meeting, facts_at: FactsAt, start: datetime, days: int) -> None:
        """Look every half hour of the day, and at midnight."""
        for step in range(days * 48):
            now = start + timedelta(minutes=30 * step)
            if 0 < now.hour < 6 or now.hour > 16:
                continue
            self.at(now, self.situation(meeting, facts=facts_at(now)))

    def posted(self) -> list[tuple[str, str]]:
        stamp = "%Y-%m-%d %H:%M"
        return [
            (one.kind, now.astimezone(UTC).strftime(stamp))
            for now, one in self.decided
            if isinstance(one, Post)
        ]

    def dropped(self) -> dict[str, Reason]:
        return {one.kind: one.reason for _, one in self.decided if isinstance(one, Dropped)}


@pytest.fixture
def desk(network: Network, policy: Policy, words: Texts) -> Desk:
    return Desk(network, policy, words)


def kinds(decided: Iterable[Post | Dropped]) -> list[str]:
    return [one.kind for one in decided if isinstance(one, Post)]


# ---------------------------------------------------------------- the example year


def test_a_physical_meeting_of_two_days(desk: Desk, two_days: Meeting, when: When):
    """Skara, 10–11 May 2023: five posts; what the digest can tell as well gives way."""

    def facts(now: datetime) -> MeetingFacts:
        return MeetingFacts(
            registration_seen=when("2023-03-30 10:00"),
            materials=4 if now > when("2023-05-12 12:00") else 0,
            answers=11 if now > when("2023-05-12 12:00") else 0,
            result=FIVE,
            links=Links(folder=f"{PAGE}/2023"),
        )

    desk.live(two_days, facts, when("2023-03-30 00:00"), 60)
    assert desk.posted() == [
        ("registration_closing", "2023-04-21 06:30"),  # 23 April is a Sunday
        ("registration_last_day", "2023-04-28 06:30"),
        ("soon", "2023-05-09 11:00"),
        ("survey_open", "2023-05-11 13:30"),
        ("documentation", "2023-05-16 08:00"),
    ]
    assert desk.dropped() == {
        "registration_open": Reason.MEETING_FULL,
        "survey_result": Reason.MEETING_FULL,
    }


def test_a_digital_meeting(desk: Desk, digital: Meeting, when: When):
    """13 September 2023: open, closing, soon, and documentation once there is any."""

    def facts(now: datetime) -> MeetingFacts:
        return MeetingFacts(
            registration_seen=when("2023-08-21 10:00"),
            recording=now > when("2023-09-23 20:00"),  # a Saturday night, after the due time
        )

    desk.live(digital, facts, when("2023-08-21 00:00"), 45)
    assert desk.posted() == [
        ("registration_open", "2023-08-22 07:00"),
        ("registration_closing", "2023-09-01 06:30"),
        ("soon", "2023-09-12 11:00"),
        ("documentation", "2023-09-25 06:00"),  # Monday, when quiet hours end
    ]
    assert desk.dropped() == {}


def test_without_a_survey_link_nobody_is_nagged(desk: Desk, two_days: Meeting, when: When):
    """A meeting without survey link gets no post about one, whatever else is missing."""
    meeting = replace(two_days, survey_link="", day_counts=(24, 17))
    desk.live(meeting, lambda _: MeetingFacts(), when("2023-05-09 00:00"), 30)
    assert [kind for kind, _ in desk.posted()] == ["soon"]


# ---------------------------------------------------------------- when


def test_before_a_holiday_the_workday_before(desk: Desk, meeting: Meeting, when: When):
    """A meeting on the Tuesday after Easter is recalled on Maundy Thursday, and says so."""
    april = replace(
        meeting,
        start=when("2023-04-11 09:00"),
        end=when("2023-04-11 12:00"),
        first_day=date(2023, 4, 11),
        last_day=date(2023, 4, 11),
        register_by=None,
    )
    assert desk.at(when("2023-04-06 12:59"), desk.situation(april)) == ()
    (post,) = desk.at(when("2023-04-06 13:00"), desk.situation(april))
    assert isinstance(post, Post)
    assert post.card.text == "På tisdag kl. 9.00 är det dags. Plats: Alingsås."


def test_a_deadline_on_a_sunday_is_named_on_friday(desk: Desk, meeting: Meeting, when: When):
    """The last day's reminder never comes after it, and does not call Sunday today."""
    sunday = replace(meeting, register_by=date(2023, 3, 5))
    desk.at(when("2023-02-28 08:30"), desk.situation(sunday))
    (post,) = desk.at(when("2023-03-03 08:30"), desk.situation(sunday))
    assert isinstance(post, Post)
    assert post.kind == "registration_last_day"
    assert post.card.text.startswith("På söndag är sista dagen att anmäla sig.")


def test_a_late_end_thanks_next_morning(desk: Desk, two_days: Meeting, when: When):
    """A survey that would open in quiet hours waits for the morning and words itself so."""
    late = replace(two_days, end=when("2023-05-11 18:00"))
    assert "survey_open" not in kinds(desk.at(when("2023-05-11 18:01"), desk.situation(late)))
    posts = desk.at(when("2023-05-12 08:00"), desk.situation(late))
    (post,) = [one for one in posts if one.kind == "survey_open" and isinstance(one, Post)]
    assert post.card.text.startswith("Tack för senast!")
    assert "Svara senast torsdag 18 maj" in post.card.text


def test_nothing_is_posted_after_its_moment(desk: Desk, meeting: Meeting, when: When):
    """After a week of sleep a closed registration is dropped with a reason; it is said once."""
    situation = desk.situation(replace(meeting, terms="bindande"))
    decided = desk.at(when("2023-03-02 09:00"), situation)
    assert {one.reason for one in decided if isinstance(one, Dropped)} == {Reason.PASSED}
    assert kinds(decided) == []
    assert desk.at(when("2023-03-02 10:00"), situation) == ()


def test_what_is_long_past_is_not_mentioned(desk: Desk, meeting: Meeting, when: When):
    """A service that starts in summer says nothing of March."""
    assert desk.at(when("2023-06-01 09:00"), desk.situation(meeting)) == ()


def test_a_post_due_in_a_pause_is_dropped(desk: Desk, digital: Meeting, when: When):
    """What falls due in the summer pause is dropped, except a cancellation."""
    august = replace(
        digital,
        start=when("2023-08-10 09:00"),
        end=when("2023-08-10 11:00"),
        first_day=date(2023, 8, 10),
        last_day=date(2023, 8, 10),
        register_by=None,
    )
    (dropped,) = desk.at(when("2023-08-09 13:00"), desk.situation(august))
    assert isinstance(dropped, Dropped)
    assert (dropped.reason, dropped.text) == (
        Reason.PAUSE,
        "Skulle ha gått ut under ett uppehåll.",
    )
    gone = replace(august, status=Status.CANCELLED)
    facts = MeetingFacts(cancelled_seen=when("2023-08-09 13:10"))
    assert kinds(desk.at(when("2023-08-09 13:25"), desk.situation(gone, facts=facts))) == [
        "cancelled"
    ]


# ---------------------------------------------------------------- corrections


def test_a_move_is_told_once_with_old_and_new(desk: Desk, meeting: Meeting, when: When):
    """A changed time and place are both named, a quarter of an hour after they settled."""
    before = Previous(
        seen=when("2023-03-02 10:00"),
        start=when("2023-03-07 09:30"),
        end=when("2023-03-07 15:30"),
        place="Borås",
    )
    situation = desk.situation(meeting, facts=MeetingFacts(previous=before))
    assert "moved" not in kinds(desk.at(when("2023-03-02 10:10"), situation))
    (post,) = desk.at(when("2023-03-02 10:15"), situation)
    assert isinstance(post, Post)
    assert post.card.title == "Ändrat: Natur i stadsplanering"
    assert post.card.text == (
        "Tidigare: tisdag 7 mars kl. 9.30–15.30, Borås. "
        "Nu: onsdag 8 mars kl. 9.30–15.30, Alingsås. Kalenderinbjudan är uppdaterad."
    )
    assert desk.at(when("2023-03-02 10:45"), situation) == ()


def test_a_long_pause_of_the_service_does_not_leave_a_wrong_date(
    desk: Desk, meeting: Meeting, when: When
):
    """It moved while the service was off for weeks: members were told, so it is put right."""
    before = Previous(
        seen=when("2023-02-10 10:00"),
        start=when("2023-03-07 09:30"),
        end=when("2023-03-07 15:30"),
        place="Borås",
    )
    situation = desk.situation(meeting, facts=MeetingFacts(previous=before))
    situation = replace(situation, since=when("2023-03-01 10:00"))
    assert "moved" in kinds(desk.at(when("2023-03-02 10:15"), situation))


def test_a_moved_meeting_is_recalled_anew(desk: Desk, meeting: Meeting, when: When):
    """The day before is worth saying again for a new date, and only then."""
    calm = replace(meeting, register_by=None)
    assert kinds(desk.at(when("2023-03-07 13:00"), desk.situation(calm))) == ["soon"]
    later = replace(
        calm,
        start=when("2023-03-15 09:30"),
        end=when("2023-03-15 15:30"),
        first_day=date(2023, 3, 15),
        last_day=date(2023, 3, 15),
    )
    assert kinds(desk.at(when("2023-03-14 13:00"), desk.situation(later))) == ["soon"]


def test_a_cancelled_meeting_is_told_of_and_then_silent(desk: Desk, two_days: Meeting, when: When):
    """After a cancellation nothing else is said of the meeting."""
    gone = replace(two_days, status=Status.CANCELLED)
    facts = MeetingFacts(cancelled_seen=when("2023-05-05 14:00"), materials=3)
    desk.live(gone, lambda _: facts, when("2023-04-20 00:00"), 45)
    assert desk.posted() == [("cancelled", "2023-05-05 12:30")]


def test_a_correction_waits_for_the_morning_only_in_good_time(
    desk: Desk, digital: Meeting, when: When
):
    """At night a cancellation waits, unless the meeting is early next morning."""
    gone = replace(digital, status=Status.CANCELLED)
    seen = MeetingFacts(cancelled_seen=when("2023-09-11 20:00"))
    situation = desk.situation(gone, facts=seen)
    assert desk.at(when("2023-09-11 20:30"), situation) == ()
    assert kinds(desk.at(when("2023-09-12 08:00"), situation)) == ["cancelled"]
    late = MeetingFacts(cancelled_seen=when("2023-09-12 20:00"))
    assert kinds(desk.at(when("2023-09-12 20:15"), desk.situation(gone, facts=late))) == [
        "cancelled"
    ]


# ---------------------------------------------------------------- whom, how many


def test_a_joint_meeting_is_told_of_once_in_the_common_channel(
    desk: Desk, meeting: Meeting, when: When
):
    """Both groups have channels; the joint meeting has one post, in the common one."""
    (post,) = desk.at(when("2023-03-07 13:00"), desk.situation(replace(meeting, register_by=None)))
    assert isinstance(post, Post)
    assert post.key == "v1/kommunnatverket/common/uid-0308/soon/2023-03-08"
    assert post.card.label == "Gemensam träff"


def test_a_group_without_channel_is_told_in_the_common_one(
    desk: Desk, meeting: Meeting, when: When
):
    """The channel of a group is used where there is one."""
    for group, channel in (("naturvard", "naturvard"), ("rattvis-handel", "common")):
        one = replace(meeting, id=f"uid-{group}", groups=(group,), register_by=None)
        (post,) = desk.at(when("2023-03-07 13:00"), desk.situation(one))
        assert post.channel == channel


@pytest.mark.parametrize("change", [{"hold": True}, {"status": Status.PLANNED}, {"groups": ()}])
def test_some_meetings_are_not_spoken_of(
    desk: Desk, two_days: Meeting, when: When, change: dict[str, object]
):
    """On hold, planned only, or of no group: nothing is posted."""
    quiet = replace(two_days, **change)
    desk.live(quiet, lambda _: MeetingFacts(materials=3), when("2023-04-20 00:00"), 40)
    assert desk.decided == []


def test_three_a_week_in_a_channel_the_weightiest_first(desk: Desk, meeting: Meeting, when: When):
    """Of five due on a day in one channel the three that matter most are posted; others wait."""

    def one(place: int, **change: object) -> Meeting:
        return replace(meeting, id=f"uid-{place}", groups=("naturvard",), **change)

    held = {"status": Status.HELD, "register_by": None}
    past = {
        "start": when("2023-03-02 09:00"),
        "end": when("2023-03-02 12:00"),
        "first_day": date(2023, 3, 2),
        "last_day": date(2023, 3, 2),
    }
    meetings = (
        *(one(place, register_by=None) for place in range(2)),
        one(
            2,
            register_by=date(2023, 3, 12),
            form=Form.DIGITAL,
            start=when("2023-03-20 09:00"),
            end=when("2023-03-20 11:00"),
            first_day=date(2023, 3, 20),
            last_day=date(2023, 3, 20),
        ),
        *(one(place, **held, **past) for place in (3, 4)),
    )
    situation = desk.situation(*meetings, facts=MeetingFacts(materials=2))
    desk.at(when("2023-03-07 13:30"), situation)
    assert sorted(kind for kind, _ in desk.posted()) == ["registration_closing", "soon", "soon"]
    assert "documentation" not in desk.dropped()
    desk.at(when("2023-03-13 08:00"), situation)
    assert [kind for kind, _ in desk.posted()].count("documentation") == 2


def test_two_that_say_the_same_are_not_posted_on_one_day(desk: Desk, meeting: Meeting, when: When):
    """A deadline typed on its last day gives one post of it; other posts that day stand."""
    typed = replace(meeting, questions_by=date(2023, 3, 3))
    decided = desk.at(when("2023-03-01 09:00"), desk.situation(typed))
    assert sorted(kinds(decided)) == ["questions", "registration_last_day"]
    assert desk.dropped() == {"registration_closing": Reason.SAME_DAY}


def test_the_nudge_goes_by_the_largest_day(desk: Desk, two_days: Meeting, when: When):
    """Nine of 24 are few, ten are not; without a count nobody knows."""
    for answers, counts, expected in ((9, (24, 17), 1), (10, (24, 17), 0), (0, (), 0)):
        desk.already = {}
        meeting = replace(two_days, day_counts=counts)
        facts = MeetingFacts(answers=answers)
        decided = desk.at(when("2023-05-16 09:00"), desk.situation(meeting, facts=facts))
        # The survey's opening was never posted here, and says the same.
        assert desk.dropped().get("survey_nudge") is (Reason.SAME_DAY if expected else None)
        assert "survey_open" in kinds(decided)
        desk.decided.clear()


def test_the_result_waits_for_the_tick(desk: Desk, digital: Meeting, when: When):
    """Figures are posted when released, with two decimals, and only those that may be told."""
    facts = MeetingFacts(answers=5, result=FIVE)
    now = when("2023-09-22 10:00")
    assert kinds(desk.at(now, desk.situation(digital, facts=facts))) == []
    ticked = replace(digital, publish_result=True)
    few = replace(facts, result=())
    assert kinds(desk.at(now, desk.situation(ticked, facts=few))) == []
    (post,) = desk.at(now, desk.situation(ticked, facts=facts))
    assert isinstance(post, Post)
    assert "nöjdhet 5,40, nytta 5,00 (skala 1–6, 5 svar)" in post.card.text


def test_the_year_is_spoken_of_in_the_common_channel(desk: Desk, when: When):
    """Plan and yearly survey go to everybody, once."""
    yearly = YearlyFacts(
        year=2023,
        opens=date(2023, 12, 4),
        closes=date(2023, 12, 20),
        link="https://forms.office.com/e/Ar2023",
        answers=31,
    )
    plans = (
        PlanFacts(year=2024, published=when("2023-12-01 17:30"), meetings=18, link=f"{PAGE}/2024"),
    )
    situation = desk.situation(yearly=yearly, plans=plans)
    for day in range(1, 29):
        desk.at(when(f"2023-12-{day:02d} 10:00"), situation)
    assert desk.posted() == [
        ("plan_ready", "2023-12-04 09:00"),  # published on Friday afternoon
        ("yearly_open", "2023-12-04 09:00"),
        ("yearly_nudge", "2023-12-15 09:00"),  # four days before is a Saturday
    ]
    assert {key.split("/")[2] for key in desk.already} == {"common"}


def test_a_plan_that_is_published_at_christmas(desk: Desk, when: When):
    """It is told of when people are back, and not dropped with what fell into the pause."""
    plans = (PlanFacts(year=2024, published=when("2023-12-28 10:00"), meetings=9, link=PAGE),)
    situation = desk.situation(plans=plans)
    for day in ("2023-12-28", "2024-01-02", "2024-01-08", "2024-01-09"):
        desk.at(when(f"{day} 10:00"), situation)
    assert desk.posted() == [("plan_ready", "2024-01-08 09:00")]


def test_kinds_can_be_turned_off(desk: Desk, meeting: Meeting, when: When):
    """A kind that a network does not want is not posted; the rest is."""
    desk.policy = desk.policy.without(frozenset({PostKind.REGISTRATION_CLOSING}))
    desk.live(meeting, lambda _: MeetingFacts(), when("2023-02-20 00:00"), 18)
    assert [kind for kind, _ in desk.posted()] == ["registration_last_day", "soon"]


def test_terms_are_said_in_whole_sentences(desk: Desk, meeting: Meeting, when: When):
    """Binding and fee are worded, anything else is said as written."""
    for written, said in (
        ("Bindande, 450 kr", " Anmälan är bindande men kan överlåtas. Avgift: 450 kr."),
        ("ej bindande", " Ej bindande."),
        ("1 200,50 kr", " Avgift: 1 200,50 kr."),
        ("kostnadsfritt.", " Kostnadsfritt."),
        ("", "Då är du klar."),
    ):
        desk.already = {}
        situation = desk.situation(replace(meeting, terms=written))
        (post,) = desk.at(when("2023-02-24 08:30"), situation)
        assert isinstance(post, Post)
        assert post.card.text.endswith(said)


def test_the_outlook_shows_what_will_come(desk: Desk, meeting: Meeting, when: When):
    """The coming fortnight, as it would be posted if nothing changed."""
    coming = outlook(
        desk.situation(meeting),
        desk.policy,
        {},
        window=(when("2023-02-23 00:00"), when("2023-03-09 00:00")),
        words=desk.words,
    )
    assert kinds(coming) == ["registration_closing", "registration_last_day", "soon"]
    assert isinstance(coming[-1], Post)
    assert coming[-1].card.text.startswith("I morgon kl. 9.30")


@pytest.mark.parametrize("language", ["sv", "nb", "en"])
def test_every_kind_can_be_said_in_every_language(
    network: Network,
    policy: Policy,
    parsed: Callable[[str], dict[str, object]],
    two_days: Meeting,
    when: When,
    language: str,
):
    """With caps out of the way every kind gives a card without open placeholders."""
    words = texts_from(parsed(f"texts/{language}.toml"), language=language, time_zone=ZONE)
    limits = replace(policy.limits, max_per_meeting=99, max_per_channel_week=99)
    rules = tuple(replace(rule, enabled=True) for rule in policy.rules)
    desk = Desk(network, replace(policy, rules=rules, limits=limits), words)
    meeting = replace(two_days, questions_by=date(2023, 4, 20))
    seen = when("2023-04-12 10:00")
    facts = MeetingFacts(
        registration_seen=when("2023-03-30 10:00"),
        materials=1,
        recording=True,
        answers=6,
        result=FIVE,
        previous=Previous(seen=seen, start=seen, end=seen, place=""),
        cancelled_seen=when("2023-05-05 10:00"),
        links=Links(folder=PAGE),
    )
    yearly = YearlyFacts(year=2023, opens=date(2023, 5, 2), closes=date(2023, 5, 16), link=PAGE)
    plans = (PlanFacts(year=2023, published=seen, meetings=17, link=PAGE),)
    gone = replace(meeting, id="gone", status=Status.CANCELLED)
    situation = desk.situation(meeting, gone, facts=facts, yearly=yearly, plans=plans)
    window = (when("2023-03-30 00:00"), when("2023-06-10 00:00"))
    posts = [
        one
        for one in outlook(situation, desk.policy, {}, window=window, words=words)
        if isinstance(one, Post)
    ]
    assert {post.kind for post in posts} == set(PostKind)
    for post in posts:
        said = "|".join((post.card.title, post.card.when_where, post.card.text))
        assert not set("{}") & set(said)
        assert "  " not in said
        assert post.card.language == language
        assert len(adaptive_card(post.card, key=post.key)) < 3_000


# ---------------------------------------------------------------- always


@settings(max_examples=40, deadline=None)
@given(
    first=st.dates(date(2023, 1, 20), date(2023, 12, 20)),
    lead=st.integers(3, 25),
    hour=st.integers(8, 18),
    joint=st.booleans(),
    sleeps=st.integers(3, 96),
)
def test_whenever_it_looks(
    network: Network,
    policy: Policy,
    words: Texts,
    first: date,
    lead: int,
    hour: int,
    joint: bool,
    sleeps: int,
):
    """
    However seldom the daemon looks: at most five posts, never twice the same, only while
    people are at work, never in a pause, never too late.
    """
    desk = Desk(network, policy, words)
    start = datetime(first.year, first.month, first.day, hour, tzinfo=UTC)
    meeting = Meeting(
        id="uid",
        title="Träff",
        groups=("miljostrategi", "naturvard") if joint else ("naturvard",),
        form=Form.PHYSICAL,
        kind="meeting",
        start=start,
        end=start + timedelta(hours=3),
        first_day=first,
        last_day=first,
        place="Skara",
        status=Status.INVITED,
        event_id="event",
        register_by=first - timedelta(days=lead // 2),
        questions_by=first - timedelta(days=lead),
        survey_link="https://forms.office.com/e/x",
        publish_result=True,
        day_counts=(40,),
    )
    facts = MeetingFacts(
        registration_seen=start - timedelta(days=30),
        materials=2,
        answers=7,
        result=FIVE,
    )
    for step in range(0, 60 * 24, sleeps):
        desk.at(
            start - timedelta(days=32) + timedelta(hours=step), desk.situation(meeting, facts=facts)
        )
    keys = [one.key for _, one in desk.decided]
    assert len(keys) == len(set(keys))
    posts = [(now, one) for now, one in desk.decided if isinstance(one, Post)]
    assert len(posts) <= 5
    for now, one in posts:
        day = local_day(now, ZONE)
        assert one.due <= now < one.useful_until
        assert is_workday(day, network.holidays)
        assert not policy.limits.quiet.cover(now, ZONE)
        assert not in_pause(day, policy.limits.pauses)
