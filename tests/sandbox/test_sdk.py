"""The real msgraph-sdk reads and writes the tenant through its own models."""

import importlib
import ssl
import warnings
from urllib.parse import urlsplit

import httpx
import pytest
from kiota_abstractions.authentication import (
    AccessTokenProvider,
    AllowedHostsValidator,
    BaseBearerTokenAuthenticationProvider,
)
from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph import GraphRequestAdapter, GraphServiceClient
from msgraph.generated.models.field_value_set import FieldValueSet
from msgraph.generated.models.list_item import ListItem
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph_core import GraphClientFactory

from tests.sandbox import worlds

with warnings.catch_warnings():
    # kiota warns of itself when this is first imported.
    warnings.simplefilter("ignore", DeprecationWarning)
    sites = importlib.import_module(
        "msgraph.generated.sites.item.lists.item.items.items_request_builder"
    )
    views = importlib.import_module(
        "msgraph.generated.users.item.calendar_view.delta.delta_request_builder"
    )

# The SDK's own generated classes warn of themselves whenever one is first imported.
pytestmark = pytest.mark.filterwarnings("ignore:.*deprecated:DeprecationWarning")


class Token(AccessTokenProvider):
    def __init__(self, token, host):
        self.token = token
        self.hosts = AllowedHostsValidator([host])

    def get_allowed_hosts_validator(self):
        return self.hosts

    async def get_authorization_token(self, uri, additional_authentication_context=None):
        return self.token if self.hosts.is_url_host_valid(uri) else ""


@pytest.fixture(scope="module")
def seed_name():
    return "lively"


@pytest.fixture
async def graph(daemon):
    """A client as an application would build it, pointed at the sandbox."""
    daemon.advance("2023-01-10T00:00:00Z")
    context = ssl.create_default_context(cafile=str(daemon.sandbox.ca_file))
    async with httpx.AsyncClient(verify=context, timeout=30) as http:
        transport = http._transport
        wired = GraphClientFactory.create_with_default_middleware(client=http)
        host = urlsplit(daemon.sandbox.url).hostname
        provider = BaseBearerTokenAuthenticationProvider(Token(daemon.token(), host))
        adapter = GraphRequestAdapter(provider, client=wired)
        adapter.base_url = daemon.base
        yield GraphServiceClient(request_adapter=adapter)
        # The middleware put its own transport over this one, and does not close it.
        await transport.aclose()


@pytest.fixture
def site(daemon):
    return daemon.site.removeprefix("/sites/")


async def test_the_sdk_uploads_and_downloads_a_file(graph, site):
    """PUT content by path, GET the item, follow the redirect to its bytes, delta."""
    drives = await graph.sites.by_site_id(site).drives.get()
    drive = graph.drives.by_drive_id(drives.value[0].id)
    by_path = drive.items.by_drive_item_id("root:/sdk/å.txt:")
    item = await by_path.content.put(b"hej")
    assert item.file.hashes.quick_xor_hash
    assert item.created_by.application.id == worlds.DAEMON.client_id
    assert (await drive.items.by_drive_item_id(item.id).get()).name == "å.txt"
    assert await drive.items.by_drive_item_id(item.id).content.get() == b"hej"
    told = await drive.items.by_drive_item_id("root").delta.get()
    assert item.id in {entry.id for entry in told.value}
    with pytest.raises(ODataError) as caught:
        await drive.items.by_drive_item_id("01NONE").get()
    assert caught.value.error.code == "itemNotFound"


async def test_the_sdk_writes_and_reads_list_items(graph, site, provisioner):
    """POST a row, PATCH its fields, GET the rows with their fields expanded."""
    body = {"displayName": "Sdk", "columns": [{"name": "Key", "text": {}, "indexed": True}]}
    made = provisioner.ask("POST", f"{provisioner.site}/lists", json=body).json()
    items = graph.sites.by_site_id(site).lists.by_list_id(made["id"]).items
    fields = FieldValueSet(additional_data={"Title": "rad", "Key": "k"})
    row = await items.post(ListItem(fields=fields))
    changed = FieldValueSet(additional_data={"Title": "ny"})
    await items.by_list_item_id(row.id).fields.patch(changed)
    query = sites.ItemsRequestBuilder.ItemsRequestBuilderGetQueryParameters(
        expand=["fields"], filter="fields/Key eq 'k'"
    )
    page = await items.get(RequestConfiguration(query_parameters=query))
    assert [entry.fields.additional_data["Title"] for entry in page.value] == ["ny"]


async def test_the_sdk_follows_a_calendar_delta(graph):
    """Pages by the Prefer header, each link followed to the delta link."""
    query = views.DeltaRequestBuilder.DeltaRequestBuilderGetQueryParameters(
        start_date_time="2023-01-01T00:00:00Z", end_date_time="2023-01-30T00:00:00Z"
    )
    given = RequestConfiguration(query_parameters=query)
    given.headers.add("Prefer", "odata.maxpagesize=1")
    delta = graph.users.by_user_id(worlds.BOX.mail).calendar_view.delta
    page, events = await delta.get(given), []
    while True:
        events += page.value
        if page.odata_delta_link:
            break
        page = await delta.with_url(page.odata_next_link).get()
    subjects = {event.subject for event in events}
    assert subjects == {"Energidagen", "Inställt: Lunch"}
    assert (await delta.with_url(page.odata_delta_link).get()).value == []


async def test_the_sdk_follows_a_channel_delta(graph):
    """Messages with their authors' kind; the link then tells of nothing more."""
    channel = graph.teams.by_team_id(worlds.WORLD.team).channels.by_channel_id(worlds.COMMON)
    page = await channel.messages.delta.get()
    (message,) = page.value
    assert message.from_.user.display_name == worlds.GUEST.name
    again = await channel.messages.delta.with_url(page.odata_delta_link).get()
    assert again.value == []


async def test_the_sdk_calls_functions_by_a_whole_address_only(graph, daemon):
    """Its own template loses the commas between arguments, which is refused as malformed."""
    meetings = graph.users.by_user_id(worlds.ANNA.id).online_meetings
    call = meetings.get_all_recordingsmeeting_organizer_user_id_meeting_organizer_user_id_with_start_date_time_with_end_date_time  # noqa: E501
    with pytest.raises(ODataError) as caught:
        await call.get()
    assert caught.value.response_status_code == 400
    function = (
        f"getAllRecordings(meetingOrganizerUserId='{worlds.ANNA.id}',"
        "startDateTime=@from,endDateTime=2023-02-01T00:00:00Z)?@from=2023-01-01T00:00:00Z"
    )
    url = f"{daemon.base}/users/{worlds.ANNA.id}/onlineMeetings/{function}"
    assert len((await call.with_url(url).get()).value) == 1
