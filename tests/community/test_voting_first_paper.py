"""A ballot paper from answers and from a spreadsheet's CSV: whatever is answered, it reads back as it was meant."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soke.community.budgets.election import Project
from soke.community.voting.first_paper import day_of, paper_by_questions, read_day, read_money, read_projects
from soke.community.voting.paper import Paper
from soke.errors import SokeError

words = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=30)
ELM = ("Elm ward", "£20,000", "", "Bench", "9,000", "Trees; many", "3500.50", "", "1", "2026-06-01", "21 June 2026",
       "Library, High Street", "Ann Clerk")  # fmt: skip


def asked(*answers: str, projects: tuple[Project, ...] | None = None) -> Paper:
    lines = iter(answers)

    def stop(error: SokeError) -> None:
        raise error

    return paper_by_questions(lambda *_: next(lines), stop, projects)


class TestQuestions:
    def test_a_paper_from_answers(self) -> None:
        made = asked(*ELM)
        election = made.election
        assert [(one.id, one.name, one.cost) for one in election.projects] == [
            ("1", "Bench", 9_000_00), ("2", "Trees; many", 3_500_50)
        ]  # fmt: skip
        assert (election.budget, made.most, made.limits.min_length, election.kind) == (20_000_00, 1, 1, "approval")
        assert (day_of(election.meta, "date_begin"), day_of(election.meta, "date_end")) == (
            dt.date(2026, 6, 1), dt.date(2026, 6, 21)
        )  # fmt: skip
        assert election.meta["soke_hand_in"] == "Library, High Street" and election.meta["instance"] == "2026"

    def test_districts_and_what_is_left_open(self) -> None:
        made = asked("Town", "100", "North, South", "Bench", "60", "north", "Rack", "50", "South", "Tree", "40", "", "",
                     "", "", "", "", "")  # fmt: skip
        assert made.districts == ("North", "South")
        assert [one.district for one in made.election.projects] == ["North", "South", ""]
        assert made.limits.max_length is None and "date_end" not in made.election.meta
        assert "soke_contact" not in made.election.meta

    @pytest.mark.parametrize(
        ("number", "answer", "fact"),
        [
            (0, "", "There is not a name"),
            (0, "a\u202eb", "is not a name"),
            (1, "lots", '"lots" is no sum'),
            (1, "0", "is no sum"),
            (3, "", "There is no project yet"),
            (4, "20,001", "More than the £20,000 that there are"),
            (5, "bench", 'a project "bench" already'),
            (8, "3", "no number of 1 to 2"),
            (8, "0", "no number of 1 to 2"),
            (9, "soon", '"soon" is no day'),
            (10, "31 May 2026", "before the first"),
        ],
    )
    def test_an_answer_that_cannot_be_used_is_asked_for_again(self, number: int, answer: str, fact: str) -> None:
        said: list[str] = []
        lines: Iterator[str] = iter([*ELM[:number], answer, *ELM[number:]])
        made = paper_by_questions(lambda *_: next(lines), lambda error: said.append(str(error)))
        assert made.content == asked(*ELM).content and len(said) == 1 and fact in said[0]

    def test_districts_that_there_are_not(self) -> None:
        for answers, fact in (
            (("T", "9", "A, a"), "stands there twice"), (("T", "9", "=A"), "a formula"),
            (("T", "9", "A,,B"), "not a name"), (("T", "9", "North", "x", "1", "Nort"), "Did you mean North"),
        ):  # fmt: skip
            with pytest.raises(SokeError, match=fact):
                asked(*answers)

    @given(
        words,
        st.lists(
            st.tuples(words, st.integers(1, 10**7)), min_size=1, max_size=5, unique_by=lambda one: one[0].casefold()
        ),
    )
    def test_any_words_come_back_as_they_were(self, title: str, projects: list[tuple[str, int]]) -> None:
        given_ = tuple(Project(id=str(number), cost=cost, name=name) for number, (name, cost) in enumerate(projects, 1))
        made = asked(title, "100000", "", "", "", title, title, projects=given_)
        assert [(one.name, one.cost) for one in made.election.projects] == projects
        assert made.election.meta["description"] == made.election.meta["soke_hand_in"]


class TestProjects:
    @pytest.mark.parametrize(
        "content",
        [
            b"name,cost\nBench,9000\nTrees,3500.50\n",
            b"\xef\xbb\xbfProject;Cost (\xc2\xa3)\r\nBench;\xc2\xa39,000\r\n;\r\nTrees;3,500.50\r\n",
            b'Title,Amount\n"Bench","9,000.00"\nTrees,\xc2\xa3 3500.5\n',
            b"name\tcost\nBench\t9,000\nTrees\t3500.50\n",
            b"No.,Project name,Price\n1,Bench,9000\n2,Trees,3500.50\n",
        ],
    )
    def test_as_spreadsheets_save_them(self, content: bytes) -> None:
        found = read_projects(content, "p.csv")
        assert [(one.id, one.name, one.cost) for one in found] == [("1", "Bench", 9_000_00), ("2", "Trees", 3_500_50)]

    def test_ids_and_districts_of_their_own(self) -> None:
        found = read_projects(b"id,name,cost,ward\nA1,Bench,60,North\nA2,Bench,50,South\nA3,Tree,40,\n", "p.csv")
        assert [(one.id, one.district) for one in found] == [("A1", "North"), ("A2", "South"), ("A3", "")]

    def test_every_line_that_is_wrong_is_named_at_once(self) -> None:
        content = (
            b'name,cost,id\nBench,free,1\n,5,2\nTree,9.000,3\nSwing,4,5\nswing,4,6\nHall,4,5\nHut,4,=1\nHat,4,"1,2"\n'
        )
        with pytest.raises(SokeError) as refused:
            read_projects(content, "p.csv")
        said = str(refused.value)
        assert said.startswith('p.csv:2:1: "free" is no sum of money')
        for line in (3, 4, 6, 7, 8, 9):
            assert f"\n  line {line}: " in said
        assert "\n  line 5: " not in said

    @pytest.mark.parametrize(
        ("content", "fact"),
        [(b"", "is empty"), (b"name,cost\n", "no projects"), (b"name\nBench\n", 'no column "cost"'),
         (b"name,cost,colour\nBench,5,red\n", "nobody asked for"), (b"name,cost\n\xff,5\n", "not UTF-8")],
    )  # fmt: skip
    def test_what_is_no_list_of_projects(self, content: bytes, fact: str) -> None:
        with pytest.raises(SokeError, match=fact):
            read_projects(content, "p.csv")


@pytest.mark.parametrize(
    ("text", "hundredths"),
    [("20000", 20_000_00), ("£20,000", 20_000_00), ("£ 1,250.50", 1_250_50), ("20 000 GBP", 20_000_00), ("0.01", 1)],
)
def test_money_as_people_write_it(text: str, hundredths: int) -> None:
    assert read_money(text) == hundredths


@pytest.mark.parametrize("text", ["", "0", "-5", "9.000", "9,00", "1,2345", "20k", "1e5", "\uff11", "1.234", "9" * 30])
def test_what_is_no_sum_of_money(text: str) -> None:
    with pytest.raises(SokeError, match="sum of money"):
        read_money(text)


@pytest.mark.parametrize(
    "text", ["2026-06-01", "1 June 2026", "01/06/2026", "1.6.2026", "1-6-2026", "Monday 1st June, 2026", "1 jun 2026"]
)
def test_days_as_people_write_them(text: str) -> None:
    assert read_day(text) == dt.date(2026, 6, 1)


@pytest.mark.parametrize("text", ["", "June", "31/06/2026", "2026-13-01", "13/13/2026", "1 June 1926", "06/31/2026"])
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(SokeError, match="is no day"):
        read_day(text)
