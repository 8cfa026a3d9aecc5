"""Ballot papers: what a valid ballot is, its room in the box, and ballots typed in from paper."""

from __future__ import annotations

import random

import pytest
from ballot_papers import paper, paper_text
from hypothesis import given
from hypothesis import strategies as st

from soke.community.budgets.pb import parse_election
from soke.community.budgets.pb_write import write_election
from soke.community.voting.codes import new_code
from soke.community.voting.paper import REASONS, Ballot, Invalid, compare_batches, read_batch, read_paper
from soke.community.voting.slot import pack, size, unpack
from soke.errors import SokeError

POINTED = paper("cumulative", "max_length;4\nmax_points;5\nmax_sum_points;8\n", "voter_id;vote;points;age;sex")


class TestBallots:
    def test_the_order_of_ticks_is_not_kept_unless_ballots_are_ranked(self) -> None:
        assert paper().ballot("p3,p1").chosen == ("p1", "p3")
        assert paper("ordinal").ballot("p3,p1").chosen == ("p3", "p1")
        assert POINTED.ballot("p3,p1", "5,2") == Ballot(("p1", "p3"), (2, 5), ("", ""))

    @pytest.mark.parametrize(
        ("chosen", "fact"),
        [
            ("p9", 'chooses "p9", which is no project'),
            ("p1,p1", 'project "p1" twice'),
            ("p1,p2,p3,p4,p5", "chooses 5 projects; 4 are allowed"),
            ("p1,,p2", "A choice is empty"),
            ("p1;p2", "which is no project"),
            ('p1"', "which is no project"),
            ("p1\np2", "which is no project"),
            ("=cmd()", "which is no project"),
            ("p1\u202e", "which is no project"),
        ],
    )
    def test_what_is_not_valid_is_refused(self, chosen: str, fact: str) -> None:
        with pytest.raises(SokeError, match="Nothing was cast") as refused:
            paper().ballot(chosen)
        assert fact in str(refused.value) and "None" not in str(refused.value)

    def test_limits_of_money_number_and_points(self) -> None:
        knapsack = paper("approval", "max_sum_cost;900\n")
        assert knapsack.ballot("p1,p8").chosen == ("p1", "p8")
        with pytest.raises(SokeError, match=r"1,000\.00; 900\.00 are allowed"):
            knapsack.ballot("p2,p8")
        with pytest.raises(SokeError, match="at least 2 are needed"):
            paper(limits="min_length;2\n").ballot("p1")
        with pytest.raises(SokeError, match="2 projects; 1 are allowed"):
            paper("choose-1", "").ballot("p1,p2")
        for points in ("6,1", "5,4", "1", "0,1", "-1,2", "1e9,1", "1.5,1", "1,2,3", "nan,1", ""):
            with pytest.raises(SokeError, match="Nothing was cast"):
                POINTED.ballot("p1,p2", points)
        least = paper("cumulative", "min_sum_points;3\n", "voter_id;vote;points")
        assert least.ballot("p1,p2", "2,1").points == (2, 1)
        with pytest.raises(SokeError, match="gives 2 points; at least 3"):
            least.ballot("p1,p2", "1,1")
        with pytest.raises(SokeError, match="asks for no points"):
            paper().ballot("p1", "3")

    def test_what_else_is_asked(self) -> None:
        asks = paper(limits="min_age;16\n", columns="voter_id;vote;age;neighbourhood")
        assert asks.ballot("p1", "", {"age": "016", "neighbourhood": " Mill  Lane "}).about == ("16", "Mill Lane")
        assert asks.ballot("p1").about == ("", "")
        for age in ("200", "121", "-1", "15", "1e1", "nan", "１７", "seventeen", "16.5"):
            with pytest.raises(SokeError, match=r"is no age in years|is 16 or older"):
                asks.ballot("p1", "", {"age": age})
        with pytest.raises(SokeError, match='does not ask for "sex"'):
            asks.ballot("p1", "", {"sex": "F"})
        for said in ("x" * 61, "a\x1bb", "a\u202eb", "\udc80"):
            with pytest.raises(SokeError, match="not plain text"):
                asks.ballot("p1", "", {"neighbourhood": said})


class TestPapers:
    @pytest.mark.parametrize(
        ("change", "fact"),
        [
            (("num_votes;0", "num_votes;1"), "META says 1 ballots; the file has 0"),
            (("VOTES\nvoter_id;vote\n", "VOTES\n"), "VOTES has no header"),
            (("VOTES\nvoter_id;vote\n", "VOTES\nvoter_id;vote\n1;p1\n"), "has no ballots yet, and this file has"),
            (("VOTES\nvoter_id;vote\n", ""), "no section VOTES"),
            (("voter_id;vote\n", "voter_id\n"), 'no column "vote"'),
            (("max_length;4", "min_age;old"), 'min_age is "old"'),
            (("max_length;4", "min_sum_points;-1"), 'min_sum_points is "-1"'),
            (("p3;300", "p3;0"), "paper.pb:13"),
            (("p3;300", "=p3;300"), "taken for a formula"),
            (("p3;300", "p\u202e3;300"), "characters that nobody sees"),
            (("p3;300", '"p\n3";300'), "characters that nobody sees"),
        ],
    )
    def test_what_is_no_ballot_paper(self, change: tuple[str, str], fact: str) -> None:
        with pytest.raises(SokeError) as refused:
            read_paper(paper_text().replace(*change).encode(), "paper.pb")
        assert fact in str(refused.value) and "paper.pb" in str(refused.value)

    def test_a_filled_paper_reads_back_as_the_same_ballots(self) -> None:
        cast = [("aa", POINTED.ballot("p3,p1", "5,2", {"age": "34"})), ("bb", POINTED.ballot("", "", {"sex": "F;x"}))]
        found = parse_election(write_election(POINTED.filled(cast)), "round.pb").ballots
        assert found.voters == ("aa", "bb")
        assert found.chosen.tolist() == [0, 2] and found.starts.tolist() == [0, 2, 2]
        assert found.points is not None and found.points.tolist() == [2, 5]
        assert found.columns == {"age": ("34", ""), "sex": ("", "F;x")}


@given(st.sampled_from(["approval", "ordinal", "cumulative"]), st.randoms(use_true_random=False))
def test_every_ballot_comes_out_of_its_slot_as_it_went_in(kind: str, chance: random.Random) -> None:
    asks = POINTED if kind == "cumulative" else paper(kind, columns="voter_id;vote;age;town")
    ids = chance.sample([one.id for one in asks.election.projects], chance.randint(0, 4))
    points = ",".join("2" for _ in ids) if kind == "cumulative" else ""
    ballot = asks.ballot(",".join(ids), points, {"age": str(chance.randint(0, 120))})
    content = pack(ballot, asks)
    assert len(content) == size(asks) and unpack(content, asks) == ballot


def test_a_slot_that_holds_no_ballot_is_refused() -> None:
    good = pack(paper().ballot("p1"), paper())
    for bad in (b"", good[:-1], good + b"\0", b"\xff\xff" + good[2:], b"\0\1\xff\xff" + good[4:]):
        with pytest.raises(ValueError):
            unpack(bad, paper())


class TestBatches:
    def text(self, *rows: str, head: str = "code,for") -> bytes:
        return "\n".join([head, *rows, ""]).encode()

    def test_ballots_of_a_table(self) -> None:
        first, second = new_code(), new_code()
        for content in (
            self.text(f'{first},"p1,p2"', f"{second.lower()},"),
            b"\xef\xbb\xbf" + self.text(f"{first};p1,p2", f"{second};", head="Code;For").replace(b"\n", b"\r\n"),
        ):
            found = read_batch(content, "table.csv", paper())
            assert [(code, ballot.chosen) for _, code, ballot in found] == [
                (first.replace("-", ""), ("p1", "p2")), (second.replace("-", ""), ())
            ]  # fmt: skip

    @pytest.mark.parametrize(
        ("rows", "said"),
        [
            (["{b},p1 p2"], 'table.csv:3:1: "p1 p2" is no id; 2 projects may be meant'),
            (["{b},p1,p2"], "table.csv:3:1: This row has 3 cells"),
            (["{a},p2"], "table.csv:3:1: The code of this line was used on line 2"),
            (["{b}9,p2"], "table.csv:3:1: A code has 15 signs"),
            (['{b},"p2'], "table.csv:3:1: This is not CSV"),
            (["", "", ",p2"], "table.csv:5:1: A code has 15 signs"),
        ],
    )
    def test_the_line_that_is_wrong_is_named(self, rows: list[str], said: str) -> None:
        codes = {"a": new_code(), "b": new_code()}
        content = self.text(f"{codes['a']},p1", *(row.format(**codes) for row in rows))
        with pytest.raises(SokeError) as refused:
            read_batch(content, "table.csv", paper())
        assert str(refused.value).startswith(said)

    @pytest.mark.parametrize(
        ("content", "fact"),
        [
            (b"", "file is empty"),
            (b"code,for\n", "no ballots"),
            (b"code\n", 'no column "for"'),
            (b"code,for,for\n", 'two columns "for"'),
            (b"code,for,name\n", 'column "name" that nobody asked'),
            (b"code,for\n\xff,1\n", "not UTF-8"),
            (b"code,for\na\0,1\n", "zero byte"),
        ],
    )
    def test_what_is_no_table(self, content: bytes, fact: str) -> None:
        with pytest.raises(SokeError, match=fact):
            read_batch(content, "table.csv", paper())

    def test_two_people_typed_the_same(self) -> None:
        first, second, third = new_code(), new_code(), new_code()
        one = read_batch(self.text(f"{first},p1", f"{second},p2"), "one.csv", paper())
        same = read_batch(self.text(f"{second},p2", f"{first},p1"), "two.csv", paper())
        compare_batches(one, same)
        for rows, said in (
            ([f"{first},p1", f"{second},p3"], "one.csv:3:1: This ballot differs from that on two.csv:3"),
            ([f"{first},p1"], "one.csv:3:1: The other file has no ballot"),
            ([f"{first},p1", f"{second},p2", f"{third},p2"], "two.csv:4:1: The other file has no ballot"),
        ):
            with pytest.raises(SokeError) as refused:
                compare_batches(one, read_batch(self.text(*rows), "two.csv", paper()))
            assert str(refused.value).startswith(said)


class TestReceived:
    """What is wrong with a vote makes a paper invalid; what only who typed it can have got wrong is refused."""

    @pytest.mark.parametrize(
        ("chosen", "reason"),
        [
            ("p1,p2,p3,p4,p5", "too_many"),
            ("p1,p1", "twice"),
            ("p9", "unknown"),
            ("an ice rink", "unknown"),
            ("p1,p2,p9,p9,p9", "unknown"),
            ("=cmd()", "unknown"),
        ],
    )
    def test_an_invalid_paper_has_a_reason(self, chosen: str, reason: str) -> None:
        found = paper().received(chosen)
        assert isinstance(found, Invalid) and found.reason == reason and found.fact.endswith(".")
        assert reason in REASONS

    def test_limits_of_number_money_points_and_age(self) -> None:
        for limits, chosen, reason in (
            ("min_length;1\n", "", "too_few"), ("min_length;2\n", "p1", "too_few"),
            ("max_sum_cost;900\n", "p2,p8", "cost"),
        ):  # fmt: skip
            found = paper(limits=limits).received(chosen)
            assert isinstance(found, Invalid) and found.reason == reason
        for points in ("6,1", "5,4", "1", "0,1", "", "x,1"):
            found = POINTED.received("p1,p2", points)
            assert isinstance(found, Invalid) and found.reason == "points"
        asks = paper(limits="min_age;16\n", columns="voter_id;vote;age")
        found = asks.received("p1", "", {"age": "15"})
        assert isinstance(found, Invalid) and found.reason == "age"
        with pytest.raises(SokeError, match="no age in years"):
            asks.received("p1", "", {"age": "seventeen"})
        assert paper().received("") == Ballot(())  # where a ballot need choose nothing, an empty one is a ballot

    @pytest.mark.parametrize(
        "chosen",
        ["p1,,p2", "p1,", "p1 p2", "p1;p2", "p1.p2", "p1/p2", "p1 + p2", "P1", "Project 3", "project  3", "p 1"],
    )
    def test_a_slip_of_who_typed_is_refused(self, chosen: str) -> None:
        with pytest.raises(SokeError, match=r"Write the ids of the projects with commas between them: 1,4,7\."):
            paper().received(chosen)

    def test_two_who_typed_the_same_invalid_paper_agree_and_others_do_not(self) -> None:
        first = new_code()
        one, same, other = (
            read_batch(f'code,for\n{first},"{chosen}"\n'.encode(), "t.csv", paper())
            for chosen in ("p9,p1", "p1, p9", "p8,p1")
        )
        compare_batches(one, same)
        with pytest.raises(SokeError, match="differs"):
            compare_batches(one, other)

    def test_every_line_that_is_wrong_is_named_at_once(self) -> None:
        lines = "\n".join(f"{new_code()},{said}" for said in ("p1", "p1 p2", "p9"))
        content = f"code,for\nbad,p1\n{lines}\n{new_code()}9,p1\n".encode()
        with pytest.raises(SokeError) as refused:
            read_batch(content, "t.csv", paper())
        said = str(refused.value)
        assert said.startswith("t.csv:2:1: A code has 15 signs") or said.startswith("t.csv:2:1: A code holds no")
        assert '\n  line 4: "p1 p2" is no id' in said and "\n  line 6: A code has 15 signs" in said
        assert "line 5" not in said
        many = "code,for\n" + "".join(f"{one},p1\n" for one in range(50))
        with pytest.raises(SokeError, match=r"lines 3, 13, 14, .* and 1 more: A code holds no"):
            read_batch(many.encode(), "t.csv", paper())
