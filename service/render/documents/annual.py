"""The annual report as a document that its network can go on editing."""

from docx.table import Table

from service.domain.annual import (
    AnnualReport,
    Entry,
    Indicators,
    Section,
)
from service.domain.meeting import Form
from service.domain.network import Chapter
from service.render.documents import frame, words
from service.render.documents.blocks import Writer, fill_contents, paragraphs
from service.render.documents.labels import Labels
from service.render.documents.tables import (
    Column,
    add_boxes,
    add_columns,
    add_note,
    add_table,
)
from service.render.documents.xml import clean
from service.render.documents.yearly import write_yearly

_MEMBER_COLUMNS = 3


def annual_report_docx(report: AnnualReport, labels: Labels, *, for_pdf: bool = False) -> bytes:
    """
    Set the report as a Word document; equal input gives equal bytes.

    `for_pdf` is the same report for LibreOffice to convert: its contents have numbers of
    pages, which LibreOffice computes anywhere but inside a table of contents.
    """
    title = labels.frame.title.format(year=report.year)
    document = frame.blank(
        language=labels.language,
        title=labels.frame.subject.format(network=report.network, year=report.year),
        author=report.network,
        made=report.made,
    )
    frame.running_lines(document, left=report.network, right=title, page=labels.frame.page)
    writer = Writer(document)
    _title_page(writer, report, labels)
    contents = writer.text(labels.frame.contents, "Report contents")
    contents.paragraph_format.page_break_before = True
    _indicators(writer, report, labels)
    opening, closing = _standing(report.chapters)
    for number, chapter in enumerate(opening):
        _chapter(writer, chapter, new_page=number == 0)
    _groups(writer, report, labels)
    _voices(writer, report, labels)
    if report.yearly is not None:
        write_yearly(writer, report.yearly, report.year, labels)
    _members(writer, report, labels)
    for chapter in closing:
        _chapter(writer, chapter, new_page=False)
    _about(writer, report, labels)
    fill_contents(contents, writer.headings, renewable=not for_pdf)
    return frame.packed(document)


def _standing(chapters: tuple[Chapter, ...]) -> tuple[tuple[Chapter, ...], tuple[Chapter, ...]]:
    """The last standing chapter looks ahead, and closes the report."""
    return (chapters[:-1], chapters[-1:]) if len(chapters) > 1 else (chapters, ())


def _chapter(writer: Writer, chapter: Chapter, *, new_page: bool) -> None:
    writer.heading(chapter.heading, 1, new_page=new_page)
    writer.prose(chapter.text)


def _title_page(writer: Writer, report: AnnualReport, labels: Labels) -> None:
    said = labels.frame
    writer.text(report.network, "Report network")
    writer.text(said.title.format(year=report.year), "Title")
    writer.text(report.region, "Subtitle")
    notes = [said.draft_made.format(date=words.local_day(report.made, report.time_zone, labels))]
    for text, entries in (
        (said.draft_uncounted, report.uncounted),
        (said.draft_untold, report.untold),
    ):
        if entries:
            notes.append(text.format(meetings=_named(entries, labels)))
    writer.lines([(f"{said.draft}.", " ".join(notes))], "Report draft")


def _named(entries: tuple[Entry, ...], labels: Labels) -> str:
    return words.listed(
        [f"{entry.title} ({words.day(entry.first_day, labels)})" for entry in entries]
    )


# ---------------------------------------------------------------- the year in figures


def _indicators(writer: Writer, report: AnnualReport, labels: Labels) -> None:
    said, figures = labels.indicators, report.indicators
    writer.heading(said.heading, 1)
    boxes = _boxes(figures, labels)
    description = "; ".join(f"{number} {unit}, {note}" for number, unit, note in boxes)
    add_boxes(writer.document, boxes, description=description)
    writer.text(said.overview, "Report overview")
    table = add_table(
        writer.document,
        (
            Column(heading=said.group, width_cm=10),
            Column(heading=said.number_activities, width_cm=3, number=True),
            Column(heading=said.number_participants, width_cm=3, number=True),
        ),
        [(one.name, str(one.activities), str(one.participants)) for one in report.sections],
        description=said.overview_description,
        total=(said.sum, str(figures.activities), str(report.added_by_groups)),
    )
    if report.added_by_groups > figures.participants:
        note = said.joint_note.format(
            added=report.added_by_groups,
            terms=words.terms(report),
            participants=figures.participants,
            meetings=words.joint_meetings(report, labels),
        )
        add_note(writer.document, table, note)


def _boxes(figures: Indicators, labels: Labels) -> list[tuple[str, str, str]]:
    said, satisfaction = labels.indicators, figures.satisfaction
    federated = said.municipalities_note.format(federated=figures.federated)
    return [
        (
            str(figures.activities),
            said.activities,
            said.activities_note.format(distinct=figures.distinct),
        ),
        (
            words.score(satisfaction, labels),
            said.satisfaction,
            said.satisfaction_note.format(n=satisfaction.n)
            if satisfaction
            else said.satisfaction_missing,
        ),
        (
            str(figures.municipalities),
            said.municipalities,
            federated if figures.federated else "",
        ),
        (str(figures.participants), said.participants, said.participants_note),
    ]


# ---------------------------------------------------------------- the groups


def _groups(writer: Writer, report: AnnualReport, labels: Labels) -> None:
    writer.heading(labels.groups.heading, 1, new_page=True)
    for number, section in enumerate(report.sections):
        writer.heading(section.name, 2, new_page=number > 0 and bool(section.entries))
        _group(writer, section, labels)


def _group(writer: Writer, section: Section, labels: Labels) -> None:
    said = labels.groups
    if section.audience:
        writer.text(said.audience.format(audience=section.audience), "Report lead")
    writer.prose(section.introduction)
    if not section.entries:
        writer.text(said.nothing)
        return
    table = _group_table(writer, section, labels)
    withheld = any(entry.withheld for entry in section.entries)
    note = f"{said.table_note} {said.withheld_note}" if withheld else said.table_note
    add_note(writer.document, table, note)
    for entry in section.entries:
        _meeting(writer, entry, section, labels)


def _group_table(writer: Writer, section: Section, labels: Labels) -> Table:
    said = labels.groups
    return add_table(
        writer.document,
        (
            Column(heading=said.date, width_cm=2.5),
            Column(heading=said.meeting, width_cm=5.2),
            Column(heading=said.place, width_cm=2.2),
            Column(heading=said.participants, width_cm=2.1, number=True),
            Column(heading=said.n, width_cm=0.9, number=True),
            Column(heading=said.satisfaction, width_cm=1.7, number=True),
            Column(heading=said.usefulness, width_cm=1.4, number=True),
        ),
        [_row(entry, labels) for entry in section.entries],
        description=said.table_description.format(group=section.name),
        total=(
            labels.indicators.sum,
            said.sum_activities.of(section.activities),
            "",
            str(section.participants),
            "",
            "",
            "",
        ),
    )


def _row(entry: Entry, labels: Labels) -> tuple[str, ...]:
    said, result = labels.groups, entry.evaluation
    joint = f" ({said.joint_mark})" if entry.joint_with else ""
    if result is not None:
        figures = (
            str(result.n),
            words.score(result.satisfaction, labels),
            words.score(result.usefulness, labels),
        )
    else:
        figures = (said.withheld if entry.withheld else words.NOTHING, words.NOTHING, words.NOTHING)
    return (
        words.days(entry.first_day, entry.last_day, labels),
        f"{entry.title}{joint}",
        words.place(entry, labels),
        words.participants(entry),
        *figures,
    )


def _meeting(writer: Writer, entry: Entry, section: Section, labels: Labels) -> None:
    said = labels.meeting
    writer.heading(entry.title, 3)
    facts = [words.days(entry.first_day, entry.last_day, labels)]
    if entry.form is not Form.DIGITAL and entry.place:
        facts.append(entry.place)
    facts.append(words.kind(entry, labels))
    if entry.joint_with:
        facts.append(said.joint_with.format(groups=", ".join(entry.joint_with)))
    writer.text("  ·  ".join(facts), "Report facts")
    if entry.told_under == section.name:
        _told(writer, entry, labels)
    else:
        writer.text(said.told_under.format(group=entry.told_under), with_next=True)
    figures = words.figures(entry, labels)
    if figures:
        writer.text(figures, "Report figures")


def _told(writer: Writer, entry: Entry, labels: Labels) -> None:
    said = labels.meeting
    texts = paragraphs(entry.summary)
    for text in texts:
        # The line of figures is never alone on a page.
        writer.text(text, with_next=text is texts[-1]).paragraph_format.keep_together = True
    lines = [
        (term, text)
        for term, text in (
            (said.speakers, entry.speakers),
            (said.attended_from, entry.attended_from),
            ("", words.filed(entry, labels)),
        )
        if text
    ]
    if lines:
        writer.lines(lines, "Report facts")


def _voices(writer: Writer, report: AnnualReport, labels: Labels) -> None:
    quoted = [entry for entry in report.entries if entry.quotes]
    if not quoted:
        return
    writer.heading(labels.voices.heading, 1)
    writer.text(labels.voices.introduction, "Report lead")
    for entry in quoted:
        for quote in entry.quotes:
            writer.text(labels.voices.quote.format(text=quote), "Quote", with_next=True)
        day = words.days(entry.first_day, entry.last_day, labels)
        writer.text(f"{entry.title}, {day}", "Report source")


# ---------------------------------------------------------------- members, method


def _members(writer: Writer, report: AnnualReport, labels: Labels) -> None:
    said = labels.members
    federations = list(dict.fromkeys(one.via for one in report.members if one.via))
    writer.heading(said.heading, 1)
    introduction = said.introduction.format(n=len(report.members), year=report.year)
    writer.text(introduction, with_next=True)
    cells = add_columns(writer.document, _MEMBER_COLUMNS, description=introduction)
    height = -(-len(report.members) // _MEMBER_COLUMNS)
    for number, member in enumerate(report.members):
        cell = cells[number // height]
        line = cell.paragraphs[0] if number % height == 0 else cell.add_paragraph()
        line.style = "Report member"
        line.add_run(clean(member.name))
        if member.via:
            line.add_run(f" {federations.index(member.via) + 1})").font.superscript = True
        if member.new:
            line.add_run(f" ({said.new.format(year=report.year)})")
    for number, federation in enumerate(federations, 1):
        writer.text(f"{number}) {said.federation.format(federation=federation)}", "Caption")


def _about(writer: Writer, report: AnnualReport, labels: Labels) -> None:
    said, figures = labels.about, report.indicators
    writer.heading(said.heading, 1, new_page=True)
    writer.text(said.source, "Report method")
    counted = {
        "activities": figures.activities,
        "distinct": figures.distinct,
        "municipalities": figures.municipalities,
        "federated": figures.federated,
        "participants": figures.participants,
        "added": report.added_by_groups,
        "terms": words.terms(report),
    }
    terms = [
        (said.activities_term, said.activities),
        (said.satisfaction_term, said.satisfaction),
        (said.municipalities_term, said.municipalities),
        (said.participants_term, said.participants),
    ]
    if report.added_by_groups > figures.participants:
        terms.append((said.added_term, said.added))
    terms += [(said.rate_term, said.rate), (said.means_term, said.means)]
    for term, text in terms:
        writer.lines([(f"{term}.", text.format_map(counted))], "Report method")
