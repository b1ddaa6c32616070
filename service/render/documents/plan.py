"""Fills the template of the operations plan: `config/templates/plan.docx`, or a network's own."""

from collections.abc import Sequence
from datetime import datetime

from service.domain.plan.plan import Entry, OperationsPlan, Section
from service.domain.post import is_https
from service.render.documents.annual import Template
from service.render.documents.filling import filled
from service.render.documents.plan_lines import Lines
from service.render.plain import one_line

TEMPLATE = "plan.docx"


def plan_docx(
    plan: OperationsPlan, lines: Lines, template: Template, *, made: datetime, language: str
) -> bytes:
    """Write the document; equal input gives equal bytes. Raises TemplateUnusable."""
    return filled(
        template.content,
        plan_context(plan, lines, made),
        name=template.name,
        language=language,
        made=made,
    )


def plan_context(plan: OperationsPlan, lines: Lines, made: datetime) -> dict[str, object]:
    """Return every name that a template may use, as text to be shown (docs/howto)."""
    words, network = lines.words, lines.network
    number = len(plan.dated)
    form = words.overview_lead["one" if number == 1 else "other"]
    file = words.file.format(year=plan.year)
    about = network.chapters[0] if network.chapters else None
    return {
        "words": words,
        "title": words.title.format(year=plan.year),
        "subject": words.subject.format(network=network.name, year=plan.year),
        "year": str(plan.year),
        "network": network.name,
        "region": network.region,
        "made": lines.made(made),
        "about": about.heading if about else "",
        "about_lines": _paragraphs(about.text) if about else [],
        "read_lines": _paragraphs(words.read_lines.format(year=plan.year)),
        "overview_lead": form.format(n=number, year=plan.year),
        "rows": _rows(plan, lines),
        "sections": [_section(section, lines) for section in plan.sections],
        "of_all": [_meeting(entry, "", lines) for entry in plan.of_all],
        "unset": lines.unset(plan.entries),
        "join_lines": _paragraphs(words.join_lines.format(file=file)),
        "contact": words.contact.format(mailbox=network.mailbox),
    }


def _rows(plan: OperationsPlan, lines: Lines) -> list[dict[str, str]]:
    """The month stands in the first of its rows; every row has it in its date."""
    return [
        {
            "month": "" if number else lines.month(first),
            "date": lines.short_when(entry),
            "title": lines.title(entry),
            "mark": "" if entry.booked else lines.words.tentative,
            "group": lines.groups(entry),
            "place": lines.place(entry),
        }
        for first, entries in plan.months
        for number, entry in enumerate(entries)
    ]


def _section(section: Section, lines: Lines) -> dict[str, object]:
    group = section.group
    return {
        "name": group.name,
        "audience": lines.words.audience.format(audience=group.audience) if group.audience else "",
        "introduction": _paragraphs(group.introduction),
        "meetings": [_meeting(entry, group.id, lines) for entry in section.entries],
    }


def _meeting(entry: Entry, group_id: str, lines: Lines) -> dict[str, object]:
    marks = (lines.place(entry), lines.kind(entry), lines.joint_with(entry, group_id))
    speakers = ", ".join(one_line(line) for line in entry.speakers.splitlines() if line.strip())
    link = entry.registration_link if is_https(entry.registration_link) else ""
    return {
        "title": lines.title(entry),
        "when": lines.when(entry),
        "facts": "  ·  ".join(mark for mark in marks if mark),
        "mark": "" if entry.booked else lines.words.tentative,
        "summary": _paragraphs(entry.summary),
        "speakers": lines.words.speakers.format(speakers=speakers) if speakers else "",
        "registration": lines.registration(entry).removesuffix(link).rstrip(),
        "link": link,
        "terms": lines.words.terms.format(terms=one_line(entry.terms)) if entry.terms else "",
    }


def _paragraphs(text: str) -> Sequence[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
