"""The recall ladder: every path of every shipped deal, days worked by hand, and a machine that tries everything."""

import datetime as dt
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from soke.deal.exploration import explore, hasty
from soke.deal.ladder import (
    CONTROLS,
    ENDS,
    Ladder,
    Matter,
    due,
    in_force,
    ladder_of,
    open_matter,
    recallable,
    step,
)
from soke.deal.reader import load_deal
from soke.deal.states import STATES
from soke.deal.types import Deal
from soke.england.places import places
from soke.errors import SokeError

DEALS = sorted(path for path in Path("deals").glob("*.toml") if path.name != "broken.toml")
MINIMAL = Path("src/soke/deal/rules/minimal.toml")
DAY = dt.date(2028, 1, 10)  # a leap year
SENTENCE = re.compile(r"[A-Z\"].*[.]$", re.DOTALL)


@cache
def deal(path: Path = Path("deals/greater-manchester.toml")) -> Deal:
    return load_deal(path, places())


def ladder() -> Ladder:
    return ladder_of(deal())


def refusal(*args: object, on: Ladder | None = None) -> str:
    with pytest.raises(SokeError) as refused:
        step(on or ladder(), *args)  # type: ignore[arg-type]
    said = str(refused.value)
    assert SENTENCE.fullmatch(said) and "None" not in said and "{" not in said, said
    return said


def opened() -> Matter:
    condition = next(one for one in deal().conditions if one.id == "communities-decide")
    return open_matter(ladder(), deal(), condition, "missed", "authority", DAY)


def climbed(to: str) -> Matter:
    """Up the ladder, each step on its first day, as far as a step."""
    matter = opened()
    parties = {"notice": "mhclg", "response": "authority", "cure": "authority", "hearing": "panel", "decision": "panel",
               "appeal": "mayor", "refuse": "judicial-review", "recall": "mhclg", "restore": "panel"}  # fmt: skip
    for action, party in parties.items():
        if matter.taken[-1].action == to:
            break
        first = next(one.first for one in due(ladder(), matter, DAY) if one.action == action)
        matter = step(ladder(), matter, action, party, first, "reasons")
    return matter


# ---------------------------------------------------------------- every path


@pytest.mark.parametrize("path", [*DEALS, MINIMAL], ids=lambda path: path.stem)
def test_every_state_is_reached_and_left_and_no_path_is_hasty(path: Path) -> None:
    found = explore(deal(path))
    assert found.faults == () and found.unreached == () and found.stuck == ()
    assert {"recalled", "restored", "kept", "duty-suspended"} <= set(found.states)
    # answered or silent, times appealed or not
    assert len(found.recalls) == 4
    # 28 full days of notice, 180 of cure, 42 of appeal, each followed by the next day
    assert found.least_days == 29 + 181 + 43


@pytest.mark.parametrize("left_out", ["notice", "response", "cure", "hearing", "decision"])
def test_a_ladder_without_a_step_is_found_by_the_search(left_out: str) -> None:
    process = deal().due_process
    assert process is not None
    short = tuple(one for one in process.ladder if one != left_out)
    found = explore(replace(deal(), due_process=replace(process, ladder=short)))
    assert any("without" in fault and left_out in fault for fault in found.faults), found.faults


def test_a_ladder_without_time_for_appeal_is_found_by_the_search() -> None:
    process = deal().due_process
    assert process is not None
    short = tuple(one for one in process.ladder if one != "appeal")
    found = explore(replace(deal(), due_process=replace(process, ladder=short)))
    assert found.faults == ("A path of the ladder goes from decision to recall in 0 days; the deal gives 42.",)


def test_a_hearing_before_the_cure_is_found_by_the_search() -> None:
    process = deal().due_process
    assert process is not None
    swapped = ("report", "notice", "response", "hearing", "cure", "decision", "appeal", "recall", "restore")
    assert explore(replace(deal(), due_process=replace(process, ladder=swapped))).faults == (
        "A path of the ladder reaches the hearing before the cure.",
    )


def test_the_search_finds_what_cannot_be_reached_or_left() -> None:
    process = deal().due_process
    assert process is not None
    nobody = replace(deal(), parties=tuple(one for one in deal().parties if one.role != "giver"))
    assert {"noticed", "recalled", "suspended"} <= set(explore(nobody).unreached)
    endless = replace(process, ladder=process.ladder[:-1], control_max_days=None)
    assert explore(replace(deal(), due_process=endless)).stuck == ("recalled",)
    lapsing = replace(process, ladder=process.ladder[:-1], control_max_days=100)
    assert explore(replace(deal(), due_process=lapsing)).stuck == ()
    twice = replace(process, ladder=(*process.ladder[:3], "notice", *process.ladder[3:]))
    assert explore(replace(deal(), due_process=twice)).faults == (
        "A path of the ladder reaches recall without response.",
    )


def test_without_due_process_there_is_no_ladder() -> None:
    with pytest.raises(SokeError, match="no due process"):
        ladder_of(replace(deal(), due_process=None))


# ---------------------------------------------------------------- days, by hand, over 29 February 2028


def test_the_days_of_a_leap_year() -> None:
    matter = step(ladder(), opened(), "notice", "mhclg", dt.date(2028, 2, 1), "too little was decided")
    by_action = {one.action: one for one in due(ladder(), matter, dt.date(2028, 2, 1))}
    # 28 + 28 days from 1 February 2028, which has 29 days: 28 March; a common year would give 29 March
    assert (by_action["response"].first, by_action["response"].last) == (dt.date(2028, 2, 1), dt.date(2028, 3, 28))
    assert by_action["no-response"].first == dt.date(2028, 3, 29)
    assert [one.when for one in due(ladder(), matter, dt.date(2028, 3, 29))] == ["passed", "open", "open"]
    assert due(ladder(), matter, dt.date(2028, 3, 29))[0].overdue

    matter = step(ladder(), matter, "response", "mayor", dt.date(2028, 2, 10))
    # 28 full days of notice end on 29 February
    assert "from 1 March 2028" in refusal(matter, "cure", "authority", dt.date(2028, 2, 29))
    matter = step(ladder(), matter, "cure", "authority", dt.date(2028, 3, 1))
    # 180 days after 1 March 2028 is 28 August
    assert "from 29 August 2028" in refusal(matter, "hearing", "panel", dt.date(2028, 8, 28))
    matter = step(ladder(), matter, "hearing", "panel", dt.date(2028, 8, 29))
    matter = step(ladder(), matter, "decision", "panel", dt.date(2028, 9, 4), "the remedy failed")
    # 42 days after 4 September is 16 October
    assert "from 17 October 2028" in refusal(matter, "recall", "mhclg", dt.date(2028, 10, 16), "r")
    assert "last day was 16 October 2028" in refusal(matter, "appeal", "mayor", dt.date(2028, 10, 17), "r")
    matter = step(ladder(), matter, "recall", "mhclg", dt.date(2028, 10, 17), "who loses what")
    # 365 days after 17 October 2028 is 17 October 2029
    assert in_force(ladder(), matter, dt.date(2028, 10, 17)) and in_force(ladder(), matter, dt.date(2029, 10, 17))
    assert not in_force(ladder(), matter, dt.date(2029, 10, 18))
    assert not in_force(ladder(), matter, dt.date(2028, 10, 16))
    assert "from 18 October 2029" in refusal(matter, "lapse", "authority", dt.date(2029, 10, 17))
    assert step(ladder(), matter, "lapse", "authority", dt.date(2029, 10, 18)).state == "restored"


def test_nothing_is_due_before_the_last_step() -> None:
    matter = step(ladder(), climbed("notice"), "response", "mayor", dt.date(2028, 3, 1))
    # the notice ran out on 7 February 2028
    assert [one.first for one in due(ladder(), matter, DAY) if one.action == "cure"] == [dt.date(2028, 3, 1)]


def test_an_appeal_stays_the_recall_until_it_is_refused() -> None:
    matter = climbed("appeal")
    late = dt.date(2031, 1, 1)
    assert "cannot be taken when the matter is appealed" in refusal(matter, "recall", "mhclg", late, "r")
    assert step(ladder(), matter, "allow", "judicial-review", late, "r").state == "closed"
    refused = step(ladder(), matter, "refuse", "judicial-review", matter.taken[-1].on, "r")
    assert "too early" in refusal(refused, "recall", "mhclg", refused.taken[-1].on, "r")
    assert step(ladder(), refused, "recall", "mhclg", late, "r").state == "recalled"


def test_an_emergency_lapses_unless_it_is_heard() -> None:
    start = dt.date(2028, 2, 20)
    held = step(ladder(), Matter(subject="fraud"), "suspend", "mhclg", start, "fraud")
    # 28 days from 20 February 2028 is 19 March
    assert in_force(ladder(), held, dt.date(2028, 3, 19)) and not in_force(ladder(), held, dt.date(2028, 3, 20))
    assert "last day was 19 March 2028" in refusal(held, "emergency-hearing", "panel", dt.date(2028, 3, 20))
    assert "too early" in refusal(held, "lapse", "mayor", dt.date(2028, 3, 19))
    heard = step(ladder(), held, "emergency-hearing", "panel", dt.date(2028, 3, 19))
    kept = step(ladder(), heard, "keep", "panel", dt.date(2028, 4, 1), "danger remains")
    assert in_force(ladder(), kept, dt.date(2029, 4, 1)) and not in_force(ladder(), kept, dt.date(2029, 4, 2))
    assert step(ladder(), kept, "lift", "panel", dt.date(2028, 5, 1), "over").state == "lifted"
    assert "cannot be taken" in refusal(kept, "recall", "mhclg", dt.date(2030, 1, 1), "r")


def test_the_government_has_as_long_to_answer_as_a_place() -> None:
    breach = step(ladder(), Matter(subject="payment"), "breach", "authority", dt.date(2028, 2, 1), "unpaid")
    assert "from 29 March 2028" in refusal(breach, "suspend-duty", "authority", dt.date(2028, 3, 28), "r")
    held = step(ladder(), breach, "suspend-duty", "authority", dt.date(2028, 3, 29), "still unpaid")
    assert not in_force(ladder(), held, dt.date(2028, 3, 30))  # nothing is held back from the place
    assert step(ladder(), held, "make-good", "dft", dt.date(2028, 4, 5)).state == "closed"
    argued = step(ladder(), breach, "dispute", "mhclg", dt.date(2028, 2, 2), "was paid")
    assert "is not for" in refusal(argued, "find", "mhclg", dt.date(2028, 2, 3), "r")
    found = step(ladder(), argued, "find", "panel", dt.date(2028, 2, 3), "was not")
    assert step(ladder(), found, "suspend-duty", "mayor", dt.date(2028, 2, 3), "r").state == "duty-suspended"


# ---------------------------------------------------------------- what is refused


def test_only_what_was_missed_or_overdue_starts_the_ladder() -> None:
    condition = next(one for one in deal().conditions if one.id == "communities-decide")
    for status in STATES:
        if status in ("missed", "overdue"):
            assert open_matter(ladder(), deal(), condition, status, "panel", DAY).state == "reported"
        else:
            with pytest.raises(SokeError, match="only where one is missed or overdue"):
                open_matter(ladder(), deal(), condition, status, "panel", DAY)
    with pytest.raises(SokeError, match="excused"):
        open_matter(ladder(), deal(), condition, "missed", "panel", DAY, excused=True)
    with pytest.raises(SokeError, match="neither reports nor checks"):
        open_matter(ladder(), deal(), condition, "missed", "mhclg", DAY)


def test_a_power_that_needs_an_order_is_never_recalled() -> None:
    for path in DEALS:
        for power in deal(path).powers:
            if power.needs_order:
                with pytest.raises(SokeError, match="given by law"):
                    recallable(deal(path), power.id)
            elif power.recallable:
                assert recallable(deal(path), power.id) is power
        for fund in deal(path).funds:
            assert recallable(deal(path), fund.id) is fund
    with pytest.raises(SokeError, match="no fund, pool or power"):
        recallable(deal(), "moon")
    condition = next(one for one in deal().conditions if one.recall)
    assert condition.recall
    impossible = replace(condition, recall=replace(condition.recall, scope=("fire",)))
    with pytest.raises(SokeError, match="given by law"):
        open_matter(ladder(), deal(), impossible, "missed", "authority", DAY)


def test_a_condition_without_recall_is_not_recalled() -> None:
    assert "has no recall" in refusal(replace(climbed("decision"), scope=()), "recall", "mhclg", DAY, "r")


def test_each_refusal_says_what_is_allowed_now_and_from_when() -> None:
    noticed = climbed("notice")
    on = noticed.taken[-1].on
    assert "was taken on 10 January 2028 already. Allowed: response by the place from" in refusal(
        noticed, "notice", "mhclg", on, "r"
    )
    assert "cannot be taken when the matter is noticed. Allowed:" in refusal(noticed, "recall", "mhclg", on, "r")
    assert "is no step of this deal" in refusal(noticed, "thunder", "mhclg", on)
    assert 'is not for "panel" to take, but for the place. Allowed:' in refusal(noticed, "response", "panel", on)
    assert "would be before the last one" in refusal(noticed, "close", "mhclg", on - dt.timedelta(1), "r")
    assert refusal(opened(), "notice", "mhclg", DAY, "  ") == (
        'The step "notice" needs reasons. Write why, and on what evidence.'
    )
    assert "Allowed: report by" in refusal(Matter(subject="c"), "notice", "mhclg", DAY, "r")
    assert "nothing more can be done" in refusal(climbed("restore"), "close", "mhclg", dt.date(2032, 1, 1), "r")


def test_the_end_of_the_calendar_is_no_traceback() -> None:
    last = step(ladder(), Matter(subject="c"), "suspend", "mhclg", dt.date.max, "r")
    assert in_force(ladder(), last, dt.date.max) in (True, False)
    assert "no step" in refusal(last, "x" * 10_000, "mhclg", dt.date.max)


# ---------------------------------------------------------------- a machine that tries everything

ACTIONS = sorted({row.action for row in ladder_of(deal()).transitions} | {"thunder"})
PARTIES = [party.id for party in deal().parties] + ["judicial-review", "nobody"]


class Climb(RuleBasedStateMachine):
    """Any step, by anybody, on any day, with reasons or without; and, so that it gets far, steps that are due."""

    def __init__(self) -> None:
        super().__init__()
        self.matter = Matter(subject="communities-decide", scope=("growth-and-place",))
        self.today = DAY

    @rule(days=st.integers(0, 400))
    def wait(self, days: int) -> None:
        self.today += dt.timedelta(days)

    @rule(action=st.sampled_from(ACTIONS), party=st.sampled_from(PARTIES), back=st.integers(-90, 90),
          reason=st.sampled_from(["", " ", "why"]))  # fmt: skip
    def try_any(self, action: str, party: str, back: int, reason: str) -> None:
        self.take(action, party, self.today + dt.timedelta(back), reason)

    @precondition(lambda self: self.matter.state not in ENDS)
    @rule(pick=st.integers(0, 99), whose=st.integers(0, 99), off=st.sampled_from([-1, 0, 0, 0, 1]))
    def try_due(self, pick: int, whose: int, off: int) -> None:
        options = due(ladder(), self.matter, self.today)
        one = options[pick % len(options)]
        first = max(one.first, DAY)
        self.take(one.action, one.parties[whose % len(one.parties)], first + dt.timedelta(off), "why")

    @rule(rungs=st.integers(1, 9), whose=st.integers(0, 99), late=st.integers(0, 60))
    def climb(self, rungs: int, whose: int, late: int) -> None:
        """Several rungs at once, each some days after its first day, as far as it goes."""
        up = (*deal().due_process.ladder, "no-response", "refuse")  # type: ignore[union-attr]
        for _ in range(rungs):
            options = [one for one in due(ladder(), self.matter, self.today) if one.action in up]
            if options:
                one = options[(whose + late) % len(options)]
                on = max(one.first, DAY) + dt.timedelta(late)
                self.take(one.action, one.parties[whose % len(one.parties)], on, "why")

    @precondition(lambda self: self.matter.state in ENDS)
    @rule()
    def begin_anew(self) -> None:
        self.matter = replace(self.matter, state="start", taken=())

    def take(self, action: str, party: str, on: dt.date, reason: str) -> None:
        before = self.matter
        allowed = {(one.action, who) for one in due(ladder(), before, on) if one.when == "open" for who in one.parties}
        try:
            self.matter = step(ladder(), before, action, party, on, reason)
        except SokeError as error:
            assert SENTENCE.fullmatch(str(error))
            return
        assert (action, party) in allowed
        assert before.on(action) is None, "a step was accepted twice"
        assert self.matter.taken[:-1] == before.taken
        self.today = max(self.today, on)

    @invariant()
    def no_recall_without_the_six(self) -> None:
        recall = self.matter.on("recall")
        if recall is None:
            assert self.matter.state not in ("recalled", "restored")
            return
        assert hasty(ladder(), self.matter) == []
        decision = self.matter.on("decision")
        assert decision and (recall - decision).days > 42
        assert self.matter.on("appeal") is None or self.matter.on("refuse") is not None

    @invariant()
    def days_run_forward_and_controls_end(self) -> None:
        days = [one.on for one in self.matter.taken]
        assert days == sorted(days)
        if self.matter.state in CONTROLS:
            assert not in_force(ladder(), self.matter, days[-1] + dt.timedelta(366))


Climb.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestClimb = Climb.TestCase
