"""Descriptions of networks, merged with what is set by name; free days."""

from datetime import date
from pathlib import Path

import pytest

from service.domain.network import Chapter, FocusGroup, Member
from service.errors import SettingsError, UnreadableFile
from service.settings import NetworkSettings, describe
from service.settings.description import free_days
from service.shipped import shipped

DESCRIPTION = """
[network]
id = "described"
name = "Det beskrivna nätverket"
language = "nb"
timezone = "Europe/Oslo"
country = "NO"
region = "Viken"
template = "{year}/{group}/{date} {title}"

[[focus_groups]]
id = "klimat"
name = "Klimatgruppen"
addresses = ["Klimat@Natverket.example"]
aliases = ["klimatstrateger"]
audience = "strateger"
introduction = "Om klimat."

[[focus_groups]]
id = "vatten"
name = "Vattengruppen"

[[members]]
code = "0001"
name = "Norra kommunen"
domains = ["Norra.example"]
via = "Förbundet"
joined = "2023"
left = 2024-06-30

[[members]]
code = "0002"
name = "Södra kommunen"
domains = ["sodra.example", "skola.sodra.example"]

[[other]]
name = "Länet"
domains = ["lanet.example", "lan.example"]

[[chapters]]
heading = "Syfte"
text = "Ett.\\n\\nTvå."
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A description in a file."""
    path = tmp_path / "some.toml"
    path.write_text(DESCRIPTION)
    return path


def settings(**more: object) -> NetworkSettings:
    """Return settings of a network with the least and more."""
    return NetworkSettings(**({"mailbox": "a@b.example", "site": "s"} | more))  # type: ignore[arg-type]


def test_a_description_tells_the_network(file: Path) -> None:
    """All of the file is in the network, addresses and domains in lower case."""
    network = describe(settings(description=str(file)))

    assert (network.id, network.name) == ("described", "Det beskrivna nätverket")
    assert (network.language, network.time_zone, network.country) == ("nb", "Europe/Oslo", "NO")
    assert network.template == "{year}/{group}/{date} {title}"
    assert (network.region, network.mailbox) == ("Viken", "a@b.example")
    assert network.groups == (
        FocusGroup(
            id="klimat",
            name="Klimatgruppen",
            addresses=("klimat@natverket.example",),
            aliases=("klimatstrateger",),
            audience="strateger",
            introduction="Om klimat.",
        ),
        FocusGroup(id="vatten", name="Vattengruppen"),
    )
    assert network.members[0] == Member(
        code="0001",
        name="Norra kommunen",
        domains=("norra.example",),
        via="Förbundet",
        joined=date(2023, 1, 1),
        left=date(2024, 6, 30),
    )
    assert network.members[1].joined is None
    assert network.partners == (("lanet.example", "Länet"), ("lan.example", "Länet"))
    assert network.chapters == (Chapter(heading="Syfte", text="Ett.\n\nTvå."),)
    assert date(2023, 5, 17) in network.holidays


def test_what_is_set_wins_over_the_description(file: Path) -> None:
    """Names that are set replace the file's; groups keep the file's words by their id."""
    network = describe(
        settings(
            description=str(file),
            id="mine",
            name="Mitt",
            language="sv",
            timezone="Europe/Stockholm",
            country="SE",
            focus_groups="ny=Nya gruppen;klimat=Klimat",
        )
    )

    assert (network.id, network.name, network.language) == ("mine", "Mitt", "sv")
    assert (network.time_zone, network.country) == ("Europe/Stockholm", "SE")
    assert [(group.id, group.name) for group in network.groups] == [
        ("ny", "Nya gruppen"),
        ("klimat", "Klimat"),
    ]
    assert network.groups[1].addresses == ("klimat@natverket.example",)
    assert len(network.members) == 2


def test_without_description_defaults_hold() -> None:
    """The id is a fixed word, never made from the name."""
    network = describe(settings(name="Nätverk Nord", focus_groups="a=A"))

    assert network.id == "network"
    assert (network.language, network.time_zone) == ("sv", "Europe/Stockholm")
    assert network.country == "SE"
    assert network.members == ()


def test_name_and_groups_must_be_told_somewhere() -> None:
    """Neither set nor described: both are told at once."""
    with pytest.raises(SettingsError) as caught:
        describe(settings())
    assert [problem.partition(":")[0] for problem in caught.value.problems] == [
        "NATVERKET_NETWORK_NAME",
        "NATVERKET_NETWORK_FOCUS_GROUPS",
    ]


def test_a_description_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """Absent or broken, the file is named with the reason."""
    (tmp_path / "broken.toml").write_text("[[members]\n")
    for name in ("absent.toml", "broken.toml"):
        with pytest.raises(SettingsError, match=f"DESCRIPTION: .*{name} cannot be read"):
            describe(settings(description=str(tmp_path / name)))


def test_every_problem_of_a_description_is_told_with_its_place(tmp_path: Path) -> None:
    """Places are counted from one, as people count."""
    path = tmp_path / "wrong.toml"
    path.write_text(
        '[network]\nnamn = "x"\n[[members]]\ncode = "1"\nname = "A"\ndomains = []\n'
        '[[members]]\nname = "B"\ndomains = []\njoined = "autumn"\n'
    )
    with pytest.raises(SettingsError) as caught:
        describe(settings(description=str(path)))
    told = "\n".join(caught.value.problems)

    assert "network, namn: there is no such entry" in told
    assert "members 2, code: is not set" in told
    assert "members 2, joined: " in told
    assert len(caught.value.problems) == 3


@pytest.mark.parametrize("kind", ["members", "focus_groups"])
def test_twins_are_refused(kind: str, tmp_path: Path) -> None:
    """A code or id stands once."""
    entry = {
        "members": 'code = "1"\nname = "A"\ndomains = []\n',
        "focus_groups": 'id = "1"\nname = "A"\n',
    }[kind]
    path = tmp_path / "twins.toml"
    path.write_text(f"[[{kind}]]\n{entry}" * 2)
    with pytest.raises(SettingsError, match=f"{kind}: 1 stands there twice"):
        describe(settings(description=str(path)))


def test_every_shipped_description_can_be_used() -> None:
    """What is shipped needs no more than mailbox and site."""
    for file in shipped("networks").iterdir():
        if file.name.endswith(".toml"):
            name = file.name.removesuffix(".toml")
            assert describe(settings(description=name)).groups


# ---------------------------------------------------------------- free days


@pytest.mark.parametrize(
    "day",
    [
        date(2023, 1, 6),
        date(2023, 4, 7),
        date(2023, 6, 6),
        date(2023, 6, 23),
        date(2023, 12, 24),
        date(2023, 12, 31),
        date(2015, 1, 1),
        date(2040, 12, 26),
    ],
)
def test_swedish_free_days(day: date) -> None:
    """Public holidays and the three eves, over all years that matter."""
    assert day in free_days("SE")


def test_plain_sundays_are_no_holidays() -> None:
    """A Sunday is no workday anyway; listed, it would only hide the holidays."""
    sundays = [day for day in free_days("SE") if day.year == 2023 and day.weekday() == 6]
    assert sorted(sundays) == [
        date(2023, 1, 1),
        date(2023, 4, 9),
        date(2023, 5, 28),
        date(2023, 12, 24),
        date(2023, 12, 31),
    ]


def test_midsummer_eve_is_the_friday() -> None:
    """It falls on a Friday from 19 to 25 June, the day before midsummer day."""
    for year in range(2015, 2041):
        eves = [d for d in free_days("SE") if d.year == year and d.month == 6 and d.weekday() == 4]
        eves = [d for d in eves if d.day >= 19]
        assert len(eves) == 1, eves


# ---------------------------------------------------------------- shipped files


def test_shipped_finds_folders_and_files() -> None:
    """Parts of a path lead into config/."""
    assert shipped("networks").is_dir()
    assert shipped("natverket.example.env").is_file()


def test_what_is_not_shipped_is_told() -> None:
    """The error names the file and what to do."""
    with pytest.raises(UnreadableFile, match=r"config/texts/absent\.toml") as caught:
        shipped("texts", "absent.toml")
    assert "Install" in caught.value.remedy


@pytest.mark.parametrize(
    ("template", "told"),
    [
        ("{date} {titel}", "there is no field {titel}; write {date}, {group}, {place}"),
        ("{date:%Y} {title}", "there is no field {date}"),
        ("{date} {title", "its braces do not match"),
        ("{date}/{title}", "two meetings could get one folder"),
        ("{year}//{date} {title}", "`` is no name that SharePoint takes"),
        ("Arkiv: {year}/{date} {title}", "`Arkiv: {year}` is no name that SharePoint takes"),
    ],
)
def test_a_template_that_would_not_work(tmp_path: Path, template: str, told: str) -> None:
    """What is wrong with the names of folders is told at the start, with what to write."""
    path = tmp_path / "network.toml"
    path.write_text(DESCRIPTION.replace("{year}/{group}/{date} {title}", template))
    with pytest.raises(SettingsError) as refused:
        describe(settings(description=str(path)))
    assert refused.value.problems[0].startswith(f"{path}: network, template: {told}")
