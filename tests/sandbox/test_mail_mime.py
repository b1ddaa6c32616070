"""Mail as MIME, and headers of one's own."""

import base64
from email.message import EmailMessage

import pytest

from tests.sandbox import outlook, worlds
from tests.sandbox.test_mail import BOX, inside, letter, send, subjects


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with outlook.running("mailbox", tmp_path_factory.mktemp("tenant")) as running:
        yield running


@pytest.fixture(scope="module")
def postman(connect):
    return connect(worlds.POSTMAN)


def mime(subject, **given):
    mail = EmailMessage()
    mail["Subject"] = subject
    mail["To"] = given.get("to", worlds.BO.mail)
    mail["Bcc"] = "lista@nat.example, Å <b@nat.example>"
    if "sender" in given:
        mail["From"] = given["sender"]
    mail.set_content("Välkomna, i klartext")
    mail.add_alternative("<p>Välkomna</p>", subtype="html")
    mail.add_attachment(b"BEGIN:VCALENDAR", maintype="text", subtype="calendar", filename="a.ics")
    return {
        "content": base64.encodebytes(mail.as_bytes()),
        "headers": {"Content-Type": "text/plain"},
    }


def test_a_mail_may_come_as_mime(postman):
    """Kept as HTML with its blind copies and files; sent, or drafted and sent later."""
    answer = postman.ask("POST", f"{BOX}/sendMail", **mime("Rått", sender=worlds.BOX.mail))
    assert answer.status_code == 202
    (sent,) = [m for m in inside(postman, "sentitems") if m["subject"] == "Rått"]
    assert (sent["body"]["contentType"], sent["hasAttachments"]) == ("html", True)
    assert "<p>Välkomna</p>" in sent["body"]["content"]
    hidden = [one["emailAddress"]["address"] for one in sent["bccRecipients"]]
    assert hidden == ["lista@nat.example", "b@nat.example"]
    files = f"{BOX}/messages/{sent['id']}/attachments"
    (kept,) = postman.get(files)["value"]
    assert (kept["name"], kept["contentType"]) == ("a.ics", "text/calendar")
    assert postman.ask("GET", f"{files}/{kept['id']}/$value").content == b"BEGIN:VCALENDAR"
    draft = postman.ask("POST", f"{BOX}/messages", **mime("Rått utkast"))
    assert (draft.status_code, draft.json()["isDraft"]) == (201, True)
    assert postman.ask("POST", f"{BOX}/messages/{draft.json()['id']}/send").status_code == 202
    assert "Rått utkast" in subjects(postman, "sentitems")


def test_mime_that_cannot_be_sent_is_refused(postman):
    """No base64; more than 4 MB; another's address as the sender."""
    bad = {"content": b"<p>", "headers": {"Content-Type": "text/plain"}}
    for path in ("sendMail", "messages"):
        code = "ErrorMimeContentInvalidBase64String"
        postman.refused(400, code, "POST", f"{BOX}/{path}", **bad)
    large = {**bad, "content": b"eA==" * 1024**2 + b"eA=="}
    postman.refused(413, "BadRequest", "POST", f"{BOX}/sendMail", **large)
    other = mime("Rått falskt", sender=worlds.ANNA.mail)
    postman.refused(403, "ErrorSendAsDenied", "POST", f"{BOX}/sendMail", **other)
    assert "Rått falskt" not in subjects(postman, "sentitems") + subjects(postman, "drafts")


def headers(*names):
    return [{"name": name, "value": "1"} for name in names]


@pytest.mark.parametrize(
    ("names", "code", "words"),
    [
        (
            ["X-Own", "Auto-Submitted"],
            "InvalidInternetMessageHeader",
            "'Auto-Submitted' should start with 'x-'",
        ),
        (
            [f"x-{number}" for number in range(6)],
            "InvalidInternetMessageHeaderCollection",
            "less than or equal to 5",
        ),
    ],
)
def test_only_a_few_headers_of_ones_own_are_taken(postman, names, code, words):
    """Those that begin with x-, five of them; in a draft and in what is sent."""
    message = letter("Huvud", worlds.BO.mail, internetMessageHeaders=headers(*names))
    body = {"message": message}
    assert words in postman.refused(400, code, "POST", f"{BOX}/sendMail", json=body)
    assert words in postman.refused(400, code, "POST", f"{BOX}/messages", json=message)
    message = letter("Huvud", worlds.BO.mail, internetMessageHeaders=headers("X-Own"))
    assert send(postman, message).status_code == 202
