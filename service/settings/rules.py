"""A network's rules of what is posted: the shipped ones, with what its description changes."""

import tomllib
from dataclasses import dataclass

from service.domain.digest import DigestRules, digest_rules_from
from service.domain.notice import NoticeRules, notice_rules_from
from service.domain.reminder import Policy, policy_from
from service.domain.reminder.own import with_own
from service.errors import SettingsError
from service.settings.description import own_posts
from service.settings.network import NetworkSettings
from service.shipped import shipped


@dataclass(frozen=True, kw_only=True)
class PostingRules:
    reminders: Policy
    digest: DigestRules
    notices: NoticeRules


def posting_rules(settings: NetworkSettings) -> PostingRules:
    """Read the rules; problems of them all are told at once. Raises SettingsError."""
    text = shipped("posts.toml").read_text(encoding="utf-8")
    parsed = with_own(tomllib.loads(text), own_posts(settings))
    try:
        policy = policy_from(parsed)
        return PostingRules(
            reminders=policy,
            digest=digest_rules_from(parsed, policy.limits),
            notices=notice_rules_from(parsed),
        )
    except SettingsError as error:
        told = (f"the description's {problem}" for problem in error.problems)
        raise SettingsError(tuple(told)) from None
