"""Templates, a network's own among them: filled, finished, or refused in clear words."""

from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZipFile

import docx
import pytest
from docx.oxml.ns import qn

from service.errors import TemplateUnusable
from service.render.charts import distribution_bars
from service.render.documents import Template, annual_report_docx, shipped_template, xml
from service.render.documents.filling import Picture, filled
from service.render.documents.finishing import CONTENTS, emptied, finished
from service.render.documents.template import annual_template

MADE = datetime(2023, 12, 31, 22, 0, tzinfo=UTC)


def template(*lines: str, title: str = "") -> bytes:
    document = docx.Document()
    document.core_properties.title = title
    for line in lines:
        document.add_paragraph(line)
    return saved(document)


def saved(document) -> bytes:
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def lines_of(made: bytes) -> list[str]:
    return [one.text for one in docx.Document(BytesIO(made)).paragraphs]


def test_the_shipped_template_is_the_one_that_is_made():
    """The file in config/templates is what the module makes; nobody edits it by hand."""
    assert shipped_template().content == annual_template()


def test_values_are_text_and_never_markup_or_commands():
    """What people wrote stands as they wrote it: braces, angle brackets, signs; no controls."""
    said = {"name": "A & <b>{{ year }}</b>\x01", "rows": [{"a": "1"}, {"a": "2"}]}
    made = filled(
        template("Hej {{ name }}", "{%p for row in rows %}", "{{ row.a }}", "{%p endfor %}"), said
    )
    assert lines_of(made) == ["Hej A & <b>{{ year }}</b>", "1", "2"]


def test_the_title_property_is_filled_without_escapes():
    """A network called A & B has that title, not A &amp; B; its date and language are told."""
    made = filled(template(title="{{ name }}"), {"name": "A & B"}, language="nb-NO", made=MADE)
    core = docx.Document(BytesIO(made)).core_properties
    assert (core.title, core.language) == ("A & B", "nb-NO")
    assert core.created == core.modified == MADE


def test_a_picture_is_described():
    """A picture lies where its name stands, with the words that are read aloud, and its width."""
    drawn = Picture(png=distribution_bars([("1", 2)]), described='Två "ettor" <\n', width_cm=5)
    made = filled(template("{{ chart }}"), {}, pictures={"chart": drawn})
    document = docx.Document(BytesIO(made))
    [properties] = document.element.iter(qn("wp:docPr"))
    assert properties.get("descr") == 'Två "ettor" <'
    assert round(document.inline_shapes[0].width.cm, 1) == 5


def test_equal_input_makes_equal_bytes():
    """Filled twice it is the same file to the last byte."""
    given = template("{{ name }}")
    assert filled(given, {"name": "A"}, made=MADE) == filled(given, {"name": "A"}, made=MADE)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["Hej", "Rubrik: {{ meeting.titel }}"], "“titel”, which there is not, in the paragraph"),
        (["{{ nämn }}"], "it uses the name “nämn”"),
        (["{% for a in rows %}", "{{ a }}"], "endfor"),
        (["{{ name name }}"], "expected token"),
        (["{{ 1 / 0 }}"], "an expression fails"),
        (["{{ name.__class__ }}"], "__class__"),
        (["{{ ''.__class__.__mro__ }}"], "__class__"),
        (["{{ rows.append(1) }}"], "append"),
    ],
)
def test_a_template_with_a_fault_is_refused_with_its_place(lines, told):
    """Template, paragraph and reason are named, and the remedy; the sandbox lets nothing out."""
    with pytest.raises(TemplateUnusable) as refused:
        filled(template(*lines), {"name": "A", "meeting": {}, "rows": []}, name="egen/annual.docx")
    assert str(refused.value).startswith("egen/annual.docx: ")
    assert told in str(refused.value)
    assert "egen-mall.md" in refused.value.remedy


@pytest.mark.parametrize("content", [b"", b"PK\x05\x06" + b"\0" * 18, b"no zip"])
def test_what_is_no_document_is_refused(content):
    """An empty, broken or other file is named, not met with a traceback."""
    for use in (emptied, lambda given, name: filled(given, {}, name=name)):
        with pytest.raises(TemplateUnusable, match=r"^egen.docx: it is no docx document"):
            use(content, "egen.docx")


def test_a_loop_that_crosses_a_table_is_refused():
    """A loop opened in a cell and closed outside would lose text in silence."""
    document = docx.Document()
    document.add_table(rows=1, cols=1).cell(0, 0).text = "{% for a in rows %}"
    document.add_paragraph("{% endfor %}")
    with pytest.raises(TemplateUnusable, match="begins in one place"):
        filled(saved(document), {"rows": [1, 2]})


def test_a_template_that_libreoffice_has_saved_has_one_title():
    """It names the relation to the properties otherwise: they are filled, and there once."""
    made = BytesIO()
    theirs = b"officedocument/2006/relationships/metadata/core-properties"
    with ZipFile(BytesIO(template(title="{{ name }}"))) as ours, ZipFile(made, "w") as saved_by_it:
        for name in ours.namelist():
            ours_said = b"package/2006/relationships/metadata/core-properties"
            saved_by_it.writestr(name, ours.read(name).replace(ours_said, theirs))
    filled_in = filled(emptied(made.getvalue()), {"name": "A"})
    assert docx.Document(BytesIO(filled_in)).core_properties.title == "A"
    with ZipFile(BytesIO(filled_in)) as packed:
        assert packed.namelist().count("docProps/core.xml") == 1


# ---------------------------------------------------------------- contents and captions


def with_stale_contents() -> bytes:
    """As Word saves it: the contents shows the template's own headings, names and all."""
    document = docx.Document()
    first = document.add_paragraph("", "Normal")
    xml.field_edge(first, "begin", CONTENTS)
    first.add_run("{{ group.name }}")
    document.add_paragraph("{{ meeting.title }}")
    xml.field_edge(document.add_paragraph(""), "end")
    document.add_paragraph("{%p for group in groups %}")
    document.add_paragraph("{{ group.name }}", "Heading 1")
    document.add_paragraph("{%p endfor %}")
    return saved(document)


def test_contents_that_word_has_renewed_in_a_template_do_no_harm():
    """Its old entries use names of a loop outside it; they go, and the real headings come."""
    groups = [{"name": "Natur"}, {"name": "Klimat"}]
    made = finished(filled(emptied(with_stale_contents()), {"groups": groups}))
    assert [one.strip() for one in lines_of(made)] == ["Natur", "Klimat", "Natur", "Klimat"]
    [code] = [
        one.text.strip()
        for one in docx.Document(BytesIO(made)).element.iter(qn("w:instrText"))
        if "TOC" in one.text
    ]
    assert code == CONTENTS


def test_word_is_asked_to_renew_the_contents():
    """The field is marked so that Word computes the pages when the document is opened."""
    made = finished(filled(emptied(with_stale_contents()), {"groups": [{"name": "Natur"}]}))
    [begin, *_] = docx.Document(BytesIO(made)).element.iter(qn("w:fldChar"))
    assert begin.get(qn("w:dirty")) == "true"


# ---------------------------------------------------------------- a network's own


def test_an_own_template_gives_its_own_report(year, labels):
    """Own headings, own order, few names: what the template says is what the report is."""
    own = template(
        "Vår årsrapport {{ year }} för {{ network }}",
        "{{ figures.participants.value }} deltagare",
        "{%p for group in groups %}",
        "{{ group.name }}: {{ group.meetings | length }} träffar",
        "{%p endfor %}",
    )
    brief = year._replace(surveys={}, history=())
    made = annual_report_docx(
        brief.report(), labels("sv"), template=Template(name="egen", content=own)
    )
    assert lines_of(made) == [
        "Vår årsrapport 2023 för Kommunnätverket för hållbar utveckling",
        "620 deltagare",
        "Miljöstrategigruppen: 8 träffar",
        "Naturvårdsgruppen: 8 träffar",
        "Rättvis handel-gruppen: 2 träffar",
    ]


def test_an_own_template_with_a_wrong_name_is_named(year, labels):
    """A slip in a network's own template tells which template, which name and where."""
    own = Template(name="egen/annual.docx", content=template("Deltagare: {{ figures.deltagare }}"))
    with pytest.raises(TemplateUnusable, match=r"egen/annual.docx: .*“deltagare”.*“Deltagare: "):
        annual_report_docx(year.report(), labels("sv"), template=own)
