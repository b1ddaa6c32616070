"""Who is taken for a member, and who for a coordinator."""

import pytest

from service.domain.check import Verdict
from service.domain.check.members import Doors, Grant, judged

OWNERS = Grant(who="3", shown="Nätverket ägare", role="owner", many=True)
READERS = Grant(who="4", shown="Nätverket medlemmar", role="read", many=True)
MEMBERS = Grant(who="4", shown="Nätverket medlemmar", role="write", many=True)
COORDINATORS = Grant(who="5", shown="Samordnare", role="write", many=True)
ANNA = Grant(who="anna", shown="Anna Exempel", role="write", many=False)
GUEST = Grant(who="gast", shown="Gäst Exempel", role="read", many=False)
LINK = Grant(who="link/organization", shown="a link for organization", role="read", many=True)


def told(
    documentation: tuple[Grant, ...] | None, coordination: tuple[Grant, ...] | None
) -> list[tuple[Verdict, str]]:
    doors = Doors(
        site="https://nat.example/sites/n",
        documentation=documentation,
        coordination=coordination,
        names=("Dokumentation", "Samordning"),
    )
    return [(one.verdict, one.said) for one in judged(doors)]


@pytest.mark.parametrize(
    ("documentation", "coordination"),
    [
        ((OWNERS, READERS), (OWNERS,)),
        ((OWNERS, READERS, COORDINATORS), (OWNERS, COORDINATORS)),
        ((OWNERS, READERS, ANNA), (OWNERS, ANNA)),
        ((OWNERS, GUEST), (OWNERS,)),
    ],
)
def test_as_it_should_be(documentation: tuple[Grant, ...], coordination: tuple[Grant, ...]) -> None:
    """Members read the one; who is let into the other may edit both."""
    assert [verdict for verdict, _ in told(documentation, coordination)] == [Verdict.OK]


@pytest.mark.parametrize(
    ("documentation", "coordination", "failing"),
    [
        # A site that nobody has changed: both inherit, and the members' group writes.
        ((OWNERS, MEMBERS), (OWNERS, MEMBERS), ["Dokumentation can", "Samordning can"]),
        ((OWNERS, MEMBERS), (OWNERS,), ["Dokumentation can"]),
        ((OWNERS, READERS, ANNA), (OWNERS,), ["Dokumentation can"]),
        ((OWNERS, READERS), (OWNERS, READERS), ["Samordning can"]),
        ((OWNERS, READERS, LINK), (OWNERS, LINK), ["Samordning can"]),
        ((OWNERS, GUEST), (OWNERS, GUEST), ["Samordning can"]),
    ],
)
def test_what_lets_members_in(
    documentation: tuple[Grant, ...], coordination: tuple[Grant, ...], failing: list[str]
) -> None:
    """Each library that is open too far, by itself; people are counted, not named."""
    found = told(documentation, coordination)

    assert [verdict for verdict, _ in found] == [Verdict.FAILED] * len(failing)
    for (_, said), words in zip(found, failing, strict=True):
        assert said.startswith(words)
        assert "Exempel" not in said


@pytest.mark.parametrize(
    ("documentation", "coordination"), [(None, (OWNERS,)), ((OWNERS,), None), ((ANNA,), (ANNA,))]
)
def test_what_cannot_be_known_is_no_failure(
    documentation: tuple[Grant, ...] | None, coordination: tuple[Grant, ...] | None
) -> None:
    """Where Graph does not tell, or nobody merely reads: a warning, and how a person sees it."""
    assert [verdict for verdict, _ in told(documentation, coordination)] == [Verdict.WARNING]
