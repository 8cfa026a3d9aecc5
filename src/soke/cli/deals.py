"""``soke new``, ``check``, ``explain``, ``diff``: writing, checking and comparing deals."""

from __future__ import annotations

from pathlib import Path

import typer

from soke.cli.asking import again, answer
from soke.cli.output import CSV_OPTION, JSON_OPTION, say, show, tell
from soke.community.findings import explained
from soke.deal.check import explain as explain_rule
from soke.deal.diff import diff as diff_deals
from soke.deal.first_questions import Given, first_deal_by_questions
from soke.deal.new import new_deal
from soke.deal.reader import load_deal
from soke.deal.workbook import deal_text, deal_workbook
from soke.england.places import places
from soke.errors import SokeError
from soke.files import must_be_new, write_new
from soke.report.checked import check as check_deal
from soke.report.checked import closing
from soke.report.tables.deals import changes


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
    answered = check_deal(file)
    checked = answered.value
    if as_json or as_csv:
        show(answered.answer, as_json=as_json, as_csv=as_csv)
    else:
        for line in (*map(str, checked.findings), *closing(checked)):
            tell(line)
    if not checked.readable:
        raise typer.Exit(2)
    if checked.errors or (strict and checked.warnings):
        raise typer.Exit(1)


def explain(code: str = typer.Argument(help="The code of a rule, as DR401.")) -> None:
    """Say why a rule matters, with a bad example and a good one.

    Example: soke explain DR401

    Example: soke explain AC102
    """
    tell(explained(code.strip().upper()) or explain_rule(code))


def new(
    place: list[str] | None = typer.Argument(None, help="Names or ONS codes of one place or several."),
    name: str = typer.Option("", "--name", help="What the places are called together; needed for a list of one's own."),
    ask: bool = typer.Option(False, "--ask", help="Ask five questions, and write the file."),
    out: Path | None = typer.Option(None, "--out", help="File to write; printed where none is named."),
) -> None:
    """Write a first deal for a place, or a list of places, from the English framework and the embedded figures.

    A strategic authority is known by its short, its full or its former name, with the tier that it has. What a first
    deal lacks stands in it as examples behind comment signs. A file that is there is never replaced.

    Example: soke new "South Yorkshire" --out south-yorkshire.toml

    Example: soke new Leeds York Hull --name "Three cities" --out three-cities.toml

    Example: soke new --ask
    """
    if ask:
        done = first_deal_by_questions(answer, again, places(), Given(place or (), name, out))
        text, out = done.text, done.out
    else:
        if out is not None:
            must_be_new(out)
        text = new_deal(place or (), places(), name=name)
    if out is None:
        tell(text.removesuffix("\n"))
        return
    write_new(out, text.encode())
    say(f"Wrote {out}. Next: soke check {out}")


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
    must_be_new(target)
    if kinds[0] == ".toml":
        write_new(target, deal_workbook(source, places()))
        say(f"Wrote {target}. Comments are not in it, nor any `# soke: ignore`. Back: soke sheet {target} NEW.toml")
    else:
        write_new(target, deal_text(source, places()).encode())
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
    table = changes(diff_deals(*(load_deal(path, places(), in_part=True) for path in (before, after))))
    if as_json or as_csv:
        show(table, as_json=as_json, as_csv=as_csv)
        return
    for said in table.column("change") or ["Nothing differs."]:
        tell(str(said))
