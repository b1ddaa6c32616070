"""Reading the rules."""

from collections.abc import Callable

import pytest

from service.domain.digest import digest_rules_from
from service.domain.reminder import Policy, PostKind, Unit, policy_from
from service.errors import SettingsError

Parsed = Callable[[str], dict[str, object]]


def test_every_kind_has_a_rule_and_a_rank(policy: Policy):
    """The rules name every kind once; every kind has a rank or is uncapped."""
    assert {rule.kind for rule in policy.rules} == set(PostKind)
    assert set(policy.limits.priority) | policy.limits.uncapped == set(PostKind)
    assert [rule.kind for rule in policy.rules if not rule.enabled] == [PostKind.ONE_HOUR]


def test_rules_read_as_written(policy: Policy):
    """Unit, count and time of day are those of the file."""
    rule = next(rule for rule in policy.rules if rule.kind is PostKind.DOCUMENTATION)
    assert (rule.offset.unit, rule.offset.count, rule.at) == (Unit.WORKDAYS, 3, "10:00")


def test_every_problem_is_told_at_once(parsed: Parsed):
    """Unknown keys, names, times and doubled kinds are all named, with their place."""
    posts = parsed("posts.toml")
    rules, limits = posts["rules"], posts["limits"]
    assert isinstance(rules, list)
    assert isinstance(limits, dict)
    rules[0] |= {"at": "9:00", "colour": "red"}
    rules[1]["if"] = ["deadline_near"]
    rules[2]["minutes"] = 3
    rules.append(dict(rules[3]))
    rules[4]["on"] = "yearly_opens"
    limits["max_per_meeting"] = "five"
    del limits["quiet"]
    posts["extra"] = 1
    with pytest.raises(SettingsError) as caught:
        policy_from(posts)
    said = " ".join(caught.value.problems)
    for word in (
        "rules[0].at",
        "rules[0].colour is not known",
        "deadline_near",
        "rules[2]: needs one of",
        "two rules of the kind registration_last_day",
        "questions cannot be on yearly_opens",
        "max_per_meeting",
        "quiet is missing",
        "posts.extra is not known",
    ):
        assert word in said


def test_the_digest_is_read_strictly_too(parsed: Parsed, policy: Policy):
    """An unknown section or key of the letter is an error."""
    posts = parsed("posts.toml")
    assert digest_rules_from(posts, policy.limits).at == "08:30"
    digest = posts["digest"]
    assert isinstance(digest, dict)
    digest |= {"colour": "red", "sections": [{"kind": "weather", "most": 1}]}
    with pytest.raises(SettingsError) as caught:
        digest_rules_from(posts, policy.limits)
    said = " ".join(caught.value.problems)
    assert "posts.digest.colour is not known" in said
    assert "weather" in said
