"""DM: community power."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from soke.deal.registry import Context, Fault, rule
from soke.deal.types import Deal
from soke.text import sterling


@rule(
    "DM601", "error", "Community commitments exceed the fund",
    why="Residents would be asked to share out money that is not there.",
    bad='[[community]]\nid = "local-budgets"\namount = 900_000_000',
    good='[[community]]\nid = "local-budgets"\namount = 1_000_000',
    reads=("fund", "pool", "community"),
)  # fmt: skip
def exceeds_fund(deal: Deal, context: Context) -> Iterator[Fault]:
    promised: dict[str, Decimal] = defaultdict(Decimal)
    for commitment in deal.community:
        source = commitment.from_fund
        promised[source] += commitment.amount
        have = _smallest_year(deal, source)
        if have is not None and promised[source] > have >= promised[source] - commitment.amount:
            fact = (
                f'With "{commitment.id}", communities are promised {sterling(promised[source])} a year from '
                f'"{source}", which has {sterling(have)} in its smallest year.'
            )
            yield commitment.where("amount"), fact, "Promise less, or from a larger fund."


def _smallest_year(deal: Deal, name: str) -> Decimal | None:
    """Pounds of the smallest year of a fund, or of the funds of a pool together; None for neither."""
    funds = [fund for fund in deal.funds if name in (fund.id, fund.pooled_in)]
    years: dict[int, Decimal] = defaultdict(Decimal)
    for fund in funds:
        for row in fund.profile:
            years[row.year] += row.total
    return min(years.values(), default=None)


@rule(
    "DM604", "error", "An asset transfer without a reverter",
    why="If the group closes, a library that cannot come back is lost to the community that it was meant for.",
    bad='[[community]]\nid = "halls"\ntitle = "Village halls"\nmechanism = "asset-transfer"\namount = 0\n'
    'from_fund = "skills"\nrule = "viability"\norigin = "illustrative"',
    good='[[community]]\nid = "halls"\ntitle = "Village halls"\nmechanism = "asset-transfer"\namount = 0\n'
    'from_fund = "skills"\nrule = "viability"\norigin = "illustrative"\nreverter = true',
    reads=(),
)  # fmt: skip
def no_reverter(deal: Deal, context: Context) -> Iterator[Fault]:
    for commitment in deal.community:
        if commitment.mechanism == "asset-transfer" and not commitment.reverter:
            fact = f'Nothing says what becomes of the assets of "{commitment.id}" if the group that holds them closes.'
            yield commitment.where("reverter"), fact, "Write reverter = true: the asset then returns to the council."


@rule(
    "DM605", "error", "No community condition",
    why="Failure to empower communities is one of the two first grounds of recall. A deal without it has only one.",
    bad='[[condition]]\nid = "communities-decide"\nkind = "policy"\n\n'
    '[[condition]]\nid = "answers-are-given"\nkind = "policy"',
    good='[[condition]]\nid = "communities-decide"\nkind = "community"',
    reads=("condition",),
)  # fmt: skip
def no_community(deal: Deal, context: Context) -> Iterator[Fault]:
    if any(condition.kind == "community" for condition in deal.conditions):
        return
    offered = {condition.id for condition in deal.framework.conditions if condition.kind == "community"}
    changed = [condition.where("kind") for condition in deal.conditions if condition.id in offered]
    fact = f"None of the {len(deal.conditions)} conditions of the deal is about communities."
    yield max(changed, default=deal.at), fact, 'Add a condition of kind = "community", or leave those of the framework.'


@rule(
    "DM606", "error", "Says binding, but no law lets this body bind itself",
    why="A council cannot hand a decision to a public vote. It can undertake to adopt the result, and be held to that.",
    bad='[[community]]\nid = "local-budgets"\nbinding = true',
    good='[[community]]\nid = "local-budgets"\nundertaking = true\nadopts = "the cabinet, within 60 days"',
    reads=(),
)  # fmt: skip
def says_binding(deal: Deal, context: Context) -> Iterator[Fault]:
    for commitment in deal.community:
        if commitment.binding:
            fact = f'"{commitment.id}" says that it is binding, but no law lets this body bind itself to a public vote.'
            fix = "Write undertaking = true, and in adopts who undertakes to adopt the result, and by when."
            yield commitment.where("binding"), fact, fix


COUNTED = ("equal-shares", "phragmen", "greedy", "greedy-cost", "greedy-stop")  # as `soke budget count --rule` has them


@rule(
    "DM607", "warning", "A budget by a rule that nobody can count again",
    why="Who loses asks why. A rule that has no name cannot be counted again, and then the answer is only a word.",
    bad='[[community]]\nid = "local-budgets"\nrule = "what the jury likes"',
    good='[[community]]\nid = "local-budgets"\nrule = "equal-shares"',
    reads=(),
)  # fmt: skip
def no_known_rule(deal: Deal, context: Context) -> Iterator[Fault]:
    for commitment in deal.community:
        if commitment.mechanism == "participatory-budget" and commitment.rule.replace("_", "-") not in COUNTED:
            fact = f'"{commitment.id}" is decided by "{commitment.rule}", which is no rule that Soke can count.'
            yield commitment.where("rule"), fact, f"Name one of: {', '.join(COUNTED)}."


@rule(
    "DM608", "warning", "An assembly that nobody must answer",
    why="A panel that is asked and then not answered teaches people not to come. The day of the answer is the promise.",
    bad='[[community]]\nid = "users"\ntitle = "Bus users\' panel"\nmechanism = "citizens-assembly"\namount = 0\n'
    'from_fund = "skills"\nrule = "stratified-lottery"\norigin = "illustrative"',
    good='[[community]]\nid = "users"\ntitle = "Bus users\' panel"\nmechanism = "citizens-assembly"\namount = 0\n'
    'from_fund = "skills"\nrule = "stratified-lottery"\nanswer_due_days = 90\norigin = "illustrative"',
    reads=(),
)  # fmt: skip
def nobody_answers(deal: Deal, context: Context) -> Iterator[Fault]:
    for commitment in deal.community:
        if commitment.mechanism == "citizens-assembly" and commitment.answer_due_days is None:
            fact = f'Nothing says within how many days the recommendations of "{commitment.id}" are answered.'
            yield commitment.where("answer_due_days"), fact, "Write answer_due_days = 90, or the days that you promise."
