"""The jobs: one file each, and one line each here."""

from typing import Any

from service.jobs import (
    collect_attendance,
    collect_surveys,
    compare_sources,
    file_materials,
    file_recordings,
    list_disposal,
    post_digest,
    post_reminders,
    post_series,
    prepare_room,
    publish_plan,
    publish_reports,
    publish_results,
    sync_calendar,
    watch_gaps,
)
from service.jobs.spec import Job

JOBS: tuple[Job[Any], ...] = (
    sync_calendar.JOB,
    file_materials.JOB,
    file_recordings.JOB,
    collect_attendance.JOB,
    collect_surveys.JOB,
    publish_results.JOB,
    prepare_room.JOB,
    post_reminders.JOB,
    post_digest.JOB,
    post_series.JOB,
    publish_reports.JOB,
    publish_plan.JOB,
    list_disposal.JOB,
    compare_sources.JOB,
    watch_gaps.JOB,
)
"""In the order in which jobs that are due at the same moment run."""
