"""How well would the projection have done? The answer of ``soke backtest``."""

from __future__ import annotations

from soke.england.baseline import baseline
from soke.model.economy import back_test as test
from soke.model.economy.back_test import Scored
from soke.report.tables.back_test import back_test as table
from soke.report.tables.back_test import by_group, in_a_sentence
from soke.result import Answered
from soke.table import Answer


def back_test(
    start: int | None = None, draws: int | None = None, seed: int | None = None
) -> Answered[tuple[Scored, ...]]:
    """Scores from every start, or from one, beside simple rules: tables ``back_test`` and ``back_test_groups``.

    SokeError for bad input.
    """
    draws, seed = test.DRAWS if draws is None else draws, test.SEED if seed is None else seed
    scores = tuple(test.back_test(baseline(), start, draws, seed))
    made, facts = table(scores), {"draws": draws, "seed": seed, "in_short": in_a_sentence(scores)}
    return Answered(scores, Answer(made, facts, (by_group(scores),)), made)
