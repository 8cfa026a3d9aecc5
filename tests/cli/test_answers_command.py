"""``soke assembly ask`` and ``answers``: from a panel's file to what was done, and what was not."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright
from register_story import GM, STORY, entries, opened, record

from soke.deal.counts import COUNTS, Records, Window
from soke.register.meaning import state_of

Run = Callable[..., tuple[int, str, str]]
DAY = "2026-12-10"
PANEL = """
panel = "fares"
community = "fares-assembly"

[[recommendation]]
id = "late-buses"
text = "Run the 18 and the 41 until midnight on Fridays and Saturdays."
due = 2026-08-01

[[recommendation]]
id = "free-fares"
text = "Let everybody under 19 travel free."
due = 2026-08-01

[[recommendation]]
id = "shelters"
text = "Put a shelter at each stop by a hospital."
due = 2026-08-01

[[recommendation]]
id = "one-ticket"
text = "One ticket for bus, tram and train."
due = 2026-08-01

[[recommendation]]
id = "night-tram"
text = "=SUM(A1) is what a clerk wrote by mistake; try a tram at night."
due = 2027-03-01

[[recommendation]]
id = "seats"
text = "Ask users before seats are changed."
due = 2026-09-01
"""


def _act(day: str, kind: str, role: str, **body: Any) -> dict[str, Any]:
    return {"deal": GM, "kind": kind, "role": role, "person": f"{role.title()} Person", "at": day, "body": body}


ANSWERED = [
    _act("2026-07-01", "answer.given", "authority", answer="late-buses", adopted=True, by="2026-11-15",
         said="Both run until midnight from November."),
    _act("2026-07-15", "answer.given", "authority", answer="free-fares", adopted=False,
         said="It costs £9m a year, which the deal does not bring."),
    _act("2026-08-11", "answer.given", "authority", answer="shelters", adopted=True, by="2026-10-01",
         said="Nine shelters are ordered."),
    _act("2026-08-30", "answer.given", "authority", answer="seats", adopted=True, by="2027-01-31",
         said="Users will be asked."),
    _act("2026-11-20", "answer.done", "residents", answer="late-buses"),
]  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a register in which six recommendations stand in six ways on 10 December 2026."""
    folder = tmp_path_factory.mktemp("answers")
    opened(folder, "--rehearsal", "--at", "2026-03-01")
    drawn = _act("2026-04-10", "panel.drawn", "authority", panel="fares", community="fares-assembly", people=40,
                 pool=312, draw="ab" * 32)  # fmt: skip
    asked = [
        _act("2026-04-20", "answer.asked", "residents", answer=part.split('"')[1], question=part.split('"')[3],
             due=part.split("due = ")[1].strip(), panel="fares", community="fares-assembly")
        for part in PANEL.split("[[recommendation]]")[1:]
    ]  # fmt: skip
    record(folder, [*STORY[:16], drawn, *asked, *ANSWERED])
    return folder


@pytest.fixture
def register(made: Path, tmp_path: Path) -> Path:
    shutil.copy(made / "gm.db", tmp_path / "gm.db")
    return tmp_path / "gm.db"


def test_the_table_says_where_each_stands(soke: Run, register: Path) -> None:
    status, out, _ = soke("assembly", "answers", register, "--deal", GM, "--on", DAY)
    assert status == 0
    said = " ".join(out.split())
    assert "REHEARSAL" in out
    for words in ("No answer: 131 days overdue.", "70 days overdue. It was answered 10 days late.",
                  "An answer is due by 1 March 2027.", "confirmed", "5 days after the day promised",
                  "6 recommendations: 4 answered, 1 done, 1 refused with a reason; 2 overdue.",
                  "5 recommendations had to be answered before 10 December 2026; 3 of them were answered in time, and"
                  " not: shelters, one-ticket."):  # fmt: skip
        assert words in said


def test_every_row_for_programs(soke: Run, register: Path) -> None:
    _, out, _ = soke("assembly", "answers", register, "--on", DAY, "--json")
    found = json.loads(out)
    rows = {row["id"]: row for row in found["rows"]}
    assert [row["id"] for row in found["rows"]] == [
        "one-ticket", "shelters", "night-tram", "seats", "late-buses", "free-fares",
    ]  # fmt: skip
    assert {name: (row["state"], row["days_late"], row["answered_in_time"]) for name, row in rows.items()} == {
        "one-ticket": ("no answer, overdue", 131, "no"),
        "shelters": ("promised, overdue", 70, "no"),
        "night-tram": ("answer awaited", 0, None),
        "seats": ("to be done", 0, "yes"),
        "late-buses": ("done", 5, "yes"),
        "free-fares": ("will not be done", 0, "yes"),
    }
    assert rows["late-buses"]["confirmed_by"] == "Residents' panel, drawn by lot"
    assert rows["free-fares"]["answer"] == "We will not, because: It costs £9m a year, which the deal does not bring."
    assert rows["seats"]["community"] == "Citizens' assembly on fares and routes"
    assert (found["facts"]["asked"], found["facts"]["answered"], found["facts"]["answered_late"]) == (6, 4, 1)
    _, out, _ = soke("assembly", "answers", register, "--on", DAY, "--csv")
    told = {row["id"]: row for row in csv.DictReader(io.StringIO(out))}
    assert told["night-tram"]["recommendation"].startswith("'=SUM")


def test_a_day_in_the_past_sees_only_what_was_known(soke: Run, register: Path) -> None:
    _, out, _ = soke("assembly", "answers", register, "--on", "2026-08-01", "--json")
    states = {row["id"]: row["state"] for row in json.loads(out)["rows"]}
    assert states["one-ticket"] == "answer awaited"  # on the day itself there is still time
    assert states["late-buses"] == "to be done"
    assert soke("assembly", "answers", register, "--on", "2026-08-02", "--json")[1].count("no answer, overdue") == 2


@pytest.mark.parametrize("day", ["2026-07-01", "2026-08-01", "2026-08-02", DAY, "2027-03-02", "2027-04-05"])
def test_it_agrees_with_the_condition_of_the_deal(soke: Run, register: Path, day: str) -> None:
    """The rows that fell due, and the count by which the condition is tested, on the same day and period."""
    _, out, _ = soke("assembly", "answers", register, "--on", day, "--json")
    found = json.loads(out)
    known = [entry for entry in entries(register) if entry["at"][:10] <= day]
    state = state_of(GM, known)
    period = Window(first=_day("2026-04-01"), last=_day("2027-03-31"))
    count = COUNTS["answers-in-time"](Records(answers=tuple(state.partners.answers.values())), period, _day(day))
    judged = [row for row in found["rows"] if row["answered_in_time"] and row["answer_due_day"] <= "2027-03-31"]
    assert (count.done, count.asked) == (sum(row["answered_in_time"] == "yes" for row in judged), len(judged))
    assert sorted(count.failed) == sorted(row["id"] for row in judged if row["answered_in_time"] == "no")
    sentence = next(note for note in found["notes"] if note.startswith("The condition"))
    evaluated = state.evaluation("answers-are-given", _day("2027-03-31"), _day(day))
    assert evaluated.why in sentence
    assert not count.asked or f"{count.done} of {count.asked}" in sentence


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def test_the_page_stands_alone(soke: Run, register: Path, tmp_path: Path) -> None:
    status, out, _ = soke("assembly", "answers", register, "--on", DAY, "--out", tmp_path / "said.html")
    assert (status, "Wrote" in out) == (0, True)
    page = (tmp_path / "said.html").read_text("utf-8")
    assert "You said, we did: 2 of 6 recommendations are overdue" in page
    assert "REHEARSAL" in page
    assert not any(word in page for word in ("<script", "http://", "https://", "src="))
    for title in ("Not answered, and overdue (1)", "Promised, and not done by its day (1)", "Done (1)"):
        assert title in page


class TestRefused:
    @pytest.mark.parametrize(("more", "said"), [
        (("--deal", "nowhere"), 'no deal "nowhere"'),
        (("--on", "soon"), "is no day"),
        (("--on", "2026-03-01"), "there was no deal"),
        (("--panel", "other"), 'There is no panel "other" on record. Those that there are: fares.'),
        (("--json", "--csv"), "cannot be asked for together"),
        (("--out", "."), "is a folder"),
    ])  # fmt: skip
    def test_it_is_a_sentence(self, soke: Run, register: Path, more: tuple[str, ...], said: str) -> None:
        status, _, err = soke("assembly", "answers", register, *more)
        assert (status, said in err) == (2, True), err

    def test_nothing_was_recommended_yet(self, soke: Run, register: Path, tmp_path: Path) -> None:
        status, out, _ = soke("assembly", "answers", register, "--on", "2026-04-15", "--out", tmp_path / "p.html")
        assert status == 0
        assert "Nothing was recommended by 15 April 2026." in out


class TestAsk:
    def test_a_file_becomes_commands_that_the_register_takes(self, soke: Run, register: Path, tmp_path: Path) -> None:
        (tmp_path / "panel.toml").write_text(PANEL.replace('id = "', 'id = "second-').replace("= 2026-", "= 2028-")
                                             .replace("= 2027-", "= 2028-"), "utf-8")  # fmt: skip
        asked = ("--commands", tmp_path / "a.jsonl", "--deal", GM, "--as", "residents", "--by", "Residents Person")
        status, out, err = soke("assembly", "ask", tmp_path / "panel.toml", *asked)
        assert status == 0
        assert "Wrote 6 questions" in err
        status, out, _ = soke("register", "record", register, "--file", tmp_path / "a.jsonl")
        assert (status, out.count("asked for an answer by")) == (0, 6)
        _, out, _ = soke("assembly", "answers", register, "--panel", "fares", "--json")
        assert json.loads(out)["facts"]["asked"] == 12

    @pytest.mark.parametrize(("old", "new", "said"), [
        ('id = "seats"', 'id = "shelters"', "panel.toml:31:1: The id \"shelters\" is there twice."),
        ('id = "seats"', 'id = "Seats"', "panel.toml:31:1: \"id\" is not an id: small letters"),
        ('id = "seats"', "", "has no \"id\""),
        ("due = 2026-09-01", "due = \"soon\"", "panel.toml:33:1"),
        ("due = 2026-09-01", "due = 2026-09-31", "panel.toml:33:"),
        ("due = 2026-09-01", "do = 2026-09-01", "has no \"due\". Add: due = ... (1 more.)"),
        ("Ask users before seats are changed.", " ", "\"seats\" says nothing"),
        ("Ask users before seats are changed.", "\\u202e", "cannot be seen"),
        ('panel = "fares"', 'panel = "The fares"', "panel.toml:2:1: \"panel\" is not an id"),
        (PANEL[1:], "", 'has no "recommendation"'),
        (PANEL[1:], "recommendation = []", "holds no recommendation"),
        (PANEL[1:], "recommendation = 3", "should be a list"),
        ("[[recommendation]]", "[recommendation", "not TOML"),
    ])  # fmt: skip
    def test_a_fault_is_said_at_its_line(self, soke: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str,
                                         new: str, said: str) -> None:  # fmt: skip
        monkeypatch.chdir(tmp_path)
        Path("panel.toml").write_text(PANEL.replace(old, new), "utf-8")
        asked = ("--commands", "a.jsonl", "--deal", GM, "--as", "residents", "--by", "Residents Person")
        status, out, err = soke("assembly", "ask", "panel.toml", *asked)
        assert (status, out) == (2, "")
        assert said in err
        assert not Path("a.jsonl").exists()

    def test_without_commands_it_lists(self, soke: Run, tmp_path: Path) -> None:
        (tmp_path / "panel.toml").write_text(PANEL, "utf-8")
        status, out, _ = soke("assembly", "ask", tmp_path / "panel.toml", "--csv")
        assert (status, out.count("\n")) == (0, 7)
        assert "\nnight-tram,2027-03-01,fares-assembly,fares,'=SUM(A1)" in out

    def test_it_does_not_write_over_its_file(self, soke: Run, tmp_path: Path) -> None:
        (tmp_path / "p.toml").write_text(PANEL, "utf-8")
        asked = ("--commands", tmp_path / "p.toml", "--deal", GM, "--as", "residents", "--by", "Ann")
        status, _, err = soke("assembly", "ask", tmp_path / "p.toml", *asked)
        assert (status, "a file that this command reads" in err) == (2, True)
        assert (tmp_path / "p.toml").read_text("utf-8") == PANEL

    def test_with_commands_it_says_what_is_missing(self, soke: Run, tmp_path: Path) -> None:
        (tmp_path / "panel.toml").write_text(PANEL, "utf-8")
        status, _, err = soke("assembly", "ask", tmp_path / "panel.toml", "--commands", tmp_path / "a")
        assert (status, "--deal is missing" in err) == (2, True)


@pytest.mark.slow
@pytest.mark.parametrize("width", [1200, 375])
def test_the_page_fits_and_axe_finds_no_fault(
    soke: Run, register: Path, tmp_path: Path, chromium: str, width: int
) -> None:
    soke("assembly", "answers", register, "--on", DAY, "--out", tmp_path / "said.html")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_context(viewport={"width": width, "height": 800}, bypass_csp=True).new_page()
        page.goto((tmp_path / "said.html").as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") == width
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        browser.close()
