"""What a field of the settings is: a name that people know, a sentence, what to write."""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import Field
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

PREFIX = "NATVERKET_"
NETWORK_PREFIX = "NATVERKET_NETWORK_"


def setting(  # noqa: PLR0913  (called by the partials below, with two to four of them)
    group: str,
    default: Any,
    sentence: str,
    write: str = "",
    *,
    name: str | None = None,
    shown: str | None = None,
) -> Any:
    """Make a field; `shown` is the default to tell where the field's own says only `not set`."""
    extra: dict[str, Any] = {"group": group, "write": write or "a value", "shown": shown}
    return Field(default, description=sentence, validation_alias=name, json_schema_extra=extra)


class Named(BaseSettings):
    """Fields that are known to people by their NATVERKET_ names."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        populate_by_name=True,
        str_strip_whitespace=True,
        hide_input_in_errors=True,
        validate_default=False,
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        *_: PydanticBaseSettingsSource,
        **__: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take what is given and nothing else: `reading` has merged file and environment."""
        del settings_cls
        return (init_settings,)

    @classmethod
    def from_names(cls, given: Mapping[str, str]) -> Self:
        """Make the values from texts by NATVERKET_ name. Raises pydantic's ValidationError."""
        source = EnvSettingsSource(cls)
        source.env_vars = {name.lower(): text for name, text in given.items()}
        return cls(**source())
