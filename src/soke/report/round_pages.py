"""What a round prints: a letter for each code, and the ballot paper. Sheets of A4, which fetch nothing and run nothing.

A letter names nobody: who puts it into an envelope need not see which code goes where. A ballot paper has the code and
the choice on one sheet, as the pile of papers at a count has, so what is typed in from it is destroyed afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence

from soke.community.budgets.election import Project
from soke.community.budgets.words import money
from soke.community.voting.first_paper import BEGINS, CONTACT, ENDS, HAND_IN, day_of
from soke.community.voting.paper import Paper
from soke.errors import SokeError
from soke.report.markup import Child, Element, Trusted, el
from soke.report.shell import document
from soke.text import counted, day

MOST_LETTERS = 20_000  # in one file: a browser prints no more
GROUPS, SIGNS = 3, 5
STYLE = """
body{--paper:#fff;--ink:#16212a;--mute:#4a5962;--line:#cfd6da;color-scheme:light;color:var(--ink)}
@page{size:A4;margin:18mm 20mm}
body{background:#fff}
main{max-width:180mm;padding:0 16px}
.sheet{break-after:page;padding:10mm 0;font-size:17px}
.sheet:last-child{break-after:auto}
.sheet h1{font-size:26px}
.sheet h2{font-size:18px;margin:1.1em 0 .3em}
.sheet .round{font-size:14px;margin:0 0 1.2em}
.sheet ol,.sheet ul{margin:0;padding-left:1.4em}
.sheet li{margin:0 0 .45em}
.code{border:2px solid var(--ink);padding:14px 10px 12px;margin:18px 0;text-align:center}
.code b{display:block;font:700 40px/1.2 "Liberation Mono","DejaVu Sans Mono","Courier New",monospace}
.code b{letter-spacing:.06em;white-space:nowrap}
.code span+span{margin-left:.55em}
.code p{margin:6px 0 0;font-size:15px}
.choices{width:100%;font-size:15px}
.choices tr{break-inside:avoid}
.choices td,.choices th{padding:7px 10px 7px 0;vertical-align:middle;min-width:0}
.choices td:not(.n){min-width:0;max-width:none}
.choices td.mark{width:56px}
.choices .n{padding-right:0}
.choices tbody th{font-weight:700;width:2.2em}
.box{display:inline-block;width:26px;height:26px;border:2px solid var(--ink);vertical-align:middle}
.wide{width:44px}
.signs{margin:8px 0 18px;white-space:nowrap}
.signs .box{width:30px;height:36px;border-width:1.5px;margin-right:3px}
.signs .group{margin-right:16px}
.line{display:inline-block;border-bottom:1.5px solid var(--ink);width:60mm;height:1.4em}
@media (max-width:560px){
.code b{font-size:19px}
.signs .box{width:15px;height:22px;margin-right:1px}
.signs .group{margin-right:5px}
}
@media print{.skip{display:none}main{max-width:none;padding:0}.sheet{padding:0}}
"""


def letters(paper: Paper, codes: Sequence[tuple[str, str]]) -> str:
    """A page with a letter for each code and its district, one a sheet. SokeError for too many to print."""
    if len(codes) > MOST_LETTERS:
        fix = f"Share the codes out over files of up to {MOST_LETTERS:,}, each with the first line."
        raise SokeError(f"{len(codes):,} letters are too many for one file.", fix)
    parts = {of: (Trusted(str(_opening(paper, of))), Trusted(str(_closing(paper, of)))) for _, of in codes}
    sheets = [
        el("section", parts[of][0], _code(code), parts[of][1], class_="sheet", id=None if number else "first")
        for number, (code, of) in enumerate(codes)
    ]
    return document(f"{title(paper)}: letters", "Skip to the first letter", "first", *sheets, style=STYLE, bare=True)


def ballot_papers(paper: Paper, districts: Sequence[str]) -> str:
    """A page with a ballot paper for each of the districts; "" is for who may choose every project."""
    sheets = [_ballot_paper(paper, of, None if number else "first") for number, of in enumerate(districts)]
    return document(
        f"{title(paper)}: ballot paper", "Skip to the ballot paper", "first", *sheets, style=STYLE, bare=True
    )


def title(paper: Paper) -> str:
    return paper.election.meta.get("description", "").strip()[:200] or "The vote"


def left_open(paper: Paper) -> list[str]:
    """What a letter would say and the paper does not, in words."""
    meta = paper.election.meta
    said = {"the last day": day_of(meta, ENDS), "where papers are handed in": meta.get(HAND_IN, "").strip(),
            "whom to ask": meta.get(CONTACT, "").strip()}  # fmt: skip
    return [words for words, value in said.items() if not value]


def _money(paper: Paper, hundredths: int) -> str:
    currency = paper.election.meta.get("currency", "").strip()[:10]
    return f"£{money(hundredths)}" if currency == "GBP" else f"{money(hundredths)} {currency}".strip()


def _opening(paper: Paper, district: str) -> Element:
    whose = f" in {district}" if district else ""
    return el("div", el("p", title(paper), class_="round"), el("h1", "You have a vote"),
              el("p", f"Residents{whose} decide how {_money(paper, paper.election.budget)} is spent. This letter holds "
                 "your code. It is good for one ballot, and everybody has one vote."))  # fmt: skip


def _code(code: str) -> Element:
    groups = [el("span", part) for part in code.split("-")]
    parts: list[Child] = [*(part for group in groups for part in (group, " "))]
    return el("div", el("b", *parts[:-1]), el("p", "Your code. There is no 0, O, 1, I or L in it."), class_="code")


def _closing(paper: Paper, district: str) -> Element:
    contact = paper.election.meta.get(CONTACT, "").strip()
    lost = f"If it is lost or spoiled, ask for another: {contact}" if contact else "If it is lost, ask for another"
    return el(
        "div", el("h2", "What to do"),
        el("ol", el("li", f"Take a ballot paper. {_choices(paper, district)}"), el("li", _how(paper, district)),
           el("li", "Write your code on the paper, in the boxes for it."), el("li", _hand_in(paper))),
        el("h2", "Good to know"),
        el("ul", el("li", "Your name is not on the ballot, and nobody needs to know what you chose."),
           el("li", "Keep the code to yourself until you vote: who has it can vote in your place."),
           el("li", f"{lost.rstrip('.')}. Once a ballot was cast with it, it cannot be changed."),
           el("li", "When the vote is over, every ballot is published without a name, and anybody can count again.")),
    )  # fmt: skip


def _choices(paper: Paper, district: str) -> str:
    many = counted(len(paper.open_to(district)), "project")
    everybody = any(not one.district for one in paper.election.projects)
    if not district:
        return f"There are {many} to choose from."
    return f"There are {many} to choose from: those of {district}{' and those for everybody' if everybody else ''}."


def _how(paper: Paper, district: str) -> str:
    """What a voter does with the boxes, in a sentence or two."""
    limits, kind = paper.limits, paper.election.kind
    there = len(paper.open_to(district))
    most, least = min(paper.most, there), limits.min_length or 0
    number = "one project" if most == 1 else f"{least} to {most} projects" if 1 < least < most else (
        f"{most} projects" if 1 < least == most else f"up to {most} projects" if most < there else
        "as many projects as you like")  # fmt: skip
    if kind == "ordinal":
        return f"Write 1 beside the project that you like best, 2 beside the next, and so on, for {number}."
    if kind == "cumulative":
        together = f", {limits.max_sum_points:,} together at most" if limits.max_sum_points is not None else ""
        each = f", {limits.max_points:,} for one at most" if limits.max_points is not None else ""
        return f"Write points beside {number}{each}{together}."
    spend = f", for {_money(paper, limits.max_sum_cost)} together at most" if limits.max_sum_cost is not None else ""
    return f"Put a cross beside {number}{spend}."


def _hand_in(paper: Paper) -> Element:
    meta = paper.election.meta
    where, begins, ends = meta.get(HAND_IN, "").strip(), day_of(meta, BEGINS), day_of(meta, ENDS)
    place: Child = where or el("span", class_="line")
    if begins and ends:
        when: Child = f", from {day(begins)} to {day(ends)}."
    else:
        when = f", by {day(ends)}." if ends else f", from {day(begins)}." if begins else "."
    return el("span", "Hand the paper in: ", place, when)


def _ballot_paper(paper: Paper, district: str, id_: str | None) -> Element:
    limits = paper.limits
    asked = [el("p", f"{name[:60].replace('_', ' ').capitalize()} (you need not say): ", el("span", class_="line"))
             for name in paper.asked]  # fmt: skip
    too_many = limits.max_length is not None and limits.max_length < len(paper.open_to(district))
    warning = " A paper with more than that cannot be counted." if too_many else ""
    heading = f"Ballot paper: {district}" if district else "Ballot paper"
    return el(
        "section", el("p", title(paper), class_="round"), el("h1", heading),
        el("p", el("b", _how(paper, district)), warning), _table(paper, district),
        el("h2", "Your code"), el("p", "It stands in your letter. Copy it into the boxes, a sign in each."), _signs(),
        *asked, el("p", _hand_in(paper)), class_="sheet", id=id_,
    )  # fmt: skip


def _table(paper: Paper, district: str) -> Element:
    several = not district and len(paper.districts) > 0
    wide = " wide" if paper.election.kind in ("ordinal", "cumulative") else ""
    mark = "Points" if paper.pointed else "Rank" if paper.election.kind == "ordinal" else "Choose"
    heads = [mark, "No.", "Project", *(["District"] if several else []), "Cost"]
    head = el("tr", *(el("th", said, scope="col", class_="n" if said == "Cost" else None) for said in heads))
    rows = [_row(paper, one, several, wide) for one in paper.open_to(district)]
    return el("table", el("thead", head), el("tbody", *rows), class_="choices")


def _row(paper: Paper, one: Project, several: bool, wide: str) -> Element:
    where = [el("td", one.district or "everybody")] if several else []
    box = el("span", class_=f"box{wide}")
    return el("tr", el("td", box, class_="mark"), el("th", one.id, scope="row"), el("td", one.name[:200] or one.id),
              *where, el("td", _money(paper, one.cost), class_="n"))  # fmt: skip


def _signs() -> Element:
    box = el("span", class_="box")
    groups = [el("span", *[box] * SIGNS, class_="group") for _ in range(GROUPS)]
    return el("p", *groups, class_="signs")
