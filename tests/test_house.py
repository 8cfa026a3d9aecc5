"""The rules of the house, read from the source: rooms in order, no circle, short modules, no logic in cli/."""

from __future__ import annotations

import ast
import importlib
import types
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import soke
from soke.errors import CODES

SOURCE = Path(soke.__file__).parent
ROOT = Path(__file__).parents[1]
GROUND = ("errors", "arguments", "meant", "spreadsheets", "text", "files", "table", "workbooks", "result", "version")
ROOMS = ("england", "evidence", "deal", "model", "community", "register", "report", "site", "cli")
MODEL = ("accounts", "money", "economy", "services", "funding", "stake", "run")  # the folders of the model, in order
LONGEST_MODULE, LONGEST_FUNCTION, LONGEST_CLI = 400, 25, 5_000
STANDS_ALONE = "register/verify.py"  # published beside a log, and run without Soke
PRINTERS = {"typer", "say", "tell", "show", "print_table", "print", "console", "progress_bar"}


@cache
def modules() -> dict[str, ast.Module]:
    """Every module by its dotted name."""
    found = {}
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = ast.parse(path.read_text(encoding="utf-8"))
    return found


def imported(name: str, tree: ast.AST, *, outside_functions: bool = False) -> Iterator[str]:
    """The modules of Soke that a module imports: at its head, or also inside its functions."""
    inside = {
        node for function in ast.walk(tree) if isinstance(function, ast.FunctionDef) for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        if outside_functions and node in inside:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("soke"))
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("soke"):
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in modules() else node.module


def room(name: str) -> str:
    return name.split(".")[1] if "." in name else ""


def rank(name: str) -> int:
    """How far down a module stands; the face of the library below all rooms, the command line lowest."""
    where = room(name)
    if where in GROUND:
        return -1
    return ROOMS.index(where) if where in ROOMS else len(ROOMS)


@pytest.mark.parametrize("name", sorted(modules()))
def test_a_room_imports_only_rooms_above_it(name: str) -> None:
    for other in imported(name, modules()[name]):
        assert rank(other) <= rank(name), f"{name} imports {other}"
        assert room(other) != "cli" or room(name) == "cli" or name == "soke.__main__", f"{name} imports {other}"
        if room(name) == room(other) == "model" and name.split(".")[2] != other.split(".")[2]:
            assert MODEL.index(other.split(".")[2]) < MODEL.index(name.split(".")[2]), f"{name} imports {other}"


def test_every_room_is_known() -> None:
    """A new folder or ground file stands in DESIGN, and here, before it stands in the source."""
    known = {*GROUND, *ROOMS, "", "__main__", "library"}
    assert {room(name) for name in modules()} <= known


def test_no_circle() -> None:
    graph = {name: set(imported(name, tree, outside_functions=True)) - {name} for name, tree in modules().items()}
    gone: set[str] = set()
    while free := {name for name, others in graph.items() if name not in gone and not (others & graph.keys()) - gone}:
        gone |= free
    assert not sorted(graph.keys() - gone)


def test_modules_are_short() -> None:
    long = {
        str(path.relative_to(SOURCE)): count
        for path in SOURCE.rglob("*.py")
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_MODULE
    }
    assert long.keys() <= {STANDS_ALONE}, long


def test_the_command_line_is_short() -> None:
    lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in (SOURCE / "cli").rglob("*.py"))
    assert lines < LONGEST_CLI


def functions_of_the_command_line() -> Iterator[tuple[str, ast.FunctionDef]]:
    for name, tree in modules().items():
        if room(name) == "cli":
            for node in ast.walk(tree):
                if isinstance(node, ast.FunctionDef):
                    yield name, node


def test_no_logic_lives_in_the_command_line() -> None:
    """A function longer than a screenful of options that neither asks nor prints is logic: it belongs to a room."""
    for name, function in functions_of_the_command_line():
        length = (function.end_lineno or 0) - function.lineno + 1
        named = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
        assert length <= LONGEST_FUNCTION or named & PRINTERS, f"{name}.{function.name} has {length} lines"


def test_every_code_of_an_error_is_known_and_used() -> None:
    """Programs tell errors apart by them: docs/handbook/tables.md lists them."""
    used = {
        keyword.value.value
        for tree in modules().values()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        for keyword in call.keywords
        if keyword.arg == "code" and isinstance(keyword.value, ast.Constant)
    }
    assert used <= CODES.keys()
    assert CODES.keys() - used == {"bad-input", "refused"}  # what an error has by default, and what Book gives it


@pytest.mark.parametrize("path", sorted((ROOT / "bench").rglob("*.py")), ids=lambda path: path.stem)
def test_what_a_bench_script_asks_of_the_package_is_there(path: Path) -> None:
    """Bench scripts are run by hand: a name that goes from the package must not break one unseen."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    drawn: dict[str, types.ModuleType] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("soke"):
            module = importlib.import_module(node.module or "")
            for alias in node.names:
                if not hasattr(module, alias.name):
                    importlib.import_module(f"{node.module}.{alias.name}")  # a module of the package
                name = getattr(module, alias.name)
                if isinstance(name, types.ModuleType):
                    drawn[alias.asname or alias.name] = name
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in drawn:
            assert hasattr(drawn[node.value.id], node.attr), f"{path.name}:{node.lineno}: {node.value.id}.{node.attr}"
