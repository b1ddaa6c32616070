"""What people write: in each language, and the worst of it."""

from dataclasses import dataclass, replace

from service.domain.post import Button, Card, Picture

PAGE = "https://natverk.sharepoint.com/sites/natverket"
PICTURE = "https://www.exempel.se/bilder/stearinljus.png"


@dataclass(frozen=True, kw_only=True)
class Written:
    """What people have written in one language."""

    language: str
    network: str
    groups: tuple[str, str]
    titles: tuple[str, ...]
    """Two days in Skara, a digital one, and more to come."""
    places: tuple[str, ...]
    terms: str
    questions: tuple[str, str]
    tips: tuple[str, str]
    tip: Card


def _tip(language: str, label: str, title: str, text: str, seen: str, button: str) -> Card:
    return Card(
        language=language,
        label=label,
        title=title,
        text=text,
        picture=Picture(PICTURE, seen),
        buttons=(Button(button, f"{PAGE}/Klimatkalender"),),
    )


PEOPLE = {
    "sv": Written(
        language="sv",
        network="Kommunnätverket för hållbar utveckling",
        groups=("Miljöstrategigruppen", "Naturvårdsgruppen"),
        titles=(
            "Dialog kring kommunernas hållbarhetsarbete",
            "Hållbar upphandling",
            "Lokalt klimatarbete samt elektrifiering",
            "Inventering av våtmarkslägen och nya våtmarker",
        ),
        places=("Skara", "Kungälv", "Herrljunga"),
        terms="Bindande, 450 kr",
        questions=("Hur inventerar ni fladdermöss?", "Någon som har en mall för cykelplan?"),
        tips=("Handbok om våtmarker", "Webbinarium om elektrifiering"),
        tip=_tip(
            "sv",
            "Klimatkalendern",
            "4 december: Ljus som räcker längre",
            "Släck där ingen är. En timmes ljus i ett tomt sammanträdesrum motsvarar laddningen av "
            "en mobil. Sätt en lapp vid dörren i dag och räkna vad det ger till jul.",
            "Ett tänt stearinljus i ett fönster",
            "Fler tips",
        ),
    ),
    "nb": Written(
        language="nb",
        network="Kommunenettverket for bærekraftig utvikling",
        groups=("Miljøstrategigruppen", "Naturforvaltningsgruppen"),
        titles=(
            "Dialog om kommunenes bærekraftsarbeid",
            "Bærekraftige anskaffelser",
            "Lokalt klimaarbeid og elektrifisering",
            "Kartlegging av våtmarker",
        ),
        places=("Lillestrøm", "Hamar", "Gjøvik"),
        terms="Bindende, 450 kr",
        questions=("Hvordan kartlegger dere flaggermus?", "Har noen en mal for sykkelplan?"),
        tips=("Håndbok om våtmarker", "Webinar om elektrifisering"),
        tip=_tip(
            "nb",
            "Klimakalenderen",
            "4. desember: Lys som varer lenger",
            "Slukk der ingen er. En times lys i et tomt møterom tilsvarer ladingen av en mobil. "
            "Sett en lapp ved døra i dag, og tell hva det gir til jul.",
            "Et tent stearinlys i et vindu",
            "Flere tips",
        ),
    ),
    "en": Written(
        language="en",
        network="Municipal network for sustainability",
        groups=("Environmental strategy", "Nature conservation"),
        titles=(
            "The municipalities' work for sustainability",
            "Sustainable procurement",
            "Local climate work and electrification",
            "Surveying wetlands",
        ),
        places=("Skara", "Kungälv", "Herrljunga"),
        terms="Binding, 450 kr",
        questions=("How do you survey bats?", "Does anyone have a template for a cycling plan?"),
        tips=("A handbook on wetlands", "Webinar on electrification"),
        tip=_tip(
            "en",
            "The climate calendar",
            "4 December: light that lasts longer",
            "Switch it off where nobody is. An hour of light in an empty meeting room equals "
            "charging a telephone. Put a note by the door today, and count what it gives.",
            "A lit candle in a window",
            "More tips",
        ),
    ),
}


# ---------------------------------------------------------------- the worst that people write

_EMOJI = "👩‍👩‍👧‍👦🧑🏽‍🌾🌍"
_FROM_THE_RIGHT = "שלום (2023) مرحبا"
_MARKDOWN = "**Fet** _kursiv_ `kod` [länk](https://ond.exempel) # rubrik - punkt ![x](https://x.se)"
_HTML = "<script>alert(1)</script><img src=x onerror=alert(1)> &amp; &lt;b&gt;"
_FUNCTION = "{{DATE(2023-05-10T09:30:00Z, SHORT)}} {{{TIME(2023-05-10T09:30:00Z)}}} ${x} @{y()}"


def longest(text: str, length: int = 255) -> str:
    """As long as a title may be, beginning with the text."""
    return (text + " Å" * length)[:length]


def worst(language: str) -> Written:
    """Titles of 255 characters, in which everything stands that a card could trip over."""
    titles = tuple(longest(text) for text in (_MARKDOWN, _HTML, _EMOJI * 20, _FROM_THE_RIGHT * 9))
    return replace(
        PEOPLE[language],
        network=longest(_HTML),
        groups=(longest(_MARKDOWN), longest(_FROM_THE_RIGHT * 9)),
        titles=titles,
        places=(longest(_FUNCTION), longest(_HTML), longest(_EMOJI * 20)),
        terms=longest(_FUNCTION),
        questions=(longest("Varför? " + _HTML, 2_000), longest("Hur? " + _FUNCTION, 2_000)),
        tips=(longest(_MARKDOWN), longest(_FROM_THE_RIGHT * 9)),
    )
