"""The terms of a deal as a register takes them: the texts of the deal and of the framework that it extends."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from soke.deal.check import check_reading
from soke.deal.document import LARGEST, parse_document
from soke.deal.finding import Finding
from soke.deal.reader import OFFER, OFFERS, read_layers
from soke.england.places import places
from soke.errors import SokeError
from soke.files import read_whole
from soke.register.book import Command
from soke.register.storage import Log

PROPOSED = "deal.proposed"


def with_terms(command: Command, file: Path | None, log: Log) -> Command:
    """The command with the texts of its deal file, and the number of the version, where it leaves that out.

    A command that was recorded before keeps the number it got then.
    """
    if file is not None and command.kind != PROPOSED:
        raise SokeError("Only deal.proposed takes the terms of a deal.", "Leave out the deal file.")
    body = dict(command.body)
    if file is not None:
        if "deal" in body or "framework" in body:
            raise SokeError("The terms are given twice: as a file and in the body.", "Give one of them.")
        body["deal"], body["framework"] = terms_in(file)
    if command.kind == PROPOSED and "version" not in body:
        before = [one for one in log.read(tags=[f"deal:{command.deal}"]) if one["kind"] == PROPOSED]
        mine = [one for one in before if command.id and f"command:{command.id}" in one["tags"]]
        body["version"] = mine[0]["body"]["version"] if mine else len(before) + 1
    return dataclasses.replace(command, body=body)


def terms_in(file: Path) -> tuple[str, str]:
    """The text of a deal file and of its framework. SokeError with the first error where the deal does not check."""
    shown = str(file)
    content = read_whole(file, shown, LARGEST)
    document = parse_document(content, shown)
    if isinstance(document, Finding):
        raise SokeError(document.fact, document.fix, document.at)
    checked = check_reading(read_layers([document], places(), file.parent), places())
    if checked.errors or checked.deal is None:
        first = checked.errors[0] if checked.errors else None
        fact = first.fact if first else "The file holds no deal."
        more = f" ({len(checked.errors)} errors in all.)" if len(checked.errors) > 1 else ""
        raise SokeError(f"{fact}{more}", "Only a deal that checks without errors can be proposed: run soke check.",
                        first.at if first else shown)  # fmt: skip
    return _text(content), _text(_framework(checked.deal.framework.at.file))


def _framework(named: str) -> bytes:
    for name in OFFERS:
        if named == f"soke/deal/offer/{name}.toml":
            return (OFFER / f"{name}.toml").read_bytes()
    return read_whole(Path(named), named, LARGEST)


def _text(content: bytes) -> str:
    """As it was parsed: without a mark of byte order, with the line ends that TOML reads."""
    return content.decode("utf-8-sig").replace("\r\n", "\n")
