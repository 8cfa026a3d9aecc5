"""What becomes of a draw when the solver fails, hangs, prints, is wrong, or somebody presses Ctrl-C."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from soke.cli import AT_WORK
from soke.cli.output import told_while
from soke.community.assemblies import making, mixing, publication, solver
from soke.community.assemblies.leximin import leximin, over_panels
from soke.community.assemblies.lottery import Lottery
from soke.community.assemblies.polytope import Polytope, best_point, whole_face
from soke.community.assemblies.pool import Pool, Quota
from soke.community.assemblies.record import BOUND, STATEMENT
from soke.community.assemblies.types import types_of
from soke.errors import SokeError

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., tuple[int, str, str]]
PUBLIC = ("--public", "ten dice", "--form", "10 digits 1-6")


@pytest.fixture
def files(tmp_path: Path) -> Path:
    rows = [f"{number},{'fm'[number % 2]},{'yoo'[number % 3]}" for number in range(24)]
    (tmp_path / "pool.csv").write_text("\n".join(["id,sex,age", *rows, ""]))
    (tmp_path / "quotas.csv").write_text("category,feature,min,max\nsex,f,2,3\nsex,m,2,3\nage,y,1,3\nage,o,1,4\n")
    return tmp_path


def commit(soke: Run, files: Path) -> tuple[int, str, str]:
    return soke(
        "assembly", "draw", files / "pool.csv", files / "quotas.csv", "--size", 5, "--id", "id", "--commit",
        files / "draw", "--secret", files / "secret", *PUBLIC,
    )  # fmt: skip


def nothing(*_: Any, **__: Any) -> Any:
    return SimpleNamespace(x=None, status=4, fun=None)


def test_a_solver_without_an_answer_is_a_sentence(soke: Run, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("linprog", "milp"):
        monkeypatch.setattr(solver, name, nothing)
        for command in (("check",), ("draw", "--commit", files / "draw", "--secret", files / "secret", *PUBLIC)):
            status, out, err = soke(
                "assembly", command[0], files / "pool.csv", files / "quotas.csv", "--size", 5, *command[1:]
            )
            assert status == 2 and not out and "The solver found no answer" in err and "Traceback" not in err
        monkeypatch.undo()
    assert sorted(path.name for path in files.iterdir()) == ["pool.csv", "quotas.csv"]


def test_where_one_way_fails_another_is_tried(soke: Run, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, tried = solver.linprog, []

    def second(*arguments: Any, **options: Any) -> Any:
        way = (options["method"], options["options"]["presolve"])
        tried.append(way)
        return nothing() if way[0] == "highs-ds" else real(*arguments, **options)

    monkeypatch.setattr(solver, "linprog", second)
    status, _, err = commit(soke, files)
    assert status == 0, err
    assert set(tried) == {("highs-ds", True), ("highs-ipm", True)}
    assert soke("assembly", "verify", files / "draw")[0] == 0


@pytest.mark.slow
def test_a_solver_that_never_ends_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solver, "linprog", lambda *_, **__: time.sleep(1))
    for name, seconds in (("PATIENCE", 0.02), ("GRACE", 0.02), ("OFTEN", 0.01)):
        monkeypatch.setattr(solver, name, seconds)
    began = time.monotonic()
    with pytest.raises(solver.Unsolved):
        solver.programme(np.ones(1), np.ones((1, 1)), np.ones(1))
    assert time.monotonic() - began < 1
    for thread in threading.enumerate():
        if thread.name == AT_WORK:
            thread.join()


def test_what_a_solver_prints_stays_out_of_the_answer(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = solver.milp

    def prints(*arguments: Any, **options: Any) -> Any:
        os.write(1, b"a stray line\n")
        ctypes.CDLL(None).puts(b"and one of the C library, which keeps it for later")
        return real(*arguments, **options)

    monkeypatch.setattr(solver, "milp", prints)
    print("before")
    polytope = Polytope(*(np.array(each) for each in ([4, 4], [4, 4], [[1, 1]], [3], [3])))
    assert best_point(polytope, whole_face(polytope), np.array([1.0, 2.0]))[0] == pytest.approx([0, 3])
    ctypes.CDLL(None).fflush(None)
    assert capfd.readouterr().out == "before\n"


def test_a_panel_that_a_solver_says_is_one_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may be beyond a quota by more than the solver says: then the programme is asked as it stands."""
    real, asked = solver.milp, []

    def wrong(*arguments: Any, **options: Any) -> Any:
        found = real(*arguments, **options)
        asked.append(options["options"]["presolve"])
        if asked[-1]:
            found.x = found.x + 1
        return found

    monkeypatch.setattr(solver, "milp", wrong)
    polytope = Polytope(*(np.array(each) for each in ([4, 4], [4, 4], [[1, 1]], [3], [3])))
    assert best_point(polytope, whole_face(polytope), np.array([1.0, 2.0]))[0] == pytest.approx([0, 3])
    assert asked == [True, False]


@pytest.mark.parametrize("what", [BOUND, "chances.csv"])
def test_a_draw_that_does_not_verify_is_not_published(
    soke: Run, files: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    real = making.prepare

    def faulty(*arguments: Any, **options: Any) -> dict[str, bytes]:
        made = real(*arguments, **options)
        before = making.sha256(made[what])
        made[what] = made[what].replace(b'"level": "0.', b'"level": "0.0').replace(b",0.", b",0.1")
        made[STATEMENT] = made[STATEMENT].replace(before.encode(), making.sha256(made[what]).encode())
        return made

    monkeypatch.setattr(publication, "prepare", faulty)
    status, out, err = commit(soke, files)
    assert status == 2 and not out
    assert "does not verify, so nothing is published: " in err and "Traceback" not in err
    assert sorted(path.name for path in files.iterdir()) == ["pool.csv", "quotas.csv"]


def test_where_no_fair_panels_are_found_the_refusal_says_how_near_they_came(monkeypatch: pytest.MonkeyPatch) -> None:
    """No search is worth its time here, so the gap of this pool stays: two panels are all that there are."""
    people = ["0111", "0001", "0100", "0100", "0111", "0100", "0001", "1000", "1101"]
    ends = [(1, 1), (0, 2), (1, 1), (0, 2), (1, 2), (0, 1), (1, 1), (0, 1)]
    quotas = tuple(Quota(f"c{n // 2}", str(n % 2), *each) for n, each in enumerate(ends))
    pool = Pool(("c0", "c1", "c2", "c3"), tuple("012345678"), tuple(tuple(one) for one in people), ("",) * 9)
    types = types_of(pool, quotas, 2)
    assert leximin(types.polytope).short == 0
    monkeypatch.setattr(mixing, "SEARCHES", 0)
    assert over_panels(types.polytope, None).short > 0.1
    with pytest.raises(SokeError, match="no whole panels were found that are fair: somebody would be on"):
        making.prepare(
            pool, quotas, 2, aim="leximin", panels=0, per_household=0, seed="0" * 64, value="x", form="10 digits 1-6"
        )


def test_a_lottery_that_misses_only_by_its_number_of_panels_says_so() -> None:
    lottery = Lottery(np.ones((1, 1), dtype=np.int64), np.ones(1), np.ones(1), (), gap=False)
    assert "Choose another number" in str(making._too_far(lottery, Fraction(5, 2), 100))


@pytest.mark.slow
def test_what_was_told_last_is_told_again_while_one_step_takes_long(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("soke.cli.output.BETWEEN", 0.01)
    with told_while() as tell:
        time.sleep(0.02)
        tell("one long step")
        time.sleep(1.2)
    assert capsys.readouterr().err.count("one long step") >= 2


HANGS = """
import sys, time
from soke.community.assemblies import solver
solver.{name} = lambda *_, **__: (sys.stderr.write("asked\\n"), sys.stderr.flush(), time.sleep(60))
from soke.cli import main
sys.argv = ["soke", *sys.argv[1:]]
main()
"""


@pytest.mark.slow
@pytest.mark.parametrize(("how", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("name", ["linprog", "milp"])
def test_a_signal_is_obeyed_while_the_solver_works(files: Path, how: signal.Signals, status: int, name: str) -> None:
    draw = ["assembly", "draw", "pool.csv", "quotas.csv", "--size", "5", "--commit", "draw", "--secret", "s", *PUBLIC]
    running = subprocess.Popen(
        [sys.executable, "-c", HANGS.format(name=name), *draw], cwd=files, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
    )  # fmt: skip
    assert running.stderr is not None
    try:
        assert running.stderr.readline() == "asked\n"
        began = time.monotonic()
        running.send_signal(how)
        out, err = running.communicate(timeout=20)
    finally:
        running.kill()
    assert time.monotonic() - began < 2
    assert running.returncode == status and not out
    assert err == "soke: stopped. Nothing was left half-written.\n"
    assert sorted(path.name for path in files.iterdir()) == ["pool.csv", "quotas.csv"]
