"""People in the directory."""

from service.sandbox.entra.access import known_person
from service.sandbox.wire import Answer, Call


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
