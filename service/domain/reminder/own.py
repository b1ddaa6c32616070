"""A network's own rules of what is posted, over the shipped ones."""

from collections.abc import Mapping, Sequence
from typing import TypeGuard

from service.domain.reminder.rules import Unit

Parsed = Mapping[str, object]


def with_own(shipped: Parsed, own: Parsed) -> dict[str, object]:
    """
    Return parsed rules in which single values are the network's own.

    Tables are merged key by key, rules of reminders by their kind; a rule that is given
    another unit of time loses the one that it had. What is misspelt is found when it is read.
    """
    merged = dict(shipped)
    for name, value in own.items():
        before = shipped.get(name)
        if name == "rules" and _are_tables(value) and _are_tables(before):
            merged[name] = _rules(before, value)
        elif isinstance(value, Mapping) and isinstance(before, Mapping):
            merged[name] = {**before, **value}
        else:
            merged[name] = value
    return merged


def _rules(shipped: Sequence[Parsed], own: Sequence[Parsed]) -> list[Parsed]:
    changes = {str(rule.get("kind")): rule for rule in own}
    known = {str(rule.get("kind")) for rule in shipped}
    changed = [_changed(rule, changes.get(str(rule.get("kind")), {})) for rule in shipped]
    return [*changed, *(rule for kind, rule in changes.items() if kind not in known)]


def _changed(rule: Parsed, change: Parsed) -> Parsed:
    units = set(Unit)
    kept = {
        key: value for key, value in rule.items() if not (key in units and units & change.keys())
    }
    return {**kept, **change}


def _are_tables(value: object) -> TypeGuard[Sequence[Parsed]]:
    return isinstance(value, Sequence) and all(isinstance(one, Mapping) for one in value)
