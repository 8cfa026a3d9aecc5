"""The meaning alone, without a database: whatever anybody tries, no rule of the deal is passed over.

A machine tries steps on any day by any party, in each shipped deal, and often those that are due, so that it gets as
far as recall. What was accepted is worked out again by hand, from the entries and the figures of the deal's own text.
"""

from __future__ import annotations

import copy
import datetime as dt
import json
import random
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))

from rehearsal import LOSES, Rehearsal, deal_text, missed, offer, recalled

from simulated.audit import Hand
from simulated.commands import Wishes
from simulated.spoiled import spoiled
from simulated.wish import Wish
from soke.deal.exploration import hasty
from soke.errors import SokeError
from soke.register.book import Book
from soke.register.kinds import KINDS
from soke.register.meaning import state_of, tags_of
from soke.register.state import DealState
from soke.register.storage import Draft, Log

GM = "greater-manchester"
SHIPPED = (GM, "cornwall", "norfolk-and-suffolk")
FIRST = dt.date(2026, 4, 6)
SEEDS = st.integers(0, 2**32)


class Player:
    """A rehearsal that is followed by hand, and takes wishes."""

    def __init__(self, deal: str) -> None:
        self.play, self.hand, self.today = Rehearsal(deal).signed(powers=False), Hand(), FIRST
        for entry in self.play.entries:
            self.hand.take(entry)
        for power in self.state.deal.powers:
            self.send(Wish(deal, "power.conferred", self.giver(power.giver), {"powers": [power.id]}), FIRST)

    @property
    def state(self) -> DealState:
        return self.play.state

    def giver(self, named: str) -> str:
        givers = self.state.parties("giver")
        return named if named in givers else givers[0]

    def wishes(self, seed: int) -> Wishes:
        now = dt.datetime.combine(self.today, dt.time(10), dt.UTC)
        return Wishes(random.Random(seed), self.state, now, [(deal_text(self.state.id), offer())], self.play.entries)

    def send(self, wish: Wish | None, day: dt.date) -> bool:
        if wish is None:
            return False
        try:
            entry = self.play(wish.kind, wish.role, str(day), **wish.body)
        except SokeError:
            return False
        assert not wish.never or wish.person or wish.deal != self.state.id, f"{wish.kind} was taken with {wish.never}"
        self.hand.take(entry)
        self.today = max(self.today, day)
        return True


class Devolution(RuleBasedStateMachine):
    """Subclasses name the deal."""

    deal = GM

    def __init__(self) -> None:
        super().__init__()
        self.player = Player(self.deal)

    @rule(days=st.integers(0, 200))
    def wait(self, days: int) -> None:
        self.player.today += dt.timedelta(days)

    @rule(seed=SEEDS, off=st.sampled_from([0, 0, 0, -1, 1, 30]))
    def try_what_fits(self, seed: int, off: int) -> None:
        wish = self.player.wishes(seed).one()
        self.player.send(wish, self.player.today + dt.timedelta(off))

    @rule(seed=SEEDS, moves=st.integers(1, 12))
    def money_moves(self, seed: int, moves: int) -> None:
        for move in range(moves):
            self.player.send(self.player.wishes(seed + move).money(), self.player.today)

    @rule(seed=SEEDS)
    def try_what_never_fits(self, seed: int) -> None:
        wish = self.player.wishes(seed).one()
        if wish is not None:
            wish = spoiled(wish, random.Random(seed), self.player.today)
        if wish is not None and "\\ud800" not in repr(wish.body):  # that is for the log to refuse
            self.player.send(wish, self.player.today)

    @rule(kind=st.sampled_from([kind for kind in KINDS if kind.startswith("matter.")]), whose=SEEDS, which=SEEDS,
          off=st.integers(-60, 400))  # fmt: skip
    def try_any_step(self, kind: str, whose: int, which: int, off: int) -> None:
        """Any step of any matter by any party on any day."""
        state = self.player.state
        names, parties = list(state.matters) or ["none"], [party.id for party in state.deal.parties]
        body: dict[str, Any] = {"matter": names[which % len(names)], "reason": "Because"}
        if kind == "matter.recall":
            matter = state.matters.get(body["matter"])
            body |= {"takes": self.player.wishes(which).takes(matter) if matter else [{"power": "x"}], "loses": LOSES}
        day = self.player.today + dt.timedelta(off)
        self.player.send(Wish(state.id, kind, parties[whose % len(parties)], body), day)

    @rule(seed=SEEDS, rungs=st.integers(3, 12), late=st.integers(0, 40))
    def climb(self, seed: int, rungs: int, late: int) -> None:
        """Several steps in order, each some days after its first day; money first, so that something can be taken."""
        player = self.player
        if not player.state.ledger.balances:
            player.send(player.wishes(seed).allotted(), player.today)
        if not any(one.open for one in player.state.matters.values()):
            player.today = max(player.today, dt.date(2027, 9, 1))
            for attempt in range(4):
                if player.send(player.wishes(seed + attempt).opened(), player.today):
                    break
        for rung in range(rungs):
            wish = player.wishes(seed + rung).climb()
            if wish is not None:
                day = max(player.today, wish.on or player.today)
                player.send(wish, day + dt.timedelta(late if rung % 2 else 0))

    @invariant()
    def nobody_holds_what_was_recalled(self) -> None:
        player = self.player
        for days in (0, 1, 29, 366):
            day = player.today + dt.timedelta(days)
            gone = player.hand.held_back(day)
            for power in player.state.deal.powers:
                status = player.state.power_status(power.id, day)
                assert (status in ("recalled", "suspended")) == (power.id in gone & player.hand.held)
                assert (status in ("offered", "returned")) == (power.id not in player.hand.held)

    @invariant()
    def no_recall_is_hasty(self) -> None:
        for one in self.player.state.matters.values():
            if one.matter.on("recall"):
                assert hasty(one.ladder, one.matter) == []

    @invariant()
    def money_adds_up(self) -> None:
        ledger, accounts = self.player.state.ledger, self.player.hand.ledgers.accounts
        assert list(ledger.faults()) == []
        by_hand = {(key[0], int(key[1][:4]), *key[2:]): pence for key, pence in accounts.items() if pence}
        assert {key: pence for key, pence in ledger.balances.items() if pence} == by_hand

    def teardown(self) -> None:
        """What was refused left nothing behind."""
        assert state_of(self.deal, self.player.play.entries) == self.player.state


class Cornwall(Devolution):
    deal = "cornwall"


class NorfolkAndSuffolk(Devolution):
    deal = "norfolk-and-suffolk"


QUICK = settings(max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
for machine in (Devolution, Cornwall, NorfolkAndSuffolk):
    machine.TestCase.settings = QUICK
TestGreaterManchester = Devolution.TestCase
TestCornwall = Cornwall.TestCase
TestNorfolkAndSuffolk = NorfolkAndSuffolk.TestCase


def test_the_machine_gets_as_far_as_recall_and_restoration() -> None:
    """Or its invariants would say little."""
    reached: set[str] = set()
    for seed in range(40):
        machine = Devolution()
        for part in range(3):
            machine.climb(seed * 10 + part, 9, 3)
            machine.nobody_holds_what_was_recalled()
        reached |= {entry["kind"] for entry in machine.player.play.entries}
    assert {f"matter.{one}" for one in ("recall", "appeal", "refuse", "no-response", "restore")} <= reached


def test_two_matters_together_take_no_more_of_a_fund_than_its_share() -> None:
    """Half of the fund's year was recalled, and not restored, when the condition is missed again."""
    play = missed()
    play.money("fund.allotted", "mhclg", "2026-12-01", "growth-and-place", 10_000_000, year="2027-28")
    taking = {"fund": "growth-and-place", "year": "2026-27", "use": "revenue", "pence": 1_400_000_000}

    def climb(matter: str, period_end: str, *days: str) -> None:
        play("matter.report", "panel", days[0], matter=matter, condition="communities-decide", period_end=period_end)
        play("matter.notice", "mhclg", days[0], matter=matter, reason="Missed")
        play("matter.no-response", "panel", days[1], matter=matter)
        play("matter.cure", "panel", days[1], matter=matter)
        play("matter.hearing", "panel", days[2], matter=matter)
        play("matter.decision", "panel", days[2], matter=matter, reason="Missed")

    climb("first", "2027-03-31", "2027-07-01", "2027-09-10", "2028-03-20")
    play("matter.recall", "mhclg", "2028-05-20", matter="first", takes=[taking], loses=LOSES, reason="Missed")
    climb("again", "2028-03-31", "2028-07-01", "2028-09-10", "2029-03-20")
    recall = {"matter": "again", "loses": LOSES, "reason": "Missed"}
    said = play.refused("matter.recall", "mhclg", "2029-05-20", takes=[taking], **recall)
    assert "lets £1,000,000 of" in said and "beyond the £14,000,000 that is recalled" in said
    play("matter.recall", "mhclg", "2029-05-20", takes=[taking | {"pence": 100_000_000}], **recall)
    assert play.state.ledger.total("recalled") == 1_500_000_000


# --- replaying ---


@settings(max_examples=15, deadline=None)
@given(deal=st.sampled_from(SHIPPED), seed=SEEDS, at=st.integers(0, 60))
def test_replaying_any_beginning_gives_the_state_that_it_had_then(deal: str, seed: int, at: int) -> None:
    player = Player(deal)
    then: tuple[int, DealState] | None = None
    for number in range(60):
        if number == at:
            terms = [part for one in player.state.versions for part in (one.deal, one.ladder)]
            then = len(player.play.entries), copy.deepcopy(player.state, {id(part): part for part in terms})
        wish = player.wishes(seed + number).one()
        player.send(wish, max(player.today + dt.timedelta(number % 5), (wish and wish.on) or FIRST))
    entries = json.loads(json.dumps(player.play.entries))
    assert state_of(deal, entries) == player.state
    if then is not None:
        assert state_of(deal, entries[: then[0]]) == then[1]


def forced(entries: list[dict[str, Any]], path: Path) -> Log:
    """A log with these entries, written past the book; tags as they should be."""
    log = Log.create(path)
    for entry in entries:
        tags = tags_of(entry["deal"], entry["kind"], entry["body"])
        by = entry["by"]
        log.append([Draft(entry["deal"], entry["kind"], entry["at"], by["role"], by["person"], tags, entry["body"])])
    return log


def found(entries: list[dict[str, Any]], path: Path) -> str:
    """What reading says of a log that is well made and breaks a rule."""
    with forced(entries, path) as log:
        log.verify()
        said = []
        for read in (lambda: state_of(GM, log.read()), lambda: Book(log).state(GM)):
            with pytest.raises(SokeError, match=r"^Entry \d+ breaks a rule: ") as error:
                read()
            said.append(str(error.value))
    assert said[0] == said[1]
    return said[0]


def story() -> list[dict[str, Any]]:
    return json.loads(json.dumps(recalled().entries))  # type: ignore[no-any-return]


def number_of(entries: list[dict[str, Any]], kind: str) -> int:
    return next(number for number, entry in enumerate(entries) if entry["kind"] == kind)


def test_the_story_itself_breaks_no_rule(tmp_path: Path) -> None:
    with forced(story(), tmp_path / "register.db") as log:
        assert state_of(GM, log.read()) == Book(log).state(GM) == recalled().state


@pytest.mark.parametrize("step", ["report", "notice", "response", "cure", "hearing", "decision"])
def test_a_step_left_out_of_the_log_is_found(tmp_path: Path, step: str) -> None:
    entries = story()
    gone = number_of(entries, f"matter.{step}")
    del entries[gone]
    said = found(entries, tmp_path / "register.db")
    assert said.startswith(f"Entry {gone} breaks a rule")


@settings(max_examples=12, deadline=None)
@given(days=st.integers(0, 42))
def test_a_recall_before_the_time_to_appeal_was_over_is_found(days: int) -> None:
    entries = story()
    decided = dt.datetime.fromisoformat(entries[number_of(entries, "matter.decision")]["at"])
    at = number_of(entries, "matter.recall")
    entries[at]["at"] = f"{decided + dt.timedelta(days):%Y-%m-%dT%H:%M:%SZ}"
    with pytest.raises(SokeError, match=f"Entry {at} breaks a rule: .*too early"):
        state_of(GM, entries)


def _edit(entry: dict[str, Any], name: str) -> None:
    body = entry["body"]
    if name == "a penny in the legs":
        body["legs"][1]["pence"] += 1
    elif name == "another amount":
        body["pence"] -= 1
    elif name == "more than there is":
        body["pence"] *= 9
        for leg in body["legs"]:
            leg["pence"] *= 9
    elif name == "another person":
        entry["by"]["person"] = "Somebody Else"
    elif name == "another party":
        entry["by"] = {"role": "nhs", "person": "Nhs Person"}
    elif name == "before the last":
        entry["at"] = "2026-01-01T00:00:00Z"
    elif name == "a field more":
        body["also"] = "this"
    elif name == "no kind":
        entry["kind"] = "matter.forgive"


EDITS = {
    "a penny in the legs": ("fund.paid", "do not balance"),
    "another amount": ("fund.paid", "not what the records give"),
    "more than there is": ("fund.committed", "less than this would take"),
    "another person": ("matter.cure", "does not act"), "another party": ("matter.notice", "not for \"nhs\""),
    "before the last": ("round.adopted", "before the last one"), "a field more": ("matter.hearing", "no field"),
    "no kind": ("matter.hearing", "no kind of entry"),
}  # fmt: skip


@pytest.mark.parametrize("name", EDITS)
def test_an_entry_that_breaks_a_rule_is_named_by_whoever_reads(tmp_path: Path, name: str) -> None:
    kind, said = EDITS[name]
    entries = story()
    at = number_of(entries, kind)
    _edit(entries[at], name)
    read = found(entries, tmp_path / "register.db")
    assert read.startswith(f"Entry {at} breaks a rule: ")
    assert said in read


def test_an_entry_with_tags_of_its_own_is_named() -> None:
    entries = story()
    entries[-1]["tags"] = [*entries[-1]["tags"], "power:zoo"]
    with pytest.raises(SokeError, match=f"Entry {len(entries) - 1} breaks a rule: The tags"):
        state_of(GM, entries)
