"""Who paid what for which project: the certificate that a count by equal shares was fair.

Equal shares and Phragmen give every voter the same money and let supporters alone pay. The ledger says how much each
ballot paid for each winner, in fractions: anyone can add up that every winner was paid in full, by its supporters, and
that nobody paid more than the endowment. It knows ballots by their number in the file, never by the voter's id.

Greedy rules take all money from one purse, so there is nothing to say who paid; their ledger is empty and says so. What
a completion by votes added was paid by nobody either: it stands under ``unpaid``.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from io import StringIO
from math import floor, lcm

import numpy as np
from numpy.typing import NDArray

from soke.community.budgets.outcome import Outcome, Payment
from soke.community.budgets.registry import find
from soke.community.budgets.supporters import Supporters, supporters
from soke.spreadsheets import inert

NO_WINNERS = "There are no winners."
DECIMALS = 6  # of a hundredth, in the column for reading


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """``endowment`` is what each ballot had, in hundredths. ``empty`` says why there is no ledger; then there are no
    payments. ``unpaid``: winners that a completion added, without any voter's money."""

    outcome: Outcome
    who: Supporters
    endowment: Fraction | None
    payments: tuple[Payment, ...]
    unpaid: tuple[int, ...] = ()
    empty: str = ""

    @cached_property
    def unit(self) -> int:
        """Every amount is a whole number of ``1 / unit`` hundredths."""
        return lcm(1, *(amount.denominator for payment in self.payments for amount in payment.amounts))

    @cached_property
    def paid(self) -> tuple[int, ...]:
        """What a ballot of each group paid in all, in units, (group,)."""
        sums = [0] * len(self.who.sizes)
        for payment in self.payments:
            whole = [amount.numerator * (self.unit // amount.denominator) for amount in payment.amounts]
            for group, which in zip(payment.of.tolist(), payment.which.tolist(), strict=True):
                sums[group] += whole[which]
        return tuple(sums)

    def left_with(self, number: int) -> Fraction:
        """What the supporters of a project have left together, in hundredths."""
        of = self.who.of[number]
        sizes: list[int] = self.who.sizes[of].tolist()
        assert self.endowment is not None
        paid = sum(size * self.paid[group] for group, size in zip(of.tolist(), sizes, strict=True))
        return self.endowment * sum(sizes) - Fraction(paid, self.unit)

    def rows(self) -> Iterator[tuple[int, str, Fraction]]:
        """Ballot (its number in the file, from 1), project, what it paid in hundredths: purchase by purchase."""
        for payment in self.payments:
            name = self.outcome.election.projects[payment.number].id
            yield from ((ballot + 1, name, payment.amounts[which]) for ballot, which in self._payers(payment))

    def _payers(self, payment: Payment) -> Iterator[tuple[int, int]]:
        """The ballots that paid, in the order of the file, from 0, and which of the amounts each paid."""
        by_group: NDArray[np.int64] = np.full(len(self.who.sizes), -1)
        by_group[payment.of] = payment.which
        which = by_group[self.who.group]
        ballots = np.flatnonzero(which >= 0)
        yield from zip(ballots.tolist(), which[ballots].tolist(), strict=True)

    def as_csv(self) -> str:
        """The rows as CSV. A line with a reason alone where the ledger is empty.

        Columns: ballot, project, hundredths paid to the sixth decimal, the same exactly as a numerator and a
        denominator, and the purchase's place in the count. The decimals of a project add up to its cost: what rounding
        down leaves over is put on the first payers, a millionth each. That no ballot pays more than the endowment is
        seen in the exact columns.
        """
        text = StringIO()
        writer = csv.writer(text, lineterminator="\n")
        if self.empty:
            writer.writerow([self.empty])
            return text.getvalue()
        writer.writerow(["ballot", "project", "hundredths_paid", "numerator", "denominator", "purchase"])
        for place, payment in enumerate(self.payments, 1):
            payers, name = list(self._payers(payment)), inert(self.outcome.election.projects[payment.number].id)
            decimals = _decimals(payment.amounts, [which for _, which in payers])
            for (ballot, which), shown in zip(payers, decimals, strict=True):
                paid = payment.amounts[which]
                writer.writerow([ballot + 1, name, shown, paid.numerator, paid.denominator, place])
        return text.getvalue()


def _decimals(amounts: Sequence[Fraction], which: Sequence[int]) -> Iterator[str]:
    """What each paid, ``amounts[which]``, as decimals that add up to what all paid, a whole number."""
    unit = 10**DECIMALS
    down = [floor(amount * unit) for amount in amounts]
    cut = [amount * unit - whole for amount, whole in zip(amounts, down, strict=True)]
    over = sum((cut[kind] for kind in which), Fraction(0))
    for kind in which:
        whole = down[kind]
        if cut[kind] and over > 0:
            whole, over = whole + 1, over - 1
        yield f"{whole // unit}.{whole % unit:0{DECIMALS}d}"


def payments(outcome: Outcome) -> Ledger:
    """The ledger of a count, paid again from the beginning without rounding."""
    who = supporters(outcome.election, outcome.parameters)
    paid = _paid(outcome, who)
    if isinstance(paid, str):
        return Ledger(outcome=outcome, who=who, endowment=None, payments=(), empty=paid)
    bought = {payment.number for payment in paid}
    unpaid = tuple(number for number in outcome.winners if number not in bought)
    return Ledger(outcome=outcome, who=who, endowment=outcome.endowment, payments=paid, unpaid=unpaid)


def _paid(outcome: Outcome, who: Supporters) -> tuple[Payment, ...] | str:
    """What was paid, or why nobody paid."""
    if outcome.parameters.districts:
        return "The districts had pots of their own: there is no one endowment. Each pot alone has a ledger."
    paid = find(outcome.parameters.rule).payments(outcome, who)
    return NO_WINNERS if outcome.endowment is None and not isinstance(paid, str) else paid


def faults(ledger: Ledger) -> list[str]:
    """What is wrong with a ledger, a sentence each; none where it holds. All sums are exact."""
    if ledger.endowment is None:
        return []
    projects, sizes, wrong = ledger.outcome.election.projects, ledger.who.sizes, list[str]()
    for payment in ledger.payments:
        project = projects[payment.number]
        counts = np.bincount(payment.which, weights=sizes[payment.of], minlength=len(payment.amounts))
        got = sum((int(n) * paid for n, paid in zip(counts, payment.amounts, strict=True)), Fraction(0))
        if got != project.cost:
            wrong.append(f"Project {project.id} costs {project.cost} hundredths and was paid {got}.")
        if min(payment.amounts) < 0:
            wrong.append(f"Somebody was paid for project {project.id}.")
        if not np.isin(payment.of, ledger.who.of[payment.number]).all():
            wrong.append(f"Somebody paid for project {project.id} who does not support it.")
    paid_for = {payment.number for payment in ledger.payments} | set(ledger.unpaid)
    wrong += [f"Nobody paid for project {projects[winner].id}, which won." for winner in ledger.outcome.winners
              if winner not in paid_for]  # fmt: skip
    if max(ledger.paid, default=0) > ledger.endowment * ledger.unit:
        wrong.append("Somebody paid more than the endowment.")
    return wrong
