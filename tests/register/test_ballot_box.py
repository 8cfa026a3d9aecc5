"""The ballot box: one code, one ballot, whoever comes at once and whatever is killed; no trace of who cast which."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from statistics import correlation
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from soke.community.voting.codes import CHANNELS, new_code
from soke.community.voting.paper import Paper, read_paper
from soke.community.voting.receipt import find, read_receipt
from soke.errors import SokeError
from soke.register import ballot_box
from soke.register.ballot_box import AlreadyUsed, BallotBox
from soke.register.box_tables import VERSION
from soke.register.checkpoint import new_key, read_signing_key, verifier_text, write_key
from soke.register.database import Conflict
from soke.register.notes import open_note
from soke.register.verify import Failed, Refused

NUMBERS = "SELECT number FROM slot"
SRC = Path(__file__).parents[2] / "src"
PAPER = (
    "META\nkey;value\ndescription;made up\nbudget;1000\nvote_type;approval\nnum_projects;6\nnum_votes;0\n"
    "PROJECTS\nproject_id;cost\n" + "".join(f"{one};{one}00\n" for one in range(1, 7)) + "VOTES\nvoter_id;vote\n"
)


def paper() -> Paper:
    return read_paper(PAPER.encode(), "paper.pb")


@pytest.fixture
def box(tmp_path: Path) -> Iterator[BallotBox]:
    with BallotBox.create(tmp_path / "elm.box", "elm-ward-2026", paper()) as made:
        yield made


def rows(path: Path, said: str) -> list[Any]:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        return other.execute(said).fetchall()


def chosen(box: BallotBox) -> Counter[tuple[str, ...]]:
    return Counter(ballot.chosen for _, ballot in box.ballots())


def at_once(count: int, act: Callable[[int], object]) -> list[object]:
    """What each of so many threads returned or raised, all started at one moment."""
    found: list[object] = [None] * count
    gate = threading.Barrier(count)

    def run(number: int) -> None:
        gate.wait()
        try:
            found[number] = act(number)
        except SokeError as error:
            found[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return found


class TestOneCodeOneBallot:
    def test_a_ballot_is_in_the_roll_and_its_receipt_finds_it(self, box: BallotBox) -> None:
        (code,) = box.issue(1, "letter")
        note = box.cast(code, box.paper.ballot("4,1"))
        assert box.close_round() == ()
        ((line, ballot),) = box.ballots()
        assert ballot.chosen == line.chosen == ("1", "4")
        receipt = read_receipt(open_note(note, read_signing_key(ballot_box.key_file(box.path)).verifier))
        assert receipt is not None and find(receipt, {line.number: line}) == ""

    def test_fifty_at_once_with_one_code_cast_one_ballot(self, box: BallotBox) -> None:
        (code,) = box.issue(1, "table")

        def cast(number: int) -> bytes:
            with BallotBox.open(box.path) as mine:
                return mine.cast(code, mine.paper.ballot(str(number % 6 + 1)))

        found = at_once(50, cast)
        won = [number for number, one in enumerate(found) if isinstance(one, bytes)]
        assert len(won) == 1
        assert sum(isinstance(one, AlreadyUsed) for one in found) == 49
        assert box.close_round() == ()
        assert chosen(box) == Counter({(str(won[0] % 6 + 1),): 1})

    def test_fifty_at_once_with_codes_of_their_own_all_cast(self, box: BallotBox) -> None:
        codes = box.issue(50, "email")

        def cast(number: int) -> bytes:
            with BallotBox.open(box.path) as mine:
                return mine.cast(codes[number], mine.paper.ballot(str(number % 6 + 1)))

        assert all(isinstance(one, bytes) for one in at_once(50, cast))
        assert box.close_round() == ()
        assert chosen(box) == Counter((str(number % 6 + 1),) for number in range(50))

    def test_a_round_closes_between_ballots_never_within_one(self, box: BallotBox) -> None:
        codes = box.issue(24, "email")

        def act(number: int) -> object:
            with BallotBox.open(box.path) as mine:
                return mine.close_round() if number == 12 else mine.cast(codes[number], mine.paper.ballot("1"))

        found = at_once(24, act)
        assert found[12] == ()
        cast = sum(isinstance(one, bytes) for one in found)
        assert sum(isinstance(one, SokeError) and "has closed" in str(one) for one in found) == 23 - cast
        assert len(box.ballots()) == cast == box.reconciliation().total.cast

    @pytest.mark.slow
    def test_processes_at_once_with_the_same_codes(self, box: BallotBox) -> None:
        codes = box.issue(30, "letter")
        running = [caster(box.path, codes) for _ in range(6)]
        receipts = [line for one in running for line in one.communicate(timeout=60)[0].splitlines()]
        assert len(receipts) == 30
        assert box.close_round() == ()
        assert {json.loads(one)["ballot"] for one in receipts} == {line.number for line, _ in box.ballots()}

    def test_a_batch_is_cast_whole_or_not_at_all(self, box: BallotBox) -> None:
        codes = box.issue(3, "paper")
        ballot = box.paper.ballot("2")
        box.cast(codes[2], ballot)
        with pytest.raises(AlreadyUsed):
            box.cast_all([(None, code, ballot) for code in codes])
        assert box.reconciliation().total.cast == box.reconciliation().ballots == 1
        assert len(box.cast_all([(None, code, ballot) for code in codes[:2]])) == 2

    def test_codes_that_are_no_good(self, box: BallotBox, tmp_path: Path) -> None:
        with BallotBox.create(tmp_path / "oak.box", "oak-ward-2026", paper()) as other:
            (foreign,) = other.issue(1, "letter")
        (code,) = box.issue(1, "letter")
        ballot = box.paper.ballot("1")
        for bad in (foreign, new_code()):
            with pytest.raises(SokeError, match="no such code"):
                box.cast(bad, ballot)
            with pytest.raises(SokeError, match="no such code"):
                box.spoil(bad)
        fresh = box.replace(code)
        with pytest.raises(SokeError, match="was spoiled"):
            box.cast(code, ballot)
        box.cast(fresh, ballot)
        with pytest.raises(AlreadyUsed):
            box.spoil(fresh)
        assert box.reconciliation().rows() == [
            {
                "channel": "letter",
                "issued": 2,
                "cast": 1,
                "invalid": 0,
                "spoiled": 1,
                "unused": 0,
                "turnout_percent": 100.0,
            }
        ]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32))
def test_whatever_is_done_it_adds_up(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    chance = random.Random(seed)
    unused: dict[str, str] = {}
    spent: list[str] = []
    counts: Counter[tuple[str, str]] = Counter()
    cast: Counter[tuple[str, ...]] = Counter()
    with BallotBox.create(tmp_path_factory.mktemp("any") / "b", "any", paper()) as box:
        for _ in range(chance.randint(5, 40)):
            act = chance.choice(("issue", "cast", "cast", "cast", "spoil", "again"))
            if act == "issue" or not unused:
                channel, count = chance.choice(CHANNELS), chance.randint(1, 6)
                unused |= dict.fromkeys(box.issue(count, channel), channel)
                counts[channel, "issued"] += count
                continue
            code = chance.choice(list(unused))
            ballot = box.paper.ballot(",".join(chance.sample("123456", chance.randint(0, 6))))
            if act == "again" and spent:
                with pytest.raises(SokeError):
                    box.cast(chance.choice(spent), ballot)
                continue
            channel = unused.pop(code)
            spent.append(code)
            if act == "spoil":
                counts[channel, "spoiled"] += 1
                if chance.random() < 0.5:
                    unused[box.replace(code)] = channel
                    counts[channel, "issued"] += 1
                else:
                    box.spoil(code)
            else:
                box.cast(code, ballot)
                cast[ballot.chosen] += 1
                counts[channel, "cast"] += 1
        found = box.reconciliation()
        for one in found.channels:
            assert one.issued == one.cast + one.spoiled + one.unused == counts[one.channel, "issued"]
            assert (one.cast, one.spoiled) == (counts[one.channel, "cast"], counts[one.channel, "spoiled"])
        assert box.close_round() == ()
        assert chosen(box) == cast


# --- what is killed ---

CASTER = """
import json, sys
from pathlib import Path
from soke.community.voting.receipt import read_receipt
from soke.register.ballot_box import AlreadyUsed, BallotBox
box = BallotBox.open(Path(sys.argv[1]))
for number, code in enumerate(sys.argv[2:]):
    try:
        note = box.cast(code, box.paper.ballot(str(number % 6 + 1))).decode()
    except AlreadyUsed:
        continue
    receipt = read_receipt(note.split("\\n\\n")[0] + "\\n")
    print(json.dumps({"ballot": receipt.number, "commitment": receipt.commitment}), flush=True)
"""


def caster(path: Path, codes: list[str]) -> subprocess.Popen[str]:
    """A process that casts with each code and prints what it got a receipt for."""
    command = [sys.executable, "-c", CASTER, str(path), *codes]
    return subprocess.Popen(command, env=os.environ | {"PYTHONPATH": str(SRC)}, stdout=subprocess.PIPE, text=True)


def killed_after(running: subprocess.Popen[str], ballots: int) -> list[str]:
    assert running.stdout is not None
    lines = [running.stdout.readline() for _ in range(ballots)]
    running.send_signal(signal.SIGKILL)
    lines += running.stdout.readlines()
    running.wait()
    running.stdout.close()
    return [json.loads(line)["ballot"] for line in lines if line.endswith("\n")]


def check_after_kill(box: BallotBox, acknowledged: list[str], killed: int) -> None:
    found = box.reconciliation()
    assert found.faults() == () and len(acknowledged) <= found.ballots <= len(acknowledged) + killed
    assert rows(box.path, "PRAGMA integrity_check") == [("ok",)]


def test_a_killed_process_loses_no_ballot_that_has_a_receipt(box: BallotBox) -> None:
    codes = box.issue(400, "letter")
    acknowledged = killed_after(caster(box.path, codes), 40)
    check_after_kill(box, acknowledged, 1)
    assert box.close_round() == ()
    assert set(acknowledged) <= {line.number for line, _ in box.ballots()}


@pytest.mark.slow
def test_twenty_processes_killed_at_any_moment(box: BallotBox) -> None:
    acknowledged: list[str] = []
    chance = random.Random(5)
    for turn in range(10):
        codes = box.issue(200, "letter")
        running = [caster(box.path, codes[:100]), caster(box.path, codes[100:])]
        acknowledged += killed_after(running[0], chance.randint(1, 60))
        acknowledged += killed_after(running[1], chance.randint(0, 20))
        check_after_kill(box, acknowledged, 2 * (turn + 1))
    assert box.close_round() == ()
    assert set(acknowledged) <= {line.number for line, _ in box.ballots()}


# --- what the file tells ---


def test_the_file_does_not_tell_in_which_order_ballots_came(box: BallotBox, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same ballots into the same slots in another order make the same file, byte for byte."""
    codes = box.issue(120, "letter")
    box.close()
    other = box.path.with_name("other.box")
    for ending in ("", ".key", ".key.pub"):
        shutil.copy2(f"{box.path}{ending}", f"{other}{ending}")
    slots = range(len(rows(box.path, NUMBERS)))
    chance = random.Random(1)
    given = [(code, ",".join(chance.sample("123456", 3))) for code in codes[:80]]
    into = dict(zip([code for code, _ in given], chance.sample(slots, 80), strict=True))
    nonces = {slot: chance.randbytes(16) for slot in slots}
    monkeypatch.setattr(ballot_box, "_draw", lambda _: drawn[-1])
    monkeypatch.setattr(ballot_box.secrets, "token_bytes", lambda _: nonces[drawn[-1]])
    contents = []
    for path, order in ((box.path, given), (other, chance.sample(given, 80))):
        with BallotBox.open(path) as opened:
            for code, choice in order:
                drawn = [into[code]]
                opened.cast(code, opened.paper.ballot(choice))
        contents.append(path.read_bytes())
    assert contents[0] == contents[1]


def test_later_codes_do_not_tell_which_ballots_came_later(box: BallotBox) -> None:
    """After more codes were issued, or one in the place of another, every page lies as in a file that was written anew
    in the order of its keys."""
    first = box.issue(80, "letter")
    for code in first[:40]:
        box.cast(code, box.paper.ballot("1"))
    later = box.issue(80, "table")
    slots = len(rows(box.path, NUMBERS))
    replaced, *_ = [box.replace(code) for code in later[:10]]
    assert len(rows(box.path, NUMBERS)) == slots == 320
    before = box.path.read_bytes()
    rows(box.path, "VACUUM")
    assert box.path.read_bytes()[100:] == before[100:]  # the first 100 bytes count the changes
    assert rows(box.path, "SELECT * FROM place") == list(
        enumerate(sorted(number for (number,) in rows(box.path, NUMBERS)))
    )
    for code in (*first[40:60], *later[60:], replaced):
        box.cast(code, box.paper.ballot("2"))
    assert box.close_round() == () and chosen(box) == Counter({("1",): 40, ("2",): 41})


def test_the_slots_do_not_tell_in_which_order_they_were_filled(box: BallotBox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slot after a wide gap fills no earlier than another. Rank correlation of gap and time over 500 ballots, with a
    standard deviation of 0.045 where there is none; who took the next free slot after a random key had -0.27."""
    chance = random.Random(18)
    monkeypatch.setattr("secrets.token_bytes", chance.randbytes)
    monkeypatch.setattr("secrets.randbelow", chance.randrange)
    codes = box.issue(500, "letter")
    slots = sorted(int.from_bytes(number) for (number,) in rows(box.path, NUMBERS))
    gaps = {one: one - before for before, one in zip([slots[-1] - 2**128, *slots[:-1]], slots, strict=True)}
    notes = box.cast_all([(None, code, box.paper.ballot("1")) for code in codes])
    filled = [int(note.decode().split("Ballot: ")[1][:32], 16) for note in notes]
    ranks = {one: rank for rank, one in enumerate(sorted(filled, key=gaps.__getitem__))}
    assert abs(correlation([ranks[one] for one in filled], list(range(500)))) < 0.13
    assert abs(correlation(filled, list(range(500)))) < 0.13


def test_no_ballot_is_written_outside_the_folder_of_the_box(box: BallotBox) -> None:
    """Writing the file anew takes room beside it: in memory, not in a file of /var/tmp that anybody's backup holds."""
    with BallotBox.open(box.path) as again:
        for one in (box, again):
            assert one._connection.execute("PRAGMA temp_store").fetchone() == (2,)


def test_no_code_stands_in_the_file_and_none_can_be_tested_without_the_key(box: BallotBox) -> None:
    codes = box.issue(50, "letter")
    for code in codes[:25]:
        box.cast(code, box.paper.ballot("1"))
    content = box.path.read_bytes()
    for code in codes:
        signs = code.replace("-", "")
        assert code.encode() not in content and signs.encode() not in content
    key = ballot_box.key_file(box.path)
    assert read_signing_key(key).seed not in content
    assert {path.stat().st_mode & 0o777 for path in (box.path, key)} == {0o600}
    journal = Path(f"{box.path}-journal")
    assert not journal.exists() or journal.stat().st_size == 0
    assert not Path(f"{box.path}-wal").exists()  # it would keep the pages of each ballot side by side
    key.rename(f"{key}.away")
    with BallotBox.open(box.path) as again, pytest.raises(SokeError, match="no such file"):
        again.cast(codes[30], again.paper.ballot("1"))


def test_ballots_are_not_read_before_the_round_closes(box: BallotBox) -> None:
    (code,) = box.issue(1, "letter")
    box.cast(code, box.paper.ballot("1"))
    with pytest.raises(SokeError, match="The round is open"):
        box.ballots()


def test_nothing_changes_behind_the_back_of_the_box(box: BallotBox) -> None:
    codes = box.issue(3, "letter")
    box.cast(codes[0], box.paper.ballot("1"))
    other = sqlite3.connect(box.path, isolation_level=None)
    for said in (
        "UPDATE code SET state = 'u' WHERE state = 'c'", "DELETE FROM code", "DELETE FROM slot",
        "UPDATE slot SET content = x'00' WHERE filled = 1", "DELETE FROM round",
    ):  # fmt: skip
        with pytest.raises(sqlite3.IntegrityError):
            other.execute(said)
    assert box.close_round() == ()
    for said in ("UPDATE slot SET filled = 1", "UPDATE code SET state = 's'", "UPDATE round SET closed = 0"):
        with pytest.raises(sqlite3.IntegrityError):
            other.execute(said)
    for act in (
        lambda: box.cast(codes[1], box.paper.ballot("1")), lambda: box.spoil(codes[1]), lambda: box.issue(1, "letter"),
    ):  # fmt: skip
        with pytest.raises(SokeError, match="has closed"):
            act()
    other.close()


@pytest.mark.parametrize(
    ("tampered", "said"),
    [
        ("DELETE FROM code WHERE state = 'u'", "letter: 3 codes issued, but 1 cast, 0 spoiled and 0 unused."),
        ("UPDATE slot SET filled = 1", "1 codes were used, and 6 ballots are in the box."),
        ("INSERT INTO code VALUES (x'00', 'letter', 'c', '')", "letter: 3 codes issued, but 2 cast"),
    ],
)
def test_who_goes_round_the_triggers_is_found_when_the_round_closes(box: BallotBox, tampered: str, said: str) -> None:
    codes = box.issue(3, "letter")
    box.cast(codes[0], box.paper.ballot("1"))
    with closing(sqlite3.connect(box.path, isolation_level=None)) as other:
        for (name,) in other.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            other.execute(f"DROP TRIGGER {name}")
        other.execute(tampered)
    assert any(one.startswith(said) for one in box.close_round())
    assert not box.is_closed


# --- what is no box ---


class TestBadInput:
    def test_another_file_a_folder_nothing_and_a_pipe(self, tmp_path: Path) -> None:
        (tmp_path / "text").write_text("not a database, but long enough to be taken for the header of one" * 9)
        (tmp_path / "empty").write_bytes(b"")
        rows(tmp_path / "other", "CREATE TABLE a (b)")
        os.mkfifo(tmp_path / "pipe")
        for name, said in (
            ("text", "not a ballot box"), ("empty", "not a ballot box"), ("other", "not a ballot box"),
            ("pipe", "a pipe"), ("nothing", "no such ballot box"), (".", "a folder"),
        ):  # fmt: skip
            with pytest.raises(SokeError, match=said):
                BallotBox.open(tmp_path / name)

    def test_a_damaged_box_and_one_of_another_version(self, box: BallotBox) -> None:
        codes = box.issue(300, "letter")
        box.close()
        rows(box.path, "PRAGMA user_version = 9")
        with pytest.raises(SokeError, match="version 9"):
            BallotBox.open(box.path)
        rows(box.path, f"PRAGMA user_version = {VERSION}")
        content = bytearray(box.path.read_bytes())
        content[12_288:] = bytes(len(content) - 12_288)
        box.path.write_bytes(content)
        with pytest.raises(SokeError, match=r"is damaged|cannot be used"), BallotBox.open(box.path) as opened:
            opened.cast(codes[0], opened.paper.ballot("1"))
            opened.close_round()

    def test_nothing_is_overwritten_and_a_failure_leaves_nothing(self, tmp_path: Path) -> None:
        where = tmp_path / "elm.box"
        where.write_text("mine")
        with pytest.raises(SokeError, match="never overwritten"):
            BallotBox.create(where, "elm", paper())
        assert where.read_text() == "mine" and list(tmp_path.iterdir()) == [where]
        where.unlink()
        (tmp_path / "elm.box.key").write_text("mine")
        with pytest.raises(SokeError, match="never overwritten"):
            BallotBox.create(where, "elm", paper())
        assert [one.name for one in tmp_path.iterdir()] == ["elm.box.key"]
        for name in ("", "two words", "a+b", "x" * 201, "a\x1b[2J", "a\u202eb", "-elm"):
            with pytest.raises(SokeError, match="cannot be the name"):
                BallotBox.create(tmp_path / "oak.box", name, paper())
        with pytest.raises(SokeError, match="no such folder"):
            BallotBox.create(tmp_path / "no" / "oak.box", "oak", paper())

    def test_the_key_of_another_box(self, box: BallotBox) -> None:
        key = ballot_box.key_file(box.path)
        key.unlink()
        Path(f"{key}.pub").unlink()
        write_key(new_key(box.name), key, Path(f"{key}.pub"))
        with BallotBox.open(box.path) as again, pytest.raises(SokeError, match="key of another ballot box"):
            again.issue(1, "letter")

    def test_a_box_that_another_keeps_busy(self, box: BallotBox, monkeypatch: pytest.MonkeyPatch) -> None:
        (code,) = box.issue(1, "letter")
        monkeypatch.setattr(ballot_box, "WAIT_MS", 30)
        other = sqlite3.connect(box.path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with BallotBox.open(box.path) as mine:
            with pytest.raises(Conflict, match="keeps the ballot box busy"):
                mine.cast(code, mine.paper.ballot("1"))
            other.execute("ROLLBACK")
            mine.cast(code, mine.paper.ballot("1"))
        other.close()

    def test_codes_that_could_not_be_written_down_were_not_issued(self, box: BallotBox) -> None:
        kept: list[str] = []

        def fails(codes: list[str]) -> None:
            kept.extend(codes)
            raise SokeError("No room.")

        with pytest.raises(SokeError, match="No room"):
            box.issue(5, "letter", fails)
        assert len(kept) == 5 and box.reconciliation().channels == ()
        with pytest.raises(SokeError, match="No room"):
            box.issue(5, "letter", fails, kept.clear)
        assert kept == [] and box.reconciliation().channels == ()
        (code,) = box.issue(1, "table")
        with pytest.raises(SokeError, match="No room"):
            box.replace(code, lambda fresh, *_: fails([fresh]), kept.clear)
        assert kept == [] and [one.issued for one in box.reconciliation().channels] == [1]
        assert box.cast(box.replace(code, lambda *told: kept.extend(told)), box.paper.ballot("1"))
        assert kept[1] == "table"
        for count, channel in ((0, "letter"), (5, "fax")):
            with pytest.raises(SokeError):
                box.issue(count, channel)
        assert [one.issued for one in box.reconciliation().channels] == [2]

    def test_an_interrupt_when_codes_are_on_disk_does_not_take_them_back(
        self, box: BallotBox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        kept: list[str] = []
        writing = BallotBox._writing

        @contextmanager
        def stopped(self: BallotBox) -> Iterator[None]:
            with writing(self):
                yield
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(BallotBox, "_writing", stopped)
            for act in (
                lambda: box.issue(1, "letter", kept.extend, kept.clear),
                lambda: box.replace(kept[0], lambda code, *_: kept.append(code), kept.clear),
            ):
                with suppress(KeyboardInterrupt):
                    act()
        assert len(kept) == 2 and box.cast(kept[1], box.paper.ballot("1"))

    def test_an_interrupt_leaves_nothing_half_cast(self, box: BallotBox, monkeypatch: pytest.MonkeyPatch) -> None:
        (code,) = box.issue(1, "letter")

        def stopped(*_: object) -> bytes:
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(BallotBox, "sign", stopped)
            with suppress(KeyboardInterrupt):
                box.cast(code, box.paper.ballot("1"))
        assert (box.reconciliation().ballots, box.reconciliation().total.cast) == (0, 0)
        box.cast(code, box.paper.ballot("1"))
        assert box.reconciliation().ballots == 1


class TestNotes:
    def test_what_another_signed_or_changed_is_told_from_what_is_no_note(self) -> None:
        key, other = new_key("elm"), new_key("elm")
        note = key.sign(b"elm\nsays something\n")
        assert open_note(note, key.verifier) == "elm\nsays something\n"
        for sent in (note.replace(b"\n", b"\r\n"), note.rstrip(), b"\xef\xbb\xbf\n" + note + b"\n \n"):
            assert open_note(sent, key.verifier) == "elm\nsays something\n"
        for bad, by in (
            (note.replace(b"some", b"many"), key), (note, other), (note, new_key("oak")),
            (other.sign(b"elm\nx\n"), key),
        ):  # fmt: skip
            with pytest.raises(Failed):
                open_note(bad, by.verifier)
        for bad in (b"", b"elm\n", b"\xff", note.rstrip(b"\n")[:-9] + b"***\n", b"elm\n\nx\n"):
            with pytest.raises(Refused):
                open_note(bad, key.verifier)
        assert verifier_text(key.verifier).startswith("elm+")
