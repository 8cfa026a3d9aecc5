"""The table of parameters: complete, graded, sourced, and refused where a range makes no sense."""

import ast
import csv
import re
from pathlib import Path

import pytest

from soke.deal.types import Range
from soke.errors import SokeError
from soke.evidence import overridden, parameters
from soke.evidence.parameters import AWAITED, read_parameters
from soke.model.economy import effective_density, skills

TABLE = Path("src/soke/evidence/parameters.csv").read_text("utf-8")


def test_every_row_has_meaning_grade_source_and_unit():
    assert len(parameters()) >= 190
    for row in parameters().values():
        assert row.grade in {"official", "derived", "estimate", "unverified"}, row.id
        assert row.meaning and row.source and row.unit, row.id
        assert row.low <= row.central <= row.high, row.id


def named_in_the_code() -> set[str]:
    """Ids that the package writes out, and those that it makes up from the names of sectors and of levels."""
    made_up = {*effective_density.DRAWN, *effective_density.DECAYS, *skills.RETURNS}
    texts = [
        node.value
        for path in Path("src/soke").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return made_up | set(texts)


def test_every_row_is_read_or_is_marked_for_the_room_of_services():
    read = named_in_the_code()
    unread = {row.id for row in parameters().values() if row.id not in read}
    assert unread == {row.id for row in parameters().values() if row.group == AWAITED}


def test_what_is_awaited_is_drawn_by_no_run_and_set_by_no_scenario():
    awaited = next(row for row in parameters().values() if row.group == AWAITED)
    assert len(overridden({})) == sum(row.group != AWAITED for row in parameters().values())
    with pytest.raises(SokeError, match=f"No projection reads {re.escape(awaited.id)} yet"):
        overridden({awaited.id: Range(low=0.1, central=0.2, high=0.3)})


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
    line = 3 if words == "twice" else 2
    with pytest.raises(SokeError, match=rf"parameters\.csv:{line}:1: .*{words}"):
        read_parameters(TABLE.replace(old, new, 1))


def test_another_header_is_refused():
    with pytest.raises(SokeError, match="header"):
        read_parameters(TABLE.replace("central,", "middle,", 1))
