"""A table of a network's description."""

from pydantic import BaseModel, ConfigDict


class Table(BaseModel):
    """Refuses what it does not know, and never repeats what was written."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", str_strip_whitespace=True, hide_input_in_errors=True
    )
