"""Letters and ballot papers: one a sheet of A4, with what a voter needs in plain words, and nothing of anybody else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from soke.community.voting.codes import new_code
from soke.community.voting.paper import Paper, read_paper
from soke.errors import SokeError
from soke.report import round_pages
from soke.report.round_pages import ballot_papers, left_open, letters

META = {"description": "Elm <ward>", "currency": "GBP", "budget": "20000", "vote_type": "approval", "num_projects": "4",
        "num_votes": "0", "max_length": "2", "date_begin": "01.06.2026", "date_end": "21.06.2026",
        "soke_hand_in": "The library", "soke_contact": "Ann, 01632 960 123."}  # fmt: skip
PROJECTS = "1;9000;Bench & table;North\n2;7000;Car park;South\n3;3000;;\n4;4500;Crossing;North\n"


def paper(columns: str = "voter_id;vote", **meta: str) -> Paper:
    said = {key: value for key, value in (META | meta).items() if value}
    head = "".join(f"{key};{value}\n" for key, value in said.items())
    text = f"META\nkey;value\n{head}PROJECTS\nproject_id;cost;name;district\n{PROJECTS}VOTES\n{columns}\n"
    return read_paper(text.encode(), "elm.pb")


def seen(page: str) -> str:
    """What a page says, without its marks."""
    return " ".join(re.sub(r"<[^>]*>", " ", page.split("<main>")[1]).split())


class TestLetters:
    def test_each_code_stands_in_a_letter_of_its_own(self) -> None:
        codes = [(new_code(), of) for of in ("North", "South", "", "North")]
        page = letters(paper(), codes)
        sheets = page.split('<section class="sheet"')[1:]
        assert len(sheets) == 4
        for sheet, (code, of) in zip(sheets, codes, strict=True):
            assert [other for other, _ in codes if other.replace("-", " ") in seen(f"<main>{sheet}")] == [code]
            assert ("Residents in North" in sheet) == (of == "North")
            for district in ("North", "South"):
                assert (district in seen(f"<main>{sheet}")) == (district == of)
        said = seen(page)
        for words in (
            "Elm &lt;ward&gt;", "£20,000", "everybody has one vote", "Put a cross beside up to 2 projects.",
            "3 projects to choose from: those of North and those for everybody", "There are 4 projects to choose from.",
            "Hand the paper in: The library, from 1 June 2026 to 21 June 2026.",
            "ask for another: Ann, 01632 960 123.",
        ):  # fmt: skip
            assert words in said, words

    def test_what_the_paper_does_not_say_is_left_open(self) -> None:
        bare = paper(date_begin="", date_end="", soke_hand_in="", soke_contact="", currency="")
        assert left_open(bare) == ["the last day", "where papers are handed in", "whom to ask"]
        assert left_open(paper()) == []
        page = letters(bare, [(new_code(), "")])
        assert 'Hand the paper in: <span class="line">' in page and "None" not in page and "£" not in seen(page)
        assert left_open(paper(date_end="2026")) == ["the last day"]

    def test_more_than_can_be_printed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(round_pages, "MOST_LETTERS", 1)
        with pytest.raises(SokeError, match="2 letters are too many for one file"):
            letters(paper(), [(new_code(), "")] * 2)


class TestBallotPapers:
    def test_a_paper_for_each_district_with_its_projects_and_those_for_everybody(self) -> None:
        page = ballot_papers(paper(), ["North", "South"])
        north, south = page.split('<section class="sheet"')[1:]
        assert "Ballot paper: North" in north and "Ballot paper: South" in south
        assert re.findall(r'<th scope="row">(.*?)</th>', north) == ["1", "3", "4"]
        assert re.findall(r'<th scope="row">(.*?)</th>', south) == ["2", "3"]
        assert "Bench &amp; table" in north and "£9,000" in north and "District" not in north
        for sheet in (north, south):
            assert sheet.count('class="group"') == 3 and sheet.split('class="signs"')[1].count('class="box"') == 15
        assert "more than that cannot be counted" in north and "more than that" not in south

    def test_one_with_all_projects_says_of_which_district_each_is(self) -> None:
        said = seen(ballot_papers(paper(), [""]))
        assert "District" in said and "Car park South" in said and "3 everybody" in said

    @pytest.mark.parametrize(
        ("meta", "columns", "words"),
        [
            ({"vote_type": "choose-1", "max_length": ""}, "voter_id;vote", "Put a cross beside one project."),
            ({"max_length": ""}, "voter_id;vote", "Put a cross beside as many projects as you like."),
            ({"min_length": "2", "max_length": "3"}, "voter_id;vote", "Put a cross beside 2 to 3 projects."),
            ({"min_length": "2"}, "voter_id;vote", "Put a cross beside 2 projects."),
            ({"vote_type": "ordinal"}, "voter_id;vote", "2 beside the next, and so on, for up to 2 projects."),
            ({"vote_type": "cumulative", "max_points": "5", "max_sum_points": "10"}, "voter_id;vote;points",
             "Write points beside up to 2 projects, 5 for one at most, 10 together at most."),
            ({"max_sum_cost": "9000", "max_length": ""}, "voter_id;vote",
             "Put a cross beside as many projects as you like, for £9,000 together at most."),
            ({}, "voter_id;vote;age", "Age (you need not say):"),
        ],
    )  # fmt: skip
    def test_what_a_ballot_may_hold_in_words(self, meta: dict[str, str], columns: str, words: str) -> None:
        assert words in seen(ballot_papers(paper(columns, **meta), [""]))


@pytest.mark.slow
def test_each_is_a_sheet_of_a4_and_fits_a_phone(chromium: str, tmp_path: Path) -> None:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    pages = {"letters": (letters(paper(), [(new_code(), "North") for _ in range(3)]), 3),
             "papers": (ballot_papers(paper("voter_id;vote;age;town"), ["North", "South"]), 2)}  # fmt: skip
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, (text, sheets) in pages.items():
            (tmp_path / f"{name}.html").write_text(text)
            page = browser.new_page(viewport={"width": 375, "height": 800})
            page.goto((tmp_path / f"{name}.html").as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") <= 375
            wide = "[...document.querySelectorAll('.code b span, .signs, .choices')]" \
                   ".every(one => one.getBoundingClientRect().right <= 375)"  # fmt: skip
            assert page.evaluate(wide)
            printed = page.pdf(prefer_css_page_size=True)
            assert len(re.findall(rb"/Type /Page\b(?!s)", printed)) == sheets
            assert b"MediaBox [0 0 594.9" in printed
        browser.close()
