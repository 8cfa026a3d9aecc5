"""Decisions of communities on the site: made from the examples, checked anew, and never shown as fact when altered."""

from __future__ import annotations

import datetime as dt
import hashlib
import importlib.util
import json
import os
import pickle
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from types import ModuleType
from urllib.parse import unquote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from soke.cli import main
from soke.errors import SokeError
from soke.register.checkpoint import new_key
from soke.register.verify import key_text
from soke.site import style
from soke.site.contents import Asked, Site
from soke.site.decided import Decided
from soke.site.decisions import pages as decisions
from soke.site.frame import DECISIONS
from soke.site.gather import gather
from soke.site.registers import pages as registers

ROOT = Path(__file__).parents[2]
TODAY = dt.date(2027, 11, 10)
STORIES = ("neighbourhood-budget", "service-user-panel", "fund-split")
WINNERS = ("New climbing frame on the Green", "Trees along the High Street", "Tools for the repair cafe",
           "Benches and a shelter at Mill Lane")  # fmt: skip
HOSTILE = "<script>alert('x')</script> \u202eO'Brien & \"sons\" " + "x" * 300
Edit = Callable[[Path], object]
OTHER_KEY = key_text(new_key("soke.example/riders").verifier) + "\n"


def stories() -> ModuleType:
    """The runner of the stories in ``examples/``: what is shown here is what they make."""
    spec = importlib.util.spec_from_file_location("stories", ROOT / "tests" / "examples" / "test_stories.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["stories"] = module  # a dataclass looks for its module
    spec.loader.exec_module(module)
    return module


def soke(*words: str) -> None:
    before, sys.argv = sys.argv, ["soke", *words]
    try:
        main()
    except SystemExit as stopped:
        assert not stopped.code, words
    finally:
        sys.argv = before


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A tree as a council would hand it in: a counted round, a panel with its register, a split, cases."""
    told, work, tree = stories(), tmp_path_factory.mktemp("stories"), tmp_path_factory.mktemp("made") / "tree"
    with pytest.MonkeyPatch.context() as patch:
        for name in STORIES:
            folder = work / name
            folder.mkdir()
            told.copy_of_the_house(folder)
            patch.chdir(folder)
            for step in told.steps((ROOT / "examples" / name / "README.md").read_text()):
                told.run(step.command, folder)
        patch.chdir(work / "service-user-panel")
        soke("register", "publish", "r.db", "--key", "r.key", "--to", "public")
    for name, parts in (("elm", ("result", "counted")), ("riders", ("draw", "public")), ("fund", ("split",))):
        for part in parts:
            shutil.copytree(next(work.glob(f"*/{part}")), tree / name / part)
    shutil.copy(ROOT / "examples" / "fund-split" / "wards.csv", tree / "fund")
    shutil.copytree(ROOT / "examples" / "village-hall" / "cases", tree / "cases")
    shutil.copy(ROOT / "examples" / "village-hall" / "lunch-club.toml", tree / "cases")
    yield tree


@pytest.fixture()
def tree(made: Path, tmp_path: Path) -> Path:
    """A copy that a test may break."""
    return Path(shutil.copytree(made, tmp_path / "tree"))


def gathered(tree: Path | None, today: dt.date = TODAY, deals: Path | None = ROOT / "deals") -> Site:
    return gather(Asked(communities=tree, deals=deals, today=today))


def written(site: Site) -> dict[str, bytes]:
    contents = {page.path: page.write(site) for page in decisions.pages(site)}
    return {path: body.encode() if isinstance(body, str) else body for path, body in contents.items()}


def text_of(page: bytes) -> str:
    """What people read of a page."""
    text = re.sub(r"<style>.*?</style>", "", page.decode(), flags=re.DOTALL)
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", text))
    return text.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")


def of_kind(site: Site, kind: str, where: str = "") -> Decided:
    (one,) = [one for one in site.decisions if one.kind == kind and where in one.where]
    return one


def shown(tree: Path, kind: str, where: str = "", today: dt.date = TODAY) -> str:
    site = gathered(tree, today)
    return text_of(written(site)[of_kind(site, kind, where).path])


def replaced(path: Path, old: str, new: str) -> None:
    content = path.read_text()
    assert old in content, (path, old)
    path.write_text(content.replace(old, new, 1))


# --- each kind ---


def test_a_budget_says_who_won_and_why_the_others_did_not(tree: Path) -> None:
    site = gathered(tree)
    one = of_kind(site, "budget")
    pages = written(site)
    said = text_of(pages[one.path])
    assert one.finding.startswith("Elm ward neighbourhood budget 2026 chose: New climbing frame on the Green; Trees")
    at = [said.index(f"{name}£") for name in WINNERS]
    assert at == sorted(at)  # in the order in which they won
    for words in (
        "40 of 45 people voted on £20,000. Each of them got at least one thing they chose.",
        "Funded: £17,000 of £20,000",
        "Car park of the village hall resurfaced, £7,000, 20 votes", "£3,491 left of the £7,000",
        "28 votes28 supporters paid the £9,000 between them, at most £321.42 each.",
        "£3,000 is left over.",
        "Whether each was paid for and done is not known here: a count does not say.",
        "0 of 40", "12 of 40", "soke budget audit outcome.pb --manifest manifest.json",
        "46 codes were sent: 40 used, 1 on a paper that could not be counted, 1 spoiled, 4 not used.",
        "With most votes first, Car park of the village hall resurfaced would have won", "Made up.",
    ):  # fmt: skip
        assert words in said, words
    assert said.index("Why not the others?") < said.index("How it was counted") < said.index("Is it right?")
    made = json.loads((tree / "elm" / "counted" / "manifest.json").read_text())
    assert json.loads(pages[one.file("manifest.json")]) == made
    assert b"max_length" in pages[one.file("outcome.pb")] and "roll.csv" in one.files


def test_what_is_copied_beside_a_budget_can_be_checked(tree: Path, tmp_path: Path) -> None:
    site = gathered(tree)
    one, pages = of_kind(site, "budget"), written(site)
    folder = tmp_path / "taken"
    folder.mkdir()
    for name in one.files:
        (folder / name).write_bytes(pages[one.file(name)])
        assert hashlib.sha256(pages[one.file(name)]).hexdigest().encode() in pages[one.path]
    soke("budget", "audit", str(folder / "outcome.pb"), "--manifest", str(folder / "manifest.json"))
    soke("round", "verify", str(folder))


def test_a_round_without_its_count_has_no_winner(tree: Path) -> None:
    shutil.rmtree(tree / "elm" / "counted")
    said = shown(tree, "round")
    assert "40 of 45 people voted, and no count that holds is here" in said
    assert "Who won is not known here." in said


def test_a_round_whose_count_was_altered_does_not_say_that_none_was_made(tree: Path) -> None:
    replaced(tree / "elm" / "counted" / "winners.csv", "Trees", "Tulips")
    said = shown(tree, "round")
    assert "no count that holds is here" in said and "not here yet" not in said and "Nobody has won" not in said


def test_a_panel_is_answered_with_who_answers_and_what_is_late(tree: Path) -> None:
    site = gathered(tree)
    one = of_kind(site, "panel")
    said = text_of(written(site)[one.path])
    assert one.finding.endswith("1 of 4 recommendations is overdue") and one.tag == "rehearsal"
    for words in (
        "16 people were drawn by lot from 120.", "Mayor of Greater Manchester have to answer", "You said, we did",
        "No answer: 12 days overdue.", "We did: It is in the drivers' training from October",
        "We will not, because: It would take 22 drivers more", "2 people left, and their places were drawn anew.",
        "soke assembly verify . --without-people", "soke.example/riders",
    ):  # fmt: skip
        assert words in said, words
    assert one.area == "places/greater-manchester.html"


def test_nobody_is_named_where_fewer_than_ten_could_be_meant(tree: Path) -> None:
    site = gathered(tree)
    panel, pages = of_kind(site, "panel"), written(site)
    drawn = json.loads((tree / "riders" / "draw" / "drawn.json").read_text())["panel"]
    assert not any(re.search(rf"\b{person}\b", text_of(pages[panel.path])) for person in drawn)
    assert not [path for path in pages if path.endswith(("people.csv", "chances.csv"))]
    rows = re.findall(r"<tr><th[^>]*>rides</th>.*?</tr>", pages[panel.path].decode())
    assert len(rows) == 3 and all("fewer than 10 people" in row for row in rows)  # 6 ride daily: none of the three
    assert re.search(r"<tr><th[^>]*>age</th>.*?>11<", pages[panel.path].decode())
    replaced(tree / "cases" / "village-hall.toml", "the hall's trustees", "Mr Zebedee Oakes")
    asset = shown(tree, "asset", "village-hall", dt.date(2026, 10, 12))
    assert "Zebedee" not in asset and "the owner" in asset


def test_places_that_are_not_drawn_anew_yet_are_not_said_to_be(tree: Path) -> None:
    (tree / "riders" / "draw" / "replacement-1" / "drawn.json").unlink()
    said = shown(tree, "panel")
    assert "2 people left, and their places are not drawn anew yet." in said and "were drawn anew" not in said


def test_ids_that_may_be_names_are_not_copied(tree: Path) -> None:
    folder = tree / "riders" / "draw"
    shutil.rmtree(folder)
    names = ["Ann", "Bob", "Cyd", "Dee", "Eve", "Flo"]
    (tree / "pool.csv").write_text("id,sex\n" + "".join(f"{name},{'wm'[k % 2]}\n" for k, name in enumerate(names)))
    (tree / "quotas.csv").write_text("category,feature,min,max\nsex,w,1,1\nsex,m,1,1\n")
    (tree / "secret.txt").write_text((ROOT / "examples" / "service-user-panel" / "made-up-secret.txt").read_text())
    draw = ("assembly", "draw")
    soke(*draw, str(tree / "pool.csv"), str(tree / "quotas.csv"), "--size", "2", "--id", "id", "--commit", str(folder),
         "--rehearsal-secret", str(tree / "secret.txt"), "--public", "dice", "--form", "10 digits 1-6")  # fmt: skip
    soke(*draw, "--reveal", str(folder), "--secret", str(tree / "secret.txt"), "--value", "4 2 6 1 1 5 3 6 2 4")
    site = gathered(tree)
    one = of_kind(site, "panel", "draw")
    assert not one.faults and not one.files
    assert not any(name in text_of(written(site)[one.path]) for name in names)


def test_a_split_has_its_map_and_every_place_by_rule(tree: Path) -> None:
    site = gathered(tree)
    one = of_kind(site, "split")
    page = written(site)[one.path]
    said = text_of(page)
    assert "Marford and Eastley wards: £6.3m over 24 places, shared 70% by need and 30% by population" in said
    assert b'class="areamap"' in page and page.count(b"<path") > 24
    for words in (
        "Foundry Lane",
        "£500,000",
        "Its floor, which lifts it from the £2,846",
        "Grade: U",
        "Figures of 30 June 2025.",
    ):
        assert words in said, words
    assert one.area == "places/greater-manchester.html" and one.tag == "made up"
    assert "decision" in {link.kind for link in site.concerning[one.area]}


def test_a_split_without_its_places_is_shown_as_far_as_it_can_be_checked(tree: Path) -> None:
    (tree / "fund" / "wards.csv").unlink()
    said = shown(tree, "split")
    assert "The file of places was not handed in." in said and "£414,520.45" in said
    assert "It was shared again" not in said
    assert "£6.3m over 24 places" in said and "The names are those of split.csv: they could not be checked." in said
    assert said.index("£500,000") < said.index("£414,520") and "Foundry Lane" in said
    (tree / "fund" / "split" / "split.csv").unlink()
    assert "The record has codes alone, no names." in shown(tree, "split")


@pytest.mark.parametrize("there", [True, False])
def test_a_table_that_is_not_that_of_the_record_is_found_with_and_without_the_places(tree: Path, there: bool) -> None:
    if not there:
        (tree / "fund" / "wards.csv").unlink()
    table = tree / "fund" / "split" / "split.csv"
    rows = table.read_text().splitlines(keepends=True)
    table.write_text("".join([*rows, rows[-1]]))  # one place twice: the last line would hide the other
    assert of_kind(gathered(tree), "split").faults
    replaced(table, rows[1][:4], "M0x,")
    assert "has other places or amounts than the record" in shown(tree, "split")


def test_an_asset_says_its_step_and_what_is_due_by_whom_and_when(tree: Path) -> None:
    said = shown(tree, "asset", "village-hall", dt.date(2026, 10, 12))
    assert "a community group has asked to be treated as a bidder, since 9 October 2026" in said
    assert "No sale to anybody else: the full moratoriumthe ownerUntil 28 February 2027" in said
    late = shown(tree, "asset", "reading-room", dt.date(2026, 9, 7))
    assert "decide whether to list the land is late; Anyshire District Council had to, by 31 August 2026" in late
    assert "✗ Late. It was due by 31 August 2026" in late
    assert "31 August 2026✗ late, was due byDecide whether to list the land" in late
    assert not re.search(r"\d{4}-\d\d-\d\d", late.partition("soke asset status")[0])  # days in words
    assert "Grades: Oofficial" in late and "anybody can repeat it" not in late  # its file is not there


def test_a_service_says_what_is_due_and_what_changed(tree: Path) -> None:
    said = shown(tree, "delivery", today=dt.date(2027, 11, 2))
    assert "Report on the period to 30 September 2027 is late; Anyplace Hall CIC had to, by 31 October 2027" in said
    assert "Meals served in six months6002,000nothing yetnone yetnot reportednone reported yet" in said
    assert "£42,000 agreed at most" in said and "What should change" in said
    assert "Lunch club for older people" in shown(tree, "delivery", today=dt.date.max)


# --- the list ---


def test_the_list_is_newest_first_each_with_its_finding(tree: Path) -> None:
    site = gathered(tree)
    days = [one.day or dt.date.min for one in site.decisions]
    assert len(days) == 6 and days == sorted(days, reverse=True)
    said = text_of(written(site)[DECISIONS])
    at = [said.index(one.finding) for one in site.decisions]
    assert at == sorted(at) and said.count("made up") == 5 and said.count("rehearsal") == 1
    late = [one for one in site.decisions if one.late]
    assert {one.kind for one in late} >= {"panel", "asset"} and said.count("✗ late") == len(late)
    assert f"In {len(late)} of 6 decisions of communities something is late" in said
    replaced(tree / "elm" / "counted" / "winners.csv", "Trees", "Tulips")
    shutil.rmtree(tree / "elm" / "result")
    assert f"In {len(late)} of 5 decisions of communities" in text_of(written(gathered(tree))[DECISIONS])
    for name in ("riders", "fund", "cases"):
        shutil.rmtree(tree / name)
    assert "No decision that was handed in can be shown" in text_of(written(gathered(tree))[DECISIONS])


def test_without_any_the_page_says_so_and_what_could_stand_here(tmp_path: Path) -> None:
    for tree, why in ((None, "Whoever built this site gave it none."), (tmp_path, "holds none")):
        site = gathered(tree)
        said = text_of(written(site)[DECISIONS])
        assert not site.decisions and "No decision of a community was given to this site" in said and why in said
        assert "who won a neighbourhood budget" in said and "examples/neighbourhood-budget" in said
    with pytest.raises(SokeError):
        gathered(tmp_path / "nowhere")


# --- what was altered ---

ALTERED: Sequence[tuple[str, str, Edit, str]] = (
    ("budget", "elm/counted", lambda at: replaced(at / "winners.csv", "Trees", "Tulips"), "winners.csv"),
    ("budget", "elm/counted", lambda at: replaced(at / "outcome.pb", "resurfaced;0", "resurfaced;1"), "outcome.pb"),
    ("budget", "elm/counted", lambda at: replaced(at / "outcome.pb", ";vote\n1;", ";vote\n1;4,"), "outcome.pb"),
    ("budget", "elm/counted", lambda at: replaced(at / "manifest.json", '"5",', '"2",'), "manifest.json"),
    ("budget", "elm/counted", lambda at: replaced(at / "ledger.csv", "1,1,", "1,2,"), "ledger.csv"),
    ("budget", "elm/counted", lambda at: (at / "manifest.json").unlink(), "manifest.json is missing"),
    ("budget", "elm/counted", lambda at: (at / "outcome.pb").unlink(), "outcome.pb is missing"),
    ("budget", "elm/counted", lambda at: (at / "manifest.json").write_text("{}"), "outcome.pb cannot be counted again"),
    ("budget", "elm/counted", lambda at: replaced(at.parent / "result" / "roll.csv", '"3,6"', '"3,2"'), "roll.csv"),
    ("budget", "elm/counted", lambda at: replaced(at / "outcome.pb", "Elm ward n", "Oak ward n"), "another title"),
    ("budget", "elm/counted", lambda at: replaced(at / "outcome.pb", "21.06.2026", "22.06.2026"), "another title, day"),
    ("split", "fund/split", lambda at: replaced(at / "manifest.json", "41452045", "40452045"), "result_sha256"),
    ("split", "fund/split", lambda at: replaced(at / "split.csv", "36280237", "46280237"), "split.csv"),
    ("split", "fund/split", lambda at: (at / "manifest.json").write_text("[]"), "manifest.json is no record"),
    ("panel", "riders/draw", lambda at: replaced(at / "drawn.json", '"1049"', '"1006"'), "The people drawn"),
    ("panel", "riders/draw", lambda at: (at / "replacement-1/statement.json").unlink(), "no statement of a draw"),
    ("panel", "riders/draw", lambda at: replaced(at / "panels.csv", "1049", "1050"), "panels.csv"),
    ("panel", "riders/draw", lambda at: replaced(at / "statement.json", '"size": 16', '"size": "x"'), "whole number"),
    ("panel", "riders/public", lambda at: replaced(at / "log.jsonl", "until eight", "until nine"), "does not verify"),
    ("panel", "riders/public", lambda at: (at / "checkpoint").write_text("nothing\n"), "does not verify"),
    ("panel", "riders/public", lambda at: (at / "checkpoint").unlink(), "nobody vouches for what is there"),
    ("panel", "riders/public", lambda at: (at / "log.jsonl").unlink(), "so there are no entries"),
    ("panel", "riders/public", lambda at: (at / "hashes.txt").write_text("0" * 64 + "\n"), "hashes do not lead"),
    ("panel", "riders/public", lambda at: (at / "key.pub").write_text(OTHER_KEY), "not signed with this key"),
    ("asset", "cases/village-hall", lambda at: replaced(at.with_suffix(".toml"), "2026-03-16", "2020-03-16"), "listed"),
    ("delivery", "cases/lunch-club", lambda at: replaced(at.with_suffix(".toml"), "break_days", "brake"), "break_days"),
)  # fmt: skip


@pytest.mark.parametrize(("kind", "where", "edit", "named"), ALTERED)
def test_what_was_altered_is_never_shown_as_fact(tree: Path, kind: str, where: str, edit: Edit, named: str) -> None:
    edit(tree / where)
    site = gathered(tree)
    one = of_kind(site, kind, where)
    said = text_of(written(site)[one.path])
    assert one.faults and one.body is None and not one.files and not one.area
    assert named in said and "Not shown as fact." in said and "so no result is shown" in said
    assert not any(name in said for name in WINNERS) and "No answer: 12 days" not in said
    assert any(where in trouble.where for trouble in site.troubles)
    assert str(tree) not in said
    assert "not shown as fact" in text_of(written(site)[DECISIONS])


def test_a_round_that_was_altered_is_shown_as_such(tree: Path) -> None:
    shutil.rmtree(tree / "elm" / "counted")
    replaced(tree / "elm" / "result" / "round.pb", ";1,6,7", ";1,2,7")
    assert "round.pb is not the file that the round vouches for" in shown(tree, "round")


def test_answers_do_not_say_that_a_draw_was_checked_which_was_altered(tree: Path) -> None:
    replaced(tree / "riders" / "draw" / "panels.csv", "1049", "1050")
    said = shown(tree, "panel", "riders/public")
    assert "No draw that fits was handed in with the answers, so it was not checked here." in said
    assert "The draw was worked out again" not in said


def test_what_was_handed_in_and_has_no_page_is_told(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is passed over unseen: leftovers, folders that cannot be read, links, files that are broken."""
    left = tree / "left"
    left.mkdir()
    shutil.copy(tree / "elm" / "counted" / "winners.csv", left)
    (tree / "cases" / "broken.toml").write_text('asset "village-hall"\n')
    (tree / "cases" / "notes.toml").write_text('about = "something else"\n')
    (tree / "cases" / "emptied.toml").write_text("\n")
    (tree / "linked").symlink_to(left)
    (tree / "shut").mkdir()
    listing = os.scandir

    def shut(path: str) -> object:
        if str(path).endswith("shut"):
            raise PermissionError(13, "Permission denied", str(path))
        return listing(path)

    monkeypatch.setattr(os, "scandir", shut)
    site = gathered(tree)
    told = {trouble.where: trouble.why for trouble in site.troubles}
    said = text_of(written(site)[DECISIONS])
    assert "Handed in, and not shown" in said and all(one.why in said for one in site.unseen) and len(site.unseen) == 5
    for name in ("elm", "riders", "fund", "cases"):
        shutil.rmtree(tree / name)
    said = text_of(written(gathered(tree))[DECISIONS])
    assert "Nothing in the folder that was named could be shown." in said and "holds winners.csv" in said
    assert told["left"] == "It holds winners.csv, and no record that says of what. Nothing of it is shown."
    assert told["cases/broken.toml"].startswith("It is no TOML")
    assert told["cases/emptied.toml"] == "The file is empty. Nothing of it is shown."
    assert told["linked"].startswith("This is a link to a folder")
    assert told["shut"] == "This folder cannot be read: Permission denied. Nothing of it is shown."
    assert "cases/notes.toml" not in told


def test_answers_lead_to_the_entries_of_the_register_on_the_site(tree: Path, tmp_path: Path) -> None:
    shutil.copytree(tree / "riders" / "public", tmp_path / "registers" / "riders")
    site = gather(Asked(communities=tree, registers=tmp_path / "registers", today=TODAY))
    one, pages = of_kind(site, "panel"), written(site)
    there = {page.path: page.write(site) for page in registers.pages(site)}
    links = re.findall(r'href="\.\./(registers/riders/[^"]+)"', pages[one.path].decode())
    assert "registers/riders/index.html" in links and len(links) > 8
    for link in links:
        path, _, anchor = link.partition("#")
        assert path in there and (not anchor or f'id="{anchor}"' in str(there[path])), link
    log = (tree / "riders" / "public" / "log.jsonl").read_text().splitlines()
    row = pages[one.path].decode().partition("A ride to every hospital")[2].partition("</tr>")[0]
    (number,) = re.findall(r"#e(\d+)", row)
    assert json.loads(log[int(number)])["kind"] == "answer.asked"
    assert not [name for name in one.files if name.startswith("register/")]


def test_answers_of_another_history_than_that_of_the_site_are_not_believed(tree: Path, tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    soke("register", "init", str(work / "o.db"), "--name", "soke.example/riders", "--registrar", "Somebody Else",
         "--key", str(work / "o.key"), "--rehearsal", "--at", "2026-03-01")  # fmt: skip
    soke("register", "publish", str(work / "o.db"), "--key", str(work / "o.key"), "--to", str(work / "all" / "riders"))
    site = gather(Asked(communities=tree, registers=work / "all", today=TODAY))
    one = of_kind(site, "panel", "riders/public")
    assert one.body is None and "another history of it, in riders" in " ".join(one.faults)


def test_answers_of_a_register_that_is_not_on_the_site_come_with_its_files(tree: Path, tmp_path: Path) -> None:
    site = gathered(tree)
    one, pages = of_kind(site, "panel"), written(site)
    for name in (name for name in one.files if name.startswith("register/")):
        (tmp_path / Path(name).name).write_bytes(pages[one.file(name)])
    (command,) = re.findall(r"<pre>(python3 verify.py [^<]+)</pre>", pages[one.path].decode())
    words = [sys.executable, *command.split()[1:]]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and done.stdout.rstrip().endswith("Exit status 0: verified.")
    replaced(tmp_path / "log.jsonl", "until eight", "until nine")
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "NOT VERIFIED" in done.stdout


def test_an_address_stays_when_a_newer_record_of_the_same_name_comes(tree: Path) -> None:
    """Who kept a link to the vote of last year must not be led to that of this year."""
    before = of_kind(gathered(tree), "budget").path
    ballots = (tree / "elm" / "counted" / "outcome.pb").read_text().replace("21.06.2026", "20.06.2027")
    (tree / "later.pb").write_text(f"{ballots.rpartition('40;')[0]}40;4\n")  # nobody votes twice alike
    soke("budget", "count", str(tree / "later.pb"), "--out", str(tree / "a-later"))
    site = gathered(tree)
    assert of_kind(site, "budget", "elm").path == before
    later = of_kind(site, "budget", "a-later")
    assert later.path != before and later.day == dt.date(2027, 6, 20)


def test_of_two_of_one_name_it_is_said_which_is_altered(tree: Path) -> None:
    shutil.copytree(tree / "elm" / "counted", tree / "later" / "counted")
    replaced(tree / "later" / "counted" / "winners.csv", "Trees", "Tulips")
    assert "the other (altered, or not whole)" in shown(tree, "budget", "elm/")
    assert "(altered" not in shown(tree, "budget", "later/")


def test_two_of_one_name_are_both_said(tree: Path) -> None:
    shutil.copytree(tree / "elm" / "counted", tree / "later" / "counted")
    site = gathered(tree)
    pages = written(site)
    both = [one for one in site.decisions if one.kind == "budget"]
    assert len({one.path for one in both}) == 2
    for one, other in (both, both[::-1]):
        assert "Another record has this very name" in text_of(pages[one.path]) and one.where in text_of(pages[one.path])
        assert other.path.rpartition("/")[2].encode() in pages[one.path]
    assert sum("Another record is called" in trouble.why for trouble in site.troubles) == 2


# --- hostile, linked, the same ---


def hostile(tree: Path) -> Path:
    """A count of two projects with names that mean harm."""
    name = HOSTILE.replace('"', '""')
    ballots = tree / "hostile.pb"
    ballots.write_text(
        f'META\nkey;value\ndescription;"{name}"\nnum_projects;2\nnum_votes;3\nbudget;100\nvote_type;approval\n'
        f'rule;greedy\nPROJECTS\nproject_id;cost;name\n1;60;"{name}"\n2;50;"</style>{name}"\n'
        "VOTES\nvoter_id;vote;age\na;1;83\nb;1,2;20\nc;1;20\n"
    )
    soke("budget", "count", str(ballots), "--out", str(tree / "hostile"))
    return tree


def test_a_hostile_name_is_inert(tree: Path) -> None:
    site = gathered(hostile(tree))
    one, pages = of_kind(site, "budget", "hostile"), written(site)
    for page in (pages[one.path], pages[DECISIONS]):
        assert b"<script" not in page.lower() and b"&lt;script&gt;" in page and "\u202e".encode() not in page
        assert page.count(b"</style>") <= 1
    assert re.fullmatch(r"decisions/[a-z0-9-]{1,80}\.html", one.path) and len(one.name) <= 120
    assert b"83" not in pages[one.file("outcome.pb")]  # of voters only what they chose


def test_a_record_called_index_does_not_take_the_place_of_the_list(tree: Path) -> None:
    replaced(tree / "cases" / "reading-room.toml", '"Anyplace Reading Room"', '"Index"')
    site = gathered(tree)
    assert of_kind(site, "asset", "reading-room").path != DECISIONS
    assert len(written(site)) == len(list(decisions.pages(site)))


def test_every_link_leads_somewhere(tree: Path) -> None:
    shutil.copytree(tree / "elm" / "counted", tree / "later" / "counted")
    replaced(tree / "later" / "counted" / "winners.csv", "Trees", "Tulips")
    site = gathered(tree)
    pages = written(site)
    places = {area.path for area in site.areas}
    parts = {"index.html", "places/index.html", "deals/index.html", "check/index.html", "words.html",
             "check/contest.html", "data/index.html"} | {sheet.path for sheet in style.pages(site)}  # fmt: skip
    for path, body in pages.items():
        if not path.endswith(".html"):
            continue
        ids = set(re.findall(r'id="([^"]+)"', body.decode()))
        for target in re.findall(r'href="([^"]+)"', body.decode()):
            file, _, anchor = unquote(target).partition("#")
            if not file:
                assert anchor in ids, (path, target)
                continue
            parent, steps = PurePosixPath(path).parent, PurePosixPath(file).parts
            while steps and steps[0] == "..":
                parent, steps = parent.parent, steps[1:]
            assert str(parent / PurePosixPath(*steps)) in pages.keys() | places | parts, (path, target)


def test_the_same_bytes_twice_and_for_another_process(tree: Path) -> None:
    first, second = gathered(tree), gathered(tree)
    assert written(first) == written(second)
    assert written(pickle.loads(pickle.dumps(first))) == written(first)
    needs = [(page.path, repr(page.needs)) for page in decisions.pages(first)]
    assert needs == [(page.path, repr(page.needs)) for page in decisions.pages(second)]
    replaced(tree / "cases" / "village-hall.toml", "Church Lane", "Chapel Lane")
    changed = dict(needs).items() ^ {(page.path, repr(page.needs)) for page in decisions.pages(gathered(tree))}
    assert {path for path, _ in changed} == {DECISIONS, of_kind(first, "asset", "village-hall").path}


@pytest.mark.slow
def test_in_a_browser_nothing_overflows_and_axe_finds_nothing(
    tree: Path, tmp_path: Path, chromium: str, dressed: Callable[[Path], None]
) -> None:
    dressed(tmp_path / "site")
    shutil.copytree(tree / "elm" / "counted", tree / "later" / "counted")
    replaced(tree / "later" / "counted" / "winners.csv", "Trees", "Tulips")
    pages = {path: body for path, body in written(gathered(hostile(tree))).items() if path.endswith(".html")}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for width, scheme in ((1280, "light"), (375, "dark")):
            tab = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
            for path, body in pages.items():
                file = tmp_path / "site" / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(body)
                tab.goto(file.as_uri())
                assert tab.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
                found = Axe().run(tab)
                assert not found.violations_count, (path, scheme, found.generate_report())
        browser.close()
