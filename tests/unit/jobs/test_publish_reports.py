"""The draft of the annual report: written where there is something to report."""

from dataclasses import replace
from datetime import UTC, date, datetime

from service.domain.actions import Action, RefreshFile, Shelf
from service.domain.annual import annual_report
from service.domain.meeting import Meeting, Status
from service.jobs.publish_reports import Observed, plan
from tests.unit.effects.world import labels, meeting, network

NOW = datetime(2023, 12, 31, 17, 0, tzinfo=UTC)
HELD = meeting(status=Status.HELD, teams_count=12)


def planned(*meetings: Meeting, now: datetime = NOW) -> tuple[Action, ...]:
    report = annual_report(
        network=network(),
        year=2023,
        meetings=meetings,
        evaluations={},
        yearly=None,
        history=(),
        now=now,
    )
    seen = Observed(report=report, labels=labels(), name="Årsrapport 2023", today=now.date())
    return plan(seen, now)


def draft(*meetings: Meeting, now: datetime = NOW) -> RefreshFile:
    [action] = planned(*meetings, now=now)
    assert isinstance(action, RefreshFile)
    return action


def test_draft() -> None:
    """The draft lies with the coordinators, under the year's name, and is a document."""
    action = draft(HELD)

    assert (action.folder.shelf, action.folder.path) == (Shelf.COORDINATION, "Rapportutkast")
    assert action.name == "Årsrapport 2023.docx"
    assert action.name_beside == "Årsrapport 2023 (2023-12-31).docx"
    assert action.source.make().startswith(b"PK")


def test_nothing_held() -> None:
    """Without a held meeting of the year there is no report."""
    invited = replace(HELD, status=Status.INVITED)
    cancelled = replace(HELD, status=Status.CANCELLED)
    last_year = meeting(date(2022, 3, 8), status=Status.HELD)

    assert planned() == ()
    assert planned(invited, cancelled, last_year) == ()


def test_fingerprint_tells_what_it_says() -> None:
    """Another moment is no news, another number is."""
    later = draft(HELD, now=datetime(2024, 1, 31, 17, 0, tzinfo=UTC))
    more = draft(replace(HELD, teams_count=13))

    assert later.source.fingerprint == draft(HELD).source.fingerprint
    assert more.source.fingerprint != draft(HELD).source.fingerprint
