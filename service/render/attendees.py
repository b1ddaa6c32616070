"""The list of a meeting's participants, for coordinators who have decided to keep it."""

from collections.abc import Sequence

from service.domain.attendance import Participant
from service.render.documents.labels import Labels
from service.render.sheets import Value, table_workbook


def attendees_workbook(title: str, people: Sequence[Participant], labels: Labels) -> bytes:
    """Write the list as xlsx; equal input gives equal bytes, and no cell is a formula."""
    said = labels.attendees
    return table_workbook(
        title=title,
        name=said.name,
        header=(said.day, said.person, said.address, said.organisation, said.minutes),
        rows=[_row(person, said.unknown) for person in people],
    )


def _row(person: Participant, unknown: str) -> tuple[Value, ...]:
    return (
        person.day.isoformat(),
        person.name,
        person.address,
        person.organisation or unknown,
        round(person.seconds / 60),
    )
