"""The Teams app package, and what its administrator does with it."""

import tomllib
from importlib.metadata import version
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from service.cli.app import app, chosen
from service.domain.routes import Transport
from service.errors import UnreadableFile
from service.render.teams_app import (
    MANIFEST_VERSION,
    PRODUCT,
    READS_CHANNELS,
    Developer,
    TeamsApp,
    package,
)
from service.render.texts import Texts, texts_from
from service.settings import Settings, describe
from service.shipped import shipped

NOWHERE = "https://example.org/"
"""Reserved for documentation (RFC 2606): where the settings tell no address."""


@app.command()
def teams_app(  # noqa: PLR0913  (options of a command)
    context: typer.Context,
    *,
    out: Annotated[Path, typer.Option(help="The file to write.")] = Path("natverket-teams-app.zip"),
    website: Annotated[str, typer.Option(help="https; without: the network's site.")] = "",
    privacy: Annotated[str, typer.Option(help="Privacy page; without: the website.")] = "",
    terms: Annotated[str, typer.Option(help="Terms of use; without: the website.")] = "",
    number: Annotated[
        str, typer.Option(help="Version of the app; without: the program's own.")
    ] = "",
) -> None:
    """Build the Teams app package: the right to read the channel, and the bot's place in it."""
    settings = chosen(context).settings()
    home = website or _site(settings)
    made = TeamsApp(
        client_id=settings.client_id,
        network=_name(settings),
        version=number or version("natverket"),
        developer=Developer(
            name=settings.organisation,
            website=home,
            privacy=privacy or home,
            terms=terms or home,
        ),
        bot_id=_bot(settings),
    )
    content = package(made, _texts(settings))
    try:
        out.write_bytes(content)
    except OSError as error:
        raise UnreadableFile(
            str(out), error.strerror or "it cannot be written", remedy="Name another with --out."
        ) from error
    print(_told(made, out))


def _name(settings: Settings) -> str:
    """One registration is one Teams app, however many networks it works for."""
    networks = [describe(each) for each in settings.networks]
    return networks[0].name if len(networks) == 1 else PRODUCT


def _site(settings: Settings) -> str:
    """The network's site, which its members may open, if the settings tell its address."""
    site = settings.networks[0].site
    return site if urlsplit(site).scheme == "https" else NOWHERE


def _bot(settings: Settings) -> str | None:
    """Client id of the bot, where a network posts by it."""
    if all(Transport.BOT not in each.routes.used for each in settings.networks):
        return None
    return settings.bot_client_id or settings.client_id


def _texts(settings: Settings) -> Texts:
    network = describe(settings.networks[0])
    file = shipped("texts", f"{network.language}.toml")
    return texts_from(
        tomllib.loads(file.read_text(encoding="utf-8")),
        language=network.language,
        time_zone=network.time_zone,
    )


# ---------------------------------------------------------------- what to do with it

_STEPS = """\
{file}: Teams app {id}, manifest {manifest}
  {bot}
  addresses that Teams shows: {addresses}{placeholder}

1  A Teams administrator uploads it: admin.teams.microsoft.com > Teams apps > Manage apps >
   Actions > Upload new app. Custom apps must be allowed (Org-wide app settings), and this one
   for the owners of the team. It can take hours until Teams offers it.
2  An owner of the team adds it: Teams > Apps > Built for your org > Add to a team, any channel.
   Adding it is the consent: Teams shows the owner "{right}", which holds for
   this team alone and needs no consent in Entra ID. Where owners may not consent
   (Get-MgBetaTeamRscConfiguration; Microsoft's default lets them), a global administrator
   allows it for this app, or adds it.
3  {bot_step}

What it gives: each post is looked for in the channel and proved, so that after a lost answer
nothing is posted twice and nothing is lost; and the digest has the questions that wait for an
answer and the links that were shared. Without it posts go out at most once, unproved.
See that it works: with NATVERKET_NETWORK_READ_CHANNEL=true (the default), `natverket plan
post_digest` reads the channel and is not refused; `natverket posts` then tells of each new post
that it was seen in the channel.
An update needs a higher number: --number 1.0.1 where the settings changed and the program not."""

_NO_BOT = """\
Posts do not go by bot: nothing more to do. Should they later, build and upload it anew.
   (Such an app has neither bot nor tab. Microsoft's manifest allows that, but it has not been
   tried in a real tenant: if Teams will not add it, post by bot.)"""

_BOT = """\
In Azure, an Azure Bot resource: single tenant, app registration {bot},
   channel Microsoft Teams, no messaging endpoint: it posts and hears nothing."""


def _told(made: TeamsApp, out: Path) -> str:
    addresses = dict.fromkeys(
        (made.developer.website, made.developer.privacy, made.developer.terms)
    )
    return _STEPS.format(
        file=out,
        id=made.id,
        manifest=MANIFEST_VERSION,
        bot=f"bot {made.bot_id}, which posts and does not answer" if made.bot_id else "no bot",
        addresses=" ".join(addresses),
        placeholder=_placeholder(addresses),
        right=READS_CHANNELS,
        bot_step=_bot_step(made),
    )


def _placeholder(addresses: dict[str, None]) -> str:
    if NOWHERE not in addresses:
        return "\n  (--website, --privacy and --terms name others)"
    return f"\n  {NOWHERE} is a placeholder: name the real ones with --website, --privacy, --terms"


def _bot_step(made: TeamsApp) -> str:
    if made.bot_id is None:
        return _NO_BOT
    return _BOT.format(bot=made.bot_id)
