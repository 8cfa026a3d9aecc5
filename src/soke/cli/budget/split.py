"""``soke budget split``: a fund shared among neighbourhoods, with the reason for each amount."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import typer

from soke.cli import for_register
from soke.cli.budget.split_inputs import Given, again, basis, read_given, terms, title_of
from soke.cli.output import CSV_OPTION, JSON_OPTION, Column, console, emit, say
from soke.cli.register.init import on_day
from soke.community.areas import LARGEST as LARGEST_AREAS
from soke.community.areas import read_areas
from soke.community.split_reasons import costs, gainers_and_losers, summary
from soke.community.split_record import LARGEST, manifest, read_manifest, recount, result_sha256, to_json
from soke.community.splitting import Split, counted, parse_limit, parse_pounds, parse_rule, pounds, split
from soke.errors import SokeError
from soke.files import not_an_input, read_whole, write_whole
from soke.report import split_page
from soke.report.tables import split as made
from soke.table import Cell, Table
from soke.text import clean

RECORD, AREAS = "manifest.json", "areas.csv"
DIFFERENCES = (Column("difference", "where it differs"),)
_SLUG = re.compile(r"[^a-z0-9.]+", re.ASCII)
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,18}[a-z0-9])?", re.ASCII)


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
    found = split(given.areas, amount, rule, floors, caps, together=together)
    other = split(given.areas, amount, other_rule, floors, caps, together=together) if other_rule else None
    read, acts = [one for one in (areas, deal) if one is not None], []
    if commands is not None:
        for option, value in (("--as", role), ("--person", person)):
            if not value:
                raise SokeError(f"{option} is missing.", "With --commands, say which party records it, and who.")
        acts = _rounds(given, found, due, label)
        not_an_input(commands, read)
    written = _write(given, found, other, out, read) if out is not None else []
    if commands is not None:
        written.append(_hand_over(commands, given, role, person, acts))
    _print(given, found, other, as_json=as_json, as_csv=as_csv)
    for line in written if not (as_json or as_csv) else ():
        console().print(clean(line), markup=False, soft_wrap=True)


# --- printing ---


def _print(given: Given, found: Split, other: Split | None, *, as_json: bool, as_csv: bool) -> None:
    every = made.every_place(found, other)
    said = [line for line in (costs(found), gainers_and_losers(found, other) if other else "") if line]
    if as_json or as_csv:
        extra = {
            "summary": summary(found), "said": said, "fund_pence": found.fund, "by": found.rule.text, "unit": "pence",
            "against": other.rule.text if other else None, "areas_sha256": found.areas.sha256,
            "result_sha256": result_sha256(found.pence), "about": dict(found.areas.about), "grade": found.areas.grade,
            "districts": [{"name": name, "pence": pence} for name, pence in found.districts],
        }  # fmt: skip
        columns = [Column(column.key, column.title) for column in every.columns]
        emit(_rows(every), columns, as_json=as_json, as_csv=as_csv, extra=extra, notes=_notes(given, found))
        return
    out = console()
    out.print(clean(summary(found)), style="bold", markup=False, soft_wrap=True)
    out.print()
    for table in ([made.shown_districts(found)] if found.districts else []) + [made.shown_places(found, other)]:
        _table(table)
        out.print()
    for line in [*said, *_notes(given, found)]:
        out.print(clean(line), markup=False, soft_wrap=True)


def _rows(table: Table) -> list[dict[str, Cell]]:
    return [dict(zip([column.key for column in table.columns], row, strict=True)) for row in table.rows]


def _table(table: Table) -> None:
    columns = [
        Column(column.key, column.title.lower(), None if column.kind == "text" else 0) for column in table.columns
    ]
    emit(_rows(table), columns, as_json=False, as_csv=False, title=table.caption)


def _notes(given: Given, found: Split) -> list[str]:
    """The grade and the source of the figures; and of districts, that they share again."""
    about = found.areas.about
    source = "; ".join(f"{key}: {said}" for key, said in about.items() if key not in ("title", "grade"))
    lines = [line for line in [basis(given)] if line]
    lines += [f"The figures are {found.areas.grade}. {source or 'The file does not say where they come from'}."]
    if given.districts and given.undertaking is not None and given.undertaking.size_max:
        most = max(found.shares, key=lambda share: share.pence)
        lines.append(
            "These are districts: the sizes that the deal gives are of a neighbourhood's budget, and hold when each"
            f" district's share is split again. {most.area.name} makes {again(most, given.undertaking)}."
        )
    return lines


# --- files ---


def _write(given: Given, found: Split, other: Split | None, out: Path, read: Sequence[Path]) -> list[str]:
    """The page, its CSV and the record, which is written last. Nothing that was ``read`` is lost, nor other areas."""
    if str(out) == "" or out.is_file():
        raise SokeError(f"{out} is no folder.", "Name a folder with --out.")
    files = split_page.render(found, other, title_of(given, found), basis(given))
    if given.districts:
        files[AREAS] = given.content
        _same_or_none(out / AREAS, given.content)
    names = {
        "deal": given.deal.id if given.deal else "",
        "community": given.undertaking.id if given.undertaking else "",
    }
    files[RECORD] = to_json(manifest(found, **names))
    for name in files:
        not_an_input(out / name, read)
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
    found = recount(held, read_areas(read_whole(areas, str(areas), LARGEST_AREAS), str(areas)), str(record))
    same = not found.differences
    if as_json or as_csv:
        rows: list[Mapping[str, Cell]] = [{"difference": line} for line in found.differences]
        emit(rows, DIFFERENCES, as_json=as_json, as_csv=as_csv, extra={"same": same})
    elif same:
        count = counted(len(found.split.shares), "amount")
        typer.echo(clean(f"The same: {count}, {pounds(found.split.fund)} {found.split.rule.words}, to the penny."))
    else:
        for line in found.differences:
            typer.echo(clean(line))
        say(f"NOT THE SAME: {counted(len(found.differences), 'difference')}.")
    if not same:
        raise typer.Exit(1)


# --- to the register ---


def _rounds(given: Given, found: Split, due: str | None, label: str | None) -> list[tuple[str, dict[str, Any]]]:
    """A round for each area that gets anything. SokeError where two areas would have one id."""
    if given.deal is None or given.undertaking is None:
        raise SokeError("--deal is missing.", "With --commands, name the deal file whose undertaking this is.")
    if given.districts:
        raise SokeError("These are districts, not neighbourhoods.", "Name the neighbourhoods with --areas.")
    if due is None:
        raise SokeError("--due is missing.", "With --commands, say by when the rounds are to be adopted: 2027-12-01.")
    day = on_day(due)
    head = label if label is not None else str(day.year)
    if not _LABEL.fullmatch(head):
        raise SokeError(f'The label "{head[:40]}" is none.', "Use small letters, digits, dots and hyphens, at most 20.")
    ids: dict[str, str] = {}
    acts = []
    for share in found.shares:
        named = f"{head}-{_SLUG.sub('-', share.area.code.lower())}".strip("-.")
        if named in ids:
            fact = f'The codes of {ids[named]} and {share.area.name} would both make the round "{named}".'
            raise SokeError(fact, "Change one of the codes.", share.area.at)
        ids[named] = share.area.name
        if share.pence:
            body = {"round": named, "community": given.undertaking.id, "pence": share.pence, "due": day.isoformat(),
                    "note": share.area.name}  # fmt: skip
            acts.append(("round.opened", body))
    return acts


def _hand_over(path: Path, given: Given, role: str, person: str, acts: list[tuple[str, dict[str, Any]]]) -> str:
    assert given.deal is not None
    for_register.write_commands(path, given.deal.id, role, person, acts)
    return f"Wrote {counted(len(acts), 'round')} in {path}, for soke register record --file {path}."
