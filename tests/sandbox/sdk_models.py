"""
Takes answers through the SDK's own models and back: what it does not know, it loses or keeps
aside, and either is a sign that the shape is not Graph's.
"""

import importlib
import json
import re
import warnings
from datetime import datetime
from functools import cache
from typing import Any

from kiota_abstractions.serialization import Parsable
from kiota_serialization_json.json_parse_node_factory import JsonParseNodeFactory
from kiota_serialization_json.json_serialization_writer import JsonSerializationWriter

LOST = {
    "Identity.email": "SharePoint tells a person's address, which no schema names",
    "Identity.tenantId": "online meetings tell the tenant of an identity, which no schema names",
    "TeamworkUserIdentity.tenantId": "Teams tells a guest's home tenant, which no schema names",
}
"""Type and property to the reason why it may be lost."""
_TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$")
_LENGTH = re.compile(r"^PT(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$")


def losses(entity: dict[str, Any], type_: str) -> list[str]:
    """Paths of what one entity of this CSDL type does not bring back unchanged."""
    told = str(entity.get("@odata.type", "")).rpartition(".")[2] or type_
    node = JsonParseNodeFactory().get_root_parse_node(
        "application/json", json.dumps(entity).encode()
    )
    with warnings.catch_warnings():
        # Generated classes warn of themselves when first imported.
        warnings.simplefilter("ignore", DeprecationWarning)
        model = node.get_object_value(_model(told))
        found = list(_aside(model, told))
        writer = JsonSerializationWriter()
        writer.write_object_value(None, model)
    back = json.loads(writer.get_serialized_content())
    return [*found, *_changed(entity, back, told)]


@cache
def _model(type_: str) -> Any:
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", type_).lower()
    if type_ == "list":  # a word of Python's own
        return importlib.import_module("msgraph.generated.models.list_").List_
    module = importlib.import_module(f"msgraph.generated.models.{name}")
    return getattr(module, type_[0].upper() + type_[1:])


def _aside(value: Any, where: str) -> Any:
    """Names that a model has put aside as unknown, at any depth."""
    if isinstance(value, list):
        for entry in value:
            yield from _aside(entry, where)
    if not isinstance(value, Parsable):
        return
    kind = type(value).__name__
    if kind != "FieldValueSet":
        for name in getattr(value, "additional_data", {}):
            if "@" not in name and f"{kind}.{name}" not in LOST:
                yield f"{kind}.{name} is unknown to the model"
    for name, inner in vars(value).items():
        if name not in ("additional_data", "backing_store"):
            yield from _aside(inner, f"{where}.{name}")


def _changed(sent: Any, back: Any, where: str) -> Any:
    if isinstance(sent, dict):
        for name, value in sent.items():
            if value is None or value == {} or name.startswith("@"):
                continue
            if not isinstance(back, dict) or name not in back:
                yield f"{where}.{name} is lost"
            else:
                yield from _changed(value, back[name], f"{where}.{name}")
    elif isinstance(sent, list):
        if not isinstance(back, list) or len(back) != len(sent):
            yield f"{where} has another length"
            return
        for one, other in zip(sent, back, strict=True):
            yield from _changed(one, other, where)
    elif not _same(sent, back):
        yield f"{where}: {sent!r} comes back as {back!r}"


def _same(sent: Any, back: Any) -> bool:
    if isinstance(sent, str) and isinstance(back, str) and _TIME.match(sent):
        return datetime.fromisoformat(sent) == datetime.fromisoformat(back)
    if isinstance(sent, str) and (length := _LENGTH.match(sent)):
        # The SDK reads a duration rightly and writes it in a spelling of Python's.
        return back == "{}:{:0>2}:{:0>2}".format(*(part or 0 for part in length.groups()))
    return sent == back
