"""Pages as bytes, with the headers that every one of them has."""

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from starlette.responses import Response

if TYPE_CHECKING:
    from jinja2 import Environment

FILES = {
    "page.css": "text/css; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
"""What a page may load, and nothing else: there is no script."""

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not no-referrer: a form would then say that it comes from nowhere (`Origin: null`).
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}


def html(template: str, values: dict[str, object], *, status: int = 200) -> Response:
    """Fill a template."""
    text = _environment().get_template(template).render(values)
    return Response(text, status, HEADERS, media_type="text/html; charset=utf-8")


def file(name: str) -> Response:
    """One of `FILES`; it changes with the version alone, and is asked for again to be sure."""
    content = resources.files(__package__ or "").joinpath(name).read_bytes()
    headers = {**HEADERS, "Cache-Control": "no-cache"}
    return Response(content, headers=headers, media_type=FILES[name])


@cache
def _environment() -> "Environment":
    # It takes a tenth of a second to import: a daemon whose page nobody opens does without.
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415

    return Environment(
        loader=PackageLoader(__package__ or ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
