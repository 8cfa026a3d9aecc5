"""DX: the fiscal regime and shares."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from soke.deal.registry import Context, Fault, rule
from soke.deal.types import Deal, Located
from soke.england.settlement import finance_authorities
from soke.errors import Location
from soke.text import financial_year, sterling

PROCEEDS = ("older_care", "children", "prevention", "reserves", "communities")


@rule(
    "DX501", "warning", "Spending less tax is not the stated gap",
    why="The gap is the number that everybody quotes. If it does not follow from the two figures beside it, the deal "
    "rests on two definitions at once.",
    bad="[account]\nstated_gap = 4_700_000_000", good="[account]\nstated_gap = 4_000_000_000",
    reads=("account",),
)  # fmt: skip
def stated_gap(deal: Deal, context: Context) -> Iterator[Fault]:
    account = deal.account
    if account is None:
        return
    gap = account.public_spend - account.tax_raised
    if gap != account.stated_gap:
        fact = (
            f"Spending of {sterling(account.public_spend)} less tax of {sterling(account.tax_raised)} is "
            f"{sterling(gap)}; the stated gap is {sterling(account.stated_gap)}."
        )
        yield account.where("stated_gap"), fact, "Use figures of one definition, or say why they differ."


@rule(
    "DX502", "error", "Shares above 1",
    why="More than the whole cannot be kept, moved, spent or recalled.",
    bad="[fiscal.business_rates]\nretention = 1.2", good="[fiscal.business_rates]\nretention = 1.0",
    reads=("proceeds",),
)  # fmt: skip
def above_one(deal: Deal, context: Context) -> Iterator[Fault]:
    for at, name, share in _shares(deal):
        if share > 1:
            meant = f" Did you mean {(share / 100).normalize():f}?" if share <= 100 else ""
            yield at, f'"{name}" is {share}: more than the whole.', f"Write a share from 0 to 1; a half is 0.5.{meant}"
    if deal.proceeds is not None:
        total = sum((getattr(deal.proceeds, name) for name in PROCEEDS), Decimal(0))
        if total > 1 and all(getattr(deal.proceeds, name) <= 1 for name in PROCEEDS):
            fact = f"The shares of the proceeds add up to {total}: more than the whole."
            yield deal.proceeds.at, fact, "Bring them down to 1 in all; what is left over goes to general services."


def _shares(deal: Deal) -> Iterator[tuple[Location, str, Decimal]]:
    """Every share that the deal states, with its place and key."""
    stated: list[tuple[Located | None, tuple[str, ...]]] = [
        (deal.fiscal.business_rates, ("retention", "safety_net", "existing_retention")),
        (deal.fiscal.income_tax, ("assigned_share",)),
        (deal.fiscal.earn_back, ("share",)),
        (deal.proceeds, PROCEEDS),
        *((fund, ("recallable_share",)) for fund in deal.funds),
        *((condition, ("tolerance",)) for condition in deal.conditions),
        *((condition.recall, ("max_share_of_fund",)) for condition in deal.conditions),
    ]
    for table, names in stated:
        for name in names if table is not None else ():
            assert table is not None
            if getattr(table, name) is not None:
                yield table.where(name), name, getattr(table, name)
    for pool in deal.pools:
        for name in ("between_themes_max", "carry_over_max"):
            yield pool.where("virement", name), name, getattr(pool.virement, name)


@rule(
    "DX503", "error", "A pool that is no pool",
    why="A pool is treated as one authority for the levy and the safety net. A member counted twice would be paid "
    "twice, and one authority alone pools nothing.",
    bad='[fiscal.business_rates]\npool = ["E08000003", "E08000003"]',
    good='[fiscal.business_rates]\npool = ["E08000003", "E08000006"]',
    reads=(),
)  # fmt: skip
def pool(deal: Deal, context: Context) -> Iterator[Fault]:
    terms = deal.fiscal.business_rates
    if terms is None or not terms.pool:
        return
    for index, code in enumerate(terms.pool):
        if context.places.get(code) is None and code not in finance_authorities():
            fact = f"No authority of England has the code {code[:40]}."
            yield terms.where("pool", index), fact, "Look it up with `soke settle --json`."
        if code in terms.pool[:index]:
            yield terms.where("pool", index), f"The pool names {code} twice.", "Name each member once."
    if len(set(terms.pool)) == 1:
        yield terms.where("pool"), "The pool has one member.", "Name two or more authorities, or leave it out."


@rule(
    "DX505", "error", "Earn-back that pays nothing",
    why="Earn-back pays a share of extra tax, up to a cap, for some years. With no share, no cap or no years it is a "
    "promise of nothing.",
    bad='[fiscal.earn_back]\nshare = 0.5\ncap = 30_000_000\nfrom = "2026-27"\nyears = 0',
    good='[fiscal.earn_back]\nshare = 0.5\ncap = 30_000_000\nfrom = "2026-27"\nyears = 30',
    reads=(),
)  # fmt: skip
def earn_back(deal: Deal, context: Context) -> Iterator[Fault]:
    terms = deal.fiscal.earn_back
    if terms is None:
        return
    for name in ("share", "cap", "years"):
        if getattr(terms, name) <= 0:
            yield terms.where(name), f'"{name}" is {getattr(terms, name)}.', "Give a number above nought."


@rule(
    "DX506", "error", "A reset before the terms begin",
    why="Terms on business rates hold until their reset. A reset in or before their first year leaves them no year.",
    bad='[fiscal.business_rates]\nfrom = "2030-31"\nreset = "2029-30"',
    good='[fiscal.business_rates]\nfrom = "2026-27"\nreset = "2029-30"',
    reads=(),
)  # fmt: skip
def reset_first(deal: Deal, context: Context) -> Iterator[Fault]:
    terms = deal.fiscal.business_rates
    if terms is None:
        return
    if terms.reset <= deal.fiscal_from:
        begin = financial_year(deal.fiscal_from)
        fact = f"The reset of {financial_year(terms.reset)} is not after {begin}, when the terms begin."
        yield terms.where("reset"), fact, "Name a later year for the reset."


@rule(
    "DX507", "error", "An existing agreement that is none",
    why="What was signed before the deal is no gain of the deal until it ends. An agreement that ends before it "
    "starts, or before the deal, or starts when the deal has begun, is not one.",
    bad='[fiscal.business_rates]\nfrom = "2024-25"\nexisting_until = "2023-24"',
    good='[fiscal.business_rates]\nfrom = "2024-25"\nexisting_until = "2033-34"',
    reads=(),
)  # fmt: skip
def agreement_that_is_none(deal: Deal, context: Context) -> Iterator[Fault]:
    terms = deal.fiscal.business_rates
    if terms is None:
        return
    last, starts = terms.existing_until, financial_year(deal.starts)
    since = terms.existing_from or (None if terms.existing_retention is not None else terms.from_year)
    if last is not None and since is not None and last < since:
        ends, begins = financial_year(last), financial_year(since)
        fact = f"The existing agreement would end in {ends}, before it starts in {begins}."
        yield terms.where("existing_until"), fact, "Write its first year and its last."
    elif last is not None and last < deal.starts:
        fact = f"The existing agreement ended in {financial_year(last)}, before the deal starts in {starts}."
        yield terms.where("existing_until"), fact, "Leave it out: what has ended, nobody holds."
    elif (last or terms.existing_from) and since is not None and since >= deal.starts:
        where = "existing_from" if terms.existing_from else "existing_until"
        fact = f"The existing agreement would start in {financial_year(since)}, not before the deal, in {starts}."
        yield terms.where(where), fact, "Give the year in which it began (existing_from), or leave it out."


@rule(
    "DX508", "warning", "Kept already, claimed as new",
    why="A share of business rates that the area keeps under an earlier agreement is no gain of the deal. It is kept "
    "on both paths, and shown apart as already held.",
    bad='[fiscal.business_rates]\nretention = 1.0\nfrom = "2024-25"',
    good='[fiscal.business_rates]\nretention = 1.0\nfrom = "2024-25"\nexisting_until = "2033-34"',
    reads=(),
)  # fmt: skip
def already_kept(deal: Deal, context: Context) -> Iterator[Fault]:
    terms, starts = deal.fiscal.business_rates, financial_year(deal.starts)
    if terms is None:
        return
    begin = max(deal.starts, terms.from_year)
    if terms.existing_retention is None:
        if terms.from_year < deal.starts and not (terms.existing_until or terms.existing_from):
            fact = (
                f"The terms on business rates begin in {financial_year(terms.from_year)}, before the deal does in "
                f"{starts}: the area holds them already, so the deal gains nothing by them."
            )
            yield terms.where("from"), fact, (
                "Add existing_until, the last year of that agreement, or existing_from where no end is known; where "
                "the deal changes the share, add existing_retention."
            )  # fmt: skip
        return
    held = terms.existing_until is None or begin <= terms.existing_until
    if held and terms.retention == terms.existing_retention:
        fact = f"The deal gives a share of {terms.retention} from {financial_year(begin)} on, which is held already."
        fix = "Let its terms begin after the agreement's last year (existing_until), or leave existing_retention out."
        yield terms.where("retention"), fact, fix
