"""What the documents for developers name is there: modules, functions and paths."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = ("docs/map.md", "CONTRIBUTING.md")
BLOCK = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
NAMED = re.compile(r"`([\w./-]*[./][\w./-]*)`")  # with a dot or a slash, and no space: a command is neither


def named() -> list[tuple[str, str]]:
    texts = {document: BLOCK.sub("", (ROOT / document).read_text(encoding="utf-8")) for document in DOCUMENTS}
    return [(document, name) for document, text in texts.items() for name in sorted(set(NAMED.findall(text)))]


def resolves(name: str) -> bool:
    """Whether a name is a module within ``soke``, or something in one."""
    parts = name.removeprefix("soke.").split(".")
    for size in range(len(parts), 0, -1):
        module = ".".join(("soke", *parts[:size]))
        try:
            thing: object = importlib.import_module(module)
        except ModuleNotFoundError as error:
            if not f"{module}.".startswith(f"{error.name}."):
                raise  # it is there, and what it needs is not
            continue
        for part in parts[size:]:
            thing = getattr(thing, part, None)
        return thing is not None
    return False


def test_the_map_names_much() -> None:
    assert len(named()) > 60


@pytest.mark.parametrize(("document", "name"), named())
def test_what_a_document_names_is_there(document: str, name: str) -> None:
    assert (ROOT / name).exists() or ("/" not in name and resolves(name)), f"{document} names {name}"


def test_what_is_not_there_is_found() -> None:
    assert resolves("register.book.Book.record") and resolves("soke.register")
    assert not any(
        map(resolves, ("register.book.Book.nothing", "register.nothing", "nothing", "register.book.of.this"))
    )
