"""Parts of the page that are there where the tenant keeps what they show, and else are not."""

import json

import pytest

from service.sandbox.look import ahead, channels, file, log, mail, runs
from service.sandbox.look.links import Links
from service.sandbox.look.markup import written
from service.sandbox.look.visit import NotThereError, Visit
from service.sandbox.sharepoint import library
from service.sandbox.sharepoint.library import Write
from service.sandbox.sharepoint.sites import lay_site
from service.sandbox.story import Story
from service.sandbox.tenant import Tenant
from tests.sandbox import worlds

AT = "2023-01-05T09:00:00.000Z"


@pytest.fixture
def visit(tmp_path):
    tenant = Tenant(worlds.WORLD, tmp_path)
    with tenant.store.transaction():
        lay_site(tenant)
        yield Visit(tenant=tenant, story=Story(tenant, ()), faults=dict)
    tenant.store.close()


def keep(visit, table, *rows):
    """The table anew, with the columns of these rows and no others."""
    store = visit.tenant.store
    store.do(f"DROP TABLE IF EXISTS {table}")
    store.do(f"CREATE TABLE {table} ({', '.join(rows[0])})")
    for row in rows:
        store.insert(table, **row)


@pytest.mark.parametrize(("part", "table"), [(mail.PART, "mails"), (runs.PART, "flow_runs")])
def test_a_part_without_its_table_is_not_there(visit, part, table):
    """Neither in the row of parts nor by its address."""
    visit.tenant.store.do(f"DROP TABLE IF EXISTS {table}")
    assert not part.is_there(visit.tenant)
    with pytest.raises(NotThereError):
        part.page(visit)


def test_mail_is_shown_with_its_people_and_harmless(visit):
    """Names for addresses of ours, secret copies by that name, drafts as drafts."""
    letter = {
        "id": "1",
        "mailbox": worlds.BOX.id,
        "subject": "Kallelse",
        "body": "<p>Hej</p><script>x</script>",
        "body_type": "html",
        "sender": worlds.BOX.mail,
        "recipients": json.dumps(
            {
                "toRecipients": [{"address": worlds.ANNA.mail}],
                "bccRecipients": [{"address": "ny@ort.example"}],
            }
        ),
        "sent_at": AT,
        "deleted": 0,
        "created_at": AT,
    }
    keep(visit, "mails", letter, {**letter, "id": "2", "sent_at": None, "subject": "Utkastet"})
    assert mail.PART.is_there(visit.tenant)
    shown = written(mail.PART.page(visit).content)
    assert "Från Nätverket till Anna Ek, ny@ort.example (dold kopia)." in shown
    assert "<script>" not in shown
    assert shown.count("utkast") == 1


def test_runs_of_flows_tell_what_became_of_them(visit):
    """By the channel they post to; why where they failed."""
    run = {"number": 1, "flow": "f10e0000", "started_at": AT, "status": "Succeeded"}
    failed = {**run, "number": 2, "status": "Failed", "code": "Gone", "message": "Kanalen är borta"}
    keep(visit, "flow_runs", {**failed, **run, "code": None, "message": None}, failed)
    shown = written(runs.PART.page(visit).content)
    assert "Inlägg i Allmänt" in shown
    assert shown.index("misslyckades") < shown.index("Gone Kanalen är borta")
    assert "lyckades" in shown


def test_what_holds_a_file_is_told_on_its_page(visit):
    """Who has it open, who has checked it out, which label it bears."""
    tenant = visit.tenant
    listed = tenant.store.value("SELECT id FROM lists WHERE drive IS NOT NULL")
    blob = tenant.blobs.keep(b"x")
    root = library.root_of(tenant, listed)
    by = f"user:{worlds.ANNA.id}"
    item, _ = library.put_file(tenant, root, "a.bin", blob, Write(by=by))
    keep(
        visit,
        "item_states",
        {"item": item["id"], "open_by": f"user:{worlds.BO.id}", "label": "Allmän handling"},
    )
    page = file.PART.page(Visit(**{**vars(visit), "names": (item["id"],)}))
    shown = written(page.content)
    assert "Öppen hos" in shown
    assert worlds.BO.name in shown
    assert "Allmän handling" in shown
    assert "Utcheckad" not in shown


def test_messages_tell_reactions_edits_and_what_teams_says(visit):
    """As far as the tenant keeps them."""
    row = {
        "channel": worlds.COMMON,
        "id": "1",
        "reply_to": None,
        "author": f"user:{worlds.BO.id}",
        "html": "<p>Hej</p>",
        "attachments": "[]",
        "created_at": AT,
        "edited_at": AT,
        "deleted_at": None,
        "event": None,
        "reactions": json.dumps([{"type": "like"}, {"type": "like"}, {"type": "🦔"}]),
    }
    system = {"@odata.type": "#microsoft.graph.membersAddedEventMessageDetail"}
    keep(
        visit,
        "messages",
        row,
        {**row, "id": "2", "deleted_at": AT},
        {**row, "id": "3", "event": json.dumps(system)},
    )
    found = visit.tenant.store.all("SELECT * FROM messages ORDER BY id")
    links = Links(visit.tenant)
    said, gone, event = (channels.message(visit.tenant, one, links, level=3).text for one in found)
    assert "👍 2" in said
    assert "🦔 1" in said
    assert "ändrat" in said
    assert "Inlägget är borttaget." in gone
    assert "Hej" not in gone
    assert "Någon har lagts till i teamet." in event


def test_the_journals_own_mark_tells_what_is_not_built(visit):
    """By template, so that a thousand ids are one line."""
    asked = {"at": AT, "path": "/v1.0/x", "status": 501, "app": None, "write": 0}
    keep(visit, "requests", *({"number": n, "method": "GET", **asked} for n in (1, 2)))
    keep(visit, "unbuilt", *({"number": n, "template": "/x/{id}", "why": "x"} for n in (1, 2)))
    shown = written(log.PART.page(visit).content)
    assert "/x/{id}" in shown
    assert "2 gånger" in shown


def test_the_next_thing_may_fall_due_by_itself(visit):
    """A flow that posts late, in whichever table it waits."""
    for table, column in (("queued_posts", "due"), ("due", "at")):
        visit.tenant.store.do(f"DROP TABLE IF EXISTS {table}")
        assert ahead.moment(visit) is None
        keep(visit, table, {"id": "1", column: AT})
        assert ahead.moment(visit).isoformat() == "2023-01-05T09:00:00+00:00"
        visit.tenant.store.do(f"DROP TABLE {table}")
