"""What holds a file: open, checked out, labelled, blocked, not approved; each lets go again."""

import io
import zipfile

import pytest

from tests.sandbox import worlds

LOCKED = "The resource you are attempting to access is locked"


@pytest.fixture(scope="module")
def seed_name():
    return "guarded"


@pytest.fixture
def switch(daemon):
    """Answers an open question otherwise, until the test is over."""
    before = daemon.control("POST", "settings", json={}).json()

    def answer(**values):
        assert daemon.control("POST", "settings", json=values).status_code == 200

    yield answer
    after = daemon.control("POST", "settings", json={}).json()
    back = {name: before[name] for name in before if before[name] != after[name]}
    daemon.control("POST", "settings", json=back)


def on(daemon, number, hour=9):
    """Moves the clock to that day of the seed."""
    daemon.advance(worlds.day(number, hour).isoformat())


def docx(**properties):
    """The smallest package that Office files are, with custom properties."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        package.writestr("[Content_Types].xml", "<Types></Types>")
        package.writestr("_rels/.rels", "<Relationships></Relationships>")
        package.writestr("word/document.xml", "<document/>")
        if properties:
            lines = "".join(
                f'<property name="{name}"><lpwstr>{value}</lpwstr></property>'
                for name, value in properties.items()
            )
            package.writestr("docProps/custom.xml", f"<Properties>{lines}</Properties>")
    return target.getvalue()


def library(provisioner, name, *columns):
    body = {
        "displayName": name,
        "list": {"template": "documentLibrary"},
        "columns": list(columns),
    }
    made = provisioner.ask("POST", f"{provisioner.site}/lists", json=body)
    assert made.status_code == 201, made.text
    return f"{provisioner.site}/lists/{made.json()['id']}"


FORM = {"name": "Form", "choice": {"choices": ["fysisk", "digital"]}}


def test_an_open_file_keeps_content_name_place_and_itself(daemon, switch):
    """423 for all of them, whoever asks, until it is closed; reading goes on."""
    file = f"{daemon.drive()}/root:/öppen.docx"
    daemon.put(f"{file}:/content", docx())
    on(daemon, 1)
    said = daemon.refused(423, "resourceLocked", "PUT", f"{file}:/content", content=b"x")
    assert said == LOCKED
    daemon.refused(423, "resourceLocked", "PATCH", file, json={"name": "n.docx"})
    daemon.refused(423, "resourceLocked", "DELETE", file)
    daemon.refused(423, "resourceLocked", "PATCH", f"{file}:/listItem/fields", json={"Title": "t"})
    assert daemon.ask("GET", f"{file}:/content").status_code == 302
    switch(locked_code="notAllowed", fields_of_open_file="written", fields_after_upload="written")
    daemon.refused(423, "notAllowed", "DELETE", file)
    fields = daemon.ask("PATCH", f"{file}:/listItem/fields", json={"Title": "t"})
    assert fields.status_code == 200, fields.text
    on(daemon, 2)
    assert daemon.ask("PUT", f"{file}:/content", content=docx()).status_code == 200


def test_an_upload_session_ends_at_the_lock(daemon):
    """Its last range meets the 423 of a simple upload; a new session is not even begun."""
    file = f"{daemon.drive()}/root:/utcheckad.txt"
    daemon.put(f"{file}:/content", b"ett")
    url = f"{file}:/createUploadSession"
    body = {"item": {"@microsoft.graph.conflictBehavior": "replace"}}
    on(daemon, 2, 10)
    begun = daemon.ask("POST", url, json=body).json()["uploadUrl"]
    on(daemon, 2, 11)
    last = daemon.bare("PUT", begun, content=b"two", headers={"Content-Range": "bytes 0-2/3"})
    assert last.status_code == 423, last.text
    daemon.refused(423, "resourceLocked", "POST", url, json=body)
    item = daemon.get(file)
    assert item["publication"]["level"] == "checkout"
    assert item["publication"]["checkedOutBy"]["user"]["id"] == worlds.ANNA.id
    daemon.refused(423, "resourceLocked", "POST", f"{file}:/checkin", json={})
    on(daemon, 4)
    fields = daemon.get(f"{file}:/listItem?$expand=fields")["fields"]
    assert fields["_CheckinComment"] == "klar"
    assert "publication" not in daemon.get(file)
    assert daemon.ask("PUT", f"{file}:/content", content=b"tre").status_code == 200


def test_checking_out_and_in_and_back(daemon, provisioner):
    """Another app is locked out; discarding brings content and columns back; twice is 400."""
    file = f"{daemon.drive()}/root:/min.txt"
    first = daemon.put(f"{file}:/content", b"ett")
    assert daemon.ask("POST", f"{file}:/checkout").status_code == 204
    provisioner.refused(423, "resourceLocked", "PUT", f"{file}:/content", content=b"x")
    provisioner.refused(423, "resourceLocked", "POST", f"{file}:/checkout")
    daemon.put(f"{file}:/content", b"ettusen")
    assert daemon.ask("POST", f"{file}:/discardCheckout").status_code == 204
    assert daemon.get(file)["size"] == first["size"]
    daemon.refused(400, "invalidRequest", "POST", f"{file}:/discardCheckout")
    daemon.refused(400, "invalidRequest", "POST", f"{file}:/checkin", json={})
    daemon.refused(400, "invalidRequest", "POST", f"{file}:/checkin", json={"checkInAs": "x"})
    daemon.refused(400, "invalidRequest", "POST", f"{daemon.drive()}/root/checkout")


def test_where_checking_out_is_required(daemon, provisioner, switch):
    """A new file is its uploader's alone until it is checked in with its required column."""
    listed = library(provisioner, "Utcheckning", FORM)
    on(daemon, 5)
    drive = daemon.drive("Utcheckning")
    file = f"{drive}/root:/ny.txt"
    item = daemon.put(f"{file}:/content", b"x")
    provisioner.refused(404, "itemNotFound", "GET", file)
    provisioner.refused(404, "itemNotFound", "GET", f"{drive}/items/{item['id']}")
    assert provisioner.get(f"{drive}/root/children")["value"] == []
    assert provisioner.get(f"{listed}/items")["value"] == []
    told = {entry["name"] for entry in provisioner.get(f"{drive}/root/delta")["value"]}
    assert "ny.txt" not in told
    assert daemon.get(f"{drive}/root/children")["value"][0]["publication"]["level"] == "checkout"
    daemon.refused(400, "invalidRequest", "POST", f"{file}:/discardCheckout")
    said = daemon.refused(400, "invalidRequest", "POST", f"{file}:/checkin", json={})
    assert "Form" in said
    daemon.ask("PATCH", f"{file}:/listItem/fields", json={"Form": "fysisk"})
    assert daemon.ask("POST", f"{file}:/checkin", json={"comment": "k"}).status_code == 204
    assert provisioner.get(file)["name"] == "ny.txt"
    daemon.refused(423, "resourceLocked", "PUT", f"{file}:/content", content=b"y")
    switch(content_without_checkout="invalidRequest")
    said = daemon.refused(400, "invalidRequest", "PUT", f"{file}:/content", content=b"y")
    assert "check out" in said
    assert daemon.ask("POST", f"{file}:/checkout").status_code == 204
    assert daemon.ask("PUT", f"{file}:/content", content=b"y").status_code == 200


def test_a_locked_record_stays_as_it_is(daemon, switch):
    """Content, name, columns and deletion are refused; unlocked, it can be edited again."""
    drive = daemon.drive()
    file = f"{drive}/root:/akt.docx"
    daemon.put(f"{file}:/content", docx())
    daemon.put(f"{drive}/root:/spara.txt:/content", b"x")
    daemon.refused(404, "itemNotFound", "GET", f"{file}:/retentionLabel")
    on(daemon, 6)
    label = daemon.get(f"{file}:/retentionLabel")
    assert label["name"] == "Allmän handling"
    assert label["retentionSettings"]["isRecordLocked"] is True
    fields = {"json": {"Title": "t"}}
    daemon.refused(403, "accessDenied", "PUT", f"{file}:/content", content=b"x")
    daemon.refused(403, "accessDenied", "PATCH", file, json={"name": "annan.docx"})
    daemon.refused(403, "accessDenied", "PATCH", f"{file}:/listItem/fields", **fields)
    daemon.refused(403, "accessDenied", "DELETE", file)
    daemon.refused(403, "accessDenied", "DELETE", f"{file}:/retentionLabel")
    daemon.refused(
        403, "accessDenied", "PATCH", f"{file}:/retentionLabel", json={"name": "Bevaras"}
    )
    switch(record_refusal="resourceLocked", fields_of_record="written")
    daemon.refused(423, "resourceLocked", "DELETE", file)
    open_label = {"json": {"retentionSettings": {"isRecordLocked": False}}}
    assert daemon.ask("PATCH", f"{file}:/retentionLabel", **open_label).status_code == 200
    assert daemon.ask("PUT", f"{file}:/content", content=docx()).status_code == 200
    daemon.refused(423, "resourceLocked", "DELETE", file)
    daemon.refused(423, "resourceLocked", "DELETE", f"{drive}/root:/spara.txt")


def test_labels_are_set_by_name(daemon):
    """201 the first time, 200 after; a label the tenant lacks is 400; a plain one comes off."""
    file = f"{daemon.drive()}/root:/etikett.txt"
    daemon.put(f"{file}:/content", b"x")
    label, url = {"json": {"name": "Bevaras"}}, f"{file}:/retentionLabel"
    daemon.refused(400, "invalidRequest", "PATCH", url, json={"name": "Okänd"})
    daemon.refused(400, "invalidRequest", "PATCH", url, json={})
    lock = {"retentionSettings": {"isRecordLocked": True}}
    daemon.refused(400, "invalidRequest", "PATCH", url, json=lock)
    assert daemon.ask("PATCH", url, **label).status_code == 201
    assert daemon.ask("PATCH", url, **label).status_code == 200
    shown = daemon.get(f"{file}?$expand=retentionLabel,listItem")
    assert shown["retentionLabel"]["name"] == "Bevaras"
    assert shown["listItem"]["fields"]["_ComplianceTag"] == "Bevaras"
    assert daemon.ask("DELETE", url).status_code == 204
    assert daemon.ask("DELETE", file).status_code == 204


def test_a_folder_hands_its_label_on(daemon):
    """To what lies in it; the folder cannot be deleted any more."""
    folder = f"{daemon.drive()}/root:/Etiketterad"
    daemon.put(f"{folder}/a.txt:/content", b"x")
    daemon.ask("PATCH", f"{folder}:/retentionLabel", json={"name": "Bevaras"})
    assert daemon.get(f"{folder}/a.txt:/retentionLabel")["name"] == "Bevaras"
    daemon.refused(403, "accessDenied", "DELETE", folder)


def test_an_encrypted_file_is_no_zip_and_a_blocked_one_gives_no_bytes(daemon, switch):
    """An OLE compound file comes back; a blocked file has neither link nor content."""
    drive = daemon.drive()
    daemon.put(f"{drive}/root:/hemlig.docx:/content", docx())
    daemon.put(f"{drive}/root:/film.mp4:/content", b"mp4")
    on(daemon, 7)
    link = daemon.get(f"{drive}/root:/hemlig.docx")["@microsoft.graph.downloadUrl"]
    data = daemon.bare("GET", link).content
    assert data.startswith(bytes.fromhex("D0CF11E0A1B11AE1"))
    assert "EncryptedPackage".encode("utf-16-le") in data
    assert len(data) % 512 == 0
    daemon.refused(403, "accessDenied", "GET", f"{drive}/root:/film.mp4:/content")
    assert "@microsoft.graph.downloadUrl" not in daemon.get(f"{drive}/root:/film.mp4")
    switch(download_block_for_apps="passes")
    assert daemon.ask("GET", f"{drive}/root:/film.mp4:/content").status_code == 302


def test_a_draft_is_seen_by_those_who_write(daemon, provisioner, connect):
    """Readers get 404 until it is approved; one that is edited is pending again."""
    library(provisioner, "Godkännande")
    on(daemon, 8)
    drive, reader = daemon.drive("Godkännande"), connect(worlds.READER)
    for name in ("ja.txt", "nej.txt"):
        provisioner.put(f"{drive}/root:/{name}:/content", b"x")
    yes = f"{drive}/root:/ja.txt"
    assert daemon.get(f"{yes}:/listItem/fields")["_ModerationStatus"] == 2
    reader.refused(404, "itemNotFound", "GET", yes)
    assert reader.get(f"{drive}/root/children")["value"] == []
    on(daemon, 9)
    assert [item["name"] for item in reader.get(f"{drive}/root/children")["value"]] == ["ja.txt"]
    assert daemon.get(f"{yes}:/listItem/fields")["_ModerationStatus"] == 0
    assert daemon.get(f"{drive}/root:/nej.txt:/listItem/fields")["_ModerationStatus"] == 1
    daemon.put(f"{yes}:/content", b"y")
    assert daemon.get(f"{yes}:/listItem/fields")["_ModerationStatus"] == 2
    assert reader.get(yes)["name"] == "ja.txt"


@pytest.mark.parametrize(
    ("answer", "status", "code"),
    [
        ("409", 409, "resourceModified"),
        ("412", 412, "resourceModified"),
        ("423", 423, "resourceLocked"),
    ],
)
def test_columns_right_after_an_upload_conflict_once(daemon, switch, answer, status, code):
    """Of an Office file; the second try is taken, and of other files the first."""
    switch(fields_after_upload=answer)
    drive, fields = daemon.drive(), {"json": {"Title": "t"}}
    daemon.put(f"{drive}/root:/genast{answer}.docx:/content", docx())
    url = f"{drive}/root:/genast{answer}.docx:/listItem/fields"
    daemon.refused(status, code, "PATCH", url, **fields)
    assert daemon.ask("PATCH", url, **fields).status_code == 200
    daemon.put(f"{drive}/root:/genast{answer}.txt:/content", b"x")
    url = f"{drive}/root:/genast{answer}.txt:/listItem/fields"
    assert daemon.ask("PATCH", url, **fields).status_code == 200


def test_office_files_carry_their_columns(daemon, provisioner, switch):
    """Properties fill the columns that they fit; columns that are written change the file."""
    library(provisioner, "Bärare", FORM, {"name": "Antal", "number": {}})
    switch(fields_after_upload="written")
    file = f"{daemon.drive('Bärare')}/root:/kopia.docx"
    daemon.put(f"{file}:/content", docx(Form="fysisk", Antal="många", Okänd="x"))
    before, fields = daemon.get(file), daemon.get(f"{file}:/listItem/fields")
    assert fields["Form"] == "fysisk"
    assert "Antal" not in fields
    daemon.ask("PATCH", f"{file}:/listItem/fields", json={"Antal": 3})
    after = daemon.get(file)
    assert after["cTag"] != before["cTag"]
    assert after["file"]["hashes"] != before["file"]["hashes"]
    data = daemon.bare("GET", after["@microsoft.graph.downloadUrl"]).content
    copy = f"{daemon.drive('Bärare')}/root:/kopians kopia.docx"
    daemon.put(f"{copy}:/content", data)
    held = daemon.get(f"{copy}:/listItem/fields")
    assert (held["Form"], held["Antal"]) == ("fysisk", 3)
    switch(columns_into_files="left")
    daemon.ask("PATCH", f"{file}:/listItem/fields", json={"Antal": 4})
    assert daemon.get(file)["cTag"] == after["cTag"]


def test_people_rename_move_delete_and_restore(daemon):
    """Each act is seen in the tree; what is restored is what was deleted, by its id."""
    drive = daemon.drive()
    item = daemon.put(f"{drive}/root:/a.txt:/content", b"x")["id"]
    daemon.ask("POST", f"{drive}/root/children", json={"name": "Mapp", "folder": {}})
    on(daemon, 10)
    assert daemon.get(f"{drive}/root:/b.txt")["id"] == item
    on(daemon, 11)
    assert daemon.get(f"{drive}/root:/Mapp/b.txt")["lastModifiedBy"]["user"]["id"] == worlds.ANNA.id
    on(daemon, 12)
    daemon.refused(404, "itemNotFound", "GET", f"{drive}/items/{item}")
    on(daemon, 13)
    assert daemon.get(f"{drive}/root:/Mapp/b.txt")["id"] == item
    on(daemon, 14)
    found = daemon.get(f"{drive}/items/{item}/permissions")["value"]
    assert worlds.GUEST.id in [p["grantedToV2"].get("user", {}).get("id") for p in found]
    assert daemon.get(f"{drive}/items/{item}")["shared"] == {"scope": "users"}


def test_people_add_and_delete_rows(daemon, provisioner):
    """A row that a person made, and its end."""
    body = {"displayName": "Lista"}
    made = provisioner.ask("POST", f"{provisioner.site}/lists", json=body).json()
    rows = f"{daemon.site}/lists/{made['id']}/items"
    on(daemon, 15)
    (row,) = daemon.get(f"{rows}?$expand=fields")["value"]
    assert row["fields"]["Title"] == "ett"
    assert row["createdBy"]["user"]["id"] == worlds.ANNA.id
    on(daemon, 16)
    assert daemon.get(rows)["value"] == []


def test_a_library_can_be_for_looking_only(daemon, provisioner):
    """No item of it gives its bytes."""
    library(provisioner, "Bara titta")
    on(daemon, 17)
    drive = daemon.drive("Bara titta")
    daemon.put(f"{drive}/root:/a.txt:/content", b"x")
    daemon.refused(403, "accessDenied", "GET", f"{drive}/root:/a.txt:/content")
    (item,) = daemon.get(f"{drive}/root/children")["value"]
    assert "@microsoft.graph.downloadUrl" not in item
