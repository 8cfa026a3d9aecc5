"""The scorecard of a deal as lines of text: at most 100 columns, what matters most first, money rounded for people."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from soke.cli.output import clean
from soke.deal.words import day as in_words
from soke.deal.words import financial_year
from soke.register.due import DueLine
from soke.register.ledger import amount
from soke.register.scorecard import ConditionLine, FundLine, MatterLine, PowerLine, Scorecard

WIDTH = 100
MOST_DUE, MOST_ALIKE = 12, 3  # lines of what is due: in all, and of one kind
GONE = ("offered", "returned")
STATUS = {"none": "not begun", "proposed": "proposed, not yet in force", "in-force": "in force",
          "suspended": "suspended", "ended": "ended"}  # fmt: skip
MARKS = {"met": "MET", "near miss": "NEAR MISS", "missed": "MISSED", "overdue": "OVERDUE"}


def card(found: Scorecard, head: str = "") -> Iterator[str]:
    """The lines of the scorecard; ``head`` says at which entry the register stands."""
    yield from _headline(found, head)
    yield from _section("WHO DECIDES", _powers(found.powers))
    prices = "" if found.prices == "cash" else f"; the deal's figures are in {found.prices} prices"
    yield from _section(f"WITH WHOSE MONEY (millions of pounds{prices})", _funds(found.funds))
    yield from _section("ON WHICH CONDITIONS, AND HOW IS IT GOING", _conditions(found.conditions))
    if found.matters:
        yield from _section("MATTERS", _matters(found.matters))
    yield from _section("WHAT IS DUE", _due(found.due))


def short(date: dt.date) -> str:
    return f"{date.day} {date:%b} {date.year}"


def _wrapped(text: str, indent: int = 2, hang: int = 4) -> list[str]:
    return textwrap.wrap(clean(text), WIDTH, initial_indent=" " * indent, subsequent_indent=" " * hang,
                         break_on_hyphens=False) or [""]  # fmt: skip


def _cut(text: str, width: int) -> str:
    text = clean(text)
    return text if len(text) <= width else text[: width - 1].rstrip(" ,;") + "…"


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    yield ""
    yield title
    yield from lines


def _headline(found: Scorecard, head: str) -> Iterator[str]:
    if found.rehearsal:
        yield "REHEARSAL: what could be, not what is."
    yield from _wrapped(found.title, 0, 0)
    since = f" since {in_words(found.in_force_since)}" if found.in_force_since and found.status == "in-force" else ""
    said = STATUS[found.status] if found.status == "in-force" else STATUS[found.status].upper()
    yield from _wrapped(f"{said[:1].upper()}{said[1:]}{since}, version {found.version}; as of {in_words(found.day)}. "
                        f"Between {', '.join(found.receivers)} and {_several(found.givers)}.", 0, 0)  # fmt: skip
    yield from _wrapped(_in_short(found), 0, 0)
    if head:
        yield from _wrapped(head, 0, 2)
    for waiting in found.waits_for:
        yield from _wrapped(f"{waiting}.", 0, 2)


def _in_short(found: Scorecard) -> str:
    """The card in one sentence."""
    powers = Counter(power.status for power in found.powers)
    said = [f"{powers['held']} of {len(found.powers)} powers held"]
    said += [f"{powers[status]} {status}" for status in ("recalled", "suspended") if powers[status]]
    late = sum(fund.late for fund in found.funds)
    judged = Counter(one.found.status for one in found.conditions)
    failed = judged["missed"] + judged["overdue"]
    said.append(f"{_money(late)} late from the government" if late else "no payment late")
    near = f", {judged['near-miss']} nearly" if judged["near-miss"] else ""
    said.append(f"conditions: {judged['met']} met{near}, {failed} missed or overdue")
    matters = sum(one.open for one in found.matters)
    said.append(f"{matters} matter{'' if matters == 1 else 's'} open" if matters else "no matter open")
    overdue = sum(one.overdue for one in found.due)
    said.append(f"{overdue} thing{'' if overdue == 1 else 's'} overdue" if overdue else "nothing overdue")
    return f"In short: {'; '.join(said)}."


def _several(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"the government ({len(names)} departments)"


# --- who decides ---


RECALL = {"by letter": "by letter", "only by order": "order only", "not at all": "no"}


def _powers(powers: Sequence[PowerLine]) -> Iterator[str]:
    shown = [power for power in powers if power.status not in GONE]
    if shown:
        yield f"  {'':<46} {'':<21} {'decided by':<18} recall"
    for holder in dict.fromkeys(power.holder for power in shown):
        yield from _wrapped(f"{holder}:")
        for power in sorted(shown, key=lambda one: one.status == "held"):
            if power.holder == holder:
                status = power.status if power.status == "held" else power.status.upper()
                since = f" {short(power.since)}" if power.since else ""
                recall = power.matter or RECALL[power.recall]
                yield (f"    {_cut(power.title, 44):<44} {_cut(status + since, 21):<21} {_cut(power.exercise, 18):<18} "
                       f"{_cut(recall, 10)}")  # fmt: skip
    yield from _gone(powers)


def _gone(powers: Sequence[PowerLine]) -> Iterator[str]:
    for status, said in (("offered", "Offered, not yet conferred"), ("returned", "Given back")):
        titles = [power.title for power in powers if power.status == status]
        if titles:
            yield from _wrapped(f"{said}: {'; '.join(titles)}.")


# --- with whose money ---

SUMS = ("agreed", "allotted", "paid", "committed", "spent", "held", "recalled")


def _funds(funds: Sequence[FundLine]) -> Iterator[str]:
    shown = [fund for fund in funds if fund.moved]
    payees = [name for name, _ in Counter(fund.payee for fund in funds).most_common(1)]
    if shown:
        yield from _wrapped(f"All paid to {payees[0]}, unless a line says otherwise.")
        yield f"  {'':<29} {'year':<7} " + " ".join(f"{name:>{_width(name)}}" for name in SUMS)
    for fund in shown:
        sums = (fund.agreed, fund.allotted, fund.paid, fund.committed, fund.spent, fund.held, fund.recalled)
        cells = " ".join(f"{_millions(pence):>{_width(name)}}" for name, pence in zip(SUMS, sums, strict=True))
        yield f"  {_cut(fund.title, 29):<29} {financial_year(fund.year)} {cells}"
        late = f"; {_money(fund.late)} LATE" if fund.late else ""
        late += f"; SUSPENDED (matter {fund.suspended_by})" if fund.suspended_by else ""
        payee = "" if fund.payee == payees[0] else f" to {fund.payee}"
        yield from _wrapped(f"from {fund.payer}{payee}{late}", 6, 6)
    rest = [fund for fund in funds if not fund.moved]
    if rest:
        said = [f"{fund.title} ({_money(fund.agreed)})" for fund in rest if fund.agreed]
        unsaid = sum(not fund.agreed for fund in rest)
        said += [f"{unsaid} for which the deal names no sum in that year"] if unsaid else []
        yield from _wrapped(f"Nothing allotted yet for {financial_year(rest[0].year)}: {', '.join(said)}.")


def _width(name: str) -> int:
    return max(7, len(name))


def _millions(pence: int | None) -> str:
    if not pence:
        return "-" if pence == 0 else "."
    if abs(pence) < 5_000_000:
        return "<0.1"
    return f"{Decimal(pence) / 100_000_000:,.1f}"


def _money(pence: int | None) -> str:
    if pence is None:
        return "no figure"
    return f"£{Decimal(pence) / 100_000_000:,.1f}m" if abs(pence) >= 100_000_000 else amount(pence)


# --- on which conditions ---


def _conditions(conditions: Sequence[ConditionLine]) -> Iterator[str]:
    for one in conditions:
        mark = next((MARKS[said] for said in MARKS if one.status.startswith(said)), one.status)
        excused = ", excused" if one.found.excused else ""
        yield f"  {_cut(mark + excused, 18):<18} {_cut(f'{one.title} ({one.kind})', WIDTH - 22)}"
        yield from _wrapped(_going(one), 6, 6)


def _going(one: ConditionLine) -> str:
    standing = one.found.due == one.found.period_end
    period = _period(one.found.period_end) + (" so far" if one.counted and one.runs else "")
    parts = [one.so_far.rstrip(".") if standing else f"{period}: {one.so_far}, asked {one.asks}"]
    if one.running is not None and one.running.value is not None:
        parts.append(f"{_period(one.running.period_end)} so far: {one.running_so_far}")
    if not one.counted and not standing and one.found.value is None:
        parts.append(f"due {short(one.found.due)}")
    reported = "" if one.counted else f"reported by {_a(one.reported_by)}, "
    parts.append(f"{reported}checked by {_a(one.checked_by)}")
    if one.waived_by:
        parts.append(f"the duty is suspended: the government is in breach (matter {one.waived_by})")
    elif one.matter:
        parts.append(f"matter {one.matter} is open")
    elif one.untouched:
        parts.append("nobody has opened a matter")
    return "; ".join(parts) + "."


def _a(name: str) -> str:
    return f"the {name[4:]}" if name.startswith("The ") else name


def _period(end: dt.date) -> str:
    if (end.month, end.day) == (3, 31):
        return financial_year(end.year - 1)
    return f"to {short(end)}"


# --- matters ---


def _matters(matters: Sequence[MatterLine]) -> Iterator[str]:
    for one in matters:
        if not one.open:
            continue
        about = f", {_period(one.period_end)}" if one.period_end else ""
        ground = {"condition": "", "emergency": "Emergency: ", "breach": "Breach by the government: "}[one.ground]
        head = f"{one.id}: {ground}{one.title.rstrip('.')}{about}. Stands at: {one.stands},"
        yield from _wrapped(f"{head} since {in_words(one.since)}.")
        if one.taken:
            yield from _wrapped(f"{'Was held back' if one.lapsed else 'Held back'}: {', '.join(one.taken)}.", 6, 8)
        if one.residents or one.services:
            yield from _wrapped(f"Who loses what: {one.residents.rstrip('.')}; {one.services.rstrip('.')}.", 6, 8)
        if one.lapses:
            yield from _wrapped(f"The control {'lapsed' if one.lapsed else 'lapses'} on {in_words(one.lapses)}.", 6, 8)
        if one.restoration_due:
            yield from _wrapped(f"RESTORATION IS DUE: {one.restore_rule}.", 6, 8)
        elif one.ground == "condition" and one.taken:
            yield from _wrapped(f"Given back: {one.restore_rule}.", 6, 8)
    closed = [f"{one.id} ({one.stands})" for one in matters if not one.open]
    if closed:
        yield from _wrapped(f"No longer open: {', '.join(closed)}.")


# --- what is due ---


def _due(lines: Sequence[DueLine]) -> Iterator[str]:
    if not lines:
        yield "  Nothing."
    shown, more = _shortened(lines)
    for one in shown[:MOST_DUE]:
        if one.overdue:
            when = f"OVERDUE {short(one.last)}" if one.last else "OVERDUE"
        elif one.last:
            when = f"by {short(one.last)}"
        else:
            when = f"from {short(one.first)}" if one.first else "now"
        who = f": {_whose(one)}" if one.who else ""
        also = f" (and {more[one]:,} more like it)" if one in more else ""
        first, *rest = textwrap.wrap(clean(f"{one.what}{who}{also}"), WIDTH - 24, break_on_hyphens=False)
        yield f"  {when:<21} {first[:1].upper()}{first[1:]}"
        yield from (f"{'':24}{line}" for line in rest)
    if len(shown) > MOST_DUE:
        yield f"  and {len(shown) - MOST_DUE} more: ask for --csv or --json."


def _shortened(lines: Sequence[DueLine]) -> tuple[list[DueLine], dict[DueLine, int]]:
    """Of many lines of one kind the first few, and how many the last of these stands for: none hides the others."""
    kinds: dict[tuple[bool, str], list[DueLine]] = {}
    for one in lines:
        kinds.setdefault((one.overdue, one.about.partition(":")[0]), []).append(one)
    left_out: set[DueLine] = set()
    more: dict[DueLine, int] = {}
    for (_, kind), found in kinds.items():
        if len(found) > MOST_ALIKE + 1 and kind != "matter":
            left_out.update(found[MOST_ALIKE:])
            more[found[MOST_ALIKE - 1]] = len(found) - MOST_ALIKE
    return [one for one in lines if one not in left_out], more


def _whose(one: DueLine) -> str:
    return one.role if one.role and len(one.who) > 2 else ", ".join(map(_a, one.who))
