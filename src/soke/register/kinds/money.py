"""Funds, and contributions to pools."""

from __future__ import annotations

from soke.register.kinds.row import EVER_SINCE, FUND, IN_FORCE, MONEY, PAYEE, PAYER, kind

ROWS = (
    kind("fund.allotted", PAYER, IN_FORCE, "{party} allotted {pence} of {use} for {year} to {fund}.",
          pay_by="[day]", more={"pay_by": "It is to be paid by {pay_by}"}, **MONEY),
    kind("fund.paid", PAYER, EVER_SINCE, "{party} paid {pence} of {use} for {year} into {fund}.", **MONEY),
    kind("fund.committed", PAYEE, IN_FORCE, "{party} committed {pence} of {fund} ({use}, {year}) to {purpose}",
          commitment="new id of commitment", purpose="title of commitment", **MONEY),
    kind("fund.released", PAYEE, EVER_SINCE,
          "{party} released {pence} of the commitment {commitment}: {reason}", commitment="id of commitment",
          reason="text", **MONEY),
    kind("fund.spent", PAYEE, EVER_SINCE, "{party} spent {pence} of {fund} ({use}, {year}) on {purpose}",
          purpose="text", commitment="[id of commitment]", **MONEY),
    kind("fund.carry-over-allowed", PAYER, IN_FORCE,
          "{party} allowed {pence} more of {fund} ({use}) to be carried over from {year}.", **FUND),
    kind("fund.carried-over", PAYEE, IN_FORCE,
          "{party} carried {pence} of {fund} ({use}) over from {year} to the next year.", **MONEY),
    kind("fund.moved", PAYEE, IN_FORCE, "{party} moved {pence} ({use}, {year}) from {fund} to {to_fund}.",
          to_fund="id of fund", **MONEY),
    kind("contribution.promised", "a partner or the councils, each for itself", IN_FORCE,
          "{party} promised {pence} to {pool} by {due}.",
          contribution="new id of contribution", pool="id of pool", pence="pence", due="day"),
    kind("contribution.confirmed", "who holds the pool", EVER_SINCE,
          "{party} confirmed that {pence} of the contribution {contribution} came on {paid_on}.",
          contribution="id of contribution", pence="pence", paid_on="day"),
)  # fmt: skip
