"""Settings: read from environment and file, or every problem at once, and no secret shown."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from service.domain.routes import Transport
from service.errors import SettingsError
from service.settings import (
    ClientCertificate,
    ClientSecret,
    Mode,
    Poll,
    Settings,
    read_settings,
)

HIDDEN = "do-not-show-this"

LEAST = {
    "NATVERKET_TENANT_ID": "tenant.example",
    "NATVERKET_CLIENT_ID": "11111111-2222-3333-4444-555555555555",
    "NATVERKET_CLIENT_SECRET": HIDDEN,
    "NATVERKET_NETWORK_NAME": "Nätverket",
    "NATVERKET_NETWORK_FOCUS_GROUPS": "klimat=Klimat; vatten = Vatten och hav;",
    "NATVERKET_NETWORK_MAILBOX": "Motesbok@natverket.example",
    "NATVERKET_NETWORK_SITE": "https://natverket.sharepoint.example/sites/natverket",
    "NATVERKET_NETWORK_READ_CHANNEL": "false",
}


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read no `.env` of the checkout."""
    monkeypatch.chdir(tmp_path)


def read(without: str = "", **more: str) -> Settings:
    """Read the least settings that work, and more, from the environment alone."""
    names = LEAST | {f"NATVERKET_{key}": text for key, text in more.items()}
    names.pop(f"NATVERKET_{without}", None)
    return read_settings(environment=names)


def problems(without: str = "", **more: str) -> tuple[str, ...]:
    """Return what is wrong with the least settings and more."""
    with pytest.raises(SettingsError) as caught:
        read(without, **more)
    return caught.value.problems


def only(found: tuple[str, ...]) -> str:
    """Return the one problem that there is."""
    assert len(found) == 1, found
    return found[0]


# ---------------------------------------------------------------- what is read


def test_one_network_from_the_environment_alone() -> None:
    """A dozen names are enough; everything else has a default."""
    settings = read()

    assert settings.graph_url == "https://graph.microsoft.com"
    assert settings.authority_url == "https://login.microsoftonline.com"
    assert settings.state_url.get_secret_value() == "sqlite:///natverket.db"
    assert settings.mode is Mode.ACT
    assert (settings.log_level, settings.log_format) == ("info", "auto")
    assert (settings.web_host, settings.web_port) == ("127.0.0.1", 8080)
    assert settings.organisation == "municipality network"
    assert settings.poll == Poll(calendar=15, drives=10, surveys=60, meetings=60, reminders=15)
    assert (settings.settle_minutes, settings.proof_wait) == (30, 60)
    assert settings.recording_days == 120
    assert settings.credential == ClientSecret(value=HIDDEN)
    assert settings.provisioning is None
    assert settings.notes == ()


def test_the_network_has_defaults_too() -> None:
    """Libraries and list have the names that are made by provisioning; posts are shown only."""
    (network,) = read().networks

    assert network.mailbox == "motesbok@natverket.example"
    assert (network.library, network.coordination) == ("Dokumentation", "Samordning")
    assert network.register_list == "Möten"
    assert network.post_via == (Transport.DRY,)
    assert network.approve_first_weeks == 8
    assert read(NETWORK_REGISTER="Träffar").networks[0].register_list == "Träffar"


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    """A name in both holds what the environment says, even where that is nothing."""
    file = tmp_path / "some.env"
    file.write_text(
        "# settings\nexport NATVERKET_LOG_LEVEL=debug\nNATVERKET_WEB_PORT='9'\n"
        "NATVERKET_MODE=observe\nOTHER=1\n"
    )
    settings = read_settings(file, LEAST | {"NATVERKET_WEB_PORT": "10", "NATVERKET_MODE": ""})

    assert settings.log_level == "debug"
    assert settings.web_port == 10
    assert settings.mode is Mode.ACT


def test_dot_env_is_read_if_it_is_there() -> None:
    """Without --env-file the file `.env` is read; one that is named must be there."""
    Path(".env").write_text("NATVERKET_LOG_FORMAT=json\n")
    assert read().log_format == "json"

    with pytest.raises(SettingsError, match=r"absent\.env: cannot be read"):
        read_settings(Path("absent.env"), LEAST)


def test_nothing_in_the_file_is_expanded(tmp_path: Path) -> None:
    """A secret with dollar signs and braces is taken as it stands."""
    file = tmp_path / "some.env"
    file.write_text("NATVERKET_CLIENT_SECRET=a${HOME}$b#c\n")
    names = {k: v for k, v in LEAST.items() if k != "NATVERKET_CLIENT_SECRET"}

    assert read_settings(file, names).credential == ClientSecret(value="a${HOME}$b#c")


def test_a_line_that_is_not_understood_is_a_problem(tmp_path: Path) -> None:
    """It is named by its number, not repeated: it may hold a secret."""
    file = tmp_path / "some.env"
    file.write_text(f"NATVERKET_MODE=act\n{HIDDEN} {HIDDEN}\n")

    with pytest.raises(SettingsError, match="line 2: is not understood") as caught:
        read_settings(file, LEAST)
    assert HIDDEN not in str(caught.value)


def test_the_log_level_may_be_shouted() -> None:
    """DEBUG is what many write."""
    assert read(LOG_LEVEL="DEBUG").log_level == "debug"


def test_settings_are_frozen() -> None:
    """Nothing is set after reading."""
    with pytest.raises(ValidationError):
        read().web_port = 1  # type: ignore[misc]


# ---------------------------------------------------------------- secrets


SECRETS = {
    "CLIENT_SECRET": HIDDEN,
    "PROVISION_CLIENT_SECRET": HIDDEN,
    "STATE_URL": f"postgresql://u:{HIDDEN}@h/d",
    "NETWORK_WORKFLOW_URL": f"https://flow.example/?sig={HIDDEN}",
    "NETWORK_COORDINATOR_URL": f"https://flow.example/coordinators?sig={HIDDEN}",
}


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_can_lie_in_a_file(name: str, tmp_path: Path) -> None:
    """Every secret can be given by the path of its file; the line's end does not belong to it."""
    (tmp_path / "secret").write_text(f"{SECRETS[name]}\n")
    more = {"PROVISION_CLIENT_ID": "x"} if name.startswith("PROVISION") else {}
    settings = read(name, **more, **{f"{name}_FILE": str(tmp_path / "secret")})

    found = {
        "CLIENT_SECRET": settings.client_secret,
        "PROVISION_CLIENT_SECRET": settings.provision_client_secret,
        "STATE_URL": settings.state_url,
        "NETWORK_WORKFLOW_URL": settings.networks[0].workflow_url,
        "NETWORK_COORDINATOR_URL": settings.networks[0].coordinator_url,
    }[name]
    assert found is not None
    assert found.get_secret_value() == SECRETS[name]


def test_secrets_are_never_shown(tmp_path: Path) -> None:
    """Neither the settings nor their parts show one, however they are printed."""
    (tmp_path / "cert.pem").touch()
    settings = read(**SECRETS, PROVISION_CLIENT_ID="x")
    certificate = read(
        "CLIENT_SECRET",
        CLIENT_CERTIFICATE_FILE=str(tmp_path / "cert.pem"),
        CLIENT_CERTIFICATE_PASSWORD=HIDDEN,
    )

    assert certificate.credential == ClientCertificate(file=tmp_path / "cert.pem", password=HIDDEN)
    shown = [settings, settings.credential, settings.provisioning, certificate.credential]
    assert HIDDEN not in "".join(f"{thing!r}{thing}" for thing in shown)
    assert HIDDEN not in str(settings.model_dump())


def test_problems_never_show_secrets() -> None:
    """A wrong secret is refused without being repeated, in the chain of causes neither."""
    with pytest.raises(SettingsError) as caught:
        read(NETWORK_WORKFLOW_URL=f"http://flow.example/{HIDDEN}", WEB_PORT="x")

    assert HIDDEN not in f"{caught.value!r}{caught.value.__cause__!r}{caught.value.problems}"


def test_a_secret_given_twice_is_refused(tmp_path: Path) -> None:
    """Name and file together are a contradiction."""
    (tmp_path / "secret").write_text("other")
    found = only(problems(CLIENT_SECRET_FILE=str(tmp_path / "secret")))
    assert found.startswith("NATVERKET_CLIENT_SECRET_FILE: stands beside NATVERKET_CLIENT_SECRET")


@pytest.mark.parametrize(("text", "reason"), [(None, "cannot be read"), (" \n", "is empty")])
def test_a_secret_file_must_hold_something(text: str | None, reason: str, tmp_path: Path) -> None:
    """A file that is absent or empty is a problem by its own name, and the only one."""
    if text is not None:
        (tmp_path / "secret").write_text(text)
    found = only(problems("CLIENT_SECRET", CLIENT_SECRET_FILE=str(tmp_path / "secret")))
    assert found.startswith("NATVERKET_CLIENT_SECRET_FILE: ")
    assert reason in found


def test_the_environments_secret_file_wins_over_the_files_secret(tmp_path: Path) -> None:
    """Which layer wins does not depend on which of its two names was used."""
    (tmp_path / "secret").write_text("from the environment")
    (tmp_path / ".env").write_text(f"NATVERKET_CLIENT_SECRET={HIDDEN}\n")
    settings = read("CLIENT_SECRET", CLIENT_SECRET_FILE=str(tmp_path / "secret"))

    assert settings.credential == ClientSecret(
        value="from the environment", file=tmp_path / "secret"
    )


# ---------------------------------------------------------------- what is refused


def test_every_problem_is_told_at_once() -> None:
    """Missing, wrong, unknown and contradicting names stand in one error, each once."""
    with pytest.raises(SettingsError) as caught:
        read_settings(
            environment={
                "NATVERKET_TENNANT_ID": "x",
                "NATVERKET_POLL_DRIVES": "7",
                "NATVERKET_NETWORK_COUNTRY": "XX",
                "NATVERKET_CLOCK_URL": "https://localhost/clock",
            }
        )
    named = [problem.partition(":")[0] for problem in caught.value.problems]

    assert sorted(named) == sorted(set(named))
    assert set(named) >= {
        "NATVERKET_TENNANT_ID",
        "NATVERKET_TENANT_ID",
        "NATVERKET_CLIENT_ID",
        "NATVERKET_CLIENT_SECRET",
        "NATVERKET_POLL_DRIVES",
        "NATVERKET_CLOCK_URL",
        "NATVERKET_NETWORK_COUNTRY",
        "NATVERKET_NETWORK_MAILBOX",
    }


WRONG = {
    "POLL_CALENDAR": ("45", "do not divide a day", "5, 10, 15"),
    "POLL_DRIVES": ("ten", "not a whole number", "5, 10, 15"),
    "MODE": ("dry", "none of those", "act or observe"),
    "LOG_LEVEL": ("loud", "none of those", "debug, info"),
    "LOG_FORMAT": ("xml", "none of those", "text or json"),
    "WEB_PORT": ("65536", "too large", "0 (any) to 65535"),
    "RECORDING_DAYS": ("0", "too small", "1 to 3650"),
    "GRAPH_URL": ("http://graph.example", "is not https", "https://graph.microsoft.com"),
    "AUTHORITY_URL": ("login", "is no web address", "https://login"),
    "CA_FILE": ("absent.pem", "no such file", "path of a file"),
    "NETWORK_ID": ("Mitt nätverk", "other signs", "a–z, 0–9 and hyphen"),
    "NETWORK_LANGUAGE": ("fi", "no texts in fi", "one of en, nb, sv"),
    "NETWORK_TIMEZONE": ("Europe/Uppsala", "no time zone", "Europe/Stockholm"),
    "NETWORK_COUNTRY": ("Sverige", "no public holidays", "SE"),
    "NETWORK_FOCUS_GROUPS": ("Klimat, Vatten", "not of the form", "id=Name;id=Name"),
    "NETWORK_MAILBOX": ("motesbok", "no mail address", "a mail address"),
    "NETWORK_READ_CHANNEL": ("perhaps", "neither true nor false", "true or false"),
    "NETWORK_WORKFLOW_URL": ("http://flow.example", "no https address", "that the flow shows"),
    "NETWORK_POST_VIA": ("pigeon", "is none of workflow, bot", "workflow, bot, graph, mail or dry"),
    "NETWORK_DESCRIPTION": ("atlantis", "no description `atlantis`", ""),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_value_is_told_with_reason_and_remedy(name: str) -> None:
    """The problem names the setting, says what is wrong, and what to write instead."""
    text, reason, write = WRONG[name]
    found = only(problems(**{name: text}))

    assert found.startswith(f"NATVERKET_{name}: ")
    assert reason in found
    assert "; write " in found
    assert write in found


def test_a_group_named_twice_is_refused() -> None:
    """The ids of the focus groups are keys."""
    assert "twice" in only(problems(NETWORK_FOCUS_GROUPS="a=A;a=B"))


@pytest.mark.parametrize("minutes", [5, 10, 15, 20, 30, 60, 120, 180, 240, 360, 480, 720, 1440])
def test_polling_divides_a_day(minutes: int) -> None:
    """Every whole part of a day on the list can be chosen."""
    assert read(POLL_SURVEYS=str(minutes)).poll.surveys == minutes


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("NATVERKET_TENNANT_ID", "NATVERKET_TENANT_ID"),
        ("NATVERKET_NETWORK_LIBARY", "NATVERKET_NETWORK_LIBRARY"),
        ("NATVERKET_CLIENT_SECRET_FIEL", "NATVERKET_CLIENT_SECRET_FILE"),
        ("natverket_mode", "NATVERKET_MODE"),
        ("NATVERKET_PORT", "NATVERKET_WEB_PORT"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(name: str, right: str) -> None:
    """A slip is told with the name that was probably meant."""
    with pytest.raises(SettingsError) as caught:
        read_settings(environment=LEAST | {name: "8080"})
    assert only(caught.value.problems) == f"{name}: there is no such setting; write {right}"


def test_a_slip_in_the_prefix_is_found_in_the_file(tmp_path: Path) -> None:
    """In the file, which is ours, a name almost right is a slip; others are left alone."""
    (tmp_path / ".env").write_text("NATVERKT_MODE=observe\nPATH=/x\nCOMPOSE_PROJECT_NAME=x\n")
    assert only(problems()).startswith("NATVERKT_MODE: there is no such setting; write NATVERKET_")


KUBERNETES = {
    "SERVICE_HOST": "10.0.0.1",
    "SERVICE_PORT": "8080",
    "SERVICE_PORT_HTTP": "8080",
    "PORT": "tcp://10.0.0.1:8080",
    "PORT_8080_TCP": "tcp://10.0.0.1:8080",
    "PORT_8080_TCP_PROTO": "tcp",
    "PORT_8080_TCP_PORT": "8080",
    "PORT_8080_TCP_ADDR": "10.0.0.1",
    "WEB_SERVICE_HOST": "10.0.0.1",
    "WEB_PORT": "tcp://10.0.0.1:8080",
}


def test_what_kubernetes_injects_is_ignored_with_a_note() -> None:
    """Service links are no settings, not even one that has a setting's name."""
    settings = read(**KUBERNETES)

    assert settings.web_port == 8080
    (note,) = settings.notes
    assert all(f"NATVERKET_{name}" in note for name in KUBERNETES)


# ---------------------------------------------------------------- what must fit together


def test_exactly_one_credential(tmp_path: Path) -> None:
    """A secret or a certificate: neither and both are refused."""
    (tmp_path / "cert.pem").touch()
    assert "NATVERKET_CLIENT_CERTIFICATE_FILE" in only(problems("CLIENT_SECRET"))
    file = str(tmp_path / "cert.pem")
    both = only(problems(CLIENT_CERTIFICATE_FILE=file))
    assert "CERTIFICATE_FILE (environment) and NATVERKET_CLIENT_SECRET (environment)" in both
    many = only(problems(MANAGED_IDENTITY="system", FEDERATED_TOKEN_FILE=file))
    assert all(name in many for name in ("_SECRET", "_IDENTITY", "_TOKEN_FILE"))
    alone = only(problems(CLIENT_CERTIFICATE_PASSWORD="x"))
    assert alone.startswith("NATVERKET_CLIENT_CERTIFICATE_FILE: is not set but")


@pytest.mark.parametrize("app", ["PROVISION", "BOT"])
@pytest.mark.parametrize("part", ["CLIENT_ID", "CLIENT_SECRET"])
def test_the_second_app_needs_id_and_secret(app: str, part: str) -> None:
    """One without the other is refused by the name of what is missing; a bot's own app as well."""
    assert "both or neither" in only(problems(**{f"{app}_{part}": "x"}))


@pytest.mark.parametrize(
    "graph", ["https://localhost:1", "http://127.0.0.1:1", "https://[::1]:1", "https://127.9.9.9"]
)
def test_the_sandboxs_clock_needs_the_sandbox(graph: str) -> None:
    """Time may come from elsewhere only where Graph is on this machine."""
    clock = "https://localhost:1/_sandbox/clock"
    assert read(CLOCK_URL=clock, GRAPH_URL=graph).clock_url == clock
    assert only(problems(CLOCK_URL=clock)).startswith("NATVERKET_CLOCK_URL: is for the sandbox")


def test_posting_needs_address_team_and_channel() -> None:
    """All that is missing for posts by workflow is told at once."""
    found = problems(NETWORK_POST_VIA="workflow")
    assert [problem.partition(":")[0] for problem in found] == [
        "NATVERKET_NETWORK_WORKFLOW_URL",
        "NATVERKET_NETWORK_TEAM",
        "NATVERKET_NETWORK_CHANNEL",
    ]


def test_reading_the_channel_needs_a_channel() -> None:
    """The default is to read; the problem tells how to do without."""
    found = problems("NETWORK_READ_CHANNEL")
    assert len(found) == 2
    assert all("NATVERKET_NETWORK_READ_CHANNEL=false" in problem for problem in found)
