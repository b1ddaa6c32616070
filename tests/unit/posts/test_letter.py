"""Posts as mails: HTML and plain text that say what the card says."""

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from service.domain.meeting import Meeting, Status
from service.domain.network import Network
from service.domain.post import Button, Card, Line, Picture, Post, Section, key_in
from service.domain.reminder import MeetingFacts, Policy, Situation, plan
from service.ports import Message
from service.render.letter import LONGEST_SUBJECT, Letter, letter
from service.render.texts import texts_from

GOLDEN = Path(__file__).parent / "golden" / "letters"
PAGE = "https://exempel.sharepoint.com/sites/natverket"
KEY = "v1/kommunnatverket/common/uid-0308/soon/2023-03-08"

REMINDER = Card(
    language="sv",
    label="Miljöstrategigruppen",
    title="Natur i stadsplanering",
    when_where="onsdag 8 mars kl. 9.30–15.30 · Alingsås",
    text="Sista dag att anmäla sig är onsdag 1 mars. Redan anmäld? Då är du klar.",
    buttons=(Button("Anmäl dig", "https://anmalan.exempel.se/0308"), Button("Program", PAGE)),
)
DIGEST = Card(
    language="nb",
    label="Kommunenettverket",
    title="Uken i nettverket, uke 43",
    picture=Picture("https://exempel.no/host.jpg", "Høstløv i en bekk"),
    sections=(
        Section(
            heading="Det som skjer",
            lines=(
                Line(
                    text="to. 26. okt. kl. 09.30: Lokalt klimaarbeid & elektrifisering, Kungälv",
                    note="påmelding senest ma. 16. okt.",
                    url=f"{PAGE}/Dokumentasjon (2023)",
                ),
            ),
            folded=(Line(text="ti. 12. des. kl. 09.00: Samfunnsøkonomisk analyse, Trollhättan"),),
        ),
        Section(
            heading="Spørsmål som venter på svar",
            lines=(
                Line(
                    text="”Hvordan kartlegger dere flaggermus?” (6 dager)",
                    url="https://teams.microsoft.com/l/message/1",
                ),
            ),
            more=3,
            url=PAGE,
        ),
    ),
    buttons=(Button("Åpne nettverkets side", PAGE),),
    footer="Satt sammen automatisk 23. oktober. Er noe feil? Skriv til nettverk@exempel.no.",
    unfold="Vis hele ukebrevet",
    more="og {n} til",
)
CANCELLED = Card(
    language="en",
    label="Environmental strategy",
    title="Cancelled: Nature in urban planning",
    when_where="Wednesday, 8 March at 9:30–15:30 · Alingsås",
    text="The meeting is cancelled. If you have registered, you need not do anything.",
    buttons=(Button("Open the network's page", PAGE),),
)


def drawn(card: Card) -> Letter:
    return letter(Message(key=KEY, card=card))


def page(card: Card) -> BeautifulSoup:
    return BeautifulSoup(drawn(card).html, "html.parser")


def said(card: Card) -> list[str]:
    """Every text of a card, in the order of reading; of what is folded, all."""
    found = [card.label, card.title, card.when_where, card.text]
    for section in card.sections:
        found.append(section.heading)
        for line in (*section.lines, *section.folded):
            found += [line.text, line.note]
        found.append(card.more.replace("{n}", str(section.more)) if section.more else "")
    found += [*(button.label for button in card.buttons), card.footer]
    return [text for text in found if text]


@pytest.mark.parametrize(
    ("name", "card"), [("reminder", REMINDER), ("digest", DIGEST), ("cancelled", CANCELLED)]
)
def test_letters_as_they_are_written(name: str, card: Card):
    """In three languages: a reminder, a digest with everything, a cancelled meeting."""
    written = drawn(card)
    assert written.html == (GOLDEN / f"{name}.html").read_text(encoding="utf-8")
    whole = f"{written.subject}\n\n{written.text}"
    assert whole == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["sv", "nb", "en"])
def test_what_is_planned_is_what_is_mailed(
    network: Network,
    policy: Policy,
    parsed: Callable[[str], dict[str, object]],
    meeting: Meeting,
    when: Callable[[str], datetime],
    language: str,
):
    """A cancellation of each language: the same texts in both bodies, and the page says which."""
    words = texts_from(
        parsed(f"texts/{language}.toml"), language=language, time_zone=network.time_zone
    )
    gone = replace(meeting, status=Status.CANCELLED)
    facts = {gone.id: MeetingFacts(cancelled_seen=when("2023-03-02 10:00"))}
    situation = Situation(network=network, page=PAGE, meetings=(gone,), facts=facts)
    (post,) = plan(situation, policy, {}, now=when("2023-03-02 10:15"), words=words)
    assert isinstance(post, Post)
    assert page(post.card).html["lang"] == language
    _says_all(post.card)


def _says_all(card: Card) -> None:
    written = drawn(card)
    shown = BeautifulSoup(written.html, "html.parser").body.get_text(" ")
    for body in (shown, written.text):
        flat, at = " ".join(body.split()), 0
        for text in said(card):
            assert text in flat[at:], f"{text!r} is missing, or in another place"
            at = flat.index(text, at) + len(text)


def test_what_a_card_folds_a_letter_shows():
    """Every item, and how many more there are; no word of unfolding."""
    _says_all(DIGEST)
    assert DIGEST.unfold not in drawn(DIGEST).html + drawn(DIGEST).text


def test_the_key_travels_in_the_main_button_alone():
    """Of both bodies, and it is found again."""
    for card in (REMINDER, DIGEST):
        keys = [key_in(str(a["href"])) for a in page(card).find_all("a")]
        assert [key for key in keys if key] == [KEY]
        keys = [key_in(word) for word in drawn(card).text.split()]
        assert [key for key in keys if key] == [KEY]


def test_the_page_is_made_of_what_mail_readers_know():
    """One column without tables, styles on the elements, headings, alt texts, both schemes."""
    soup = page(DIGEST)
    assert not soup.find_all(["table", "style", "script", "link", "iframe", "form"])
    assert [h.name for h in soup.find_all(["h1", "h2", "h3"])] == ["h1", "h2", "h2"]
    assert soup.img["alt"] == "Høstløv i en bekk"
    assert soup.find("meta", attrs={"name": "color-scheme"})["content"] == "light dark"
    coloured = [one for one in soup.find_all(style=True) if "background-color" in one["style"]]
    assert [one.get_text() for one in coloured] == ["Åpne nettverkets side"]
    assert "color:#ffffff" in coloured[0]["style"]


def test_only_https_leads_anywhere():
    """Other links are shown as text; other pictures not at all; without a button it is refused."""
    bad = "javascript:alert(1)"
    card = replace(
        REMINDER,
        picture=Picture("http://exempel.se/a.png", "Ett träd"),
        sections=(Section(heading="Tips", lines=(Line(text="Klicka", url=bad),), more=1, url=bad),),
        buttons=(Button("Elakt", bad), *REMINDER.buttons),
        more="och {n} till",
    )
    soup = page(card)
    assert soup.img is None
    assert all(str(a["href"]).startswith("https://") for a in soup.find_all("a"))
    assert "Klicka" in soup.get_text()
    assert bad not in drawn(card).html + drawn(card).text
    assert "http://" not in drawn(card).text
    with pytest.raises(ValueError, match="no https button"):
        drawn(replace(card, buttons=card.buttons[:1]))


ODD = (
    "ندوة المناخ والبلديات",
    "Fältdag 👩‍👩‍👧 i skogen 🌲",
    '<b>Fet</b> & "citerad" </title><script>alert(1)</script>',
    "*Stjärnor* _streck_ [länk](https://elak.exempel)",
    "Kort" + "x" * 251,
)


@pytest.mark.parametrize("title", ODD)
def test_odd_titles_are_shown_as_they_are(title: str):
    """From right to left, emoji, HTML, Markdown, 255 characters without a space."""
    card = replace(REMINDER, title=title)
    soup = page(card)
    assert soup.h1.get_text() == title
    assert soup.h1["dir"] == "auto"
    assert soup.script is None
    written = drawn(card)
    assert title in " ".join(written.text.split())
    assert title in written.subject


def test_a_subject_begins_with_the_title_and_is_never_too_long():
    """The label follows where it can be whole; nothing breaks out into another header."""
    assert drawn(REMINDER).subject == "Natur i stadsplanering · Miljöstrategigruppen"
    long = drawn(replace(REMINDER, title="å" * 300)).subject
    assert (len(long), long[-1]) == (LONGEST_SUBJECT, "…")
    sly = drawn(replace(REMINDER, title="Hej\r\nBcc: elak@exempel.se", label="\u202eomvänt"))
    assert sly.subject == "Hej Bcc: elak@exempel.se · omvänt"


def test_plain_text_is_wrapped_but_links_are_whole():
    """At most 72 characters a line, but for a link, on a line of its own, or a longer word."""
    for card in (REMINDER, DIGEST, CANCELLED):
        for line in drawn(card).text.splitlines():
            assert len(line) <= 72 or line.split() == [line.strip()]
            assert "https://" not in line or line.strip().startswith("https://")
    joined = "-".join(["miljö"] * 20)
    assert joined in drawn(replace(REMINDER, text=f"En {joined} till")).text.splitlines()


@given(st.text(max_size=80), st.text(max_size=80))
def test_whatever_is_written_stays_text(title: str, item: str):
    """No text makes an element, a link or a line of its own."""
    card = replace(
        REMINDER, title=title, sections=(Section(heading="Tips", lines=(Line(text=item),)),)
    )
    plain = page(
        replace(card, title="a", sections=(Section(heading="b", lines=(Line(text="c"),)),))
    )
    soup = page(card)
    assert [one.name for one in soup.find_all()] == [one.name for one in plain.find_all()]
    for element, text in ((soup.h1, title), (soup.li, item)):
        shown = element.get_text()
        assert not any(unicodedata.category(one) in ("Cc", "Cs") for one in shown)
        assert set(shown) <= set(text) | {" "}
