"""The hash is SharePoint's, however the bytes come."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.graph.quickxor import QuickXor


def by_definition(data: bytes) -> str:
    """The published algorithm, bit by bit."""
    ring = 0
    for index, byte in enumerate(data):
        turn = index * 11 % 160
        ring ^= byte << turn | byte << turn >> 160
    ring = (ring & (1 << 160) - 1) ^ len(data) << 96
    return base64.b64encode(ring.to_bytes(20, "little")).decode()


def digest(data: bytes) -> str:
    hash_ = QuickXor()
    hash_.update(data)
    return hash_.digest()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("", "AAAAAAAAAAAAAAAAAAAAAAAAAAA="),
        ("Sg==", "SgAAAAAAAAAAAAAAAQAAAAAAAAA="),
        ("tbQ=", "taAFAAAAAAAAAAAAAgAAAAAAAAA="),
        ("0pZP", "0rDEEwAAAAAAAAAAAwAAAAAAAAA="),
    ],
)
def test_known_vectors(data, expected):
    """Of rclone's test suite, which took them from the service."""
    assert digest(base64.b64decode(data)) == expected


@given(st.binary(max_size=1000))
def test_as_defined(data):
    """Folding into lanes changes nothing."""
    assert digest(data) == by_definition(data)


@given(st.lists(st.binary(max_size=400), max_size=8))
def test_pieces_and_states(pieces):
    """Pieces of any size, with the state kept and taken up between them."""
    hash_ = QuickXor()
    for piece in pieces:
        hash_.update(piece)
        hash_ = QuickXor(hash_.state())
    whole = b"".join(pieces)
    assert hash_.digest() == digest(whole)
    assert hash_.length == len(whole)


def test_another_state_is_refused():
    """A state of another kind is not silently taken for the start."""
    with pytest.raises(ValueError, match="another kind"):
        QuickXor(b"12345678abc")
