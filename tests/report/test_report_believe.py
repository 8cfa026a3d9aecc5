import pytest

from soke.report.believe import belief, growth_record, needed_growth


def test_needed_growth_closes_the_gap_when_compounded() -> None:
    needed = needed_growth(39_214.0, 50_802.0, 20)
    assert needed is not None
    assert 39_214.0 * (1 + needed) ** 20 == pytest.approx(50_802.0, rel=1e-12)


@pytest.mark.parametrize(("receipts", "target"), [(50.0, 40.0), (50.0, 50.0), (0.0, 40.0), (-1.0, 40.0)])
def test_nothing_is_needed_where_there_is_no_gap_or_no_base(receipts: float, target: float) -> None:
    assert needed_growth(receipts, target) is None


def test_the_record_finds_the_best_stretch() -> None:
    years = list(range(1998, 2023))
    england = [100.0 * 1.03**k for k in range(25)]
    fast_late = [100.0 * 1.03 ** min(k, 4) * 1.05 ** max(k - 4, 0) for k in range(25)]
    found = growth_record("Late", (years, fast_late), (years, england))
    assert found is not None
    assert (found.best_from, found.best_to) == (2002, 2022)
    assert found.best == pytest.approx(0.02, abs=1e-12)
    assert (found.whole_from, found.whole_to) == (1998, 2022)
    assert found.whole == pytest.approx((1.03**4 * 1.05**20) ** (1 / 24) - 1.03)


def test_a_short_history_gives_no_record() -> None:
    years = [2010, 2011]
    assert growth_record("Short", (years, [1.0, 2.0]), (years, [1.0, 2.0])) is None


def test_records_come_best_first_and_without_england() -> None:
    years = list(range(1998, 2023))

    def grown(rate: float) -> tuple[list[int], list[float]]:
        return years, [(1 + rate) ** k for k in range(25)]

    found = belief(39.0, 50.0, 5.0, {"England": grown(0.03), "A": grown(0.02), "B": grown(0.04)})
    assert [record.name for record in found.records] == ["B", "A"]
    assert found.needed is not None and found.needed_own is not None
    assert found.needed_own < found.needed
    assert belief(39.0, 50.0, 5.0, {"A": grown(0.02)}).records == ()
