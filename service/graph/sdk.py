"""
The parts of msgraph-sdk that are used, imported once.

Its generated modules warn of their own deprecated classes when they are imported, and
they import each other only when a request is first built: inside somebody's job, where
warnings may be errors. So they are imported here, all of them, and the warnings end here.
"""

import warnings
from importlib import import_module

USED = (
    "drives.drives_request_builder",
    "drives.item.drive_item_request_builder",
    "drives.item.items.item.children.children_request_builder",
    "drives.item.items.item.content.content_request_builder",
    "drives.item.items.item.delta.delta_request_builder",
    "drives.item.items.items_request_builder",
    "drives.item.list_.list_request_builder",
    "sites.item.drive.drive_request_builder",
    "sites.item.drives.drives_request_builder",
    "sites.item.lists.item.columns.columns_request_builder",
    "sites.item.lists.item.items.item.fields.fields_request_builder",
    "sites.item.lists.item.list_item_request_builder",
    "sites.item.site_item_request_builder",
    "teams.item.channels.channels_request_builder",
    "teams.item.channels.item.channel_item_request_builder",
    "teams.item.channels.item.messages.messages_request_builder",
    "teams.item.team_item_request_builder",
    "teams.teams_request_builder",
    "users.item.calendar_view.calendar_view_request_builder",
    "users.item.events.events_request_builder",
    "users.item.online_meetings.item.attendance_reports.attendance_reports_request_builder",
    "users.item.online_meetings.item.recordings.item.call_recording_item_request_builder",
    "users.item.online_meetings.item.recordings.item.content.content_request_builder",
    "users.item.online_meetings.item.recordings.recordings_request_builder",
    "users.item.online_meetings.item.transcripts.item.call_transcript_item_request_builder",
    "users.item.online_meetings.item.transcripts.item.content.content_request_builder",
    "users.item.online_meetings.item.transcripts.transcripts_request_builder",
    "users.users_request_builder",
)

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    from msgraph.generated.drives.item.items.item.drive_item_item_request_builder import (
        DriveItemItemRequestBuilder,
    )
    from msgraph.generated.drives.item.items.item.list_item.list_item_request_builder import (
        ListItemRequestBuilder,
    )
    from msgraph.generated.sites.item.lists.item.items.delta import (
        delta_request_builder as rows_delta,
    )
    from msgraph.generated.sites.item.lists.item.items.item import (
        list_item_item_request_builder as row,
    )
    from msgraph.generated.sites.item.lists.item.items.items_request_builder import (
        ItemsRequestBuilder,
    )
    from msgraph.generated.sites.item.lists.lists_request_builder import ListsRequestBuilder
    from msgraph.generated.sites.sites_request_builder import SitesRequestBuilder
    from msgraph.generated.teams.item.channels.item.messages.delta import (
        delta_request_builder as messages_delta,
    )
    from msgraph.generated.users.item.calendar_view.delta import (
        delta_request_builder as events_delta,
    )
    from msgraph.generated.users.item.events.item.event_item_request_builder import (
        EventItemRequestBuilder,
    )
    from msgraph.generated.users.item.online_meetings import (
        online_meetings_request_builder as meetings,
    )
    from msgraph.generated.users.item.online_meetings.item import (
        online_meeting_item_request_builder as meeting,
    )
    from msgraph.generated.users.item.online_meetings.item.attendance_reports.item import (
        meeting_attendance_report_item_request_builder as report,
    )
    from msgraph.generated.users.item.user_item_request_builder import UserItemRequestBuilder
    from msgraph.graph_request_adapter import GraphRequestAdapter
    from msgraph.graph_service_client import GraphServiceClient

    for _name in USED:
        import_module(f"msgraph.generated.{_name}")

OnlineMeetingItemRequestBuilder = meeting.OnlineMeetingItemRequestBuilder

EventsDeltaQuery = events_delta.DeltaRequestBuilder.DeltaRequestBuilderGetQueryParameters
EventQuery = EventItemRequestBuilder.EventItemRequestBuilderGetQueryParameters
FileFieldsQuery = ListItemRequestBuilder.ListItemRequestBuilderGetQueryParameters
RowsDeltaQuery = rows_delta.DeltaRequestBuilder.DeltaRequestBuilderGetQueryParameters
RowsQuery = ItemsRequestBuilder.ItemsRequestBuilderGetQueryParameters
RowQuery = row.ListItemItemRequestBuilder.ListItemItemRequestBuilderGetQueryParameters
ListsQuery = ListsRequestBuilder.ListsRequestBuilderGetQueryParameters
SitesQuery = SitesRequestBuilder.SitesRequestBuilderGetQueryParameters
MessagesDeltaQuery = messages_delta.DeltaRequestBuilder.DeltaRequestBuilderGetQueryParameters
MeetingsQuery = meetings.OnlineMeetingsRequestBuilder.OnlineMeetingsRequestBuilderGetQueryParameters
ReportQuery = (
    report.MeetingAttendanceReportItemRequestBuilder
).MeetingAttendanceReportItemRequestBuilderGetQueryParameters
UserQuery = UserItemRequestBuilder.UserItemRequestBuilderGetQueryParameters

__all__ = [
    "DriveItemItemRequestBuilder",
    "EventQuery",
    "EventsDeltaQuery",
    "FileFieldsQuery",
    "GraphRequestAdapter",
    "GraphServiceClient",
    "ListItemRequestBuilder",
    "ListsQuery",
    "MeetingsQuery",
    "MessagesDeltaQuery",
    "OnlineMeetingItemRequestBuilder",
    "ReportQuery",
    "RowQuery",
    "RowsDeltaQuery",
    "RowsQuery",
    "SitesQuery",
    "UserQuery",
]
