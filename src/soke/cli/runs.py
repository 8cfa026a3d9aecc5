"""``soke run``: project a deal and write its report."""

from __future__ import annotations

import json
import shlex
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typer

import soke
from soke.cli.assemble import run_report
from soke.cli.inputs import read_checked, read_inputs
from soke.cli.output import JSON_OPTION, console, progress_bar, say
from soke.cli.replay import Task, read_record, shown_name, task_of, verdict
from soke.deal.check import Checked
from soke.errors import SokeError
from soke.model.run.statement import SWITCHED_ON
from soke.report import RunReport, Written, four_numbers, sentence, write
from soke.text import clean, financial_year


def run(
    deal: Path = typer.Argument(help="A deal file, or the run.json of an earlier run to run again."),
    scenario: Path | None = typer.Option(None, help="A scenario file; the default scenario where none is named."),
    draws: int | None = typer.Option(None, help="Draws; the scenario's number where none is given."),
    seed: int | None = typer.Option(None, help="Seed; the scenario's where none is given."),
    out: str | None = typer.Option(None, help="Folder for the report; out/NAME where none is named."),
    figures: Path | None = typer.Option(None, help="Folder from `soke data import`: its figures replace estimates."),
    workers: int | None = typer.Option(None, help="Processes; one a core where none is given. Never changes a figure."),
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
            task = _task(deal, scenario, draws, seed, figures)
        else:
            task = task_of(record, Path(laid_out), Path(soke.__file__).parents[1])
        inputs = read_inputs(task, *_checked(task))
        folder = Path("out") / inputs.deal.id if out is None else Path(out)
        _writable(folder)
        with progress_bar(quiet, "Projecting") as bar:
            line = bar.add_task("draws", total=None)
            report = run_report(inputs, task, workers, lambda n, total: bar.update(line, completed=n, total=total))
    written = write(report, folder)
    if as_json:
        print(json.dumps(_summary(report, written), indent=2, allow_nan=False))
    elif not quiet:
        _print(report, written)
    if record is not None:
        same, sentence_ = verdict(record, folder, dict(report.meta.environment))
        say(sentence_)
        raise typer.Exit(0 if same else 1)


def _task(deal: Path, scenario: Path | None, draws: int | None, seed: int | None, figures: Path | None) -> Task:
    command = f"soke run {shlex.quote(shown_name(deal))}"
    if scenario:
        command += f" --scenario {shlex.quote(shown_name(scenario))}"
    if figures:
        command += f" --figures {shlex.quote(shown_name(figures))}"
    command += "".join(f" --{name} {n}" for name, n in (("draws", draws), ("seed", seed)) if n is not None)
    shown = shown_name(scenario) if scenario else ""
    return Task(deal, shown_name(deal), scenario, shown, draws, seed, command, figures)


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


def _summary(report: RunReport, written: Written) -> dict[str, Any]:
    area = {"place_code": report.deal.place, "name": report.account.name, "year": financial_year(report.account.year)}
    return {
        **area, "sentence": sentence(report), "draws": report.projection.draws, "seed": report.projection.seed,
        "failed_draws": len(report.projection.failures), "report": str(written.page),
        "switched_on": _switched_on(report),
        "rows": [{**area, **asdict(number)} for number in four_numbers(report)],
    }  # fmt: skip


def _switched_on(report: RunReport) -> list[str]:
    """Assumptions without evidence that this run makes: they are said wherever its figures are."""
    return [text for text in report.projection.limits if text.startswith(SWITCHED_ON)]


def _print(report: RunReport, written: Written) -> None:
    out = console()
    out.print(clean(sentence(report)), style="bold", markup=False, soft_wrap=True)
    out.print()
    for number in four_numbers(report):
        out.print(clean(f"{number.title}  {number.figure}"), style="bold", markup=False)
        out.print(clean(f"   {number.sentence}"), markup=False, soft_wrap=True)
    for text in _switched_on(report):
        out.print(clean(text), markup=False, soft_wrap=True)
    for failure in report.projection.failures[:5]:
        out.print(f"Draw {failure.draw} failed and is left out: {failure.reason}", markup=False)
    if len(report.projection.failures) > 5:
        out.print(f"... and {len(report.projection.failures) - 5} more failed draws; all are in the report.")
    warnings = sum(f.severity == "warning" for f in report.findings)
    out.print()
    out.print(f"{report.projection.draws:,} draws, seed {report.projection.seed}; {warnings} warnings of the check.")
    out.print(clean(f"Report: {written.page}"), markup=False, soft_wrap=True)
