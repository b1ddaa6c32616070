"""How a planned meeting is written, in the document, the calendar and the texts alike."""

from collections.abc import Sequence
from datetime import date, datetime

from babel.dates import format_date

from service.domain.meeting import Form, Kind
from service.domain.network import Network
from service.domain.period import local_day
from service.domain.plan.plan import Entry
from service.domain.post import is_https
from service.render.documents.plan_words import PlanWords
from service.render.plain import one_line
from service.render.texts import Texts


class Lines:
    """Writes one network's meetings in one language."""

    def __init__(self, network: Network, words: PlanWords, texts: Texts) -> None:
        self.network = network
        self.words = words
        self.texts = texts

    def title(self, entry: Entry) -> str:
        return one_line(entry.title) or self.words.no_title

    def when(self, entry: Entry) -> str:
        """Write as in "onsdag 8 mars kl. 9.30–15.30" or "Datum ej satt (oktober)"."""
        if entry.start and entry.end:
            return self.texts.span(entry.start, entry.end)
        if entry.first_day and entry.last_day:
            days = self.texts.days(entry.first_day, entry.last_day)
            return f"{days}, {one_line(entry.when)}" if entry.when else days
        when = one_line(entry.when)
        return self.words.no_date_but.format(when=when) if when else self.words.no_date

    def short_when(self, entry: Entry) -> str:
        """Write as in "ons 8 mars" or "10–11 maj"."""
        if entry.first_day is None or entry.last_day is None:
            return self.words.no_date
        if entry.first_day == entry.last_day:
            return self.texts.short_day(entry.first_day)
        return self.texts.short_days(entry.first_day, entry.last_day)

    def days(self, entry: Entry) -> str:
        """Write as in "onsdag 8 mars 2024"; empty where no date is set."""
        if entry.first_day is None or entry.last_day is None:
            return ""
        return f"{self.texts.days(entry.first_day, entry.last_day)} {entry.last_day.year}"

    def hours(self, entry: Entry) -> str:
        """Write as in "9.30–15.30"; empty where none are known."""
        if not (entry.start and entry.end):
            return one_line(entry.when) if entry.first_day else ""
        return f"{self.texts.time(entry.start)}–{self.texts.time(entry.end)}"

    def place(self, entry: Entry) -> str:
        place = one_line(entry.place)
        match entry.form:
            case Form.DIGITAL:
                return self.words.digital
            case Form.HYBRID:
                return self.words.hybrid.format(place=place or self.words.no_place)
            case _:
                return place or self.words.no_place

    def is_unset(self, entry: Entry) -> bool:
        """Tell whether people are to meet at a place that nobody has named."""
        return entry.form is not Form.DIGITAL and not one_line(entry.place)

    def kind(self, entry: Entry) -> str:
        """Only what a reader would not take for granted."""
        told = {Kind.TRAINING: self.words.training, Kind.WEBINAR: self.words.webinar}
        return told.get(entry.kind, "") if entry.kind else ""

    def groups(self, entry: Entry) -> str:
        names = [group.name for group in self.network.groups if group.id in entry.groups]
        return self.texts.listed(names) or self.words.all

    def joint_with(self, entry: Entry, group_id: str) -> str:
        others = [
            group.name
            for group in self.network.groups
            if group.id in entry.groups and group.id != group_id
        ]
        listed = self.texts.listed(others)
        return self.words.joint_with.format(groups=listed) if others else ""

    def registration(self, entry: Entry) -> str:
        """Write as in "Anmälan senast 1 mars: https://…"; empty where nothing is known."""
        link = entry.registration_link if is_https(entry.registration_link) else ""
        if entry.register_by is None:
            return self.words.register.format(link=link) if link else ""
        day = self.texts.day(entry.register_by)
        said = self.words.register_at if link else self.words.register_by
        return said.format(day=day, link=link)

    def unset(self, entries: Sequence[Entry]) -> list[str]:
        """What remains to be decided, a line each."""
        words, found = self.words, list[str]()
        for entry in entries:
            group, day = self.groups(entry), self.when(entry)
            if entry.first_day is None:
                hint = f" ({one_line(entry.when)})" if entry.when else ""
                found.append(words.unset_date.format(title=self.title(entry), group=group) + hint)
                continue
            if not entry.title:
                found.append(words.unset_title.format(day=day, group=group))
            if self.is_unset(entry):
                found.append(words.unset_place.format(title=self.title(entry), day=day))
        return found

    def made(self, moment: datetime) -> str:
        day = local_day(moment, self.network.time_zone)
        formats = self.texts.formats
        date = format_date(day, f"{formats.month_day} y", locale=formats.locale)
        return self.words.made.format(date=date)

    def month(self, day: date) -> str:
        name: str = format_date(day, "LLLL", locale=self.texts.formats.locale)
        return name[:1].upper() + name[1:]
