"""The manifest of a count: what it holds, that it is read back strictly, and that any change of it is seen."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_elections import election

from soke.community.budgets.completion import equal_shares
from soke.community.budgets.exact import ExactMoney
from soke.community.budgets.greedy import greedy
from soke.community.budgets.manifest import (
    another_file,
    canonical,
    differences,
    digest,
    election_digest,
    manifest,
    parameters_from,
)
from soke.community.budgets.pb import read_election
from soke.community.budgets.rule import Parameters
from soke.community.voting.anonymity import publish
from soke.errors import SokeError

ALL = Parameters(
    rule="equal_shares", satisfaction="cardinality", points=(3, 2, 1), least_votes=2, least_share=Fraction(1, 20),
    least_score=4, conflicts=(frozenset({"b", "a"}), frozenset({"c", "a"})), ties=("id", "file-order"),
    completion="add1-utilitarian", increment=7, start=12, stop="exhaustive", comparison=True,
    part_funding=Fraction(4, 5), districts={"north": 5, "east": 6},
)  # fmt: skip


def _made() -> Any:
    made = election(12, [6, 3, 9], [[0], [0], [0, 1], [1], [2]])
    return equal_shares(made, Parameters(rule="equal_shares", completion="add1", increment=1))


def test_it_is_read_back_as_it_was() -> None:
    outcome = replace(_made(), parameters=ALL)
    made = json.loads(json.dumps(manifest(outcome)))
    back = parameters_from(made)
    assert replace(back, conflicts=()) == replace(ALL, conflicts=())
    assert set(back.conflicts) == set(ALL.conflicts)
    assert digest(made) == digest(manifest(outcome)) and len(digest(made)) == 64
    assert parameters_from(made["rule"]) == back


def test_the_same_count_has_the_same_digest_and_another_has_another() -> None:
    assert digest(manifest(_made())) == digest(manifest(_made()))
    outcome = _made()
    assert differences(manifest(outcome), outcome) == []
    other = replace(outcome, winners=outcome.winners[::-1])
    assert digest(manifest(other)) != digest(manifest(outcome))
    assert differences(manifest(outcome), other) == [
        'The outcome is not the manifest\'s: winners is ["p0", "p1"] there and ["p1", "p0"] here.'
    ]
    assert "increment is 1 there and 2 here" in " ".join(
        differences(manifest(outcome), replace(outcome, parameters=replace(outcome.parameters, increment=2)))
    )
    assert differences({}, outcome) == [f'The manifest has no part "{one}".' for one in ("rule", "ballots", "outcome")]


def test_the_digest_does_not_know_how_the_count_was_made(monkeypatch: pytest.MonkeyPatch) -> None:
    made = election(3_000, [700, 900, 1_100, 800, 600], [[0, 1], [0, 2], [1, 3], [2, 4], [3, 4], [0, 4], [1, 2]])
    asked = Parameters(rule="equal_shares", completion="add1", increment=1)
    quick = manifest(equal_shares(made, asked))
    assert digest(manifest(equal_shares(made, asked))) == digest(quick)
    seen: list[int] = []

    def price(money: ExactMoney, number: int) -> Fraction | None:
        seen.append(number)
        return plain(money, number)

    plain = ExactMoney.price
    with monkeypatch.context() as patch:
        patch.setattr("soke.community.budgets.equal_shares.NEAR", 0.5)  # nothing is decided by floats
        patch.setattr(ExactMoney, "price", price)
        exact = equal_shares(made, asked)
    assert seen and digest(manifest(exact)) == digest(quick)
    told = manifest(replace(exact, facts={"decided exactly": len(seen)})) | {"soke": "another"}
    assert digest(told) == digest(quick)
    assert digest(quick | {"rule": {**quick["rule"], "increment": 2}}) != digest(quick)


def test_blurred_ballots_are_the_same_election(source_dir: Path) -> None:
    made = read_election(source_dir / "community" / "pb" / "Poland_Wieliczka_2023_Green_Budget.pb")
    assert election_digest(publish(made, 10).election) == election_digest(made)


def test_the_hash_of_an_election_sees_every_choice_and_no_name() -> None:
    made = _made().election
    named = replace(made, ballots=replace(made.ballots, voters=("x",) * len(made.ballots)))
    assert election_digest(named) == election_digest(made)
    chosen = made.ballots.chosen.copy()
    chosen[0] = 1
    moved = replace(made, ballots=replace(made.ballots, chosen=chosen))
    dearer = replace(made, budget=13)
    renamed = replace(made, projects=(replace(made.projects[0], name="Pub of the mayor"), *made.projects[1:]))
    points = replace(made, ballots=replace(made.ballots, points=np.ones(len(chosen), np.int64)))
    hashes = {election_digest(one) for one in (made, moved, dearer, points, renamed)}
    assert len(hashes) == 5


def test_the_same_election_in_another_file_is_no_difference() -> None:
    votes = [[0], [0], [0, 1], [1], [2]]
    first, second = (
        replace(election(12, [6, 3, 9], one), sha256=file) for one, file in ((votes, "a"), (votes[::-1], "b"))
    )
    turned = replace(second, ballots=replace(second.ballots, chosen=second.ballots.chosen[[0, 1, 3, 2, 4, 5]]))
    assert election_digest(turned) == election_digest(second) == election_digest(first)  # 1,0 is 0,1
    ranked = [election_digest(replace(made, kind="ordinal")) for made in (turned, second, first)]
    assert ranked[0] != ranked[1] == ranked[2]
    asked = Parameters(rule="greedy")
    one, other = (greedy(made, asked) for made in (first, second))
    assert differences(manifest(one), other) == [] and another_file(manifest(one), other)
    assert digest(manifest(one)) == digest(manifest(other)) and not another_file(manifest(one), one)
    changed = greedy(replace(election(12, [6, 3, 9], votes[1:]), sha256="b"), asked)
    assert not another_file(manifest(one), changed)
    assert any("file_sha256" in line for line in differences(manifest(one), changed))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("rule", ""), ("rule", 3), ("satisfaction", "joy"), ("points", [1, -1]), ("points", [1.5]), ("points", "321"),
        ("least_votes", -1), ("least_votes", True), ("least_votes", 10**30), ("least_share", "21/20"),
        ("least_share", 0.05), ("least_share", "1e-400"), ("least_share", "1/0"), ("conflicts", [["a"], "b"]),
        ("ties", ["luck"]), ("completion", "add2"), ("increment", 0), ("increment", float("inf")), ("start", -1),
        ("stop", None), ("comparison", "yes"), ("part_funding", "2"), ("districts", {"north": -1}), ("districts", []),
    ],
)  # fmt: skip
def test_what_is_not_right_is_refused(field: str, value: object) -> None:
    made = manifest(_made())
    made["rule"][field] = value
    with pytest.raises(SokeError, match=field):
        parameters_from(made)


def test_what_is_missing_or_unknown_is_refused() -> None:
    made = manifest(_made())
    for wrong in (None, [], "x", {**made, "format": "2"}, {"rule": {}}, {**made, "rule": {**made["rule"], "luck": 1}}):
        with pytest.raises(SokeError):
            parameters_from(wrong)
    del made["rule"]["stop"]
    with pytest.raises(SokeError, match="lacks stop"):
        parameters_from(made)


@given(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5), max_size=4))
def test_canonical_json_does_not_depend_on_the_order(value: dict[str, object]) -> None:
    assert canonical(value) == canonical(dict(reversed(list(value.items()))))
