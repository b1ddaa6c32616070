"""
Takes out of a text what must not leave the house: the last line of defence, not the first.

Whoever writes a text leaves such things out; this looks at what came from elsewhere (what a
service answered, what another library logs). Pure.
"""

import re

_HIDDEN = "…"

_ADDRESS = re.compile(r"\b(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<rest>[^\s\"'<>\\]+)", re.IGNORECASE)
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    # JSON Web Tokens, and what is sent as a bearer.
    (re.compile(r"\beyJ[\w-]{8,}(?:\.[\w-]*)*"), _HIDDEN),
    (re.compile(r"\b(Bearer|Basic)\s+[\w.~+/=-]{8,}", re.IGNORECASE), rf"\1 {_HIDDEN}"),
    # Parts of queries and forms that authorise.
    (
        re.compile(
            r"\b(sig|signature|tempauth|code|token|access_token|refresh_token|id_token|secret|"
            r"client_secret|client_assertion|assertion|password|passphrase|key)=[^&\s\"',;]+",
            re.IGNORECASE,
        ),
        rf"\1={_HIDDEN}",
    ),
    # Addresses of mail, also as they stand in a path.
    (re.compile(r"[\w.+'’-]+(?:@(?!thread\.)|%40)[\w-]+(?:\.[\w-]+)+"), _HIDDEN),
    # Addresses of files, as Graph takes them.
    (re.compile(r"\bu![\w-]{8,}"), _HIDDEN),
)


def redacted(text: str) -> str:
    """
    Return the text without tokens, addresses of mail, and what follows the host in a URL.

    Names and titles cannot be known by their look: who writes a text leaves them out.
    """
    text = _ADDRESS.sub(_host_only, text)
    for pattern, instead in _RULES:
        text = pattern.sub(instead, text)
    return text


def _host_only(found: re.Match[str]) -> str:
    """Keep scheme and host: what stands before an `@` signs in, what follows may authorise."""
    host, *below = re.split(r"[/?#]", found["rest"], maxsplit=1)
    path = f"/{_HIDDEN}" if below and below[0] else ""
    return f"{found['scheme']}://{host.rpartition('@')[2]}{path}"
