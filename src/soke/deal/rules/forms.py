"""DV: the form of the file. Most of these the reader reports by itself; they are described here to be explained."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from soke.deal.keys import item_type, keys_of
from soke.deal.registry import Context, Fault, read_rule, rule
from soke.deal.types import Deal, Item
from soke.text import did_you_mean, financial_year

# The kinds of item that have an id, as written, with the field of the deal that holds them.
KINDS = {
    key.name: key.field
    for key in keys_of(Deal).values()
    if item_type(key.hint) and "id" in keys_of(item_type(key.hint))
}
# What names what: kind of item, its key, the kinds that it may name. Payers, indicators, recall and sources have
# rules of their own.
REFERENCES = (
    ("power", "holder", ("party",)),
    ("fund", "pooled_in", ("pool",)),
    ("investment", "fund", ("fund",)),
    ("community", "from_fund", ("fund", "pool")),
    ("condition", "reported_by", ("party",)),
    ("condition", "checked_by", ("party",)),
    ("condition", "tie", ("fund", "pool", "power")),
)

read_rule(
    "DV001", "The file is not TOML",
    why="Nothing else can be checked until the file can be read.",
    bad="title = Greater Manchester", good='title = "Greater Manchester"',
)  # fmt: skip
read_rule(
    "DV002", "Unknown key",
    why="A misspelt key would be silently left out of the deal.",
    bad='[[fund]]\nid = "skills"\nring_fence = true', good='[[fund]]\nid = "skills"\nring_fenced = true',
)  # fmt: skip
read_rule(
    "DV003", "Missing key",
    why="The deal does not say something that it must say.",
    bad='[[standard]]\nid = "fares"\ntitle = "Contactless fares"\nwith = ["E47000003"]\nadopted_by = "authority"\n'
    'conformance = "Yearly test"',
    good='[[standard]]\nid = "fares"\ntitle = "Contactless fares"\nwith = ["E47000003"]\nadopted_by = "authority"\n'
    'conformance = "Yearly test"\nleaving = "A year\'s notice"\norigin = "illustrative"',
)  # fmt: skip
read_rule(
    "DV005", "Wrong type or unit",
    why="Text is never taken for a number, nor true for one: a deal means exactly what it says.",
    bad='[[condition]]\nid = "partners-decide"\ndue_days = "ninety"',
    good='[[condition]]\nid = "partners-decide"\ndue_days = 90',
)  # fmt: skip
read_rule(
    "DV006", "The schema is newer than this program",
    why="A newer file may say things that this program does not know how to honour.",
    bad='schema = "soke-deal/9"', good='schema = "soke-deal/1"',
)  # fmt: skip
read_rule(
    "DV007", "Number out of range",
    why="Negative or absurdly large amounts are nearly always a slip: pence for pounds, or a nought too many.",
    bad='[[investment]]\nid = "tram"\ncapital = -5_000_000', good='[[investment]]\nid = "tram"\ncapital = 5_000_000',
)  # fmt: skip
read_rule(
    "DF302", "Not a financial year",
    why='Financial years are written "2026-27", so that nobody has to ask whether 2026 means the year that ends then.',
    bad='[[investment]]\nid = "tram"\nopens = "2029"', good='[[investment]]\nid = "tram"\nopens = "2029-30"',
)  # fmt: skip
read_rule(
    "DW207", "A power that is not on offer",
    why="Powers are open to all areas of a tier and to no others: there is no bidding and no favour.",
    bad='powers = ["adult-skills", "time-travel"]', good='powers = ["adult-skills"]',
)  # fmt: skip
read_rule(
    "DV008", "A check silenced without a reason",
    why="Whoever reads the deal later must see why the check does not apply.",
    bad='[proceeds]\n# soke: ignore DX502\nreserves = 0.2',
    good='[proceeds]\n# soke: ignore DX502 reason="the shares are checked by the treasurer"\nreserves = 0.2',
)  # fmt: skip


def items(deal: Deal) -> Iterator[tuple[str, Item]]:
    """Every item of a deal that has an id, with its kind."""
    for kind, name in KINDS.items():
        for item in getattr(deal, name):
            yield kind, item


def item_id(item: Item) -> str:
    """The id of an item of one of the kinds."""
    name: str = getattr(item, "id")  # noqa: B009 - an Item in general has none
    return name


def ids(deal: Deal, kinds: Iterable[str]) -> set[str]:
    """The ids of all items of these kinds."""
    return {item.id for kind in kinds for item in getattr(deal, KINDS[kind])}


@rule(
    "DV010", "error", "Ends before it starts",
    why="A deal that covers no year gives nothing.",
    bad='ends = "2024-25"', good='ends = "2029-30"',
    reads=(),
)  # fmt: skip
def ends_first(deal: Deal, context: Context) -> Iterator[Fault]:
    if not deal.years:
        fact = f"The deal starts in {financial_year(deal.starts)} and ends in {financial_year(deal.ends)}."
        yield deal.where("ends"), fact, "Correct one of the two years."


@rule(
    "DV004", "error", "Two things share an id",
    why="A condition, a recall or a register entry that names the id could mean either.",
    bad='[[party]]\nid = "authority"\nname = "The authority"\nrole = "receiver"\n\n'
    '[[party]]\nid = "authority"\nname = "Another"\nrole = "receiver"',
    good='[[party]]\nid = "authority"\nname = "The authority"\nrole = "receiver"\n\n'
    '[[party]]\nid = "trust"\nname = "Another"\nrole = "partner"',
    reads=(),
)  # fmt: skip
def shared_ids(deal: Deal, context: Context) -> Iterator[Fault]:
    first: dict[tuple[bool, str], str] = {}
    for kind, item in items(deal):
        name = item_id(item)
        key = (kind == "source", name)  # sources are named in their own lists only
        if first.get(key) == kind:
            yield item.where("id"), f'Two {kind} tables have the id "{name}".', "Give one of them another id."
        elif key in first:
            fact = f'The {kind} "{name}" has the id of a {first[key]}.'
            yield item.where("id"), fact, "Give one of them another id."
        first.setdefault(key, kind)


@rule(
    "DV009", "error", "Names something that is not in the deal",
    why="A fund, pool, power or party that is named must be one that the deal sets up.",
    bad='[[investment]]\nid = "tram"\nfund = "moon"', good='[[investment]]\nid = "tram"\nfund = "skills"',
    reads=("party", "power", "fund", "pool"),
)  # fmt: skip
def unknown_references(deal: Deal, context: Context) -> Iterator[Fault]:
    for kind, key, targets in REFERENCES:
        known = ids(deal, targets)
        for item in getattr(deal, KINDS[kind]):
            named = getattr(item, key)
            if named and named not in known:
                wanted = " or ".join(targets)
                fix = f"Name a {wanted} that the deal has, or add it."
                yield (
                    item.where(key),
                    f'"{key}" names "{named}", which is no {wanted} of this deal.',
                    " ".join(filter(None, (did_you_mean(named, known, ""), fix))),
                )
