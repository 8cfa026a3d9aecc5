"""Keys that follow one another, a lost key, witnesses that are needed: what the rules take, and what they refuse."""

from __future__ import annotations

import base64
import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rehearsal import KEEPER, Rehearsal, person_of

from soke.errors import SokeError
from soke.register.book import Book, Command, open_book
from soke.register.checkpoint import SigningKey, new_key, sign_head, verifier_text, with_signatures
from soke.register.keys import naming, reanchoring, rotation, trust_in, trust_of
from soke.register.kinds import REGISTER, REGISTRAR
from soke.register.meaning import state_of
from soke.register.merkle import Tree
from soke.register.storage import Log
from soke.register.verify import (
    COSIGNATURE,
    Failed,
    Refused,
    Trust,
    check_trust,
    cosigned,
    distinct,
    key_text,
    read_checkpoint,
    statement,
)
from soke.register.witness import cosign

NAME = "soke.example/test"
OTHER = "soke.example/york"
WITNESSES = [new_key(f"witness.example/{number}", COSIGNATURE) for number in range(3)]


def text(key: SigningKey) -> str:
    return verifier_text(key.verifier)


def opened(key: SigningKey | None) -> Rehearsal:
    """Greater Manchester in force, in a register that names the key."""
    play = Rehearsal()
    more = {"key": text(key)} if key else {}
    play("register.opened", REGISTRAR, "2026-02-28", name=NAME, registrars=[KEEPER], **more)
    whole = Rehearsal().signed()
    for entry in whole.entries[1:]:
        play(entry["kind"], entry["by"]["role"], entry["at"][:19], **entry["body"])
    return play


@pytest.fixture(scope="module")
def first() -> SigningKey:
    return new_key(NAME)


@pytest.fixture
def play(first: SigningKey) -> Rehearsal:
    return opened(first)


class TestRotation:
    def test_the_old_key_signs_the_new(self, play: Rehearsal, first: SigningKey) -> None:
        second, third = new_key(NAME), new_key(NAME)
        play("key.rotated", REGISTRAR, "2026-05-01", **rotation(NAME, play.state.keys, first, second))
        play("key.rotated", REGISTRAR, "2026-06-01", **rotation(NAME, play.state.keys, second, third))
        assert play.state.keys == [text(first), text(second), text(third)]
        trust = trust_in(play.entries)
        assert [span.key for span in trust.keys] == [first.verifier, second.verifier, third.verifier]
        assert state_of(play.deal, play.entries).keys == play.state.keys

    def test_who_may_not_and_what_does_not_follow(self, play: Rehearsal, first: SigningKey) -> None:
        second, eve = new_key(NAME), new_key(NAME)
        good = rotation(NAME, play.state.keys, first, second)
        assert "is for the registrar" in play.refused("key.rotated", "mhclg", "2026-05-01", **good)
        wrong: list[tuple[dict[str, Any], str]] = [
            (rotation(NAME, play.state.keys, eve, second), "did not sign that this one follows"),
            (good | {"key": text(eve)}, "did not sign that this one follows"),
            (good | {"proof": rotation(NAME, play.state.keys, first, eve)["proof"]}, "nobody is shown to have it"),
            (rotation(OTHER, play.state.keys, first, second), "did not sign"),
            (rotation(NAME, [*play.state.keys, text(eve)], first, second), "did not sign"),
            (good | {"key": text(new_key(OTHER))}, "The key is of soke.example/york"),
            (rotation(NAME, play.state.keys, first, first), "never put in force again"),
            (good | {"key": text(WITNESSES[0])}, "is not the public key of a register"),
            (good | {"signature": "x"}, "is not a signature"),
            (good | {"key": text(second) + " "}, "is not the public key"),
        ]
        for body, said in wrong:
            assert said in play.refused("key.rotated", REGISTRAR, "2026-05-01", **body)

    def test_an_old_key_signs_nothing_after_its_end_and_none_comes_back(
        self, play: Rehearsal, first: SigningKey
    ) -> None:
        second, third = new_key(NAME), new_key(NAME)
        early = rotation(NAME, play.state.keys, first, third)  # signed while it was in force, and kept back
        play("key.rotated", REGISTRAR, "2026-05-01", **rotation(NAME, play.state.keys, first, second))
        for body in (early, rotation(NAME, play.state.keys, first, third)):
            assert "did not sign that this one follows" in play.refused("key.rotated", REGISTRAR, "2026-05-02", **body)
        back = rotation(NAME, play.state.keys, second, first)
        assert "never put in force again" in play.refused("key.rotated", REGISTRAR, "2026-05-02", **back)

    def test_a_register_that_named_no_key(self, first: SigningKey) -> None:
        play = opened(None)
        said = play.refused("key.rotated", REGISTRAR, "2026-05-01", **rotation(NAME, [], new_key(NAME), first))
        assert "no key that could be followed" in said
        stolen = naming(NAME, new_key(NAME)) | {"key": text(first)}
        assert "nobody is shown to have it" in play.refused("key.named", REGISTRAR, "2026-05-01", **stolen)
        play("key.named", REGISTRAR, "2026-05-01", **naming(NAME, first))
        assert play.state.keys == [text(first)]
        assert "has a key already" in play.refused("key.named", REGISTRAR, "2026-05-01", **naming(NAME, new_key(NAME)))

    def test_a_first_entry_names_a_key_of_its_own_name(self) -> None:
        for key, said in ((text(new_key(OTHER)), "not of the log"), ("soke.example/test+1+x", "not the public key")):
            assert said in Rehearsal().refused(
                "register.opened", REGISTRAR, "2026-03-01", name=NAME, registrars=[KEEPER], key=key
            )


class TestLost:
    def agreed(self, play: Rehearsal, key: SigningKey, *parties: str, day: str = "2026-05-01") -> None:
        for party in parties:
            play("deal.key-lost", party, day, key=text(key), reason="The safe burnt out.")

    def test_both_sides_and_a_witness(self, play: Rehearsal) -> None:
        new = new_key(NAME)
        body = reanchoring(NAME, play.state.keys, new, "The safe burnt out.")
        said = play.refused("key.reanchored", REGISTRAR, "2026-05-01", **body)
        assert "still to agree" in said and "mhclg" in said and "authority" in said and "panel" in said
        self.agreed(play, new, "mhclg", "authority")
        assert (
            "panel" in (said := play.refused("key.reanchored", REGISTRAR, "2026-05-02", **body)) and "dfe" not in said
        )
        self.agreed(play, new, "panel")
        play("key.reanchored", REGISTRAR, "2026-05-03", **body)
        assert play.state.keys[-1] == text(new) and play.state.reanchored == [dt.date(2026, 5, 3)]
        assert not play.state.key_lost and trust_in(play.entries).keys[-1].kind == "key.reanchored"

    def test_it_is_agreed_to_this_key_and_not_for_ever(self, play: Rehearsal) -> None:
        new, other = new_key(NAME), new_key(NAME)
        self.agreed(play, new, "mhclg", "authority", "panel")
        said = play.refused("key.reanchored", REGISTRAR, "2026-05-02",
                            **reanchoring(NAME, play.state.keys, other, "Mine"))  # fmt: skip
        assert "still to agree" in said
        body = reanchoring(NAME, play.state.keys, new, "Late")
        assert "still to agree" in play.refused("key.reanchored", REGISTRAR, "2027-05-02", **body)

    def test_who_may_not_agree_and_to_what(self, play: Rehearsal, first: SigningKey) -> None:
        new = new_key(NAME)
        for party, key, said in (("councils", new, "is for both sides, and a witness"),
                                 ("mhclg", first, "register's already"),
                                 ("mhclg", new_key(OTHER), "is of soke.example/york")):  # fmt: skip
            assert said in play.refused("deal.key-lost", party, "2026-05-01", key=text(key), reason="x")
        self.agreed(play, new, "mhclg")
        assert "agreed to this already" in play.refused(
            "deal.key-lost", "mhclg", "2026-05-01", key=text(new), reason="x"
        )
        assert "names no key" in opened(None).refused("deal.key-lost", "mhclg", "2026-05-01", key=text(new), reason="x")


class TestWitnesses:
    def test_named_and_needed(self, play: Rehearsal) -> None:
        named = [text(one) for one in WITNESSES]
        play("witness.named", REGISTRAR, "2026-05-01", witnesses=named, need=2)
        assert (play.state.witnesses, play.state.need) == (named, 2)
        trust = trust_in(play.entries)
        assert [one.name for one in trust.witnesses] == [one.name for one in WITNESSES] and trust.need == 2

    def test_twice_too_many_and_ones_own(self, play: Rehearsal, first: SigningKey) -> None:
        same_key = SigningKey("other.example", WITNESSES[0].seed, COSIGNATURE)
        same_name = new_key(WITNESSES[0].name, COSIGNATURE)
        own = SigningKey("own.example", first.seed, COSIGNATURE)
        for keys, need, said in (
            ([WITNESSES[0], WITNESSES[0]], 1, "named twice"), ([WITNESSES[0], same_key], 2, "named twice"),
            ([WITNESSES[0], same_name], 2, "named twice"), (WITNESSES, 4, "cannot be had of 3"),
            ([own], 1, "no witness to it"), ([first], 1, "public keys of witnesses"),
        ):  # fmt: skip
            named = [text(one) for one in keys]
            assert said in play.refused("witness.named", REGISTRAR, "2026-05-01", witnesses=named, need=need)
        assert "is for the registrar" in play.refused("witness.named", "mhclg", "2026-05-01", need=1,
                                                      witnesses=[text(WITNESSES[0])])  # fmt: skip
        play("witness.named", REGISTRAR, "2026-05-01", witnesses=[text(own_new := WITNESSES[0])], need=1)
        mine = SigningKey(NAME, own_new.seed)
        said = play.refused("key.rotated", REGISTRAR, "2026-05-02", **rotation(NAME, play.state.keys, first, mine))
        assert "the key of a witness" in said


def entries(*keys: tuple[int, str, SigningKey]) -> list[dict[str, Any]]:
    """Ten entries, of which some name keys."""
    found: list[dict[str, Any]] = [{"seq": number, "deal": "gm", "kind": "x", "body": {}} for number in range(10)]
    before: list[SigningKey] = []
    for number, kind, key in keys:
        texts = [text(one) for one in before]
        body: dict[str, Any] = {"name": NAME, "key": text(key)}
        if kind == "key.rotated":
            body = rotation(NAME, texts, before[-1], key)
        elif kind == "key.reanchored":
            body = reanchoring(NAME, texts, key, "Lost")
        found[number] = {"seq": number, "deal": REGISTER, "kind": kind, "body": body}
        before.append(key)
    return found


TREE = Tree(str(number).encode() for number in range(10))


def signed(size: int, key: SigningKey, *witnesses: SigningKey) -> bytes:
    part = Tree(str(number).encode() for number in range(size))
    note = sign_head(part, key)
    checkpoint = read_checkpoint(note)
    return with_signatures(note, [cosign(checkpoint, one, 1_800_000_000) for one in witnesses])


KEYS = [new_key(NAME) for _ in range(3)]


@given(st.integers(1, 10), st.integers(0, 2), st.integers(1, 8), st.integers(1, 4))
def test_a_key_signs_from_its_entry_on_and_not_one_entry_further(size: int, by: int, at: int, later: int) -> None:
    """Whoever trusts any key so far accepts exactly the checkpoint that the key in force at that size signed."""
    second, third = at, min(at + later, 9)
    spans = [(0, "register.opened", KEYS[0]), (second, "key.rotated", KEYS[1])]
    spans += [(third, "key.rotated", KEYS[2])] if third > second else []
    trust = trust_in([one for one in entries(*spans) if one["seq"] < size])
    wanted = max(number for number, (since, _, _) in enumerate(spans) if since < size)
    checkpoint = read_checkpoint(signed(size, KEYS[by]))
    for trusted in range(3):
        fine = by == wanted and trusted <= wanted
        try:
            said, how = check_trust(checkpoint, trust, KEYS[trusted].verifier)
        except Failed:
            assert not fine
        else:
            assert fine and ("follows" in how) == (trusted < wanted) and bool(said) == (trusted < wanted)


def test_a_forged_chain_is_found_by_whoever_reads_the_log() -> None:
    eve = new_key(NAME)
    chain = entries((0, "register.opened", KEYS[0]), (4, "key.rotated", KEYS[1]))
    chain[4]["body"] = rotation(NAME, [text(KEYS[0])], eve, eve) | {"key": text(eve)}
    with pytest.raises(Failed, match=r"Entry 4 \(key.rotated\): The key that is in force did not sign"):
        trust_in(chain)
    for body in ({}, {"key": text(KEYS[1])}, {"key": 3, "proof": "", "signature": ""}):
        chain[4]["body"] = body
        with pytest.raises(Failed, match="Entry 4"):
            trust_in(chain)
    chain = entries((0, "register.opened", KEYS[0]))
    for body in ({}, {"witnesses": [], "need": 0}, {"witnesses": [text(WITNESSES[0])], "need": 2},
                 {"witnesses": [text(WITNESSES[0])] * 2, "need": 2}, {"witnesses": "x", "need": 1}):  # fmt: skip
        chain[4] = {"seq": 4, "deal": REGISTER, "kind": "witness.named", "body": body}
        with pytest.raises(Failed, match="Entry 4"):
            trust_in(chain)


def test_after_a_lost_key_the_old_one_vouches_for_nothing_alone() -> None:
    trust = trust_in(entries((0, "register.opened", KEYS[0]), (4, "key.reanchored", KEYS[1])))
    checkpoint = read_checkpoint(signed(10, KEYS[1], WITNESSES[0]))
    said, how = check_trust(checkpoint, trust, KEYS[1].verifier)
    assert how == "the key that you gave" and "A key was lost: since entry 4" in said[0]
    with pytest.raises(Failed, match="since the key was lost"):
        check_trust(checkpoint, trust, KEYS[0].verifier)
    mine = [WITNESSES[0].verifier]
    assert "follows" in check_trust(checkpoint, trust, KEYS[0].verifier, mine, 1)[1]
    with pytest.raises(Failed, match="0 cosigned this checkpoint, and 1 are needed"):
        check_trust(checkpoint, trust, KEYS[0].verifier, [WITNESSES[1].verifier], 1)
    assert check_trust(read_checkpoint(signed(4, KEYS[0])), trust, KEYS[0].verifier)[0] == []


class TestCounted:
    trust = Trust(NAME, [], [one.verifier for one in WITNESSES], 2)

    def count(self, note: bytes, **more: Any) -> list[str]:
        return check_trust(read_checkpoint(note), self.trust, KEYS[0].verifier, **more)[0]

    def test_n_of_m(self) -> None:
        assert "Cosigned by 2 of the 3 witnesses" in self.count(signed(5, KEYS[0], *WITNESSES[:2]))[0]
        with pytest.raises(Failed, match=r"1 cosigned this checkpoint, and 2 are needed: 1 wanting"):
            self.count(signed(5, KEYS[0], WITNESSES[1]))
        with pytest.raises(Failed, match="0 cosigned"):
            self.count(signed(5, KEYS[0], new_key("stranger.example", COSIGNATURE)))

    def test_a_witness_counts_once_however_often_it_signs(self) -> None:
        note = signed(5, KEYS[0], WITNESSES[0])
        again = cosign(read_checkpoint(note), WITNESSES[0], 1_900_000_000)
        for twice in (note + again, note + again + again):
            with pytest.raises(Failed, match="1 cosigned"):
                self.count(twice)
        two_names = SigningKey("alias.example", WITNESSES[0].seed, COSIGNATURE)
        trust = Trust(NAME, [], [WITNESSES[0].verifier, two_names.verifier], 2)
        with pytest.raises(Failed, match="1 cosigned"):
            check_trust(read_checkpoint(signed(5, KEYS[0], WITNESSES[0], two_names)), trust, KEYS[0].verifier)

    def test_what_does_not_count(self) -> None:
        other = read_checkpoint(signed(6, KEYS[0]))
        this = read_checkpoint(signed(5, KEYS[0]))
        lines = [cosign(other, WITNESSES[0], 1_800_000_000), cosign(this, WITNESSES[0], 0)]
        lines += [WITNESSES[0].line(content) for content in (b"x" * 72, b"", b"\xff" * 72)]
        for line in (*lines, WITNESSES[0].line(WITNESSES[0].signature(this.signed))):
            with pytest.raises(Failed, match="0 cosigned"):
                self.count(signed(5, KEYS[0]) + line)

    def test_twice_is_refused_where_they_are_named(self) -> None:
        with pytest.raises(Refused, match="named twice"):
            distinct([text(WITNESSES[0])] * 2)


def test_the_forms_of_c2sp() -> None:
    """tlog-cosignature: kind 4, the time as eight bytes before the signature, and the text that is signed."""
    key = WITNESSES[0]
    assert base64.b64decode(text(key).split("+", 2)[2])[0] == 4
    checkpoint = read_checkpoint(signed(5, KEYS[0], key))
    content = next(content for name, _, content in checkpoint.signatures if name == key.name)
    assert len(content) == 72 and int.from_bytes(content[:8], "big") == 1_800_000_000
    assert content[8:] == key.signature(b"cosignature/v1\ntime 1800000000\n" + checkpoint.signed)
    assert cosigned(checkpoint, key.verifier) == 1_800_000_000
    assert statement(NAME, 2, "old", "new").decode().splitlines()[1:] == [NAME, "2", "old", "new"]
    assert key_text(key.verifier) == text(key)


class TestBook:
    """At the register itself: every deal in force is asked, and nothing comes between."""

    def book(self, where: Path, first: SigningKey) -> Book:
        log = Log.create(where)
        book = open_book(log, NAME, [KEEPER], dt.datetime(2026, 3, 1, tzinfo=dt.UTC), key=text(first), rehearsal=True)
        for entry in Rehearsal().signed().entries[1:]:
            self.say(book, entry["deal"], entry["kind"], entry["by"]["role"], entry["at"], entry["body"])
        return book

    def say(self, book: Book, deal: str, kind: str, role: str, at: str, body: dict[str, Any]) -> int:
        person = KEEPER if role == REGISTRAR else person_of(role)
        return book.record(
            Command(deal=deal, kind=kind, role=role, person=person, body=body), dt.datetime.fromisoformat(at)
        )

    def test_each_deal_in_force_must_have_agreed(self, tmp_path: Path, first: SigningKey) -> None:
        book, new = self.book(tmp_path / "gm.db", first), new_key(NAME)
        body = reanchoring(NAME, [text(first)], new, "The safe burnt out.")
        size = len(book.log)
        with pytest.raises(SokeError, match="still to agree") as refused:
            self.say(book, REGISTER, "key.reanchored", REGISTRAR, "2026-05-01T10:00:00Z", body)
        assert refused.value.code == "refused" and len(book.log) == size
        for party in ("mhclg", "authority", "panel"):
            lost = {"key": text(new), "reason": "The safe burnt out."}
            self.say(book, "greater-manchester", "deal.key-lost", party, "2026-05-01T10:00:00Z", lost)
        number = self.say(book, REGISTER, "key.reanchored", REGISTRAR, "2026-05-02T10:00:00Z", body)
        assert trust_of(book.log).in_force(number + 1).key == new.verifier  # type: ignore[union-attr]
        assert trust_of(book.log, number).keys[-1].key == first.verifier
        assert Book(book.log).state("greater-manchester").keys[-1] == text(new)
        book.log.close()
