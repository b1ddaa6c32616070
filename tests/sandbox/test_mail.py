"""Mail: sending and drafts, folders and their deltas, large attachments, and every refusal."""

import base64

import pytest

from tests.sandbox import outlook, worlds
from tests.sandbox.conftest import Client

BOX = f"/users/{worlds.BOX.mail}"
MB = 1024 * 1024


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with outlook.running("mailbox", tmp_path_factory.mktemp("tenant")) as running:
        yield running


@pytest.fixture(scope="module")
def postman(connect):
    return connect(worlds.POSTMAN)


def to(*addresses):
    return [{"emailAddress": {"address": address}} for address in addresses]


def letter(subject, *addresses, **given):
    body = {"contentType": "HTML", "content": "<p>Välkomna</p>"}
    return {"subject": subject, "body": body, "toRecipients": to(*addresses), **given}


def send(client, message, **given):
    return client.ask("POST", f"{BOX}/sendMail", json={"message": message, **given})


def inside(client, folder, **given):
    return client.get(f"{BOX}/mailFolders/{folder}/messages?$top=100", **given)["value"]


def subjects(client, folder):
    return [message["subject"] for message in inside(client, folder)]


# ---------------------------------------------------------------- sending


def test_a_mail_is_taken_with_202_and_kept_among_the_sent(postman):
    """The blind copies are in the sender's copy; a file goes along."""
    file = {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "name": "program.txt",
        "contentType": "text/plain",
        "contentBytes": base64.b64encode(b"Program").decode(),
    }
    hidden = to(worlds.BO.mail, "lista@nat.example")
    message = letter("Kallelse", worlds.GUEST.mail, bccRecipients=hidden, attachments=[file])
    answer = send(postman, message)
    assert (answer.status_code, answer.content) == (202, b"")
    (sent,) = [m for m in inside(postman, "sentitems") if m["subject"] == "Kallelse"]
    assert (sent["isDraft"], sent["hasAttachments"]) == (False, True)
    assert len(sent["bccRecipients"]) == 2
    assert sent["from"]["emailAddress"]["address"] == worlds.BOX.mail
    files = f"{BOX}/messages/{sent['id']}/attachments"
    (kept,) = postman.get(files)["value"]
    assert postman.ask("GET", f"{files}/{kept['id']}/$value").content == b"Program"


def test_a_mail_may_leave_no_copy(postman):
    """saveToSentItems false."""
    assert send(postman, letter("Spårlöst", worlds.BO.mail), saveToSentItems=False).is_success
    assert "Spårlöst" not in subjects(postman, "sentitems")
    assert "Spårlöst" not in subjects(postman, "drafts")


def test_a_mail_to_the_mailbox_itself_arrives_without_its_blind_copies(postman):
    """Those who get it do not see who got it in secret."""
    send(postman, letter("Till oss", worlds.BOX.mail, bccRecipients=to(worlds.BO.mail)))
    (mail,) = [m for m in inside(postman, "inbox") if m["subject"] == "Till oss"]
    assert mail["bccRecipients"] == []
    assert mail["isRead"] is False


@pytest.mark.parametrize(
    ("message", "status", "code", "words"),
    [
        (letter("x"), 400, "ErrorInvalidRecipients", "contains no recipients"),
        (
            letter("x", "nobody"),
            400,
            "ErrorInvalidRecipients",
            "Recipient 'nobody' is not resolved",
        ),
        (letter("x", "a@b.se; c@d.se"), 400, "ErrorInvalidRecipients", "is not resolved"),
        (letter("x", "a@b.se", nosuch=1), 400, "RequestBodyRead", "The property 'nosuch'"),
        ({"toRecipients": "a@b.se"}, 400, "RequestBodyRead", "Unable to read"),
        (letter("x", "a@b.se", attachments=[{"name": "x"}]), 400, "RequestBodyRead", "abstract"),
        (
            letter("x", "a@b.se", **{"from": to(worlds.ANNA.mail)[0]}),
            403,
            "ErrorSendAsDenied",
            "does not have the right to send mail on behalf of",
        ),
    ],
)
def test_what_cannot_be_sent_is_refused(postman, message, status, code, words):
    """And nothing of it is left among the drafts."""
    said = postman.refused(status, code, "POST", f"{BOX}/sendMail", json={"message": message})
    assert words in said
    assert "x" not in subjects(postman, "drafts") + subjects(postman, "sentitems")


def test_a_request_without_a_message_or_too_large_is_refused(postman):
    """4 MB is what a request may have; the rest goes by an upload session."""
    postman.refused(400, "ErrorInvalidRequest", "POST", f"{BOX}/sendMail", json={})
    large = letter("x" * 5 * MB, "a@b.se")
    postman.refused(413, "BadRequest", "POST", f"{BOX}/sendMail", json={"message": large})


def test_more_than_500_recipients_come_back_or_are_refused(postman):
    """An open question of the service: both answers can be had."""
    many = letter("Till alla", *(f"p{number}@nat.example" for number in range(501)))
    assert send(postman, many).status_code == 202
    assert "Går inte att leverera: Till alla" in subjects(postman, "inbox")
    postman.control("POST", "settings", json={"too_many_recipients": "refused"})
    postman.refused(
        400, "ErrorInvalidRecipients", "POST", f"{BOX}/sendMail", json={"message": many}
    )
    postman.control("POST", "settings", json={"too_many_recipients": "bounced"})


def test_only_the_mailboxes_granted_can_be_used(postman, daemon):
    """Another mailbox, a mailbox that is not there, an app without the right."""
    body = {"json": {"message": letter("x", "a@b.se")}}
    other = f"/users/{worlds.ANNA.mail}"
    postman.refused(403, "ErrorAccessDenied", "POST", f"{other}/sendMail", **body)
    postman.refused(403, "ErrorAccessDenied", "GET", f"{other}/messages")
    postman.refused(404, "ErrorInvalidUser", "POST", "/users/x@y.z/sendMail", **body)
    for method, path in (
        ("POST", "/sendMail"),
        ("GET", "/messages"),
        ("GET", "/mailFolders"),
        ("POST", "/messages"),
    ):
        daemon.refused(403, "ErrorAccessDenied", method, f"{BOX}{path}", **body)


def test_a_role_in_the_token_opens_every_mailbox_and_no_guest_has_one(connect):
    """Reading is not sending; a guest's mail is elsewhere."""
    everywhere = connect(outlook.EVERYWHERE)
    for path in ("/messages", "/mailFolders", "/events", "/calendars"):
        assert everywhere.ask("GET", f"/users/{worlds.ANNA.mail}{path}").status_code == 200
        everywhere.refused(
            404, "MailboxNotEnabledForRESTAPI", "GET", f"/users/{worlds.GUEST.mail}{path}"
        )
    everywhere.refused(403, "ErrorAccessDenied", "POST", f"{BOX}/messages", json={})


# ---------------------------------------------------------------- drafts


@pytest.fixture
def draft(postman):
    answer = postman.ask("POST", f"{BOX}/messages", json=letter("Utkast", worlds.BO.mail))
    assert answer.status_code == 201
    return f"{BOX}/messages/{answer.json()['id']}"


def test_a_draft_is_changed_and_sent(postman, draft):
    """Its id changes when it moves to the sent; what was not named stays."""
    patch = {"subject": "Ändrat", "ccRecipients": to(worlds.GUEST.mail), "categories": ["Nät"]}
    changed = postman.ask("PATCH", draft, json=patch).json()
    assert (changed["isDraft"], changed["categories"]) == (True, ["Nät"])
    assert changed["toRecipients"][0]["emailAddress"]["address"] == worlds.BO.mail
    stable = postman.get(draft, headers={"Prefer": 'IdType="ImmutableId"'})["id"]
    assert postman.ask("POST", f"{draft}/send").status_code == 202
    postman.refused(404, "ErrorItemNotFound", "GET", draft)
    sent = postman.get(f"{BOX}/messages/{stable}")
    assert (sent["subject"], sent["isDraft"]) == ("Ändrat", False)
    own = f"{BOX}/messages/{sent['id']}"
    said = {"json": {"subject": "Igen"}}
    postman.refused(400, "ErrorInvalidPropertyUpdateSentMessage", "PATCH", own, **said)
    postman.refused(400, "ErrorInvalidOperation", "POST", f"{own}/send")
    assert postman.ask("PATCH", own, json={"isRead": False}).json()["isRead"] is False


def test_a_draft_without_recipients_is_not_sent(postman):
    """It stays where it is."""
    made = postman.ask("POST", f"{BOX}/messages", json={"subject": "Tomt"}).json()
    url = f"{BOX}/messages/{made['id']}"
    postman.refused(400, "ErrorInvalidRecipients", "POST", f"{url}/send")
    assert postman.get(url)["isDraft"] is True


def test_small_files_are_posted_and_taken_off(postman, draft):
    """201 with the attachment; 204; what is not there; what is no base64."""
    file = {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "name": "a.txt",
        "contentBytes": "eA==",
    }
    files = f"{draft}/attachments"
    made = postman.ask("POST", files, json=file)
    assert made.status_code == 201
    assert postman.get(f"{files}/{made.json()['id']}")["name"] == "a.txt"
    assert postman.ask("DELETE", f"{files}/{made.json()['id']}").status_code == 204
    postman.refused(404, "ErrorInvalidAttachmentId", "DELETE", f"{files}/{made.json()['id']}")
    bad = {**file, "contentBytes": "é"}
    postman.refused(400, "RequestBodyRead", "POST", files, json=bad)
    assert postman.get(draft)["hasAttachments"] is False


# ---------------------------------------------------------------- large attachments


def session(client, draft, size, **given):
    item = {"attachmentType": "file", "name": "stor.pdf", "size": size, **given}
    url = f"{draft}/attachments/createUploadSession"
    return client.ask("POST", url, json={"AttachmentItem": item})


def put(client, url, data, start, total, **headers):
    held = {"Content-Range": f"bytes {start}-{start + len(data) - 1}/{total}", **headers}
    return client.bare("PUT", url, content=data, headers=held)


def test_a_large_file_goes_up_in_ranges(postman, draft):
    """The next range is a bare start; the last answers 201 with the attachment's address."""
    total = 5 * MB
    made = session(postman, draft, total)
    assert made.status_code == 201
    url = made.json()["uploadUrl"]
    first = put(postman, url, b"a" * 4 * MB, 0, total)
    assert (first.status_code, first.json()["nextExpectedRanges"]) == (200, [str(4 * MB)])
    last = put(postman, url, b"b" * MB, 4 * MB, total)
    assert (last.status_code, last.content) == (201, b"")
    key = last.headers["location"].rpartition("('")[2].rstrip("')")
    (kept,) = postman.get(f"{draft}/attachments?$select=id,name,size")["value"]
    assert (kept["id"], kept["size"], kept["name"]) == (key, total, "stor.pdf")
    assert put(postman, url, b"b" * MB, 4 * MB, total).status_code == 404


def test_a_session_is_strict_about_sizes_and_ranges(postman, draft):
    """Too small, too large, no file; a gap, 5 MB at once, another total, a token, no signature."""
    code = "ErrorAttachmentSizeShouldNotBeLessThanMinimumSize"
    assert session(postman, draft, MB).json()["error"]["code"] == code
    over = session(postman, draft, 151 * MB).json()["error"]["code"]
    assert over == "ErrorAttachmentSizeLimitExceeded"
    odd = session(postman, draft, 5 * MB, attachmentType="item")
    assert odd.json()["error"]["code"] == "ErrorInvalidRequest"
    url = session(postman, draft, 6 * MB).json()["uploadUrl"]
    refusals = [
        put(postman, url, b"a" * MB, MB, 6 * MB),
        put(postman, url, b"a" * 5 * MB, 0, 6 * MB),
        put(postman, url, b"a" * MB, 0, 7 * MB),
        put(postman, url, b"a" * MB, 0, 6 * MB, Authorization="Bearer x"),
        put(postman, url[:-1] + "x", b"a" * MB, 0, 6 * MB),
        postman.bare("GET", url),
    ]
    assert [(r.status_code, r.json()["error"]["code"]) for r in refusals] == [
        (416, "InvalidContentRange"),
        (413, "BadRequest"),
        (400, "ErrorInvalidRequest"),
        (401, "InvalidAudienceForResource"),
        (401, "InvalidMsaTicket"),
        (405, "ErrorMethodNotAllowed"),
    ]
    assert postman.bare("DELETE", url).status_code == 204
    assert put(postman, url, b"a" * MB, 0, 6 * MB).status_code == 404


def test_a_message_may_have_35_mb(postman, draft):
    """What is larger is found out on the way up, or when a small file would be too much."""
    for total in (20 * MB, 20 * MB, 14 * MB):
        url = session(postman, draft, total).json()["uploadUrl"]
        for start in range(0, total, 4 * MB):
            size = min(4 * MB, total - start)
            answer = put(postman, url, b"a" * size, start, total)
            if answer.is_error:
                assert (answer.status_code, start) == (413, 12 * MB)
                assert answer.json()["error"]["code"] == "ErrorMessageSizeExceeded"
                break
    file = {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "name": "b.bin",
        "contentBytes": base64.b64encode(b"b" * 2 * MB).decode(),
    }
    postman.refused(413, "ErrorMessageSizeExceeded", "POST", f"{draft}/attachments", json=file)
    assert len(postman.get(f"{draft}/attachments?$select=id")["value"]) == 2
    assert postman.ask("POST", f"{draft}/send").status_code == 202


def test_a_session_ends_by_the_clock(tmp_path):
    """A day after its last range."""
    with outlook.running("mailbox", tmp_path) as other:
        client = Client(other, worlds.POSTMAN)
        made = client.ask("POST", f"{BOX}/messages", json={}).json()
        url = session(client, f"{BOX}/messages/{made['id']}", 5 * MB).json()["uploadUrl"]
        client.advance("2023-01-02T00:00:01Z")
        assert put(client, url, b"a" * MB, 0, 5 * MB).status_code == 404
        client.close()


# ---------------------------------------------------------------- folders


def test_a_folder_tells_what_came_and_what_left(tmp_path):
    """A mail that is moved is removed here and new there; its immutable id stays."""
    prefer = {"Prefer": 'IdType="ImmutableId", odata.maxpagesize=1'}
    with outlook.running("mailbox", tmp_path) as other:
        client = Client(other, worlds.POSTMAN)

        def drain(url):
            entries = []
            while True:
                page = client.get(url, headers=prefer)
                entries += page["value"]
                if "@odata.deltaLink" in page:
                    return entries, page["@odata.deltaLink"]
                url = page["@odata.nextLink"]

        client.advance("2023-01-01T05:00:00Z")
        folders = client.get(f"{BOX}/mailFolders?$top=50")["value"]
        material = next(f for f in folders if f["displayName"] == "Material")
        assert (material["totalItemCount"], material["unreadItemCount"]) == (1, 1)
        url = f"{BOX}/mailFolders/{material['id']}/messages/delta"
        first, link = drain(f"{url}?$select=subject,hasAttachments")
        assert [(m["subject"], m["hasAttachments"]) for m in first] == [("Underlag", True)]
        assert "body" not in first[0]
        client.advance("2023-01-02T10:00:00Z")
        came, link = drain(link)
        assert [m["subject"] for m in came] == ["Fråga"]
        client.advance("2023-01-04T10:00:00Z")
        left, link = drain(link)
        assert [(m["id"], m["@removed"]["reason"]) for m in left] == [
            (first[0]["id"], "deleted"),
            (came[0]["id"], "deleted"),
        ]
        assert [m["id"] for m in drain(f"{BOX}/mailFolders/archive/messages/delta")[0]] == [
            first[0]["id"]
        ]
        client.refused(404, "ErrorItemNotFound", "GET", f"{BOX}/messages/{came[0]['id']}")
        client.refused(400, "SyncStateInvalid", "GET", link.replace(material["id"], "inbox"))
        client.refused(400, "ErrorInvalidUrlQuery", "GET", f"{url}?$search=x")
        client.advance("2023-04-01T00:00:00Z")
        client.refused(410, "SyncStateNotFound", "GET", link)
        client.close()


def test_folders_and_mails_that_are_not_there(postman):
    """A folder's own name is no address; no delta of a whole mailbox; a malformed id."""
    postman.refused(404, "ErrorItemNotFound", "GET", f"{BOX}/mailFolders/Material/messages")
    postman.refused(400, "ErrorInvalidIdMalformed", "GET", f"{BOX}/messages/delta")
    postman.refused(404, "ErrorItemNotFound", "GET", f"{BOX}/messages/AAMkAx")
    assert postman.get(f"{BOX}/mailFolders/Inbox")["displayName"] == "Inkorgen"


def test_an_answer_comes_when_there_is_something_to_answer(tmp_path):
    """It waits for the mail that the service sends, and is of the same conversation."""
    with outlook.running("mailbox", tmp_path) as other:
        client = Client(other, worlds.POSTMAN)
        client.advance("2023-01-06T00:00:00Z")
        assert [a["type"] for a in client.control("GET", "waiting").json()["value"]] == [
            "ReplyMail"
        ]
        send(client, letter("Kallelse", worlds.BO.mail))
        client.advance("2023-01-07T00:00:00Z")
        (answer,) = inside(client, "inbox")
        (sent,) = inside(client, "sentitems")
        assert answer["subject"] == "SV: Kallelse"
        assert answer["conversationId"] == sent["conversationId"]
        client.close()


def test_mail_is_moved_and_deleted_by_the_app(postman, draft):
    """Deleted goes to the bin, and from there for good."""
    moved = postman.ask("POST", f"{draft}/move", json={"destinationId": "archive"})
    assert moved.status_code == 201
    url = f"{BOX}/messages/{moved.json()['id']}"
    postman.refused(404, "ErrorItemNotFound", "POST", f"{url}/move", json={"destinationId": "x"})
    assert postman.ask("DELETE", url).status_code == 204
    (gone,) = [m for m in inside(postman, "deleteditems") if m["subject"] == "Utkast"]
    assert postman.ask("DELETE", f"{BOX}/messages/{gone['id']}").status_code == 204
    assert "Utkast" not in subjects(postman, "deleteditems")


def test_mail_is_filtered_and_sorted_as_far_as_the_store_can(postman):
    """What is sorted by must come first in the filter."""
    send(postman, letter("Sorterat", worlds.BO.mail))
    url = f"{BOX}/messages"
    good = "$filter=receivedDateTime ge 2023-01-01 and subject eq 'Sorterat'"
    found = postman.get(f"{url}?{good}&$orderby=receivedDateTime desc&$expand=attachments")
    assert [m["subject"] for m in found["value"]] == ["Sorterat"]
    bad = "$filter=subject eq 'Sorterat'&$orderby=receivedDateTime desc"
    postman.refused(400, "InefficientFilter", "GET", f"{url}?{bad}")
    postman.refused(400, "RequestBroker--ParseUri", "GET", f"{url}?$expand=nosuch")
