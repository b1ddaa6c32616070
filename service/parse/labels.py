"""
The words by which an invitation's lines are known, in Swedish, Norwegian and English.

A label stands first in its line, before a colon, a dash or a table's next cell, or by
itself above its lines. The few in `OPENERS` begin a sentence and need no colon.
"""

import re
from enum import StrEnum


class Label(StrEnum):
    PLACE = "place"
    ROOM = "room"
    SPEAKERS = "speakers"
    REGISTRATION = "registration"
    TERMS = "terms"
    QUESTIONS = "questions"
    EVALUATION = "evaluation"
    OTHER = "other"
    """Known, so that what follows is neither a summary nor another label's."""


LABELS: dict[str, dict[Label, str]] = {
    "sv": {
        Label.PLACE: "plats|var|mötesplats|adress",
        Label.ROOM: "lokal|sal|rum",
        Label.SPEAKERS: "medverkande|medverkar|talare|föreläsare|inledare|inspiratörer|gäst|gäster",
        Label.REGISTRATION: (
            "anmälan|anmäl dig|anmälningslänk|länk till anmälan|anmälan och avgift|registrering|"
            "osa|sista anmälningsdag|sista dag|sista anmälningsdatum|"
            "sista dag (?:för|att) anmäl(?:an|a sig|a dig)"
        ),
        Label.TERMS: "villkor|avgift|kostnad|deltagaravgift|pris",
        Label.QUESTIONS: "frågor|fråga|dina frågor|frågor till mötet|frågor i förväg",
        Label.EVALUATION: "utvärdering|utvärderingslänk|länk till utvärdering|enkät|utvärdera",
        Label.OTHER: (
            "program|preliminärt program|agenda|dagordning|hållpunkter|schema|tid|när|datum|"
            "målgrupp|för vem|kontakt|kontaktperson|arrangör|lunch|kost|specialkost|boende|resa|"
            "resväg|hitta hit|parkering|mer information|underlag|material|handlingar|länk|"
            "möteslänk|teamslänk"
        ),
    },
    "nb": {
        Label.PLACE: "sted|hvor|møtested|adresse",
        Label.ROOM: "lokale|rom|møterom",
        Label.SPEAKERS: "medvirkende|foredragsholdere?|innledere?|talere",
        Label.REGISTRATION: (
            "påmelding|påmeldingsfrist|påmeldingslenke|lenke til påmelding|meld deg på|"
            "svarfrist|siste frist|frist for påmelding|registrering"
        ),
        Label.TERMS: "vilkår|avgift|pris|kostnad|deltakeravgift|deltageravgift",
        Label.QUESTIONS: "spørsmål|spørsmål til møtet|dine spørsmål",
        Label.EVALUATION: "evaluering|evalueringslenke|spørreundersøkelse|undersøkelse|evaluer",
        Label.OTHER: (
            "program|agenda|dagsorden|saksliste|tid|tidspunkt|når|dato|målgruppe|kontakt|"
            "kontaktperson|arrangør|lunsj|overnatting|reise|parkering|mer informasjon|"
            "materiell|lenke|møtelenke"
        ),
    },
    "en": {
        Label.PLACE: "place|venue|location|where|address",
        Label.ROOM: "room",
        Label.SPEAKERS: "speakers?|presenters?|with|guests?|contributors",
        Label.REGISTRATION: (
            "registration|register|sign[ -]?up|rsvp|registration link|registration deadline|"
            "deadline for registration|last day to register|deadline"
        ),
        Label.TERMS: "terms|fee|cost|price|participation fee",
        Label.QUESTIONS: "questions|your questions|questions in advance",
        Label.EVALUATION: "evaluation|evaluation form|survey|feedback",
        Label.OTHER: (
            "programme?|agenda|schedule|time|when|date|audience|contact|organi[sz]er|lunch|"
            "accommodation|travel|parking|more information|material|link|meeting link"
        ),
    },
}

OPENERS: dict[Label, str] = {
    Label.REGISTRATION: (
        r"anmäl (?:dig|er)\b|anmälan (?:sker|görs|är|senast|via|skickas|till)\b|"
        r"sista (?:dag(?:en)?|datum) (?:för|att) anmäl|o\.?s\.?a\.? senast|"
        r"meld deg på\b|påmelding (?:skjer|innen|via|er|senest)\b|påmeldingsfrist|"
        r"(?:please )?(?:register|sign up|rsvp)\b|registration (?:is|by|closes)\b|"
        r"(?:the )?last day to register"
    ),
    Label.EVALUATION: (
        r"(?:fyll i|svara på|glöm inte) (?:\w+ )?(?:utvärdering|enkät)|svara senast|"
        r"(?:svar på|fyll ut) (?:\w+ )?(?:evaluering|undersøkelse)|svar (?:innen|senest)|"
        r"(?:please )?(?:answer|fill in|complete) (?:the|our) (?:evaluation|survey)|"
        r"(?:please )?(?:answer|reply|respond) (?:by|no later than)"
    ),
    Label.QUESTIONS: (
        r"(?:skicka|mejla|maila|lämna) (?:gärna )?(?:in )?(?:\w+ )?(?:\w+ )?frågor|"
        r"(?:har du|har ni) frågor|send (?:gjerne )?(?:inn )?(?:\w+ )?spørsmål|"
        r"(?:please )?send (?:us )?(?:in )?(?:your )?questions"
    ),
    Label.TERMS: r"(?:deltagar)?avgiften (?:är|på)|the fee is|avgiften er",
}

DEADLINE = re.compile(
    r"\b(?:senast|senest|sista (?:\w+ ?){0,3}|siste frist|svarsfrist|svarfrist|påmeldingsfrist|"
    r"frist|innan|innen|före|no later than|at the latest|by|before|deadline|last day|until|"
    r"t\.?o\.?m\.?|till och med|stänger|stenger|closes)\b",
    re.IGNORECASE,
)
BINDING = re.compile(r"\b(?:bindande|bindende|binding)\b", re.IGNORECASE)
NOT_BINDING = re.compile(
    r"\b(?:inte|ej|icke|ikke|not|non)[ -](?:är |er )?(?:bindande|bindende|binding)\b", re.IGNORECASE
)
FEE = re.compile(
    r"\b(?P<label>(?:deltag(?:ar|er|are)|deltaker|participation )?(?:avgift|fee)(?:en)?|"
    r"kostnad(?:en)?|pris(?:et)?|cost|price)\s*(?::|\t|–|är|er|is|på)\s*"
    r"(?P<fee>[^;\n]+?)(?=\.?\s*$|;|\.\s+(?=(?-i:[A-ZÅÄÖÆØ])))",
    re.IGNORECASE | re.MULTILINE,
)
NO_FEE = re.compile(r"^(?:ingen|inga|gratis|kostnadsfri\w*|free\b|none\b|0 kr)", re.IGNORECASE)

GREETING = re.compile(
    r"^(?:hej(?:san)?|hallå|hei(?:san)?|hi|hello|dear|kära|kjære|bästa|"
    r"god (?:morgon|dag|morgen)|good (?:morning|afternoon))\b"
    r"[^.!?,:]{0,40}(?:[!,.:]+(?P<end>\s+|$)|$)",
    re.IGNORECASE,
)
SIGNATURE = re.compile(
    r"^(?:(?:med )?(?:vänliga?|varma?|bästa|vennlig|beste) (?:hälsning|hilsen|hilsning)|"
    r"hälsning|hilsen|mvh\b|mvh,|väl mött|(?:kind|best|warm) regards|regards\b|sincerely|"
    r"allt gott\b)",
    re.IGNORECASE,
)
NOTICE = re.compile(
    r"^(?:obs\b|ändra[td]?\b|ny (?:tid|plats|lokal)\b|uppdater|påminnelse|endret\b|nytt (?:sted|"
    r"tidspunkt)|oppdatert|påminnelse|changed?\b|new (?:time|place|venue)|updated?\b|reminder)",
    re.IGNORECASE,
)
JOIN = re.compile(
    r"(?:anslut (?:till mötet|nu|på din)|klicka här för att (?:ansluta|delta)|"
    r"microsoft teams[- ](?:möte|møte|meeting)|bli med (?:på|i) møte|klikk her for å bli med|"
    r"join (?:the meeting|on your computer|microsoft teams)|click here to join|"
    r"zoom[- ]?(?:möte|meeting))",
    re.IGNORECASE,
)
JOIN_DETAIL = re.compile(
    r"(?:mötes-?id|møte-?id|meeting id|lösenord|passord|passcode|password|mötesalternativ|"
    r"møtealternativer|meeting options|ladda ned teams|last ned teams|download teams|"
    r"ta reda på mer|finn ut mer|learn more|behöver du hjälp|trenger du hjelp|need help|"
    r"anslut|delta (?:på|med)|dial[- ]in|ring in|telefonkonferens|conference id|"
    r"systemreferens|för organisatörer|for arrangører|for organi[sz]ers)",
    re.IGNORECASE,
)
RULE = re.compile(r"^[_\-=–—]{8,}$")
JOIN_HOSTS = ("teams.microsoft.com", "teams.live.com", "aka.ms", "zoom.us")
CLOUD_HOSTS = ("sharepoint.com", "1drv.ms", "onedrive.live.com", "onedrive.com", "sharepoint.us")


def languages(own: str) -> tuple[str, ...]:
    """The network's language first: guests invite in their own."""
    return (own, *(language for language in LABELS if language != own))
