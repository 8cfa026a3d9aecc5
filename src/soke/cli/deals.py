"""``soke new``, ``check``, ``explain``, ``diff``: writing, checking and comparing deals."""

from __future__ import annotations

from pathlib import Path

import typer

from soke.cli.findings import FINDINGS, finding_rows
from soke.cli.output import CSV_OPTION, JSON_OPTION, Column, emit, say
from soke.community.findings import explained
from soke.deal.burden import burden
from soke.deal.check import Checked
from soke.deal.check import check as check_deal
from soke.deal.check import explain as explain_rule
from soke.deal.diff import diff as diff_deals
from soke.deal.new import new_deal
from soke.deal.reader import load_deal
from soke.deal.workbook import deal_text, deal_workbook
from soke.england.places import places
from soke.errors import SokeError
from soke.files import write_whole
from soke.text import clean


def check(
    file: Path = typer.Argument(help="A deal file."),
    strict: bool = typer.Option(False, "--strict", help="Warnings count as errors."),
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """Check a deal: what is wrong, on which line, and what to do; and the burden that the deal creates.

    Exit status 0 clean or warnings only, 1 errors found, 2 the file cannot be read.

    Example: soke check deals/greater-manchester.toml

    Example: soke check deals/broken.toml --json
    """
    checked = check_deal(file, places())
    if as_json or as_csv:
        rows = finding_rows(checked.findings)
        emit(rows, FINDINGS, as_json=as_json, as_csv=as_csv, extra=_summary(checked))
    else:
        for finding in checked.findings:
            typer.echo(clean(str(finding)))
        typer.echo(_closing(checked))
    if not checked.readable:
        raise typer.Exit(2)
    if checked.errors or (strict and checked.warnings):
        raise typer.Exit(1)


def _summary(checked: Checked) -> dict[str, object]:
    load = burden(checked.deal) if checked.deal else None
    return {
        "errors": len(checked.errors), "warnings": len(checked.warnings), "silenced": len(checked.silenced),
        "rules_not_run": list(checked.not_run),
        "burden": None if load is None else {
            "returns_a_year": load.returns, "deadlines_a_year": load.deadlines,
            "officer_days_a_year": float(load.officer_days), "cost_gbp_a_year": float(load.cost),
        },
    }  # fmt: skip


def _closing(checked: Checked) -> str:
    counts = f"{_count(len(checked.errors), 'error')}, {_count(len(checked.warnings), 'warning')}"
    if checked.silenced:
        counts += f", {len(checked.silenced)} silenced with a reason"
    lines = [f"{counts}. `soke explain CODE` says why a rule matters." if checked.findings else f"Clean: {counts}."]
    if checked.not_run:
        lines.append(f"Not run, because what they look at could not be read: {', '.join(checked.not_run)}.")
    if checked.deal:
        load = burden(checked.deal)
        lines.append(
            f"Burden: {load.returns} returns and {load.deadlines} deadlines a year, about {load.officer_days:.0f} "
            f"officer-days (£{load.cost:,.0f}); an estimate."
        )
    return "\n".join(lines)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def explain(code: str = typer.Argument(help="The code of a rule, as DR401.")) -> None:
    """Say why a rule matters, with a bad example and a good one.

    Example: soke explain DR401

    Example: soke explain AC102
    """
    typer.echo(explained(code.strip().upper()) or explain_rule(code))


def new(
    place: str = typer.Argument(help="Name or ONS code of a place."),
    out: Path | None = typer.Option(None, "--out", help="File to write; printed where none is named."),
) -> None:
    """Write a first deal for a place from the English framework and the embedded figures.

    Example: soke new "South Yorkshire" --out south-yorkshire.toml
    """
    text = new_deal(places().find(place).code, places())
    if out is None:
        typer.echo(text, nl=False)
        return
    _must_be_new(out)
    write_whole(out, text.encode())
    say(f"Wrote {out}. Next: soke check {out}")


def _must_be_new(path: Path) -> None:
    if path.exists():
        raise SokeError(f"{path} is already there.", "Name another file, or move it away.")


def sheet(
    source: Path = typer.Argument(help="A deal file (.toml) or a workbook (.xlsx)."),
    target: Path = typer.Argument(help="The file to write, of the other kind."),
) -> None:
    """Turn a deal file into an Excel workbook, one sheet a table, or such a workbook into a deal file.

    Only what the deal itself says is converted, not what it takes from its framework. Comments are lost.

    Example: soke sheet deals/cornwall.toml cornwall.xlsx

    Example: soke sheet cornwall.xlsx cornwall-new.toml
    """
    kinds = (source.suffix.lower(), target.suffix.lower())
    if kinds not in ((".toml", ".xlsx"), (".xlsx", ".toml")):
        raise SokeError(f"Cannot turn {source} into {target}.", "Name one file that ends in .toml and one in .xlsx.")
    _must_be_new(target)
    if kinds[0] == ".toml":
        write_whole(target, deal_workbook(source, places()))
        say(f"Wrote {target}. Comments are not in it, nor any `# soke: ignore`. Back: soke sheet {target} NEW.toml")
    else:
        write_whole(target, deal_text(source, places()).encode())
        say(f"Wrote {target}, without the comments that its deal file once had. Next: soke check {target}")


def diff(
    before: Path = typer.Argument(help="A deal file."),
    after: Path = typer.Argument(help="Another deal file."),
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """Say in words what differs between two deals.

    Example: soke diff deals/greater-manchester.toml my-deal.toml
    """
    changes = diff_deals(*(load_deal(path, places(), in_part=True) for path in (before, after)))
    if as_json or as_csv:
        emit([{"change": c} for c in changes], (Column("change", "change"),), as_json=as_json, as_csv=as_csv)
        return
    for change in changes or ["Nothing differs."]:
        typer.echo(clean(change))
