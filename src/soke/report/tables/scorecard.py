"""Tables of a scorecard: all of it in one flat table, and each part of it whole; and the deals of a register.

Money is exact, in whole pence. Decimals (the figure of a condition) are text, as they were reported.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal

from soke.deal.evaluation import Evaluation
from soke.register.clock import REHEARSAL
from soke.register.scorecard import Scorecard
from soke.register.standing import FAILED, ConditionLine
from soke.report.scorecard import STATUS
from soke.report.tables.register import yes_or_no
from soke.table import Answer, Cell, Column, Kind, Table
from soke.text import day as in_words
from soke.text import financial_year

SUMS = ("agreed", "allotted", "paid", "committed", "spent", "held", "recalled", "brought_in", "late", "undated")
FLAT_SUMS = ("allotted", "paid", "committed", "spent", "held", "recalled", "late")


def scorecard(card: Scorecard, head: str) -> Answer:
    """How a deal stands: a flat table, what is said of the deal itself as facts, and a table of each part.

    ``head`` says at which entry the register stands.
    """
    facts = {
        "deal": card.deal, "title": card.title, "status": card.status, "status_from_day": _iso(card.status_since),
        "version": card.version, "in_force_from_day": _iso(card.in_force_since), "givers": list(card.givers),
        "receivers": list(card.receivers), "prices": card.prices, "day": card.day.isoformat(),
        "rehearsal": card.rehearsal, "register": card.register, "register_head": head,
        "waits_for": list(card.waits_for), "not_allotted_pence": card.not_allotted_pence,
        "not_allotted_years": [financial_year(year) for year in card.not_allotted_years],
        "communities": list(card.communities),
    }  # fmt: skip
    parts = (powers(card), funds(card), conditions(card), evaluations(card), promises(card), matters(card),
             due(card))  # fmt: skip
    return Answer(_flat(card), facts, parts)


def deals(cards: Sequence[Scorecard], day: dt.date, *, rehearsal: bool) -> Answer:
    """The deals of a register on a day, one row each."""
    table = Table.of(
        "register_deals",
        f"{REHEARSAL} " * rehearsal + f"Deals on {in_words(day)}",
        (
            Column("deal", "deal"),
            Column("title", "title"),
            Column("status", "status"),
            Column("in_force_from_day", "in force since"),
            Column("conditions_met", "met", "count"),
            Column("conditions_missed", "missed", "count"),
            Column("open_matters", "open matters", "count"),
            Column("overdue", "overdue", "count"),
            Column("rehearsal", "rehearsal", people=False),
        ),
        [
            (
                card.deal,
                card.title,
                STATUS[card.status],
                _iso(card.in_force_since),
                sum(one.found.status == "met" for one in card.conditions),
                sum(one.found.status in FAILED or bool(one.untouched_before) for one in card.conditions),
                sum(one.open for one in card.matters),
                sum(one.overdue for one in card.due),
                yes_or_no(rehearsal),
            )
            for card in cards
        ],
    )
    return Answer(table, {"rehearsal": rehearsal, "day": day.isoformat()})


# --- the flat table ---


def _flat(card: Scorecard) -> Table:
    words = ("section", "id", "title", "status", "who", "year", "day", "overdue")
    columns = [*map(_words, words), *map(_pence, FLAT_SUMS), _words("words"), _words("rehearsal")]
    rehearsal = yes_or_no(card.rehearsal)
    rows = [row | {"rehearsal": rehearsal} for row in _flat_rows(card)]
    return Table.of("scorecard", f"{card.title}, as of {in_words(card.day)}", columns, rows)


def _flat_rows(card: Scorecard) -> Iterator[dict[str, Cell]]:
    for power in card.powers:
        yield {"section": "power", "id": power.id, "title": power.title, "status": power.status, "who": power.holder,
               "day": _iso(power.since), "words": f"{power.exercise}; recall: {power.recall}"}  # fmt: skip
    for fund in card.funds:
        sums: dict[str, Cell] = {f"{name}_pence": getattr(fund, name) for name in FLAT_SUMS}
        yield {"section": "fund", "id": fund.id, "title": fund.title, "who": fund.payer, **sums,
               "year": financial_year(fund.year), "status": "late" if fund.late else "",
               "words": f"from {fund.payer} to {fund.payee}"}  # fmt: skip
    for one in card.conditions:
        yield {"section": "condition", "id": one.id, "title": one.title, "status": one.status,
               "who": f"{one.reported_by}; {one.checked_by}", "day": _iso(one.found.period_end),
               "words": f"{one.found.why} {one.before.why if one.before else ''}".strip()}  # fmt: skip
    for said in card.communities:
        yield {"section": "communities", "words": said}
    for promise in card.promises:
        yield {"section": "promise", "id": promise.about, "title": promise.what, "who": promise.side,
               "status": promise.status, "day": _iso(promise.due),
               "words": f"{promise.detail} {promise.evidence}".strip()}  # fmt: skip
    for matter in card.matters:
        yield {"section": "matter", "id": matter.id, "title": matter.title, "status": matter.stands,
               "day": _iso(matter.since), "words": "; ".join(matter.taken)}  # fmt: skip
    for line in card.due:
        yield {"section": "due", "id": line.about, "title": line.what, "who": "; ".join(line.who),
               "day": _iso(line.day), "status": "overdue" if line.overdue else "by" if line.last else "from",
               "overdue": yes_or_no(line.overdue)}  # fmt: skip


# --- each part whole ---


def powers(card: Scorecard) -> Table:
    """Who decides."""
    keys = ("power", "title", "holder", "exercise", "status", "from_day", "recall", "matter")
    rows = [
        (one.id, one.title, one.holder, one.exercise, one.status, _iso(one.since), one.recall, one.matter)
        for one in card.powers
    ]
    return Table.of("register_powers", "Who decides", [*map(_words, keys)], rows)


def funds(card: Scorecard) -> Table:
    """With whose money: each fund by financial year."""
    keys = ("fund", "title", "payer", "payee", "year")
    rows: list[tuple[Cell, ...]] = [
        (one.id, one.title, one.payer, one.payee, financial_year(one.year), *(getattr(one, name) for name in SUMS),
         one.suspended_by)
        for one in card.funds
    ]  # fmt: skip
    columns = [*map(_words, keys), *map(_pence, SUMS), Column("suspended_by_matter", "suspended by the matter")]
    return Table.of("register_funds", "With whose money, in pence", columns, rows)


def conditions(card: Scorecard) -> Table:
    """On which conditions, and how is it going; what each period gives stands in :func:`evaluations`."""
    keys = (
        "condition", "title", "condition_kind", "asks", "status", "so_far", "running_so_far", "before_so_far",
        "counted", "counts", "standing", "in_force", "reported_by", "checked_by", "confirmed_by", "runs", "untouched",
        "untouched_before_days", "matter", "waived_by_matter",
    )  # fmt: skip
    rows = [
        (one.id, one.title, one.kind, one.asks, one.status, one.so_far, one.running_so_far, one.before_so_far,
         yes_or_no(one.counted), one.counts, yes_or_no(one.standing), yes_or_no(one.in_force), one.reported_by,
         one.checked_by, one.confirmed_by, yes_or_no(one.runs), yes_or_no(one.untouched),
         " ".join(map(_iso, one.untouched_before)), one.matter, one.waived_by)
        for one in card.conditions
    ]  # fmt: skip
    return Table.of("register_conditions", "On which conditions, and how is it going", [*map(_words, keys)], rows)


def evaluations(card: Scorecard) -> Table:
    """What each condition gives for the period in view, the one that runs, and the one before that is still in view."""
    return Table.of(
        "register_evaluations",
        "What the conditions give for their periods",
        (
            *map(_words, ("condition", "period", "period_end_day", "status", "value", "due_day", "why")),
            _number("done", "count"),
            _number("asked", "count"),
            *map(_words, ("failed", "late", "excused", "appeal_ground")),
        ),
        [row for one in card.conditions for row in _evaluations(one)],
    )


def _evaluations(line: ConditionLine) -> Iterator[tuple[Cell, ...]]:
    periods: dict[str, Evaluation | None] = {"in view": line.found, "running": line.running, "before": line.before}
    for period, one in periods.items():
        if one is not None:
            count = one.count
            yield (
                one.condition, period, _iso(one.period_end), one.status, _figure(one.value), _iso(one.due), one.why,
                count.done if count else None, count.asked if count else None, "; ".join(count.failed) if count else "",
                yes_or_no(one.late), yes_or_no(one.excused), yes_or_no(one.appeal_ground),
            )  # fmt: skip


def promises(card: Scorecard) -> Table:
    """What each side promised, and what came of it; kept promises of one kind stand in one row."""
    rows: list[tuple[Cell, ...]] = [
        (one.side, one.what, one.status, one.detail, _iso(one.due), _iso(one.on), one.evidence, one.about, one.many)
        for one in card.promises
    ]
    words = ("side", "what", "status", "detail", "due_day", "kept_day", "evidence", "about")
    columns = [*map(_words, words), _number("promises", "count")]
    return Table.of("register_promises", "What each side promised, and what came of it", columns, rows)


def matters(card: Scorecard) -> Table:
    """What could end in a recall, or was one."""
    keys = (
        "matter", "ground", "title", "period_end_day", "stands", "from_day", "open", "reasons", "taken", "residents",
        "services", "lapses_day", "lapsed", "restore_rule", "restoration_due", "lapses_first",
    )  # fmt: skip
    rows = [
        (one.id, one.ground, one.title, _iso(one.period_end), one.stands, _iso(one.since), yes_or_no(one.open),
         "; ".join(one.reasons), "; ".join(one.taken), one.residents, one.services, _iso(one.lapses),
         yes_or_no(one.lapsed), one.restore_rule, yes_or_no(one.restoration_due), yes_or_no(one.lapses_first))
        for one in card.matters
    ]  # fmt: skip
    return Table.of("register_matters", "Matters", [*map(_words, keys)], rows)


def due(card: Scorecard) -> Table:
    """What is due, from whom and by when."""
    keys = ("about", "what", "who", "role", "from_day", "until_day", "overdue")
    rows: list[tuple[Cell, ...]] = [
        (one.about, one.what, "; ".join(one.who), one.role, _iso(one.first), _iso(one.last), yes_or_no(one.overdue),
         one.pence, one.act)
        for one in card.due
    ]  # fmt: skip
    columns = [*map(_words, keys), _number("due_pence", "count"), _words("kind")]
    return Table.of("register_due", "What is due", columns, rows)


def _words(key: str) -> Column:
    return Column(key, key.replace("_", " "))


def _number(key: str, kind: Kind) -> Column:
    return Column(key, key.replace("_", " "), kind)


def _pence(name: str) -> Column:
    return Column(f"{name}_pence", f"{name.replace('_', ' ')}, pence", "count")


def _figure(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _iso(date: dt.date | None) -> str:
    return date.isoformat() if date else ""
