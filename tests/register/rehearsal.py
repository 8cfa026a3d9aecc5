"""A deal played through the rules alone, without a database: what is recorded, by whom, on which day."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from typing import Any

from soke.errors import SokeError
from soke.register.acts.act import Act
from soke.register.kinds import REGISTER, REGISTRAR
from soke.register.meaning import drafted, of_register
from soke.register.state import DealState

ROOT = Path(__file__).parents[2]
KEEPER = "Ann Keeper"


@cache
def offer() -> str:
    return (ROOT / "src/soke/deal/offer/england.toml").read_text()


@cache
def deal_text(name: str) -> str:
    return (ROOT / "deals" / f"{name}.toml").read_text()


class Rehearsal:
    """Every party of the deal has one person, who is called after it: Panel Person."""

    def __init__(self, deal: str = "greater-manchester") -> None:
        self.deal, self.state, self.entries = deal, DealState(deal), []  # type: ignore[var-annotated]

    def __call__(self, kind: str, role: str, day: str, /, **body: Any) -> dict[str, Any]:
        """Record at ten in the morning, or at the time given; returns the entry."""
        at = dt.datetime.fromisoformat(day if "T" in day else f"{day}T10:00:00").replace(tzinfo=dt.UTC)
        person = KEEPER if role == REGISTRAR else person_of(role)
        deal, seq = REGISTER if of_register(kind, body) else self.deal, len(self.entries)
        entry = drafted(self.state, deal, Act(kind, at, role, person, body), seq).entry(seq)
        self.entries.append(entry)
        return entry

    def refused(self, kind: str, role: str, day: str, /, **body: Any) -> str:
        """The sentence with which it is refused; the state stays as it was."""
        before = repr(self.state)
        try:
            self(kind, role, day, **body)
        except SokeError as error:
            assert repr(self.state) == before
            return str(error)
        raise AssertionError(f"{kind} by {role} on {day} was allowed")

    def signed(self, day: str = "2026-03-20", *, powers: bool = True) -> Rehearsal:
        """Opened, proposed, everyone appointed, signed by all who must; the flexibility conferred."""
        self("register.opened", REGISTRAR, "2026-03-01", name="soke.example/test", registrars=[KEEPER])
        self("deal.proposed", REGISTRAR, "2026-03-02", version=1, deal=deal_text(self.deal), framework=offer())
        for party in self.state.deal.parties:
            self("person.appointed", REGISTRAR, "2026-03-03", name=person_of(party.id), for_party=party.id)
        for party in self.state.deal.parties:
            if party.role in ("receiver", "consenting-council") or party.id == "mhclg":
                self("deal.signed", party.id, day, version=1)
        if powers:
            self("power.conferred", "mhclg", "2026-04-01", powers=["settlement-flexibility"])
        return self

    def money(self, kind: str, role: str, day: str, fund: str, pence: int, /, **more: Any) -> dict[str, Any]:
        return self(kind, role, day, **({"fund": fund, "year": "2026-27", "use": "revenue", "pence": pence} | more))


def person_of(party: str) -> str:
    return f"{party.title()} Person"


def missed() -> Rehearsal:
    """Greater Manchester, with money paid and a community condition that it missed in 2026-27."""
    play = Rehearsal().signed()
    play.money("fund.allotted", "mhclg", "2026-04-01", "growth-and-place", 3_000_000_000)
    play.money("fund.paid", "mhclg", "2026-04-02", "growth-and-place", 1_500_000_000)
    play.money("fund.committed", "authority", "2026-05-02", "growth-and-place", 500_000_000, commitment="works",
               purpose="Works in Oldham")  # fmt: skip
    play("round.opened", "authority", "2026-05-04", round="r1", community="neighbourhood-budgets", pence=630_000_00,
         due="2026-12-01")  # fmt: skip
    play("round.decided", "residents", "2026-10-04", round="r1", pence=63_000_00, result="Equal shares, 12 projects")
    play("round.adopted", "authority", "2026-11-04", round="r1", pence=63_000_00)
    return play


def recalled(*, takes: list[dict[str, Any]] | None = None) -> Rehearsal:
    """The same, up to the recall of the flexibility and of half the fund."""
    play = missed()
    play("matter.report", "panel", "2027-06-01", matter="m1", condition="communities-decide", period_end="2027-03-31")
    play("matter.notice", "mhclg", "2027-06-10", matter="m1", reason="Communities decided a fifth of a per cent")
    play("matter.response", "authority", "2027-07-01", matter="m1", reason="We began late")
    play("matter.cure", "panel", "2027-07-09", matter="m1")
    play("matter.hearing", "panel", "2028-01-10", matter="m1")
    play("matter.decision", "panel", "2028-01-20", matter="m1", reason="Two rounds of nine were opened")
    play("matter.recall", "mhclg", "2028-03-03", matter="m1", takes=takes or TAKES, loses=LOSES,
         reason="Not put right")  # fmt: skip
    return play


TAKES = [
    {"power": "settlement-flexibility"},
    {"fund": "growth-and-place", "year": "2026-27", "use": "revenue", "pence": 1_500_000_000},
]
LOSES = {"residents": "People in the ten boroughs", "services": "High-street grants not yet promised"}
