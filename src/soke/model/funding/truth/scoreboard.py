"""The truth scoreboard: every published figure that Soke claims to reproduce, worked out anew and compared.

``expected.csv`` has the published figures, one a row; a row may stand for a whole table (``table:settlement.sfa``),
compared authority by authority for the population that it names, which must have as many ``figures`` as it says. What
is worked out comes from :mod:`soke.model.funding.truth.reproduced`. A figure matches within its tolerance:

    relative    |here - published| <= tolerance |published|
    absolute    |here - published| <= tolerance              in the unit of the figure
    count       the same number

Rows that are not ``claimed`` are published figures that Soke does not reproduce, with the reason and, where there is
something to compare, the gap. They never turn the result.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal, cast

from soke.england.baseline import Grade
from soke.england.places import places
from soke.england.settlement import council_tax_levels, finance_authorities, settlement
from soke.errors import SokeError
from soke.model.funding.dated import Rules, rules
from soke.model.funding.settlement_figures import SettlementByRule
from soke.model.funding.tier_rule import published_baseline, tax_2015
from soke.model.funding.truth.reproduced import RULES, WORDS, Answer, Asked, members, settled_by
from soke.text import financial_year

Kind = Literal["relative", "absolute", "count"]
Basis = Literal["published", "by hand", "sum"]
TABLE = "table:"
CASES = {
    1: "Funding rises by 499/491, 2020-21",
    2: "Mole Valley, with no grant, rises by 491/480",
    3: "158 authorities without grant, 21 of them top tier",
    4: "201 districts and 16 counties by one factor each",
    5: "Medway: grant and its fall, 2016-17",
    6: "Manchester: funding, baseline and grant, 2020-21",
    7: "Index of 2017-18; the chain back to 2013-14",
    8: "Negative grant of Cambridgeshire",
    9: "Scottish income tax reconciliation, 2019-20",
    10: "Scottish income tax reconciliation, 2022-23",
    11: "Greater Manchester precept, band A",
    12: "Council tax in core spending power",
    13: "A pool of a district and a county",
    14: "Graduated levy",
    15: "Resource adjustment of two authorities",
}
_BASES: dict[Basis, str] = {
    "published": "published figures",
    "by hand": "worked by hand from the law",
    "sum": "sums that must hold",
}
NOUGHT = 1e-12  # what float64 leaves of a sum that is nought
EXACT = 1e-9  # float64 of sums that are exact on paper


@dataclass(frozen=True, slots=True)
class Expected:
    """One row of ``expected.csv``."""

    case: str  # number of the worked case, "" for the others
    rule: str
    code: str  # authority, population, or "all" for a national figure
    year: int
    figure: str
    inputs: Mapping[str, tuple[str, ...]]
    expected: str  # a number, ``table:...``, or "" where the figure is not to hand
    unit: str
    tolerance: float
    kind: Kind
    figures: int  # how many; nought where nothing can be compared
    source: str
    grade: Grade
    claimed: bool
    reason: str  # why it is not claimed; of a claimed one, what to know
    basis: Basis  # published; worked by hand from the law; a sum that must hold


@dataclass(frozen=True, slots=True)
class Check:
    """One published figure beside what is worked out here; ``here`` is None where nothing is."""

    row: Expected
    code: str
    where: str
    published: float
    here: float | None

    @property
    def gap(self) -> float | None:
        """Here less published: a share of the published figure where the tolerance is relative, else in its unit."""
        if self.here is None:
            return None
        gap = self.here - self.published
        if self.row.kind != "relative":
            return gap
        return gap / self.published if self.published else gap

    @property
    def matches(self) -> bool:
        gap = self.gap
        slack = EXACT * max(1.0, abs(self.published)) if self.row.kind != "relative" else 0.0
        return gap is not None and abs(gap) <= self.row.tolerance + slack


@dataclass(frozen=True, slots=True)
class RuleScore:
    """One rule, or one numbered case: how many figures, how many match to which tolerance, and the largest gap."""

    name: str
    words: str
    figures: int
    matching: int
    tolerance: str
    largest_gap: float | None  # the one that comes nearest to its tolerance, or is furthest beyond
    gap_unit: str
    where: str
    basis: str
    note: str

    @property
    def whole(self) -> bool:
        return self.figures == self.matching

    @property
    def within(self) -> str:
        """The tolerance as it stands in a narrow table."""
        return _short(self.tolerance)

    @property
    def furthest(self) -> str:
        """The largest gap with its unit, for people."""
        if self.largest_gap is None:
            return "no figure"
        if abs(self.largest_gap) < NOUGHT:
            return "none"
        size = f"{self.largest_gap:+.1e}" if abs(self.largest_gap) < 0.001 else f"{self.largest_gap:+,.3f}"
        return _short(f"{size} {self.gap_unit}".replace("e-0", "e-")).replace("-", "\N{MINUS SIGN}")


@dataclass(frozen=True, slots=True)
class NotReproduced:
    """A published figure without a claim. ``here`` and ``gap`` where one figure can be compared."""

    row: Expected
    where: str
    published: str
    here: float | None
    gap: float | None
    found: str  # what there is instead, in words; "" where nothing


@dataclass(frozen=True, slots=True)
class Scoreboard:
    checks: tuple[Check, ...]
    not_reproduced: tuple[NotReproduced, ...]

    @property
    def failures(self) -> tuple[Check, ...]:
        return tuple(c for c in self.checks if not c.matches)

    @property
    def whole(self) -> bool:
        """Every claimed figure matches."""
        return not self.failures

    def count(self, basis: Basis) -> tuple[int, int]:
        """How many claimed figures of this basis there are, and how many match."""
        checks = [c for c in self.checks if c.row.basis == basis]
        return len(checks), sum(c.matches for c in checks)

    def summary(self) -> tuple[RuleScore, ...]:
        """By rule, in the order of the rules' names."""
        return _scores(self.checks, lambda c: c.row.rule)

    def cases(self) -> tuple[RuleScore, ...]:
        """By number of the worked case."""
        scores = _scores([c for c in self.checks if c.row.case], lambda c: c.row.case)
        return tuple(sorted(scores, key=lambda s: int(s.name)))


def verdict(board: Scoreboard) -> str:
    """The result in a sentence: how many figures, of which basis, match."""
    parts = []
    for basis, words in _BASES.items():
        figures, matching = board.count(basis)
        parts.append(f"{matching:,} of {figures:,} {words}")
    return f"Match: {'; '.join(parts)}. {'All match.' if board.whole else 'Not all match.'}"


def scoreboard(held: Rules | None = None, rows: Sequence[Expected] | None = None) -> Scoreboard:
    """Work out every figure of ``rows`` (those of ``expected.csv``) by the rules.

    SokeError for a row that names a rule, a table or a population that there is not.
    """
    law = held or rules()
    settled = settled_by(law)
    checks: list[Check] = []
    missing: list[NotReproduced] = []
    for row in rows if rows is not None else expected():
        of_row = tuple(_checks(row, law, settled)) if row.figures else ()
        if row.claimed:
            checks.extend(of_row)
        else:
            missing.append(_missing(row, of_row))
    return Scoreboard(tuple(checks), tuple(missing))


def expected(text: str | None = None) -> tuple[Expected, ...]:
    """The published figures of ``expected.csv``, or of a text of the same columns."""
    if text is None:
        text = files(__package__).joinpath("expected.csv").read_text(encoding="utf-8")
    return tuple(
        Expected(
            r["case"], r["rule"], r["code"], int(r["year"]), r["figure"], _inputs(r["inputs"]), r["expected"],
            r["unit"], float(r["tolerance"]), cast(Kind, r["kind"]), int(r["figures"]), r["source"],
            cast(Grade, r["grade"]), r["claimed"] == "yes", r["reason"],
            cast(Basis, r["basis"]),
        )
        for r in csv.DictReader(io.StringIO(text))
    )  # fmt: skip


def _inputs(text: str) -> dict[str, tuple[str, ...]]:
    pairs = [part.split("=") for part in text.split(";") if part]
    return {name: tuple(values.split(",")) for name, values in pairs}


# Comparing


def _checks(row: Expected, law: Rules, settled: Callable[[int], SettlementByRule]) -> list[Check]:
    compute = RULES.get(row.rule)
    if compute is None:
        raise SokeError(f"The scoreboard has no function for the rule {row.rule!r}.", f"There are {', '.join(RULES)}.")
    answer = compute(
        Asked(row.code, row.year, row.figure, row.inputs, law, settled, not row.expected.startswith(TABLE))
    )
    published = _published(row)
    if isinstance(published, float):
        here = answer if isinstance(answer, float) else None
        if here is not None or not isinstance(answer, Mapping):
            return [Check(row, row.code, _where(row, row.code), published, here)]
        published = dict.fromkeys(answer, published)
    checks = [Check(row, c, _where(row, c), v, _of(answer, c)) for c, v in published.items()]
    if len(checks) != row.figures:
        # A figure that has dropped out of a table may not pass unseen.
        short = f"{row.code}, {financial_year(row.year)}: number of figures"
        checks.append(Check(_counting(row), row.code, short, float(row.figures), float(len(checks))))
    return checks


def _counting(row: Expected) -> Expected:
    return Expected(
        row.case, row.rule, row.code, row.year, "number of figures", {}, str(row.figures), "figures", 0.0, "count", 1,
        row.source, row.grade, row.claimed, row.reason, row.basis,
    )  # fmt: skip


def _of(answer: Answer, code: str) -> float | None:
    return answer.get(code) if isinstance(answer, Mapping) else answer


def _published(row: Expected) -> float | dict[str, float]:
    if not row.expected.startswith(TABLE):
        return float(row.expected)
    read = _TABLES.get(row.expected.removeprefix(TABLE))
    if read is None:
        raise SokeError(f"The scoreboard knows no {row.expected!r}.", f"There are {', '.join(_TABLES)}.")
    table = read(row.year)
    if row.code.startswith("E"):
        return {row.code: table[row.code]}
    return {c: table[c] for c in members(row.code, row.year) if c in table}


def _with_tax(year: int) -> dict[str, float]:
    tax = tax_2015(year)
    return {c: v + tax[c] for c, v in settlement(year).by_code("sfa").items() if c in tax}


_TABLES: dict[str, Callable[[int], Mapping[str, float]]] = {
    "settlement.under_indexation": lambda year: settlement(year).by_code("under_indexation"),
    "settlement.baseline_funding": published_baseline,
    "settlement.sfa+tax_2015": _with_tax,
    "council_tax.requirement_excl_parish": lambda year: council_tax_levels(year).by_code("requirement_excl_parish"),
}


def _where(row: Expected, code: str) -> str:
    known = finance_authorities()
    name = known[code].name if code in known else places().name(code)
    if not name or not code.startswith("E"):
        name = {"all": "England", "": row.figure}.get(code, name)
    return f"{name}, {financial_year(row.year)}"


def _missing(row: Expected, checks: Sequence[Check]) -> NotReproduced:
    where = _where(row, row.code)
    if not checks:  # what tests of the projection hold, or nothing at all
        here = float(row.inputs["found"][0]) if "found" in row.inputs else None
        gap = None if here is None else Check(row, row.code, where, float(row.expected), here).gap
        return NotReproduced(row, where, row.expected, here, gap, "")
    if len(checks) == 1:
        c = checks[0]
        words = "no figure by rule" if c.here is None else ""
        return NotReproduced(row, where, f"{c.published:.8g}", c.here, c.gap, words)
    matching, worst = sum(c.matches for c in checks), _furthest(checks)
    words = f"{matching} of {len(checks)} within {_plain(row.tolerance)}"
    if worst.gap is not None:
        words += f"; furthest {worst.where} by {worst.gap:+.1e}"
    return NotReproduced(row, where, f"{len(checks)} figures", None, worst.gap, words)


# Summing up


def _scores(checks: Sequence[Check], key: Callable[[Check], str]) -> tuple[RuleScore, ...]:
    groups: dict[str, list[Check]] = {}
    for check in checks:
        groups.setdefault(key(check), []).append(check)
    return tuple(_score(name, groups[name]) for name in sorted(groups))


def _score(name: str, checks: Sequence[Check]) -> RuleScore:
    worst = _furthest(checks)
    distinct = list({id(c.row): c.row for c in checks}.values())  # a row is not hashable: it holds its inputs
    return RuleScore(
        name=name,
        words=CASES[int(name)] if name.isdigit() else WORDS[name],
        figures=len(checks),
        matching=sum(c.matches for c in checks),
        tolerance=_most([(_tolerance(r), r.figures) for r in distinct]),
        largest_gap=worst.gap,
        gap_unit=gap_unit(worst.row),
        where=worst.where,
        basis=_most([(r.basis, r.figures) for r in distinct]),
        note=_most([(r.reason, r.figures) for r in distinct if r.reason]),
    )


def _most(said: Sequence[tuple[str, int]]) -> str:
    """What is said, that of the most figures first."""
    count: dict[str, int] = {}
    for text, figures in said:
        count[text] = count.get(text, 0) + figures
    return "; ".join(sorted(count, key=lambda text: -count[text]))


def _furthest(checks: Sequence[Check]) -> Check:
    """The check whose gap is largest beside its tolerance; one without a figure comes first of all."""

    def strain(check: Check) -> float:
        if check.gap is None:
            return float("inf")
        return abs(check.gap) / max(check.row.tolerance, EXACT)

    return max(checks, key=strain)


def _tolerance(row: Expected) -> str:
    if row.kind == "relative":
        return f"{_plain(row.tolerance)} of the figure"
    if row.tolerance == 0:
        return "exact"
    return f"{_plain(row.tolerance)} {row.unit}"


def _plain(value: float) -> str:
    return f"{value:g}".replace("e-0", "e-")


def _short(text: str) -> str:
    """Units as people write them."""
    return text.replace("GBP million", "£m").replace("GBP", "£").replace(" of the figure", " relative")


def gap_unit(row: Expected) -> str:
    """What the gap of a figure is in: a share of the figure, or its own unit."""
    return "of the figure" if row.kind == "relative" else row.unit
