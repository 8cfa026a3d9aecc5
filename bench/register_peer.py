"""The peer of bench/register.py: the `eventsourcing` library on its SQLite module. Load, report, save, in turns.

Run by its Python: PEER_PYTHON bench/register_peer.py FOLDER SINGLE. It prints its version and the settings of its
database; then, for each line that comes in, it makes a new aggregate, loads it, lets it report and saves it SINGLE
times, and prints the seconds that this took. An aggregate so has SINGLE events at most when it is loaded.
"""

from __future__ import annotations

import sys
import time
from importlib.metadata import version
from pathlib import Path

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

NOTE = "The partners met on 1 April, confirmed the shared plan for skills and paid their agreed contributions to it."


class Fund(Aggregate):
    """What an entry of the register says, as an event of an aggregate."""

    @event("Opened")
    def __init__(self) -> None:
        self.pence = 0

    @event("Paid")
    def pay(self, deal: str, at: str, role: str, person: str, year: int, pence: int, note: str, reference: str) -> None:
        self.pence += pence


def main() -> None:
    folder, single = Path(sys.argv[1]), int(sys.argv[2])
    names = {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(folder / "peer.db")}
    application: Application = Application(env=names)
    with application.recorder.datastore.transaction(commit=False) as cursor:
        cursor.execute("PRAGMA journal_mode")
        journal = cursor.fetchone()[0]
        cursor.execute("PRAGMA synchronous")
        print(version("eventsourcing"), journal, cursor.fetchone()[0], flush=True)
    for _ in sys.stdin:
        fund = Fund()
        application.save(fund)
        started = time.perf_counter()
        for number in range(single):
            loaded: Fund = application.repository.get(fund.id)
            loaded.pay(
                "greater-manchester", "2026-04-01T09:30:00Z", "treasurer", "Ann Bell", 2026, 12_345_600 + number, NOTE,
                f"GM/{number}",
            )  # fmt: skip
            application.save(loaded)
        print(time.perf_counter() - started, flush=True)


if __name__ == "__main__":
    main()
