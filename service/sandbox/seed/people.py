"""Who is in the seed: the accounts of the tenant, and everybody else who joins a meeting."""

from dataclasses import dataclass
from datetime import date, datetime

from service.sandbox.seed.chance import chance
from service.sandbox.seed.data import Organisations, PersonData, Tenant
from service.sandbox.timeline import App, Channel, Federated, Person, World

PLAIN = str.maketrans("åäöéü", "aaoeu")
WORKLOAD = "system:serviceaccount:natverket:natverket"
"""The workload that the daemon's app trusts, under the issuer that the sandbox plays."""
PER_MUNICIPALITY = 4
PER_OTHER = 2

AUTUMN = 8
"""Those who joined the network during the year come after this month; no dates are given."""


@dataclass(frozen=True)
class Somebody:
    """A made-up person as an attendance report or a survey names one."""

    name: str
    mail: str


@dataclass(frozen=True)
class Household:
    """The people of one organisation; `late` if it joined the network during the year."""

    organisation: str
    people: tuple[Somebody, ...]
    late: bool


@dataclass(frozen=True)
class Crowd:
    members: tuple[Household, ...]
    others: tuple[Household, ...]

    def by(self, day: date) -> tuple[Somebody, ...]:
        """Everybody of the municipalities that had joined by a day of the published year."""
        return tuple(person for house in self.joined(day) for person in house.people)

    def joined(self, day: date) -> tuple[Household, ...]:
        return tuple(house for house in self.members if not house.late or day.month > AUTUMN)


def address(name: str, domain: str) -> str:
    return f"{name.lower().translate(PLAIN).replace(' ', '.')}@{domain}"


def world(tenant: Tenant, *, start: datetime) -> World:
    return World(
        tenant_id=tenant.tenant_id,
        domain=tenant.domain,
        start=start,
        time_zone=tenant.time_zone,
        people=tuple(_person(person) for person in tenant.people),
        apps=_apps(tenant),
        mailbox=tenant.mailbox,
        site=tenant.site,
        team=tenant.team,
        channels=tuple(
            Channel(id=channel.id, name=channel.name, workflow=channel.workflow)
            for channel in tenant.channels
        ),
        environment=tenant.environment,
    )


def crowd(tenant: Tenant, organisations: Organisations) -> Crowd:
    """
    Make up the officials of every organisation.

    Drawn from one generator in the order of the file, so that a person is the same in
    every meeting; names differ between people, as a register of participants needs.
    """
    names = _names(tenant)
    guests = tuple(person for person in tenant.people if person.guest)
    members = tuple(
        Household(
            organisation=member.name,
            people=_people(member.domains[0], guests, names, PER_MUNICIPALITY),
            late=member.joined is not None,
        )
        for member in organisations.members
    )
    others = tuple(
        Household(
            organisation=other.name,
            people=_people(other.domains[0], guests, names, PER_OTHER),
            late=False,
        )
        for other in organisations.other
    )
    return Crowd(members=members, others=others)


def _person(person: PersonData) -> Person:
    return Person(id=person.id, name=person.name, mail=person.mail, guest=person.guest)


def _apps(tenant: Tenant) -> tuple[App, ...]:
    organizers = tuple(person.id for person in tenant.people if person.organizer)
    return tuple(
        App(
            client_id=app.client_id,
            secret=app.secret,
            name=app.name,
            roles=app.roles,
            site_role=app.site_role,
            calendars=(tenant.mailbox,) if app.daemon else (),
            organizers=organizers if app.daemon else (),
            reads_channels=app.reads_channels,
            # The right to read channels is consented to by installing the Teams app.
            installed=app.reads_channels,
            scopes=("ChannelMessage.ReadWrite",) if app.daemon else (),
            public=app.daemon,
            redirects=("http://localhost",) if app.daemon else (),
            managed=app.daemon,
            federated=(Federated(subject=WORKLOAD),) if app.daemon else (),
        )
        for app in tenant.apps
    )


def _names(tenant: Tenant) -> list[str]:
    """Every name not borne by an account, shuffled; taken from the end."""
    taken = {person.name for person in tenant.people}
    names = [f"{first} {last}" for first in tenant.first_names for last in tenant.surnames]
    chance("names").shuffle(names)
    return [name for name in names if name not in taken]


def _people(
    domain: str, guests: tuple[PersonData, ...], names: list[str], count: int
) -> tuple[Somebody, ...]:
    known = [
        Somebody(guest.name, guest.mail) for guest in guests if guest.mail.endswith(f"@{domain}")
    ]
    made = [
        Somebody(name, address(name, domain))
        for name in (names.pop() for _ in range(count - len(known)))
    ]
    return (*known, *made)
