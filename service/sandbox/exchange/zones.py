"""Time zones by their Windows and IANA names, and times written in them."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from service.sandbox.switches import Switch
from service.sandbox.wire import Call, GraphError, Json, bad_request

IANA_ZONES = Switch(
    name="iana_time_zones",
    values=("accepted", "refused"),
    about="Does Prefer: outlook.timezone take IANA names beside Windows'? (graph-facts 4)",
)

# Windows' names as in the Unicode consortium's windowsZones, the ones of Europe and UTC.
_WINDOWS = {
    "UTC": "UTC",
    "W. Europe Standard Time": "Europe/Berlin",
    "Romance Standard Time": "Europe/Paris",
    "Central European Standard Time": "Europe/Warsaw",
    "Central Europe Standard Time": "Europe/Budapest",
    "FLE Standard Time": "Europe/Helsinki",
    "GTB Standard Time": "Europe/Bucharest",
    "E. Europe Standard Time": "Europe/Chisinau",
    "GMT Standard Time": "Europe/London",
    "Greenwich Standard Time": "Atlantic/Reykjavik",
    "Turkey Standard Time": "Europe/Istanbul",
    "Russian Standard Time": "Europe/Moscow",
    "Eastern Standard Time": "America/New_York",
    "Pacific Standard Time": "America/Los_Angeles",
    "Tokyo Standard Time": "Asia/Tokyo",
}
_WINDOWS_OF = {
    **{iana: windows for windows, iana in _WINDOWS.items()},
    "Etc/UTC": "UTC",
    "Europe/Stockholm": "W. Europe Standard Time",
    "Europe/Oslo": "W. Europe Standard Time",
    "Europe/Copenhagen": "Romance Standard Time",
}
_WRITTEN = "%Y-%m-%dT%H:%M:%S.0000000"


def windows_name(iana: str) -> str:
    """As Exchange keeps an event's own zone; a zone without such a name goes by its own."""
    return _WINDOWS_OF.get(iana, iana)


def preferred(call: Call) -> tuple[str, ZoneInfo]:
    """The zone in which the caller wants times, and its name as given; UTC if none is."""
    name = call.prefers("outlook.timezone") or "UTC"
    iana = _WINDOWS.get(name)
    if iana is None and IANA_ZONES.read(call.tenant) == "refused":
        raise _unknown(name)
    try:
        return name, ZoneInfo(iana or name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise _unknown(name) from error


def _unknown(name: str) -> GraphError:
    return bad_request(
        f"A valid TimeZone value must be specified. Found: '{name}'.", "TimeZoneNotSupported"
    )


def written(text: str, zone: tuple[str, ZoneInfo], floating: str | None = None) -> Json:
    """
    A dateTimeTimeZone of a kept time. `floating` is the own zone of an all-day event, whose
    days are midnight to midnight wherever they are read.
    """
    name, info = zone
    at = datetime.fromisoformat(text).astimezone(ZoneInfo(floating) if floating else info)
    return {"dateTime": at.strftime(_WRITTEN), "timeZone": name}
