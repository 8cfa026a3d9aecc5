"""The public page of a deal in a register, for who has no terminal: what went wrong first, then both sides' promises,
what is due, where an open matter stands, who decides, with whose money, and how to check all that."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from soke.register.due import DueLine
from soke.register.history import Told
from soke.register.paid import PaidLine
from soke.register.scorecard import MatterLine, PowerLine, Scorecard
from soke.register.standing import rounded
from soke.register.steps import ReachLine, StepLine
from soke.report.charts.bars import HERE, Bar, bars
from soke.report.markup import Child, Element, el
from soke.report.register_parts import Body, Vouched, crumb, how_to_check, newest, plain, sign, verified, whole
from soke.report.register_rows import Mark, Row, ended, government_rows, inside, place_rows, whose
from soke.report.register_words import Finding, finding, next_step
from soke.report.scorecard import short
from soke.report.shell import panel, section
from soke.report.table import to_html
from soke.table import Column, Table
from soke.text import capital, counted, financial_year, listed
from soke.text import day as in_words

SHOWN, MOST = 8, 200  # lines of a list that are seen at once, and in all
POWERS_SHOWN = 6
MARKS: Mapping[Mark, tuple[str, str, str]] = {  # sign, word, colour
    "missed": ("✗", "Missed", "bad"), "broken": ("✗", "Broken", "bad"),
    "late": ("✗", "Late", "bad"), "near": ("≈", "Near miss", "wait"), "kept": ("✓", "Kept", "ok"),
    "kept-late": ("✓", "Kept late", "ok"), "awaited": ("◌", "Awaited", "wait"), "no-day": ("◌", "No day set", "wait"),
    "nothing": ("◌", "Nothing due", "wait"), "excused": ("◌", "Excused", "wait"),
    "waived": ("◌", "Suspended", "wait"), "not-yet": ("◌", "Not yet", "wait"),
}  # fmt: skip
TAKEN = {  # a step that was taken, in words
    "report": "Matter opened", "notice": "Notice, with reasons", "response": "Answer", "no-response": "No answer came",
    "cure": "Time to put it right began", "hearing": "Hearing", "decision": "Decided against the place",
    "dismiss": "Dismissed", "appeal": "Appeal", "allow": "Appeal allowed", "refuse": "Appeal refused",
    "recall": "Part taken back", "restore": "Given back", "close": "Closed", "lapse": "Ended by itself",
    "suspend": "Held back at once", "emergency-hearing": "Hearing", "keep": "Kept back after the hearing",
    "lift": "Given back", "breach": "Breach reported", "dispute": "Disputed by the government",
    "find": "Breach found", "suspend-duty": "Place's own duty suspended", "make-good": "Put right",
    "resume-duty": "Duty taken up again", "withdraw": "Withdrawn",
}  # fmt: skip
COMING = TAKEN | {  # one that is to come, or runs
    "notice": "Notice, with reasons", "cure": "Being put right", "decision": "Decision", "appeal": "Time to appeal",
    "recall": "Part taken back, or closed", "keep": "Kept back, or given back", "lapse": "Ends by itself",
    "dispute": "Answer of the government", "find": "Decision whether there was a breach",
    "suspend-duty": "Place may suspend its own duty", "make-good": "Put right by the government",
}  # fmt: skip
LASTS = COMING | {
    "appeal": "Appeal, before a court", "recall": "Part taken back", "keep": "Kept back after the hearing",
    "suspend-duty": "Place's own duty suspended",
}  # fmt: skip
RECALL = {"by letter": "Letter, after all the steps", "only by order": "Parliament's order", "not at all": "Nobody"}
POWERS = {"recalled": "Taken back", "suspended": "Held back"}
PARTS = {Decimal("0.5"): "half", Decimal("0.25"): "a quarter", Decimal("0.1"): "a tenth", Decimal(1): "all"}


def status_page(card: Scorecard, vouched: Vouched, told: Sequence[Told], *, alone: bool = True) -> bytes:
    """The page of a deal. ``told``: its newest entries, in their order; ``alone``: the register has no other deal."""
    others: list[Child] = [] if alone else [el("a", "All deals of this register", href=vouched.addresses.status), " › "]
    return whole(status_body(card, vouched, told, crumb(*others, plain(card.title))), vouched)


def status_body(card: Scorecard, vouched: Vouched, told: Sequence[Told], above: Child = None) -> Body:
    """What the page of a deal says; ``above`` stands over its heading."""
    found = finding(card)
    open_matters = [one for one in card.matters if one.open]
    parts = [section("matters", _matters_title(open_matters), _matters(open_matters))] if open_matters else []
    return Body(f"{plain(card.title)}: {plain(found.heading)}", ("Skip to the promises", "place"), (
        el("div", above, *_head(card, found, vouched), _promises(card, vouched), class_="first"),
        *parts,
        el("div", el("div",
           el("section", el("h2", "Who decides", id="powers"), *_powers(card), aria_labelledby="powers"),
           el("section", el("h2", "With whose money", id="money"), *_money(card), aria_labelledby="money"),
           el("section", el("h2", "Check it yourself, offline", id="check"), *how_to_check(vouched),
              aria_labelledby="check"),
           el("section", el("h2", "Newest entries", id="newest"), *newest(told, vouched), aria_labelledby="newest"),
           class_="half parts")),
    ))  # fmt: skip


def _head(card: Scorecard, found: Finding, vouched: Vouched) -> Iterator[Child]:
    yield el("h1", plain(found.heading))
    if found.sentences:
        yield el("p", plain(" ".join(found.sentences)), class_="lead")
    yield verified(vouched)
    yield el("p", plain(_stands(card)), class_="run")


def _stands(card: Scorecard) -> str:
    """Since when, between whom, and as of which day."""
    since = f" since {in_words(card.in_force_since)}" if card.in_force_since else ", not yet in force"
    if card.status == "ended" and card.status_since:
        since += f", ended on {in_words(card.status_since)}"
    givers = card.givers[0] if len(card.givers) == 1 else f"the government, {len(card.givers)} departments"
    between = f"Between {listed(card.receivers)} and {givers}"
    return f"As of {in_words(card.day)}. Version {card.version}{since}. {ended(between)}"


# --- promises, and what is due ---


def _promises(card: Scorecard, vouched: Vouched) -> Element:
    place = _rows(place_rows(card), "The deal asks nothing of the place.")
    government = _rows(government_rows(card), "The register holds no promise of the government yet.")
    due = _due(card.due, card.waits_for)
    if vouched.addresses.promises:
        government.append(el("p", el("a", "All promises of both sides", href=vouched.addresses.promises)))
    return el(
        "div",
        panel("place", "Promises the place made", *place),
        el("div", panel("government", "Promises the government made", *government), panel("due", "What is due", *due)),
        class_="two",
    )


def _rows(rows: Sequence[Row], nothing: str) -> list[Child]:
    if not rows:
        return [el("p", nothing)]
    return _listed([promise_row(row) for row in rows], "prom", "promises")


def promise_row(row: Row, shown_by: Child = None) -> Element:
    """A promise in a list; ``shown_by``: where it is seen how it stands."""
    detail = el("small", plain(row.detail)) if row.detail else None
    return el("li", sign(*MARKS[row.mark]), el("span", plain(capital(row.what)), detail, shown_by))


def _listed(items: Sequence[Element], kind: str, called: str) -> list[Child]:
    """A list of which the first few are seen at once, and the others when somebody opens them."""
    made: list[Child] = [el("ul", *items[:SHOWN], class_=kind)]
    if rest := items[SHOWN:MOST]:
        more = len(items) - SHOWN
        made.append(el("details", el("summary", f"{more:,} more {called}"), el("ul", *rest, class_=kind)))
    if left_out := items[MOST:]:
        made.append(el("p", f"And {len(left_out):,} more, which soke register status lists.", class_="small"))
    return made


def _due(lines: Sequence[DueLine], waits_for: Sequence[str]) -> list[Child]:
    waiting = [el("p", ended(plain(said)), class_="small") for said in waits_for]
    if not lines:
        return [*waiting, el("p", "Nothing.")]
    return [*waiting, *_listed([_due_line(one) for one in lines], "prom", "things")]


def _due_line(one: DueLine) -> Element:
    when = el("b", _when(one.last or one.first, one))
    shown = sign("✗", "Late", "bad") if one.overdue else el("span", when, class_="sign")
    who = f"by {whose(one)}" if one.who else ""
    was = f"was due {in_words(one.last)}" if one.overdue and one.last else ""
    said = ", ".join(filter(None, (was, who)))
    small = el("small", plain(capital(said))) if said else None
    return el("li", shown, el("span", plain(capital(one.what)), small))


def _when(day: dt.date | None, one: DueLine) -> str:
    if day is None:
        return "Now"
    return f"{'' if one.last else 'From '}{short(day)}"


# --- matters ---


def _matters_title(matters: Sequence[MatterLine]) -> str:
    return "Where the open matter stands" if len(matters) == 1 else "Where the open matters stand"


def _matters(matters: Sequence[MatterLine]) -> Iterator[Child]:
    for one in matters:
        if len(matters) > 1:
            yield el("h3", plain(one.title))
        yield el("ol", *map(_step, one.steps), class_="steps")
        said = [*next_step(one), *(ended(reason) for reason in one.reasons)]
        if said:
            yield el("p", plain(" ".join(said)))
        yield from _stake(one)


def _step(step: StepLine) -> Element:
    words = TAKEN if step.stands == "done" else LASTS if step.on else COMING
    said = words.get(step.action, step.action.replace("-", " ").capitalize())
    kind = {"done": "done", "now": "now", "to come": None}[step.stands]
    current = "step" if step.stands == "now" else None
    read_out = el("span", f"{step.stands.capitalize()}: ", class_="hidden")
    when = (el("span", said) for said in _step_days(step))
    return el("li", read_out, plain(said), *when, class_=kind, aria_current=current)


def _step_days(step: StepLine) -> list[str]:
    """A line for each day that is known; else how many days the step has."""
    if step.stands == "done":
        return [short(step.on)] if step.on else []
    since = f"since {short(step.on)}" if step.on else ""
    until = f"until {short(step.last)}" if step.last else ""
    first = f"from {short(step.first)}" if step.first and not step.on and not until else ""
    return list(filter(None, (since, first, until))) or ([f"{step.days} days"] if step.days else [])


def _stake(matter: MatterLine) -> Iterator[Child]:
    """What can be taken back, or was, and who loses what."""
    if matter.reach:
        reach = listed([_reach(one) for one in matter.reach])
        yield el("p", plain(f"At most this can be taken back: {reach}. Powers given by law cannot. "
                            "Nothing is taken back before the last step."))  # fmt: skip
    elif matter.ground == "condition" and not matter.taken:
        yield el("p", "Nothing can be taken back by this matter.")
    if matter.taken:
        was = "Was held back" if matter.lapsed else "Held back now"
        yield el("p", plain(f"{was}: {ended(listed(matter.taken))}"))
    for who, loses in (("Residents", matter.residents), ("Services", matter.services)):
        if loses:
            yield el("p", plain(f"{who} lose: {ended(loses)}"))
    if matter.ground == "condition" and matter.taken and matter.restore_rule:
        due = " It has come true: what was taken is due to be given back." if matter.restoration_due else ""
        yield el("p", plain(f"The deal's rule for giving back: {ended(matter.restore_rule)}{due}"))


def _reach(one: ReachLine) -> str:
    if one.share is None:
        return f'the power "{one.title}"'
    part = PARTS.get(one.share.normalize(), f"{one.share * 100:f}".rstrip("0").rstrip(".") + "%")
    return f'{part} of a year of "{one.title}"'


# --- who decides, with whose money ---


def _powers(card: Scorecard) -> Iterator[Child]:
    order = {"recalled": 0, "suspended": 0, "held": 1}
    held = sorted((one for one in card.powers if one.status in order), key=lambda one: order[one.status])
    if held:
        yield to_html(_power_table(card, held[:POWERS_SHOWN], "powers", "Powers"), file=False)
    else:
        yield el("p", "No power is held under the deal yet.")
    if rest := held[POWERS_SHOWN:]:
        more = to_html(_power_table(card, rest, "more-powers", "Further powers"), file=False)
        yield el("details", el("summary", f"{counted(len(rest), 'more power')}"), more)
    if any(_other_holder(card, one) == "" for one in held):
        yield el("p", plain(f"Where nobody is named, it is {inside(card.receivers[0])}."), class_="small")
    for status, words in (("offered", "On offer, not yet handed over"), ("returned", "Given back by the place")):
        if titles := [one.title for one in card.powers if one.status == status]:
            yield el("p", plain(f"{words}: {ended('; '.join(titles))}"), class_="small")


def _power_table(card: Scorecard, powers: Sequence[PowerLine], id_: str, caption: str) -> Table:
    columns = (Column("power", "Power"), Column("decided_by", "Decided by"), Column("taken_back", "Taken back by"))
    rows = [(plain(one.title), plain(_decided_by(card, one)), plain(_taken_back(one))) for one in powers]
    return Table.of(id_, f"{caption}: who decides, and who can take it back", columns, rows)


def _decided_by(card: Scorecard, power: PowerLine) -> str:
    holder = _other_holder(card, power)
    said = capital(power.exercise)
    return f"{said}, {holder}" if holder and "mayor" not in power.exercise else said


def _other_holder(card: Scorecard, power: PowerLine) -> str:
    """Who holds a power, where it is not the one that receives most of the deal."""
    return "" if power.holder == card.receivers[0] else power.holder


def _taken_back(power: PowerLine) -> str:
    if power.status in POWERS:
        since = f" {in_words(power.since)}" if power.since else ""
        return f"{POWERS[power.status]}{since}, matter {power.matter}"
    return RECALL.get(power.recall, power.recall)


def _money(card: Scorecard) -> Iterator[Child]:
    years = sorted({line.year for line in card.paid}, reverse=True)
    if not years:
        yield el("p", "No money is agreed for a year that has begun, and none is allotted.")
        return
    main = next((year for year in years if any(line.allotted for line in _of(card, year))), years[0])
    yield from _year(_of(card, main), main)
    if card.not_allotted_pence:
        missing = listed([financial_year(year) for year in card.not_allotted_years])
        yield el("p", f"{rounded(card.not_allotted_pence)} was agreed for {missing} and is not allotted.")
    if no_day := sum(fund.undated for fund in card.funds):
        yield el("p", f"No day is set for {rounded(no_day)} still to be paid. Ask for one.")
    if card.prices != "cash":
        yield el("p", plain(f"What was agreed is in prices of {card.prices.removeprefix('real ')}."), class_="small")
    for year in years:
        if year != main:
            yield el("details", el("summary", f"{financial_year(year)}: {_total(_of(card, year))}"),
                     *_year(_of(card, year), year))  # fmt: skip


def _of(card: Scorecard, year: int) -> list[PaidLine]:
    return [line for line in card.paid if line.year == year]


def _total(lines: Sequence[PaidLine]) -> str:
    return f"{rounded(sum(line.paid for line in lines))} of {rounded(sum(line.of for line in lines))} paid"


def _year(lines: Sequence[PaidLine], year: int) -> Iterator[Child]:
    yield el("p", f"{financial_year(year)}, £m: ", el("b", "paid"), " (filled) of what was agreed (outline). In all ",
             f"{_total(lines)}.", class_="small")  # fmt: skip
    rows = [Bar(plain(line.title), line.paid / 1e8, f"{_millions(line.paid)} of {_millions(line.of)}", kind=HERE,
                of=line.of / 1e8) for line in lines[:MOST]]  # fmt: skip
    yield bars(f"Paid of what was agreed, {financial_year(year)}, millions of pounds", rows)
    if unnamed := sum(line.agreed is None for line in lines):
        of = "each fund" if unnamed == len(lines) else counted(unnamed, "of these funds", "of these funds")
        yield el(
            "p", f"For {of} the deal names no sum for that year: the outline is what was allotted.", class_="small"
        )


def _millions(pence: int) -> str:
    """Millions as people read them: ``216``, ``8.6``, ``under 0.1``."""
    million = Decimal(pence) / 100_000_000
    if 0 < million < Decimal("0.05"):
        return "under 0.1"
    return f"{million:,.0f}" if million >= 10 or not million else f"{million:,.1f}"
