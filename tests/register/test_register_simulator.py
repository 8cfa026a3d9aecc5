"""The simulator: what must hold does, over many seeds; each planted bug is caught; a seed plays the same again."""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
BENCH = ROOT / "bench" / "simulator.py"
sys.path.insert(0, str(BENCH.parent))

from rehearsal import deal_text, offer, person_of, recalled  # noqa: E402

import simulator  # noqa: E402
from simulated.audit import Broken, Hand  # noqa: E402
from simulated.disk import Crash, Wire, wired  # noqa: E402
from simulated.plants import PLANTS  # noqa: E402
from soke.errors import SokeError  # noqa: E402
from soke.register.book import Book, Command, open_book  # noqa: E402
from soke.register.storage import Log  # noqa: E402

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def stage() -> Iterator[simulator.Stage]:
    with simulator.workshop() as folder:
        yield simulator.Stage(folder)


@pytest.mark.slow
def test_what_must_hold_holds(stage: simulator.Stage) -> None:
    played = [stage.play(seed) for seed in range(60)]
    assert [one.failure for one in played if one.failure] == []
    tally = sum((one.tally for one in played), Counter[str]())
    assert tally["accepted"] > tally["refused"] > 200
    assert tally["recalls"] > 5 < tally["crashes"]
    assert all(tally[f"fault {what}"] for what in ("crash", "power", "full", "disk", "busy", "held", "small"))


@pytest.mark.slow
def test_five_hundred_seeds_record_nearly_every_kind() -> None:
    done = subprocess.run([sys.executable, str(BENCH), "--seeds", "500"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    recorded = re.search(r"Kinds of entry recorded: (\d+) of (\d+);", done.stdout)
    assert recorded is not None and int(recorded[1]) >= int(recorded[2]) - 4


def test_a_seed_plays_the_same_again(stage: simulator.Stage) -> None:
    played = stage.play(5)
    assert played == stage.play(5)
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    done = subprocess.run([sys.executable, str(BENCH), "--seed", "5", "--trace"], capture_output=True, text=True,
                          check=True, env=environment)  # fmt: skip
    assert done.stdout.endswith(f"Head: {played.root.hex()}\n")
    assert len(played.root) == 32 and stage.play(6).root != played.root


@pytest.mark.slow
@pytest.mark.parametrize("plant", PLANTS)
def test_a_planted_bug_is_caught_and_its_seed_fails_again(stage: simulator.Stage, plant: str) -> None:
    caught = next(played for played in (stage.play(seed, plant) for seed in range(1_000)) if played.failure)
    assert re.search(PLANTED[plant], caught.failure)
    assert stage.play(caught.seed, plant) == caught
    assert not stage.play(caught.seed).failure


PLANTED = {
    "double-append": "was acknowledged as entry|was written twice", "unbalanced-leg": "sum to -1 pence",
    "cut-tail": "are gone|its end is missing|is another one now", "twice-inherited": "the successors have",
    "skipped-cure": "a recall without cure", "skipped-appeal": "days after decision", "lost-commit": "has not",
    "minting-correction": "pence stand|is left|no sentence",
    "stale-snapshot": "another state|breaks a rule|which is not there",
    "key-signs-backwards": "signed which was not in force|cannot be published with the key in force",
    "witness-counted-twice": "witnesses signed what was believed, and",
}  # fmt: skip


def test_a_failing_seed_says_what_broke_and_how_to_see_it_again(capsys: pytest.CaptureFixture[str]) -> None:
    (failed,) = simulator.play_many([0], "lost-commit")
    assert simulator.report([failed], 1.0) == 1
    said = capsys.readouterr().out
    assert f"Seed 0 failed: {failed.failure}" in said
    assert "python bench/simulator.py --seed 0 --trace" in said


def forged(**changed: Any) -> Callable[[dict[str, Any]], None]:
    def change(entry: dict[str, Any]) -> None:
        entry.update(changed)

    return change


def short_leg(entry: dict[str, Any]) -> None:
    entry["body"]["legs"][0]["pence"] += 1


FORGED = {  # the kind of entry, what is done to it, what the auditor says of it
    "a day early": ("matter.recall", forged(at="2028-03-02T10:00:00Z"), "recall came 42 days after decision"),
    "a stranger": ("fund.paid", forged(by={"role": "mhclg", "person": "Somebody Else"}), "never acted for mhclg"),
    "by the place": ("matter.recall", forged(by={"role": "authority", "person": "Authority Person"}), "authority rec"),
    "a penny short": ("fund.committed", short_leg, "sum to 1 pence"),
    "back in time": ("matter.hearing", forged(at="2027-01-01T10:00:00Z"), "time ran backwards"),
    "no cure": ("matter.cure", forged(kind="matter.make-good"), "a recall without cure"),
    "its own payee": ("fund.paid", forged(by={"role": "authority", "person": "Authority Person"}), "paid by authority"),
}  # fmt: skip


@pytest.mark.parametrize("how", FORGED)
def test_the_auditor_sees_by_itself_what_no_rule_would_let_through(how: str) -> None:
    kind, change, said = FORGED[how]
    entries = json.loads(json.dumps(recalled().entries))
    change(next(entry for entry in entries if entry["kind"] == kind))
    with pytest.raises(Broken, match=said):
        read_by_hand(entries)


def read_by_hand(entries: list[dict[str, Any]]) -> Hand:
    hand = Hand()
    for entry in entries:
        hand.take(entry)
    return hand


def test_the_auditor_counts_the_days_that_something_is_held_back() -> None:
    play = recalled()
    hand = read_by_hand(play.entries)
    for day in ("2028-03-03", "2029-03-03", "2029-03-04"):
        on = dt.date.fromisoformat(day)
        status = play.state.power_status("settlement-flexibility", on)
        assert ("settlement-flexibility" in hand.held_back(on)) == (status == "recalled") == (day < "2029-03-04")
    exercise = {
        "seq": 99, "deal": play.deal, "kind": "power.exercised", "at": "2028-04-01T10:00:00Z", "tags": [],
        "by": {"role": "authority", "person": person_of("authority")},
        "body": {"power": "settlement-flexibility", "decision": "x"},
    }  # fmt: skip
    with pytest.raises(Broken, match="while it was recalled"):
        hand.take(exercise)


def test_a_refused_command_costs_no_reading_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Log.create(tmp_path / "register.db") as log:
        book = open_book(log, "test", ["Ann Keeper"], NOON)
        terms = {"deal": deal_text("cornwall"), "framework": offer()}
        book.record(Command(deal="cornwall", kind="deal.proposed", role="registrar", person="Ann Keeper",
                            body={"version": 1, **terms}), NOON)  # fmt: skip
        read: list[int] = []
        lines = Log.lines
        monkeypatch.setattr(Log, "lines", lambda *asked: (read.append(1) or line for line in lines(*asked)))
        for _ in range(3):
            with pytest.raises(SokeError, match="does not act"):
                book.record(Command(deal="cornwall", kind="deal.signed", role="mhclg", person="No One",
                                    body={"version": 1}), NOON)  # fmt: skip
        assert len(read) == 3  # the last entry of the register, for its time
        assert book.state("cornwall") == Book(log).state("cornwall")


def three_commands(path: Path, acknowledged: list[int]) -> None:
    """A register is made, opened, written, verified, copied, left and written again."""
    person = {"deal": "register", "kind": "person.appointed", "role": "registrar", "person": "Ann Keeper"}
    with Log.create(path) as log:
        book = open_book(log, "test", ["Ann Keeper"], NOON)
        acknowledged.append(0)
        for name in ("Bob", "Cy"):
            body = {"name": name, "for_party": "registrar"}
            acknowledged.append(book.record(Command(**person, body=body, id=name.lower()), NOON))
        log.verify()
        log.backup(path.with_suffix(".copy"))
    with Log.open(path) as log:
        body = {"name": "Di", "for_party": "registrar"}
        acknowledged.append(Book(log).record(Command(**person, body=body, id="di"), NOON))


@pytest.mark.parametrize("after", [False, True])
def test_a_crash_before_or_after_each_statement_in_turn_loses_nothing_acknowledged(tmp_path: Path, after: bool) -> None:
    for crash in itertools.count(1):
        path, acknowledged, statements, done = tmp_path / f"{crash}.db", list[int](), itertools.count(1), False

        def meddle(wire: Wire, sql: str, was_after: bool, crash: int = crash, statements: Any = statements) -> None:
            if was_after == after and next(statements) == crash:
                wire.die()
                raise Crash

        with contextlib.suppress(Crash), wired(partial(Wire, meddle=meddle)):
            three_commands(path, acknowledged)
            done = True
        try:
            with Log.open(path) as log:
                assert len(log.verify()) - len(acknowledged) in (0, 1)
                assert [entry["seq"] for entry in log.read()] == [*range(len(log))]
                assert Book(log).state("register").seq == len(log) - 1
        except SokeError as error:  # it died while it made the file
            assert not acknowledged and "register" in str(error)
        copy = path.with_suffix(".copy")
        if copy.exists():
            with Log.open(copy) as log:
                assert len(log.verify()) == 3
        if done:
            break
    assert acknowledged == [0, 1, 2, 3] and crash > 70
