"""The reference page of the settings, made from the schema."""

from itertools import groupby

from service.settings.clouds import HOSTS
from service.settings.rows import Row, rows

HEAD = """\
# Settings

Made by `python -m service.cli.reference`. The same as a file to fill in:
`config/natverket.example.env`. What holds on a machine, and where each value comes from:
`natverket settings`.

## Where a value is looked for

The first that has it wins.

1. The environment.
2. The environment file: `natverket --env-file FILE`, else `.env` where there is one.
3. systemd credentials: a file in `$CREDENTIALS_DIRECTORY` with the setting's name, in small or
   capital letters (`LoadCredential=natverket_client_secret:/etc/natverket/secret`). Secrets alone.
4. Docker secrets: `/run/secrets/natverket_client_secret` and so on. Secrets alone.
5. With several networks: what is one network's own stands in its file of `NATVERKET_NETWORKS`.
6. For a network's id, name, language, time zone, country and focus groups: its description.
7. The default.

In the first two a **secret** may also be given as the path of a file that holds it, under its name
with `_FILE` at the end; name and `_FILE` in one place are an error. A credential or Docker secret
named `natverket_client_certificate` is the certificate file itself. Empty means not set; an empty
name in the environment hides the environment file's, and no credential. A secret that lies in a
file is read anew at each sign-in.

Names that are misspelt or unknown are errors, and every problem is told at once.

## Signing in

Exactly one of `NATVERKET_CLIENT_CERTIFICATE_FILE`, `NATVERKET_CLIENT_SECRET`,
`NATVERKET_MANAGED_IDENTITY` and `NATVERKET_FEDERATED_TOKEN_FILE`. `AZURE_FEDERATED_TOKEN_FILE`,
which Azure's workload identity sets in a pod, is not taken unasked: write its path into
`NATVERKET_FEDERATED_TOKEN_FILE`.

## Proxies and private authorities

`HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` hold for everything that is sent to Microsoft 365; what
is on this machine, and the address from which Azure gives a machine its identity, is asked without
a proxy. `NATVERKET_CA_FILE` is trusted besides the public authorities; `SSL_CERT_FILE` and
`SSL_CERT_DIR` take their place. `REQUESTS_CA_BUNDLE` and `CURL_CA_BUNDLE` are other programs' and
have no effect.
"""


def reference() -> str:
    """Return the page, Markdown."""
    groups = groupby(rows(), key=lambda row: row.group)
    return HEAD + _clouds() + "".join(f"\n## {name}\n\n{_table(list(of))}" for name, of in groups)


def _clouds() -> str:
    lines = [
        f"| `{cloud}` | {hosts.graph} | {hosts.authority} | {hosts.bot} |"
        for cloud, hosts in HOSTS.items()
    ]
    head = (
        "\n## Clouds\n\n`NATVERKET_CLOUD` gives three addresses, each of which a setting of its own"
        " may replace.\n\n| cloud | Graph | Entra ID | connector |\n|---|---|---|---|\n"
    )
    return head + "\n".join(lines) + "\n"


def _table(of: list[Row]) -> str:
    return "| name | what it is | write | default |\n|---|---|---|---|\n" + "".join(
        f"| `{row.name}`{' (secret)' if row.secret else ''} | {_cell(row.sentence)} "
        f"| {_cell(row.write)} | {_default(row)} |\n"
        for row in of
    )


def _default(row: Row) -> str:
    if row.needed:
        return "needed"
    return f"`{row.default}`" if row.default else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")
