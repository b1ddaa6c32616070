"""Runs, survey responses and imported history of one network: `service.ports.Journal`."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import bindparam, delete, func, select

from service.domain.survey.responses import Response
from service.ports import DONE, HistoryPoint, Latest, Run
from service.store.codec import encode, reader
from service.store.database import Database
from service.store.reads import Reads
from service.store.tables import HISTORY, RESPONSES, RUNS

_LATEST = "\0latest"
"""No form is called so."""
BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)

_OF_A_RUN = [column for column in RUNS.c if column.name != "network"]
_THE_JOB = (
    RUNS.c.network == bindparam("network"),
    RUNS.c.job == bindparam("job"),
    RUNS.c.scope == bindparam("scope"),
)
_LAST_RUN = select(*_OF_A_RUN).where(*_THE_JOB).order_by(RUNS.c.period.desc()).limit(1)
_LAST_DONE = (
    select(RUNS.c.period)
    .where(*_THE_JOB, RUNS.c.outcome == DONE)
    .order_by(RUNS.c.period.desc())
    .limit(1)
)
_FAILURES = (
    select(func.count()).select_from(RUNS).where(*_THE_JOB, RUNS.c.period > bindparam("since"))
)


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

    async def latest(self, job: str, scope: str) -> Latest:
        """Return the ends of a range of the primary key, however many lie between."""
        return self._reads.recall(_LATEST, (job, scope), lambda: self._read_latest(job, scope))

    def _read_latest(self, job: str, scope: str) -> Latest:
        of = {"network": self._network, "job": job, "scope": scope}
        with self._database.reading() as connection:
            row = connection.execute(_LAST_RUN, of).mappings().first()
            if row is None:
                return Latest()
            run = Run(**row)
            if run.outcome == DONE:
                return Latest(run=run, done=run.period)
            done = connection.execute(_LAST_DONE, of).scalar()
            since = done or BEFORE_ALL
            failures = connection.execute(_FAILURES, of | {"since": since}).scalar_one()
        return Latest(run=run, done=done, failures=failures)

    async def record(self, run: Run) -> None:
        """Keep the run in place of an earlier one of its identity."""
        row = {c.name: getattr(run, c.name) for c in RUNS.c if c.name != "network"}
        with self._database.writing() as connection:
            connection.execute(self._record, row | {"network": self._network})
        self._reads.forget(_LATEST, lambda name: name == (run.job, run.scope))

    async def runs(self) -> tuple[Run, ...]:
        """Return all runs, by the time they started."""
        query = (
            select(*_OF_A_RUN)
            .where(RUNS.c.network == self._network)
            .order_by(RUNS.c.started, RUNS.c.job, RUNS.c.scope, RUNS.c.period)
        )
        with self._database.reading() as connection:
            return tuple(Run(**row) for row in connection.execute(query).mappings())

    async def replace_responses(self, source: str, responses: Sequence[Response]) -> None:
        """Make these all there is of a source, in one transaction."""
        rows = [
            {
                "network": self._network,
                "form": source,
                "position": position,
                "id": one.id,
                "submitted": one.submitted,
                "answers": encode(one.answers),
                "started": one.started,
                "changed": one.changed,
                "row": one.row,
            }
            for position, one in enumerate(responses)
        ]
        with self._database.writing() as connection:
            connection.execute(
                delete(RESPONSES).where(
                    RESPONSES.c.network == self._network, RESPONSES.c.form == source
                )
            )
            if rows:
                connection.execute(self._database.insert(RESPONSES), rows)
        self._reads.forget(source)

    async def responses(self, source: str) -> tuple[Response, ...]:
        """Return the responses of a source in the order in which they were given."""
        return self._reads.recall(source, None, lambda: self._read_responses(source))

    def _read_responses(self, source: str) -> tuple[Response, ...]:
        read = reader(dict[str, str], f"{self._database.subject}, responses of {source}")
        columns = [c for c in RESPONSES.c if c.name not in {"network", "form", "position"}]
        query = (
            select(*columns)
            .where(RESPONSES.c.network == self._network, RESPONSES.c.form == source)
            .order_by(RESPONSES.c.position)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).mappings().all()
        return tuple(Response(**{**row, "answers": read(row["answers"])}) for row in rows)

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
