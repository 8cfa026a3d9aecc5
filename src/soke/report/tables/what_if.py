"""Tables of a what-if: every place, classes, regions, the next pound, the household, the Treasury, what is assumed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from soke import text as words
from soke.england.places import CLASS_NAMES, places
from soke.england.settlement import finance_authorities
from soke.england.sources import named
from soke.model.funding import rates_shares, regime
from soke.model.funding.dated import Rules, rules
from soke.model.funding.what_if import TIERS, Asked, WhatIf
from soke.table import Cell, Column, Table
from soke.text import capital

CORE_SPENDING, REGIONAL, RATING_LIST = "mhclg-core-spending-power", "ons-regional-accounts", "voa-rating-list"
RATES_2013, COUNCIL_TAX = "mhclg-business-rates-2013-14", "mhclg-council-tax-levels"
SOURCES = (CORE_SPENDING, REGIONAL, RATING_LIST, RATES_2013, COUNCIL_TAX)  # of what is assumed
RETENTION = "business_rates.retention"
GAIN = "Gain and lose: 50p a head or more."
CLEAR = 0.5  # pounds a head: less is about nothing
FEW = 20_000  # people: below, pounds a head say little, and a place is left out of rankings
RANKED = 10
LAW = {
    "business_rates.retention": "Rates kept by councils",
    "levy.band.1.rate": "Levy on growth, first band",
    "levy.band.2.bound": "Levy, where the second band starts",
    "levy.band.2.rate": "Levy, second band",
    "levy.band.3.bound": "Levy, where the third band starts",
    "levy.band.3.rate": "Levy, third band",
    "safety_net.share": "Safety net",
    "fair_funding.rsg": "Revenue support grant, England",
    "fair_funding.baseline_funding": "Baseline funding, England",
}


def ranked(result: WhatIf) -> list[int]:
    """Places by pounds a head, largest gain first, those of few people left out."""
    found = [i for i in range(len(result.codes)) if result.people[i] >= FEW]
    return sorted(found, key=lambda i: (-float(result.a_head[i]), result.codes[i]))


def gainers(result: WhatIf) -> list[int]:
    return [i for i in ranked(result)[:RANKED] if result.a_head[i] >= CLEAR]


def losers(result: WhatIf) -> list[int]:
    return [i for i in ranked(result)[::-1][:RANKED] if result.a_head[i] <= -CLEAR]


def span(result: WhatIf) -> str:
    """``2026-27 to 2035-36``."""
    return words.a_range(words.financial_year(result.years[0]), words.financial_year(result.years[-1]))


def changed(asked: Asked, year: int) -> str:
    """What is asked for in words: ``councils kept 75% of business rates (today 50%)``."""
    law, said = rules(), []
    for name, value in asked.settings.items():
        today = law_value(law, name, year)
        if name == RETENTION:
            said.append(f"councils kept {_share(value)} of business rates (today {_share(today)})")
        elif name == "safety_net.share":
            said.append(f"the safety net stood at {_share(value)} of baseline funding (92.5% from 2028-29 in law)")
        elif name.startswith("levy.band.") and name.endswith(".rate"):
            band = name.split(".")[2]
            said.append(f"band {band} of the levy took {_share(value)} of growth (today {_share(today)})")
        else:
            said.append(f"{name} were {value} (today {today})")
    if asked.reset == 0:
        said.append("baselines were never reset after 2026-27")
    elif asked.reset is not None:
        every = "year" if asked.reset == 1 else f"{asked.reset} years"
        said.append(f"baselines were reset every {every} from 2026-27")
    if asked.pool:
        said.append(f"{words.listed([member(code) for code in asked.pool])} were one pool")
    return words.listed(said)


def _share(text: str) -> str:
    return f"{100 * float(text):g}%"


def every_place(result: WhatIf) -> Table:
    low, mean, high = result.spread
    house, known = result.household, places().by_code
    before, after = (side.resources.mean(axis=0) for side in (result.before, result.after))
    rows: list[tuple[Cell, ...]] = []
    for i, code in enumerate(result.codes):
        place = known[code]
        rows.append((
            place.name, code, CLASS_NAMES[place.kind], known[place.region].name, int(result.people[i]), span(result),
            *map(float, (
                result.a_head[i], result.average[i], low[i], mean[i], high[i],
                result.last[i] * 1e6 / result.people[i], result.last[i], before[i], after[i],
                house.bill_published[i], house.bill[i], house.needed[i], house.room_before[i], house.room_after[i],
            )),
            "yes" if house.vote[i] else "no",
        ))  # fmt: skip
    rows.sort(key=lambda row: (-float(row[6] or 0.0), str(row[1])))
    last = words.financial_year(result.years[-1])
    return Table.of(
        "what_if",
        f"Every place: the law with these settings, less the law as it stands, a year on average over {span(result)}",
        (
            Column("name", "Place"),
            Column("place_code", "Code", people=False),
            Column("class", "Class"),
            Column("region", "Region"),
            Column("population_persons", "People", "count"),
            Column("years", "Years", people=False),
            Column("difference_gbp_per_head", "£ a head", "pounds-change"),
            Column("difference_gbp_million", "£m a year", "change"),
            Column("difference_p10_gbp_per_head", "£ a head, tenth of a hundred", "pounds-change", people=False),
            Column(
                "difference_mean_gbp_per_head", "£ a head, mean of good and bad years", "pounds-change", people=False
            ),
            Column("difference_p90_gbp_per_head", "£ a head, ninetieth", "pounds-change", people=False),
            Column("last_year_difference_gbp_per_head", f"£ a head in {last}", "pounds-change"),
            Column("last_year_difference_gbp_million", f"£m in {last}", "change", people=False),
            Column("resources_before_gbp_million", "As the law stands, £m", "money", people=False),
            Column("resources_after_gbp_million", "With the settings, £m", "money", people=False),
            Column("band_d_2022_23_gbp", "Band D 2022-23", "pounds", people=False),
            Column("band_d_2025_26_estimate_gbp", "Band D bill, estimate", "pounds"),
            Column("band_d_to_make_good_gbp", "Change that makes it good", "pounds-change"),
            Column("band_d_room_before_gbp", "Rise without a vote, as the law stands", "pounds", people=False),
            Column("band_d_room_after_gbp", "Rise without a vote", "pounds", people=False),
            Column("needs_a_vote", "Needs a vote"),
        ),
        rows,
        "Largest gain a head first. What counties, fire and combined authorities gain or lose is in their places.",
    )


def by_class(result: WhatIf) -> Table:
    kinds = [places().by_code[code].kind for code in result.codes]
    groups = [(name, np.array([one == kind for one in kinds])) for kind, name in CLASS_NAMES.items()]
    return _grouped(result, "what_if_classes", "By class of authority", "class", groups)


def by_region(result: WhatIf) -> Table:
    regions = [places().by_code[code].region for code in result.codes]
    groups = [(places().name(one), np.array([r == one for r in regions])) for one in sorted(set(regions))]
    return _grouped(result, "what_if_regions", "By region", "region", groups)


def _grouped(
    result: WhatIf, id_: str, caption: str, group: str, groups: Sequence[tuple[str, NDArray[np.bool_]]]
) -> Table:
    everyone = [*groups, ("England", np.ones(len(result.codes), dtype=bool))]
    rows: list[tuple[Cell, ...]] = []
    for name, here in everyone:
        change, last = float(result.average[here].sum()), float(result.last[here].sum())
        people = float(result.people[here].sum())
        rows.append((
            name, int(here.sum()), change * 1e6 / people, change, last * 1e6 / people, last,
            int((result.a_head[here] >= CLEAR).sum()), int((result.a_head[here] <= -CLEAR).sum()),
        ))  # fmt: skip
    year = words.financial_year(result.years[-1])
    return Table.of(
        id_,
        f"{caption}, a year on average over {span(result)}",
        (
            Column(group, group.capitalize()),
            Column("places", "Places", "count"),
            Column("difference_gbp_per_head", "£ a head", "pounds-change"),
            Column("difference_gbp_million", "£m a year", "change"),
            Column("last_year_difference_gbp_per_head", f"£ a head in {year}", "pounds-change"),
            Column("last_year_difference_gbp_million", f"£m in {year}", "change"),
            Column("places_that_gain", "Gain", "count"),
            Column("places_that_lose", "Lose", "count"),
        ),
        rows,
        GAIN,
    )


def each_alone(result: WhatIf) -> Table:
    """What each change does by itself, where several are asked for; no rows where one is."""
    kinds = [places().by_code[code].kind for code in result.codes]
    masks = [np.array([one == kind for one in kinds]) for kind in CLASS_NAMES]
    rows: list[tuple[Cell, ...]] = []
    for said, change in [
        *((changed(one, result.years[0]), c) for one, c in result.parts),
        ("all of it", result.average),
    ]:
        heads = change * 1e6 / result.people
        by_class = [float(change[here].sum() * 1e6 / result.people[here].sum()) for here in masks]
        rows.append((said, float(change.sum()), *by_class, int((heads >= CLEAR).sum()), int((heads <= -CLEAR).sum())))
    return Table.of(
        "what_if_alone",
        f"What each change does alone: a year on average over {span(result)}, pounds a head by class",
        (
            Column("change", "If"),
            Column("difference_gbp_million", "£m a year", "change"),
            *(Column(f"{kind.replace('-', '_')}_gbp_per_head", name, "pounds-change")
              for kind, name in CLASS_NAMES.items()),
            Column("places_that_gain", "Gain", "count"),
            Column("places_that_lose", "Lose", "count"),
        ),
        rows if result.parts else [],
        f"Changes work on one another, so these need not add up to all of it. {GAIN}",
    )  # fmt: skip


def next_pound(result: WhatIf) -> Table:
    """Pence of the next pound of rates, by class and tier, under both laws."""
    rows: list[tuple[Cell, ...]] = []
    for kind, name in CLASS_NAMES.items():
        for law, side in (("as the law stands", result.before), ("with the settings", result.after)):
            kept = [float(value) for value in side.keep[kind]]
            rows.append((name, law, *kept, 100.0 - sum(kept)))
    return Table.of(
        "what_if_next_pound",
        f"Of the next pound of business rates collected in {words.financial_year(result.years[-1])}, pence",
        (
            Column("class", "Class"),
            Column("law", "Law"),
            *(Column(f"{tier.lower().replace(' ', '_')}_pence", capital(tier), "plain") for tier in TIERS),
            Column("treasury_pence", "Treasury", "plain"),
        ),
        rows,
        "Until the next reset. Levies, and safety nets that a pound would only shorten, are with the Treasury.",
    )


def household(result: WhatIf) -> Table:
    """What it would take to make good the loss, for the places that lose most by Band D."""
    house = result.household
    found = [i for i in range(len(result.codes)) if result.a_head[i] <= -CLEAR and result.people[i] >= FEW]
    found.sort(key=lambda i: (-float(house.needed[i]), result.codes[i]))
    rows = [
        (
            places().name(result.codes[i]), float(house.bill[i]), float(house.needed[i]),
            _room(house.room_after[i]), "yes" if house.vote[i] else "no",
        )
        for i in found[:RANKED]
    ]  # fmt: skip
    return Table.of(
        "what_if_household",
        "Where a household would pay most to keep services as they are: Band D, pounds a year",
        (
            Column("name", "Place"),
            Column("band_d_2025_26_estimate_gbp", "Bill, 2025-26 (estimate)", "pounds"),
            Column("band_d_to_make_good_gbp", "More, to make good the loss", "pounds-change"),
            Column("band_d_room_after_gbp", "Most in one year without a vote", "pounds"),
            Column("needs_a_vote", "Needs a vote"),
        ),
        rows,
    )


def _room(value: float) -> Cell:
    return "no limit" if np.isinf(value) else float(value)


def treasury(result: WhatIf) -> Table:
    """Who has the rates and the grant of each year under both laws: what one side gains the other loses."""
    rows: list[tuple[Cell, ...]] = []
    councils = result.change.sum(axis=1)
    before, after = result.before, result.after
    for k, year in enumerate(result.years):
        reset = " and ".join(
            said for said, side in (("as the law stands", before), ("with the settings", after)) if year in side.resets
        )
        rows.append((
            words.financial_year(year), float(result.collected[k]), float(before.retained[k]), float(after.retained[k]),
            float(before.treasury[k]), float(after.treasury[k]), float(before.grant[k]), float(after.grant[k]),
            float(councils[k]), float(result.treasury[k]), float(before.near[k]), float(after.near[k]), reset,
        ))  # fmt: skip
    return Table.of(
        "what_if_treasury",
        "The other side of the ledger, £ million a year",
        (
            Column("year", "Year"),
            Column("collected_gbp_million", "Rates collected", "money"),
            Column("retained_before_gbp_million", "Councils keep, as the law stands", "money"),
            Column("retained_after_gbp_million", "with the settings", "money"),
            Column("treasury_before_gbp_million", "Treasury has of it, as the law stands", "money"),
            Column("treasury_after_gbp_million", "with the settings", "money"),
            Column("grant_before_gbp_million", "Grant, as the law stands", "money"),
            Column("grant_after_gbp_million", "with the settings", "money"),
            Column("councils_difference_gbp_million", "Councils have more", "change"),
            Column("treasury_difference_gbp_million", "Treasury has more", "change"),
            Column("near_need_before", "Places near their need, as the law stands", "share"),
            Column("near_need_after", "with the settings", "share"),
            Column("reset", "Baselines reset"),
        ),
        rows,
        "Kept and the Treasury's part make what is collected, each year; councils' difference and the Treasury's make "
        "nothing. Near: resources and council tax at one rate within 2 per cent of estimated need.",
    )


def assumptions(result: WhatIf) -> Table:
    """What is set, what the law says beside it, and what is assumed: each with grade and source."""
    law, asked = rules(), result.asked
    year = result.years[0]
    rows: list[tuple[str, str, str, str]] = []
    for name, value in asked.settings.items():
        rows.append(
            (f"Set: {_titled(name)}", f"{value}, for {law_value(law, name, year)} in law", "estimate", "what if")
        )
    rows += [_law_row(law, name, year) for name in LAW if name not in asked.settings]
    rows += [
        ("Resets as the law stands", years_in_words(result.before.resets), "unverified", "no cycle is fixed in law"),
        ("Resets with the settings", years_in_words(result.after.resets), "estimate", "what if"),
        ("Need of each place", "share of the settlement of 2019-20 and council tax at one rate, moved by age groups",
         "estimate", f"{named(CORE_SPENDING)}; the formulas of 2026-27 by authority were not to hand"),
        ("Rates at the start", f"£{result.collected[0]:,.0f}m of market rates. {result.start_words}",
         result.start_grade, named((REGIONAL, RATING_LIST))),
        ("Growth of rates by place", "half of the growth above England's from 2013-14 to the list of 2023, at most "
         f"{float(law.exact('what_if.growth.most', year)):.1%} a year: revaluations are in it",
         "estimate", named((RATES_2013, RATING_LIST))),
        ("Good and bad years", f"{result.volatility:.0%} standard deviation of a yearly change, in the ranges only",
         "unverified", "Soke"),
        ("Bills of 2025-26", "2022-23 carried by England's average bill", "estimate", named(COUNCIL_TAX)),
    ]  # fmt: skip
    for book in result.imported:
        said = f"{words.counted(book.figures, 'figure')}: {', '.join(book.what)}"
        rows.append(("Imported in the place of estimates", said, book.grade(), str(book)))
    if asked.pool:
        said = words.listed([member(code) for code in asked.pool])
        rows.append(("Pool", f"{said}: gains and losses go by baseline funding", "estimate", "what if"))
    return Table.of(
        "what_if_assumptions",
        "What is set and what is assumed",
        (Column("assumption", "Assumption"), Column("value", "Value"), Column("grade", "Grade", "grade"),
         Column("source", "Source")),
        rows,
    )  # fmt: skip


def _titled(name: str) -> str:
    return f"{LAW[name]} ({name})" if name in LAW else name


def _law_row(law: Rules, name: str, year: int) -> tuple[str, str, str, str]:
    row = law.row(name, year)
    note = f" ({row.note})" if row.note else ""
    return f"Law: {_titled(name)}", _value(law, name, year), row.grade, row.source + note


def law_value(law: Rules, name: str, year: int) -> str:
    """The law's value of a parameter: for all, or for the classes that have one."""
    rows = [r for r in law.rows[name] if r.first <= year <= r.last] or list(law.rows[name])
    values = list(dict.fromkeys(r.value for r in rows))
    return " or ".join(_plain(value) for value in values[:3]) + (" ..." if len(values) > 3 else "")


def _value(law: Rules, name: str, year: int) -> str:
    """A parameter's value by year where it moves: the safety net's steps."""
    rows = sorted((r for r in law.rows[name] if r.last >= year and r.who == "all"), key=lambda r: r.first)
    if len(rows) == 1:
        return f"{_plain(rows[0].value)} {rows[0].unit}"
    steps = [f"{_plain(r.value)} from {words.financial_year(max(r.first, year))}" for r in rows]
    return f"{', '.join(steps)}, {rows[0].unit}"


def _plain(value: object) -> str:
    number = float(value)  # type: ignore[arg-type]
    return "none" if np.isinf(number) else f"{number:,.6g}"


def years_in_words(years: Sequence[int]) -> str:
    return words.listed([words.financial_year(year) for year in years]) or "no year after 2026-27"


def member(code: str) -> str:
    known = finance_authorities().get(code)
    return known.name if known else places().name(code)


def own_shares(result: WhatIf) -> int:
    """How many places have a local share of their own, which a setting of the ordinary share does not move."""
    year, ordinary = result.years[0], regime.ordinary_share()
    found = [rates_shares.split(rates_shares.billing(places().by_code[code], year), year) for code in result.codes]
    return sum(abs(one.local - ordinary) > regime.SAME for one in found)


TABLES: Mapping[str, Callable[[WhatIf], Table]] = {
    "places": every_place, "classes": by_class, "regions": by_region, "alone": each_alone, "next_pound": next_pound,
    "household": household, "treasury": treasury, "assumptions": assumptions,
}  # fmt: skip
