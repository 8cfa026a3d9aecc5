"""The deals that simulated registers are about, and registers in which they are signed, to begin from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from simulated.keyring import NAME, register_key, text_of
from simulated.wish import KEEPER, person_of
from soke.errors import SokeError
from soke.register.book import Book, Command, open_book
from soke.register.kinds import REGISTRAR
from soke.register.storage import Log

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SHIPPED = ("greater-manchester", "cornwall", "norfolk-and-suffolk")
OPENED = dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC)
NOTICED = dt.datetime(2026, 5, 7, 9, tzinfo=dt.UTC)
SIGNED = dt.datetime(2026, 4, 6, 9, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Setting:
    """``texts``: for each deal its versions, each the text of the deal and of its offer."""

    name: str
    texts: dict[str, list[tuple[str, str]]]
    template: Path | None
    starts: dt.datetime
    steps: int


def quick() -> list[tuple[str, str]]:
    """Two versions: the second gives more notice and lets less be recalled."""
    deal, offer = (HERE / "deal.toml").read_text(), (HERE / "offer.toml").read_text()
    return [
        (deal, offer),
        (
            deal.replace("recallable_share = 0.5", "recallable_share = 0.4"),
            offer.replace("notice_days = 3", "notice_days = 5"),
        ),
    ]


WARMTH = """
[[power]]
id = "warmth"
title = "Warm homes and halls"
function = "environment.retrofit"
from = "ministry"
holder = "authority"
exercise = "majority"
holding = "conferred"
statutory_basis = "a section"
recallable = true
origin = "illustrative"
"""


def merging() -> list[tuple[str, str]]:
    """The same with heirs in the terms, for each kind of thing that can be succeeded; the same recalls reach them."""
    heirs, found = (HERE / "heirs.toml").read_text(), []
    for deal, offer in quick():
        share = "recallable_share = 0.4" if "recallable_share = 0.4" in deal else "recallable_share = 0.5"
        text = deal + heirs.replace("recallable_share = 0.5", share)
        text = text.replace('scope = ["skills"', 'scope = ["skills", "courses"')
        text = text.replace('"retrofit"', '"retrofit", "warmth"')
        found.append((text, offer.replace("[due_process]", f"{WARMTH}\n[due_process]")))
    return found


def shipped(name: str) -> list[tuple[str, str]]:
    offer = (ROOT / "src" / "soke" / "deal" / "offer" / "england.toml").read_text()
    return [((ROOT / "deals" / f"{name}.toml").read_text(), offer)]


def settings(folder: Path) -> list[tuple[int, Setting]]:
    """Each with its weight. Templates are made in the folder, by the real book."""
    texts = {"quick": quick()}
    second = {"second": [(deal.replace('id = "quick"', 'id = "second"', 1), offer) for deal, offer in quick()]}
    signed, noticed = folder / "quick.db", folder / "noticed.db"
    key = text_of(register_key(0))
    make(signed, "quick", texts["quick"][0], key=key)
    make(noticed, "quick", texts["quick"][0], then=_into_notice, key=key)
    found = [
        (36, Setting("signed", texts, signed, SIGNED, 40)),
        (44, Setting("under notice", texts, noticed, NOTICED, 36)),
        (10, Setting("from nothing", texts, None, OPENED, 44)),
        (7, Setting("two deals", texts | second, signed, SIGNED, 40)),
    ]
    merged = folder / "merging.db"
    make(merged, "quick", merging()[0], key=key)
    found.append((14, Setting("councils are merged", {"quick": merging()}, merged, SIGNED, 44)))
    for name in SHIPPED:
        versions, path = shipped(name), folder / f"{name}.db"
        make(path, name, versions[0])
        found.append((1, Setting(name, {name: versions}, path, SIGNED, 44)))
    return found


class _Scribe:
    """Records what the parties of a deal do, each through its one person."""

    def __init__(self, book: Book, deal: str) -> None:
        self.book, self.deal, self.now = book, deal, OPENED

    def __call__(self, kind: str, role: str, /, **body: object) -> None:
        self.now += dt.timedelta(hours=2)
        self.book.record(
            Command(deal=self.deal, kind=kind, role=role, person=person_of(role), body=body), self.now, self.now.date()
        )


def make(
    path: Path | str, name: str, texts: tuple[str, str], then: Callable[[_Scribe], None] = lambda _: None, key: str = ""
) -> None:
    """A register in which the deal is signed and its powers conferred; without a key, as old registers are."""
    with Log.create(path) as log:
        record = _Scribe(open_book(log, NAME, [KEEPER], OPENED, key=key), name)
        record("deal.proposed", REGISTRAR, version=1, deal=texts[0], framework=texts[1])
        state = record.book.state(name)
        for party in state.deal.parties:
            record("person.appointed", REGISTRAR, name=person_of(party.id), for_party=party.id)
        givers = state.parties("giver")
        for party in state.deal.parties:
            if party.role in ("receiver", "consenting-council") or party.id == givers[0]:
                record("deal.signed", party.id, version=1)
        record.now = SIGNED - dt.timedelta(days=2)
        for power in state.deal.powers:
            asked = power.giver if power.giver in givers else givers[0]
            with suppress(SokeError):  # some are in force later only
                record("power.conferred", asked, powers=[power.id])
        then(record)


def _into_notice(record: _Scribe) -> None:
    """Money is paid, the figure of the first month does not come, and the government gives notice."""
    money = {"fund": "trams", "year": "2026-27", "use": "capital"}
    record("fund.allotted", "treasury", pence=60_000_000, **money)
    record("fund.paid", "treasury", pence=40_000_000, **money)
    record.now = NOTICED - dt.timedelta(days=1)
    about = {"condition": "trams-carry-more", "period_end": "2026-04-30"}
    record("matter.report", "board", matter="m0", **about)
    record("matter.notice", "treasury", matter="m0", reason="No figure came")
