"""Acts on files and list rows."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.sandbox.timeline.act import Act, Content, FieldValue


@dataclass(frozen=True, kw_only=True)
class Upload(Act):
    """A person puts a file, or a new version of it, into a library."""

    drive: str
    """Display name of the library, such as `Dokument` or `Samordning`."""
    folder: str
    """Path below the library's root; made if `make_folder`, else waited for."""
    name: str
    content: Content
    by: str
    make_folder: bool = False


@dataclass(frozen=True, kw_only=True)
class EditRow(Act):
    """A coordinator types into a list row; waits until a row matches."""

    list_name: str
    where: Mapping[str, str]
    """Internal column name to value, compared as text; dates by their day (YYYY-MM-DD)."""
    fields: Mapping[str, FieldValue]
    by: str
