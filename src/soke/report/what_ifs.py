"""What if the law were another? The answer of ``soke settle --set``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path

from soke.deal.reader import read_scenario
from soke.england.baseline import baseline
from soke.england.imported import read_imported
from soke.england.replacement import replaced
from soke.errors import SokeError
from soke.files import write_whole
from soke.model.accounts.importing import figures_with
from soke.model.accounts.outlook import base_year
from soke.model.funding import what_if as model
from soke.model.funding.area import member_of_pool, places_named
from soke.model.funding.what_if import Asked
from soke.report import what_if_page as page
from soke.report.tables import what_if as made
from soke.report.what_if_asked import together
from soke.result import Result
from soke.table import Answer, Table
from soke.text import financial_year


@dataclass(frozen=True)
class WhatIf(Result):
    """The law with settings against the law as it stands. ``value`` has the arrays; ``asked_for``: the places that the
    answer leads with, each by name with the codes in it."""

    value: model.WhatIf
    asked_for: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def area(self) -> tuple[str, ...]:
        """The codes asked for."""
        return tuple(dict.fromkeys(code for _, codes in self.asked_for for code in codes))

    @cached_property
    def tables(self) -> dict[str, Table]:
        """Every table by id; that of every place is whole, whatever was asked for."""
        tables = [build(self.value) for build in made.TABLES.values()]
        return {table.id: table for table in tables}

    @property
    def sentence(self) -> str:
        return page.sentence(self.value, self.asked_for)

    def summary(self) -> Table:
        """Who gains and who loses by class of authority; the caption is the answer in one sentence."""
        return replace(made.by_class(self.value), caption=self.sentence)

    @property
    def answer(self) -> Answer:
        """The places asked for, or all, with every other table beside them."""
        asked = self.value.asked
        facts = {
            "sentence": self.sentence, "settings": dict(asked.settings), "reset": asked.reset,
            "pool": list(asked.pool), "prices": f"real {financial_year(self.value.base_year)}",
            "asked_for": [asdict(together(self.value, *one)) for one in self.asked_for],
        }  # fmt: skip
        every, *others = self.tables.values()
        if self.area:
            every = every.where(lambda row: row["place_code"] in self.area)
        return Answer(replace(every, notes=tuple(page.notes(self.value))), facts, tuple(others))

    def write(self, folder: Path | str) -> list[Path]:
        """Write a page and the table of every place. SokeError where the folder is a file or refuses."""
        out = Path(folder)
        if str(folder) == "" or out.is_file():
            raise SokeError(f"{folder} is no folder.", "Name a folder with --out.", code="file-refused")
        files = page.render(self.value, self.asked_for)
        for name, content in files.items():
            write_whole(out / name, content)
        return [out / name for name in files]


def what_if(
    settings: Mapping[str, str], *, reset: int | None = None, pool: Sequence[str] = (), years: int = 10,
    names: Sequence[str] = (), figures: Path | None = None,
) -> WhatIf:  # fmt: skip
    """Today's law beside the law with ``settings``, for every place of England; money in the base year's prices.

    ``settings``: dated figures of the rules by id, as text. ``reset``: years between resets of the baselines, 0 never.
    ``pool``: authorities of a pool. ``years``: how many. ``names``: places to mark and to show first. ``figures``: a
    folder of imported official figures. SokeError for bad input.
    """
    asked = Asked(dict(settings), reset, tuple(map(member_of_pool, pool)), years)
    asked_for = places_named(names)
    imported = read_imported(figures)
    base = replaced(baseline(), imported)
    scenario = read_scenario()
    own = figures_with(imported, partly=True) if imported else None
    start = base_year(scenario.base_year, figures=own)
    return WhatIf(model.what_if(asked, base, start, scenario, imported), asked_for)
