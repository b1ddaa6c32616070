"""
What is asked of the tenant to see whether a right is there, beyond what the jobs ask.

Nothing here leaves a trace: everything reads, or is refused or given up before anything is
made. No answer's content is kept.
"""

from dataclasses import dataclass

from service.graph.bot import Connector
from service.graph.client import Graph
from service.graph.probes.channels import ChannelProbes
from service.graph.probes.entrance import EntranceProbes
from service.graph.probes.lists import ListProbes
from service.graph.probes.mailbox import MailboxProbes
from service.graph.probes.meetings import MeetingProbes

__all__ = ["Probes", "probes_of"]


@dataclass(frozen=True, kw_only=True)
class Probes:
    entrance: EntranceProbes
    lists: ListProbes
    mailbox: MailboxProbes
    meetings: MeetingProbes
    channels: ChannelProbes


def probes_of(graph: Graph, connector: Connector) -> Probes:
    return Probes(
        entrance=EntranceProbes(graph),
        lists=ListProbes(graph),
        mailbox=MailboxProbes(graph),
        meetings=MeetingProbes(graph),
        channels=ChannelProbes(graph, connector),
    )
