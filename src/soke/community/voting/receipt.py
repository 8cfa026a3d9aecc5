"""The receipt of a ballot: the text that is signed when it is cast, and what it says when the roll is published.

    elm-ward-2026
    Receipt: this ballot was cast. Find it in the roll when the round has closed.
    Ballot: 3f2a...
    Commitment: 9c41...

The first line is the name of the round, which is also the name of its signing key. The signature below it is of the
form of the checkpoints of a register. What the commitment is: :mod:`soke.community.voting.roll`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from soke.community.voting.roll import RollLine, commitment

SAYS = "Receipt: this ballot was cast. Find it in the roll when the round has closed."
SIGNATURE = 92  # characters: 68 bytes in base 64
REACH = 5_000  # characters after its name within which a receipt ends, however it was wrapped
_LOOSE = "".join(SAYS.split()) + "Ballot:([0-9A-Fa-f]{32})Commitment:([0-9A-Fa-f]{64}).{0,12}?"  # then who signed
_FORM = re.compile(rf"([^\s+]{{1,200}})\n{re.escape(SAYS)}\nBallot: ([0-9a-f]{{32}})\nCommitment: ([0-9a-f]{{64}})\n")


@dataclass(frozen=True, slots=True)
class Receipt:
    round: str
    number: str
    commitment: str

    @property
    def text(self) -> str:
        """What is signed."""
        return f"{self.round}\n{SAYS}\nBallot: {self.number}\nCommitment: {self.commitment}\n"


def receipt_of(round_name: str, line: RollLine) -> Receipt:
    return Receipt(round_name, line.number, commitment(round_name, line))


def read_receipt(text: str) -> Receipt | None:
    """The receipt in a text that was signed; None where it is something else."""
    found = _FORM.fullmatch(text)
    return Receipt(*found.groups()) if found else None


def receipts_in(text: str, name: str) -> list[tuple[Receipt, str]]:
    """The receipts of the round ``name`` in a text, each with its signature in base 64, however the text was wrapped,
    indented or spaced, and whatever stands before and after. None is proved by standing there: check the signature.
    """
    found = []
    form = re.compile(rf"{_LOOSE}{re.escape(name)}([A-Za-z0-9+/]{{{SIGNATURE - 1}}}=)")
    for start in re.finditer(rf"(?<![\w./+-]){re.escape(name)}(?=\s)", text):
        rest = "".join(text[start.end() : start.end() + REACH].replace("*", "").split())
        if match := form.match(rest):
            found.append((Receipt(name, match[1].lower(), match[2].lower()), match[3]))
    return list(dict.fromkeys(found))


def find(receipt: Receipt, roll: Mapping[str, RollLine]) -> str:
    """Why the roll does not hold the ballot as it was cast, in a sentence; empty where it does."""
    line = roll.get(receipt.number)
    if line is None:
        return "The ballot of this receipt is not in the roll."
    if commitment(receipt.round, line) != receipt.commitment:
        return "The ballot of this receipt stands in the roll with another choice than was cast."
    return ""
