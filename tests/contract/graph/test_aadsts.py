"""Entra ID's refusals in words: each with its reason, and the setting or click that mends it."""

import re

import pytest

from service.errors import SignInRefused, TenantFailed
from service.graph import aadsts

TOLD = [*(("app", code) for code in aadsts.OF_APPS), *(("person", n) for n in aadsts.OF_PEOPLE)]
ACTS = re.compile(
    r"NATVERKET_[A-Z_]+|natverket login|Entra ID >|Set the clock|Conditional Access"
    r"|Let whoever|Let an administrator|Azure portal"
)


@pytest.mark.parametrize("key", TOLD, ids=lambda key: f"{key[0]}-{key[1]}")
def test_each_code_has_a_reason_and_a_remedy(key):
    """The remedy names the setting, the command or the click, and the code can be looked up."""
    whose, code = key
    words = aadsts.OF_APPS if whose == "app" else aadsts.OF_PEOPLE
    answer = {"error": "invalid_grant", "error_codes": [code], "correlation_id": "c-1"}
    error = aadsts.refusal("sign-in", answer, words, "otherwise")
    assert isinstance(error, SignInRefused)
    assert f"(AADSTS{code}, correlation id c-1)" in error.reason
    assert ACTS.search(error.remedy), error.remedy
    in_words = {"error": "invalid_grant", "error_description": f"AADSTS{code}: No."}
    assert aadsts.refusal("sign-in", in_words, words, "").remedy == error.remedy


MET_BY_APPS = {
    *(70021, 700211, 700212, 700213, 50013, 700023, 700024, 7000215, 7000218, 7000222, 700027),
    *(53003, 530003, 530032, 53000, 53001, 50105, 65001, 500011, 7000112, 7000114, 7000229),
    *(50194, 700016, 90002, 900023, 900382),
}
MET_BY_PEOPLE = {
    *(90094, 65001, 50076, 50079, 50158, 700082, 70043, 70008, 50173, 50126, 50057, 50053),
    *(16000, 53003, 530033, 530036),
}


def test_what_people_meet_is_known():
    """The codes of every way in which an app or an account signs in."""
    assert set(aadsts.OF_APPS) >= MET_BY_APPS
    assert set(aadsts.OF_PEOPLE) >= MET_BY_PEOPLE


def test_policies_against_secrets_and_device_codes_have_a_way_round():
    """Where secrets are forbidden a certificate is named, and a browser for device codes."""
    for code in (7000215, 7000222):
        assert "NATVERKET_CLIENT_CERTIFICATE_FILE" in aadsts.OF_APPS[code][1]
    for code in (53003, 530033, 530036):
        assert "without --device" in aadsts.OF_PEOPLE[code][1]


def test_a_code_without_words():
    """It is told as Entra ID tells it; a passing failure may pass."""
    unknown = {"error": "invalid_grant", "error_description": "AADSTS1: No.\r\nTrace: 1"}
    error = aadsts.refusal("sign-in", unknown, aadsts.OF_APPS, "Look it up.")
    assert error.reason.startswith("AADSTS1: No.")
    assert error.remedy == "Look it up."
    for passing in (
        {"error": "temporarily_unavailable"},
        {"error": "x", "error_codes": [90033]},
    ):
        assert isinstance(aadsts.refusal("s", passing, aadsts.OF_APPS, ""), TenantFailed)
