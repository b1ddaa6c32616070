"""A transcript as a document to read: who spoke, when, and what was said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from docx.document import Document
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from service.domain.register import shorten
from service.domain.transcript import SILENCE, Turn
from service.render.documents import frame, words, xml
from service.render.documents.blocks import Writer
from service.render.documents.labels import Labels

SECTION = timedelta(minutes=15)
"""A longer transcript has a heading for each, so that one can move about in it."""

_NOTE, _SPEAKER, _SILENCE = "Transcript note", "Transcript speaker", "Transcript silence"


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """What was transcribed."""

    title: str
    held: date
    network: str
    part: int | None = None
    """Told where a meeting has several transcripts."""


def transcript_document(spoken: Sequence[Turn], of: Occasion, labels: Labels) -> bytes:
    """
    Set what was said as a Word document; equal input gives equal bytes.

    One without words says so: a document that is not there would leave people wondering.
    """
    writer = _begun(of, labels)
    writer.text(labels.transcript.note, _NOTE)
    if spoken:
        _write(writer, spoken, labels)
    else:
        writer.text(labels.transcript.empty)
    return frame.packed(writer.document)


def _write(writer: Writer, spoken: Sequence[Turn], labels: Labels) -> None:
    said = labels.transcript
    longest, last, section = spoken[-1].start, timedelta(0), -1
    for turn in spoken:
        silence = turn.start - last
        if silence >= SILENCE:
            writer.text(said.silence.format(n=silence // timedelta(minutes=1)), _SILENCE)
        if longest >= SECTION and turn.start // SECTION > section:
            section = turn.start // SECTION
            bounds = (section * SECTION, (section + 1) * SECTION)
            writer.text("–".join(_clock(each, longest) for each in bounds), "Heading 1")
        name = " ".join(turn.speaker.split()) or said.no_speaker
        _add_time(writer.text(name, _SPEAKER), _clock(turn.start, longest))
        for paragraph in turn.paragraphs:
            writer.text(paragraph)
        last = max(last, turn.end)


def _add_time(speaker: Paragraph, at: str) -> None:
    run = speaker.add_run(f"  {at}")
    run.bold = False
    run.font.color.rgb = RGBColor.from_string(frame.MUTED)


def _clock(at: timedelta, longest: timedelta) -> str:
    """Minutes and seconds, with hours throughout where there are any."""
    minutes, seconds = divmod(int(at.total_seconds()), 60)
    if longest < timedelta(hours=1):
        return f"{minutes:02d}:{seconds:02d}"
    return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"


def _begun(of: Occasion, labels: Labels) -> Writer:
    """The document with its title, which is also what its header and properties say."""
    said = labels.transcript
    when = words.day(of.held, labels, year=True)
    told = when if of.part is None else f"{when}, {said.part.format(number=of.part)}"
    document = frame.blank(
        language=labels.language,
        title=xml.clean(shorten(f"{said.title}: {of.title}, {told}")),
        author=xml.clean(shorten(of.network)),
        made=datetime.combine(of.held, time(), UTC),
    )
    header = f"{said.title}, {told}"
    frame.running_lines(document, left=header, right=shorten(of.title, 60), page=labels.frame.page)
    _styles(document)
    writer = Writer(document)
    writer.text(said.title, "Subtitle")
    writer.text(of.title, "Title")
    writer.text(f"{told}, {of.network}", "Caption")
    return writer


def _styles(document: Document) -> None:
    for name, size in (("Title", 24), ("Heading 1", 14)):
        xml.style_named(document, name).font.size = Pt(size)
    for name, before, after in ((_NOTE, 10, 14), (_SPEAKER, 10, 1), (_SILENCE, 10, 6)):
        made = xml.style_named(document, name)
        made.base_style = document.styles["Normal"]
        made.paragraph_format.space_before = Pt(before)
        made.paragraph_format.space_after = Pt(after)
    speaker, silence, note = (xml.style_named(document, one) for one in (_SPEAKER, _SILENCE, _NOTE))
    speaker.font.bold = True
    speaker.paragraph_format.keep_with_next = True
    silence.font.italic = True
    silence.font.color.rgb = RGBColor.from_string(frame.MUTED)
    note.paragraph_format.left_indent = note.paragraph_format.right_indent = Cm(0.3)
    sides = dict.fromkeys(("top", "left", "bottom", "right"), (6, 8, frame.RULE))
    xml.paragraph_borders(note.element.get_or_add_pPr(), sides)
