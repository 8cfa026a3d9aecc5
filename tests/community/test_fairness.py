"""Ledgers add up, equal shares and Phragmen can be explained by payments, and EJR+ is what its definition says."""

from __future__ import annotations

import csv
import random
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_elections import ballots_of, drawn, election

from soke.community.budgets import districts
from soke.community.budgets.election import Election
from soke.community.budgets.fairness import ejr_plus, priceable
from soke.community.budgets.ledger import faults, payments
from soke.community.budgets.manifest import digest, manifest
from soke.community.budgets.outcome import Outcome
from soke.community.budgets.pb import read_election
from soke.community.budgets.rule import Parameters
from soke.community.budgets.why import Reasons

SHARES = Parameters(rule="equal_shares")


@settings(max_examples=35, deadline=None)
@given(st.integers(0, 2**32))
def test_equal_shares_and_phragmen_are_explained_by_who_paid(seed: int) -> None:
    rng = random.Random(seed)
    made = drawn(rng)
    way = rng.choice(["none", "utilitarian", "add1", "add1-utilitarian"])
    more = replace(SHARES, completion=way, increment=max(1, made.budget // 7))  # type: ignore[arg-type]
    for asked in (replace(more, satisfaction="cardinality"), more, Parameters(rule="phragmen")):
        found = districts.count(made, asked)
        ledger = payments(found)
        assert faults(ledger) == []
        if found.winners and found.endowment is not None:
            check = priceable(ledger)
            assert check.passes, check.words
            bought = set(found.winners) - set(ledger.unpaid)
            assert sum(paid for _, _, paid in ledger.rows()) == sum(made.projects[one].cost for one in bought)
            supporting = [{made.projects[p].id for p in ballot} for ballot in ballots_of(made)]
            assert all(project in supporting[ballot - 1] for ballot, project, _ in ledger.rows())


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32))
def test_equal_shares_passes_ejr_plus_up_to_one(seed: int) -> None:
    rng = random.Random(seed)
    made = drawn(rng)
    way = rng.choice(["none", "utilitarian", "add1"])
    for satisfaction in ("cost", "cardinality"):
        asked = replace(SHARES, completion=way, satisfaction=satisfaction, increment=max(1, made.budget // 7))  # type: ignore[arg-type]
        check = ejr_plus(districts.count(made, asked))
        assert check.passes, check.words


def _overlooked(made: Election, winners: set[int], satisfaction: str) -> bool:
    """The definition, tried with every group of supporters of every loser."""
    ballots = ballots_of(made)

    def worth(one: int, voter: int) -> int:
        return ballots[voter].get(one, 0) * (made.projects[one].cost if satisfaction == "cost" else 1)

    for loser, project in enumerate(made.projects):
        backers = [i for i, ballot in enumerate(ballots) if loser in ballot]
        if loser in winners or project.cost > made.budget:
            continue
        for size in range(1, len(backers) + 1):
            for group in combinations(backers, size):
                price = Fraction(project.cost, sum(worth(loser, i) for i in group))
                part = Fraction(made.budget, len(ballots)) / price
                if all(sum(worth(w, i) for w in winners) + worth(loser, i) <= part for i in group):
                    return True
    return False


@settings(max_examples=35, deadline=None)
@given(st.integers(0, 2**32))
def test_the_quick_check_finds_every_overlooked_group(seed: int) -> None:
    rng = random.Random(seed)
    made = drawn(rng)
    if len(made.ballots) > 9:
        return
    winners = {one for one in range(len(made.projects)) if rng.random() < 0.4}
    for satisfaction in ("cost", "cardinality"):
        asked = replace(SHARES, satisfaction=satisfaction)  # type: ignore[arg-type]
        outcome = Outcome(election=made, parameters=asked, winners=tuple(winners))
        assert ejr_plus(outcome).passes is not _overlooked(made, winners, satisfaction)


def test_the_witness_of_greedy() -> None:
    # 6 of 10 voters take all the money under greedy; 4 could have bought p2 with theirs
    made = election(1000_00, [500_00, 500_00, 350_00], [[0, 1]] * 6 + [[2]] * 4)
    greedy = districts.count(made, Parameters(rule="greedy"))
    check = ejr_plus(greedy)
    assert not check.passes
    assert (
        check.words == "4 voters who could have bought project p2 (350) with their part of the money (400) got nothing."
    )
    (group,) = check.groups
    assert (group.number, group.voters, group.most, group.entitled) == (2, 4, 0, 400_00)
    ledger = payments(greedy)
    assert ledger.payments == () and "one purse" in ledger.empty and not priceable(ledger).passes
    assert "one purse" in ledger.as_csv()
    assert ejr_plus(districts.count(made, SHARES)).passes


def test_who_paid_what() -> None:
    # p0: three pay 2 each; p1: v2 has 1 left and pays it, v3 pays 2
    made = election(12, [6, 3], [[0], [0], [0, 1], [1]])
    ledger = payments(districts.count(made, SHARES))
    assert ledger.endowment == 3
    assert list(ledger.rows()) == [(1, "p0", 2), (2, "p0", 2), (3, "p0", 2), (3, "p1", 1), (4, "p1", 2)]
    assert ledger.as_csv().splitlines()[:2] == [
        "ballot,project,hundredths_paid,numerator,denominator,purchase", "1,p0,2.000000,2,1,1",
    ]  # fmt: skip
    assert ledger.left_with(0) == 2 and ledger.left_with(1) == 1


@pytest.mark.parametrize("rule", ["equal_shares", "phragmen"])
def test_the_file_of_a_ledger_adds_up(source_dir: Path, rule: str) -> None:
    """Every project is paid in full, in decimals and exactly, and nobody pays more than the endowment."""
    made = read_election(source_dir / "community" / "pb" / "Poland_Wieliczka_2023_Green_Budget.pb")
    outcome = districts.count(made, Parameters(rule=rule, completion="add1" if rule == "equal_shares" else "none"))
    decimals, exact, ballots = Counter[str](), Counter[str](), Counter[str]()
    for row in csv.DictReader(payments(outcome).as_csv().splitlines()):
        paid = Fraction(int(row["numerator"]), int(row["denominator"]))
        shown = Fraction(row["hundredths_paid"])
        assert abs(shown - paid) < Fraction(1, 10**6)
        decimals[row["project"]] += shown  # type: ignore[assignment]
        exact[row["project"]] += paid  # type: ignore[assignment]
        ballots[row["ballot"]] += paid  # type: ignore[assignment]
    costs = {made.projects[one].id: made.projects[one].cost for one in outcome.winners}
    assert decimals == exact == costs
    assert outcome.endowment is not None and max(ballots.values()) <= outcome.endowment


def test_a_ledger_that_does_not_add_up_is_found() -> None:
    made = election(12, [6, 3], [[0], [0], [0, 1], [1]])
    ledger = payments(districts.count(made, SHARES))
    first = ledger.payments[0]
    for wrong, words in (
        (replace(first, amounts=(Fraction(1),)), "was paid 3"),
        (replace(first, of=first.of[:2], which=first.which[:2], amounts=(Fraction(3),)), ""),
        (replace(first, of=ledger.payments[1].of, which=ledger.payments[1].which, amounts=(Fraction(3), Fraction(3))),
         "does not support it"),
        (replace(first, amounts=(Fraction(2), Fraction(4))), ""),
        (replace(first, amounts=(Fraction(-2),)), "Somebody was paid"),
        (replace(first, amounts=(Fraction(7),)), "more than the endowment"),
    ):  # fmt: skip
        if words:
            assert words in " ".join(faults(replace(ledger, payments=(wrong, *ledger.payments[1:]))))
    assert "Nobody paid" in " ".join(faults(replace(ledger, payments=ledger.payments[:1])))
    cheap = replace(ledger, endowment=Fraction(100))  # then the supporters of a loser have too much left
    made = election(12, [6, 3, 4], [[0], [0], [0, 1, 2], [1, 2]])
    ledger = payments(districts.count(made, SHARES))
    assert priceable(ledger).passes
    rich = priceable(replace(ledger, endowment=Fraction(100)))
    assert not rich.passes and "The supporters of p2 have" in rich.words
    assert not priceable(replace(cheap, endowment=Fraction(1))).passes


@pytest.mark.parametrize("rule", ["greedy", "equal_shares"])
def test_pots_are_checked_each(rule: str) -> None:
    made = election(100_00, [50_00, 50_00, 40_00], [[0, 1]] * 3 + [[2]] * 2)
    made = replace(made, projects=tuple(replace(one, district="north") for one in made.projects))
    asked = Parameters(rule=rule, districts={"north": 100_00})
    check = ejr_plus(districts.count(made, asked))
    assert check.passes is (rule == "equal_shares")
    assert "Each pot alone" in payments(districts.count(made, asked)).empty


@pytest.mark.parametrize(
    "made",
    [
        election(10, [], [[], []]), election(10, [5], []), election(10, [5], [[]]), election(1, [1], [[0]]),
        election(10, [11, 12], [[0, 1]]), election(10**15, [10**15], [{0: 10**6}] * 3, "cumulative"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("rule", ["equal_shares", "phragmen", "greedy"])
def test_elections_with_little_in_them(made: Election, rule: str) -> None:
    asked = Parameters(rule=rule) if rule != "equal_shares" else replace(SHARES, completion="add1", comparison=True)
    found = districts.count(made, replace(asked, increment=10**14))
    ledger = payments(found)
    assert ejr_plus(found).passes and faults(ledger) == []
    assert priceable(ledger).passes is (rule != "greedy")
    assert len(digest(manifest(found))) == 64
    assert [one.won for one in map(Reasons(found).why_not, range(len(made.projects)))].count(True) == len(found.winners)
