"""Messages of a channel."""

from datetime import datetime

from service.observe import SeenLink, SeenMessage


def message(created: datetime, text: str = "", **more: object) -> SeenMessage:
    values: dict[str, object] = {
        "id": "1",
        "created": created,
        "author": "person-1",
        "author_name": "",
        "text": text,
        "links": (),
        "replies": (),
        "url": "https://teams.microsoft.com/l/message/1",
    }
    return SeenMessage(**(values | more))  # type: ignore[arg-type]


def shared(created: datetime, url: str, title: str = "", **more: object) -> SeenMessage:
    return message(created, links=(SeenLink(title=title, url=url),), **more)
