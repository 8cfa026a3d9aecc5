"""DA654 to DA656: who answers for each power and each fund, and what layers a deal makes and ends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from soke.deal.beside import people_of
from soke.deal.oversight import Answerable
from soke.deal.registry import Context, Fault, rule
from soke.deal.rules.forms import item_id
from soke.deal.rules.leaps import far_from_the_line, leaps
from soke.deal.rules.scale import already_said, beyond_the_function, beyond_the_place
from soke.deal.types import Deal, Fund
from soke.deal.who_answers import MANY, MISSING, answering, layer_counts, needed, own_layers
from soke.text import counted, did_you_mean, financial_year, listed, sterling

FUND = (
    '[[fund]]\nid = "care"\ntitle = "Care at home"\ntheme = "care"\nfunction = "social-care"\nfrom = "mhclg"\n'
    'to = "nhs"\nmechanism = "national-formula"\nadditionality = "new"\nafter_profile = "ends"\n'
    'powers = ["adult-skills"]\nprofile = [{ year = "2026-27", revenue = 20_000_000 }]\norigin = "illustrative"\n'
)
ANSWERS = '\n[[accountability]]\nid = "care-{0}"\ntitle = "T"\nto = "residents"\nevery = "year"\nrole = "{0}"\n'
ANSWERS += 'covers = ["care"]\norigin = "illustrative"\n'
LAYER = '[[layer]]\nid = "{}"\ntitle = "T"\nkind = "board"\nchange = "{}"\norigin = "illustrative"\n'
SHOWN = 4  # funds or powers that are named one by one


@rule(
    "DA654", "warning", "A power or a fund that nobody answers for",
    why="Accountability grows with powers. Whoever holds a power or spends public money is elected for it or answers "
    "to somebody who is, is scrutinised, and is audited; and large sums are answered for in public. The framework says "
    "who that is in each tier; what goes to another body says its own.",
    bad=FUND, good=FUND + "".join(ANSWERS.format(role) for role in ("election", "scrutiny", "audit")),
    reads=("accountability", "fund", "power"),
)  # fmt: skip
def nobody_answers_for_it(deal: Deal, context: Context) -> Iterator[Fault]:
    for one in answering(deal):
        lacking = {role for need in needed(deal) if not need.from_a_head for role in need.needs} - one.by_role.keys()
        holder = deal.party(one.holder)
        if lacking and holder is not None:  # no party of the deal: DF301 and DV009
            nobody = listed([words for role, words in MISSING.items() if role in lacking])
            held = "held by" if one.kind == "power" else "paid to"
            fact = f'Nobody {nobody}: the {one.kind} "{one.item.id}", {held} {holder.name}.'
            roles = " and ".join(f'"{role}"' for role in MISSING if role in lacking)
            fix = f'Add [[accountability]] with role = {roles} and covers = ["{one.item.id}"]: who does it, how often.'
            yield one.item.at, fact, fix
    if not already_said(deal, context, beyond_the_place, beyond_the_function, leaps, far_from_the_line):
        for need in needed(deal):
            yield from _large(deal, need, context)


def _large(deal: Deal, need: Answerable, context: Context) -> Iterator[Fault]:
    """Parties whose funds come to so much a head that more is needed, and have it not."""
    place = context.places.members(deal.place) if context.places.get(deal.place) is not None else deal.members
    people = people_of(place) if need.from_a_head else Decimal(0)
    covered = {one.item.id: one.by_role.keys() for one in answering(deal) if one.kind == "fund"}
    for payee in dict.fromkeys(fund.payee for fund in deal.funds) if people else ():
        funds = [fund for fund in deal.funds if fund.payee == payee]
        year, total = _largest_year(funds)
        for role in need.needs:
            without = [fund.id for fund in funds if role not in covered[fund.id]]
            if without and total / people >= need.from_a_head:
                each = sterling((total / people).quantize(Decimal(1)))
                fact = (
                    f"Funds come to {each} a head in {financial_year(year)}, and nobody {MISSING[role]}: "
                    f"{_named(without)}. From {sterling(need.from_a_head)} a head on, "
                    f'"{role}" is needed ({need.held_as}: the framework, "{need.title}").'
                )
                largest = max(funds, key=lambda fund: _largest_year([fund])[1])
                fix = f'Add [[accountability]] with role = "{role}" and covers = ["{payee}"]: who answers, to whom.'
                yield largest.at, fact, fix


def _largest_year(funds: list[Fund]) -> tuple[int, Decimal]:
    totals: dict[int, Decimal] = defaultdict(Decimal)
    for fund in funds:
        for row in fund.profile:
            totals[row.year] += row.total
    return max(totals.items(), key=lambda one: one[1], default=(0, Decimal(0)))


def _named(names: list[str]) -> str:
    shown = [f'"{name}"' for name in names[:SHOWN]]
    return listed([*shown, f"{len(names) - SHOWN} more"] if len(names) > SHOWN else shown)


@rule(
    "DA655", "warning", "Adds layers and ends none",
    why="Power that comes with one more body, board or post, and with none that ends, is paid for twice: by the "
    "officers who serve it and by the people who no longer know who decides. What a deal makes and what it ends are "
    "counted together.",
    bad=LAYER.format("delivery-board", "made"),
    good=LAYER.format("delivery-board", "made") + "\n" + LAYER.format("two-boards", "ended"),
    reads=("layer",),
)  # fmt: skip
def adds_layers(deal: Deal, context: Context) -> Iterator[Fault]:
    own = own_layers(deal)
    made = [one for one in own if one.change == "made" and one.count]
    if not made or any(one.change == "ended" and one.count for one in own):
        return
    counts = [counted(one.made, one.kind, MANY[one.kind]) for one in layer_counts(own) if one.made]
    fact = f"The deal makes {listed(counts)}, and ends none."
    yield made[0].at, fact, 'Say which it ends, with change = "ended", or do with those that there are.'


@rule(
    "DA656", "error", "Answers for something that is not there",
    why="An audit of a fund that the deal does not have covers nothing, and a misspelt id leaves its fund uncovered.",
    bad='[[accountability]]\nid = "peer-challenge"\ncovers = ["autority"]',
    good='[[accountability]]\nid = "peer-challenge"\ncovers = ["authority"]',
    reads=("party", "power", "fund"),
)  # fmt: skip
def covers_nothing(deal: Deal, context: Context) -> Iterator[Fault]:
    sides = (deal, deal.framework)
    held = ((*side.parties, *side.powers) for side in sides)
    known = {item_id(one) for side in held for one in side} | {fund.id for fund in deal.funds}
    for one in deal.accountability:
        for index, name in enumerate(one.covers):
            if name not in known:
                fact = f'"{one.id}" covers "{name}", which is no party, power or fund of this deal.'
                fix = did_you_mean(name, known, "Name a party, a power or a fund that the deal has.")
                yield one.where("covers", index), fact, fix
