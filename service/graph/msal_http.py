"""
What msal sends its requests by: our trust, our proxies, a timeout.

Its own way, requests, lets REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE override the authority that was
passed, and has no timeout.
"""

import ssl
from typing import Any
from urllib.parse import urlsplit

import httpx

from service.errors import Unreachable
from service.graph.transport import proxy_for

TIMEOUT_SECONDS = 30.0


class MsalHttp:
    """Sends by the proxy that the environment names for the host; a host in Azure by none."""

    def __init__(self, trust: ssl.SSLContext, *, proxies: bool = True) -> None:
        self._trust = trust
        self._proxies = proxies
        self._clients: dict[str | None, httpx.Client] = {}
        self.status: int | None = None
        """Of the last answer: msal keeps it to itself."""

    def post(self, url: str, *, data: Any = None, **kwargs: Any) -> httpx.Response:
        if isinstance(data, dict):
            # An assertion may come as bytes, which httpx would write as Python does: b'…'.
            data = {
                name: value.decode("ascii") if isinstance(value, bytes) else value
                for name, value in data.items()
            }
        return self._heard(self._client(url).post(url, data=data, **kwargs))

    def get(self, url: str, **kwargs: Any) -> httpx.Response:
        return self._heard(self._client(url).get(url, **kwargs))

    def close(self) -> None:
        for client in self._clients.values():
            client.close()
        self._clients.clear()

    def _client(self, url: str) -> httpx.Client:
        proxy = proxy_for(url) if self._proxies else None
        if proxy not in self._clients:
            self._clients[proxy] = httpx.Client(
                verify=self._trust, timeout=TIMEOUT_SECONDS, proxy=proxy, trust_env=False
            )
        return self._clients[proxy]

    def _heard(self, response: httpx.Response) -> httpx.Response:
        self.status = response.status_code
        return response


def unreachable(authority: str, error: Exception) -> Unreachable:
    host = urlsplit(authority).hostname
    return Unreachable(
        f"sign-in at {host}",
        str(error) or type(error).__name__,
        remedy="Check name resolution, proxy (HTTPS_PROXY, NO_PROXY) and firewall from this "
        "machine, NATVERKET_AUTHORITY_URL, and NATVERKET_CA_FILE where a proxy opens TLS.",
    )
