"""The ledger of a job: what one entrant to work is worth to the public purse a year, each line with one owner.

    income tax             rate x (pay - threshold)                tax model
    employees' insurance   rate x (pay - threshold)                tax model
    employers' insurance   rate x (pay - threshold)                tax model
    benefits stopped       min(award, taper x (net pay - allowance))    benefit model
    VAT and duties         rate x (net pay - benefits stopped)     tax model
    output                 (pay + employers' insurance) / labour share

Nothing below nought. An entrant is paid like the lowest fifth, not like the average; so no base of a tax is moved for
entrants as well. At the centre, pay of 18,000: 1,086 + 434 + 1,950 + 7,000 + 1,422 = 11,892 a year. What the Department
for Work and Pensions counts per claimant who enters work, in the same prices, is 9,234 and 7,500 of 2012/13, 12,997 and
10,556 of 2025-26: see :func:`control`. What the NHS saves beside it is a saving of a service and stands apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from soke.england.baseline import Floats
from soke.england.tables import read_table
from soke.evidence.distribution import quantile
from soke.evidence.parameters import Parameter

RATES = (
    "job.allowance", "job.taper", "job.tax.income", "job.tax.threshold", "job.nics.employee",
    "job.nics.employee_threshold", "job.nics.employer", "job.nics.employer_threshold", "job.duties", "job.labour_share",
)  # fmt: skip
PAY, AWARD = "job.pay", "job.award"
DRAWN = (PAY, AWARD, *RATES)
CONTROLS = ("fis.jsa.dwp", "fis.esa.dwp")
NHS = ("fis.jsa.nhs", "fis.esa.nhs")
CONTROL_YEAR, CARRIED_FROM = 2012, 2022  # of the unit costs; the year from which a scenario carries prices
FINE = 2_001  # points at which a drawn range is read


@dataclass(frozen=True, slots=True)
class JobValue:
    """Pounds a year for one job; any shape, as the figures given."""

    income_tax: Floats
    employee_insurance: Floats
    employer_insurance: Floats
    duties: Floats
    benefits: Floats
    output: Floats

    @property
    def taxes(self) -> Floats:
        """What the tax model owns."""
        return np.asarray(self.income_tax + self.employee_insurance + self.employer_insurance + self.duties)

    @property
    def whole(self) -> Floats:
        return np.asarray(self.taxes + self.benefits)


def job_value(figures: Mapping[str, Floats]) -> JobValue:
    """The ledger from ``job.*`` figures by id, pounds and shares of any one shape."""
    pay = figures[PAY]
    income_tax = figures["job.tax.income"] * _above(pay, figures["job.tax.threshold"])
    employee = figures["job.nics.employee"] * _above(pay, figures["job.nics.employee_threshold"])
    employer = figures["job.nics.employer"] * _above(pay, figures["job.nics.employer_threshold"])
    net = pay - income_tax - employee
    benefits = np.minimum(figures[AWARD], figures["job.taper"] * _above(net, figures["job.allowance"]))
    duties = figures["job.duties"] * (net - benefits)
    output = (pay + employer) / figures["job.labour_share"]
    return JobValue(income_tax, employee, employer, duties, benefits, output)


def at_centre(table: Mapping[str, Parameter]) -> JobValue:
    """The ledger at the centre of every range."""
    return job_value({name: np.asarray(table[name].central) for name in DRAWN})


def _above(pay: Floats, threshold: Floats) -> Floats:
    return np.maximum(0.0, pay - threshold)


@cache
def implicit_deflator(year: int, over: int) -> float:
    """England's price of output in ``year`` over that in ``over``: output at current prices over chained volume."""
    current, volume = (
        {when: sum(float(row[str(when)]) for row in read_table(table)) for when in (year, over)}
        for table in ("gva_history", "gva_volume")
    )
    return current[year] / volume[year] / (current[over] / volume[over])


def uprated(pounds: float, carry_price: float) -> float:
    """Pounds of the unit costs' year in prices of the base year; ``carry_price`` the scenario's, from 2022-23."""
    return pounds * implicit_deflator(CARRIED_FROM, CONTROL_YEAR) * carry_price


def control(table: Mapping[str, Parameter], carry_price: float) -> dict[str, float]:
    """What the published unit costs say a job saves, pounds of the base year by id: benefits and tax to hold the
    ledger against, and what the NHS saves, which is no part of it."""
    return {name: uprated(table[name].central, carry_price) for name in (*CONTROLS, *NHS)}


def share_paid_below(pay: Parameter, bound: float) -> float:
    """Share of entrants who are paid below ``bound`` pounds a year, over the whole range of their pay."""
    u = (np.arange(FINE) + 0.5) / FINE
    return float((quantile(pay.distribution, u, pay.low, pay.central, pay.high) < bound).mean())
