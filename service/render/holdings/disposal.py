"""The month's list of what is due to be deleted, and the receipt of what was."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import msgspec

from service.domain.retention import Disposal, Due, Frozen, Overdue, Remaining, Retention
from service.domain.survey.figures import decimal_string
from service.domain.survey.responses import SourceKind
from service.render.holdings.words import HoldingWords
from service.render.sheets import Table, Value, tables_workbook

SHEET = "natverket"
"""Of a receipt: its hidden sheet, JSON of `Remaining` in one column."""
PIECE = 30_000
"""Characters: a cell holds 32,767."""
GENERAL = ("mails", "backups")
"""What may lie elsewhere, whatever the survey."""


@dataclass(frozen=True, kw_only=True)
class ByHand:
    """Something that only a person can delete."""

    of: str
    """Title of the survey or the document; empty: of no one in particular."""
    what: str
    address: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Traces:
    """Where a survey's answers lie beside the state."""

    form: str = ""
    """Address of the form, where a row of the register tells it."""
    result: str = ""
    """Of our result file: earlier versions of it hold the answers."""
    edited: str = ""
    """Of a result file that the service leaves to people."""


def by_hand(one: Due | Frozen, traces: Traces, words: HoldingWords) -> Iterator[ByHand]:
    """Tell what of a survey only a person can delete."""

    def told(key: str, address: str, why: str, **values: str) -> ByHand:
        what, because = words.say(f"hand.{key}", **values), words.say(f"hand.{why}")
        return ByHand(of=one.title, what=what, address=address, why=because)

    yield told("form", traces.form, "form_why")
    for source in one.sources:
        kind = "list" if source.kind is SourceKind.LIST else source.kind.value
        yield told(kind, source.url, "workbook_why", name=source.name)
    if traces.edited:
        yield told("edited", traces.edited, "edited_why")
    if traces.result:
        yield told("versions", traces.result, "versions_why")


def everywhere(words: HoldingWords) -> Iterator[ByHand]:
    """What may lie elsewhere, whatever the survey."""
    for name in GENERAL:
        why = words.say(f"hand.{name}_why")
        yield ByHand(of="", what=words.say(f"hand.{name}"), address="", why=why)


# ---------------------------------------------------------------- the list


@dataclass(frozen=True, kw_only=True)
class DisposalList:
    network: str
    month: str
    """As in 2024-03."""
    rule: Retention | None
    surveys: tuple[Due, ...]
    documents: tuple[Overdue, ...]
    hand: tuple[ByHand, ...]


def disposal_list(one: DisposalList, words: HoldingWords) -> bytes:
    """Write the list as xlsx; equal input gives equal bytes, and no cell is a formula."""
    said = words.table("disposal")
    about = [(said["carry_out"], said["carry_out_text"])]
    if one.rule is not None and one.surveys:
        about = [
            (said["rule"], said["rule_text"].format(months=one.rule.months)),
            (said["decision"], one.rule.decision),
            (said["left"], said["left_text"]),
            *about,
        ]
    tables = [_about(about, words)]
    if one.surveys:
        tables.append(_surveys(one.surveys, words))
    if one.documents:
        tables.append(_documents(one.documents, words))
    if one.hand:
        tables.append(_hand(one.hand, words))
    title = words.say("disposal.list_title", month=one.month, network=one.network)
    return tables_workbook(title=title, tables=tables)


def _about(facts: Sequence[tuple[str, Value]], words: HoldingWords) -> Table:
    return Table(name=words.say("disposal.about"), header=("", ""), rows=facts)


def _surveys(surveys: Sequence[Due], words: HoldingWords) -> Table:
    said = words.table("disposal")
    names = ("survey", "meeting_day", "closed", "due_since", "responses", "lies")
    return Table(
        name=said["answers"],
        header=tuple(said[name] for name in names),
        rows=[
            (
                one.title,
                _iso(one.held),
                one.closed.isoformat(),
                one.since.isoformat(),
                one.responses,
                "\n".join(source.url or source.name for source in one.sources),
            )
            for one in surveys
        ],
    )


def _documents(documents: Sequence[Overdue], words: HoldingWords) -> Table:
    said = words.table("disposal")
    names = ("document", "folder", "after", "registry_no", "address", "who")
    return Table(
        name=said["documents"],
        header=tuple(said[name] for name in names),
        rows=[
            (
                one.name,
                one.folder,
                one.after.isoformat(),
                one.registry_no,
                one.url,
                said["who_people"],
            )
            for one in documents
        ],
    )


def _hand(hand: Iterable[ByHand], words: HoldingWords) -> Table:
    said = words.table("disposal")
    return Table(
        name=said["by_hand"],
        header=(said["survey"], said["what"], said["address"], said["why"]),
        rows=[(one.of, one.what, one.address, one.why) for one in hand],
    )


# ---------------------------------------------------------------- the receipt


@dataclass(frozen=True, kw_only=True)
class Receipt:
    network: str
    day: date
    """Local."""
    when: str
    """Day and time, as people read them."""
    disposal: Disposal
    surveys: tuple[Frozen, ...]
    hand: tuple[ByHand, ...]


def receipt(one: Receipt, words: HoldingWords) -> bytes:
    """Write the receipt as xlsx; equal input gives equal bytes, and no cell is a formula."""
    said, rule = words.table("disposal"), one.disposal.rule
    about: list[tuple[str, Value]] = [
        (said["carried_out"], one.when),
        (said["by"], one.disposal.by),
        (said["command"], one.disposal.command),
        (said["rule"], said["rule_text"].format(months=rule.months)),
        (said["decision"], rule.decision),
        (said["responses"], sum(survey.n for survey in one.surveys)),
        (said["left"], said["left_text"]),
    ]
    title = words.say("disposal.receipt_title", day=one.day.isoformat(), network=one.network)
    tables = (
        _about(about, words),
        _gone(one.surveys, words),
        _figures(one.surveys, words),
        _hand(one.hand, words),
        _for_programs(Remaining(disposal=one.disposal, frozen=one.surveys)),
    )
    return tables_workbook(title=title, tables=tables)


def _for_programs(remaining: Remaining) -> Table:
    """What the state knows of the disposal, so that it outlives the state; no single answer."""
    told = msgspec.json.encode(remaining).decode()
    pieces = range(0, len(told), PIECE)
    return Table(
        name=SHEET,
        header=(SHEET,),
        rows=[(told[start : start + PIECE],) for start in pieces],
        for_programs=True,
    )


def _gone(surveys: Sequence[Frozen], words: HoldingWords) -> Table:
    said = words.table("disposal")
    names = ("survey", "meeting_day", "closed", "responses", "sha256", "source", "source_sha256")
    return Table(
        name=said["answers"],
        header=tuple(said[name] for name in names),
        rows=[
            (
                one.title,
                _iso(one.held),
                one.closed.isoformat(),
                one.n,
                one.sha256,
                "\n".join(source.name for source in one.sources),
                "\n".join(source.sha256 for source in one.sources),
            )
            for one in surveys
        ],
    )


def _figures(surveys: Sequence[Frozen], words: HoldingWords) -> Table:
    """Figures are nothing to delete; written here they outlive the state, too."""
    said = words.table("disposal")
    names = ("survey", "question", "n", "sum", "mean", "distribution")
    return Table(
        name=said["figures"],
        header=tuple(said[name] for name in names),
        rows=[row for one in surveys for row in _figure_rows(one)],
    )


def _figure_rows(one: Frozen) -> Iterator[tuple[Value, ...]]:
    rated = {question.key: counted for question, counted in one.rated}
    options = dict(one.chosen)
    for question in one.questions:
        counted = rated.get(question.key)
        if counted is None:
            chosen = ", ".join(f"{option}: {n}" for option, n in options.get(question.key, ()))
            yield (one.title, question.text, one.answers_to(question.key), None, None, chosen)
            continue
        points = ", ".join(f"{point}: {of}" for point, of in counted.by_point)
        mean = decimal_string(counted.total, counted.n) if counted.n else None
        yield (one.title, question.text, counted.n, counted.total, mean, points)


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
