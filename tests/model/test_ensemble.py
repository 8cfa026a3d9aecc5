"""Many draws: the same bytes anywhere, failures named, bad input refused, results of the right shape."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from invented_country import (
    connection,
    deal,
    full_deal,
    fund,
    invented_councils,
    invented_start,
    programme,
    rates,
    scenario,
)

from soke.deal.types import Range
from soke.errors import SokeError
from soke.model.economy import public_capital
from soke.model.run.chunk import run_chunk
from soke.model.run.result import QUANTILES
from soke.model.run.setup import prepare


def digest(projection):
    seen = hashlib.sha256()
    for series in projection.series.values():
        seen.update(series.as_is.tobytes() + series.deal.tobytes())
    for series in projection.by_place.values():
        for values in (series.as_is, series.difference, series.mean_difference, series.below_chance):
            seen.update(np.ascontiguousarray(values).tobytes())
    for flow in projection.flows:
        seen.update(flow.amount.tobytes())
    seen.update(repr((projection.drivers, projection.keep_deal, projection.bidding)).encode())
    return seen.hexdigest()


@pytest.mark.slow
def test_one_worker_or_two_the_same_bytes(project):
    one, two = (project(full_deal(), draws=120, backend="local", workers=workers) for workers in (1, 2))
    assert digest(one) == digest(two) == digest(project(full_deal(), draws=120))


def test_the_same_seed_the_same_bytes_another_seed_others(project, full):
    assert digest(project(full_deal())) == digest(full)
    assert digest(project(full_deal(), seed=12)) != digest(full)


def test_more_draws_keep_the_first_ones(project, full):
    few = project(full_deal(), draws=20)
    assert few.series["gva"].deal.tobytes() == full.series["gva"].deal[:20].tobytes()


def test_shapes_units_and_order(full):
    years, places = len(full.years), len(full.places)
    assert full.years == tuple(range(2025, 2038))
    for series in full.series.values():
        assert series.as_is.shape == series.deal.shape == (60, years)
    for series in full.by_place.values():
        assert series.as_is.shape == series.difference.shape == (len(QUANTILES), years, places)
        assert (np.diff(series.difference, axis=0) >= 0).all()
        assert not series.difference[:, 0].any(), "nothing happens in the base year"
    assert "2025-26 prices" in full.series["gva"].unit
    expected = {"gva", "jobs", "receipts", "spending", "gap", "gap_narrowing", "benefits_saved", "new_money",
                "kept_growth", "proceeds_spent", "budget"}  # fmt: skip
    assert expected <= set(full.series)


def test_quantiles_are_those_of_the_draws(full, baseline, lines, known):
    setup = prepare(full_deal(), scenario(), baseline, invented_start(lines), 11, known, invented_councils(baseline))
    blocks = [run_chunk(setup, number, size).difference[3] for number, size in ((0, 50), (1, 10))]
    drawn = np.concatenate(blocks, axis=1)
    assert np.allclose(
        full.by_place["spending"].difference, np.quantile(drawn, QUANTILES, axis=1), rtol=1e-9, atol=1e-12
    )
    assert np.allclose(full.by_place["spending"].mean_difference, drawn.mean(axis=1), rtol=1e-9, atol=1e-12)


def wearing_out(high=4.0):
    """A scenario under which public capital wears out faster than it can in some draws: more than all of it a year."""
    return scenario(effects={"pub.cap.dep": Range(low=0.02, central=0.5, high=high)})


def test_a_failing_draw_is_reported_with_its_parameters_and_no_other_is_lost(project, full):
    found = project(full_deal(), wearing_out())
    assert 0 < len(found.failures) < found.draws
    failed = {failure.draw for failure in found.failures}
    for failure in found.failures:
        assert "public capital fell below nought" in failure.reason
        assert failure.parameters["pub.cap.dep"] > 1
        assert len(failure.parameters) > 20
    for series in found.series.values():
        assert {int(row) for row in np.flatnonzero(np.isnan(series.deal).any(axis=1))} == failed
    kept = [draw for draw in range(found.draws) if draw not in failed]
    assert found.series["gva"].as_is[kept].tobytes() == full.series["gva"].as_is[kept].tobytes()
    assert all(np.isfinite(series.difference).all() for series in found.by_place.values())
    assert np.isfinite([flow.amount for flow in found.flows]).all()


def test_when_every_draw_fails_it_says_why(project):
    with pytest.raises(SokeError, match=r"Every draw failed.*public capital fell below nought"):
        project(full_deal(), scenario(effects={"pub.cap.dep": Range(low=3.0, central=4.0, high=5.0)}))


def test_progress_counts_every_draw(project):
    seen = []
    project(deal(), draws=120, progress=lambda done, whole: seen.append((done, whole)))
    assert seen == [(50, 120), (100, 120), (120, 120)]


def test_the_interrupt_stops_it(project):
    def stop(done, whole):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        project(full_deal(), draws=400, progress=stop)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"draws": 0}, "cannot be run"),
        ({"draws": 10_000_000}, "cannot be run"),
        ({"seed": -5}, "seed"),
        ({"workers": 0, "backend": "local"}, "workers"),
        ({"backend": "cloud"}, "backend"),
        ({"backend": "local", "scheduler": "tcp://here:1"}, "'local' has no scheduler"),
    ],
)
def test_impossible_runs_are_refused(project, change, words):
    with pytest.raises(SokeError, match=words):
        project(deal(), **change)


def without_minutes():
    return replace(connection(), effect=replace(connection().effect, minutes_before=None))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"members": ("T000", "E99999999")}, "E99999999"),
        ({"members": ()}, "No members"),
        ({"starts": 2025}, "base year"),
        ({"investments": (connection(of="nowhere"),)}, "no fund"),
        ({"investments": (without_minutes(),)}, "minutes"),
        ({"prices": "nominal"}, "Prices"),
    ],
)  # fmt: skip
def test_deals_that_cannot_be_projected_are_refused(project, change, words):
    with pytest.raises(SokeError, match=words):
        project(deal(**{"funds": (fund(),), **change}))


def test_switches_that_are_on_are_printed(project):
    off, on = (project(deal(), scenario(moved_money_gain=gain), draws=5) for gain in (0.0, 0.15))
    assert not any("SWITCHED ON" in line for line in off.limits)
    assert any("SWITCHED ON" in line and "15%" in line for line in on.limits)


def test_a_gain_on_moved_money_must_be_asked_for(project):
    moved = deal(funds=(fund("moved", "moved"),), investments=(connection(of="moved"),))
    assert project(moved, scenario(moved_money_gain=0.5), draws=10).series["gva"].difference[:, -1].min() > 0
    assert not project(moved, draws=10).series["gva"].difference.any()


def test_drivers_name_what_moves_the_difference(project):
    found = project(deal(funds=(fund(),), investments=(programme(20_000, opens=2026),)), draws=100)
    top = {driver.parameter for driver in found.drivers[:3]}
    assert "emp.effect.mean" in top or "emp.effect (mean here)" in top
    strongest = found.drivers[0]
    assert (strongest.high > strongest.low) == (strongest.rank_correlation > 0)


def test_the_keep_follows_retention(project):
    found = project(deal(fiscal=rates("1")), draws=5)
    assert found.keep_deal.councils > found.keep_as_is.councils > 0
    assert 0 < found.keep_deal.levy_account < found.keep_as_is.levy_account, "the county also has places outside"
    assert found.keep_deal.treasury < found.keep_as_is.treasury


def test_assumptions_carry_value_grade_and_source(full):
    rows = {row["id"]: row for row in full.assumptions}
    assert rows["emp.effect.mean"]["value"] == "0.015 (0 to 0.03)"
    assert rows["job.tax.income"]["value"] == "0.2"
    assert all(row["meaning"] and row["grade"] and row["source"] for row in full.assumptions)
    assert {"railway.minutes_ratio", "support.people", "growth.gva", "agg.decay.construction"} <= set(rows)


def test_the_bill_is_new_money_by_head(full, baseline):
    heads = baseline["population"].sum()
    assert full.bill.new_money_per_head[1] == pytest.approx(1e6 * full.series["new_money"].deal[0, 1] / heads)
    assert full.bill.moved["moved"][1] == pytest.approx(40 / 1.02)
    assert 0 <= full.bill.below_chance <= 1


def test_a_draw_that_breaks_the_arithmetic_is_found_among_its_chunk(project, monkeypatch):
    """A mechanism that raises for a poisoned parameter costs that draw alone, not the 49 beside it."""
    real = public_capital.stock_after

    def breaks(extra, arrived, depreciation):
        if (depreciation > 0.06).any():
            raise ArithmeticError("depreciation is poisoned")
        return real(extra, arrived, depreciation)

    whole = project(full_deal())
    monkeypatch.setattr(public_capital, "stock_after", breaks)
    found = project(full_deal())
    failed = {failure.draw: failure for failure in found.failures}
    assert 0 < len(failed) < found.draws
    assert all(f.parameters["pub.cap.dep"] > 0.06 and "poisoned" in f.reason for f in failed.values())
    kept = [draw for draw in range(found.draws) if draw not in failed]
    assert np.allclose(found.series["gva"].deal[kept], whole.series["gva"].deal[kept], rtol=1e-12)


INTERRUPTED = """
import sys
sys.path[:0] = ["src", "tests/model"]
from invented_country import *
from soke.model.run.ensemble import run

if __name__ == "__main__":
    places = invented_baseline()
    print("ready", flush=True)
    try:
        run(full_deal(), scenario(), places, invented_start(invented_lines(places)), draws=500_000, workers=2,
            backend=BACKEND, known=invented_estimates(places), spent=invented_councils(places))
    except KeyboardInterrupt:
        print("stopped", flush=True)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("backend", "after"), [("local", 0.0), ("local", 0.2), ("local", 2.5), ("dask", 0.2), ("dask", 2.5)]
)
def test_ctrl_c_stops_the_workers_without_a_word(tmp_path, backend, after):
    """Pressed while the workers start, or while they work: no traceback, no process left."""
    script = tmp_path / "interrupted.py"
    script.write_text(INTERRUPTED.replace("BACKEND", repr(backend)), encoding="utf-8")
    pipe = subprocess.PIPE
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(
        [sys.executable, script], cwd=root, stdout=pipe, stderr=pipe, start_new_session=True
    ) as running:
        try:
            assert running.stdout.readline() == b"ready\n"
            time.sleep(after)
            os.killpg(running.pid, signal.SIGINT)
            out, err = running.communicate(timeout=60)
        except BaseException:  # half a million draws are not waited for
            os.killpg(running.pid, signal.SIGKILL)
            raise
    assert out == b"stopped\n" and err == b""
    assert gone(running.pid)


PLAIN = """
import sys
sys.path[:0] = ["src", "tests/model"]
from invented_country import *
from soke.model.run.ensemble import run

places = invented_baseline()
projection = run(full_deal(), scenario(), places, invented_start(invented_lines(places)),
                 known=invented_estimates(places), spent=invented_councils(places), **OPTIONS)
print(projection.series["gap_narrowing"].difference.tobytes().hex())
"""


@pytest.mark.parametrize(
    ("options", "read_from"),
    [
        ({}, "file"),
        *(
            pytest.param(*row, marks=pytest.mark.slow)
            for row in (({"workers": 2, "backend": "local"}, "file"), ({}, "stdin"), ({"workers": 2}, "command"))
        ),
    ],
)
def test_a_plain_script_without_a_guard_runs_to_its_end(tmp_path, project, options, read_from):
    """Workers do not start the program again, be it a file, on standard input or on the command line."""
    text = PLAIN.replace("**OPTIONS", f"**{options}")
    script = tmp_path / "plain.py"
    script.write_text(text, encoding="utf-8")
    how = {"file": [script], "stdin": ["-"], "command": ["-c", text]}[read_from]
    done = subprocess.run(
        [sys.executable, *how], input=text if read_from == "stdin" else "", cwd=Path(__file__).resolve().parents[2],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    ours = project(full_deal(), backend="local", workers=1).series["gap_narrowing"].difference
    assert done.stdout.split() == [ours.tobytes().hex()], "said once, and the same bytes"


def test_the_main_module_is_as_it_was_after_a_run(project):
    main = sys.modules["__main__"]
    before = (main.__spec__, getattr(main, "__file__", None))
    project(deal(), draws=5, backend="local", workers=1)
    assert (main.__spec__, getattr(main, "__file__", None)) == before


def gone(group):
    """Whether no process of a group is left, within ten seconds."""
    for _ in range(100):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False
