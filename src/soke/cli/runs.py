"""``soke run`` and ``soke compare``: project a deal, and set two runs side by side."""

from __future__ import annotations

import csv
import json
import shlex
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import typer

import soke
from soke.cli.assemble import run_report
from soke.cli.output import CSV_OPTION, JSON_OPTION, Cell, Column, console, emit, progress_bar, say, year_label
from soke.cli.replay import Task, read_record, shown_name, task_of, verdict
from soke.deal.check import Checked, check_reading
from soke.deal.reader import read_deal
from soke.england.baseline import Floats
from soke.england.places import places
from soke.errors import SokeError
from soke.report import RunReport, Written, four_numbers, sentence, write

DRAWS_FILE, RUN_FILE = "draws.csv", "run.json"


def run(
    deal: Path = typer.Argument(help="A deal file, or the run.json of an earlier run to run again."),
    scenario: Path | None = typer.Option(None, help="A scenario file; the default scenario where none is named."),
    draws: int | None = typer.Option(None, help="Draws; the scenario's number where none is given."),
    seed: int | None = typer.Option(None, help="Seed; the scenario's where none is given."),
    out: Path | None = typer.Option(None, help="Folder for the report; out/NAME where none is named."),
    workers: int | None = typer.Option(None, help="Processes; one a core where none is given. Never changes a figure."),
    quiet: bool = typer.Option(False, "--quiet", "-q", help="Print nothing but errors."),
    as_json: bool = JSON_OPTION,
) -> None:
    """Check a deal, project it for every place in England, and write its report.

    Example: soke run deals/greater-manchester.toml

    Example: soke run my-deal.toml --scenario cuts.toml --draws 200 --out out/trial

    Example: soke run out/trial/run.json --out out/again    (says whether the same bytes come out)
    """
    record = read_record(deal) if deal.suffix == ".json" else None
    with tempfile.TemporaryDirectory(prefix="soke-") as laid_out:
        if record is None:
            task = _task(deal, scenario, draws, seed)
        else:
            task = task_of(record, Path(laid_out), Path(soke.__file__).parents[1])
        checked = _checked(task)
        assert checked.deal is not None
        folder = out or Path("out") / checked.deal.id
        _writable(folder)
        with progress_bar(quiet, "Projecting") as bar:
            line = bar.add_task("draws", total=None)
            report = run_report(checked, task, workers, lambda n, total: bar.update(line, completed=n, total=total))
    written = write(report, folder)
    if as_json:
        print(json.dumps(_summary(report, written), indent=2, ensure_ascii=False, allow_nan=False))
    elif not quiet:
        _print(report, written)
    if record is not None:
        same, sentence_ = verdict(record, folder, dict(report.meta.environment))
        say(sentence_)
        raise typer.Exit(0 if same else 1)


def _task(deal: Path, scenario: Path | None, draws: int | None, seed: int | None) -> Task:
    command = f"soke run {shlex.quote(shown_name(deal))}"
    if scenario:
        command += f" --scenario {shlex.quote(shown_name(scenario))}"
    shown = shown_name(scenario) if scenario else ""
    return Task(deal, shown_name(deal), scenario, shown, draws, seed, command)


def _checked(task: Task) -> Checked:
    """The deal of a run. Stops with exit status 1 on errors, 2 where the file cannot be read."""
    checked = check_reading(read_deal(task.deal, places(), task.shown), places())
    if checked.deal is None or checked.errors:
        for finding in checked.errors:
            say(str(finding))
        count = len(checked.errors)
        say(f"soke: {task.shown} has {count} error{'' if count == 1 else 's'} and was not run. Mend and try again.")
        raise typer.Exit(1 if checked.readable else 2)
    return checked


def _writable(folder: Path) -> None:
    """Fail before the work, not after it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".soke-probe"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise SokeError(
            f"The report cannot be written to {folder}: {error.strerror}.", "Name another folder with --out."
        ) from error


def _summary(report: RunReport, written: Written) -> dict[str, Any]:
    area = {"place_code": report.deal.place, "name": report.account.name, "year": year_label(report.account.year)}
    return {
        **area, "sentence": sentence(report), "draws": report.projection.draws, "seed": report.projection.seed,
        "failed_draws": len(report.projection.failures), "report": str(written.page),
        "rows": [{**area, **asdict(number)} for number in four_numbers(report)],
    }  # fmt: skip


def _print(report: RunReport, written: Written) -> None:
    out = console()
    out.print(sentence(report), style="bold", markup=False, soft_wrap=True)
    out.print()
    for number in four_numbers(report):
        out.print(f"{number.title}  {number.figure}", style="bold", markup=False)
        out.print(f"   {number.sentence}", markup=False, soft_wrap=True)
    for failure in report.projection.failures[:5]:
        out.print(f"Draw {failure.draw} failed and is left out: {failure.reason}", markup=False)
    if len(report.projection.failures) > 5:
        out.print(f"... and {len(report.projection.failures) - 5} more failed draws; all are in the report.")
    warnings = sum(f.severity == "warning" for f in report.findings)
    out.print()
    out.print(f"{report.projection.draws:,} draws, seed {report.projection.seed}; {warnings} warnings of the check.")
    out.print(f"Report: {written.page}", soft_wrap=True)


COMPARED = (
    Column("year", "year"),
    Column("first_gbp_million", "first, £m a year", 1),
    Column("second_gbp_million", "second, £m a year", 1),
    Column("difference_gbp_million", "second less first", 1),
    Column("low_gbp_million", "low", 1),
    Column("high_gbp_million", "high", 1),
    Column("below_zero", "chance below zero", 2),
)


def compare(
    first: Path = typer.Argument(help="Folder of a run."),
    second: Path = typer.Argument(help="Folder of another run."),
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """Set two runs side by side, draw by draw: how much more the second narrows the gap, with its range.

    Both need the same seed and number of draws, so that luck is the same in both.

    Example: soke compare out/greater-manchester out/trial
    """
    a, b = _load(first), _load(second)
    for key in ("seed", "draws"):
        if a[0][key] != b[0][key]:
            raise SokeError(
                f"The runs are not paired: {key} is {a[0][key]} in {first} and {b[0][key]} in {second}.",
                f"Run one again with --{key} {a[0][key]}.",
            )
    years = [y for y in a[1] if y in b[1]]
    if not years:
        raise SokeError("The two runs have no year in common.", "Run both to the same end year.")
    marked = [y for k, y in enumerate(years, 1) if k in (1, 4, 10, 20)] or years[-1:]
    rows = [_compared(y, a[1][y], b[1][y]) for y in marked]
    notes = [
        f"First: {a[0]['deal']}, {a[0]['scenario']}. Second: {b[0]['deal']}, {b[0]['scenario']}.",
        "How much the deal narrows the gap between spending and taxes; medians, 10th and 90th percentiles.",
    ]
    if a[0]["place"] != b[0]["place"]:
        notes.append(f"The runs are of two places, {a[0]['place']} and {b[0]['place']}: compare with care.")
    emit(rows, COMPARED, as_json=as_json, as_csv=as_csv, notes=notes)


def _load(folder: Path) -> tuple[dict[str, Any], dict[str, Floats]]:
    """run.json and the drawn differences by year of a run's folder."""
    try:
        record = json.loads((folder / RUN_FILE).read_text(encoding="utf-8"))
        with (folder / DRAWS_FILE).open(encoding="utf-8", newline="") as file:
            header, *body = list(csv.reader(file))
        values = np.array([[float(cell or "nan") for cell in row[1:]] for row in body])
        by_year = {year: values[:, k] for k, year in enumerate(header[1:])}
        return {key: record[key] for key in ("seed", "draws", "deal", "scenario", "place")}, by_year
    except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
        raise SokeError(
            f"{folder} does not hold a run of Soke that can be read.", "Name a folder that `soke run` wrote."
        ) from error


def _compared(year: str, a: Floats, b: Floats) -> dict[str, Cell]:
    difference = b - a
    known = difference[np.isfinite(difference)]
    low, middle, high = (float(q) for q in np.quantile(known, (0.1, 0.5, 0.9)))
    return {
        "year": year, "first_gbp_million": float(np.nanmedian(a)), "second_gbp_million": float(np.nanmedian(b)),
        "difference_gbp_million": middle, "low_gbp_million": low, "high_gbp_million": high,
        "below_zero": float((known < 0).mean()),
    }  # fmt: skip
