"""Tables of devolution in England: people by tier, the areas with their dates, the powers of each tier, the funds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from soke import text
from soke.deal.types import Framework, Power
from soke.england.devolution import (
    STANDINGS,
    FundKind,
    Standing,
    a_head,
    devolved_funds,
    people_by_tier,
    people_of,
    standing_of,
    timeline,
)
from soke.england.places import CLASS_NAMES
from soke.england.strategic import TIERS, StrategicAuthority, strategic_authorities
from soke.table import Column, Table

WORDS: Mapping[Standing, str] = {
    "established-mayoral": "Mayor, widest powers", "mayoral": "Mayor", "foundation": "First step, no mayor",
    "planned": "Planned", "none": "None that we know of",
}  # fmt: skip
SHORT: Mapping[Standing, str] = {
    "established-mayoral": "widest powers", "mayoral": "mayor", "foundation": "first step", "planned": "planned",
    "none": "none",
}  # fmt: skip
EXERCISE: Mapping[str, str] = {
    "mayor-alone": "The mayor, alone", "mayor-with-cabinet": "The mayor, with the cabinet",
    "majority": "More than half of the members", "two-thirds": "Two thirds of the members",
    "unanimous": "All members must agree",
}  # fmt: skip
FUNDS: Mapping[FundKind, str] = {
    "investment": "Investment fund", "transport": "Transport settlement", "settlement": "Integrated settlement",
}  # fmt: skip
BODIES = {"market": "Companies"}  # what a power is taken from, where that is no party
NOT_KNOWN = "not known"
PEOPLE_NOTE = "People of 2022, Office for National Statistics."
SECOND_HAND = (
    "Levels and dates are read second-hand, not checked against each order. Areas of a single council are missing."
)


def people_table(at: dt.date) -> Table:
    """One row for each kind of council and tier: people of 2022, and their share of that kind."""
    rows = [
        (named_kind(of.kind), WORDS[standing], of.by[standing], of.share(standing), "unverified")
        for of in people_by_tier(at) for standing in STANDINGS
    ]  # fmt: skip
    return Table.of(
        "people_by_tier",
        f"People by level and kind of council, at {text.day(at)}",
        (
            Column("kind", "Kind of council"),
            Column("tier", "Level"),
            Column("population_persons", "People", "count"),
            Column("share", "Of that kind", "share"),
            Column("grade", "Grade", "grade"),
        ),
        rows,
        PEOPLE_NOTE,
        SECOND_HAND,
    )


def named_kind(kind: str) -> str:
    """A kind of council in words."""
    return CLASS_NAMES.get(kind, "England")


def areas_table(at: dt.date) -> Table:
    """One row for each strategic authority: its tier on a day and since when that is known, when and by what it was
    made, the next vote for a mayor, and who says so."""
    return Table.of(
        "strategic_authorities",
        f"Every strategic authority, at {text.day(at)}",
        (
            Column("area", "Area"),
            Column("population_persons", "People", "count"),
            Column("tier", "Level"),
            Column("tier_known_from", "Level known from"),
            Column("made", "There since"),
            Column("instrument", "By"),
            Column("next_vote", "Next vote"),
            Column("told_by", "Who says so"),
            Column("grade", "Grade", "grade"),
        ),
        [_area(body, at) for body in strategic_authorities()],
        PEOPLE_NOTE,
        SECOND_HAND,
    )


def _area(body: StrategicAuthority, at: dt.date) -> tuple[str | float, ...]:
    known = [stretch for stretch in timeline(body, at).stretches if stretch.tier]
    return (
        body.name, people_of(body.members), WORDS[standing_of(body, at)],
        text.day(known[-1].first) if known else NOT_KNOWN, text.day(body.made) if body.made else "not made yet",
        body.instrument, month(body.elects) if body.elects else "none that we know of", body.last.told, "unverified",
    )  # fmt: skip


def month(day: dt.date) -> str:
    """``May 2028``."""
    return f"{day:%B} {day.year}"


def funds_table() -> Table:
    """One row for each fund of a strategic authority of which a sum is told: the sum, its years, the people that it is
    divided by, and what that makes. An area of whose investment fund nothing is told has a row that says so."""
    rows = [row for body in strategic_authorities() for row in _funds(body)]
    return Table.of(
        "funds_a_head",
        "Pounds for each person, where we hold a sum",
        (
            Column("area", "Area"),
            Column("fund", "Fund"),
            Column("gbp_million", "£m", "money", missing=NOT_KNOWN),
            Column("years", "For"),
            Column("population_persons", "People", "count"),
            Column("gbp_a_head_a_year", "£ a head a year", "pounds", missing=NOT_KNOWN),
            Column("note", "Also"),
            Column("source", "Source"),
            Column("grade", "Grade", "grade"),
        ),
        rows,
        "Sums in the prices of their years; of several years, a year of them. " + PEOPLE_NOTE,
    )


def _funds(body: StrategicAuthority) -> Iterator[tuple[str | float | None, ...]]:
    people = people_of(body.members)
    for kind, words in FUNDS.items():
        fund = devolved_funds().get((body.name, kind))
        if fund:
            yield (body.name, words, fund.gbp_million, fund.years, people, a_head(body, kind), fund.note, fund.source,
                   fund.grade)  # fmt: skip
        elif kind == "investment":
            yield body.name, words, None, "", people, None, "", "", "unverified"


# --- powers ---


def offered_table(offer: Framework) -> Table:
    """One row for each power of the offer: to which tiers it is open, who holds it and how they decide, from whom it
    comes, under which law, whether it needs an order, and how good that is."""
    return Table.of(
        "powers_on_offer",
        "Powers that each level opens",
        (
            Column("power", "id", people=False),
            Column("title", "Power"),
            Column("tiers", "Open to"),
            Column("holder", "Who holds it"),
            Column("exercise", "Who must agree"),
            Column("giver", "Comes from"),
            Column("law", "Under"),
            Column("order", "Needs an order"),
            Column("recall", "Can be taken back"),
            Column("grade", "Grade", "grade"),
        ),
        [_offered(power, offer) for power in sorted(offer.powers, key=lambda power: TIERS.index(lowest(power)))],
        f"{offer.title}, from {text.day(offer.effective)}, as Soke ships it.",
    )


def lowest(power: Power) -> Standing:
    """The narrowest tier that a power of the offer is open to."""
    return next(tier for tier in TIERS if not power.tiers or tier in power.tiers)


def open_to(power: Power) -> str:
    """The tiers that a power of the offer is open to, in words."""
    if not power.tiers or set(power.tiers) == set(TIERS):
        return "All levels"
    said = text.listed([SHORT[tier] for tier in TIERS if tier in power.tiers])
    return said[:1].upper() + said[1:]


def taken_back(power: Power) -> str:
    """Whether a power that was given can be taken back, in words."""
    if power.needs_order:
        return "only by law"
    return "yes, by the steps of the deal" if power.recallable else "not under the deal"


def _offered(power: Power, offer: Framework) -> tuple[str, ...]:
    named = {party.id: party.name for party in offer.parties} | BODIES
    return (
        power.id, power.title, open_to(power), named.get(power.holder, power.holder), EXERCISE[power.exercise],
        named.get(power.giver, power.giver), power.statutory_basis, "yes" if power.needs_order else "no",
        taken_back(power), power.held_as,
    )  # fmt: skip
