"""Compose files, unit and Kubernetes manifests: valid, shut tight, and of one mind."""

import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from check_jsonschema.builtin_schemas import get_builtin_schema
from jsonschema import validators
from kubernetes_validate import validate

from service.settings.installation import Installation
from service.settings.reading import read
from service.settings.rows import rows

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
KUBERNETES = DEPLOY / "kubernetes"
CLOSING = 15
"""Seconds that page, connections and state may take to close, after the work has ended."""
FLOW = "https://prod-01.westeurope.logic.azure.com/workflows/f/triggers/manual/paths/invoke?sig=s"
NEEDED_TO_STOP = Installation.model_fields["stop_seconds"].default + CLOSING


def yaml_of(path: Path) -> Any:
    return yaml.safe_load(path.read_text())


@pytest.fixture(scope="module")
def compose() -> Mapping[str, Any]:
    return yaml_of(DEPLOY / "compose.yaml")


@pytest.fixture(scope="module")
def override() -> Mapping[str, Any]:
    return yaml_of(DEPLOY / "compose.postgresql.yaml")


@pytest.fixture(scope="module")
def unit() -> list[tuple[str, str]]:
    lines = (DEPLOY / "natverket.service").read_text().splitlines()
    return [
        (key, value)
        for line in lines
        if "=" in line and line[0] != "#"
        for key, _, value in [line.partition("=")]
    ]


@pytest.fixture(scope="module")
def manifests() -> dict[str, Any]:
    return {path.stem: yaml_of(path) for path in sorted(KUBERNETES.glob("*.yaml"))}


@pytest.fixture(scope="module")
def pod(manifests: dict[str, Any]) -> Any:
    return manifests["deployment"]["spec"]["template"]["spec"]


# ---------------------------------------------------------------- compose


@pytest.mark.parametrize("name", ["compose.yaml", "compose.postgresql.yaml"])
def test_compose_files_are_valid(name: str) -> None:
    """Each file holds to the compose specification's own schema."""
    schema = get_builtin_schema("vendor.compose-spec")

    problems = list(validators.validator_for(schema)(schema).iter_errors(yaml_of(DEPLOY / name)))

    assert problems == []


def test_every_container_is_shut_tight(
    compose: Mapping[str, Any], override: Mapping[str, Any]
) -> None:
    """Read-only root, no capability, no way to new ones, logs and memory with an end."""
    for service in (compose["services"]["natverket"], override["services"]["postgresql"]):
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["logging"]["options"]["max-size"]
        assert service["mem_limit"]


def test_the_page_is_published_to_this_machine_alone(compose: Mapping[str, Any]) -> None:
    """Inside every address is listened to, which demands a token; outside only loopback is."""
    service = compose["services"]["natverket"]

    assert service["environment"]["NATVERKET_WEB_HOST"] == "0.0.0.0"
    assert "natverket_web_token" in service["secrets"]
    assert all(str(port).startswith("127.0.0.1:") for port in service["ports"])


def test_secrets_go_by_names_that_are_read(
    compose: Mapping[str, Any], override: Mapping[str, Any], manifests: dict[str, Any]
) -> None:
    """Every secret of ours is a setting's name, and every service's secret is declared."""
    known = {row.name.lower() for row in rows() if row.secret}
    declared = {*compose["secrets"], *override["secrets"]}
    used = {
        *compose["services"]["natverket"]["secrets"],
        *(name for one in override["services"].values() for name in one["secrets"]),
    }

    assert used == declared
    assert {name for name in declared if name.startswith("natverket_")} <= known
    assert set(manifests["secret.example"]["stringData"]) <= known


def test_postgresql_is_reached_by_the_service_alone(override: Mapping[str, Any]) -> None:
    """The database has a health check, publishes no port and sits on a net of its own."""
    database = override["services"]["postgresql"]

    assert "healthcheck" in database
    assert "ports" not in database
    assert all(override["networks"][name]["internal"] for name in database["networks"])
    assert not any("PASSWORD" in name and "FILE" not in name for name in database["environment"])


# ---------------------------------------------------------------- everywhere


def test_each_host_waits_longer_than_the_daemon_needs_to_stop(
    compose: Mapping[str, Any], unit: list[tuple[str, str]], pod: Any
) -> None:
    """Nothing kills a daemon that is still ending within NATVERKET_STOP_SECONDS."""
    grace = int(compose["services"]["natverket"]["stop_grace_period"].removesuffix("s"))

    assert grace > NEEDED_TO_STOP
    assert int(dict(unit)["TimeoutStopSec"]) > NEEDED_TO_STOP
    assert pod["terminationGracePeriodSeconds"] > NEEDED_TO_STOP


def test_settings_of_the_manifests_exist(
    compose: Mapping[str, Any], override: Mapping[str, Any], manifests: dict[str, Any]
) -> None:
    """Every NATVERKET_ name set by a manifest is a setting that there is."""
    known = {row.name for row in rows()}
    named = {
        *manifests["configmap"]["data"],
        *compose["services"]["natverket"]["environment"],
        *override["services"]["natverket"]["environment"],
    }

    assert named <= known


# ---------------------------------------------------------------- systemd


def test_the_unit_is_of_one_mind_with_the_daemon(unit: list[tuple[str, str]]) -> None:
    """It is told when the daemon is ready, reloads by SIGHUP, and stays down on bad settings."""
    says = dict(unit)

    assert says["Type"] == "notify"
    assert says["WatchdogSec"]
    assert says["ExecReload"] == "/bin/sh -c 'kill -HUP $MAINPID'"
    assert says["Restart"] == "on-failure"
    assert says["RestartPreventExitStatus"] == "2"
    # A folder's files become natverket_<name>, which is how settings look for them.
    assert says["LoadCredential"] == "natverket:/etc/natverket/credentials"


@pytest.fixture(scope="module")
def analyze() -> str:
    found = shutil.which("systemd-analyze")
    if found is None:
        pytest.skip("systemd-analyze is absent: apt-get install systemd")
    return found


def test_systemd_understands_every_line(analyze: str, tmp_path: Path) -> None:
    """`systemd-analyze verify` has nothing to say, but that no program lies in /opt here."""
    text = (DEPLOY / "natverket.service").read_text()
    here = tmp_path / "natverket.service"
    here.write_text(text.replace("/opt/natverket/bin/natverket", "/bin/true"))

    done = subprocess.run([analyze, "verify", here], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_systemd_finds_the_unit_hardened(analyze: str) -> None:
    """Exposure below 2.0 of 10, as `systemd-analyze security` counts."""
    done = subprocess.run(
        [analyze, "security", "--offline=true", "--threshold=19", DEPLOY / "natverket.service"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-300:]


@pytest.mark.parametrize("name", ["deploy/natverketctl", ".ci/run"])
def test_scripts_pass_shellcheck(name: str) -> None:
    """What is shell passes the linter of shell."""
    linter = shutil.which("shellcheck", path=Path(sys.executable).parent)
    assert linter, "make .venv/.dev"

    done = subprocess.run([linter, ROOT / name], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


# ---------------------------------------------------------------- Kubernetes


def test_manifests_are_valid(manifests: dict[str, Any]) -> None:
    """Each holds strictly to the schema of its kind; kustomization names them all but one."""
    kustomization = manifests.pop("kustomization")

    for manifest in manifests.values():
        validate(manifest, "1.33", strict=True)

    # The secret is made by hand: values have no place in a repository.
    assert {Path(name).stem for name in kustomization["resources"]} == {*manifests} - {
        "secret.example"
    }


@pytest.mark.parametrize("empty", [True, False])
def test_the_examples_secret_is_usable_once_its_values_are_in(
    manifests: dict[str, Any], tmp_path: Path, empty: bool
) -> None:
    """As it stands, or left empty, each of its values is refused by name; real ones are taken."""
    here = tmp_path / "token"
    here.touch()
    given = manifests["configmap"]["data"] | {
        "CREDENTIALS_DIRECTORY": str(tmp_path),
        "NATVERKET_FEDERATED_TOKEN_FILE": str(here),
    }
    for name, words in manifests["secret.example"]["stringData"].items():
        (tmp_path / name).write_text("" if empty else words)

    refused = " ".join(read(environment=given, docker=tmp_path / "none").problems)
    assert "web_token" in refused.lower()
    assert "workflow_url" in refused.lower()

    (tmp_path / "natverket_web_token").write_text("0" * 48)
    (tmp_path / "natverket_network_workflow_url").write_text(FLOW)
    assert read(environment=given, docker=tmp_path / "none").problems == ()


def test_the_pod_holds_to_the_restricted_standard(pod: Any, manifests: dict[str, Any]) -> None:
    """
    Each control of the Pod Security Standard "restricted" is met.

    Source: https://kubernetes.io/docs/concepts/security/pod-security-standards/
    """
    labels = manifests["namespace"]["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"

    assert not any(pod.get(key) for key in ("hostNetwork", "hostPID", "hostIPC"))
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] == 10001
    assert pod["securityContext"]["seccompProfile"]["type"] == "RuntimeDefault"
    allowed = {"configMap", "emptyDir", "persistentVolumeClaim", "projected", "secret"}
    assert all(set(volume) - {"name"} <= allowed for volume in pod["volumes"])
    for container in pod["containers"]:
        context = container["securityContext"]
        assert context["allowPrivilegeEscalation"] is False
        assert context["capabilities"] == {"drop": ["ALL"]}
        # Beyond the standard.
        assert context["readOnlyRootFilesystem"] is True
        assert not any("hostPort" in port for port in container["ports"])


def test_one_daemon_a_state(manifests: dict[str, Any], pod: Any) -> None:
    """One replica, the old one gone before the new; no names injected; no token of the cluster."""
    spec = manifests["deployment"]["spec"]

    assert spec["replicas"] == 1
    assert spec["strategy"] == {"type": "Recreate"}
    assert pod["enableServiceLinks"] is False
    assert pod["automountServiceAccountToken"] is False
    assert manifests["persistentvolumeclaim"]["spec"]["accessModes"] == ["ReadWriteOncePod"]


def test_mounts_probes_and_identity_meet(manifests: dict[str, Any], pod: Any) -> None:
    """Every mount is a volume, probes ask what is open to all, the token is where it is sought."""
    (container,) = pod["containers"]
    mounts = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}

    assert {volume["name"] for volume in pod["volumes"]} == set(mounts)
    assert container["livenessProbe"]["httpGet"]["path"] == "/livez"
    assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
    sought = manifests["configmap"]["data"]["NATVERKET_FEDERATED_TOKEN_FILE"]
    assert sought == f"{mounts['entra']}/token"
    env = {one["name"]: one["value"] for one in container["env"]}
    assert env["CREDENTIALS_DIRECTORY"] == mounts["credentials"]
