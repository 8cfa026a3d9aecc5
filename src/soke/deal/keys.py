"""How the fields of the types are written in the files: one table, used by the reader and by the JSON Schemas."""

from __future__ import annotations

import dataclasses
from functools import cache
from typing import Any, get_args, get_type_hints

from soke.deal import types
from soke.deal.scenario import IncomeTaxShare

SCHEMAS: dict[str, type] = {
    "soke-deal/1": types.Deal,
    "soke-framework/1": types.Framework,
    "soke-scenario/1": types.Scenario,
}
PLACING = ("at", "keys")  # filled in by the reader
NOT_WRITTEN: dict[type, tuple[str, ...]] = {
    types.Deal: ("framework",),
    types.Scenario: ("files", "cut_places"),
}
# What a deal takes from its framework. Powers are picked by name; the rest comes where the tier has it.
OFFERED = (
    "party",
    "power",
    "indicator",
    "condition",
    "target",
    "accountability",
    "layer",
    "clause",
    "due_process",
    "source",
)
WORKED_OUT = {(types.Deal, "members")}  # from the place, where the file does not name them
# Keys of the top table that are not fields: the schema's name, what it is laid over, and the powers picked from that.
BESIDE_FIELDS: dict[type, dict[str, Any]] = {
    types.Deal: {"schema": str, "extends": str, "powers": tuple[str, ...]},
    types.Framework: {"schema": str},
    types.Scenario: {"schema": str, "extends": str},
}
_BY_OUTLOOK = (
    "Remove it: the base year's taxes and spending are the newest published account moved as the United Kingdom's move"
    " (outlook.csv). What still differs by assumption is output: carry_gva_real and carry_price."
)
_BY_EVIDENCE = (
    "Remove it: how places grow apart is fitted to their past. To make all years calmer or wilder, set growth.vol under"
    " [effects]."
)
_BY_STRUCTURAL_TERM = (
    "Remove it: what being devolved does to growth is not known, so it is drawn in every run and shown apart. Its range"
    ' a year is "devolution.growth"; for another, write it under [effects] as { low = ., central = ., high = . }.'
)
# Keys that a table had once: what to do about one in an old file.
GONE: dict[type, dict[str, str]] = {
    types.Scenario: {
        "carry_tax_real": _BY_OUTLOOK,
        "carry_spending_real": _BY_OUTLOOK,
        "place_growth_sd": _BY_EVIDENCE,
        "devolution_growth": _BY_STRUCTURAL_TERM,
        "council_tax_rise": (
            'Write how bills rise as a table, council_tax = { real_rise = 0.015, until = "2028-29", real_rise_after ='
            " { low = 0.0, central = 0.006, high = 0.02 } }: one path for bills, floors and the sharing by need."
        ),
        "business_rates_volatility": (
            "Remove it: the yearly swing of rates is evidence and is drawn. To set it, write under [effects]"
            ' "rates.swing" = { low = 0.04, central = 0.06, high = 0.08 }.'
        ),
    },
}
_ROOT = {
    "parties": "party", "powers": "power", "funds": "fund", "pools": "pool", "investments": "investment",
    "indicators": "indicator", "conditions": "condition", "targets": "target", "standards": "standard",
    "programmes": "programme", "layers": "layer", "bargains": "bargain", "clauses": "clause", "cases": "case",
    "sources": "source", "notes": "note",
}  # fmt: skip
_OWN = {
    (types.Power, "giver"): "from",
    (types.Fund, "payer"): "from",
    (types.Fund, "payee"): "to",
    (types.BusinessRates, "from_year"): "from",
    (types.EarnBack, "from_year"): "from",
    (IncomeTaxShare, "from_year"): "from",
    (types.Condition, "from_year"): "from",
    (types.Standard, "with_places"): "with",
    (types.Programme, "with_places"): "with",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Key:
    """One key of a table: how it is written, the field it fills, its type, and whether it must be there."""

    name: str
    field: str
    hint: Any
    required: bool


@cache
def keys_of(cls: type) -> dict[str, Key]:
    """The keys of the table that a dataclass is written as, by their written name."""
    hints = get_type_hints(cls, include_extras=True)
    skipped = (*PLACING, *NOT_WRITTEN.get(cls, ()))
    keys = {}
    for field in dataclasses.fields(cls):
        if field.name in skipped:
            continue
        name = (_ROOT if cls in BESIDE_FIELDS else {}).get(field.name) or _OWN.get((cls, field.name), field.name)
        required = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        required = required and (cls, field.name) not in WORKED_OUT
        keys[name] = Key(name, field.name, hints[field.name], required)
    return keys


def item_type(hint: Any) -> Any:
    """The item type of a list of tables; None for any other hint."""
    arguments = get_args(hint)
    whole = len(arguments) == 2 and arguments[1] is Ellipsis
    return arguments[0] if whole and dataclasses.is_dataclass(arguments[0]) else None
