"""The rooms of the model stand in one order: each imports only those before it."""

import ast
from pathlib import Path

import soke.model

ROOMS = ("accounts", "money", "economy", "services", "funding", "stake", "run")


def rooms_read(file: Path) -> set[str]:
    """The rooms of the model that a file imports from."""
    read = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            named = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            named = [alias.name for alias in node.names]
        else:
            continue
        read |= {name.split(".")[2] for name in named if name.startswith("soke.model.")}
    return read & set(ROOMS)


def test_each_room_of_the_model_reads_only_those_before_it():
    home = Path(soke.model.__file__).parent
    assert {folder.name for folder in home.iterdir() if (folder / "__init__.py").exists()} == set(ROOMS)
    for place, room in enumerate(ROOMS):
        for file in (home / room).rglob("*.py"):
            after = rooms_read(file) & set(ROOMS[place + 1 :])
            assert not after, f"{file.relative_to(home)} reads {sorted(after)}"
