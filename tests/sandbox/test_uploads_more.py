"""Upload sessions that are put off, put elsewhere, too large, or made under conditions."""

from tests.sandbox.switching import switched
from tests.sandbox.test_uploads import UNIT, send, session

CONFLICT = "@microsoft.graph.conflictBehavior"
SOURCE = "@microsoft.graph.sourceUrl"


def opened(client, path, body, **given):
    url = f"{client.drive()}/root:/{path}:/createUploadSession"
    return client.ask("POST", url, json=body, **given)


def test_a_deferred_file_comes_with_the_closing_post(daemon):
    """All ranges are 202; nothing is there until the empty POST, and a POST before is 400."""
    url = opened(daemon, "senare.bin", {"deferCommit": True}).json()["uploadUrl"]
    assert daemon.bare("POST", url).status_code == 400
    last = send(daemon, url, b"first bytes", 0, 11)
    assert (last.status_code, last.json()["nextExpectedRanges"]) == (202, [])
    assert daemon.ask("GET", f"{daemon.drive()}/root:/senare.bin").status_code == 404
    assert daemon.bare("POST", url, content=b"x").status_code == 400
    made = daemon.bare("POST", url)
    assert (made.status_code, made.json()["size"]) == (201, 11)
    assert daemon.bare("POST", url).status_code == 404
    assert daemon.get(f"{daemon.drive()}/root:/senare.bin")["id"] == made.json()["id"]


def test_a_file_whose_name_was_taken_is_committed_under_another(daemon):
    """By PUT on the folder with the session's address; the session then ends."""
    drive = daemon.drive()
    url = session(daemon, "krock/ny.bin", **{CONFLICT: "fail"}).json()["uploadUrl"]
    daemon.put(f"{drive}/root:/krock/ny.bin:/content", b"first")
    assert send(daemon, url, b"second", 0, 6).status_code == 409
    body = {SOURCE: url, "name": "annan.bin"}
    answer = daemon.ask("PUT", f"{drive}/root:/krock", json=body)
    assert (answer.status_code, answer.json()["name"]) == (201, "annan.bin")
    link = daemon.ask("GET", f"{drive}/items/{answer.json()['id']}/content").headers["location"]
    assert daemon.bare("GET", link).content == b"second"
    assert daemon.bare("GET", url).status_code == 404


def test_a_commit_names_the_item_itself_and_wants_every_byte(daemon):
    """By PUT on the file's own path; 400 while bytes are missing."""
    path = f"{daemon.drive()}/root:/egen/fil.bin"
    url = opened(daemon, "egen/x.bin", {"deferCommit": True}).json()["uploadUrl"]
    daemon.refused(400, "invalidRequest", "PUT", path, json={SOURCE: url})
    assert send(daemon, url, b"second", 0, 6).status_code == 202
    answer = daemon.ask("PUT", path, json={SOURCE: url})
    assert (answer.status_code, answer.json()["name"]) == (201, "fil.bin")


def test_a_commit_is_refused_where_the_name_is_taken_or_the_address_is_none(daemon):
    """409 again without a conflict behaviour, the bytes still kept; 400 for any other address."""
    drive = daemon.drive()
    daemon.put(f"{drive}/root:/ett.bin:/content", b"first")
    url = opened(daemon, "två.bin", {"deferCommit": True}).json()["uploadUrl"]
    send(daemon, url, b"second", 0, 6)
    target = f"{drive}/root:/ett.bin"
    daemon.refused(409, "nameAlreadyExists", "PUT", target, json={SOURCE: url})
    renamed = daemon.ask("PUT", target, json={SOURCE: url, CONFLICT: "rename"})
    assert renamed.json()["name"] == "ett 1.bin"
    for wrong in ("https://nowhere.example/upload/x?tempauth=1", url + "0", ""):
        daemon.refused(400, "invalidRequest", "PUT", target, json={SOURCE: wrong})


def test_a_session_may_have_to_stay_where_it_was_begun(daemon):
    """Where the service does not put sessions elsewhere it says 400, and keeps the session."""
    path = f"{daemon.drive()}/root:/kvar.bin"
    url = opened(daemon, "kvar.bin", {"deferCommit": True}).json()["uploadUrl"]
    send(daemon, url, b"second", 0, 6)
    with switched(daemon, session_under_another_name="refused"):
        daemon.refused(400, "invalidRequest", "PUT", path, json={SOURCE: url})
    assert daemon.ask("PUT", path, json={SOURCE: url}).status_code == 201


def test_conflict_behaviour_stands_inside_item(daemon):
    """
    Beside it, it means nothing: the file is replaced. An item that is no object is refused, and
    an unknown behaviour.
    """
    path = f"{daemon.drive()}/root:/k.bin:/createUploadSession"
    daemon.put(path.replace("createUploadSession", "content"), b"x")
    daemon.refused(409, "nameAlreadyExists", "POST", path, json={"item": {CONFLICT: "fail"}})
    assert daemon.ask("POST", path, json={CONFLICT: "fail"}).status_code == 200
    for body in ({"item": []}, {"item": {CONFLICT: "overwrite"}}):
        daemon.refused(400, "invalidRequest", "POST", path, json=body)


def test_a_declared_size_is_held_against_the_quota(daemon):
    """507 when the session is made, at the last range, and for a simple upload."""
    drive = daemon.drive()
    with switched(daemon, drive_quota="1 MiB"):
        path = f"{drive}/root:/stor.bin:/createUploadSession"
        large = {"item": {"fileSize": 2**20 + 1}}
        daemon.refused(507, "quotaLimitReached", "POST", path, json=large)
        daemon.refused(400, "invalidRequest", "POST", path, json={"item": {"fileSize": "many"}})
        url = session(daemon, "stor.bin").json()["uploadUrl"]
        total = 4 * UNIT
        for start in range(0, total, UNIT):
            last = send(daemon, url, bytes(UNIT), start, total)
        assert (last.status_code, last.json()["error"]["code"]) == (507, "quotaLimitReached")
        content, put = bytes(2**20 + 1), f"{drive}/root:/s.bin:/content"
        daemon.refused(507, "quotaLimitReached", "PUT", put, content=content)
        quota = daemon.get(drive)["quota"]
        assert quota["total"] == 2**20
        assert quota["remaining"] == 2**20 - quota["used"]
    body = {SOURCE: url}
    assert daemon.ask("PUT", f"{drive}/root:/stor.bin", json=body).status_code == 201


def test_a_declared_size_is_what_must_come(daemon):
    """A range that names another total is refused."""
    url = session(daemon, "sagt.bin", fileSize=7).json()["uploadUrl"]
    assert send(daemon, url, b"x", 0, 1).status_code == 400
    assert send(daemon, url, b"1234567", 0, 7).status_code == 201


def test_both_documented_forms_of_the_next_range_can_be_had(daemon):
    """`N-` and `N-M`."""
    with switched(daemon, next_expected_ranges="closed"):
        url = session(daemon, "form.bin", fileSize=UNIT + 5).json()["uploadUrl"]
        assert daemon.bare("GET", url).json()["nextExpectedRanges"] == [f"0-{UNIT + 4}"]
        answer = send(daemon, url, bytes(UNIT), 0, UNIT + 5)
        assert answer.json()["nextExpectedRanges"] == [f"{UNIT}-{UNIT + 4}"]
    assert daemon.bare("GET", url).json()["nextExpectedRanges"] == [f"{UNIT}-"]


def test_a_range_too_early_and_one_too_late_are_told_apart(daemon):
    """Both 416; the service's words differ."""
    url = session(daemon, "lucka.bin").json()["uploadUrl"]
    late = send(daemon, url, bytes(UNIT), UNIT, 3 * UNIT)
    assert (late.status_code, late.json()["error"]["code"]) == (416, "invalidRange")
    assert send(daemon, url, bytes(UNIT), 0, 3 * UNIT).status_code == 202
    early = send(daemon, url, bytes(UNIT), 0, 3 * UNIT)
    assert early.status_code == 416
    assert early.json()["error"]["message"] != late.json()["error"]["message"]


def test_conditions_are_held_when_the_session_is_made_and_when_it_ends(daemon):
    """If-None-Match: * refuses where something is, at both times; an eTag only for that one."""
    path = f"{daemon.drive()}/root:/villkor.bin"
    headers = {"If-None-Match": "*"}
    url = opened(daemon, "villkor.bin", {}, headers=headers).json()["uploadUrl"]
    there = daemon.put(f"{path}:/content", b"first")
    answer = send(daemon, url, b"second", 0, 6)
    assert (answer.status_code, answer.json()["error"]["code"]) == (412, "resourceModified")
    assert opened(daemon, "villkor.bin", {}, headers=headers).status_code == 412
    same = {"If-None-Match": there["eTag"]}
    assert opened(daemon, "villkor.bin", {}, headers=same).status_code == 412
    other = {"If-None-Match": '"{0},1"'}
    assert opened(daemon, "villkor.bin", {}, headers=other).status_code == 200


def test_status_may_be_asked_with_a_token_and_a_range_may_not_be_sent_with_one(daemon):
    """rclone sends its token along when it asks after a 416."""
    url = session(daemon, "tecken.bin").json()["uploadUrl"]
    assert daemon.bare("GET", url, headers={"Authorization": "Bearer x"}).status_code == 200
    assert send(daemon, url, b"x", 0, 1, Authorization="Bearer x").status_code == 401
    assert send(daemon, url, b"x", 0, 1).status_code == 201
    url = session(daemon, "tecken2.bin").json()["uploadUrl"]
    with switched(daemon, tokens_on_ranges="accepted"):
        assert send(daemon, url, b"x", 0, 1, Authorization="Bearer x").status_code == 201


def test_the_hash_can_be_absent_right_after_an_upload(daemon):
    """Until the clock has moved, where the switch says so."""
    with switched(daemon, hash_after_upload="absent"):
        url = session(daemon, "hash.bin").json()["uploadUrl"]
        made = send(daemon, url, b"x", 0, 1).json()
        item = f"{daemon.drive()}/items/{made['id']}"
        assert "hashes" not in made["file"]
        assert "hashes" not in daemon.get(item)["file"]
        daemon.advance("2023-01-06T00:00:00Z")
        assert daemon.get(item)["file"]["hashes"]["quickXorHash"]
