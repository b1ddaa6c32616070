"""What runs as things stand, and what the next step would need."""

from collections.abc import Iterable, Mapping

from service.domain.check.finding import Finding, Verdict

FILES = ("site", "libraries", "register", "calendar")
GOOD = frozenset({Verdict.OK, Verdict.WARNING})


def tier(findings: Iterable[Finding]) -> tuple[str, str]:
    """Return what runs, such as `files · posts by workflow`, and what would be next."""
    by_name = _worst(findings)

    def runs(name: str) -> bool:
        return by_name.get(name) in GOOD

    if not all(runs(name) for name in FILES):
        return "nothing yet", "files need: " + ", ".join(n for n in FILES if not runs(n))
    ways = [via for via in ("workflow", "mail", "graph") if runs(f"posts by {via}")]
    parts = ["files"]
    parts += [f"posts by {' + '.join(ways)}"] if ways else []
    reads, bot = runs("channel read"), runs("posts by bot")
    parts += ["channel read and posts proved"] if reads else []
    parts += ["bot"] if bot else []
    return " · ".join(parts), _next(posts=bool(ways) or bot, reads=reads, bot=bot)


def _next(*, posts: bool, reads: bool, bot: bool) -> str:
    if not posts:
        return "posts need a way: NATVERKET_NETWORK_POST_VIA=workflow and the flow's address"
    if not reads:
        return "posts would be proved by reading the channel: natverket teams-app"
    if not bot:
        return "posts could be changed and taken back by a bot: NATVERKET_NETWORK_POST_VIA=bot"
    return ""


_ORDER = (Verdict.UNUSED, Verdict.OK, Verdict.WARNING, Verdict.UNTRIED, Verdict.FAILED)


def _worst(findings: Iterable[Finding]) -> Mapping[str, Verdict]:
    found: dict[str, Verdict] = {}
    for one in findings:
        known = found.get(one.name, one.verdict)
        found[one.name] = max(known, one.verdict, key=_ORDER.index)
    return found
