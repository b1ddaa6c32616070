"""The table's rows on channels."""

import re

from service.sandbox.routes import PAGE, Row, row
from service.sandbox.teams import activity, channels, messages, posting, rules, tags, taking_back

_NOTHING: frozenset[str] = frozenset()

_CHANNEL = "/teams/{team}/channels/{channel}"
_MESSAGE = f"{_CHANNEL}/messages/{{message}}"
_REPLY = f"{_MESSAGE}/replies/{{reply}}"
IN_BETA = re.compile(r"^teams/[^/]+/channels/[^/]+/messages(/[^/]+)?$", re.IGNORECASE)
"""What is there below `/beta` as well, where a message may mention a tag: v1.0 knows no such."""
TEAMS: tuple[Row, ...] = (
    *row("GET", "/teams/{team}", rules.TEAM, "team", 1, channels.get_team),
    *row(
        "GET",
        "/teams/{team}/members",
        rules.TEAM_MEMBERS,
        "Collection(conversationMember)",
        1,
        channels.list_team_members,
        PAGE,
    ),
    *row(
        "GET",
        f"{_CHANNEL}/members",
        rules.CHANNEL_MEMBERS,
        "Collection(conversationMember)",
        1,
        channels.list_channel_members,
        PAGE,
    ),
    *row(
        "POST",
        "/teams/{team}/sendActivityNotification",
        rules.notify,
        None,
        1,
        activity.send_notification,
        _NOTHING,
        write=True,
    ),
    *row(
        "GET",
        "/teams/{team}/channels",
        rules.channel_list,
        "Collection(channel)",
        1,
        channels.list_channels,
    ),
    *row("GET", _CHANNEL, rules.channel_list, "channel", 1, channels.get_channel),
    *row(
        "GET",
        f"{_CHANNEL}/messages",
        rules.channel_messages,
        "Collection(chatMessage)",
        1,
        messages.list_messages,
        frozenset({"$top", "$expand", "$skiptoken"}),
    ),
    *row(
        "GET",
        f"{_CHANNEL}/messages/delta",
        rules.channel_messages,
        "Collection(chatMessage)",
        1,
        messages.messages_delta,
        frozenset({"$top", "$expand", "$filter", "$skiptoken", "$deltatoken"}),
    ),
    *row(
        "GET",
        f"{_CHANNEL}/messages/{{message}}",
        rules.channel_messages,
        "chatMessage",
        1,
        messages.get_message,
        _NOTHING,
    ),
    *row(
        "GET",
        f"{_CHANNEL}/messages/{{message}}/replies",
        rules.channel_messages,
        "Collection(chatMessage)",
        1,
        messages.list_replies,
        frozenset({"$top", "$skiptoken"}),
    ),
    *row("GET", _REPLY, rules.channel_messages, "chatMessage", 1, messages.get_message, _NOTHING),
    *(
        entry
        for where in (_MESSAGE, _REPLY)
        for entry in row(
            "GET",
            f"{where}/hostedContents/{{content}}/$value",
            rules.channel_messages,
            None,
            1,
            messages.hosted_content,
            _NOTHING,
        )
    ),
    *row(
        "POST",
        f"{_CHANNEL}/messages",
        rules.send,
        "chatMessage",
        2,
        posting.post_message,
        _NOTHING,
        write=True,
    ),
    *row(
        "POST",
        f"{_MESSAGE}/replies",
        rules.send,
        "chatMessage",
        2,
        posting.post_reply,
        _NOTHING,
        write=True,
    ),
    *(
        entry
        for where in (_MESSAGE, _REPLY)
        for entry in row(
            "PATCH", where, rules.change, None, 2, posting.patch_message, _NOTHING, write=True
        )
    ),
    *(
        entry
        for where in (_MESSAGE, _REPLY)
        for name, handler in (
            ("softDelete", taking_back.soft_delete),
            ("undoSoftDelete", taking_back.undo_soft_delete),
        )
        for entry in row(
            "POST", f"{where}/{name}", rules.take_back, None, 2, handler, _NOTHING, write=True
        )
    ),
    *row(
        "GET", "/teams/{team}/tags", rules.tags, "Collection(teamworkTag)", 1, tags.list_tags, PAGE
    ),
)
