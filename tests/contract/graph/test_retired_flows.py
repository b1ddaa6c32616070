"""Addresses of flows at the host that Microsoft left."""

import pytest

from service.graph.workflow import retired


@pytest.mark.parametrize(
    "url",
    [
        "https://prod-07.northeurope.logic.azure.com:443/workflows/1/triggers/manual/paths/invoke?sig=x",
        "https://prod-07.northeurope.LOGIC.azure.com./workflows/1",
        "https://logic.azure.com/workflows/1",
    ],
)
def test_the_old_host_is_told_of(url: str) -> None:
    """Since when, and what to do; never the address itself, which is a secret."""
    said = retired(url)
    assert said is not None
    assert "2025-11-30" in said
    assert "sig=" not in said
    assert "workflows/1" not in said


@pytest.mark.parametrize(
    "url",
    [
        "https://a1.ae.environment.api.powerplatform.com:443/powerautomate/automations/direct/workflows/1",
        "https://flow.kommun.example/logic.azure.com",
        "https://logic.azure.com.kommun.example/x",
        "https://notlogic.azure.com/x",
        "not an address",
        "",
    ],
)
def test_any_other_address_is_not(url: str) -> None:
    """Hosts are not matched against what is known today: the next move comes as well."""
    assert retired(url) is None
