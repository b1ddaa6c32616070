"""The index of an export: for people, for programs, and for whoever checks the sums."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from service.domain.holding import About, Absent, Entry, People
from service.render.holdings.facts import as_json
from service.render.holdings.words import HoldingWords

FORMAT = "natverket-export"
VERSION = 1
JSON, HTML, README, SUMS = "index.json", "index.html", "README.txt", "SHA256SUMS"
OWN = frozenset({JSON, HTML, README, SUMS})
"""Files of the index itself."""

_STYLE = """
body{font:16px/1.5 system-ui,"Segoe UI",sans-serif;color:#1b1b1b;background:#fff;margin:2rem auto;
max-width:72rem;padding:0 1rem}
h1{font-size:1.7rem;line-height:1.25;margin-bottom:.2rem}h2{font-size:1.25rem;margin:2.2rem 0 .4rem}
a{color:#0b5345}a:focus-visible,[tabindex]:focus-visible{outline:3px solid #1f5b4a}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}dt{font-weight:600}dd{margin:0}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.93rem}
caption{text-align:left;color:#4a4a4a;padding-bottom:.3rem}
th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid #d4d4d4}
thead th{background:#1f5b4a;color:#fff}tbody th{font-weight:400}.n{text-align:right}
.n,.d{white-space:nowrap}
code{font-size:.78rem;overflow-wrap:anywhere;color:#4a4a4a}.note{border-left:4px solid #9a6700;
padding:.2rem 1rem;background:#fff8e6}@media print{body{margin:0;max-width:none}a{color:inherit}}
"""


@dataclass(frozen=True, kw_only=True)
class Index:
    """What an export is of, and what is in it."""

    subject: str
    """A meeting's title, or the year."""
    details: tuple[tuple[str, str], ...]
    """Name and value, as people read them: day, place, groups, figures."""
    ids: tuple[tuple[str, str], ...]
    """For programs: `meeting` or `year`, and the like."""
    network: str
    network_id: str
    site: str
    made: datetime
    time_zone: str
    """IANA name: where days are counted."""
    program: str
    """Name and version."""
    entries: tuple[Entry, ...]
    absent: tuple[Absent, ...]
    leftovers: tuple[str, ...] = ()
    """Files of an earlier export in the same folder that are no part of this one."""
    complete: bool = True


def index_json(one: Index) -> bytes:
    """Version 1: what stands here under a name keeps its meaning."""
    return as_json(
        {
            "format": FORMAT,
            "version": VERSION,
            "complete": one.complete,
            "made": one.made,
            "program": one.program,
            "network": {"id": one.network_id, "name": one.network, "site": one.site},
            "subject": {"title": one.subject, **dict(one.ids)},
            "files": [
                {
                    "path": entry.path,
                    "size": entry.size,
                    "sha256": entry.sha256,
                    **_about(entry.about),
                    "remark": entry.remark,
                }
                for entry in one.entries
            ],
            "absent": [
                {**_about(absent.about), "why": absent.why, "removed": absent.gone}
                for absent in one.absent
            ],
            "leftovers": list(one.leftovers),
        }
    )


def _about(about: About) -> dict[str, Any]:
    return {
        "title": about.title,
        "section": about.section,
        "meeting": about.meeting,
        "type": about.type,
        "personal_data": about.people.value,
        "registry_no": about.registry_no,
        "dispose_after": about.dispose_after,
        "folder": about.lay,
        "url": about.url,
        "modified": about.modified,
    }


def sums(files: Iterable[tuple[str, str]]) -> bytes:
    """Write path and hash as `sha256sum -c` reads them."""
    return "".join(f"{sha256}  {path}\n" for path, sha256 in sorted(files)).encode()


def readme(one: Index, words: HoldingWords) -> bytes:
    lines = (
        words.say("readme.title", subject=one.subject, network=one.network),
        "",
        words.say("readme.made", made=_when(one), program=one.program, site=one.site),
        words.say("readme.index"),
        words.say("readme.sums"),
        words.say("readme.people"),
        *((words.say("readme.absent", n=len(one.absent)),) if one.absent else ()),
        words.say("readme.nothing"),
        "",
    )
    return "\r\n".join(lines).encode()


def _when(one: Index) -> str:
    return f"{one.made.astimezone(ZoneInfo(one.time_zone)):%Y-%m-%d %H:%M}"


# ---------------------------------------------------------------- for people


def index_html(one: Index, words: HoldingWords) -> bytes:
    """One page that works offline: no script, and nothing from elsewhere."""
    title = words.say("index.title", subject=one.subject)
    body = "\n".join(_body(one, words))
    page = (
        f'<!doctype html>\n<html lang="{escape(words.language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">\n"
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{escape(title)}</h1>\n{body}\n</main>\n</body>\n</html>\n"
    )
    return page.encode()


def _body(one: Index, words: HoldingWords) -> Iterator[str]:
    said = words.table("index")
    made = said["made"].format(network=one.network, made=_when(one), program=one.program)
    yield f"<p>{escape(made)}</p>"
    yield "<dl>"
    for name, value in (*one.details, (said["site"], one.site)):
        if value:
            yield f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>"
    yield "</dl>"
    yield f"<p>{escape(said['check'])} <code>sha256sum -c {SUMS}</code></p>"
    if one.absent:
        yield from _absent(one.absent, words)
    for meeting, section in _groups(one.entries):
        heading = " · ".join(filter(None, (meeting, said[section])))
        entries = [
            e for e in one.entries if (e.about.meeting, e.about.section) == (meeting, section)
        ]
        yield f"<h2>{escape(heading)}</h2>"
        yield from _table(entries, heading, words)
    if one.leftovers:
        yield f"<h2>{escape(said['leftovers'])}</h2><ul>"
        yield from (f"<li>{escape(path)}</li>" for path in one.leftovers)
        yield "</ul>"


def _groups(entries: Iterable[Entry]) -> Iterator[tuple[str, str]]:
    """Meeting and section, in the order in which they come."""
    yield from dict.fromkeys((entry.about.meeting, entry.about.section) for entry in entries)


def _absent(absent: Sequence[Absent], words: HoldingWords) -> Iterator[str]:
    said = words.table("index")
    yield f'<div class="note"><h2>{escape(said["absent"])}</h2><ul>'
    for one in absent:
        about = " · ".join(filter(None, (one.about.meeting, one.about.title)))
        yield f"<li>{escape(about)}: {escape(one.why)}</li>"
    yield "</ul></div>"


_COLUMNS = ("file", "what", "size", "modified", "people", "registry_no", "dispose_after", "sum")


def _table(entries: Sequence[Entry], heading: str, words: HoldingWords) -> Iterator[str]:
    said = words.table("index")
    caption = said["caption"].format(n=len(entries))
    label = f'role="region" aria-label="{escape(heading, quote=True)}" tabindex="0"'
    yield f'<div class="wide" {label}><table><caption>{escape(caption)}</caption>'
    heads = "".join(f'<th scope="col"{_right(name)}>{escape(said[name])}</th>' for name in _COLUMNS)
    yield f"<thead><tr>{heads}</tr></thead><tbody>"
    for entry in entries:
        yield _row(entry, words)
    yield "</tbody></table></div>"


def _row(entry: Entry, words: HoldingWords) -> str:
    about = entry.about
    people = {
        People.YES: words.say("index.yes"),
        People.MAY: words.say("index.may"),
        People.NO: words.say("index.no"),
    }
    remark = f"<br>{escape(words.say(f'index.{entry.remark}'))}" if entry.remark else ""
    name = entry.path.rpartition("/")[2]
    what = " · ".join(filter(None, (about.title if about.title != name else "", about.type)))
    return (
        f'<tr><th scope="row"><a href="{quote(entry.path)}">{escape(name)}</a>{remark}</th>'
        f'<td>{escape(what)}</td><td class="n">{escape(_size(entry.size, words))}</td>'
        f'<td class="d">{f"{about.modified:%Y-%m-%d}" if about.modified else ""}</td>'
        f"<td>{escape(people[about.people])}</td>"
        f'<td>{escape(about.registry_no)}</td><td class="d">{escape(about.dispose_after)}</td>'
        f"<td><code>{entry.sha256}</code></td></tr>"
    )


def _right(name: str) -> str:
    return ' class="n"' if name == "size" else ""


_UNITS = ("byte", "kB", "MB", "GB")


def _size(size: int, words: HoldingWords) -> str:
    """As people read it, in thousands."""
    power = min((len(str(size)) - 1) // 3, len(_UNITS) - 1)
    if not power:
        return f"{size} {_UNITS[0]}"
    mark = "." if words.language == "en" else ","
    return f"{size / 1000**power:.1f} {_UNITS[power]}".replace(".", mark)
