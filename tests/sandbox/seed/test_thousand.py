"""The seed `2023-files`: the real year with a thousand files more."""

import io
import unicodedata
import zipfile
from datetime import date

import pytest

from service.sandbox.seed import data, files, load
from service.sandbox.sharepoint.names import check_name
from service.sandbox.timeline import Attach, AttachLink, MailArrives, Upload
from tests.thousand import key, table

NOWHEN = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("a.pdf", ["a.pdf"]),
        ("{08..10}.jpg", ["08.jpg", "09.jpg", "10.jpg"]),
        ("{A..C} {x|y}", ["A x", "A y", "B x", "B y", "C x", "C y"]),
    ],
)
def test_series(pattern: str, names: list[str]) -> None:
    """Braces count, spell and list."""
    assert list(files.expanded(pattern)) == names


def test_two_loads_are_equal() -> None:
    """Loading twice gives equal acts, and the year's own are among them."""
    one, other = (load("2023-files", today=NOWHEN) for _ in range(2))
    assert one == other
    assert all(act in one.acts for act in load("2023", today=NOWHEN).acts[:20])


def test_every_way_is_taken() -> None:
    """Uploads, attachments, mails and links: each file of the table is in one of them."""
    plain, more = (load(name, today=NOWHEN).acts for name in ("2023", "2023-files"))
    added = [act for act in more if act not in plain]
    uploads = [act for act in added if isinstance(act, Upload)]
    attached = [act for act in added if isinstance(act, Attach)]
    mailed = [file for act in added if isinstance(act, MailArrives) for file in act.files]
    linked = [act for act in added if isinstance(act, AttachLink)]
    abroad = [act for act in linked if act.name == act.url]
    assert len(uploads) + len(attached) + len(mailed) + len(abroad) == len(table())
    for act in uploads:
        for segment in (*act.folder.split("/"), act.name):
            check_name(segment)


def test_a_file_is_known_by_its_size() -> None:
    """Only files that are meant to be equal are of one size, and then to the byte."""
    for one in table():
        assert len(one.file.content()) == one.file.content.size
    alike = [one.file for one in table() if one.file.series.like]
    sizes = {one.file.content.size for one in table()}
    assert len(sizes) == len(table()) - len(alike) + len({file.series.like for file in alike})


def test_files_are_what_their_names_say() -> None:
    """Office files are archives, and a Mac's names are decomposed."""
    office = next(one.file for one in table() if one.file.name.endswith(".docx"))
    with zipfile.ZipFile(io.BytesIO(office.content())) as archive:
        assert archive.testzip() is None
    for one in table():
        form = "NFD" if one.file.series.mac else "NFC"
        assert unicodedata.is_normalized(form, one.file.name)


def test_the_table_places_every_series() -> None:
    """No series is without a place, and no place without a series."""
    written = (data.folder() / "2023-files-places.toml").read_text(encoding="utf-8")
    assert all(f'"{_escaped(key(one.file))}" = ' in written for one in table())
    assert written.count(" = ") == len({(one.file.origin, key(one.file)) for one in table()})


def _escaped(text: str) -> str:
    return text.replace('"', '\\"')
