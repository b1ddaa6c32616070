"""What is wrong with settings, in words: the name, the reason, what to write instead."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from service.settings.fields import Named
from service.settings.kinds import is_loopback
from service.settings.rows import rows, setting_name
from service.settings.sources import Given


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


WAYS = {
    "NATVERKET_CLIENT_CERTIFICATE_FILE": "the path of a certificate with its key",
    "NATVERKET_CLIENT_SECRET": "the app's secret",
    "NATVERKET_MANAGED_IDENTITY": "system or a client id",
    "NATVERKET_FEDERATED_TOKEN_FILE": "the path of another issuer's token",
}
"""The ways in which the app signs in, and what each wants."""
AZURES_OWN = "AZURE_FEDERATED_TOKEN_FILE"
"""What Azure's workload identity sets in a pod. It is not taken unasked: one name, one meaning."""


def of_installation(given: Mapping[str, Given], environment: Mapping[str, str]) -> Iterator[str]:
    """Check the settings that only make sense with or without others."""
    yield from _ways(given, environment)
    certificate = "NATVERKET_CLIENT_CERTIFICATE_FILE"
    needs_certificate = "NATVERKET_CLIENT_CERTIFICATE_PASSWORD"
    if needs_certificate in given and certificate not in given:
        reason = f"is not set but {needs_certificate} is"
        yield problem(certificate, reason, "the certificate's path")
    for app in ("PROVISION", "BOT"):
        pair = (f"NATVERKET_{app}_CLIENT_ID", f"NATVERKET_{app}_CLIENT_SECRET")
        for one, other in (pair, pair[::-1]):
            if one in given and other not in given:
                yield problem(other, f"is not set but {one} is", "both or neither")
    graph = given.get("NATVERKET_GRAPH_URL")
    if "NATVERKET_CLOCK_URL" in given and not (graph and is_loopback(graph.text)):
        reason = "is for the sandbox alone, and NATVERKET_GRAPH_URL is not on this machine"
        yield problem("NATVERKET_CLOCK_URL", reason, "nothing")


def _ways(given: Mapping[str, Given], environment: Mapping[str, str]) -> Iterator[str]:
    """Exactly one way to sign in must have been given."""
    chosen = [name for name in WAYS if name in given]
    if len(chosen) > 1:
        told = " and ".join(f"{name} ({given[name].source})" for name in chosen)
        yield problem(chosen[0], f"more than one way to sign in is set: {told}", "one of them")
    if "NATVERKET_MANAGED_IDENTITY" in given and "NATVERKET_CLIENT_ID" in given:
        identity, app = given["NATVERKET_MANAGED_IDENTITY"], given["NATVERKET_CLIENT_ID"]
        if identity.text.lower() not in ("system", app.text.lower()):
            # What the service has written is known by the id of whoever signed in.
            reason = "is another than NATVERKET_CLIENT_ID"
            yield problem("NATVERKET_MANAGED_IDENTITY", reason, "the identity's client id in both")
    if not chosen:
        others = ", ".join(name for name in WAYS if name != "NATVERKET_CLIENT_SECRET")
        write = f"the app's secret, or one of {others}"
        if environment.get(AZURES_OWN):
            write = (
                f"NATVERKET_FEDERATED_TOKEN_FILE={environment[AZURES_OWN]} to sign in by the token "
                f"that {AZURES_OWN} names, or {write}"
            )
        yield problem("NATVERKET_CLIENT_SECRET", "is not set", write)
