"""The texts of the status page: beside each the names that it may use, as in `known`."""

from collections.abc import Mapping

from service.domain.routes import KINDS

_PLAIN = """
skip languages networks title_all sign_in sign_in_lead sign_out token wrong_token well observe
not_open site register needs needs_none for_admin for_coordinator years year_lead date meeting
to_do there missing waits not_yet cannot not_expected posts posts_lead posts_none card next_run
common coordinators by_mail to_file approval_waits approval_needed approval_given approve
hold_meeting hold_series hold_kind release pause resume paused held held_lead besides recent
recent_none filed posted what where when runs runs_lead task last result next run never
outcome_done outcome_in_part outcome_failed late figures n_files n_recordings n_answers
n_to_approve n_unproved n_waiting n_unplaced oldest started version secret certificate unknown
confirm confirm_now yes_approve back said_approved said_held said_released said_paused
said_resumed said_running said_gone not_found not_found_lead unavailable unavailable_lead closed
closed_lead proxy_only proxy_only_lead wrong_host wrong_host_lead stale stale_lead observing
observing_lead refused refused_lead need_posts_approval do_posts_approval need_posts_doubtful
do_posts_doubtful do_recording need_files_unplaced do_files_unplaced need_files_parked
do_files_parked need_forms_forms do_forms_forms
"""
_JOBS = """
sync_calendar file_materials file_recordings collect_attendance collect_surveys publish_results
prepare_room post_reminders post_digest post_series publish_reports publish_plan list_disposal
compare_sources watch_gaps
"""

PAGE: Mapping[str, str] = {
    **dict.fromkeys((f"page.{key}" for key in _PLAIN.split()), ""),
    **dict.fromkeys((f"page.kind_{kind}" for kind in KINDS), ""),
    **dict.fromkeys((f"page.job_{job}" for job in _JOBS.split()), ""),
    "page.title": "network",
    "page.too_many": "#n",
    "page.needs_lead": "#n",
    "page.late_lead": "#n",
    "page.as_of": "time",
    "page.since": "time",
    "page.year": "year",
    "page.year_none": "year",
    "page.counted": "n",
    "page.until": "day",
    "page.picture": "description",
    "page.goes_out": "time",
    "page.did": "#n",
    "page.failures": "#n",
    "page.n_meetings": "year",
    "page.account": "name",
    "page.days_left": "#n",
    "page.confirm_ahead": "time",
    "page.zone": "zone",
    "page.need_recording": "title",
}
