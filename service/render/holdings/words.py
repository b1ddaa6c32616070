"""The words of exports, lists and receipts: flat, by dotted name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class HoldingWords:
    language: str
    said: Mapping[str, str]

    def say(self, key: str, **values: object) -> str:
        """Fill a text. Raises KeyError for one that is not there."""
        return self.said[key].format_map(values)

    def table(self, name: str) -> Mapping[str, str]:
        """A table's texts by their last name."""
        prefix = f"{name}."
        return {k.removeprefix(prefix): v for k, v in self.said.items() if k.startswith(prefix)}


def words_from(parsed: Mapping[str, object], language: str) -> HoldingWords:
    """Read the parsed `config/holdings/xx.toml`."""
    return HoldingWords(language, dict(_flat(parsed)))


def _flat(table: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", str(value)
