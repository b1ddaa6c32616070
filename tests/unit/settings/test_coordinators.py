"""The coordinators' channel: theirs alone."""

import pytest

from service.errors import SettingsError
from service.settings import read_settings

LEAST = {
    "TENANT_ID": "tenant.example",
    "CLIENT_ID": "11111111-2222-3333-4444-555555555555",
    "CLIENT_SECRET": "secret",
    "NETWORK_NAME": "Nätverket",
    "NETWORK_FOCUS_GROUPS": "natur=Naturvård",
    "NETWORK_MAILBOX": "natverk@exempel.se",
    "NETWORK_SITE": "https://exempel.sharepoint.com/sites/natverket",
    "NETWORK_POST_VIA": "workflow",
    "NETWORK_TEAM": "team",
    "NETWORK_CHANNEL": "19:alla",
    "NETWORK_WORKFLOW_URL": "https://flow.example/?sig=1",
}


def read(**more: str) -> None:
    read_settings(None, {f"NATVERKET_{name}": text for name, text in {**LEAST, **more}.items()})


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("NETWORK_COORDINATOR_URL", LEAST["NETWORK_WORKFLOW_URL"]),
        ("NETWORK_COORDINATOR_CHANNEL", LEAST["NETWORK_CHANNEL"]),
    ],
)
def test_coordinators_do_not_share_the_members_channel(name: str, same: str) -> None:
    """What is for coordinators alone must not reach everybody by a slip of the pen."""
    with pytest.raises(SettingsError) as refused:
        read(**{name: same})

    [told] = refused.value.problems
    assert told.startswith(f"NATVERKET_{name}: is the members' own")
    assert "sig=" not in told


def test_a_channel_of_their_own_is_fine() -> None:
    """Another address, another channel: nothing to say."""
    read(
        NETWORK_COORDINATOR_URL="https://flow.example/?sig=2",
        NETWORK_COORDINATOR_CHANNEL="19:samordnare",
    )
