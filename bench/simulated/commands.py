"""What people ask for: mostly what fits the state that they see, sometimes what never may be recorded.

A wish with ``never`` says why it must be refused whatever came between. All other wishes may be refused or not: the
auditor judges what was written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from simulated import upkeep
from simulated.keys import key_lost, key_wish
from simulated.promises import promise_wish
from simulated.wish import DAY, KEEPER, Drawing, Wish, person_of, spelled_otherwise
from soke.deal.ladder import due
from soke.register.kinds import REGISTER, REGISTRAR
from soke.register.state import OpenMatter
from soke.text import financial_year

LOSES = {"residents": "People of both towns", "services": "Courses and trams"}
USES = ("revenue", "capital")
HEIRS = (  # of bench/simulated/heirs.toml: the thing, its id, those that may come in its place
    ("party", "authority", ["east", "west"]), ("party", "councils", ["borough", "shire"]),
    ("party", "ministry", ["department"]), ("party", "treasury", ["exchequer", "department"]),
    ("party", "nhs", ["trust"]), ("party", "residents", ["assembly"]), ("party", "board", ["auditors"]),
    ("party", "panel", ["tribunal"]), ("party", "west", ["east"]), ("party", "exchequer", ["department"]),
    ("fund", "skills", ["courses"]), ("fund", "courses", ["skills"]), ("power", "retrofit", ["warmth"]),
    ("condition", "trams-carry-more", ["trams-fill"]), ("community", "neighbourhoods", ["wards", "parishes"]),
)  # fmt: skip
SOONER = ("close", "dismiss", "allow", "lift", "withdraw", "make-good")  # what ends a matter early


_ENDS: dict[tuple[int, str], tuple[Any, tuple[dt.date, ...]]] = {}  # kept: deals are read once a process


class Wishes(Drawing):
    """One deal's wishes, from the state as it is."""

    # --- drawing ---

    def one(self) -> Wish | None:
        state, rng = self.state, self.rng
        if upkeep.first_ahead(self.entries, self.now) and rng.random() < 0.6:
            return upkeep.clock(self, self.now)
        if not state.versions:
            return self.proposed()
        if state.current is None:
            return self.first_days()
        if state.status == "suspended" and rng.random() < 0.5:
            return self.of("deal.resumed", self.any(self.sides()), reason="All is settled")
        if state.key_lost and rng.random() < 0.2:
            return key_lost(self)
        draws: list[tuple[int, Callable[[], Wish | None]]] = [
            (50, self.climb), (6, self.opened), (3, self.emergency), (2, self.breach), (22, self.money),
            (7, self.power), (9, self.partners), (16, self.communities), (12, self.evidence), (5, self.agreement),
            (9, lambda: upkeep.upkeep(self)),
            (8, lambda: promise_wish(self)), (6, lambda: key_wish(self)),
            (10 if state.deal.party("east") else 0, self.succession),
        ]  # fmt: skip
        return rng.choices([draw for _, draw in draws], [weight for weight, _ in draws])[0]()

    # --- the deal ---

    def proposed(self) -> Wish:
        deal, offer = self.texts[min(len(self.state.versions), len(self.texts) - 1)]
        return self.of("deal.proposed", REGISTRAR, version=len(self.state.versions) + 1, deal=deal, framework=offer)

    def signing(self) -> Wish:
        terms = self.state.versions[-1]
        parties = self.state.deal_of(terms).parties
        wanted = [one.id for one in parties if one.role in ("receiver", "consenting-council")]
        wanted.append(next(one.id for one in parties if one.role == "giver"))
        left = [one for one in wanted if one not in terms.signed] or wanted
        return self.of("deal.signed", self.any(left), version=terms.version)

    def first_days(self) -> Wish:
        absent = [one.id for one in self.state.deal.parties if one.id not in self.state.people]
        if absent and self.rng.random() < 0.9:
            return self.of("person.appointed", REGISTRAR, name=person_of(absent[0]), for_party=absent[0])
        return self.signing()

    def agreement(self) -> Wish | None:
        drawn, state = self.rng.random(), self.state
        if drawn < 0.25 or len(state.versions[-1].signed) < 1 or state.versions[-1] is not state.current:
            return self.proposed() if state.versions[-1] is state.current else self.signing()
        if drawn < 0.45:
            return self.of("deal.suspended", self.any(self.sides()), reason="Talks")
        if drawn < 0.5:
            return self.of("deal.ended", self.any(self.sides()), reason="The end was agreed")
        if drawn < 0.55:
            return replace(
                self.of("person.appointed", REGISTRAR, name="Bob Keeper", for_party=REGISTRAR), deal=REGISTER
            )
        if drawn < 0.6:
            name = self.any(["Bob Keeper", KEEPER])
            return replace(self.of("person.removed", REGISTRAR, name=name, for_party=REGISTRAR), deal=REGISTER)
        if drawn < 0.75:
            return self.other_spelling()
        party = self.any([one.id for one in state.deal.parties])
        name = f"{party.title()} Deputy"
        kind = "person.removed" if name in state.people.get(party, ()) else "person.appointed"
        name = name if self.rng.random() < 0.8 else spelled_otherwise(name, self.rng)
        return self.of(kind, self.any([REGISTRAR, party]), name=name, for_party=party)

    def other_spelling(self) -> Wish:
        """Somebody is to act for another party too, or a second time, in other letters. Who acts for a party stays:
        only where parties are succeeded may it be right."""
        acting = [party for party, people in self.state.people.items() if person_of(party) in people]
        name, party = spelled_otherwise(person_of(self.any(acting)), self.rng), self.any(self.state.deal.parties).id
        never = "" if self.state.deal.party("east") else f"{name}, who acts already"
        return replace(self.of("person.appointed", REGISTRAR, name=name, for_party=party), never=never)

    def succession(self) -> Wish:
        """Somebody or something is succeeded, mostly by those who may come in its place."""
        thing, named, heirs = self.any(HEIRS)
        if self.rng.random() < 0.1:
            named, heirs = self.any(HEIRS)[1], self.any(HEIRS)[2]  # of another thing
        chosen = self.rng.sample(heirs, self.rng.randint(1, len(heirs)))
        cut = sorted(self.rng.sample(range(1, 1000), len(chosen) - 1))
        parts = [high - low for low, high in zip([0, *cut], [*cut, 1000], strict=True)]
        if self.rng.random() < 0.05:
            parts[0] -= 1
        by = {heir: f"{Decimal(part) / 1000}" for heir, part in zip(chosen, parts, strict=True)}
        body = {"thing": thing, "named": named, "by": by, "on": str(self.today - self.rng.randint(0, 9) * DAY)}
        if thing not in ("party", "power") and self.rng.random() < 0.6:
            return self.agreed_succession(body)
        order = {"order": "An order"} if self.rng.random() < 0.95 else {}
        return self.of("succession.recorded", REGISTRAR, **body, **order)

    def agreed_succession(self, body: dict[str, Any]) -> Wish:
        """What a side agreed to is mostly taken up by the other, and then recorded."""
        if self.state.agreed_successions and self.rng.random() < 0.8:
            one = self.any(self.state.agreed_successions)
            by = {heir.id: f"{heir.share}" for heir in one.what.heirs}
            body = {"thing": one.what.thing, "named": one.what.id, "by": by, "on": str(one.what.on)}
            if len(one.by) > 1 and self.rng.random() < 0.6:
                return self.of("succession.recorded", REGISTRAR, **body)
        return self.of("succession.agreed", self.any(self.sides()), reason="It was rearranged", **body)

    # --- powers and money ---

    def power(self) -> Wish | None:
        offered = sorted(name for name, status in self.state.powers.items() if status != "held")
        held = sorted(self.state.powers.keys() - set(offered))
        if offered and self.rng.random() < 0.5:
            power = self.state.power(self.any(offered))
            givers = self.state.parties("giver")
            return self.of("power.conferred", power.giver if power.giver in givers else givers[0], powers=[power.id])
        gone = sorted({taking.power for one in self.state.matters.values() for taking in one.takes if taking.power})
        gone = [name for name in gone if name in self.state.powers]
        if not held:
            return None
        power = self.state.power(self.any(gone if gone and self.rng.random() < 0.6 else held))
        if self.rng.random() < 0.15:
            return self.of("power.returned", power.holder, power=power.id, reason="Not used")
        return self.of("power.exercised", power.holder, power=power.id, decision="A scheme was made")

    def pots(self, account: str) -> list[tuple[str, int, str, int]]:
        return sorted((*key[:3], pence) for key, pence in self.state.ledger.balances.items()
                      if key[3] == account and pence > 0)  # fmt: skip

    def money(self) -> Wish | None:
        did = self.any(["allotted", "paid", "paid", "committed", "committed", "released", "spent", "spent-promised",
                        "carried-over", "moved"])  # fmt: skip
        if did == "allotted":
            return self.allotted()
        if did in ("released", "spent-promised"):
            return self.of_a_commitment(did)
        pots = self.pots("allotted" if did == "paid" else "held")
        if not pots:
            return self.allotted()
        named, year, use, there = self.any(pots)
        fund = self.state.fund(named)
        more: dict[str, Any] = {}
        if did == "committed":
            more = {"commitment": self.fresh("c"), "purpose": "Works"}
        elif did == "spent":
            more = {"purpose": "Courses"}
        elif did == "moved":
            more = {"to_fund": self.any([one.id for one in self.state.deal.funds])}
        if did in ("carried-over", "moved") and self.rng.random() < 0.6:
            there = max(1, there // 20)
        if did == "carried-over" and self.rng.random() < 0.3:
            did = "carry-over-allowed"
        other = did == "carried-over" and self.rng.random() < 0.1
        role = fund.payer if did in ("paid", "carry-over-allowed") or other else fund.payee
        return self.of(f"fund.{did}", role, fund=named, year=financial_year(year), use=use,
                       pence=self.pence(there), **more)  # fmt: skip

    def allotted(self) -> Wish:
        fund = self.any(self.state.deal.funds)
        row = self.any(fund.profile)
        use = self.any([use for use in USES if getattr(row, use)] or USES[:1])
        most = int(getattr(row, use) * 100) or 1000
        most += self.state.ledger.balance(fund.id, row.year, use, "promised")
        more = {"pay_by": self.soon()} if self.rng.random() < 0.3 else {}
        return self.of("fund.allotted", fund.payer, fund=fund.id, year=financial_year(row.year), use=use,
                       pence=self.pence(most), **more)  # fmt: skip

    def of_a_commitment(self, did: str) -> Wish | None:
        some = [(name, one) for name, one in self.state.commitments.items() if one.pence]
        if not some:
            return None
        name, one = self.any(some)
        more = {"reason": "Not needed"} if did == "released" else {"purpose": "Works"}
        return self.of(f"fund.{did.partition('-')[0]}", self.state.fund(one.fund).payee, fund=one.fund, use=one.use,
                       year=financial_year(one.year), pence=self.pence(one.pence), commitment=name, **more)  # fmt: skip

    # --- what partners and communities record ---

    def partners(self) -> Wish | None:
        parts, every = self.state.partners, self.state.parties("giver", "receiver", "consenting-council", "partner")
        did = self.rng.randrange(8)
        if did == 0:
            role, *others = self.rng.sample(every, 3)
            role = role if self.rng.random() < 0.3 else self.any(self.state.parties("receiver"))
            others = [one for one in others if one != role]
            return self.of("decision.asked", role, decision=self.fresh("d"), title="Join up", partners=others,
                           due=self.soon())  # fmt: skip
        if did <= 3 and parts.decisions:
            one = self.any(list(parts.decisions.values()))
            partner = self.any(self.state.now(*one.partners))
            if self.rng.random() < 0.7:
                return self.of("decision.confirmed", partner, decision=one.id)
            return self.of("decision.disputed", partner, decision=one.id, reason="No money")
        if did == 4:
            pool = self.any(self.state.deal.pools).id if self.state.deal.pools else "none"
            payers = self.state.parties("consenting-council", "partner") if self.rng.random() < 0.8 else every
            return self.of("contribution.promised", self.any(payers), contribution=self.fresh("p"), pool=pool,
                           pence=self.rng.randint(1, 10**6), due=self.soon())  # fmt: skip
        if did == 5 and parts.contributions:
            due_one = self.any(list(parts.contributions.values()))
            came = sum(pence for _, pence in due_one.payments)
            return self.of("contribution.confirmed", self.any(self.state.parties("receiver")), contribution=due_one.id,
                           pence=self.pence(due_one.pence - came), paid_on=str(self.today))  # fmt: skip
        if did == 6 or not parts.disputes:
            return self.of("dispute.raised", self.any(every), dispute=self.fresh("q"), about="Who pays",
                           due=self.soon())  # fmt: skip
        dispute = self.any(list(parts.disputes))
        return self.of(
            "dispute.settled", self.any(self.state.now(parts.raised_by[dispute])), dispute=dispute, how="Each pays half"
        )

    def communities(self) -> Wish | None:
        parts, did = self.state.partners, self.rng.randrange(15)
        if did >= 9:
            return self.groups(did)
        witness = self.any(self.state.parties("community", "assurer", "adjudicator"))
        place, community = self.any(self.state.parties("receiver", "office-holder")), self.state.parties("community")
        if did == 0 or (did <= 4 and not parts.rounds):
            named = self.any(self.state.deal.community).id if self.state.deal.community else "none"
            return self.of("round.opened", place, round=self.fresh("r"), community=named,
                           pence=self.rng.randint(1, 10**6), due=self.soon())  # fmt: skip
        if did <= 4:
            one = self.any(list(parts.rounds.values()))
            if one.id in parts.decided:
                pence = parts.decided[one.id] + (self.rng.random() < 0.1)
                return self.of("round.adopted", place, round=one.id, pence=pence)
            return self.of(
                "round.decided",
                witness,
                round=one.id,
                pence=self.pence(one.pence),
                result="Equal shares",
                **({"ballots": self.rng.randint(1, 9), "eligible": 9} if self.rng.random() < 0.5 else {}),
            )
        if did == 5 or (did == 6 and not parts.answers):
            return self.of("answer.asked", self.any(community), answer=self.fresh("a"), question="More buses?",
                           due=self.soon())  # fmt: skip
        if did == 6:
            return self.of("answer.given", place, answer=self.any(list(parts.answers)), said="Yes", adopted=True,
                           **({"by": self.soon()} if self.rng.random() < 0.5 else {}))  # fmt: skip
        if did == 7 or not parts.transfers:
            return self.of("transfer.promised", place, transfer=self.fresh("t"), asset="The hall", to="The club",
                           due=self.soon())  # fmt: skip
        return self.of("transfer.completed", witness, transfer=self.any(list(parts.transfers)))

    def groups(self, did: int) -> Wish | None:
        """Panels, promises kept, steps of assets, services that a group delivers."""
        parts, undertakings = self.state.partners, self.state.deal.community
        witness = self.any(self.state.parties("community", "assurer", "adjudicator"))
        place = self.any(self.state.parties("receiver", "office-holder"))
        named = self.any(undertakings).id if undertakings else "none"
        if did == 9:
            return self.of("panel.drawn", witness, panel=self.fresh("j"), community=named, people=20,
                           pool=self.rng.randint(19, 200), draw="0" * 64)  # fmt: skip
        if did == 10 and parts.answers:
            promised = [name for name, one in parts.answers.items() if one.adopted and one.done is None]
            if promised:
                return self.of("answer.done", witness, answer=self.any(promised))
            return self.of("answer.given", place, answer=self.any(list(parts.answers)), said="Yes", adopted=True)
        if did == 11:
            return self.asset_step(place)
        if did <= 12 or not parts.deliveries:
            first = self.today + self.rng.randint(0, 60) * DAY
            return self.of("delivery.agreed", place, delivery=self.fresh("s"), community=named,
                           fund=self.any(self.state.deal.funds).id, group="The club",
                           service="Lunches", pence=self.rng.randint(1, 10**6), first=str(first),
                           last=str(first + self.rng.randint(0, 400) * DAY),
                           break_days=self.rng.randint(1, 30))  # fmt: skip
        one = self.any(list(parts.deliveries.values()))
        if did == 13 and self.rng.random() < 0.3:
            ends = self.today + self.rng.randint(one.break_days - 1, 200) * DAY
            return self.of("delivery.ended", place, delivery=one.id, ends=str(ends), reason="The club closes")
        if did == 13:
            return self.of("delivery.outcome", witness, delivery=one.id, period_end=str(self.today), met=True,
                           said="Fifty lunches a week")  # fmt: skip
        came = sum(pence for _, pence in one.payments)
        return self.of("delivery.received", witness, delivery=one.id, payment=self.fresh("p"),
                       pence=self.pence(one.pence - came), paid_on=str(self.today))  # fmt: skip

    def asset_step(self, place: str) -> Wish:
        """The first steps of a case, in their order; now and then one too early."""
        steps = ("nominated", "listed")
        begun = self.state.partners.assets
        named = self.any(list(begun)) if begun and self.rng.random() < 0.6 else self.fresh("h")
        taken = len(begun[named][1]) if named in begun else 0
        if taken and self.rng.random() < 0.2:
            last = begun[named][1][-1]
            return self.of(
                "asset.step-withdrawn", self.any(self.state.now(last.by)), asset=named, step=last.step, reason="A slip"
            )
        step = steps[min(taken, 1)] if self.rng.random() < 0.9 else self.any(steps)
        return self.of("asset.step", place, asset=named, regime="community-right-to-bid", step=step, on=str(self.today),
                       body_kind="parish-council")  # fmt: skip

    # --- evidence ---

    def ends(self, condition: Any) -> list[dt.date]:
        """Periods that ended, late ones first to hand."""
        key = (id(self.state.deal), condition.id)
        if key not in _ENDS:
            _ENDS[key] = (self.state.deal, self.state.periods(condition))
        return [end for end in _ENDS[key][1] if end < self.today][-3:]

    def evidence(self) -> Wish | None:
        rng, condition = self.rng, self.any(self.state.deal.conditions)
        reporter = self.any(self.state.now(condition.reported_by, condition.checked_by))
        checker = self.any(self.state.now(condition.checked_by))
        ends = self.ends(condition)
        if condition.indicator is None:
            if rng.random() < 0.5:
                return self.of("notice.published", reporter, condition=condition.id, title="Best value notice",
                               published=str(self.today - rng.randint(0, 90) * DAY))  # fmt: skip
            ends = [self.today]
        if not ends:
            return None
        told = {one.period_end for one in self.state.reports if one.indicator == condition.indicator}
        end, drawn = self.any([end for end in ends if end in told and rng.random() < 0.5] or ends), rng.random()
        if drawn < 0.35:
            return self.of("condition.evaluated", self.any([reporter, REGISTRAR]), condition=condition.id,
                           period_end=str(end))  # fmt: skip
        if condition.excuse and drawn < 0.5:
            return self.of("excuse.accepted", checker, condition=condition.id, period_end=str(end),
                           ground=self.any(condition.excuse))  # fmt: skip
        kind = "indicator.revised" if end in told else "indicator.reported"
        if end in told and rng.random() < 0.4:
            return self.of("indicator.confirmed", checker, indicator=condition.indicator,
                           period_end=str(end))  # fmt: skip
        low = condition.at_least or condition.at_most or Decimal(1)
        value = (low * rng.choice([50, 90, 97, 100, 103, 150]) / 100).quantize(Decimal(1)) if low > 1 else low
        return self.of(kind, reporter, indicator=condition.indicator, period_end=str(end), value=str(value))

    # --- matters ---

    def opened(self) -> Wish | None:
        """A matter about a condition that was missed; now and then about one that was not."""
        found = []
        some = self.state.deal.conditions
        for condition in self.rng.sample(some, min(4, len(some))):
            ends = self.ends(condition) if condition.indicator is not None else [self.today]
            begun = self.state.begun or self.today  # a clock that is behind may show an earlier day
            for end in [end for end in ends[-2:] if end >= begun]:
                status = self.state.evaluation(condition.id, end, self.today)
                fits = status.status in ("missed", "overdue") and not status.excused
                if (fits and not any(self.state.about(condition.id, end))) or self.rng.random() < 0.03:
                    found.append((condition, end))
        if not found:
            return None
        condition, end = self.any(found)
        reporter = self.any(self.state.now(condition.reported_by, condition.checked_by))
        return self.of("matter.report", reporter, condition=condition.id, matter=self.fresh("m"),
                       period_end=str(end))  # fmt: skip

    def emergency(self) -> Wish:
        state = self.state
        names = [*(one.id for one in state.deal.funds), *(one.id for one in state.deal.powers)]
        return self.of("matter.suspend", self.any(state.parties("giver")), matter=self.fresh("e"), reason="Fraud",
                       scope=self.rng.sample(names, self.rng.randint(1, 2)))  # fmt: skip

    def breach(self) -> Wish:
        more = {"conditions": [self.any(self.state.deal.conditions).id]} if self.rng.random() < 0.5 else {}
        return self.of("matter.breach", self.any(self.state.parties("receiver")), matter=self.fresh("b"),
                       duty="To pay in time", reason="Forty days late", **more)  # fmt: skip

    def climb(self) -> Wish | None:
        """The next step of an open matter, mostly on a day on which it may be taken."""
        matters = [one for one in self.state.matters.values() if one.open]
        if not matters:
            return self.opened()
        rng, furthest = self.rng, max(matters, key=lambda one: len(one.matter.taken))
        one = furthest if rng.random() < 0.7 else self.any(matters)
        rows = [row for row in due(one.ladder, one.matter, self.today) if row.when != "passed" or rng.random() < 0.15]
        if not rows:
            return None
        row = rng.choices(rows, [1 if row.action in SOONER else 12 for row in rows])[0]
        action = row.action
        if rng.random() < 0.06:
            action = self.any([other.action for other in one.ladder.transitions])
        body: dict[str, Any] = {"matter": one.id}
        if rng.random() < 0.95:
            body["reason"] = "On the evidence"
        if action == "recall":
            body |= {"takes": self.takes(one), "loses": LOSES}
        on = (
            row.first + DAY * rng.choice([0, 0, 0, 0, 1, 2, -1]) if row.when == "waits" and rng.random() < 0.9 else None
        )
        parties = [party for party in row.parties if self.state.deal.party(party) is not None] or [REGISTRAR]
        return replace(self.of(f"matter.{action}", self.any(parties), **body), on=on)

    def takes(self, one: OpenMatter) -> list[dict[str, Any]]:
        state = self.state
        found: list[dict[str, Any]] = []
        for named in one.matter.scope:
            if named in state.powers:
                found.append({"power": named})
                continue
            for fund in state.deal.funds:
                if named not in (fund.id, fund.pooled_in):
                    continue
                for of, year, use, account in sorted(state.ledger.balances):
                    if of == fund.id and account == "promised":
                        free = sum(state.ledger.balance(of, year, use, name) for name in ("allotted", "held"))
                        most = min(free, state.reach(one, fund, year))
                        found.append({"fund": of, "year": financial_year(year), "use": use, "pence": self.pence(most)})
        if self.rng.random() < 0.05:
            found.append({"power": self.any(sorted(state.powers))})
        return self.rng.sample(found, self.rng.randint(1, len(found))) if found else [{"power": "none"}]
