"""Where values come from: which place wins, what is shown of it, and to whom the page opens."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from service.cli.main import app
from service.domain.credential import ClientCertificate, ClientSecret, FederatedToken
from service.domain.credential import ManagedIdentity as Identity
from service.errors import SettingsError
from service.fingerprints import Fingerprints, fingerprints
from service.graph.clouds import scope
from service.settings import Settings, files_of, listed, read, read_settings
from service.settings.clouds import HOSTS, Cloud
from service.settings.listing import MASK
from service.signing import gateway_of, login_of
from tests.contract.graph.fakes import FakeClock
from tests.unit.settings.test_reading import LEAST

CANARY = "canary-of-all-secrets"
SECRET, CLIENT = "NATVERKET_CLIENT_SECRET", "NATVERKET_CLIENT_ID"
REST = {name: text for name, text in LEAST.items() if name != SECRET}


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read no `.env` of the checkout, nor a name of this machine."""
    monkeypatch.chdir(tmp_path)


def with_settings(**more: str) -> Settings:
    return read_settings(environment=LEAST | {f"NATVERKET_{key}": v for key, v in more.items()})


def refused(**more: str) -> str:
    with pytest.raises(SettingsError) as caught:
        with_settings(**more)
    assert len(caught.value.problems) == 1, caught.value.problems
    return caught.value.problems[0]


# ---------------------------------------------------------------- which place wins


def test_the_order_of_places(tmp_path: Path) -> None:
    """Environment, environment file, systemd, Docker: each wins over those after it."""
    systemd, docker = tmp_path / "credentials", tmp_path / "secrets"
    for place, text in ((systemd, "systemd"), (docker, "docker")):
        place.mkdir()
        (place / "natverket_client_secret").write_text(f"{text}\n")
    file = tmp_path / "natverket.env"
    file.write_text(f"\n# ours\n{SECRET}=file\n")
    (tmp_path / "named").write_text("named")

    def found(env: dict[str, str], env_file: Path | None = None) -> tuple[str, str]:
        settings = read_settings(env_file, REST | env, docker=docker)
        assert isinstance(settings.credential, ClientSecret)
        return settings.credential.value, str(settings.sources[SECRET])

    laid = {"CREDENTIALS_DIRECTORY": str(systemd)}
    assert found(laid | {SECRET: "environment"}, file) == ("environment", "environment")
    named = laid | {f"{SECRET}_FILE": str(tmp_path / "named")}
    assert found(named, file) == ("named", f"{tmp_path}/named ({SECRET}_FILE, environment)")
    assert found(laid, file) == ("file", f"{file}, line 3")
    where = f"systemd credential {systemd}/natverket_client_secret"
    assert found(laid) == ("systemd", where)
    assert found({}) == ("docker", f"Docker secret {docker}/natverket_client_secret")
    # Compose hands on an empty text for what is not set.
    assert found({SECRET: ""})[0] == "docker"


def test_a_credential_in_capital_letters(tmp_path: Path) -> None:
    """As a unit may name it; it is read anew at each sign-in, so its file is kept in mind."""
    (tmp_path / SECRET).write_text("x")
    settings = read_settings(environment=REST | {"CREDENTIALS_DIRECTORY": str(tmp_path)})
    assert settings.credential == ClientSecret(value="x", file=tmp_path / SECRET)


def test_a_certificate_laid_out_is_the_file_itself(tmp_path: Path) -> None:
    """So that no copy of it need lie anywhere else."""
    (tmp_path / "natverket_client_certificate").write_bytes(b"\x00pfx")
    (tmp_path / "natverket_client_certificate_password").write_text("p")
    settings = read_settings(environment=REST, docker=tmp_path)
    file = tmp_path / "natverket_client_certificate"
    assert settings.credential == ClientCertificate(file=file, password="p")


def test_what_is_laid_out_is_watched(tmp_path: Path) -> None:
    """Folder and file: one that comes, goes or is replaced makes the settings be read anew."""
    systemd, docker = tmp_path / "credentials", tmp_path / "secrets"
    for place in (systemd, docker):
        place.mkdir()
        (place / "natverket_client_secret").write_text("first")
        (place / "of_another").write_text("not ours")
    environment = REST | {"CREDENTIALS_DIRECTORY": str(systemd)}

    def look() -> Fingerprints:
        settings = read_settings(None, environment, docker=docker)
        return fingerprints(files_of(settings, None, environment, docker=docker))

    for place in (systemd, docker):
        before = look()
        assert place / "of_another" not in before
        (place / "new").write_text("the second")
        (place / "new").replace(place / "natverket_client_secret")
        changed = {path for path, one in look().items() if one != before.get(path)}
        assert changed == {place, place / "natverket_client_secret"}


def test_what_is_laid_out_must_be_ours_and_readable(tmp_path: Path) -> None:
    """A misspelt, an empty and another program's file: error, error, silence."""
    (tmp_path / "natverket_client_secrt").write_text("x")
    (tmp_path / "natverket_bot_client_secret").write_text("")
    (tmp_path / "natverket_mode").write_text("observe")
    (tmp_path / "kubernetes.io").mkdir()
    (tmp_path / "postgres").write_text("x")
    problems = read(environment=LEAST, docker=tmp_path).problems
    assert any("secrt" in told and "natverket_client_secret" in told for told in problems)
    assert any("natverket_bot_client_secret is empty" in told for told in problems)
    assert any("natverket_mode: there is no such secret" in told for told in problems)
    assert not any("kubernetes" in told or "postgres" in told for told in problems)


def test_a_place_that_is_not_there() -> None:
    """Most machines have neither."""
    environment = LEAST | {"CREDENTIALS_DIRECTORY": "/nonexistent"}
    assert read(environment=environment, docker=Path("/nonexistent")).problems == ()


# ---------------------------------------------------------------- ways to sign in


def test_each_way_to_sign_in(tmp_path: Path) -> None:
    """One of four, told apart by which name is set."""
    token = tmp_path / "token"
    token.touch()
    for name, text, proof in (
        ("FEDERATED_TOKEN_FILE", str(token), FederatedToken(file=token)),
        ("MANAGED_IDENTITY", "System", Identity()),
        ("MANAGED_IDENTITY", LEAST[CLIENT], Identity(client_id=LEAST[CLIENT])),
    ):
        assert read_settings(environment=REST | {f"NATVERKET_{name}": text}).credential == proof


def test_an_identity_that_is_lent_is_the_client_id() -> None:
    """Else what the service wrote would be taken for somebody else's."""
    (told,) = read(environment=REST | {"NATVERKET_MANAGED_IDENTITY": "1-2"}).problems
    assert told.startswith("NATVERKET_MANAGED_IDENTITY: is another than NATVERKET_CLIENT_ID")


def test_azures_own_name_is_not_taken_unasked() -> None:
    """Where nothing else is set the error says what to write to have it taken."""
    environment = REST | {"AZURE_FEDERATED_TOKEN_FILE": "/var/run/token"}
    (told,) = read(environment=environment).problems
    assert "NATVERKET_FEDERATED_TOKEN_FILE=/var/run/token" in told


# ---------------------------------------------------------------- clouds


@pytest.mark.parametrize("cloud", list(Cloud))
def test_a_cloud_gives_addresses_scope_and_resource(cloud: Cloud) -> None:
    """Each of its own; whatever address Graph is reached at, the token is the cloud's."""
    settings, hosts = with_settings(CLOUD=cloud.value.upper()), HOSTS[cloud]
    assert (settings.graph_url, settings.authority_url) == (hosts.graph, hosts.authority)
    assert settings.bot_url == hosts.bot
    assert scope(settings.graph_url) == f"{hosts.graph}/.default"
    near = with_settings(CLOUD=cloud.value, GRAPH_URL="https://localhost:1")
    assert (near.graph_url, near.authority_url) == ("https://localhost:1", hosts.authority)
    assert login_of(near).scopes[0].startswith(f"{hosts.graph}/")
    gateway = gateway_of(near, FakeClock())
    assert gateway._graph._sign_in._way._scope == f"{hosts.graph}/.default"  # type: ignore[attr-defined]
    assert gateway._connector._tokens._way._scope == hosts.bot_scope  # type: ignore[attr-defined]


# ---------------------------------------------------------------- to whom the page opens


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.1.2.3", "natverket.exempel.se"])
def test_beyond_this_machine_somebody_must_be_asked(host: str) -> None:
    """By a token, or by a proxy that is told from others; nothing else will do."""
    assert refused(WEB_HOST=host).startswith("NATVERKET_WEB_HOST")
    assert with_settings(WEB_HOST=host, WEB_TOKEN="a" * 20).web_host == host
    by_proxy = {"WEB_USER_HEADER": "X-Forwarded-User", "WEB_PROXIES": "10.0.0.0/8; ::1"}
    assert with_settings(WEB_HOST=host, **by_proxy).web_proxies == ("10.0.0.0/8", "::1")


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.9.9.9"])
def test_on_this_machine_nobody_need_be_asked(host: str) -> None:
    """As it is unless something else is said."""
    assert with_settings(WEB_HOST=host).web_token is None


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ({"WEB_TOKEN": "a" * 19}, "WEB_TOKEN"),
        ({"WEB_TOKEN": "å" * 30}, "WEB_TOKEN"),
        ({"WEB_USER_HEADER": "X-User"}, "WEB_PROXIES"),
        ({"WEB_PROXIES": "10.0.0.1"}, "WEB_USER_HEADER"),
        ({"WEB_USER_HEADER": "X User", "WEB_PROXIES": "10.0.0.1"}, "WEB_USER_HEADER"),
        ({"WEB_USER_HEADER": "X-User", "WEB_PROXIES": "10.0.0.300"}, "WEB_PROXIES"),
        ({"WEB_USER_HEADER": "X-User", "WEB_PROXIES": "proxy.exempel.se"}, "WEB_PROXIES"),
    ],
)
def test_what_would_not_protect_the_page(more: dict[str, str], named: str) -> None:
    """A token that is guessed, a header that anybody sends, a proxy that is no address."""
    told = refused(**more)
    assert told.startswith(f"NATVERKET_{named}: ")
    assert "a" * 19 not in told


def test_a_retired_name_says_why() -> None:
    """Whoever has set it learns that it can go."""
    assert "the channel is read when a post" in refused(POLL_CHANNEL="60")


# ---------------------------------------------------------------- natverket settings


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch):
    """The command line, with an environment of the test's own."""

    def run(*arguments: str, **names: str):
        for name, text in names.items():
            monkeypatch.setenv(name, text)
        return CliRunner().invoke(app, arguments)

    return run


def test_what_is_set_is_told_with_its_place(run, tmp_path: Path) -> None:
    """Secrets are masked alike, whatever their length."""
    (tmp_path / "token").write_text(CANARY)
    lines = [f"{name}={text}" for name, text in REST.items()]
    lines += [f"{SECRET}={CANARY}", "NATVERKET_NETWORK_DESCRIPTION=kommunnatverket"]
    (tmp_path / "n.env").write_text("\n".join(lines))
    names = {"NATVERKET_WEB_TOKEN_FILE": str(tmp_path / "token"), "NATVERKET_LOG_LEVEL": "debug"}
    found = run("--env-file", "n.env", "settings", **names)
    assert found.exit_code == 0, found.output
    assert CANARY not in found.output
    assert CANARY[:4] not in found.output
    assert found.output.count(MASK) == 2
    assert "NATVERKET_TENANT_ID " in found.output
    assert "n.env, line 1\n" in found.output
    assert f"{tmp_path}/token (NATVERKET_WEB_TOKEN_FILE, environment)" in found.output


def test_it_works_where_the_settings_do_not(run, tmp_path: Path) -> None:
    """That is when one needs it: what holds, then every problem, and exit code 2."""
    names = {"NATVERKET_MODE": "observe", "NATVERKET_LOG_LEVL": "debug"}
    found = run("settings", **names)
    assert found.exit_code == 2
    assert "NATVERKET_MODE" in found.output
    assert "NATVERKET_LOG_LEVL: there is no such setting; write NATVERKET_LOG_LEVEL" in found.output


def test_for_machines(run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A secret has no value; a default says that it is one."""
    found = run("settings", "--all", "--json", **LEAST)
    assert found.exit_code == 0, found.output
    told = json.loads(found.output)
    assert told["problems"] == []
    by_name = {one["name"]: one for one in told["settings"]}
    assert by_name[SECRET]["value"] is None
    assert by_name[SECRET]["source"] == "environment"
    assert by_name["NATVERKET_GRAPH_URL"]["value"] == "https://graph.microsoft.com"
    assert by_name["NATVERKET_GRAPH_URL"]["source"] == "default"


def test_several_networks_each_with_its_file(tmp_path: Path) -> None:
    """What is one network's own stands under its file, defaults among them."""
    base = {key: text for key, text in LEAST.items() if "NETWORK" not in key}
    for name in ("a", "b"):
        (tmp_path / f"{name}.toml").write_text(
            f'[network]\nid = "{name}"\nname = "{name.upper()}"\nfocus_groups = "g=G"\n'
            f'mailbox = "{name}@exempel.se"\nsite = "{name}"\nread_channel = false\n'
            f'calendar_token_file = "{name}.txt"\n'
        )
        (tmp_path / f"{name}.txt").write_text(name * 24)
    reading = read(environment=base | {"NATVERKET_NETWORKS": str(tmp_path)})
    assert reading.problems == ()
    mailboxes = {
        str(one.source): one.shown
        for one in listed(reading)
        if one.name == "NATVERKET_NETWORK_MAILBOX"
    }
    assert mailboxes == {
        f"{tmp_path}/a.toml": "a@exempel.se",
        f"{tmp_path}/b.toml": "b@exempel.se",
    }
    tokens = [one for one in listed(reading) if one.name.endswith("CALENDAR_TOKEN")]
    assert {one.shown for one in tokens} == {MASK}
    everything = listed(reading, everything=True)
    assert sum(one.name == "NATVERKET_NETWORK_LIBRARY" for one in everything) == 2


def test_what_a_description_tells(tmp_path: Path) -> None:
    """It takes the defaults' place, and not that of what was set."""
    (tmp_path / "d.toml").write_text(
        '[network]\nname = "Ur filen"\nlanguage = "nb"\n[[focus_groups]]\nid = "g"\nname = "G"\n'
    )
    given = LEAST | {"NATVERKET_NETWORK_DESCRIPTION": str(tmp_path / "d.toml")}
    found = listed(read(environment=given), everything=True)
    shown = {one.name: (one.shown, one.source.kind.value) for one in found}
    assert shown["NATVERKET_NETWORK_NAME"] == ("Nätverket", "environment")
    assert shown["NATVERKET_NETWORK_LANGUAGE"] == ("nb", "description")
    assert shown["NATVERKET_NETWORK_COUNTRY"] == ("SE", "default")
    assert len(found) == len({one.name for one in found})
