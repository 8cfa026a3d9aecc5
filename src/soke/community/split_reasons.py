"""Why each neighbourhood gets what it gets, what floors and caps move, and who has more under another rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from soke.community.splitting import Limit, Share, Split, near, percent, pounds
from soke.errors import SokeError
from soke.text import capital, counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What floors and caps move, in pence, against sharing by weight alone: ``lifted`` is what the floors give,
    ``held`` what the caps take; ``others`` (of ``rest`` areas) what all others have more, or less. held = lifted +
    others."""

    at_floor: int
    lifted: int
    at_cap: int
    held: int
    rest: int
    others: int


def moved(found: Split) -> Moved:
    """Areas that a floor lifts and a cap holds back; one that floors of others push down to its own is of the rest."""
    change = [(share.how, share.pence - share.plain) for share in found.shares]
    up = [pence for how, pence in change if how == "floor" and pence > 0]
    down = [-pence for how, pence in change if how == "cap" and pence < 0]
    return Moved(at_floor=len(up), lifted=sum(up), at_cap=len(down), held=sum(down),
                 rest=len(change) - len(up) - len(down), others=sum(down) - sum(up))  # fmt: skip


def cause(found: Split, share: Share) -> str:
    """What decides an amount, and what it would be by weight alone; no full stop."""
    alone = near(share.plain)
    if share.how == "floor":
        if share.pence == share.plain:
            return "its floor, which is what it has by its weight too"
        moves = "which lifts it" if share.pence > share.plain else "to which the floors of others push it down"
        return f"its floor, {moves} from the {alone} that it has by its weight alone"
    if share.barred:
        return f"nobody lives there, and a cap a head leaves it nothing of the {alone} that it has by its weight alone"
    if share.how == "cap":
        if share.pence >= share.plain:
            return f"its cap, which it reaches with what the caps of others free; {alone} by its weight alone"
        left = near(share.plain - share.pence)
        return f"its cap; by its weight alone {alone}, and the {left} goes to others"
    if share.how == "none":
        return "it has nothing of what the fund is shared by, and there is no floor"
    return f"by its weight, {_of_the_whole(found, share)}{_beside_plain(found, share)}"


def _of_the_whole(found: Split, share: Share) -> str:
    terms = found.rule.terms
    if len(terms) == 1:
        return f"{percent(share.weight)} of the {terms[0].words}" if terms[0].columns else "the same as all"
    parts = [
        f"{percent(part)} of the {term.words}" for term, part in zip(terms, share.by_term, strict=True) if term.columns
    ]
    return f"{percent(share.weight)} of the whole ({', '.join(parts)})"


def _beside_plain(found: Split, share: Share) -> str:
    change = share.pence - share.plain
    if abs(change) <= 1 or not (found.floors or found.caps):  # a penny is rounding
        return ""
    return f"; {near(abs(change))} {'more' if change > 0 else 'less'} than without floors and caps"


def limits(found: Split) -> str:
    """``nobody below £5,000 or above £500,000``; empty where there is neither."""
    bounds = (("below", "and", found.floors), ("above", "or", found.caps))
    said = [f"{word} {_listed(those, joined)}" for word, joined, those in bounds if those]
    return f"nobody {' or '.join(said)}" if said else ""


def _listed(bounds: Sequence[Limit], joined: str) -> str:
    return f" {joined} ".join(bound.words for bound in bounds)


def costs(found: Split) -> str:
    """What floors and caps cost or free, and for whom; empty where they move nothing."""
    sums = moved(found)
    said = []
    if sums.at_floor:
        said.append(f"floors lift {counted(sums.at_floor, 'place')} by {near(sums.lifted)} together")
    if sums.at_cap:
        verb = "hold back" if sums.at_floor else "caps hold back"
        said.append(
            f"{'caps ' * bool(sums.at_floor)}{verb} {counted(sums.at_cap, 'place')} by {near(sums.held)} together"
        )
    if not said:
        return "Floors and caps move nothing here." if found.floors or found.caps else ""
    text = "; ".join(said)
    return f"{capital(text)}. {_others(sums)}"


def _others(sums: Moved) -> str:
    if not sums.rest:
        return "There are no others."
    verb = "has" if sums.rest == 1 else "have"
    if not sums.others:
        return f"The other {sums.rest:,} {verb} the same together as by weight alone."
    how = "more" if sums.others > 0 else "less"
    return f"The other {sums.rest:,} {verb} {near(abs(sums.others))} {how} together than by weight alone."


def summary(found: Split) -> str:
    """The whole split in one sentence."""
    amounts = [share.pence for share in found.shares]
    bounded = limits(found)
    over = f"over {counted(len(amounts), 'place')}"
    if found.districts:
        over = f"over {counted(len(found.districts), 'district')} and then over their {counted(len(amounts), 'place')}"
    said = f"{pounds(found.fund)} is shared {found.rule.words}{',' * bool(found.districts)} {over}"
    said += f", {bounded}" if bounded else ""
    if len(amounts) == 1 or min(amounts) == max(amounts):
        return f"{said}: {pounds(max(amounts))} each."
    return f"{said}: from {pounds(min(amounts))} to {pounds(max(amounts))}."


# --- two rules side by side ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """An area under the rule and under another: ``change`` is what it has more, in pence, by the rule asked for."""

    share: Share
    other: Share

    @property
    def change(self) -> int:
        return self.share.pence - self.other.pence


def beside(found: Split, other: Split) -> tuple[Beside, ...]:
    """Both splits of the same fund and areas, area by area in the order of the file."""
    if found.fund != other.fund or found.areas.sha256 != other.areas.sha256:
        raise SokeError("The two splits are not of the same fund and areas.", "Split the same fund twice.")
    return tuple(Beside(share=a, other=b) for a, b in zip(found.shares, other.shares, strict=True))


def gainers_and_losers(found: Split, other: Split) -> str:
    """Who has more and who has less than under the other rule, in a sentence."""
    rows = beside(found, other)
    rule, against = found.rule.words, other.rule.words
    up = sorted((row for row in rows if row.change > 0), key=lambda row: (-row.change, row.share.area.code))
    down = sorted((row for row in rows if row.change < 0), key=lambda row: (row.change, row.share.area.code))
    if not up and not down:
        return f"{capital(rule)} each place has the same as {against}."
    most = f"{up[0].share.area.name} {near(up[0].change)} more"
    least = f"{down[0].share.area.name} {near(-down[0].change)} less"
    return (
        f"Shared {rule} instead of {against}, {counted(len(up), 'place')} {'gains' if len(up) == 1 else 'gain'} and"
        f" {len(down):,} {'loses' if len(down) == 1 else 'lose'}: at most {most}, {least}."
        f" In all {near(sum(row.change for row in up))} changes hands."
    )
