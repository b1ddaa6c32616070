"""`natverket check` as an admin types it: lines, JSON, exit codes, several networks."""

import asyncio
import json
from collections.abc import Iterator

import pytest
from click.testing import Result
from typer.testing import CliRunner

from service.cli.main import app
from service.sandbox.process import Sandbox
from tests.acceptance import checked
from tests.acceptance.checked import BOX, DAEMON, Tenant

PLAIN = {
    "NATVERKET_NETWORK_POST_VIA": "workflow",
    "NATVERKET_NETWORK_POST_KINDS": "",
    "NATVERKET_NETWORK_MAIL_LISTS": "",
}
"""Posts by workflow alone, so that no account has to sign in."""


@pytest.fixture(scope="module")
def tenant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenant]:
    folder = tmp_path_factory.mktemp("check")
    with Sandbox(seed=checked.SEED, directory=folder / "tenant") as sandbox:
        tenant = Tenant(sandbox, folder)
        asyncio.run(checked.provisioned(tenant, **PLAIN))
        yield tenant


def natverket(tenant: Tenant, *words: str, **changes: str) -> Result:
    given = {**tenant.given(**PLAIN), **changes}
    file = tenant.folder / "natverket.env"
    file.write_text("".join(f'{name}="{text}"\n' for name, text in given.items() if text))
    clean = dict.fromkeys(given)
    return CliRunner().invoke(app, ["--env-file", str(file), "check", *words], env=clean)


def test_all_is_well(tenant: Tenant) -> None:
    """A line each, the tier and what would be next; exit code 0; no secret is printed."""
    done = natverket(tenant)

    assert done.exit_code == 0, done.output
    assert " ✓ site              Nätverkets sida: read; written" in done.output
    assert "what runs: files · posts by workflow · channel read and posts proved" in done.output
    assert "✗" not in done.output
    assert DAEMON.secret not in done.output
    assert "sig=" not in done.output


def test_what_fails_is_told_with_its_remedy(tenant: Tenant) -> None:
    """Exit code 1, and the command with this tenant's ids on a line of its own, to be pasted."""
    role = {"app": DAEMON.client_id, "mailbox": BOX.mail, "role": "Calendars.Read"}
    tenant.act("GrantMailbox", **role, withdrawn=True)
    try:
        done = natverket(tenant, "cal")
        as_json = natverket(tenant, "calendar", "--json")
    finally:
        tenant.act("GrantMailbox", **role)

    command = (
        f'New-ManagementRoleAssignment -App {DAEMON.client_id} -Role "Application Calendars.Read"'
        " -CustomResourceScope natverket"
    )
    assert (done.exit_code, as_json.exit_code) == (1, 1)
    assert command in [line.strip() for line in done.output.splitlines()]
    assert "Takes up to two hours to work; run `natverket check calendar` again" in done.output
    told = json.loads(as_json.stdout)
    assert told["installation"] == []
    (finding,) = told["networks"][0]["findings"]
    assert (finding["check"], finding["verdict"]) == ("calendar", "failed")
    assert finding["remedy"]["steps"][0] == command


def test_wrong_use_and_settings(tenant: Tenant) -> None:
    """Exit code 2: a check that is not there names those that are; so do settings."""
    unknown = natverket(tenant, "kalender")
    unusable = natverket(tenant, NATVERKET_NETWORK_MAILBOX="ingen adress")

    assert unknown.exit_code == 2
    assert "calendar" in unknown.output
    assert isinstance(unusable.exception, Exception)


def test_several_networks(tenant: Tenant) -> None:
    """A heading each; what concerns all of them is told once, before."""
    networks = tenant.folder / "networks"
    networks.mkdir(exist_ok=True)
    given = tenant.given(**PLAIN)
    prefix = "NATVERKET_NETWORK_"
    for number in (1, 2):
        own = {
            **{name: text for name, text in given.items() if name.startswith(prefix)},
            f"{prefix}ID": f"n{number}",
            f"{prefix}NAME": f"Nätverk {number}",
            f"{prefix}REGISTER": f"Möten {number}",
        }
        lines = [
            f"{name.removeprefix(prefix).lower()} = {json.dumps(text, ensure_ascii=False)}"
            for name, text in own.items()
            if text
        ]
        text = "\n".join(["[network]", *lines])
        (networks / f"{number}.toml").write_text(text, encoding="utf-8")
    general = {name: "" for name in given if name.startswith(prefix)}

    done = natverket(tenant, "site", "roles", **general, NATVERKET_NETWORKS=str(networks))

    assert done.exit_code == 0, done.output
    told = [line.split("  ")[0].strip() for line in done.output.splitlines()]
    assert [one for one in told if one][:6] == [
        "✓ roles",
        "Nätverk 1",
        "✓ site",
        "Nätverk 2",
        "✓ site",
        "3 ✓",
    ]
