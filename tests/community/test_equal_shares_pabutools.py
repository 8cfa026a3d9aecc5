"""Equal shares and Phragmen against pabutools, which is GPL and so runs in a process and an environment of its own.

SOKE_PABUTOOLS names its Python, or bench/community_budgets.py makes one in .peers. It is no part of CI.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from made_elections import election

from soke.community.budgets.completion import equal_shares
from soke.community.budgets.phragmen import phragmen
from soke.community.budgets.rule import Parameters

PEER = Path(__file__).resolve().parents[2] / ".peers" / "pabutools" / "bin" / "python"
BY_ID = Parameters(rule="equal_shares", ties=("id",))


@pytest.mark.slow
def test_pabutools_elects_the_same() -> None:
    python = Path(os.environ.get("SOKE_PABUTOOLS", PEER))
    if not python.is_file():
        pytest.skip("No Python with pabutools: `python bench/community.py --only budgets` makes one.")
    rng, asked = random.Random(11), []
    for _ in range(300):
        costs = [rng.randint(1, rng.choice([3, 40])) for _ in range(rng.randint(1, 8))]
        ballots = [rng.sample(range(len(costs)), rng.randint(1, len(costs))) for _ in range(rng.randint(1, 14))]
        # pabutools raises add1 past projects that cost more than the whole budget; here they are left out
        asked.append((rng.randint(max(costs), sum(costs)), costs, ballots, rng.randint(1, 3)))
    told = subprocess.run(
        [python, Path(__file__).with_name("pabutools_oracle.py")], input=json.dumps(asked), text=True, check=True,
        capture_output=True, timeout=300,
    ).stdout  # fmt: skip
    for (budget, costs, ballots, increment), theirs in zip(asked, json.loads(told), strict=True):
        made = election(budget, costs, ballots)
        add1 = replace(BY_ID, completion="add1", increment=increment, stop="exhaustive")
        ours = [
            equal_shares(made, BY_ID), equal_shares(made, replace(BY_ID, satisfaction="cardinality")),
            equal_shares(made, add1), phragmen(made, replace(BY_ID, rule="phragmen")),
        ]  # fmt: skip
        chosen = {one for ballot in ballots for one in ballot}
        theirs[3] = [one for one in theirs[3] if one in chosen]  # it ends by buying what nobody chose
        assert [sorted(one.winners) for one in ours] == theirs, (budget, costs, ballots, increment)
