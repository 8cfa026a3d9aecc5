"""The kinds of fund, one row each: what a deal's money would have been without it, how it comes, and what follows.

The reader, the JSON Schemas, the sheets and the checks take the words of the files from these tables; the model and the
report ask the row of a fund for what differs. A new kind is a row here, a word in ``docs/handbook/deal-file.md`` and
the JSON Schema written anew (``python -m soke.deal.json_schema``); a test runs every row and holds the three together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class FundKind:
    """What the money of a fund would have been without the deal.

    ``spent_before``: it was spent here on the same functions before, so that the deal changes who decides and no sum.
    Money that was not is new here: England finds it, and what is bought with it acts in full.
    """

    spent_before: bool


@dataclass(frozen=True, slots=True)
class Afterwards:
    """What a fund does after the last year of its profile. ``factor``: of a year on the one before, in real terms, from
    the growth a year of the funds that grow."""

    words: str
    factor: Callable[[float], float]


@dataclass(frozen=True, slots=True)
class Mechanism:
    """How the money is given. ``by_bid``: to those who bid best (DF310). ``kept_tax``: growth in business rates, which
    the tax model counts where the deal has terms on them."""

    by_bid: bool = False
    kept_tax: bool = False


FUND_KINDS: Mapping[str, FundKind] = {
    "new": FundKind(spent_before=False),
    "moved": FundKind(spent_before=True),
    "consolidated": FundKind(spent_before=True),
}
SPENT_BEFORE = tuple(name for name, kind in FUND_KINDS.items() if kind.spent_before)
AFTERWARDS: Mapping[str, Afterwards] = {
    "ends": Afterwards("ends", lambda growth: 0.0),
    "flat_real": Afterwards("stays level in real terms", lambda growth: 1.0),
    "grows": Afterwards("grows", lambda growth: 1.0 + growth),
}
MECHANISMS: Mapping[str, Mechanism] = {
    "national-formula": Mechanism(),
    "existing-allocation": Mechanism(),
    "settlement-formula": Mechanism(),
    "pooled": Mechanism(),
    "retained-tax": Mechanism(kept_tax=True),
    "bid": Mechanism(by_bid=True),
}

if TYPE_CHECKING:  # a checker of types cannot read a table
    AdditionalityName: TypeAlias = str
    AfterwardsName: TypeAlias = str
    MechanismName: TypeAlias = str
else:
    AdditionalityName = Literal[tuple(FUND_KINDS)]
    AfterwardsName = Literal[tuple(AFTERWARDS)]
    MechanismName = Literal[tuple(MECHANISMS)]
