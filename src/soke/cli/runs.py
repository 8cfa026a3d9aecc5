"""``soke run``: project a deal and write its report."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import cast

import typer

from soke import version
from soke.cli.output import JSON_OPTION, console, progress_bar, say, show
from soke.deal.check import Checked
from soke.errors import SokeError
from soke.model.run.ensemble import Backend
from soke.report.contents import RunReport
from soke.report.fact_words import care_words, heading, lead, unknown_words
from soke.report.headline import four_numbers
from soke.report.own_folder import RUN, check_own, of_run
from soke.report.run.gather import gather
from soke.report.run.inputs import Task, read_checked, read_inputs, task_for
from soke.report.run.project import Run, switched_on
from soke.report.run.record import read_record, task_of, verdict
from soke.report.write import Written
from soke.text import clean


def run(
    deal: Path = typer.Argument(help="A deal file, or the run.json of an earlier run to run again."),
    scenario: Path | None = typer.Option(
        None, help="A scenario: a file, or the name of a shipped one; default if none."
    ),
    draws: int | None = typer.Option(None, help="Draws; the scenario's number where none is given."),
    seed: int | None = typer.Option(None, help="Seed; the scenario's where none is given."),
    out: str | None = typer.Option(None, help="Folder for the report; out/NAME where none is named."),
    figures: Path | None = typer.Option(None, help="Folder from `soke data import`: its figures replace estimates."),
    workers: int | None = typer.Option(None, help="Processes; one a core where none is given. Never changes a figure."),
    backend: str = typer.Option("local", help="What runs the draws: local, joblib or dask. Never changes a figure."),
    scheduler: str | None = typer.Option(None, help="With --backend dask: a cluster's address, tcp://HOST:PORT."),
    quiet: bool = typer.Option(False, "--quiet", "-q", help="Print nothing but errors."),
    as_json: bool = JSON_OPTION,
) -> None:
    """Check a deal, project it for every place in England, and write its report.

    Example: soke run deals/greater-manchester.toml

    Example: soke run my-deal.toml --scenario cuts.toml --draws 200 --out out/trial

    Example: soke run out/trial/run.json --out out/again    (says whether the same bytes come out)
    """
    if out == "":
        raise SokeError("--out names no folder.", "Name one; `--out .` is the present folder.")
    record = read_record(deal) if deal.suffix == ".json" else None
    with tempfile.TemporaryDirectory(prefix="soke-") as laid_out:
        if record is None:
            task = task_for(deal, scenario, draws, seed, figures)
        else:
            task = task_of(record, Path(laid_out), Path(version.__file__).parents[1])
        inputs = read_inputs(task, *_checked(task))
        folder = Path("out") / inputs.deal.id if out is None else Path(out)
        check_own(folder, [RUN], of_run(inputs.deal.id))
        _writable(folder)
        with progress_bar(quiet, "Projecting") as bar:
            line = bar.add_task("draws", total=None)
            report = gather(
                inputs, "auto" if workers is None else workers, cast("Backend", backend), scheduler=scheduler,
                progress=lambda n, total: bar.update(line, completed=n, total=total),
            )  # fmt: skip
    done = Run(report)
    written = done.write(folder)
    if as_json:
        show(replace(done.answer, facts={**done.answer.facts, "report": str(written.page)}), as_json=True, as_csv=False)
    elif not quiet:
        _print(report, written)
    if record is not None:
        same, sentence_ = verdict(record, folder, dict(report.meta.environment))
        say(sentence_)
        raise typer.Exit(0 if same else 1)


def _checked(task: Task) -> tuple[Checked, bytes]:
    """The deal of a run and its bytes. Stops with exit status 1 on errors, 2 where the file cannot be read."""
    checked, content = read_checked(task)
    if checked.deal is None or checked.errors:
        for finding in checked.errors:
            say(str(finding))
        count = len(checked.errors)
        say(f"soke: {task.shown} has {count} error{'' if count == 1 else 's'} and was not run. Mend and try again.")
        raise typer.Exit(1 if checked.readable else 2)
    return checked, content


def _writable(folder: Path) -> None:
    """Fail before the work, not after it; and leave no new folder, for the work may fail too."""
    new = [f for f in (folder, *folder.parents) if not f.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
        for empty in new:
            empty.rmdir()
    except OSError as error:
        raise SokeError(
            f"The report cannot be written to {folder}: {error.strerror}.", "Name another folder with --out."
        ) from error


def _print(report: RunReport, written: Written) -> None:
    out = console()
    out.print(clean(heading(report)), style="bold", markup=False, soft_wrap=True)
    out.print(clean(lead(report)), markup=False, soft_wrap=True)
    out.print()
    for number in four_numbers(report):
        out.print(clean(f"{number.title}  {number.figure}"), style="bold", markup=False)
        out.print(clean(f"   {number.sentence}"), markup=False, soft_wrap=True)
    out.print()
    care = care_words(report)
    for text in filter(None, (unknown_words(report), care and f"{care[0]}. {care[1]}", *switched_on(report))):
        out.print(clean(text), markup=False, soft_wrap=True)
    for failure in report.projection.failures[:5]:
        out.print(f"Draw {failure.draw} failed and is left out: {failure.reason}", markup=False)
    if len(report.projection.failures) > 5:
        out.print(f"... and {len(report.projection.failures) - 5} more failed draws; all are in the report.")
    warnings = sum(f.severity == "warning" for f in report.findings)
    out.print()
    out.print(f"{report.projection.draws:,} draws, seed {report.projection.seed}; {warnings} warnings of the check.")
    out.print(clean(f"Report: {written.page}"), markup=False, soft_wrap=True)
