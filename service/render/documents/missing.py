"""The list of what an annual report still lacks, for the coordinators."""

from service.domain.annual.lacking import Lack, ToComplete, Wanting
from service.render.documents import frame, words
from service.render.documents.blocks import Writer
from service.render.documents.labels import Labels


def missing_docx(missing: ToComplete, labels: Labels) -> bytes:
    """Set the list as a Word document; equal input gives equal bytes."""
    said = labels.missing
    title = said.name.format(year=missing.year)
    document = frame.blank(
        language=labels.language, title=title, author=missing.network, made=missing.made
    )
    frame.running_lines(document, left=missing.network, right=title, page=labels.frame.page)
    writer = Writer(document)
    writer.text(title, "Report contents")
    made = words.local_day(missing.made, missing.time_zone, labels)
    writer.text(said.introduction.format(date=made, year=missing.year), "Report lead")
    for level, heading, lines in sections(missing, labels):
        writer.heading(heading, level)
        for line in lines:
            writer.text(line, "List Bullet")
    if not missing.count:
        writer.text(said.nothing)
    return frame.packed(document)


def sections(missing: ToComplete, labels: Labels) -> list[tuple[int, str, list[str]]]:
    """Level, heading and lines of each part, as the document and the command show them."""
    said = labels.missing
    found: list[tuple[int, str, list[str]]] = []
    if missing.common:
        common = [getattr(said, lack).format(**values) for lack, values in missing.common]
        found.append((1, said.common, common))
    if missing.meetings:
        found.append((1, labels.figures.meetings, []))
    for entry, wanting in missing.meetings:
        day = words.days(entry.first_day, entry.last_day, labels)
        lines = [_line(one, labels) for one in wanting]
        found.append((2, f"{day}: {entry.title}", lines))
    if missing.planned:
        planned = [f"{words.day(row.day, labels)}: {row.title}" for row in missing.planned]
        found.append((1, said.planned, [said.planned_note, *planned]))
    return found


def _line(wanting: Wanting, labels: Labels) -> str:
    said = labels.missing
    if wanting.lack is Lack.UNKNOWN:
        return said.unknown.of(int(wanting.said["n"]))
    text: str = getattr(said, wanting.lack)
    return text.format(**wanting.said)
