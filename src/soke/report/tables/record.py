"""Tables of the record: burden, readiness, small print, funds, assumptions, limits, failures, sources."""

from __future__ import annotations

from soke import text as words
from soke.deal.recall_share import largest_share
from soke.report.contents import RunReport
from soke.report.funnel import MILLION
from soke.table import Column, Table


def burden(report: RunReport) -> Table:
    found = report.burden
    rows = (
        []
        if found is None
        else [
            ("returns a year", found.returns),
            ("deadlines a year", found.deadlines),
            ("officer-days a year", float(found.officer_days)),
            ("cost of those days, £ a year", float(found.cost)),
            *((f"officer-days: {row.title}", float(row.officer_days)) for row in found.rows),
        ]
    )
    return Table.of(
        "burden",
        "The burden that the deal's conditions put on officers",
        (Column("what", "What"), Column("a_year", "A year", "plain")),
        rows,
    )


ANSWERS = {True: "met", False: "not met", None: "not known"}


def readiness(report: RunReport) -> Table:
    return Table.of(
        "readiness",
        "Readiness: each test of the framework and its answer, never a single score",
        (Column("test", "Test"), Column("status", "Status"), Column("answer", "Answer")),
        [(answer.title, ANSWERS[answer.met], answer.answer) for answer in report.readiness],
    )


def clauses(report: RunReport) -> Table:
    return Table.of(
        "small_print",
        "What to read before opening the champagne: every clause that limits the offer",
        (
            Column("clause", "Clause"),
            Column("text", "What it says"),
            Column("origin", "Origin"),
            Column("sources", "Source"),
        ),
        [(c.title, c.said, c.origin, "; ".join(source_titles(report, c.source))) for c in report.deal.clauses],
    )


def source_titles(report: RunReport, ids: tuple[str, ...]) -> list[str]:
    """Publisher and title of the deal file's sources by id; an id that is not declared stands as it is."""
    known = {s.id: f"{s.publisher}, {s.title}" for s in (*report.deal.framework.sources, *report.deal.sources)}
    return [known.get(key, key) for key in ids]


def funds(report: RunReport) -> Table:
    deal = report.deal
    rows = []
    for fund in deal.funds:
        payer, payee = deal.party(fund.payer), deal.party(fund.payee)
        first = fund.profile[0] if fund.profile else None
        rows.append(
            (
                fund.title,
                payer.name if payer else fund.payer,
                payee.name if payee else fund.payee,
                fund.additionality,
                words.financial_year(first.year) if first else "",
                float(first.revenue / MILLION) if first else None,
                float(first.capital / MILLION) if first else None,
                float(largest_share(fund, deal)),
                fund.afterwards.words,
                fund.origin,
            )
        )
    return Table.of(
        "funds",
        "The deal's money, fund by fund, in the first year of each",
        (
            Column("fund", "Fund"),
            Column("payer", "Who pays"),
            Column("receiver", "Who receives"),
            Column("additionality", "New or moved"),
            Column("first_year", "Year"),
            Column("revenue_gbp_million_cash", "Revenue, £m", "money"),
            Column("capital_gbp_million_cash", "Capital, £m", "money"),
            Column("recallable_share", "At risk of recall", "share"),
            Column("after_profile", "Afterwards"),
            Column("origin", "Origin"),
        ),
        rows,
    )


LOG_COLUMNS = ("id", "meaning", "value", "grade", "source")


def assumptions(report: RunReport) -> Table:
    return Table.of(
        "assumptions",
        "Assumptions log: every assumption, its value, its grade and its source",
        (
            Column("id", "Id"),
            Column("meaning", "What it is"),
            Column("value", "Value"),
            Column("grade", "Grade", "grade"),
            Column("source", "Source"),
        ),
        [tuple(entry.get(name, "") for name in LOG_COLUMNS) for entry in report.projection.assumptions],
    )


def limits(report: RunReport) -> Table:
    return Table.of(
        "limits",
        "What this model cannot see, and switches that are on",
        (Column("limit", "Limit"),),
        [(text,) for text in (*report.projection.limits, *report.account.notes)],
    )


def failures(report: RunReport) -> Table:
    return Table.of(
        "failed_draws",
        "Draws that failed: none is dropped in silence",
        (Column("draw", "Draw", "count"), Column("reason", "Reason"), Column("parameters", "Parameters")),
        [
            (f.draw, f.reason, "; ".join(f"{key} = {value!r}" for key, value in sorted(f.parameters.items())))
            for f in report.projection.failures
        ],
    )


def sources(report: RunReport) -> Table:
    figures = [(s.publisher, s.title, s.year, s.licence, s.grade, s.id, s.url) for s in report.sources]
    files = [
        (s.publisher, s.title, s.date.isoformat(), "cited by the deal file", "", "", "")
        for s in (*report.deal.framework.sources, *report.deal.sources)
    ]
    return Table.of(
        "sources",
        "Sources of the figures, and of what the deal file says",
        (
            Column("publisher", "Publisher"),
            Column("title", "Title", link="url"),
            Column("dated", "Year"),
            Column("licence", "Licence"),
            Column("grade", "Grade", "grade"),
            Column("id", "Id", people=False),
            Column("url", "The publisher's page", people=False),
        ),
        [*figures, *dict.fromkeys(files)],
    )
