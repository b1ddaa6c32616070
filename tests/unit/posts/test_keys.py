"""Keys of posts and the links that carry them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.post import Key, is_https, key_in, parse_key, with_key

KEY = "v1/kommunnatverket/19:abc@thread.tacv2/uid-0308/soon/2023-03-08"
parts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)


def test_the_key_is_spelt_as_settled():
    """Version, network, channel, meeting, kind and occurrence, with slashes between."""
    key = Key(
        network="kommunnatverket",
        channel="19:abc@thread.tacv2",
        subject="uid-0308",
        kind="soon",
        occurrence="2023-03-08",
    )
    assert str(key) == KEY
    assert parse_key(KEY) == key


@given(parts, parts, parts)
def test_a_key_is_read_back_whatever_is_in_it(network: str, channel: str, subject: str):
    """Slashes, blanks and any letters in the parts do not mix them up."""
    key = Key(network=network, channel=channel, subject=subject, kind="soon", occurrence="1")
    assert parse_key(str(key)) == key
    assert key_in(with_key("https://exempel.se/a?b=c#d", str(key))) == str(key)


@pytest.mark.parametrize(
    ("url", "begins", "ends"),
    [
        ("https://exempel.se/a", "https://exempel.se/a?nv=", "2023-03-08"),
        ("https://exempel.se/a?x=%C3%A5&y=1+2", "https://exempel.se/a?x=%C3%A5&y=1+2&nv=", "-08"),
        ("https://exempel.se/a?nv=v1%2Fold&x=1#part", "https://exempel.se/a?x=1&nv=", "#part"),
    ],
)
def test_the_rest_of_a_link_is_left_as_it_is(url: str, begins: str, ends: str):
    """Only an earlier key is replaced; the fragment stays last."""
    keyed = with_key(url, KEY)
    assert keyed.startswith(begins)
    assert keyed.endswith(ends)
    assert key_in(keyed) == KEY


def test_a_key_is_found_behind_a_safe_link():
    """The mail filter wraps links; the key is found inside."""
    wrapped = (
        "https://eur01.safelinks.protection.outlook.com/?url="
        "https%3A%2F%2Fexempel.se%2Fa%3Fnv%3Dv1%252Fn%252Fcommon%252F2023%252Fdigest%252F2023-W43"
        "&data=05"
    )
    assert key_in(wrapped) == "v1/n/common/2023/digest/2023-W43"


@pytest.mark.parametrize(
    "url",
    ["https://exempel.se", "https://exempel.se?nv=hello", "https://[broken", "", "?nv=v1/a/b"],
)
def test_other_links_carry_no_key(url: str):
    """What is no key of ours is none."""
    assert key_in(url) is None


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://exempel.se", True),
        ("http://exempel.se", False),
        ("javascript:alert(1)", False),
        ("https://", False),
        ("https://[broken", False),
        ("", False),
    ],
)
def test_only_https_counts(url: str, good: bool):
    """A link without https or without a host is not used."""
    assert is_https(url) is good
