"""What every request passes: who it is, in which language it is answered, where it came from."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import Response

from service.render.texts import Texts
from service.web.page import sessions
from service.web.page.entrance import Came, Entrance, Refusal, admitted, same_origin
from service.web.page.house import House
from service.web.page.languages import LANGUAGES, chosen, words_of
from service.web.page.rendering import html
from service.web.page.saying import Saying, safe
from service.workplace import Workplace

SESSION, MARK, LANGUAGE = "natverket_session", "natverket_form", "natverket_lang"
_A_YEAR = 365 * 24 * 3600
_MOST_BYTES = 16_384
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host")


@dataclass(frozen=True, kw_only=True)
class Desk:
    """The page's own state for as long as the daemon runs: a secret, and wrong guesses."""

    house: House
    entrance: Entrance
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    guesses: sessions.Guesses = field(default_factory=sessions.Guesses)

    @property
    def now(self) -> datetime:
        return self.house.clock.now()


class Visit:
    """One request, seen by the desk."""

    def __init__(self, request: Request, desk: Desk) -> None:
        self.request, self.desk = request, desk
        kept = request.cookies.get(MARK, "")
        self.mark = kept or sessions.new_mark()
        self.who = self._who()

    @property
    def peer(self) -> str:
        return self.request.client.host if self.request.client else ""

    @property
    def _bearer(self) -> str:
        scheme, _, token = self.request.headers.get("authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""

    def _who(self) -> str | Refusal:
        headers, entrance = self.request.headers, self.desk.entrance
        if self._bearer and self.desk.guesses.wait(self.peer, self.desk.now):
            return Refusal.WRONG_TOKEN
        session = self.request.cookies.get(SESSION, "")
        server = self.request.scope.get("server") or ("", None)
        came = Came(
            host=headers.get("host", ""),
            peer=self.peer,
            arrived_at=server[0] or "",
            forwarded=any(name in headers for name in _FORWARDED),
            user=headers.get(entrance.user_header, "") if entrance.user_header else "",
            bearer=self._bearer,
            signed_in=sessions.holds(session, entrance.token, self.desk.now),
        )
        who = admitted(came, entrance)
        if who is Refusal.WRONG_TOKEN:
            self.desk.guesses.wrong(self.peer, self.desk.now)
        return who

    # ------------------------------------------------------------ words

    def words(self, at: Workplace | None = None) -> Texts:
        """In the language that the reader has chosen, or reads, or the network's."""
        found = at or self.desk.house.workplaces()[0]
        asked = self.request.query_params.get("lang", "")
        kept = self.request.cookies.get(LANGUAGE, "")
        accepted = self.request.headers.get("accept-language", "")
        return words_of(found, chosen(asked, kept, accepted, found.network.language))

    # ------------------------------------------------------------ forms

    async def form(self) -> dict[str, str] | None:
        """Read a form; None where it is too long, or no form of ours."""
        body = b""
        async for piece in self.request.stream():
            body += piece
            if len(body) > _MOST_BYTES:
                return None
        try:
            form = dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=20))
        except ValueError:
            return None
        return form if self._is_ours(form) else None

    def _is_ours(self, form: dict[str, str]) -> bool:
        headers = self.request.headers
        site, origin = headers.get("sec-fetch-site", ""), headers.get("origin", "")
        if not same_origin(site, origin, headers.get("host", ""), self.desk.entrance):
            return False
        # Nobody else's page can make a browser send this header.
        if self._bearer and not isinstance(self.who, Refusal):
            return True
        kept, given = self.request.cookies.get(MARK, ""), form.get("csrf", "")
        return sessions.is_form_token(given, self.desk.secret, kept, self._name)

    @property
    def _name(self) -> str:
        return "" if isinstance(self.who, Refusal) else self.who

    # ------------------------------------------------------------ answers

    def page(self, template: str, values: dict[str, object], *, status: int = 200) -> Response:
        """Fill a template with what every page has, and set the cookies that it needs."""
        if "say" not in values:
            at = self.desk.house.workplaces()[0]
            values["say"] = Saying(self.words(), at, self.desk.now)
        answer = html(template, {**self._always(), **values}, status=status)
        self._keep(answer)
        return answer

    def message(self, what: str, status: int, *, back: bool = True) -> Response:
        return self.page("message.html", {"what": what, "back": back}, status=status)

    def _always(self) -> dict[str, object]:
        root, reading = self.desk.entrance.root, self.request.method in ("GET", "HEAD")
        query = [
            (name, self.request.query_params[name])
            for name in ("network", "year")
            if name in self.request.query_params
        ]
        token = sessions.form_token(self.desk.secret, self.mark, self._name)
        return {
            "root": root,
            "here": root + (self.request.url.path if reading else "/"),
            "kept": f"&{urlencode(query)}" if query else "",
            "languages": LANGUAGES,
            "signed_in": SESSION in self.request.cookies and not isinstance(self.who, Refusal),
            "form_token": token,
            "safe": safe,
        }

    def _keep(self, answer: Response) -> None:
        asked = self.request.query_params.get("lang", "")
        if MARK not in self.request.cookies:
            self.cookie(answer, MARK, self.mark)
        if asked in LANGUAGES:
            self.cookie(answer, LANGUAGE, asked, seconds=_A_YEAR)

    def cookie(self, answer: Response, name: str, value: str, seconds: int | None = None) -> None:
        """Set a cookie that no script reads and no other site's request carries."""
        answer.set_cookie(
            name,
            value,
            max_age=seconds,
            path=self.desk.entrance.root or "/",
            secure=self.desk.entrance.secure,
            httponly=True,
            samesite="strict",
        )
