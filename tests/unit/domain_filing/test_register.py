"""The register: who may write what, and the meeting that comes of it."""

import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.meeting import Form, Invitation, Kind, Meeting, Status
from service.domain.network import FocusGroup, Network
from service.domain.register import (
    FORMS,
    KINDS,
    STATUSES,
    Columns,
    Owner,
    columns_from,
    fields_of,
    flag,
    meeting_of,
    merge,
    same,
)
from service.observe import Fields, FieldValue, SeenEvent

CONFIG = Path(__file__).parents[3] / "config" / "register.toml"
OWNERS = {"S": Owner.SERVICE, "P": Owner.PREFILL, "C": Owner.COORDINATOR}
NETWORK = Network(
    id="k",
    name="K",
    language="sv",
    time_zone="Europe/Stockholm",
    country="SE",
    groups=(
        FocusGroup(id="miljostrategi", name="Miljöstrategigruppen"),
        FocusGroup(id="naturvard", name="Naturvårdsgruppen"),
    ),
    mailbox="k@exempel.se",
)
INVITATION = Invitation(
    summary="En dag ute.",
    place="Grand Hotel, Alingsås",
    speakers="SLU",
    registration_link="https://a.se/anm",
    register_by=date(2023, 3, 1),
    terms="bindande; avgift: 450 kr",
    survey_link="https://a.se/ut",
    survey_closes=date(2023, 3, 15),
)
NOW = datetime(2023, 2, 1, tzinfo=UTC)


def columns() -> Columns:
    return columns_from(tomllib.loads(CONFIG.read_text(encoding="utf-8")))


def event(**other: object) -> SeenEvent:
    plain: dict[str, object] = {
        "id": "e1",
        "ical_uid": "uid1",
        "subject": "Naturvård: Natur i stadsplanering",
        "body_html": "",
        "start": datetime(2023, 3, 8, 8, 30, tzinfo=UTC),
        "end": datetime(2023, 3, 8, 14, 30, tzinfo=UTC),
        "location": "",
        "organizer": "k@exempel.se",
        "invited": (),
        "categories": (),
        "cancelled": False,
        "private": False,
        "join_url": None,
        "has_attachments": False,
        "modified": NOW,
    }
    return SeenEvent(**{**plain, **other})  # type: ignore[arg-type]


def read(
    row: Fields | None = None,
    base: Fields | None = None,
    invitation: Invitation = INVITATION,
    now: datetime = NOW,
    **other: object,
) -> Meeting:
    return meeting_of(
        event=event(**other),
        invitation=invitation,
        row=row,
        base=base,
        groups=("naturvard",),
        time_zone="Europe/Stockholm",
        now=now,
        network=NETWORK,
    )


# ---------------------------------------------------------------- columns


def test_columns() -> None:
    """The shipped file has every column of the three owners, with ASCII names."""
    found = columns()
    owners = list(found.owners.values())
    assert [owners.count(owner) for owner in Owner] == [17, 14, 14]
    assert len(found.library) == 8
    assert all(column.name.isascii() for column in (*found.register, *found.library))
    assert [one.name for one in found.register if one.unique] == ["NvMeetingId"]
    assert {one.name for one in found.library if one.hidden} == {"NvMeetingId", "NvSource"}


def test_labels_are_those_of_the_columns() -> None:
    """What the service writes in a choice is one of its choices."""
    shown = {column.name: dict(column.choices) for column in columns().register}
    assert shown["NvForm"] == {form.value: label for form, label in FORMS.items()}
    assert shown["NvKind"] == {kind.value: label for kind, label in KINDS.items()}
    assert shown["NvStatus"] == {status.value: label for status, label in STATUSES.items()}


def test_unknown_column_keys_are_refused() -> None:
    """A misspelt key or a column given twice is an error, not a default."""
    table = {"name": "A", "title": "A", "type": "text", "owner": "service"}
    with pytest.raises(ValueError, match="indexd"):
        columns_from({"register": [{**table, "indexd": True}], "library": []})
    with pytest.raises(ValueError, match="twice"):
        columns_from({"register": [table, table], "library": []})


# ---------------------------------------------------------------- merge

TEXT = st.sampled_from([None, "", "a", "b", "c"])


@given(TEXT, TEXT, st.one_of(st.none(), TEXT))
def test_merge_of_a_prefilled_column(
    wanted: FieldValue, shown: FieldValue, last: FieldValue
) -> None:
    """Written only where nobody changed it, and never to what it shows already."""
    written = merge({"P": wanted}, {"P": shown}, {"P": last}, OWNERS)
    assert bool(written) == (not same(wanted, shown) and same(shown, last))
    assert merge({"P": wanted}, {"P": shown, **written}, {"P": last, **written}, OWNERS) == {}


@given(TEXT, TEXT)
def test_merge_without_a_base(wanted: FieldValue, shown: FieldValue) -> None:
    """Where it is not known what we wrote, only an empty column is filled."""
    written = merge({"P": wanted}, {"P": shown}, None, OWNERS)
    assert bool(written) == (same(shown, None) and not same(wanted, None))


@given(TEXT, TEXT, TEXT)
def test_merge_by_owner(wanted: FieldValue, shown: FieldValue, last: FieldValue) -> None:
    """A service column is always put right; a coordinator's is never written, even in a new row."""
    row, base = {"S": shown, "C": shown}, {"S": last, "C": last}
    assert bool(merge({"S": wanted}, row, base, OWNERS)) == (not same(wanted, shown))
    assert merge({"C": wanted}, row, base, OWNERS) == {}
    assert merge({"C": wanted}, None, None, OWNERS) == {}


def test_emptied_stays_empty() -> None:
    """What a person emptied is not filled again, also after the invitation changed."""
    assert merge({"P": "ny"}, {"P": None}, {"P": "gammal"}, OWNERS) == {}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (5, 5.0), ("5", 5.0), (4.6, 4.6000000001), (None, ""), (None, "  "), (True, "true"),
        ("2023-03-08T12:00:00Z", "2023-03-08"), ("2023-03-08T12:00:00Z", "2023-03-07T23:00:00Z"),
        ("2023-07-08T12:00:00Z", "2023-07-07T22:00:00Z"), ("a\r\nb", "a\nb "),
        ("Fra\u030aga", "Fråga"), ("Fysisk\xa0", "Fysisk"),
    ],
)  # fmt: skip
def test_same(one: FieldValue, other: FieldValue) -> None:
    """Values that SharePoint gives back in other words are the same."""
    assert same(one, other)
    assert same(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (5, 6),
        (0, None),
        (False, None),
        (True, False),
        ("2023-03-08", "2023-03-09"),
        ("a", "A"),
        (5, "x"),
    ],
)
def test_not_same(one: FieldValue, other: FieldValue) -> None:
    """A real difference is one; nought and no are not nothing."""
    assert not same(one, other)
    assert not same(other, one)


# ---------------------------------------------------------------- fields


def test_fields() -> None:
    """Dates at noon UTC, the time local, groups as one text, nothing of the coordinators."""
    fields = fields_of(read(), network=NETWORK)
    assert fields["NvStart"] == "2023-03-08T12:00:00Z"
    assert fields["NvTime"] == "09:30–15:30"
    assert fields["NvGroups"] == "Naturvårdsgruppen"
    assert fields["NvForm"] == "Fysisk"
    assert fields["NvStatus"] == "Inbjudan skickad"
    assert fields["NvQuestionsBy"] is None
    owners = columns().owners
    assert all(owners[name] is not Owner.COORDINATOR for name in fields)


def test_long_lines_are_cut() -> None:
    """A text column holds 255 characters."""
    fields = fields_of(read(subject="ord " * 100), network=NETWORK)
    assert len(str(fields["Title"])) <= 255


# ---------------------------------------------------------------- meetings


def test_meeting_of_an_invitation() -> None:
    """Without a row everything is the invitation's."""
    found = read()
    assert (found.title, found.place, found.speakers) == (
        "Natur i stadsplanering", "Grand Hotel, Alingsås", "SLU",
    )  # fmt: skip
    assert (found.form, found.kind, found.status) == (
        Form.PHYSICAL, Kind.GATHERING, Status.INVITED,
    )  # fmt: skip
    assert (found.register_by, found.survey_closes) == (date(2023, 3, 1), date(2023, 3, 15))
    assert found.publish_recording


@pytest.mark.parametrize(
    ("location", "place", "join", "form"),
    [
        ("Microsoft Teams-möte", "", "https://t", Form.DIGITAL),
        ("Microsoft Teams-möte", "", None, Form.DIGITAL),
        ("Teams", "Rådhuset", "https://t", Form.HYBRID),
        ("Rådhuset; Microsoft Teams-möte", "", "https://t", Form.HYBRID),
        ("Rådhuset", "", None, Form.PHYSICAL),
        ("", "", None, Form.PHYSICAL),
        ("", "", "https://t", Form.DIGITAL),
    ],
)
def test_forms(location: str, place: str, join: str | None, form: Form) -> None:
    """Online without a place is digital, with one hybrid; else people meet."""
    found = read(invitation=Invitation(place=place), location=location, join_url=join)
    assert found.form is form


@pytest.mark.parametrize(
    ("subject", "kind"),
    [
        ("Utbildningsdag Naturvärdesinventering", Kind.TRAINING),
        ("Kurs i upphandling", Kind.TRAINING),
        ("Opplæring i naturregnskap", Kind.TRAINING),
        ("Webbinarium om klimat", Kind.WEBINAR),
        ("Kursändring för klimatet", Kind.GATHERING),
    ],
)
def test_kinds(subject: str, kind: Kind) -> None:
    """The subject tells training and webinar."""
    assert read(subject=subject).kind is kind


def test_row_wins_and_follows() -> None:
    """What was typed stands, what nobody changed follows the invitation, emptied stays empty."""
    base = {"Title": "Gammal", "NvPlace": "Gammal plats", "NvRegLink": "https://a.se/gammal"}
    row = {"Title": "Egen", "NvPlace": "Gammal plats", "NvRegLink": None, "NvForm": "Hybrid"}
    found = read(row, base)
    assert found.title == "Egen"
    assert found.place == "Grand Hotel, Alingsås"
    assert found.registration_link == ""
    assert found.form is Form.HYBRID
    without = read(row)
    assert (without.place, without.registration_link) == ("Gammal plats", "https://a.se/anm")


def test_coordinators_columns() -> None:
    """Counts, expectations and switches are read as SharePoint gives them."""
    row = {
        "id": "7", "NvDay1": 24.0, "NvDay2": 17.0, "NvInvited": 120.0, "NvTeamsCount": 3.0,
        "NvExpectSurvey": "Nej", "NvExpectRecording": "Enligt form", "NvPublishRecording": False,
        "NvPublishResult": True, "NvHold": True, "NvQuotes": "Bra!",
        "NvGroups": "Miljöstrategigruppen; Naturvårdsgruppen",
    }  # fmt: skip
    found = read(row)
    assert (found.row_id, found.day_counts, found.participants) == ("7", (24, 17), 41)
    assert (found.largest_day, found.invited_count, found.teams_count) == (24, 120, 3)
    assert (found.expects_survey, found.expects_recording) == (False, None)
    assert (found.publish_recording, found.publish_result, found.hold) == (False, True, True)
    assert found.quotes == "Bra!"
    assert found.groups == ("miljostrategi", "naturvard")


def test_statuses() -> None:
    """Cancelled by the calendar or by a tick; held once its end has passed."""
    late = datetime(2023, 3, 9, tzinfo=UTC)
    assert read(now=late).status is Status.HELD
    assert read(now=late, cancelled=True).status is Status.CANCELLED
    assert read({"NvCancelled": True}, now=late).status is Status.CANCELLED


def test_local_days() -> None:
    """Days are local, and an end at midnight belongs to the day before."""
    found = read(
        start=datetime(2023, 5, 9, 22, tzinfo=UTC), end=datetime(2023, 5, 11, 22, tzinfo=UTC)
    )
    assert (found.first_day, found.last_day, found.days) == (
        date(2023, 5, 10),
        date(2023, 5, 11),
        2,
    )


@pytest.mark.parametrize("shown", ["2023-03-03T12:00:00Z", "2023-03-02T23:00:00Z"])
def test_typed_dates(shown: str) -> None:
    """A date that a person picked is the day she saw."""
    assert read({"NvRegBy": shown}).register_by == date(2023, 3, 3)


def test_row_written_from_the_meeting_is_stable() -> None:
    """What the row then shows asks for no further write, and reads as the same meeting."""
    fields = fields_of(read(), network=NETWORK)
    row = {name: value for name, value in fields.items() if value is not None}
    again = read(row, fields)
    assert again == read()
    assert merge(fields_of(again, network=NETWORK), row, fields, columns().owners) == {}


def test_flags() -> None:
    """Yes and no in the words of the choices; anything else says neither."""
    assert [flag(value) for value in ("Ja", True, 1.0, "Nej", False, 0)] == [True] * 3 + [False] * 3
    assert [flag(value) for value in ("Enligt form", None, "", 7)] == [None] * 4
