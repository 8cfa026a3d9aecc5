"""A register as it stood on a day, its clock, and its checks: what was found, how far it is, what is wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from soke.errors import SokeError
from soke.register.book import Book, Command, head_in_words, open_book, register_name
from soke.register.checking import check_register, is_register
from soke.register.clock import Clock
from soke.register.meaning import tags_of
from soke.register.storage import Draft, Log
from soke.register.terms import terms_in

NAME, KEEPER, DEAL = "soke.example/cornwall", "Ann Keeper", "cornwall"
TERMS = Path(__file__).parents[2] / "deals" / "cornwall.toml"
OPENED = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
PROPOSED = OPENED + dt.timedelta(1)


@pytest.fixture
def rehearsal(tmp_path: Path) -> Iterator[Log]:
    with Log.create(tmp_path / "r.db") as log:
        book = open_book(log, NAME, [KEEPER], OPENED, rehearsal=True)
        deal, framework = terms_in(TERMS)
        body = {"version": 1, "deal": deal, "framework": framework}
        book.record(
            Command(deal=DEAL, kind="deal.proposed", role="registrar", person=KEEPER, body=body),
            PROPOSED,
        )
        yield log


def test_every_entry_is_read_and_replayed_and_counted(rehearsal: Log) -> None:
    seen: list[tuple[int, int]] = []
    found = list(check_register(rehearsal, lambda done, total: seen.append((done, total))))
    assert found[0] == f"Read 2 entries of {NAME} from disk: none missing, each in its one spelling."
    assert found[2] == "Replayed every rule from the first entry, for 1 deal: none is broken."
    assert seen == [(0, 2)]


def test_what_breaks_a_rule_is_damage_that_a_program_can_tell(rehearsal: Log) -> None:
    body = {"name": "Eve", "for_party": "residents"}
    tags = tags_of(DEAL, "person.appointed", body)
    rehearsal.append([Draft(DEAL, "person.appointed", "2026-03-03T12:00:00Z", "residents", "Eve", tags, body)])
    with pytest.raises(SokeError, match="Entry 2 breaks a rule") as refused:
        list(check_register(rehearsal))
    assert refused.value.code == "damaged" and refused.value.where == DEAL
    assert Book(rehearsal).state_on(DEAL, PROPOSED.date()).status == "proposed"  # what came later is not in the way


def test_as_it_stood_on_a_day(rehearsal: Log) -> None:
    book = Book(rehearsal)
    assert [entry["seq"] for entry in book.entries_until(DEAL, OPENED.date())] == [0]
    with pytest.raises(SokeError, match="On 1 March 2026 there was no deal"):
        book.state_on(DEAL, OPENED.date())
    with pytest.raises(SokeError, match='no deal "york"') as unknown:
        book.state_on("york", OPENED.date())
    assert unknown.value.code == "unknown-name" and DEAL in unknown.value.fix


def test_its_name_its_head_and_its_time(rehearsal: Log, tmp_path: Path) -> None:
    assert register_name(rehearsal) == NAME
    assert head_in_words(rehearsal).startswith(f"Register {NAME}: 2 entries, the last of 2 March 2026; head ")
    assert Clock(rehearsal).now() == PROPOSED and Clock(rehearsal).now(OPENED) == OPENED
    with Log.create(tmp_path / "empty.db") as empty:
        assert (register_name(empty), head_in_words(empty)) == ("", "The register is empty.")
        with pytest.raises(SokeError, match="Only a rehearsal"):
            Clock(empty).now(OPENED)


def test_a_copy_begins_with_an_object(tmp_path: Path) -> None:
    (tmp_path / "copy").write_text('{"seq": 0}\n')
    assert not is_register(str(tmp_path / "copy")) and not is_register("log.jsonl")
    assert is_register(str(tmp_path / "none.db")) and is_register("postgresql://ann@host/deals?schema=gm")
