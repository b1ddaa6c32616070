"""A check: a declaration that the runner carries out."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from service.checking.asked import Asked
from service.domain.check import Finding

A = TypeVar("A", bound=Asked)


@dataclass(frozen=True, kw_only=True)
class Check(Generic[A]):
    name: str
    """As it is typed after `natverket check`, and what its findings are called."""
    does: str
    """One sentence."""
    run: Callable[[A], Awaitable[Iterable[Finding]]]
    """What it raises of NatverketError becomes a finding with the error's own remedy."""
    needs: tuple[str, ...] = ()
    """Checks without which it is not tried."""
    roles: tuple[str, ...] = ()
    """Application permissions without which it is not tried: `roles` tells of them."""


class NotTriedError(Exception):
    """What the check needs has failed, and another tells of it: the message is the reason."""
