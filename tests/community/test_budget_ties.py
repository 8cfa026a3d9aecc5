"""Ties that decide: found exactly, told with who would have won, broken by a lot, and never in the way of a count."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from budget_files import election as of_text
from made_elections import election

from soke.community.budgets.asked import read_rule
from soke.community.budgets.audit import audit
from soke.community.budgets.districts import count
from soke.community.budgets.election import Election
from soke.community.budgets.manifest import digest, manifest, parameters_from
from soke.community.budgets.pb import read_election
from soke.community.budgets.registry import RULES
from soke.community.budgets.rule import Parameters
from soke.community.budgets.ties import ties
from soke.community.budgets.why import Reasons
from soke.errors import SokeError

FILE = ("file-order",)
LAST_MONEY = election(100, [60, 40, 40], [[0, 1], [0, 2], [0, 1], [0, 2]])  # p1 and p2: two votes each, money for one


def made_with_ties(seed: int, number: int) -> Iterator[tuple[Election, tuple[frozenset[str], ...]]]:
    """Small elections with few costs and few ballots; some with a project that costs nothing, some with a conflict."""
    drawn = random.Random(seed)
    for _ in range(number):
        costs = [drawn.choice([1, 2, 2, 3, 4]) for _ in range(drawn.choice([3, 4]))]
        costs[0] = drawn.choice([0, *costs[:1] * 6])
        votes = [
            drawn.sample(range(len(costs)), drawn.randint(1, len(costs))) for _ in range(drawn.choice([2, 3, 4, 6]))
        ]
        conflicts = (frozenset({"p0", "p1"}),) if drawn.random() < 0.2 else ()
        yield election(drawn.choice([2, 3, 5, 7, 9]), costs, votes), conflicts


def outcomes(made: Election, parameters: Parameters) -> set[frozenset[int]]:
    """The winners under every order of all projects: the definition."""
    ids = [project.id for project in made.projects]
    return {frozenset(count(made, replace(parameters, tie_order=order)).winners) for order in permutations(ids)}


RULED: list[dict[str, Any]] = [
    {"rule": "greedy"}, {"rule": "greedy-stop"}, {"rule": "greedy-cost"}, {"rule": "phragmen"},
    {"rule": "greedy", "part_funding": Fraction(1, 2)}, {"rule": "greedy-stop", "part_funding": Fraction(1, 2)},
    {"rule": "equal_shares"}, {"rule": "equal_shares", "satisfaction": "cardinality"},
]  # fmt: skip
COMPLETED: list[dict[str, Any]] = [
    {"completion": "add1", "increment": 1}, {"completion": "add1", "increment": 1, "stop": "exhaustive"},
    {"completion": "utilitarian"}, {"completion": "add1-utilitarian", "comparison": True},
]  # fmt: skip


@pytest.mark.parametrize("rule", RULED, ids=str)
def test_all_outcomes_of_all_orders_are_found(rule: dict[str, Any]) -> None:
    decided = 0
    for made, conflicts in made_with_ties(7, 30):
        parameters = Parameters(ties=FILE, conflicts=conflicts, **rule)
        outcome = count(made, parameters)
        found = ties(outcome)
        assert {winners for winners, _ in found.others} == outcomes(made, parameters) - {frozenset(outcome.winners)}
        assert bool(found.decided) == bool(found.others) and not found.unsure
        decided += bool(found.decided)
    assert decided > 2


@pytest.mark.parametrize("rule", COMPLETED, ids=str)
def test_with_a_completion_what_is_told_is_so_and_no_tie_is_passed_over(rule: dict[str, Any]) -> None:
    decided = 0
    for made, conflicts in made_with_ties(11, 25):
        parameters = Parameters(rule="equal_shares", ties=FILE, conflicts=conflicts, **rule)
        outcome = count(made, parameters)
        found = ties(outcome)
        for winners, order in found.others:
            assert frozenset(count(made, replace(parameters, tie_order=order)).winners) == winners
        if outcomes(made, parameters) != {frozenset(outcome.winners)}:
            assert found.decided or found.unsure
            decided += bool(found.decided)
        else:
            assert not found.decided
    assert decided > 2


@pytest.mark.parametrize(
    ("rule", "equal"),
    [
        ("greedy", "2 votes each"), ("greedy-stop", "2 votes each"), ("greedy-cost", "the same votes for their cost"),
        ("phragmen", "their supporters had the cost at the same time"),
    ],
)  # fmt: skip
def test_a_tie_is_told_with_who_would_have_won(rule: str, equal: str) -> None:
    outcome = count(LAST_MONEY, Parameters(rule=rule, ties=FILE))
    found = ties(outcome)
    assert found.told(LAST_MONEY) == (
        f"A tie decided: p1 and p2 were equal ({equal}), and the order of the file decided. In another order p2 would "
        "have been funded, and p1 would not.",
    )
    why = Reasons(outcome, ties=found)
    assert why.why_not(2).tied and "the order of the file decided against it" in why.why_not(2).words
    assert "decided for it: in another order it would not have been funded." in why.why_not(1).words
    assert not why.why_not(0).tied and "equal" not in why.why_not(0).words


@pytest.mark.parametrize(
    ("order", "said"),
    [
        (FILE, "the order of the file"), (("id",), "the order of the ids"),
        (("lower-cost", "id"), "the order of the ids"),
        (("higher-cost", "file-order"), "the order of the file"),
    ],
)  # fmt: skip
def test_what_broke_it_is_named(order: Any, said: str) -> None:
    assert f"and {said} decided" in ties(count(LAST_MONEY, Parameters(rule="greedy", ties=order))).told(LAST_MONEY)[0]
    dear = election(100, [60, 40, 39], [[0, 1], [0, 2], [0, 1], [0, 2]])
    assert "the lower cost decided" in ties(count(dear, Parameters(rule="greedy"))).told(dear)[0]


def test_no_tie_no_word() -> None:
    room = election(200, [60, 40, 40], [[0, 1], [0, 2]])  # all fit: their order decides nothing
    for rule in RULES:
        assert ties(count(room, Parameters(rule=rule))).told(room) == ()
        assert ties(count(election(9, [5], [[]]), Parameters(rule=rule))).told(room) == ()


@pytest.mark.slow
def test_many_that_are_tied() -> None:
    """Of sixteen equal projects eight fit: more outcomes than can be counted, and it is told that a tie decided."""
    crowd = election(80, [10] * 16, [list(range(16))] * 3)
    for rule in ("greedy", "greedy-stop", "phragmen", "equal_shares"):
        (tie,) = ties(count(crowd, Parameters(rule=rule))).decided
        assert len(tie.tied) == 16 and "and 10 more were equal" in tie.told(crowd), rule
        assert "could have been funded" in tie.told(crowd)
    published = of_text(
        [f"q{one};10;{3};{int(one >= 8)}" for one in range(16)],
        [f"{voter};{','.join(f'q{one}' for one in range(16))}" for voter in range(3)],
        columns="project_id;cost;votes;selected", meta={"budget": "80"},
    )  # fmt: skip
    found = audit(published)
    assert found.reproduced and found.tied and "another order than that of the file" in found.notes[-1]


def test_a_lot_that_was_drawn_decides_and_stands_in_the_manifest(tmp_path: Path) -> None:
    lot = tmp_path / "lot.txt"
    lot.write_text("p2\n\np1\n")
    parameters = read_rule({"rule": "greedy", "tie_order": str(lot)})
    assert parameters.tie_order == read_rule({"rule": "greedy", "tie_order": " p2, p1 "}).tie_order == ("p2", "p1")
    outcome = count(LAST_MONEY, parameters)
    assert outcome.ids == ("p0", "p2") and "the lot that was drawn decided" in ties(outcome).told(LAST_MONEY)[0]
    made = manifest(outcome, ties=ties(outcome).as_json(LAST_MONEY))
    assert made["rule"]["tie_order"] == ["p2", "p1"] and made["ties"][0]["instead"] == ["p1"]
    assert count(LAST_MONEY, parameters_from(made)).ids == outcome.ids
    plain = manifest(count(LAST_MONEY, Parameters(rule="greedy")))
    assert "tie_order" not in plain["rule"] and digest(plain) != digest(made)
    for text, said in (
        ("p2,p2", "twice"), ("p9,p1", "no project"), (str(tmp_path / "none"), "neither a file"),
        ("p2,", "fewer than two"),
    ):  # fmt: skip
        with pytest.raises(SokeError, match=said):
            count(LAST_MONEY, read_rule({"rule": "greedy", "tie_order": text}))
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SokeError, match="UTF-8"):
        read_rule({"rule": "greedy", "tie_order": str(tmp_path / "bytes")})


def test_ties_in_pots_say_which() -> None:
    pots = of_text(["a;50;x", "b;50;x", "c;60;"], ["1;a,b,c", "2;a,b"], columns="project_id;cost;district",
                   meta={"budget": "110"})  # fmt: skip
    outcome = count(pots, Parameters(rule="greedy", districts={"x": 5_000}))
    (tie,) = ties(outcome).decided
    assert tie.told(pots).startswith("A tie decided in the pot of x: a and b were equal (2 votes each)")
    assert "equal to a" in Reasons(outcome, ties=ties(outcome)).why_not(1).words


class TestAudit:
    def tied(self, first: str, second: str, **meta: str) -> Any:
        projects = (f"a;60;2;{first}", f"b;60;2;{second}")
        return audit(of_text(projects, ("1;a,b", "2;a,b"), columns="project_id;cost;votes;selected",
                             meta={"budget": "100", **meta}))  # fmt: skip

    def test_either_order_is_reproduced_and_told(self) -> None:
        for found in (self.tied("1", "0"), self.tied("0", "1")):
            assert found.reproduced and found.tied and not found.missed and not found.added
            assert "A tie decides between a, b: META has no rule for ties" in found.notes[0]
        assert "the published winners are those of another order" in self.tied("0", "1").notes[0]
        for wrong in (self.tied("1", "1"), self.tied("1", "0", budget="50"), self.tied("1", "0", rule="phragmen")):
            assert wrong.reproduced == (wrong.election.meta["rule"] == "phragmen")

    def test_a_rule_that_breaks_ties_has_one_outcome(self) -> None:
        unknown = of_text(("a;60;2;0", "b;60;2;1"), ("1;a,b", "2;a,b"), columns="project_id;cost;votes;selected",
                          meta={"budget": "100"})  # fmt: skip
        assert audit(unknown, Parameters(rule="greedy")).reproduced
        assert not audit(unknown, Parameters(rule="greedy"), fixed=True).reproduced
        assert not audit(unknown, added=Parameters(rule="", tie_order=("a", "b"))).reproduced

    @pytest.mark.parametrize(
        ("name", "between"),
        [
            ("Poland_Czestochowa_2024_Dzbow", ""), ("Poland_Krakow_2022_Czyzyny", "26 and 24"),
        ],
    )  # fmt: skip
    def test_published(self, source_dir: Path, name: str, between: str) -> None:
        found = audit(read_election(source_dir / "community" / "pb" / f"{name}.pb"))
        assert found.reproduced and found.tied and between in " ".join(found.ties.told(found.election))


def test_the_table_of_rules_is_whole_from_the_start() -> None:
    code = "from soke.community.budgets.registry import find; print(find('phragmen').name)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "phragmen\n"
