"""The status page in a real browser: by keyboard, on a telephone, without scripts, by axe."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise, product
from typing import Any

import pytest

from tests.browser.page import Served, serving
from tests.unit.web.page import house as houses

axe_playwright = pytest.importorskip("axe_playwright_python.sync_playwright")

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}
STATES = {
    "first": houses.at_first,
    "spring": houses.in_spring,
    "trouble": houses.in_trouble,
    "two": houses.of_two,
}
LANGUAGES = ("sv", "nb", "en")

Opens = Callable[..., Any]
later = partial(pytest.param, marks=pytest.mark.proof)
"""Cases that others claim most of."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A day on which things need people."""
    with serving(STATES["trouble"], tmp_path_factory.mktemp("page")) as found:
        yield found


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Served]]:
    """Every state, each served by itself."""
    with (
        serving(STATES["first"], tmp_path_factory.mktemp("first")) as first,
        serving(STATES["spring"], tmp_path_factory.mktemp("spring")) as spring,
        serving(STATES["two"], tmp_path_factory.mktemp("two")) as two,
    ):
        yield {"first": first, "spring": spring, "two": two}


@pytest.fixture
def opens(browser: Any) -> Iterator[Opens]:
    """Open an address in a window of its own; whatever it complains of fails the test."""
    contexts: list[Any] = []
    complaints: list[str] = []

    def opening(address: str, **window: Any) -> Any:
        window = {"viewport": DESK, "locale": "sv-SE", **window}
        contexts.append(browser.new_context(**window))
        contexts[-1].set_default_timeout(10_000)
        page = contexts[-1].new_page()
        page.on("console", lambda said: complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address)
        return page

    yield opening
    for context in contexts:
        context.close()
    assert complaints == []


def faults(page: Any) -> list[str]:
    """What axe-core holds against it, the least of it too."""
    found = axe_playwright.Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found]


def focused(page: Any) -> str:
    """Name what has the focus, as its text."""
    named = (
        "(one => one === document.body ? '' : one.ariaLabel || one.textContent)"
        "(document.activeElement)"
    )
    return str(page.evaluate(named))


def tab_to(page: Any, words: str) -> None:
    """Go on by Tab until what has the focus reads so."""
    for _ in range(120):
        if words in focused(page):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never came to {words}")


# ---------------------------------------------------------------- axe


EVERY = list(product(LANGUAGES, ("light", "dark"), (PHONE, DESK)))
USUAL = [("sv", "dark", PHONE), ("en", "light", DESK)]


def is_well_made(home: str, opens: Opens, language: str, scheme: str, size: dict[str, int]) -> None:
    page = opens(f"{home}/?lang={language}", viewport=size, color_scheme=scheme)
    assert page.locator("html").get_attribute("lang") == language
    assert faults(page) == []


@pytest.mark.parametrize(("language", "scheme", "size"), USUAL)
def test_axe(
    served: Served, opens: Opens, language: str, scheme: str, size: dict[str, int]
) -> None:
    """Nothing where coordinators and administrators usually look."""
    is_well_made(served.home, opens, language, scheme, size)


@pytest.mark.proof
@pytest.mark.parametrize(("language", "scheme", "size"), EVERY)
def test_axe_of_all(
    served: Served, opens: Opens, language: str, scheme: str, size: dict[str, int]
) -> None:
    """Nor in any language, scheme and width."""
    is_well_made(served.home, opens, language, scheme, size)


@pytest.mark.parametrize("state", ["spring", *(later(one) for one in ("first", "two"))])
def test_axe_of_other_states(states: dict[str, Served], opens: Opens, state: str) -> None:
    """Nor before anything has happened, on a usual day, with two networks."""
    assert faults(opens(f"{states[state].home}/", viewport=PHONE)) == []


def test_axe_of_other_pages(states: dict[str, Served], opens: Opens) -> None:
    """Nor on the page that asks whether one is sure."""
    page = opens(f"{states['spring'].home}/")
    page.get_by_role("button", name="Godkänn: Natur i stadsplanering").first.click()
    assert page.get_by_role("heading", level=1).inner_text() == "Godkänna inlägget?"
    assert faults(page) == []


# ---------------------------------------------------------------- by keyboard


def test_skip_link(served: Served, opens: Opens) -> None:
    """The first stop of Tab is seen when it is reached, and leads past the head."""
    page = opens(f"{served.home}/")
    page.keyboard.press("Tab")
    assert focused(page) == "Hoppa till innehållet"
    assert page.locator(".skip").bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    inside = "document.querySelector('main').contains(document.activeElement)"
    assert page.evaluate(inside)


def test_order_and_focus(served: Served, opens: Opens) -> None:
    """Tab goes down the page, and what has the focus has a ring of three pixels."""
    page = opens(f"{served.home}/", viewport=PHONE)
    stops = page.evaluate(
        "document.querySelectorAll('a, button, summary, [tabindex=\"0\"]').length"
    )
    tops = []
    for _ in range(stops):
        page.keyboard.press("Tab")
        ring, top = page.evaluate(
            "(() => { const one = document.activeElement, how = getComputedStyle(one);"
            " return [`${how.outlineStyle} ${how.outlineWidth}`,"
            " one.getBoundingClientRect().top + scrollY]; })()"
        )
        assert ring == "solid 3px", focused(page)
        tops.append(top)
    within_a_line = 80
    inside = tops[4:-1]
    assert all(after > before - within_a_line for before, after in pairwise(inside))


def test_run_by_keyboard(served: Served, opens: Opens) -> None:
    """A job is run by Tab and Enter alone, and what came of it is read next."""
    page = opens(f"{served.home}/")
    tab_to(page, "Kör nu: Arkiverar dokument")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "said=running" in url)

    assert served.woken[-1][1] == "file_materials"
    assert page.get_by_role("status").inner_text().startswith("Startat.")
    assert page.locator("#said").bounding_box()["y"] < PHONE["height"]


def test_approve_by_keyboard(states: dict[str, Served], opens: Opens) -> None:
    """So is a post approved, with the question in between."""
    page = opens(f"{states['spring'].home}/")
    tab_to(page, "Godkänn: Veckan i nätverket, vecka 9")
    page.keyboard.press("Space")
    page.wait_for_url("**/act")
    tab_to(page, "Ja, godkänn")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "said=approved" in url)

    letter = page.locator(".posts > li").first
    assert "Godkänt" in letter.inner_text()
    assert letter.get_by_role("button", name="Godkänn").count() == 0


def test_without_scripts(states: dict[str, Served], opens: Opens) -> None:
    """With scripts turned off it is read and pressed all the same."""
    page = opens(f"{states['two'].home}/", java_script_enabled=False)
    page.get_by_role("button", name="Pausa alla inlägg", exact=True).click()
    assert page.get_by_role("status").inner_text() == "Alla inlägg till medlemmarna är pausade."
    page.get_by_role("button", name="Släpp alla inlägg").click()
    assert page.locator("figure").count() == 4


# ---------------------------------------------------------------- how it is seen


def sideways(page: Any) -> bool:
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    return bool(page.evaluate(wide))


@pytest.mark.parametrize("language", ["sv", later("nb"), later("en")])
def test_on_a_telephone(served: Served, opens: Opens, language: str) -> None:
    """Nothing is wider than 360 pixels, and a thumb can hit every button."""
    page = opens(f"{served.home}/?lang={language}", viewport=PHONE)
    assert not sideways(page)
    low = [one for one in page.locator("button").all() if one.bounding_box()["height"] < 44]
    assert low == []


@pytest.mark.parametrize("size", [PHONE, later(DESK)], ids=["phone", "desk"])
def test_text_twice_as_large(served: Served, opens: Opens, size: dict[str, int]) -> None:
    """With text at 200 % all is still there, without scrolling the page sideways."""
    page = opens(f"{served.home}/", viewport=size, bypass_csp=True)
    page.add_style_tag(content="html { font-size: 200% !important; }")
    assert not sideways(page)
    cut = page.evaluate(
        "[...document.querySelectorAll('h1, h2, h3, p, button, dt, dd')].filter("
        "one => !one.closest('.hidden, .skip') && one.scrollWidth > one.clientWidth + 2"
        " && getComputedStyle(one).overflow !== 'visible').length"
    )
    assert cut == 0


def test_forced_colours(served: Served, opens: Opens) -> None:
    """Where the system chooses the colours, what needs somebody is still told apart."""
    page = opens(f"{served.home}/", forced_colors="active")
    found = page.locator("td.needs").first
    assert "underline" in found.evaluate("one => getComputedStyle(one).textDecorationLine")
    assert (
        page.locator(".card").first.evaluate("one => getComputedStyle(one).borderTopWidth") == "1px"
    )


def test_printed(served: Served, opens: Opens) -> None:
    """On paper there are no buttons."""
    page = opens(f"{served.home}/")
    page.emulate_media(media="print")
    assert not any(one.is_visible() for one in page.locator("button").all())
    assert page.locator("table.year").is_visible()


def test_still(served: Served, opens: Opens) -> None:
    """Who wants no movement gets none."""
    still = partial(opens, f"{served.home}/")
    behaviour = "getComputedStyle(document.documentElement).scrollBehavior"
    assert still(reduced_motion="reduce").evaluate(behaviour) == "auto"
    assert still(reduced_motion="no-preference").evaluate(behaviour) == "smooth"


# ---------------------------------------------------------------- how it is heard


@pytest.mark.parametrize("size", [PHONE, later(DESK)], ids=["phone", "desk"])
def test_heard(served: Served, opens: Opens, size: dict[str, int]) -> None:
    """Landmarks, headings, tables and buttons have roles and names, on a telephone as well."""
    page = opens(f"{served.home}/", viewport=size)
    for role, name in (
        ("banner", None),
        ("main", None),
        ("navigation", "Språk"),
        ("region", "Att göra"),
        ("table", "Möten 2023"),
        ("table", "Körningar"),
        ("columnheader", "Inspelning"),
        ("rowheader", "Medborgardialog"),
        ("button", "Kör nu: Hämtar inspelningar"),
        ("figure", "Kortet, ungefär som det kommer att se ut"),
    ):
        named = {} if name is None else {"name": name}
        assert page.get_by_role(role, **named).count() >= 1, (role, name)
    row = page.get_by_role("row", name="Medborgardialog")
    assert "saknas" in row.inner_text()


def test_languages_in_the_page(served: Served, opens: Opens) -> None:
    """What is in another language than the page says so, and the choice is kept."""
    page = opens(f"{served.home}/?lang=nb")
    assert page.locator("figure[lang=sv]").count() == 4
    assert page.locator(".needing [lang=en]").count() >= 2
    page.goto(f"{served.home}/")
    assert page.locator("html").get_attribute("lang") == "nb"
    page.get_by_role("link", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
