"""A post for tests of what carries it."""

from service.domain.post import Button, Card, Key
from service.ports import Message

KEY = str(
    Key(
        network="natverk",
        channel="19:kanal",
        subject="uid-0308",
        kind="soon",
        occurrence="2023-03-08",
    )
)


def message(url: str = "https://natverk.example/program", *, key: str = KEY) -> Message:
    """Natur i stadsplanering, tomorrow, with one button."""
    card = Card(
        language="sv",
        label="Miljöstrategigruppen",
        title="Natur i stadsplanering",
        text="I morgon kl. 9.30 är det dags.",
        buttons=(Button("Program", url),),
    )
    return Message(key=key, card=card, groups=("miljostrategi",))
