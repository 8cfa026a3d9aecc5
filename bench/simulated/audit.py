"""The auditor: reads the file with a connection of its own and works everything out again by hand.

Nothing here goes through the ledger, the ladder or the book: legs are summed, days counted and holders looked up from
the entries and from the figures in the text of the deal. So a fault in those is seen, whatever they say of themselves.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import sqlite3
import tomllib
from collections import Counter
from decimal import Decimal
from functools import lru_cache, reduce
from pathlib import Path
from typing import Any

from simulated.inherited import check_shares, renamed, replaced, text_after
from simulated.keys_by_hand import Keys

DAY = dt.timedelta(1)
REGISTER = "register"  # what entries about the register itself name as their deal
CLOCKS = ("clock.corrected", "register.clock-corrected")
LOOKALIKE = str.maketrans("\u0430\u0435\u043e\u0440\u0441\u0445", "aeopcx")  # Cyrillic letters
BELOW_ZERO = ("promised", "carried", "moved")
STOPPED = ("fund.committed", "fund.moved", "fund.carried-over")  # and "fund.spent" where nothing was promised


class Broken(Exception):
    """Something that must always hold does not."""


class Ledgers:
    """The accounts of one deal."""

    def __init__(self) -> None:
        self.accounts: Counter[tuple[str, ...]] = Counter()

    def post(self, seq: int, body: dict[str, Any]) -> None:
        pots: Counter[tuple[str, ...]] = Counter()
        for leg in body["legs"]:
            pot = (leg["fund"], leg["year"], leg["use"])
            pots[pot] += leg["pence"]
            self.accounts[(*pot, leg["account"])] += leg["pence"]
        for whose, rest in pots.items():
            hold(rest == 0, f"entry {seq}: the legs of {' '.join(whose)} sum to {rest} pence")
        for key, pence in self.accounts.items():
            hold(pence >= 0 or key[-1] in BELOW_ZERO, f"entry {seq}: {' '.join(key)} is at {pence} pence")
        for bridge in ("carried", "moved"):
            rest = sum(pence for key, pence in self.accounts.items() if key[-1] == bridge)
            hold(rest == 0, f"entry {seq}: {rest} pence stayed on the bridge {bridge}")
        hold(sum(self.accounts.values()) == 0, f"entry {seq}: all accounts sum to {sum(self.accounts.values())} pence")
        asked = body.get("pence") or sum(one.get("pence", 0) for one in body.get("takes", ()))
        came = sum(leg["pence"] for leg in body["legs"] if leg["pence"] > 0)
        doubled = any(leg["account"] in ("carried", "moved") for leg in body["legs"])
        if asked or "takes" in body:
            hold(came == asked * (2 if doubled else 1), f"entry {seq}: {came} pence moved, and {asked} were named")


def looks(name: str) -> str:
    """A name as a reader sees it: in capitals or not, with Latin letters or some that look like them."""
    return name.casefold().translate(LOOKALIKE)


def _legs(body: dict[str, Any]) -> Counter[tuple[str, ...]]:
    """Pence by fund, year, use and account that an entry moves."""
    moved: Counter[tuple[str, ...]] = Counter()
    for leg in body.get("legs", ()):
        moved[leg["fund"], leg["year"], leg["use"], leg["account"]] += leg["pence"]
    return moved


class Hand:
    """One deal as its entries tell it: who holds what, and when each step of each matter was taken."""

    def __init__(self) -> None:
        self.text: dict[str, Any] = {}
        self.drafts: list[dict[str, Any]] = []
        self.signed: set[str] = set()
        self.in_force, self.ending = False, set[str]()  # who recorded that the deal ends
        self.ledgers = Ledgers()
        self.people: set[tuple[str, str]] = set()
        self.held: set[str] = set()
        self.successions: list[dict[str, Any]] = []
        self.matters: dict[str, dict[str, Any]] = {}
        self.acts: dict[int, dict[str, Any]] = {}
        self.stands: dict[int, Counter[tuple[str, ...]]] = {}  # what a corrected entry moves now
        self.at = ""

    def take(self, entry: dict[str, Any]) -> None:
        kind, body, seq, day = entry["kind"], entry["body"], entry["seq"], dt.date.fromisoformat(entry["at"][:10])
        party, person = entry["by"]["role"], entry["by"]["person"]
        if entry["deal"] != REGISTER and kind != "clock.corrected":  # the register itself has an order of its own
            hold(entry["at"] >= self.at, f"entry {seq}: time ran backwards, from {self.at} to {entry['at']}")
        self.at = entry["at"] if kind in CLOCKS else max(self.at, entry["at"])
        if entry["deal"] != REGISTER:
            self.acts[seq] = entry
        hold(
            kind == "register.opened" or (party, person) in self.people,
            f"entry {seq}: {person} never acted for {party}",
        )
        if kind == "deal.proposed":
            self.drafts.append(read_terms(body["deal"], body["framework"]))
            self.text = self.text or self.drafts[-1]
            self.signed = set()
        elif kind == "deal.signed":
            self._signed(party)
        elif kind == "deal.ended":
            self.ending.add(party)
        elif kind == "person.appointed":
            self._appointed(seq, body["for_party"], body["name"])
        elif kind == "person.removed":
            self.people.discard((body["for_party"], body["name"]))
        elif kind == "register.opened":
            self.people |= {("registrar", name) for name in body["registrars"]}
        elif kind.startswith("power."):
            self._power(seq, kind.removeprefix("power."), body, party, day)
        elif kind.startswith("fund."):
            self._fund(seq, kind, body, party, day)
        elif kind in ("entry.corrected", "clock.corrected", "succession.recorded"):
            self._upkeep(seq, kind, body, party, day)
        elif kind.startswith("matter."):
            self._matter(seq, kind.removeprefix("matter."), body, party, day)

    def _upkeep(self, seq: int, kind: str, body: dict[str, Any], party: str, day: dt.date) -> None:
        if kind == "entry.corrected":
            self._corrected(seq, body, party)
        elif kind == "clock.corrected":
            self._clock(seq, body, day)
        else:
            self._succession(seq, body, party)

    def _signed(self, party: str) -> None:
        self.signed.add(party)
        draft = reduce(text_after, self.successions, self.drafts[-1])
        roles = {name: one["role"] for name, one in draft["parties"].items()}
        every = {name for name, role in roles.items() if role in ("receiver", "consenting-council")}
        if every <= self.signed and any(roles.get(name) == "giver" for name in self.signed):
            self.text, self.in_force = draft, True

    def is_ended(self) -> bool:
        """Whether both sides recorded that the deal ends."""
        roles = {self.text["parties"].get(party, {}).get("role") for party in self.ending}
        return roles >= {"giver", "receiver"}

    def _appointed(self, seq: int, party: str, name: str) -> None:
        """Nobody comes in a second time, for another side or for the same, under a name that looks the same."""
        for other, known in self.people:
            if looks(known) == looks(name) and (party != "registrar" or other == party):
                hold(False, f"entry {seq}: {name} was appointed for {party}, and {known} acts for {other}")
        self.people.add((party, name))

    def _succession(self, seq: int, body: dict[str, Any], party: str) -> None:
        """Everything goes over once, in the shares that are named; nothing is succeeded twice, and no heir is made."""
        thing, named, heirs = body["thing"], body["named"], sorted(body["by"])
        hold(party == "registrar", f"entry {seq}: {party} recorded a succession")
        gone = {(one["thing"], one["named"]) for one in self.successions}
        hold(not {(thing, name) for name in (named, *heirs)} & gone, f"entry {seq}: {named} was succeeded twice")
        known = self.text["communities" if thing == "community" else "parties" if thing == "party" else f"{thing}s"]
        hold(set(heirs) <= known.keys(), f"entry {seq}: an heir of {named} is not in the terms in force")
        before, names = Counter(self.ledgers.accounts), renamed(self.text, body)
        if body.get("legs"):
            self.ledgers.post(seq, body)
        check_shares(hold, seq, self.text, body, before, self.ledgers.accounts)
        self.held = set(replaced(sorted(self.held), names))
        acting = {name for of, name in self.people if thing == "party" and of == named}
        self.people -= {(named, name) for name in acting}
        self.people |= {(heirs[0], name) for name in acting if len(heirs) == 1}
        for one in self.matters.values():
            one["scope"], one["takes"] = replaced(one["scope"], names), replaced(one["takes"], names)
            one["text"] = text_after(one["text"], body)
        self.successions.append(body)
        self.text = text_after(self.text, body)

    def _power(self, seq: int, did: str, body: dict[str, Any], party: str, day: dt.date) -> None:
        if did == "conferred":
            self.held |= set(body["powers"])
            return
        power = body["power"]
        holder = self.text["powers"][power]["holder"]
        hold(party == holder, f"entry {seq}: {party} {did} {power}, which {holder} holds")
        hold(power in self.held, f"entry {seq}: {power} was {did}, and nobody held it")
        if did == "exercised":
            hold(power not in self.held_back(day), f"entry {seq}: {power} was exercised while it was recalled")
        else:
            self.held.discard(power)

    def _fund(self, seq: int, kind: str, body: dict[str, Any], party: str, day: dt.date) -> None:
        fund = self.text["funds"][body["fund"]]
        side = "from" if kind in ("fund.allotted", "fund.paid", "fund.carry-over-allowed") else "to"
        sides = (fund["from"], fund["to"]) if kind == "fund.increase-agreed" else (fund[side],)
        hold(party in sides, f"entry {seq}: {kind} by {party}")
        stopped = kind in STOPPED or (kind == "fund.spent" and "commitment" not in body)
        named = {body["fund"], body.get("to_fund", body["fund"])}
        named |= {self.text["funds"][name].get("pooled_in", name) for name in named}
        hold(not stopped or not named & self.held_back(day), f"entry {seq}: {kind} of a suspended fund")
        if kind == "fund.moved":
            flexible = {name for name, one in self.text["powers"].items() if one["function"] == "finance.virement"}
            hold(bool(flexible & self.held - self.held_back(day)), f"entry {seq}: money moved without the flexibility")
        if "legs" in body:
            self.ledgers.post(seq, body)

    def _corrected(self, seq: int, body: dict[str, Any], party: str) -> None:
        """Taken back, an entry moves nothing; set right, it moves what it names now, between the same accounts."""
        entry = self.acts[body["entry"]]
        hold(party in ("registrar", entry["by"]["role"]), f"entry {seq}: {party} corrected what it had not recorded")
        before = self.stands.get(body["entry"])
        stands = _legs(entry["body"]) if before is None else before
        after = Counter(stands)
        after.update(_legs(body))
        after = Counter({key: pence for key, pence in after.items() if pence})
        right = body.get("right")
        if right is None:
            hold(not after, f"entry {seq}: {after} is left of what it takes back")
        elif _legs(entry["body"]):
            asked = right.get("pence", entry["body"]["pence"])
            came = sum(pence for pence in after.values() if pence > 0)
            doubled = any(key[3] in ("carried", "moved") for key in after)
            corrections = [act["body"] for act in self.acts.values() if act["kind"] == "entry.corrected"]
            once_right = [before["right"] for before in corrections if before["entry"] == body["entry"]
                          and "pence" in before.get("right", {})]  # fmt: skip
            asked = once_right[-1]["pence"] if once_right else asked
            hold(came == asked * (2 if doubled else 1), f"entry {seq}: {came} pence stand, and {asked} are named")
            accounts = {key[3] for key in after}, {key[3] for key in _legs(entry["body"])}
            hold(accounts[0] == accounts[1], f"entry {seq}: it moves between other accounts")
        self.stands[body["entry"]] = after
        self.ledgers.post(seq, {"legs": body.get("legs", [])})

    def _clock(self, seq: int, body: dict[str, Any], today: dt.date) -> None:
        """Days that have not come are the right one; what was too soon by it is struck out."""
        right = dt.date.fromisoformat(body["right"][:10])
        for name, one in self.matters.items():
            late = any(day > today for day in one["days"].values())
            one["days"] = {did: right if day > today else day for did, day in one["days"].items()}
            for did in [struck.partition(":")[0] for struck in body.get("struck", ()) if struck.endswith(f":{name}")]:
                del one["days"][did]
                one["takes"] = () if did == "recall" else one["takes"]
            if late and "recall" in one["days"]:
                self._waited(seq, one["days"], one["text"]["due_process"])
        self.ledgers.post(seq, {"legs": body.get("legs", [])})

    def _matter(self, seq: int, did: str, body: dict[str, Any], party: str, day: dt.date) -> None:
        if did in ("report", "suspend", "breach"):
            hold(body["matter"] not in self.matters, f"entry {seq}: the matter {body['matter']} was opened twice")
            self.matters[body["matter"]] = {
                "days": {}, "takes": (), "text": self.text, "scope": body.get("scope", ()),
                "condition": body.get("condition"),
            }  # fmt: skip
        one = self.matters[body["matter"]]
        hold(did not in one["days"], f"entry {seq}: {did} was taken twice")
        one["days"][did] = day
        if did == "recall":
            self._recall(seq, one, body, party)
        if did == "suspend":
            self._by_letter(seq, one["text"], body["scope"])
        if body.get("legs"):
            self.ledgers.post(seq, body)

    def _recall(self, seq: int, one: dict[str, Any], body: dict[str, Any], party: str) -> None:
        days, process, giver = one["days"], one["text"]["due_process"], one["text"]["parties"][party]["role"]
        hold(giver == "giver", f"entry {seq}: {party} recalled")
        hold("report" in days, f"entry {seq}: a recall in a matter that is about no condition")
        answered = "response" if "response" in days else "no-response"
        steps = ["notice", answered, "cure", "hearing", "decision", *(["appeal", "refuse"] if "appeal" in days else [])]
        for step in steps:
            hold(step in days, f"entry {seq}: a recall without {step}")
        order = [step for step in days if step in steps]
        hold(order == steps, f"entry {seq}: a recall after steps in the order {', '.join(order)}")
        self._waited(seq, days, process)
        one["takes"] = [take["power"] for take in body["takes"] if "power" in take]
        self._by_letter(seq, one["text"], one["takes"])
        hold(not set(one["takes"]) & (self.held_back(days["recall"], but=one)), f"entry {seq}: recalled what was gone")
        self._reach(seq, one["text"], one["condition"], body["takes"])
        hold(all(body["loses"].values()), f"entry {seq}: a recall that does not say who loses what")

    def _waited(self, seq: int, days: dict[str, dt.date], process: dict[str, Any]) -> None:
        """The place had its days: to answer, to put it right, to appeal."""
        answered = "response" if "response" in days else "no-response"
        waits = [("notice", "cure", process["notice_days"]), ("cure", "hearing", process["cure_days"]),
                 ("decision", "recall", process["appeal_days"])]  # fmt: skip
        if answered == "no-response":
            waits.append(("notice", "no-response", process["notice_days"] + process["response_days"]))
        for first, then, wait in waits:
            took = (days[then] - days[first]).days
            hold(took > wait, f"entry {seq}: {then} came {took} days after {first}, and {wait} days must pass")

    def _reach(self, seq: int, text: dict[str, Any], condition: str, takes: list[dict[str, Any]]) -> None:
        """Nothing beyond the scope of the condition, and no more of a fund's year than both shares allow."""
        recall, whole = text["conditions"][condition]["recall"], Counter[tuple[str, str]]()
        for take in takes:
            fund = self.text["funds"].get(take.get("fund"), {})
            reached = {take.get("power"), take.get("fund"), fund.get("pooled_in")} & set(recall["scope"])
            hold(bool(reached), f"entry {seq}: took {take.get('power', take.get('fund'))}, which is out of reach")
            if fund:
                whole[take["fund"], take["year"]] += take["pence"]
        for (name, year), pence in whole.items():
            mine = {key: of for key, of in self.ledgers.accounts.items() if key[:2] == (name, year)}
            promised = -sum(of for key, of in mine.items() if key[3] == "promised")
            share = min(recall.get("max_share_of_fund", 0), self.text["funds"][name].get("recallable_share", 0))
            gone = sum(of for key, of in mine.items() if key[3] == "recalled")
            most = min(promised * share, promised * self.text["funds"][name].get("recallable_share", 0) - gone)
            hold(pence <= most, f"entry {seq}: took {pence} of {name}, which is more than its share")

    def _by_letter(self, seq: int, text: dict[str, Any], named: Any) -> None:
        for name in named:
            power = text["powers"].get(name, {"recallable": True})
            by_letter = power.get("recallable", False) and not power.get("needs_order", False)
            hold(by_letter, f"entry {seq}: {name} was given by law and taken by letter")

    def held_back(self, day: dt.date, but: dict[str, Any] | None = None) -> set[str]:
        """Powers and funds that are recalled or suspended on a day, counted from the days of the steps."""
        gone: set[str] = set()
        for one in self.matters.values():
            days, process = one["days"], one["text"]["due_process"]
            if one is but or days.keys() & {"restore", "lift", "lapse"}:
                continue
            if "recall" in days and day <= days["recall"] + process.get("control_max_days", 10**5) * DAY:
                gone |= set(one["takes"])
            if "suspend" in days:
                short, long = (
                    process["emergency_max_days"],
                    process.get("control_max_days", process["emergency_max_days"]),
                )
                since = max(days["suspend"], days.get("emergency-hearing", days["suspend"]))
                until = days["keep"] + long * DAY if "keep" in days else since + short * DAY
                gone |= set(one["scope"]) if day <= until else set()
        return gone


class Auditor:
    """Follows the file entry by entry; never forgets what it saw."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self.entries: list[dict[str, Any]] = []
        self.deals: dict[str, Hand] = {}
        self.registrars: list[dict[str, Any]] = []
        self.keys = Keys()
        self._connection: sqlite3.Connection | None = None

    def look_at(self, path: Path) -> None:
        """The register now lies here; all that was seen must still be there."""
        self.leave()
        self._connection = sqlite3.connect(path, isolation_level=None)
        self.follow(whole=True)

    def leave(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def follow(self, whole: bool = False) -> list[dict[str, Any]]:
        """Read on, check what came, and that the last entry seen (or each) is as it was. Returns the new entries."""
        assert self._connection is not None
        base = self._connection
        base.execute("BEGIN")
        since = -1 if whole else len(self.lines) - 2
        rows = base.execute("SELECT seq, CAST(line AS BLOB) FROM entry WHERE seq > ? ORDER BY seq", (since,)).fetchall()
        tags = base.execute("SELECT seq, tag FROM tag WHERE seq > ? ORDER BY seq, tag", (since,)).fetchall()
        base.execute("COMMIT")
        known = self.lines[max(0, since + 1) :]
        hold(len(rows) >= len(known), f"{len(known) - len(rows)} entries at the end are gone")
        hold([line for _, line in rows[: len(known)]] == known, "an entry that was read before is another one now")
        by_seq: dict[int, list[str]] = {}
        for seq, tag in tags:
            by_seq.setdefault(seq, []).append(tag)
        new = []
        for seq, line in rows[len(known) :]:
            hold(seq == len(self.lines), f"entry {seq} stands where entry {len(self.lines)} belongs")
            entry = json.loads(line)
            hold(entry["seq"] == seq, f"row {seq} holds entry {entry['seq']}")
            hold(by_seq.get(seq, []) == entry["tags"], f"entry {seq}: the table of tags differs")
            self.lines.append(line)
            self.entries.append(entry)
            self._take(entry)
            new.append(entry)
        hold(by_seq.keys() <= {seq for seq, _ in rows}, "tags of an entry that is not there")
        return new

    def _take(self, entry: dict[str, Any]) -> None:
        wrong = self.keys.take(entry, self.deals)
        hold(not wrong, f"entry {entry['seq']}: {wrong}")
        if entry["deal"] != REGISTER:
            if entry["deal"] not in self.deals:
                hand = self.deals[entry["deal"]] = Hand()
                for before in self.registrars:
                    hand.take(before)
            self.deals[entry["deal"]].take(entry)
            return
        last = self.registrars[-1]["at"] if self.registrars and entry["kind"] not in CLOCKS else ""
        hold(entry["at"] >= last, f"entry {entry['seq']}: time ran backwards in the register, from {last}")
        self.registrars.append(entry)
        for hand in self.deals.values():
            hand.take(entry)

    def root(self, size: int | None = None) -> bytes:
        return root_of(self.lines[:size])


def hold(true: bool, otherwise: str) -> None:
    if not true:
        raise Broken(otherwise)


@lru_cache(maxsize=64)
def read_terms(deal: str, framework: str) -> dict[str, Any]:
    """The figures of a deal as its texts give them: items of the offer, overridden by those of the deal."""
    offer, own = (tomllib.loads(text, parse_float=Decimal) for text in (framework, deal))
    found: dict[str, Any] = {"due_process": offer.get("due_process", {}) | own.get("due_process", {})}
    for name in ("party", "power", "fund", "condition", "community"):
        items: dict[str, Any] = {}
        for one in (*offer.get(name, ()), *own.get(name, ())):
            items[one["id"]] = items.get(one["id"], {}) | one
        found[{"party": "parties", "community": "communities"}.get(name, f"{name}s")] = items
    return found


def root_of(lines: list[bytes]) -> bytes:
    """The root of entries, by the recursion of RFC 6962 itself."""
    return _root([hashlib.sha256(b"\0" + line).digest() for line in lines])


def _root(leaves: list[bytes]) -> bytes:
    if len(leaves) <= 1:
        return leaves[0] if leaves else hashlib.sha256().digest()
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + _root(leaves[:half]) + _root(leaves[half:])).digest()
