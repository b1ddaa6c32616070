"""People in the directory."""

from service.sandbox.entra.access import known_person
from service.sandbox.timeline import Person
from service.sandbox.wire import Answer, Call, bad_request


def through_person(path: str, person: Person | None) -> str:
    """
    `me` and what lies below it as the same place by the person's own id; any other path
    unchanged. Raises 400 where nobody has signed in.
    """
    first, slash, rest = path.lstrip("/").partition("/")
    if first.lower() != "me":
        return path
    if person is None:
        raise bad_request("/me request is only valid with delegated authentication flow.")
    return f"users/{person.id}{slash}{rest}"


def get_user(call: Call) -> Answer:
    """The properties that Graph gives without `$select`."""
    person = known_person(call.tenant, call.names["user"])
    first, _, last = person.name.partition(" ")
    return Answer(
        body={
            "id": person.id,
            "businessPhones": [],
            "displayName": person.name,
            "givenName": first,
            "jobTitle": None,
            "mail": person.mail,
            "mobilePhone": None,
            "officeLocation": None,
            "preferredLanguage": "sv-SE",
            "surname": last or None,
            "userPrincipalName": person.mail,
        }
    )
