"""What the service signs in by, and how long that lasts."""

from datetime import datetime

from service.domain.check.finding import Finding, Remedy, failed, ok, warning

NAME = "sign-in"
WARNINGS = (7, 30, 60)
"""Days before the end at which it is told, the nearest first."""


def ending(name: str, said: str, ends: datetime, now: datetime, remedy: Remedy) -> Finding:
    """Tell how long something lasts: 60, 30 and 7 days before its end as a warning."""
    days = (ends - now).days
    if ends <= now:
        return failed(name, f"{said}, ended {ends:%Y-%m-%d}", remedy)
    nearest = next((limit for limit in WARNINGS if days < limit), None)
    if nearest is not None:
        left = f"{days} days left ({ends:%Y-%m-%d})"
        return warning(name, f"{said}, {left}: fewer than {nearest}", remedy)
    return ok(name, f"{said}, {days} days left")


def certificate(tenant_id: str, client_id: str) -> Remedy:
    return Remedy(
        who="Entra administrator, in the portal",
        steps=(
            f"entra.microsoft.com > App registrations > {client_id} (tenant {tenant_id}) > "
            "Certificates & secrets > Certificates > Upload the public part of a new one",
            "put the new file at NATVERKET_CLIENT_CERTIFICATE_FILE; take the old one away later",
        ),
        takes="some minutes",
    )


def another_app(name: str, there: str, set_: str) -> Finding:
    """Tell that the token is another app's than the one that every remedy names."""
    return warning(
        name,
        f"signed in as the app {there}, and NATVERKET_CLIENT_ID is {set_}: rights count that are "
        "granted to the former, and what is told here names the latter",
        Remedy(
            who="whoever runs the service",
            steps=(f"NATVERKET_CLIENT_ID={there}",),
        ),
    )


def refused(client_id: str, remedy: str) -> Remedy:
    """Say what the error says, and where."""
    return Remedy(
        who="Entra administrator, or whoever runs the service",
        steps=(remedy, f"entra.microsoft.com > App registrations > {client_id}"),
        takes="some minutes",
    )
