"""Who counts as a participant, and of which organisation (settled 20)."""

from datetime import UTC, datetime, timedelta

import pytest

from service.domain.attendance import (
    UNKNOWN,
    Attendance,
    address_of,
    attendance,
    municipalities_seen,
    organisation_of,
    participants,
)
from service.domain.network import Member, Network
from service.observe import SeenPresence

MORNING = datetime(2023, 3, 8, 8, 0, tzinfo=UTC)
FEDERATION = "Dalslands miljö- och energiförbund"


def network(*more: Member) -> Network:
    return Network(
        id="k",
        name="K",
        language="sv",
        time_zone="Europe/Stockholm",
        country="SE",
        groups=(),
        mailbox="k@exempel.se",
        members=(
            Member(code="1440", name="Ale", domains=("ale.se",)),
            Member(code="1489", name="Alingsås", domains=("alingsas.se",)),
            Member(code="1460", name="Bengtsfors", domains=("bengtsfors.se",), via=FEDERATION),
            Member(code="1461", name="Mellerud", domains=("mellerud.se",), via=FEDERATION),
            Member(code="1480", name="Göteborg", domains=("goteborg.se",)),
            Member(code="1492", name="Åmål", domains=("amal.se",)),
            Member(code="1407", name="Öckerö", domains=("ockero.se",)),
            *more,
        ),
        partners=(
            ("dalsland.se", FEDERATION),
            ("goteborgsregionen.se", "Göteborgsregionen"),
            ("miljo.goteborg.se", "Miljöbolaget"),
        ),
    )


def here(
    name: str, domain: str = "ale.se", report: str = "1", hours: float = 0, **other: object
) -> SeenPresence:
    """Somebody who joined so many hours into the first morning; without a domain, unsigned."""
    joined = MORNING + timedelta(hours=hours)
    return SeenPresence(
        report_id=report,
        mail=str(other.get("mail", f"{name}@{domain}")) if domain else None,
        name=str(other.get("shown", name)),
        role=str(other.get("role", "Attendee")),
        joined=joined,
        left=joined + timedelta(hours=1),
        seconds=3600,
    )


def counted(*presences: SeenPresence) -> Attendance:
    return attendance("uid-0308", presences, network())


def count(*presences: SeenPresence) -> int:
    found = counted(*presences)
    assert sum(number for _, number in found.organisations) == found.count
    return found.count


# ---------------------------------------------------------------- people


def test_distinct_people() -> None:
    """Somebody who comes back, in the same report or another, counts once."""
    assert count(here("Ada"), here("Ada", hours=1), here("Ada", report="2"), here("Bo")) == 2


def test_one_address_in_several_spellings() -> None:
    """Case, and the way in which Entra writes a guest, make nobody a second person."""
    guest = here("Ada", mail="ada_ale.se#EXT#@natverket.onmicrosoft.com", report="2")
    assert count(here("Ada"), here("Ada", mail="ADA@Ale.SE"), guest) == 1


def test_everybody_counts() -> None:
    """Organiser, speakers, and a room or machine that has joined, are participants."""
    speakers = here("Ada", role="Organizer"), here("Bo", role="Presenter")
    assert count(*speakers, here("rum.eken", role="None"), here("Cy")) == 4


def test_unsigned_once_each() -> None:
    """People who did not sign in count once each, by the name that they gave."""
    again = here("gäst ", "", "2", hours=1)
    assert count(here("Gäst", ""), again, here("Mötesrum Eken", ""), here("Kim", "", "2")) == 3


def test_callers() -> None:
    """Somebody who dials in has a number for a name, and no organisation."""
    found = counted(here("+46 70 174 06 05", ""), here("+46 70 174 06 05", "", "2"))
    assert found.organisations == ((UNKNOWN, 1),)


def test_nameless() -> None:
    """Of those without mail and name, the report with most of them counts."""
    assert count(here(" ", "", "1"), here("", "", "2"), here("", "", "2")) == 2


def test_per_day() -> None:
    """Somebody who is there on both days counts on both, as in the coordinator's day counts."""
    assert count(here("Ada"), here("Ada", hours=24), here("Bo", hours=24)) == 3


def test_the_day_is_local() -> None:
    """Half past midnight in Sweden is the next day, though not in UTC."""
    assert count(here("Ada"), here("Ada", hours=15.5)) == 2  # 23:30 UTC


def test_nobody() -> None:
    """An empty report counts nobody, and tells so."""
    found = counted()
    assert (found.count, found.organisations, found.is_told) == (0, (), True)


def test_a_person_over_all_reports() -> None:
    """For those who keep the list: the name as first given, and the time added up."""
    (ada,) = participants(
        [here("ada", shown=""), here("ada", report="2", shown="Ada E")], network()
    )
    assert (ada.name, ada.address, ada.organisation, ada.seconds) == (
        "Ada E",
        "ada@ale.se",
        "Ale",
        7200,
    )
    assert ada.day.isoformat() == "2023-03-08"


# ---------------------------------------------------------------- organisations


@pytest.mark.parametrize(
    ("mail", "organisation"),
    [
        ("kim@ale.se", "Ale"),
        ("KIM@Edu.Goteborg.se", "Göteborg"),
        ("kim@miljo.goteborg.se", "Miljöbolaget"),
        ("kim@dalsland.se", FEDERATION),
        ("kim@mellerud.se", "Mellerud"),
        ("kim@notale.se", "notale.se"),
        ("kim@gmail.com", "gmail.com"),
        ("kim_prov_ale.se#EXT#@natverket.onmicrosoft.com", "Ale"),
        ("kim#EXT#@natverket.onmicrosoft.com", UNKNOWN),
        ("kim", UNKNOWN),
        ("", UNKNOWN),
    ],
)
def test_organisation(mail: str, organisation: str) -> None:
    """By domain, the closest first; a federation for itself; a stranger's domain as it is."""
    assert organisation_of(mail, network()) == organisation


def test_shared_domains() -> None:
    """Members that share a domain are told apart by nothing: their federation, or the domain."""
    shared = tuple(
        Member(code=str(n), name=str(n), domains=("delad.se",), via="Förbundet") for n in (1, 2)
    )
    stranger = Member(code="3", name="3", domains=("delad.se",))
    assert organisation_of("a@delad.se", network(*shared)) == "Förbundet"
    assert organisation_of("a@delad.se", network(*shared, stranger)) == "delad.se"


@pytest.mark.parametrize(
    ("mail", "address"),
    [
        (" A@B.se ", "a@b.se"),
        ("a_b_c.se#ext#@t.example", "a_b@c.se"),
        ("x", ""),
        ("@b.se", ""),
        (None, ""),
    ],
)
def test_addresses(mail: str | None, address: str) -> None:
    """A guest's address as it is at home; what is no address is none."""
    assert address_of(mail) == address


def test_order() -> None:
    """Members as the network lists them, partners, other domains, and those not known last."""
    found = counted(
        here("Kim", ""),
        here("a", "slu.se"),
        here("b", "gu.se"),
        here("c", "goteborgsregionen.se"),
        here("d", "ockero.se"),
        here("e", "amal.se"),
        here("f", "ale.se"),
        here("g", "ale.se"),
    )
    assert found.organisations == (
        ("Ale", 2),
        ("Åmål", 1),
        ("Öckerö", 1),
        ("Göteborgsregionen", 1),
        ("gu.se", 1),
        ("slu.se", 1),
        (UNKNOWN, 1),
    )


def test_nothing_personal_is_kept() -> None:
    """Of a count, neither name nor address is left."""
    said = repr(counted(here("Ada"), here("Prov", "")))
    assert "Ada" not in said
    assert "Prov" not in said
    assert "@" not in said


def test_municipalities_seen() -> None:
    """A federation's official stands for each of its municipalities; an unknown for none."""
    seen = [counted(here("a"), here("Kim", "")), counted(here("b", "dalsland.se"))]
    assert municipalities_seen(seen, network()) == ("Ale", "Bengtsfors", "Mellerud")
    assert municipalities_seen([counted(here("Kim", ""))], network()) == ()
