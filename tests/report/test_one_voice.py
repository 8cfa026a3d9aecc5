"""One page speaks with one voice: of the shipped deals, of the first deals of every area, and of what they can be.

Each is run at a few draws and read as a whole by :mod:`one_voice`.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from one_voice import contradictions

from soke.deal.new import new_deal
from soke.deal.reader import read_text
from soke.england.places import places
from soke.england.strategic import strategic_authorities
from soke.report.headline import four_numbers
from soke.report.run.compare import compare
from soke.report.run.project import Run, project

DEALS = Path(__file__).parents[2] / "deals"
SHIPPED = ("greater-manchester", "cornwall", "norfolk-and-suffolk")
EXAMPLE = re.compile(r"# ?(\[\[\w+\]\]|[a-z_0-9]+ = .*)$")
LINK = re.compile(r"(?s)# A lever: a faster.*?(?=# A condition on what)")
SUPPORT = re.compile(
    r'after_profile = "flat_real"\npowers = \["employment-support"\]\n'
    r'profile = \[\{ year = "2026-27", revenue = ([1-9][\d_]+) \}\]'
)
DRAWS = 8

pytestmark = pytest.mark.slow


def uncommented(text: str) -> str:
    return "\n".join(match[1] if (match := EXAMPLE.match(line)) else line for line in text.splitlines())


def first_deal(name: str) -> str:
    return uncommented(new_deal(name, places()))


def two_years(text: str) -> str:
    """The new money of the example for two years only."""
    kept = r'after_profile = "ends"\npowers = ["employment-support"]\nprofile = [{ year = "2026-27", revenue = \1 }'
    changed = SUPPORT.sub(kept + r', { year = "2027-28", revenue = \1 }]', text)
    assert changed != text
    return changed


def trimmed(text: str) -> str:
    """A fund that loses 2 million pounds on its way."""
    found = re.search(r'\nprofile = \[\{ year = "2026-27", revenue = ([\d_]+), capital', text)
    assert found
    less = f"{int(found[1].replace('_', '')) - 2_000_000:_}"
    return text.replace(found[0], found[0].replace(found[1], less), 1)


def fiscal(text: str, table: str, *lines: str) -> str:
    return "\n".join([text, f"[fiscal.{table}]", *lines, 'origin = "illustrative"', ""])


BARE = new_deal("Cumbria", places())
WORK = uncommented(LINK.sub("", BARE))
KINDS = {
    "only moved money": BARE,
    "new money for two years": two_years(WORK),
    "trimmed": trimmed(BARE),
    "trimmed beside new money": trimmed(WORK),
    "council tax alone": fiscal(BARE, "council_tax", 'referendum_limit = "removed"'),
    "rates kept": fiscal(BARE, "business_rates", "retention = 1.0", 'from = "2026-27"', 'reset = "2040-41"'),
    "income tax": fiscal(BARE, "income_tax", "assigned_share = 0.10", 'adjustment = "indexed-per-capita"'),
    "earned back": fiscal(WORK, "earn_back", "share = 0.5", "cap = 30_000_000", 'from = "2026-27"', "years = 30"),
    "Scilly": first_deal("Isles of Scilly"),
    "Surrey": first_deal("Surrey"),
    "later": WORK.replace("2026-27", "2029-30").replace('ends = "2029-30"', 'ends = "2032-33"'),
}


def agree(run: Run) -> None:
    found = contradictions(run)
    assert not found, "\n".join(found)


def agrees(deal: str, tmp_path: Path, scenario: str | None = None) -> None:
    file = tmp_path / "deal.toml"
    file.write_text(deal, encoding="utf-8")
    agree(project(file, scenario, draws=DRAWS))


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_deal(name: str) -> None:
    agree(project(DEALS / f"{name}.toml", draws=DRAWS))


@pytest.mark.parametrize("area", [area.name for area in strategic_authorities()])
def test_a_first_deal(area: str, tmp_path: Path) -> None:
    agrees(first_deal(area), tmp_path)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_of_deal(kind: str, tmp_path: Path) -> None:
    assert read_text(KINDS[kind], places()).deal is not None
    agrees(KINDS[kind], tmp_path)


def test_in_a_scenario_of_cuts(tmp_path: Path) -> None:
    agrees(WORK, tmp_path, "cuts-2010s")


def test_in_a_short_run(tmp_path: Path) -> None:
    scenario = tmp_path / "short.toml"
    head = 'schema = "soke-scenario/1"\nid = "x"\ntitle = "x"\nextends = "default"\n'
    scenario.write_text(f'{head}end_year = "2028-29"\n', encoding="utf-8")
    agrees(WORK, tmp_path, str(scenario))


def test_two_runs_side_by_side_say_what_each_page_says(tmp_path: Path) -> None:
    """The rows of a comparison are the figures of the two reports: four numbers, and medians of each series."""
    folders, runs = [], []
    for name in ("cornwall", "norfolk-and-suffolk"):
        runs.append(project(DEALS / f"{name}.toml", draws=DRAWS))
        folders.append(runs[-1].write(tmp_path / name).page.parent)
    found = compare(*folders)
    rows = found.answer.table.records()
    for row in rows[:4]:
        said = [next(n for n in four_numbers(run.report) if n.id == row["series"]) for run in runs]
        assert [row["first"], row["second"]] == [number.value for number in said]
        assert [row["first_low"], row["first_high"]] == [said[0].low, said[0].high]
        assert row["year"] == "; ".join(dict.fromkeys(number.year for number in said))
    assert str(found.second.folder) in found.series.notes[1] and runs[1].report.deal.title in found.series.notes[1]
    for side, run in zip(("first", "second"), runs, strict=True):
        fan = {row["year"]: row["p50_gbp_million"] for row in run.tables["difference_by_year"]}
        purses = {(row["purse"], row["year"]): row["p50_gbp_million"] for row in run.tables["two_ledgers"]}
        title = run.report.projection.series["exchequer"].title
        for row in rows[4:]:
            if row["series"] == "gap_narrowing":
                assert row[side] == pytest.approx(fan[row["year"]], rel=1e-6)
            if row["series"] == "exchequer" and (title, row["year"]) in purses:
                assert row[side] == pytest.approx(purses[title, row["year"]], rel=1e-6)
