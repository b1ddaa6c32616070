"""
What a person sees when somebody asks her to sign in: plain HTML, in Swedish.

Every page is one form that can be posted by a script as well, with the same fields.
"""

from collections.abc import Iterable, Mapping, Sequence

from service.sandbox.entra.refusals import NO_STORE, TokenError
from service.sandbox.entra.scopes import described
from service.sandbox.markup import Child, Markup, el, written
from service.sandbox.timeline import App, Person
from service.sandbox.wire import Answer

_STYLE = """
body { font: 1.0625rem/1.5 system-ui, sans-serif; color: #1b1b1b; background: #f3f3f3; margin: 0 }
main { max-width: 34rem; margin: 0 auto; padding: 1.5rem 1rem; background: #fff;
  min-height: 100vh; box-sizing: border-box }
h1 { font-size: 1.5rem; line-height: 1.25 }
fieldset { border: 1px solid #8a8a8a; margin: 1rem 0; padding: .5rem 1rem }
label { display: block; padding: .625rem 0 }
input[type=text] { font: inherit; width: 100%; box-sizing: border-box; padding: .5rem;
  letter-spacing: .125em; text-transform: uppercase }
button { font: inherit; padding: .625rem 1.25rem; margin: .25rem .5rem .25rem 0;
  border: 2px solid #0f548c; border-radius: .25rem; background: #fff; color: #0f548c }
button[value=approve], button.first { background: #0f548c; color: #fff }
:focus-visible { outline: 3px solid #b14700; outline-offset: 2px }
.error { border-left: .375rem solid #b10e1c; padding: .25rem 1rem }
"""
_HEADERS = {"Content-Type": "text/html; charset=utf-8", **NO_STORE}
_EXPLAINED = {
    50011: "Adressen som appen vill skicka dig tillbaka till är inte registrerad för appen.",
    50034: "Kontot finns inte längre i organisationens katalog.",
    50057: "Kontot är avstängt.",
    50076: "Inloggningen måste bekräftas med en andra faktor.",
    50194: "Appen får bara användas via den egna organisationens adress.",
    53003: "Organisationens regler för villkorsstyrd åtkomst hindrar inloggningen.",
    65001: "Appen har inte fått det medgivande som den behöver.",
    70018: "Koden stämmer inte, är redan använd eller har gått ut.",
    90002: "Organisationen finns inte.",
    900023: "Organisationen finns inte.",
    90094: "Appen ber om mer än en person själv får godkänna: det krävs en administratör.",
    90100: "Begäran är ofullständig eller felaktig.",
    500011: "Tjänsten som appen vill använda finns inte i organisationen.",
    650053: "Appen ber om en behörighet som inte finns.",
    700016: "Appen är inte registrerad i organisationen.",
    7000112: "Appen är avstängd i organisationen.",
    900144: "Begäran är ofullständig.",
}


def consent(  # noqa: PLR0913 - what the page shows
    app: App,
    people: Sequence[Person],
    scopes: Iterable[str],
    *,
    action: str,
    hidden: Mapping[str, str],
    chosen: str | None,
    with_mfa: bool,
) -> Answer:
    """Who are you, and may this app do that for you?"""
    asked = [el("li", described(name)) for name in scopes if name != ".default"]
    everything = el("p", "Allt som organisationen redan har godkänt för appen.")
    return _page(
        f"Logga in till {app.name}",
        el(
            "form",
            _hidden(hidden),
            el("fieldset", el("legend", "Vem är du?"), [_choice(p, chosen) for p in people]),
            el("h2", f"{app.name} ber att få"),
            el("ul", asked) if asked else everything,
            _second_factor() if with_mfa else None,
            el(
                "p",
                el("button", "Godkänn", type="submit", name="decision", value="approve"),
                el(
                    "button",
                    "Avböj",
                    type="submit",
                    name="decision",
                    value="deny",
                    formnovalidate=True,
                ),
            ),
            method="post",
            action=action,
        ),
    )


def _choice(person: Person, chosen: str | None) -> Markup:
    is_chosen = chosen is not None and chosen.casefold() in (person.id, person.mail.casefold())
    who = f" {person.name}, {person.mail}" + (" (gäst)" if person.guest else "")
    radio = el(
        "input", type="radio", name="person", value=person.id, required=True, checked=is_chosen
    )
    return el("label", radio, who)


def _second_factor() -> Markup:
    box = el("input", type="checkbox", name="mfa", value="1")
    return el("label", box, " Bekräfta i telefonen också (andra faktor)")


def _hidden(fields: Mapping[str, str]) -> list[Markup]:
    return [el("input", type="hidden", name=k, value=v) for k, v in fields.items()]


def ask_for_code(*, typed: str = "", error: TokenError | None = None) -> Answer:
    """Where the code of a device is typed."""
    field = el(
        "input",
        type="text",
        name="user_code",
        id="user_code",
        value=typed,
        required=True,
        autocomplete="off",
        autocapitalize="characters",
        spellcheck="false",
        aria_describedby="error" if error else None,
        aria_invalid="true" if error else None,
    )
    return _page(
        "Ange koden",
        _told(error) if error else None,
        el(
            "form",
            el("label", "Koden som visas på den andra enheten", for_="user_code"),
            field,
            el("p", el("button", "Nästa", type="submit", class_="first")),
            method="post",
            action="/devicelogin",
        ),
        status=400 if error else 200,
    )


def done(title: str, text: str) -> Answer:
    return _page(title, el("p", text))


def refused(error: TokenError, *, status: int = 400) -> Answer:
    """The error spelled out, with its number for whoever is asked for help."""
    return _page("Det gick inte att logga in", _told(error), status=status)


def _told(error: TokenError) -> Markup:
    own = _EXPLAINED.get(error.number)
    return el(
        "div",
        el("p", own) if own else None,
        el("p", error.text, lang="en"),
        class_="error",
        id="error",
        role="alert",
    )


def passed_on(address: str, fields: Mapping[str, str]) -> Answer:
    """Hands the answer to the app by a form that sends itself (`response_mode=form_post`)."""
    form = Markup(
        written(
            [
                # The address is one that the app has registered.
                Markup(f'<form method="post" action="{_quoted(address)}">'),
                _hidden(fields),
                el("button", "Fortsätt", type="submit", class_="first"),
                Markup("</form><script>document.forms[0].submit()</script>"),
            ]
        )
    )
    return _page("Inloggningen är klar", form)


def _quoted(text: str) -> str:
    return written(text).replace('"', "&quot;")


def _page(title: str, *content: Child, status: int = 200) -> Answer:
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("title", title),
        Markup(f"<style>{_STYLE}</style>"),
        el("link", rel="icon", href="data:,"),
    )
    body = el("body", el("main", el("h1", title), content))
    text = "<!doctype html>" + el("html", head, body, lang="sv").text
    return Answer(status=status, raw=text.encode(), headers=_HEADERS)
