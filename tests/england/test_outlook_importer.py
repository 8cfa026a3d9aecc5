"""The outlook's importer: what it writes of a source, and what it refuses."""

from pathlib import Path

import pytest

from soke.england.importers.outlook import FILE, outlook
from soke.errors import SokeError

HEAD = "year,line,value,unit,grade,source\n"
TOTALS = (
    "2025-26,public sector current receipts,1000,GBP million,unverified,recalled\n"
    "2025-26,total managed expenditure,1100,GBP million,unverified,receipts plus borrowing\n"
    "2025-26,public sector net borrowing,100,GBP million,official,a bulletin\n"
)


def written(folder: Path, body: str) -> Path:
    path = folder / FILE
    path.parent.mkdir(parents=True)
    path.write_text(HEAD + body, "utf-8")
    return folder


def test_totals_have_the_names_of_heads_and_lines_keep_theirs(tmp_path: Path) -> None:
    found = outlook(written(tmp_path, f"{TOTALS}2025-26,income-tax,300,GBP million,official,a table\n"))
    assert found.splitlines() == [
        "year,head,gbp_million,source,grade,note",
        "2025-26,borrowing,100,ons-uk-finances,official,a bulletin",
        "2025-26,income-tax,300,ons-uk-finances,official,a table",
        "2025-26,receipts,1000,ons-uk-finances,unverified,recalled",
        "2025-26,spending,1100,ons-uk-finances,unverified,receipts plus borrowing",
    ]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (TOTALS.replace("GBP million,official", "GBP bn,official"), "borrowing of 2025-26 has another unit"),
        (TOTALS.replace("2025-26,total", "2025,total"), "spending of 2025 has"),
        (TOTALS + TOTALS, "stands there twice"),
        (TOTALS.replace("1100", "1400"), "borrowing of 2025-26 is not its spending less its receipts"),
    ],
)
def test_what_cannot_be_an_outlook_is_refused(body: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(SokeError, match=words):
        outlook(written(tmp_path, body))
