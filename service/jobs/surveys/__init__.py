"""
The three ways in which answers come, a file each: workbooks, a list, exported files.

Each leaves in the ledger what it is (`KnownForm`) and in the journal its responses; what they
come to is in `service.jobs.evaluations`.
"""

from service.jobs.surveys import exports, lists, workbooks
from service.jobs.surveys.taking import Gather

WAYS: tuple[Gather, ...] = (workbooks.gather, lists.gather, exports.gather)

__all__ = ["WAYS", "Gather"]
