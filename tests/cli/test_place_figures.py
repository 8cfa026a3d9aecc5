"""``soke place --figures``: a folder of imported figures, from its files to the words on the terminal."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from soke.england.baseline import baseline
from soke.england.imported import HEADER

Run = Callable[..., tuple[int, str, str]]
PENSIONS = 104_000.0  # GBP million in England, about; a made-up split by people over 75


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "official"


def written(folder: Path, total: float = PENSIONS, leave_out: str = "") -> Path:
    """What ``soke data import`` would have written of state pensions, 2022-23."""
    folder.mkdir()
    people = baseline()["population_75_plus"]
    rows = [
        [
            code,
            name,
            "2022-23",
            "benefit_state_pension",
            f"{total * share:.3f}",
            "GBP million",
            "pensions.ods",
            "0" * 64,
        ]
        for code, name, share in zip(baseline().codes, baseline().names, people / people.sum(), strict=True)
        if code != leave_out
    ]
    with (folder / "benefits_2022-23.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *rows])
    return folder


def shares(soke: Run, *args: object) -> dict[str, float]:
    status, out, err = soke("place", "Leeds", "--year", "2022-23", "--json", *args)
    assert status == 0, err
    known: dict[str, float] = json.loads(out)["facts"]["known_shares"]
    return known


def test_imported_pensions_are_measured_and_said(soke: Run, folder: Path) -> None:
    before, after = shares(soke), shares(soke, "--figures", written(folder))
    assert after["here"] > before["here"] + 0.04
    assert after["key"] < before["key"]
    _, out, _ = soke("place", "Leeds", "--year", "2022-23", "--figures", folder)
    assert "Imported: benefits pensions, 2022-23, from pensions.ods" in out and "unverified" in out
    _, out, _ = soke("place", "Leeds", "--year", "2022-23", "--figures", folder, "--explain", "social protection")
    assert "an official workbook that the user imported" in out


def test_classes_are_of_the_imported_figures_too(soke: Run, folder: Path) -> None:
    _, out, _ = soke("place", "Leeds", "--year", "2022-23", "--json", "--figures", written(folder))
    answer = json.loads(out)
    (leeds,) = answer["tables"]["account_classes"]["rows"]
    assert leeds["spending_gbp_million_cash"] == pytest.approx(answer["facts"]["spending_gbp_million_cash"])


@pytest.mark.parametrize(
    ("total", "leave_out", "said"),
    [
        (PENSIONS / 3, "", "cannot be that of"),  # another benefit's table
        (PENSIONS * 1e6, "", "cannot be that of"),  # pounds for millions
        (PENSIONS, "E08000025", "no figure of Birmingham"),
    ],
)
def test_figures_that_are_something_else_stop_it(
    soke: Run, folder: Path, total: float, leave_out: str, said: str
) -> None:
    written(folder, total, leave_out)
    status, out, err = soke("place", "Leeds", "--year", "2022-23", "--figures", folder)
    assert status == 2 and not out
    assert said in err


def test_what_looks_implausible_can_be_accepted(soke: Run, folder: Path) -> None:
    written(folder, PENSIONS / 3)
    status, _, _ = soke("place", "Leeds", "--year", "2022-23", "--figures", folder, "--accept-figures")
    assert status == 0
