"""
Values to JSON text and back.

Times keep their zone as ISO 8601, bytes are base64. `baseline` alone is untyped: what it
holds must be JSON already (text, numbers, booleans, lists and mappings of them).
"""

from collections.abc import Callable
from typing import TypeVar

import msgspec

from service.errors import StateError

T = TypeVar("T")


def encode(value: object) -> str:
    """Write a value as JSON text."""
    return msgspec.json.encode(value).decode()


def reader(kind: type[T], subject: str) -> Callable[[str], T]:
    """
    Make a function that reads JSON text as the kind; it raises StateError.

    Made once for many values: building a decoder costs more than using it.
    """
    decoder = msgspec.json.Decoder(kind)

    def read(text: str) -> T:
        try:
            return decoder.decode(text)
        except msgspec.DecodeError as error:
            raise StateError(
                subject,
                f"something kept there is no longer read as {kind.__name__}: {error}",
                remedy="Make the state anew with `natverket rebuild`.",
            ) from error

    return read
