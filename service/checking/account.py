"""Posting as an account that has signed in."""

from collections.abc import Iterable

from service.checking.asked import AskedOfNetwork
from service.checking.check import Check
from service.domain.check import Finding, channels, credentials, failed, unused
from service.domain.routes import Transport
from service.errors import NotFound, SignInRefused
from service.signing import login_of

NAME = "posts by graph"


async def run(at: AskedOfNetwork) -> Iterable[Finding]:
    if Transport.GRAPH not in at.chosen.routes.used:
        return [unused(NAME, "no account posts")]
    login = at.gateway.login()
    if login is None:
        return [failed(NAME, "nobody has signed in on this machine", channels.login())]
    try:
        await at.gateway.prove_login()
        await _tags(at)
    except SignInRefused as error:
        said = f"{login.account}: {error.reason}"
        return [failed(NAME, said, channels.login(error.remedy))]
    except NotFound as error:
        return [failed(NAME, f"{error.subject}: {error.reason}", channels.tags())]
    lacking = set(login_of(at.settings).permissions) - set(login.permissions)
    if lacking:
        said = f"{login.account} lacks {', '.join(sorted(lacking))}"
        return [failed(NAME, said, channels.delegated(sorted(lacking)))]
    said = f"{login.account} is signed in; that it is in the team is seen at its first post"
    renewed = at.gateway.login() or login
    return [credentials.ending(NAME, said, renewed.lapses_at, at.now, channels.login())]


async def _tags(at: AskedOfNetwork) -> None:
    if at.chosen.mention == "tag":
        for name in (at.chosen.tags or {}).values():
            await at.gateway.tag(at.chosen.team or "", name)


CHECK = Check(
    name=NAME,
    does="Renews the account's sign-in, and looks up the tags that it mentions.",
    run=run,
    needs=("sign-in",),
)
