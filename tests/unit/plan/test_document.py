"""The plan as a document and as text: what stands where, in three languages."""

import re
from datetime import UTC, date, datetime
from io import BytesIO
from itertools import pairwise

import pytest
from docx import Document
from docx.oxml.ns import qn

from service.domain.meeting import Form
from service.domain.plan.plan import Entry
from service.errors import TemplateUnusable
from service.render.documents import Template, shipped_template
from service.render.documents.plan import TEMPLATE, plan_docx
from service.render.documents.plan_template import plan_template
from service.render.plan_text import plan_text
from tests.unit.plan.words import NOW, entry, labels, lines, plan

MARCH = entry(
    date(2024, 3, 6),
    start=datetime(2024, 3, 6, 8, 30, tzinfo=UTC),
    end=datetime(2024, 3, 6, 14, 30, tzinfo=UTC),
    place="Skara",
    groups=("miljostrategi", "naturvard"),
    speakers="Anna Exempel\nBo Exempel",
    registration_link="https://forms.office.com/e/x?a=1&b=2",
    register_by=date(2024, 2, 21),
)
AUTUMN = entry(date(2024, 10, 9), title="", booked=False, groups=())
SOME_DAY = entry(None, title="Fladdermöss <i fält> & mer", row_id="9", booked=False, when="oktober")
ENTRIES = (MARCH, AUTUMN, SOME_DAY)


def document(*entries: Entry, language: str = "sv", template: Template | None = None) -> bytes:
    content = template or shipped_template(TEMPLATE)
    tag = labels(language).language
    return plan_docx(plan(*entries), lines(language), content, made=NOW, language=tag)


def paragraphs(*entries: Entry, language: str = "sv") -> list[tuple[str, str]]:
    found = Document(BytesIO(document(*entries, language=language))).paragraphs
    return [(one.style.name, one.text) for one in found]


def test_headings_in_order() -> None:
    """Real headings, none of them skipped, and every chapter that a plan has."""
    told = [(style, text) for style, text in paragraphs(*ENTRIES) if style.startswith("Heading")]

    assert [text for style, text in told if style == "Heading 1"] == [
        "Om nätverket",
        "Så läser du planen",
        "Året i översikt",
        "Fokusgruppernas program",
        "Ännu inte satt",
        "Anmälan och kalender",
    ]
    levels = [int(style[-1]) for style, _ in told]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert ("Heading 2", "För hela nätverket") in told
    assert ("Heading 3", "Natur i stadsplanering") in told
    assert ("Heading 3", "Fladdermöss <i fält> & mer (preliminärt)") in told


def test_a_meeting_of_a_group() -> None:
    """When, where, with whom, who speaks and how to register."""
    told = [text for _, text in paragraphs(MARCH)]
    at = told.index("Natur i stadsplanering")

    assert told[at + 1 : at + 5] == [
        "onsdag 6 mars kl. 9.30–15.30",
        "Skara  ·  gemensam med Naturvårdsgruppen",
        "Medverkande: Anna Exempel, Bo Exempel",
        "Anmälan senast onsdag 21 februari: https://forms.office.com/e/x?a=1&b=2",
    ]


def test_what_is_not_set() -> None:
    """Each thing once, with its group and what is known of it."""
    told = [text for style, text in paragraphs(*ENTRIES) if style == "List Bullet"]
    assert told == [
        "onsdag 9 oktober, Alla: tema",
        "Tema ej satt, onsdag 9 oktober: plats",
        "Fladdermöss <i fält> & mer, Naturvårdsgruppen: datum (oktober)",
    ]
    assert any("Alla datum" in text for _, text in paragraphs(MARCH))


def test_the_year_as_a_table() -> None:
    """A row a meeting under a header row that is repeated, described for those who hear it."""
    [table] = Document(BytesIO(document(*ENTRIES))).tables
    rows = [[cell.text for cell in row.cells] for row in table.rows]

    assert rows[0] == ["Månad", "Datum", "Träff", "Fokusgrupp", "Plats"]
    assert rows[1][:2] == ["Mars", "ons 6 mars"]
    assert rows[2][2] == "Tema ej satt (preliminärt)"
    assert len(rows) == 3
    assert table.rows[0]._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
    told = table._tbl.tblPr.find(qn("w:tblDescription")).get(qn("w:val"))
    assert told.startswith("Årets träffar och möten i datumordning")


@pytest.mark.parametrize(("language", "tag"), [("sv", "sv-SE"), ("nb", "nb-NO"), ("en", "en-GB")])
def test_in_every_language(language: str, tag: str) -> None:
    """The language is set, nothing is left unfilled, and no other language's words stand there."""
    made = Document(BytesIO(document(*ENTRIES, language=language)))
    words = labels(language).plan

    assert made.styles.element.find(f".//{qn('w:lang')}").get(qn("w:val")) == tag
    said = "\n".join(one.text for one in made.paragraphs)
    assert words.read in said
    assert not re.search(r"[{}]|%\}", said)
    assert made.core_properties.title == words.title.format(year=2024)
    footer = made.sections[0].footer.paragraphs[0]
    assert footer.text.startswith(words.subject.format(network="Exempelnätverket", year=2024))
    assert "NUMPAGES" in footer._p.xml


def test_equal_plans_make_equal_bytes() -> None:
    """So that nothing is written anew for nothing."""
    assert document(*ENTRIES) == document(*ENTRIES)


def test_an_empty_plan() -> None:
    """Without meetings there is no table, and every group says so."""
    made = Document(BytesIO(document()))

    assert made.tables == []
    assert sum(p.text == "Inga träffar är planerade ännu." for p in made.paragraphs) == 2


def test_a_template_that_asks_for_what_there_is_not() -> None:
    """It is refused by its name."""
    own = Document()
    own.add_paragraph("{{ nonsense }}")
    out = BytesIO()
    own.save(out)
    with pytest.raises(TemplateUnusable, match=r"plan\.docx.*nonsense"):
        document(template=Template(name="own/plan.docx", content=out.getvalue()))


# ---------------------------------------------------------------- text to paste


def text(*entries: Entry, language: str = "sv") -> list[str]:
    written = plan_text(plan(*entries), lines(language)).decode("utf-8-sig")
    assert written.count("\n") == written.count("\r\n")
    return written.split("\r\n")


def test_for_the_newsletter() -> None:
    """A line a meeting under its month, the undated last."""
    told = text(*ENTRIES)

    assert told[2:4] == ["Verksamhetsplan 2024", "Det här händer i Exempelnätverket under 2024:"]
    assert told[5:7] == [
        "Mars",
        "• onsdag 6 mars kl. 9.30–15.30: Natur i stadsplanering. Skara. Miljöstrategigruppen och "
        "Naturvårdsgruppen. Anmälan senast onsdag 21 februari: "
        "https://forms.office.com/e/x?a=1&b=2",
    ]
    assert "• Datum ej satt (oktober): Fladdermöss <i fält> & mer. Plats ej satt." in "\n".join(
        told
    )


def test_for_the_public_calendar() -> None:
    """A block a meeting; one without a theme is nothing for the public yet."""
    told = text(*ENTRIES)
    at = told.index("TEXT FÖR DEN PUBLIKA KALENDERN")

    assert told[at + 3 :] == [
        "Rubrik: Natur i stadsplanering",
        "Datum: onsdag 6 mars 2024",
        "Tid: 9.30–15.30",
        "Plats: Skara",
        "För: Miljöstrategigruppen och Naturvårdsgruppen",
        "Arrangör: Exempelnätverket",
        "Anmälan: https://forms.office.com/e/x?a=1&b=2",
        "Anmälan senast onsdag 21 februari.",
        "",
    ]


def test_texts_in_norwegian_and_english() -> None:
    """Days and words are the language's."""
    assert "• onsdag 6. mars kl. 09.30–15.30: " in "\n".join(text(MARCH, language="nb"))
    assert "Place: Online" in text(entry(date(2024, 3, 6), form=Form.DIGITAL), language="en")


def test_the_shipped_template_is_the_one_that_is_made() -> None:
    """`python -m service.render.documents.plan_template > config/templates/plan.docx`."""
    assert shipped_template(TEMPLATE).content == plan_template()
