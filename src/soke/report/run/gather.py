"""From a deal and a scenario to all that a report shows."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Sequence
from typing import Literal

import numpy as np
import scipy

from soke.deal.burden import burden
from soke.deal.readiness import readiness
from soke.england.baseline import Baseline, baseline
from soke.england.imported import Imported
from soke.england.layout import coast, hexes
from soke.england.places import CLASS_NAMES, places
from soke.england.replacement import replaced
from soke.england.sources import named, sources
from soke.england.tables import read_table, read_text
from soke.model.accounts import account
from soke.model.accounts.comparison import compared
from soke.model.accounts.history import account_history
from soke.model.accounts.importing import figures_with
from soke.model.accounts.outlook import base_year
from soke.model.funding.estimates import estimates
from soke.model.run import ensemble
from soke.model.run.ensemble import Backend, Progress
from soke.report.contents import RunMeta, RunReport, SourceNote
from soke.report.run.inputs import Inputs
from soke.text import financial_year
from soke.version import __version__

TABLES_USED = ("places", "people", "economy", "tax", "need", "spending", "commuting", "regional_revenue",
               "regional_spending", "regional_population", "regional_subfunctions", "own_figures", "population_history",
               "gva_history", "council_tax_history", "outlook", "hexes", "columns", "estimates")  # fmt: skip


def gather(
    inputs: Inputs, workers: int | Literal["auto"] = "auto", backend: Backend = "local",
    progress: Progress | None = None, scheduler: str | None = None,
) -> RunReport:  # fmt: skip
    """Project a checked deal and gather its report, on an engine as :func:`soke.model.run.ensemble.run` takes it.

    SokeError for bad input.
    """
    deal, scenario = inputs.deal, inputs.scenario
    base, known = replaced(baseline(), inputs.imported), places()
    own = figures_with(inputs.imported, partly=True) if inputs.imported else None
    start = base_year(scenario.base_year, figures=own)
    projection = ensemble.run(
        deal, scenario, base, start, inputs.draws, inputs.seed,
        workers, backend, progress, known=estimates(base, inputs.imported), scheduler=scheduler,
    )  # fmt: skip
    here = base.mask(deal.members)
    place = known.get(deal.place)
    held = account(deal.members, start.published.year, name=place.name if place else deal.place, figures=own)
    return RunReport(
        deal=deal, scenario=scenario,
        account=held, base_year=compared(held, start, deal.members), projection=projection,
        findings=inputs.findings, burden=burden(deal), readiness=readiness(deal, known),
        councils_spending=float(base["council_spending"][here].sum()),
        councils_spending_source=_spending_source(base, deal.members),
        population=dict(zip(base.codes, map(float, base["population"]), strict=True)),
        names={code: p.name for code, p in known.by_code.items()},
        regions={code: known.name(region) for code, region in zip(base.codes, base.regions, strict=True)},
        classes={code: CLASS_NAMES[kind] for code, kind in zip(base.codes, base.classes, strict=True)},
        hexes=hexes(), gva_history=_gva_history(), history=account_history(deal.members, own),
        sources=_sources(inputs.imported), coast=coast(),
        meta=RunMeta(
            version=__version__, files=inputs.files,
            data={name: _sha(read_text(name)) for name in TABLES_USED}, seed=projection.seed, draws=projection.draws,
            environment=environment(), command=inputs.command,
        ),
    )  # fmt: skip


def _gva_history() -> dict[str, tuple[list[int], list[float]]]:
    """GVA at current prices, 1998 to 2022, of England and of each combined authority."""
    rows = {row["code"]: row for row in read_table("gva_history")}
    years = list(range(1998, 2023))
    areas = {"England": places().codes}
    areas |= {p.name: places().members(p.code) for p in places().of_kind("combined-authority")}
    return {name: (years, [sum(float(rows[c][str(y)]) for c in codes) for y in years]) for name, codes in areas.items()}


def _spending_source(base: Baseline, members: Sequence[str]) -> str:
    column = base.columns["council_spending"]
    of = dict.fromkeys((column.source_of(code), column.year_of(code)) for code in members)
    said = [f"{named(source) if source in sources() else source}, {year}" for source, year in of]
    return f"net current spending of councils, schools included: {'; '.join(said)}"


def _sources(imported: Imported) -> tuple[SourceNote, ...]:
    shipped = [
        SourceNote(publisher=s.publisher, title=s.heading, year=s.year, licence=s.licence, grade=s.grade, id=s.id,
                   url=s.url)
        for s in sources().values()
    ]  # fmt: skip
    given = [
        SourceNote(
            publisher="imported by the user", title=f"{source}, {source.figures:,} figures",
            year=", ".join(financial_year(year) for year in source.years), licence="that of the workbook",
            grade=source.grade(),
        )
        for source in imported.sources
    ]  # fmt: skip
    return (*given, *shipped)


def environment() -> dict[str, str]:
    return {
        "python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__,
        "processor": platform.machine(),
    }  # fmt: skip


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
