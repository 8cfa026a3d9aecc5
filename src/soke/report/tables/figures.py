"""Figures of a place beside its account, each worked out step by step: its council tax bill, who keeps the next pound
of business rates, settlement funding, who spends, its share of England, and what places are compared by.

The steps are those of :func:`soke.report.tables.explained.explained`: a step, its arithmetic and its source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from soke import text
from soke.england.baseline import baseline
from soke.england.history import of_year, years
from soke.england.measures import Measure, measures
from soke.england.places import places
from soke.england.settlement import PRECEPT_YEAR
from soke.england.sources import named
from soke.model.accounts.account import mask
from soke.model.accounts.explain import plain_title
from soke.model.accounts.own import Figures
from soke.model.accounts.spenders import Spender, spenders
from soke.model.accounts.truth import pounds
from soke.model.accounts.types import Account
from soke.model.funding.area_funding import FundingYear, area_funding
from soke.model.funding.council_tax_bill import BillPart, BillTier, council_tax_bill
from soke.model.funding.next_pound import KEEPERS, NEXT_POUND_YEAR, Group, KeptBy, next_pound
from soke.report.tables.explained import steps_table
from soke.table import Column, Table

FEW = 12  # bodies that are named one by one
BILL, NEXT_POUND, SETTLEMENT = "Council tax bill", "Next pound of business rates", "Settlement funding"
WHO_SPENDS, KNOWN, OF_ENGLAND = "Who spends", "How it is known", "Share of England"
WAYS = {"here": "measured here", "wider": "measured for a wider area", "key": "shared by a tested rule",
        "head": "shared by head"}  # fmt: skip
MOST = 3  # parts of lines that are named
TIERS: dict[BillTier, str] = {
    "councils": "councils", "county": "counties", "police": "police forces", "fire": "fire authorities",
    "combined_authority": "combined authorities", "parishes": "town and parish councils",
}  # fmt: skip
SPENDERS = {
    "authority": "councils", "county": "county councils", "integrated-care-board": "NHS boards",
    "police": "police forces", "fire": "fire authorities", "combined-authority": "combined authorities",
    "waste": "waste authorities", "transport": "transport bodies", "strategic-authority": "strategic authorities",
}  # fmt: skip
KEPT_BY: dict[KeptBy, str] = {
    "billing": "councils that send the bill", "upper": "the county, or the Greater London Authority",
    "fire": "the fire authority", "combined": "the combined authority", "central": "the government",
}  # fmt: skip
LEAST = 0.005  # of what a figure is in: less is not said
MILLION = 1e6
WHOLE = 100.0  # GBP million from which tenths say nothing
Step = tuple[str, str, str]  # step, arithmetic, source


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a place: its name, its years, what it comes to in words, and the steps to it."""

    title: str
    year: str
    said: str
    steps: tuple[Step, ...]

    def table(self, name: str) -> Table:
        """The steps as those of a line of the account: a table ``explained``."""
        return steps_table(f"{self.title}, {name}, {self.year}: {self.said}", [("", *step) for step in self.steps])


def makers(own: Figures | None = None) -> Mapping[str, Callable[[Account], Figure | None]]:
    """What makes each figure of an area from its account, by the figure's title; it makes none where the area has none.
    The year of the account is that of who spends and of how it is known: every other figure has its own. ``own``: the
    own figures that the account was made with."""
    of_place: dict[str, Callable[[Account], Figure | None]] = {
        BILL: _bill, NEXT_POUND: _next_pound, SETTLEMENT: _settlement,
        WHO_SPENDS: partial(_who_spends, own=own), KNOWN: partial(_known, own=own), OF_ENGLAND: _of_england,
    }  # fmt: skip
    return of_place | {one.title: partial(_measured, one) for one in measures()}


def figures(a: Account) -> Mapping[str, Figure]:
    """Every figure that an area has, by its title."""
    made = ((title, make(a)) for title, make in makers().items())
    return {title: figure for title, figure in made if figure is not None}


# --- council tax ---


def _bill(a: Account) -> Figure | None:
    parts = council_tax_bill(a.codes)
    whole = sum(part.pounds for part in parts)
    if not whole:
        return None
    source = named("mhclg-council-tax-levels")
    steps: list[Step] = []
    for tier in dict.fromkeys(part.tier for part in parts):
        those = [part for part in parts if part.tier == tier]
        if len(those) > FEW:
            asked = sum(part.pounds for part in those)
            steps.append((f"{len(those)} {TIERS[tier]}", f"{_million(asked)}: {_hundred(asked, whole)}", source))
            continue
        steps += [(_billed(part), f"{_asked(part)}: {_hundred(part.pounds, whole)}", source) for part in those]
    year = text.financial_year(PRECEPT_YEAR)
    steps.append(("together", f"{_million(whole)} of council tax in {year}", ""))
    base = baseline()
    inside = base.mask(a.codes)
    paid, homes = float(base["council_tax"][inside].sum()), float(base["tax_base"][inside].sum())
    band_d = f"£{paid:,.1f}m / {homes:,.0f} homes, counted as Band D = £{paid * MILLION / homes:,.2f}"
    steps.append(("a Band D home", band_d, source))
    return Figure(BILL, year, f"£{paid * MILLION / homes:,.2f} for a Band D home", tuple(steps))


def _billed(part: BillPart) -> str:
    return TIERS["parishes"] if part.tier == "parishes" else part.name


def _asked(part: BillPart) -> str:
    """What a body asks for here: all of it, or by the part of its tax base that lies here."""
    here = _million(part.pounds)
    if part.base_here >= part.base:
        return f"asks for {here}"
    return f"asks for {_million(part.requirement)} x {part.base_here:,.0f} / {part.base:,.0f} Band D homes = {here}"


def _hundred(value: float, whole: float) -> str:
    return f"£{100 * value / whole:.2f} of each £100"


def _million(pounds: float) -> str:
    return f"£{pounds / MILLION:,.1f}m"


# --- business rates ---


def _next_pound(a: Account) -> Figure:
    found = next_pound(a.codes)
    steps = [_group(group) for group in found.groups]
    kept = {keeper: found.pence(keeper) for keeper in KEEPERS}
    if len(found.groups) > 1:
        steps += [
            (KEPT_BY[keeper], f"{_weighed(found.groups, keeper)} = {pence:.1f}p", "")
            for keeper, pence in kept.items() if pence >= LEAST
        ]  # fmt: skip
    said = f"{kept['billing']:.0f}p of it stays with councils here, before any levy and until the next reset"
    return Figure(NEXT_POUND, text.financial_year(NEXT_POUND_YEAR), said, tuple(steps))


def _group(group: Group) -> Step:
    """How the rates of some councils are shared out by law."""
    shares = text.listed([f"{100 * group.share(keeper):g}p to {KEPT_BY[keeper]}" for keeper in KEEPERS
                          if group.share(keeper)])  # fmt: skip
    worth = "" if group.weight >= 1 else f"; it has {group.weight:.1%} of the rateable value here"
    if len(group.codes) > 1 and worth:
        worth = worth.replace("it has", "they have")
    names = _names(places().name(code) for code in group.codes)
    return names, f"of £1: {shares}{worth}", f"{group.split.source} (grade: {group.split.grade})"


def _weighed(groups: Iterable[Group], keeper: KeptBy) -> str:
    return " + ".join(f"{group.weight:.3f} x {100 * group.share(keeper):g}p" for group in groups if group.share(keeper))


def _names(names: Iterable[str]) -> str:
    those = [*names]
    return text.listed(those) if len(those) <= FEW else f"{len(those)} councils"


# --- settlement ---


def _settlement(a: Account) -> Figure | None:
    found = area_funding(a.codes)
    if not found:
        return None
    steps = [_funded(year) for year in found]
    for year in (found[0], found[-1]):
        if 1 < len(year.bodies) <= FEW:
            each = (f"{body.name} {body.value('sfa') or 0.0:,.1f}" for body in year.bodies)
            steps.append((f"{text.financial_year(year.year)}, each", "; ".join(each), ""))
    first, last = found[0], found[-1]
    said = [f"£{year.whole:,.{0 if year.whole >= WHOLE else 1}f}m in {text.financial_year(year.year)}"
            for year in (first, last)]  # fmt: skip
    when = f"{text.financial_year(first.year)} to {text.financial_year(last.year)}"
    return Figure(SETTLEMENT, when, ", ".join(said), tuple(steps))


def _funded(year: FundingYear) -> Step:
    how = {figure.how for body in year.bodies if (figure := body.figures.get("sfa"))}
    said = {"rule": "by rule", "published": "as published"}
    whose = text.counted(len(year.bodies), "body", "bodies")
    return (
        text.financial_year(year.year),
        f"main grant {year.grant:,.1f} + baseline of kept rates {year.rates:,.1f} = {year.grant + year.rates:,.1f}; "
        f"{whose}, {text.listed(sorted(said[each] for each in how))}",
        named("mhclg-core-spending-power"),
    )  # fmt: skip


# --- who spends ---


def _who_spends(a: Account, own: Figures | None) -> Figure:
    *bodies, rest = spenders(a, own)
    by_kind: dict[str, list[Spender]] = {}
    for body in bodies:
        if body.pounds >= LEAST:
            by_kind.setdefault(body.kind, []).append(body)
    steps = [_spent(kind, those, a) for kind, those in by_kind.items()]
    steps.append(("government and others",
                  f"{a.spending:,.0f} less {a.spending - rest.pounds:,.0f} = {rest.pounds:,.0f}: "
                  f"{_hundred(rest.pounds, a.spending)}", ""))  # fmt: skip
    said = f"{_hundred(rest.pounds, a.spending)} by the government and others"
    return Figure(WHO_SPENDS, text.financial_year(a.year), said, tuple(steps))  # fmt: skip


def _spent(kind: str, bodies: list[Spender], a: Account) -> Step:
    """What bodies of a kind filed, as the account counts it: each line has the steps."""
    summed = sum(body.pounds for body in bodies)
    said = f"{summed:,.1f}: {_hundred(summed, a.spending)}"
    if len(bodies) <= FEW:
        each = " + ".join(f"{body.name} {body.pounds:,.1f}" for body in bodies)
        said = f"{each} = {said}" if len(bodies) > 1 else f"{bodies[0].name} {said}"
    else:
        said = f"{len(bodies)} bodies sum to {said}"
    return SPENDERS.get(kind, kind.replace("-", " ")), said, "as counted in each line of the account"


# --- how its account is known ---


def _known(a: Account, own: Figures | None) -> Figure | None:
    """Of every pound raised and spent, how many are known in which way, and in which lines most of them are."""
    if a.published:
        return None
    parts = pounds(a.year, mask(a.codes), own)
    whole = sum(abs(getattr(part, way)) for part in parts for way in WAYS)
    steps = []
    for way, words in WAYS.items():
        those = sorted(parts, key=lambda part: -abs(getattr(part, way)))
        summed = sum(abs(getattr(part, way)) for part in those)
        if summed >= LEAST:
            most = [f"{plain_title(part.component.title)} {abs(getattr(part, way)):,.0f}" for part in those[:MOST]]
            said = f"{summed:,.0f} / {whole:,.0f} = {summed / whole:.1%}; largest: {', '.join(most)}"
            steps.append((words, said, "as counted in each line of the account"))
    here = sum(abs(part.here) for part in parts) / whole
    return Figure(KNOWN, text.financial_year(a.year), f"{here:.1%} is measured here", tuple(steps))


# --- its share of England ---


@dataclass(frozen=True, slots=True)
class Beside:
    """People, and output in GBP million, of a place and of England in one year."""

    year: int
    people: float
    england_people: float
    output: float
    england_output: float

    @property
    def people_share(self) -> float:
        return self.people / self.england_people

    @property
    def output_share(self) -> float:
        return self.output / self.england_output


def beside_england(codes: Iterable[str]) -> tuple[Beside, ...]:
    """A place beside England in every year that has people and output; ``codes`` of today's authorities."""
    inside = baseline().mask(codes)
    return tuple(
        Beside(year, float(people[inside].sum()), float(people.sum()), float(output[inside].sum()), float(output.sum()))
        for year in sorted({*years("population_history")} & {*years("gva_history")})
        for people, output in ((of_year("population_history", year), of_year("gva_history", year)),)
    )


def shares_of_england(name: str, codes: Iterable[str]) -> Table:
    """The shares of every year."""
    return Table.of(
        "shares_of_england", f"{name}: share of England's people and output",
        (Column("year", "Year"), Column("people_share", "people", "share", digits=4),
         Column("output_share", "output", "share", digits=4)),
        [(str(one.year), one.people_share, one.output_share) for one in beside_england(codes)],
    )  # fmt: skip


def _of_england(a: Account) -> Figure | None:
    if len(a.codes) == len(baseline().codes):
        return None
    *_, last = every = beside_england(a.codes)
    steps = [step for one in (every[0], last) for step in (
        (f"people, {one.year}", f"{one.people:,.0f} / {one.england_people:,.0f} = {one.people_share:.3%}",
         named("ons-population")),
        (f"output, {one.year}", f"£{one.output:,.0f}m / £{one.england_output:,.0f}m = {one.output_share:.3%}",
         named("ons-gva")),
    )]  # fmt: skip
    said = f"{last.people_share:.2%} of its people and {last.output_share:.2%} of its output"
    return Figure(OF_ENGLAND, f"{every[0].year} to {last.year}", said, tuple(steps))


# --- what places are compared by ---


def _measured(one: Measure, a: Account) -> Figure:
    above, below = one.sums(a.codes)
    value = one.of(a.codes)
    shown = {"per cent": f"{value:.1%}", "pounds": f"£{value:,.0f}", "number": f"{value:,.{one.digits}f}"}[one.unit]
    over = "" if below is None else f" / {below:,.0f} {one.over} = {shown}"
    return Figure(one.title, one.year, shown, (("here", f"{_counted(above, one.counted)}{over}", named(one.source)),))


def _counted(value: float, what: str) -> str:
    """``12,345 homes``; ``£12,345 of output`` of what begins with a pound sign."""
    return f"£{value:,.0f} {what.removeprefix('£ ')}" if what.startswith("£ ") else f"{value:,.0f} {what}"
