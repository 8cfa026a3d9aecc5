"""A settlement as a worked example: each rule in words and formula, its law, inputs, sources, and the sum itself.

    step:  what is wanted -> rule -> inputs with year, grade and source -> arithmetic -> result beside the published one

Every number printed in a sum is the number to key into a calculator; the result is to the thousand pounds, so the last
digits of the sum may differ. What no rule gives says that it is as published, and why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap

from soke.england.imported import NOTHING, Imported
from soke.england.settlement import find_authority
from soke.model.funding.dated import Rules
from soke.model.funding.settlement import settle
from soke.model.funding.settlement_figures import (
    BY_RULE,
    MILLION,
    TITLES,
    AuthoritySettlement,
    Figure,
    Input,
    SettlementByRule,
)
from soke.text import financial_year, sign

WIDTH = 104
SECTION_31 = "Local Government Act 2003, section 31; the share was recovered from the published tables"
RETENTION = "Local Government Finance Act 1988, schedule 7B; local government finance report of the year"
SETTLEMENT_LAW = "local government finance settlement 2016-17 to 2019-20; factors recovered from the published tables"
GRANTS = "Local Government Finance Act 1988, part 5; local government finance report of the year"
NEGATIVE = "local government finance settlement 2019-20 (Local Government Chronicle, 7025527)"
TAX_LAW = "Local Government Finance Act 1992, sections 31A and 31B"
SHORT = ("baseline_funding", "revenue_support_grant", "sfa", "negative_grant", "under_indexation", "requirement",
         "precept", "fair_funding_allocation", "core_spending_power", "core_spending_power_published")  # fmt: skip
_ORDER = ("baseline_before", "baseline_funding", "under_indexation", "sfa_unfloored", "sfa", "revenue_support_grant",
          "requirement", "precept", "fair_funding_allocation", "core_spending_power",
          "core_spending_power_published")  # fmt: skip
_UNITS = {"pence per pound of rateable value": "p"}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the worked example. ``sums``: lines of arithmetic, each ``a × b = c`` in the unit of the result."""

    title: str
    words: str
    formula: str
    law: str
    inputs: tuple[tuple[str, Input], ...]  # symbol, what it stands for
    sums: tuple[str, ...]
    figure: Figure


@dataclass(frozen=True, slots=True)
class _Rule:
    words: str
    formula: str
    law: str
    work: Callable[[Figure, AuthoritySettlement, Rules], tuple[Sequence[tuple[str, Input]], Sequence[str]]]


def explain(authority: str, year: int, held: Rules | None = None, official: Imported = NOTHING) -> str:
    """The worked example of one authority (name or code) and year. SokeError as :func:`settle`."""
    who = find_authority(authority)
    settled = settle(year, [who.code], held, official)
    return "\n".join(_page(settled))


def steps(settled: AuthoritySettlement, law: Rules) -> tuple[Step, ...]:
    """The steps of an authority's year, in the order in which they follow from each other."""
    return tuple(_step(settled.figures[c], settled, law) for c in _ORDER if c in settled.figures)


def _step(figure: Figure, settled: AuthoritySettlement, law: Rules) -> Step:
    title = f"{TITLES[figure.column]}, {financial_year(settled.year)}"
    if figure.column == "baseline_before":
        title = f"{TITLES['baseline_funding']}, {financial_year(settled.year - 1)}"
    rule = _RULES.get(figure.rule)
    words = "" if rule is None else rule.words
    if figure.how == "published":
        words = f"As published: {figure.why}. {words}".strip()
    if rule is None:
        return Step(title, words, "", "", (), (), figure)
    inputs, sums = rule.work(figure, settled, law)
    return Step(title, words, rule.formula, rule.law, tuple(inputs), tuple(sums), figure)


def told(rule: str) -> tuple[str, str, str] | None:
    """A rule of the settlement in words, its formula and its law; None for a rule that needs no such page."""
    held = _RULES.get(rule)
    return None if held is None else (held.words, held.formula, held.law)


# Printing


def _page(settled: SettlementByRule) -> Iterator[str]:
    a = settled.authorities[0]
    kind = a.kind.replace("-", " ")
    yield f"{a.name} ({a.code}), {kind}: the settlement of {financial_year(a.year)}, step by step"
    yield "£ million unless said. Each sum can be keyed into a calculator; its last digits may differ by rounding."
    sources: list[str] = []
    for number, step in enumerate(steps(a, settled.rules), 1):
        yield ""
        yield from _lines(number, step, sources)
    yield ""
    yield from _in_short(a)
    yield ""
    yield "Sources"
    yield from (f"  [{i}] {name}" for i, name in enumerate(sources, 1))
    yield ""
    for note in settled.notes:
        yield from wrap(note, WIDTH)


def _lines(number: int, step: Step, sources: list[str]) -> Iterator[str]:
    yield f"{number}. {step.title}"
    yield from wrap(step.words, WIDTH, initial_indent="   ", subsequent_indent="   ")
    if step.formula:
        yield f"   Rule: {step.formula}"
        yield from wrap(f"Law: {step.law}", WIDTH, initial_indent="   ", subsequent_indent="     ")
    width = max((len(_said(i)) for _, i in step.inputs), default=0)
    for symbol, given in step.inputs:
        if given.source == BY_RULE:
            where = "by rule, above" if not given.about else "by rule"
        else:
            where = f"{given.grade} [{_cited(given.source, sources)}]"
        yield f"     {symbol:<11} {_said(given):<{width}}  {_amount(given):>16}  {where}"
    yield from (f"   {line}" for line in step.sums)
    yield f"   {_result(step.figure)}"


def _said(given: Input) -> str:
    whose = f" of {given.about}" if given.about else ""
    name = _NAMES.get(given.name, given.name)
    return f"{name}{whose}, {financial_year(given.year)}"


_NAMES = {
    "business_rates.multiplier.small": "Small business multiplier",
    "under_indexation.gap": "What it would have been, less what it was",
    "baseline_funding.rpi": "Retail Prices Index, September before",
    "baseline_funding.rpi_before": "Retail Prices Index, September a year before that",
    "revenue_support_grant.factor": "Factor of this class of authority",
}


def _cited(source: str, sources: list[str]) -> int:
    if source not in sources:
        sources.append(source)
    return sources.index(source) + 1


def _amount(given: Input) -> str:
    if given.unit == MILLION:
        return money(given.value)
    if given.unit == "GBP":
        return sign(given.value, f"£{_pounds(abs(given.value))}", plus=False)
    return f"{given.value:,.10g} {_UNITS.get(given.unit, '')}".rstrip()


def money(value: float) -> str:
    """GBP million as it is keyed in: to a tenth of a pound, without noughts that say nothing."""
    text = f"{round(value, 7) + 0.0:,.7f}"
    whole, parts = text.split(".")
    return f"{whole}.{parts.rstrip('0').ljust(3, '0')}".replace("-", "\N{MINUS SIGN}")


def _pounds(value: float) -> str:
    """GBP to the penny, or as finely as it was published."""
    pence = f"{value:,.2f}"
    return pence if abs(round(value, 2) - value) < 1e-9 else f"{value:,.10g}"


def thousands(value: float) -> str:
    """GBP million to the thousand pounds."""
    rounded = round(value, 3) + 0.0  # no minus nought
    sign = "\N{MINUS SIGN}" if rounded < 0 else ""
    return f"{sign}£{abs(rounded):,.3f}m"


def _plain(value: float) -> str:
    return f"{round(value, 3) + 0.0:,.3f}".replace("-", "\N{MINUS SIGN}")


def _result(figure: Figure) -> str:
    if figure.how == "published":
        return f"As published: {thousands(figure.value)} ({figure.grade}{_read_back(figure)})."
    if figure.published is None:
        return f"Result: {thousands(figure.value)} ({figure.grade}); no published figure to hand."
    return (
        f"Result: {thousands(figure.value)} ({figure.grade}). Published{_read_back(figure)}: "
        f"{thousands(figure.published)}. {_gap(figure.value - figure.published)}"
    )


def _gap(gap: float) -> str:
    if abs(gap) < 0.5e-6:
        return "No difference."
    return f"Difference: {thousands(gap)}." if abs(gap) >= 0.0005 else f"Difference: £{abs(gap) * 1e6:,.0f}."


def _read_back(figure: Figure) -> str:
    if figure.column == "baseline_funding":
        return ", read back from that year's grant"
    return ", the published SFA less that baseline" if figure.column == "revenue_support_grant" else ""


def _in_short(a: AuthoritySettlement) -> Iterator[str]:
    yield f"{'In short':<58}{'here':>14}{'published':>14}  how"
    for column in SHORT:
        figure = a.figures.get(column)
        if figure is None or (column == "negative_grant" and not figure.value):
            continue
        published = "not to hand" if figure.published is None else _plain(figure.published)
        yield f"  {TITLES[column]:<56}{_plain(figure.value):>14}{published:>14}  {_how(figure)}"


def _how(figure: Figure) -> str:
    return "by rule" if figure.how == "rule" else "as published"


# The rules, each with its arithmetic


def _read_from_grant(
    figure: Figure, settled: AuthoritySettlement, law: Rules
) -> tuple[Sequence[tuple[str, Input]], Sequence[str]]:
    *grants, gap, multiplier = figure.inputs
    shown = [("UI", g) for g in grants]
    total, sums = _summed(grants)
    sums.append(f"{total} × {_n(multiplier)} ÷ {_n(gap)} = {money(figure.value)}")
    return [*shown, ("m", multiplier), ("d", gap)], sums


def _indexed(
    figure: Figure, settled: AuthoritySettlement, law: Rules
) -> tuple[Sequence[tuple[str, Input]], Sequence[str]]:
    *before, new, old = figure.inputs
    total, sums = _summed(before)
    sums.append(f"{total} × {_n(new)} ÷ {_n(old)} = {money(figure.value)}")
    own = "BFL" if figure.column == "baseline_funding" else "SFA"
    return [*((f"{own} before", b) for b in before), ("I above", new), ("I below", old)], sums


def _capped(
    figure: Figure, settled: AuthoritySettlement, law: Rules
) -> tuple[Sequence[tuple[str, Input]], Sequence[str]]:
    level, gap, multiplier = figure.inputs
    line = f"{money(level.value)} × {_n(gap)} ÷ {_n(multiplier)} = {money(figure.value)}"
    return [("BFL", level), ("d", gap), ("m", multiplier)], [line]


def _factored(
    figure: Figure, settled: AuthoritySettlement, law: Rules
) -> tuple[Sequence[tuple[str, Input]], Sequence[str]]:
    *both, k = figure.inputs
    half = len(both) // 2
    shown, sums, results = [], [], []
    for before, tax in zip(both[:half], both[half:], strict=True):
        shown += [("SFA before", before), ("CT", tax)]
        if before.source == BY_RULE:
            sums += _year_before(before, law)
        result = float(k.value) * (before.value + tax.value) - tax.value
        results.append(result)
        head = f"{before.about}: " if before.about else ""
        taxes = money(tax.value)
        sums.append(f"{head}{_n(k)} × ({money(before.value)} + {taxes}) − {taxes} = {money(result)}")
    if half > 1:
        sums.append(f"{' + '.join(money(r) for r in results)} = {money(figure.value)}")
    return [*shown, ("k", k)], sums


def _year_before(carried: Input, law: Rules) -> list[str]:
    """How the figure of the year before came about, where it too is the rule's own."""
    figure = settle(carried.year, [carried.code], law)[carried.code].figures["sfa_unfloored"]
    before, tax, k = figure.inputs
    earlier = _year_before(before, law) if before.source == BY_RULE else []
    taxes = money(tax.value)
    said = f"In {financial_year(carried.year)}, before negative grant was paid off: "
    return [*earlier, f"{said}{_n(k)} × ({money(before.value)} + {taxes}) − {taxes} = {money(figure.value)}"]


def _lifted(
    figure: Figure, settled: AuthoritySettlement, law: Rules
) -> tuple[Sequence[tuple[str, Input]], Sequence[str]]:
    half = len(figure.inputs) // 2
    sums, larger = [], []
    for raw, level in zip(figure.inputs[:half], figure.inputs[half:], strict=True):
        head = f"{raw.about}: " if raw.about else ""
        short = level.value - raw.value
        if short > 0:
            sums.append(f"{head}{money(raw.value)} − {money(level.value)} = {money(-short)}, negative: paid off")
        else:
            sums.append(f"{head}{money(raw.value)} is not below the baseline of {money(level.value)}")
        larger.append(max(raw.value, level.value))
    if half > 1:
        sums.append(f"{' + '.join(money(v) for v in larger)} = {money(figure.value)}")
    return [], sums


def _less(
    figure: Figure, settled: AuthoritySettlement, law: Rules
) -> tuple[Sequence[tuple[str, Input]], Sequence[str]]:
    sfa, level = figure.inputs
    return [("SFA", sfa), ("BFL", level)], [f"{money(sfa.value)} − {money(level.value)} = {money(figure.value)}"]


def _tax(figure: Figure, settled: AuthoritySettlement, law: Rules) -> tuple[Sequence[tuple[str, Input]], Sequence[str]]:
    base, band_d = figure.inputs
    line = f"{base.value:,.10g} × {_pounds(band_d.value)} ÷ 1,000,000 = {money(figure.value)}"
    return [("TB", base), ("Band D", band_d)], [line]


def _sum(figure: Figure, settled: AuthoritySettlement, law: Rules) -> tuple[Sequence[tuple[str, Input]], Sequence[str]]:
    parts = [i for i in figure.inputs if i.value]
    line = f"{' + '.join(money(i.value) for i in parts)} = {money(figure.value)}"
    return [("", i) for i in parts], [line]


def _summed(parts: Sequence[Input]) -> tuple[str, list[str]]:
    """The sum of several authorities' figures, and the line that says it (none where there is one)."""
    total = money(sum(p.value for p in parts))
    return total, [f"{' + '.join(money(p.value) for p in parts)} = {total}"] if len(parts) > 1 else []


def _n(given: Input) -> str:
    return f"{given.value:,.10g}"


_RULES = {
    "under_indexation.baseline_from_grant": _Rule(
        "The baseline is not in the table, but the grant for under-indexation is, and it is a fixed share of it.",
        "BFL = UI × m ÷ d", SECTION_31, _read_from_grant,
    ),
    "baseline_funding.index": _Rule(
        "Every authority's baseline funding level rises by the same index: the small business multiplier, or prices in "
        "the year of a revaluation.",
        "BFL = BFL before × I", RETENTION, _indexed,
    ),
    "under_indexation.grant": _Rule(
        "The multiplier was raised by less than prices. The grant makes up what the baseline loses by that.",
        "UI = BFL × d ÷ m", SECTION_31, _capped,
    ),
    "revenue_support_grant.factor": _Rule(
        "Funding and the council tax of 2015-16, taken together, fall by the same share for every authority of the "
        "class; the fall comes out of the funding.",
        "SFA = k × (SFA before + CT) − CT", SETTLEMENT_LAW, _factored,
    ),
    "revenue_support_grant.effective": _Rule(
        "The grant would be below nought where this is less than the baseline; government paid that off, so that "
        "nobody has less than the baseline.",
        "SFA = the larger of that and BFL", NEGATIVE, _lifted,
    ),
    "revenue_support_grant.grant": _Rule(
        "Revenue Support Grant is what is left of the funding above the baseline.",
        "RSG = SFA − BFL", GRANTS, _less,
    ),
    "revenue_support_grant.rolled_forward": _Rule(
        "In this year the whole of every authority's settlement funding rose with the small business multiplier.",
        "SFA = SFA before × I", "local government finance settlement 2020-21", _indexed,
    ),
    "council_tax.requirement": _Rule(
        "What the council needs from council tax is its tax base times its Band D.",
        "requirement = TB × Band D", TAX_LAW, _tax,
    ),
    "core_spending_power.sum": _Rule(
        "The sum of what the government counts as spending power, as far as it is to hand.",
        "sum of the components", "Core Spending Power tables, MHCLG", _sum,
    ),
}  # fmt: skip
