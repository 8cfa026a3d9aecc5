"""One fault planted into each shipped deal, by a text edit, is found at its line, and nothing else is new."""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from soke.deal.check import Checked, check_reading
from soke.deal.finding import Finding
from soke.deal.reader import read_text
from soke.deal.registry import RULES
from soke.england.places import places

DEALS = sorted(path for path in Path("deals").glob("*.toml") if path.name != "broken.toml")
MARK = "# planted"
Edit = Callable[[str], str]


def append(text: str) -> Edit:
    """Add tables at the end of the file."""
    return lambda deal: f"{deal}\n{text}\n"


def top(line: str) -> Edit:
    """Add a key before the first table."""
    return lambda deal: deal.replace("\nextends =", f"\n{line}\nextends =", 1)


def replace(pattern: str, by: str) -> Edit:
    """Replace the first match; it must be there."""

    def edit(deal: str) -> str:
        edited, count = re.subn(pattern, by, deal, count=1, flags=re.MULTILINE | re.DOTALL)
        assert count == 1, f"nothing to plant in: {pattern}"
        return edited

    return edit


def in_first(table: str, line: str, but: str = "") -> Edit:
    """Put a key into the first such table, in place of the key if it is there."""

    def edit(deal: str) -> str:
        blocks = re.split(r"(?m)^(?=\[)", deal)
        key = line.split(" =", maxsplit=1)[0]
        for number, block in enumerate(blocks):
            if block.startswith(f"[[{table}]]\n") and (not but or but not in block):
                kept = re.sub(rf"(?m)^{re.escape(key)} = .*\n", "", block)
                head, rest = kept.split("\n", 1)
                blocks[number] = f"{head}\n{line}\n{rest}"
                return "".join(blocks)
        raise AssertionError(f"no [[{table}]]")

    return edit


def target(line: str) -> str:
    return (
        '[[target]]\nid = "own-books"\ntitle = "Balance its own books"\npartner = "nhs"\n'
        f'indicator = "joint-decisions"\nbetter = "up"\n{line}\norigin = "illustrative"'
    )


def override(table: str, name: str, line: str) -> Edit:
    """Override one key of an item that comes from the framework, merging with an override that is there."""

    def edit(deal: str) -> str:
        blocks = re.split(r"(?m)^(?=\[)", deal)
        for block in blocks:
            if block.startswith(f"[[{table}]]\n") and f'id = "{name}"\n' in block:
                key = line.split(" =", maxsplit=1)[0]
                kept = re.sub(rf"(?m)^{key} = .*\n", "", block)
                return deal.replace(block, kept.rstrip("\n") + f"\n{line}\n\n")
        return f'{deal}\n[[{table}]]\nid = "{name}"\n{line}\n'

    return edit


def both(*edits: Edit) -> Edit:
    def edit(deal: str) -> str:
        for one in edits:
            deal = one(deal)
        return deal

    return edit


def without_agreement(deal: str) -> str:
    """Take out what the deal says of an agreement from before it."""
    return re.sub(r"(?m)^existing_(from|until) = .*\n", "", deal)


def wrong_gap(deal: str) -> str:
    """Change the stated gap, or state an account with a wrong one."""
    if "stated_gap" in deal:
        return replace(r"^stated_gap = [^\n]*", f"stated_gap = 3 {MARK}")(deal)
    account = '[account]\nyear = "2022-23"\ndefinition = "d"\npublic_spend = 9\ntax_raised = 5\norigin = "derived"\n'
    return append(f"{account}stated_gap = 3 {MARK}")(deal)


def link(share: str, low: int) -> str:
    """A railway from Manchester to Leeds, 57 km, and the share of trips that it takes."""
    return (
        'effect = { channel = "connection", between = [["E08000003"], ["E08000035"]], mode = "rail", '
        f"{share}minutes_before = 85, minutes_after = {{ low = {low}, central = 65, high = 75 }} }} {MARK}"
    )


def more_capital(deal: str) -> str:
    """Public capital of all the places of a deal, beyond what they have and below what they produce in a year."""
    pounds, here = next(
        (pounds, here)
        for name, pounds, here in (
            ("greater-manchester", 60, '"E47000001"'), ("cornwall", 9, '"E06000052"'),
            ("norfolk-and-suffolk", 30, '"E10000020", "E10000029"'),
        )
        if f'id = "{name}"' in deal
    )  # fmt: skip
    edits = ('effect = { channel = "public-capital" }', f"places = [{here}]", f"capital = {pounds}_000_000_000 {MARK}")
    return both(*(in_first("investment", line) for line in edits))(deal)


def tier_of_another(deal: str) -> str:
    """A tier that the area has not; of a deal that uses what its tier alone is offered, an area that has another."""
    for name, place in (("greater-manchester", "E12000008"), ("norfolk-and-suffolk", "E47000018")):
        if f'id = "{name}"' in deal:
            moved = replace(r"^place = [^\n]*", f'place = "{place}"')(re.sub(r"(?m)^members = .*\n", "", deal))
            return replace(r"^(tier = [^\n]*)", rf"\1 {MARK}")(moved)
    return replace(r"^tier = [^\n]*", f'tier = "mayoral" {MARK}')(deal)


TINY = (
    '[[fund]]\nid = "tiny"\ntitle = "Tiny"\ntheme = "t"\nfunction = "skills"\nfrom = "dfe"\nto = "authority"\n'
    'mechanism = "national-formula"\nadditionality = "new"\nafter_profile = "ends"\npowers = ["adult-skills"]\n'
    'origin = "illustrative"\n'
)
FAULTS: dict[str, Edit] = {
    "DV001": append(f"not toml {MARK}"),
    "DV002": in_first("fund", f"ring_fence = true {MARK}"),
    "DV003": append(f'[[bargain]] {MARK}\nid = "b"\nissue = "Homes near stations"\ngainers = []\nlosers = []'),
    "DV004": append(f'[[clause]]\nid = "authority" {MARK}\ntitle = "T"\ntext = "X."\norigin = "illustrative"'),
    "DV005": override("condition", "partners-decide", f'due_days = "ninety" {MARK}'),
    "DV006": replace(r'^schema = "soke-deal/1"', f'schema = "soke-deal/2" {MARK}'),
    "DV007": in_first("investment", f"revenue = -1 {MARK}"),
    "DV008": append(f'# soke: ignore DF306 {MARK}\n[[clause]]\nid = "c"\ntitle = "T"\ntext = "X."\norigin = "derived"'),
    "DV009": in_first("investment", f'fund = "moon" {MARK}'),
    "DV010": replace(r"^ends = [^\n]*", f'ends = "2019-20" {MARK}'),
    "DP101": in_first("investment", f'places = ["E07000026"] {MARK}'),
    "DP102": both(
        replace(r"^members = .*?\n|(?=^tier)", ""), top(f'members = ["E07000143", "E08000025", "E08000035"] {MARK}')
    ),
    "DP105": tier_of_another,
    "DW201": override("power", "adult-skills", f'statutory_basis = "" {MARK}'),
    "DW205": in_first("fund", f"powers = [] {MARK}"),
    "DW207": replace(r"^powers = \[", f'powers = [ "time-travel", {MARK}\n'),
    "DF301": in_first("fund", f'from = "nobody" {MARK}'),
    "DF302": in_first("investment", f'opens = "2029-2030" {MARK}'),
    "DF303": in_first("fund", f"lines = {{ only = 1 }} {MARK}"),
    "DF304": append(f'{TINY}profile = [{{ year = "2026-27" }}, {{ year = "2028-29" }}] {MARK}'),
    "DF312": append(f'{TINY}profile = [{{ year = "2026-27" }}, {{ year = "2026-27" }}] {MARK}'),
    "DF305": append(f'[[pool]]\nid = "p"\ntitle = "P"\norigin = "derived"\nyear = "2026-27"\nheadline = 5_000 {MARK}'),
    "DF306": in_first("fund", f"remainder = true {MARK}", but="remainder"),
    "DF309": replace(r"^prices = [^\n]*", f'prices = "gold" {MARK}'),
    "DF310": in_first("fund", f'mechanism = "bid" {MARK}'),
    "DF311": in_first("fund", f'previous_spend = [{{ year = "2025-26", revenue = 900_000_000 }}] {MARK}'),
    "DF313": in_first("fund", f"previous_spend = [] {MARK}", but='additionality = "new"'),
    "DF314": append(f'{TINY}profile = [{{ year = "2026-27", revenue = 900_000_000_000 }}] {MARK}'),
    "DF315": append(f'{TINY}profile = [{{ year = "2026-27", revenue = 10_000_000_000 }}] {MARK}'),
    "DF316": append(
        f'{TINY}profile = [{{ year = "2026-27", revenue = 9_000_000 }}, {{ year = "2027-28", revenue = 9_000 }}] {MARK}'
    ),
    "DF317": append(f'{TINY}profile = [{{ year = "2026-27", revenue = 9_000 }}] {MARK}'),
    "DC201": append(
        f'[[condition]]\nid = "c"\ntitle = "C"\nkind = "policy"\norigin = "illustrative"\nindicator = "joy" {MARK}'
    ),
    "DC205": override("condition", "pools-are-paid", f"due_days = 3 {MARK}"),
    "DC206": override("indicator", "pooled-contributions", f"baseline_value = 0.99 {MARK}"),
    "DC209": override("indicator", "joint-decisions", f"usual_cases = 3 {MARK}"),
    "DC211": override("indicator", "answers-in-time", f"usual_cases = 0 {MARK}"),
    "DC210": append(
        '[[condition]]\nid = "few"\ntitle = "F"\nkind = "policy"\norigin = "illustrative"\n'
        f'indicator = "joint-decisions"\ndue_days = 90\nat_most = 0.1 {MARK}'
    ),
    "DC208": override("condition", "pools-are-paid", f'checked_by = "authority" {MARK}'),
    "DA654": append(
        TINY.replace("[[fund]]", f"[[fund]] {MARK}").replace('"authority"', '"nhs"')
        + 'profile = [{ year = "2026-27", revenue = 9_000_000 }]'
    ),
    "DA655": both(
        lambda deal: re.sub(r"(?ms)^\[\[layer\]\].*?^(?=\[|#)", "", deal),
        append(
            f'[[layer]] {MARK}\nid = "delivery-board"\ntitle = "Board"\nkind = "board"\nchange = "made"\n'
            'origin = "illustrative"'
        ),
    ),
    "DA656": append(
        f'[[accountability]]\nid = "fund-audit"\ntitle = "A"\nto = "residents"\nevery = "year"\nrole = "audit"\n'
        f'origin = "illustrative"\ncovers = ["moon"] {MARK}'
    ),
    "DA653": append(
        TINY + 'recallable_share = 0.5\nprofile = [{ year = "2026-27", revenue = 90 }]\n\n'
        f'[[condition]]\nid = "pools-are-paid"\nrecall = {{ scope = ["tiny"], max_share_of_fund = 0.5 }} {MARK}'
    ),
    "DR401": override("condition", "pools-are-paid", f'recall = {{ scope = ["adult-skills"] }} {MARK}'),
    "DR402": override("condition", "pools-are-paid", f'recall = {{ scope = ["moon"] }} {MARK}'),
    "DR403": both(
        override("fund", "adult-skills-fund", "recallable_share = 0.1"),
        override(
            "condition",
            "pools-are-paid",
            f'recall = {{ scope = ["adult-skills-fund"], max_share_of_fund = 0.0 }} {MARK}',
        ),
    ),
    "DR412": append(
        TINY.replace("[[fund]]", f"[[fund]] {MARK}") + 'profile = [{ year = "2026-27", revenue = 9_000_000 }]\n\n'
        '[[condition]]\nid = "pools-are-paid"\nrecall = { scope = ["tiny"], max_share_of_fund = 0.5 }'
    ),
    "DR404": append(f'[due_process]\nladder = ["report", "notice", "recall", "restore"] {MARK}'),
    "DR405": append(f'[due_process]\ndecision_by = "mhclg" {MARK}'),
    "DR411": append(
        '[due_process]\nladder = ["report", "notice", "response", "hearing", "cure", "decision", "appeal", "recall", '
        f'"restore"] {MARK}'
    ),
    "DR408": append(f'[due_process]\nrestore = " " {MARK}'),
    "DX501": wrong_gap,
    "DX502": replace(r"^retention = [^\n]*", f"retention = 1.5 {MARK}"),
    "DX503": replace(r"^(retention = [^\n]*)", rf'\1\npool = ["E08000003"] {MARK}'),
    "DX506": replace(r"^reset = [^\n]*", f'reset = "2024-25" {MARK}'),
    "DX507": both(without_agreement, replace(r"^(retention = [^\n]*)", rf'\1\nexisting_until = "2009-10" {MARK}')),
    "DX508": both(without_agreement, replace(r"^(retention = [^\n]*\n)from = [^\n]*", rf'\1from = "2013-14" {MARK}')),
    "DX505": append(f'[fiscal.earn_back]\nshare = 0.5\ncap = 0 {MARK}\nfrom = "2026-27"\nyears = 30'),
    "DI551": in_first("investment", f'effect = {{ channel = "employment" }} {MARK}'),
    "DI552": in_first("investment", f'starts = "2039-40" {MARK}'),
    "DI553": in_first(
        "investment",
        f'effect = {{ channel = "employment", people_a_year = {{ low = 1, central = 2, high = 9e8 }} }} {MARK}',
    ),
    "DI555": in_first(
        "investment",
        f'effect = {{ channel = "employment", people_a_year = {{ low = 1, central = 2, high = 90_000 }} }} {MARK}',
    ),
    "DI556": more_capital,
    "DI554": both(in_first("investment", 'starts = "2019-20"'), in_first("investment", f'opens = "2025-26" {MARK}')),
    "DI560": in_first("investment", link("mode_share = { low = 0.2, central = 0.3, high = 1.2 }, ", 60)),
    "DI561": in_first("investment", link("mode_share = { low = 0.7, central = 0.8, high = 0.9 }, ", 60)),
    "DI562": in_first("investment", link("", 5)),
    "DI557": in_first("investment", f"capital = 3_500_000_000 {MARK}"),
    "DI558": both(
        in_first("investment", "revenue = 10_000"),
        in_first(
            "investment",
            'effect = { channel = "employment", people_a_year = '
            f"{{ low = 900, central = 1_000, high = 1_100 }} }} {MARK}",
        ),
    ),
    "DI559": both(
        in_first("investment", "capital = 1_000_000"), in_first("investment", f"running_cost = 900_000 {MARK}")
    ),
    "DI563": in_first(
        "investment",
        'effect = { channel = "connection", between = [["E08000003"], ["E08000035"]], mode = "road", '
        f"minutes_before = 850, minutes_after = {{ low = 80, central = 85, high = 90 }} }} {MARK}",
    ),
    "DM609": in_first("community", f"size_max = 500_000_000 {MARK}"),
    "DC213": override("indicator", "turnout", f"baseline_value = 45 {MARK}"),
    "DC214": append(target(f'lowers = ["pooled-contributions"] {MARK}')),
    "DC215": append(target(f'raises = ["happiness"] {MARK}')),
    "DV011": override("condition", "pools-are-paid", f"due_days = 90_000 {MARK}"),
    "DX509": both(
        lambda deal: re.sub(r"(?ms)^\[account\].*?^(?=\[)", "", deal),
        append(
            f'[account]\nyear = "2022-23"\ndefinition = "d"\npublic_spend = 9_000_000 {MARK}\ntax_raised = 5_000_000\n'
            'stated_gap = 4_000_000\norigin = "illustrative"'
        ),
    ),
    "DM601": in_first("community", f"amount = 9_000_000_000 {MARK}"),
    "DM604": append(
        f'[[community]] {MARK}\nid = "halls"\ntitle = "Halls"\nmechanism = "asset-transfer"\namount = 0\n'
        'from_fund = "adult-skills-fund"\nrule = "viability"\norigin = "illustrative"'
    ),
    "DM605": both(
        override("condition", "communities-decide", 'kind = "policy"'),
        append(f'[[condition]]\nid = "answers-are-given"\nkind = "policy" {MARK}'),
    ),
    "DM606": in_first("community", f"binding = true {MARK}"),
    "DM607": in_first("community", f'rule = "the jury" {MARK}'),
    "DM608": append(
        f'[[community]] {MARK}\nid = "bus-users"\ntitle = "Panel"\nmechanism = "citizens-assembly"\namount = 0\n'
        'from_fund = "adult-skills-fund"\nrule = "lottery"\norigin = "illustrative"'
    ),
    "DS701": in_first("fund", f'source = ["hearsay"] {MARK}'),
    "DS703": append(f'[[clause]] {MARK}\nid = "c"\ntitle = "T"\ntext = "X."'),
    "DT801": append(f'[[case]]\nname = "c"\ngiven = {{}}\nthen = {{ nothing = "met" }} {MARK}'),
    "DT802": append(
        f'[[case]]\nname = "c"\ngiven = {{ pooled-contributions = 0.94 }}\nthen = {{ pools-are-paid = "met" }} {MARK}'
    ),
}


@cache
def checked(text: str) -> Checked:
    return check_reading(read_text(text, places(), "deal.toml"), places())


def said(findings: tuple[Finding, ...]) -> set[tuple[str, str]]:
    return {(finding.code, finding.fact) for finding in findings}


def test_every_rule_has_a_fault() -> None:
    assert set(FAULTS) == set(RULES)


@pytest.mark.parametrize("path", DEALS, ids=lambda path: path.stem)
def test_the_shipped_deals_have_no_errors(path: Path) -> None:
    assert checked(path.read_text("utf-8")).errors == ()


@pytest.mark.parametrize("path", DEALS, ids=lambda path: path.stem)
@pytest.mark.parametrize("code", sorted(FAULTS))
def test_a_planted_fault_is_found(path: Path, code: str) -> None:
    sound = path.read_text("utf-8")
    text = FAULTS[code](sound)
    line = next(number for number, row in enumerate(text.splitlines(), 1) if MARK in row)
    found = checked(text).findings
    new = [finding for finding in found if (finding.code, finding.fact) not in said(checked(sound).findings)]
    assert {finding.code for finding in new} == {code}, new
    assert line in {finding.at.line for finding in new}
    assert {finding.at.file for finding in new} == {"deal.toml"}


def blocks(deal: str) -> list[tuple[int, str]]:
    """Each table of a deal that can be spoilt: the line of its header, and the header."""
    lines = deal.splitlines()
    return [(number, row) for number, row in enumerate(lines, 1) if row.startswith("[") and row != "["]


@pytest.mark.slow
@pytest.mark.parametrize("path", DEALS, ids=lambda path: path.stem)
def test_an_item_that_cannot_be_read_brings_no_other_finding(path: Path) -> None:
    sound = path.read_text("utf-8")
    before = said(checked(sound).findings)
    for line, header in blocks(sound):
        rows = sound.splitlines()
        rows.insert(line, 'tiers = ["splendid"]')
        found = [(f.code, f.at.line) for f in checked("\n".join(rows)).findings if (f.code, f.fact) not in before]
        assert found == [("DV005", line + 1)], (header, found)
