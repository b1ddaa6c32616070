"""
Property promotion: columns that travel inside Office files.

A file that comes in fills the library's columns from its own custom properties, so that a copy
brings the old one's columns along; columns that are written go into the file, which is then
another version with another size and hash (SharePoint, "Document property promotion and
demotion").
"""

import io
import re
import zipfile
from pathlib import PurePosixPath
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

import msgspec

from service.sandbox.sharepoint import definitions, fields
from service.sandbox.sharepoint.blobs import Blob
from service.sandbox.store import Row
from service.sandbox.switches import Switch
from service.sandbox.tenant import Tenant
from service.sandbox.wire import GraphError, Json

DEMOTION = Switch(
    name="columns_into_files",
    values=("written", "left"),
    about="Whether columns that are written go into an Office file as its custom properties.",
)
SWITCHES = (DEMOTION,)

_OFFICE = frozenset({".docx", ".docm", ".pptx", ".pptm", ".xlsx", ".xlsm"})
_PART = "docProps/custom.xml"
_MOST = 50 * 2**20
"""Bytes above which a file is left alone here: rewriting it would be the test's bottleneck."""
_NAMESPACE = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_FORMAT = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_NUMBERS = frozenset({"i1", "i2", "i4", "i8", "int", "ui4", "r4", "r8", "decimal"})


def is_office(name: str) -> bool:
    return PurePosixPath(name).suffix.lower() in _OFFICE


def promote(tenant: Tenant, item: Row) -> None:
    """Fills the columns of a file that has just come in; a property that does not fit is left."""
    if item["size"] > _MOST:
        return
    found = properties(tenant.blobs.read(item["blob"]))
    columns = definitions.columns_of(tenant, item["list"])
    shown = {msgspec.json.decode(c["definition"])["displayName"]: n for n, c in columns.items()}
    held = tenant.store.value("SELECT fields FROM items WHERE id = ?", item["id"])
    values: Json = msgspec.json.decode(held)
    for name, value in found.items():
        internal = name if name in columns else shown.get(name)
        if internal is None or columns[internal]["kind"] not in definitions.PLAIN:
            continue
        try:
            values = fields.merged(tenant, item["list"], item["id"], values, {internal: value})
        except GraphError:
            continue  # A property of another type than the column is no promotion.
    kept = msgspec.json.encode(values).decode()
    if kept != held:
        tenant.store.update("items", item["id"], fields=kept)


def demoted(tenant: Tenant, item: Row, values: Json) -> Blob | None:
    """The file with these columns as its properties; None where it is left as it is."""
    if item["kind"] != "file" or not is_office(item["name"]) or item["size"] > _MOST:
        return None
    if DEMOTION.read(tenant) == "left":
        return None
    columns = definitions.columns_of(tenant, item["list"])
    plain = {
        n: v for n, v in values.items() if n in columns and columns[n]["kind"] in definitions.PLAIN
    }
    plain.pop("Title", None)  # It belongs to the core properties.
    before = tenant.blobs.read(item["blob"])
    if {n: str(v) for n, v in properties(before).items()} == {n: str(v) for n, v in plain.items()}:
        return None
    after = _with_properties(before, plain)
    return None if after is None else tenant.blobs.keep(after)


def properties(data: bytes) -> Json:
    """The custom properties of an Office file; none of anything else."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            if _PART not in package.namelist():
                return {}
            root = ElementTree.fromstring(package.read(_PART))  # noqa: S314 - entities are not resolved
    except (zipfile.BadZipFile, ElementTree.ParseError):
        return {}
    found: Json = {}
    for element in root:
        name, (value, *_) = element.get("name"), [*element, None]
        if name and value is not None:
            found[name] = _value(value.tag.rpartition("}")[2], value.text or "")
    return found


def _value(kind: str, text: str) -> object:
    if kind == "bool":
        return text.strip() in ("true", "1")
    if kind in _NUMBERS and re.fullmatch(r"-?\d+(\.\d+)?", text.strip()):
        return float(text) if "." in text else int(text)
    return text


def _with_properties(data: bytes, values: Json) -> bytes | None:
    """None for what is no Office file."""
    target = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            comment = package.comment
            parts = [(info, package.read(info)) for info in package.infolist()]
    except zipfile.BadZipFile:
        return None
    names = {info.filename for info, _ in parts}
    if "[Content_Types].xml" not in names or "_rels/.rels" not in names:
        return None
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for info, content in parts:
            if info.filename != _PART:
                package.writestr(info, _introduced(info.filename, content))
        package.writestr(zipfile.ZipInfo(_PART), _written(values))
        package.comment = comment
    return target.getvalue()


def _introduced(name: str, content: bytes) -> bytes:
    """The package's two tables of contents, with the properties in them."""
    if name == "[Content_Types].xml" and _CONTENT_TYPE.encode() not in content:
        entry = f'<Override PartName="/{_PART}" ContentType="{_CONTENT_TYPE}"/></Types>'
        return content.replace(b"</Types>", entry.encode())
    if name == "_rels/.rels" and _RELATION.encode() not in content:
        entry = f'<Relationship Id="rIdCustom" Type="{_RELATION}" Target="{_PART}"/>'
        return content.replace(b"</Relationships>", f"{entry}</Relationships>".encode())
    return content


def _written(values: Json) -> bytes:
    lines = [
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>',
        f'<Properties xmlns="{_NAMESPACE}" xmlns:vt="{_TYPES}">',
    ]
    for number, (name, value) in enumerate(values.items(), start=2):
        lines.append(
            f'<property fmtid="{_FORMAT}" pid="{number}" name={quoteattr(name)}>'
            f"{_element(value)}</property>"
        )
    return "".join([*lines, "</Properties>"]).encode()


def _element(value: object) -> str:
    if isinstance(value, bool):
        return f"<vt:bool>{str(value).lower()}</vt:bool>"
    if isinstance(value, int | float):
        return f"<vt:r8>{value}</vt:r8>"
    return f"<vt:lpwstr>{escape(str(value))}</vt:lpwstr>"
