"""
The filing job and a post, driven at random while the tenant and the people in it change.

After each run it holds that nothing was filed twice or posted twice, that no person's file
was lost, written over or moved, and that a second run straight after writes nothing.
"""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from service.effects.perform import perform
from service.effects.posting import Pending
from service.effects.proving import prove
from service.errors import SourceEmptied
from service.jobs import file_materials
from service.jobs.engine import run
from service.jobs.valve import FEW
from service.ports import FAILED
from tests.unit.effects.fate import Crash
from tests.unit.effects.machine import Surroundings
from tests.unit.effects.world import KEPT, MEMBERS, post

BOUNDARY = st.integers(1, 60)


class Filing(Surroundings):
    # ------------------------------------------------------------ the service

    @rule()
    def the_job_runs(self) -> None:
        self._finish()

    @rule(boundary=BOUNDARY)
    def the_job_is_cut_off_and_begun_again(self, boundary: int) -> None:
        self._cut_off(boundary)
        self._finish()

    @rule(writes=st.integers(1, 6))
    def the_answer_to_a_write_never_comes(self, writes: int) -> None:
        self._cut_off(None, after=writes)
        self._finish()

    @rule(boundary=BOUNDARY, again=BOUNDARY)
    def the_job_is_cut_off_twice(self, boundary: int, again: int) -> None:
        self._cut_off(boundary)
        self._cut_off(again)
        self.run_job(file_materials.JOB)

    @rule(answer=st.sampled_from(("lost", "dead", "")), boundary=st.none() | BOUNDARY)
    def a_post_is_due(self, answer: str, boundary: int | None) -> None:
        self.world.channel.answers = [answer] if answer else []
        self.world.fate.end(boundary)
        try:
            self.loop.run(self._post())
        except Crash:
            self.world.restarted()
        finally:
            self.world.fate.end(None)

    @precondition(lambda self: len(self.files(KEPT)) >= FEW or len(self.files(MEMBERS)) >= FEW)
    @rule()
    def a_library_is_emptied_by_mistake(self) -> None:
        """Nothing is done then, until a person says that it was meant."""
        self._finish()
        drive = KEPT if len(self.files(KEPT)) >= FEW else MEMBERS
        before = len(self.files(drive))
        if before < FEW:
            return
        for item_id in self.files(drive):
            self._delete(item_id)
        writes = list(self.world.fate.writes)
        outcome = self.loop.run(run(file_materials.JOB, self.world.at, self.world.clock.now()))
        assert outcome.run.outcome == FAILED
        assert isinstance(outcome.errors[0], SourceEmptied)
        assert self.world.fate.writes == writes

        self.world.at = replace(self.world.at, anyway=True)
        self.run_job(file_materials.JOB)
        self.world.restarted()
        self._finish()

    # ------------------------------------------------------------ what always holds

    @invariant()
    def nothing_is_filed_twice(self) -> None:
        stored = Counter(self.world.drives.stored)
        twice = [data for data, times in stored.items() if times > 1 and data not in self.outdated]
        assert twice == []

    @invariant()
    def nothing_of_a_person_is_lost(self) -> None:
        data = self.world.drives.data
        there = self.world.drives.items
        assert {i: data[i] for i in self.theirs if i in there} == self.theirs

    @invariant()
    def what_a_person_has_laid_lies_there(self) -> None:
        items = self.world.drives.items
        found = {i: (items[i].drive_id, items[i].parent_id, items[i].name) for i in self.laid}
        assert found == self.laid

    @invariant()
    def nothing_is_posted_twice(self) -> None:
        assert self.world.channel.posted <= 1

    # ------------------------------------------------------------ steps

    def _finish(self) -> None:
        """Run until it is done; a run straight after writes nothing."""
        since = None
        while since != self.world.clock.now():  # a copy may take some of its time
            since = self.world.clock.now()
            self.run_job(file_materials.JOB)
        before = list(self.world.fate.writes)
        self.run_job(file_materials.JOB)
        news = self.world.fate.writes[len(before) :]
        assert news == [], news

    def _cut_off(self, boundary: int | None, *, after: int | None = None) -> None:
        self.world.fate.end(boundary)
        self.world.fate.after = after
        try:
            self.run_job(file_materials.JOB)
        except Crash:
            self.world.restarted()
        finally:
            self.world.fate.end(None)

    async def _post(self) -> None:
        at = self.world.at
        await prove(at)
        try:
            await perform(post(hours=10_000), at)
        except Pending:
            return


ORDINARY = settings(
    max_examples=12,
    stateful_step_count=14,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)

TestFiling = Filing.TestCase
TestFiling.settings = ORDINARY


@pytest.mark.proof
class TestFilingLong(Filing.TestCase):  # type: ignore[misc,name-defined]
    """The same, long enough to meet what is rare."""

    settings = settings(ORDINARY, max_examples=600, stateful_step_count=25)
