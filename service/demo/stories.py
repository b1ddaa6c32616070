"""The years that the demo can play."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.shipped import shipped


@dataclass(frozen=True, kw_only=True)
class Story:
    """A year of a network, and what its admin has from the years before."""

    network: str
    """Its name."""
    year: int
    seed: str
    """Of the sandbox: a name, or a file of `config/seeds`."""
    history: str
    """Of `config/seeds`: figures of earlier years."""

    @property
    def sandbox_seed(self) -> str:
        """As the sandbox is told of it."""
        return str(shipped("seeds", self.seed)) if self.seed.endswith(".toml") else self.seed


STORIES: Mapping[str, Story] = {
    "2023": Story(
        network="Kommunnätverket för hållbar utveckling",
        year=2023,
        seed="2023",
        history="history-2019-2022.csv",
    ),
    "klimanettverket": Story(
        network="Klimanettverket i Innlandet",
        year=2025,
        seed="klimanettverket-2025.toml",
        history="history-klimanettverket-2022-2024.csv",
    ),
}
USUAL = "2023"
