"""Flows that moved are told of by the channel that they are for."""

from pydantic import SecretStr

from service.outlets import retired_flows
from service.settings import NetworkSettings

OLD = "https://prod-07.northeurope.logic.azure.com:443/workflows/1?sig=hemligt"
NEW = "https://a1.ae.environment.api.powerplatform.com/powerautomate/workflows/1?sig=hemligt"


def test_by_channel_and_without_the_address() -> None:
    """Common, coordinators', groups': only those that are outdated, and nothing secret."""
    chosen = NetworkSettings(
        mailbox="natverk@exempel.se",
        site="s",
        workflow_url=SecretStr(NEW),
        coordinator_url=SecretStr(OLD),
        group_urls=SecretStr(f"miljo={OLD};natur={NEW}"),
    )
    notes = list(retired_flows(chosen))

    assert [note.partition(":")[0] for note in notes] == ["channel coordinators", "channel miljo"]
    assert "hemligt" not in "".join(notes)
