"""Indicators that are counted from what the partners and communities themselves recorded, never from a narrative.

Each count looks at what fell due within a window of days, as it was known on a day: what was recorded later is not
seen. Nothing due gives no share: a place is not judged on what nobody asked of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from soke.errors import SokeError


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What one partner itself said of a joint decision."""

    partner: str
    said: Literal["confirmed", "disputed"]
    on: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class JointDecision:
    """Asked of ``partners``; reached when each of them has itself confirmed it by the day due."""

    id: str
    partners: tuple[str, ...]
    asked: dt.date
    due: dt.date
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """Promised to a pooled budget, in pence; ``payments`` are those that the receiver confirmed."""

    id: str
    pence: int
    due: dt.date
    payments: tuple[tuple[dt.date, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    id: str
    due: dt.date
    settled: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A round of a community budget: what residents decided, and when it was adopted as they decided it."""

    id: str
    pence: int
    due: dt.date  # by when the deal says that it is adopted
    adopted: dt.date | None = None
    ballots: int | None = None  # cast, of so many people who could; None where it is not on record
    eligible: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A recommendation of an assembly or of users, when it was answered, and what came of it: adopted, to be done
    ``by`` a day, and ``done`` as those who wait for it confirmed."""

    id: str
    due: dt.date
    answered: dt.date | None = None
    asked: dt.date | None = None
    panel: str = ""
    said: str = ""
    adopted: bool = False
    by: dt.date | None = None
    done: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """An asset promised to a community group, and when it was handed over."""

    id: str
    due: dt.date
    completed: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A service that a community group delivers; ``payments`` are those that the group's side confirmed."""

    id: str
    pence: int  # in all
    first: dt.date
    last: dt.date
    break_days: int
    payments: tuple[tuple[dt.date, int], ...] = ()
    outcomes: tuple[tuple[dt.date, bool], ...] = ()  # end of the period, and whether they were met
    ended: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """All that was recorded under a deal. ``revenue_pence`` is the deal's revenue in the window, for shares of it."""

    decisions: Sequence[JointDecision] = ()
    contributions: Sequence[Contribution] = ()
    disputes: Sequence[Dispute] = ()
    rounds: Sequence[Round] = ()
    answers: Sequence[Answer] = ()
    transfers: Sequence[Transfer] = ()
    deliveries: Sequence[Delivery] = ()
    revenue_pence: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The days of a period, both ends included."""

    first: dt.date
    last: dt.date

    def holds(self, date: dt.date) -> bool:
        return self.first <= date <= self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """``done`` of ``asked``; ``failed`` names what was not done in time."""

    done: int
    asked: int
    failed: tuple[str, ...] = ()

    @property
    def share(self) -> Decimal | None:
        return Decimal(self.done) / self.asked if self.asked else None


def joint_decisions(records: Records, window: Window, on: dt.date) -> Count:
    """Decisions that each partner confirmed by the day due. A partner's last word by then counts; silence is none."""
    asked = [one for one in records.decisions if one.asked <= on and _fell_due(one.due, window, on)]
    return _counted([(one.id, _reached(one)) for one in asked])


def pooled_contributions(records: Records, window: Window, on: dt.date) -> Count:
    """Pence paid by the day due, of pence promised; paying one share twice does not make up for another."""
    asked = [one for one in records.contributions if _fell_due(one.due, window, on)]
    paid = {
        one.id: max(0, min(one.pence, sum(pence for date, pence in one.payments if date <= one.due))) for one in asked
    }
    failed = tuple(one.id for one in asked if paid[one.id] < one.pence)
    return Count(done=sum(paid.values()), asked=sum(one.pence for one in asked), failed=failed)


def disputes_settled(records: Records, window: Window, on: dt.date) -> Count:
    """Disputes settled by the day due."""
    asked = [one for one in records.disputes if _fell_due(one.due, window, on)]
    return _counted([(one.id, _by(one.settled, one.due)) for one in asked])


def community_share(records: Records, window: Window, on: dt.date) -> Count:
    """Pence that communities decided and that were adopted, in time, as they decided; of the deal's revenue."""
    revenue = _revenue(records)
    asked = [one for one in records.rounds if _fell_due(one.due, window, on)]
    done = sum(one.pence for one in asked if _by(one.adopted, one.due))
    failed = tuple(one.id for one in asked if not _by(one.adopted, one.due))
    return Count(done=done, asked=revenue, failed=failed)


def answers_in_time(records: Records, window: Window, on: dt.date) -> Count:
    """Recommendations answered by the day due."""
    asked = [one for one in records.answers if _fell_due(one.due, window, on)]
    return _counted([(one.id, _by(one.answered, one.due)) for one in asked])


def transfers_in_time(records: Records, window: Window, on: dt.date) -> Count:
    """Assets handed over by the day due."""
    asked = [one for one in records.transfers if _fell_due(one.due, window, on)]
    return _counted([(one.id, _by(one.completed, one.due)) for one in asked])


def turnout(records: Records, window: Window, on: dt.date) -> Count:
    """Ballots cast, of the people who could cast one, in rounds that fell due. ``failed`` are rounds of which a
    witness put neither on record: they are in no share, and they are named."""
    asked = [one for one in records.rounds if _fell_due(one.due, window, on)]
    known = [(one.ballots, one.eligible) for one in asked if one.ballots is not None and one.eligible is not None]
    failed = tuple(one.id for one in asked if one.ballots is None or one.eligible is None)
    return Count(done=sum(ballots for ballots, _ in known), asked=sum(of for _, of in known), failed=failed)


def community_delivery(records: Records, window: Window, on: dt.date) -> Count:
    """Pence that community groups received for services that they deliver; of the deal's revenue."""
    revenue = _revenue(records)
    came = (pence for one in records.deliveries for day, pence in one.payments if window.holds(day) and day < on)
    return Count(done=sum(came), asked=revenue)


Counting = Callable[[Records, Window, dt.date], Count]
COUNTS: Mapping[str, Counting] = {  # by the id of the indicator
    "joint-decisions": joint_decisions, "pooled-contributions": pooled_contributions,
    "disputes-settled": disputes_settled, "community-share": community_share, "answers-in-time": answers_in_time,
    "transfers-in-time": transfers_in_time, "turnout": turnout, "community-delivery": community_delivery,
}  # fmt: skip
OF_PENCE = frozenset(
    {"pooled-contributions", "community-share", "community-delivery"}
)  # these count money, the others things


def _revenue(records: Records) -> int:
    if records.revenue_pence is None:
        raise SokeError("The deal's revenue in the period is not given.", "Give it in pence, to take a share of it.")
    return records.revenue_pence


def _fell_due(due: dt.date, window: Window, on: dt.date) -> bool:
    """The day due is in the window, and is past: on the day itself there is still time."""
    return window.holds(due) and due < on


def _by(done: dt.date | None, due: dt.date) -> bool:
    return done is not None and done <= due


def _reached(decision: JointDecision) -> bool:
    in_time = sorted((word for word in decision.words if word.on <= decision.due), key=lambda word: word.on)
    last = {word.partner: word.said for word in in_time}
    return bool(decision.partners) and all(last.get(partner) == "confirmed" for partner in decision.partners)


def _counted(kept: list[tuple[str, bool]]) -> Count:
    failed = tuple(name for name, in_time in kept if not in_time)
    return Count(done=len(kept) - len(failed), asked=len(kept), failed=failed)
