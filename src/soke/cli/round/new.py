"""``soke round new``, ``letters`` and ``paper``: the papers of a round, written and printed for those who run it."""

from __future__ import annotations

from pathlib import Path

import typer

from soke.cli.asking import again, answer
from soke.cli.output import say
from soke.cli.round.open import BOX
from soke.community.voting.first_paper import paper_by_questions, read_projects
from soke.community.voting.paper import read_paper
from soke.files import must_be_new, write_new
from soke.register.ballot_box import BallotBox
from soke.register.round_files import read_codes, read_round_file
from soke.report.round_pages import ballot_papers, left_open
from soke.report.round_pages import letters as letters_page
from soke.text import counted, listed

PAPER = typer.Argument(metavar="PAPER", help="The ballot paper: a .pb file without ballots.")


def new(
    paper: Path = typer.Argument(metavar="PAPER", help="The ballot paper to write: a new file that ends in .pb."),
    projects: Path | None = typer.Option(None, help="The projects: a CSV file with name,cost and maybe id,district."),
) -> None:
    """Ask what a ballot paper must say, and write it: name, money, districts, projects, days, where to hand in.

    The answers can come from a pipe, a line each. A file that is there is never replaced, and nothing is written
    before the last answer. Every ballot of such a paper chooses one project at least.

    Example: soke round new elm.pb

    Example: soke round new elm.pb --projects projects.csv < answers.txt
    """
    must_be_new(paper)
    given = read_projects(read_round_file(projects), str(projects)) if projects is not None else None
    made = paper_by_questions(answer, again, given)
    write_new(paper, made.content)
    of = f" in {listed(made.districts)}" if made.districts else ""
    say(f"Wrote {paper}: {counted(len(made.election.projects), 'project')}{of}.")
    say(f"Next: soke round paper {paper} --out paper.html, and soke round open BOX {paper} --name NAME")


def ballot_paper(
    paper: Path = PAPER,
    out: Path = typer.Option(help="The page to write: a new file."),
    district: list[str] = typer.Option([], help="Only for this district; give it again for more."),
    together: bool = typer.Option(False, "--together", help="One paper with the projects of all districts."),
) -> None:
    """Write the ballot paper as a page to print: boxes, projects, costs, and the place for the code.

    Where projects are of districts there is a paper for each, with its projects and those for everybody; --together
    makes one with all of them, for codes that are bound to no district.

    Example: soke round paper elm.pb --out paper.html
    """
    must_be_new(out)
    made = read_paper(read_round_file(paper), str(paper))
    named = [made.district(one) for one in district]
    write_new(out, ballot_papers(made, [""] if together else named or made.districts or [""]).encode())
    say(f"Wrote {out}. Print it from a browser.")
    _say_open(left_open(made)[:2], "The paper")


def letters(
    box: Path = BOX,
    codes: Path = typer.Argument(metavar="CODES", help="The codes: the file that soke round codes wrote."),
    out: Path = typer.Option(help="The page to write: a new file, which only its owner can read."),
) -> None:
    """Write a letter for each code as a page to print: the code, what to do, until when, and where to hand in.

    No letter has a name on it: put each into an envelope without looking which. Every code must be of this round and
    not used yet. The page holds the codes, so delete it once it is printed.

    Example: soke round letters elm.box letter-codes.csv --out letters.html
    """
    must_be_new(out)
    given = read_codes(codes)
    with BallotBox.open(box) as opened:
        districts, made = opened.districts_of(given), opened.paper
    page = letters_page(made, list(zip([code for _, code in given], districts, strict=True)))
    write_new(out, page.encode(), 0o600)
    say(f"Wrote {counted(len(given), 'letter')} in {out}. Print them from a browser, then delete {out} and {codes}.")
    _say_open(left_open(made), "A letter")


def _say_open(missing: list[str], what: str) -> None:
    if missing:
        say(f"{what} does not say {listed(missing)}: the ballot paper has no words for it.")
