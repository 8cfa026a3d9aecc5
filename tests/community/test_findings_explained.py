"""Every code that a case or an agreement is found wanting with can be asked about, and there is no other."""

from __future__ import annotations

import re
from pathlib import Path

from soke.community.findings import FINDINGS, explained

ROOM = Path(__file__).parents[2] / "src/soke/community"


def test_each_code_is_explained_with_the_severity_that_it_has() -> None:
    used: dict[str, set[str]] = {}
    for path in (ROOM / "assets/case.py", ROOM / "delivery.py"):
        for code, severity in re.findall(r'"((?:AC|DL)\d{3})"(?:, "(error|warning)")?', path.read_text("utf-8")):
            used.setdefault(code, set()).update({severity} - {""})
    assert set(used) == set(FINDINGS)
    for code, severities in used.items():
        assert severities <= {FINDINGS[code][0]}, code
        assert explained(code).startswith(code)
    assert explained("AC999") == ""
