"""Parts of a download: the Range header and its conditions (RFC 9110, 13.1.5 and 14)."""

from service.sandbox.wire import GraphError


def byte_range(text: str, size: int) -> tuple[int, int]:
    """
    First byte and count of a Range header. Raises 416 for one that lies outside the file, and
    for several at once, which the service does not give.
    """
    unit, _, span = text.partition("=")
    first, _, last = (part.strip() for part in span.partition("-"))
    refused = GraphError(
        416, "invalidRange", "The range is not satisfiable.", {"Content-Range": f"bytes */{size}"}
    )
    if unit.strip().lower() != "bytes" or not (first + last).isdigit():
        raise refused
    if not first:
        start, end = max(0, size - int(last)), size - 1
    else:
        start, end = int(first), min(int(last) if last else size - 1, size - 1)
    if start > end:
        raise refused
    return start, end - start + 1


def is_wanted(if_range: str | None, tag: str) -> bool:
    """Whether a Range header counts: If-Range names what is there, or is absent."""
    return if_range is None or if_range.strip() == tag


def has_it(if_none_match: str | None, tag: str) -> bool:
    if if_none_match is None:
        return False
    given = {one.strip().removeprefix("W/") for one in if_none_match.split(",")}
    return bool({"*", tag} & given)
