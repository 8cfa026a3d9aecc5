"""A clock that ran ahead: the jump is asked about, and a wrong time is set right by a recorded correction."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from rehearsal import KEEPER, Rehearsal, missed

from soke.register.clock import right_times
from soke.register.kinds import REGISTER, REGISTRAR
from soke.register.meaning import state_of
from soke.register.storage import Draft, Log

GM, FUND = "greater-manchester", "growth-and-place"


def with_earlier(play: Rehearsal) -> Rehearsal:
    play.state.earlier = play.entries.__getitem__
    return play


def set_right(play: Rehearsal, day: str, **body: Any) -> dict[str, Any]:
    return play("clock.corrected", REGISTRAR, day, reason="The clock ran two years ahead", **body)


class TestADeal:
    def test_it_goes_on_and_the_days_are_the_right_ones(self) -> None:
        play = with_earlier(missed())
        play.money("fund.allotted", "mhclg", "2028-11-22", FUND, 100)
        wrong = len(play.entries) - 1
        assert "before the last one" in play.refused("power.exercised", "authority", "2026-11-23", decision="x",
                                                     power="settlement-flexibility")  # fmt: skip
        entry = set_right(play, "2026-11-23", entry=wrong, right="2026-11-22T09:00:00Z")
        assert {"legs", "struck"}.isdisjoint(entry["body"])
        assert str(play.state.revenue[-1].on) == "2026-11-22"
        assert str(play.state.at) == "2026-11-23 10:00:00+00:00"
        play("power.exercised", "authority", "2026-11-24", power="settlement-flexibility", decision="Night buses")
        assert state_of(GM, play.entries) == play.state

    def test_words_of_partners_count_from_the_day_on_which_they_were_said(self) -> None:
        play = with_earlier(Rehearsal().signed())
        play("decision.asked", "nhs", "2026-05-01", decision="d1", title="One", partners=["councils"], due="2026-08-01")
        play("decision.confirmed", "councils", "2028-05-02", decision="d1")
        set_right(play, "2026-05-03", entry=len(play.entries) - 1, right="2026-05-02T10:00:00Z")
        assert [str(word.on) for word in play.state.partners.decisions["d1"].words] == ["2026-05-02"]

    def test_steps_that_came_too_soon_are_struck_out(self) -> None:
        """A clock that ran ahead took a matter through its waits in a day: by the right days none of that was so."""
        play = with_earlier(missed())
        play("matter.report", "panel", "2027-06-01", matter="m1", condition="communities-decide",
             period_end="2027-03-31")  # fmt: skip
        first = len(play.entries)
        play("matter.notice", "mhclg", "2027-06-02", matter="m1", reason="Less than was agreed")
        for kind, role, day in (
            ("matter.no-response", "mhclg", "2028-01-02"), ("matter.cure", "panel", "2028-01-03"),
            ("matter.hearing", "panel", "2028-09-01"), ("matter.decision", "panel", "2028-09-02"),
        ):  # fmt: skip
            play(kind, role, day, matter="m1", reason="On the evidence")
        takes = [{"fund": FUND, "year": "2026-27", "use": "revenue", "pence": 100}]
        play("matter.recall", "mhclg", "2028-12-01", matter="m1", reason="As decided", takes=takes,
             loses={"residents": "Some", "services": "None"})  # fmt: skip
        before = play.state.ledger.total("recalled")
        entry = set_right(play, "2027-06-10", entry=first + 1, right="2027-06-03T10:00:00Z")
        matter = play.state.matters["m1"]
        assert matter.matter.state == "noticed" and matter.takes == ()
        assert entry["body"]["struck"] == [f"{step}:m1" for step in ("no-response", "cure", "hearing", "decision",
                                                                     "recall")]  # fmt: skip
        assert (before, play.state.ledger.total("recalled")) == (100, 0)
        assert list(play.state.ledger.faults()) == []
        assert state_of(GM, play.entries) == play.state

    @pytest.mark.parametrize(("changed", "said"), [
        ({"entry": 10**6}, "no entry"), ({"entry": 0}, "is of the deal"), ({"entry": 5}, "it is not ahead"),
        ({"right": "2027-01-01T00:00:00Z"}, "lies ahead"), ({"right": "2026-01-01T00:00:00Z"}, "later than that"),
        ({"right": "2026-11-22"}, "not a time"), ({"struck": ["recall:m1"]}, "not what the records give"),
    ])  # fmt: skip
    def test_refused(self, changed: dict[str, Any], said: str) -> None:
        play = with_earlier(missed())
        play.money("fund.allotted", "mhclg", "2028-11-22", FUND, 100)
        body = {"entry": len(play.entries) - 1, "right": "2026-11-22T09:00:00Z", "reason": "Slip"} | changed
        assert said in play.refused("clock.corrected", REGISTRAR, "2026-11-23", **body)

    def test_who_may(self) -> None:
        play = with_earlier(missed())
        play.money("fund.allotted", "mhclg", "2028-11-22", FUND, 100)
        body = {"entry": len(play.entries) - 1, "right": "2026-11-22T09:00:00Z", "reason": "Slip"}
        assert "for the registrar" in play.refused("clock.corrected", "mhclg", "2026-11-23", **body)


def test_the_register_itself() -> None:
    play = with_earlier(missed())
    play("person.appointed", REGISTRAR, "2029-01-01", name="Bob", for_party=REGISTRAR)
    wrong = len(play.entries) - 1
    assert play.entries[wrong]["deal"] == REGISTER
    said = play.refused("clock.corrected", REGISTRAR, "2026-11-23", entry=wrong, right="2026-11-22T09:00:00Z",
                        reason="Slip")  # fmt: skip
    assert "register.clock-corrected" in said
    play("register.clock-corrected", REGISTRAR, "2026-11-23", entry=wrong, right="2026-11-22T09:00:00Z", reason="Slip")
    play.money("fund.paid", "mhclg", "2026-11-24", FUND, 100)
    assert state_of(GM, play.entries) == play.state


def test_a_day_in_the_past_is_shown_by_the_right_times() -> None:
    play = with_earlier(missed())
    play.money("fund.allotted", "mhclg", "2028-11-22", FUND, 100)
    wrong = len(play.entries) - 1
    set_right(play, "2026-11-23", entry=wrong, right="2026-11-22T09:00:00Z")

    class Entries:
        def first(self, tag: str) -> list[dict[str, Any]]:
            return [entry for entry in play.entries if tag in entry["tags"]]

    times = right_times(Entries())  # type: ignore[arg-type]
    assert times.of(play.entries[wrong]).date() == dt.date(2026, 11, 22)
    assert times.of(play.entries[wrong - 1]).date() == dt.date(2026, 11, 4)
    assert times.in_order("another") and not times.in_order(GM)


def test_in_a_rehearsal_it_is_your_date_that_does_not_fit(log: Log) -> None:
    from soke.errors import SokeError  # noqa: PLC0415
    from soke.register.book import Book, Command  # noqa: PLC0415

    opened = Draft(REGISTER, "register.opened", "2026-03-01T09:00:00Z", REGISTRAR, KEEPER, frozenset({"deal:register"}),
                   {"name": "try", "registrars": [KEEPER], "rehearsal": True})  # fmt: skip
    log.append([opened])
    asked = Command(deal=REGISTER, kind="person.appointed", role=REGISTRAR, person=KEEPER,
                    body={"name": "Bob", "for_party": REGISTRAR})  # fmt: skip
    with pytest.raises(SokeError, match="Your date, 2026-02-01 09:00, is before the last entry's"):
        Book(log).record(asked, dt.datetime(2026, 2, 1, 9, tzinfo=dt.UTC))
