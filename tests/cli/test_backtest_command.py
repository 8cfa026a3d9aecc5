"""``soke backtest``: a sentence and two tables for people, whole rows for programs, and what is said of bad input."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

import pytest

Run = Callable[..., tuple[int, str, str]]
ONE = ("backtest", "--start", "2012", "--draws", "100")


def test_it_says_what_held_and_explains_its_words(soke: Run) -> None:
    status, out, err = soke(*ONE)
    assert (status, err) == (0, "")
    assert out.startswith("Started in 2012 with nothing later, its 90 per cent range held ")
    for said in ("2012 to 2019", "2012 to 2017", "2012 to 2022", "drawn too", "CRPS, continuous ranked",
                 "A simple rule scores better", "Shire districts", "ITL2 areas"):  # fmt: skip
        assert said in out, said


def test_programs_have_every_group_and_rule(soke: Run) -> None:
    status, out, _ = soke(*ONE, "--json")
    said = json.loads(out)
    assert status == 0 and said["schema"] == "back_test/1" and said["facts"]["draws"] == 100
    assert len(said["rows"]) == 28 and len(said["tables"]["back_test_groups"]["rows"]) == 4
    assert {row["group"] for row in said["rows"]} >= {"all places", "London boroughs", "regions"}
    whole = said["rows"][0]
    assert whole["no_growth_crps_log_points"] > 0 and whole["national_trend_crps_log_points"] is None
    _, text, _ = soke(*ONE, "--csv")
    assert len(list(csv.DictReader(io.StringIO(text)))) == 28


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(soke: Run) -> None:
    first, again, other = (soke(*ONE, "--csv", "--seed", seed)[1] for seed in ("1", "1", "2"))
    assert first == again != other


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--start", "1997"), "cannot start in 1997. Start from 2005 to 2022"),
        (("--start", "2021"), "Start before 2019"),
        (("--start", "ten"), "integer"),
        (("--draws", "10000000"), "Ask for 100 to 20,000"),
        (("--seed", "-1"), "cannot be a seed"),
        (("--json", "--csv"), "cannot be asked for together"),
    ],
)
def test_bad_input_is_a_sentence(soke: Run, options: tuple[str, ...], said: str) -> None:
    status, out, err = soke("backtest", *options)
    assert (status, out) == (2, "") and said in err and "Traceback" not in err
