"""Who watches a register: an operator who publishes, and may show two histories; witnesses, of whom some are down or
lie; readers who want so many of them.

The operator publishes, and honest witnesses sign, with the very commands that people run. What must hold is worked out
by hand: from the lines that each was shown, and from what is signed.
"""

from __future__ import annotations

import datetime as dt
import json
import random
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from simulated import keys_by_hand
from simulated.audit import hold, root_of
from simulated.keyring import WITNESSES, secret_of, text_of, witness_key
from simulated.keys_by_hand import Note, Span, in_force
from soke.errors import SokeError
from soke.register.checkpoint import SigningKey, sign_head, with_signatures, write_key
from soke.register.keys import trust_in
from soke.register.kinds import REGISTER
from soke.register.merkle import Tree
from soke.register.publication import CHECKPOINT, publication
from soke.register.storage import Log
from soke.register.verify import Failed, canonical, check_key, check_trust, read_checkpoint, read_key
from soke.register.views import View
from soke.register.witness import SplitView, cosign, request, witness

REFUSED = (Failed, SokeError)


@lru_cache(maxsize=4_096)
def _entry(line: bytes) -> dict[str, Any]:
    return dict(json.loads(line))


@dataclass(slots=True)
class History:
    """What somebody is shown: lines of a log, and the checkpoint of them, with all that anybody signed below it."""

    lines: list[bytes]
    note: bytes
    true: bool = True  # it is what the register holds
    tree: Tree = field(init=False)

    def __post_init__(self) -> None:
        self.tree = Tree(self.lines)

    def goes_on_from(self, other: list[bytes]) -> bool:
        return self.lines[: len(other)] == other

    def of_register(self) -> list[dict[str, Any]]:
        return [entry for entry in map(_entry, self.lines) if entry["deal"] == REGISTER]

    def key(self) -> str:
        """The one in force."""
        return in_force(keys_by_hand.spans(self.of_register()), len(self.lines))


@dataclass(slots=True)
class Witness:
    """``signed``: the lines of each history that it cosigned. One that lies keeps nothing, and signs anything."""

    number: int
    lies: bool
    signed: list[list[bytes]] = field(default_factory=list)
    misled: bool = False  # it was shown what was not true

    @property
    def key(self) -> SigningKey:
        return witness_key(self.number)


class Watch:
    """``tally`` counts what happened."""

    def __init__(self, seed: int, folder: Path, tally: Counter[str]) -> None:
        self.rng, self.folder, self.tally = random.Random(f"watch {seed}"), folder, tally
        self.public = folder / "public"
        self.honest = self.rng.random() < 0.6
        self.witnesses = [Witness(number, self.rng.random() < 0.3) for number in range(WITNESSES)]
        self.fork: tuple[int, bytes] | None = None  # the number of an entry, and what it says in the other history
        self.believed: list[tuple[list[bytes], set[int]]] = []  # by a reader: what, and who had cosigned it

    def look(self, log: Log, lines: list[bytes], now: dt.datetime) -> None:
        """The operator publishes; witnesses sign; readers read. ``lines``: what the auditor read of the register."""
        found = keys_by_hand.spans(map(_entry, lines))
        if not found:
            return  # whoever names no key so far publishes nothing yet
        shown = [History(lines, self._published(log, lines, found))]
        if not self.honest:
            shown += self._other_histories(lines, found[0][0] + 1)
        for one in self.witnesses:
            if self.rng.random() < 0.75:  # the others are down
                self._asked(one, self.rng.choice(shown) if self.rng.random() < 0.5 else shown[0], now)
        cosigned = with_signatures(shown[0].note, ())
        for name in (CHECKPOINT, f"{CHECKPOINT}-{len(lines)}"):
            (self.public / name).write_bytes(cosigned)
        if self.rng.random() < 0.2:
            again, keys = Note(self._published(log, lines, found)), [text_of(one.key) for one in self.witnesses]
            lost = [key for key in keys if Note(cosigned).is_cosigned_by(key) and not again.is_cosigned_by(key)]
            hold(not lost, f"the cosignatures of {lost} were lost when it was published again")
        for _ in range(3):
            self._read(self.rng.choice(shown))
        for _ in range(2 if len(found) > 1 else 0):
            self._signed_out_of_time(lines, found)

    # --- the operator ---

    def _published(self, log: Log, lines: list[bytes], found: list[Span]) -> bytes:
        """Mostly with the key in force; with another, it must be refused."""
        wanted = in_force(found, len(lines))
        other = self.rng.choice(found)[1]
        key = other if self.rng.random() < 0.2 else wanted
        self.public.mkdir(exist_ok=True)
        try:
            done = publication(log, self._secret(secret_of(key)), self.public)
        except REFUSED as error:
            hold(key != wanted, f"it cannot be published with the key in force: {error}")
            done = publication(log, self._secret(secret_of(wanted)), self.public)
            key = wanted
        note = Note(done.checkpoint)
        self.tally["published"] += 1
        hold((note.origin, note.size) == ("simulated", len(lines)), f"a checkpoint of {note.size} of {len(lines)}")
        hold(note.is_signed_by(wanted), f"a checkpoint of {note.size} entries is not signed by the key in force")
        hold(key == wanted, f"a checkpoint of {note.size} entries was published with a key that was not in force")
        return done.checkpoint

    def _secret(self, key: SigningKey) -> Path:
        path = self.folder / f"key-{key.verifier.id.hex()}"
        if not path.exists():
            write_key(key, path, Path(f"{path}.pub"))
        return path

    def _other_histories(self, lines: list[bytes], least: int) -> list[History]:
        """An old copy, and one in which an entry says something else: each signed as if it were true."""
        if self.fork is None and len(lines) > least + 8 and self.rng.random() < 0.5:
            number = self.rng.randrange(len(lines) - 8, len(lines))
            entry = json.loads(lines[number])
            entry["body"]["note"] = "So it was never said"
            self.fork = number, canonical(entry)
        found = [lines[: self.rng.randint(least, len(lines))]]
        if self.fork is not None:
            number, line = self.fork
            found.append([*lines[:number], line, *lines[number + 1 :]])
        shown = [History(one, b"", one == lines) for one in found]
        for history in shown:
            history.note = sign_head(history.tree, secret_of(history.key()))
        return shown

    # --- witnesses ---

    def _asked(self, one: Witness, shown: History, now: dt.datetime) -> None:
        checkpoint, time = read_checkpoint(shown.note), int(now.timestamp())
        if one.lies:
            for more in range(self.rng.choice([1, 1, 2, 3])):  # what is counted twice must not count twice
                shown.note += cosign(checkpoint, one.key, time + more)
            return
        if self.rng.random() < 0.05:  # somebody forges its signature
            shown.note += one.key.line(time.to_bytes(8, "big") + self.rng.randbytes(64))
            return
        seen = one.signed[-1] if one.signed else []
        one.misled |= not shown.true
        try:
            line = self._witnessed(one, shown, len(seen), now)
        except SplitView:
            hold(not shown.goes_on_from(seen), f"{one.key.name} calls a split view what goes on from what it saw")
            self.tally["split views"] += 1
            return
        except REFUSED as error:
            hold(one.misled, f"{one.key.name} did not sign what is true: {error}")
            return
        hold(shown.goes_on_from(seen), f"{one.key.name}, who does not lie, signed two histories")
        one.signed.append(shown.lines)
        self.tally["cosigned"] += 1
        if self.rng.random() < 0.9:  # else it dies before it hands over what it signed
            shown.note += line

    def _witnessed(self, one: Witness, shown: History, seen: int, now: dt.datetime) -> bytes:
        """What a witness is asked, and its answer. It was told the key that signs now, as everybody is."""
        mine = self.folder / f"witness-{one.number}"
        mine.mkdir(exist_ok=True)
        asked, answer, key = mine / "request", mine / "answer", mine / "key"
        if not key.exists():
            write_key(one.key, key, Path(f"{key}.pub"))
        plain = b"".join(shown.note.splitlines(keepends=True)[:5])  # as the register signed it
        view = View(where="here", checkpoint=read_checkpoint(plain), content=plain, tree=shown.tree)
        asked.write_bytes(request(min(seen, len(shown.lines)), view))
        told = Path(f"{self._secret(secret_of(shown.key()))}.pub")
        witness(asked, key, mine / "seen", now, to=answer, log_key=told)
        return answer.read_bytes().splitlines(keepends=True)[-1]

    # --- readers ---

    def _read(self, shown: History) -> None:
        """A reader who trusts some of the witnesses, and a key that the register had at any time."""
        rng = self.rng
        mine = rng.sample(self.witnesses, rng.randint(1, WITNESSES))
        need, checkpoint, entries = rng.randint(1, len(mine)), read_checkpoint(shown.note), shown.of_register()
        found = keys_by_hand.spans(entries)
        trusted = rng.choice(found)[1] if rng.random() < 0.3 else found[-1][1]
        try:
            check_trust(checkpoint, trust_in(entries), read_key(trusted), [one.key.verifier for one in mine], need)
        except Failed:
            return
        self.tally["believed"] += 1
        note, size = Note(shown.note), len(shown.lines)
        hold(note.size == size and note.root == root_of(shown.lines), "what was believed is of other entries")
        hold(note.is_signed_by(in_force(found, size)), f"{size} entries were believed, signed by a key not in force")
        by_mine = {one.number for one in mine if note.is_cosigned_by(text_of(one.key))}
        hold(len(by_mine) >= need, f"{len(by_mine)} witnesses signed what was believed, and {need} were demanded")
        named, least = keys_by_hand.named(entries)
        came = sum(note.is_cosigned_by(key) for key in named)
        hold(came >= least, f"{came} witnesses of the register signed what was believed, and it needs {least}")
        honest = {one.number for one in mine if one.number in by_mine and not one.lies}
        liars = sum(one.lies for one in mine)
        hold(liars >= need or bool(honest), "what was believed was signed by liars alone, who were too few")
        for one in self.witnesses:
            seen = one.number not in honest or shown.lines in one.signed
            hold(seen, f"{one.key.name}, who does not lie, never signed what was believed")
        for lines, others in self.believed:
            both = shown.goes_on_from(lines) or lines[:size] == shown.lines
            hold(both or not others & honest, "two histories were believed on the word of one honest witness")
        self.believed.append((shown.lines, honest))

    def _signed_out_of_time(self, lines: list[bytes], found: list[Span]) -> None:
        """A key signs a size at which another was in force; or its own, and then it is right."""
        size = self.rng.randint(found[0][0] + 1, len(lines))
        key = self.rng.choice(found)[1]
        checkpoint = read_checkpoint(sign_head(Tree(lines[:size]), secret_of(key)))
        entries = History(lines, b"").of_register()
        right = key == in_force(found, size)
        try:
            check_key(checkpoint, trust_in(entries), read_key(key))
        except Failed as error:
            hold(not right, f"the key in force signed {size} entries, and is not believed: {error}")
            return
        hold(right, f"{size} entries were believed that a key signed which was not in force")
