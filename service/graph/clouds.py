"""
Which addresses are Microsoft's own, in the public and the national clouds.

https://learn.microsoft.com/graph/deployments and
https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud
"""

from urllib.parse import urlsplit

PUBLIC_AUTHORITIES = frozenset(
    {
        "login.microsoftonline.com",
        "login.microsoftonline.us",
        "login.partner.microsoftonline.cn",
    }
)
PUBLIC_GRAPHS = frozenset(
    {
        "graph.microsoft.com",
        "graph.microsoft.us",
        "dod-graph.microsoft.us",
        "microsoftgraph.chinacloudapi.cn",
    }
)


def resource(graph_url: str, *, stands_for: str = "https://graph.microsoft.com") -> str:
    """Name Graph as Entra ID knows it; a sandbox or proxy stands for that of the cloud."""
    host = urlsplit(graph_url).hostname or ""
    return f"https://{host}" if host in PUBLIC_GRAPHS else stands_for


def scope(graph_url: str, *, stands_for: str = "https://graph.microsoft.com") -> str:
    """Name what the token is for."""
    return f"{resource(graph_url, stands_for=stands_for)}/.default"
