"""
What is left to people once the site is laid out: who opens which library, and the app's end.

Graph grants an app a role on a list, never a person or a group, and knows no views
(https://learn.microsoft.com/graph/api/list-post-permissions). So a person does it, once, in
SharePoint or with the script beside the table of rights.
"""

from dataclasses import dataclass

SCRIPTS = "pwsh deploy/permissions"


@dataclass(frozen=True, kw_only=True)
class ByHand:
    what: str
    clicks: tuple[str, ...]
    """From the site's contents."""


def contents(site_url: str) -> str:
    """Return the address of the page *Site contents*."""
    return f"{site_url.rstrip('/')}/_layouts/15/viewlsts.aspx"


def by_hand(*, documentation: str, coordination: str) -> tuple[ByHand, ...]:
    """Tell what an owner of the site does, for libraries of these names."""
    to_permissions = "Settings (the wheel) > Library settings > More library settings > "
    opened = to_permissions + "Permissions for this document library"
    return (
        ByHand(
            what=f"close {coordination} to members, guests among them",
            clicks=(
                f"{coordination} > {opened}",
                "Stop Inheriting Permissions",
                "tick the groups of members and visitors > Remove User Permissions",
                "leave the owners; Grant Permissions to coordinators who are none: Edit",
            ),
        ),
        ByHand(
            what=f"let members read {documentation}, and not change it",
            clicks=(
                f"{documentation} > {opened}",
                "Stop Inheriting Permissions",
                "tick the group of members > Edit User Permissions > Read alone",
                "Grant Permissions to coordinators who are no owners: Edit",
            ),
        ),
        ByHand(
            what=f"show the columns in {documentation}'s view, grouped by meeting",
            clicks=(
                f"{documentation} > All Documents > Edit current view",
                "tick Fokusgrupp, Mötesdatum, Möte, Typ; sort by Mötesdatum, descending > OK",
            ),
        ),
    )


def closing(*, site_url: str, documentation: str, coordination: str) -> str:
    """Write the command that does all that `by_hand` tells."""
    return (
        f'{SCRIPTS}/7-libraries.ps1 -Site "{site_url}" -Documentation "{documentation}" '
        f'-Coordination "{coordination}" -PnPClientId <app for PnP PowerShell>'
    )


def removal(*, site_url: str, client_id: str) -> str:
    """Write the command that takes the temporary app's rights away."""
    return (
        f'{SCRIPTS}/9-remove.ps1 -ProvisioningOnly -Site "{site_url}" '
        f"-ProvisionClientId {client_id}"
    )
