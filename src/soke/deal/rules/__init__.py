"""The rules, a module a family. Importing this package fills the registry."""

from soke.deal.rules import (
    cases,
    community,
    conditions,
    fiscal,
    forms,
    funds,
    investments,
    leaps,
    levers,
    links,
    noise,
    oversight,
    places,
    powers,
    recall,
    scale,
    sources,
    spans,
    targets,
)

__all__ = [
    "cases", "community", "conditions", "fiscal", "forms", "funds", "investments", "leaps", "levers", "links", "noise",
    "oversight", "places", "powers", "recall", "scale", "sources", "spans", "targets",
]  # fmt: skip
