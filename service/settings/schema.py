"""All settings together, checked."""

from pydantic import SecretStr

from service.settings.installation import (
    ClientCertificate,
    ClientSecret,
    Installation,
    Poll,
    Provisioning,
)
from service.settings.network import NetworkSettings


class Settings(Installation):
    """All that was set, checked."""

    networks: tuple[NetworkSettings, ...]
    notes: tuple[str, ...] = ()
    """What was ignored, for the log."""

    @property
    def credential(self) -> ClientSecret | ClientCertificate:
        """The one way to sign in that was given."""
        if self.client_certificate_file is None:
            return ClientSecret(value=_plain(self.client_secret) or "")
        password = _plain(self.client_certificate_password)
        return ClientCertificate(file=self.client_certificate_file, password=password)

    @property
    def provisioning(self) -> Provisioning | None:
        """The second app, where there is one."""
        secret = _plain(self.provision_client_secret)
        if self.provision_client_id is None or secret is None:
            return None
        return Provisioning(client_id=self.provision_client_id, secret=ClientSecret(value=secret))

    @property
    def poll(self) -> Poll:
        """Minutes between two readings of each source."""
        return Poll(
            calendar=self.poll_calendar,
            drives=self.poll_drives,
            channel=self.poll_channel,
            surveys=self.poll_surveys,
            meetings=self.poll_meetings,
            reminders=self.poll_reminders,
        )


def _plain(secret: SecretStr | None) -> str | None:
    return None if secret is None else secret.get_secret_value()
