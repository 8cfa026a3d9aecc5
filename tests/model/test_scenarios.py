"""Scenarios that cannot be projected are refused at their key, before any draw; the switches they hold work."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from invented_country import deal, fund, invented_start, scenario, years

from soke.deal.check import check
from soke.deal.reader import read_scenario
from soke.deal.scenario_limits import LIMITS
from soke.deal.types import Range
from soke.england.places import places
from soke.errors import SokeError
from soke.evidence import sampling
from soke.model.run.setup import prepare

PACKAGED = Path("src/soke/deal/offer/scenario.toml").read_text("utf-8")
MARK = "# here"


def swap(old: str, new: str) -> Callable[[str], str]:
    """Put a marked line in place of another, which must be there."""
    assert f"\n{old}" in PACKAGED
    return lambda text: text.replace(f"\n{old}", f"\n{new} {MARK}", 1)


def twice(text: str) -> str:
    return f'{text}\n[[spending]]\nfunction = "health" {MARK}\nreal_growth = [0.01]\n'


def ages(line: str) -> Callable[[str], str]:
    """A table of ages with a marked line, in the place of each place's own."""
    rest = '0-15 = -0.003\n16-64 = 0.004\n75-84 = 0.015\n"85+" = 0.030\n'
    return lambda text: f"{text}\n[ageing]\n{line} {MARK}\n{rest}"


HEALTH = "real_growth = [0.028, 0.028, 0.027, 0.026, 0.025]"
GROWTH = "gva_growth = { low = 0.010, central = 0.015, high = 0.019 }"
FAULTS = {
    "no rate": swap(HEALTH, "real_growth = []"),
    "a function twice": twice,
    "spending falls by all of it": swap(HEALTH, "real_growth = [-1.0]"),
    "reset every no years": swap("reset_every = 5", "reset_every = 0"),
    "council tax that doubles": swap("real_rise = 0.015", "real_rise = 1.0"),
    "council tax that doubles later": swap(
        "real_rise_after = { low = 0.0, central = 0.006, high = 0.020 }",
        "real_rise_after = { low = 0.0, central = 0.6, high = 2.0 }",
    ),
    "more than all of income tax": swap("share = 0.0", "share = 1.5"),
    "output gone": swap("carry_gva_real = 1.027", "carry_gva_real = 0.0"),
    "prices a hundredfold": swap("carry_price = 1.135", "carry_price = 113.5"),
    "growth in per cent": swap(GROWTH, "gva_growth = { low = 1.0, central = 1.5, high = 1.9 }"),
    "gain on moved money": swap("moved_money_gain = 0.0", "moved_money_gain = -1.5"),
    "ageing in per cent": ages("65-74 = 0.9"),
    "an age that is none": ages("65-75 = 0.009"),
    "too long": swap('base_year = "2025-26"\nend_year = "2045-46"', 'base_year = "2022-23"\nend_year = "2099-00"'),
    "ends before it starts": swap('end_year = "2045-46"', 'end_year = "2020-21"'),
    "no draws": swap("draws = 1000", "draws = 0"),
    "inflation in per cent": swap("job_growth = 0.004", "inflation = 2.0"),
    "deterrence in per cent": swap("deterrence = 0.0", "deterrence = 25.0"),
    "jobs in per cent": swap("job_growth = 0.004", "job_growth = 0.4"),
}  # fmt: skip


def written(text: str, folder: Path) -> Path:
    path = folder / "s.toml"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_a_figure_beyond_reason_is_refused_at_its_key(name: str, tmp_path: Path) -> None:
    text = FAULTS[name](PACKAGED)
    path = written(text, tmp_path)
    line = next(number for number, row in enumerate(text.splitlines(), 1) if MARK in row)
    with pytest.raises(SokeError, match=rf"s\.toml:{line}:\d+: .+\. .+\."):
        read_scenario(path)
    assert line in {finding.at.line for finding in check(path, places()).findings}


def test_a_rate_of_growth_for_being_devolved_gives_way_to_the_drawn_term(tmp_path: Path) -> None:
    text = swap("moved_money_gain = 0.0", "devolution_growth = 0.0015")(PACKAGED)
    with pytest.raises(SokeError, match=r'no longer has the key "devolution_growth".+"devolution\.growth".+effects'):
        read_scenario(written(text, tmp_path))


@pytest.mark.parametrize("key", ["carry_tax_real", "carry_spending_real"])
def test_a_key_that_the_outlook_replaced_says_what_replaced_it(key: str, tmp_path: Path) -> None:
    path = written(f"{PACKAGED}\n[{key}]\nhealth = 1.08\n", tmp_path)
    with pytest.raises(SokeError, match=rf'no longer has the key "{key}"\. Remove it: .+outlook\.csv') as refused:
        read_scenario(path)
    assert refused.value.where.line >= PACKAGED.count("\n")


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        ("council_tax_rise = 0.0", r"Write how bills rise as a table, council_tax = \{ real_rise = 0\.015"),
        ("business_rates_volatility = 0.03", r'write under \[effects\] "rates\.swing" = \{ low = 0\.04'),
    ],
)
def test_a_key_that_another_replaced_says_what_to_write(line: str, instead: str, tmp_path: Path) -> None:
    path = written(PACKAGED.replace("\nreset_every", f"\n{line}\nreset_every"), tmp_path)
    with pytest.raises(SokeError, match=rf'no longer has the key "{line.split(maxsplit=1)[0]}"\. .*{instead}'):
        read_scenario(path)


def test_lines_of_another_year_than_the_base_year_are_refused(baseline, lines, known) -> None:
    with pytest.raises(SokeError, match="lines are of 2024-25, and the scenario's base year is 2025-26"):
        prepare(deal(), scenario(), baseline, invented_start(lines, 2024), 11, known)


def test_an_age_group_left_out_is_refused_and_a_wider_one_stands_for_it(tmp_path: Path) -> None:
    with_ages = ages("65-74 = 0.009")(PACKAGED)
    with pytest.raises(SokeError, match="aged 75-84"):
        read_scenario(written(with_ages.replace("75-84 = 0.015\n", ""), tmp_path))
    read_scenario(written(with_ages.replace("75-84 = 0.015\n", '"75+" = 0.015\n'), tmp_path))
    assert not read_scenario(written(PACKAGED, tmp_path)).ageing, "none is needed: each place's own ages move on"


def test_the_draws_that_a_scenario_may_ask_for_can_be_drawn() -> None:
    assert LIMITS["draws"] == (1, sampling.MOST_DRAWS)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"ageing": {"16-64": 0.0}}, "aged 0-15"),
        ({"ageing": {"100+": 0.1}}, "age group"),
        ({"retention_as_is": {"default": 0.5, "E99999999": 0.5}}, "E99999999"),
        ({"gva_growth": Range(low=0.0, central=float("nan"), high=0.1)}, "gva_growth.central"),
        ({"base_year": 2020, "end_year": 2030}, "base year"),
        ({"effects": {"agg.ajust": Range(low=0.1, central=0.2, high=0.3)}}, r"agg\.ajust"),
        ({"effects": {"price.gdp_deflator": Range(low=1.0, central=2.0, high=3.0)}}, "Prices cannot rise"),
    ],
)
def test_a_scenario_made_in_code_is_held_to_the_same(project, change, words) -> None:
    with pytest.raises(SokeError, match=words):
        project(deal(), scenario(**change))


def test_the_extremes_that_are_allowed_run_without_a_warning(project) -> None:
    """Warnings are errors in the tests: none may come out, whatever draws fail."""
    high = scenario(
        end_year=2100, carry_price=5.0, gva_growth=Range(low=0.2, central=0.2, high=0.2), job_growth=0.2,
        moved_money_gain=10.0, inflation=0.25, effects={"rates.swing": Range(low=0.9, central=1.0, high=1.0)},
        ageing={"0-15": 0.2, "16-64": 0.2, "65+": 0.2},
    )  # fmt: skip
    found = project(deal(funds=(fund(after_profile="grows"),)), high, draws=5)
    assert len(found.failures) < 5


def test_inflation_and_financing_are_said_by_the_scenario(project) -> None:
    cash = deal(funds=(fund(),))
    plain, dear = (project(cash, scenario(inflation=rate), draws=5) for rate in (0.0, 0.1))
    assert plain.bill.new_money[1] == pytest.approx(100.0) and dear.bill.new_money[1] == pytest.approx(100.0 / 1.1)
    head, output = (project(cash, scenario(financing=key), draws=5) for key in ("head", "output"))
    assert np.allclose(head.bill.new_money, output.bill.new_money)
    assert not np.allclose(head.by_place["balance"].mean_difference, output.by_place["balance"].mean_difference)
    assert {"financing": "output"}.items() <= {row["id"]: row["value"] for row in output.assumptions}.items()


def test_what_a_deal_leaves_unsaid_about_earlier_spending_is_in_the_log(project) -> None:
    moved, said = fund("moved", "moved"), fund("said", "moved", previous_spend=years(9, 2025, 1))
    rows = {row["id"]: row for row in project(deal(funds=(fund(), moved, said)), draws=5).assumptions}
    assert [name for name in rows if name.endswith("previous_spend")] == ["moved.previous_spend"]
    assert rows["moved.previous_spend"]["value"] == "equal to the fund"
