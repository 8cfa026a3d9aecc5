"""A party, power, fund, condition or community of a deal that is succeeded by one or several others.

What was signed stays as it was signed; :func:`deal_after` gives the deal as it reads after the successions, in their
order: the one for whom it is read, be it a rule, a scorecard or a count. A thing that was succeeded stands in it no
more, and its heirs, which must be there, have what it had:

* a **party** with one heir: the heir stands wherever the party stood. With several: a power that it held and a fund
  that it paid or held become a part for each heir, ``growth.north`` and ``growth.south``, so that each holds, spends,
  gives back or loses its own; recalls that reached the whole reach the parts. What only one can be (who reports, who
  checks, who gives a power) keeps the id of the party, and :func:`heirs_now` says who stands in its place.
* a **fund**: its heirs have its years in addition to their own. A **community** undertaking: its amount.
* a **power** or a **condition**: nothing but its place.

Sums are divided to the penny by the largest remainder. A version of the deal that no longer names a thing, since it
was written after the succession, is read as it is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Literal, TypeVar

from soke.deal.condition import Condition, DueProcess
from soke.deal.ladder import Ladder
from soke.deal.types import Community, Deal, Fund, FundYear, Power

Thing = Literal["party", "power", "fund", "condition", "community"]
THINGS: tuple[Thing, ...] = ("party", "power", "fund", "condition", "community")
WHOLE = Decimal(1)
Item = TypeVar("Item", Power, Fund)


@dataclass(frozen=True, slots=True)
class Heir:
    id: str
    share: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession:
    """``heirs`` have what the thing had, from the day ``on``; their shares sum to one. ``order``: what says so in law;
    nothing where both sides agreed on it."""

    thing: Thing
    id: str
    heirs: tuple[Heir, ...]
    on: dt.date
    order: str = ""


def shared(total: int, shares: Sequence[Decimal]) -> list[int]:
    """A sum in pence, in shares that sum to one, by the largest remainder; of equal ones the first has it."""
    sign, size = (-1 if total < 0 else 1), abs(total)
    exact = [size * share for share in shares]
    parts = [int(part) for part in exact]
    order = sorted(range(len(parts)), key=lambda place: (parts[place] - exact[place], place))
    for place in order[: size - sum(parts)]:
        parts[place] += 1
    return [sign * part for part in parts]


def part_of(named: str, heir: str) -> str:
    """The id of an heir's part of a power, a fund or a promise."""
    return f"{named}.{heir}"


# --- who stands in whose place ---


def heirs_now(successions: Iterable[Succession], thing: Thing, named: str) -> tuple[str, ...]:
    """The ids that stand in the place of a thing today; itself, where it was not succeeded."""
    now = [named]
    for one in successions:
        if one.thing == thing and one.id in now:
            now = [id for name in now for id in ([heir.id for heir in one.heirs] if name == one.id else [name])]
    return tuple(dict.fromkeys(now))


def share_now(successions: Iterable[Succession], thing: Thing, then: str, now: str) -> Decimal:
    """The share of a thing of the past that a thing of today has; of a thing that was not succeeded, all of itself."""
    has = {then: WHOLE}
    for one in successions:
        if one.thing == thing and one.id in has:
            whole = has.pop(one.id)
            for heir in one.heirs:
                has[heir.id] = has.get(heir.id, Decimal(0)) + whole * heir.share
    return has.get(now, Decimal(0))


def passes(deal: Deal, one: Succession) -> dict[str, tuple[Heir, ...]]:
    """The funds that go over to others by a succession, each with those that have it; divided ones by their parts."""
    if one.thing == "fund":
        return {one.id: one.heirs}
    if one.thing != "party" or len(one.heirs) == 1:
        return {}
    divided = [fund.id for fund in deal.funds if one.id in (fund.payer, fund.payee)]
    return {name: _parts(name, one.heirs) for name in divided}


def powers_passed(deal: Deal, one: Succession) -> dict[str, tuple[str, ...]]:
    """The powers that go over to others by a succession, each with those in its place."""
    if one.thing == "power":
        return {one.id: tuple(heir.id for heir in one.heirs)}
    if one.thing != "party" or len(one.heirs) == 1:
        return {}
    held = [power.id for power in deal.powers if power.holder == one.id]
    return {name: tuple(part_of(name, heir.id) for heir in one.heirs) for name in held}


def _parts(named: str, heirs: Sequence[Heir]) -> tuple[Heir, ...]:
    return tuple(Heir(part_of(named, heir.id), heir.share) for heir in heirs)


# --- the deal as it reads afterwards ---


class _Signed:
    """A deal by its identity: two that read alike are told apart, which does no harm."""

    __slots__ = ("deal",)

    def __init__(self, deal: Deal) -> None:
        self.deal = deal

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Signed) and other.deal is self.deal

    def __hash__(self) -> int:
        return id(self.deal)


def deal_after(deal: Deal, successions: Sequence[Succession]) -> Deal:
    """The deal as it reads after the successions, in their order."""
    return _after(_Signed(deal), tuple(successions)) if successions else deal


@lru_cache(maxsize=256)
def _after(signed: _Signed, successions: tuple[Succession, ...]) -> Deal:
    return _one(deal_after(signed.deal, successions[:-1]), successions[-1])


def missing_heirs(deal: Deal, successions: Iterable[Succession]) -> Iterator[tuple[Succession, str]]:
    """Each heir that a version of the deal lacks, though it names what the heir came in the place of."""
    done: list[Succession] = []
    for one in successions:
        reads = deal_after(deal, done)
        if one.id in ids_of(reads, one.thing):
            yield from ((one, heir.id) for heir in one.heirs if heir.id not in ids_of(reads, one.thing))
        done.append(one)


def ids_of(deal: Deal, thing: Thing) -> tuple[str, ...]:
    things: Mapping[Thing, Sequence[Power | Fund | Condition | Community]] = {
        "power": deal.powers, "fund": deal.funds, "condition": deal.conditions, "community": deal.community,
    }  # fmt: skip
    return tuple(party.id for party in deal.parties) if thing == "party" else tuple(one.id for one in things[thing])


def _one(deal: Deal, one: Succession) -> Deal:
    if one.id not in ids_of(deal, one.thing):
        return deal
    funds, powers = passes(deal, one), powers_passed(deal, one)
    ids = {name: tuple(heir.id for heir in heirs) for name, heirs in funds.items()} | powers
    if one.thing == "party":
        ids[one.id] = tuple(heir.id for heir in one.heirs)
        deal = _party(deal, one, funds, powers)
    elif one.thing == "fund":
        deal = _fund(deal, one)
    elif one.thing == "power":
        deal = replace(deal, powers=tuple(power for power in deal.powers if power.id != one.id))
    elif one.thing == "condition":
        return replace(deal, conditions=tuple(each for each in deal.conditions if each.id != one.id))
    else:
        return _community(deal, one)
    return replace(
        deal,
        conditions=tuple(condition_after(condition, ids) for condition in deal.conditions),
        funds=tuple(replace(fund, powers=_mapped(fund.powers, ids)) for fund in deal.funds),
        pools=tuple(replace(pool, partners=_mapped(pool.partners, ids)) for pool in deal.pools),
        accountability=tuple(replace(each, covers=_mapped(each.covers, ids)) for each in deal.accountability),
        community=tuple(replace(each, from_fund=_only(each.from_fund, ids), decided_by=_only(each.decided_by, ids))
                        for each in deal.community),
    )  # fmt: skip


def _mapped(names: tuple[str, ...], ids: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The names with those in their place; each once."""
    return tuple(dict.fromkeys(new for name in names for new in ids.get(name, (name,))))


def _only(named: str, ids: Mapping[str, tuple[str, ...]]) -> str:
    """The one in the place of a name; the name itself where there are several."""
    return ids[named][0] if len(ids.get(named, ())) == 1 else named


def condition_after(condition: Condition, ids: Mapping[str, tuple[str, ...]]) -> Condition:
    """A condition with the ids of parties, funds and powers as they are now."""
    recall = condition.recall
    return replace(
        condition, reported_by=_only(condition.reported_by, ids), checked_by=_only(condition.checked_by, ids),
        tie=_only(condition.tie, ids), recall=recall and replace(recall, scope=_mapped(recall.scope, ids)),
    )  # fmt: skip


def _party(
    deal: Deal, one: Succession, funds: Mapping[str, tuple[Heir, ...]], powers: Mapping[str, tuple[str, ...]]
) -> Deal:
    name = one.heirs[0].id if len(one.heirs) == 1 else one.id
    names = {party.id: party.name for party in deal.parties}

    def now(party: str, heir: str = name) -> str:
        return heir if party == one.id else party

    def part(item: Item, heir: Heir) -> Item:
        title = f"{item.title} ({names.get(heir.id, heir.id)})"
        return replace(item, id=part_of(item.id, heir.id), title=title)

    held: list[Power] = []
    for given in deal.powers:
        power = replace(given, giver=now(given.giver))
        if power.id in powers:
            held += [replace(part(power, heir), holder=heir.id) for heir in one.heirs]
        else:
            held.append(replace(power, holder=now(power.holder)))
    paid: list[Fund] = []
    for fund in deal.funds:
        if fund.id in funds:
            cut = _cut(fund, [heir.share for heir in one.heirs])
            paid += [replace(part(its, heir), payer=now(fund.payer, heir.id), payee=now(fund.payee, heir.id))
                     for its, heir in zip(cut, one.heirs, strict=True)]  # fmt: skip
        else:
            paid.append(replace(fund, payer=now(fund.payer), payee=now(fund.payee)))
    return replace(
        deal, parties=tuple(party for party in deal.parties if party.id != one.id), powers=tuple(held),
        funds=tuple(paid), due_process=deal.due_process and _process(deal.due_process, one.id, name),
    )  # fmt: skip


def _process(process: DueProcess, party: str, now: str) -> DueProcess:
    judges = {role: now for role in ("hearing_before", "decision_by", "appeal_to") if getattr(process, role) == party}
    return replace(process, **judges)  # type: ignore[arg-type]


def _cut(fund: Fund, shares: Sequence[Decimal]) -> list[Fund]:
    """The fund in shares: its years, what was spent before, and its lines, each to the penny."""

    def part(pounds: Decimal, place: int) -> Decimal:
        return Decimal(shared(int(pounds * 100), shares)[place]) / 100

    def years(rows: Iterable[FundYear], place: int) -> tuple[FundYear, ...]:
        return tuple(replace(row, revenue=part(row.revenue, place), capital=part(row.capital, place)) for row in rows)

    return [
        replace(fund, profile=years(fund.profile, place), previous_spend=years(fund.previous_spend, place),
                lines={name: part(pounds, place) for name, pounds in fund.lines.items()})
        for place in range(len(shares))
    ]  # fmt: skip


def _fund(deal: Deal, one: Succession) -> Deal:
    """The heirs have the years of the fund in addition to their own."""
    gone = next(fund for fund in deal.funds if fund.id == one.id)
    cut = _cut(gone, [heir.share for heir in one.heirs])
    more = {heir.id: its for heir, its in zip(one.heirs, cut, strict=True)}
    return replace(deal, funds=tuple(
        replace(fund, profile=_added(fund.profile, more[fund.id].profile),
                previous_spend=_added(fund.previous_spend, more[fund.id].previous_spend))
        if fund.id in more else fund
        for fund in deal.funds if fund.id != one.id
    ))  # fmt: skip


def _added(mine: Sequence[FundYear], theirs: Sequence[FundYear]) -> tuple[FundYear, ...]:
    rows = {row.year: row for row in mine}
    for row in theirs:
        had = rows.get(row.year)
        more = had and replace(had, revenue=had.revenue + row.revenue, capital=had.capital + row.capital)
        rows[row.year] = more or row
    return tuple(rows[year] for year in sorted(rows))


def _community(deal: Deal, one: Succession) -> Deal:
    amount = next(each.amount for each in deal.community if each.id == one.id)
    pence = shared(int(amount * 100), [heir.share for heir in one.heirs])
    more = {heir.id: Decimal(part) / 100 for heir, part in zip(one.heirs, pence, strict=True)}
    return replace(deal, community=tuple(
        replace(each, amount=each.amount + more.get(each.id, Decimal(0)))
        for each in deal.community if each.id != one.id
    ))  # fmt: skip


def ladder_after(ladder: Ladder, successions: Iterable[Succession]) -> Ladder:
    """A ladder whose steps are for those who stand in the place of a party today; its days and its order stay."""
    done = tuple(one for one in successions if one.thing == "party")
    if not done:
        return ladder

    def now(parties: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(id for party in parties for id in heirs_now(done, "party", party)))

    process = ladder.process
    for one in done:
        if len(one.heirs) == 1:
            process = _process(process, one.id, one.heirs[0].id)
    steps = tuple(replace(row, parties=now(row.parties)) for row in ladder.transitions)
    return replace(ladder, transitions=steps, process=process)
