"""Tables of jobs: what one is worth, who gets and who loses them, how good they are, what work there is here."""

from __future__ import annotations

import numpy as np

from soke import text
from soke.england.baseline import baseline
from soke.evidence import Parameter, overridden
from soke.model.economy import displacement, job_value, local_work
from soke.model.economy.entrants import TOLD
from soke.model.run.statement import PARTS
from soke.report.contents import RunReport
from soke.report.spread import spread
from soke.table import Cell, Column, Table

TAX, BENEFIT, APART = "tax model", "benefit model", "apart"
NET = ("gva", "receipts", "jobs")
LOW_PAY, MIDDLE = 40, 50  # percentiles of residents' pay


def _evidence(report: RunReport) -> dict[str, Parameter]:
    return overridden(report.scenario.effects)


def value_of_a_job(report: RunReport) -> Table:
    """The ledger at its centre, with what the published unit costs say beside it."""
    known = _evidence(report)
    value = job_value.at_centre(known)
    control = job_value.control(known, report.scenario.carry_price)
    rows: list[tuple[Cell, ...]] = [
        ("Income tax", float(value.income_tax), TAX),
        ("Employees’ National Insurance", float(value.employee_insurance), TAX),
        ("Employers’ National Insurance", float(value.employer_insurance), TAX),
        ("VAT and duties", float(value.duties), TAX),
        ("Benefits that stop", float(value.benefits), BENEFIT),
        ("In all", float(value.whole), ""),
        ("Published: a claimant of jobseeker’s allowance who enters work", control["fis.jsa.dwp"], "control"),
        ("Published: a claimant of employment and support allowance", control["fis.esa.dwp"], "control"),
        ("Saved by the NHS beside it, the first", control["fis.jsa.nhs"], APART),
        ("Saved by the NHS beside it, the second", control["fis.esa.nhs"], APART),
        ("Output of the entrant", float(value.output), APART),
    ]
    return Table.of(
        "job_value",
        "What one entrant to work is worth to the public purse a year, at the centre of the evidence",
        (Column("line", "Line"), Column("value_gbp", "£ a year", "pounds"), Column("owner", "Counted by")),
        rows,
        "Entrants bring this and nothing else: no base of a tax moves for them as well. Published costs are of "
        "2012-13, by England’s implicit price of output to 2022 and the scenario’s prices from there. Savings of the "
        "NHS are a service’s and are not counted.",
    )


def jobs_made(report: RunReport) -> Table:
    """What becomes of the jobs that residents find, and the effect on the place and on England."""
    rows: list[tuple[Cell, ...]] = []
    series = {name: found.difference for name in TOLD if (found := report.series(name))}
    if len(series) == len(TOLD) and np.nan_to_num(series[TOLD[0]]).any():
        here = series["jobs_gross"] - series["jobs_displaced_here"]
        told = [(PARTS[name].title, values) for name, values in series.items()]
        told += [("For the place: found, less those that others here lose", here)]
        told += [("For England: found, less all that others lose", here - series["jobs_displaced_elsewhere"])]
        for year in report.marked_years():
            said = text.financial_year(report.projection.years[year])
            for title, values in told:
                if over := spread(values[:, year]):
                    rows.append((title, year, said, over.mean, over.low, over.high, over.below))
    return Table.of(
        "jobs_made",
        "Jobs that residents find through this deal, and what becomes of them",
        (
            Column("what", "What"),
            Column("year_of_run", "Year", "count"),
            Column("year", "Financial year"),
            Column("mean_jobs", "Mean", "plain-change"),
            Column("p10_jobs", "10th", "plain-change"),
            Column("p90_jobs", "90th", "plain-change"),
            Column("chance_below_zero", "Chance below zero", "share"),
        ),
        rows,
        "Job-years. Net of what would have happened anyway. Lost here and elsewhere, held outside and held here add to "
        "those found.",
    )


def around(report: RunReport) -> Table:
    """Net effect of the deal by ring about the area, and where what is displaced would have been."""
    found, year = report.projection.around, report.headline_year()
    rows: list[tuple[Cell, ...]] = []
    if found is not None:
        ring = np.array(found.ring)
        shares = (found.by_local, found.by_tradable, found.by_programmes)
        net = [report.projection.by_place[name].mean_difference[year] for name in NET]
        for number, title in enumerate(displacement.RINGS):
            inside = ring == number
            cells = [float(values[inside].sum()) for values in net]
            rows.append((title, int(inside.sum()), *cells, *(float(share[number]) for share in shares)))
        rows.append(("England", len(ring), *(float(values.sum()) for values in net), *(1.0,) * 3))
    words = "" if found is None else (
        f" Of market activity gained here {text.percent(found.displaced)} is displaced: "
        f"{text.percent(found.local_share)} of it serves the place itself."
    )  # fmt: skip
    return Table.of(
        "around",
        f"Who gains and who loses around the place: means in year {year}, by kilometres from its nearest authority",
        (
            Column("ring", "Where"),
            Column("places", "Places", "count"),
            Column("net_output_gbp_million", "Output, £m", "change"),
            Column("net_receipts_gbp_million", "Receipts, £m", "change"),
            Column("net_jobs", "Jobs", "plain-change"),
            Column("local_share", "Displaced: serving the place", "share"),
            Column("tradable_share", "selling elsewhere", "share"),
            Column("programme_share", "by programmes", "share"),
        ),
        rows,
        f"Net of what others lose; nothing makes it up.{words} Jobs are at workplaces: residents who work outside "
        "count there.",
    )


def job_quality(report: RunReport) -> Table:
    """How the jobs of entrants pay beside others here."""
    members, pay = report.deal.members, _evidence(report)["job.pay"]
    rows: list[tuple[Cell, ...]] = []
    at = {percentile: local_work.pay_at(members, percentile) for percentile in (20, LOW_PAY, MIDDLE)}
    low, middle = at[LOW_PAY], at[MIDDLE]
    rows += [(f"Pay of residents at the {p}th percentile, 2024", value, None) for p, value in at.items()]
    rows += [("Pay of an entrant, at the centre", pay.central, None)]
    rows += [("Entrants paid below the 40th percentile here", None, low and job_value.share_paid_below(pay, low))]
    above = None if middle is None else 1.0 - job_value.share_paid_below(pay, middle)
    rows += [("Entrants paid above the median here", None, above), ("Jobs that are permanent", None, None)]
    return Table.of(
        "job_quality",
        "How good are the jobs that programmes bring",
        (
            Column("what", "What"),
            Column("pay_gbp", "£ a year", "pounds", missing=""),
            Column("jobs_share", "Share of jobs", "share", missing=""),
        ),
        rows,
        "Entrants are paid like the lowest fifth of local jobs: none is counted as high quality. Whether jobs are "
        "permanent is not known: no figure by place was to hand. An area’s percentiles are means of its authorities’.",
    )


def work_here(report: RunReport) -> Table:
    """What local work is and who is here, by sector and level."""
    deal = report.deal
    rows: list[tuple[Cell, ...]] = [
        (found.title, "work", found.output, found.share, found.england, found.share / found.england, found.jobs)
        for found in local_work.industries(deal.members, deal.place)
    ]
    level = local_work.level_3(baseline(), deal.members)
    if level is not None:
        rows.append(("People of 16 to 64 at level 3 or above, 2021", "people", None, *level, level[0] / level[1], None))
    return Table.of(
        "work_here",
        "What local work is, and who is here: by sector and level",
        (
            Column("what", "What"),
            Column("of", "Of"),
            Column("output_gbp_million", "Output 2022, £m", "money", missing=""),
            Column("here_share", "Share here", "share"),
            Column("england_share", "Share in England", "share"),
            Column("times_england", "Times England’s", "plain"),
            Column("jobs", "Jobs 2024", "count", missing="not published"),
        ),
        rows,
        local_work.MISSING,
    )
