"""The transport that posts nothing: cards are shown in the log and left unposted."""

import structlog

from service.ports import Delivery, Message, Receipt

log = structlog.get_logger()


class DryPoster:
    """Implements `Poster`. What it was given stays unposted, also when a real one is set later."""

    async def post(self, message: Message) -> Receipt:
        log.info("post_shown", title=message.card.title)
        return Receipt(delivery=Delivery.REFUSED, reason="NATVERKET_NETWORK_POST_VIA is dry")
