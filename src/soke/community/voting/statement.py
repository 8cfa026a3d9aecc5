"""What the keeper of a round signs when it closes: how many ballots there are, and the hashes of what is published."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

ROLL, ELECTION, COUNTS, KEY, STATEMENT = "roll.csv", "round.pb", "reconciliation.json", "round.pub", "statement.txt"
SAYS = "Statement: the round has closed, and these are its ballots."
_FORM = re.compile(
    rf"([^\s+]{{1,200}})\n{re.escape(SAYS)}\nBallots: (0|[1-9]\d{{0,9}})\n((?:SHA-256 of [\w.-]+: [0-9a-f]{{64}}\n)+)"
)
_FILE = re.compile(r"SHA-256 of ([\w.-]+): ([0-9a-f]{64})\n")


@dataclass(frozen=True, slots=True)
class Statement:
    """``files``: SHA-256 of each, in hexadecimal."""

    round: str
    ballots: int
    files: Mapping[str, str]

    @property
    def text(self) -> str:
        """What is signed."""
        hashes = "".join(f"SHA-256 of {name}: {digest}\n" for name, digest in self.files.items())
        return f"{self.round}\n{SAYS}\nBallots: {self.ballots}\n{hashes}"


def statement_of(round_name: str, ballots: int, contents: Mapping[str, bytes]) -> Statement:
    return Statement(round_name, ballots, {name: hashlib.sha256(one).hexdigest() for name, one in contents.items()})


def read_statement(text: str) -> Statement | None:
    """The statement in a text that was signed; None where it is something else."""
    found = _FORM.fullmatch(text)
    return Statement(found[1], int(found[2]), dict(_FILE.findall(found[3]))) if found else None
