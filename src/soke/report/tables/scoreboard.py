"""The truth scoreboard: which published figures the funding rules reproduce, and which they do not."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from soke import text
from soke.community.published import PublishedOutcome, failing
from soke.model.funding.truth.scoreboard import Check, NotReproduced, RuleScore, Scoreboard, gap_unit, scoreboard
from soke.table import Cell, Column, Table
from soke.text import capital

NO_GAP = "none"
NOTHING = 1e-12  # a gap smaller than this is that of floating point
LEAST_PERCENT, LEAST = 1e-4, 1e-6  # smaller gaps are not written out


@cache
def held() -> Scoreboard:
    """The scoreboard of the rules as they are shipped; a run's what-ifs do not touch it."""
    return scoreboard()


@dataclass(frozen=True, slots=True)
class Tally:
    """How many figures there are: ``published`` ones that are claimed, ``by_hand`` and ``sums`` beside them, and how
    many of all these ``fail``; of those without a claim, which come out otherwise (``off``) and which cannot be tried.
    """

    published: int
    by_hand: int
    sums: int
    fail: int
    off: int
    untried: int

    @property
    def missed(self) -> int:
        """Published figures that Soke does not reproduce, whatever the reason."""
        return self.fail + self.off + self.untried


def tally(board: Scoreboard | None = None) -> Tally:
    """Of the package's own scoreboard where none is given."""
    board = board or held()
    off = sum(row.gap is not None for row in board.not_reproduced)
    return Tally(
        published=board.count("published")[0], by_hand=board.count("by hand")[0], sums=board.count("sum")[0],
        fail=len(board.failures), off=off, untried=len(board.not_reproduced) - off,
    )  # fmt: skip


def reproduced(scores: Sequence[RuleScore] | None = None) -> Table:
    """One row a rule, of the package's own scoreboard where none is given."""
    return Table.of(
        "scoreboard",
        "What Soke reproduces of published figures, by rule",
        (
            Column("rule", "Rule"),
            Column("rule_id", "Id", people=False),
            *SCORE_COLUMNS,
        ),
        [(rule_name(s.name), s.name, *_score(s)) for s in (held().summary() if scores is None else scores)],
        "Each published figure worked out anew by the rules that this run uses: soke verify does the same.",
    )


def numbered_cases(scores: Sequence[RuleScore]) -> Table:
    """The same by number of the worked case."""
    columns = (Column("case", "no."), *SCORE_COLUMNS)
    return Table.of("scoreboard_cases", "The numbered cases", columns, [(s.name, *_score(s)) for s in scores])


SCORE_COLUMNS = (
    Column("figures", "Figures", "count"),
    Column("matching", "Match", "count"),
    Column("tolerance", "Within"),
    Column("largest_gap", "Largest gap, for its tolerance"),
    Column("where", "Where"),
    Column("largest_gap_value", "Largest gap", "plain", people=False),
    Column("largest_gap_unit", "Unit", people=False),
    Column("title", "Rule in words", people=False),
    Column("within", "Within, in short", people=False),
    Column("furthest", "Largest gap, in short", people=False),
    Column("furthest_where", "Where that is", people=False),
    Column("basis", "Basis", people=False),
    Column("note", "Note", people=False),
)


def _score(score: RuleScore) -> tuple[Cell, ...]:
    gap = gap_words(score.largest_gap, score.gap_unit)
    return (
        score.figures, score.matching, score.tolerance, gap, "" if gap == NO_GAP else score.where, score.largest_gap,
        score.gap_unit, score.words, score.within, score.furthest, score.where, score.basis,
        score.note,
    )  # fmt: skip


def not_reproduced(missing: Sequence[NotReproduced] | None = None) -> Table:
    """Published figures without a claim, and why; of the package's own scoreboard where none are given."""
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
            Column("rule_id", "Id", people=False),
            Column("figure_id", "Figure's id", people=False),
            Column("place_code", "Code", people=False),
            Column("year", "Year", people=False),
            Column("here_value", "Here", "plain", people=False),
            Column("here_exact", "Here, to eight figures", people=False),
        ),
        [_missing(row) for row in (held().not_reproduced if missing is None else missing)],
    )


def share_off(row: Mapping[str, Cell]) -> float | None:
    """How far a row of :func:`not_reproduced` lies off, as a share of the published figure; None where that says
    nothing: no gap, or a published nought."""
    gap, published = row["gap_value"], row["published"]
    if not isinstance(gap, float) or str(row["gap"]).endswith("%"):
        return gap if isinstance(gap, float) else None
    try:
        return gap / float(str(published))
    except (ValueError, ZeroDivisionError):
        return None


def _missing(found: NotReproduced) -> tuple[Cell, ...]:
    row = found.row
    unit = gap_unit(row)
    here = (
        found.found if found.here is None else f"{found.here:,.6g}" if abs(found.here) < 1e5 else f"{found.here:,.0f}"
    )
    gap = gap_words(found.gap, unit) if found.gap is not None else ""
    figure = row.figure.replace("_", " ").replace("sfa", "SFA")
    exact = (found.found if found.here is None else f"{found.here:,.8g}") or "nothing"
    return (
        rule_name(row.rule), found.where, figure, found.published or "not to hand", row.unit, here, gap, row.reason,
        row.grade, row.source, found.gap, row.rule, row.figure, row.code, text.financial_year(row.year), found.here,
        exact,
    )  # fmt: skip


def checks(found: Sequence[Check], id_: str = "published_figures") -> Table:
    """One row a published figure beside what is worked out here."""
    return Table.of(
        id_,
        "",
        (
            Column("case", "case"),
            Column("rule_id", "rule"),
            Column("place_code", "code"),
            Column("where", "where"),
            Column("figure_id", "figure"),
            Column("published_value", "published", "plain", digits=6),
            Column("here_value", "here", "plain", digits=6),
            Column("gap_value", "gap", "plain", digits=8),
            Column("gap_unit", "gap in"),
            Column("tolerance_value", "within", "plain", digits=8),
            Column("match", "match"),
            Column("grade", "grade", "grade"),
            Column("source", "source"),
            Column("year", "year", people=False),
            Column("unit", "unit", people=False),
            Column("basis", "basis", people=False),
        ),
        [
            (c.row.case, c.row.rule, c.code, c.where, c.row.figure, c.published, c.here, c.gap, gap_unit(c.row),
             c.row.tolerance, _yes(c.matches), c.row.grade, c.row.source, text.financial_year(c.row.year), c.row.unit,
             c.row.basis)
            for c in found
        ],
    )  # fmt: skip


def outcomes(found: Sequence[PublishedOutcome]) -> Table:
    """One row a published outcome of a budget or a lottery beside what is counted here."""
    return Table.of(
        "published_outcomes",
        "Published outcomes of budgets and lotteries",
        (
            Column("room", "room"),
            Column("where", "where"),
            Column("figure", "figure"),
            Column("published", "published"),
            Column("here", "here"),
            Column("match", "match"),
            Column("explained", "explained"),
            Column("source", "source"),
        ),
        [(o.room, o.where, o.figure, o.published, o.here, _yes(o.matches), o.explained, o.source) for o in found],
    )


def outcome_groups(found: Sequence[PublishedOutcome]) -> Table:
    """One row a room and figure."""
    groups: dict[tuple[str, str], list[PublishedOutcome]] = {}
    for outcome in found:
        groups.setdefault((outcome.room, outcome.figure), []).append(outcome)
    return Table.of(
        "outcome_groups",
        "Published outcomes of budgets and lotteries",
        (
            Column("room", "room"),
            Column("figure", "figure"),
            Column("figures", "figures", "count"),
            Column("matching", "match", "count"),
            Column("explained_figures", "explained", "count"),
            Column("failing", "do not match", "count"),
        ),
        [
            (room, figure, len(group), sum(o.matches for o in group),
             sum(bool(o.explained) and not o.matches for o in group), len(failing(group)))
            for (room, figure), group in groups.items()
        ],
    )  # fmt: skip


def _yes(so: bool) -> str:
    return "yes" if so else "no"


def rule_name(name: str) -> str:
    """``baseline_funding.index`` as ``Baseline funding: index``."""
    said = name.replace("_", " ").replace(".", ": ").replace("band d", "Band D")
    return capital(said)


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
    return f"{start}, {result}. {capital(listed)} that Soke does not reproduce are listed with the reason."
