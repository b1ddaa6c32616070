"""What stands on the page, in three languages, and what is never on it."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from bs4 import BeautifulSoup

from service.domain.routes import KINDS
from service.jobs import JOBS
from service.store import Store
from service.web.page.languages import LANGUAGES, words_in
from service.web.page.rendering import FILES
from tests.unit.effects.fate import START
from tests.unit.web.page import house as houses
from tests.unit.web.page.conftest import Opened


async def test_all_is_well(store: Store, opened: Opened) -> None:
    """A usual day: one sentence says so, and nothing is in the colour that calls for somebody."""
    house = await houses.in_spring(store)
    async with opened(house) as reader:
        page = await reader.goes()

    assert page.find(class_="state").get_text(strip=True) == "Allt är som det ska."
    assert page.find_all(class_="needs") == []
    assert reader.answer.headers["cache-control"] == "no-store"


async def test_needs(store: Store, opened: Opened) -> None:
    """For whom, why and what to do: coordinators in their language, administrators in English."""
    async with opened(await houses.in_trouble(store)) as reader:
        page = await reader.goes()

    assert page.find(class_="state").get_text(strip=True) == "3 saker behöver åtgärdas."
    theirs, admins = page.find(id="needs").find_all("ul")
    assert "Inspelningen av ”Medborgardialog” raderas snart" not in admins.get_text()
    assert "Flytta var och en till mötets mapp i Inkorg." in theirs.get_text()
    assert "Nobody can tell" not in theirs.get_text()
    remedy = admins.find_all("p", lang="en")[-1]
    assert remedy.get_text().startswith("Grant-CsApplicationAccessPolicy")


async def test_the_year(store: Store, opened: Opened) -> None:
    """A row a meeting, a column a thing; every sign has words for those who hear it."""
    async with opened(await houses.in_trouble(store)) as reader:
        page = await reader.goes()
        table = page.find("table", class_="year")
        heads = [head.get_text() for head in table.find("thead").find_all("th")]
        rows = [one for one in table.select("tbody tr") if "to-do" not in one.get("class", ())]
        spoken = [_spoken(cell) for cell in rows[2].find_all("td")]
        to_do = rows[2].find_next_sibling("tr").get_text(" ", strip=True)
        await reader.goes("/?year=2022")

    assert heads[:5] == ["Datum", "Möte", "Inbjudan", "Program", "Material"]
    assert all(row.find("th")["scope"] == "row" for row in rows)
    assert len({len(row.find_all(["td", "th"])) for row in rows} | {len(heads)}) == 1
    assert spoken[:5] == ["8 feb", "finns", "väntas inte", "finns, 2", "till 9 mars"]
    assert "saknas" in spoken
    assert to_do.startswith("Inspelningen är inte arkiverad och raderas 9 mars")
    assert "Grön infrastruktur" in reader.seen.find("table", class_="year").get_text()
    assert reader.seen.find("a", string="2022")["aria-current"] == "true"


def _spoken(cell: BeautifulSoup) -> str:
    for hidden in cell.find_all(attrs={"aria-hidden": "true"}):
        hidden.decompose()
    return cell.get_text(strip=True)


async def test_posts_to_come(store: Store, opened: Opened) -> None:
    """Each is drawn with its words and links, and nothing was sent or written by looking."""
    house = await houses.in_spring(store)
    before = await house.places[0].ledger.effects()
    async with opened(house) as reader:
        page = await reader.goes()
    cards = page.find_all("figure", class_="card")

    assert [card.find(class_="title").get_text() for card in cards] == [
        "Veckan i nätverket, vecka 9",
        *["Natur i stadsplanering"] * 3,
    ]
    assert cards[1].find("a", string="Anmäl dig")["href"] == houses.FORM
    assert cards[1]["lang"] == "sv"
    assert "Går ut mån 6 mars kl. 8.30" in reader.text
    assert await house.places[0].ledger.effects() == before


@pytest.mark.parametrize("language", LANGUAGES)
async def test_in_every_language(store: Store, opened: Opened, language: str) -> None:
    """The page is in the reader's; a card stays in the network's, and says so."""
    async with opened(await houses.in_trouble(store)) as reader:
        page = await reader.goes("/", accept_language=language)
        reached = await reader.goes(f"/?lang={language}")
        kept = await reader.goes("/", accept_language="de")

    for one in (page, reached, kept):
        assert one.find("html")["lang"] == language
    assert page.find("h1").get_text() == words_in(language, "Europe/Stockholm").say(
        "page.title", network="Exempelnätverket"
    )
    assert "Sista dag att anmäla sig" in page.find_all("figure")[1].get_text()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_name_has_words(language: str) -> None:
    """Every job and every kind of post has a name in every language."""
    texts = words_in(language, "Europe/Stockholm").templates
    names = [f"page.job_{job.name}" for job in JOBS] + [f"page.kind_{kind}" for kind in KINDS]
    assert [name for name in names if name not in texts] == []


async def test_headings_and_landmarks(store: Store, opened: Opened) -> None:
    """One first heading, no level skipped, one main; ids are each there once."""
    async with opened(await houses.in_trouble(store)) as reader:
        page = await reader.goes()
    levels = [int(head.name[1]) for head in page.find_all(re.compile(r"^h\d$"))]

    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert len(page.find_all("main")) == 1
    ids = [one["id"] for one in page.find_all(id=True)]
    assert len(ids) == len(set(ids))
    assert {link["href"][1:] for link in page.find_all("a", class_="skip")} <= set(ids)


async def test_nothing_inline(store: Store, opened: Opened) -> None:
    """No script, style or handler is in the page, and the policy allows none."""
    async with opened(await houses.in_trouble(store)) as reader:
        page = await reader.goes()
        policy = reader.answer.headers["content-security-policy"]
        loaded = [one["href"] for one in page.find_all("link")]
        kinds = [(await reader.http.get(one)).headers["content-type"] for one in loaded]

    assert page.find_all(["script", "style"]) == []
    assert not any(name == "style" or name.startswith("on") for t in page() for name in t.attrs)
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "script-src" not in policy
    assert sorted(kinds) == sorted(FILES.values())


async def test_what_others_wrote(store: Store, opened: Opened) -> None:
    """Names and addresses from the tenant are text, and lead nowhere but to https."""
    house = await houses.in_trouble(store, houses.HOSTILE)
    needs = [replace(need, subject=houses.HOSTILE, said=houses.HOSTILE) for need in house.needs]
    house.needs = needs
    async with opened(house) as reader:
        page = await reader.goes()

    assert houses.HOSTILE in page.find("h1").get_text()
    assert "<script" not in reader.answer.text
    outward = [a["href"] for a in page.find_all("a") if ":" in a["href"]]
    assert outward
    assert all(one.startswith("https://") for one in outward)


async def test_two_networks(store: Store, opened: Opened) -> None:
    """Each has a line that says whether it needs somebody; the other is one step away."""
    house = await houses.of_two(store)
    second = house.networks[1]
    async with opened(house) as reader:
        first_page = await reader.goes()
        lines = [one.get_text(" ", strip=True) for one in first_page.select(".networks li")]
        await reader.goes(f"/?network={second.network_id}")

    assert lines == [
        "Hållbarhetsnätverket Inget väntar på någon.",
        "Nettverk for kulturarv 3 saker behöver åtgärdas.",
    ]
    assert reader.seen.find(id="needs-head").get_text() == "Att göra · Nettverk for kulturarv"


async def test_before_anything_happened(store: Store, opened: Opened) -> None:
    """A service that has just been installed has a page, too."""
    async with opened(await houses.at_first(store)) as reader:
        await reader.goes()

    assert reader.answer.status_code == 200
    assert "Inga möten är kända 2023." in reader.text
    assert "Inga inlägg är planerade." in reader.text
    assert "aldrig än" in reader.text


async def test_unknown_addresses(store: Store, opened: Opened) -> None:
    """They are told so in the page's clothes and language."""
    async with opened(await houses.in_spring(store)) as reader:
        for path in ("/nothing", "/?network=other", "/page/other.css", "/act"):
            await reader.goes(path, accept_language="en")
            assert reader.answer.status_code == 404, path
            assert reader.seen.find("h1").get_text() == "There is no such page", path


async def test_the_state_cannot_be_read(store: Store, opened: Opened) -> None:
    """Said in the page's language, with the time to ask again."""
    house = await houses.in_spring(store)
    house.broken = True
    async with opened(house) as reader:
        await reader.goes()

    assert reader.answer.status_code == 503
    assert reader.answer.headers["retry-after"] == "300"
    assert reader.seen.find("h1").get_text() == "Läget kan inte läsas just nu"


async def test_head(store: Store, opened: Opened) -> None:
    """The same headers without a body."""
    async with opened(await houses.in_spring(store)) as reader:
        answer = await reader.http.head("/")

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")


async def test_times_are_local(store: Store, opened: Opened) -> None:
    """In the network's zone; a machine reads them with theirs."""
    async with opened(await houses.in_spring(store)) as reader:
        page = await reader.goes()
    stamped = page.find("table", class_="runs").find("time")

    assert stamped["datetime"].endswith("+00:00")
    assert stamped.get_text() == "i dag kl. 8.00"
    assert START.hour == 9
