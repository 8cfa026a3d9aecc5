"""Receipts find their ballots in the roll; what was altered is found; what is issued adds up."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from ballot_papers import paper
from hypothesis import given
from hypothesis import strategies as st

from soke.community.budgets.pb import parse_election
from soke.community.budgets.pb_write import write_election
from soke.community.voting.anonymity import publish
from soke.community.voting.receipt import find, read_receipt, receipt_of
from soke.community.voting.reconciliation import ChannelCount, Reconciliation, read_reconciliation, write_reconciliation
from soke.community.voting.roll import RollLine, commitment, read_roll, write_roll
from soke.community.voting.statement import read_statement, statement_of
from soke.community.voting.verification import blurred_differences, differences
from soke.errors import SokeError

hexes = st.binary(min_size=16, max_size=16).map(bytes.hex)
lines = st.builds(
    RollLine, hexes, hexes, st.lists(st.sampled_from(["1", "a b", "G/2", "=x"]), unique=True).map(tuple),
    st.lists(st.integers(1, 9), max_size=3).map(tuple),
)  # fmt: skip
LINE = RollLine("0" * 32, "f" * 32, ("1", "4"))


def test_the_commitment_as_anyone_can_work_it_out() -> None:
    text = f"soke ballot\nelm\n{'0' * 32}\n{'f' * 32}\n1,4\n\n"
    assert commitment("elm", LINE) == hashlib.sha256(text.encode()).hexdigest()


@given(st.lists(lines, unique_by=lambda one: one.number, min_size=1))
def test_a_roll_reads_back_and_every_receipt_finds_its_ballot(cast: list[RollLine]) -> None:
    roll = read_roll(write_roll(cast), "roll.csv")
    assert list(roll) == sorted(one.number for one in cast)
    for one in cast:
        receipt = receipt_of("elm", one)
        assert read_receipt(receipt.text) == receipt
        assert find(receipt, roll) == ""


@pytest.mark.parametrize("kind", ["approval", "ordinal", "cumulative"])
def test_an_election_as_written_and_read_holds_the_ballots_of_the_roll(kind: str) -> None:
    """And of one that was changed, added, taken out or numbered anew it is told."""
    pointed = kind == "cumulative"
    asked = paper(kind, "max_length;4\nmax_sum_points;9\n" if pointed else "max_length;4\n",
                  "voter_id;vote;points" if pointed else "voter_id;vote")  # fmt: skip
    cast = {
        f"{number:032x}": asked.ballot(choice, ",".join(map(str, range(1, choice.count("p") + 1))) if pointed else "")
        for number, choice in enumerate(("p3,p1", "p1", *([] if pointed else [""]), "p1,p3", "p8,p2,p4"))
    }
    roll = read_roll(write_roll(RollLine(n, "f" * 32, one.chosen, one.points) for n, one in cast.items()), "roll.csv")
    election = parse_election(write_election(asked.filled(cast.items())), "round.pb")
    assert differences(election, roll) == blurred_differences(election, roll, "") == []
    first, *others = sorted(roll)
    changed = replace(roll[first], chosen=("p5", "p6"))
    assert differences(election, {**roll, first: changed})[0].startswith(f"Ballot {first} is p5,p6")
    assert blurred_differences(election, {**roll, first: changed}, "public.pb")[0].startswith("public.pb holds other")
    assert differences(election, {n: roll[n] for n in others}) == [
        f"Ballot {first} is in round.pb, and not in roll.csv."
    ]
    assert differences(election, {**roll, "e" * 32: changed}) == [
        f"Ballot {'e' * 32} is in roll.csv, and not in round.pb."
    ]
    assert "more ballots differ" in differences(election, {f"{n}x": one for n, one in roll.items()})[-1]
    assert blurred_differences(publish(election, 2).election, roll, "") == []


def test_a_ballot_that_was_altered_removed_or_of_another_round_is_not_found() -> None:
    receipt = receipt_of("elm", LINE)
    for other in (
        replace(LINE, chosen=("1",)), replace(LINE, nonce="e" * 32), replace(LINE, points=(1, 2)),
        replace(LINE, chosen=("4", "1")),
    ):  # fmt: skip
        assert "another choice" in find(receipt, {other.number: other})
    assert "not in the roll" in find(receipt, {})
    assert find(replace(receipt, round="oak"), {LINE.number: LINE}) != ""


@pytest.mark.parametrize(
    ("content", "fact"),
    [
        (b"ballot,nonce,for\n", 'no column "points"'),
        (b"ballot,nonce,for,points\n0,1,2,\n", "roll.csv:2:1: This is no line of a roll"),
        (write_roll([LINE]) + write_roll([LINE]).split(b"\n", 1)[1], "roll.csv:3:1: .* twice"),
        (write_roll([replace(LINE, points=())]).replace(b'"1,4",', b'"1,4",x'), "no line of a roll"),
    ],
)
def test_what_is_no_roll(content: bytes, fact: str) -> None:
    with pytest.raises(SokeError, match=fact):
        read_roll(content, "roll.csv")


def test_a_statement_reads_back_and_is_no_receipt() -> None:
    made = statement_of("elm", 2, {"roll.csv": b"a", "round.pb": b"b"})
    assert read_statement(made.text) == made
    assert made.files["roll.csv"] == hashlib.sha256(b"a").hexdigest()
    assert read_receipt(made.text) is None and read_statement(receipt_of("elm", LINE).text) is None


def test_what_adds_up_and_what_does_not() -> None:
    one = ChannelCount(channel="letter", issued=10, cast=4, spoiled=2, unused=4)
    two = ChannelCount(channel="table", issued=5, cast=5, spoiled=0, unused=0)
    assert Reconciliation((one, two), 9).faults() == ()
    assert one.turnout == 50 and replace(one, issued=2, cast=0, unused=0).turnout is None
    (said,) = Reconciliation((one, two), 10).faults()
    assert said == "9 codes were used, and 10 ballots are in the box."
    (said,) = Reconciliation((replace(one, issued=11), two), 9).faults()
    assert said.startswith("letter: 11 codes issued, but 4 cast")
    assert Reconciliation((one, two), 9).rows()[-1] == {
        "channel": "all", "issued": 15, "cast": 9, "invalid": 0, "spoiled": 2, "unused": 4, "turnout_percent": 69.2
    }  # fmt: skip


def test_a_reconciliation_reads_back_and_what_is_none_is_refused() -> None:
    one = ChannelCount(channel="letter", issued=10, cast=4, spoiled=2, unused=4)
    made = Reconciliation((one, replace(one, channel="table")), 8)
    good = write_reconciliation("elm", made)
    assert read_reconciliation(good, "r.json") == ("elm", made)
    for bad in (
        b"", b"[]", b"[" * 100_000, b"\xff", b"null", good.replace(b"10", b"NaN"), good.replace(b"10", b"-1"),
        good.replace(b"10", b"9" * 5_000), good.replace(b"10", b"true"), good.replace(b"20", b"21"),
        good.replace(b'"table"', b'"\\ud800"'), good.replace(b'"ballots"', b'"votes"'),
    ):  # fmt: skip
        with pytest.raises(SokeError, match=r"no reconciliation|not their sum"):
            read_reconciliation(bad, "r.json")
