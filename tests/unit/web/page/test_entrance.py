"""Who is let in: rules over what a request says of itself."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest

from service.web.page import sessions
from service.web.page.entrance import Came, Entrance, Refusal, admitted, same_origin
from service.web.page.languages import chosen

NOW = datetime(2023, 3, 1, 9, tzinfo=UTC)
KEY = "nyckel-som-ingen-gissar"
HERE = Came(host="localhost:8080", peer="127.0.0.1", arrived_at="127.0.0.1")
PUBLIC = "https://natverket.exempel.se"
AWAY = Came(host="natverket.exempel.se", peer="10.1.2.3", arrived_at="10.1.2.4")
ALONE = Entrance()
BY_TOKEN = Entrance(listens_at="0.0.0.0", url=PUBLIC, token=KEY)
BY_PROXY = Entrance(
    listens_at="0.0.0.0",
    url=PUBLIC,
    user_header="X-Forwarded-User",
    proxies=(ip_network("10.1.2.0/24"),),
)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8080", "[::1]:8080", "LOCALHOST:80"])
def test_at_home(host: str) -> None:
    """On this machine everybody is let in."""
    assert admitted(replace(HERE, host=host), ALONE) == "loopback"
    assert admitted(replace(HERE, host=host, peer="::1"), ALONE) == "loopback"


@pytest.mark.parametrize("host", ["", "evil.example", "127.0.0.1.evil.example", "[", "a b"])
def test_rebinding(host: str) -> None:
    """A name that is none of ours is refused, wherever it comes from."""
    assert admitted(replace(HERE, host=host), ALONE) is Refusal.WRONG_HOST
    came = replace(AWAY, host=host, bearer=KEY)
    assert admitted(came, BY_TOKEN) is Refusal.WRONG_HOST


@pytest.mark.parametrize(
    "came",
    [
        replace(HERE, forwarded=True),
        replace(HERE, peer="10.1.2.3"),
        replace(HERE, host="10.1.2.4", arrived_at="10.1.2.4"),
        replace(HERE, peer="", user="eva"),
    ],
    ids=["forwarded", "from elsewhere", "by another address", "nowhere"],
)
def test_closed(came: Came) -> None:
    """Beyond this machine nobody is let in before a token or a proxy is set."""
    assert admitted(came, ALONE) is Refusal.CLOSED


def test_loopback_behind_a_proxy() -> None:
    """Where people come from elsewhere, loopback alone is no proof: the proxy is there, too."""
    assert admitted(HERE, Entrance(url=PUBLIC)) is Refusal.CLOSED
    assert admitted(HERE, BY_TOKEN) is Refusal.SIGN_IN
    assert admitted(HERE, BY_PROXY) is Refusal.PROXY_ONLY


def test_token() -> None:
    """A program sends it; a browser has a session."""
    assert admitted(AWAY, BY_TOKEN) is Refusal.SIGN_IN
    assert admitted(replace(AWAY, bearer=KEY), BY_TOKEN) == "token"
    assert admitted(replace(AWAY, bearer=KEY[:-1]), BY_TOKEN) is Refusal.WRONG_TOKEN
    assert admitted(replace(AWAY, bearer="å"), BY_TOKEN) is Refusal.WRONG_TOKEN
    assert admitted(replace(AWAY, signed_in=True), BY_TOKEN) == "token"


def test_proxy() -> None:
    """Its header is believed from its addresses alone, as one short line."""
    came = replace(AWAY, user="eva.exempel@exempel.se")
    assert admitted(came, BY_PROXY) == "eva.exempel@exempel.se"
    assert admitted(replace(came, peer="10.9.9.9"), BY_PROXY) is Refusal.PROXY_ONLY
    assert admitted(replace(came, user=""), BY_PROXY) is Refusal.PROXY_ONLY
    assert admitted(replace(came, user="eva\n" + "x" * 200), BY_PROXY) == "eva" + "x" * 97
    both = replace(BY_PROXY, token=KEY)
    assert admitted(replace(came, user=""), both) is Refusal.SIGN_IN


@pytest.mark.parametrize(
    ("site", "origin", "ours"),
    [
        ("same-origin", "http://localhost:8080", True),
        ("same-origin", "", True),
        ("", "http://localhost:8080", True),
        ("", "", True),
        ("cross-site", "http://localhost:8080", False),
        ("same-site", "", False),
        ("none", "", False),
        ("", "https://evil.example", False),
        ("", "http://localhost:9090", False),
        ("", "null", False),
    ],
)
def test_origin(site: str, origin: str, ours: bool) -> None:
    """A form counts only if our own page sent it."""
    assert same_origin(site, origin, "localhost:8080", ALONE) is ours


def test_origin_behind_a_proxy() -> None:
    """The public address is ours, whatever the proxy makes of the Host header."""
    assert same_origin("", PUBLIC, "127.0.0.1:8080", BY_TOKEN)


# ---------------------------------------------------------------- sessions


def test_session() -> None:
    """It holds for its hours, for its token, unchanged."""
    session = sessions.new_session(KEY, NOW)
    later = NOW + sessions.LASTS

    assert sessions.holds(session, KEY, NOW)
    assert sessions.holds(session, KEY, later - timedelta(seconds=1))
    assert not sessions.holds(session, KEY, later)
    assert not sessions.holds(session, KEY + "!", NOW)
    until, _, signature = session.partition(".")
    for forged in (f"{int(until) + 1}.{signature}", until, "", "²." + signature, f"{until}.å"):
        assert not sessions.holds(forged, KEY, NOW)
    assert not sessions.holds(sessions.new_session("", NOW), "", NOW)


def test_form_token() -> None:
    """It is bound to the browser, to who sits there and to this run of the daemon."""
    token = sessions.form_token(b"secret", "mark", "eva")

    assert sessions.is_form_token(token, b"secret", "mark", "eva")
    for other in ((b"other", "mark", "eva"), (b"secret", "other", "eva"), (b"secret", "mark", "")):
        assert not sessions.is_form_token(token, *other)
    assert not sessions.is_form_token("å", b"secret", "mark", "eva")
    assert not sessions.is_form_token(sessions.form_token(b"s", "", ""), b"s", "", "")


def test_guesses() -> None:
    """After five wrong ones from an address it waits; others do not, and the wait ends."""
    guesses = sessions.Guesses()
    for second in range(sessions.TRIES):
        assert guesses.wait("10.0.0.1", NOW) is None
        guesses.wrong("10.0.0.1", NOW + timedelta(seconds=second))

    assert guesses.wait("10.0.0.1", NOW + timedelta(minutes=1)) == timedelta(minutes=9)
    assert guesses.wait("10.0.0.2", NOW) is None
    assert guesses.wait("10.0.0.1", NOW + sessions.WITHIN) is None


def test_guesses_from_everywhere() -> None:
    """However many addresses guess, only so many are remembered."""
    guesses = sessions.Guesses()
    for number in range(3000):
        guesses.wrong(f"10.0.{number // 250}.{number % 250}", NOW)
    assert len(guesses._wrong) == 1000


# ---------------------------------------------------------------- languages


@pytest.mark.parametrize(
    ("asked", "kept", "accepted", "language"),
    [
        ("en", "nb", "sv", "en"),
        ("", "nb", "en", "nb"),
        ("", "", "en-GB,en;q=0.9,sv;q=0.8", "en"),
        ("", "", "de;q=0.9,no;q=0.5,sv;q=0.2", "nb"),
        ("", "", "nn-NO", "nb"),
        ("", "", "en;q=0, de", "sv"),
        ("", "", "en;q=often, *", "sv"),
        ("xx", "../en", "", "sv"),
        ("", "", "", "sv"),
    ],
)
def test_language(asked: str, kept: str, accepted: str, language: str) -> None:
    """What was asked for, then what was chosen before, then what the browser reads, then ours."""
    assert chosen(asked, kept, accepted, "sv") == language
