"""The scorecard of a deal as lines of text: at most 100 columns, what matters most first, money rounded for people."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from soke.deal.evaluation import Evaluation
from soke.register.clock import REHEARSAL
from soke.register.due import DueLine
from soke.register.ledger import amount
from soke.register.scorecard import FundLine, MatterLine, PowerLine, Scorecard
from soke.register.standing import FAILED, ConditionLine
from soke.report.card_promises import BROKEN, broken_promises, counts_of_promises
from soke.text import capital, clean, counted, financial_year
from soke.text import day as in_words

WIDTH = 100
ALWAYS_DUE = ("deal", "matter", "fund")  # signatures, steps and money are shown, whatever else is due
MOST_DUE, MOST_ALIKE, MOST_NAMED, MOST_REASON = 12, 3, 2, 240  # lines of what is due: in all, and of one kind
STATUS = {"none": "not begun", "proposed": "proposed, not yet in force", "in-force": "in force",
          "suspended": "suspended", "ended": "ended"}  # fmt: skip
MARKS = {"met": "MET", "near miss": "NEAR MISS", "missed": "MISSED", "overdue": "OVERDUE"}


def card_lines(card: Scorecard, head: str = "") -> Iterator[str]:
    """The lines of the scorecard; ``head`` says at which entry the register stands."""
    yield from _headline(card, head)
    yield from _section("WHO DECIDES", _powers(card.powers))
    prices = "" if card.prices == "cash" else f"; the deal's figures are in {card.prices} prices"
    yield from _section(f"WITH WHOSE MONEY (millions of pounds{prices})", _funds(card.funds))
    yield from _section("ON WHICH CONDITIONS, AND HOW IS IT GOING", _conditions(card.conditions))
    parts = {"WHAT COMMUNITIES DID": [line for said in card.communities for line in _wrapped(said)],
             "WHO CAME IN WHOSE PLACE": [line for said in card.successions for line in _wrapped(said)],
             BROKEN: broken_promises(card.promises), "MATTERS": [*_matters(card.matters)],
             "WHAT IS DUE": [*_due(card.due)]}  # fmt: skip
    for title, lines in parts.items():
        yield from _section(title, lines) if lines else ()


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


def _headline(card: Scorecard, head: str) -> Iterator[str]:
    if card.rehearsal:
        yield REHEARSAL
    yield from _wrapped(card.title, 0, 0)
    since = card.in_force_since if card.status == "in-force" else card.status_since
    said = STATUS[card.status] if card.status == "in-force" else STATUS[card.status].upper()
    said += f" since {in_words(since)}" if since and card.status in ("in-force", "suspended") else ""
    said += f" on {in_words(since)}" if since and card.status == "ended" else ""
    yield from _wrapped(f"{capital(said)}, version {card.version}; as of {in_words(card.day)}. "
                        f"Between {', '.join(card.receivers)} and {_several(card.givers)}.", 0, 0)  # fmt: skip
    for text, hang in ((_in_short(card), 0), (counts_of_promises(card.promises), 0), (head, 2)):
        yield from _wrapped(text, 0, hang) if text else ()
    for waiting in card.waits_for:
        yield from _wrapped(f"{waiting}.", 0, 2)


def _in_short(card: Scorecard) -> str:
    """The card in one sentence."""
    if card.status in ("none", "proposed"):
        signing = next((one.what for one in card.due if one.act == "deal.signed"), "nobody has signed it")
        return f"In short: nothing is in force; {signing.partition('; ')[2] or signing}."
    powers = Counter(power.status for power in card.powers)
    used = {"suspended": ", and their use waits", "ended": " at its end"}.get(card.status, "")
    said = [f"{powers['held']} of {len(card.powers)} powers held{used}"]
    for status in ("recalled", "suspended"):
        gone = [power.title for power in card.powers if power.status == status]
        if status == "recalled":
            gone += [f"{_money(fund.recalled)} of {fund.title}" for fund in card.funds if fund.recalled]
        else:
            gone += dict.fromkeys(fund.title for fund in card.funds if fund.suspended_by)
        said += [f"{status}: {_some(gone)}"] if gone else []
    said += [*_paid_in_short(card), *_conditions_in_short(card.conditions)]
    matters = sum(one.open for one in card.matters)
    said.append(f"{counted(matters, 'matter')} open" if matters else "no matter open")
    overdue = sum(one.overdue for one in card.due)
    said.append(f"{counted(overdue, 'thing')} overdue" if overdue else "nothing overdue")
    return f"In short: {'; '.join(said)}."


def _paid_in_short(card: Scorecard) -> Iterator[str]:
    """Late, not late, or without a day on which it could be late: and what was agreed and never allotted."""
    late, undated = sum(fund.late for fund in card.funds), sum(fund.undated for fund in card.funds)
    if late:
        yield f"{_money(late)} late from the government"
    elif not any(fund.allotted for fund in card.funds):
        yield "nothing allotted"
    elif not undated:
        yield "no payment late"
    if undated:
        yield f"no day was set for {_money(undated)} still to be paid"
    if card.not_allotted_pence:
        years = ", ".join(map(financial_year, card.not_allotted_years))
        yield f"{_money(card.not_allotted_pence)} agreed for {years} and not allotted"


def _conditions_in_short(conditions: Sequence[ConditionLine]) -> Iterator[str]:
    """How many are met, and which are missed: also those of an earlier period on which nobody acted."""
    judged = [one.found for one in conditions if one.in_force]
    if not judged:
        yield "no condition judged"
        return
    count = Counter(one.status for one in judged)
    near = f", {count['near-miss']} nearly" if count["near-miss"] else ""
    failed = [one for one in conditions if one.in_force and one.found.status in FAILED]
    excused, waived = sum(one.found.excused for one in failed), sum(bool(one.waived_by) for one in failed)
    near += f", {excused} excused" if excused else ""
    near += f", {waived} suspended by a breach" if waived else ""
    yield f"{count['met']} of {len(conditions)} conditions met{near}"
    missed = [one.title for one in failed if not one.found.excused and not one.waived_by]
    missed += [f"{one.title} ({_period(one.untouched_before[-1])})" for one in conditions
               if one.untouched_before and not one.waived_by and one.title not in missed]  # fmt: skip
    yield f"{len(missed)} missed or overdue: {_some(missed)}" if missed else "none missed or overdue"


def _some(names: Sequence[str]) -> str:
    rest = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + rest


def _several(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"the government ({len(names)} departments)"


# --- who decides ---


RECALL = {"by letter": "by letter", "only by order": "order only", "not at all": "no"}


def _powers(powers: Sequence[PowerLine]) -> Iterator[str]:
    shown = [power for power in powers if power.status not in ("offered", "returned")]
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
    """By payer, each fund in its last year; earlier years of which nothing is to be said are summed up."""
    shown = [fund for fund in funds if fund.moved]
    payees = [name for name, _ in Counter(fund.payee for fund in funds).most_common(1)]
    last = {fund.id: fund.year for fund in sorted(shown, key=lambda fund: fund.year)}
    quiet = [fund for fund in shown if fund.year < last[fund.id]
             and not (fund.recalled or fund.late or fund.suspended_by or fund.payee != payees[0])]  # fmt: skip
    if shown:
        unnamed = any(fund.agreed is None for fund in shown)
        dash = ' "-" under agreed: the deal names no sum.' if unnamed else ""
        yield from _wrapped(f"All paid to {payees[0]}, unless a line says otherwise.{dash}")
        yield f"  {'':<29} {'year':<7} " + " ".join(f"{name:>{_width(name)}}" for name in SUMS)
    for payer in dict.fromkeys(fund.payer for fund in shown):
        yield from _wrapped(f"From {_a(payer)}:")
        for fund in shown:
            if fund.payer == payer and fund not in quiet:
                yield f"    {_cut(fund.title, 27):<27} {financial_year(fund.year)} {_cells(_sums(fund))}"
                if notes := _notes(fund, payees[0]):
                    yield from _wrapped(f"{notes}.", 6, 6)
    for year in sorted({fund.year for fund in quiet}):
        of_year = [fund for fund in quiet if fund.year == year]
        total = [sum(pence or 0 for pence in column) for column in zip(*map(_sums, of_year), strict=True)]
        many = f"{len(of_year)} of these funds together" if len(of_year) > 1 else "1 of these funds"
        yield f"  {many:<29} {financial_year(year)} {_cells(total)}"
        if came := sum(fund.brought_in for fund in of_year):
            yield from _wrapped(f"{_brought_in(came)}.", 6, 6)
    rest = [fund for fund in funds if not fund.moved]
    if rest:
        said = [f"{fund.title} ({_money(fund.agreed)})" for fund in rest if fund.agreed]
        unsaid = sum(not fund.agreed for fund in rest)
        said += [f"{unsaid} for which the deal names no sum in that year"] if unsaid else []
        yield from _wrapped(f"Nothing allotted yet for {financial_year(rest[0].year)}: {', '.join(said)}.")


def _sums(fund: FundLine) -> tuple[int | None, ...]:
    return fund.agreed, fund.allotted, fund.paid, fund.committed, fund.spent, fund.held, fund.recalled


def _cells(sums: Iterable[int | None]) -> str:
    return " ".join(f"{_millions(pence):>{_width(name)}}" for name, pence in zip(SUMS, sums, strict=True))


def _notes(fund: FundLine, payee: str) -> str:
    """What the sums do not say."""
    said = [f"paid to {_a(fund.payee)}"] if fund.payee != payee else []
    said += [_brought_in(fund.brought_in)] if fund.brought_in else []
    said += [f"{_money(fund.late)} LATE"] if fund.late else []
    said += [f"SUSPENDED (matter {fund.suspended_by})"] if fund.suspended_by else []
    return "; ".join(said)


def _brought_in(pence: int) -> str:
    return f"{_money(abs(pence))} {'came from' if pence > 0 else 'went to'} other years or funds"


def _width(name: str) -> int:
    return max(7, len(name))


def _millions(pence: int | None) -> str:
    if not pence:
        return "-"
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
        mark += ", excused" if one.found.excused else ""
        if one.untouched_before and mark == one.status and one.before:
            mark = f"{one.before.status.upper()} {_period(one.before.period_end)}"
        yield f"  {_cut(mark, 18):<18} {_cut(f'{one.title} ({one.kind})', WIDTH - 22)}"
        yield from _wrapped(_going(one), 6, 6)


def _going(one: ConditionLine) -> str:
    period = _period(one.found.period_end) + (" so far" if one.counted and one.runs else "")
    if not one.in_force:
        parts = [f"asks for {one.asks}"]
    else:
        parts = [one.so_far.rstrip(".") if one.standing else f"{period}: {one.so_far}, asked {one.asks}"]
    if one.running is not None and one.running.value is not None:
        parts.append(f"{_period(one.running.period_end)} so far: {one.running_so_far}")
    if one.in_force and not one.counted and not one.standing and one.found.value is None:
        parts.append(f"due {short(one.found.due)}")
    parts.append(_by(one))
    if one.waived_by:
        parts.append(f"the duty is suspended: the government is in breach (matter {one.waived_by})")
    elif one.matter:
        parts.append(f"matter {one.matter} is open")
    elif one.untouched:
        parts.append("nobody has opened a matter")
    if one.before:
        parts.append(_before(one, one.before))
    return "; ".join(parts) + "."


def _by(one: ConditionLine) -> str:
    if one.counted:
        return f"checked by {_a(one.checked_by)}"
    if one.found.value is None:
        return f"reported by {_a(one.reported_by)}, checked by {_a(one.checked_by)}"
    checked = "" if one.confirmed_by else "not yet "
    return f"reported by {_a(one.reported_by)}, {checked}confirmed by {_a(one.confirmed_by or one.checked_by)}"


def _before(one: ConditionLine, before: Evaluation) -> str:
    status = "a near miss" if before.status == "near-miss" else before.status
    said = f"{_period(before.period_end)} was {status.upper() if before.status in FAILED else status}"
    said += f", {one.before_so_far}" if before.value is not None else ""
    if one.untouched_before:
        more = len(one.untouched_before) - 1
        said += ", and nobody opened a matter" + (f" (nor about {more} before it)" if more else "")
    return said + (", excused" if before.excused else "")


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
        for reason in one.reasons:
            yield from _wrapped(f"{_cut(reason, MOST_REASON).rstrip('.')}.", 6, 8)
        if one.taken:
            yield from _wrapped(f"{'Was held back' if one.lapsed else 'Held back'}: {', '.join(one.taken)}.", 6, 8)
        if one.residents or one.services:
            yield from _wrapped(f"Who loses what: {one.residents.rstrip('.')}; {one.services.rstrip('.')}.", 6, 8)
        if one.lapses:
            yield from _wrapped(f"The control {'lapsed' if one.lapsed else 'lapses'} on {in_words(one.lapses)}.", 6, 8)
        if one.restoration_due:
            yield from _wrapped(f"RESTORATION IS DUE: {one.restore_rule}.", 6, 8)
        elif one.ground == "condition" and one.taken:
            first = "; the control lapses first" if one.lapses_first else ""
            yield from _wrapped(f"Given back: {one.restore_rule}{first}.", 6, 8)
    closed = [f"{one.id} ({one.stands})" for one in matters if not one.open]
    if closed:
        yield from _wrapped(f"No longer open: {', '.join(closed)}.")


# --- what is due ---


def _due(lines: Sequence[DueLine]) -> Iterator[str]:
    if not lines:
        yield "  Nothing."
    shown, more = _shortened(lines)
    kept = _kept(shown)
    for one in kept:
        if one.overdue:
            when = f"OVERDUE {short(one.last)}" if one.last else "OVERDUE"
        elif one.last:
            when = f"by {short(one.last)}"
        else:
            when = f"from {short(one.first)}" if one.first else "now"
        who = f": {_whose(one)}" if one.who else ""
        also = f" (and {more[one]:,} more like it)" if one in more else ""
        first, *rest = textwrap.wrap(clean(f"{one.what}{who}{also}"), WIDTH - 24, break_on_hyphens=False)
        yield f"  {when:<21} {capital(first)}"
        yield from (f"{'':24}{line}" for line in rest)
    if len(shown) > len(kept):
        yield f"  and {len(shown) - len(kept)} more: ask for --csv or --json."


def _kept(lines: Sequence[DueLine]) -> list[DueLine]:
    """As many as the card has room for, and each of those that are always shown."""
    always = [_kind(one) in ALWAYS_DUE for one in lines]
    room = max(0, MOST_DUE - sum(always))
    others = [one for one, must in zip(lines, always, strict=True) if not must][:room]
    return [one for one, must in zip(lines, always, strict=True) if must or one in others]


def _kind(one: DueLine) -> str:
    return one.about.partition(":")[0]


def _shortened(lines: Sequence[DueLine]) -> tuple[list[DueLine], dict[DueLine, int]]:
    """Of many lines of one kind the first few, and how many the last of these stands for: none hides the others."""
    kinds: dict[tuple[bool, str], list[DueLine]] = {}
    for one in lines:
        kinds.setdefault((one.overdue, _kind(one)), []).append(one)
    left_out: set[DueLine] = set()
    more: dict[DueLine, int] = {}
    for (_, kind), alike in kinds.items():
        if len(alike) > MOST_ALIKE + 1 and kind != "matter":
            left_out.update(alike[MOST_ALIKE:])
            more[alike[MOST_ALIKE - 1]] = len(alike) - MOST_ALIKE
    return [one for one in lines if one not in left_out], more


def _whose(one: DueLine) -> str:
    if len(one.who) <= 2:
        return ", ".join(map(_a, one.who))
    return one.role or f"{_a(one.who[0])}, or {len(one.who) - 1} others"
