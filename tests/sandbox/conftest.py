"""One sandbox a module, and clients whose every answer is held against the schema."""

import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.sandbox.calls import TABLE
from service.sandbox.process import Sandbox
from service.sandbox.routes import Routes
from tests.sandbox import csdl, sdk_models, worlds

WORLDS = str(Path(worlds.__file__))
ROUTES = Routes(TABLE)


class Client:
    """Speaks to a sandbox as one app, and looks at every answer."""

    def __init__(self, sandbox: Sandbox, app: Any) -> None:
        self.sandbox = sandbox
        self.app = app
        self.http = httpx.Client(
            verify=ssl.create_default_context(cafile=str(sandbox.ca_file)),
            event_hooks={"response": [self._look]},
            timeout=30,
        )
        self.base = sandbox.url + "/v1.0"
        self.site = f"/sites/{sandbox.env['NATVERKET_NETWORK_SITE']}"
        self.checked: set[str] = set()
        if app is not None:
            self.http.headers["Authorization"] = f"Bearer {self.token()}"

    def close(self) -> None:
        self.http.close()

    def token(self, **extra: str) -> str:
        response = self.http.post(
            f"{self.sandbox.url}/{worlds.TENANT}/oauth2/v2.0/token",
            data={
                "client_id": self.app.client_id,
                "client_secret": self.app.secret,
                "grant_type": "client_credentials",
                "scope": "https://graph.microsoft.com/.default",
                **extra,
            },
        )
        assert response.status_code == 200, response.text
        return response.json()["access_token"]

    def _look(self, response: httpx.Response) -> None:
        path = response.request.url.path
        known = csdl.schema()
        if known is None or not path.startswith("/v1.0/") or response.is_error:
            return
        found = ROUTES.find(path.removeprefix("/v1.0"))
        row = found.rows.get(response.request.method) if found else None
        if row is None or row.type is None or response.status_code in (204, 304):
            return
        response.read()
        body = response.json()
        faults = known.faults(body, row.type)
        assert not faults, (row.template, faults)
        for entity in _new_shapes(body, row.type):
            lost = sdk_models.losses(entity, row.type.removeprefix("Collection(").rstrip(")"))
            assert not lost, (row.template, lost)

    def ask(self, method: str, path: str, **given: Any) -> httpx.Response:
        url = path if path.startswith("http") else self.base + path
        return self.http.request(method, url, **given)

    def get(self, path: str, **given: Any) -> Any:
        """The JSON of an answer that must be good."""
        response = self.ask("GET", path, **given)
        assert response.status_code == 200, response.text
        return response.json()

    def bare(self, method: str, url: str, **given: Any) -> httpx.Response:
        """Without a token, as links for bytes are to be used."""
        headers = {**given.pop("headers", {})}
        with httpx.Client(verify=self.http._transport._pool._ssl_context, timeout=30) as http:
            return http.request(method, url, headers=headers, **given)

    def refused(self, status: int, code: str, method: str, path: str, **given: Any) -> str:
        """The message of an answer that must be this refusal."""
        response = self.ask(method, path, **given)
        assert response.status_code == status, response.text
        error = response.json()["error"]
        assert error["code"] == code, error
        assert error["innerError"].keys() == {"date", "request-id", "client-request-id"}
        assert response.headers["request-id"] == error["innerError"]["request-id"]
        return error["message"]

    def control(self, method: str, name: str, **given: Any) -> httpx.Response:
        return self.http.request(method, f"{self.sandbox.url}/_sandbox/{name}", **given)

    def advance(self, now: str) -> Any:
        response = self.control("POST", "clock", json={"now": now})
        assert response.status_code == 200, response.text
        return response.json()

    def drive(self, name: str = "Dokument") -> str:
        drives = self.get(f"{self.site}/drives")["value"]
        return f"/drives/{next(d['id'] for d in drives if d['name'] == name)}"

    def put(self, path: str, content: bytes, **given: Any) -> Any:
        response = self.ask("PUT", path, content=content, **given)
        assert response.status_code in (200, 201), response.text
        return response.json()


_SEEN: set[tuple[str, frozenset[str]]] = set()


def _new_shapes(body: dict[str, Any], type_: str) -> Iterator[dict[str, Any]]:
    """Entities of an answer whose set of properties no test of this process has met before."""
    for entity in body["value"] if type_.startswith("Collection(") else [body]:
        shape = (str(entity.get("@odata.type", type_)), frozenset(entity))
        if shape not in _SEEN:
            _SEEN.add(shape)
            yield entity


Connect = Callable[[Any], Client]


@pytest.fixture(scope="module")
def seed_name() -> str:
    """Name of the function in `worlds` that makes the module's seed, or `file.py:function`."""
    return "empty"


@pytest.fixture(scope="module")
def sandbox(seed_name: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    directory = tmp_path_factory.mktemp("tenant")
    seed = seed_name if ":" in seed_name else f"{WORLDS}:{seed_name}"
    with Sandbox(seed=seed, directory=directory, http_port=0) as running:
        yield running


@pytest.fixture(scope="module")
def connect(sandbox: Sandbox) -> Iterator[Connect]:
    made: list[Client] = []

    def connected(app: Any) -> Client:
        made.append(Client(sandbox, app))
        return made[-1]

    yield connected
    for client in made:
        client.close()


@pytest.fixture(scope="module")
def daemon(connect: Connect) -> Client:
    return connect(worlds.DAEMON)


@pytest.fixture(scope="module")
def provisioner(connect: Connect) -> Client:
    return connect(worlds.PROVISIONER)
