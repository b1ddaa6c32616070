"""
What an app may ask for: the resource, its delegated permissions, and who consents to them.

Which of them need an administrator: "Microsoft Graph permissions reference".
"""

from dataclasses import dataclass

from service.sandbox.entra.refusals import TokenError
from service.sandbox.entra.tokens import BOTS, GRAPH
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import App, Person

OIDC = ("openid", "profile", "email", "offline_access")
_SELF = {
    "openid": "Logga in dig",
    "profile": "Se ditt namn och din användarprofil",
    "email": "Se din e-postadress",
    "offline_access": "Behålla åtkomsten tills du eller en administratör återkallar den",
    "User.Read": "Läsa din profil",
    "User.ReadBasic.All": "Läsa alla användares grundläggande profiler",
    "Calendars.Read": "Läsa dina kalendrar",
    "Calendars.ReadWrite": "Läsa och ändra i dina kalendrar",
    "Calendars.Read.Shared": "Läsa kalendrar som du har tillgång till",
    "Mail.Read": "Läsa din e-post",
    "Mail.ReadWrite": "Läsa och ändra i din e-post",
    "Mail.Send": "Skicka e-post som du",
    "Files.Read": "Läsa dina filer",
    "Files.Read.All": "Läsa alla filer som du har tillgång till",
    "Files.ReadWrite": "Läsa och ändra dina filer",
    "Files.ReadWrite.All": "Läsa och ändra alla filer som du har tillgång till",
    "Sites.Read.All": "Läsa alla webbplatser som du har tillgång till",
    "Sites.ReadWrite.All": "Ändra på alla webbplatser som du har tillgång till",
    "Sites.Manage.All": "Skapa och ta bort listor på alla webbplatser som du har tillgång till",
    "Team.ReadBasic.All": "Se namnen på dina team",
    "Channel.ReadBasic.All": "Se namnen på kanalerna i dina team",
    "ChannelMessage.Send": "Skriva i kanaler som du",
    "Chat.Read": "Läsa dina chattar",
    "OnlineMeetings.Read": "Läsa dina onlinemöten",
    "OnlineMeetings.ReadWrite": "Läsa och skapa dina onlinemöten",
}
_ADMIN = {
    "User.Read.All": "Läsa alla användares profiler",
    "Directory.Read.All": "Läsa katalogen",
    "Group.Read.All": "Läsa alla grupper",
    "Group.ReadWrite.All": "Läsa och ändra alla grupper",
    "Sites.FullControl.All": "Full kontroll över alla webbplatser",
    "Sites.Selected": "Komma åt utvalda webbplatser",
    "ChannelSettings.Read.All": "Läsa kanalers inställningar",
    "ChannelMessage.Read.All": "Läsa meddelanden i dina kanaler",
    "ChannelMessage.ReadWrite": "Läsa och ändra meddelanden i dina kanaler",
    "TeamworkTag.Read": "Läsa taggar i dina team",
    "OnlineMeetingRecording.Read.All": "Läsa inspelningar av dina onlinemöten",
    "OnlineMeetingTranscript.Read.All": "Läsa utskrifter av dina onlinemöten",
    "OnlineMeetingArtifact.Read.All": "Läsa närvaro vid dina onlinemöten",
}
_GRAPH_NAMES = (GRAPH, "00000003-0000-0000-c000-000000000000")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a request asks for, taken apart."""

    audience: str
    names: tuple[str, ...]
    """Permissions of the resource, `.default` among them, and those of OpenID Connect."""

    @property
    def by_default(self) -> bool:
        return ".default" in self.names


def wanted(tenant: Tenant, text: str, base: str) -> Wanted:
    """Raises TokenError for a resource that the tenant does not know, and for two at once."""
    audiences: set[str] = set()
    names: list[str] = []
    for word in text.split():
        resource, name = _apart(word)
        names.append(name)
        if name not in OIDC:
            audiences.add(_audience(tenant, resource, base))
    if len(audiences) > 1:
        raise TokenError(
            400,
            "invalid_request",
            28000,
            "Provided value for the input parameter scope is not valid because it contains more "
            f"than one resource. Scope {text} is not valid.",
        )
    audience = audiences.pop() if audiences else GRAPH
    if ".default" in names and any(n not in (*OIDC, ".default") for n in names):
        raise TokenError(
            400,
            "invalid_scope",
            70011,
            "The provided request must include a 'scope' input parameter. The provided value for "
            f"the input parameter 'scope' is not valid. The scope {text} is not valid. .default "
            "scope can't be combined with resource-specific scopes.",
        )
    return Wanted(audience=audience, names=tuple(dict.fromkeys(names)))


def _apart(word: str) -> tuple[str, str]:
    """Resource and permission; a bare permission is Graph's."""
    if word == ".default" or "/" not in word:
        return GRAPH, word
    resource, _, name = word.rpartition("/")
    return resource.rstrip("/"), name


def _audience(tenant: Tenant, resource: str, base: str) -> str:
    if resource in (*_GRAPH_NAMES, base):
        return GRAPH
    if resource == BOTS:
        return BOTS
    raise TokenError(
        400,
        "invalid_resource",
        500011,
        f"The resource principal named {resource} was not found in the tenant named "
        f"{tenant.world.domain}. This can happen if the application has not been installed by "
        "the administrator of the tenant or consented to by any user in the tenant. You might "
        "have sent your authentication request to the wrong tenant.",
    )


def described(name: str) -> str:
    """What the page of consent says of a permission."""
    return _SELF.get(name) or _ADMIN.get(name) or name


def check_known(app: App, names: tuple[str, ...]) -> None:
    for name in names:
        if name != ".default" and name not in _SELF and name not in _ADMIN:
            raise TokenError(
                400,
                "invalid_client",
                650053,
                f"The application '{app.name}' asked for scope '{name}' that doesn't exist on "
                f"the resource '{_GRAPH_NAMES[1]}'. Contact the app vendor.",
            )


def needing_admin(app: App, names: tuple[str, ...]) -> tuple[str, ...]:
    """Those that no person may consent to and no administrator has."""
    return tuple(name for name in names if name in _ADMIN and name not in app.scopes)


def consent(tenant: Tenant, app: App, person: Person, names: tuple[str, ...]) -> None:
    """Somebody lets the app do this for her, from now on."""
    for name in names:
        if name != ".default":
            tenant.store.do(
                "INSERT OR IGNORE INTO consents VALUES (?, ?, ?)", app.client_id, person.id, name
            )


def consented(tenant: Tenant, app: App, person: Person) -> tuple[str, ...]:
    """All that the app may do for this person: the administrator's consent, and her own."""
    rows = tenant.store.all(
        "SELECT scope FROM consents WHERE app = ? AND person = ? ORDER BY scope",
        app.client_id,
        person.id,
    )
    return tuple(dict.fromkeys((*app.scopes, *(row["scope"] for row in rows))))


def granted(tenant: Tenant, app: App, person: Person, asked: Wanted) -> tuple[str, ...]:
    """
    The permissions that go into a token: all that were consented to, whatever part of them
    was asked for ("Scopes and permissions in the Microsoft identity platform").

    Raises 65001 if something is asked for that was never consented to.
    """
    if asked.audience != GRAPH:
        return ("user_impersonation",)
    has = consented(tenant, app, person)
    lacking = [n for n in asked.names if n not in has and n not in (*OIDC, ".default")]
    if lacking or not has:
        raise TokenError(
            400,
            "invalid_grant",
            65001,
            "The user or administrator has not consented to use the application with ID "
            f"'{app.client_id}' named '{app.name}'. Send an interactive authorization request "
            "for this user and resource.",
            suberror="consent_required",
        )
    return tuple(name for name in has if name != "offline_access")
