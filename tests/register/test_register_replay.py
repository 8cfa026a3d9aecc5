"""Replay of real life: the files and their grades, the days against a calendar made by hand, a broken file."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from soke.cli import main
from soke.deal.check import check as check_deal
from soke.deal.exploration import explore
from soke.deal.packaged import OFFER
from soke.england.places import places
from soke.errors import SokeError
from soke.register.book import Book, Command
from soke.register.meaning import state_of
from soke.register.replay import Replay, replay
from soke.register.replay_case import NOTICE, SHIPPED, Case, case_names, find_case, read_case
from soke.register.replay_gates import gates
from soke.register.replay_ladder import LadderAtItsSoonest
from soke.register.storage import Log
from soke.text import day as in_words

AREAS = ["cambridgeshire-and-peterborough", "tees-valley", "west-of-england"]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def soke(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["soke", "register", "replay", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsys.readouterr()
        return int(ended.value.code or 0), captured.out, captured.err

    return run


@pytest.fixture(scope="module")
def replays() -> dict[str, Replay]:
    return {name: replay(find_case(name)) for name in AREAS}


# ---------------------------------------------------------------- the files


def test_the_four_cases_are_shipped() -> None:
    assert case_names() == [*AREAS, "gateways"]


@pytest.mark.parametrize("name", [*AREAS, "gateways"])
def test_every_fact_has_a_source_and_is_official_only_where_a_page_was_read(name: str) -> None:
    case = find_case(name)
    assert case.facts
    for fact in case.facts:
        assert fact.sources
        for source in fact.sources:
            assert source.read and re.match(r"https?://\S+\.\S+", source.address), source.id
        assert (fact.grade == "official") == any(source.kind == "official" for source in fact.sources) or (
            fact.grade == "unverified" and fact.note  # an official page that does not give the day
        )


@pytest.mark.parametrize("name", AREAS)
def test_the_deals_have_no_errors_and_hang_nothing_on_good_standing(name: str) -> None:
    checked = check_deal(SHIPPED / "deals" / f"{name}.toml", places())
    assert checked.deal is not None
    assert not checked.errors
    standing = next(one for one in checked.deal.conditions if one.id == "good-standing")
    assert standing.recall is None and standing.none_in_last_months == 18


# ---------------------------------------------------------------- the days, by a calendar made by hand


def test_cambridgeshire_and_peterborough_by_hand(replays: dict[str, Replay]) -> None:
    """Notice on 24 January 2023 runs 28 days, to 21 February; 180 days from 22 February end on 21 August; heard and
    decided on the 22nd; 42 days for an appeal end on 3 October. Eighteen months from the second notice, of 30 January
    2024, are over on 30 July 2025; from the end, 9 September 2024, on 9 March 2026."""
    found = replays["cambridgeshire-and-peterborough"]
    (course,) = found.courses
    assert course.steps == {
        "report": dt.date(2023, 1, 24), "notice": dt.date(2023, 1, 24), "response": dt.date(2023, 1, 24),
        "cure": dt.date(2023, 2, 22), "hearing": dt.date(2023, 8, 22), "decision": dt.date(2023, 8, 22),
        "recall": dt.date(2023, 10, 4), "restore": dt.date(2024, 9, 9),
    }  # fmt: skip
    assert found.shut == ((dt.date(2023, 1, 24), dt.date(2025, 7, 29)),)
    assert found.shut_from_end == dt.date(2026, 3, 8)
    assert found.held is not None and found.held.lapses == dt.date(2022, 7, 29)  # 28 days after 30 June, and one
    (stake,) = found.stakes
    assert (stake.year, stake.whole, stake.most) == (2023, 20_000_000, 5_000_000)
    assert course.taken == 5_000_000_00


def test_tees_valley_has_two_spells_and_no_end_that_was_read(replays: dict[str, Replay]) -> None:
    found = replays["tees-valley"]
    assert [course.recall for course in found.courses] == [dt.date(2024, 2, 1), dt.date(2025, 12, 12)]
    assert found.courses[0].given_back == dt.date(2025, 2, 1)  # lapses on the day after 365 days
    assert found.shut == ((dt.date(2023, 5, 24), dt.date(2024, 11, 23)), (dt.date(2025, 4, 3), dt.date(2026, 10, 2)))
    assert found.recovered is None and found.shut_from_end is None
    assert [(stake.whole, stake.most) for stake in found.stakes] == [(15_000_000, 3_750_000), (62_000_000, 6_200_000)]


def test_west_of_england_working_together(replays: dict[str, Replay]) -> None:
    """Three decisions were not reached in time: 85 of a hundred means that at least 20 must have been due in all."""
    together = replays["west-of-england"].together
    assert together is not None
    assert (together.period_end, together.done, together.asked) == (dt.date(2022, 3, 31), 0, 3)
    assert (together.status, together.others) == ("missed", 17)
    assert (together.others + 0) / (together.others + 3) >= 0.85 > (together.others - 1) / (together.others + 2)


@pytest.mark.parametrize("name", AREAS)
def test_as_the_offer_stands_a_notice_recalls_nothing(name: str, replays: dict[str, Replay]) -> None:
    found = replays[name]
    assert "has no recall" in found.refusal and found.remedy == "eligibility review"
    shipped = _rehearsed(found.case, found.deal.id)
    assert not [entry for entry in shipped.entries if entry["kind"] == "matter.recall"]


@pytest.mark.parametrize("name", AREAS)
def test_no_recall_comes_sooner_than_the_ladder_allows(name: str, replays: dict[str, Replay]) -> None:
    found = replays[name]
    for course in found.courses:
        assert course.recall is not None
        assert (course.recall - course.steps["notice"]).days == explore(found.deal).least_days == 253


def test_what_says_nothing_is_said_to_say_nothing(replays: dict[str, Replay]) -> None:
    for found in replays.values():
        for event, row in zip(found.case.events, found.rows, strict=True):
            silent = not (event.kind or event.recovered or event.held_back)
            assert row.says.startswith("No condition tests this.") == silent


# ---------------------------------------------------------------- the register takes it


def _rehearsed(case: Case, deal_id: str) -> LadderAtItsSoonest:
    text, framework = case.deal.read_text("utf-8"), (OFFER / "england.toml").read_text("utf-8")
    rehearsal = LadderAtItsSoonest(case, deal_id, text, framework)
    for _ in rehearsal.days():
        pass
    rehearsal.finish()
    return rehearsal


def test_a_register_on_disk_takes_every_entry_and_comes_to_the_same_state(tmp_path: Path) -> None:
    case = find_case("west-of-england")
    rehearsal = _rehearsed(case, "replay-west-of-england")
    with Log.create(tmp_path / "replay.db") as log:
        book = Book(log)
        for entry in rehearsal.entries:
            at = dt.datetime.fromisoformat(entry["at"])
            command = Command(deal=entry["deal"], kind=entry["kind"], body=entry["body"], **entry["by"])
            assert book.record(command, at) == entry["seq"]
        state = book.state("replay-west-of-england")
        log.verify()
    for other in (state, state_of("replay-west-of-england", rehearsal.entries)):
        assert other.notices == rehearsal.state.notices == {"good-standing": [dt.date(2024, 3, 5)]}
        assert other.matters == rehearsal.state.matters
        assert other.partners == rehearsal.state.partners


# ---------------------------------------------------------------- gates


def test_the_gates_were_all_passed_and_that_says_little() -> None:
    found = gates(find_case("gateways"))
    assert found.passed == len(found.rows) == 7
    assert found.chance == pytest.approx(8 / 9)
    assert found.at_least == pytest.approx(0.05 ** (1 / 7))
    assert found.waited == sum(row.gate.tranche for row in found.rows) == 1_110_000_000
    assert dict(found.doubts) == {"North of Tyne": 5, "Greater Cambridge": 29}
    (unseen,) = found.unseen
    assert (unseen.months, unseen.missed) == (17, dt.date(2023, 1, 24))
    assert [row.reach for row in found.rows if row.gate.area == "North of Tyne"] == [5_000_000]  # a quarter of 20m


# ---------------------------------------------------------------- the command


def test_a_case_fits_on_a_screen_and_says_that_it_is_supposed(soke: Run) -> None:
    for name in case_names():
        status, out, err = soke(name)
        assert (status, err) == (0, "")
        assert len(out.splitlines()) <= 40, name
        assert "The deal and its ladder are supposed." in out


def test_all_in_short(soke: Run) -> None:
    status, out, _ = soke()
    assert status == 0
    assert all(name in out for name in AREAS) and "4 Oct 2023" in out and "no such recall exists in law" in out


def recalls(found: dict[str, Any]) -> list[tuple[str, str]]:
    """The case and the day of each recall."""
    steps = found["tables"]["replay_steps"]["rows"]
    return [(row["case"], row["day"]) for row in steps if row["step"] == "recall"]


def test_json_and_csv_hold_every_fact_and_come_out_the_same_twice(soke: Run) -> None:
    status, out, _ = soke("--json")
    found = json.loads(out)
    facts = sum(len(find_case(name).facts) for name in case_names())
    assert status == 0 and len(found["rows"]) == facts
    assert all(row["address"].startswith("http") and row["grade"] and row["says"] for row in found["rows"])
    assert recalls(found)[0] == ("cambridgeshire-and-peterborough", "2023-10-04")
    assert soke("--json")[1] == out
    status, out, _ = soke("--csv")
    assert status == 0 and out.startswith("case,when,day,known_to_the,what,who,grade,source,address,note,says\n")


# ---------------------------------------------------------------- bad input

BROKEN = {
    "not TOML": ("schema = ", "schema ", "cannot be read"),
    "another schema": ("soke-replay/1", "soke-deal/1", '"schema" of the case is not "soke-replay/1"'),
    "no source": ('source = ["solace-2023"]', "source = []", "has no source"),
    "a source that is not listed": ('["solace-2023"]', '["hearsay"]', 'names "hearsay", which the file does not list'),
    "a grade too good": ('source = ["october-2021", "october-2021-lgc"]\ngrade = "unverified"',
                         'source = ["october-2021", "october-2021-lgc"]\ngrade = "official"',
                         "is official, but no official page among its sources was read"),
    "no such grade": ('grade = "official"', 'grade = "certain"', '"grade" of event 5 is not one of'),
    "no such day": ('"2024-03-05"\nid', '"2024-02-30"\nid', "is not a day or a month"),
    "an entry without its day": ('on = "2024-03-05"', 'on = "2024-03"', "needs its day"),
    "not a kind": ('kind = "notice.published"', 'kind = "notice.shouted"', "is no kind of entry"),
    "out of order": ('on = "2021-10-15"', 'on = "2025-10-15"', "stands after a later one"),
    "a key that means nothing": ('who = "SOLACE"', 'who = "SOLACE"\nwhom = "all"', 'has a key "whom"'),
    "an end of nothing": ('ends = ["notice-2024"]', 'ends = ["notice-2019"]', "no earlier fact has that id"),
    "no deal there": ("deals/west-of-england.toml", "deals/atlantis.toml", "atlantis.toml"),
    "another condition": ('condition = "good-standing"', 'condition = "answers-are-given"', "follows good-standing"),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_file_is_a_sentence_and_exit_2(what: str, soke: Run, tmp_path: Path) -> None:
    old, new, said = BROKEN[what]
    text = (SHIPPED / "west-of-england.toml").read_text("utf-8")
    assert old in text
    (tmp_path / "deals").mkdir()
    (tmp_path / "deals" / "west-of-england.toml").write_bytes((SHIPPED / "deals" / "west-of-england.toml").read_bytes())
    broken = tmp_path / "mine.toml"
    broken.write_text(text.replace(old, new), "utf-8")
    status, out, err = soke(broken)
    assert (status, out) == (2, "")
    assert said in err and err.count("\n") == 1 and "Traceback" not in err


def test_an_unknown_case_names_those_there_are(soke: Run) -> None:
    status, _, err = soke("atlantis")
    assert status == 2 and "gateways" in err
    assert soke("atlantis.toml")[0] == 2


def test_a_case_of_ones_own_is_replayed(soke: Run, tmp_path: Path) -> None:
    (tmp_path / "deals").mkdir()
    (tmp_path / "deals" / "west-of-england.toml").write_bytes((SHIPPED / "deals" / "west-of-england.toml").read_bytes())
    mine = tmp_path / "mine.toml"
    text = (SHIPPED / "west-of-england.toml").read_text("utf-8").replace('on = "2024-03-05"', 'on = "2024-03-06"')
    mine.write_text(text, "utf-8")
    status, out, _ = soke(mine, "--json")
    assert (status, [day for _, day in recalls(json.loads(out))]) == (
        0,
        ["2024-11-14"],
    )  # a day later than the shipped case


def test_another_deal_is_tried_or_refused_with_a_sentence(soke: Run, tmp_path: Path) -> None:
    """Greater Manchester's money begins after the facts of Tees Valley: only its flexibility could be recalled."""
    deals = Path("deals").resolve()
    for name, deal, status in (
        ("tees-valley", "greater-manchester", 0), ("tees-valley", "cornwall", 2), ("west-of-england", "cornwall", 2),
        ("west-of-england", "greater-manchester", 2), ("gateways", "cornwall", 0), ("tees-valley", "broken", 2),
    ):  # fmt: skip
        text = (SHIPPED / f"{name}.toml").read_text("utf-8")
        mine = tmp_path / f"{name}-{deal}.toml"
        mine.write_text(re.sub(r"deals/\S+\.toml", (deals / f"{deal}.toml").as_posix(), text, count=1), "utf-8")
        found, out, err = soke(mine)
        assert found == status, (name, deal, err)
        assert "Traceback" not in err and err.count("\n") == (status > 0)
        if (name, deal) == ("tees-valley", "greater-manchester"):
            assert "Nothing that the deal could recall" in out and "Taken: £0" in out


def test_a_month_counts_as_its_last_day() -> None:
    case = read_case(SHIPPED / "west-of-england.toml")
    last = case.events[-1]
    assert (last.when.day, last.when.exact, str(last.when)) == (
        dt.date(2025, 3, 31),
        False,
        "March 2025, day not known",
    )
    assert [event.kind for event in case.events].count(NOTICE) == 1
    with pytest.raises(SokeError):
        read_case(SHIPPED / "nowhere.toml")


def test_the_handbook_tells_what_the_files_give(replays: dict[str, Replay]) -> None:
    page = Path("docs/handbook/replay.md").read_text()
    for found in replays.values():
        for course, (shut, _) in zip(found.courses, found.shut, strict=True):
            assert course.recall is not None
            row = next(line for line in page.splitlines() if f"| {in_words(course.recall)} |" in line)
            assert f"| {in_words(shut)} |" in row
            pounds = f"£{course.taken / 100_000_000:.2f}".rstrip("0")
            assert f"{pounds}m of" in row or f"{pounds}0m of" in row
