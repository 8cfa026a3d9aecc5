"""Recording over a log, in both databases: once, in order, by whoever may, whoever else writes at the same time."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from private_postgres import Server
from rehearsal import KEEPER, ROOT, Rehearsal, deal_text, missed, offer, recalled

from soke.errors import SokeError
from soke.register.book import Book, Command, open_book
from soke.register.fields import with_pence
from soke.register.kinds import REGISTER, REGISTRAR
from soke.register.meaning import state_of
from soke.register.storage import Draft, Log

GM = "greater-manchester"
STORY = ROOT / "examples" / "greater-manchester-register"


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def commands() -> Iterator[tuple[Command, dt.datetime]]:
    """The story of the examples, command by command."""
    for chapter in sorted(STORY.glob("*.jsonl")):
        for line in chapter.read_text().splitlines():
            told = json.loads(line)
            body = with_pence(told["kind"], told["body"])
            body |= {"deal": deal_text(GM), "framework": offer()} if "terms" in told else {}
            command = Command(deal=told["deal"], kind=told["kind"], role=told["role"], person=told["person"], body=body,
                              id=told.get("id", ""))  # fmt: skip
            yield command, moment(told["at"].removesuffix("Z"))


def played(log: Log, play: Rehearsal) -> Book:
    """A log with the entries of a rehearsal, and its book."""
    log.append([
        Draft(one["deal"], one["kind"], one["at"], one["by"]["role"], one["by"]["person"], frozenset(one["tags"]),
              one["body"]) for one in play.entries
    ])  # fmt: skip
    return Book(log)


def spend(pence: int, **changed: Any) -> Command:
    body = {"fund": "growth-and-place", "year": "2026-27", "use": "revenue", "pence": pence, "purpose": "Grants"}
    base = {"deal": GM, "kind": "fund.spent", "role": "authority", "person": "Authority Person", "body": body}
    return Command(**(base | changed))


NOW = moment("2026-12-01T12:00:00")


def test_what_is_recorded_is_what_a_reader_makes_of_it(log: Log) -> None:
    book = played(log, missed())
    seq = book.record(spend(100_00), NOW)
    assert seq == len(log) - 1
    assert book.deals() == [GM]
    assert book.state(GM) == state_of(GM, log.read()) == Book(log).state(GM)
    assert log.read(since=seq - 1)[0]["at"] == "2026-12-01T12:00:00Z"


def test_what_is_refused_leaves_nothing(log: Log) -> None:
    book = played(log, missed())
    before = len(log)
    for command, said in (
        (spend(10**12), "less than this would take"),
        (spend(1, kind="fund.vanished"), "no kind of entry"),
        (spend(1, person="Nobody"), "does not act for"),
        (spend(1, role="moon"), "does not act for"),
        (spend(1, deal="atlantis"), 'no deal "atlantis"'),
        (spend(1, body={"fund": "growth-and-place"}), 'needs "purpose"'),
        (spend(1, body={"n": float("nan")}), 'needs "purpose"'),
    ):
        with pytest.raises(SokeError, match=said):
            book.record(command, NOW)
        assert len(log) == before
    with pytest.raises(SokeError, match="no deal"):
        book.state("atlantis")
    book.record(spend(100), NOW)
    assert len(log) == before + 1


def test_a_deal_with_errors_is_not_proposed_whatever_the_way(log: Log) -> None:
    book = open_book(log, "soke.example/gm", [KEEPER], NOW)
    judge = deal_text(GM) + '[due_process]\ndecision_by = "mhclg"\n'
    body = {"version": 1, "deal": judge, "framework": offer()}
    with pytest.raises(SokeError, match=r"The deal does not check: .*judge"):
        book.record(Command(deal=GM, kind="deal.proposed", role=REGISTRAR, person=KEEPER, body=body), NOW)
    assert len(log) == 1


def test_a_registrar_may_be_appointed_who_acts_for_a_party(log: Log) -> None:
    """Once, four accepted commands made a deal unreadable for ever."""
    book = played(log, Rehearsal().signed())
    for by, name in ((KEEPER, "Nhs Person"), ("Nhs Person", "Cy")):
        body = {"name": name, "for_party": REGISTRAR}
        book.record(Command(deal=REGISTER, kind="person.appointed", role=REGISTRAR, person=by, body=body), NOW,
                    NOW.date())  # fmt: skip
    assert Book(log).state(GM).registrars == {KEEPER, "Nhs Person", "Cy"}
    appoint = {"name": "New", "for_party": "police"}
    with pytest.raises(SokeError, match="acts for a party of this deal"):
        book.record(Command(deal=GM, kind="person.appointed", role=REGISTRAR, person="Nhs Person", body=appoint), NOW)


def test_a_command_that_arrives_twice_is_recorded_once(log: Log) -> None:
    book = played(log, missed())
    once = spend(100_00, id="treasurer-17")
    seq = book.record(once, NOW)
    assert book.record(once, NOW + dt.timedelta(days=1)) == seq
    assert Book(log).record(once, NOW) == seq
    assert len(log) == seq + 1
    with pytest.raises(SokeError, match="said something else"):
        book.record(spend(200_00, id="treasurer-17"), NOW)


def test_of_two_who_spend_the_same_money_at_once_one_is_refused(log: Log, where: Path | str) -> None:
    played(log, missed())  # ten million are free
    results: list[object] = []
    ready = threading.Barrier(2)

    def write(purpose: str) -> None:
        with Log.open(where) as mine:
            book = Book(mine)
            book.state(GM)
            ready.wait()
            try:
                body = spend(600_000_000).body | {"purpose": purpose}
                results.append(book.record(spend(0, body=body), NOW))
            except SokeError as error:
                results.append(error)

    threads = [threading.Thread(target=write, args=(purpose,)) for purpose in ("Trams", "Homes")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (refused,) = [one for one in results if isinstance(one, SokeError)]
    assert "£4,000,000 held" in str(refused)
    assert state_of(GM, log.read()).ledger.total("spent") == 600_000_000


def test_writers_about_other_things_both_get_through(log: Log) -> None:
    first, second = played(log, missed()), Book(log)
    second.state(GM)
    first.record(spend(100), NOW)
    second.record(spend(200), NOW)  # saw nothing of the first, is told, and decides again
    assert first.state(GM).ledger.total("spent") == 300


def test_time_never_runs_backwards(log: Log) -> None:
    book = played(log, missed())
    last = book.record(spend(100), NOW)
    late = book.record(spend(101), NOW - dt.timedelta(minutes=30))
    assert log.read(since=last)[0]["at"] == "2026-12-01T12:00:00Z" and late == last + 1
    with pytest.raises(SokeError, match="Set the clock right"):
        book.record(spend(102), NOW - dt.timedelta(hours=2))
    for year in (2027, 2099):  # a clock that runs ahead would close the deal until then
        with pytest.raises(SokeError, match=f"If that is right, say so: --today {year}-12-01"):
            book.record(spend(102), NOW.replace(year=year))
        with pytest.raises(SokeError, match="you say that today is 1 December 2026"):
            book.record(spend(102), NOW.replace(year=year), NOW.date())
    assert book.record(spend(103), NOW.replace(year=2027), dt.date(2027, 12, 1)) == (late := late + 1)
    assert len(log) == late + 1


def test_an_entry_that_was_written_past_the_rules_is_found_by_reading(log: Log) -> None:
    play = recalled()
    played(log, play)
    stolen = play.entries[-1]["body"] | {"takes": [{"power": "bus-franchising"}], "legs": []}
    tags = frozenset(play.entries[-1]["tags"])
    draft = Draft(GM, "matter.recall", "2028-03-04T00:00:00Z", "mhclg", "Mhclg Person", tags, stolen)
    (seq,) = log.append([draft])
    log.verify()  # as a log it is well made
    with pytest.raises(SokeError, match=f"Entry {seq} breaks a rule"):
        Book(log).state(GM)


def test_a_register_has_its_keepers(log: Log) -> None:
    with pytest.raises(SokeError, match="list of names"):
        open_book(log, "soke.example/gm", [], NOW)
    assert len(log) == 0
    book = open_book(log, "soke.example/gm", [KEEPER], NOW)
    with pytest.raises(SokeError, match="open already"):
        open_book(log, "soke.example/gm", [KEEPER], NOW)
    appoint = {"name": "Second Keeper", "for_party": REGISTRAR}
    book.record(Command(deal=REGISTER, kind="person.appointed", role=REGISTRAR, person=KEEPER, body=appoint), NOW)
    terms = {"version": 1, "deal": deal_text(GM), "framework": offer()}
    propose = Command(deal=GM, kind="deal.proposed", role=REGISTRAR, person="Second Keeper", body=terms)
    assert Book(log).record(propose, NOW) == 2
    with pytest.raises(SokeError, match="Who does: Ann Keeper, Second Keeper"):
        book.record(Command(deal=GM, kind="deal.proposed", role=REGISTRAR, person="Third", body=terms), NOW)


def test_the_story_is_the_same_in_both_databases(postgres: Server, tmp_path: Path) -> None:
    roots, states = set(), []
    for where in (tmp_path / "story.db", str(postgres.url("story"))):
        with Log.create(where) as log:
            book = open_book(log, "soke.example/gm", ["Ruth Adeyemi"], moment("2026-03-01T09:00:00"), rehearsal=True)
            for command, now in commands():
                book.record(command, now)
            roots.add(log.verify().root())
            states.append(state_of(GM, log.read()))
    assert len(roots) == 1
    assert states[0] == states[1]
    assert list(states[0].ledger.faults()) == []
    assert states[0].matters["communities-2026"].matter.state == "restored"
