"""Comparing two runs: paired by draw, and a sentence for every folder that is not a whole run."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from soke.report.run.compare import compare

Run = Callable[..., tuple[int, str, str]]
YEARS = ("2026-27", "2027-28")
N = "gap_narrowing"
HEADER = "series,draw," + ",".join(YEARS)


def made(folder: Path, draws_csv: str, **changes: Any) -> Path:
    """A folder with the record of a run and its draws."""
    folder.mkdir()
    (folder / "draws.csv").write_text(draws_csv, encoding="utf-8", newline="")
    text = "x = 1\n"
    file = {"path": "deal.toml", "text": text, "sha256": hashlib.sha256(text.encode()).hexdigest()}
    record = {
        "files": [file] * 3, "draws": 3, "seed": 1, "command": "soke run deal.toml", "deal": "a", "scenario": "b",
        "place": "E47000001", "outputs": {"draws.csv": hashlib.sha256(draws_csv.encode()).hexdigest()},
    }  # fmt: skip
    (folder / "run.json").write_text(json.dumps({**record, **changes}), encoding="utf-8")
    return folder


def rows(*values: float | str) -> str:
    return "\n".join([HEADER, *(f"gap_narrowing,{k},{v},{v}" for k, v in enumerate(values))]) + "\n"


def test_the_difference_is_draw_by_draw(soke: Run, tmp_path: Path) -> None:
    a = made(tmp_path / "a", rows(1.0, 5.0, 9.0))
    b = made(
        tmp_path / "b", f"{HEADER}\n{N},2,10.0,10.0\n{N},0,3.0,3.0\n{N},1,8.0,8.0\n"
    )  # the same draws in another order
    status, out, _ = soke("compare", a, b, "--json")
    assert status == 0
    first = json.loads(out)["rows"][0]
    assert (first["year"], first["difference"], first["chance_below_zero"]) == ("2026-27", 2.0, 0.0)


def test_a_row_a_series_and_year_in_the_order_that_reads_well_and_what_is_nought_is_folded(
    soke: Run, tmp_path: Path
) -> None:
    def several(scale: float) -> str:
        every = {"care_pressure": 9.0, "jobs_kept": 40.0, N: 2.0, "kept_growth": 0.001}
        said = [f"{name},{k},{scale * v},{scale * v * (k + 1)}" for name, v in every.items() for k in range(3)]
        return "\n".join([HEADER, *said]) + "\n"

    a, b = made(tmp_path / "a", several(1.0)), made(tmp_path / "b", several(3.0))
    found = json.loads(soke("compare", a, b, "--json")[1])
    assert [(row["series"], row["year"]) for row in found["rows"]] == [
        (name, year) for name in (N, "kept_growth", "jobs_kept", "care_pressure") for year in YEARS
    ]
    assert {row["unit"] for row in found["rows"] if row["series"] == "jobs_kept"} == {"jobs"}
    second = found["rows"][1]
    assert (second["first"], second["second"], second["difference"]) == (4.0, 12.0, 8.0)
    assert (second["difference_p10"], second["difference_p90"]) == pytest.approx((4.8, 11.2))
    out = soke("compare", a, b)[1]
    assert "Nought in both, and not shown: Kept here of rates and grant." in out
    assert "Care takes more" in out and out.count("Kept here") == 1


def test_years_that_only_one_run_marks_are_left_out(soke: Run, tmp_path: Path) -> None:
    a = made(tmp_path / "a", rows(1.0, 2.0, 3.0))
    one = f"series,draw,2027-28\n{N},0,1\n{N},1,1\n{N},2,1\n"
    b, c = made(tmp_path / "b", one), made(tmp_path / "c", one.replace("2027-28", "2040-41"))
    assert [row["year"] for row in json.loads(soke("compare", a, b, "--json")[1])["rows"]] == ["2027-28"]
    status, _, err = soke("compare", a, c)
    assert status == 2 and "no year in common" in err


def test_failed_draws_count_on_neither_side(soke: Run, tmp_path: Path) -> None:
    a = made(tmp_path / "a", rows(1.0, "", 100.0))
    b = made(tmp_path / "b", rows(4.0, 7.0, "inf"))
    row = json.loads(soke("compare", a, b, "--json")[1])["rows"][0]
    assert (row["first"], row["second"], row["difference"]) == (1.0, 4.0, 3.0)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (rows("nan", "inf", "-inf"), "No draw has a figure"),
        (rows(1.0, 2.0), "each of 3 draws once"),
        (f"{HEADER}\n{N},0,1,1\n{N},0,1,1\n{N},2,1,1\n", "each of 3 draws once"),
        (f"{HEADER}\n{N},0,1\n{N},1,1\n{N},2,1\n", "shorter or longer"),
        (f"series,draw\n{N},{'9' * 200_000}\n{N},1\n{N},2\n", "cannot be read"),
        (f"{HEADER}\n{N},0,{'9' * 200_000},1\n{N},1,1,1\n{N},2,1,1\n", "field larger than"),
        (f"{HEADER}\n{N},x,1,1\n{N},1,1,1\n{N},2,1,1\n", "cannot be read"),
        (f"{HEADER}\nluck,0,1,1\nluck,1,1,1\nluck,2,1,1\n", "a series that is none"),
        (f"series,draw,2026-27,2026-27\n{N},0,1,1\n{N},1,1,1\n{N},2,1,1\n", "first line"),
        (f"series,draw,\x1b[2J\n{N},0,1\n{N},1,1\n{N},2,1\n", "not a financial year"),
        ("draw,2026-27\n0,1\n1,1\n2,1\n", "earlier version of Soke"),
        (HEADER, "each of 3 draws once"),
        ("", "first line"),
    ],
)
def test_draws_that_are_not_whole_are_a_sentence(soke: Run, tmp_path: Path, text: str, said: str) -> None:
    good, bad = made(tmp_path / "good", rows(1.0, 2.0, 3.0)), made(tmp_path / "bad", text)
    for pair in ((good, bad), (bad, good)):
        status, out, err = soke("compare", *pair)
        assert (status, out) == (2, "")
        assert said in err
        assert "\x1b" not in err


def test_draws_other_than_the_record_vouches_for_are_refused(soke: Run, tmp_path: Path) -> None:
    a, b = made(tmp_path / "a", rows(1.0, 2.0, 3.0)), made(tmp_path / "b", rows(1.0, 2.0, 3.0))
    (b / "draws.csv").write_text(rows(1.0, 2.0, 4.0), encoding="utf-8")
    status, _, err = soke("compare", a, b)
    assert status == 2
    assert "vouches" in err


@pytest.mark.parametrize("name", ["deal", "scenario", "place"])
def test_names_that_are_not_text_are_refused(soke: Run, tmp_path: Path, name: str) -> None:
    a = made(tmp_path / "a", rows(1.0, 2.0, 3.0), **{name: ["x"]})
    assert soke("compare", a, a)[0] == 2


@pytest.mark.parametrize("text", ["[" * 100_000, "[]", '{"seed": Infinity}', "{}", "\x00", '{"files": "abc"}'])
def test_a_broken_record_is_a_sentence(soke: Run, tmp_path: Path, text: str) -> None:
    a = made(tmp_path / "a", rows(1.0, 2.0, 3.0))
    (a / "run.json").write_text(text, encoding="utf-8")
    status, _, err = soke("compare", a, a)
    assert status == 2
    assert "not the record" in err


def test_an_infinite_seed_or_half_a_character_is_a_sentence(soke: Run, tmp_path: Path) -> None:
    half = {"path": "deal.toml", "text": "\ud800", "sha256": ""}
    for k, changes in enumerate(({"seed": float("inf")}, {"files": [half] * 3})):
        a = made(tmp_path / str(k), rows(1.0, 2.0, 3.0), **changes)
        status, _, err = soke("compare", a, a)
        assert status == 2
        assert "not the record" in err


def test_names_cannot_steer_the_terminal(soke: Run, tmp_path: Path) -> None:
    a = made(tmp_path / "a", rows(1.0, 2.0, 3.0), deal="x\x1b[2J\u202eevil\ud800\n\nline", scenario="[/red]")
    status, out, _ = soke("compare", a, a)
    assert status == 0
    assert not {"\x1b", "\u202e", "\ud800"} & set(out)
    assert "evil" in out
    assert "[/red]" in out


def numbers(scale: float, year: str = "2026-27 to 2029-30") -> list[dict[str, Any]]:
    """The four numbers as a record has them."""
    said = {"gap": "GBP million, cash", "difference": "GBP million a year", "keep": "pence", "bill": "pounds a head"}
    return [
        {"id": name, "title": name, "figure": f"{scale:g} of {name}", "value": 2 * scale, "low": scale,
         "high": 3 * scale, "unit": unit, "year": year}
        for name, unit in said.items()
    ]  # fmt: skip


def test_the_four_numbers_stand_side_by_side_under_the_folders_and_titles(soke: Run, tmp_path: Path) -> None:
    a = made(tmp_path / "plan", rows(1.0, 2.0, 3.0), title="Our deal", numbers=numbers(10.0), place="E47000001")
    b = made(tmp_path / "trial", rows(1.0, 2.0, 3.0), title="Their deal", numbers=numbers(30.0), place="E06000052")
    status, out, _ = soke("compare", a, b, "--page", tmp_path / "page.html")
    assert status == 0 and out.startswith("Our deal beside Their deal")
    assert "plan" in out and "trial" in out and "£10m to £30m" in out and "+£40m" in out
    flat = " ".join(out.split())
    assert f"First: {a}: Our deal (a), Greater Manchester, scenario b." in flat
    assert "The runs are of two places, Greater Manchester and Cornwall: compare with care." in flat
    assert "E47000001" not in out
    found = json.loads(soke("compare", a, b, "--json")[1])
    assert [row["series"] for row in found["rows"][:5]] == ["gap", "difference", "keep", "bill", N]
    bill = found["rows"][3]
    assert (bill["first"], bill["first_low"], bill["first_high"], bill["second"]) == (20.0, 10.0, 30.0, 60.0)
    assert (bill["difference"], bill["difference_p10"], bill["year"]) == (40.0, None, "2026-27 to 2029-30")
    assert found["facts"]["second_title"] == "Their deal" and found["facts"]["first_folder"] == str(a)
    assert found["tables"]["compared_numbers"]["rows"][3]["change"] == "+£40.00"
    table = list(csv.DictReader(io.StringIO(soke("compare", a, b, "--csv")[1])))
    assert [row["series"] for row in table[:4]] == ["gap", "difference", "keep", "bill"]
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert page.count("<table>") == 2 and "Our deal beside Their deal" in page and "plan" in page


def test_runs_in_folders_of_one_name_are_told_apart(tmp_path: Path) -> None:
    for name in ("x", "y"):
        (tmp_path / name).mkdir()
    a, b = (made(tmp_path / name / "run", rows(1.0, 2.0, 3.0), numbers=numbers(1.0)) for name in ("x", "y"))
    assert compare(a, b).names[0] != compare(a, b).names[1]


def test_a_record_without_the_four_numbers_says_so_and_compares_the_rest(soke: Run, tmp_path: Path) -> None:
    a = made(tmp_path / "a", rows(1.0, 2.0, 3.0))
    b = made(tmp_path / "b", rows(1.0, 2.0, 3.0), numbers=[{"id": "gap", "value": "much"}, 7, "x"])
    status, out, _ = soke("compare", a, b)
    assert status == 0 and "has no four numbers" in out and "How far the gap narrows" in out
    assert json.loads(soke("compare", b, b, "--json")[1])["rows"][0]["first"] is None


def test_bills_of_other_years_say_both(soke: Run, tmp_path: Path) -> None:
    a = made(tmp_path / "a", rows(1.0, 2.0, 3.0), numbers=numbers(1.0))
    b = made(tmp_path / "b", rows(1.0, 2.0, 3.0), numbers=numbers(1.0, "2028-29 to 2031-32"))
    row = json.loads(soke("compare", a, b, "--json")[1])["rows"][3]
    assert row["year"] == "2026-27 to 2029-30; 2028-29 to 2031-32"


def test_the_page_is_not_written_over_a_run(soke: Run, tmp_path: Path) -> None:
    a = made(tmp_path / "a", rows(1.0, 2.0, 3.0))
    before = (a / "run.json").read_bytes()
    status, _, err = soke("compare", a, a, "--page", a / "run.json")
    assert status == 2 and "reads" in err and (a / "run.json").read_bytes() == before
