"""The sums of a table by class of authority, beside the table's own rows of classes."""

from __future__ import annotations

import re
from collections.abc import Mapping

from soke.england.official.bodies import is_total
from soke.england.official.headings import plain
from soke.england.official.identities import classes
from soke.england.official.layouts import Wanted

SUMMED = ("GBP", "GBP million", "Band D equivalents", "dwellings")  # units of which a class has a sum
Raw = Mapping[Wanted, float | None]  # the cells of a row


class ClassSums:
    """Sums by class and variable; None where a row of the class was not taken or has no figure."""

    def __init__(self) -> None:
        self.made: dict[str, dict[str, float | None]] = {}
        self.own: dict[str, dict[str, float]] = {}

    def add(self, class_: str, cells: Raw, taken: bool = True) -> None:
        """Add a row. A row without figures, or one that is ``taken`` for nobody's, may be in the table's own sum."""
        taken = taken and any(value is not None for value in cells.values())
        sums = self.made.setdefault(plain(class_), {})
        for wanted, value in _summed(cells).items():
            before = sums.get(wanted.variable, 0.0)
            known = taken and before is not None
            sums[wanted.variable] = (before or 0.0) + (value or 0.0) * wanted.multiplier if known else None

    def nobody(self, class_: str, code: str, name: str, cells: Raw) -> None:
        """A row of no authority: the table's own of a class, if its code is the class, or its name is that of a total;
        else one that may be in the sum of its class."""
        said, own = plain(code), plain(class_)
        class_of = said if said and own in ("", said, "z") else own if not said and is_total(name) else ""
        if class_of and re.fullmatch(r"[a-z]{1,4}", class_of):
            self.own[class_of] = {
                w.variable: value * w.multiplier for w, value in _summed(cells).items() if value is not None
            }
        elif said:
            self.add(class_, cells, taken=False)

    def agree(self, where: str) -> int:
        """How many sums agree with the table's own. SokeError where one does not."""
        known = {name: {v: x for v, x in sums.items() if x is not None} for name, sums in self.made.items()}
        return classes(known, self.own, where)


def _summed(cells: Raw) -> dict[Wanted, float | None]:
    return {w: value for w, value in cells.items() if w.unit in SUMMED and not w.variable.startswith("band_d")}
