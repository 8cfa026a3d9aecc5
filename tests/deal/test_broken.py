"""The deal that is broken on purpose: every planted fault is found at its line, and nothing else."""

import re
from pathlib import Path

from soke.deal.check import check
from soke.deal.registry import RULES
from soke.england.places import places

BROKEN = Path("deals/broken.toml")
# What the reader cannot get past; what needs a fault of its own kind elsewhere (each has its own test); DX509 says
# nothing where DX501 does.
NOT_HERE = {"DV001", "DV006", "DA653", "DF311", "DP105", "DW207", "DX509"}


def test_every_planted_fault_and_no_other() -> None:
    planted = [
        (line, code)
        for line, text in enumerate(BROKEN.read_text("utf-8").splitlines(), 1)
        if "#! D" in text
        for code in re.findall(r"[A-Z]{2}\d{3}", text.split("#!")[1])
    ]
    checked = check(BROKEN, places())
    assert sorted((finding.at.line, finding.code) for finding in checked.findings) == sorted(planted)
    assert {code for _, code in planted} == set(RULES) - NOT_HERE
    assert {finding.at.file for finding in checked.findings} == {str(BROKEN)}
    assert checked.not_run == () and checked.readable


def test_a_finding_reads_as_a_sentence_with_its_line_and_fix() -> None:
    finding = next(found for found in check(BROKEN, places()).findings if found.code == "DC205")
    assert str(finding) == (
        'deals/broken.toml:241:1  DC205  Condition "partners-decide" is due 30 days after the period ends, but '
        '"joint-decisions" is not published until day 60. It would be overdue every time.\n'
        "    fix: Set due_days to 60 or more."
    )
