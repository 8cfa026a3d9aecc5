"""Projecting a deal from a script or a notebook, and what comes back: its tables, its sentence, its report."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Literal

from soke.deal.types import Deal, Scenario
from soke.errors import SokeError
from soke.model.run.ensemble import Backend, Progress
from soke.model.run.statement import SWITCHED_ON
from soke.report.contents import RunReport
from soke.report.fact_words import heading
from soke.report.run.gather import gather
from soke.report.run.inputs import inputs_for
from soke.report.run.tables import all_tables
from soke.report.tables.difference import four_numbers
from soke.report.write import Written, write
from soke.result import Result
from soke.table import Answer, Table
from soke.text import financial_year


@dataclass(frozen=True)
class Run(Result):
    """A projection and all that its report shows. ``report`` has the arrays: ``report.projection.series``."""

    report: RunReport

    @cached_property
    def tables(self) -> dict[str, Table]:
        """Every table of the report by id, in the order of its page."""
        return all_tables(self.report)

    def summary(self) -> Table:
        """The four numbers, each with its range and in a sentence; the caption is the answer in one sentence."""
        return replace(self.answer.table, caption=heading(self.report))

    @cached_property
    def answer(self) -> Answer:
        """The four numbers, with what was run beside them."""
        report = self.report
        facts = {
            "place_code": report.deal.place, "name": report.account.name,
            "year": financial_year(report.account.year), "deal": report.deal.id, "scenario": report.scenario.id,
            "sentence": heading(report), "draws": report.projection.draws, "seed": report.projection.seed,
            "failed_draws": len(report.projection.failures), "switched_on": switched_on(report),
        }  # fmt: skip
        return Answer(four_numbers(report), facts)

    def write(self, folder: Path | str) -> Written:
        """Write the report: a page, tables as CSV and one workbook, and run.json. SokeError where it cannot be."""
        if not self.report.meta.files:
            raise SokeError(
                "The deal or the scenario of this run is not what its file says, so no record could give it again.",
                "Write it to a file, and project that.",
            )
        return write(self.report, Path(folder))


def switched_on(report: RunReport) -> list[str]:
    """Assumptions without evidence that a run makes: they are said wherever its figures are."""
    return [text for text in report.projection.limits if text.startswith(SWITCHED_ON)]


def project(
    deal: Deal | Path | str,
    scenario: Scenario | Path | str | None = None,
    *,
    draws: int | None = None,
    seed: int | None = None,
    figures: Path | str | None = None,
    workers: int | Literal["auto"] = 1,
    backend: Backend = "serial",
    progress: Progress | None = None,
    scheduler: str | None = None,
) -> Run:
    """Project a deal against "as is" for every place in England.

    ``deal`` and ``scenario``: at hand, or the path of a file; the shipped scenario for None. ``draws`` and ``seed`` are
    the scenario's where they are left out. ``figures``: a folder of imported official figures, which stand in for
    estimates. More ``workers`` and another ``backend`` change no figure; ``scheduler``: the address of a Dask cluster,
    ``tcp://HOST:PORT``, for the backend ``dask``. ``progress`` is called with draws done and in all.

    SokeError with the first error where the deal does not check, and for any other bad input.
    """
    inputs = inputs_for(deal, scenario, draws, seed, Path(figures) if isinstance(figures, str) else figures)
    return Run(gather(inputs, workers, backend, progress, scheduler))
