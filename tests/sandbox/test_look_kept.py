"""What the pages tell of everything that a tenant keeps, and of what it keeps nothing of."""

import json
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta

import pytest

from service.sandbox import due
from service.sandbox.acts import perform_now
from service.sandbox.look import (
    Look,
    ahead,
    channels,
    file,
    files,
    log,
    mail,
    runs,
    surveys,
    troubles,
)
from service.sandbox.look.links import HOME, Links
from service.sandbox.look.telling import told
from service.sandbox.look.visit import NotThereError, Visit
from service.sandbox.markup import written
from service.sandbox.sharepoint.sites import lay_site
from service.sandbox.story import Story
from service.sandbox.teams import runs as history
from service.sandbox.teams import threads
from service.sandbox.teams.threads import Draft
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import (
    AddMember,
    Answer,
    ApproveFile,
    BreakFlow,
    CheckOutFile,
    CreateForm,
    DeleteFile,
    DeleteMessage,
    EditMessage,
    EndCall,
    LabelFile,
    Leave,
    MailArrives,
    OpenFile,
    Question,
    React,
    RenameChannel,
    Say,
    SetLibrary,
    StartCall,
    Upload,
    ViolatePolicy,
)
from tests.sandbox import teams_worlds, worlds

ANNA, BO, GUEST, COMMON, AT = worlds.ANNA, worlds.BO, worlds.GUEST, worlds.COMMON, worlds.START
WORLD = replace(worlds.GUARDED, apps=(*worlds.GUARDED.apps, teams_worlds.BOT))
EMPTY = {
    "mail": "Här ligger inget.",
    "runs": "Inget flöde har körts ännu.",
    "surveys": "Ingen har gjort någon enkät ännu.",
    "troubles": "Ingen störning väntar",
}


@pytest.fixture
def visit(tmp_path):
    tenant = Tenant(WORLD, tmp_path)
    with tenant.store.transaction():
        lay_site(tenant)
        told = {"left": 0, "value": []}
        yield Visit(
            tenant=tenant,
            story=Story(tenant, ()),
            faults=lambda: told,
            handling=lambda: nullcontext(lambda: None),
        )
    tenant.store.close()


@pytest.fixture
def happen(visit):
    """Performs acts; what each says beside its time."""

    def one(kind, **fields):
        perform_now(visit.tenant, kind(at=AT, **fields))

    return one


def shown(part, visit, *names):
    return written(part.PART.page(replace(visit, names=names)).content)


@pytest.mark.parametrize("part", [mail, runs, surveys, troubles])
def test_a_section_with_nothing_in_it_says_so(visit, part):
    """It is there all the same, and leads nowhere below."""
    assert EMPTY[part.PART.name] in shown(part, visit)
    with pytest.raises(NotThereError):
        part.PART.page(replace(visit, names=("none", "below")))


def test_mail_lies_in_folders_and_is_harmless(visit, happen):
    """Names for addresses of ours, copies by that name, own folders, the unread marked."""
    fields = {"sender": GUEST.mail, "body_html": "<p>Hej</p><script>x</script>"}
    happen(MailArrives, key="1", subject="Underlag", cc=("ny@ort.example",), **fields)
    happen(MailArrives, key="2", subject="Regel", folder="Kurser", **fields)
    said = shown(mail, visit)
    assert "Från Cia Bo till Nätverket, ny@ort.example (kopia)." in said
    assert "<script>" not in said
    assert said.count("oläst") == 2
    assert said.index("Inkorg (1)") < said.index("Underlag") < said.index("Skickat")
    assert said.index("Skickat") < said.index("Kurser (1)") < said.index("Regel")


def test_flows_tell_how_they_stand_and_what_became_of_each_run(visit, happen):
    """By the channel they post to; why where they failed."""
    happen(BreakFlow, flow="f10e0001", why="owner left")
    for _ in range(2):
        number = visit.tenant.store.next_seq()
        run = history.begun(visit.tenant, "f10e0000", number)
    history.finish(visit.tenant, run, "Gone", "Kanalen är borta")
    said = shown(runs, visit)
    assert "på, men ägaren har slutat" in said
    assert said.index("misslyckades") < said.index("Gone: Kanalen är borta") < said.index("pågår")


def test_files_of_every_site_stand_below_its_name(visit):
    """The network's own first; a OneDrive by its owner."""
    said = shown(files, visit)
    assert said.index("Nätverk för hållbarhet") < said.index("Energi och klimat")
    assert said.index("Energi och klimat") < said.index("OneDrive: Anna Ek")


def test_what_holds_a_file_is_told_where_it_lies_and_on_its_page(visit, happen):
    """Open, checked out, labelled, awaiting approval, in the recycle bin: by whom."""
    happen(SetLibrary, library="energi/Dokument", by=ANNA.id, approval=True)
    for name in ("öppen.txt", "ute.txt", "akt.txt", "bort.txt"):
        put = {"folder": "Mapp", "name": name, "content": lambda: b"x", "by": ANNA.id}
        happen(Upload, drive="energi/Dokument", make_folder=True, **put)
    where = {"library": "energi/Dokument", "by": BO.id}
    happen(OpenFile, path="Mapp/öppen.txt", **where)
    happen(CheckOutFile, path="Mapp/ute.txt", **where)
    happen(LabelFile, path="Mapp/akt.txt", label="Allmän handling", **where)
    happen(ApproveFile, path="Mapp/akt.txt", comment="bra", **where)
    happen(DeleteFile, path="Mapp/bort.txt", **where)
    find = visit.tenant.store.value
    folder = find("SELECT id FROM items WHERE name = 'Mapp'")
    said = shown(files, visit, folder)
    for words in (
        "öppen hos Bo Alm",
        "utcheckad av Bo Alm",
        "etikett: Allmän handling",
        "väntar på godkännande",
    ):
        assert words in said
    assert said.index("Papperskorgen") < said.index("bort.txt") < said.index("Återställ")
    assert "Energi och klimat." in said
    page = shown(file, visit, find("SELECT id FROM items WHERE name = 'akt.txt'"))
    assert "Allmän handling, låst, satt av Bo Alm" in page
    assert "godkänd" in page
    assert "Avslå" not in page
    page = shown(file, visit, find("SELECT id FROM items WHERE name = 'ute.txt'"))
    assert page.index("Checka in") < page.index("Ångra utcheckningen") < page.index("Avslå")
    assert "Checka ut" not in page


def test_messages_tell_reactions_edits_and_who_has_left(visit, happen):
    """What was taken back is gone; data protection is told; a bot has its own name."""
    tenant = visit.tenant
    for key in ("a", "b", "c"):
        happen(Say, key=key, channel=COMMON, author=GUEST.id, html=f"<p>Hej {key}</p>")
    happen(EditMessage, key="a", html="<p>Hejsan</p>")
    happen(React, key="a", by=BO.id)
    happen(DeleteMessage, key="b")
    happen(ViolatePolicy, key="c", tip="Personnummer")
    happen(Leave, person=GUEST.id)
    for bot in (teams_worlds.BOT.client_id, "nobody"):
        threads.write(tenant, COMMON, Draft(author=f"bot:{bot}", html="Nytt"))
    found = tenant.store.all("SELECT * FROM messages ORDER BY id")
    links = Links(tenant)
    a, b, c, bot, flow = (channels.message(tenant, r, links, level=3).text for r in found)
    assert all(words in a for words in ("Hejsan", "👍 1", "ändrat", "har slutat"))
    assert "Inlägget är borttaget." in b
    assert "Hej" not in b
    assert "dolt av dataskyddet" in c
    assert "Nätverksboten" in bot
    assert "Workflows" in flow


def test_what_teams_itself_says_is_told_in_words(visit, happen):
    """With names and lengths; the channel is called what it is called now, and has its people."""
    happen(AddMember, person=GUEST.id, by=ANNA.id)
    happen(RenameChannel, channel=COMMON, name="Öppet", by=ANNA.id)
    happen(StartCall, key="m", channel=COMMON, by=BO.id)
    happen(EndCall, key="m", took=3725)
    said = shown(channels, visit, COMMON)
    for words in (
        "Anna Ek lade till Cia Bo.",
        "Anna Ek döpte om kanalen till Öppet.",
        "Bo Alm började ett möte i kanalen.",
        "Mötet är slut. Det varade 1 tim 2 min.",
        "Medlemmar i teamet (4)",
    ):
        assert words in said
    assert "Öppet" in shown(channels, visit)


def test_a_form_tells_its_answers_and_where_they_come_to_lie(visit, happen):
    """The question as heading, the workbook as link."""
    asked = (Question(title="Hur var det?", kind="rating"), Question(title="Mer?"))
    happen(CreateForm, key="f", title="Enkäten", owner=ANNA.id, questions=asked)
    assert "Ingen har svarat ännu." in shown(surveys, visit, "f")
    happen(Answer, form="f", by=BO.id, answers={"Hur var det?": 4.5})
    assert "Enkäten.xlsx" in shown(surveys, visit)
    said = shown(surveys, visit, "f")
    assert said.index("Hur var det?") < said.index("Bo Alm") < said.index("4,5")


def test_trouble_tells_what_it_met_and_what_is_left(visit):
    """By the numbers of the log; what has no end says so."""
    one = {"fault": "status = 503", "where": "a.toml:3", "matched": 9, "met": 9}
    told = [
        {**one, "requests": list(range(1, 10)), "left": None},
        {**one, "met": 0, "requests": [], "left": 0},
    ]
    said = shown(troubles, replace(visit, faults=lambda: {"left": 1, "value": told}))
    assert "1 störning väntar" in said
    assert "status = 503" in said
    assert "9 anrop (nr … 2, 3, 4, 5, 6, 7, 8, 9)" in said
    assert "utan slut" in said
    assert "inget ännu" in said
    assert "förbrukad" in said


def test_the_journals_own_mark_tells_what_is_not_built(visit):
    """By template, so that a thousand ids are one line; with the reason."""
    store = visit.tenant.store
    for number in (1, 2):
        at = {"at": visit.tenant.clock.text, "method": "GET", "path": "/v1.0/x"}
        store.insert("requests", number=number, status=501, app=None, write=0, units=0, **at)
        store.insert("unbuilt", number=number, template="/x/{id}", why="option $x")
    said = shown(log, visit)
    assert "/x/{id}" in said
    assert "option $x" in said
    assert "2 gånger" in said


def test_the_next_thing_may_fall_due_by_itself(visit):
    """A flow that posts late, before any act of the seed."""
    assert ahead.moment(visit) is None
    due.schedule(visit.tenant, "1", AT, "flow", {})
    assert ahead.moment(visit) == AT


def test_the_clock_tells_stale_answers_of_what_happened_on_the_way(visit):
    """As an app's write does; an hour in which nothing happens is none."""
    later = AT + timedelta(days=1)
    acts = (Say(at=later, key="x", channel=COMMON, author=BO.id, html="Hej"),)
    written = []
    look = Look(
        visit.tenant,
        Story(visit.tenant, acts),
        visit.faults,
        lambda: nullcontext(lambda: written.append(1)),
    )
    for step, count in ((b"step=hour", 0), (b"step=next", 1)):
        answer = look.answer("POST", HOME, {"host": "localhost"}, step)
        assert answer is not None
        assert answer.status == 303
        assert len(written) == count
    assert visit.tenant.clock.now == later


def test_what_is_coming_is_told_in_words(visit):
    """An act that has none of its own is called by its name."""
    tenant = visit.tenant
    assert told(tenant, Leave(at=AT, person=BO.id)) == "Bo Alm lämnar organisationen"
    assert told(tenant, OpenFile(at=AT, by=BO.id, path="a/b.txt")) == "Bo Alm öppnar b.txt"
    assert "BreakFlow" in told(tenant, BreakFlow(at=AT, flow="x", why="throttled"))


def test_addresses_of_other_sites_lead_to_their_libraries(visit):
    """Each to its own, though their libraries have the same name."""
    links = Links(visit.tenant)
    rows = visit.tenant.store.all(
        "SELECT lists.url, items.id FROM lists JOIN items ON items.list = lists.id "
        "WHERE items.kind = 'root'"
    )
    assert len({links(row["url"]) for row in rows}) == len(rows) > 3
    assert all(json.dumps(links(row["url"])).endswith(f'/{row["id"]}"') for row in rows)
