"""
One sheet of responses, read in one of several ways, and nothing besides.

`python -m benchmarks.reading WAY FILE`: a process of its own, whose time and memory are
measured. It prints what it found, so that ways can be compared: responses, and the sums of
the two ratings.
"""

# ruff: noqa: PLC0415 - no way is to pay for what another imports

import sys
from pathlib import Path
from typing import Any

ZONE = "Europe/Stockholm"


def ours(file: Path) -> tuple[int, ...]:
    """Bytes to responses: times in UTC, each once, what is odd named."""
    from service.domain.survey.figures import figures
    from service.domain.survey.responses import Meaning
    from service.parse.vocabulary import shipped_vocabulary
    from service.parse.workbook import read_workbook

    known = shipped_vocabulary()
    sheet = read_workbook(file.read_bytes(), file.name, vocabulary=known, time_zone=ZONE)
    asked = [sheet.question(one) for one in (Meaning.SATISFACTION, Meaning.USEFULNESS)]
    sums = (figures(sheet.responses, one).total for one in asked if one)
    return len(sheet.responses), *sums


def pandas(file: Path) -> tuple[int, ...]:
    """Bytes to a table of cells, and no further."""
    return _sums(_frame(file))


def pandas_responses(file: Path) -> tuple[int, ...]:
    """As far as ours: each response once, times in UTC, its answers by question."""
    frame = _frame(file).drop_duplicates(subset="ID", keep="last")
    for column in frame.columns[1:3]:
        moments = frame[column].astype("datetime64[s]")
        frame[column] = moments.dt.tz_localize(ZONE).dt.tz_convert("UTC")
    answers = frame[frame.columns[6:]].to_dict("records")
    responses = [
        (number, start, end, {key: answer for key, answer in one.items() if answer == answer})
        for number, start, end, one in zip(
            *(frame[column].tolist() for column in frame.columns[:3]), answers, strict=True
        )
    ]
    return len(responses), *_sums(frame)[1:]


def idle(file: Path) -> tuple[int, ...]:
    """What ours costs before it has read anything."""
    del file
    import service.parse.workbook  # noqa: F401
    from service.parse.vocabulary import shipped_vocabulary

    shipped_vocabulary()
    return ()


def idle_pandas(file: Path) -> tuple[int, ...]:
    del file
    import openpyxl  # noqa: F401
    import pandas as pd  # noqa: F401

    return ()


def _frame(file: Path) -> Any:
    import pandas as pd

    if file.suffix == ".csv":
        return pd.read_csv(file)
    return pd.read_excel(file, engine="openpyxl")


def _sums(frame: Any) -> tuple[int, ...]:
    return len(frame), *(int(frame[column].sum()) for column in frame.columns[6:8])


WAYS = {way.__name__: way for way in (ours, pandas, pandas_responses, idle, idle_pandas)}

if __name__ == "__main__":
    print(*WAYS[sys.argv[1]](Path(sys.argv[2])))
