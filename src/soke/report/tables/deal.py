"""Tables of a deal by itself: what it hands over, who decides, what is asked of whom, and how a recall would go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from soke import text
from soke.deal.condition import Condition
from soke.deal.ladder import START, Transition, ladder_of
from soke.deal.readiness import readiness
from soke.deal.recall_share import largest_share
from soke.deal.types import Community, Deal, Fund
from soke.deal.who_answers import MISSING, answering
from soke.england.places import places
from soke.register.standing import asks
from soke.report.tables.devolution import EXERCISE, taken_back
from soke.table import Cell, Column, Table
from soke.text import one_line as said

MILLION = Decimal(1_000_000)
HOW = {  # is it exercised by who holds it
    "mayor-alone": "alone", "mayor-with-cabinet": "with the cabinet", "majority": "by a majority",
    "two-thirds": "by two thirds", "unanimous": "all together",
}  # fmt: skip
KINDS = {"new": "new money", "moved": "moved from Whitehall", "consolidated": "grants put together"}
ROLES = {
    "giver": "gives", "receiver": "receives", "office-holder": "decides", "consenting-council": "must say yes",
    "partner": "works with them", "assurer": "checks", "adjudicator": "judges", "community": "has a say",
}  # fmt: skip
MECHANISMS = {
    "participatory-budget": "a vote on a budget", "citizens-assembly": "an assembly drawn by lot",
    "asset-transfer": "buildings and land handed over", "right-to-buy": "a right to buy first",
    "charter": "a charter", "opinion-map": "a map of opinions",
}  # fmt: skip
STEPS = {
    "report": "A miss is reported", "notice": "Notice is given", "response": "The place answers",
    "cure": "Time to put it right", "hearing": "It is heard", "decision": "It is decided", "appeal": "Time to appeal",
    "recall": "It is taken back", "restore": "It is given back",
}  # fmt: skip
ANSWERS = {True: "met", False: "not met", None: "not known"}
GRADE = Column("grade", "Grade", "grade")


def party_name(deal: Deal, party: str) -> str:
    """The name of a party by its id; an id that is no party stands as it is."""
    found = deal.party(party)
    return said(found.name if found else party) or "nobody named"


def powers(deal: Deal) -> Table:
    """One row a power: who decides, and how; whether it could be taken back; how good that is."""
    columns = (
        Column("power", "Power"), Column("decides", "Who decides"), Column("recall", "Can be taken back"), GRADE,
    )  # fmt: skip
    rows = [
        (said(power.title), f"{party_name(deal, power.holder)}, {HOW[power.exercise]}", taken_back(power),
         power.held_as)
        for power in deal.powers
    ]  # fmt: skip
    return Table.of("powers", "Powers", columns, rows)


def powers_by_law(deal: Deal) -> Table:
    """One row a power: who holds it, who must agree, by which law it has it and since when. Under a deal that is not in
    force yet, who would."""
    holds = "Who would hold it" if deal.status in ("draft", "agreed") else "Who holds it"
    columns = (
        Column("power", "Power"), Column("holder", holds), Column("exercise", "Who must agree"),
        Column("in_force", "In force since"), Column("basis", "Law"), GRADE,
    )  # fmt: skip
    rows = [
        (said(power.title), party_name(deal, power.holder), EXERCISE[power.exercise],
         text.day(power.in_force) if power.in_force else "not said", said(power.statutory_basis) or "not known to us",
         power.held_as)
        for power in deal.powers
    ]  # fmt: skip
    return Table.of("powers_by_law", "By what law it has each power", columns, rows)


def funds(deal: Deal) -> Table:
    """One row a fund, in its first year: GBP million as the file has it."""
    columns = (
        Column("fund", "Fund"), Column("payer", "Who pays"), Column("kind", "New or moved"),
        Column("gbp_million", "£m in its first year", "money"), Column("first_year", "First year", people=False),
        Column("after", "After its last year"), Column("recallable_share", "Could be taken back", "share"), GRADE,
    )  # fmt: skip
    rows = [_fund(deal, fund) for fund in deal.funds]
    years = sorted({str(row[4]) for row in rows if row[4]})
    when = text.a_range(years[0], years[-1]) if years else "no year"
    return Table.of("funds_of_deal", f"Money of the first year, {when}, {prices_said(deal)}", columns, rows)


def prices_said(deal: Deal) -> str:
    """In which prices the sums of a deal are, in words."""
    real, _, year = deal.prices.partition(" ")
    return f"at prices of {said(year)}" if real == "real" and year else "in cash, as it is paid"


def _fund(deal: Deal, fund: Fund) -> tuple[Cell, ...]:
    first = min(fund.profile, key=lambda row: row.year, default=None)
    kind = "tax that stays here" if deal.is_kept_tax(fund) else KINDS.get(fund.additionality, fund.additionality)
    example = ", an example" if fund.origin == "illustrative" else ""
    return (
        said(fund.title), party_name(deal, fund.payer), f"{kind}{example}",
        float(first.total / MILLION) if first else None, text.financial_year(first.year) if first else "",
        fund.afterwards.words, float(largest_share(fund, deal)), fund.held_as,
    )  # fmt: skip


def conditions(deal: Deal, missed: Mapping[str, float | None] | None = None) -> Table:
    """One row a condition: what it asks for, and what hangs on it. ``missed``: the chance, by title, that it is missed
    in a year by luck alone, where a result of a run has it."""
    columns: list[Column] = [Column("condition", "Promise"), Column("asks", "What must be so")]
    if missed is not None:
        columns.append(Column("missed_share", "Missed in a year, by luck", missing="not known"))
    columns += [Column("recall", "What could be taken back"), GRADE]
    rows: list[list[Cell]] = []
    for condition in deal.conditions:
        row: list[Cell] = [said(condition.title), said(asks(condition))]
        if missed is not None:
            chance = missed.get(condition.title)
            row.append(None if chance is None else f"{100 * chance:.0f} in 100")
        rows.append([*row, _scope(deal, condition), condition.held_as])
    return Table.of("conditions_of_deal", "Each promise, and what hangs on it", columns, rows)


def terms_of(deal: Deal, condition: Condition) -> Iterator[tuple[str, str]]:
    """A condition in full, as terms and words: who reports and checks, what is forgiven, and what follows."""
    yield "What must be so", said(asks(condition))
    if condition.from_year is not None:
        yield "From", text.financial_year(condition.from_year)
    yield "Shown by", said(condition.evidence) or "not said"
    yield "Who reports", f"{party_name(deal, condition.reported_by)}, within {condition.due_days:,} days"
    yield "Who checks", party_name(deal, condition.checked_by)
    if condition.tolerance:
        yield "A near miss", f"up to {text.percent(float(condition.tolerance))} off: it brings a report, not a notice"
    if condition.excuse:
        yield "Excused by", said("; ".join(condition.excuse))
    yield "What follows first", said(condition.remedy) or "not said"
    yield "What could be taken back", _scope(deal, condition)


def _scope(deal: Deal, condition: Condition) -> str:
    """What a recall on a condition may reach, in words."""
    if condition.recall is None or not condition.recall.scope:
        return "nothing"
    titles = titles_of(deal)
    share, parts = condition.recall.max_share_of_fund, []
    money = {fund.id for fund in deal.funds} | {pool.id for pool in deal.pools}
    for named in condition.recall.scope:
        part = f"up to {text.percent(float(share))} of {titles.get(named, named)}" if named in money else ""
        parts.append(part or titles.get(named, named))
    return said("; ".join(parts))


def titles_of(*deals: Deal) -> dict[str, str]:
    """What ids of deals are called by people."""
    kinds = ("powers", "funds", "pools", "conditions", "indicators", "community", "investments", "clauses", "layers",
             "accountability", "standards", "programmes", "targets", "sources")  # fmt: skip
    found = {item.id: said(item.title) for deal in deals for kind in kinds for item in getattr(deal, kind)}
    return found | {party.id: said(party.name) for deal in deals for party in deal.parties}


def communities(deal: Deal) -> Table:
    """One row for each thing that communities decide, with its pounds."""
    columns = (
        Column("what", "What"), Column("how", "How"), Column("amount_gbp_million", "£m a year", "money"),
        Column("fund", "From"), Column("who", "Who decides"), Column("then", "What happens then"), GRADE,
    )  # fmt: skip
    titles = titles_of(deal)
    rows = [
        (said(one.title), MECHANISMS[one.mechanism], float(one.amount / MILLION),
         titles.get(one.from_fund, said(one.from_fund)), said(one.decided_by) or "not said", _then(one), one.held_as)
        for one in deal.community
    ]  # fmt: skip
    return Table.of("communities_of_deal", "Budgets, assemblies and buildings", columns, rows)


def _then(one: Community) -> str:
    parts = [said(one.adopts)] if one.adopts else []
    if one.answer_due_days is not None:
        parts.append(f"an answer within {one.answer_due_days:,} days")
    if one.reverter:
        parts.append("it comes back if it is no longer used for that")
    return "; ".join(parts) or "not said"


def parties(deal: Deal) -> Table:
    """Who is in the deal, and what each does in it; those who must say yes first."""
    order = list(ROLES)
    first = ("consenting-council", "receiver", "office-holder", "giver")
    chosen = sorted(deal.parties, key=lambda p: (first.index(p.role) if p.role in first else 9, order.index(p.role)))
    columns = Column("party", "Who"), Column("role", "What they do"), GRADE
    rows = [(said(party.name), ROLES[party.role], party.held_as) for party in chosen]
    return Table.of("parties", "Who is in it", columns, rows)


def answering_for(deal: Deal) -> Table:
    """Who is elected, scrutinises, audits and is asked in public, for each power and fund; alike ones in one row."""
    columns = (
        Column("what", "For"), Column("election", "Who is elected"), Column("scrutiny", "Who scrutinises"),
        Column("audit", "Who audits"), Column("questions", "Who is asked in public"),
    )  # fmt: skip
    alike: dict[tuple[str, ...], list[str]] = {}
    for one in answering(deal):
        roles = tuple(said("; ".join(one.by_role.get(role, ()))) or "nobody" for role in MISSING)
        alike.setdefault(roles, []).append(said(one.item.title))
    rows = [("; ".join(titles), *roles) for roles, titles in alike.items()]
    return Table.of("answering_for", "Who answers for it", columns, rows)


def ready(deal: Deal) -> Table:
    """Each test of the framework for the deal's tier, with its answer; never a single score."""
    columns = Column("test", "Test"), Column("met", "Passed?"), Column("answer", "What we know"), GRADE
    answers = readiness(deal, places())
    rows = [(said(one.title), ANSWERS[one.met], said(one.answer), one.grade) for one in answers]
    return Table.of("readiness_of_deal", "Is it ready?", columns, rows)


def due_process(deal: Deal) -> Table:
    """The steps before anything is taken back, in order: who takes each, and when."""
    columns = Column("step", "Step"), Column("who", "Who takes it"), Column("when", "When")
    rows: list[tuple[Cell, ...]] = []
    if deal.due_process is not None:
        transitions = ladder_of(deal).transitions
        for step in deal.due_process.ladder:
            row = next((row for row in transitions if row.action == step), None)
            if row is not None:
                who = text.listed([party_name(deal, party) for party in row.parties]) if len(row.parties) < 4 else ""
                rows.append((STEPS.get(step, said(step)), who or said(row.role), _when(row)))
    return Table.of("due_process", "Step by step, before anything is taken back", columns, rows)


def _when(row: Transition) -> str:
    after = STEPS.get(row.after, said(row.after)).lower()
    if row.earliest:
        return f"not before day {row.earliest:,} after: {after}"
    if row.latest is not None:
        return f"until day {row.latest:,} after: {after}"
    return "at any time after that" if row.state != START else "as soon as it is seen"


def sources_of(deal: Deal, ids: Iterable[str]) -> str:
    """Publisher and title of sources by id."""
    known = {one.id: f"{one.publisher}, {one.title}" for one in (*deal.framework.sources, *deal.sources)}
    return said("; ".join(known.get(id_, id_) for id_ in ids)) or "no source is given"


def spent_terms(deal: Deal) -> Iterator[tuple[str, str]]:
    """What the place keeps of tax and does with the growth of it, as terms and words."""
    rates, tax = deal.fiscal.business_rates, deal.fiscal.council_tax
    if rates is not None:
        kept = text.percent(float(rates.retention))
        yield "Business rates kept", f"{kept} of growth, from {text.financial_year(rates.from_year)}"
    if tax is not None and tax.mayoral_precept:
        yield "Council tax", "the mayor may add a charge of its own to council tax"
    if deal.proceeds is not None:
        names = (("older_care", "care for older people"), ("children", "children"), ("prevention", "prevention"),
                 ("communities", "communities"), ("reserves", "reserves"))  # fmt: skip
        shares = [f"{text.percent(float(getattr(deal.proceeds, key)))} {name}" for key, name in names]
        yield "What growth brings goes to", text.listed(shares)
