import math
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from made_up_run import account

from soke.model.accounts.types import GapSplit
from soke.report.account_words import parts
from soke.report.charts.bars import Bar, bars
from soke.report.charts.fan import fan
from soke.report.charts.frame import ticks
from soke.report.charts.funnel import WIDTH, funnel_chart
from soke.report.charts.hexmap import Scale, centre, hexmap, scale_for
from soke.report.charts.waterfall import rises, waterfall, waterfall_narrow
from soke.report.contents import RunReport
from soke.report.funnel import funnel
from soke.report.markup import Element
from soke.report.spread import Spread


def tree(drawn: Element) -> ET.Element:
    """The chart read by an XML parser: well formed, or this fails."""
    return ET.fromstring(str(drawn))


def in_frame(root: ET.Element) -> bool:
    """Every bar lies inside the picture."""
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    return all(
        -0.01 <= float(r.attrib["x"]) <= float(r.attrib["x"]) + float(r.attrib["width"]) <= width + 0.01
        and -0.01 <= float(r.attrib["y"]) <= float(r.attrib["y"]) + float(r.attrib["height"]) <= height + 0.01
        for r in root.iter("rect")
    )


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
    assert bars_[-2].end == pytest.approx(spent)
    assert all(a.end == b.start for a, b in pairwise(bars_[:-1]))
    for drawn in (waterfall(raised, found, spent), waterfall_narrow(raised, found, spent)):
        root = tree(drawn)
        assert in_frame(root)
        assert len(root.findall("rect")) == 5


def test_heights_of_the_waterfall_are_to_scale() -> None:
    first, *_, last = tree(waterfall(39_214.0, parts(account().split), 50_802.0)).findall("rect")
    ratio = float(first.attrib["height"]) / float(last.attrib["height"])
    assert ratio == pytest.approx(39_214.0 / 50_802.0, abs=0.001)


def test_every_chart_has_a_title_and_a_description(report: RunReport) -> None:
    spreads = [Spread(-1.0 * k, 0.0, 1.0 * k, 2.0 * k, 3.0 * k, k, 0.2) for k in range(21)]
    drawn = (
        waterfall(39_214.0, parts(account().split), 50_802.0),
        fan("fan", "What changes", range(21), spreads, (4, 10, 20)),
        funnel_chart(funnel(report.deal, 50_802.0, 6_300.0)),
        hexmap(report.hexes, dict.fromkeys(report.hexes, 1.0), report.names, (), Scale(0.1, 1.0)),
        bars("b", "Drivers", [Bar("a", 1.0, "+1"), Bar("b", -0.5, "−0.5", -1.0, 0.2)]),
    )
    for root in map(tree, drawn):
        named = root.attrib["aria-labelledby"].split()
        assert root.attrib["role"] == "img"
        assert [e.attrib["id"] for e in (root.find("title"), root.find("desc")) if e is not None] == named
        assert all(e.text for e in (root.find("title"), root.find("desc")) if e is not None)
        assert in_frame(root)


@pytest.mark.parametrize("level", [0.0, -50.0, 50.0])
def test_the_fan_always_shows_zero(level: float) -> None:
    spreads = [Spread(level - 1 if level else 0, level, level, level, level + 1 if level else 0, level, 0.0)] * 3
    root = tree(fan("fan", "Flat", (0, 1, 2), spreads, (2,)))
    assert "0" in [e.text for e in root.iter("text")]
    assert "nan" not in ET.tostring(root, encoding="unicode")


def test_the_funnel_is_to_scale(report: RunReport) -> None:
    root = tree(funnel_chart(funnel(report.deal, 50_802.0, 6_300.0)))
    widths = [float(r.attrib["width"]) for r in root.iter("rect")]
    assert widths[0] == WIDTH
    assert widths[1] == pytest.approx(WIDTH * 6_300 / 50_802, abs=0.01)
    assert len(tree(funnel_chart(funnel(report.deal, 50_802.0, None))).findall("rect")) == 5


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
