"""What the pages of a place are made from: its account, its council tax, and where it stands among its class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from soke.england.alike import Peers, Standing, class_of, most_particular, peers
from soke.model.accounts import account
from soke.model.accounts.outlook import PUBLISHED
from soke.model.accounts.types import Account
from soke.model.funding.council_tax_bill import BillPart, council_tax_bill
from soke.report.tables.place import anchor
from soke.site.areas import Area, by_code, by_name
from soke.site.links import relative

KEPT = 500  # accounts that a process keeps: a place is seen beside others


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """One place that has an account. ``kind``: the class in which it is compared; "" of England. ``stands``: by what
    it differs most from its class, the most first."""

    area: Area
    account: Account
    bill: tuple[BillPart, ...]
    kind: str
    key: str
    stands: tuple[Standing, ...]

    @property
    def whole(self) -> bool:
        """Whether it is wide enough that its gap is drawn: nobody records all tax and spending of one district."""
        return self.kind != "shire-district"

    @property
    def peers(self) -> Peers:
        return peers(self.kind)


def to_sum(facts: PlaceFacts, key: str) -> str:
    """The address of the sum behind a number of the place: of a line or total of its account, or of another figure."""
    return relative(facts.area.path, sum_address(facts.area, key))


def sum_address(area: Area, key: str) -> str:
    """The path of the sum behind a number of a place, from the top of the site."""
    return f"{area.beside('sums')}#{anchor(key)}"


@lru_cache(KEPT)
def account_of(codes: Sequence[str], name: str, year: int) -> Account:
    """The account of an area where its people live."""
    return account(codes, year, name=name)


def facts_of(area: Area) -> PlaceFacts:
    """All that its page says. SokeError as :func:`soke.model.accounts.account`."""
    kind = class_of(area.place.kind) if area.place else "strategic"
    key = area.body.name if area.body and kind == "strategic" else area.code
    stands = most_particular(peers(kind).standings(key)) if kind else ()
    return PlaceFacts(area, account_of(area.members, area.name, PUBLISHED), council_tax_bill(area.members), kind, key,
                      stands)  # fmt: skip


def area_of(key: str) -> Area:
    """The place of a key of its class: a code, or the name of a wider area. KeyError for none."""
    return by_name().get(key) or by_code()[key]


def like(facts: PlaceFacts) -> tuple[Area, ...]:
    """The places most like it, the nearest first."""
    return tuple(area_of(one.key) for one in facts.peers.alike(facts.key)) if facts.kind else ()
