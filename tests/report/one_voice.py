"""Whether all that a run shows says the same: the four numbers, their sentences, map, tables, page, JSON and CSV.

:func:`contradictions` gives a sentence for each thing that is said in two ways.
"""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Iterator

from soke import text
from soke.report import facts, rounded
from soke.report.fact_words import heading, lead
from soke.report.headline import four_numbers
from soke.report.keep import stays
from soke.report.markup import Element
from soke.report.page import page
from soke.report.run.project import Run
from soke.table import Table

NEVER = (
    (r"£[-−+]", "a sign after the pound"),
    (r"£0\.0(bn|m)\b", "a sum of nought billions"),
    (r"\b(nan|inf|None)\b(?! of| is)", "a figure that is no number"),
    (r"[-−+]£0(?![\d.,])", "a sign before nought"),
)
SPAN = re.compile(r"20\d\d-\d\d to 20\d\d-\d\d")


def contradictions(run: Run) -> list[str]:
    shown = page(run.report, run.tables)
    return [
        *_never(shown), *_gap(run), *_years(run, shown), *_losers(run), *_bill(run), *_difference(run), *_keep(run),
        *_heading(run), *_ranges(run), *_faces(run), *_sums(run),
    ]  # fmt: skip


def words_of(shown: str | Element) -> str:
    """What a reader sees, without word joiners and with plain hyphens."""
    bare = re.sub(r"<style.*?</style>|<script.*?</script>", "", str(shown), flags=re.DOTALL)
    bare = html.unescape(re.sub(r"<[^>]+>", " ", bare))
    return re.sub(r"\s+", " ", bare.replace("\u2060", "").replace("\N{NON-BREAKING HYPHEN}", "-"))


def close(one: float, other: float, share: float = 1e-6) -> bool:
    return abs(one - other) <= share * max(1.0, abs(one), abs(other))


def _never(shown: str) -> Iterator[str]:
    said = words_of(shown)
    for pattern, what in NEVER:
        for found in re.finditer(pattern, said):
            yield f"{what}: ...{said[max(0, found.start() - 40) : found.end() + 20]}..."


def _gap(run: Run) -> Iterator[str]:
    report, number = run.report, four_numbers(run.report)[0]
    account, base = report.account, report.base_year
    assert number.value is not None
    lines = dict.fromkeys(("raised", "spent"), 0.0)
    for row in run.tables["account_lines"]:
        lines[str(row["side"])] += float(row["gbp_million_cash"] or 0.0)
    if not close(lines["spent"] - lines["raised"], number.value, 1e-6):
        yield f"the gap is {number.value}, its lines give {lines['spent'] - lines['raised']}"
    for figure, value in ((number.figure, number.value), (number.more.split(":")[-1], base.gap.base)):
        said = "short" if value >= 0 else "over"
        if {"short", "over"} & set(re.findall(r"\w+", figure)) not in ({said}, set()):
            yield f"{figure!r} of a gap of {value}"
    levels = {(row["series"], row["year_of_run"]): row["as_is_p50"] for row in run.tables["levels"]}
    projected = float(levels["Public spending here", 0]) - float(levels["Tax and other public receipts raised here", 0])  # type: ignore[arg-type]
    if not close(projected, base.gap.base, 1e-4 * max(1.0, account.receipts / max(1.0, abs(base.gap.base)))):
        yield f"the base year's gap is {base.gap.base}, the projection starts from {projected}"
    if not account.published and not ("Within plus or minus" in number.sentence and number.low is not None):
        yield "the gap has no range"
    inside = account.gap_half_width is not None and abs(account.gap) <= account.gap_half_width
    if inside != ("inside its own range" in number.sentence):
        yield "the gap's doubt is not said, or said of none"


def _years(run: Run, shown: str) -> Iterator[str]:
    """Every span of years in what is said of the bill, of who pays and who loses, is that of the bill."""
    when, bill = run.report.over_budgets(), four_numbers(run.report)[3]
    says = [bill.sentence, bill.more, run.tables["places"].caption, run.tables["four_years"].caption]
    says += [run.tables[name].caption for name in ("classes", "regions")]
    says += [
        c.title for name in ("classes", "regions", "places") for c in run.tables[name].columns if "a head" in c.title
    ]
    section = words_of(re.split(r'<[^<>]*id="places-section"', shown)[-1]).split("One hexagon")[0]
    if not facts.nothing_changes(run.report):
        says.append(section)
    for said in says:
        if set(SPAN.findall(said)) != {when}:
            yield f"{said[:120]!r} does not speak of {when} alone"
    for word in ("lose", "loser", "pays", "moves"):
        for said in re.split(r"(?<=\.) ", f"{bill.sentence} {bill.more}"):
            if word in said and not ("a year" in said or when in said or "these years" in said):
                yield f"{said!r} names no years"


def _losers(run: Run) -> Iterator[str]:
    heads = {str(row["name"]): row["mean_difference_gbp_per_head"] for row in run.tables["places"]}
    area = {str(row["name"]) for row in run.tables["places"] if row["in_the_deal"]}
    lost = {name: float(head) for name, head in heads.items() if head is not None and head < -facts.PENNY}
    more = four_numbers(run.report)[3].more
    if ("No place loses" in more) is not (not lost):
        yield f"{len(lost)} places lose, and it is said: {more}"
    if lost:
        worst = text.pounds(min(lost.values()))
        if f"{worst} a head a year" not in more:
            yield f"the worst loses {worst}, and it is said: {more}"
        if "every other place" in more and not set(heads) - area <= set(lost):
            yield "not every other place loses"
        if (named := re.search(r"Largest loser: (.+?), ", more)) and named[1] not in lost:
            yield f"{named[1]} does not lose"
    for name in ("classes", "regions"):
        every = run.tables[name].records()[-1]
        if every["places_that_lose"] != len(lost):
            yield f"{name}: {every['places_that_lose']} places lose, in the table of places {len(lost)}"
    held = facts.a_head(run.report)
    if any(not close(float(heads[run.report.name(code)] or 0.0), head) for code, head in held.items()):
        yield "the map is not of the table of places"


def _bill(run: Run) -> Iterator[str]:
    report, bill = run.report, four_numbers(run.report)[3]
    money, cost = facts.money(report), report.projection.bill
    assert bill.value is not None and cost is not None
    people = sum(report.population.values())
    own = next(row for row in run.tables["classes"] if row["class"] == "the deal's own places")
    outside = -1e6 * float(own["mean_difference_gbp_million"] or 0.0)
    elsewhere = [
        facts.a_head(report)[c] * report.population[c] for c in report.population if c not in report.projection.area
    ]
    if not close(sum(elsewhere), outside, 1e-4):
        yield f"places outside have {sum(elsewhere)}, the deal's own lose {outside}"
    free = not cost.cost[:, list(report.budget_years())].any()
    if free != bill.sentence.startswith("No new money"):
        yield f"the cost is {'none' if free else 'some'}, and it is said: {bill.sentence}"
    said = "new money" in bill.sentence.removeprefix("No new money")
    new = facts.paid_by(report, "new")[list(report.budget_years())].any()
    if said and not new:
        yield f"no new money, and it is said: {bill.sentence}"
    if money.new > 0 and "None of it is new" in heading(report):
        yield "new money, and none is said"
    if free and sum(-head for head in elsewhere if head < 0) / people > facts.PENNY:
        yield "nobody pays more, and places elsewhere lose"
    chances = [float(row["chance_below_zero"] or 0) for row in run.tables["four_years"]
               if str(row["series"]).startswith("Council tax, business rates, grant")]  # fmt: skip
    found = re.search(r"any of these years: (.+?)\.(?: |$)", bill.more)
    if found and found[1] == "none in these draws" and max(chances) > 0:
        yield "the budget never falls, and falls in a year"
    if found and found[1] == "certain in these draws" and sum(chances) < 1:
        yield "the budget always falls, and seldom in each year"


def _difference(run: Run) -> Iterator[str]:
    number = four_numbers(run.report)[1]
    by_year = {row["year_of_run"]: row for row in run.tables["difference_by_year"]}
    year = run.report.headline_year()
    if facts.nothing_changes(run.report):
        if number.value:
            yield "nothing changes, and the difference is something"
        return
    row = by_year[year]
    if [number.low, number.value, number.high] != [row[f"p{k}_gbp_million"] for k in (10, 50, 90)]:
        yield "the difference is not the table's"
    if text.about(number.value, plus=True) not in number.figure or f"year {year}" not in number.figure:
        yield f"the difference is printed as {number.figure}"
    verdict = number.sentence.split(":")[0]
    narrow, wide = float(row["p10_gbp_million"] or 0) > 0, float(row["p90_gbp_million"] or 0) < 0
    if ("narrows" in verdict) is not narrow or ("widens" in verdict) is not wide:
        yield f"{verdict!r} of {row}"
    if f"Chance that it is below zero: {text.chance(float(row['chance_below_zero'] or 0))}." not in number.sentence:
        yield "the chance is not the table's"
    for k, said in re.findall(r"Year (\d+): (\S+)", f"{number.sentence} {number.more}"):
        if said.rstrip(".") not in (text.about(float(by_year[int(k)]["p50_gbp_million"] or 0), plus=True), "about"):
            yield f"year {k} is printed as {said}"
    for row in run.tables["components"]:
        if (
            row["component"] == "Narrowing of the gap"
            and row["p50_gbp_million"] != by_year[row["year_of_run"]]["p50_gbp_million"]
        ):
            yield "the components are not of the difference"


def _keep(run: Run) -> Iterator[str]:
    number, found = four_numbers(run.report)[2], run.report.projection
    here = sum(
        float(row["growth_deal_pence"] or 0) for row in run.tables["keep"]
        if row["tier"] not in ("All", "Treasury", "The levy account for safety nets")
    )  # fmt: skip
    assert number.value is not None
    if not close(here, number.value, 1e-5):
        yield f"{number.value} pence are kept, in the table {here}"
    if number.sentence.startswith("As today") is not (stays(found.keep_as_is) == stays(found.keep_deal)):
        yield number.sentence


def _heading(run: Run) -> Iterator[str]:
    report, found = run.report, facts.money(run.report)
    said = f"{heading(report)} {lead(report)}"
    if found.decided >= text.LEAST and text.money(found.decided) not in said:
        yield f"{text.money(found.decided)} is not in {said}"
    start = report.first_year()
    if found.moved and not close(found.moved, float(facts.paid_by(report, "moved", "consolidated")[start])):
        yield "what moves is not the ledger's"
    back = facts.pence_back(report)
    row = next((r for r in run.tables["worth"] if r["what"] == "Pence back for each £1"), None)
    if back is not None and (row is None or row["mean"] != back):
        yield "what comes back is not the table's"
    if back is not None and ("does not pay for itself" in said) is (back >= 100):
        yield f"{back}p come back: {said}"


def _ranges(run: Run) -> Iterator[str]:
    """Every number that is uncertain says its range."""
    for number in four_numbers(run.report)[1:]:
        if number.low is None or number.high is None or number.value is None:
            continue
        if not number.low - 1e-9 <= number.value <= number.high + 1e-9:
            yield f"{number.title}: {number.value} is not within {number.low} to {number.high}"
        write = {"difference": lambda v: text.about(v, plus=True), "bill": text.pounds}.get(number.id)
        if write and write(number.low) != write(number.high) and not (
            number.sentence.count(write(number.low).lstrip("l")) and number.sentence.count(write(number.high))
        ):  # fmt: skip
            yield f"{number.title} does not say its range: {number.sentence}"


def _faces(run: Run) -> Iterator[str]:
    """JSON, CSV and the library's table have the same figures."""
    envelope = json.loads(json.dumps(run.answer.envelope("run", "0"), allow_nan=False))
    rows = list(csv.DictReader(io.StringIO(run.tables["four_numbers"].csv())))
    for number, row, line in zip(four_numbers(run.report), envelope["rows"], rows, strict=True):
        if row["value"] != number.value or row["sentence"] != number.sentence or row["low"] != number.low:
            yield f"JSON of {number.title}"
        if float(line["value"]) != number.value or line["sentence"].lstrip("'") != number.sentence:
            yield f"CSV of {number.title}"


def _sums(run: Run) -> Iterator[str]:
    """What is printed adds up, or a note says that it is rounded."""
    waterfall = run.tables["waterfall"]
    yield from _column(waterfall, "gbp_million_cash", {0: 1, 1: 1, 2: 1, 3: 1}, 4)
    base = run.tables["account_base_year"]
    for key in ("published", "change", "base_year"):
        yield from _column(base, f"{key}_gbp_million_cash", {1: 1, 0: -1}, 2)
        yield from _column(base, f"{key}_gbp_million_cash", {3: 1, 4: 1, 5: 1}, 2)
    for name in ("classes", "regions"):
        rows = run.tables[name].records()
        groups = [k for k, row in enumerate(rows) if str(row["class" if name == "classes" else "region"]) not in
                  ("England", "the deal's own places", "on the coast (of any class)")]  # fmt: skip
        yield from _column(run.tables[name], "mean_difference_gbp_million", dict.fromkeys(groups, 1), len(rows) - 1)
    for name, key in (("worth", "mean"), ("loop", "mean_gbp_million"), ("components", "mean_gbp_million")):
        yield from _additive(run, name, key)


def _additive(run: Run, name: str, key: str) -> Iterator[str]:
    table, first = run.tables[name], 0
    rows = table.records()
    if name == "components":
        for k, row in enumerate(rows):
            if row["component"] == "Narrowing of the gap":
                yield from _column(table, key, dict.fromkeys(range(first, k), 1), k)
                first = k + 1
    elif name == "worth":
        for k in range(0, len(rows) - 2, 4):
            yield from _column(table, key, {k: -1, k + 1: 1}, k + 2)
    else:
        for tax, leak, kept in ((2, 5, 4), (4, 7, 6)) if rows else ():  # tax less what leaks is kept; that is spent
            yield from _column(table, key, {tax: 1, leak: -1}, kept)


def _column(table: Table, key: str, signed: dict[int, int], whole: int) -> Iterator[str]:
    column = next(c for c in table.columns if c.key == key)
    cells = table.column(key)
    exact = sum(sign * float(cells[k] or 0) for k, sign in signed.items())  # type: ignore[arg-type]
    if not close(exact, float(cells[whole] or 0), 1e-6):  # type: ignore[arg-type]
        yield f"{table.id}: {exact} is not {cells[whole]}"
    said = [column.said(sign * (cells[k] or 0)) for k, sign in signed.items()]  # type: ignore[operator]
    if rounded.apart(said, column.said(cells[whole])) and rounded.NOTE not in table.notes:
        yield f"{table.id}: {said} do not add up to {column.said(cells[whole])}, and no note says why"
