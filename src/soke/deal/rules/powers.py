"""DW: powers."""

from __future__ import annotations

from collections.abc import Iterator

from soke.deal.registry import Context, Fault, rule
from soke.deal.types import Deal
from soke.text import did_you_mean


@rule(
    "DW201", "error", "A power without a statutory basis",
    why="Without an Act, an order or a published agreement behind it, nobody can use the power.",
    bad='[[power]]\nid = "ferries"\ntitle = "Ferries"\nfunction = "transport.ferries"\nholder = "authority"\n'
    'exercise = "majority"\nholding = "conferred"\nneeds_fund = false\norigin = "illustrative"',
    good='[[power]]\nid = "ferries"\ntitle = "Ferries"\nfunction = "transport.ferries"\nholder = "authority"\n'
    'exercise = "majority"\nholding = "conferred"\nneeds_fund = false\norigin = "illustrative"\n'
    'statutory_basis = "Local Transport Act 2008 s99 (general power)"',
    reads=(),
)  # fmt: skip
def no_basis(deal: Deal, context: Context) -> Iterator[Fault]:
    for power in deal.powers:
        if not power.statutory_basis.strip():
            fact = f'The power "{power.id}" has no statutory basis.'
            yield power.where("statutory_basis"), fact, "Name the Act or order and its section."


@rule(
    "DW205", "warning", "A power with no fund, or a fund with no power to spend it",
    why="A power without money is a promise; money without a power cannot lawfully be spent.",
    bad='[[fund]]\nid = "skills"\npowers = []', good='[[fund]]\nid = "skills"\npowers = ["adult-skills"]',
    reads=("power", "fund"),
)  # fmt: skip
def power_and_fund(deal: Deal, context: Context) -> Iterator[Fault]:
    held = {power.id for power in deal.powers}
    forgotten = any(not fund.powers for fund in deal.funds)  # reported at the fund, once
    funded = {power for fund in deal.funds for power in fund.powers}
    for fund in deal.funds:
        unknown = [power for power in fund.powers if power not in held]
        if not fund.powers:
            fact = f'The fund "{fund.id}" names no power to spend it.'
            yield fund.where("powers"), fact, 'Add powers = ["..."], naming the powers that it pays for.'
        for power in unknown:
            at = fund.where("powers", fund.powers.index(power))
            yield (
                at,
                f'The fund "{fund.id}" pays for "{power}", a power that the deal does not hold.',
                did_you_mean(power, held, "Add the power to the deal, or take it out of the fund."),
            )
    for held_power in deal.powers:
        if held_power.needs_fund and held_power.id not in funded and not forgotten:
            fact = f'No fund of the deal pays for the power "{held_power.id}".'
            yield held_power.at, fact, "Name it in a fund's powers, or say needs_fund = false."
