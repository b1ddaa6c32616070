"""All settings together, checked."""

from collections.abc import Mapping

from pydantic import Field, SecretStr

from service.domain.credential import (
    ClientCertificate,
    ClientSecret,
    FederatedToken,
    ManagedIdentity,
    Proof,
)
from service.settings.clouds import HOSTS, Hosts
from service.settings.installation import Installation, Poll, Provisioning
from service.settings.network import NetworkSettings
from service.settings.sources import Kind, Source

IN_A_FILE = frozenset({Kind.NAMED_FILE, Kind.SYSTEMD, Kind.DOCKER})
SYSTEM = "system"
"""What is written for the machine's own identity."""


class Settings(Installation):
    """All that was set, checked."""

    networks: tuple[NetworkSettings, ...]
    notes: tuple[str, ...] = ()
    """What was ignored, for the log."""

    sources: Mapping[str, Source] = Field(default_factory=dict, exclude=True)
    """Where each value comes from, by NATVERKET_ name; what is not there is a default."""

    @property
    def credential(self) -> Proof:
        """The one way to sign in that was given."""
        if self.client_certificate_file is not None:
            password = _plain(self.client_certificate_password)
            return ClientCertificate(file=self.client_certificate_file, password=password)
        if self.federated_token_file is not None:
            return FederatedToken(file=self.federated_token_file)
        if self.managed_identity is not None:
            is_own = self.managed_identity.lower() == SYSTEM
            return ManagedIdentity(client_id=None if is_own else self.managed_identity)
        return self._secret("client_secret") or ClientSecret(value="")

    @property
    def bot_credential(self) -> ClientSecret | None:
        """That of the bot's own app, where it has one."""
        return self._secret("bot_client_secret")

    @property
    def hosts(self) -> Hosts:
        """What the cloud has where."""
        return HOSTS[self.cloud]

    def _secret(self, key: str) -> ClientSecret | None:
        value = _plain(getattr(self, key))
        if value is None:
            return None
        source = self.sources.get(f"NATVERKET_{key}".upper())
        file = source.file if source is not None and source.kind in IN_A_FILE else None
        return ClientSecret(value=value, file=file)

    @property
    def provisioning(self) -> Provisioning | None:
        """The second app, where there is one."""
        secret = self._secret("provision_client_secret")
        if self.provision_client_id is None or secret is None:
            return None
        return Provisioning(client_id=self.provision_client_id, secret=secret)

    @property
    def poll(self) -> Poll:
        """Minutes between two readings of each source."""
        return Poll(
            calendar=self.poll_calendar,
            drives=self.poll_drives,
            surveys=self.poll_surveys,
            meetings=self.poll_meetings,
            reminders=self.poll_reminders,
        )


def _plain(secret: SecretStr | None) -> str | None:
    return None if secret is None else secret.get_secret_value()
