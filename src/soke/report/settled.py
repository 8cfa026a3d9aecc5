"""What do the funding rules give an authority or an area? The answer of ``soke settle``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from soke.england.imported import read_imported
from soke.model.funding.area import chosen
from soke.model.funding.settlement import roster
from soke.model.funding.settlement import settle as by_rule
from soke.model.funding.settlement_figures import SettlementByRule
from soke.report.tables.settlement import in_short, settlement
from soke.result import Answered
from soke.table import Answer
from soke.text import financial_year


def settle(names: Sequence[str], year: int, figures: Path | None = None) -> Answered[SettlementByRule]:
    """Funding and council tax by rule of the financial year that starts in ``year``: a table ``settlement``.

    ``names``: authorities, or areas for all of their authorities; none for everybody. ``figures``: a folder of imported
    official figures. SokeError for an unknown name or a year without figures.
    """
    official = read_imported(figures)
    here = roster(year, official)  # the year first: nobody has figures in a year that there is not
    whom = chosen(names, year, here)
    settled = by_rule(year, whom.codes, official=official)
    table = settlement(settled, whom.area)
    table = replace(table, notes=(*whom.notes, *table.notes))
    return Answered(settled, Answer(table, {"year": financial_year(year)}), in_short(table))
