"""Finds the row of the table for a path, in all the spellings that clients use."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from service.sandbox.wire import Answer, Call, bad_request

Rule = Callable[[Call], None]
"""Lets the call pass or raises GraphError."""
Handler = Callable[[Call], Answer]

_FUNCTION = re.compile(r"^([A-Za-z]+)\((.*)\)$")
_KEY = re.compile(r"^([A-Za-z]+)\('((?:[^']|'')+)'\)$")
_ARGUMENT = re.compile(r"(\w+)\s*=\s*('(?:[^']|'')*'|[^,']+)")
COMMON = frozenset({"$select"})
PAGE = COMMON | {"$top", "$skiptoken", "$skip"}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One call of the service: everything the sandbox knows of it."""

    method: str
    template: str
    """Below `/v1.0`; a drive item may also be addressed by path wherever it is by id."""
    rule: Rule
    type: str | None
    """CSDL type of the answer, `Collection(…)` for pages, None where there is no JSON."""
    cost: int
    """Resource units: 1 to get, 2 to list or change, 5 for permissions."""
    handler: Handler
    options: frozenset[str] = COMMON
    """OData options that the call takes; any other is refused."""
    write: bool = False
    """Whether it changes content of the tenant when it succeeds."""


@dataclass
class _Node:
    below: dict[str, "_Node"] = field(default_factory=dict)
    any: "_Node | None" = None
    any_name: str = ""
    rows: dict[str, Row] = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    rows: Mapping[str, Row]
    """By method."""
    names: Mapping[str, str]


class Routes:
    def __init__(self, rows: tuple[Row, ...]) -> None:
        self.rows = rows
        self._root = _Node()
        for row in rows:
            self._add(row)

    def _add(self, row: Row) -> None:
        node = self._root
        for segment in row.template.strip("/").split("/"):
            if segment.startswith("{"):
                node.any = node.any or _Node()
                node.any_name = segment[1:-1]
                node = node.any
            else:
                node = node.below.setdefault(segment.lower(), _Node())
        node.rows[row.method] = row

    def find(self, path: str) -> Found | None:
        """`path` below `/v1.0`, decoded."""
        names: dict[str, str] = {}
        node: _Node | None = self._root
        for segment in _segments(path, names):
            assert node is not None
            if segment.lower() not in node.below and node.any is not None:
                names[node.any_name] = segment
            node = _nearer(node, segment)
            if node is None:
                return None
        return Found(node.rows, names) if node and node.rows else None

    def stranger(self, path: str) -> str:
        """The first segment of a path that leads nowhere; the last where each leads on."""
        node: _Node | None = self._root
        segment = ""
        for segment in _segments(path, {}):
            node = _nearer(node, segment) if node else None
            if node is None:
                break
        return segment


def _nearer(node: _Node, segment: str) -> _Node | None:
    return node.below.get(segment.lower(), node.any)


def _segments(path: str, names: dict[str, str]) -> list[str]:
    """The path cut up; arguments and by-path addresses go into `names`."""
    rest = re.sub(r"/{2,}", "/", path).strip("/")
    if ":" in rest:
        rest = _without_item_path(rest, names)
    segments = []
    for segment in rest.split("/"):
        key = _KEY.match(segment)
        if key is not None:
            # A key in parentheses is the same as one behind a slash (OData URL conventions 4.3).
            segments += [key[1], key[2].replace("''", "'")]
            continue
        name = segment
        if name.endswith(")"):
            name = _without_arguments(name, names)
        segments.append(name.removeprefix("microsoft.graph."))
    return segments


def _without_arguments(segment: str, names: dict[str, str]) -> str:
    found = _FUNCTION.match(segment.removeprefix("microsoft.graph."))
    if found is None:
        return segment
    arguments = _ARGUMENT.findall(found[2])
    if _ARGUMENT.sub("", found[2]).replace(" ", "") != "," * (len(arguments) - 1):
        raise bad_request(f"The arguments of '{found[1]}' are malformed.")
    for name, value in arguments:
        plain = value.strip()
        if plain.startswith("'"):
            plain = plain[1:-1].replace("''", "'")
        # Some clients encode the argument once more inside the path.
        names[name] = unquote(plain) if "%" in plain else plain
    return found[1]


def _without_item_path(path: str, names: dict[str, str]) -> str:
    """
    Takes `root:/a/b:/children`, `items/{id}:/a:` and `sites/{host}:/sites/x:/drives` apart.

    The second colon may be missing at the end, and may be followed by a slash.
    """
    before, _, after = path.partition(":")
    head = before.split("/")
    is_site = len(head) == 2 and head[0].lower() == "sites"
    is_item = head[-1].lower() == "root" or (len(head) > 1 and head[-2].lower() == "items")
    if not (is_site or is_item) or (after and not after.startswith("/")):
        return path
    address, _, rest = after.partition(":")
    names["site_path" if is_site else "path"] = address.strip("/")
    return before + "/" + rest.strip("/") if rest.strip("/") else before


def item_rows(  # noqa: PLR0913 - the columns of the table
    method: str,
    suffix: str,
    rule: Rule,
    type_: str | None,
    cost: int,
    handler: Handler,
    options: frozenset[str] = COMMON,
    *,
    write: bool = False,
) -> tuple[Row, ...]:
    """
    A call on a drive item, by id and on the root; each also by path.
    """
    return tuple(
        Row(
            method=method,
            template=f"/drives/{{drive}}/{where}{suffix}",
            rule=rule,
            type=type_,
            cost=cost,
            handler=handler,
            options=options,
            write=write,
        )
        for where in ("root", "items/{item}")
    )


def row(  # noqa: PLR0913 - the columns of the table
    method: str,
    template: str,
    rule: Rule,
    type_: str | None,
    cost: int,
    handler: Handler,
    options: frozenset[str] = COMMON,
    *,
    write: bool = False,
) -> tuple[Row, ...]:
    return (
        Row(
            method=method,
            template=template,
            rule=rule,
            type=type_,
            cost=cost,
            handler=handler,
            options=options,
            write=write,
        ),
    )
