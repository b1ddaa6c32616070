"""Everything that is held on a meeting, laid out, named, and fetched once."""

import hashlib
import json
import zipfile
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from service.domain.actions import file_key
from service.domain.retention import Retention
from service.errors import Ambiguous, FolderInUse, Locked, NotFound
from service.jobs import collect_surveys, publish_results
from service.jobs.disposing import Given, carry_out
from service.jobs.engine import run
from service.jobs.holdings.exporting import Exported, export, named
from service.jobs.holdings.laying import BEGUN
from service.jobs.holdings.packing import pack
from service.observe import Change
from service.ports import Effect, Status
from service.render.holdings.index import OWN
from tests.unit.effects.world import KEPT, MEMBERS, World, event

NOW = datetime(2023, 6, 1, 8, 0, tzinfo=UTC)
HOME = "2023/2023-03-08 Natur i stadsplanering, Skara (Naturvårdsgruppen)"
INSIDE = "Underlag/2023/2023-03-08 Natur i stadsplanering"
ANSWERS = (
    "ID;Starttid;Slutförandetid;Hur nöjd är du med dagen?;Vad tar du med dig?\n"
    "1;2023-03-08 15:00;2023-03-08 15:01;5;=HYPERLINK(1)\n"
)
LARGE = b"recording " * 5000


async def a_meeting(world: World) -> World:
    """A meeting with files in both libraries, answers, and another meeting beside it."""
    for seen in (event(body_html="<p>Välkomna!</p>"), event(date(2023, 5, 10), "Vatten")):
        await world.ledger.absorb("calendar", [Change(id=seen.id, value=seen)])
    world.drives.put(MEMBERS, f"{HOME}/Program.docx", b"programme")
    world.drives.put(MEMBERS, f"{HOME}/Bilder/Foto.jpg", b"picture")
    moved = world.drives.put(MEMBERS, "Gemensamt/Inspelning.mp4", LARGE)
    world.drives.put(MEMBERS, "2023/2023-05-10 Vatten/Agenda.docx", b"another's")
    world.drives.put(KEPT, f"{INSIDE}/Deltagare.xlsx", b"names")
    world.drives.put(KEPT, "Inkorg/2023-03-08 Natur i stadsplanering/Sent.pdf", b"late")
    await folder_of(world, MEMBERS, HOME, "folder/documentation/uid-0308")
    await folder_of(world, KEPT, INSIDE, "folder/coordination/uid-0308")
    await filed(world, file_key("uid-0308", "recording", "r1"), moved.id)
    world.drives.put("drive-surveys", "Enkäter/Utvärdering 2023-03-08.csv", ANSWERS.encode())
    world.clock.moment = NOW
    await run(collect_surveys.JOB, world.at, NOW)
    return world


async def folder_of(world: World, drive: str, path: str, key: str) -> None:
    await filed(world, key, world.drives.folder(drive, path).id)


async def filed(world: World, key: str, item_id: str, status: Status = Status.DONE) -> None:
    await world.ledger.keep(
        Effect(
            key=key,
            job="filing",
            status=status,
            remote_id=item_id,
            baseline={"name": "Borta.pdf"},
            created=NOW,
            updated=NOW,
        )
    )


async def exported(world: World, folder: Path, what: str = "2023-03-08") -> Exported:
    return await export(await named(what, world.at), folder, world.at)


def paths(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def index(folder: Path) -> dict[str, object]:
    return json.loads((folder / "index.json").read_text(encoding="utf-8"))


# ---------------------------------------------------------------- what is in it


async def test_everything_of_a_meeting(world: World, tmp_path: Path) -> None:
    """Both libraries with their subfolders, what was moved, the inbox, facts and answers."""
    await a_meeting(world)
    await exported(world, tmp_path)

    assert paths(tmp_path) - OWN == {
        "Dokumentation/Program.docx",
        "Dokumentation/Bilder/Foto.jpg",
        "Dokumentation/Inspelning.mp4",
        "Samordning/Deltagare.xlsx",
        "Samordning/Sent.pdf",
        "Enkätsvar/siffror.json",
        "Enkätsvar/svar.json",
        "Enkätsvar/svar.xlsx",
        "Enkätsvar/Utvärdering 2023-03-08.csv",
        "Uppgifter/deltagare.json",
        "Uppgifter/inlägg.json",
        "Uppgifter/inlägg.xlsx",
        "Uppgifter/åtgärder.json",
        "Uppgifter/kalender.ics",
        "Uppgifter/inbjudan.txt",
    }
    assert (tmp_path / "Dokumentation/Inspelning.mp4").read_bytes() == LARGE
    assert "Välkomna!" in (tmp_path / "Uppgifter/inbjudan.txt").read_text(encoding="utf-8")


async def test_nothing_in_the_tenant_is_written(world: World, tmp_path: Path) -> None:
    """An export reads."""
    await a_meeting(world)
    before = list(world.fate.writes)
    await exported(world, tmp_path)

    assert world.fate.writes == before


async def test_the_sums(world: World, tmp_path: Path) -> None:
    """Every file but the list itself stands in it, once, with its own sum."""
    await a_meeting(world)
    await exported(world, tmp_path)
    lines = (tmp_path / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    told = {path: sha256 for sha256, path in (line.split("  ", 1) for line in lines)}

    assert told.keys() == paths(tmp_path) - {"SHA256SUMS"}
    for path, sha256 in told.items():
        assert hashlib.sha256((tmp_path / path).read_bytes()).hexdigest() == sha256, path


async def test_the_index(world: World, tmp_path: Path) -> None:
    """For programs: what, whence, registry number, day of disposal, and whom it names."""
    await a_meeting(world)
    [item] = [i for i in world.drives.items.values() if i.name == "Program.docx"]
    world.drives.columns[item.id] = {
        "NvRegistryNo": "KS 2023/1",
        "NvDisposeAfter": "2030-01-01T12:00:00Z",
        "NvType": "Program",
    }
    await exported(world, tmp_path)
    told = index(tmp_path)
    by_path = {one["path"]: one for one in told["files"]}
    program = by_path["Dokumentation/Program.docx"]

    assert (told["format"], told["version"], told["complete"]) == ("natverket-export", 1, True)
    assert told["subject"]["meeting"] == "uid-0308"
    assert (program["registry_no"], program["dispose_after"], program["type"]) == (
        "KS 2023/1",
        "2030-01-01",
        "Program",
    )
    assert by_path["Enkätsvar/svar.json"]["personal_data"] == "yes"
    assert by_path["Dokumentation/Inspelning.mp4"]["personal_data"] == "yes"
    assert by_path["Enkätsvar/siffror.json"]["personal_data"] == "no"


async def test_the_page_needs_nothing(world: World, tmp_path: Path) -> None:
    """No script, nothing from elsewhere, its language told, and every link leads to a file."""
    await a_meeting(world)
    await exported(world, tmp_path)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")

    assert '<html lang="sv">' in page
    assert "<script" not in page
    assert 'src="' not in page
    links = [part.partition('"')[0] for part in page.split('href="')[1:]]
    assert len(links) == len(paths(tmp_path) - OWN)
    assert not any(link.startswith("http") for link in links)


async def test_names_are_escaped(world: World, tmp_path: Path) -> None:
    """A file's name is text on the page, and a name in the list of sums."""
    await a_meeting(world)
    world.drives.put(MEMBERS, f"{HOME}/A&B 'x' #1 100%.docx", b"odd")
    await exported(world, tmp_path)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")

    assert "A&amp;B" in page
    assert "A%26B%20%27x%27%20%231%20100%25.docx" in page


async def test_file_of_another_meeting(world: World, tmp_path: Path) -> None:
    """What lies in the meeting's folder and is known to be another's goes with that one."""
    await a_meeting(world)
    theirs = world.drives.put(MEMBERS, f"{HOME}/Vatten.pdf", b"water")
    await filed(world, file_key("uid-0510", "event", "a5"), theirs.id)
    await exported(world, tmp_path / "natur")
    await exported(world, tmp_path / "vatten", "2023-05-10")

    assert "Dokumentation/Vatten.pdf" not in paths(tmp_path / "natur")
    assert "Dokumentation/Vatten.pdf" in paths(tmp_path / "vatten")


async def test_same_name_twice(world: World, tmp_path: Path) -> None:
    """One file in its folder and another, moved elsewhere, of the same name: both are there."""
    await a_meeting(world)
    other = world.drives.put(MEMBERS, "Gemensamt/PROGRAM.docx", b"the other one")
    await filed(world, file_key("uid-0308", "event", "a9"), other.id)
    await exported(world, tmp_path)

    found = sorted(path.name for path in (tmp_path / "Dokumentation").glob("*.docx"))
    assert len({name.casefold() for name in found}) == 2


async def test_removed_files_are_told(world: World, tmp_path: Path) -> None:
    """What was filed and is gone stands in the index with the reason, and is no failure."""
    await a_meeting(world)
    await filed(world, file_key("uid-0308", "event", "a7"), "no such item")
    done = await exported(world, tmp_path)

    [absent] = index(tmp_path)["absent"]
    assert (absent["title"], absent["removed"]) == ("Borta.pdf", True)
    assert done.unread == ()


async def test_file_that_cannot_be_read(world: World, tmp_path: Path) -> None:
    """It is told with its reason, the others are there, and the export is one in part."""
    await a_meeting(world)
    [item] = [i for i in world.drives.items.values() if i.name == "Foto.jpg"]
    really = world.drives.content

    class Out:
        size = None

        async def read(self, offset: int = 0) -> AsyncIterator[bytes]:
            raise Locked("Foto.jpg")
            yield b""

    world.drives.content = lambda d, i: Out() if i == item.id else really(d, i)  # type: ignore[method-assign]
    done = await exported(world, tmp_path)

    assert [one.about.title for one in done.unread] == ["Foto.jpg"]
    assert "Foto.jpg" in (tmp_path / "index.html").read_text(encoding="utf-8")
    assert (tmp_path / "Dokumentation/Program.docx").is_file()


# ---------------------------------------------------------------- again


async def test_again_fetches_nothing(world: World, tmp_path: Path) -> None:
    """What is there is known by its hash; only what has changed is fetched."""
    await a_meeting(world)
    first = await exported(world, tmp_path)
    again = await exported(world, tmp_path)
    [item] = [i for i in world.drives.items.values() if i.name == "Program.docx"]
    world.drives.edit(item.id, b"another programme")
    (tmp_path / "Samordning/Sent.pdf").write_bytes(b"spoilt")
    third = await exported(world, tmp_path)

    assert (first.laid.fetched, again.laid.fetched) == (len(first.laid.entries), 0)
    assert third.laid.fetched == 2
    assert (tmp_path / "Dokumentation/Program.docx").read_bytes() == b"another programme"
    assert (tmp_path / "Samordning/Sent.pdf").read_bytes() == b"late"


async def test_begun_file_is_gone_on_with(world: World, tmp_path: Path) -> None:
    """A large file that was cut off is read on from where it stood, and is whole."""
    await a_meeting(world)
    really, offsets = world.drives.content, []

    class Cut:
        size = None

        def __init__(self, drive_id: str, item_id: str, *, cut: bool) -> None:
            self._all, self._cut = really(drive_id, item_id), cut

        async def read(self, offset: int = 0) -> AsyncIterator[bytes]:
            offsets.append(offset)
            data = b"".join([piece async for piece in self._all.read(offset)])
            if not self._cut:
                yield data
                return
            yield data[:700]
            raise Locked("cut off")

    world.drives.content = lambda d, i: Cut(d, i, cut=True)  # type: ignore[method-assign]
    done = await exported(world, tmp_path)
    begun = [path for path in paths(tmp_path) if path.endswith(BEGUN)]
    assert len(done.unread) == len(begun) > 1
    offsets.clear()
    world.drives.content = lambda d, i: Cut(d, i, cut=False)  # type: ignore[method-assign]
    done = await exported(world, tmp_path)

    assert max(offsets) == 700
    assert done.unread == ()
    assert (tmp_path / "Dokumentation/Inspelning.mp4").read_bytes() == LARGE
    assert not [path for path in paths(tmp_path) if path.endswith(BEGUN)]


async def test_what_is_held_no_more_is_told_apart(world: World, tmp_path: Path) -> None:
    """A file of an earlier export stays where it is and is named as such."""
    await a_meeting(world)
    await exported(world, tmp_path)
    [item] = [i for i in world.drives.items.values() if i.name == "Sent.pdf"]
    world.drives.delete(item.id)
    done = await exported(world, tmp_path)

    assert done.index.leftovers == ("Samordning/Sent.pdf",)
    assert "Sent.pdf" not in (tmp_path / "SHA256SUMS").read_text(encoding="utf-8")


async def test_folder_of_something_else(world: World, tmp_path: Path) -> None:
    """Nothing is written among what is no export."""
    await a_meeting(world)
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(FolderInUse):
        await exported(world, tmp_path)
    assert paths(tmp_path) == {"mine.txt"}


# ---------------------------------------------------------------- which, and how


async def test_a_year(world: World, tmp_path: Path) -> None:
    """Each meeting in a folder of its own, and what lies in the year's folders besides."""
    await a_meeting(world)
    world.drives.put(KEPT, "Rapportutkast/Årsrapport 2023.docx", b"draft")
    world.drives.put(KEPT, "Rapportutkast/Årsrapport 2022.docx", b"the year before")
    world.drives.put(KEPT, "Inkorg/Oplacerat/Bild 2023.jpg", b"anybody's")
    await exported(world, tmp_path, "2023")
    found = paths(tmp_path)

    assert "2023-03-08 Natur i stadsplanering/Dokumentation/Program.docx" in found
    assert "2023-05-10 Vatten/Uppgifter/kalender.ics" in found
    assert "Samordning/Rapportutkast/Årsrapport 2023.docx" in found
    assert "Dokumentation/2023/2023-05-10 Vatten/Agenda.docx" in found
    assert {"Uppgifter/nätverket.json", "Uppgifter/medlemmar.xlsx"} <= found
    assert not [path for path in found if "2022" in path or "Bild 2023" in path]
    assert len([path for path in found if path.endswith("Program.docx")]) == 1


async def test_names_of_meetings(world: World) -> None:
    """A day, words of a title, or a year; several or none are told."""
    await a_meeting(world)
    assert (await named("natur stadsplan", world.at)).meeting.id == "uid-0308"
    assert (await named("2023", world.at)).year == 2023
    with pytest.raises(NotFound):
        await named("bilar", world.at)
    with pytest.raises(Ambiguous):
        await named("at", world.at)


async def test_answers_that_were_published(world: World, tmp_path: Path) -> None:
    """Our own file of results names nobody, but holds answers: the index says so."""
    await a_meeting(world)
    await run(publish_results.JOB, world.at, NOW)
    await exported(world, tmp_path)
    by_path = {one["path"]: one for one in index(tmp_path)["files"]}

    assert by_path["Samordning/Utvärdering 2023-03-08.xlsx"]["personal_data"] == "yes"


async def test_answers_that_were_deleted(world: World, tmp_path: Path) -> None:
    """The figures are there; of the answers the index says by which decision they went."""
    await a_meeting(world)
    rule = Retention(months=1, decision="KS 2023/0123 § 45")
    world.at = replace(world.at, rules=replace(world.at.rules, retention=rule))
    await carry_out(Given(by="Anna", command="natverket dispose"), world.at)
    await exported(world, tmp_path)
    [absent] = index(tmp_path)["absent"]
    figures = json.loads((tmp_path / "Enkätsvar/siffror.json").read_text(encoding="utf-8"))

    assert rule.decision in absent["why"]
    assert "Gallringskvitto 2023-06-01.xlsx" in absent["why"]
    assert (figures["n"], figures["answers"]) == (1, "disposed")
    assert not (tmp_path / "Enkätsvar/svar.json").exists()


async def test_packed(world: World, tmp_path: Path) -> None:
    """One file holds what the folder held, under the folder's name."""
    await a_meeting(world)
    folder = tmp_path / "export"
    await exported(world, folder)
    pack(folder, tmp_path / "export.zip")

    with zipfile.ZipFile(tmp_path / "export.zip") as archive:
        assert archive.testzip() is None
        assert set(archive.namelist()) == {f"export/{path}" for path in paths(folder)}
