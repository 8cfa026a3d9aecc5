"""Which published figures does Soke reproduce? The answer of ``soke verify``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from soke.community.published import PublishedOutcome, failing
from soke.model.funding.truth.scoreboard import Check, Scoreboard, scoreboard, verdict
from soke.report.tables import scoreboard as made
from soke.result import Result
from soke.table import Answer, Table

NOT_CHECKED = (
    "Not checked: published outcomes of budgets and lotteries, whose ballots and pools are not shipped. "
    "soke verify --data FOLDER counts them again from files of your own."
)


@dataclass(frozen=True)
class Truth(Result):
    """The scoreboard of the funding rules, and the outcomes of budgets and lotteries where a folder held any."""

    board: Scoreboard
    outcomes: tuple[PublishedOutcome, ...]
    counted: bool  # whether a folder of outcomes was given

    @property
    def whole(self) -> bool:
        """Whether every claimed figure matches."""
        return self.board.whole and not failing(self.outcomes)

    @cached_property
    def tables(self) -> dict[str, Table]:
        """Every table by id: by rule, by numbered case, every figure, and what is not reproduced."""
        board = self.board
        tables = (
            made.reproduced(board.summary()), made.numbered_cases(board.cases()), made.checks(board.checks),
            made.checks(board.failures, "failing_figures"), made.not_reproduced(board.not_reproduced),
            made.outcome_groups(self.outcomes), made.outcomes(self.outcomes),
        )  # fmt: skip
        return {table.id: table for table in tables}

    def summary(self) -> Table:
        return self.table("scoreboard")

    def answer(self, every: bool = False) -> Answer:
        """The rules, or every figure, with failures, numbered cases and what is not reproduced beside them."""
        checks = self.board.checks
        facts = {
            "figures": len(checks), "matching": len(checks) - len(self.board.failures), "outcomes_counted": self.counted
        }  # fmt: skip
        beside = ("scoreboard_cases", "failing_figures", "not_reproduced", "published_outcomes")
        main = self.table("published_figures" if every else "scoreboard")
        return Answer(main, facts, tuple(map(self.table, beside)))

    def failures(self) -> Iterator[str]:
        """A sentence on each claimed figure that does not match, and one on each outcome."""
        yield from map(failed, self.board.failures)
        yield from self.failed_outcomes()

    def failed_outcomes(self) -> Iterator[str]:
        for outcome in failing(self.outcomes):
            said = f"published {outcome.published}, here {outcome.here}"
            yield f"Does not match: {outcome.where}, {outcome.figure}: {said}."

    def verdict(self) -> str:
        """How many figures match, in a sentence."""
        return verdict(self.board)

    def outcomes_verdict(self) -> str:
        """The same of outcomes; that they were not counted, where they were not."""
        if not self.counted:
            return NOT_CHECKED
        wrong = len(failing(self.outcomes))
        said = "all of them match or say why not" if not wrong else f"{wrong} do not match"
        return f"Of {len(self.outcomes):,} published outcomes, {said}."


def verify(data: Path | None = None) -> Truth:
    """Work out again every published figure that Soke claims to reproduce; with ``data``, a folder of official files,
    the outcomes of budgets and lotteries too. SokeError where the folder is none of such files."""
    if data is None:
        return Truth(scoreboard(), (), False)
    from soke.community.published_outcomes import published_outcomes  # noqa: PLC0415 - draws in budgets and lotteries

    return Truth(scoreboard(), published_outcomes(data), True)


def failed(check: Check) -> str:
    """What does not match, in a sentence."""
    said = f"{check.row.rule}, {check.row.figure}, {check.where}: published {check.published:,.8g}"
    return f"No figure: {said}." if check.here is None else f"Does not match: {said}, here {check.here:,.8g}."
