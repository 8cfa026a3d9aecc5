"""The scoreboard in the report: the package's own, whole in the files, and a miss is said."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace

import pytest

from soke.model.economy.back_test import shipped
from soke.report.contents import RunReport
from soke.report.run.tables import all_tables
from soke.report.tables.back_test import in_a_sentence, verdict
from soke.report.tables.scoreboard import gap_words, held, rule_name, scoreboard_words


def rows(report: RunReport, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(all_tables(report)[name].csv())))


def test_every_rule_of_the_scoreboard_is_in_the_file(report: RunReport) -> None:
    scores, found = held().summary(), rows(report, "scoreboard")
    assert [row["rule_id"] for row in found] == [score.name for score in scores]
    assert [(int(row["figures"]), int(row["matching"])) for row in found] == [(s.figures, s.matching) for s in scores]
    assert sum(int(row["figures"]) for row in found) == len(held().checks) > 1_000
    assert all(row["tolerance"] and (row["where"] or row["largest_gap"] == "none") for row in found)
    assert any(row["where"] for row in found)


def test_what_is_not_reproduced_is_there_with_its_reason(
    report: RunReport, rendered: Callable[[RunReport], str]
) -> None:
    found = rows(report, "not_reproduced")
    assert [row["reason"] for row in found] == [missing.row.reason for missing in held().not_reproduced]
    assert found and all(row["reason"] and row["source"] for row in found)
    section = rendered(report).split('id="sources-section"')[-1]
    assert scoreboard_words(held()) in section
    assert section.count("<details>") >= 2


def test_how_well_the_projection_has_done_is_there_with_a_sentence(
    report: RunReport, rendered: Callable[[RunReport], str]
) -> None:
    found = rows(report, "back_test")
    assert len(found) == len(shipped())
    section = rendered(report).split('id="luck-section"')[-1].split("</section>")[0]
    assert in_a_sentence(shipped()) in section
    assert "2010 to 2019" in section and "London boroughs" not in section, "classes are in the file"


def test_the_sentence_follows_the_scores() -> None:
    said = in_a_sentence(shipped())
    assert said.startswith("Started in 2010 and in 2015 with nothing later, its 90 per cent range held 88 to 9")
    assert "296 places, and it beat the simple rules; started in 2007 it held 6" in said
    assert said.endswith("and the rule of no growth did better: it missed the crash.")
    lost = tuple(replace(one, own_crps=0.0) for one in shipped())
    assert "and the rule of own trend did better in part" in in_a_sentence(lost)
    won = tuple(replace(one, crps=0.0) for one in shipped())
    assert "crash" not in in_a_sentence(won) and "in 0 of 14 tests" in verdict(won)
    assert in_a_sentence([one for one in shipped() if one.subject == "people"]) == ""
    assert "in 1 of 14 tests: output 2007 to 2019, England drawn too (no growth)" in verdict(shipped())


def test_a_miss_is_said() -> None:
    board = held()
    assert f"{len(board.checks):,} published figures" in scoreboard_words(board)
    one = board.checks[0]
    off = replace(one, here=one.published + 1e9)
    worse = replace(board, checks=(off, *board.checks[1:]))
    assert f"{len(worse.failures):,} do not." in scoreboard_words(worse)
    assert len(worse.failures) == len(board.failures) + 1
    whole = replace(board, checks=tuple(check for check in board.checks if check.matches))
    assert ", all match." in scoreboard_words(whole)


@pytest.mark.parametrize(
    ("gap", "unit", "said"),
    [
        (-9.535e-05, "of the figure", "−0.0095%"),
        (-8.3e-08, "of the figure", "under 0.0001%"),
        (-8.3e-05, "GBP million", "−0.000083 GBP million"),
        (0.0829, "GBP million", "0.083 GBP million"),
        (-70.19, "GBP million", "−70 GBP million"),
        (1038.676, "GBP", "1,039 GBP"),
        (-3.6e-15, "GBP million", "none"),
        (9e-9, "share", "under 0.000001 share"),
        (None, "share", "no figure"),
    ],
)
def test_gaps_in_words(gap: float | None, unit: str, said: str) -> None:
    assert gap_words(gap, unit) == said


def test_a_rule_has_a_name_that_reads() -> None:
    assert rule_name("baseline_funding.index") == "Baseline funding: index"
    assert rule_name("council_tax.next_band_d") == "Council tax: next Band D"
