"""Deals of a register in every state that a public page has to say, played through the rules: how each is come to."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "register"))
import rehearsal
from rehearsal import LOSES, Rehearsal, deal_text, missed, offer, person_of, recalled

from soke.register.kinds import REGISTRAR
from soke.register.storage import Draft, Log

FUND = "growth-and-place"
BIDI, NUL_WIDTH = "\u202e", "\u200b"
LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch" * 2
SCRIPT = "</title></style><script>alert(1)</script><img src=https://evil.example/x onerror=alert(2)>"


def laid_open(deal: str = "greater-manchester", text: str = "", *, sign: tuple[str, ...] = ()) -> Rehearsal:
    """Proposed, everyone appointed, and signed by some."""
    play = Rehearsal(deal)
    play("register.opened", REGISTRAR, "2026-03-01", name="soke.example/test", registrars=[rehearsal.KEEPER])
    play("deal.proposed", REGISTRAR, "2026-03-02", version=1, deal=text or deal_text(deal), framework=offer())
    for party in play.state.deal.parties:
        play("person.appointed", REGISTRAR, "2026-03-03", name=person_of(party.id), for_party=party.id)
    for named in sign:
        play("deal.signed", named, "2026-03-20", version=1)
    return play


def renamed(text: str, title: str) -> str:
    """The deal of Greater Manchester, every title in it replaced; the ids are as they were."""
    lines = text.split("\n")
    quoted = title.replace("\\", "\\\\").replace('"', '\\"')
    for number, line in enumerate(lines):
        if line.startswith("title = "):
            lines[number] = f'title = "{quoted}"'
        if line.startswith("name = "):
            lines[number] = f'name = "{quoted} {number}"'
    return "\n".join(lines)


def hostile(title: str = SCRIPT) -> Rehearsal:
    play = laid_open(text=renamed(deal_text("greater-manchester"), title), sign=("authority", "councils", "mhclg"))
    play("power.conferred", "mhclg", "2026-04-01", powers=["settlement-flexibility"])
    play.money("fund.allotted", "mhclg", "2026-04-01", FUND, 3_000_000_000)
    play.money("fund.paid", "mhclg", "2026-04-02", FUND, 1_500_000_000)
    play("round.opened", "authority", "2026-05-04", round="r1", community="neighbourhood-budgets", pence=630_000_00,
         due="2026-12-01")  # fmt: skip
    play("matter.report", "panel", "2027-06-01", matter="m1", condition="communities-decide", period_end="2027-03-31")
    play("matter.notice", "mhclg", "2027-06-10", matter="m1", reason=f"{title}\nTwo lines: VERIFIED\tby nobody")
    play("decision.asked", "nhs", "2027-06-11", decision="d1", title=title, partners=["authority"], due="2027-08-12")
    return play


def late_money() -> Rehearsal:
    play = Rehearsal().signed()
    play.money("fund.allotted", "mhclg", "2026-04-01", FUND, 3_000_000_000, pay_by="2026-04-30")
    play.money("fund.paid", "mhclg", "2026-04-02", FUND, 1_500_000_000)
    return play


def agreed_by_both(kind: str, **body: Any) -> Rehearsal:
    play = missed()
    play(kind, "authority", "2027-01-10", **body)
    play(kind, "mhclg", "2027-01-11", **body)
    return play


def emergency() -> Rehearsal:
    play = missed()
    play("matter.suspend", "mhclg", "2026-12-01", matter="e1", scope=[FUND], reason="Fraud was found in one grant")
    return play


def breach(*more: tuple[str, str, str, dict[str, Any]]) -> Rehearsal:
    play = late_money()
    play("matter.breach", "authority", "2026-07-01", matter="b1", duty="pay by 30 April", reason="It came not",
         conditions=["communities-decide"])  # fmt: skip
    for kind, role, day, body in more:
        play(kind, role, day, matter="b1", **body)
    return play


def decided(*more: tuple[str, str, str, dict[str, Any]]) -> Rehearsal:
    play = missed()
    play("matter.report", "panel", "2027-06-01", matter="m1", condition="communities-decide", period_end="2027-03-31")
    play("matter.notice", "mhclg", "2027-06-10", matter="m1", reason="Communities decided a fifth of a per cent")
    play("matter.no-response", "panel", "2027-08-20", matter="m1")
    play("matter.cure", "panel", "2027-08-21", matter="m1")
    play("matter.hearing", "panel", "2028-03-10", matter="m1")
    play("matter.decision", "panel", "2028-03-20", matter="m1", reason="Two rounds of nine were opened")
    for kind, role, day, body in more:
        play(kind, role, day, matter="m1", **body)
    return play


SIGNERS = ("authority", "councils", "mhclg")
SUSPENDED_DUTY = ("matter.suspend-duty", "authority", "2026-09-10", {"reason": "Nothing came"})
STATES: Mapping[str, tuple[Callable[[], Rehearsal], str]] = {  # how it is made, and the day on which it is seen
    "laid open": (laid_open, "2026-03-10"),
    "one signature wanting": (lambda: laid_open(sign=("authority", "councils")), "2026-03-21"),
    "just signed": (lambda: laid_open(sign=SIGNERS), "2026-03-21"),
    "first year": (missed, "2026-12-10"),
    "missed, nobody acted": (missed, "2027-06-01"),
    "missed long ago": (missed, "2028-04-20"),
    "late money": (late_money, "2026-07-01"),
    "late money and missed": (late_money, "2027-06-01"),
    "no answer, heard and decided": (decided, "2028-03-21"),
    "time to appeal is over": (decided, "2028-06-01"),
    "under appeal": (lambda: decided(("matter.appeal", "authority", "2028-04-01", {"reason": "Wrong count"})),
                     "2028-04-02"),
    "recalled": (recalled, "2028-03-10"),
    "lapsed": (recalled, "2029-03-10"),
    "emergency": (emergency, "2026-12-05"),
    "breach": (breach, "2026-07-10"),
    "breach disputed": (lambda: breach(("matter.dispute", "mhclg", "2026-07-11", {"reason": "It was paid"})),
                        "2026-07-12"),
    "duty suspended": (lambda: breach(SUSPENDED_DUTY), "2026-09-11"),
    "suspended": (lambda: agreed_by_both("deal.suspended", reason="A flood"), "2027-01-20"),
    "ended": (lambda: agreed_by_both("deal.ended", reason="A new county"), "2027-02-20"),
    "hostile": (hostile, "2027-06-20"),
    "long names": (lambda: hostile(LONG), "2027-06-20"),
}  # fmt: skip
__all__ = ["LOSES", "STATES"]


def written(play: Rehearsal, log: Log, *, deal: str = "") -> None:
    """Write what was played into a log; under another id of the deal, if one is given."""
    for entry in play.entries:
        tags = (tag.replace(f"deal:{play.deal}", f"deal:{deal}") if deal else tag for tag in entry["tags"])
        named = deal if deal and entry["deal"] == play.deal else entry["deal"]
        log.append([Draft(named, entry["kind"], entry["at"], entry["by"]["role"], entry["by"]["person"],
                          frozenset(tags), entry["body"])])  # fmt: skip
