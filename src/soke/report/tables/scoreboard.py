"""The truth scoreboard: which published figures the funding rules reproduce, and which they do not."""

from __future__ import annotations

import math
from functools import cache

from soke import text
from soke.model.funding.truth.scoreboard import NotReproduced, RuleScore, Scoreboard, scoreboard
from soke.table import Cell, Column, Table

NO_GAP = "none"
NOTHING = 1e-12  # a gap smaller than this is that of floating point
LEAST_PERCENT, LEAST = 1e-4, 1e-6  # smaller gaps are not written out


@cache
def held() -> Scoreboard:
    """The scoreboard of the rules as they are shipped; a run's what-ifs do not touch it."""
    return scoreboard()


def reproduced() -> Table:
    """One row a rule, of the package's own scoreboard."""
    rows = [_score(score) for score in held().summary()]
    return Table.of(
        "scoreboard",
        "What Soke reproduces of published figures, by rule",
        (
            Column("rule", "Rule"),
            Column("rule_id", "Id", people=False),
            Column("figures", "Figures", "count"),
            Column("matching", "Match", "count"),
            Column("tolerance", "Within"),
            Column("largest_gap", "Largest gap, for its tolerance"),
            Column("where", "Where"),
            Column("largest_gap_value", "Largest gap", "plain", people=False),
            Column("largest_gap_unit", "Unit", people=False),
        ),
        rows,
        "Each published figure worked out anew by the rules that this run uses: soke verify does the same.",
    )


def _score(score: RuleScore) -> tuple[Cell, ...]:
    gap = gap_words(score.largest_gap, score.gap_unit)
    return (
        rule_name(score.name), score.name, score.figures, score.matching, score.tolerance, gap,
        "" if gap == NO_GAP else score.where, score.largest_gap, score.gap_unit,
    )  # fmt: skip


def not_reproduced() -> Table:
    """Published figures without a claim, and why."""
    return Table.of(
        "not_reproduced",
        "Published figures that Soke does not reproduce, and why",
        (
            Column("rule", "Rule"),
            Column("where", "Where"),
            Column("figure", "Figure"),
            Column("published", "Published"),
            Column("unit", "Unit"),
            Column("here", "Here"),
            Column("gap", "Gap"),
            Column("reason", "Why"),
            Column("grade", "Grade", "grade"),
            Column("source", "Source"),
            Column("gap_value", "Gap", "plain", people=False),
        ),
        [_missing(row) for row in held().not_reproduced],
    )


def _missing(found: NotReproduced) -> tuple[Cell, ...]:
    row = found.row
    unit = "of the figure" if row.kind == "relative" else row.unit
    here = (
        found.found if found.here is None else f"{found.here:,.6g}" if abs(found.here) < 1e5 else f"{found.here:,.0f}"
    )
    gap = gap_words(found.gap, unit) if found.gap is not None else ""
    figure = row.figure.replace("_", " ").replace("sfa", "SFA")
    return (
        rule_name(row.rule), found.where, figure, found.published or "not to hand", row.unit, here, gap, row.reason,
        row.grade, row.source, found.gap,
    )  # fmt: skip


def rule_name(name: str) -> str:
    """``baseline_funding.index`` as ``Baseline funding: index``."""
    said = name.replace("_", " ").replace(".", ": ").replace("band d", "Band D")
    return said[:1].upper() + said[1:]


def gap_words(gap: float | None, unit: str) -> str:
    """A gap as people read it: ``−0.0095%`` of a figure, ``0.083 GBP million``, ``none``."""
    if gap is None:
        return text.NO_FIGURE
    if abs(gap) < NOTHING:
        return NO_GAP
    relative = unit == "of the figure"
    size, least, after = (100 * abs(gap), LEAST_PERCENT, "%") if relative else (abs(gap), LEAST, f" {unit}")
    if size < least:
        return f"under {least:f}".rstrip("0") + after
    return text.sign(gap, _two_figures(size), plus=False) + after


def _two_figures(size: float) -> str:
    """Two significant figures, never with an exponent: ``0.000083``, ``0.25``, ``70``, ``1,039``."""
    digits = max(0, 1 - math.floor(math.log10(size))) if size < 10 else 0
    return f"{size:,.{digits}f}"


def scoreboard_words(found: Scoreboard) -> str:
    """How many figures there are, how many match, and how many are listed without a claim."""
    scores: tuple[RuleScore, ...] = found.summary()
    figures, matching = sum(s.figures for s in scores), sum(s.matching for s in scores)
    start = f"Of {text.counted(figures, 'published figure')} that {text.counted(len(scores), 'rule')} should reproduce"
    result = "all match" if figures == matching else f"{matching:,} match and {figures - matching:,} do not"
    listed = text.counted(len(found.not_reproduced), "published figure or table", "published figures and tables")
    return (
        f"{start}, {result}. {listed[:1].upper()}{listed[1:]} that Soke does not reproduce are listed with the reason."
    )
