"""What is wrong with settings, in words: the name, the reason, what to write instead."""

from collections.abc import Iterator
from difflib import get_close_matches

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from service.settings.fields import Named
from service.settings.kinds import is_loopback
from service.settings.rows import rows, setting_name


def problem(name: str, reason: str, write: str = "") -> str:
    """Put a problem into words."""
    return f"{name}: {reason}" + (f"; write {write}" if write else "")


def of_validation(error: ValidationError, model: type[Named]) -> Iterator[str]:
    """Tell what pydantic found, without any value that was given."""
    write = {row.name: row.write for row in rows()}
    for found in error.errors(include_url=False, include_input=False):
        name = setting_name(model, str(found["loc"][0]))
        yield problem(name, reason_of(found), write.get(name, ""))


def reason_of(found: ErrorDetails) -> str:
    """Put one finding of pydantic into plain words."""
    kind = found["type"]
    if kind == "value_error":
        return str(found["ctx"]["error"])
    return REASONS.get(kind, found["msg"][:1].lower() + found["msg"][1:])


REASONS = {
    "missing": "is not set",
    "extra_forbidden": "there is no such entry",
    "literal_error": "is none of those that there are",
    "enum": "is none of those that there are",
    "int_parsing": "is not a whole number",
    "bool_parsing": "is neither true nor false",
    "path_not_file": "there is no such file",
    "greater_than_equal": "is too small",
    "less_than_equal": "is too large",
}


def nearest(name: str, known: list[str]) -> str:
    """Return the right name that is most like a wrong one, or where all stand."""
    found = get_close_matches(name, known, n=1)
    return found[0] if found else "a name from config/natverket.example.env"


# ---------------------------------------------------------------- what must fit together


def of_installation(given: dict[str, str]) -> Iterator[str]:
    """Check the settings that only make sense with or without others."""
    secret, certificate = "NATVERKET_CLIENT_SECRET", "NATVERKET_CLIENT_CERTIFICATE_FILE"
    if secret in given and certificate in given:
        yield problem(certificate, f"stands beside {secret}", "one of the two")
    if secret not in given and certificate not in given:
        yield problem(secret, "is not set", f"the app's secret, or {certificate}")
    needs_certificate = "NATVERKET_CLIENT_CERTIFICATE_PASSWORD"
    if needs_certificate in given and certificate not in given:
        reason = f"is not set but {needs_certificate} is"
        yield problem(certificate, reason, "the certificate's path")
    for app in ("PROVISION", "BOT"):
        pair = (f"NATVERKET_{app}_CLIENT_ID", f"NATVERKET_{app}_CLIENT_SECRET")
        for one, other in (pair, pair[::-1]):
            if one in given and other not in given:
                yield problem(other, f"is not set but {one} is", "both or neither")
    graph = given.get("NATVERKET_GRAPH_URL", "https://graph.microsoft.com")
    if "NATVERKET_CLOCK_URL" in given and not is_loopback(graph):
        reason = "is for the sandbox alone, and NATVERKET_GRAPH_URL is not on this machine"
        yield problem("NATVERKET_CLOCK_URL", reason, "nothing")
