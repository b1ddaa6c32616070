"""The network's site and what it grants."""

from service.domain.check.finding import Remedy
from service.domain.check.shell import quoted

SELECTED = "up to an hour"


def grant(client_id: str, site: str, role: str = "Write") -> Remedy:
    """Let the app onto a site under Sites.Selected, or change its role there."""
    at = f"-Site {quoted(site)}"
    return Remedy(
        who="SharePoint administrator, in PnP PowerShell",
        steps=(
            f'Grant-PnPAzureADAppSitePermission -AppId {client_id} -DisplayName "Nätverket" '
            f"{at} -Permissions {role}",
            "# where it has a lower role already, raise that one:",
            f"Get-PnPAzureADAppSitePermission -AppIdentity {client_id} {at} | "
            f"ForEach-Object {{ Set-PnPAzureADAppSitePermission -PermissionId $_.Id {at} "
            f"-Permissions {role} }}",
        ),
        takes=SELECTED,
    )


def named(setting: str, there: str = "") -> Remedy:
    """Mend what a setting names."""
    return Remedy(who="whoever runs the service", steps=(f"mend {setting}{there}",))


def provisioning() -> Remedy:
    return Remedy(
        who="whoever runs the service, with the rights that provisioning needs",
        steps=("natverket provision",),
    )
