"""The table of parameters: complete, graded, sourced, and refused where a range makes no sense."""

import re

import pytest

from soke.deal.types import Range
from soke.errors import SokeError
from soke.evidence import overridden, parameters


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
