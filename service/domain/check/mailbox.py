"""The network mailbox: Exchange's roles, each scoped to it."""

from service.domain.check.finding import Remedy
from service.domain.check.shell import quoted

SCOPE = "natverket"
CALENDAR = "Application Calendars.Read"
MAIL_READ = "Application Mail.Read"
MAIL_SEND = "Application Mail.Send"
MAIL_WRITE = "Application Mail.ReadWrite"


def role(client_id: str, mailbox: str, role: str) -> Remedy:
    """Give the app one of Exchange's roles on the mailbox, and no other mailbox."""
    return Remedy(
        who="Exchange administrator, in Exchange Online PowerShell",
        steps=(
            f'New-ManagementRoleAssignment -App {client_id} -Role "{role}" '
            f"-CustomResourceScope {SCOPE}",
            "# where app or scope are not known to Exchange yet, first:",
            f"$sp = Get-MgServicePrincipal -Filter \"appId eq '{client_id}'\"",
            f'New-ServicePrincipal -AppId {client_id} -ObjectId $sp.Id -DisplayName "Nätverket"',
            f"New-ManagementScope -Name {SCOPE} -RecipientRestrictionFilter "
            f"\"PrimarySmtpAddress -eq '{mailbox}'\"",
            "# to see it:",
            f"Test-ServicePrincipalAuthorization -Identity {client_id} -Resource {quoted(mailbox)}",
        ),
        takes="up to two hours",
    )
