"""The files of a round: codes handed out, what a closed round publishes, and what a reader checks of it."""

from __future__ import annotations

import csv
import hashlib
import io
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from soke.community.budgets.pb import LARGEST, parse_election, read_election
from soke.community.budgets.pb_write import write_election
from soke.community.voting.codes import read_code, shown
from soke.community.voting.mail import texts_in
from soke.community.voting.receipt import Receipt, read_receipt, receipts_in
from soke.community.voting.receipt import find as difference_from_roll
from soke.community.voting.reconciliation import write_reconciliation
from soke.community.voting.roll import RollLine, read_roll, write_roll
from soke.community.voting.statement import (
    COUNTS,
    ELECTION,
    KEY,
    ROLL,
    STATEMENT,
    Statement,
    read_statement,
    statement_of,
)
from soke.community.voting.table import read_table
from soke.community.voting.verification import differences, faults
from soke.errors import Location, SokeError, all_of
from soke.files import create_whole, not_an_input, read_whole, write_whole
from soke.register.ballot_box import BallotBox, key_file
from soke.register.checkpoint import read_verifier_key
from soke.register.notes import open_note
from soke.register.verify import LARGEST_NOTE, Failed, Refused, VerifierKey

PUBLISHED = (ROLL, ELECTION, COUNTS, KEY, STATEMENT)
LARGEST_MAIL = 5_000_000  # bytes: a receipt may lie in a mail that was saved whole
NOTHING = "Nothing was issued or spoiled."


def read_round_file(path: Path) -> bytes:
    """The bytes of a file that somebody handed in. SokeError where it cannot be read, or is too large for a round."""
    return read_whole(path, str(path), LARGEST, "Give the file of one round.")


def read_codes(path: Path) -> list[tuple[Location, str]]:
    """The codes of a file that :class:`CodeFile` wrote, each in groups, and the lines they stand on. SokeError names
    every line that holds none."""
    found: list[tuple[Location, str]] = []
    faults: list[SokeError] = []
    for where, row in read_table(read_round_file(path), str(path), ("code",), ("channel", "district")):
        try:
            found.append((where, shown(read_code(row["code"]))))
        except SokeError as error:
            faults.append(SokeError(error.fact, error.fix, where))
    if faults:
        raise all_of(faults)
    if not found:
        raise SokeError("There are no codes in the file.", "Name the file that soke round codes wrote.", str(path))
    return found


class CodeFile:
    """Codes are written down before they count as issued, and taken back where they do not come to."""

    def __init__(self, path: Path) -> None:
        self.path, self.written = path, False

    def write(self, codes: list[str], channel: str, district: str = "") -> None:
        """A new file that only its owner can read. SokeError where it exists or the folder refuses."""
        text = io.StringIO()
        of = [district] if district else []
        rows = [["code", "channel", *(["district"] if of else [])], *([code, channel, *of] for code in codes)]
        csv.writer(text, lineterminator="\n").writerows(rows)
        try:
            create_whole(self.path, text.getvalue().encode(), 0o600)
            self.written = True
        except FileExistsError:
            fact = "This file exists, and codes are never overwritten."
            raise SokeError(fact, f"{NOTHING} Name a new file.", str(self.path)) from None
        except OSError as error:
            fact = f"The codes cannot be written: {error.strerror}."
            raise SokeError(fact, f"{NOTHING} Name another folder.", str(self.path)) from None

    def drop(self) -> None:
        if self.written:
            self.path.unlink(missing_ok=True)


# --- published by whoever runs the round ---


def check_folder(box: Path, out: Path) -> None:
    """SokeError where a file of the round's result would replace the box or its key."""
    for name in PUBLISHED:
        not_an_input(out / name, [box, key_file(box), Path(f"{key_file(box)}.pub")])


def publish_round(box: BallotBox, out: Path) -> None:
    """Write what a closed round publishes; the statement, which vouches for the others, goes first and comes last."""
    lines_and_ballots, counts = box.ballots(), box.reconciliation()
    contents = {
        ROLL: write_roll(line for line, _ in lines_and_ballots),
        ELECTION: write_election(box.paper.filled((line.number, ballot) for line, ballot in lines_and_ballots)),
        COUNTS: write_reconciliation(box.name, counts),
        KEY: box.verifier.encode() + b"\n",
    }
    with suppress(FileNotFoundError, NotADirectoryError):
        (out / STATEMENT).unlink()
    for name, content in contents.items():
        if name == ELECTION and box.paper.asked:
            _write_for_owner(out / name, content)
        else:
            write_whole(out / name, content)
    write_whole(out / STATEMENT, box.sign(statement_of(box.name, len(lines_and_ballots), contents).text))


def _write_for_owner(path: Path, content: bytes) -> None:
    with suppress(FileNotFoundError):
        path.unlink()
    create_whole(path, content, 0o600)


# --- checked by whoever reads it ---


@dataclass(frozen=True, slots=True)
class BallotFound:
    """A ballot that stands in the roll as its receipt says. ``counted``: the ballots that are counted lie beside the
    roll, and are those of it; ``unread``: they do, and only their keeper may read them."""

    round: str
    number: str
    ballots: int
    counted: bool
    unread: bool


def find_ballot(receipt: Path, roll: Path, key: Path | None, statement: Path | None) -> BallotFound:
    """Look for the ballot of a receipt in a published roll. Key and statement: none takes those beside the roll.

    Raises Failed with what is wrong where it is not there as cast, forged, or the roll was altered; SokeError for what
    cannot be read.
    """
    public = read_verifier_key(key or roll.parent / KEY)
    signed, content = statement or roll.parent / STATEMENT, read_round_file(roll)
    held = _receipt(receipt, public)
    vouched = read_statement(_note(signed, public, "statement"))
    if held is None or vouched is None:
        where, what = (receipt, "receipt") if held is None else (signed, "statement")
        raise SokeError(f"This is signed by the round, but it is no {what}.", f"Name the {what}.", str(where))
    if hashlib.sha256(content).hexdigest() != vouched.files.get(ROLL):
        raise Failed("The roll is not the one that the round vouches for: it was altered or is of another round.")
    lines = read_roll(content, str(roll))
    if fault := difference_from_roll(held, lines):
        raise Failed(fault)
    beside = roll.parent / ELECTION
    # where the round asks for more than the choice, only its keeper reads what is counted
    there, readable = beside.exists(), os.access(beside, os.R_OK)
    if there and readable:
        _check_counted(beside, vouched, lines)
    return BallotFound(held.round, held.number, vouched.ballots, there and readable, there and not readable)


def _receipt(path: Path, key: VerifierKey) -> Receipt | None:
    """The receipt in a file: as it was given, or as mail left it. None where the round signed something else."""
    content = read_whole(path, str(path), LARGEST_MAIL)
    try:
        return read_receipt(_open(content, path, key, "receipt"))
    except (SokeError, Failed):
        held = _in_mail(content, path, key)
        if held is None:
            raise
        return held


def _in_mail(content: bytes, path: Path, key: VerifierKey) -> Receipt | None:
    """The receipt that stands in a mail, signed by the round; None where nothing in it has the form of one.

    Failed where the round signed none of those that stand there; SokeError where it signed more than one, since each
    finds a ballot of its own.
    """
    signed, other = set(), ""
    for held, signature in {one for text in texts_in(content) for one in receipts_in(text, key.name)}:
        try:
            _open(f"{held.text}\n\u2014 {key.name} {signature}\n".encode(), path, key, "receipt")
            signed.add(held)
        except Failed as error:
            other = str(error)
    if len(signed) > 1:
        raise SokeError(f"There are {len(signed)} receipts in this file.", "Save each in one of its own.", str(path))
    if other and not signed:
        raise Failed(other)
    return signed.pop() if signed else None


def _check_counted(path: Path, vouched: Statement, roll: Mapping[str, RollLine]) -> None:
    """Failed where the ballots that are counted are not those of the roll."""
    content = read_round_file(path)
    if hashlib.sha256(content).hexdigest() != vouched.files.get(ELECTION):
        raise Failed(f"The roll holds it, but {ELECTION} beside it is not the one that the round vouches for.")
    if wrong := differences(parse_election(content, str(path)), roll):
        raise Failed(f"The roll holds it, but {ELECTION} beside it holds other ballots. {' '.join(wrong)}")


@dataclass(frozen=True, slots=True)
class RoundChecked:
    """What a round vouches for, the names of the files of it that are there, and what is wrong with them."""

    statement: Statement | None
    files: tuple[str, ...]
    faults: tuple[str, ...]


def check_round(folder: Path, key: Path | None, blurred: Path | None) -> RoundChecked:
    """Hold all that a round published against each other. Key: none takes the one in the folder.

    SokeError for what cannot be read.
    """
    if not folder.is_dir():
        raise SokeError("There is no such folder.", "Name the folder that soke round close wrote.", str(folder))
    public = read_verifier_key(key or folder / KEY)
    try:
        statement = read_statement(_note(folder / STATEMENT, public, "statement"))
    except Failed as error:
        return RoundChecked(None, (), (str(error),))
    if statement is None:
        fix = f"Fetch {STATEMENT} of the round again."
        raise SokeError("This is signed by the round, but it is no statement.", fix, str(folder / STATEMENT))
    names = [n for n in dict.fromkeys((*statement.files, ROLL, ELECTION, KEY)) if (folder / n).exists()]
    contents = {name: read_round_file(folder / name) for name in names}
    wrong = faults(statement, contents, read_election(blurred) if blurred else None, str(blurred))
    if key is not None and KEY in contents and _key(folder / KEY) != public:
        wrong.append(f"{KEY} is another key than {key}.")
    return RoundChecked(statement, tuple(contents), tuple(wrong))


def _key(path: Path) -> VerifierKey | None:
    try:
        return read_verifier_key(path)
    except SokeError:
        return None


def _note(path: Path, key: VerifierKey, what: str) -> str:
    """The signed text in a file. SokeError where it is none; Failed where another signed it."""
    return _open(read_whole(path, str(path), LARGEST_NOTE), path, key, what)


def _open(content: bytes, path: Path, key: VerifierKey, what: str) -> str:
    try:
        return open_note(content, key)
    except Refused as error:
        raise SokeError(str(error), f"Name the {what} as it was given.", str(path)) from None
    except Failed as error:
        raise Failed(f"The {what} is not one of this round. {error}") from None
