"""The annual report in words: its values, as a template prints them."""

from service.domain.annual.report import AnnualReport, Entry, Section
from service.domain.meeting import Form
from service.domain.survey.rules import SurveyRules
from service.render.documents import context, words
from service.render.documents.labels import Labels
from service.render.documents.yearly import survey


def told(report: AnnualReport, labels: Labels) -> context.Annual:
    """Put every value of the report into words."""
    said = labels.frame
    title = said.title.format(year=report.year)
    made = words.local_day(report.made, report.time_zone, labels)
    before, _, rest = said.page.partition("{page}")
    between, _, after = rest.partition("{pages}")
    opening, closing = _chapters(report)
    return context.Annual(
        year=str(report.year),
        network=report.network,
        region=report.region,
        title=title,
        subject=said.subject.format(network=report.network, year=report.year),
        made=made,
        draft=said.draft.format(date=made, list=labels.missing.name.format(year=report.year)),
        page=before,
        page_of=between,
        page_end=after,
        figures=_figures(report, labels),
        overview=tuple(_overview(report, labels)),
        chapters=opening,
        last_chapter=closing,
        groups=tuple(_group(one, report.rules, labels) for one in report.sections),
        activities=str(report.indicators.activities),
        participants=str(report.added_by_groups),
        joint_note=_joint_note(report, labels),
        table_note=_table_note(report, labels),
        survey=survey(report, labels),
        members=_members(report, labels),
        about=tuple(_about(report, labels)),
        words=labels,
    )


def paragraphs(text: str) -> tuple[str, ...]:
    """Paragraphs are parted by empty lines; a single line break is a space."""
    blocks = text.replace("\r\n", "\n").split("\n\n")
    return tuple(" ".join(block.split()) for block in blocks if block.strip())


def _chapters(
    report: AnnualReport,
) -> tuple[tuple[context.Chapter, ...], tuple[context.Chapter, ...]]:
    """The last standing chapter looks ahead, and closes the report."""
    chapters = tuple(
        context.Chapter(heading=one.heading, text=paragraphs(one.text)) for one in report.chapters
    )
    return (chapters[:-1], chapters[-1:]) if len(chapters) > 1 else (chapters, ())


# ---------------------------------------------------------------- the year in figures


def _figures(report: AnnualReport, labels: Labels) -> context.Figures:
    said, counted, rules = labels.indicators, report.indicators, report.rules
    of = counted.satisfaction
    federated = said.municipalities_note.format(federated=counted.federated)
    return context.Figures(
        activities=context.Figure(
            name=said.activities,
            value=str(counted.activities),
            note=said.activities_note.format(distinct=counted.distinct),
        ),
        satisfaction=context.Figure(
            name=said.satisfaction,
            value=words.score(of, rules, labels),
            note=said.satisfaction_note.format(highest=of.scale.high, n=of.n)
            if of
            else said.satisfaction_missing.format(least=words.number(rules.least_answers, labels)),
        ),
        municipalities=context.Figure(
            name=said.municipalities,
            value=str(counted.municipalities),
            note=federated if counted.federated else "",
        ),
        participants=context.Figure(
            name=said.participants,
            value=str(counted.participants),
            note=said.participants_note,
        ),
    )


def _overview(report: AnnualReport, labels: Labels) -> list[str]:
    said, counted = labels.indicators, report.indicators
    sentences = [
        said.told_activities.format(
            year=report.year,
            activities=counted.activities,
            distinct=counted.distinct,
            participants=counted.participants,
        )
    ]
    if report.members:
        members = said.told_municipalities.format(municipalities=counted.municipalities)
        sentences.append(" ".join([members, *_federations(report, labels)]))
    if (of := counted.satisfaction) is not None:
        mean = words.score(of, report.rules, labels)
        sentences.append(said.told_satisfaction.format(mean=mean, scale=of.scale, n=of.n))
    return sentences


def _joint_note(report: AnnualReport, labels: Labels) -> str:
    participants = report.indicators.participants
    if report.added_by_groups <= participants:
        return ""
    return labels.indicators.joint_note.format(
        added=report.added_by_groups,
        terms=words.terms(report),
        participants=participants,
        meetings=words.joint_meetings(report, labels),
    )


# ---------------------------------------------------------------- the groups


def _group(section: Section, rules: SurveyRules, labels: Labels) -> context.Group:
    said = labels.groups
    return context.Group(
        name=section.name,
        audience=said.audience.format(audience=section.audience) if section.audience else "",
        introduction=paragraphs(section.introduction),
        nothing="" if section.entries else said.nothing,
        meetings=tuple(_meeting(one, section, rules, labels) for one in section.entries),
        activities=str(section.activities),
        participants=str(section.participants),
        caption=said.caption.format(group=section.name),
        total=said.sum_activities.of(section.activities),
    )


def _meeting(entry: Entry, section: Section, rules: SurveyRules, labels: Labels) -> context.Meeting:
    said = labels.meeting
    here = entry.told_under == section.name
    date = words.days(entry.first_day, entry.last_day, labels)
    place = entry.place if entry.form is not Form.DIGITAL else ""
    kind = words.kind(entry, labels)
    joint = (
        said.joint_with.format(groups=words.listed(entry.joint_with, labels))
        if entry.joint_with
        else ""
    )
    spoke = said.speakers.format(speakers=words.listed(entry.speakers, labels))
    speakers = spoke if here and entry.speakers else ""
    participants = _participants(entry, labels) if here else ""
    filed = words.filed(entry, labels) if here else ""
    return context.Meeting(
        title=entry.title,
        date=date,
        place=place,
        kind=kind,
        joint=joint,
        facts="  ·  ".join(part for part in (date, place, kind, joint) if part),
        elsewhere="" if here else said.told_under.format(group=entry.told_under),
        text=paragraphs(entry.summary) if here else (),
        speakers=speakers,
        participants=participants,
        filed=filed,
        told=" ".join(part for part in (speakers, participants, filed) if part),
        quotes=tuple(said.quote.format(text=one) for one in entry.quotes) if here else (),
        figures=words.figures(entry, rules, labels),
        row=_row(entry, rules, labels),
    )


def _participants(entry: Entry, labels: Labels) -> str:
    """How many, and from where: "72 personer deltog. Miljöstrateger från 31 kommuner."."""
    said, parts = labels.meeting, []
    if entry.participants is not None and len(entry.day_counts) > 1:
        # The sum counts who came on both days twice: participants, not persons.
        days = words.listed([str(count) for count in entry.day_counts], labels)
        count = words.number(len(entry.day_counts), labels)
        parts.append(said.participants_days.of(entry.participants, count=count, days=days))
    elif entry.participants is not None:
        parts.append(said.participants.of(entry.participants))
    if entry.attended_from:
        parts.append(words.sentence(entry.attended_from.rstrip(".")))
    return " ".join(parts)


def _row(entry: Entry, rules: SurveyRules, labels: Labels) -> context.Row:
    said, result = labels.groups, entry.evaluation
    joint = f" ({said.joint_mark})" if entry.joint_with else ""
    few = words.unbroken(said.withheld.format(least=rules.least_answers))
    return context.Row(
        title=f"{entry.title}{joint}",
        date=words.days(entry.first_day, entry.last_day, labels),
        place=words.place(entry, labels),
        participants=words.participants(entry),
        answers=str(result.n) if result else few if entry.withheld else words.NOTHING,
        satisfaction=words.score(result.satisfaction if result else None, rules, labels),
        usefulness=words.score(result.usefulness if result else None, rules, labels),
    )


def _table_note(report: AnnualReport, labels: Labels) -> str:
    said, rules = labels.groups, report.rules
    note = said.tables_introduction.format(scale=rules.scale)
    if not any(entry.withheld for entry in report.entries):
        return note
    least = words.number(rules.least_answers, labels)
    return f"{note} {said.withheld_note.format(least=least)}"


# ---------------------------------------------------------------- members, method


def _members(report: AnnualReport, labels: Labels) -> context.Members:
    said = labels.members
    changes = [
        form.of(len(names), names=words.listed(names, labels))
        for form, names in (
            (said.joined, [one.name for one in report.members if one.joined]),
            (said.left, [one.name for one in report.members if one.left]),
        )
        if names
    ]
    introduction = said.introduction.format(n=len(report.members), year=report.year)
    notes = (*_federations(report, labels, named=True), *changes)
    return context.Members(
        introduction=introduction,
        names=tuple(one.name for one in report.members),
        notes=notes,
        told=" ".join((introduction, *notes)),
    )


def _federations(report: AnnualReport, labels: Labels, *, named: bool = False) -> list[str]:
    said = labels.members
    return [
        words.sentence(
            (said.federation if named else said.federated)
            .of(
                len(names),
                count=words.number(len(names), labels),
                names=words.listed(names, labels),
                federation=federation,
            )
            .rstrip(".")
        )
        for federation, names in report.federations
    ]


def _about(report: AnnualReport, labels: Labels) -> list[context.Term]:
    said, counted, rules = labels.about, report.indicators, report.rules
    decimals = said.decimals.of(rules.decimals, count=words.number(rules.decimals, labels))
    values = {
        "activities": counted.activities,
        "distinct": counted.distinct,
        "municipalities": counted.municipalities,
        "federated": counted.federated,
        "participants": counted.participants,
        "added": report.added_by_groups,
        "terms": words.terms(report),
        "scale": rules.scale,
        "decimals": decimals,
        "least": words.number(rules.least_answers, labels),
    }
    terms = [
        (said.activities_term, said.activities),
        (said.satisfaction_term, said.satisfaction),
        (said.municipalities_term, said.municipalities),
        (said.participants_term, said.participants),
    ]
    if report.added_by_groups > counted.participants:
        terms.append((said.added_term, said.added))
    terms += [(said.rate_term, said.rate), (said.means_term, said.means)]
    if any(entry.quotes for entry in report.entries):
        terms.append((said.quotes_term, said.quotes))
    return [context.Term(name=f"{name}.", text=text.format_map(values)) for name, text in terms]
