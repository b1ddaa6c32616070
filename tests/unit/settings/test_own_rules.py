"""What a network's description changes of the rules of posts."""

from datetime import time
from pathlib import Path

import pytest

from service.domain.reminder import Offset, PostKind, Rule, Unit
from service.errors import SettingsError
from service.settings import posting_rules, read_settings
from tests.unit.settings.test_reading import LEAST

OWN = """
[posts.limits]
quiet = ["16:00", "09:00"]

[[posts.rules]]
kind = "registration_closing"
days = -7

[[posts.rules]]
kind = "documentation"
days = 1

[[posts.rules]]
kind = "one_hour"
enabled = true

[posts.digest]
visible_lines = 5
"""


def described(tmp_path: Path, text: str) -> dict[str, str]:
    file = tmp_path / "own.toml"
    file.write_text(text, encoding="utf-8")
    return {**LEAST, "NATVERKET_NETWORK_DESCRIPTION": str(file)}


def rule(rules: tuple[Rule, ...], kind: PostKind) -> Rule:
    return next(one for one in rules if one.kind is kind)


def test_single_values_are_its_own(tmp_path: Path) -> None:
    """What is said is changed, the rest is as shipped; another unit takes the old one's place."""
    [network] = read_settings(None, described(tmp_path, OWN)).networks
    own = posting_rules(network)
    rules = own.reminders.rules

    assert own.reminders.limits.quiet.start == time(16, 0)
    assert own.reminders.limits.max_per_meeting == 5
    assert rule(rules, PostKind.REGISTRATION_CLOSING).offset == Offset(Unit.DAYS, -7)
    assert rule(rules, PostKind.REGISTRATION_CLOSING).at == "08:30"
    assert rule(rules, PostKind.DOCUMENTATION).offset == Offset(Unit.DAYS, 1)
    assert rule(rules, PostKind.ONE_HOUR).enabled
    assert own.digest.visible_lines == 5
    assert own.digest.limits == own.reminders.limits


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[[posts.rules]]\nkind = "sooon"\n', "sooon"),
        ('[posts.limits]\nquite = ["16:00", "09:00"]\n', "quite is not known"),
        ("[posts]\nlimit = 3\n", "limit is not known"),
        ('[[posts.rules]]\nkind = "soon"\nat = "25:00"\n', "at"),
    ],
)
def test_mistakes_are_told_at_the_start(tmp_path: Path, text: str, told: str) -> None:
    """With the place in the description where they stand."""
    with pytest.raises(SettingsError) as caught:
        read_settings(None, described(tmp_path, text))
    assert any(told in problem and "description" in problem for problem in caught.value.problems)
