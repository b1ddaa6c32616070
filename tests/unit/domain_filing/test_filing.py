"""Names that the library takes, and files that find their meeting."""

import re
import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.filing import (
    Placed,
    Unsure,
    folder_path,
    free_name,
    inbox_folder,
    is_material,
    kind_of,
    on_site,
    place,
    safe_name,
    title_of,
)
from service.domain.meeting import Form, Kind, Meeting, Status
from service.domain.network import FocusGroup, Network
from service.observe import SeenAttachment

ZONE = "Europe/Stockholm"
NETWORK = Network(
    id="k",
    name="K",
    language="sv",
    time_zone=ZONE,
    country="SE",
    groups=(
        FocusGroup(id="miljostrategi", name="Miljöstrategigruppen"),
        FocusGroup(id="naturvard", name="Naturvårdsgruppen", aliases=("Naturvård",)),
        FocusGroup(id="rattvis-handel", name="Rättvis handel-gruppen"),
    ),
    mailbox="k@exempel.se",
)


def meeting(day: date, title: str, place: str = "Skara", **other: object) -> Meeting:
    start = datetime(day.year, day.month, day.day, 8, tzinfo=UTC)
    plain = Meeting(
        id=f"{day}-{title}",
        title=title,
        groups=("naturvard",),
        form=Form.PHYSICAL,
        kind=Kind.GATHERING,
        start=start,
        end=start + timedelta(hours=6),
        first_day=day,
        last_day=day,
        place=place,
        status=Status.HELD,
    )
    return replace(plain, **other)


NATURE = meeting(date(2023, 3, 8), "Natur i stadsplanering", "Alingsås")
WATER = meeting(
    date(2023, 5, 31),
    "Vattenvård, återvätning och Biosfärområde Vänerskärgården med Kinnekulle",
    "Kinnekulle",
    last_day=date(2023, 6, 1),
)
COURSE = meeting(date(2023, 10, 3), "Utbildning grund Naturvärdesinventering, nya standarden")
COURSE_DAY = meeting(date(2023, 10, 12), "Utbildningsdag Naturvärdesinventering, nya standarden")
MORNING = meeting(date(2023, 11, 8), "Inventering av våtmarkslägen")
AFTERNOON = meeting(date(2023, 11, 8), "Elektrifiering av kommunens fordon")
ALL = (NATURE, WATER, COURSE, COURSE_DAY, MORNING, AFTERNOON)

# ---------------------------------------------------------------- names


@given(st.text(max_size=300))
def test_safe_names(name: str) -> None:
    """Any name becomes one that the library takes, and stays so."""
    safe = safe_name(name)
    assert safe
    assert len(safe) <= 140
    assert not re.search(r'["*:<>?/\\|\x00-\x1f]', safe)
    assert safe == safe.strip(" ").rstrip(".")
    assert unicodedata.is_normalized("NFC", safe)
    assert "_vti_" not in safe.casefold()
    assert not safe.startswith("~")
    assert safe_name(safe) == safe


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Agenda.docx", "Agenda.docx"),
        ("Miljöstrategi: plan 1/2?.pdf", "Miljöstrategi plan 1 2.pdf"),
        ("och/eller.pdf", "och eller.pdf"),
        ("Fra\u0308gor.docx", "Frägor.docx"),
        ("CON.docx", "CON_.docx"),
        ("con", "con_"),
        ("~$Agenda.docx", "Agenda.docx"),
        ("a_vti_b.txt", "ab.txt"),
        (" . ", "Namnlös"),
        ("slut. ", "slut"),
        ("100 % #natur.pdf", "100 % #natur.pdf"),
        ("\u202egpj.exe", "gpj.exe"),
    ],
)
def test_safe_name(name: str, safe: str) -> None:
    """What is refused is left out; what is allowed stays."""
    assert safe_name(name) == safe


def test_long_names_keep_their_extension() -> None:
    """A long name is cut at a word, before its extension."""
    safe = safe_name("ord " * 80 + ".pptx")
    assert safe.endswith("ord.pptx")
    assert len(safe) <= 140


@given(st.text(max_size=200), st.integers(0, 5), st.sampled_from(["", "ny version"]))
def test_free_name_is_free(name: str, count: int, label: str) -> None:
    """However many have the name, in whatever case and composition, the next one is free."""
    taken: list[str] = []
    for _ in range(count):
        found = free_name(name, taken, label)
        assert found.casefold() not in {other.casefold() for other in taken}
        assert len(found) <= 140
        taken.append(unicodedata.normalize("NFC", found.upper()) if len(taken) % 2 else found)


def test_free_name() -> None:
    """The second is numbered, or says why it is there."""
    decomposed = unicodedata.normalize("NFD", "FRÅGOR.docx")
    assert free_name("Frågor.docx", []) == "Frågor.docx"
    assert free_name("Frågor.docx", [decomposed]) == "Frågor (2).docx"
    assert free_name("a.b", ["a.b", "a (ny version).b"], "ny version") == "a (ny version 2).b"


def test_folders() -> None:
    """Year first, one folder a meeting, no place for one held online."""
    joint = replace(NATURE, groups=("miljostrategi", "naturvard"))
    online = replace(COURSE, form=Form.DIGITAL, place="Skara")
    assert folder_path(joint, NETWORK, joint_label="Gemensam") == (
        "2023/2023-03-08 Natur i stadsplanering, Alingsås (Gemensam)"
    )
    assert folder_path(online, NETWORK, joint_label="Gemensam") == (
        "2023/2023-10-03 Utbildning grund Naturvärdesinventering, nya standarden "
        "(Naturvårdsgruppen)"
    )
    assert inbox_folder(NATURE) == "Inkorg/2023-03-08 Natur i stadsplanering"


@given(st.text(max_size=400), st.text(max_size=400))
def test_folders_leave_room(title: str, where: str) -> None:
    """The folder leaves room for site, library and file name in 400 characters."""
    path = folder_path(meeting(date(2023, 3, 8), title, where), NETWORK, joint_label="Gemensam")
    assert len(path) <= 400 - 100 - 140
    assert path.count("/") == 1
    assert path.startswith("2023/2023-03-08 ")
    assert len(inbox_folder(meeting(date(2023, 3, 8), title))) <= 160


# ---------------------------------------------------------------- what a file is


@pytest.mark.parametrize(
    ("name", "content_type", "kind"),
    [
        ("Inbjudan nätverksträff.pdf", "", "Inbjudan"),
        ("Program_8_mars.docx", "", "Program"),
        ("Dagordning.pdf", "", "Program"),
        ("Handlingsprogram naturvård.pdf", "", "Övrigt"),
        ("Minnesanteckningar.docx", "", "Anteckningar"),
        ("Referat fra samlingen.docx", "", "Anteckningar"),
        ("Våtmarker i Skara.pptx", "", "Presentation"),
        ("Rapport om våtmarker.pptx", "", "Presentation"),
        ("Agenda.pptx", "", "Program"),
        ("Presentation SLU.pdf", "", "Presentation"),
        ("Slutrapport.pdf", "", "Rapport"),
        ("IMG_2231.jpg", "", "Bilder"),
        ("bild", "image/png", "Bilder"),
        ("Möte-20230308_093012-Meeting Recording.mp4", "", "Inspelning"),
        ("Möte.vtt", "", "Textning"),
        ("lista.xlsx", "", "Övrigt"),
    ],
)
def test_kinds(name: str, content_type: str, kind: str) -> None:
    """The kind is told by the form of the file and by words in three languages."""
    assert kind_of(name, content_type) == kind


def attachment(name: str, **other: object) -> SeenAttachment:
    plain = SeenAttachment(
        holder_id="e",
        id="a",
        name=name,
        content_type="application/pdf",
        size=200_000,
        inline=False,
        is_file=True,
        modified=datetime(2023, 3, 1, tzinfo=UTC),
    )
    return replace(plain, **other)


@pytest.mark.parametrize(
    ("seen", "material"),
    [
        (attachment("Agenda.docx"), True),
        (attachment("Karta.png"), True),
        (attachment("Logotyp för nätverket.pdf"), True),
        (attachment("image001.png"), False),
        (attachment("Outlook-abc123.png"), False),
        (attachment("kommunlogo.png", size=9_000), False),
        (attachment("Karta.png", inline=True), False),
        (attachment("invite.ics"), False),
        (attachment("möte", content_type="text/calendar"), False),
        (attachment("kort.vcf"), False),
        (attachment("winmail.dat"), False),
        (attachment("länk.docx", is_file=False), False),
        (attachment("tom.pdf", size=0), False),
    ],
)
def test_material(seen: SeenAttachment, material: bool) -> None:
    """Pictures in the text, logos and calendar files are no material."""
    assert is_material(seen) is material


# ---------------------------------------------------------------- whose a file is


def found(name: str, when: date, folder: str = "Inkorg/Oplacerat") -> Placed | Unsure:
    modified = datetime(when.year, when.month, when.day, 12, tzinfo=UTC)
    return place(name, modified, folder, ALL, time_zone=ZONE)


@pytest.mark.parametrize(
    ("name", "when", "folder", "wanted"),
    [
        ("x.pdf", date(2024, 1, 1), "Inkorg/2023-03-08 Natur i stadsplanering", NATURE),
        ("x.pdf", date(2024, 1, 1), "Inkorg/2023-03-08 Alingsås nya namnet", NATURE),
        ("x.pdf", date(2024, 1, 1), "Inkorg/2023-06-01 dag två/Bilder", WATER),
        ("2023-10-12 x.pdf", date(2023, 3, 9), "Inkorg/2023-03-08 Natur", NATURE),
        ("x.pdf", date(2023, 11, 9), "Inkorg/2023-11-08 Elektrifiering", AFTERNOON),
        ("Anteckningar 8 mars.docx", date(2023, 3, 9), "", NATURE),
        ("Anteckningar 230308.docx", date(2024, 3, 9), "", NATURE),
        ("Bilder 1 juni.zip", date(2023, 6, 2), "", WATER),
        ("8 nov våtmarkslägen.pdf", date(2023, 11, 9), "", MORNING),
        ("Återvätning_slutlig_v3.pptx", date(2023, 5, 29), "", WATER),
        ("Vänerskärgården.pdf", date(2023, 6, 2), "", WATER),
        ("Anteckningar 12 oktober.docx", date(2024, 1, 2), "", COURSE_DAY),
    ],
)
def test_placed(name: str, when: date, folder: str, wanted: Meeting) -> None:
    """Folder before date before words; every answer has a reason."""
    answer = found(name, when, folder)
    assert isinstance(answer, Placed), answer
    assert answer.meeting == wanted
    assert answer.reason


@pytest.mark.parametrize(
    ("name", "when", "candidates"),
    [
        ("8 november.pdf", date(2023, 11, 9), {MORNING.id, AFTERNOON.id}),
        ("Naturvärdesinventering.pdf", date(2023, 10, 9), {COURSE.id, COURSE_DAY.id}),
        ("presentation_v3.pptx", date(2023, 10, 5), {COURSE.id, COURSE_DAY.id}),
        ("IMG_2231.jpg", date(2022, 3, 1), set()),
        ("Återvätning.pptx", date(2024, 5, 29), set()),
    ],
)
def test_unsure(name: str, when: date, candidates: set[str]) -> None:
    """Two meetings alike, no word that tells, or too far in time: a person is asked."""
    answer = found(name, when)
    assert isinstance(answer, Unsure), answer
    assert {one.id for one in answer.candidates} == candidates
    assert answer.reason


def test_cancelled_meetings_get_no_loose_files() -> None:
    """A date of a cancelled meeting places nothing, its own inbox folder does."""
    off = replace(NATURE, status=Status.CANCELLED)
    modified = datetime(2023, 3, 9, tzinfo=UTC)
    folder = inbox_folder(off)
    assert isinstance(place("8 mars.pdf", modified, "", (off,), time_zone=ZONE), Unsure)
    assert isinstance(place("x.pdf", modified, folder, (off,), time_zone=ZONE), Placed)


# ---------------------------------------------------------------- titles and places


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        ("Miljöstrategi: Hållbar upphandling", "Hållbar upphandling"),
        ("VB: Inbjudan: Naturvård – Samverkan", "Samverkan"),
        ("[Naturvård] Samverkan", "Samverkan"),
        ("Miljöstrategi + Naturvård: Natur", "Natur"),
        ("Rättvis handel: Avstämning", "Avstämning"),
        ("Natur: en resurs", "Natur: en resurs"),
        ("Utbildning: grund", "Utbildning: grund"),
        ("Inställt: Natur i stadsplanering", "Natur i stadsplanering"),
        ("Naturvård:", "Naturvård:"),
    ],
)
def test_titles(subject: str, title: str) -> None:
    """Only what a mail program or a group puts before a title is taken off."""
    assert title_of(subject, ("miljostrategi",), NETWORK) == title


@pytest.mark.parametrize(
    ("where", "there"),
    [
        ("Grand Hotel, Alingsås", "Grand Hotel, Alingsås"),
        ("Microsoft Teams-möte", ""),
        ("Teams", ""),
        ("Microsoft Teams-möte; Rådhuset, Borås", "Rådhuset, Borås"),
        ("Rådhuset eller via Teams", "Rådhuset"),
        ("Rådhuset och biblioteket", "Rådhuset och biblioteket"),
        ("https://zoom.us/j/1", ""),
        ("", ""),
    ],
)
def test_on_site(where: str, there: str) -> None:
    """A place on the net is no place; a real one stays as written."""
    assert on_site(where) == there
