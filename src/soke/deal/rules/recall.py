"""DR: recall and fair process."""

from __future__ import annotations

from collections.abc import Iterator

from soke.deal.exploration import explore
from soke.deal.ladder import DONE
from soke.deal.recall_share import reaches
from soke.deal.registry import Context, Fault, rule
from soke.deal.rules.forms import ids
from soke.deal.types import Deal

BEFORE_RECALL = ("notice", "response", "cure", "hearing", "decision", "appeal")
_CAN_RECALL = '[[condition]]\nid = "partners-decide"\nrecall = { scope = ["settlement-flexibility"] }\n\n'


def _scopes(deal: Deal) -> Iterator[tuple[str, int, str]]:
    """Each condition's id, with each thing that it says can be recalled and its number in the list."""
    for condition in deal.conditions:
        for index, named in enumerate(condition.recall.scope if condition.recall else ()):
            yield condition.id, index, named


@rule(
    "DR401", "error", "Recall of a power that needs an order",
    why="What an Act or an order gives, only an Act or an order takes back, with councils' consent and both Houses. "
    "A letter can take back money and flexibilities, nothing else.",
    bad='[[condition]]\nid = "partners-decide"\nrecall = { scope = ["adult-skills"] }',
    good='[[condition]]\nid = "partners-decide"\nrecall = { scope = ["settlement-flexibility"] }',
    reads=("power",),
)  # fmt: skip
def impossible_recall(deal: Deal, context: Context) -> Iterator[Fault]:
    powers = {power.id: power for power in deal.powers}
    by_id = {condition.id: condition for condition in deal.conditions}
    for condition, index, named in _scopes(deal):
        if named in powers and (powers[named].needs_order or not powers[named].recallable):
            basis = powers[named].statutory_basis.rstrip(".") or "its basis is not given"
            fact = f'Condition "{condition}" would recall "{named}", which was given by law: {basis}.'
            fix = "Recall money or a flexibility instead; the power itself needs an order and the councils' consent."
            yield by_id[condition].where("recall", "scope", index), fact, fix
    for power in deal.powers:
        if power.needs_order and power.recallable:
            fact = f'The power "{power.id}" needs an order, and cannot also be recallable.'
            yield power.where("recallable"), fact, "Write recallable = false."


@rule(
    "DR402", "error", "Recall of something that is not in the deal",
    why="What the deal does not give, it cannot take back.",
    bad='[[condition]]\nid = "partners-decide"\nrecall = { scope = ["the-moon"] }',
    good='[[condition]]\nid = "partners-decide"\nrecall = { scope = ["settlement-flexibility"] }',
    reads=("power", "fund", "pool"),
)  # fmt: skip
def unknown_recall(deal: Deal, context: Context) -> Iterator[Fault]:
    known = ids(deal, ["fund", "pool", "power"])
    by_id = {condition.id: condition for condition in deal.conditions}
    for condition, index, named in _scopes(deal):
        if named not in known:
            fact = f'Condition "{condition}" would recall "{named}", which is no fund, pool or power of the deal.'
            yield by_id[condition].where("recall", "scope", index), fact, "Name what the deal gives."


@rule(
    "DR403", "error", "Recall names a fund, but none of it",
    why="A recall of 0 per cent frightens nobody and misleads whoever reads the deal.",
    bad='[[condition]]\nid = "partners-decide"\nrecall = { scope = ["skills"], max_share_of_fund = 0.0 }\n\n'
    '[[fund]]\nid = "skills"\nrecallable_share = 0.1',
    good='[[fund]]\nid = "skills"\nrecallable_share = 0.1\n\n'
    '[[condition]]\nid = "partners-decide"\nrecall = { scope = ["skills"], max_share_of_fund = 0.1 }',
    reads=("fund", "pool"),
)  # fmt: skip
def empty_recall(deal: Deal, context: Context) -> Iterator[Fault]:
    money = ids(deal, ["fund", "pool"])
    for condition in deal.conditions:
        named = [name for name in (condition.recall.scope if condition.recall else ()) if name in money]
        if condition.recall and named and condition.recall.max_share_of_fund == 0:
            fact = f'Condition "{condition.id}" would recall "{named[0]}", but 0 per cent of it.'
            yield condition.where("recall", "max_share_of_fund"), fact, "Give the largest share that can be recalled."


@rule(
    "DR412", "warning", "Recall names a fund that does not say how much of it can be recalled",
    why="Nothing of a fund can be recalled unless the fund says so. A condition that names a fund in silence, or its "
    "pool, looks as if money hung on it when none does.",
    bad='[[fund]]\nid = "skills"\n\n'
    '[[condition]]\nid = "partners-decide"\nrecall = { scope = ["skills"], max_share_of_fund = 0.1 }',
    good='[[fund]]\nid = "skills"\nrecallable_share = 0.1\n\n'
    '[[condition]]\nid = "partners-decide"\nrecall = { scope = ["skills"], max_share_of_fund = 0.1 }',
    reads=("fund", "condition"),
)  # fmt: skip
def unsaid_share(deal: Deal, context: Context) -> Iterator[Fault]:
    for fund in deal.funds:
        naming = next((condition for condition in deal.conditions if reaches(condition, fund)), None)
        if naming is not None and naming.recall is not None and fund.recallable_share is None:
            through = "" if fund.id in naming.recall.scope else f', through its pool "{fund.pooled_in}"'
            fact = f'Condition "{naming.id}" would recall part of "{fund.id}"{through}, which does not say how much.'
            yield fund.where("recallable_share"), fact, "Add recallable_share to the fund; 0 where none of it may be."


@rule(
    "DR404", "error", "Recall without due process",
    why="Nothing is taken back without notice, an answer, time to put it right, a hearing, a decision, and an appeal.",
    bad=_CAN_RECALL + '[due_process]\nladder = ["report", "recall", "restore"]',
    good=_CAN_RECALL + '[due_process]\nladder = ["report", "notice", "response", "cure", "hearing", "decision", '
    '"appeal", "recall", "restore"]',
    reads=("due_process",),
)  # fmt: skip
def no_process(deal: Deal, context: Context) -> Iterator[Fault]:
    recalling = next((condition for condition in deal.conditions if condition.recall), None)
    if recalling is None:
        return
    if deal.due_process is None:
        fact = f'Condition "{recalling.id}" can end in recall, and the deal has no due process.'
        yield recalling.where("recall"), fact, "Add [due_process]."
        return
    skipped = _skipped(deal.due_process.ladder)
    if skipped:
        fact = f"The ladder reaches recall without {', '.join(skipped)}."
        yield deal.due_process.where("ladder"), fact, f"Put before recall: {', '.join(BEFORE_RECALL)}."


def _skipped(ladder: tuple[str, ...]) -> list[str]:
    before = ladder[: ladder.index("recall")] if "recall" in ladder else ladder
    return [step for step in BEFORE_RECALL if step not in before]


@rule(
    "DR405", "error", "A party judges its own case",
    why="A decision by a side to the dispute would not stand, and should not.",
    bad='[due_process]\ndecision_by = "mhclg"', good='[due_process]\ndecision_by = "panel"',
    reads=("due_process", "party"),
)  # fmt: skip
def own_case(deal: Deal, context: Context) -> Iterator[Fault]:
    process = deal.due_process
    if process is None:
        return
    for key in ("hearing_before", "decision_by"):
        named = getattr(process, key)
        party = deal.party(named)
        if party is None:
            yield process.where(key), f'"{key}" names "{named}", which is no party of the deal.', "Name a party."
        elif party.role != "adjudicator":
            fact = f'"{named}" is {_with_article(party.role)}, and would judge its own case.'
            yield process.where(key), fact, "Name a party whose role is adjudicator."
    appeal = deal.party(process.appeal_to)
    if appeal is not None and appeal.role in ("giver", "receiver", "office-holder"):
        fact = f'Appeals go to "{appeal.id}", {_with_article(appeal.role)}: a side to the dispute.'
        yield process.where("appeal_to"), fact, "Name a court, or a party whose role is adjudicator."


def _with_article(role: str) -> str:
    return f"an {role}" if role[0] in "aeiou" else f"a {role}"


@rule(
    "DR408", "error", "No restore rule",
    why="A recall that nobody knows how to end is a punishment, not a cure.",
    bad='[due_process]\nrestore = ""', good='[due_process]\nrestore = "two periods in a row met"',
    reads=("due_process",),
)  # fmt: skip
def no_restore(deal: Deal, context: Context) -> Iterator[Fault]:
    if deal.due_process is not None and not deal.due_process.restore.strip():
        fact = "The due process does not say when what was recalled is given back."
        yield deal.due_process.where("restore"), fact, 'Add, for example: restore = "two periods in a row met".'


@rule(
    "DR411", "error", "A state of the ladder cannot be reached or left, or a recall comes too soon",
    why="Every path of the ladder is walked. A step that nobody can take strands the place in a dispute without end; "
    "steps in another order let a recall come before the time that the deal gives to put things right.",
    bad='[due_process]\nladder = ["report", "notice", "response", "cure", "mediation", "hearing", "decision", '
    '"appeal", "recall", "restore"]',
    good='[due_process]\nladder = ["report", "notice", "response", "cure", "hearing", "decision", "appeal", "recall", '
    '"restore"]',
    reads=("due_process", "party", "condition"),
)  # fmt: skip
def broken_ladder(deal: Deal, context: Context) -> Iterator[Fault]:
    process = deal.due_process
    if process is None:
        return
    found = explore(deal)
    shown = found.faults[: bool(found.unreached) + bool(found.stuck)] if _skipped(process.ladder) else found.faults
    for fact in shown:  # a step that the ladder lacks is DR404's to say
        yield process.where("ladder"), fact, f"Write the ladder with these steps, in this order: {', '.join(DONE)}."
