"""A client of the page in the same process, and the forms that it finds there."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import httpx
import pytest
from bs4 import BeautifulSoup

from service.store import Store, open_store
from service.web.app import application
from service.web.page import Entrance, page_routes
from tests.unit.web.page.house import House

Opened = Callable[..., AbstractAsyncContextManager["Reader"]]


@pytest.fixture(scope="package")
def store() -> Iterator[Store]:
    found = open_store("sqlite:///:memory:")
    yield found
    found.close()


class Reader:
    """Somebody with a browser that runs no scripts."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http
        self.seen = BeautifulSoup("", "html.parser")
        self.answer = httpx.Response(0)

    async def goes(self, path: str = "/", **headers: str) -> BeautifulSoup:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._took(await self.http.get(path, headers=named))

    async def presses(self, label: str, **changed: str) -> BeautifulSoup:
        """Send the first form whose button reads so; `changed` fields are sent otherwise."""
        form = next(
            form
            for form in self.seen.find_all("form")
            if label in (form.find("button").get("aria-label") or form.find("button").get_text())
        )
        fields = {one["name"]: one.get("value", "") for one in form.find_all("input")}
        return await self.sends(form["action"], {**fields, **changed})

    async def sends(self, path: str, fields: dict[str, str], **headers: str) -> BeautifulSoup:
        own = {"Origin": "http://localhost:8080"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        answer = await self.http.post(path, data=fields, headers=own)
        if answer.status_code == 303:
            return await self.goes(answer.headers["location"].partition("#")[0])
        return self._took(answer)

    def _took(self, answer: httpx.Response) -> BeautifulSoup:
        self.answer, self.seen = answer, BeautifulSoup(answer.text, "html.parser")
        return self.seen

    @property
    def text(self) -> str:
        return self.seen.get_text(" ", strip=True)


@pytest.fixture
def opened() -> Opened:
    @asynccontextmanager
    async def opening(
        house: House,
        entrance: Entrance | None = None,
        *,
        peer: str = "127.0.0.1",
        url: str = "http://localhost:8080",
    ) -> AsyncIterator[Reader]:
        app = application(page_routes(house, entrance or Entrance()))
        through = httpx.ASGITransport(app, client=(peer, 1234))
        async with httpx.AsyncClient(transport=through, base_url=url) as http:
            yield Reader(http)

    return opening
