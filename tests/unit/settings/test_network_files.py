"""Networks told in TOML files of NATVERKET_NETWORKS instead of by name."""

import re
from pathlib import Path

import pytest

from service.errors import SettingsError
from service.settings import describe, read_settings

HIDDEN = "do-not-show-this"

SHARED = {
    "NATVERKET_TENANT_ID": "tenant.example",
    "NATVERKET_CLIENT_ID": "11111111-2222-3333-4444-555555555555",
    "NATVERKET_CLIENT_SECRET": HIDDEN,
}

NETWORK_TOML = """
[network]
id = "{id}"
name = "Nätverk {id}"
mailbox = "bok@{id}.example"
site = "site-{id}"
region = "Västra Götaland"
read_channel = false
approve_first_weeks = 0
workflow_url_file = "hidden"

[[focus_groups]]
id = "klimat"
name = "Klimat"
addresses = ["Klimat@{id}.example"]
"""


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read no `.env` of the checkout."""
    monkeypatch.chdir(tmp_path)


def test_a_folder_holds_a_network_a_file(tmp_path: Path) -> None:
    """Each TOML of the folder is a network; secrets lie in files beside it."""
    folder = tmp_path / "networks"
    folder.mkdir()
    (folder / "hidden").write_text(f"https://flow.example/{HIDDEN}")
    for key in ("b", "a"):
        (folder / f"{key}.toml").write_text(NETWORK_TOML.format(id=key))
    settings = read_settings(environment={**SHARED, "NATVERKET_NETWORKS": "networks"})

    assert [network.id for network in settings.networks] == ["a", "b"]
    first = settings.networks[0]
    assert (first.read_channel, first.approve_first_weeks) == (False, 0)
    assert first.workflow_url is not None
    assert first.workflow_url.get_secret_value().endswith(HIDDEN)
    described = describe(first)
    assert described.region == "Västra Götaland"
    assert described.groups[0].addresses == ("klimat@a.example",)


def test_networks_are_told_in_one_way() -> None:
    """Files beside names are refused, and the names told."""
    with pytest.raises(SettingsError, match="NETWORKS: stands beside NATVERKET_NETWORK_NAME"):
        read_settings(
            environment=SHARED | {"NATVERKET_NETWORKS": ".", "NATVERKET_NETWORK_NAME": "x"}
        )


def test_problems_in_a_file_name_file_and_key(tmp_path: Path) -> None:
    """Wrong, missing and misspelt keys of every file are told by path and key."""
    (tmp_path / "one.toml").write_text(
        '[network]\nname = "N"\nmailbx = "a@b.example"\nlanguage = "fi"\nsite = ["x"]\n'
    )
    (tmp_path / "two.toml").write_text("[network\n")
    with pytest.raises(SettingsError) as caught:
        read_settings(environment={**SHARED, "NATVERKET_NETWORKS": str(tmp_path)})
    told = "\n".join(caught.value.problems).replace(f"{tmp_path}/", "")

    assert "one.toml: mailbx: there is no such setting; write mailbox" in told
    assert "one.toml: mailbox: is not set; write a mail address" in told
    assert "one.toml: language: there are no texts in" in told
    assert "one.toml: site: is not text, number or true/false" in told
    assert "two.toml: cannot be read" in told


def test_two_networks_of_one_id_are_refused(tmp_path: Path) -> None:
    """The id keeps networks apart in the state."""
    (tmp_path / "hidden").write_text("https://flow.example/")
    for name in ("one", "two"):
        (tmp_path / f"{name}.toml").write_text(NETWORK_TOML.format(id="same"))
    with pytest.raises(SettingsError, match="the id same is that of"):
        read_settings(environment={**SHARED, "NATVERKET_NETWORKS": str(tmp_path)})


def test_two_networks_with_one_calendar_token_are_refused(tmp_path: Path) -> None:
    """Each calendar has an address of its own; which files share one is told, the token is not."""
    (tmp_path / "hidden").write_text("https://flow.example/")
    token = "a-token-that-is-long-enough"
    for name in ("one", "two"):
        told = NETWORK_TOML.format(id=name)
        (tmp_path / f"{name}.toml").write_text(
            told.replace("read_channel", f'calendar_token = "{token}"\nread_channel')
        )
    with pytest.raises(SettingsError) as caught:
        read_settings(environment={**SHARED, "NATVERKET_NETWORKS": str(tmp_path)})
    (problem,) = caught.value.problems
    assert problem.replace(f"{tmp_path}/", "") == (
        "two.toml: calendar_token: is that of one.toml too; write another token"
    )
    assert token not in problem


@pytest.mark.parametrize("at", ["absent", "."])
def test_where_no_network_is_found_is_told(at: str) -> None:
    """A path without any TOML is a problem, not a service without networks."""
    with pytest.raises(SettingsError, match="NATVERKET_NETWORKS: there is no TOML file"):
        read_settings(environment={**SHARED, "NATVERKET_NETWORKS": at})


def test_two_networks_on_one_register_are_refused(tmp_path: Path) -> None:
    """Each would write the other's rows anew for ever; which files name the same list is told."""
    (tmp_path / "hidden").write_text("https://flow.example/")
    for name in ("one", "two"):
        text = NETWORK_TOML.format(id=name)
        text = re.sub(
            r"^site = .*$", 'site = "https://exempel.sharepoint.com/sites/x"', text, flags=re.M
        )
        (tmp_path / f"{name}.toml").write_text(text)
    with pytest.raises(SettingsError) as caught:
        read_settings(environment={**SHARED, "NATVERKET_NETWORKS": str(tmp_path)})
    (problem,) = caught.value.problems
    assert problem.replace(f"{tmp_path}/", "") == (
        "two.toml: register: is that of one.toml too; write a list of its own"
    )
