"""Every code that a check may find something wrong with: what it means, why it matters, what to do, on which law."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import soke.deal.rules  # noqa: F401 - importing it fills the registry
from soke.community.assets.rules import regime, shipped
from soke.community.findings import FINDINGS
from soke.deal.example import found_in_example
from soke.deal.registry import RULES
from soke.england.law import LawId, laws
from soke.table import Column, Table

SUBJECTS = {
    "DA": "Who answers, and for what", "DC": "Conditions", "DF": "Funds", "DI": "Investments",
    "DM": "Community commitments", "DP": "Places", "DR": "Recall", "DS": "Sources", "DT": "Worked cases",
    "DV": "The file itself", "DW": "Powers", "DX": "Tax, accounts and sums", "AC": "Assets of community value",
    "DL": "Services that groups deliver",
}  # fmt: skip
COMMANDS = {"AC": "soke asset check FILE", "DL": "soke delivery check FILE"}
CHECK = "soke check FILE"
_LAWS: dict[str, tuple[LawId, ...]] = {
    "DP105": ("devolution-2026",), "DR401": ("devolution-2026",), "DW207": ("devolution-2026",),
    "AC203": ("disposal-consent-2003",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Code:
    """One code. ``bad`` and ``good``: an example of what it finds, and mended; empty where it has none. ``law``: how
    the laws that it rests on stand, each in a sentence. ``command``: what finds it in a file."""

    code: str
    severity: str
    title: str
    why: str
    bad: str
    good: str
    law: tuple[str, ...]
    command: str

    @property
    def subject(self) -> str:
        return SUBJECTS.get(self.code[:2], "Others")


@cache
def codes() -> tuple[Code, ...]:
    """Every code that ``soke explain`` knows, by subject and number."""
    of_deals = (Code(r.code, r.severity, r.title, r.why, r.bad, r.good, _law(r.code), CHECK) for r in RULES.values())
    beside = (
        Code(code, severity, title, why, "", "", _law(code), COMMANDS[code[:2]])
        for code, (severity, title, why) in FINDINGS.items()
    )
    order = {letters: number for number, letters in enumerate(SUBJECTS)}
    return tuple(sorted((*of_deals, *beside), key=lambda c: (order.get(c.code[:2], len(order)), c.code)))


def said_of(code: str) -> tuple[tuple[str, str], ...]:
    """What the check says of the bad example of a code: facts and fixes; none where it has no example."""
    return tuple((f.fact, f.fix) for f in found_in_example(code)) if code in RULES else ()


def _law(code: str) -> tuple[str, ...]:
    acts = _LAWS.get(code) or (_of_assets() if code.startswith("AC") else ())
    return tuple(laws()[act].standing for act in acts)


@cache
def _of_assets() -> tuple[LawId, ...]:
    """The laws of the rules of assets that are shipped."""
    return tuple(dict.fromkeys(act for name in shipped() if (act := regime(name).act)))


def finding_codes() -> Table:
    """One row a code."""
    return Table.of(
        "finding_codes",
        "Every finding that a check may give",
        (Column("code", "code"), Column("severity", "weight"), Column("title", "what it means"),
         Column("why", "why it matters"), Column("subject", "subject", people=False),
         Column("command", "found by", people=False)),
        [(c.code, c.severity, c.title, c.why, c.subject, c.command) for c in codes()],
    )  # fmt: skip
