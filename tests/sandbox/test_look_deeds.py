"""What people do by the forms beyond writing: they hold files, react, answer, leave, send mail."""

import html
import re

import pytest

from tests.sandbox import teams_worlds, worlds

ANNA, BO, COMMON = worlds.ANNA, worlds.BO, worlds.COMMON


@pytest.fixture(scope="module")
def seed_name():
    return f"{teams_worlds.__file__}:forms"


@pytest.fixture(scope="module")
def do(daemon):
    """Sends a form; where it led, or the page with the reason why not."""

    def send(act, status=303, files=None, **fields):
        home = f"{daemon.sandbox.url}/_sandbox/do"
        answer = daemon.bare("POST", home, data={"act": act, **fields}, files=files or None)
        assert answer.status_code == status, answer.text
        return answer.headers.get("location") or html.unescape(answer.text)

    return send


@pytest.fixture(scope="module")
def read(daemon):
    def page(path):
        answer = daemon.bare("GET", f"{daemon.sandbox.url}/_sandbox/{path}")
        assert answer.status_code == 200, answer.text
        return html.unescape(answer.text)

    return page


@pytest.fixture
def file(daemon, request):
    """A file of the test's own: id and address."""
    path = f"{daemon.drive()}/root:/{request.node.name[:40]}.txt:/content"
    return daemon.put(path, b"one")["id"], path


def test_an_open_file_is_locked_until_it_is_closed(daemon, do, read, file):
    """For the app, by the code of the real one; whoever opened it is who closes it."""
    item, path = file
    do("open", item=item, by=BO.id)
    page = read(f"file/{item}")
    assert "öppen hos Bo Alm" in page
    assert f'name="by" value="{BO.id}"' in page
    daemon.refused(423, "resourceLocked", "PUT", path, content=b"two")
    assert "resourceLocked" in do("check-out", 422, item=item, by=ANNA.id)
    do("close", item=item, by=BO.id)
    daemon.put(path, b"two")


def test_a_file_is_checked_out_and_in_again(daemon, do, read, file):
    """Only by whoever has it; discarded it is as it was."""
    item, path = file
    do("check-out", item=item, by=ANNA.id)
    assert "utcheckad av Anna Ek" in read(f"file/{item}")
    assert "Microsoft 365 säger nej (resourceLocked)" in do("check-in", 422, item=item, by=BO.id)
    do("check-in", item=item, by=ANNA.id, comment="klart")
    assert "klart" in read(f"file/{item}")
    daemon.put(path, b"two")
    do("check-out", item=item, by=ANNA.id)
    do("discard", item=item, by=ANNA.id)
    daemon.put(path, b"three")


def test_what_was_deleted_is_restored_from_its_folder(daemon, do, read, file):
    """From the recycle bin, once; then there is nothing to restore."""
    item, _ = file
    folder = daemon.get(f"{daemon.drive()}/root")["id"]
    assert "Papperskorgen" not in read(f"files/{folder}")
    do("delete", item=item, by=ANNA.id)
    assert f'name="item" value="{item}"' in read(f"files/{folder}")
    do("restore", item=item, by=ANNA.id)
    assert daemon.get(f"{daemon.drive()}/items/{item}")["size"] == 3
    assert "finns inte" in do("restore", 422, item=item, by=ANNA.id)


def test_a_label_that_the_world_has_is_put_on(daemon, do, file):
    """And holds the file: as by Microsoft, a record is not deleted."""
    item, _ = file
    do("label", item=item, by=ANNA.id, label="Allmän handling")
    assert "Microsoft 365 säger nej" in do("delete", 422, item=item, by=ANNA.id)
    do("label", item=item, by=ANNA.id, label="")
    do("delete", item=item, by=ANNA.id)


@pytest.fixture
def message(daemon, do):
    """Id of one that Bo has written."""
    do("write", by=BO.id, channel=COMMON, text="Vem kommer?")
    path = f"/teams/{worlds.WORLD.team}/channels/{COMMON}/messages"
    return daemon.get(path)["value"][0]["id"]


def test_people_react_edit_and_take_back(daemon, do, read, message):
    """Each is seen by the app; what was taken back cannot be reacted to."""
    path = f"/teams/{worlds.WORLD.team}/channels/{COMMON}/messages/{message}"
    what = {"channel": COMMON, "message": message}
    assert "Reagera på inlägget" in read(f"channels/{COMMON}/{message}")
    do("react", **what, by=ANNA.id, reaction="❤️")
    assert daemon.get(path)["reactions"][0]["reactionType"] == "❤️"
    do("react", **what, by=ANNA.id, reaction="")
    assert daemon.get(path)["reactions"] == []
    do("edit-message", **what, text="Vilka kommer?")
    assert daemon.get(path)["body"]["content"] == "<p>Vilka kommer?</p>"
    do("delete-message", **what)
    assert daemon.get(path)["deletedDateTime"]
    assert "är borttaget" in do("react", 422, **what, by=ANNA.id)
    assert "Ta bort inlägget" not in read(f"channels/{COMMON}/{message}")
    assert (
        daemon.bare("GET", f"{daemon.sandbox.url}/_sandbox/channels/{COMMON}/1").status_code == 404
    )


def test_a_channel_is_called_otherwise(daemon, do, read):
    """On the page and for the app."""
    do("rename-channel", channel=worlds.OTHER, by=ANNA.id, name="Samordning")
    assert "Samordning" in read("channels")


def test_a_form_is_answered_with_its_own_questions(daemon, do, read):
    """Figures, several choices and statements; what is wrong is asked for once more."""
    daemon.advance("2023-01-02T10:00:00Z")
    address = re.search(r'href="/_sandbox/(surveys/[^"]+)">Utvärdering', read("surveys"))[1]
    page = read(address)
    names = re.findall(r'name="(q[^"]+)"', page)
    assert names == ["q0", "q1", "q2", "q3.0", "q3.1", "q4"]
    form = address.removeprefix("surveys/")
    said = do("survey", 422, form=form, q0="många")
    assert "är ett tal" in said
    assert 'name="q3.1"' in said
    assert "minst en fråga" in do("survey", 422, form=form)
    do("survey", form=form, by=BO.id, **{"q0": "4,5", "q1": "Mat; Prat", "q3.0": "Bra"})
    page = read(address)
    assert all(words in page for words in ("4,5", "Mat; Prat", "Bra"))
    do("survey-close", form=form)
    assert "stängd" in read(address)
    assert "Sandlådan säger" in do("survey", 422, form=form, q0="1")
    assert "Enkäten finns inte." in do("survey", 422, form="none", q0="1")


def test_a_mail_arrives_and_is_answered(do, read):
    """With what was attached; the answer stands beside it."""
    sent = {"sender": "ny@ort.example", "subject": "Fråga", "text": "När <b>börjar</b> det?"}
    do("mail", **sent, files={"file": ("karta.pdf", b"%PDF")})
    page = read("mail")
    assert "<p>När <b>börjar</b> det?</p>" in page, "unescaped by `read`: it is text"
    assert "karta.pdf" in page
    mail = re.search(r'name="mail" value="([^"]+)"', page)[1]
    do("mail-reply", mail=mail, sender=BO.mail, text="Klockan tio.")
    assert "SV: Fråga" in read("mail")
    assert "e-postadress" in do("mail", 422, **{**sent, "sender": "ny"})


def test_what_is_done_here_makes_answers_stale(daemon, do, file):
    """As what apps do: a stale answer shows what was before the last write."""
    item, _ = file
    fault = {"match": {"path": item}, "stale": True}
    daemon.control("POST", "faults", json=fault)
    do("rename", item=item, by=ANNA.id, name="annat namn.txt")
    path = f"{daemon.drive()}/items/{item}"
    assert [daemon.get(path)["name"] == "annat namn.txt" for _ in range(2)] == [False, True]
    daemon.control("DELETE", "faults")


def test_an_account_is_blocked_and_another_is_gone(do, read):
    """Who has left is offered no more; what was written stays, and says so."""
    do("write", by=BO.id, channel=COMMON, text="Hej då")
    do("block", person=ANNA.id, blocked="yes")
    do("block", person=ANNA.id, blocked="no")
    do("leave", person=BO.id)
    assert f'value="{BO.id}"' not in read("do")
    assert "har slutat" in read(f"channels/{COMMON}")
    assert "Välj vem det gäller." in do("leave", 422, person="nobody")
