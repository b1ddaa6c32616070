"""The draft of the annual report: written where there is something to report."""

from dataclasses import replace
from datetime import UTC, date, datetime

from service.domain.actions import Action, RefreshFile, Shelf
from service.domain.annual import annual_report
from service.domain.annual.lacking import Beside
from service.domain.meeting import Meeting, Status
from service.jobs.annual import Compiled
from service.jobs.publish_reports import Observed, plan
from service.render.documents import Template, shipped_template
from tests.unit.effects.world import labels, meeting, network

NOW = datetime(2023, 12, 31, 17, 0, tzinfo=UTC)
HELD = meeting(status=Status.HELD, teams_count=12)


def planned(
    *meetings: Meeting,
    now: datetime = NOW,
    template: Template | None = None,
    written: dict[str, object] | None = None,
) -> tuple[Action, ...]:
    report = annual_report(
        network=network(),
        year=2023,
        meetings=meetings,
        evaluations={},
        surveys={},
        history=(),
        now=now,
    )
    seen = Observed(
        years=(Compiled(report=report, beside=Beside()),),
        labels=labels(),
        template=template or shipped_template(),
        today=now.date(),
        written=written or {},
    )
    return plan(seen, now)


def drafts(*meetings: Meeting, **more: object) -> dict[str, RefreshFile]:
    """By key."""
    found = {}
    for action in planned(*meetings, **more):  # type: ignore[arg-type]
        assert isinstance(action, RefreshFile)
        found[action.key] = action
    return found


def draft(*meetings: Meeting, now: datetime = NOW) -> RefreshFile:
    return drafts(*meetings, now=now)["report/annual/2023"]


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


def test_what_lies_beside_it() -> None:
    """The figures as a workbook and as JSON, and the list of what is missing, beside the draft."""
    made = drafts(HELD)

    assert {key: one.name for key, one in made.items()} == {
        "report/annual/2023": "Årsrapport 2023.docx",
        "report/annual/2023/xlsx": "Årsrapport 2023.xlsx",
        "report/annual/2023/json": "Årsrapport 2023.json",
        "report/annual/2023/missing": "Att komplettera, årsrapport 2023.docx",
    }
    assert {one.folder.path for one in made.values()} == {"Rapportutkast"}
    assert all(one.source.make() for one in made.values())


def test_only_what_says_something_else_is_written_anew() -> None:
    """A quotation that is chosen changes report and list; nothing new changes nothing."""
    before = {key: one.source.fingerprint for key, one in drafts(HELD).items()}

    assert drafts(HELD, written=before, now=datetime(2024, 1, 31, 17, 0, tzinfo=UTC)) == {}
    more = drafts(replace(HELD, teams_count=13), written=before)
    assert "report/annual/2023/missing" not in more
    assert len(more) == 3


def test_another_template_is_another_report() -> None:
    """The network has changed its template: the document is made anew, the figures are not."""
    before = {key: one.source.fingerprint for key, one in drafts(HELD).items()}
    own = Template(name="egen/annual.docx", content=shipped_template().content + b" ")

    assert set(drafts(HELD, written=before, template=own)) == {"report/annual/2023"}
