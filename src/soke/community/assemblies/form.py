"""What form the public value will have, fixed before the draw, so that one throw can be written in one way only.

Three forms: ``10 digits 1-6`` (dice thrown one after another), ``6 numbers 1-59`` (the numbers of a lottery, in
whatever order they came) and ``12 letters or digits``. Of what is typed only letters and digits count, and capitals do
not. Digits keep their order; numbers are sorted, with zeros before short ones. Anything that does not fit the form is
refused, so nobody chooses between spellings when the dice lie on the table.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass

from soke.errors import SokeError

LEAST_OUTCOMES = 1_000_000
LONGEST, LARGEST_NUMBER = 64, 9_999
EXAMPLES = '"10 digits 1-6", "6 numbers 1-59" or "12 letters or digits"'
_FORM = re.compile(
    r"([0-9]{1,2}) (?:(digits|numbers) (?:from )?([0-9]{1,4}) ?(?:-|to) ?([0-9]{1,4})|letters or digits)"
)


@dataclass(frozen=True, slots=True)
class Form:
    """``many`` digits or numbers from ``low`` to ``high``, or letters or digits; ``words`` is how it is published."""

    many: int
    kind: str  # digits, numbers, or letters or digits
    low: int = 0
    high: int = 0

    @property
    def words(self) -> str:
        between = f" {self.low}-{self.high}" if self.kind in ("digits", "numbers") else ""
        return f"{self.many} {self.kind}{between}"

    @property
    def outcomes(self) -> int:
        """How many values there could be."""
        span = self.high - self.low + 1
        if self.kind == "numbers":
            return math.comb(span, self.many)
        return int((span if self.kind == "digits" else 36) ** self.many)

    def value(self, typed: str) -> str:
        """The one way to write what was ``typed``: this is hashed. SokeError where it does not fit."""
        text = unicodedata.normalize("NFKC", typed).casefold()
        if self.kind == "numbers":
            found = re.findall(r"[0-9]+", text)
            numbers = sorted({int(one) for one in found if len(one) < 5})
            fits = len(found) == len(numbers) == self.many and not any(one.isalpha() for one in text)
            if not fits or not all(self.low <= one <= self.high for one in numbers):
                raise self._refused(typed)
            return "".join(f"{one:0{len(str(self.high))}d}" for one in numbers)
        bare = "".join(one for one in text if one.isalnum())
        fits = bare.isascii() and len(bare) == self.many
        if not fits or (self.kind == "digits" and not all(one.isdigit() and self._holds(one) for one in bare)):
            raise self._refused(typed)
        return bare

    def _holds(self, digit: str) -> bool:
        return self.low <= int(digit) <= self.high

    def _refused(self, typed: str) -> SokeError:
        return SokeError(
            f'"{typed[:100]}" is not {self.words}, as the statement says.', "Type the value as it came out."
        )


def read_form(text: str) -> Form:
    """The form that a text names. SokeError where it is none, or has too few outcomes to be safe."""
    match = _FORM.fullmatch(" ".join(text.split()).lower())
    if match is None:
        fact = f'"{text[:60]}" is no form of a public value.' if text.strip() else "--form is missing."
        raise SokeError(fact, f"Say what form the public value will have: {EXAMPLES}.")
    many, kind = int(match[1]), match[2] or "letters or digits"
    form = Form(many, kind, int(match[3] or 0), int(match[4] or 0))
    if many > LONGEST or form.low > form.high or (kind == "digits" and form.high > 9):
        fact = f'"{text[:60]}" is no form of a public value.'
        raise SokeError(fact, f"Use up to {LONGEST} digits from 0 to 9, the smaller before the larger: {EXAMPLES}.")
    if form.outcomes < LEAST_OUTCOMES:
        fact = f"{form.words}: that is one of {form.outcomes:,}, so the secret could be chosen to suit a few outcomes."
        raise SokeError(fact, f"Use a value that is one of {LEAST_OUTCOMES:,} or more: {EXAMPLES}.")
    return form
