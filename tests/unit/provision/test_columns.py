"""The columns that a network's register gets."""

from service.provisioning import register_columns
from service.wiring import columns


def test_means_have_the_decimals_of_the_network() -> None:
    """A network that rounds to one decimal is shown one; counts are whole numbers in any."""
    made = register_columns(columns().register, ("Klimat",), 1)
    shown = {one.name: one.decimals for one in made if one.decimals is not None}
    assert {name for name, decimals in shown.items() if decimals} == {
        "NvSatisfaction",
        "NvUsefulness",
    }
    assert shown["NvSatisfaction"] == 1
