"""DS: sources."""

from __future__ import annotations

from collections.abc import Iterator

from soke.deal.registry import Context, Fault, rule
from soke.deal.rules.forms import item_id, items
from soke.deal.types import Deal, Item
from soke.text import did_you_mean

# Parties are who they are, and a source is its own source: neither is a fact to be proved.
WITHOUT_SOURCE = ("party", "source")


def _facts(deal: Deal) -> Iterator[tuple[str, Item]]:
    """Everything of a deal that states a fact, with what to call it."""
    for kind, item in items(deal):
        if kind not in WITHOUT_SOURCE:
            yield f'{kind} "{item_id(item)}"', item
    fiscal = deal.fiscal
    single: dict[str, Item | None] = {
        "account": deal.account, "due process": deal.due_process, "business rates": fiscal.business_rates,
        "council tax": fiscal.council_tax, "income tax": fiscal.income_tax,
    }  # fmt: skip
    yield from ((name, item) for name, item in single.items() if item is not None)
    yield from ((f'standing on "{standing.test}"', standing) for standing in deal.standing)


@rule(
    "DS701", "error", "The source is not declared",
    why="A reader must be able to go and look.",
    bad='[[fund]]\nid = "skills"\nsource = ["hearsay"]', good='[[fund]]\nid = "skills"\nsource = ["settlement"]',
    reads=("source",),
)  # fmt: skip
def undeclared(deal: Deal, context: Context) -> Iterator[Fault]:
    declared = {source.id for source in deal.sources}
    for name, item in _facts(deal):
        for index, source in enumerate(item.source):
            if source not in declared:
                fact = f'The {name} names the source "{source}", which is not declared.'
                fix = did_you_mean(source, declared, "Add it under [[source]], with title, publisher and date.")
                yield item.where("source", index), fact, fix


@rule(
    "DS703", "warning", "A public fact without a source",
    why="What is said to be public can be looked up. What is made up to show the format says so.",
    bad='[[fund]]\nid = "skills"\nsource = []', good='[[fund]]\nid = "skills"\norigin = "illustrative"',
    reads=(),
)  # fmt: skip
def unsourced(deal: Deal, context: Context) -> Iterator[Fault]:
    for name, item in _facts(deal):
        if item.origin == "public" and not item.source:
            fact = f"The {name} is given as a public fact, without a source."
            yield item.where("source"), fact, 'Add source = ["..."], or say origin = "illustrative" or "derived".'
