"""What keeps the daemon from work, in words for administrators (`jobs.needs`: what jobs met)."""

from datetime import datetime

from service.domain.standing import Need, NeedKind, Who
from service.errors import NatverketError, SettingsError

UNUSABLE = "settings/refused"


def unusable(error: SettingsError, since: datetime) -> Need:
    """Say that settings have changed and are refused: those from before hold."""
    return Need(
        id=UNUSABLE,
        network_id=None,
        who=Who.ADMIN,
        kind=NeedKind.SETTINGS,
        subject="settings",
        said=f"They have changed and are not usable: {'; '.join(error.problems)}",
        remedy="Mend them; the service goes on with those from before until then.",
        since=since,
    )


def restart(name: str, now: datetime) -> Need:
    """Say that a setting, by the name of its field, has changed and holds from the next start."""
    return Need(
        id=f"settings/restart/{name}",
        network_id=None,
        who=Who.ADMIN,
        kind=NeedKind.SETTINGS,
        subject=f"NATVERKET_{name.upper()}",
        said="It has changed, and holds from the next start.",
        remedy="Start the service anew.",
        since=now,
    )


def of_the_state(error: NatverketError, since: datetime) -> Need:
    """Say that the state cannot be used."""
    return Need(
        id="state",
        network_id=None,
        who=Who.ADMIN,
        kind=NeedKind.STATE,
        subject="state",
        said=str(error),
        remedy=error.remedy,
        since=since,
    )
