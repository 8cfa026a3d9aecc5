"""Registers of many entries, as many years of a deal would make them: most move money, some name new things."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "bench")]

from simulated.deals import quick  # noqa: E402
from simulated.wish import KEEPER, person_of  # noqa: E402
from soke.register.book import Book, Command, Timed, open_book  # noqa: E402
from soke.register.kinds import REGISTRAR  # noqa: E402
from soke.register.storage import Log  # noqa: E402

OPENED = dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC)
TOGETHER = 400
POT = {"fund": "trams", "year": "2026-27", "use": "capital"}


class Growing:
    """A register that grows by the real book, of so many deals in turn. Used with ``with``."""

    def __init__(self, where: Path | str, deals: int = 1) -> None:
        self.log = Log.create(where)
        self._book = open_book(self.log, "grown", [KEEPER], OPENED)
        self._names = [f"deal-{number}" for number in range(deals)]
        for name in self._names:
            _begin(self._book, name)
        self._years = {name: _years(name) for name in self._names}
        self._now, self._turn = OPENED + dt.timedelta(days=40), 0

    def __enter__(self) -> Growing:
        return self

    def __exit__(self, *_: object) -> None:
        self.log.close()

    def to(self, entries: int) -> None:
        """Let it grow to that many entries."""
        while len(self.log) < entries:
            group = []
            for _ in range(min(TOGETHER, entries - len(self.log))):
                self._now += dt.timedelta(seconds=20)
                name = self._names[self._turn % len(self._names)]
                self._turn += 1
                group.append(Timed(next(self._years[name]), self._now, self._now.date()))
            _, refusal = self._book.record_together(group)
            if refusal is not None:
                raise refusal


def grow(where: Path | str, entries: int, deals: int = 1) -> None:
    with Growing(where, deals) as growing:
        growing.to(entries)


def _begin(book: Book, name: str) -> None:
    """Signed, its people appointed, its powers conferred, and money in its fund."""
    deal, offer = (text.replace('id = "quick"', f'id = "{name}"', 1) for text in quick()[0])
    now = [OPENED]

    def record(kind: str, role: str, /, **body: Any) -> None:
        now[0] += dt.timedelta(hours=3)
        command = Command(deal=name, kind=kind, role=role, person=person_of(role), body=body)
        book.record(command, now[0], now[0].date())

    record("deal.proposed", REGISTRAR, version=1, deal=deal, framework=offer)
    state = book.state(name)
    for party in state.deal.parties:
        record("person.appointed", REGISTRAR, name=person_of(party.id), for_party=party.id)
    givers = state.parties("giver")
    for party in state.deal.parties:
        if party.role in ("receiver", "consenting-council") or party.id == givers[0]:
            record("deal.signed", party.id, version=1)
    now[0] = OPENED + dt.timedelta(days=33)
    power = next(power for power in state.deal.powers if power.function == "finance.virement")
    record("power.conferred", power.giver if power.giver in givers else givers[0], powers=[power.id])
    record("fund.allotted", state.fund("trams").payer, pence=60_000_000, **POT)
    record("fund.paid", state.fund("trams").payer, pence=60_000_000, **POT)


def _years(name: str) -> Iterator[Command]:
    """What is recorded of a deal from then on: of twenty entries, two name what was not named before."""
    rng, number = Random(name), 0
    place, power = "authority", "flexibility"
    while True:
        number += 1
        yield from _spending(name, place, rng, number)
        for said in ("Two thousand moved to night trams", "Moved back"):
            body = {"power": power, "decision": f"{said}, {number}"}
            yield Command(deal=name, kind="power.exercised", role=place, person=person_of(place), body=body)


def _spending(name: str, place: str, rng: Random, number: int) -> Iterator[Command]:
    def money(kind: str, **body: Any) -> Command:
        return Command(deal=name, kind=kind, role=place, person=person_of(place), body={**POT, **body})

    for part in range(14):
        yield money("fund.spent", pence=rng.randint(1, 9), purpose=f"Works {number}.{part} in the two towns")
    for part in (1, 2):
        commitment = f"c{number}.{part}"
        yield money("fund.committed", pence=100, commitment=commitment, purpose=f"Platform {number}.{part}")
        yield money("fund.released", pence=100, commitment=commitment, reason=f"Not needed, {number}.{part}")


if __name__ == "__main__":
    grow(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1)
