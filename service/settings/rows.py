"""The schema as rows: what the example file, the reference and error texts are made of."""

from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from service.settings.fields import Named
from service.settings.installation import Installation
from service.settings.network import NetworkSettings


@dataclass(frozen=True, kw_only=True)
class Row:
    """One setting, as example file and reference show it."""

    name: str
    group: str
    sentence: str
    write: str
    default: str
    """Empty where there is none, and for secrets."""
    needed: bool
    secret: bool


def rows() -> tuple[Row, ...]:
    """Return every setting, in the order in which people read them."""
    return tuple(
        _row(setting_name(model, key), info)
        for model in (Installation, NetworkSettings)
        for key, info in model.model_fields.items()
        if info.json_schema_extra
    )


def setting_name(model: type[Named], key: str) -> str:
    """Return the NATVERKET_ name of a field; `key` may be that name itself."""
    info = model.model_fields.get(key)
    alias = None if info is None else info.validation_alias
    if info is None or isinstance(alias, str):
        return str(alias or key)
    return f"{model.model_config['env_prefix']}{key}".upper()


def _row(name: str, info: FieldInfo) -> Row:
    extra: Any = info.json_schema_extra
    default = extra["shown"] or info.default
    if isinstance(default, SecretStr):
        default = default.get_secret_value()
    if isinstance(default, bool):
        default = str(default).lower()
    return Row(
        name=name,
        group=extra["group"],
        sentence=str(info.description),
        write=extra["write"],
        default="" if default is None or info.is_required() else str(default),
        needed=info.is_required(),
        secret="SecretStr" in str(info.annotation),
    )
