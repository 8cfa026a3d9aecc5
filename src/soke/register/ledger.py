"""Double entry in whole pence: every movement of money has legs that sum to zero for its fund, year and use.

    promised -allot-> allotted -pay-> held -commit-> committed -spend-> spent
                         |              |                |
                         +--- recall ---+--> recalled    +--release--> held

``promised`` is the payer's side and runs below zero: what the government owes under the deal. No other account of a
fund can. ``carried`` and ``moved`` are bridges: a sum carried over leaves one year and enters the next, a sum moved
leaves one fund and enters another, and over all years and funds a bridge holds nothing. What is committed or spent was
promised to others, and no recall reaches it. Corrections are new movements: nothing is ever taken out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from soke.errors import SokeError
from soke.text import financial_year

BRIDGES = frozenset({"carried", "moved"})
BELOW_ZERO = BRIDGES | {"promised"}


class Leg(NamedTuple):
    """A change of one account. ``year`` is the integer that the financial year starts in."""

    fund: str
    year: int
    use: str
    account: str
    pence: int

    @property
    def pot(self) -> tuple[str, int, str]:
        return self.fund, self.year, self.use

    def body(self) -> dict[str, Any]:
        return {"fund": self.fund, "year": financial_year(self.year), "use": self.use, "account": self.account,
                "pence": self.pence}  # fmt: skip


def leg_of(body: Mapping[str, Any]) -> Leg:
    return Leg(body["fund"], year_of(body["year"]), body["use"], body["account"], body["pence"])


def year_of(text: str) -> int:
    """2026 for ``2026-27``."""
    return int(text[:4])


def moved(fund: str, year: int, use: str, source: str, target: str, pence: int) -> tuple[Leg, Leg]:
    """The two legs of a movement between accounts of one fund, year and use."""
    return Leg(fund, year, use, source, -pence), Leg(fund, year, use, target, pence)


def amount(pence: int) -> str:
    """``£1,234.56``; whole pounds without pence."""
    whole, part = divmod(abs(pence), 100)
    return f"{'-' if pence < 0 else ''}£{whole:,}" + (f".{part:02d}" if part else "")


def check_balanced(legs: Iterable[Leg]) -> None:
    """SokeError where the legs of a fund, year and use do not sum to zero."""
    sums: Counter[tuple[str, int, str]] = Counter()
    for leg in legs:
        sums[leg.pot] += leg.pence
    for (fund, year, use), rest in sums.items():
        if rest:
            fact = f'The legs of "{fund}", {financial_year(year)}, {use}, do not balance: {amount(rest)} is left.'
            raise SokeError(fact, "Legs of one fund, year and use sum to zero.")


@dataclass(slots=True)
class Ledger:
    """Balances by fund, year, use and account, in pence."""

    balances: dict[tuple[str, int, str, str], int] = field(default_factory=dict)

    def balance(self, fund: str, year: int, use: str, account: str) -> int:
        return self.balances.get((fund, year, use, account), 0)

    def total(self, account: str, *, fund: str = "", year: int | None = None, use: str = "") -> int:
        """Pence in an account, over all funds, years and uses that are not named."""
        return sum(
            pence
            for (of, when, kind, name), pence in self.balances.items()
            if name == account and fund in ("", of) and year in (None, when) and use in ("", kind)
        )

    def after(self, legs: Sequence[Leg]) -> dict[tuple[str, int, str, str], int]:
        """The balances that the legs change, as they would be. SokeError where legs are unbalanced or money lacks."""
        check_balanced(legs)
        balances: dict[tuple[str, int, str, str], int] = {}
        for leg in legs:
            key = (*leg.pot, leg.account)
            balances[key] = balances.get(key, self.balances.get(key, 0)) + leg.pence
        for (fund, year, use, account), pence in balances.items():
            if pence < 0 and account not in BELOW_ZERO:
                fact = (
                    f'"{fund}" has {amount(pence - _change(legs, fund, year, use, account))} {account} for '
                    f"{financial_year(year)}, {use}: {amount(-pence)} less than this would take."
                )
                raise SokeError(fact, "Lower the amount, or record first what brings the money in.")
        return balances

    def post(self, legs: Sequence[Leg]) -> None:
        self.balances.update(self.after(legs))

    def pots(self) -> list[tuple[str, int, str]]:
        """Each fund, year and use that holds or held money, in order."""
        return sorted({(fund, year, use) for fund, year, use, _ in self.balances})

    def faults(self) -> Iterator[str]:
        """What must never be: a sentence for each account below zero, each sum that is not zero, each open bridge."""
        sums: Counter[tuple[str, int, str]] = Counter()
        bridges: Counter[str] = Counter()
        for (fund, year, use, account), pence in self.balances.items():
            sums[fund, year, use] += pence
            if account in BRIDGES:
                bridges[account] += pence
            if pence < 0 and account not in BELOW_ZERO:
                yield f'The account {account} of "{fund}", {financial_year(year)}, {use}, is at {amount(pence)}.'
        for (fund, year, use), rest in sums.items():
            if rest:
                yield f'The accounts of "{fund}", {financial_year(year)}, {use}, do not sum to zero: {amount(rest)}.'
        for bridge, rest in bridges.items():
            if rest:
                yield f"{amount(rest)} is on the bridge {bridge}: it left one fund or year and entered no other."


def _change(legs: Iterable[Leg], *key: Any) -> int:
    return sum(leg.pence for leg in legs if (*leg.pot, leg.account) == key)
