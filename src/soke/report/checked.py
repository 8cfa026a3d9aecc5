"""Is a deal sound, and what does it ask of officers? The answer of ``soke check``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from soke.deal.burden import burden
from soke.deal.check import Checked, check_at_hand
from soke.deal.check import check as check_file
from soke.deal.types import Deal
from soke.deal.who_answers import MANY, LayerCount, own_layers
from soke.england.places import places
from soke.report.tables.deals import findings
from soke.result import Answered
from soke.table import Answer
from soke.text import counted, listed


def check(deal: Deal | Path | str) -> Answered[Checked]:
    """What is wrong with a deal at hand or in a file, on which line, and what to do: a table ``findings``.

    The facts count errors, warnings and silenced findings, and hold the burden. SokeError if the file cannot be opened.
    """
    checked = check_at_hand(deal, places()) if isinstance(deal, Deal) else check_file(deal, places())
    table = findings(checked.findings)
    return Answered(checked, Answer(table, _facts(checked)), replace(table, caption=closing(checked)[0]))


def _facts(checked: Checked) -> dict[str, Any]:
    load = burden(checked.deal) if checked.deal else None
    return {
        "errors": len(checked.errors), "warnings": len(checked.warnings), "silenced": len(checked.silenced),
        "rules_not_run": list(checked.not_run),
        "burden": None if load is None else {
            "returns_a_year": load.returns, "deadlines_a_year": load.deadlines,
            "officer_days_a_year": float(load.officer_days), "cost_gbp_a_year": float(load.cost),
            "layers": {MANY[one.kind]: {"made": one.made, "ended": one.ended} for one in load.layers},
        },
    }  # fmt: skip


def _layers_said(counts: tuple[LayerCount, ...], *, own: bool) -> str:
    """What is made and what is ended, in a sentence; and that the deal itself says nothing, where it does not."""
    sides = [
        listed([counted(getattr(one, side), one.kind, MANY[one.kind]) for one in counts if getattr(one, side)])
        for side in ("made", "ended")
    ]
    silent = "" if own else " The deal itself names none that it makes or ends: write [[layer]]."
    return f"Layers: it makes {sides[0] or 'none'}, and ends {sides[1] or 'none'}.{silent}"


def closing(checked: Checked) -> list[str]:
    """How many findings there are, which rules were not run, and the burden: a sentence each."""
    counts = f"{counted(len(checked.errors), 'error')}, {counted(len(checked.warnings), 'warning')}"
    if checked.silenced:
        counts += f", {len(checked.silenced)} silenced with a reason"
    said = [f"{counts}. `soke explain CODE` says why a rule matters." if checked.findings else f"Clean: {counts}."]
    if checked.not_run:
        said.append(f"Not run, because what they look at could not be read: {', '.join(checked.not_run)}.")
    if checked.deal:
        load = burden(checked.deal)
        said.append(
            f"Burden: {load.returns} returns and {load.deadlines} deadlines a year, about {load.officer_days:.0f} "
            f"officer-days (£{load.cost:,.0f}); an estimate."
        )
        said.append(_layers_said(load.layers, own=bool(own_layers(checked.deal))))
    return said
