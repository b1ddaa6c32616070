"""Channels: reading them, and posting to them."""

from collections.abc import Iterable

from service.domain.check.finding import Remedy


def consent() -> Remedy:
    """Resource-specific consent in the team."""
    return Remedy(
        who="Teams administrator (who uploads it) and owner of the team (who adds it)",
        steps=("natverket teams-app", "# it says who does what with the file that it builds"),
        takes="some minutes, and until Teams offers a new app some hours,",
    )


def channel_id(setting: str) -> Remedy:
    return Remedy(
        who="whoever runs the service",
        steps=(
            "Teams > the channel > … > Get link to channel: the id stands between /channel/ and "
            "the next /, as 19:…@thread.tacv2 once %3A and %40 are : and @",
            f"mend {setting}, or NATVERKET_NETWORK_TEAM (groupId= in the same link)",
        ),
    )


def flow(setting: str, channel: str) -> Remedy:
    return Remedy(
        who="owner of the team, in Teams",
        steps=(
            f"Workflows > Post to a channel when a webhook request is received > channel {channel};"
            " make one anew where it is gone, and add a second owner",
            f"put its address into {setting}",
        ),
    )


def bot() -> Remedy:
    return Remedy(
        who="Teams administrator (who uploads it) and owner of the team (who adds it)",
        steps=(
            "natverket teams-app",
            "# the bot is in the team once its app is added there; a private channel takes none",
        ),
        takes="some minutes",
    )


def bot_app(remedy: str) -> Remedy:
    """What Entra ID's refusal of the bot's own app asks for."""
    return Remedy(
        who="Entra administrator, or whoever runs the service",
        steps=(
            remedy,
            "# of the bot's own app: NATVERKET_BOT_CLIENT_ID, NATVERKET_BOT_CLIENT_SECRET",
        ),
        takes="some minutes",
    )


def login(remedy: str = "natverket login") -> Remedy:
    """Sign in again, or do what Entra ID's refusal asks for."""
    return Remedy(who="whoever has the account, on this machine", steps=(remedy,))


def folder(path: str) -> Remedy:
    return Remedy(
        who="whoever runs the service",
        steps=(
            f"make {path} writable for the service's user, or name another in "
            "NATVERKET_NETWORK_POSTS_FOLDER",
        ),
    )


def tags() -> Remedy:
    return Remedy(
        who="owner of the team, in Teams",
        steps=("Teams > the team > … > Manage tags: make it, or mend NATVERKET_NETWORK_TAGS",),
    )


def delegated(scopes: Iterable[str]) -> Remedy:
    return Remedy(
        who="Entra administrator, in the portal; then whoever has the account",
        steps=(
            "entra.microsoft.com > App registrations > the app > API permissions > delegated "
            f"{', '.join(scopes)} > Grant admin consent",
            "natverket login",
        ),
    )
