"""What pages of decisions are made of: the way to check, the files beside, and what is said of broken records."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from soke.report.markup import Child, Element, el
from soke.report.shell import panel, section
from soke.report.table import folded
from soke.site.decided import MADE_UP, REHEARSAL, Decided
from soke.site.frame import link, links_in_a_row
from soke.table import Column, Table

FILES = (Column("file", "File"), Column("sha256", "Fingerprint (SHA-256)"))
WHAT_TAGS_SAY = {
    MADE_UP: "The record says that it is made up.",
    REHEARSAL: "It shows what could be, not what is.",
}


def tag(one: Decided) -> Child:
    """``made up`` or ``rehearsal``, where the record says so."""
    return el("b", one.tag, class_="tag") if one.tag else None


def notice(one: Decided) -> Child:
    """What must be read first."""
    if one.faults:
        return el("span", el("b", "Not shown as fact."), " What was handed in was altered, or is not whole.")
    if not one.tag:
        return None
    again = " The working is real: anybody can repeat it." if one.files and one.tag == MADE_UP else None
    return el("span", el("b", f"{one.tag.capitalize()}."), " ", WHAT_TAGS_SAY[one.tag], again)


def check(one: Decided, *before: Child, commands: Sequence[tuple[str, str]]) -> Element:
    """How anybody checks it: the words ``before``, each command with what it is for, and the files with
    their hashes."""
    links = links_in_a_row(one.path, ((name, one.file(name)) for name in one.files))
    rows = [(name, hashlib.sha256(content).hexdigest()) for name, content in one.files.items()]
    table = Table.of("files", "The files, and their fingerprints", FILES, rows)
    return section("check", "Is it right?", [
        *before, el("p", "With Soke on your own machine:" if not links else
                    "Take the files into a folder of your own, and in it:") if commands else None,
        *(part for words, line in commands for part in (el("p", words, class_="small"), el("pre", line))),
        el("p", "The files: ", *links) if links else None,
        folded(table, "Fingerprints", file=False) if rows else None,
    ])  # fmt: skip


def faults(one: Decided) -> list[Child]:
    """Of a record that cannot be taken as it stands: which file, what that means, and what to do."""
    wrong = panel(
        "wrong", "What is wrong", el("ul", *(el("li", fault) for fault in one.faults)),
        el("p", "Handed in as ", el("code", one.where), ".", class_="small"),
    )  # fmt: skip
    meant = panel(
        "meant", "What this means",
        el("p", "Nobody can tell from these files what was decided. So nothing of it is shown here as fact."),
        el("p", "It does not say who changed what, or why. A copy may simply be old, or cut short."),
        el("p", "Whoever keeps the record: hand in the files as they were first written."),
    )  # fmt: skip
    return [el("div", wrong, meant, class_="two")]


def twins(one: Decided) -> Child:
    """That others have the same name, with links."""
    if not one.twins:
        return None
    links: list[Child] = []
    for number, (slug, broken) in enumerate(one.twins, 1):
        links += [" · " if links else None, link(one.path, f"the other {number}" if len(one.twins) > 1 else "the other",
                                                 f"decisions/{slug}.html"),
                  " (altered, or not whole)" if broken else None]  # fmt: skip
    many = "Another record has" if len(one.twins) == 1 else f"{len(one.twins)} other records have"
    return el("p", f"{many} this very name: ", *links, f". This one was handed in as {one.where}.", class_="said")
