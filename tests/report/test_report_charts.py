import math
import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from made_up_run import account

from soke.model.accounts.types import GapSplit
from soke.report.account_words import parts
from soke.report.charts.bars import Bar, bars, ranged
from soke.report.charts.fan import fan
from soke.report.charts.funnel import funnel_chart
from soke.report.charts.hexmap import Scale, centre, hexmap, scale_for
from soke.report.charts.plot import APART, placed_apart, ticks
from soke.report.charts.waterfall import rises, waterfall
from soke.report.contents import RunReport
from soke.report.funnel import funnel
from soke.report.markup import Element
from soke.report.spread import Spread


def tree(drawn: Element) -> ET.Element:
    """The chart read by an XML parser: well formed, or this fails."""
    return ET.fromstring(str(drawn))


def per_cent(text: str) -> float:
    assert text.endswith("%")
    return float(text[:-1])


def in_frame(root: ET.Element) -> bool:
    """Every bar lies inside its row."""
    return all(
        -0.01 <= per_cent(r.attrib["x"]) <= per_cent(r.attrib["x"]) + per_cent(r.attrib["width"]) <= 100.01
        for r in root.iter("rect")
    )


def figures(root: ET.Element) -> list[str]:
    return ["".join(b.itertext()) for b in root.iter("b")]


@pytest.mark.parametrize(
    ("raised", "spent", "split"),
    [
        (39_214.0, 50_802.0, GapSplit(borrowing=5_563.0, lower_tax=5_233.0, higher_spending=792.0)),
        (60_000.0, 50_802.0, GapSplit(borrowing=5_563.0, lower_tax=-12_000.0, higher_spending=-2_761.0)),
    ],
)
def test_the_waterfall_steps_from_raised_to_spent(raised: float, spent: float, split: GapSplit) -> None:
    found = parts(split)
    bars_ = rises(raised, found, spent)
    assert bars_[-2].value == pytest.approx(spent)
    assert all(a.value == b.start for a, b in pairwise(bars_[:-1]))
    root = tree(waterfall(raised, found, spent))
    assert in_frame(root)
    assert len(list(root.iter("rect"))) == 5


def printed(label: str) -> float:
    """What a label says, GBP million."""
    sign = -1.0 if label.startswith("−") else 1.0
    unit = {"bn": 1000.0, "m": 1.0}
    number, letters = re.fullmatch(r"[+−]?£([\d.,]+)(bn|m)?", label).groups()  # type: ignore[union-attr]
    return sign * float(number.replace(",", "")) * unit.get(letters, 1e-6)


@given(
    st.floats(1_000, 90_000), st.floats(-9_000, 9_000), st.floats(-9_000, 9_000), st.floats(-9_000, 9_000),
)  # fmt: skip
def test_what_the_waterfall_prints_adds_up(raised: float, one: float, two: float, three: float) -> None:
    """The largest part is rounded last."""
    spent = raised + one + two + three
    assume(spent > 1_000 and max(abs(one), abs(two), abs(three)) > 200)
    said = [
        bar.label for bar in rises(raised, parts(GapSplit(borrowing=one, lower_tax=two, higher_spending=three)), spent)
    ]
    small = [label for label in said if not label.endswith("bn")]
    assert sum(map(printed, said[:-1])) == pytest.approx(printed(said[-1]), abs=0.01 if not small else 150)


def test_bars_of_the_waterfall_are_to_scale() -> None:
    first, *_, last = tree(waterfall(39_214.0, parts(account().split), 50_802.0)).iter("rect")
    assert per_cent(first.attrib["width"]) / per_cent(last.attrib["width"]) == pytest.approx(39_214 / 50_802, abs=0.001)


def test_a_drawing_has_a_title_and_a_description(report: RunReport) -> None:
    spreads = [Spread(-1.0 * k, 0.0, 1.0 * k, 2.0 * k, 3.0 * k, k, 0.2) for k in range(21)]
    drawn = (
        fan("fan", "What changes", range(21), spreads, (4, 10, 20)),
        hexmap(report.hexes, dict.fromkeys(report.hexes, 1.0), report.names, (), Scale(0.1, 1.0)),
    )
    for root in map(tree, drawn):
        svg = next(root.iter("svg"))
        named = svg.attrib["aria-labelledby"].split()
        assert svg.attrib["role"] == "img"
        assert [e.attrib["id"] for e in (svg.find("title"), svg.find("desc")) if e is not None] == named
        assert all(e.text for e in (svg.find("title"), svg.find("desc")) if e is not None)


def test_a_list_says_in_words_what_it_draws(report: RunReport) -> None:
    rows = [Bar("a", 1.0, "+1", note="of ten"), Bar("b", -0.5, "−0.5", -1.0, 0.2), Bar("c", 0.0, "0", tag="example"),
            ranged("d", "", "not known", -1.0, 2.0, "−1 to +2", known=False)]  # fmt: skip
    root = tree(bars("Drivers", rows, unit="a year"))
    assert root.attrib["aria-label"] == "Drivers" and in_frame(root)
    said = ["".join(li.itertext()) for li in root.iter("li")]
    assert said == ["aof ten+1", "b−0.5", "c example0", "dnot known−1 to +2 a year"]
    assert all(svg.attrib["aria-hidden"] == "true" and not list(svg.iter("text")) for svg in root.iter("svg"))
    assert len([line for line in root.iter("line") if line.attrib["class"] == "zero"]) == 4, "below zero: on every row"
    assert not list(tree(bars("x", rows[:1])).iter("line")), "nothing below zero: no line"
    assert len(list(tree(bars("x", [Bar("a", 0.0, "0")])).iter("rect"))) == 0


@given(st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), min_size=1, max_size=6))
def test_no_bar_and_no_range_leaves_its_row(values: list[tuple[float, float, float]]) -> None:
    rows = [Bar("a", sorted(v)[1], "x", min(v), max(v)) for v in values]
    root = tree(bars("t", rows))
    assert in_frame(root)
    ends = [per_cent(line.attrib[x]) for line in root.iter("line") for x in ("x1", "x2")]
    assert all(0 <= x <= 100 for x in ends)


@given(st.lists(st.floats(0, 200), max_size=6))
def test_labels_do_not_lie_on_one_another(heights: list[float]) -> None:
    placed = placed_apart(heights, 200.0)
    ordered = sorted(placed)
    assert all(b - a >= APART - 1e-6 for a, b in pairwise(ordered))
    assert all(x <= 200 + 1e-6 for x in placed)
    assert sorted(range(len(heights)), key=lambda k: heights[k]) == sorted(range(len(heights)), key=lambda k: placed[k])


@pytest.mark.parametrize("level", [0.0, -50.0, 50.0])
def test_the_fan_always_shows_zero(level: float) -> None:
    spreads = [Spread(level - 1 if level else 0, level, level, level, level + 1 if level else 0, level, 0.0)] * 3
    root = tree(fan("fan", "Flat", (0, 1, 2), spreads, (2,)))
    assert "0" in [e.text for e in root.iter("span")]
    assert "nan" not in ET.tostring(root, encoding="unicode")


def test_the_funnel_is_to_scale(report: RunReport) -> None:
    root = tree(funnel_chart(funnel(report.deal, 50_802.0, 6_300.0)))
    widths = [per_cent(r.attrib["width"]) for r in root.iter("rect")]
    assert widths[0] == 100.0
    assert widths[1] == pytest.approx(100 * 6_300 / 50_802, abs=0.01)
    without = tree(funnel_chart(funnel(report.deal, 50_802.0, None)))
    assert len(list(without.iter("rect"))) == 5 and figures(without)[1] == "no figure"


def test_neighbouring_hexagons_touch() -> None:
    """The six axial neighbours of a cell are one hexagon away; a greater r is further south."""
    one = centre(4, 7)
    beside = [centre(4 + q, 7 + r) for q, r in ((1, 0), (1, -1), (0, -1), (-1, 0), (-1, 1), (0, 1))]
    assert [math.dist(one, other) for other in beside] == pytest.approx([math.sqrt(3) * 10] * 6)
    assert centre(4, 8)[1] > one[1]


def test_the_scale_is_symmetric_and_holds_what_it_says() -> None:
    scale = scale_for([-0.3, 4.0])
    assert (scale.near, scale.far) == (0.2, 2.0)
    legend = [colour for colour, _ in scale.legend()]
    assert [scale.colour(v) for v in (-3.0, -1.0, 0.1, 1.0, 3.0)] == legend
    assert scale_for([]) == scale_for([0.0]) == Scale(0.01, 0.02)


def test_ticks_are_round_and_hold_zero() -> None:
    assert ticks(-23.0, 118.0, 4) == [0.0, 50.0, 100.0]
    assert 0.0 in ticks(-1.3, 0.4)
    assert ticks(5.0, 5.0) == [5.0]
