"""
Where a browser comes back to after a sign-in: an address on this machine alone.

RFC 8252, 7.3. msal has a listener of its own, which listens to the whole network where it
takes its machine for a container. What Entra ID has to say comes in a form, so that no code
stands in the browser's history.
"""

import asyncio
import hmac
import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import parse_qsl

MOST_BYTES = 64 * 1024
STILL_SECONDS = 30.0
"""A connection that says nothing for so long is closed."""
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Nätverket</title>
<meta name="viewport" content="width=device-width"><p>{}</p></html>"""
_THANKS = "Nätverket goes on in the terminal. You may close this window."
_STRANGE = "This does not belong to the sign-in that is under way."


class Loopback:
    """`with Loopback() as listener`; what does not carry the state of the sign-in is refused."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._came: asyncio.Future[dict[str, str]] = self._loop.create_future()
        self._state = ""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, self))
        self._server.daemon_threads = True

    def __enter__(self) -> "Loopback":
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def address(self) -> str:
        # Entra ID takes any port after the registered http://localhost, but no 127.0.0.1 there.
        return f"http://localhost:{self._server.server_address[1]}"

    def expect(self, state: str) -> "asyncio.Future[dict[str, str]]":
        """Give what will be the form of the browser that carries this state."""
        self._state = state
        return self._came

    def take(self, form: dict[str, str]) -> bool:
        """Take what a browser brings; in the server's thread."""
        given = form.get("state", "")
        if not self._state or not hmac.compare_digest(given.encode(), self._state.encode()):
            return False
        self._loop.call_soon_threadsafe(self._done, form)
        return True

    def _done(self, form: dict[str, str]) -> None:
        if not self._came.done():
            self._came.set_result(form)


class _Handler(BaseHTTPRequestHandler):
    timeout = STILL_SECONDS

    def __init__(self, listener: Loopback, *args: object) -> None:
        self._listener = listener
        super().__init__(*args)  # type: ignore[arg-type]

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        size = min(int(length), MOST_BYTES) if length.isdecimal() else 0
        form = dict(parse_qsl(self.rfile.read(size).decode("utf-8", "replace")))
        taken = self._listener.take(form)
        self._tell(200 if taken else 400, _THANKS if taken else _STRANGE)

    def do_GET(self) -> None:
        self._tell(400, _STRANGE)

    def _tell(self, status: int, said: str) -> None:
        page = _PAGE.format(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Say nothing: the terminal is for whoever signs in."""
