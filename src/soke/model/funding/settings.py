"""Settings of a what-if: values that stand in for the law's, checked against what the rule can be.

A setting replaces a dated parameter for everybody from a year on: what was law before stays as it was, since today's
baselines come from it. A share lies between nought and one, an
amount is nought or more; only the limit on council tax may be ``none``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from soke.errors import SokeError
from soke.model.funding.dated import Dated, Rules
from soke.model.funding.referendum import CORE
from soke.text import financial_year

MOST = Decimal(1_000_000)  # of any figure that is no share: more is a slip of the keyboard


def parsed(given: Sequence[str]) -> dict[str, str]:
    """``ID=VALUE`` as a mapping. SokeError for another form, or an id given twice."""
    values: dict[str, str] = {}
    for text in given:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not (name and equals and value):
            raise SokeError(
                f"{text[:60]!r} does not set a parameter.", "Write ID=VALUE: business_rates.retention=0.75.", "--set"
            )
        if name in values:
            raise SokeError(f"{name[:60]} is set twice.", "Set it once.", "--set")
        values[name] = value
    return values


def changed(law: Rules, settings: Mapping[str, str], first: int) -> Rules:
    """The law with the settings from the year ``first`` on. SokeError for an unknown parameter, one that ended before,
    or a value that cannot be."""
    try:
        values = law.with_settings(settings).settings
    except SokeError as error:
        raise SokeError(error.fact, error.fix, "--set", code=error.code) from None
    rows = dict(law.rows)
    for name, value in values.items():
        last = max(row.last for row in law.rows[name])
        if last < first:
            raise SokeError(
                f"{name} has not been in force since {financial_year(last)}: setting it changes nothing.",
                "Set a parameter of the law of today; `soke settle --parameters` lists them.", "--set",
            )  # fmt: skip
        _possible(name, value, law.rows[name][0].unit)
        rows[name] = [part for row in law.rows[name] for part in _split(row, value, first)]
    return Rules(rows, law.settings)


def _split(row: Dated, value: Decimal, first: int) -> list[Dated]:
    """A row as it was before the year ``first``, and with the value from then on."""
    if row.last < first:
        return [row]
    after = replace(row, first=max(row.first, first), value=value, grade="estimate", source="what if", note="")
    return [replace(row, last=first - 1), after] if row.first < first else [after]


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
