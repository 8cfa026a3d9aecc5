"""The table of parameters: complete, graded, sourced, and refused where a range makes no sense."""

import csv
import re
from pathlib import Path

import pytest

from soke.deal.types import Range
from soke.errors import SokeError
from soke.evidence import overridden, parameters
from soke.evidence.parameters import read_parameters

TABLE = Path("src/soke/evidence/parameters.csv").read_text("utf-8")


def test_every_row_has_meaning_grade_source_and_unit():
    assert len(parameters()) >= 203
    for row in parameters().values():
        assert row.grade in {"official", "derived", "estimate", "unverified"}, row.id
        assert row.meaning and row.source and row.unit, row.id
        assert row.low <= row.central <= row.high, row.id


def test_sources_name_publishers_not_places_on_a_disk():
    for row in parameters().values():
        assert not re.search(r"github|/work|\.\./|econstack", row.source + row.note), row.id


def test_what_is_only_recalled_is_never_called_official():
    for row in parameters().values():
        if "expert recollection" in row.source and row.source.startswith("expert"):
            assert row.grade == "unverified", row.id


def test_a_scenario_overrides_the_range_alone():
    found = overridden({"agg.adjust": Range(low=0.1, central=0.2, high=0.3)})["agg.adjust"]
    assert (found.low, found.central, found.high) == (0.1, 0.2, 0.3)
    assert found.meaning == parameters()["agg.adjust"].meaning
    assert found.source == "the scenario"


@pytest.mark.parametrize("bad", [(0.3, 0.2, 0.1), (float("nan"), 0.1, 0.2), (0.1, 0.2, float("inf"))])
def test_a_range_out_of_order_or_not_finite_is_refused(bad):
    with pytest.raises(SokeError, match="cannot be drawn"):
        overridden({"agg.adjust": Range(low=bad[0], central=bad[1], high=bad[2])})


def test_an_unknown_parameter_is_refused_with_the_nearest_names():
    with pytest.raises(SokeError, match=r"agg\.adjust"):
        overridden({"agg.ajust": Range(low=0.1, central=0.2, high=0.3)})


def test_every_row_has_the_width_of_the_header():
    header, *rows = csv.reader(TABLE.splitlines())
    assert {len(row) for row in rows} == {len(header)}
    assert len(rows) == len(parameters())


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (",0.035,0.015,0.06,", ",0.035,0.015,", "has 11 cells"),
        (",0.035,0.015,0.06,", ",0.035,0.015,0.06,,", "has 13 cells"),
        (",0.035,0.015,0.06,", ",3.5%,0.015,0.06,", "no number"),
        (",0.035,0.015,0.06,", ",0.035,0.05,0.06,", "cannot be drawn"),
        (",estimate,lognormal,", ",guess,lognormal,", "grade"),
        (",estimate,lognormal,", ",estimate,bell,", "distribution"),
        ("cba.disc.later,", "cba.disc,", "twice"),
    ],
)
def test_a_malformed_row_is_refused_with_its_line(old, new, words):
    line = 4 if words == "twice" else 2
    with pytest.raises(SokeError, match=rf"parameters\.csv:{line}:1: .*{words}"):
        read_parameters(TABLE.replace(old, new, 1))


def test_another_header_is_refused():
    with pytest.raises(SokeError, match="header"):
        read_parameters(TABLE.replace("central,", "middle,", 1))
