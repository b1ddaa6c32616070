"""The sandbox's page in a real browser: cards, library, clock, updates, telephone, keyboard."""

import re
from pathlib import Path

import httpx
import pytest

from service.sandbox.look.scripts import renderer
from tests.sandbox import worlds

playwright = pytest.importorskip("playwright.sync_api")

MICROSOFTS = pytest.mark.skipif(
    renderer() is None, reason="Microsoft's card renderer was not built: make cards (needs npm)"
)
PARTS = (
    *("", "channels", "files", "lists", "calendar", "mail", "surveys", "runs", "do", "log"),
    "troubles",
)
RULES = Path(__file__).with_name("rules.js").read_text(encoding="utf-8")


def expect(locator):
    return playwright.expect(locator)


def card(page):
    return page.locator(".slot").first


def everything(visitor):
    """Every part, and one page of each kind below them."""
    yield from PARTS
    for part, below in (
        ("files", "files/"),
        ("lists", "lists/"),
        ("channels", "channels/"),
    ):
        page = visitor.goes(part)
        yield page.locator(f"main a[href*='{below}']").first.get_attribute("href")[10:]
    yield folder(visitor)
    yield file(visitor)


def folder(visitor):
    page = visitor.goes("files")
    page.get_by_role("link", name="Dokument", exact=True).click()
    return page.get_by_role("link", name="Mapp", exact=True).get_attribute("href")[10:]


def file(visitor):
    page = visitor.goes(folder(visitor))
    return page.get_by_role("link", name="protokoll.txt").get_attribute("href")[10:]


# ---------------------------------------------------------------- cards


@MICROSOFTS
def test_cards_are_drawn_by_microsofts_renderer(visitor):
    """Headings are headings, Markdown is drawn, HTML and foreign addresses are not."""
    page = visitor.channel()
    drawn = card(page).locator(".ac-adaptiveCard")
    expect(drawn).to_be_visible()
    expect(drawn.get_by_role("heading", name="Vecka 2", level=3)).to_be_visible()
    expect(drawn.locator("strong")).to_have_text("två")
    expect(drawn).to_contain_text("<img src=x>")
    assert drawn.locator("img, a[href^='javascript']").count() == 0
    expect(card(page).locator("> .card")).to_have_count(0)


@MICROSOFTS
def test_a_cards_buttons_unfold_and_open(visitor):
    """ToggleVisibility and ShowCard in place; OpenUrl leads to the folder as it is here."""
    page = visitor.channel()
    expect(page.get_by_text("Gömd rad")).to_be_hidden()
    page.get_by_role("button", name="Visa hela veckobrevet").click()
    expect(page.get_by_text("Gömd rad")).to_be_visible()
    expect(page.get_by_text("och 2 till")).to_be_hidden()
    expect(page.get_by_text("Ta med stövlar")).to_be_hidden()
    page.get_by_role("button", name="Mer om mötet").press("Enter")
    expect(page.get_by_text("Ta med stövlar")).to_be_visible()
    page.locator(".ac-pushButton", has_text="Öppna dokumentationen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mapp")


@MICROSOFTS
def test_a_link_in_a_card_stays_in_the_window(visitor):
    """What has been filed is a page here, opened like any other."""
    page = visitor.channel()
    card(page).get_by_role("link", name="mappen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mapp")
    assert len(visitor.context.pages) == 1


@pytest.mark.window(java_script_enabled=False)
def test_without_script_the_page_draws_cards_and_unfolds_them(visitor):
    """The server's own drawing; forms and links work as ever."""
    page = visitor.channel()
    expect(card(page).locator(".card")).to_be_visible()
    expect(page.get_by_text("Gömd rad")).to_be_hidden()
    page.get_by_label("Visa hela veckobrevet").check()
    expect(page.get_by_text("Gömd rad")).to_be_visible()
    page.get_by_role("link", name="Öppna dokumentationen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mapp")


def test_without_the_renderer_the_pages_own_drawing_stands(visitor):
    """As on a machine where `make cards` found no npm."""
    empty = {"status": 200, "content_type": "text/javascript", "body": ""}
    visitor.page.route("**/_sandbox/built/*", lambda route: route.fulfill(**empty))
    page = visitor.channel()
    expect(card(page).locator(".card")).to_be_visible()
    expect(card(page).locator(".ac-adaptiveCard")).to_have_count(0)


# ---------------------------------------------------------------- library


def test_the_library_opens_down_to_a_file_and_its_versions(visitor):
    """Folder, file, what it says, and what it said before."""
    page = visitor.goes(file(visitor))
    expect(page.locator("pre.preview")).to_have_text("fastställt")
    with page.expect_response("**/content/*version=1") as told:
        page.get_by_role("link", name="Version 1").click()
    assert told.value.headers["content-type"] == "text/plain; charset=utf-8"
    expect(page.locator("body")).to_have_text("utkast")


def test_a_folder_is_sorted_by_its_headings(visitor):
    """The order is in the address, and told to those who do not see the arrow."""
    page = visitor.goes(folder(visitor))
    page.get_by_role("link", name="Ändrad").click()
    expect(page.get_by_role("columnheader", name="Ändrad")).to_have_attribute(
        "aria-sort", "descending"
    )


# ---------------------------------------------------------------- clock and updates


def test_the_clock_is_moved_by_keyboard(visitor):
    """From the top of the page by Tab alone, past a way to skip it."""
    page = visitor.goes("calendar")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Till innehållet")).to_be_focused()
    button = page.get_by_role("button", name="en dag")
    for _ in range(5):
        page.keyboard.press("Tab")
        if button.evaluate("one => one === document.activeElement"):
            break
    expect(button).to_be_focused()
    before = page.locator(".now time").get_attribute("datetime")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Tiden är framflyttad")
    after = page.locator(".now time").get_attribute("datetime")
    assert int(after[8:10]) == int(before[8:10]) + 1
    expect(page.get_by_role("heading", level=1)).to_have_text("Kalender")


def test_the_page_follows_without_losing_what_the_reader_does(visitor):
    """Somebody else writes: it is there; focus, what was typed and what was unfolded stay."""
    page = visitor.channel()
    fold = page.locator("details", has_text="Skriv ett nytt inlägg")
    fold.locator("summary").click()
    text = fold.get_by_label("Text")
    text.fill("Halvskri")
    unfolded = page.get_by_label("Visa hela veckobrevet")
    if renderer():
        unfolded = page.get_by_role("button", name="Visa hela veckobrevet")
    unfolded.click()
    text.focus()
    sent = {"act": "write", "by": worlds.BO.id, "channel": worlds.COMMON, "text": "Nytt svar!"}
    assert httpx.post(f"{visitor.home}do", data=sent).status_code == 303
    expect(page.get_by_text("Nytt svar!")).to_be_visible()
    expect(text).to_have_value("Halvskri")
    expect(text).to_be_focused()
    expect(page.get_by_text("Gömd rad")).to_be_visible()
    page.keyboard.type("vet")
    fold.get_by_role("button", name="Skicka").click()
    expect(page.get_by_role("status")).to_have_text("Inlägget är skrivet.")
    expect(page.get_by_text("Halvskrivet")).to_be_visible()


def test_an_answer_is_written_where_it_belongs(visitor):
    """Unfolded below the conversation, by a person of one's choice."""
    page = visitor.channel()
    conversation = page.get_by_role("article").filter(has_text="Fika?")
    conversation.get_by_text("Svara", exact=True).first.click()
    conversation.get_by_label("Vem gör det?").select_option("Anna Ek")
    conversation.get_by_label("Text").fill("Gärna!")
    conversation.get_by_role("button", name="Svara").click()
    answers = page.get_by_role("article").filter(has_text="Fika?").get_by_role("list")
    expect(answers).to_contain_text("Gärna!")


# ---------------------------------------------------------------- for everybody


@pytest.mark.window(viewport={"width": 360, "height": 740}, has_touch=True)
def test_nothing_is_wider_than_a_telephone(visitor):
    """Every kind of page at 360 pixels: down, never sideways."""
    wide = {}
    for path in list(everything(visitor)):
        width = visitor.goes(path).evaluate("document.documentElement.scrollWidth")
        if width > 360:
            wide[path] = width
    assert wide == {}


@pytest.mark.window(viewport={"width": 360, "height": 740}, has_touch=True)
def test_the_clock_is_one_row_on_a_telephone(visitor):
    """Brief words on its buttons; the date unfolds, and is not wider than the screen either."""
    page = visitor.goes()
    assert page.locator(".clock").bounding_box()["height"] < 50
    page.locator(".to-date summary").click()
    expect(page.get_by_role("button", name="Gå till datumet")).to_be_visible()
    box = page.locator(".to-date form").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360


@pytest.mark.parametrize(
    "scheme",
    [
        pytest.param(scheme, marks=pytest.mark.window(color_scheme=scheme, reduced_motion="reduce"))
        for scheme in ("light", "dark")
    ],
)
def test_every_page_can_be_used_by_everybody(visitor, scheme):
    """Names of controls, order of headings, unique ids, contrast 4.5:1 in both schemes."""
    faults = {}
    for path in list(everything(visitor)):
        page = visitor.goes(path)
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        found = page.evaluate(RULES)
        if found:
            faults[path] = found
    assert faults == {}


def test_the_rules_find_what_is_wrong(visitor):
    """Each of them, on a page that breaks it."""
    page = visitor.goes()
    page.evaluate(
        """() => {
          document.querySelector("main").innerHTML = `
            <h1>A</h1><h3>B</h3><input><button></button><p id="x">C</p><p id="x">D</p>
            <img src="/_sandbox/icon.svg"><p class="pale">E</p>`;
          document.querySelector(".pale").style.color = "#bbb";
        }"""
    )
    found = "\n".join(page.evaluate(RULES))
    for fault in ("h3 after h1", "no name: input", "no name: button", "twice: x", "no alt", "E"):
        assert re.search(re.escape(fault), found), (fault, found)
