"""What a program meets that wants answers from Forms itself (graph-facts 7.1)."""

from service.sandbox.knock import Entry, Knock, refused

_PATH = "/formapi/"


def no_api(knock: Knock) -> Entry | None:
    """
    The undocumented service behind the web page takes people only: 401, and 403 for an app.

    Its numbers are UNVERIFIED; Graph itself knows no such segment and says so.
    """
    if not knock.path.casefold().startswith(_PATH):
        return None
    if "authorization" not in knock.headers:
        raise refused(401, "701", "Required user login.")
    raise refused(403, "712", "The application has no permission to access this form.")
