"""What Teams itself says in a channel, in words: who was added by whom, what is called what."""

import re
from collections.abc import Callable

from service.sandbox.look.words import whom
from service.sandbox.tenant import Tenant
from service.sandbox.wire import Json

_Told = Callable[[str, str, Json], str]
_DURATION = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?")


def announced(tenant: Tenant, detail: Json) -> str:
    """`detail` is the eventDetail of a system message."""
    kind = str(detail.get("@odata.type", "")).rpartition(".")[2].removesuffix("EventMessageDetail")
    by = _user(tenant, detail.get("initiator")) or "Någon"
    members = [_name(tenant, one) for one in detail.get("members") or []]
    told = _WORDS.get(kind)
    return told(by, _together(members), detail) if told else "Teams meddelar att något ändrats."


def _user(tenant: Tenant, identity: Json | None) -> str | None:
    user = (identity or {}).get("user")
    return _name(tenant, user) if user else None


def _name(tenant: Tenant, user: Json) -> str:
    return whom(tenant, f"user:{user.get('id')}")


def _together(names: list[str]) -> str:
    if len(names) < 2:
        return names[0] if names else "någon"
    return f"{', '.join(names[:-1])} och {names[-1]}"


def _ended(_by: str, _members: str, detail: Json) -> str:
    found = _DURATION.fullmatch(str(detail.get("callDuration", "")))
    hours, minutes, seconds = (int(one or 0) for one in found.groups()) if found else (0, 0, 0)
    lasted = [f"{n} {unit}" for n, unit in ((hours, "tim"), (minutes, "min"), (seconds, "s")) if n][
        :2
    ]
    return f"Mötet är slut. Det varade {' '.join(lasted)}." if lasted else "Mötet är slut."


_WORDS: dict[str, _Told] = {
    "membersAdded": lambda by, members, _: f"{by} lade till {members}.",
    "membersDeleted": lambda by, members, _: f"{by} tog bort {members}.",
    "membersJoined": lambda _by, members, _: f"{members} gick med.",
    "membersLeft": lambda _by, members, _: f"{members} lämnade.",
    "channelAdded": lambda by, _, detail: f"{by} lade upp kanalen {_new(detail)}.",
    "channelRenamed": lambda by, _, detail: f"{by} döpte om kanalen till {_new(detail)}.",
    "channelDescriptionUpdated": lambda by, _m, _d: f"{by} ändrade kanalens beskrivning.",
    "teamRenamed": lambda by, _m, _d: f"{by} döpte om teamet.",
    "teamDescriptionUpdated": lambda by, _m, _d: f"{by} ändrade teamets beskrivning.",
    "callStarted": lambda by, _m, _d: f"{by} började ett möte i kanalen.",
    "callEnded": _ended,
    "callRecording": lambda by, _m, _d: f"{by} spelade in mötet.",
}


def _new(detail: Json) -> str:
    return str(detail.get("channelDisplayName") or "ett nytt namn")
