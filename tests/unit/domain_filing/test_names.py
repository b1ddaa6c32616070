"""Names that the library takes, and folders by the network's template."""

import re
import unicodedata
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.meeting import Form
from service.domain.names import folder_path, free_name, inbox_folder, name_key, safe_name
from tests.unit.domain_filing.year import COURSE, NATURE, NETWORK, meeting


@given(st.text(max_size=300))
def test_safe_names(name: str) -> None:
    """Any name becomes one that the library takes, and stays so."""
    safe = safe_name(name)
    assert safe
    assert len(safe) <= 140
    assert len(safe.encode()) <= 255
    assert not re.search(r'["*:<>?/\\|\x00-\x1f\x7f-\x9f\ufffe\uffff]', safe)
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
        ("rad\ntvå\t.docx", "rad två.docx"),
        ("slut\ufffe.docx", "slut.docx"),
        ("_v_vti_ti_x.docx", "x.docx"),
        ("LPT0.txt", "LPT0_.txt"),
        ("Desktop.ini", "Desktop_.ini"),
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


@pytest.mark.parametrize("name", ["Fälder.docx", "ÅÄÖ åäö é ü.pdf", "Återvätning.pptx"])
def test_composed_and_decomposed_are_one(name: str) -> None:
    """The same name from a Mac and from Windows is written alike, and takes the same place."""
    decomposed = unicodedata.normalize("NFD", name)
    assert decomposed != name
    assert safe_name(decomposed) == safe_name(name) == name
    assert name_key(decomposed) == name_key(name.upper())
    assert free_name(decomposed, [name.upper()]) != name


def test_a_name_of_many_bytes_is_cut() -> None:
    """A disk that the library is synced to counts bytes: none has more than 255."""
    safe = safe_name("🌳" * 140 + ".pptx")
    assert safe.endswith("🌳.pptx")
    assert 250 < len(safe.encode()) <= 255


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


@pytest.mark.parametrize(
    ("template", "path"),
    [
        ("{date} {title}", "2023-03-08 Natur i stadsplanering"),
        (
            "{group}/{year}/{date} {title} - {place}",
            "Naturvårdsgruppen/2023/2023-03-08 Natur i stadsplanering - Alingsås",
        ),
        ("{date} {title} [{place}]", "2023-03-08 Natur i stadsplanering [Alingsås]"),
    ],
)
def test_a_network_has_folders_of_its_own(template: str, path: str) -> None:
    """The template of the description says how deep, and in which order."""
    own = replace(NETWORK, template=template)
    assert folder_path(NATURE, own, joint_label="Gemensam") == path


@pytest.mark.parametrize(
    ("template", "path"),
    [
        ("{group}/{date} {title}, {place}", "2023-03-08 Natur i stadsplanering"),
        ("{place}, {date} {title} ({group})", "2023-03-08 Natur i stadsplanering"),
        ("{date} ({place}) {title} [{group}]", "2023-03-08 Natur i stadsplanering"),
    ],
)
def test_an_empty_field_leaves_no_trace(template: str, path: str) -> None:
    """Without place and group there is no comma, no bracket and no folder for them."""
    bare = replace(NATURE, place="", groups=())
    own = replace(NETWORK, template=template)
    assert folder_path(bare, own, joint_label="Gemensam") == path


def test_a_long_address_takes_from_the_title() -> None:
    """What site and library take more than usual, the title gives way for, but not wholly."""
    long = replace(NATURE, title="Natur " * 60)
    paths = [
        folder_path(long, NETWORK, joint_label="Gemensam", before=before)
        for before in (0, 100, 150, 390)
    ]
    assert len(paths[0]) == len(paths[1]) <= 160
    assert len(paths[2]) <= 110
    assert "2023-03-08 Natur Natur" in paths[3]
