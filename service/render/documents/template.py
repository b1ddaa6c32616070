"""
Makes `config/templates/annual.docx`, the template that networks begin their own from:

    python -m service.render.documents.template > config/templates/annual.docx

What stands in braces is filled in; a line that begins with {%p or {%tr goes itself.
"""

import sys
from datetime import UTC, datetime

from service.render.documents import frame, xml
from service.render.documents.blocks import Writer
from service.render.documents.finishing import CONTENTS
from service.render.documents.tables import Column, add_boxes, add_table

_MADE = datetime(2023, 1, 1, tzinfo=UTC)
_MEMBER_COLUMNS = 3


def annual_template() -> bytes:
    """Build the template; it is the same each time."""
    document = frame.blank(
        language="sv-SE", title="{{ subject }}", author="{{ network }}", made=_MADE
    )
    frame.running_lines(
        document,
        left="{{ network }}",
        right="{{ title }}",
        page="{{ page }}{page}{{ page_of }}{pages}{{ page_end }}",
    )
    writer = Writer(document)
    _title_page(writer)
    _figures(writer)
    _chapters(writer, "chapters")
    _groups(writer)
    _survey(writer)
    _members(writer)
    _chapters(writer, "last_chapter")
    _tables(writer)
    _about(writer)
    return frame.packed(document)


def _title_page(writer: Writer) -> None:
    writer.text("{{ network }}", "Report network")
    writer.text("{{ title }}", "Title")
    _only_if(writer, "region", "{{ region }}", "Subtitle")
    writer.text("{{ draft }}", "Report draft")
    contents = writer.text("{{ words.frame.contents }}", "Report contents")
    contents.paragraph_format.page_break_before = True
    field = writer.text("", "toc 1")
    xml.field_edge(field, "begin", CONTENTS)
    field.add_run("…")
    xml.field_edge(field, "end")


def _figures(writer: Writer) -> None:
    writer.heading("{{ words.indicators.heading }}", 1, new_page=True)
    _with_each(writer, "text in overview", "{{ text }}")
    name = "{{ words.frame.table }}"
    writer.caption("Table", name, "{{ words.indicators.caption }}", with_next=True)
    four = ("activities", "satisfaction", "municipalities", "participants")
    add_boxes(
        writer.document,
        [
            (f"{{{{ figures.{one}.name }}}}", f"{{{{ figures.{one}.value }}}}", _note_of(one))
            for one in four
        ],
        description="{{ words.indicators.caption }}",
    )
    writer.caption("Table", name, "{{ words.indicators.overview_caption }}", with_next=True)
    add_table(
        writer.document,
        (
            Column(heading="{{ words.indicators.group }}", width_cm=10),
            Column(heading="{{ words.indicators.number_activities }}", width_cm=3, number=True),
            Column(heading="{{ words.indicators.number_participants }}", width_cm=3, number=True),
        ),
        [
            ("{%tr for group in groups %}", "", ""),
            ("{{ group.name }}", "{{ group.activities }}", "{{ group.participants }}"),
            ("{%tr endfor %}", "", ""),
        ],
        description="{{ words.indicators.overview_caption }}",
        total=("{{ words.indicators.sum }}", "{{ activities }}", "{{ participants }}"),
        noted=True,
    )
    _only_if(writer, "joint_note", "{{ joint_note }}", "Report remark")


def _note_of(figure: str) -> str:
    return f"{{{{ figures.{figure}.note }}}}"


def _chapters(writer: Writer, name: str) -> None:
    writer.text(f"{{%p for chapter in {name} %}}")
    writer.heading("{{ chapter.heading }}", 1)
    _with_each(writer, "text in chapter.text", "{{ text }}")
    writer.text("{%p endfor %}")


def _groups(writer: Writer) -> None:
    writer.heading("{{ words.groups.heading }}", 1)
    writer.text("{%p for group in groups %}")
    writer.heading("{{ group.name }}", 2)
    _only_if(writer, "group.audience", "{{ group.audience }}", "Report lead")
    _with_each(writer, "text in group.introduction", "{{ text }}")
    _only_if(writer, "group.nothing", "{{ group.nothing }}")
    writer.text("{%p for meeting in group.meetings %}")
    _meeting(writer)
    writer.text("{%p endfor %}")
    writer.text("{%p endfor %}")


def _meeting(writer: Writer) -> None:
    writer.heading("{{ meeting.title }}", 3)
    writer.text("{{ meeting.facts }}", "Report facts")
    # The line of figures is never alone on a page.
    _with_each(writer, "text in meeting.text[:-1]", "{{ text }}")
    _only_if(writer, "meeting.text", "{{ meeting.text[-1] }}", "Report kept")
    for part in ("told", "elsewhere"):
        _only_if(writer, f"meeting.{part}", f"{{{{ meeting.{part} }}}}", "Report kept")
    _with_each(writer, "quote in meeting.quotes", "{{ quote }}", "Quote")
    writer.text("{{ meeting.figures }}", "Report figures")


def _survey(writer: Writer) -> None:
    writer.text("{%p if survey %}")
    writer.heading("{{ words.yearly.heading }}", 1)
    writer.text("{{ survey.introduction }}")
    writer.text("{%p if survey.questions %}")
    _with_each(writer, "question in survey.questions", "{{ question.told }}", "List Number")
    writer.text("{{ trend }}", "Report picture")
    writer.caption("Figure", "{{ words.frame.figure }}", "{{ survey.caption }}")
    writer.caption("Table", "{{ words.frame.table }}", "{{ words.yearly.caption }}", with_next=True)
    _survey_table(writer)
    _only_if(writer, "survey.note", "{{ survey.note }}", "Report remark")
    writer.text("{%p endif %}")
    writer.text("{%p endif %}")


def _survey_table(writer: Writer) -> None:
    """A column a year, however many there are."""
    first, year = frame.WIDTH_CM - 3 * 1.6, 1.6

    def across(text: str, each: str, printed: str) -> tuple[str, ...]:
        return text, f"{{%tc for {each} %}}", f"{{{{ {printed} }}}}", "{%tc endfor %}"

    heading = across("{{ words.yearly.question }}", "year in survey.years", "year")
    widths = (first, year, year, year)
    add_table(
        writer.document,
        [
            Column(heading=text, width_cm=width, number=place > 0)
            for place, (text, width) in enumerate(zip(heading, widths, strict=True))
        ],
        [
            ("{%tr for question in survey.questions %}", "", "", ""),
            across("{{ question.text }}", "value in question.values", "value"),
            ("{%tr endfor %}", "", "", ""),
        ],
        description="{{ words.yearly.caption }}",
        total=across("{{ words.yearly.number_answers }}", "n in survey.answers", "n"),
        noted=True,
    )


def _members(writer: Writer) -> None:
    section = writer.document.sections[-1]._sectPr
    writer.heading("{{ words.members.heading }}", 1)
    xml.end_section(writer.text("{{ members.told }}", with_next=True), section)
    xml.go_on(section)
    writer.text("{%p if members.names %}")
    _with_each(writer, "name in members.names[:-1]", "{{ name }}", "List Bullet")
    last = writer.text("{{ members.names[-1] }}", "List Bullet")
    xml.end_section(last, section, columns=_MEMBER_COLUMNS)
    writer.text("{%p endif %}")


def _tables(writer: Writer) -> None:
    writer.heading("{{ words.groups.tables_heading }}", 1)
    writer.text("{{ table_note }}")
    writer.text("{%p for group in groups %}")
    writer.text("{%p if group.meetings %}")
    writer.caption("Table", "{{ words.frame.table }}", "{{ group.caption }}", with_next=True)
    columns = (
        ("date", 2.5, False),
        ("title", 4.3, False),
        ("place", 2.3, False),
        ("participants", 1.9, True),
        ("answers", 1.6, True),
        ("satisfaction", 2.1, True),
        ("usefulness", 1.3, True),
    )
    words = {"title": "meeting", "answers": "n"}
    add_table(
        writer.document,
        [
            Column(
                heading=f"{{{{ words.groups.{words.get(name, name)} }}}}",
                width_cm=width,
                number=number,
            )
            for name, width, number in columns
        ],
        [
            ("{%tr for meeting in group.meetings %}", *[""] * 6),
            tuple(f"{{{{ meeting.row.{name} }}}}" for name, _, _ in columns),
            ("{%tr endfor %}", *[""] * 6),
        ],
        description="{{ group.caption }}",
        total=(
            "{{ words.indicators.sum }}",
            "{{ group.total }}",
            "",
            "{{ group.participants }}",
            *[""] * 3,
        ),
    )
    writer.text("{%p endif %}")
    writer.text("{%p endfor %}")


def _about(writer: Writer) -> None:
    writer.heading("{{ words.about.heading }}", 1)
    writer.text("{{ words.about.source }}", "Report method")
    writer.text("{%p for term in about %}")
    writer.lines([("{{ term.name }}", "{{ term.text }}")], "Report method")
    writer.text("{%p endfor %}")


def _with_each(writer: Writer, each: str, text: str, style: str = "Normal") -> None:
    """Write a paragraph for each of several."""
    writer.text(f"{{%p for {each} %}}")
    writer.text(text, style)
    writer.text("{%p endfor %}")


def _only_if(writer: Writer, name: str, text: str, style: str = "Normal") -> None:
    """Write a paragraph where there is something to say."""
    writer.text(f"{{%p if {name} %}}")
    writer.text(text, style)
    writer.text("{%p endif %}")


if __name__ == "__main__":
    sys.stdout.buffer.write(annual_template())
