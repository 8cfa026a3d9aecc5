"""A fund shared among neighbourhoods: to the penny, between floors and caps, and the reasons."""

from __future__ import annotations

import itertools
import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soke.community.areas import districts_csv, read_areas
from soke.community.split_reasons import beside, cause, costs, gainers_and_losers, moved, summary
from soke.community.split_record import manifest, read_manifest, recount, result_sha256, to_json
from soke.community.splitting import Limit, Split, parse_limit, parse_pounds, parse_rule, pounds, split
from soke.england.baseline import baseline
from soke.england.places import places
from soke.errors import SokeError

FIVE = """# need: children in low-income families; made up
# grade: estimate
code,name,population,need,within
A,Ash,1000,100,North
B,Birch,2000,100,North
C,Cedar,3000,300,South
D,Drum,100,0,South
E,Elm,3900,500,South
"""


def areas(text: str = FIVE) -> Any:
    return read_areas(text.encode(), "areas.csv")


def shared(by: str = "need", fund: str = "10,000", floor: str = "", cap: str = "", **more: Any) -> Split:
    floors = [parse_limit(floor, "floor")] if floor else []
    caps = [parse_limit(cap, "cap")] if cap else []
    return split(areas(more.pop("text", FIVE)), parse_pounds(fund, "fund"), parse_rule(by), floors, caps, **more)


class TestByHand:
    def test_by_need_alone(self) -> None:
        assert list(shared().pence.values()) == [100_000, 100_000, 300_000, 0, 500_000]

    def test_columns_are_made_into_shares_before_they_are_added(self) -> None:
        """Half by need (10, 10, 30, 0, 50 per cent), half by population (10, 20, 30, 1, 39)."""
        assert list(shared("0.5 need + 0.5 population").pence.values()) == [100_000, 150_000, 300_000, 5_000, 445_000]

    def test_equal_shares(self) -> None:
        assert set(shared("equal").pence.values()) == {200_000}

    def test_a_score_times_people(self) -> None:
        """A score of 1 a head gives as people do."""
        text = "code,name,population,score\nA,Ash,1,1\nB,Birch,3,1\nC,Cedar,6,2\n"
        assert list(shared("score*population", text=text).pence.values()) == [62_500, 187_500, 750_000]

    def test_floor_and_cap(self) -> None:
        """Elm is held at 4,000 and Drum lifted to 500; 5,500 goes 1:1:3."""
        found = shared(floor="500", cap="4,000", together=True)
        assert list(found.pence.values()) == [110_000, 110_000, 330_000, 50_000, 400_000]
        assert [share.how for share in found.shares] == ["weight", "weight", "weight", "floor", "cap"]
        sums = moved(found)
        assert (sums.lifted, sums.held, sums.rest, sums.others) == (50_000, 100_000, 3, 50_000)

    def test_a_floor_a_head(self) -> None:
        """Drum has £100 for 100 people, Birch £2,000; the £17,900 left goes 1:3:5, pennies to A and C."""
        found = shared(fund="20,000", floor="1.00 a head", together=True)
        assert list(found.pence.values()) == [198_889, 200_000, 596_667, 10_000, 994_444]
        assert [share.how for share in found.shares] == ["weight", "floor", "weight", "floor", "weight"]

    def test_floors_may_take_the_whole_fund(self) -> None:
        assert list(shared(floor="1 a head").pence.values()) == [100_000, 200_000, 300_000, 10_000, 390_000]

    def test_the_higher_floor_and_the_lower_cap_hold(self) -> None:
        bounds = [Limit(Fraction(50_000)), Limit(Fraction(100), a_head=True)]
        found = split(areas(), 2_000_000, parse_rule("need"), bounds, [])
        assert [share.floor for share in found.shares] == [100_000, 200_000, 300_000, 50_000, 390_000]
        found = split(
            areas(), 1_000_000, parse_rule("equal"), [], [Limit(Fraction(300_000)), Limit(Fraction(200), True)]
        )
        assert [share.cap for share in found.shares] == [200_000, 300_000, 300_000, 20_000, 300_000]

    def test_pennies_that_do_not_divide_go_by_code_whatever_the_order_of_the_file(self) -> None:
        rows = ["C,Cedar,1", "A,Ash,1", "B,Birch,1"]
        found = {order: shared("need", "100", text="\n".join(["code,name,need", *order])).pence
                 for order in (tuple(rows), tuple(sorted(rows)))}  # fmt: skip
        assert all(pence == {"A": 3334, "B": 3333, "C": 3333} for pence in found.values())


class TestDistrictsFirst:
    def test_without_floors_two_stages_give_what_one_gives(self) -> None:
        assert shared().pence == shared(together=True).pence
        assert shared().districts == (("North", 200_000), ("South", 800_000))
        assert shared(together=True).districts == ()

    def test_a_cap_frees_money_for_its_own_district_only(self) -> None:
        found = shared(cap="4,000")
        assert found.districts == (("North", 200_000), ("South", 800_000))
        assert list(found.pence.values()) == [100_000, 100_000, 400_000, 0, 400_000]
        assert list(shared(cap="4,000", together=True).pence.values()) == [120_000, 120_000, 360_000, 0, 400_000]

    def test_what_a_district_may_not_have_goes_to_the_other(self) -> None:
        found = shared(cap="2,700")
        assert found.districts == (("North", 460_000), ("South", 540_000))

    def test_a_district_without_need_gets_its_floors(self) -> None:
        text = "code,name,need,within\nA,Ash,0,North\nB,Birch,5,South\nC,Cedar,5,South\n"
        assert shared(floor="10", text=text).pence == {"A": 1_000, "B": 499_500, "C": 499_500}


class TestWhatCannotBeKept:
    @pytest.mark.parametrize(("asked", "said", "mend"), [
        ({"floor": "3,000"}, "The floors come to £15,000 for 5 places, £5,000 more than the fund of £10,000.",
         "Lower the floor to £2,000 or less, or raise the fund to £15,000."),
        ({"cap": "1,500"}, "Under the caps 5 places can have £6,000 together; £4,000 of the fund of £10,000 would be"
         " left over.", "Raise the cap to £2,500 or more, or lower the fund to £6,000."),
        ({"floor": "2 a head"}, "£10,000 more than",
         "Lower the floors by 50.0% or more, or raise the fund to £20,000."),
        ({"floor": "5,000", "cap": "1 a head"}, "The floor of Ash, £5,000, is above its cap, £1,000; 1,000 people", ""),
    ])  # fmt: skip
    def test_it_is_said_with_figures_and_what_would_do(self, asked: dict[str, str], said: str, mend: str) -> None:
        with pytest.raises(SokeError) as refused:
            shared(**asked)
        assert said in refused.value.fact
        assert mend in refused.value.fix

    def test_a_cap_a_head_gives_nothing_where_nobody_lives(self) -> None:
        empty = "code,name,population,need\nA,Moor,0,5\nB,Marsh,0,5\n"
        with pytest.raises(SokeError) as refused:
            shared(cap="5 a head", text=empty)
        assert "A cap a head gives nothing where nobody lives: in 2 places here." in refused.value.fact
        assert refused.value.fix == "Give the cap in pounds for each place."
        found = shared(cap="9 a head", text=f"{empty}C,Cedar,2000,5\n")
        assert found.pence == {"A": 0, "B": 0, "C": 1_000_000}
        assert found.shares[0].how == "cap"
        assert cause(found, found.shares[0]) == (
            "nobody lives there, and a cap a head leaves it nothing of the £3,333 that it has by its weight alone"
        )

    def test_the_mend_is_the_smallest(self) -> None:
        assert sum(shared(floor="2,000").pence.values()) == 1_000_000
        assert sum(shared(cap="2,500").pence.values()) == 1_000_000
        with pytest.raises(SokeError):
            shared(cap="2,499.99")

    @pytest.mark.parametrize("by", ["", "need+", "0.5 need", "0.7 need + 0.2 population", "need + population",
                                    "nan need", "-1 need + 2 population", "0.5 need + 0.5 need",
                                    "0 need + 1 population",
                                    "equal*need", "1e400 need", "wealth", "need*", "70% need + 0.3 population",
                                    "name", "within", "code", "9" * 400])  # fmt: skip
    def test_a_rule_that_is_none(self, by: str) -> None:
        with pytest.raises(SokeError):
            shared(by)

    @pytest.mark.parametrize("text", ["", "0", "-5", "nan", "inf", "1e400", "10.001", "1,00", "9" * 30, "5 apples", "£",
                                      "=1+1"])  # fmt: skip
    def test_money_that_is_none(self, text: str) -> None:
        with pytest.raises(SokeError):
            parse_pounds(text, "fund")
        with pytest.raises(SokeError):
            parse_limit(text, "floor")

    def test_nobody_has_any_need(self) -> None:
        with pytest.raises(SokeError, match="cannot share out anything"):
            shared(text="code,name,need\nA,Ash,0\nB,Birch,0\n", floor="1")

    def test_a_floor_a_head_without_people(self) -> None:
        with pytest.raises(SokeError, match="needs people"):
            shared(text="code,name,need\nA,Ash,1\n", floor="1 a head")


class TestRules:
    @pytest.mark.parametrize(("by", "text", "words"), [
        ("Need", "need", "by need"),
        ("equal", "equal", "in equal shares"),
        ("0.7 need + 0.3 population", "0.7 need + 0.3 population", "70% by need and 30% by population"),
        ("70% need+30% equal", "0.7 need + 0.3 equal", "70% by need and 30% in equal shares"),
        ("0.5*score*population + .5 equal", "", ""),
        ("1 score × population", "population * score", "by population times score"),
    ])  # fmt: skip
    def test_one_spelling_that_reads_as_the_same_rule(self, by: str, text: str, words: str) -> None:
        if not text:
            with pytest.raises(SokeError):
                parse_rule(by)
            return
        rule = parse_rule(by)
        assert (rule.text, rule.words) == (text, words)
        assert parse_rule(rule.text) == rule

    @pytest.mark.parametrize(("text", "pence"), [
        ("6,300,000", 630_000_000), ("6.3m", 630_000_000), ("£5,000.50", 500_050), ("500k", 50_000_000), (" 7 ", 700),
    ])  # fmt: skip
    def test_money_as_people_write_it(self, text: str, pence: int) -> None:
        assert parse_pounds(text, "fund") == pence

    @pytest.mark.parametrize(("text", "limit"), [
        ("5,000", Limit(Fraction(500_000))), ("2.50 a head", Limit(Fraction(250), True)),
        ("£2.50/head", Limit(Fraction(250), True)), ("1.255 per person", Limit(Fraction(251, 2), True)),
    ])  # fmt: skip
    def test_limits_as_people_write_them(self, text: str, limit: Limit) -> None:
        assert parse_limit(text, "floor") == limit


class TestFiles:
    @pytest.mark.parametrize(("text", "said"), [
        ("", "The file is empty"),
        ("# need: made up\n", "The file is empty"),
        ("code,name\n", "names no areas"),
        ("code;name;need\nA;Ash;1\n", "separated by semicolons"),
        ("code\tname\tneed\nA\tAsh\t1\n", "separated by tabs"),
        ("code,need\nA,1\n", 'no column "name"'),
        ("code,name,need,need\nA,Ash,1,1\n", "there twice"),
        ("code,name,need,2nd\nA,Ash,1,2\n", "The name of column 4"),
        ("code,name,need,\nA,Ash,1,2\n", "The line has 4 cells"),
        ("code,name,need\nA,Ash\n", "The line has 2 cells"),
        ("code,name,need\nA,Ash,1,000\n", "The line has 4 cells"),
        ("code,name,need\nA,Ash,\n", "The need of Ash is missing"),
        ("code,name,need\nA,Ash,nan\n", 'The need of Ash is "nan"'),
        ("code,name,need\nA,Ash,inf\n", "The need of Ash"),
        ("code,name,need\nA,Ash,1e400\n", "The need of Ash"),
        ("code,name,need\nA,Ash,-1\n", "The need of Ash"),
        ("code,name,need\nA,Ash,=1+1\n", "The need of Ash"),
        ("code,name,need\nA,Ash,٣\n", "The need of Ash"),
        (f"code,name,need\nA,Ash,{'9' * 30}\n", "The need of Ash"),
        ("code,name,need,population\nA,Ash,1,1.5\n", "The population of Ash"),
        ("code,name,need,population\nA,Ash,1,200000000\n", "The population of Ash"),
        ("code,name,need\nA,Ash,1\na,Birch,1\n", 'The code "a" is there twice'),
        ("code,name,need\nA,Ash,1\nB,Ash,1\n", "two areas called Ash"),
        ("code,name,need\n=A,Ash,1\n", '"=A" is no code'),
        ("code,name,need\n,Ash,1\n", "is no code"),
        ("code,name,need\nA,,1\n", "The name is empty"),
        ("code,name,need\nA,A\u202esh,1\n", "cannot be seen"),
        ("code,name,need\nA,A\x1b[31msh,1\n", "cannot be seen"),
        ('code,name,need\nA,"A\nsh",1\n', "cannot be seen"),
        ('code,name,need\nA,"Ash,1\n', "not CSV"),
        ("code,name,need,within\nA,Ash,1,\n", "The district of Ash is empty"),
        ("code,name,need,q\nA,Ash,1,1\n", "needs both q and r"),
        ("code,name,need,q,r\nA,Ash,1,1,x\n", "The r of Ash"),
        ("code,name,need,q,r\nA,Ash,1,1,1\nB,Birch,1,1,1\n", "the same cell of the map"),
        ("code,name,need,x,y\nA,Ash,1,1,nan\n", "The y of Ash"),
        ("# grade: best\ncode,name,need\nA,Ash,1\n", "is no grade"),
    ])  # fmt: skip
    def test_what_is_wrong_is_said_at_its_line(self, text: str, said: str) -> None:
        with pytest.raises(SokeError) as refused:
            shared(text=text)
        assert said in refused.value.fact
        assert str(refused.value.where).startswith("areas.csv")

    def test_the_line_is_that_of_the_fault(self) -> None:
        with pytest.raises(SokeError) as refused:
            shared(text='# a: b\r\ncode,name,need\r\nA,"Ash, upper",1\r\n\r\nB,Birch,x\r\n')
        assert str(refused.value.where) == "areas.csv:5:1"

    def test_not_text(self) -> None:
        with pytest.raises(SokeError, match="not UTF-8") as refused:
            read_areas(b"code,name\nA,\xff\n", "areas.csv")
        assert str(refused.value.where) == "areas.csv:2:1"

    def test_as_a_spreadsheet_saves_it(self) -> None:
        """A mark at the start, CRLF, commas to the right of the lines above, thousands in quotes, empty lines."""
        text = '\ufeff# need: made up,,\r\nCode,Name,Need,,\r\nA,Ash,"1,000",,\r\n,,,,\r\nB,Birch,3000,,\r\n'
        found = areas(text)
        assert found.about == {"need": "made up"}
        assert found.grade == "unverified"
        assert found.figures("need") == (1000, 3000)

    def test_headings_as_people_write_them(self) -> None:
        found = areas("Code,Name,Low income (2024),% poor,x,y\nA,Ash,5,6,-1.5,2\n")
        assert found.figures("low_income_2024") == (5,)
        assert found.figures("poor") == (6,)
        assert found.rows[0].point == (-1.5, 2.0)

    def test_districts_of_a_deal_carry_their_sources(self) -> None:
        found = areas(districts_csv(places().members("E47000001")))
        assert len(found.rows) == 10
        assert found.grade == "derived"
        assert "Deprivation 2025" in found.about["need"]
        base = baseline()
        index = base.index("E08000003")
        manchester = next(row for row in found.rows if row.code == "E08000003")
        assert manchester.population == base["population"][index]
        assert float(found.figures("need")[2]) == pytest.approx(
            base["imd_income"][index] * base["population"][index], abs=1
        )


class TestReasons:
    def test_a_sentence_each(self) -> None:
        found = shared("0.5 need + 0.5 population", floor="500", cap="4,000", together=True)
        said = [cause(found, share) for share in found.shares]
        assert "by its weight, 10.0% of the whole (10.0% of the need, 10.0% of the population)" in said[0]
        assert said[3] == "its floor, which lifts it from the £50 that it has by its weight alone"
        assert said[4] == "its cap; by its weight alone £4,450, and the £450 goes to others"

    def test_what_floors_and_caps_cost(self) -> None:
        assert costs(shared(floor="500", cap="4,000", together=True)) == (
            "Floors lift 1 place by £500 together; caps hold back 1 place by £1,000 together. The other 3 have £500"
            " more together than by weight alone."
        )
        assert costs(shared(cap="4,000")).startswith("Caps hold back 1 place by £1,000 together.")
        assert costs(shared(cap="9,000")) == "Floors and caps move nothing here."
        assert costs(shared()) == ""

    def test_nothing_for_no_need(self) -> None:
        assert "it has nothing of what the fund is shared by" in cause(shared(), shared().shares[3])

    def test_the_whole_in_a_sentence(self) -> None:
        assert summary(shared(floor="500", cap="4,000")) == (
            "£10,000 is shared by need, over 2 districts and then over their 5 places, nobody below £500 or above"
            " £4,000: from £500 to £4,000."
        )

    def test_who_gains_and_who_loses(self) -> None:
        found, other = shared(), shared("population")
        assert [row.change for row in beside(found, other)] == [0, -100_000, 0, -10_000, 110_000]
        assert gainers_and_losers(found, other) == (
            "Shared by need instead of by population, 1 place gains and 2 lose: at most Elm £1,100 more, Birch £1,000"
            " less. In all £1,100 changes hands."
        )

    def test_pounds(self) -> None:
        said = {0: "£0", 100: "£1", 101: "£1.01", 123_456_700: "£1,234,567", -250: "\N{MINUS SIGN}£2.50"}
        assert {pence: pounds(pence) for pence in said} == said


class TestRecord:
    def test_made_again_it_is_the_same(self) -> None:
        found = shared("0.7 need + 0.3 population", floor="0.12345 a head", cap="4,000")
        record = read_manifest(to_json(manifest(found)), "manifest.json")
        assert recount(record, areas(), "manifest.json").differences == ()

    def test_without_districts_first(self) -> None:
        found = shared(cap="4,000", together=True)
        assert recount(manifest(found), areas(), "m").split.pence == found.pence

    @pytest.mark.parametrize(("change", "said"), [
        ({"by": "population"}, "Birch (B): the record has £1,000, here £2,000."),
        ({"fund_pence": 1_000_001}, "sum to £10,000, and its fund is £10,000.01"),
        ({"pence": {"A": 100_001, "B": 99_999, "C": 300_000, "D": 0, "E": 500_000}}, "contradicts itself"),
        ({"pence": {"A": 100_000}}, "Birch (B) is not in the record"),
        ({"areas_sha256": "0"}, "is not the file of areas that was split"),
    ])  # fmt: skip
    def test_what_was_altered_is_named(self, change: dict[str, Any], said: str) -> None:
        record = manifest(shared()) | change
        assert any(said in line for line in recount(record, areas(), "m").differences)

    def test_an_altered_amount_with_a_hash_to_match_is_found_too(self) -> None:
        pence = {"A": 100_001, "B": 99_999, "C": 300_000, "D": 0, "E": 500_000}
        record = manifest(shared()) | {"pence": pence, "result_sha256": result_sha256(pence)}
        assert recount(record, areas(), "m").differences == (
            "Ash (A): the record has £1,000.01, here £1,000.", "Birch (B): the record has £999.99, here £1,000.",
        )  # fmt: skip

    @pytest.mark.parametrize("content", [
        b"", b"[]", b"{}", b"\xff", b"[" * 100_000, b'{"format": "soke-split/1"}', b'{"a": 1, "a": 2}',
        json.dumps(manifest(shared()) | {"fund_pence": 1e400}).encode(),
        json.dumps(manifest(shared()) | {"fund_pence": True}).encode(),
        json.dumps(manifest(shared()) | {"pence": {"A": -1}}).encode(),
        json.dumps(manifest(shared()) | {"pence": {"\ud800": 1}}).encode(),
    ])  # fmt: skip
    def test_no_record(self, content: bytes) -> None:
        with pytest.raises(SokeError):
            read_manifest(content, "manifest.json")

    @pytest.mark.parametrize("limit", [3, {}, {"pence": "1e9", "a_head": False}, {"pence": "1/0", "a_head": True}])
    def test_a_limit_that_is_none(self, limit: Any) -> None:
        with pytest.raises(SokeError, match="floor or cap of the record"):
            recount(manifest(shared()) | {"floors": [limit]}, areas(), "m")


@st.composite
def made(draw: st.DrawFn) -> tuple[list[tuple[str, int, int, str]], int, int | None, int | None]:
    count = draw(st.integers(1, 9))
    rows = [(f"K{i}", draw(st.integers(0, 50)), draw(st.integers(0, 900)), draw(st.sampled_from("NSE")))
            for i in range(count)]  # fmt: skip
    rows[0] = (rows[0][0], rows[0][1] + 1, rows[0][2] + 1, rows[0][3])
    fund = draw(st.integers(1, 1_000_000))
    floor = draw(st.none() | st.integers(1, max(fund // count, 1)))
    cap = draw(st.none() | st.integers(1, fund))
    return rows, fund, floor, cap


def _split(rows: Any, fund: int, floor: int | None, cap: int | None, by: str, *, together: bool) -> Split | None:
    lines = "".join(f"{code},Area {code},{need},{people},{within}\n" for code, need, people, within in rows)
    found = areas("code,name,need,population,within\n" + lines)
    try:
        return split(found, fund, parse_rule(by), [Limit(Fraction(floor))] if floor else [],
                     [Limit(Fraction(cap))] if cap else [], together=together)  # fmt: skip
    except SokeError:
        return None


@settings(max_examples=80, deadline=None)
@given(made(), st.sampled_from(["need", "population", "0.7 need + 0.3 population", "equal"]), st.booleans())
def test_every_penny_is_shared_between_floors_and_caps(case: Any, by: str, together: bool) -> None:
    rows, fund, floor, cap = case
    found = _split(rows, fund, floor, cap, by, together=together)
    able = [(cap if cap is not None else fund) if share_weight else (floor or 0)
            for share_weight in _weights(rows, by)]  # fmt: skip
    feasible = (floor or 0) * len(rows) <= fund <= sum(able) and (floor or 0) <= (cap or fund)
    assert (found is not None) == (feasible or (cap is None and (floor or 0) * len(rows) <= fund))
    if found is None:
        return
    assert sum(found.pence.values()) == fund
    assert sum(share.plain for share in found.shares) == fund
    assert all((floor or 0) <= share.pence for share in found.shares)
    assert all(share.pence <= cap for share in found.shares if cap is not None)
    sums = moved(found)
    assert sums.held == sums.lifted + sums.others
    for name, pence in found.districts:
        assert sum(share.pence for share in found.shares if share.area.within == name) == pence
    assert _split(rows[::-1], fund, floor, cap, by, together=together).pence == found.pence  # type: ignore[union-attr]
    assert all(cause(found, share) for share in found.shares)
    assert recount(read_manifest(to_json(manifest(found)), "m"), found.areas, "m").differences == ()


def _weights(rows: Any, by: str) -> list[int]:
    column = {"need": lambda row: row[1], "population": lambda row: row[2], "equal": lambda row: 1}
    return [column.get(by, lambda row: row[1] + row[2])(row) for row in rows]


@settings(max_examples=50, deadline=None)
@given(made(), st.integers(2, 50))
def test_more_need_never_gets_less_and_the_unit_of_need_does_not_matter(case: Any, times: int) -> None:
    rows, fund, floor, cap = case
    found = _split(rows, fund, floor, cap, "need", together=True)
    if found is None:
        return
    ordered = sorted(found.shares, key=lambda share: share.weight)
    assert all(a.pence <= b.pence + 1 for a, b in itertools.pairwise(ordered))
    larger = [(code, need * times, people, within) for code, need, people, within in rows]
    assert _split(larger, fund, floor, cap, "need", together=True).pence == found.pence  # type: ignore[union-attr]


def test_thousands_of_areas_are_shared_in_a_second() -> None:
    lines = "".join(f"E01{i:06},Area {i},{1000 + i % 997},{i % 331}\n" for i in range(2_000))
    found = split(areas("code,name,population,need\n" + lines), 10**10, parse_rule("0.7 need + 0.3 population"),
                  [Limit(Fraction(100_000))])  # fmt: skip
    assert sum(found.pence.values()) == 10**10
