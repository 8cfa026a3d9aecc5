"""What the page of a place says first: its finding as a heading, and the sentences under it. All made from figures."""

from __future__ import annotations

from soke import text
from soke.england.alike import CLASSES, Standing
from soke.model.accounts.types import Account
from soke.report.account_words import parts

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
MOST_OF_GAP, MUCH_OF_GAP = 0.5, 1 / 3
NEAR = 0.02  # of what is spent or raised: as much a head as the UK
BECAUSE = {
    "borrowing": ("our part of UK borrowing", "Every place has such a part."),
    "lower-tax": ("tax", "People here pay less each than the UK average."),
    "higher-spending": ("spending", "More is spent per head than the UK average."),
}


def heading(a: Account) -> str:
    """``Greater Manchester spends £50.6bn a year and raises £36.0bn``."""
    return f"{a.name} spends {text.money(a.spending)} a year and raises {text.money(a.receipts)}"


def certain(a: Account) -> bool:
    """Whether it is known that the place is short, or over."""
    return a.gap_half_width is None or abs(a.gap) > a.gap_half_width


def gap_words(a: Account) -> str:
    """``£14.6bn short``, ``£2.0bn over``."""
    return f"{text.money(abs(a.gap), beside=a.receipts)} {'short' if a.gap >= 0 else 'over'}"


def give_or_take(a: Account) -> str:
    """``give or take £2.3bn``; nothing where the publisher gives the figure itself."""
    return f"give or take {text.money(a.gap_half_width, beside=a.receipts)}" if a.gap_half_width else ""


def why(a: Account) -> str:
    """What most of the gap is made of, in two short sentences; the part that is largest."""
    if not certain(a):
        return "The sums are too near each other to say which is larger."
    if a.gap < 0:
        return "More tax is raised here than is spent here."
    largest = max(parts(a.split), key=lambda part: part.value)
    share = largest.value / a.gap
    much = "Most of that is" if share > MOST_OF_GAP else "More than a third of that is"
    if share <= MUCH_OF_GAP:
        much = "The largest part is"
    what, meant = BECAUSE[largest.id]
    return f"{much} {what}. {meant}"


def said(standing: Standing) -> str:
    """A figure in words: ``35% more people than in 1998``."""
    one, value = standing.measure, standing.value
    if one.fewer and value < 0:
        return one.fewer.format(figure(standing, abs(value)))
    return one.fact.format(figure(standing, value))


def figure(standing: Standing, value: float) -> str:
    """A figure of its measure, rounded for people."""
    one = standing.measure
    if one.unit == "per cent":
        return text.percent(value, one.digits)
    if one.unit == "pounds":
        return text.pounds(round(value))
    return f"{value:,.{one.digits}f}"


def ranked(standing: Standing, kind: str) -> str:
    """``eighth highest of 164 shire districts``, ``the lowest of 36 metropolitan districts``."""
    high = standing.rank <= standing.among + 1 - standing.rank
    place = standing.from_the_end
    end = "highest" if high else "lowest"
    nth = "the " if place == 1 else f"{ORDINALS[place - 1]} " if place <= len(ORDINALS) else f"{_nth(place)} "
    return f"{nth}{end} of {standing.among} {CLASSES[kind][1]}"


def _nth(number: int) -> str:
    ends = {1: "st", 2: "nd", 3: "rd"}
    return f"{number}{'th' if 10 < number % 100 < 14 else ends.get(number % 10, 'th')}"


def particular(name: str, standing: Standing, kind: str) -> str:
    """``South Norfolk: 35% more people than in 1998, eighth highest of 164 shire districts``."""
    return f"{name}: {said(standing)}, {ranked(standing, kind)}"
