"""DI: investments beside the fund that pays for them, people beside the money for them, minutes beside today's."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from soke.deal.beside import COST_OF, a_year_of, affordable, in_all, paid, while_built
from soke.deal.likely import did_you_mean, number
from soke.deal.registry import Context, Fault, rule
from soke.deal.rules.leaps import bound
from soke.deal.rules.links import too_fast
from soke.deal.rules.scale import already_said, beyond_its_places, beyond_reach, beyond_the_capital
from soke.deal.types import Deal, Fund, Investment
from soke.evidence import parameters
from soke.text import financial_year, percent, sterling

REST = "Name the fund that pays the rest."
WORK = '[[investment]]\nid = "tram"\nkind = "employability"\nrevenue = {}\neffect = {{ channel = "employment", '
WORK += "people_a_year = {{ low = {:_}, central = {:_}, high = {:_} }} }}"
LINK = '[[investment]]\nid = "tram"\neffect = {{ channel = "connection", mode = "road", minutes_before = {}, '
LINK += 'between = [["E08000003"], ["E08000035"]], minutes_after = {{ low = {}, central = {}, high = {} }} }}'


@rule(
    "DI557", "warning", "More than its fund holds",
    why="Every pound has a payer. What is built with more than its fund will ever hold has an effect that nobody has "
    "paid for.",
    bad='[[investment]]\nid = "tram"\ncapital = 40_000_000_000',
    good='[[investment]]\nid = "tram"\ncapital = 400_000_000',
    reads=(),
)  # fmt: skip
def beyond_the_fund(deal: Deal, context: Context) -> Iterator[Fault]:
    years = parameters()["check.fund.years"]
    said = already_said(deal, context, beyond_its_places, beyond_the_capital)
    for fund in deal.funds:
        built = Decimal(0)
        holds, own = in_all(fund, round(years.central)), [one for one in deal.investments if one.fund == fund.id]
        for one in own if holds else ():
            before, built = built, built + one.capital
            if one.where("capital") in said:
                built = before
            elif one.capital > holds or before <= holds < built:
                beside = "" if one.capital > holds else f"With the others of its fund, {sterling(built)}. "
                fact = (
                    f'"{one.id}" costs {sterling(one.capital)} in capital. {beside}Its fund, "{fund.id}", holds '
                    f"{sterling(holds)} in all"
                )
                goes_on = (
                    f", counted over {years.central:g} years {bound(years)}." if fund.afterwards.factor(0.0) else "."
                )
                yield one.where("capital"), fact + goes_on, _meant(one.capital, deal, one)
        yield from _by_year(fund, own)


def _by_year(fund: Fund, own: list[Investment]) -> Iterator[Fault]:
    """Revenue of the investments of one fund beside what it pays, in each year in which one more of them opens."""
    first, taken = min((row.year for row in fund.profile), default=0), Decimal(0)
    for one in sorted(own, key=lambda one: one.opens):
        year = max(one.opens, first)
        pays, taken = paid(fund, year), taken + one.revenue
        if pays and taken > pays >= taken - one.revenue:
            fact = (
                f'With "{one.id}", investments take {sterling(taken)} of revenue from "{fund.id}" in '
                f"{financial_year(year)}; it pays {sterling(pays)} that year."
            )
            yield one.where("revenue"), fact, did_you_mean(one.revenue, [pays], sterling, REST)


def _meant(pounds: Decimal, deal: Deal, investment: Investment) -> str:
    return did_you_mean(pounds, while_built(deal, investment), sterling, REST)


@rule(
    "DI558", "warning", "A cost for each person far from what such support costs",
    why="Money over people is what one person's support costs. Where nobody has run such support for so little or so "
    "much, the people or the pounds are a slip, and the effect is one of people who could not be reached.",
    bad=WORK.format("20_000", 700, 800, 900), good=WORK.format("2_400_000", 700, 800, 900),
    reads=(),
)  # fmt: skip
def cost_of_a_person(deal: Deal, context: Context) -> Iterator[Fault]:
    said = already_said(deal, context, beyond_its_places, beyond_reach, beyond_the_fund)
    beyond = Decimal(parameters()["check.cost.person"].central)
    for one in deal.investments:
        people, at = one.effect.people_a_year, one.where("effect", "people_a_year")
        pounds, id_ = a_year_of(deal, one), COST_OF.get(one.effect.channel)
        if people is None or id_ is None or not pounds or not said.isdisjoint((at, one.where("revenue"))):
            continue
        known = parameters()[id_]
        least, most = Decimal(known.low) / beyond, Decimal(known.high) * beyond
        for count in (people.central, people.high, people.low):
            each = pounds / Decimal(count) if count > 0 else Decimal(0)
            if 0 < each < least or (each > most and one.revenue):
                fact = (
                    f'"{one.id}" supports {count:,.0f} people with {sterling(pounds)} a year, '
                    f"{sterling(each.quantize(Decimal(1)))} each; {known.meaning.lower()} is £{known.low:,.0f} to "
                    f"£{known.high:,.0f} {bound(known)}, and {beyond:g} times beyond is asked about."
                )
                fix = "Check the people, who are those of one year, and the pounds."
                yield at, fact, did_you_mean(Decimal(count), affordable(deal, one), number, fix)
                break


@rule(
    "DI559", "warning", "A running cost far from its capital",
    why="What a link costs to run follows what it cost to build. A running cost of another size is a slip in one of "
    "the two, and falls on the deal's own budget each year.",
    bad='[[investment]]\nid = "tram"\ncapital = 1_000_000\nrunning_cost = 1_500_000',
    good='[[investment]]\nid = "tram"\ncapital = 1_000_000\nrunning_cost = 15_000',
    reads=(),
)  # fmt: skip
def running_cost(deal: Deal, context: Context) -> Iterator[Fault]:
    known, times = parameters()["link.running"], Decimal(parameters()["check.running"].central)
    for one in deal.investments:
        usual = Decimal(known.central) * one.capital
        if one.running_cost and usual and not usual / times <= one.running_cost <= usual * times:
            fact = (
                f'"{one.id}" costs {sterling(one.running_cost)} a year to run and {sterling(one.capital)} to build; '
                f"{percent(known.central, 1)} of it a year is usual {bound(known)}, and {times:g} times more or "
                "less is asked about."
            )
            fix = "Check both, or say in a note why it is so."
            yield one.where("running_cost"), fact, did_you_mean(one.running_cost, [usual], sterling, fix)


@rule(
    "DI563", "warning", "Minutes that a link does not change so",
    why="The gain from a link is counted from the minutes that it saves. More than any link has saved, or a journey "
    "that takes longer than today, is nearly always a slip of the pen.",
    bad=LINK.format(120, 40, 45, 50), good=LINK.format(95, 70, 75, 80),
    reads=(),
)  # fmt: skip
def minutes_saved(deal: Deal, context: Context) -> Iterator[Fault]:
    most, said = parameters()["check.link.saved"], already_said(deal, context, too_fast)
    for one in deal.investments:
        before, after = one.effect.minutes_before, one.effect.minutes_after
        at = one.where("effect", "minutes_after")
        if not before or after is None or at in said:
            continue
        saved = 1 - after.central / before
        if saved > most.central or after.central >= before or after.high >= 2 * before:
            what = f"saves {percent(saved)} of" if saved > 0 else "saves nothing of"
            fact = (
                f'"{one.id}" {what} today\'s {before:g} minutes; {after.central:g} are left, at most {after.high:g}. '
                f"A link saves at most {percent(most.central)} {bound(most)}."
            )
            yield at, fact, "Give door-to-door minutes of today and after, from the same door to the same door."
