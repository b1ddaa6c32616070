"""`$select`: what was asked for, and the annotations."""

import msgspec

from service.sandbox.wire import Call, Json


def narrowed(body: Json, call: Call) -> Json:
    """The answer with only the selected properties, for an entity or for each of a page."""
    option = call.query.get("$select")
    if not option:
        return body
    wanted = selected(option) | expanded(call)
    if isinstance(body.get("value"), list):
        value = [
            # What is encoded already was narrowed before that.
            entity if isinstance(entity, msgspec.Raw) else narrow(entity, wanted)
            for entity in body["value"]
        ]
        return {**body, "value": value}
    return narrow(body, wanted)


def selected(option: str) -> set[str]:
    """The names in `$select`."""
    return {name.strip().partition("/")[0] for name in option.split(",")}


def narrow(entity: Json, wanted: set[str]) -> Json:
    # Outlook's items, which alone have weak etags, come with their id whatever is selected.
    is_outlook = str(entity.get("@odata.etag", "")).startswith("W/")
    kept = wanted | {"id"} if is_outlook else wanted
    return {k: v for k, v in entity.items() if k in kept or "@odata" in k}


def expanded(call: Call) -> set[str]:
    """Names in `$expand`, without what stands in their parentheses."""
    return set(expansions(call))


def expansions(call: Call) -> dict[str, str]:
    """`$expand` taken apart: name to the options in its parentheses."""
    found: dict[str, str] = {}
    for part in _split(call.query.get("$expand", "")):
        name, _, options = part.partition("(")
        found[name.strip()] = options.removesuffix(")")
    return found


def _split(text: str) -> list[str]:
    """At the commas outside parentheses."""
    parts, depth, start = [], 0, 0
    for at, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            parts.append(text[start:at])
            start = at + 1
    parts.append(text[start:])
    return [part for part in parts if part.strip()]


def nested_select(options: str) -> set[str] | None:
    """The names in `$select=…` inside an expansion's parentheses; None if there is none."""
    for option in options.split(";"):
        name, _, value = option.partition("=")
        if name.strip().lower() in ("$select", "select"):
            return {part.strip() for part in value.split(",")}
    return None
