"""Online meetings: each organiser's policy, and how recordings come."""

from dataclasses import dataclass

from service.domain.check.finding import Finding, Remedy, failed, ok, unused, warning
from service.domain.check.shell import quoted

NAME = "recordings"
POLICY = "natverket"


@dataclass(frozen=True, kw_only=True)
class Route:
    """What was learned of one organiser."""

    organizer: str
    found: bool = True
    """An online meeting was found behind a join link."""
    unnamed: bool = False
    """None of the known meetings is online: nothing to ask by."""
    by_api: bool = True
    """The meeting API lists the recordings."""
    in_channel: bool = False
    """A meeting is held in a channel, whose recordings the API leaves out."""
    transcribes: bool = True
    blocked: bool = False
    """A recording may not be downloaded."""
    untried: tuple[str, ...] = ()
    """Roles for want of which something was not tried."""


def judged(route: Route, *, watches_channel: bool) -> Finding:
    """Tell what is to be expected of an organiser's recordings."""
    if route.unnamed:
        return unused(NAME, f"{route.organizer}: none of the known meetings is online")
    ways = ["meeting API ✓"] if route.by_api else []
    if route.in_channel:
        ways.append(f"channel library {'✓' if watches_channel else 'not watched'}")
    said = f"{route.organizer}: {' · '.join(ways) or 'no way tried'}"
    if route.blocked:
        return failed(NAME, f"{said} · the download is blocked by policy", unblocked())
    if route.in_channel and not watches_channel:
        return warning(NAME, f"{said}: recordings of channel meetings are not found", watched())
    if not route.found:
        return warning(NAME, f"{said} · no online meeting behind the invitation's join link")
    if not route.transcribes:
        return warning(
            NAME,
            f"{said} · transcription is off by policy: without it recordings may not be exported",
            transcribed(route.organizer),
        )
    if route.untried:
        return unused(NAME, f"{said} · not tried for want of {', '.join(route.untried)}")
    return ok(NAME, said)


def policy(client_id: str, organizer: str) -> Remedy:
    """Let the app read an organiser's online meetings."""
    return Remedy(
        who="Teams administrator, in Microsoft Teams PowerShell",
        steps=(
            f"Grant-CsApplicationAccessPolicy -PolicyName {POLICY} -Identity {quoted(organizer)}",
            "# where there is no such policy yet, first:",
            f'New-CsApplicationAccessPolicy -Identity {POLICY} -AppIds "{client_id}" '
            '-Description "Nätverket"',
        ),
        takes="up to half an hour",
    )


def transcribed(organizer: str) -> Remedy:
    return Remedy(
        who="Teams administrator, in Microsoft Teams PowerShell",
        steps=(
            f"Get-CsOnlineUser -Identity {quoted(organizer)} | Select-Object TeamsMeetingPolicy",
            "Set-CsTeamsMeetingPolicy -Identity <that policy, or Global> -AllowTranscription $true",
        ),
        takes="some hours",
    )


def unblocked() -> Remedy:
    """In the words of DownloadBlocked."""
    return Remedy(
        who="SharePoint administrator, in SharePoint Online PowerShell",
        steps=(
            "Set-SPOTenant -BlockDownloadFileTypePolicy $true -BlockDownloadFileTypeIds "
            "TeamsMeetingRecording -ExcludedBlockDownloadGroupIds "
            "<id of a security group that the app and the organiser are in>",
            "# it holds for new recordings; those that are there are filed by hand",
        ),
    )


def watched() -> Remedy:
    return Remedy(
        who="whoever runs the service",
        steps=(
            "add the address of the channel's folder to NATVERKET_NETWORK_WATCHED_FOLDERS "
            "(Teams > the channel > Files > Open in SharePoint)",
        ),
    )
