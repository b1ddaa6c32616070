"""What is asked about planned rows, as coordinators read it."""

from service.domain.plan.binding import Asked, Doubt
from service.domain.post import Words


def head(one: Asked, words: Words) -> str:
    """Write as in "10 maj Fladdermöss"."""
    row = one.row
    title = row.title or words.say("planned.no_title")
    if row.first_day is None or row.last_day is None:
        return title
    return words.say("planned.row", day=words.short_days(row.first_day, row.last_day), title=title)


def question(one: Asked, words: Words) -> str:
    """Say what is not sure, and what to do in the register."""
    titles = [words.say("planned.meeting", title=meeting.title) for meeting in one.meetings]
    return words.say(f"planned.{one.doubt}", titles=words.listed(titles))


def sentence(one: Asked, words: Words) -> str:
    return f"{head(one, words)}: {question(one, words)}"


def item_id(one: Asked) -> str:
    """By which it is known to have been told."""
    meetings = " ".join(sorted(meeting.id for meeting in one.meetings))
    return " ".join(("planned", one.row.row_id, Doubt(one.doubt), meetings)).strip()
