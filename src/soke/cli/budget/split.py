"""``soke budget split``: a fund shared among neighbourhoods, with the reason for each amount."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import typer

from soke.cli import for_register
from soke.cli.for_register import write_commands
from soke.cli.output import CSV_OPTION, JSON_OPTION, console, print_table, say, show, tell
from soke.community.areas import LARGEST as LARGEST_AREAS
from soke.community.areas import read_areas
from soke.community.split_record import LARGEST, read_manifest, recount
from soke.community.split_terms import Given, read_given, terms
from soke.community.splitting import Split, parse_limit, parse_pounds, parse_rule, pounds, split
from soke.deal.words import on_day
from soke.errors import SokeError
from soke.files import not_an_input, read_whole, write_whole
from soke.register.handed_over.splits import split_entries
from soke.report.own_folder import MANIFEST, check_own, of_split
from soke.report.split_page import AREAS, files_of
from soke.report.tables import split as tables
from soke.table import Answer
from soke.text import clean, counted


def split_fund(
    fund: str | None = typer.Option(None, help="What is shared: 6,300,000 or 6.3m."),
    areas: Path | None = typer.Option(None, help="A CSV file: code,name,population,need and, for a map, q,r or x,y."),
    by: str | None = typer.Option(None, help='By what: need, population, equal, or "0.7 need + 0.3 population".'),
    floor: list[str] = typer.Option([], help="Nobody below it: 5,000 or '2.50 a head'. Of several the highest holds."),
    cap: list[str] = typer.Option([], help="Nobody above it: 500,000 or '40 a head'. Of several the lowest holds."),
    together: bool = typer.Option(False, "--together", help="Over all areas at once, not over their districts first."),
    against: str | None = typer.Option(None, help="Another rule to stand beside it: who gains, who loses."),
    deal: Path | None = typer.Option(None, help="A deal: its undertaking sets the fund, the floor and the cap."),
    community: str | None = typer.Option(None, help="Which undertaking of the deal, where it has several."),
    out: Path | None = typer.Option(None, help="A folder for split.html with a map, split.csv and manifest.json."),
    record: Path | None = typer.Option(None, "--manifest", help="Make the split of a manifest.json again and compare."),
    commands: Path | None = for_register.FILE,
    role: str = for_register.ROLE,
    person: str = typer.Option("", "--person", help="With --commands: the person who records it."),
    due: str | None = typer.Option(None, help="With --commands: the day by which each round is to be adopted."),
    label: str | None = typer.Option(None, help="With --commands: how the ids of the rounds begin; else the year due."),
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """Share a fund among neighbourhoods to the penny, and say what each gets and why.

    Each column is first made into shares of the whole. Where the file has a column "within", the fund goes to the
    districts first and then to the areas in each, and floors and caps are paid for within a district. A figure is an
    amount, such as people in need; a score a head is multiplied by people: "need*population".

    With --commands it writes a round for each area, for the register of the deal: --deal, --as, --person, --due.

    Exit status 0 shared, or made again and the same; 1 made again and not the same; 2 bad input, such as floors that
    the fund cannot pay.

    Example: soke budget split --fund 6.3m --areas wards.csv --by "0.7 need + 0.3 population" --floor 5,000 --out split

    Example: soke budget split --deal deals/greater-manchester.toml --areas wards.csv --by need --against population

    Example: soke budget split --manifest split/manifest.json --areas wards.csv
    """
    if record is not None:
        if any((fund, by, floor, cap, together, against, deal, community, out, commands)):
            raise SokeError("--manifest brings its rule with it.", "Give it with --areas only.")
        _check(record, areas, as_json=as_json, as_csv=as_csv)
        return
    if by is None:
        raise SokeError("--by is missing.", 'Say by what: --by need, --by equal, or --by "0.7 need + 0.3 population".')
    rule, other_rule = parse_rule(by), parse_rule(against) if against is not None else None
    asked = parse_pounds(fund, "fund") if fund is not None else None
    floors, caps = [parse_limit(text, "floor") for text in floor], [parse_limit(text, "cap") for text in cap]
    given = read_given(areas, deal, community)
    amount, floors, caps = terms(given, asked, floors, caps)
    made = split(given.areas, amount, rule, floors, caps, together=together)
    other = split(given.areas, amount, other_rule, floors, caps, together=together) if other_rule else None
    inputs, entries = [path for path in (areas, deal) if path is not None], []
    if commands is not None:
        for option, value in (("--as", role), ("--person", person)):
            if not value:
                raise SokeError(f"{option} is missing.", "With --commands, say which party records it, and who.")
        entries = split_entries(given, made, on_day(due) if due is not None else None, label)
        not_an_input(commands, inputs)
    written = _write(given, made, other, out, inputs) if out is not None else []
    if commands is not None and given.deal is not None:
        write_commands(commands, given.deal.id, role, person, entries)
        written.append(
            f"Wrote {counted(len(entries), 'round')} in {commands}, for soke register record --file {commands}."
        )
    answer = tables.answer(given, made, other)
    if as_json or as_csv:
        show(answer, as_json=as_json, as_csv=as_csv)
    else:
        _print(answer, made, other)
        for line in written:
            console().print(clean(line), markup=False, soft_wrap=True)


def _print(answer: Answer, made: Split, other: Split | None) -> None:
    out = console()
    out.print(clean(answer.facts["summary"]), style="bold", markup=False, soft_wrap=True)
    out.print()
    for table in ([tables.shown_districts(made)] if made.districts else []) + [tables.shown_places(made, other)]:
        print_table(table.showing(**{column.key: column.title.lower() for column in table.shown}))
        out.print()
    for line in [*answer.facts["said"], *answer.table.notes]:
        out.print(clean(line), markup=False, soft_wrap=True)


def _write(given: Given, made: Split, other: Split | None, out: Path, inputs: Sequence[Path]) -> list[str]:
    """The page, its CSV and the record, which is written last. No input is lost, no other areas, no other result."""
    if str(out) == "" or out.is_file():
        raise SokeError(f"{out} is no folder.", "Name a folder with --out.")
    files = files_of(given, made, other)
    if given.districts:
        _same_or_none(out / AREAS, given.content)
    for name in files:
        not_an_input(out / name, inputs)
    check_own(out, files, of_split(json.loads(files[MANIFEST])))
    for name, content in files.items():
        write_whole(out / name, content)
    return [f"Wrote {', '.join(files)} in {out}."]


def _same_or_none(path: Path, content: bytes) -> None:
    """SokeError where a file of areas is there already, and is not the one that would be written."""
    if path.exists() and read_whole(path, str(path), LARGEST_AREAS) != content:
        fact = f"{path} is there already, and does not hold the districts of the deal."
        raise SokeError(fact, "Name another folder with --out, or those areas with --areas.")


def _check(record: Path, areas: Path | None, *, as_json: bool, as_csv: bool) -> None:
    """Make a split again. Exit status 1, with each difference, where it is not the same."""
    if areas is None:
        raise SokeError("--areas is missing.", "Name the file of areas that was split.")
    held = read_manifest(read_whole(record, str(record), LARGEST), str(record))
    again = recount(held, read_areas(read_whole(areas, str(areas), LARGEST_AREAS), str(areas)), str(record))
    if as_json or as_csv:
        show(tables.recounted(again.differences), as_json=as_json, as_csv=as_csv)
    elif not again.differences:
        count = counted(len(again.split.shares), "amount")
        tell(f"The same: {count}, {pounds(again.split.fund)} {again.split.rule.words}, to the penny.")
    else:
        for line in again.differences:
            tell(line)
        say(f"NOT THE SAME: {counted(len(again.differences), 'difference')}.")
    if again.differences:
        raise typer.Exit(1)
