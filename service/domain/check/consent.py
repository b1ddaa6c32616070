"""Application permissions: which are wanted, which are too many, and how each is mended."""

from collections.abc import Iterable, Iterator

from service.domain.check.finding import Finding, Remedy, failed, ok, warning

NAME = "roles"
SITES = "Sites.Selected"
MEETINGS = "OnlineMeetings.Read.All"
RECORDINGS = "OnlineMeetingRecording.Read.All"
TRANSCRIPTS = "OnlineMeetingTranscript.Read.All"
ATTENDANCE = "OnlineMeetingArtifact.Read.All"
WANTED = (SITES, MEETINGS, RECORDINGS, TRANSCRIPTS, ATTENDANCE)

WIDER = {
    SITES: ("Sites.ReadWrite.All", "Sites.Manage.All", "Sites.FullControl.All"),
    MEETINGS: ("OnlineMeetings.ReadWrite.All",),
}
"""What does a wanted one's work, and more."""

OPENS = {
    "Mail.Send": "sends mail as everybody",
    "Mail.Read": "opens every mailbox",
    "Mail.ReadWrite": "opens every mailbox",
    "Calendars.Read": "opens every calendar",
    "Calendars.ReadWrite": "opens every calendar",
    "Sites.Read.All": "opens every site and OneDrive",
    "Sites.ReadWrite.All": "opens every site and OneDrive",
    "Sites.Manage.All": "opens every site and OneDrive",
    "Sites.FullControl.All": "opens every site and OneDrive, and may grant itself anything there",
    "Files.Read.All": "opens every site and OneDrive",
    "Files.ReadWrite.All": "opens every site and OneDrive",
    "ChannelMessage.Read.All": "reads every channel of every team",
    "Group.ReadWrite.All": "changes every team",
    "Directory.ReadWrite.All": "changes the directory",
}
"""What grants add up to: one of these beside a narrow grant undoes the narrow one."""

GRAPH_APP = "00000003-0000-0000-c000-000000000000"
"""Client id of Microsoft Graph itself, the same in every tenant."""
_WHERE = "Entra administrator, in Microsoft Graph PowerShell"


def has(role: str, roles: Iterable[str]) -> bool:
    """Tell whether these roles do what one of the wanted does."""
    return not {role, *WIDER.get(role, ())}.isdisjoint(roles)


def lacking(roles: Iterable[str]) -> tuple[str, ...]:
    there = frozenset(roles)
    return tuple(role for role in WANTED if not has(role, there))


def judged(roles: Iterable[str], client_id: str) -> Iterator[Finding]:
    """Yield a finding for what is missing, and one for each role that is too much."""
    there = frozenset(roles)
    missing = lacking(there)
    if missing:
        said = f"missing in the token: {', '.join(missing)}; there: {', '.join(sorted(there))}"
        yield failed(NAME, said.removesuffix("; there: "), consent(client_id, missing))
    else:
        yield ok(NAME, f"wanted and in the token: {', '.join(WANTED)}")
    for role in sorted(there - set(WANTED)):
        why = OPENS.get(role, "is not needed")
        yield warning(NAME, f"{role} is too much: it {why}", withdrawal(client_id, role))


def consent(client_id: str, roles: Iterable[str]) -> Remedy:
    grants = tuple(
        "New-MgServicePrincipalAppRoleAssignment -ServicePrincipalId $app.Id -PrincipalId $app.Id "
        f"-ResourceId $graph.Id -AppRoleId ($graph.AppRoles | Where-Object Value -eq '{role}').Id"
        for role in roles
    )
    return Remedy(
        who=_WHERE,
        steps=(
            'Connect-MgGraph -Scopes "AppRoleAssignment.ReadWrite.All", "Application.Read.All"',
            f"$graph = Get-MgServicePrincipal -Filter \"appId eq '{GRAPH_APP}'\"",
            f"$app = Get-MgServicePrincipal -Filter \"appId eq '{client_id}'\"",
            *grants,
        ),
        takes="up to an hour",
    )


def withdrawal(client_id: str, role: str) -> Remedy:
    return Remedy(
        who="Entra administrator, in the portal",
        steps=(
            f"entra.microsoft.com > App registrations > {client_id} > API permissions > "
            f"{role} > Revoke admin consent, then Remove permission",
        ),
        takes="up to an hour",
    )
