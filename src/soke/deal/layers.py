"""A scenario laid over the one that it extends, so that a file says only what differs; and the file of cuts it names.

    extends = "default"       the name of a shipped scenario, or a path from this file

Keys replace keys and tables merge, as a deal lies over its framework; ``[[spending]]`` merges by its function and
``[[note]]`` by what it is of. The one extended may extend another.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from soke.deal.cuts_file import cuts_by_place
from soke.deal.document import LARGEST, Document, Node, all_faults, overlay, parse_document
from soke.deal.finding import Finding
from soke.deal.keys import SCHEMAS
from soke.deal.packaged import OFFER, SCENARIOS, SHOWN, content, packaged
from soke.deal.scenario import FileRead
from soke.deal.typed import Typed
from soke.errors import SokeError
from soke.files import read_whole

MOST_LAYERS = 8
MERGED_BY = ("function", "of")  # what names an item of a scenario's lists
OWN = ("id", "title")  # a scenario that differs is not called by the name of the one that it extends
CUTS = "cuts_by_place"
_SCHEMA = re.compile(r"(soke-[a-z]+)/(\d{1,6})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Laid:
    """The keys of a scenario and of what it extends, as one; the further files read, and the cuts of one of them."""

    root: Node
    files: tuple[FileRead, ...] = ()
    cut_places: Mapping[str, float] = field(default_factory=dict)


def laid(root: Node, folder: Path, typed: Typed, depth: int = 1) -> Laid | None:
    """A scenario with all that it extends; paths are relative to ``folder``. None, with findings, if it is broken."""
    if not of_schema(root, "soke-scenario", typed):
        return None
    found = len(typed.findings)
    own = _with_cuts(root, folder, typed)
    below = _extended(root, folder, typed, depth) if "extends" in root.table else Laid(Node({}, root.at))
    if below is None or len(typed.findings) > found:
        return None
    return Laid(
        overlay(below.root, root, MERGED_BY),
        (*below.files, *own.files),
        own.cut_places if CUTS in root.table else below.cut_places,
    )


def _with_cuts(root: Node, folder: Path, typed: Typed) -> Laid:
    """The scenario alone, with the file of cuts that it names; a faulty name is left to the typed reader."""
    name = root.text(CUTS)
    if not name:
        return Laid(root)
    at, shown = root.table[CUTS].at, _beside(root, name)
    try:
        body = read_whole(folder / name, shown, LARGEST)
    except SokeError as error:
        typed.find(at, "DV005", f'The file of cuts "{name[:80]}" cannot be read: {error.fact}', error.fix)
        return Laid(root)
    return Laid(root, (FileRead(shown, body),), cuts_by_place(body, shown, typed))


def _extended(root: Node, folder: Path, typed: Typed, depth: int) -> Laid | None:
    """What a scenario extends, with all that that extends."""
    node = root.table["extends"]
    if not isinstance(node.value, str):
        typed.find(node.at, "DV005", '"extends" should be text.', 'Write extends = "default".')
        return None
    for key in OWN:
        if key not in root.table:
            fact = f'The file has no "{key}": it differs from what it extends, so it needs its own.'
            typed.find(root.at, "DV003", fact, f'Add: {key} = "...".')
    if depth == MOST_LAYERS:
        fact = f"The scenario extends {MOST_LAYERS} others, one over another, and that is not the end."
        typed.find(node.at, "DV005", fact, "Extend fewer, and none of them twice.")
        return None
    return _read(root, node, folder, typed, depth)


def _read(root: Node, node: Node, folder: Path, typed: Typed, depth: int) -> Laid | None:
    name = node.value
    if name in SCENARIOS:
        stem = SCENARIOS[name]
        document: Document | Finding = packaged(stem)
        folder, file = OFFER, FileRead(f"{SHOWN}/{stem}.toml", content(stem))
    else:
        shown = _beside(root, name)
        try:
            file = FileRead(shown, read_whole(folder / name, shown, LARGEST))
        except SokeError as error:
            fact = f'The scenario "{name[:80]}" cannot be read: {error.fact}'
            typed.find(node.at, "DV005", fact, f"Name {' or '.join(SCENARIOS)}, or the path of a file.")
            return None
        document, folder = parse_document(file.content, shown), (folder / name).parent
    if isinstance(document, Finding):
        typed.findings.extend(all_faults(document, lambda rest: ()))
        return None
    below = laid(document.root, folder, typed, depth + 1)
    return replace(below, files=(*below.files, file)) if below else None


def _beside(root: Node, name: str) -> str:
    """How a file is shown that another names by a path from itself."""
    return Path(os.path.normpath(Path(root.at.file).parent / name)).as_posix()


def of_schema(root: Node, wanted: str, typed: Typed) -> bool:
    """Whether this program reads the file's schema; a finding if not."""
    node = root.table.get("schema")
    newest = next(name for name in SCHEMAS if name.startswith(f"{wanted}/"))
    if node is None:
        typed.find(root.at, "DV003", 'The file has no "schema".', f'Start it with: schema = "{newest}".')
        return False
    match = _SCHEMA.fullmatch(node.value) if isinstance(node.value, str) else None
    if not match or match.group(1) != wanted:
        said = str(node.value)[:60]
        typed.find(node.at, "DV005", f'The schema "{said}" is not that of a {wanted[5:]}.', f'Write "{newest}".')
        return False
    if node.value != newest:
        fact = f'The file is written for "{node.value}"; this program reads "{newest}".'
        typed.find(node.at, "DV006", fact, "Use a newer Soke, or an older file.")
        return False
    return True
