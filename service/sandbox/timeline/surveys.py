"""Acts on Microsoft Forms: who asks what, who answers, and when the answers can be read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from service.sandbox.timeline.act import Act

Given = str | float | tuple[str, ...]
"""An answer to one question: a text or label, a number, or several labels; dates as ISO."""


@dataclass(frozen=True, kw_only=True)
class Question:
    title: str
    kind: str = "text"
    """`text`, `choice`, `choices`, `rating`, `date` or `likert`."""
    statements: tuple[str, ...] = ()
    """Of a Likert question: each is answered, and has its column, for itself."""
    points: float | None = None
    """What the right answer to it gives in a quiz."""
    right: str | None = None
    """The right answer in a quiz."""


@dataclass(frozen=True, kw_only=True)
class CreateForm(Act):
    """
    Somebody makes a form. Its answers come in a workbook that Forms keeps up to date, or by
    a flow in a list (`list_name`).
    """

    key: str
    title: str
    owner: str
    """Id of the person."""
    questions: tuple[Question, ...]
    language: str = "sv"
    """Of the owner, and so of the headers: `sv`, `no` or `en`."""
    drive: str = "Dokument"
    """Display name of the library in which the workbook lies."""
    folder: str = ""
    site: str | None = None
    """Key of another site, such as a person's OneDrive; None: the network's own."""
    list_name: str | None = None
    """Display name of the list that a flow fills; made if it is not there."""
    form_column: str | None = None
    """Display name of the list's column in which the flow names the form, if it does."""
    anonymous: bool = False
    last_modified: bool = False
    """Whether the form lets people change their answers, which gives one more column."""
    quiz: bool = False


@dataclass(frozen=True, kw_only=True)
class Answer(Act):
    """One filled-in form; nobody can answer once it is closed."""

    form: str
    answers: Mapping[str, Given] = field(default_factory=dict)
    """By question, or by statement of a Likert question, as they are called now."""
    by: str | None = None
    """Id or address; None for somebody who has not signed in."""
    started: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class EditAnswer(Act):
    """
    Somebody changes what she has answered, where the form lets her (`last_modified`). The
    form's flow runs once more, and adds a second row.
    """

    form: str
    response: int
    """As Forms numbers them."""
    answers: Mapping[str, Given] = field(default_factory=dict)
    """Those that are other now, by question."""


@dataclass(frozen=True, kw_only=True)
class AddQuestion(Act):
    form: str
    question: Question


@dataclass(frozen=True, kw_only=True)
class RenameQuestion(Act):
    form: str
    old: str
    new: str


@dataclass(frozen=True, kw_only=True)
class CloseForm(Act):
    form: str


@dataclass(frozen=True, kw_only=True)
class OpenWorkbook(Act):
    """Somebody opens the results in Excel, which brings the workbook up to date."""

    form: str
    by: str


@dataclass(frozen=True, kw_only=True)
class TurnFlow(Act):
    """The flow that fills the form's list is turned on or off; it makes up for nothing."""

    form: str
    on: bool


@dataclass(frozen=True, kw_only=True)
class RepeatFlow(Act):
    """The flow's last step is tried again after its answer was lost: the row is there twice."""

    form: str
    response: int
