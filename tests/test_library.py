"""The face as a hostile newcomer meets it: every name from a plain script, every argument of every wrong type."""

from __future__ import annotations

import datetime as dt
import doctest
import importlib
import math
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from inspect import signature
from pathlib import Path
from typing import Any

import pytest

import soke
from soke.errors import CODES, SokeError

ROOT = Path(__file__).parents[1]
GM = ROOT / "deals" / "greater-manchester.toml"
PB = ROOT / "examples" / "neighbourhood-budget" / "newtown.pb"
POOL = "id,sex\n" + "".join(f"p{k},{'woman' if k % 2 else 'man'}\n" for k in range(8))
QUOTAS = "category,value,min,max\nsex,woman,1,1\nsex,man,1,1\n"
WRONG: tuple[Any, ...] = (
    3, True, 2.5, math.nan, b"Leeds", None, {"a": 1}, {1}, [3], [None], [b"x"], [["x"]], (3,), object(), str,
    dt.date(2026, 4, 1), Decimal(3), 1j, (x for x in "ab"), "text", ["text"], Path("x"),
)  # fmt: skip
TEXT, NAMES, NUMBER, PATH = (str,), (str, list, tuple), (int,), (str, Path)  # what each argument takes
NOTHING = type(None)
SETTING = {"business_rates.retention": 0.75}
HOSTILE = ("", "\0", "\ud800", "x" * 5000, "\x1b[31m", "\N{POSTBOX}", "../../etc", "/dev/zero", "a\nb", "1; DROP TABLE")
Call = Callable[[Any], object]


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("panel")
    (folder / "pool.csv").write_text(POOL, "utf-8")
    (folder / "quotas.csv").write_text(QUOTAS, "utf-8")
    return folder / "pool.csv", folder / "quotas.csv"


def arguments() -> dict[str, tuple[Call, tuple[type, ...]]]:
    """Every argument of every function: a call that gives it, and the types that it takes."""
    deal, election = GM, PB
    return {
        "places kind": (soke.places, TEXT),
        "places within": (lambda v: soke.places(within=v), TEXT),
        "account place": (soke.account, NAMES),
        "account year": (lambda v: soke.account("Leeds", v), (str, int)),
        "account basis": (lambda v: soke.account("Leeds", basis=v), TEXT),
        "account figures": (lambda v: soke.account("Leeds", figures=v), (*PATH, NOTHING)),
        "account_years place": (soke.account_years, NAMES),
        "explain_account place": (lambda v: soke.explain_account(v, "gap"), NAMES),
        "explain_account line": (lambda v: soke.explain_account("Leeds", v), TEXT),
        "explain_account year": (lambda v: soke.explain_account("Leeds", "gap", v), (str, int)),
        "explain_account basis": (lambda v: soke.explain_account("Leeds", "gap", basis=v), TEXT),
        "read_deal path": (soke.read_deal, PATH),
        "read_framework path": (soke.read_framework, PATH),
        "read_scenario path": (soke.read_scenario, (*PATH, NOTHING)),
        "check deal": (soke.check, PATH),
        "project deal": (soke.project, PATH),
        "project scenario": (lambda v: soke.project(deal, v), (*PATH, NOTHING)),
        "project draws": (lambda v: soke.project(deal, draws=v), (*NUMBER, NOTHING)),
        "project seed": (lambda v: soke.project(deal, seed=v), (*NUMBER, NOTHING)),
        "project figures": (lambda v: soke.project(deal, figures=v), (*PATH, NOTHING)),
        "project workers": (lambda v: soke.project(deal, workers=v), NUMBER),
        "project backend": (lambda v: soke.project(deal, backend=v), TEXT),
        "project scheduler": (lambda v: soke.project(deal, backend="dask", scheduler=v), (*TEXT, NOTHING)),
        "project progress": (lambda v: soke.project(deal, progress=v), (type, NOTHING)),
        "backtest start": (soke.backtest, (*NUMBER, NOTHING)),
        "backtest draws": (lambda v: soke.backtest(draws=v), (*NUMBER, NOTHING)),
        "backtest seed": (lambda v: soke.backtest(seed=v), (*NUMBER, NOTHING)),
        "settle names": (soke.settle, NAMES),
        "settle year": (lambda v: soke.settle("Leeds", v), (str, int)),
        "settle figures": (lambda v: soke.settle("Leeds", figures=v), (*PATH, NOTHING)),
        "what_if settings": (soke.what_if, (dict,)),
        "what_if reset": (lambda v: soke.what_if(SETTING, reset=v), (*NUMBER, NOTHING)),
        "what_if pool": (lambda v: soke.what_if(SETTING, pool=v), NAMES),
        "what_if years": (lambda v: soke.what_if(SETTING, years=v), NUMBER),
        "what_if names": (lambda v: soke.what_if(SETTING, names=v), NAMES),
        "what_if figures": (lambda v: soke.what_if(SETTING, figures=v), (*PATH, NOTHING)),
        "count election": (soke.count, PATH),
        "count rule": (lambda v: soke.count(election, v), TEXT),
        "count points": (lambda v: soke.count(election, points=v), (str, NOTHING)),
        "count least_votes": (lambda v: soke.count(election, least_votes=v), (str, NOTHING)),
        "count conflicts": (lambda v: soke.count(election, conflicts=v), (list, tuple, NOTHING)),
        "count districts": (lambda v: soke.count(election, districts=v), (list, tuple, NOTHING)),
        "count comparison": (lambda v: soke.count(election, comparison=v), (bool, NOTHING)),
        "count manifest": (lambda v: soke.count(election, manifest=v), (*PATH, NOTHING)),
        "draw pool": (lambda v: soke.draw(v, "quotas.csv", 2), PATH),
        "draw size": (lambda v: soke.draw("pool.csv", "quotas.csv", v), NUMBER),
        "draw digits": (lambda v: soke.draw("pool.csv", "quotas.csv", 2, digits=v), TEXT),
        "draw aim": (lambda v: soke.draw("pool.csv", "quotas.csv", 2, aim=v), TEXT),
        "draw id_column": (lambda v: soke.draw("pool.csv", "quotas.csv", 2, id_column=v), TEXT),
        "draw household": (lambda v: soke.draw("pool.csv", "quotas.csv", 2, household=v), TEXT),
        "draw per_household": (lambda v: soke.draw("pool.csv", "quotas.csv", 2, per_household=v), NUMBER),
        "Register where": (soke.Register, PATH),
        "Table name": (lambda v: soke.check(GM).table(v), TEXT),
        "Table key": (lambda v: soke.places("region").column(v), TEXT),
        "Table keep": (lambda v: soke.places("region").where(v), (type,)),
        "baseline name": (lambda v: soke.baseline()[v], TEXT),
        "baseline code": (lambda v: soke.baseline().index(v), TEXT),
    }


def takes(value: Any, types: tuple[type, ...]) -> bool:
    """Whether a value is of the types; a list is one of texts, and True is no number."""
    if isinstance(value, bool):
        return bool in types
    if isinstance(value, list | tuple):
        return type(value) in types and all(isinstance(item, str) for item in value)
    return isinstance(value, types)


@pytest.mark.parametrize("argument", arguments())
def test_an_argument_of_another_type_is_named(argument: str) -> None:
    call, types = arguments()[argument]
    name = argument.split()[1]
    for value in WRONG:
        if not takes(value, types):
            with pytest.raises(SokeError, match=f"^{name}: {name} is of the type ") as error:
                call(value)
            assert error.value.code == "bad-type" and error.value.where == name and error.value.fix, value


SLOW = ("project scheduler",)  # reads a deal before each address


@pytest.mark.parametrize(
    "argument",
    [
        pytest.param(name, marks=pytest.mark.slow) if name in SLOW else name
        for name, (_, types) in arguments().items()
        if str in types
    ],
)
def test_hostile_text_is_an_error_with_a_code_and_a_fix(argument: str) -> None:
    call, _ = arguments()[argument]
    for text in HOSTILE:
        if text or argument.split(maxsplit=1)[0] not in ("places", "count"):  # there nothing is no restriction
            with pytest.raises(SokeError) as error:
                call(text)
            assert error.value.code in set(CODES) - {"bad-type"} and error.value.fix, text[:40]


def test_every_argument_is_tried() -> None:
    """A parameter that is added to a function is added here."""
    tried = {name for name in arguments() if name.split()[0] in soke.__all__}
    for name in set(soke.__all__) - {"Column", "Register", "SokeError", "Table", "baseline"}:
        for argument in signature(getattr(soke, name)).parameters:
            assert f"{name} {argument}" in tried or argument in ("quotas", "parameters"), f"{name} {argument}"


@pytest.mark.parametrize(
    ("call", "code", "said"),
    [
        (lambda: soke.account("Greater Manchestr"), "unknown-place", "Did you mean Greater Manchester"),
        (lambda: soke.account([]), "unknown-place", "No place is named"),
        (lambda: soke.account(["Leeds", ""]), "unknown-place", "called ''"),
        (lambda: soke.account("Leeds", 10**30), "bad-year", "1999-00 to 2023-24"),
        (lambda: soke.account("Leeds", "2022-24"), "bad-year", "Write it as 2013-14"),
        (lambda: soke.account("Leeds", basis="residance"), "unknown-name", "Did you mean residence"),
        (lambda: soke.account("Leeds").table("account_line"), "unknown-name", "Did you mean account_lines"),
        (lambda: soke.places("region").column("nam"), "unknown-name", "Did you mean name?"),
        (lambda: soke.places("region").showing("nam"), "unknown-name", "Did you mean name?"),
        (lambda: soke.places("regions"), "unknown-name", "Did you mean region?"),
        (lambda: soke.places(within="Leedz"), "unknown-place", "Did you mean Leeds"),
        (lambda: soke.baseline()["populatoin"], "unknown-name", "Did you mean population"),
        (lambda: soke.baseline().index("E99"), "unknown-place", "no place 'E99'"),
        (lambda: soke.settle("Manchestr"), "unknown-place", "Manchester"),
        (lambda: soke.settle("Leeds", 1066), "bad-year", "1066-67"),
        (lambda: soke.what_if({"business_rates.retentoin": 1}), "unknown-name", "business_rates.retention"),
        (lambda: soke.what_if({"business_rates.retention": math.nan}), "bad-input", "not a number"),
        (lambda: soke.what_if({}), "bad-input", "No rule is changed"),
        (lambda: soke.what_if(SETTING, years=10**30), "bad-input", "1 to 40"),
        (lambda: soke.what_if({"business_rates.retention": [1]}), "bad-type", "settings"),
        (lambda: soke.what_if({3: 1}), "bad-type", "settings"),  # type: ignore[dict-item]
        (lambda: soke.count(PB, "equal_share"), "unknown-name", "Did you mean equal_shares"),
        (lambda: soke.count(PB, least_vote="3"), "unknown-name", "Did you mean least_votes"),
        (lambda: soke.count(PB, conflicts=["1"]), "bad-input", "two ids or more"),
        (lambda: soke.project(GM, draws=0), "bad-input", "0 draws cannot be run"),
        (lambda: soke.project(GM, draws=10**30), "bad-input", "draws cannot be run"),
        (lambda: soke.project(GM, seed=-1), "bad-input", "cannot be a seed"),
        (lambda: soke.project(GM, draws=1, workers=0), "bad-input", "1 to 64"),
        (lambda: soke.project(GM, backend="lokal"), "unknown-name", "local, joblib, dask or serial"),  # type: ignore[arg-type]
        (lambda: soke.backtest(1066), "bad-year", "Start from 2005 to 2022"),
        (lambda: soke.backtest(10**30), "bad-year", "cannot start in"),
        (lambda: soke.backtest(2020), "bad-year", "Start before 2019"),
        (lambda: soke.backtest(draws=10**30), "bad-input", "100 to 20,000"),
        (lambda: soke.backtest(seed=-1), "bad-input", "cannot be a seed"),
        (lambda: soke.project(ROOT), "file-refused", "a folder, not a file"),
        (lambda: soke.read_deal("none.toml"), "no-file", "none.toml"),
        (lambda: soke.read_framework("englnd"), "no-file", "Name england"),
        (lambda: soke.read_scenario(ROOT), "file-refused", "a folder, not a file"),
        (lambda: soke.check(PB), None, ""),
        (lambda: soke.Register("none.db"), "no-file", "none.db"),
        (lambda: soke.Register(ROOT), "file-refused", "a folder"),
        (lambda: soke.settle("Leeds", figures="x" * 5000), "no-file", "no such folder"),
        (lambda: soke.Column("a", "A", "moneys"), "unknown-name", "Did you mean money"),  # type: ignore[arg-type]
        (lambda: soke.Table.of("a", "", [soke.Column("a", "A")], [[b"x"]]), "bad-type", "rows"),  # type: ignore[list-item]
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_a_code(call: Callable[[], object], code: str | None, said: str) -> None:
    if code is None:
        call()
        return
    with pytest.raises(SokeError) as error:
        call()
    assert error.value.code == code and said in str(error.value) and error.value.fix


def test_a_panel_is_drawn_and_what_is_wrong_with_it_said(panel: tuple[Path, Path]) -> None:
    drawn = soke.draw(*panel, 2, digits="1 2 3 4 5 6 7 8 9 0")
    assert len(drawn.table("panel_members")) == 2 and len(drawn.value.panel) == 2
    for more, code, said in (
        ({"size": 10**30}, "bad-input", "the pool has 8"), ({"size": 0}, "bad-input", "cannot be drawn"),
        ({"size": -(10**30)}, "bad-input", "cannot be drawn"), ({"size": 7}, "bad-input", "panel"),
        ({"size": 2, "aim": "leximan"}, "unknown-name", "leximin"), ({"size": 2, "digits": "12"}, "bad-input", "10"),
        ({"size": 2, "id_column": "idd"}, "bad-input", "The columns are"),
        ({"size": 2, "household": "home"}, "bad-input", "The columns are"),
    ):  # fmt: skip
        with pytest.raises(SokeError) as error:
            soke.draw(*panel, **more)  # type: ignore[arg-type]
        assert error.value.code == code and said in str(error.value), more
    for wrong in ((panel[0], 3), (panel[0], None)):
        with pytest.raises(SokeError, match=r"^quotas: quotas is of "):
            soke.draw(*wrong, 2)  # type: ignore[arg-type]


# --- as people start it ---

EVERYTHING = """
import soke
from soke import *
deal = soke.read_deal({gm!r})
framework, scenario = read_framework(), read_scenario()
print(len(places("region")), account("Leeds").table("account_lines").column("line")[0])
print(len(account_years("Leeds")), explain_account("Leeds", "gap").facts["line"])
print(baseline()["population"].shape, check(deal).summary().caption[:8])
print(soke.project(deal, scenario, draws=4, workers=2, backend="local").summary().caption[:18])
print(list(backtest(2012, draws=100).tables))
print(len(settle("Leeds").table("settlement")), len(what_if({{"business_rates.retention": 0.75}}, years=2).tables) > 2)
print(len(count({pb!r}).tables), len(draw({pool!r}, {quotas!r}, 2).tables))
try:
    Register("none.db")
except SokeError as error:
    print(error.code)
print(Table.of("t", "A caption", [Column("a", "A")], [["x"]]))
"""


def started(text: str, *options: str, stdin: bool = False, cwd: Path) -> str:
    command = [sys.executable, *options, *(["-"] if stdin else ["script.py"])]
    (cwd / "script.py").write_text(text, "utf-8")
    done = subprocess.run(
        command, input=text if stdin else "", capture_output=True, text=True, cwd=cwd, timeout=300, check=False
    )
    assert done.returncode == 0 and not done.stderr, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("options", "stdin"), [pytest.param((), True, marks=pytest.mark.slow), (("-W", "error"), False)]
)
def test_every_name_works_in_a_plain_script(
    options: tuple[str, ...], stdin: bool, panel: tuple[Path, Path], tmp_path: Path
) -> None:
    text = EVERYTHING.format(gm=str(GM), pb=str(PB), pool=str(panel[0]), quotas=str(panel[1]))
    assert all(name in text for name in soke.__all__)
    said = started(text, *options, stdin=stdin, cwd=tmp_path).splitlines()
    assert said == [
        "9 Income Tax", "25 gap", "(296,) 0 errors", "Greater Manchester",
        "['back_test', 'back_test_groups']", "1 True", "2 2", "no-file", "A caption", "A",
        "x",
    ]  # fmt: skip


def test_it_is_light_to_import(tmp_path: Path) -> None:
    text = (
        "import sys, soke\n"
        "print({'numpy', 'scipy', 'openpyxl', 'typer', 'rich', 'pandas'} & {*sys.modules})\n"
        "print(set(soke.__all__) <= set(dir(soke)), soke.__all__ == sorted(soke.__all__))\n"
        "from soke import Table, SokeError\n"
        "print({'numpy', 'scipy', 'openpyxl', 'typer', 'pandas'} & {*sys.modules})\n"
        "print(hasattr(soke, 'nothing'))\n"
    )
    assert started(text, cwd=tmp_path).splitlines() == ["set()", "True True", "set()", "False"]


@pytest.mark.parametrize("name", ["soke.library", "soke.table", "soke.text", "soke.result", "soke.errors"])
def test_examples_in_docstrings(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
    assert found.attempted > 0 and not found.failed


@pytest.mark.slow
def test_types_of_the_face_are_inferred(tmp_path: Path) -> None:
    text = (
        "import soke\n"
        f"deal = soke.read_deal({str(GM)!r})\n"
        "for row in soke.check(deal).table('findings'):\n"
        "    reveal_type(row)\n"
        "run = soke.project(deal, draws=200)\n"
        "reveal_type(run.report.projection.draws)\n"
        "reveal_type(soke.account('Leeds').value.population)\n"
        "reveal_type(soke.places().column('name'))\n"
        "with soke.Register('gm.db') as register:\n"
        "    reveal_type(register.status('gm').value.title)\n"
        "reveal_type(soke.count('elm.pb').value.digest)\n"
    )
    (tmp_path / "face.py").write_text(text, "utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--no-incremental", "face.py"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0 and "Any" not in done.stdout, done.stdout
    told = [line.split('"')[1] for line in done.stdout.splitlines() if "Revealed" in line]
    assert [name.split(".")[-1] for name in told[1:]] == ["int", "float", told[3].split(".")[-1], "str", "str"]
