"""The files are real ones, and come as files come."""

import io
import re
import struct
import zipfile
from collections import Counter
from datetime import timedelta
from pathlib import PurePosixPath

import docx
import pptx
from PIL import Image

from service.sandbox.timeline import Attach, Invite, Record, Seed, Upload

INLINE = "image001.png"

EXPECTED = {
    "2023-02-01": 3, "2023-02-02": 4, "2023-03-08": 5, "2023-03-21": 2, "2023-04-19": 4,
    "2023-04-26": 3, "2023-05-10": 5, "2023-05-31": 6, "2023-09-13": 4, "2023-09-28": 2,
    "2023-10-03": 4, "2023-10-12": 5, "2023-10-26": 4, "2023-11-08": 4, "2023-11-15": 4,
    "2023-12-12": 4, "2023-12-14": 3,
}  # fmt: skip
"""Files that a correct service files for each meeting, equal bytes counted once."""

STRAIGHT = {
    "2023-04-19 Minnesanteckningar.docx": "2023-04-19",
    "Återvätning Kinnekulle 1 juni 2023.pdf": "2023-05-31",
    "Minnesanteckningar Hållbar upphandling.docx": "2023-09-13",
    "231026 elektrifiering.pptx": "2023-10-26",
    "Presentation våtmarker 8 november 2023.pdf": "2023-11-08",
    "Anteckningar 15 nov.docx": "2023-11-15",
}
ASTRAY = {"IMG_2231.jpg", "presentation_v3.pptx"}


def files(seed: Seed) -> dict[str, list[Attach | Upload]]:
    """Files of each meeting, by its key; those astray under an empty one."""
    found: dict[str, list[Attach | Upload]] = {}
    for act in seed.acts:
        if isinstance(act, Attach) and not act.inline:
            found.setdefault(act.key, []).append(act)
        elif isinstance(act, Upload) and act.drive == "Samordning":
            below = act.folder.removeprefix("Inkorg").removeprefix("/")
            found.setdefault(below[:10] or STRAIGHT.get(act.name, ""), []).append(act)
    return found


def test_every_meeting_has_its_files(real: Seed) -> None:
    """Two to six a meeting; one pair is equal to the byte, and two files lie astray."""
    found = files(real)
    assert {act.name for act in found.pop("")} == ASTRAY
    assert {key: len({act.content() for act in acts}) for key, acts in found.items()} == EXPECTED
    assert sum(map(len, found.values())) == sum(EXPECTED.values()) + 1


def test_one_meeting_has_two_files_of_one_name(real: Seed) -> None:
    """Same name and other bytes, one with the event and one in the inbox."""
    doubles = {
        (key, name): [act for act in acts if act.name == name]
        for key, acts in files(real).items()
        for name, count in Counter(act.name for act in acts).items()
        if count > 1
    }
    ((key, (one, other)),) = doubles.items()
    assert key == ("2023-10-12", "Presentation.pptx")
    assert isinstance(one, Attach)
    assert isinstance(other, Upload)
    assert one.content() != other.content()


def test_the_inbox_is_the_services_to_make(real: Seed) -> None:
    """Uploads into a meeting's subfolder wait for it, under the name the service gives it."""
    titles = {
        act.start.date().isoformat(): act.subject for act in real.acts if isinstance(act, Invite)
    }
    for acts in files(real).values():
        for act in (act for act in acts if isinstance(act, Upload)):
            assert not act.make_folder
            below = act.folder.removeprefix("Inkorg").removeprefix("/")
            assert not re.search(r'["*:<>?|\\]', below)
            if below:
                title = titles[below[:10]].removeprefix("Miljöstrategi: ").replace("?", "")
                assert below == f"{below[:10]} {title}"


def test_the_example_year_leaves_no_upload_waiting(example: Seed) -> None:
    """Where a meeting is too long past for the service to make a folder, the uploader does."""
    for act in example.acts:
        if isinstance(act, Upload) and act.folder.startswith("Inkorg/"):
            age = example.world.start - act.at
            assert act.make_folder == (age > timedelta(days=14))


def test_uploads_come_within_a_week(real: Seed) -> None:
    """What goes into the inbox does so at most six days after the meeting's end."""
    ends = {act.key: act.end for act in real.acts if isinstance(act, Invite)}
    for key, acts in files(real).items():
        for act in (act for act in acts if key and isinstance(act, Upload)):
            assert timedelta(0) < act.at - ends[key] < timedelta(days=6)


def test_documents_open_again(real: Seed) -> None:
    """Every file can be read by what reads its kind, and says what it is."""
    for act in (act for acts in files(real).values() for act in acts):
        content = act.content()
        match PurePosixPath(act.name).suffix:
            case ".docx":
                text = "\n".join(one.text for one in docx.Document(io.BytesIO(content)).paragraphs)
                assert len(text) > 100
            case ".pptx":
                deck = pptx.Presentation(io.BytesIO(content))
                assert deck.slides[0].shapes.title.text
                assert len(deck.slides) >= 2
            case ".pdf":
                assert content.startswith(b"%PDF-1.")
                assert content.rstrip().endswith(b"%%EOF")
            case ".jpg":
                assert Image.open(io.BytesIO(content)).format == "JPEG"
            case other:
                raise AssertionError(other)


def test_no_file_knows_when_it_was_made(real: Seed) -> None:
    """Entries of zips carry no hour, and properties a fixed day."""
    for act in real.acts:
        if isinstance(act, Upload | Attach) and act.name.endswith(("docx", "pptx", "xlsx")):
            with zipfile.ZipFile(io.BytesIO(act.content())) as file:
                assert {entry.date_time[0] for entry in file.infolist()} == {1980}
                core = file.read("docProps/core.xml").decode()
            assert set(re.findall(r"\d{4}-\d\d-\d\dT", core)) <= {"2000-01-01T"}


def test_workbooks_say_that_the_answers_are_made_up(real: Seed) -> None:
    """The property for comments says so in every version."""
    for act in real.acts:
        if isinstance(act, Upload) and act.folder == "Formulär":
            with zipfile.ZipFile(io.BytesIO(act.content())) as file:
                assert "Påhittade svar i en sandlåda" in file.read("docProps/core.xml").decode()


def test_signatures_carry_an_inline_picture(real: Seed) -> None:
    """Each network meeting has the logo as an inline attachment, which is no material."""
    logos = [act for act in real.acts if isinstance(act, Attach) and act.inline]
    assert len(logos) == 17
    assert {act.name for act in logos} == {INLINE}
    assert Image.open(io.BytesIO(logos[0].content())).format == "PNG"


def test_recordings_are_movies_with_words(real: Seed) -> None:
    """Ten recordings with whole boxes, one of 25 MB, each with some twenty cues and speakers."""
    recordings = [act for act in real.acts if isinstance(act, Record)]
    sizes = []
    for act in recordings:
        content = act.content()
        sizes.append(len(content))
        assert _boxes(content) == ["ftyp", "moov", "mdat"]
        assert act.transcript is not None
        assert act.transcript.startswith("WEBVTT\n")
        assert len(re.findall(r"^<v [^>]+>.+</v>$", act.transcript, re.MULTILINE)) == 20
        assert timedelta(minutes=50) < act.at - act.end < timedelta(minutes=90)
    assert len(recordings) == 10
    assert sum(size > 25_000_000 for size in sizes) == 1
    assert all(400_000 <= size <= 1_520_000 for size in sizes if size < 20_000_000)


def _boxes(content: bytes) -> list[str]:
    kinds, at = [], 0
    while at < len(content):
        size, kind = struct.unpack_from(">I4s", content, at)
        kinds.append(kind.decode())
        at += size
    assert at == len(content)
    return kinds
