"""Registers on the site: what is verified is shown, what fails is shown as failing, and anyone can check it."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import io
import json
import os
import posixpath
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests/report"), str(ROOT / "tests/register")]
from measured import wrong_on  # noqa: E402
from register_states import BIDI, LONG, SCRIPT, hostile, written  # noqa: E402
from rehearsal import KEEPER, Rehearsal, deal_text, missed  # noqa: E402

from soke.cli import main  # noqa: E402
from soke.errors import SokeError  # noqa: E402
from soke.files import write_whole  # noqa: E402
from soke.register import published as room  # noqa: E402
from soke.register.checkpoint import SigningKey, new_key, with_signatures, write_key  # noqa: E402
from soke.register.publication import CHECKPOINT, HASHES, KEY, LOG, PROGRAM, publication  # noqa: E402
from soke.register.published import Published, Unverified, read_published  # noqa: E402
from soke.register.storage import Draft, Log  # noqa: E402
from soke.register.verify import COSIGNATURE, read_checkpoint  # noqa: E402
from soke.register.verify import key_text as verifier_line  # noqa: E402
from soke.register.witness import cosign  # noqa: E402
from soke.site.contents import Asked, Site  # noqa: E402
from soke.site.gather import gather  # noqa: E402
from soke.site.registers.feed import ATOM, id_of  # noqa: E402
from soke.site.registers.gather import gather_registers  # noqa: E402
from soke.site.registers.pages import pages  # noqa: E402

TODAY = dt.date(2027, 6, 10)
NAME = "soke.example/test"
STORY = ROOT / "examples/greater-manchester-register"
SEEN: tuple[tuple[int, Literal["light", "dark"]], ...] = ((1280, "light"), (1280, "dark"), (375, "light"))
VOID = {"meta", "link", "br", "hr", "img", "col", "input"}


class Shown(HTMLParser):
    """A page: its words, links and ids, its tags in balance."""

    def __init__(self, content: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.ids: list[str] = []
        self.tags: set[str] = set()
        self.pre: list[str] = []
        self._open: list[str] = []
        self._said: list[str] = []
        self.html = content.decode()
        self.feed(self.html)
        assert self._open == []
        assert len(self.ids) == len(set(self.ids))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        assert not [name for name in named if name.startswith("on") or name in ("src", "style")]
        self.tags.add(tag)
        self.links += [named["href"] or ""] if "href" in named else []
        self.ids += [named["id"] or ""] if "id" in named else []
        if tag == "pre":
            self.pre.append("")
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self._said.append(data)
        if "pre" in self._open:
            self.pre[-1] += data

    @property
    def said(self) -> str:
        return " ".join("".join(f" {part}" for part in self._said).split())

    @property
    def heading(self) -> str:
        found = re.search(r"<h1[^>]*>(.*?)</h1>", self.html)
        assert found
        return found[1]


def put(site: Site, out: Path) -> None:
    """The pages of this part as files, as the builder writes them."""
    for path, content in made(site).items():
        write_whole(out / path, content)


def made(site: Site) -> dict[str, bytes]:
    """Every page of this part, by its path."""
    out = {}
    for page in pages(site):
        content = page.write(site)
        assert page.path not in out
        out[page.path] = content.encode() if isinstance(content, str) else content
    return out


def site_of(registers: Path, **more: object) -> Site:
    return gather(Asked(registers=registers, today=TODAY, **more))  # type: ignore[arg-type]


def key_at(folder: Path, name: str = NAME) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    write_key(new_key(name), folder / "test.key", folder / "test.pub")
    return folder / "test.key"


def publish(log: Log, key: Path, to: Path) -> None:
    for file, content in publication(log, key, to).files.items():
        write_whole(to / file, content)


def published(play: Rehearsal, to: Path, work: Path, key: Path | None = None) -> Path:
    """A folder of what was played; the key it was signed with."""
    key = key or key_at(work)
    with Log.create(work / f"{to.name}.db") as log:
        written(play, log)
        publish(log, key, to)
    return key


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The register of the example after its fourth file, and published once before that."""
    folder = tmp_path_factory.mktemp("story")
    base = ["register", "init", "gm.db", "--name", "soke.example/greater-manchester", "--registrar", "Ruth Adeyemi",
            "--key", "gm.key", "--rehearsal", "--at", "2026-03-01"]  # fmt: skip
    publishing = ["register", "publish", "gm.db", "--key", "gm.key", "--to", "greater-manchester"]
    files = [["register", "record", "gm.db", "--file", str(path)] for path in sorted(STORY.glob("[1-4]-*.jsonl"))]
    with contextlib.chdir(folder):
        for words in (base, *files[:3], publishing, files[3], publishing):
            run(words)
    assert len(files) == 4
    return folder / "greater-manchester"


def run(words: list[str]) -> None:
    before, out = sys.argv, io.StringIO()
    sys.argv = ["soke", *words]
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            main()
    except SystemExit as stopped:
        assert not stopped.code, out.getvalue()
    finally:
        sys.argv = before


@pytest.fixture
def registers(story: Path, tmp_path: Path) -> Path:
    """A folder of registers with the story in it."""
    shutil.copytree(story, tmp_path / "registers" / "gm")
    return tmp_path / "registers"


@pytest.fixture(scope="module")
def shown(story: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("shown")
    shutil.copytree(story, folder / "gm")
    return made(site_of(folder, base="https://council.example/soke"))


def page(there: dict[str, bytes], name: str, slug: str = "gm") -> Shown:
    return Shown(there[f"registers/{slug}/{name}"])


class TestARegisterThatIsVerified:
    def test_the_card_says_what_is_missed_and_what_is_due(self, shown: dict[str, bytes]) -> None:
        card = page(shown, "index.html")
        assert card.heading == "Residents decided too little: one of eight promises is missed, and being put right"
        assert "102 entries, none altered, the newest of 2 June 2027." in card.said
        assert "Promises the place made" in card.said and "Promises the government made" in card.said
        assert "Was due 28 February 2027, by Residents' panel" in card.said
        assert "Place: Greater Manchester" in card.said and "../../places/greater-manchester.html" in card.links
        assert "Rehearsal:" in card.said

    def test_all_entries_are_told(self, shown: dict[str, bytes]) -> None:
        history = page(shown, "history.html")
        numbers = [int(one[1:]) for one in history.ids if re.fullmatch(r"e\d+", one)]
        assert numbers == list(range(101, -1, -1))
        assert "Judge Ellen Moss may now act for Independent deal panel." in history.said

    def test_both_sides_promises_are_counted_each_with_the_entries_that_show_it(self, shown: dict[str, bytes]) -> None:
        promises = page(shown, "promises.html")
        assert promises.heading == "The place has kept 4 of 8 promises; the government has kept 10 of 20"
        assert "Missed 1 · Kept 4 · Awaited 1 · No day set 2" in promises.said
        assert "Kept 10 · No day set 10" in promises.said
        assert "So nobody can say that it is late." in promises.said
        told = [json.loads(line) for line in shown["registers/gm/published/log.jsonl"].splitlines()]
        row = promises.html[promises.html.index("Communities decide a real share") :].partition("</li>")[0]
        numbers = [int(one) for one in re.findall(r'href="history.html#e(\d+)"', row)]
        assert numbers == sorted(numbers, reverse=True) and len(numbers) == 2
        assert {told[number]["kind"] for number in numbers} == {"condition.evaluated", "matter.report"}
        offered = promises.html[promises.html.index("Three powers on offer") :].partition("</li>")[0]
        assert "history.html" not in offered

    def test_the_list_says_how_it_stands_what_is_late_and_who_vouches(self, shown: dict[str, bytes]) -> None:
        listed = Shown(shown["registers/index.html"])
        assert listed.heading == "The one register here is verified"
        assert "Residents decided too little" in listed.said and "Rehearsal" in listed.said
        assert "Verified: 102 entries of soke.example/greater-manchester, none altered." in listed.said
        assert "No witness has signed it too." in listed.said
        assert "Newest, 2 June 2027: Independent deal panel began the time to put it right" in listed.said
        assert "Late: record what residents decide in the round leigh-2026" in listed.said
        assert "gm/index.html" in listed.links

    def test_no_link_is_dead_and_nothing_leads_elsewhere(self, shown: dict[str, bytes]) -> None:
        anchors = {path: Shown(content).ids for path, content in shown.items() if path.endswith(".html")}
        later = ("style/", "places/", "deals/", "decisions/", "check/", "data/", "words.html", "index.html")
        for path in anchors:
            for address in Shown(shown[path]).links:
                to, _, part = address.partition("#")
                target = posixpath.normpath(posixpath.join(posixpath.dirname(path), to)) if to else path
                assert "://" not in address
                assert target in shown or target.startswith(later), (path, address)
                assert not part or target not in anchors or part in anchors[target], (path, address)

    def test_places_of_the_deal_are_told_of_it(self, registers: Path) -> None:
        site = site_of(registers)
        for place in ("greater-manchester", "manchester", "wigan"):
            (link,) = site.concerning[f"places/{place}.html"]
            assert (link.kind, link.path) == ("register", "registers/gm/index.html")
            assert link.words.startswith("Rehearsal. Greater Manchester: integrated settlement")
        assert "places/leeds.html" not in site.concerning

    def test_the_day_is_that_of_the_last_entry_in_a_rehearsal_and_today_elsewhere(
        self, registers: Path, tmp_path: Path
    ) -> None:
        published(missed(), registers / "real", tmp_path)
        there = made(site_of(registers))
        assert "As of 2 June 2027." in page(there, "index.html").said
        assert "As of 10 June 2027." in page(there, "index.html", "real").said

    def test_the_same_folder_gives_the_same_bytes(self, registers: Path) -> None:
        assert made(site_of(registers)) == made(site_of(registers))

    def test_needs_change_with_the_register(self, registers: Path, tmp_path: Path) -> None:
        before = {one.path: one.needs for one in pages(site_of(registers))}
        shutil.rmtree(registers / "gm")
        published(missed(), registers / "gm", tmp_path)
        after = {one.path: one.needs for one in pages(site_of(registers))}
        same = {path for path in before.keys() & after.keys() if before[path] == after[path]}
        assert same == {"registers/gm/published/verify.py"}


class TestAnyoneCanCheckIt:
    def test_a_journalist_checks_it_with_what_the_page_gives(self, registers: Path, tmp_path: Path) -> None:
        """From the built site alone: the files of the page, the command of the page, the lines of the page."""
        put(site_of(registers), tmp_path / "out")
        top = tmp_path / "out/registers/gm"
        check = Shown((top / "check.html").read_bytes())
        taken = tmp_path / "taken"
        taken.mkdir()
        for link in (link for link in check.links if link.startswith("published/")):
            shutil.copy(top / link, taken)
        command = next(line for line in "\n".join(check.pre).split("\n") if line.startswith("python3 verify.py"))
        status, printed = verify(command, taken)
        assert (status, printed) == (0, next(text for text in check.pre if "VERIFIED" in text))
        assert printed.endswith("Exit status 0: verified.")
        log = bytearray((taken / LOG).read_bytes())
        log[log.index(b"Ellen Moss")] ^= 1
        (taken / LOG).write_bytes(bytes(log))
        status, printed = verify(command, taken)
        assert status == 1 and printed.split("\n")[-1].startswith("NOT VERIFIED. Line ")

    def test_what_is_to_be_typed_does_it_with_the_packed_file(
        self, shown: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Line by line, in a fresh folder of downloads: but for the line that asks for rights."""
        write_whole(tmp_path / "Downloads" / "gm.zip", shown["registers/gm/gm.zip"])
        check = page(shown, "check.html")
        systems = [text.split("\n") for text in check.pre if text.startswith("cd ")]
        assert [lines[0] for lines in systems] == ["cd $HOME\\Downloads", "cd ~/Downloads", "cd ~/Downloads"]
        assert systems[0][1:3] == ["py -m zipfile -e gm.zip .", "cd gm"]
        monkeypatch.setenv("HOME", str(tmp_path))
        lines = [f"python3() {{ {sys.executable} $@; }}", *(line for line in systems[2] if "sudo" not in line)]
        done = subprocess.run(["/bin/sh", "-ec", "\n".join(lines)], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.rstrip("\n") in check.pre

    def test_an_older_checkpoint_is_there_and_its_command_too(self, registers: Path, tmp_path: Path) -> None:
        put(site_of(registers), tmp_path / "out")
        check = Shown((tmp_path / "out/registers/gm/check.html").read_bytes())
        (command,) = (text for text in check.pre if "--checkpoint checkpoint-" in text)
        assert "published/checkpoint-99" in check.links and "checkpoint-99 of 99 entries" in check.said
        status, printed = verify(command, tmp_path / "out/registers/gm/published")
        assert status == 0 and "After them come 3 newer entries" in printed

    def test_the_packed_files_are_the_same(self, shown: dict[str, bytes]) -> None:
        with zipfile.ZipFile(io.BytesIO(shown["registers/gm/gm.zip"])) as packed:
            names = {name.removeprefix("gm/"): packed.read(name) for name in packed.namelist()}
        beside = {path.removeprefix("registers/gm/published/"): content for path, content in shown.items()
                  if path.startswith("registers/gm/published/")}  # fmt: skip
        assert names == beside
        assert set(names) == {PROGRAM, LOG, CHECKPOINT, KEY, HASHES, "checkpoint-99"}

    def test_a_changed_program_and_foreign_pages_are_not_handed_on(self, registers: Path) -> None:
        (registers / "gm" / PROGRAM).write_text("print('VERIFIED. Exit status 0: verified.')")
        (registers / "gm" / "status.html").write_text("<script>alert(1)</script>")
        there = made(site_of(registers))
        assert there["registers/gm/published/verify.py"] == (ROOT / "src/soke/register/verify.py").read_bytes()
        assert not any(b"<script>alert" in content for content in there.values())

    def test_a_file_that_changes_after_it_was_verified_is_not_copied(self, registers: Path) -> None:
        site = site_of(registers)
        with (registers / "gm" / LOG).open("ab") as file:
            file.write(b"{}\n")
        with pytest.raises(Exception, match=r"larger than|changed after it had been verified"):
            made(site)


def verify(command: str, folder: Path) -> tuple[int, str]:
    words = [sys.executable, *command.split()[1:]]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout.rstrip("\n")


# --- what fails ---


def flip(folder: Path) -> None:
    log = bytearray((folder / LOG).read_bytes())
    log[log.index(b"Ellen Moss")] ^= 1
    (folder / LOG).write_bytes(bytes(log))


def cut(folder: Path) -> None:
    lines = (folder / LOG).read_bytes().splitlines(keepends=True)
    (folder / LOG).write_bytes(b"".join(lines[:-1]))


def other_key(folder: Path) -> None:
    (folder / KEY).write_text(verifier_line(new_key("soke.example/greater-manchester").verifier) + "\n")


def other_checkpoint(folder: Path) -> None:
    """A checkpoint of the same entries, signed with another key of the same name."""
    signed = read_checkpoint((folder / CHECKPOINT).read_bytes()).signed
    (folder / CHECKPOINT).write_bytes(new_key("soke.example/greater-manchester").sign(signed))


def forged_earlier(folder: Path) -> None:
    signed = read_checkpoint((folder / "checkpoint-99").read_bytes()).signed
    (folder / "checkpoint-99").write_bytes(new_key("soke.example/greater-manchester").sign(signed))


def turned_back(folder: Path) -> None:
    """An older log and checkpoint put back, where the folder shows that more was vouched for."""
    lines = (folder / LOG).read_bytes().splitlines(keepends=True)
    (folder / LOG).write_bytes(b"".join(lines[:99]))
    shutil.copy(folder / "checkpoint-99", folder / CHECKPOINT)


def older_copy(folder: Path, to: Path) -> None:
    """What the folder of the story was when it was published for the first time."""
    shutil.copytree(folder, to)
    turned_back(to)
    (to / "checkpoint-102").unlink()
    hashes = (to / HASHES).read_bytes().splitlines(keepends=True)
    (to / HASHES).write_bytes(b"".join(hashes[:99]))


def nonsense(folder: Path) -> None:
    (folder / CHECKPOINT).write_bytes(b"\xff\x00 nonsense")


def without(name: str) -> Callable[[Path], None]:
    def gone(folder: Path) -> None:
        (folder / name).unlink()

    return gone


BROKEN: dict[str, tuple[Callable[[Path], None], str]] = {
    "a byte of the log": (flip, "is not the entry that was published: it was changed."),
    "the end of the log": (cut, "The log is shorter than the checkpoint vouches for"),
    "the key": (other_key, "The checkpoint is not signed with this key, and it is none of the register so far"),
    "a checkpoint of another key": (other_checkpoint, "The checkpoint is not signed with this key."),
    "an earlier checkpoint": (forged_earlier, "The earlier checkpoint-99 does not fit: "),
    "an old copy put back": (turned_back, "The earlier checkpoint-102 does not fit: The register holds 99 entries"),
    "a checkpoint that is none": (nonsense, "The checkpoint is not UTF-8."),
    "no checkpoint": (without(CHECKPOINT), "The file checkpoint is missing, so nobody vouches for what is there."),
    "no key": (without(KEY), "The file key.pub is missing, so nobody can tell who signed it."),
    "no log": (without(LOG), "The file log.jsonl is missing, so there are no entries."),
    "no hashes": (without(HASHES), "The file hashes.txt is missing"),
}


class TestARegisterThatFails:
    @pytest.mark.parametrize("name", BROKEN)
    def test_it_is_shown_as_failing_at_each_address_and_nothing_of_it_else(self, name: str, registers: Path) -> None:
        spoil, why = BROKEN[name]
        spoil(registers / "gm")
        site = site_of(registers)
        there = made(site)
        assert {path for path in there if path.startswith("registers/gm/")} == {
            f"registers/gm/{one}" for one in ("index.html", "history.html", "promises.html", "check.html", "feed.xml")
        }
        for one in ("index.html", "history.html", "promises.html", "check.html"):
            failing = page(there, one)
            assert failing.heading == "This register fails its check: nothing in it is shown"
            assert why in failing.said
            assert "Not verified" in failing.said and "✓" not in failing.said
            assert "Residents" not in failing.said and "entries, none altered" not in failing.said
            assert '<h1 class="bad">' in failing.html
            assert str(registers) not in failing.html
        entry = ElementTree.fromstring(there["registers/gm/feed.xml"]).find(f"{{{ATOM}}}entry")
        assert entry is not None and why in (entry.findtext(f"{{{ATOM}}}content") or "")
        assert b"Residents" not in there[
            "registers/gm/feed.xml"
        ] and b"registers/gm/index.html" in ElementTree.tostring(entry)
        listed = Shown(there["registers/index.html"])
        assert listed.heading == "The one register here fails its check"
        assert why in listed.said and "Residents" not in listed.said and "✓" not in listed.said
        assert site.concerning == {}
        assert why in site.troubles[0].why

    def test_a_folder_that_is_no_register_is_said_to_be_none(self, registers: Path) -> None:
        (registers / "notes").mkdir()
        (registers / "notes" / "a.txt").write_text("x")
        (registers / ".git").mkdir()
        (registers / "README.md").write_text("x")
        there = made(site_of(registers))
        assert page(there, "index.html", "notes").heading == "This folder holds no published register"
        listed = Shown(there["registers/index.html"])
        assert "No register" in listed.said and listed.heading == "The one register here is verified"
        assert not [path for path in there if "git" in path or "readme" in path]

    def test_what_is_a_pipe_or_a_folder_is_not_waited_for(self, registers: Path) -> None:
        (registers / "gm" / LOG).unlink()
        os.mkfifo(registers / "gm" / LOG)
        assert "The file log.jsonl is missing" in page(made(site_of(registers)), "index.html").said

    def test_two_histories_of_one_register_are_both_shown_as_failing(self, registers: Path, tmp_path: Path) -> None:
        shutil.rmtree(registers / "gm")
        key = published(missed(), registers / "one", tmp_path)
        other = missed()
        other.entries[-1]["by"] = dict(other.entries[-1]["by"])
        other.entries[-1]["at"] = other.entries[-1]["at"].replace("T10:00:00", "T10:00:01")
        published(other, registers / "other", tmp_path, key)
        there = made(site_of(registers))
        for slug in ("one", "other"):
            assert "There are two histories of this register" in page(there, "index.html", slug).said
        assert Shown(there["registers/index.html"]).heading == "Two of two registers fail their check"
        assert "Both are signed with one key." in page(there, "index.html", "one").said
        shutil.rmtree(registers / "other")
        published(other, registers / "feigned", tmp_path, key_at(tmp_path / "else"))
        there = made(site_of(registers))
        assert "They are signed with different keys." in page(there, "index.html", "one").said
        assert "They are signed with different keys." in page(there, "index.html", "feigned").said

    def test_where_two_histories_part_a_third_copy_is_not_believed_either(
        self, registers: Path, tmp_path: Path
    ) -> None:
        key = key_at(tmp_path)
        shutil.rmtree(registers / "gm")
        for name, persons in (("begin", ()), ("one", ("Ann",)), ("two", ("Bob",))):
            with Log.create(tmp_path / f"{name}.db") as log:
                written(missed(), log)
                log.append([note(0, person) for person in persons])
                publish(log, key, registers / name)
        there = made(site_of(registers))
        assert "the folders one and two hold one each." in page(there, "index.html", "begin").said
        assert "the folder two holds the other one." in page(there, "index.html", "one").said
        assert Shown(there["registers/index.html"]).heading == "Three of three registers fail their check"

    def test_a_further_copy_says_so_on_each_page_and_speaks_for_no_place(self, registers: Path) -> None:
        """The folder that has most speaks; whoever reads the older one is told at once."""
        older_copy(registers / "gm", registers / "a-first")
        site = site_of(registers)
        there = made(site)
        assert [one.why for one in site.troubles] == ["It is the same register as gm."]
        assert [one.path for one in site.concerning["places/manchester.html"]] == ["registers/gm/index.html"]
        for name in ("index.html", "history.html", "promises.html", "check.html"):
            older = page(there, name, "a-first")
            assert "An older copy, 3 entries behind." in older.said and "that of 2 June 2027" in older.said
            assert "../gm/index.html" in older.links
            assert "older copy" not in page(there, name).said
        listed = Shown(there["registers/index.html"])
        assert listed.heading == "The one register here is verified"
        assert "Older copy" in listed.said and listed.said.index("Older copy") > listed.said.index("✓ Verified")
        assert listed.said.count("Residents decided too little") == 1
        assert b"(an older copy, 3 entries behind)" in there["registers/a-first/feed.xml"]

    def test_a_second_copy_is_no_second_register(self, registers: Path) -> None:
        shutil.copytree(registers / "gm", registers / "hm")
        site = site_of(registers)
        assert [one.why for one in site.troubles] == ["It is the same register as gm."]
        assert "A second copy." in page(made(site), "index.html", "hm").said

    def test_a_folder_whose_address_another_would_take_keeps_its_pages(self, registers: Path) -> None:
        """A name may be chosen to come to the very address that tells two others apart."""
        digest = hashlib.sha256(b"x_").hexdigest()[:8]
        for name in ("X", f"x-{digest}", "x_"):
            shutil.copytree(registers / "gm", registers / name)
        assert sorted(one.folder.name for one in site_of(registers).registers.values()) == sorted(
            ["gm", "X", f"x-{digest}", "x_"]
        )

    def test_a_published_folder_may_be_named_itself(self, registers: Path) -> None:
        assert [one.folder.name for one in site_of(registers / "gm").registers.values()] == ["gm"]

    def test_a_folder_that_cannot_be_listed_is_said_in_a_sentence(
        self, registers: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refused(self: Path) -> object:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "iterdir", refused)
        with pytest.raises(SokeError, match="cannot be listed: Permission denied"):
            gather_registers(Asked(registers=registers, today=TODAY))

    def test_witnesses_that_are_wanting_fail_it_and_those_that_signed_are_named(
        self, registers: Path, tmp_path: Path
    ) -> None:
        shutil.rmtree(registers / "gm")
        witness = new_key("audit.example", COSIGNATURE)
        play = missed()
        play("witness.named", "registrar", "2027-06-01", witnesses=[verifier_line(witness.verifier)], need=1)
        published(play, registers / "w", tmp_path)
        assert "0 cosigned this checkpoint, and 1 are needed" in page(made(site_of(registers)), "index.html", "w").said
        _cosigned(registers / "w" / CHECKPOINT, witness)
        there = made(site_of(registers))
        assert "Cosigned by 1 of the 1 witnesses" in Shown(there["registers/index.html"]).said
        printed = next(text for text in page(there, "check.html", "w").pre if "VERIFIED" in text)
        assert "Cosigned by 1 of the 1 witnesses that the register names (1 needed): audit.example" in printed

    def test_entries_that_nobody_vouches_for_are_counted_and_not_told(self, registers: Path, tmp_path: Path) -> None:
        key = key_at(tmp_path)
        with Log.create(tmp_path / "r.db") as log:
            written(missed(), log)
            publish(log, key, registers / "more")
            log.append([note(1)])
            write_whole(registers / "more" / LOG, (line + b"\n" for line in log.lines()))
        there = made(site_of(registers))
        card = page(there, "index.html", "more")
        assert "The file holds 1 newer entry for which nobody vouches yet: not told here." in card.said
        assert b"Person 1" not in there["registers/more/history.html"] + there["registers/more/feed.xml"]

    def test_an_entry_that_breaks_a_rule_is_said(self, registers: Path, tmp_path: Path) -> None:
        key = key_at(tmp_path)
        with Log.create(tmp_path / "r.db") as log:
            written(missed(), log)
            log.append([Draft("greater-manchester", "deal.signed", "2027-05-01T10:00:00Z", "nhs", "Somebody",
                              frozenset({"deal:greater-manchester"}), {"version": 7})])  # fmt: skip
            publish(log, key, registers / "broken")
        site = site_of(registers)
        there = made(site)
        assert "cannot be told: an entry breaks a rule" in page(there, "index.html", "broken").heading
        assert "cannot be told" in page(there, "promises.html", "broken").heading
        assert any("greater-manchester cannot be told" in one.why for one in site.troubles)
        assert "Nothing that is due is late" not in Shown(there["registers/index.html"]).said


def _cosigned(checkpoint: Path, witness: SigningKey) -> None:
    content = checkpoint.read_bytes()
    line = cosign(read_checkpoint(content), witness, 1_800_000_000)
    checkpoint.write_bytes(with_signatures(content, [line]))


def note(number: int, name: str = "") -> Draft:
    body = {"name": name or f"Person {number}", "for_party": "registrar"}
    return Draft("register", "person.removed", "2027-07-01T10:00:00Z", "registrar", KEEPER,
                 frozenset({"deal:register"}), body)  # fmt: skip


# --- hostile text, several deals, long logs ---


class TestWhatIsInIt:
    @pytest.mark.parametrize("title", [SCRIPT, LONG, "a\"b'c&d<e>"])
    def test_hostile_text_is_inert_on_every_page_and_in_the_feed(
        self, title: str, registers: Path, tmp_path: Path
    ) -> None:
        published(hostile(title), registers / "h", tmp_path)
        there = made(site_of(registers))
        for path, content in there.items():
            if path.startswith("registers/h/") and path.endswith(".html"):
                found = Shown(content)
                assert not {"script", "img", "iframe", "object"} & found.tags
        feed = ElementTree.fromstring(there["registers/h/feed.xml"])
        titles = [entry.findtext(f"{{{ATOM}}}content") or "" for entry in feed.iter(f"{{{ATOM}}}entry")]
        assert any(title[:20] in one for one in titles)

    def test_letters_that_mislead_and_such_as_no_feed_may_hold_are_replaced(
        self, registers: Path, tmp_path: Path
    ) -> None:
        key = key_at(tmp_path)
        with Log.create(tmp_path / "r.db") as log:
            written(missed(), log)
            log.append([note(1, f"a{BIDI}b\uffffc\x07d")])
            publish(log, key, registers / "h")
        there = made(site_of(registers))
        newest = ElementTree.fromstring(there["registers/h/feed.xml"]).find(f"{{{ATOM}}}entry")
        assert newest is not None and "A\ufffdb\ufffdc\ufffdd" in (newest.findtext(f"{{{ATOM}}}content") or "")
        assert BIDI.encode() not in there["registers/h/history.html"] + there["registers/h/index.html"]

    @pytest.mark.parametrize("name", ["<script>alert(1)</script>", "é'\" &amp;", "a" * 200, "..x"])
    def test_a_hostile_name_of_a_folder_is_inert(self, name: str, registers: Path) -> None:
        (registers / "gm").rename(registers / name.replace("/", "∕").lstrip("."))
        there = made(site_of(registers))
        assert all(re.fullmatch(r"registers/(index\.html|[a-z0-9-]+/[\w./-]+)", path) for path in there)
        assert b"<script>" not in there["registers/index.html"]

    def test_two_folders_whose_names_come_to_the_same_have_two_addresses(self, registers: Path) -> None:
        shutil.copytree(registers / "gm", registers / "GM!")
        site = site_of(registers)
        assert len(site.registers) == 2 and len({path.lower() for path in made(site)}) == len(made(site))

    def test_several_deals_have_a_page_each(self, registers: Path, tmp_path: Path) -> None:
        key, play = key_at(tmp_path), missed()
        with Log.create(tmp_path / "r.db") as log:
            written(play, log)
            entry = play.entries[1]
            body = entry["body"] | {"deal": deal_text("cornwall")}
            log.append([Draft("cornwall", "deal.proposed", entry["at"], "registrar", KEEPER,
                              frozenset({"deal:cornwall", "deal:register"}), body)])  # fmt: skip
            publish(log, key, registers / "two")
        site = site_of(registers)
        there = made(site)
        listed = page(there, "index.html", "two")
        assert listed.heading == "In one of two deals something is late, missed or taken back"
        assert {"status-cornwall.html", "status-greater-manchester.html"} <= set(listed.links)
        assert "Nothing is in force yet" in page(there, "status-cornwall.html", "two").heading
        assert "status-greater-manchester.html" in page(there, "promises-greater-manchester.html", "two").links
        promises = page(there, "promises.html", "two")
        assert promises.heading == "In one of two deals a promise is missed, broken or late"
        assert {"promises-cornwall.html", "promises-greater-manchester.html"} <= set(promises.links)
        assert [link.path for link in site.concerning["places/cornwall.html"]] == ["registers/two/status-cornwall.html"]

    def test_no_deal_and_no_register_are_said(self, tmp_path: Path) -> None:
        play = Rehearsal()
        play("register.opened", "registrar", "2026-03-01", name=NAME, registrars=[KEEPER])
        published(play, tmp_path / "registers/empty", tmp_path)
        there = made(site_of(tmp_path / "registers"))
        assert page(there, "index.html", "empty").heading == "No deal is in this register yet"
        assert page(there, "promises.html", "empty").heading == "Nothing is promised yet"
        none = made(gather(Asked(today=TODAY)))
        assert list(none) == ["registers/index.html"]
        assert Shown(none["registers/index.html"]).heading == "No register is published here yet"

    def test_a_long_register_is_told_a_thousand_on_a_page_each_entry_at_its_address_for_good(
        self, registers: Path, tmp_path: Path
    ) -> None:
        key = key_at(tmp_path)
        with Log.create(tmp_path / "r.db") as log:
            written(missed(), log)
            log.append([note(number) for number in range(2_100)])
            publish(log, key, registers / "long")
        there = made(site_of(registers))
        found = read_published(registers / "long", TODAY)
        assert isinstance(found, Published)
        told = []
        for number, name in enumerate(("history.html", "history-2.html", "history-3.html")):
            one = page(there, name, "long")
            numbers = [int(id_[1:]) for id_ in one.ids if re.fullmatch(r"e\d+", id_)]
            assert {each // 1_000 for each in numbers} == {number}
            told += numbers
        assert sorted(told) == list(range(found.entries))
        card = page(there, "index.html", "long")
        assert "history-3.html" in card.links and f"history-3.html#e{found.entries - 1}" in card.links


# --- the feed ---


class TestTheFeed:
    def test_it_is_atom_with_ids_for_good(self, shown: dict[str, bytes]) -> None:
        feed = ElementTree.fromstring(shown["registers/gm/feed.xml"])
        assert feed.tag == f"{{{ATOM}}}feed"

        def text(parent: ElementTree.Element, name: str) -> str:
            (found,) = parent.findall(f"{{{ATOM}}}{name}")
            return found.text or ""

        def links(parent: ElementTree.Element) -> dict[str, str]:
            return {one.get("rel", ""): one.get("href", "") for one in parent.findall(f"{{{ATOM}}}link")}

        assert text(feed, "id") == "urn:soke:register:soke.example/greater-manchester"
        top = "https://council.example/soke/registers/gm/"
        assert links(feed) == {"self": f"{top}feed.xml", "alternate": f"{top}index.html"}
        entries = feed.findall(f"{{{ATOM}}}entry")
        assert len(entries) == 50
        moment = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
        for number, entry in zip(range(101, 51, -1), entries, strict=True):
            assert text(entry, "id") == f"urn:soke:register:soke.example/greater-manchester:{number}"
            assert moment.fullmatch(text(entry, "updated"))
            assert links(entry) == {"alternate": f"{top}history.html#e{number}"}
            assert text(entry, "title").startswith(f"{number}: ") and text(entry, "content")
            assert entry.findtext(f"{{{ATOM}}}author/{{{ATOM}}}name")
        assert text(feed, "updated") == text(entries[0], "updated") == "2027-06-02T10:00:00Z"
        assert text(feed, "title").startswith("REHEARSAL: ")

    def test_an_id_is_a_valid_name_whatever_the_register_is_called(self) -> None:
        assert id_of("a b/ü<>&:x", 7) == "urn:soke:register:a%20b/%C3%BC%3C%3E%26%3Ax:7"

    def test_under_a_path_it_is_a_path(self, registers: Path) -> None:
        there = made(site_of(registers, base="/soke/"))
        assert b'href="/soke/registers/gm/feed.xml"' in there["registers/gm/feed.xml"]


class TestReadingAFolder:
    def test_a_log_that_changes_between_two_readings_is_not_told(
        self, story: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shutil.copytree(story, tmp_path / "gm")
        verified = room._verified

        def then_flipped(folder: Path) -> object:
            found = verified(folder)
            flip(folder)
            return found

        monkeypatch.setattr(room, "_verified", then_flipped)
        found = read_published(tmp_path / "gm", TODAY)
        assert isinstance(found, Unverified) and found.why == "The log was changed while it was read."


# --- in a browser ---


@pytest.mark.slow
def test_each_kind_of_page_is_whole_on_a_telephone_and_a_desk_in_light_and_dark(
    shown: dict[str, bytes], registers: Path, tmp_path: Path, chromium: str, dressed: Callable[[Path], None]
) -> None:
    shutil.copytree(registers / "gm", registers / "spoilt")
    flip(registers / "spoilt")
    published(hostile(LONG), registers / "long", tmp_path)
    there = made(site_of(registers))
    kinds = ["registers/index.html", "registers/spoilt/index.html"]
    kinds += [f"registers/{slug}/{name}.html" for slug in ("gm", "long")
              for name in ("index", "history", "promises", "check")]  # fmt: skip
    for path, content in there.items():
        write_whole(tmp_path / "out" / path, content)
    dressed(tmp_path / "out")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for width, scheme in SEEN:
            context = browser.new_context(
                viewport={"width": width, "height": 800}, bypass_csp=True, color_scheme=scheme
            )
            for path in kinds:
                tab = context.new_page()
                asked: list[str] = []
                tab.on("request", lambda request, asked=asked: asked.append(request.url))
                tab.goto((tmp_path / "out" / path).as_uri())
                assert wrong_on(tab) == [], (path, width)
                assert tab.evaluate("document.documentElement.scrollWidth") == width, (path, width)
                found = Axe().run(tab)
                assert found.violations_count == 0, f"{path} at {width}, {scheme}: {found.generate_report()}"
                assert all(url.startswith((tmp_path / "out").as_uri()) for url in asked)
                tab.close()
        browser.close()
