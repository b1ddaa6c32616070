"""
Bot Framework's connector, as far as a bot needs it to post by itself.

Codes and messages: "Status codes from bot conversational APIs" (msteams-docs, Conversation
basics); limits: "Rate limiting" there (graph-facts 1.7).
"""

import html
import re
from typing import Any
from urllib.parse import unquote

import jwt
import msgspec

from service.sandbox.entra.tokens import Signer
from service.sandbox.knock import Entry, Knock, RefusedError, refused
from service.sandbox.store import Row, guid
from service.sandbox.teams import cards, rates, roster, threads
from service.sandbox.teams.roster import Member
from service.sandbox.teams.runs import card_attachment, marker
from service.sandbox.teams.sanitise import Sanitised
from service.sandbox.teams.threads import Draft
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import App, Channel
from service.sandbox.wire import Answer, Json

AUDIENCE = "https://api.botframework.com"
_PATH = re.compile(
    r"^/(?:\w+/)?v3/conversations(?:/(?P<conversation>[^/]+)"
    r"(?:/(?P<what>activities|members|pagedmembers)(?:/(?P<one>[^/]+))?)?)?/?$"
)
_MOST_BYTES = 40 * 1024
"""Documented; larger ones are reported to pass (graph-facts 1.3)."""


def receive_activity(tenant: Tenant, signer: Signer, knock: Knock) -> Entry | None:
    """None for an address that is not the connector's. Raises RefusedError."""
    found = _PATH.match(knock.path)
    if found is None:
        return None
    app = _bot(tenant, signer, knock)
    if len(knock.body) > _MOST_BYTES:
        raise refused(413, "MessageSizeTooBig", "Message size too large.")
    conversation, what, one = found["conversation"], found["what"], found["one"]
    call = _Conversation(tenant, app, knock)
    if conversation is None and knock.method == "POST":
        answer = call.begin()
    elif conversation is not None and what == "activities":
        answer = call.activity(unquote(conversation), one)
    elif conversation is not None and what and knock.method == "GET":
        answer = call.members(unquote(conversation), one, paged=what == "pagedmembers")
    else:
        raise refused(405, "BadRequest", "The requested resource does not support this method.")
    return Entry(answer=answer, app=app.client_id, wrote=knock.method != "GET")


def _bot(tenant: Tenant, signer: Signer, knock: Knock) -> App:
    """Whose token it is; tokens for Graph are none here."""
    denied = RefusedError(401, {"message": "Authorization has been denied for this request."})
    scheme, _, token = knock.headers.get("authorization", "").partition(" ")
    if scheme.casefold() != "bearer":
        raise denied
    try:
        claims: dict[str, Any] = jwt.decode(
            token, jwt.PyJWK(signer.public_jwk(), "RS256").key, ["RS256"], audience=AUDIENCE
        )
    except jwt.InvalidTokenError as error:
        raise denied from error
    app = tenant.apps.get(claims.get("appid", claims.get("azp", "")))
    if app is None:
        raise refused(401, "BotNotRegistered", "No registration found for this bot.")
    return app


class _Conversation:
    """One request of one bot."""

    def __init__(self, tenant: Tenant, app: App, knock: Knock) -> None:
        self.tenant = tenant
        self.app = app
        self.knock = knock
        self.author = f"bot:{app.client_id}"

    def begin(self) -> Answer:
        """A new thread in the channel that `channelData` names."""
        body = self._json()
        data = body.get("channelData")
        channel = data.get("channel") if isinstance(data, dict) else None
        key = channel.get("id") if isinstance(channel, dict) else None
        if not isinstance(key, str):
            raise _bad("Incorrect conversation creation parameters: channelData.channel.id.")
        activity = body.get("activity")
        if not isinstance(activity, dict):
            raise _bad("Activity resulted into multiple skype activities: it is missing.")
        there = self._channel(key)
        self._count(there)
        row = self._write(there, activity, None)
        answer = {"id": f"{there.id};messageid={row['id']}", "activityId": row["id"]}
        return Answer(status=201, body=answer)

    def activity(self, conversation: str, key: str | None) -> Answer:
        """`POST` writes or replies, `PUT` and `DELETE` change what the bot has written."""
        channel, root = self._thread(conversation)
        self._count(channel)
        if self.knock.method == "POST":
            answered = root if key is None else self._message(channel, key)
            row = self._write(channel, self._json(), answered)
            return Answer(status=201, body={"id": row["id"]})
        if key is None or self.knock.method not in ("PUT", "DELETE"):
            raise refused(405, "BadRequest", "The requested resource does not support this method.")
        row = self._message(channel, key)
        if row["author"] != self.author:
            raise refused(403, "NotEnoughPermissions", "The bot has not sent this message.")
        if self.knock.method == "DELETE":
            threads.delete(self.tenant, row)
            return Answer(status=200)
        draft = self._draft(self._json(), row["reply_to"])
        attachments = msgspec.json.encode(draft.attachments).decode()
        threads.edit(self.tenant, row, html=draft.html, attachments=attachments)
        return Answer(body={"id": row["id"]})

    def members(self, conversation: str, one: str | None, *, paged: bool) -> Answer:
        channel, _ = self._thread(conversation)
        self._limit(f"roster/{channel.id}", rates.BOT_ROSTER)
        found = [self._account(member) for member in roster.members(self.tenant, channel)]
        if one is not None:
            mine = [a for a in found if unquote(one) in (a["id"], a["objectId"])]
            if not mine:
                raise refused(404, "MemberNotFoundInConversation", "Member not found.")
            return Answer(body=mine[0])
        if paged:
            return Answer(body={"members": found})
        return Answer(raw=msgspec.json.encode(found), headers={"Content-Type": "application/json"})

    def _json(self) -> Json:
        try:
            body = msgspec.json.decode(self.knock.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise _bad("Invalid JSON in the request body.") from error
        if not isinstance(body, dict):
            raise _bad("Invalid JSON in the request body.")
        return body

    def _thread(self, conversation: str) -> tuple[Channel, Row | None]:
        """A channel, or one of its threads (`…;messageid=…`)."""
        key, _, root = conversation.partition(";messageid=")
        channel = self._channel(key)
        return channel, self._message(channel, root) if root else None

    def _channel(self, key: str) -> Channel:
        """Where the bot may write; a private channel has a roster without bots."""
        channel = self.tenant.channels.get(key)
        if channel is None:
            if not key.startswith("19:"):
                raise refused(400, "BadSyntax", "Bad format of conversation ID")
            raise refused(404, "ConversationNotFound", "Conversation not found.")
        state = roster.app_state(self.tenant, self.app.client_id)
        if state == "absent" or channel.membership == "private":
            raise refused(
                403,
                "BotNotInConversationRoster",
                "The bot is not part of the conversation roster.",
            )
        if state == "blocked" and self.knock.method != "GET":
            raise RefusedError(403, _blocked())
        return channel

    def _message(self, channel: Channel, key: str) -> Row:
        row = threads.found(self.tenant, channel.id, key)
        if row is None or row["deleted_at"] is not None:
            raise refused(404, "ActivityNotFoundInConversation", "Conversation not found.")
        return row

    def _count(self, channel: Channel) -> None:
        self._limit(channel.id, rates.BOT)

    def _limit(self, what: str, windows: rates.Windows) -> None:
        wait = rates.spend(self.tenant, f"bot/{self.app.client_id}/{what}", windows)
        if wait is not None:
            raise refused(
                429,
                "Throttled",
                f"Too many requests. Retry after {wait} seconds.",
                {"Retry-After": str(wait)},
            )

    def _write(self, channel: Channel, activity: Json, answered: Row | None) -> Row:
        root = (answered["reply_to"] or answered["id"]) if answered else None
        return threads.write(self.tenant, channel.id, self._draft(activity, root))

    def _draft(self, activity: Json, root: str | None) -> Draft:
        if activity.get("type") != "message":
            raise _bad(f"Unknown activity type: {activity.get('type')}.")
        text, attachments = activity.get("text") or "", activity.get("attachments") or []
        if not isinstance(text, str) or not isinstance(attachments, list):
            raise _bad("Invalid text or attachments.")
        if not text and not attachments:
            raise _bad("Activity must have text or attachments.")
        is_markup = activity.get("textFormat") == "xml"
        shown = Sanitised(text).html if is_markup else html.escape(text, quote=False)
        found = [self._attachment(number, one) for number, one in enumerate(attachments)]
        markers = "".join(marker(one["id"]) for one in found)
        body = f"<p>{shown}</p>{markers}" if shown else markers
        return Draft(author=self.author, html=body, reply_to=root, attachments=found)

    def _attachment(self, number: int, given: object) -> Json:
        kind = given.get("contentType") if isinstance(given, dict) else None
        if not isinstance(given, dict) or kind != cards.CARD:
            raise _bad(f"Unknown attachment type: {kind}.")
        try:
            card = cards.checked(self.tenant, given.get("content"), by_flow=False)
        except cards.BadCardError as error:
            raise refused(400, "BadSyntax", str(error)) from error
        key = guid("activity", str(self.tenant.store.next_seq()), str(number)).replace("-", "")
        return card_attachment(key, card)

    def _account(self, member: Member) -> Json:
        person = member.person
        first, _, last = person.name.partition(" ")
        return {
            "id": f"29:{guid(self.app.client_id, person.id).replace('-', '')}",
            "objectId": person.id,
            "aadObjectId": person.id,
            "name": person.name,
            "givenName": first,
            "surname": last,
            "email": person.mail,
            "userPrincipalName": person.mail,
            "tenantId": self.tenant.world.tenant_id,
            "userRole": "guest" if person.guest else "user",
        }


def _bad(message: str) -> RefusedError:
    return refused(400, "Bad Argument", message)


def _blocked() -> Json:
    """As told in "Send proactive messages" (msteams-docs)."""
    return {
        "errorCode": 209,
        "message": '{\r\n  "subCode": "MessageWritesBlocked",\r\n  "details": "Thread is not '
        'writable by the bot.",\r\n  "errorCode": null,\r\n  "errorSubCode": null\r\n}',
    }
