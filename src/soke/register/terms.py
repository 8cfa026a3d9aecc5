"""The terms of a deal as a register takes them: the texts of the deal and of the framework that it extends."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from soke.deal.check import check_reading
from soke.deal.reader import first_fault, framework_content, read_deal
from soke.england.places import places
from soke.errors import SokeError
from soke.register.book import Command
from soke.register.kinds import REGISTER
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
        entries = log.stream(tags=[f"deal:{REGISTER}"])
        before = [entry for entry in entries if (entry["deal"], entry["kind"]) == (command.deal, PROPOSED)]
        mine = [entry for entry in before if command.id and f"command:{command.id}" in entry["tags"]]
        body["version"] = mine[0]["body"]["version"] if mine else len(before) + 1
    return dataclasses.replace(command, body=body)


def terms_in(file: Path) -> tuple[str, str]:
    """The text of a deal file and of its framework. SokeError with the first error where the deal does not check."""
    reading = read_deal(file, places())
    checked = check_reading(reading, places())
    if checked.errors or checked.deal is None:
        raise first_fault(checked.errors, "Only a deal that checks without errors can be proposed: run soke check.")
    return _text(reading.content), _text(framework_content(checked.deal))


def _text(content: bytes) -> str:
    """As it was parsed: without a mark of byte order, with the line ends that TOML reads."""
    return content.decode("utf-8-sig").replace("\r\n", "\n")
