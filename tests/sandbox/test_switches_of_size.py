"""How much there is of something, or in which words: answers of switches that no other gives."""

import pytest

from tests.sandbox.switching import switched


@pytest.fixture(scope="module")
def seed_name():
    return "guarded"


@pytest.mark.parametrize(("licences", "times"), [("5000", 2), ("15000", 3), ("50000", 4)])
def test_each_tier_of_licences_has_more_of_the_smallest(daemon, licences, times):
    """Units of a minute, of a day and of the whole tenant grow alike; calls to Teams do not."""
    with switched(daemon, limits="on", licences=licences):
        told = daemon.control("POST", "settings", json={}).json()
    assert told["units_per_minute"] == times * 1250
    assert told["units_per_day"] == times * 1_200_000
    assert told["tenant_units_per_5_minutes"] == times * 18_750
    assert told["posts_per_second"] == 50


@pytest.mark.parametrize(("quota", "total"), [("100 MiB", 100 * 2**20), ("100 GiB", 100 * 2**30)])
def test_a_library_holds_what_the_switch_says(daemon, quota, total):
    """The last byte that is left may be announced, and one more may not."""
    drive = daemon.drive()
    path = f"{drive}/root:/mått.bin:/createUploadSession"
    with switched(daemon, drive_quota=quota):
        told = daemon.get(drive)["quota"]
        assert told["total"] == total
        size = told["remaining"]
        fits = daemon.ask("POST", path, json={"item": {"fileSize": size}})
        assert fits.status_code == 200
        much = {"item": {"fileSize": size + 1}}
        daemon.refused(507, "quotaLimitReached", "POST", path, json=much)


def test_a_record_may_be_held_in_other_words(daemon):
    """403 notAllowed instead of accessDenied, for its name, its content and its deletion."""
    file = f"{daemon.drive()}/root:/akt.docx"
    daemon.put(f"{file}:/content", b"x")
    daemon.advance("2023-01-08T00:00:00Z")
    daemon.refused(403, "accessDenied", "DELETE", file)
    with switched(daemon, record_refusal="notAllowed"):
        daemon.refused(403, "notAllowed", "DELETE", file)
        daemon.refused(403, "notAllowed", "PATCH", file, json={"name": "annan.docx"})
        daemon.refused(403, "notAllowed", "PUT", f"{file}:/content", content=b"y")
    assert daemon.ask("GET", file).status_code == 200


def test_a_fault_of_graph_alone_leaves_the_links_for_bytes(daemon):
    """Its listener is Graph's: a download goes on, and so does signing in."""
    item = daemon.put(f"{daemon.drive()}/root:/hel.txt:/content", b"whole")
    link = daemon.ask("GET", f"{daemon.drive()}/items/{item['id']}/content").headers["location"]
    fault = {"match": {"listener": "graph"}, "status": 503, "times": 1}
    assert daemon.control("POST", "faults", json=fault).status_code == 201
    assert daemon.bare("GET", link).content == b"whole"
    assert daemon.token()
    daemon.refused(503, "serviceNotAvailable", "GET", daemon.site)
    assert daemon.ask("GET", daemon.site).status_code == 200
