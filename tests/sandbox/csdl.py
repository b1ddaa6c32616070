"""
Holds answers against Microsoft's own schema of Graph v1.0.

Unknown names are flagged on open types too: there Graph itself would say nothing, and a
misspelt property would pass. Only annotations, and columns in a fieldValueSet, are free.
"""

import gzip
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

SCHEMA = Path(__file__).parents[3] / "shared" / "data" / "graph" / "v1.0-Prod.csdl.gz"
_EDM = "{http://docs.oasis-open.org/odata/ns/edm}"
_EXTRA = {
    # Sent by the service beside the schema: identities carry an address or a tenant.
    "identity": {"email", "tenantId"},
    "teamworkUserIdentity": {"tenantId"},
}
_PATTERNS = {
    "Edm.DateTimeOffset": re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"),
    "Edm.Duration": re.compile(r"^PT(?=\d)(\d+H)?(\d+M)?(\d+S)?$"),
    "Edm.Date": re.compile(r"^\d{4}-\d\d-\d\d$"),
    "Edm.Binary": re.compile(r"^[A-Za-z0-9+/]*={0,2}$"),
}
_KINDS: dict[str, type | tuple[type, ...]] = {
    "Edm.Boolean": bool,
    "Edm.Int32": int,
    "Edm.Int64": int,
    "Edm.Double": (int, float),
    "Edm.String": str,
    "Edm.DateTimeOffset": str,
    "Edm.Duration": str,
    "Edm.Date": str,
    "Edm.Binary": str,
}


@dataclass
class Type:
    name: str
    base: str | None
    properties: dict[str, tuple[str, bool]] = field(default_factory=dict)
    """Name to CSDL type and whether null is allowed."""


class Schema:
    def __init__(self, file: Path) -> None:
        root = ElementTree.fromstring(gzip.decompress(file.read_bytes()))
        self.types: dict[str, Type] = {}
        self.enums: dict[str, set[str]] = {}
        for schema in root.iter(_EDM + "Schema"):
            if schema.get("Namespace") == "microsoft.graph":
                self._read(schema)
            elif schema.get("Alias") == "self":
                # Enumerations of microsoft.graph.security, which types outside it use as well.
                for enum in schema.iter(_EDM + "EnumType"):
                    members = {str(m.get("Name")) for m in enum.iter(_EDM + "Member")}
                    self.enums[f"self.{enum.get('Name')}"] = members

    def _read(self, schema: ElementTree.Element) -> None:
        for enum in schema.iter(_EDM + "EnumType"):
            members = {str(m.get("Name")) for m in enum.iter(_EDM + "Member")}
            self.enums[str(enum.get("Name"))] = members
        for tag in ("EntityType", "ComplexType"):
            for element in schema.iter(_EDM + tag):
                made = Type(str(element.get("Name")), _plain(element.get("BaseType")))
                for child in element:
                    if child.tag in (_EDM + "Property", _EDM + "NavigationProperty"):
                        nullable = child.get("Nullable", "true") == "true"
                        made.properties[str(child.get("Name"))] = (
                            str(child.get("Type")),
                            nullable,
                        )
                self.types[made.name] = made

    def properties(self, name: str) -> dict[str, tuple[str, bool]]:
        found: dict[str, tuple[str, bool]] = {}
        at: str | None = name
        while at is not None:
            found = {**self.types[at].properties, **found}
            at = self.types[at].base
        return found

    def is_a(self, name: str, base: str) -> bool:
        at: str | None = name
        while at is not None:
            if at == base:
                return True
            at = self.types[at].base
        return False

    def faults(self, body: dict[str, Any], type_: str) -> list[str]:
        """What is wrong with an answer of this type; `Collection(…)` for a page."""
        if type_.startswith("Collection("):
            if not isinstance(body.get("value"), list):
                return ["value: is no list"]
            extra = [k for k in body if k != "value" and "@" not in k]
            faults = [f"{name}: not on a page" for name in extra]
            for entry in body["value"]:
                faults += self._entity(entry, type_[11:-1], "value")
            return faults
        return self._entity(body, type_, "")

    def _entity(self, body: Any, type_: str, where: str) -> list[str]:
        if not isinstance(body, dict):
            return [f"{where}: is no object"]
        told = _plain(body.get("@odata.type", "").lstrip("#")) or type_
        if not self.is_a(told, type_):
            return [f"{where}: {told} is no {type_}"]
        known = self.properties(told)
        faults: list[str] = []
        for name, value in body.items():
            if "@" in name:
                continue
            at = f"{where}.{name}".lstrip(".")
            if name not in known:
                free = told == "fieldValueSet" or name in _EXTRA.get(told, ())
                if not free:
                    faults.append(f"{at}: unknown on {told}")
                continue
            faults += self._value(value, *known[name], at)
        return faults

    def _value(self, value: Any, type_: str, nullable: bool, where: str) -> list[str]:
        if type_.startswith("Collection("):
            if not isinstance(value, list):
                return [f"{where}: is no list"]
            inner = type_[11:-1]
            return [f for entry in value for f in self._value(entry, inner, False, where)]
        if value is None:
            return [] if nullable else [f"{where}: must not be null"]
        if type_.startswith("Edm."):
            return _primitive(value, type_, where)
        name = _plain(type_) or ""
        if name in self.enums:
            known = isinstance(value, str) and set(value.split(",")) <= self.enums[name]
            return [] if known else [f"{where}: {value!r} is not in {name}"]
        if name not in self.types:
            return [f"{where}: {type_} is not in the schema"]
        return self._entity(value, name, where)


def _primitive(value: Any, type_: str, where: str) -> list[str]:
    kind = _KINDS.get(type_)
    if kind is None:
        return [f"{where}: {type_} is not expected in JSON"]
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        return [f"{where}: {value!r} is no {type_}"]
    pattern = _PATTERNS.get(type_)
    if pattern is not None and not pattern.match(value):
        return [f"{where}: {value!r} is no {type_}"]
    return []


def _plain(name: str | None) -> str | None:
    if not name:
        return None
    return name.removeprefix("microsoft.graph.").removeprefix("graph.")


@cache
def schema() -> Schema | None:
    """None where the schema file is absent."""
    return Schema(SCHEMA) if SCHEMA.exists() else None
