"""Settings of a what-if: values that stand in for the law's, checked against what the rule can be.

A setting replaces a dated parameter for everybody and in every year of the run. A share lies between nought and one, an
amount is nought or more; only the limit on council tax may be ``none``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from soke.deal.words import financial_year
from soke.errors import SokeError
from soke.model.funding.dated import OPEN_END, Rules
from soke.model.funding.referendum import CORE

MOST = Decimal(1_000_000)  # of any figure that is no share: more is a slip of the keyboard


def parsed(given: Sequence[str]) -> dict[str, str]:
    """``ID=VALUE`` as a mapping. SokeError for another form, or an id given twice."""
    found: dict[str, str] = {}
    for text in given:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not (name and equals and value):
            raise SokeError(
                f"{text[:60]!r} does not set a parameter.", "Write ID=VALUE: business_rates.retention=0.75.", "--set"
            )
        if name in found:
            raise SokeError(f"{name[:60]} is set twice.", "Set it once.", "--set")
        found[name] = value
    return found


def checked(law: Rules, settings: Mapping[str, str], year: int) -> Rules:
    """The rules with the settings. SokeError for an unknown parameter, one that ended before ``year``, a value that
    cannot be."""
    try:
        held = law.with_settings(settings)
    except SokeError as error:
        raise SokeError(error.fact, error.fix, "--set") from None
    for name, value in held.settings.items():
        rows = law.rows[name]
        last = max(row.last for row in rows)
        if last != OPEN_END and last <= year:
            raise SokeError(
                f"{name} has not been in force since {financial_year(last)}: setting it changes nothing.",
                "Set a parameter of the law of today; `soke settle --parameters` lists them.", "--set",
            )  # fmt: skip
        _possible(name, value, rows[0].unit)
    return held


def _possible(name: str, value: Decimal, unit: str) -> None:
    if not value.is_finite():
        if name != CORE:
            raise SokeError(f"{name} cannot be none: it is no limit.", "Give a number.", "--set")
        return
    if unit.startswith("share"):
        least, most, said = Decimal(0), Decimal(1), "a share from 0 to 1"
    elif unit == "flag":
        least, most, said = Decimal(0), Decimal(1), "0 or 1"
    elif unit.startswith("growth"):
        least, most, said = Decimal("-0.5"), Decimal(1), "a share from -0.5 to 1"
    else:
        least, most, said = Decimal(0), MOST, f"a number from 0 to {MOST:,}"
    if not least <= value <= most:
        raise SokeError(f"{name} cannot be {value:.6g}, in {unit}.", f"Give {said}.", "--set")
