"""What a file is, told from its name and form."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from service.domain.kinds import is_material, kind_of
from service.observe import SeenAttachment


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
