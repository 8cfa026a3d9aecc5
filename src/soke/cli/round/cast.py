"""``soke round cast`` and ``spoil``: one code, one ballot."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import typer

from soke.cli.output import say
from soke.cli.round.open import BOX
from soke.community.voting.paper import Batch, Paper, compare_batches, read_answers, read_batch
from soke.errors import SokeError
from soke.files import create_whole, read_whole
from soke.register.ballot_box import BallotBox
from soke.register.round_files import CodeFile, read_round_file
from soke.text import counted, one_line


def cast(
    box: Path = BOX,
    code: str | None = typer.Option(None, help="The code; - reads it from standard input, @FILE from a file."),
    chosen: str | None = typer.Option(None, "--for", help="The projects: ids with commas; ranked ballots best first."),
    points: str = typer.Option("", help="The points of each, with commas, where the round asks for points."),
    about: list[str] = typer.Option([], help="What else the round asks, such as age=34; give it again for more."),
    receipt: Path | None = typer.Option(None, help="Write the receipt to this new file instead of printing it."),
    file: Path | None = typer.Option(None, help="Instead: ballots typed in from paper, a CSV file with code,for."),
    second: Path | None = typer.Option(None, help="With --file: the same ballots typed in by a second person."),
) -> None:
    """Cast a ballot and print its receipt; or cast the papers of a file.

    The ballot is on disk before the receipt is printed. Nothing is kept of whose it is, so it cannot be taken out again
    or changed. A receipt shows that the ballot stands in the published roll as it was cast; with the roll
    it also shows what was chosen, so nobody should be asked for theirs. Ballots from a file get no receipts.

    A ballot that is cast one by one is refused where it is not valid, and its code stays good. A paper of a file cannot
    be put right by its voter: where it is not valid (too many projects, none, one twice, one that there is not, one of
    another district), it is received as invalid, with the reason: its code is used up, and the others are cast. A code
    that cannot be used, or a line that is no line, stops the file, and all such lines are named.

    Exit status 2: a code cannot be used, or the one ballot is not valid; then nothing was cast.

    Example: soke round cast elm.box --code K7QDM-3XW9A-PT2HH --for 1,4,7

    Example: soke round cast elm.box --file table.csv --second table-again.csv
    """
    with BallotBox.open(box) as opened:
        if file is not None:
            if any(given is not None for given in (code, chosen, receipt)) or points or about:
                raise SokeError("--file brings codes and ballots of its own.", "Leave out the other options.")
            _cast_file(opened, file, second)
            return
        if code is None or chosen is None or second is not None:
            raise SokeError("A ballot needs a code and its projects.", "Give --code and --for, or --file.")
        ballot = opened.paper.ballot(chosen, points, read_answers(about))
        given = _given(code)
        if receipt is not None and (receipt.exists() or not receipt.parent.is_dir()):
            raise SokeError(
                "The receipt needs a new file in a folder that is there.", "Nothing was cast.", str(receipt)
            )
        note = opened.cast(given, ballot)
    if receipt is None:
        _print(note)
    else:
        _keep(receipt, note)
    say(f"Cast in {opened.name}. Keep the receipt for yourself.")


def _given(code: str) -> str:
    """The code, which need not stand on the command line, where others on the machine could read it."""
    if code == "-":
        return sys.stdin.readline(200)
    if code.startswith("@"):
        return read_whole(Path(code[1:]), code[1:], 200).decode("utf-8", "replace")
    return code


def _print(note: bytes) -> None:
    """The ballot is in: where its receipt cannot be printed, it goes to standard error, and that is no failure."""
    try:
        sys.stdout.write(note.decode())
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        say(f"soke: the ballot was cast, and its receipt cannot be printed. It is here:\n{note.decode()}")


def _keep(path: Path, note: bytes) -> None:
    try:
        create_whole(path, note, 0o600)
    except OSError as error:  # the ballot is in: its receipt must not be lost with the file
        _print(note)
        why = error.strerror or "the name was taken"
        say(f"soke: the ballot was cast, and {path} cannot be written ({why}): its receipt is printed here.")


def _cast_file(box: BallotBox, file: Path, second: Path | None) -> None:
    ballots = _batch(file, box.paper)
    if second is not None:
        compare_batches(ballots, _batch(second, box.paper))
    invalid = box.cast_papers(ballots)
    say(f"Cast {counted(len(ballots) - len(invalid), 'ballot')} in {box.name}.")
    if invalid:
        papers = counted(len(invalid), "paper is", "papers are")
        say(f"{papers} invalid: received and not counted, the code of each used up.")
        for where, paper in invalid:
            say(one_line(f"{where}: {paper.fact}"))
        say("If a line was mistyped, soke round spoil gives a code with which the paper can be cast after all.")
    files, them = (f"{file} and {second}", "each") if second is not None else (str(file), "it")
    say(f"Destroy {files} now: with a list of who got which code {them} tells how everybody voted.")


def _batch(file: Path, paper: Paper) -> Batch:
    return read_batch(read_round_file(file), str(file), paper)


def spoil(
    box: Path = BOX,
    code: str = typer.Option(help="The code that was lost or spoiled; or -, or @FILE."),
    out: Path | None = typer.Option(None, help="Where to write the code in its place: a new file, for its owner only."),
    no_replacement: bool = typer.Option(False, "--no-replacement", help="Issue no other code in its place."),
) -> None:
    """Make a code useless before it is used, and write another of the same channel and district in its place.

    The new code is in the file before the old one is useless, so that no failure loses both. A code with which a ballot
    was cast cannot be spoiled, since nobody can tell which ballot it was. One whose paper was invalid can.

    Example: soke round spoil elm.box --code K7QDM-3XW9A-PT2HH --out new-code.csv
    """
    if (out is None) != no_replacement:
        raise SokeError("The code in its place needs a file.", "Give --out FILE, or else --no-replacement.")
    given = _given(code)
    with BallotBox.open(box) as opened:
        if out is None:
            opened.spoil(given)
            say("The code is spoiled.")
        else:
            kept = CodeFile(out)
            opened.replace(given, lambda fresh, *of: kept.write([fresh], *of), kept.drop)
            say(f"The code is spoiled. The code in its place is in {out}: send it out, then delete the file.")
