"""What the public pages of a register share: what the folder vouches for, their look, entries as links, how to check.

Everything in a register is written by people who may be hostile: it goes through :mod:`soke.report.markup`, which
escapes it, and through :func:`soke.text.one_line`, so that nobody's line end or mark of direction misleads the eye.
"""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from soke.register.clock import REHEARSAL
from soke.register.history import Told
from soke.register.publication import CHECKPOINT, HASHES, KEY, LOG, PROGRAM
from soke.report.markup import Child, Element, el
from soke.report.shell import document
from soke.text import counted, listed, one_line
from soke.text import day as in_words

STATUS, HISTORY = "status.html", "history.html"
FINGERPRINT = 16  # digits of the root hash, as soke register status prints them
END = (
    "Soke is not the government. What stands here was recorded by those who act for the parties of the deal. "
    "Whoever keeps the register signs what it holds, and nobody signs this page: if the two differ, trust the files."
)
STYLE = """
main{overflow-wrap:anywhere}
.crumb{font-size:15px;color:var(--mute);margin:4px 0 0;max-width:none}
.crumb a{color:inherit}
.ok{color:var(--ok)}.bad{color:var(--bad)}.wait{color:var(--mute)}
.mark{display:inline-block;border:1.5px solid currentColor;border-radius:3px;font-size:14px;line-height:1.25;padding:0 6px;font-weight:700;white-space:nowrap}
.prom{list-style:none;margin:0 0 10px;padding:0}
.prom>li{border-bottom:1px solid var(--line);padding:8px 0;display:grid;grid-template-columns:7.4em minmax(0,1fr);gap:0 12px}
.prom small{display:block}
.deals>li{grid-template-columns:9.6em minmax(0,1fr)}
.parts{margin-top:22px;border-top:1px solid var(--line);padding-top:20px;row-gap:14px}
.parts caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.parts .table{margin-bottom:6px}
.parts table{width:100%;min-width:0}
.steps{list-style:none;margin:14px 0 14px;padding:0;display:grid;grid-auto-flow:column;grid-auto-columns:minmax(0,1fr)}
.steps li{border-top:4px solid var(--k3);padding:10px 10px 0 0;position:relative;font-size:15px;line-height:1.35;color:var(--mute)}
.steps li::before{content:"";position:absolute;top:-10px;left:0;width:12px;height:12px;border-radius:50%;background:var(--paper);border:3px solid var(--k3)}
.steps .done{border-color:var(--ink);color:var(--ink)}
.steps .done::before{background:var(--ink);border-color:var(--ink);print-color-adjust:exact;-webkit-print-color-adjust:exact}
.steps .now{font-weight:700;color:var(--ink)}
.steps .now::before{background:var(--focus);border-color:var(--ink);width:16px;height:16px;top:-12px;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.steps span{display:block}
.entries{list-style:none;margin:0 0 12px;padding:0;max-width:60em}
.entries>li{border-bottom:1px solid var(--line);padding:8px 0;display:grid;grid-template-columns:4.4em minmax(0,1fr);gap:0 12px}
.entries>li:target{background:var(--flag);color:var(--onflag)}
.entries>li:target small,.entries>li:target a{color:inherit}
.entries .no{font-weight:700}
.entries small{display:block}
.how{margin:0 0 10px;padding-left:1.4em}
.how li{margin:0 0 4px;max-width:42em}
@media (max-width:1000px){
.steps{grid-auto-flow:row;grid-template-columns:minmax(0,1fr)}
.steps li{border-top:0;border-left:4px solid var(--k3);padding:0 0 12px 18px;margin-left:8px}
.steps li::before{top:3px;left:-11px}
.steps .done{border-color:var(--ink)}
.steps .now::before{top:2px;left:-13px}
}
@media (max-width:640px){
.prom>li,.deals>li{display:block}
.prom .sign{margin-right:8px}
.entries>li{grid-template-columns:3.2em minmax(0,1fr)}
}
@media print{.prom>li,.entries>li,.steps li{break-inside:avoid}a{color:inherit}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouched:
    """What the files beside a page vouch for, and what must be said with it.

    ``root``: the hash of all entries. ``key``: the public half of the key, one line. ``cosigned``: who else signed the
    checkpoint. ``key_lost``: entries by which a lost key was replaced. ``first_told``: the number of the first entry
    that the page of entries tells.
    """

    register: str
    rehearsal: bool
    entries: int
    root: bytes
    last: dt.date
    key: str
    cosigned: tuple[str, ...] = ()
    key_lost: tuple[Told, ...] = ()
    first_told: int = 0

    @property
    def fingerprint(self) -> str:
        return self.root.hex()[:FINGERPRINT]

    @property
    def check(self) -> str:
        """The command that checks the folder, run in it."""
        return f"python3 {PROGRAM} {LOG} --checkpoint {CHECKPOINT} --key {KEY} --hashes {HASHES}"


def whole(title: str, skip: str, to: str, vouched: Vouched, *main: Child) -> bytes:
    """The bytes of a page: with what must be read first, as a strip."""
    text = document(title, skip, to, *main, style=STYLE, notice=_notice(vouched), end=END)
    return text.encode("utf-8", "replace")


def _notice(vouched: Vouched) -> Child:
    said: list[Child] = []
    if vouched.rehearsal:
        name, _, what = REHEARSAL.partition(": ")
        said += [el("b", f"{name.capitalize()}: "), f"{what} "]
    for one in vouched.key_lost[-1:]:
        said += [el("b", "The key of this register was lost. "), f"{in_words(one.at.date())}: {plain(one.sentence)} ",
                 entry_link(one.number, vouched), "."]  # fmt: skip
    return el("span", *said) if said else None


def plain(text: str) -> str:
    return one_line(text)


def sign(mark: str, word: str, kind: str) -> Element:
    """A sign and a word in a box; ``kind`` is its colour: ok, bad, wait."""
    return el("span", el("b", el("span", f"{mark} ", aria_hidden="true"), word, class_=f"mark {kind}"), class_="sign")


def crumb(*parts: Child) -> Element:
    return el("p", *parts, class_="crumb")


def verified(vouched: Vouched, *, to: str = "#check") -> Element:
    """The line under a heading: how many entries, and that none was altered."""
    return el(
        "p", el("b", el("span", "✓ ", aria_hidden="true"), "Verified", class_="ok"),
        f" when this page was made: {_entries(vouched)}, none altered. ", el("a", "Check it yourself", href=to),
        class_="run",
    )  # fmt: skip


def _entries(vouched: Vouched) -> str:
    return counted(vouched.entries, "entry", "entries")


# --- entries ---


def entry_link(number: int, vouched: Vouched, page: str = HISTORY) -> Child:
    """A link to an entry on the page of entries; its number alone where that page does not go so far back."""
    said = f"entry {number:,}"
    return el("a", said, href=f"{page}#e{number}") if number >= vouched.first_told else said


def newest(told: Sequence[Told], vouched: Vouched) -> list[Child]:
    """Entries in words, the newest first, each with its number as a link."""
    items = (
        el("li", el("span", _number(one.number, vouched), class_="no"),
           el("span", plain(one.sentence), el("small", in_words(one.at.date()))))
        for one in reversed(told)
    )  # fmt: skip
    return [el("ul", *items, class_="entries"), el("p", el("a", f"All {_entries(vouched)}", href=HISTORY))]


def _number(number: int, vouched: Vouched) -> Child:
    said = f"{number:,}"
    return el("a", said, href=f"{HISTORY}#e{number}") if number >= vouched.first_told else said


# --- how to check it ---


def how_to_check(vouched: Vouched) -> list[Child]:
    """The command, the files, the fingerprint, and with whose copy to compare it."""
    files: list[Child] = []
    for name in (PROGRAM, LOG, CHECKPOINT, KEY, HASHES):
        files += [el("a", name, href=name), ", " if name != HASHES else ""]
    root = base64.b64encode(vouched.root).decode()
    return [
        el("p", el("b", el("span", "✓ ", aria_hidden="true"), "Verified", class_="ok"),
           f" when this page was made: {_entries(vouched)}, the last of {in_words(vouched.last)}. Fingerprint: ",
           el("code", vouched.fingerprint), "."),
        el("pre", vouched.check, tabindex="0", aria_label="The command that checks the files"),
        el("ol",
           el("li", "Put these files into one folder: ", *files, "."),
           el("li", "Run the line above in it. It needs Python, with its package cryptography, and no network."),
           el("li", "Compare with what others keep. The third line of ", el("a", CHECKPOINT, href=CHECKPOINT),
              " must be ", el("code", root), " and the key ", el("code", plain(vouched.key)), "."),
           class_="how"),
        el("p", _witnesses(vouched.cosigned)),
    ]  # fmt: skip


def _witnesses(cosigned: Iterable[str]) -> str:
    names = [plain(name) for name in cosigned]
    if names:
        return f"Signed too by {counted(len(names), 'witness', 'witnesses')}: {listed(names)}. Ask them for their copy."
    return (
        "No witness has signed it too. Ask somebody who kept an older checkpoint, or keep this one: "
        "a history that was rewritten shows only beside a copy that its keeper cannot change."
    )
