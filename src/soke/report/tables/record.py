"""Tables of the record: burden, readiness, small print, funds, assumptions, limits, failures, sources."""

from __future__ import annotations

from decimal import Decimal

from soke import text as words
from soke.deal.beside import people_of
from soke.deal.recall_share import largest_share
from soke.deal.types import Fund, Power
from soke.deal.who_answers import MANY, MISSING, answering
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


def layers(report: RunReport) -> Table:
    """What the deal makes and ends, the offer's own and the returns of its conditions with it."""
    found = report.burden.layers if report.burden else ()
    rows = [(MANY[one.kind], one.made, one.ended, one.made - one.ended) for one in found if one.made or one.ended]
    return Table.of(
        "layers",
        "Layers: the bodies, boards, posts and yearly returns that the deal makes, beside those that it ends",
        (
            Column("layer", "What"),
            Column("made", "Made", "count"),
            Column("ended", "Ended", "count"),
            Column("net", "More", "plain"),
        ),
        rows,
        "Returns are those of a year; what the conditions ask for is made.",
    )


def who_answers(report: RunReport) -> Table:
    """Each power and each fund with who is elected for it, who scrutinises and who audits."""
    deal = report.deal
    people, names = people_of(deal.members), {party.id: party.name for party in deal.parties}
    rows = [
        (
            one.kind, one.item.title, names.get(one.holder, one.holder),
            "" if (each := _a_head(one.item, people)) is None else words.pounds(each), each,
            *("; ".join(one.by_role.get(role, ())) or "nobody" for role in MISSING),
        )
        for one in answering(deal)
    ]  # fmt: skip
    return Table.of(
        "who_answers",
        "Who answers for each power and each fund",
        (
            Column("kind", "Power or fund"),
            Column("title", "Title"),
            Column("holder", "Held by, or paid to"),
            Column("a_head", "A head, largest year"),
            Column("a_head_gbp", "£ a head, largest year", "plain", people=False),
            Column("elected", "Who is elected"),
            Column("scrutinised", "Who scrutinises"),
            Column("audited", "Who audits"),
            Column("questioned", "Who asks in public"),
        ),
        rows,
    )


def _a_head(item: Power | Fund, people: Decimal) -> float | None:
    if not isinstance(item, Fund) or not people:
        return None
    return round(float(max((row.total for row in item.profile), default=Decimal(0)) / people), 2)


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
