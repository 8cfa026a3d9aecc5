"""What the ladder would have done at its soonest: facts of real life recorded under a deal that did not exist.

Each entry goes through the very rules of the register (:mod:`soke.register.meaning`), with the day of the fact as its
time. A condition that is found missed is reported the same day, and each step of the ladder is taken by who may take it
on the first day that it is allowed: nobody could be quicker. A recall takes all that the deal lets it take. When the
fact ends in reality, what was recalled is restored. No clock, no file, no database.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from soke.deal.ladder import Transition, window
from soke.errors import SokeError
from soke.register.acts.act import Act
from soke.register.field_types import USES
from soke.register.kinds import REGISTER, REGISTRAR
from soke.register.meaning import drafted, of_register
from soke.register.replay_case import NOTICE, SAID, Case, Event
from soke.register.state import DealState, OpenMatter
from soke.text import financial_year, year_of

CLIMB = ("notice", "response", "cure", "hearing", "decision", "recall", "lapse")  # nobody appeals: that would be slower
PERSON = "replay"  # each party has one of its own: nobody acts for two sides
ASKED_OF = ("councils",)
DAY = dt.timedelta(1)
EARLY = dt.timedelta(90)  # the register opens so long before the first fact: more than a partner has to answer


class LadderAtItsSoonest:
    """A register of one deal, made of the facts of a case. ``refused``: why a recall could not be taken, if so."""

    def __init__(self, case: Case, deal_id: str, deal: str, framework: str) -> None:
        self.case, self.state = case, DealState(deal_id)
        self.entries: list[dict[str, Any]] = []
        self.refused: SokeError | None = None
        first = case.events[0].when.day - EARLY
        self._open(first, deal, framework)
        self._ask(first)

    def days(self) -> Iterator[Event]:
        """Go through the facts in order. When one is handed out, it and all that was due by its day is on record."""
        for event in self.case.events:
            self._climb(until=event.when.day - DAY)
            self._fact(event)
            self._climb(until=event.when.day)
            yield event

    def finish(self) -> None:
        """Let the ladder run on after the last fact, as far as it goes by itself."""
        self._climb(until=dt.date.max)

    # --- entries ---

    def _take(self, on: dt.date, kind: str, party: str, body: Mapping[str, Any]) -> None:
        at = dt.datetime.combine(on, dt.time(12), dt.UTC)
        act = Act(kind, at, party, _person(party), body)
        deal, seq = REGISTER if of_register(kind, body) else self.state.id, len(self.entries)
        entry = drafted(self.state, deal, act, seq).entry(seq)
        self.entries.append(entry)

    def _open(self, on: dt.date, deal: str, framework: str) -> None:
        """A register, the deal signed, its flexibilities conferred, its money allotted: all before the first fact."""
        opened = {"name": f"Replay: {self.case.title}", "registrars": [_person(REGISTRAR)], "rehearsal": True}
        self._take(on, "register.opened", REGISTRAR, opened)
        self._take(on, "deal.proposed", REGISTRAR, {"version": 1, "deal": deal, "framework": framework})
        for party in self.state.deal.parties:
            self._take(on, "person.appointed", REGISTRAR, {"name": _person(party.id), "for_party": party.id})
        giver = self.state.parties("giver")[0]
        for signer in (*self.state.parties("receiver", "consenting-council"), giver):
            self._take(on, "deal.signed", signer, {"version": 1})
        for power in self.state.deal.powers:
            if power.recallable:
                self._take(on, "power.conferred", power.giver, {"powers": [power.id]})
        for fund in self.state.deal.funds:
            for row in fund.profile:
                for use, pounds in zip(USES, (row.revenue, row.capital), strict=True):
                    if pounds:
                        body = {
                            "fund": fund.id,
                            "year": financial_year(row.year),
                            "use": use,
                            "pence": int(pounds * 100),
                        }
                        self._take(on, "fund.allotted", fund.payer, body)

    def _fact(self, event: Event) -> None:
        on = event.when.day
        if event.kind == NOTICE:
            self._notice(event, on)
        self._decisions(event, on)
        if event.recovered:
            self._recover(event, on)

    def _ask(self, on: dt.date) -> None:
        """Every joint decision, for the day of the meeting that is its first mention."""
        known, place = self.state.partners.decisions, self.state.parties("receiver")[0]
        for event in self.case.events:
            for decision in event.decisions:
                if decision.id in known:
                    continue
                asked = {
                    "decision": decision.id, "title": decision.title, "partners": list(ASKED_OF),
                    "due": event.when.day.isoformat(),
                    "note": "The day of asking is not known: it is taken as long before",
                }  # fmt: skip
                self._take(on, "decision.asked", place, asked)

    def _decisions(self, event: Event, on: dt.date) -> None:
        """What the councils said there, if anything."""
        for decision in event.decisions:
            said = SAID[event.kind]
            if said:
                reason = {"reason": event.what} if said == "disputed" else {}
                self._take(on, event.kind, ASKED_OF[0], {"decision": decision.id, **reason})

    def _notice(self, event: Event, on: dt.date) -> None:
        condition = self.state.condition(event.condition)
        source = "; ".join(f"{source.publisher}: {source.title}" for source in event.sources)
        body = {"condition": condition.id, "title": event.what, "published": on.isoformat(), "source": source,
                "grade": event.grade}  # fmt: skip
        self._take(on, NOTICE, condition.reported_by, body)
        under_way = any(matter.open and matter.condition == condition for matter in self.state.matters.values())
        missed = self.state.evaluation(condition.id, on, on).status == "missed"
        if missed and not under_way:
            name = event.id or f"matter-{len(self.state.matters) + 1}"
            report = {"matter": name, "condition": condition.id, "period_end": on.isoformat()}
            self._take(on, "matter.report", condition.reported_by, report)

    def _recover(self, event: Event, on: dt.date) -> None:
        giver = self.state.parties("giver")[0]
        for matter in self.state.matters.values():
            if matter.open and matter.ground == "condition":
                action = "restore" if matter.matter.state == "recalled" else "close"
                self._take(on, f"matter.{action}", giver, {"matter": matter.id, "reason": event.what})

    # --- the ladder ---

    def _climb(self, until: dt.date) -> None:
        while (step := self._next()) is not None:
            day, matter, row = step
            if day > until:
                return
            try:
                self._take(day, f"matter.{row.action}", row.parties[0], self._body(matter, row.action, day))
            except SokeError as error:
                if row.action != "recall":
                    raise
                self.refused = error
                return

    def _next(self) -> tuple[dt.date, OpenMatter, Transition] | None:
        """The next step of a matter that anybody can take, and its first day."""
        steps = []
        for matter in self.state.matters.values():
            rows = [row for row in matter.ladder.leaving(matter.matter.state) if row.action in CLIMB and row.parties]
            if matter.open and rows and not (self.refused and rows[0].action == "recall"):
                row = min(rows, key=lambda row: CLIMB.index(row.action))
                steps.append((window(row, matter.matter)[0], matter, row))
        return min(steps, key=lambda step: step[0], default=None)

    def _body(self, matter: OpenMatter, action: str, day: dt.date) -> dict[str, Any]:
        body: dict[str, Any] = {"matter": matter.id}
        if action in ("notice", "decision", "recall"):
            body["reason"] = "Taken on the first day that the ladder allows, in a replay"
        if action == "recall":
            body["takes"] = self.takes(matter, day)
            body["loses"] = {"residents": self.case.residents, "services": self.case.services}
        return body

    def takes(self, matter: OpenMatter, day: dt.date) -> list[dict[str, Any]]:
        """All that a recall on a day could take of the year's money and of the flexibilities in its reach."""
        year = year_of(day)
        powers = [power.id for power in self.state.deal.powers if power.recallable]
        reached = [{"power": name} for name in powers if name in matter.matter.scope or not matter.matter.scope]
        money = []
        for fund in self.state.deal.funds:
            most = self.state.reach(matter, fund, year)
            whole = -self.state.ledger.total("promised", fund=fund.id, year=year)
            for use in USES:
                part = -self.state.ledger.balance(fund.id, year, use, "promised")
                pence = int(Decimal(most) * part / whole) if whole else 0
                if pence:
                    money.append({"fund": fund.id, "year": financial_year(year), "use": use, "pence": pence})
        return [*reached, *money]


def _person(party: str) -> str:
    return f"{PERSON}, {party}"
