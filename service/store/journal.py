"""Runs, survey responses and imported history of one network: `service.ports.Journal`."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select

from service.ports import DONE, HistoryPoint, Run
from service.store.codec import encode, reader
from service.store.database import Database
from service.store.reads import Reads
from service.store.tables import HISTORY, RESPONSES, RUNS

Response = tuple[str, datetime | None, Mapping[str, str]]
"""Id, when it was submitted, answer by question."""


class SqlJournal:
    """The journal of one network in a database that others may share."""

    def __init__(self, database: Database, network: str) -> None:
        self._database = database
        self._network = network
        self._reads = Reads(database)
        # Built once: putting a statement together takes longer than running it.
        self._record = database.upsert(RUNS)

    async def last_period(self, job: str, scope: str) -> datetime | None:
        """Return the latest period of which there is a run that was done."""
        query = select(func.max(RUNS.c.period)).where(
            RUNS.c.network == self._network,
            RUNS.c.job == job,
            RUNS.c.scope == scope,
            RUNS.c.outcome == DONE,
        )
        with self._database.reading() as connection:
            return connection.execute(query).scalar()

    async def record(self, run: Run) -> None:
        """Keep the run in place of an earlier one of its identity."""
        row = {c.name: getattr(run, c.name) for c in RUNS.c if c.name != "network"}
        with self._database.writing() as connection:
            connection.execute(self._record, row | {"network": self._network})

    async def runs(self) -> tuple[Run, ...]:
        """Return all runs, by the time they started."""
        columns = [c for c in RUNS.c if c.name != "network"]
        query = (
            select(*columns)
            .where(RUNS.c.network == self._network)
            .order_by(RUNS.c.started, RUNS.c.job, RUNS.c.scope, RUNS.c.period)
        )
        with self._database.reading() as connection:
            return tuple(Run(**row) for row in connection.execute(query).mappings())

    async def replace_responses(self, form: str, responses: Sequence[Response]) -> None:
        """Make these all there is of a form, in one transaction."""
        rows = [
            {
                "network": self._network,
                "form": form,
                "position": position,
                "id": response_id,
                "submitted": submitted,
                "answers": encode(answers),
            }
            for position, (response_id, submitted, answers) in enumerate(responses)
        ]
        with self._database.writing() as connection:
            connection.execute(
                delete(RESPONSES).where(
                    RESPONSES.c.network == self._network, RESPONSES.c.form == form
                )
            )
            if rows:
                connection.execute(self._database.insert(RESPONSES), rows)
        self._reads.forget(form)

    async def responses(self, form: str) -> tuple[Response, ...]:
        """Return the responses of a form in the order in which they were given."""
        return self._reads.recall(form, None, lambda: self._read_responses(form))

    def _read_responses(self, form: str) -> tuple[Response, ...]:
        read = reader(dict[str, str], f"{self._database.subject}, responses of {form}")
        query = (
            select(RESPONSES.c.id, RESPONSES.c.submitted, RESPONSES.c.answers)
            .where(RESPONSES.c.network == self._network, RESPONSES.c.form == form)
            .order_by(RESPONSES.c.position)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return tuple((row.id, row.submitted, read(row.answers)) for row in rows)

    async def import_history(self, points: Sequence[HistoryPoint]) -> int:
        """Keep the points and return how many of them are new or other than before."""
        known = set(await self.history())
        news = [point for point in points if point not in known]
        rows = [
            {
                "network": self._network,
                "year": point.year,
                "question": point.question,
                "mean": point.mean,
                "n": point.n,
            }
            for point in news
        ]
        if rows:
            with self._database.writing() as connection:
                connection.execute(self._database.upsert(HISTORY), rows)
        return len(rows)

    async def history(self) -> tuple[HistoryPoint, ...]:
        """Return the points by year and question."""
        query = (
            select(HISTORY.c.year, HISTORY.c.question, HISTORY.c.mean, HISTORY.c.n)
            .where(HISTORY.c.network == self._network)
            .order_by(HISTORY.c.year, HISTORY.c.question)
        )
        with self._database.reading() as connection:
            return tuple(HistoryPoint(**row) for row in connection.execute(query).mappings())
