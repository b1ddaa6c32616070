"""A world in which every way of signing in is open to some app."""

from dataclasses import replace
from datetime import timedelta

from service.sandbox.timeline import (
    Act,
    App,
    BlockAccount,
    Channel,
    ConditionalAccess,
    DisableApp,
    Federated,
    GrantRole,
    GrantSite,
    IdleSignIns,
    Leave,
    NewSecret,
    Person,
    RevokeSignIns,
    Say,
    SecretExpires,
    Seed,
)
from tests.sandbox import worlds

DESK = App(
    client_id="66666666-aaaa-4000-8000-000000000006",
    secret="desk~secret",
    name="Skrivbordet",
    roles=("User.Read.All",),
    scopes=("ChannelMessage.Read.All", "Sites.Selected"),
    site_role="write",
    public=True,
    redirects=("http://localhost", "http://127.0.0.1/klar"),
    web_redirects=("https://app.example/back",),
    federated=(
        Federated(subject="arbete:natverket"),
        Federated(subject="arbete:annat", issuer="https://issuer.example"),
    ),
)
CLOSED = App(
    client_id="77777777-aaaa-4000-8000-000000000007",
    secret="closed~secret",
    name="Sluten",
    roles=("Teamwork.Migrate.All",),
    web_redirects=("https://closed.example/back",),
)
SHARED = App(
    client_id="88888888-aaaa-4000-8000-000000000008",
    secret="shared~secret",
    name="Delad",
    roles=(),
    scopes=("Sites.FullControl.All",),
    public=True,
    multi_tenant=True,
)
HOST = App(
    client_id="99999999-aaaa-4000-8000-000000000009",
    secret="",
    name="Värdens identitet",
    roles=("Sites.Selected",),
    site_role="read",
    managed=True,
)
DORA = Person(id="e1000000-0000-4000-8000-000000000011", name="Dora Lo", mail="dora@nat.example")
EVA = Person(id="e2000000-0000-4000-8000-000000000012", name="Eva Ö", mail="eva@nat.example")
FINN = Person(id="e3000000-0000-4000-8000-000000000013", name="Finn Å", mail="finn@nat.example")
GUN = Person(id="e4000000-0000-4000-8000-000000000014", name="Gun Ny", mail="gun@nat.example")
PRIVATE = "19:private00000000000000000000000@thread.tacv2"
OTHER_TEAM = "e0000000-0000-4000-8000-0000000000ff"

WORLD = replace(
    worlds.WORLD,
    people=(*worlds.WORLD.people, DORA, EVA, FINN, GUN),
    apps=(*worlds.WORLD.apps, DESK, CLOSED, SHARED, HOST),
    channels=(
        *worlds.WORLD.channels,
        Channel(id=PRIVATE, name="Enskilt", membership="private", members=(worlds.ANNA.id,)),
    ),
    team_members=(worlds.ANNA.id, worlds.BO.id, worlds.GUEST.id, DORA.id),
    other_teams=(OTHER_TEAM,),
    levels={
        "": {
            DORA.id: "none",
            worlds.GUEST.id: "read",
            worlds.BO.id: "write",
            EVA.id: "manage",
            worlds.ANNA.id: "fullcontrol",
        }
    },
)


def quiet() -> Seed:
    return Seed(world=WORLD, acts=())


def mistaken_person() -> Seed:
    return _on_the_first_day(RevokeSignIns, person="ingen")


def mistaken_app() -> Seed:
    return _on_the_first_day(GrantRole, app="ingen", role="User.Read.All")


def mistaken_role() -> Seed:
    return _on_the_first_day(GrantSite, app=DESK.client_id, role="allt")


def _on_the_first_day(kind: type[Act], **what: str) -> Seed:
    return Seed(world=WORLD, acts=(kind(at=worlds.START + timedelta(days=1), **what),))


def malformed_level() -> Seed:
    return Seed(world=replace(WORLD, levels={"": {DORA.id: "allt"}}), acts=())


def malformed_site() -> Seed:
    return Seed(world=replace(WORLD, levels={"ingen": {}}), acts=())


def malformed_person() -> Seed:
    return Seed(world=replace(WORLD, levels={"": {"ingen": "read"}}), acts=())


def malformed_grant() -> Seed:
    return Seed(world=replace(WORLD, apps=(replace(DESK, site_role="allt"),)), acts=())


def malformed_redirect() -> Seed:
    return Seed(world=replace(WORLD, apps=(replace(DESK, redirects=("localhost",)),)), acts=())


def troubled() -> Seed:
    """On the first day everything happens to somebody that can happen to a sign-in."""
    at = worlds.START + timedelta(days=1)
    return Seed(
        world=WORLD,
        acts=(
            Say(
                at=worlds.START,
                key="hej",
                channel=worlds.COMMON,
                author=DORA.id,
                html="<p>Hej då</p>",
            ),
            RevokeSignIns(at=at, person=worlds.ANNA.id),
            IdleSignIns(at=at, person=worlds.BO.id),
            Leave(at=at, person=DORA.id),
            BlockAccount(at=at, person=EVA.id),
            ConditionalAccess(at=at, name="spärr", control="block", person=FINN.id),
            ConditionalAccess(at=at, name="två", control="mfa", person=GUN.id),
            ConditionalAccess(
                at=at, name="verk", control="block", app=CLOSED.client_id, workload=True
            ),
            DisableApp(at=at, app=SHARED.client_id),
            SecretExpires(at=at, app=worlds.READER.client_id),
            NewSecret(
                at=at, app=worlds.STRANGER.client_id, secret="new~secret", remove_others=True
            ),
            GrantRole(at=at, app=worlds.STRANGER.client_id, role="User.Read.All"),
            GrantRole(
                at=at, app=worlds.DAEMON.client_id, role="OnlineMeetings.Read.All", withdrawn=True
            ),
            ConditionalAccess(at=at + timedelta(days=1), name="spärr", control="", person=FINN.id),
            BlockAccount(at=at + timedelta(days=1), person=EVA.id, blocked=False),
        ),
    )


def libraries() -> Seed:
    """One coordinator; everybody else is in the team."""
    return Seed(world=replace(WORLD, levels={}, owners=(worlds.ANNA.id,)), acts=())
