"""
Microsoft's clouds, and where each has what we ask.

Graph: https://learn.microsoft.com/graph/deployments. Entra ID:
https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud. Connector:
https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/send-proactive-messages
(its global addresses by environment) and, for the tokens,
https://learn.microsoft.com/azure/bot-service/how-to-deploy-gov-cloud-high and
https://learn.microsoft.com/azure/bot-service/how-to-deploy-china-cloud. No page names China's
connector: that one is as others have met it, and NATVERKET_BOT_URL wins over it.
"""

from dataclasses import dataclass
from enum import StrEnum


class Cloud(StrEnum):
    PUBLIC = "public"
    """GCC is in it, too."""
    US_GOVERNMENT = "usgov"
    """GCC High."""
    US_DEFENCE = "usgov-dod"
    CHINA = "china"
    """Operated by 21Vianet."""


@dataclass(frozen=True, kw_only=True)
class Hosts:
    graph: str
    authority: str
    bot: str
    bot_scope: str
    """What the bot's tokens are for."""


HOSTS = {
    Cloud.PUBLIC: Hosts(
        graph="https://graph.microsoft.com",
        authority="https://login.microsoftonline.com",
        bot="https://smba.trafficmanager.net/teams",
        bot_scope="https://api.botframework.com/.default",
    ),
    Cloud.US_GOVERNMENT: Hosts(
        graph="https://graph.microsoft.us",
        authority="https://login.microsoftonline.us",
        bot="https://smba.infra.gov.teams.microsoft.us/teams",
        bot_scope="https://api.botframework.us/.default",
    ),
    Cloud.US_DEFENCE: Hosts(
        graph="https://dod-graph.microsoft.us",
        authority="https://login.microsoftonline.us",
        bot="https://smba.infra.dod.teams.microsoft.us/teams",
        bot_scope="https://api.botframework.us/.default",
    ),
    Cloud.CHINA: Hosts(
        graph="https://microsoftgraph.chinacloudapi.cn",
        authority="https://login.partner.microsoftonline.cn",
        bot="https://msteams.botframework.azure.cn/teams",
        bot_scope="https://api.botframework.azure.cn/.default",
    ),
}
