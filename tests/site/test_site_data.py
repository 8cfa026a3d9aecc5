"""The data of the site: the same figures as the commands print, all of it listed, typed, hashed and inert."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import hashlib
import io
import json
import pickle
import posixpath
import re
import sys
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import soke
from soke.cli import main
from soke.england.sources import sources
from soke.england.tables import read_table
from soke.model.accounts.every_place import account_histories
from soke.model.accounts.history import account_history
from soke.site.areas import Area, areas
from soke.site.contents import Asked, Site
from soke.site.data import made as data_made
from soke.site.data import pages as data
from soke.site.data.catalogue import GROUPS, IN_THE_ROWS, LICENCES, by_id, listed
from soke.site.data.made import sheet, with_account
from soke.site.data.sheets import of_table, of_text
from soke.site.frame import DATA
from soke.table import Column, Table
from soke.version import program

DAY = dt.date(2026, 12, 1)
OTHERS = re.compile("Institute for Fiscal Studies|Local Government Chronicle|lgcplus|room151|Centre for Cities")
IN_EACH_ROW = "each row its own"
LARGE = 100_000  # bytes of JSON from which on it is packed
FIRST_ROWS = 300  # of a long table that the JSON schema is held to: its types are read cell by cell elsewhere
TYPES: dict[str, Callable[[str], object]] = {
    "string": str, "integer": int, "number": float, "date": dt.date.fromisoformat,
}  # fmt: skip
Files = dict[str, bytes]


@pytest.fixture(scope="module")
def site() -> Site:
    return Site(asked=Asked(today=DAY), version=soke.__version__)


CACHES = (data_made.sheet, data_made.accounts, data_made._histories, data._read)


@pytest.fixture(scope="module")
def made(site: Site) -> Iterator[Files]:
    """Every file of the data by its path below the folder; accounts are those of twenty places."""
    chosen = tuple(twenty())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(data_made, "with_account", lambda: chosen)
        for cache in CACHES:
            cache.cache_clear()
        contents = {page.path: page.write(site) for page in data.pages(site)}
        yield {
            posixpath.relpath(path, data.FOLDER): content.encode() if isinstance(content, str) else content
            for path, content in contents.items()
        }
    for cache in CACHES:
        cache.cache_clear()


@pytest.fixture(scope="module")
def package(made: Files) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(made["datapackage.json"])
    return read


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """What a command prints."""

    def run(*words: str) -> str:
        monkeypatch.setattr(sys, "argv", ["soke", *words])
        with pytest.raises(SystemExit) as stopped:
            main()
        assert not stopped.value.code
        return capsys.readouterr().out

    return run


def json_of(made: Files, id_: str) -> dict[str, Any]:
    """A table's JSON, unpacked where it is packed."""
    name = by_id()[id_].json_file
    content = gzip.decompress(made[name]) if name.endswith(".gz") else made[name]
    read: dict[str, Any] = json.loads(content)
    return read


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def twenty() -> list[Area]:
    """Of every rank: England, a region, wider areas with and without a code, counties, councils of each class."""
    chosen = [*with_account()[:2], *(area for area in with_account() if area.rank == "strategic" and not area.code)][:4]
    wanted = ("Greater Manchester", "Norfolk", "Leeds", "South Norfolk", "Westminster", "Cornwall", "Isles of Scilly")
    chosen += [next(area for area in with_account() if area.name == name) for name in wanted]
    rest = [area for area in with_account() if area not in chosen]
    return chosen + rest[:: len(rest) // (20 - len(chosen))][: 20 - len(chosen)]


# --- the same figures ---


def test_the_rows_of_all_places_say_what_the_command_says(made: Files, printed: Callable[..., str]) -> None:
    places = twenty()
    assert len(places) == 20 and {area.rank for area in places} == {
        "country", "region", "strategic", "county", "council"}  # fmt: skip
    every, short = (
        rows_of(made["accounts.csv"]),
        {row["place_code"]: row for row in rows_of(made["accounts-summary.csv"])},
    )
    for area in places:
        said = json.loads(printed("place", area.asked, "--json"))
        code = area.code or "+".join(area.members)
        mine = [row for row in every if row["place_code"] == code]
        assert [row["line_id"] for row in mine] == [row["line_id"] for row in said["rows"]]
        for row, theirs in zip(mine, said["rows"], strict=True):
            same_figure(row["gbp_million_cash"], theirs["gbp_million_cash"], 6)
            same_figure(row["half_width_gbp_million_cash"], theirs["half_width_gbp_million_cash"], 6)
            same_figure(row["gbp_per_head"], theirs["gbp_per_head"], 2)
            for key in ("measured_here_share", "measured_wider_share", "by_key_share", "per_head_share"):
                same_figure(row[key], theirs[key], 4)
            assert (row["side"], row["line"], row["grade"], row["source"], row["name"], row["year"]) == tuple(
                theirs[key] for key in ("side", "line", "grade", "source", "name", "year")
            )
        same_account(short[code], said)


def same_account(row: dict[str, str], said: dict[str, Any]) -> None:
    facts, split = said["facts"], said["facts"]["gap_split_gbp_million_cash"]
    for key, theirs in (
        ("raised_gbp_million_cash", facts["receipts_gbp_million_cash"]),
        ("spent_gbp_million_cash", facts["spending_gbp_million_cash"]),
        ("gap_gbp_million_cash", facts["gap_gbp_million_cash"]),
        ("gap_half_width_gbp_million_cash", facts["gap_half_width_gbp_million_cash"]),
        ("low_gap_gbp_million_cash", facts["low_gap_over_bases_gbp_million_cash"]),
        ("high_gap_gbp_million_cash", facts["high_gap_over_bases_gbp_million_cash"]),
        *((f"{part}_gbp_million_cash", split[part]) for part in ("borrowing", "lower_tax", "higher_spending")),
    ):
        same_figure(row[key], theirs, 6)
    parts = sum(float(row[f"{part}_gbp_million_cash"]) for part in ("borrowing", "lower_tax", "higher_spending"))
    assert float(row["gap_gbp_million_cash"]) == pytest.approx(parts, abs=2e-6)


def same_figure(cell: str, theirs: float | None, digits: int) -> None:
    assert (cell == "") == (theirs is None)
    if theirs is not None:
        assert float(cell) == pytest.approx(theirs, abs=0.51 * 10**-digits)


@pytest.mark.slow
def test_every_place_with_an_account_is_in_each_table_of_accounts(whole_folder: Path) -> None:
    """And what is large is packed, and nothing else."""
    codes = {area.code or "+".join(area.members) for area in areas() if area.has_account}
    assert len(codes) == len(with_account())
    files = {path.name: path.read_bytes() for path in (whole_folder / data.FOLDER).iterdir() if path.is_file()}
    for name in ("accounts", "accounts-summary", "accounts-years"):
        assert {row["place_code"] for row in rows_of(files[f"{name}.csv"])} == codes
    for told in listed():
        content = files[told.json_file]
        size = len(gzip.decompress(content) if told.packed else content)
        assert (size > LARGE) is told.packed, f"{told.id}: {size:,} bytes; mend packed in tables.csv"
    assert sum(map(len, files.values())) < 18_000_000


def test_the_years_of_all_places_at_once_are_those_of_each() -> None:
    chosen = twenty()[::7]
    found = account_histories([area.members for area in chosen])
    for area, years in zip(chosen, found, strict=True):
        for mine, theirs in zip(years, account_history(area.members), strict=True):
            assert (mine.year, mine.carried) == (theirs.year, theirs.carried)
            assert (mine.half_width is None) == (theirs.half_width is None)
            for one, other in ((mine.receipts, theirs.receipts), (mine.spending, theirs.spending),
                               (mine.half_width or 0, theirs.half_width or 0)):  # fmt: skip
                assert one == pytest.approx(other, rel=1e-11)
            for grade in ("here", "wider", "key", "head", "year_off"):
                assert getattr(mine.known, grade) == pytest.approx(getattr(theirs.known, grade), abs=1e-12)
    assert account_histories([]) == ()
    with pytest.raises(soke.SokeError):
        account_histories([("E06000001",), ("E99999999",)])


def test_the_years_of_a_place_are_those_that_the_command_prints(made: Files, printed: Callable[..., str]) -> None:
    every = rows_of(made["accounts-years.csv"])
    for code in ("E12000004", "E08000035"):
        said = json.loads(printed("place", code, "--history", "--json"))["rows"]
        mine = [row for row in every if row["place_code"] == code]
        assert [row["year"] for row in mine] == [row["year"] for row in said]
        for row, theirs in zip(mine, said, strict=True):
            same_figure(row["raised_gbp_million_cash"], theirs["receipts_gbp_million_cash"], 6)
            same_figure(row["spent_gbp_million_cash"], theirs["spending_gbp_million_cash"], 6)
            same_figure(row["gap_half_width_gbp_million_cash"], theirs["half_width_gbp_million_cash"], 6)
            same_figure(row["measured_here_share"], theirs["measured_here_share"], 4)


def test_an_analyst_gets_the_same_from_the_library(made: Files) -> None:
    """Journey d: a table taken from the site, and the same figures from ``import soke``."""
    leeds = [row for row in rows_of(made["accounts.csv"]) if row["place_code"] == "E08000035"]
    same = soke.account("Leeds").table("account_lines").records()
    assert [row["line_id"] for row in leeds] == [row["line_id"] for row in same]
    for row, theirs in zip(leeds, same, strict=True):
        same_figure(row["gbp_million_cash"], theirs["gbp_million_cash"], 6)
    assert soke.places().csv().encode() == made["known-places.csv"]
    assert made["places.csv"].decode() == files("soke.england.tables").joinpath("places.csv").read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("known-places", "places"),
        ("rule-parameters", "settle --parameters"),
        pytest.param("scoreboard", "verify", marks=pytest.mark.slow),
    ],
)
def test_json_is_the_envelope_of_the_command_that_prints_it(
    made: Files, printed: Callable[..., str], name: str, words: str
) -> None:
    assert json_of(made, name) == json.loads(printed(*words.split(), "--json"))
    assert made[f"{name}.csv"].decode() == printed(*words.split(), "--csv")


# --- all of it, listed ---


def test_every_shipped_table_is_listed_with_source_and_licence() -> None:
    """A table that is added to the package gets a row in ``site/data/tables.csv``."""
    top = Path(soke.__file__).parent
    shipped = {path.relative_to(top).as_posix() for path in top.rglob("*.csv")} - {"site/data/tables.csv"}
    named = [told.file for told in listed() if told.file]
    held = [{path.relative_to(top).as_posix() for path in top.glob(pattern)} for pattern in named]
    assert all(held), [pattern for pattern, those in zip(named, held, strict=True) if not those]
    assert set().union(*held) == shipped
    known = sources()
    for told in listed():
        assert told.licence and told.licences, told.id
        assert told.what and told.unit and told.year, told.id
        ids = [id_ for id_ in told.sources if re.fullmatch(r"[a-z]+(?:-[a-z0-9]+)+", id_)]
        assert not [id_ for id_ in ids if id_ not in known], told.id
        own = {each.name for each in sheet(told.id).fields} & {"source", "sources", "told_by", "seen"}
        assert told.sources or own, f"{told.id} names no source, and its rows have none"
        assert told.grades(sheet(told.id)), told.id
    assert {told.group for told in listed()} == {group for group, _ in GROUPS}
    assert len(by_id()) == len(listed())


def years_of(id_: str) -> set[int]:
    """The years that a table itself says that it has: in its columns' names, or in a column of years."""
    fields = [each.name for each in sheet(id_).fields]
    found = {int(name) for name in fields if re.fullmatch(r"(?:19|20)\d\d", name)}
    for name in {"year", "years", "edition"} & set(fields):
        texts = {str(row[fields.index(name)]) for row in sheet(id_).rows}
        found |= {int(year) for text in texts for year in re.findall(r"\b(?:19|20)\d\d\b", text)}
    return found


def test_the_years_of_the_list_are_those_of_the_tables() -> None:
    unlike = []
    for told in listed():
        years = years_of(told.id)
        if years and told.year not in ("none", IN_EACH_ROW):
            said = {int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", told.year)}
            unlike += [f"{told.id}: {told.year}, and has {min(years)} to {max(years)}"] if (
                min(said), max(said)) != (min(years), max(years)) else []  # fmt: skip
    assert not unlike


def test_no_table_with_estimates_is_called_official() -> None:
    filled = {row["figure"] for row in read_table("own_estimates")}
    assert filled <= {row["figure"] for row in read_table("own_figures")}
    assert list(by_id()["own-figures"].grades(sheet("own-figures"))) == ["official", "estimate"]
    for told in listed():
        fields = [each.name for each in sheet(told.id).fields]
        if told.grade and "grade" in fields:
            held = {row[fields.index("grade")] for row in sheet(told.id).rows}
            assert held == set(told.grades(sheet(told.id))), told.id


def test_what_others_published_is_not_called_open() -> None:
    """Figures that a journal or an institute printed are quoted: no licence of theirs is known."""
    for told in listed():
        fields = [each.name for each in sheet(told.id).fields]
        if "source" in fields:
            texts = {str(row[fields.index("source")]) for row in sheet(told.id).rows}
            if any(OTHERS.search(text) for text in texts):
                assert "quoted from their authors" in told.licence, told.id


def test_the_page_lists_every_table_with_its_files(made: Files) -> None:
    page = made[posixpath.basename(DATA)].decode()
    for told in listed():
        entry = re.search(rf'<li id="{re.escape(told.id)}">.*?</li>', page, re.DOTALL)
        assert entry, told.id
        for path in (f"{told.id}.csv", told.json_file, f"schema/{told.id}.json"):
            assert f'href="{path}"' in entry[0] and path in made
        words = re.sub(r"<[^>]+>", "", entry[0])
        assert "Source: " in words and told.licence in words and f"{len(sheet(told.id).rows):,} row" in words
        assert (IN_THE_ROWS in words) == (not told.sources)
    assert program() in page and soke.__version__ in page and 'href="datapackage.json"' in page


def test_what_the_page_says_to_type_can_be_typed() -> None:
    for told in listed():
        if told.same:
            scope: dict[str, Any] = {"soke": soke}
            *before, last = told.same.split("; ")
            exec("\n".join(before), scope)
            compile(last, "<page>", "eval")
    for line in data.IN_PYTHON.splitlines()[1:]:
        assert eval(line, {"soke": soke}) is not None


def test_what_the_page_says_reads_a_packed_table(made: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "accounts.json.gz").write_bytes(made["accounts.json.gz"])
    monkeypatch.chdir(tmp_path)
    scope: dict[str, Any] = {}
    first, last = data.UNPACKED.splitlines()
    exec(first, scope)
    found = eval(last, scope)
    assert len(found) == len(rows_of(made["accounts.csv"])) and found[0]["line"] == "Income Tax"


def test_pages_can_be_made_in_another_process_and_do_not_depend_on_the_day(site: Site, made: Files) -> None:
    pages = {page.path: page for page in data.pages(site)}
    assert len(pages) == len(made)
    later = Site(asked=Asked(today=dt.date(2031, 1, 1)), version=soke.__version__)
    for path in (DATA, data.PACKAGE, f"{data.FOLDER}/accounts.csv", f"{data.FOLDER}/schema/people.json"):
        again = pickle.loads(pickle.dumps(pages[path])).write(later)
        content = again.encode() if isinstance(again, str) else again
        assert content == made[posixpath.relpath(path, data.FOLDER)]


# --- the package ---


def test_the_package_is_a_data_package(package: dict[str, Any]) -> None:
    rules = json.loads((Path(__file__).parent / "datapackage.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(rules).validate(package)
    assert package["version"].startswith(f"{soke.__version__}+{program()[:12]}")
    assert {licence["name"] for licence in package["licenses"]} == {licence.name for licence in LICENCES}
    names = [resource["name"] for resource in package["resources"]]
    paths = [resource["path"] for resource in package["resources"]]
    assert len(set(names)) == len(names) and len(set(paths)) == len(paths)


def test_hashes_and_sizes_are_those_of_the_files(package: dict[str, Any], made: Files) -> None:
    listed_ = {resource["path"]: resource for resource in package["resources"]}
    others = {path for path in made if path.startswith("schema/")} | {"index.html", "datapackage.json"}
    assert listed_.keys() == made.keys() - others
    for path, resource in listed_.items():
        assert resource["bytes"] == len(made[path])
        assert resource["hash"] == f"sha256:{hashlib.sha256(made[path]).hexdigest()}"
        assert resource.get("jsonSchema", "schema/people.json") in made
        assert resource.get("compression") == ("gz" if path.endswith(".gz") else None)


def tabular(package: dict[str, Any]) -> Iterator[dict[str, Any]]:
    return (resource for resource in package["resources"] if resource["profile"] == "tabular-data-resource")


def test_types_match_the_values_of_every_table(package: dict[str, Any], made: Files) -> None:
    count = 0
    for resource in tabular(package):
        count += 1
        header, *rows = csv.reader(io.StringIO(made[resource["path"]].decode(), newline=""))
        fields = resource["schema"]["fields"]
        assert header == [field["name"] for field in fields] and len(rows) == resource["rows"]
        for number, field in enumerate(fields):
            cells = [row[number] for row in rows]
            read = TYPES[field["type"]]
            for cell in filter(None, cells):
                read(cell)
            assert ("constraints" in field) == all(cells), (resource["path"], field)
            if field["type"] == "number":  # a column of whole numbers says so
                assert any(re.search(r"[.e]", cell) for cell in cells), (resource["path"], field)
    assert count == len(listed())


def test_json_says_what_csv_says_and_keeps_its_schema(made: Files) -> None:
    for told in listed():
        said, rules = json_of(made, told.id), json.loads(made[f"schema/{told.id}.json"])
        rows = rows_of(made[f"{told.id}.csv"])
        assert said["soke"] == soke.__version__ and len(said["rows"]) == len(rows)
        jsonschema.Draft202012Validator.check_schema(rules)
        jsonschema.Draft202012Validator(rules).validate(said | {"rows": said["rows"][:FIRST_ROWS]})
        for mine, theirs in zip(said["rows"], rows, strict=True):
            for key, cell in theirs.items():
                value = mine[key]
                if isinstance(value, str):
                    assert cell.removeprefix("'") == value.removeprefix("'"), (told.id, key)
                else:
                    assert (float(cell) == value) if cell else value in (None, ""), (told.id, key)


def test_a_schema_refuses_what_a_table_does_not_hold(made: Files) -> None:
    for name, spoil in (("successors", {"ended": "many"}), ("successors", {"more": 1}), ("law", {"id": None})):
        said, rules = json.loads(made[f"{name}.json"]), json.loads(made[f"schema/{name}.json"])
        said["rows"][0] |= spoil
        assert not jsonschema.Draft202012Validator(rules).is_valid(said)
    said, rules = json_of(made, "accounts"), json.loads(made["schema/accounts.json"])
    del said["rows"][0]["grade"]
    assert not jsonschema.Draft202012Validator(rules).is_valid(said | {"rows": said["rows"][:1]})


# --- hostile cells ---


def test_shipped_tables_stand_as_they_are_but_for_cells_that_a_spreadsheet_would_run() -> None:
    for told in listed():
        if not told.made:
            text = files("soke").joinpath(*told.file.split("/")).read_text("utf-8")
            if sheet(told.id).csv != text:
                changed = {cell for row in csv.reader(io.StringIO(text)) for cell in row}
                changed -= {cell for row in csv.reader(io.StringIO(sheet(told.id).csv)) for cell in row}
                assert changed and all(cell[0] in "=+-@" for cell in changed), told.id


def test_a_formula_is_inert_and_a_number_is_a_number() -> None:
    text = 'name,value,day\n"=HYPERLINK(""x"")",-2,2026-04-01\n@a,3.5,\n\u202eb,,2026-05-01\n'
    held = of_text("x", text)
    assert held.csv.splitlines()[1:] == [
        '"\'=HYPERLINK(""x"")",-2,2026-04-01', "'@a,3.5,", "\N{REPLACEMENT CHARACTER}b,,2026-05-01"]  # fmt: skip
    assert [(each.type, each.whole) for each in held.fields] == [("string", True), ("number", False), ("date", False)]
    table = Table.of("x", "", [Column("name", ""), Column("n", "", "count")], [["-1+1", 4], ["b", None]])
    assert of_table("x", table).csv == "name,n\n'-1+1,4\nb,\n"
    assert json.loads(of_table("x", table).json())["rows"] == [{"name": "-1+1", "n": 4}, {"name": "b", "n": None}]


def test_types_are_read_with_care() -> None:
    held = of_text("x", "a,b,c,d,e,f\n007,1e-6,E47000001,2026-13-01,1,\n8,.5,2,2026-04-01,-0,\n")
    assert [each.type for each in held.fields] == ["string", "number", "string", "string", "integer", "string"]
    assert of_text("x", "a,b\n").rows == ()
