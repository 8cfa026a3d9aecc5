"""The public pages of a register: what they say in every state of a deal, and that no text in it can harm them."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from register_states import BIDI, LONG, SCRIPT, STATES, hostile, laid_open, late_money, written
from rehearsal import KEEPER, Rehearsal, deal_text, missed

from soke.files import write_whole
from soke.register.checkpoint import new_key, write_key
from soke.register.history import Told, told
from soke.register.publication import CHECKPOINT, LOG, Publication, publication
from soke.register.scorecard import Scorecard, scorecard
from soke.register.storage import Draft, Log
from soke.report.register_history import MOST, history_page
from soke.report.register_pages import page_of, register_pages
from soke.report.register_parts import HISTORY, STATUS, Vouched
from soke.report.register_status import status_page
from soke.report.register_words import finding
from soke.text import one_line

NAME = "soke.example/test"
VOID = {"meta", "link", "br", "hr", "img", "col"}


class Page(HTMLParser):
    """A page as a browser reads it: its tags in balance, its words, its links, its anchors."""

    def __init__(self, content: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self._open: list[str] = []
        self._said: list[str] = []
        self.text = content.decode("utf-8")
        self.feed(self.text)
        self.close()
        assert self._open == [], "a tag was left open"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        named = {name: value or "" for name, value in attrs}
        self.attributes += [(tag, name, value) for name, value in named.items()]
        self.ids += [named["id"]] if "id" in named else []
        self.links += [named["href"]] if "href" in named else []
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self._said.append(data)

    @property
    def said(self) -> str:
        return " ".join(" ".join(self._said).split()).replace(" ,", ",").replace(" .", ".")

    def between(self, tag: str) -> str:
        found = re.search(rf"<{tag}[^>]*>(.*?)</{tag}>", self.text, re.S)
        assert found
        return re.sub(r"<[^>]*>", "", found[1])


def is_harmless(page: Page) -> None:
    """Nothing runs, nothing is fetched, nothing leads elsewhere, and each anchor is there once."""
    assert not {"script", "img", "iframe", "object", "link", "base", "form", "embed"} & set(page.tags)
    assert not [name for _, name, _ in page.attributes if name.startswith("on") or name in ("src", "action", "srcset")]
    assert ("meta", "content", "default-src 'none'; style-src 'unsafe-inline'") in page.attributes
    assert all(re.fullmatch(r"#[\w-]+|[\w.~-]+(#e\d+)?", link) for link in page.links), page.links
    assert len(page.ids) == len(set(page.ids))
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    assert not re.search(r"[\u200b-\u200f\u202a-\u202e\u2066-\u2069]", page.text)
    styles = [value for tag, name, value in page.attributes if name == "style" and tag != "i"]
    assert styles == []


def squeezed(text: str) -> str:
    """Without spaces: how many there are between two words is for the browser to say."""
    return "".join(text.split())


@cache
def played(name: str) -> tuple[Scorecard, tuple[Told, ...]]:
    make, day = STATES[name]
    play = make()
    return scorecard(play.state, dt.date.fromisoformat(day)), tuple(told(play.entries))


def vouched(entries: int = 30, **more: object) -> Vouched:
    said = {"register": NAME, "rehearsal": False, "entries": entries, "root": bytes(range(32)),
            "last": dt.date(2027, 6, 2), "key": f"{NAME}+00112233+AAAA"}  # fmt: skip
    return Vouched(**(said | more))  # type: ignore[arg-type]


def page(name: str, **more: object) -> Page:
    card, lines = played(name)
    return Page(status_page(card, vouched(len(lines), **more), lines[-5:]))


HEADINGS = {
    "laid open": "Nothing is in force yet: three parties have still to sign",
    "one signature wanting": "Nothing is in force yet: one department of the government has still to sign",
    "just signed": "Nothing is missed: one of six promises is kept so far",
    "missed, nobody acted": "Residents decided too little: one of six promises is missed, and nobody has acted",
    "late money": "The government is late with £15.0m; the place has missed nothing",
    "late money and missed": "and nobody has acted; the government is late with £15.0m",
    "no answer, heard and decided": "Residents decided too little: two of six promises are missed",
    "recalled": "Residents decided too little: part of the deal is taken back",
    "emergency": "In an emergency the government holds back Local growth, formerly the UK Shared Prosperity Fund, "
                 "at most until 30 December 2026",
    "suspended": "The deal is suspended since 11 January 2027: nothing moves until both sides resume it",
    "ended": "The deal ended on 11 January 2027: one of six promises of the place was kept",
}  # fmt: skip
LEADS = {
    "laid open": "Still to sign: Greater Manchester Combined Authority, the ten constituent councils and one",
    "missed, nobody acted": "Residents were to decide at least £1 of each £100 of the deal's running money. In 2026-27 "
                            "they decided 21p of each £100.",
    "no answer, heard and decided": "Missed too: Buses carry more people. The place can appeal until 1 May 2028.",
    "time to appeal is over": "Part can be taken back from 2 May 2028.",
    "under appeal": "The place has appealed. A court decides.",
    "recalled": "Part of the deal is taken back since 3 March 2028. That ends by itself on 4 March 2029",
    "lapsed": "The control lapsed on 4 March 2029, and has to be given back.",
    "emergency": "It is held back since 1 December 2026.",
    "breach": "A breach by the government is reported. The government can answer until 26 August 2026.",
    "breach disputed": "Whether there was a breach is to be decided.",
    "duty suspended": "The place has suspended its own duty since 10 September 2026.",
}  # fmt: skip


class TestADealInEveryState:
    @pytest.mark.parametrize("name", STATES)
    def test_nothing_runs_nothing_is_fetched_and_every_anchor_is_there(self, name: str) -> None:
        is_harmless(page(name))

    @pytest.mark.parametrize("name", HEADINGS)
    def test_the_heading_is_a_finding(self, name: str) -> None:
        found = page(name)
        assert HEADINGS[name] in found.between("h1")
        assert found.between("h1") in found.between("title")

    @pytest.mark.parametrize("name", LEADS)
    def test_under_it_stands_what_was_agreed_what_came_of_it_and_what_comes_next(self, name: str) -> None:
        assert LEADS[name] in page(name).said

    @pytest.mark.parametrize("name", [name for name in STATES if name not in ("hostile", "long names")])
    def test_sentences_are_short_and_end_once(self, name: str) -> None:
        for sentence in finding(played(name)[0]).sentences:
            assert sentence.endswith(".") and ".." not in sentence and ":." not in sentence
            assert sentence[0].isupper() or sentence[0] == "£"

    def test_all_kept_says_so(self) -> None:
        card, _ = played("just signed")
        met = [dataclasses.replace(one, found=dataclasses.replace(one.found, status="met")) for one in card.conditions]
        found = finding(dataclasses.replace(card, conditions=tuple(met)))
        assert (found.heading, found.trouble) == ("All six promises of the place are kept", "none")

    def test_a_deal_that_asks_nothing_says_so(self) -> None:
        card = dataclasses.replace(played("just signed")[0], conditions=(), promises=())
        assert finding(card).heading == "The deal is in force, and asks nothing of the place"

    def test_something_late_that_no_promise_counts_is_said(self) -> None:
        play = Rehearsal().signed()
        play("decision.asked", "nhs", "2026-04-01", decision="d1", title="Beds", partners=["authority"],
             due="2026-06-01")  # fmt: skip
        found = finding(scorecard(play.state, dt.date(2026, 6, 2)))
        heading = found.heading.partition(";")[0]
        assert (heading, found.trouble) in (("One thing is late", "overdue"),
                                            ("The government has not kept two of its 20 promises", "late"))  # fmt: skip


class TestWhatStandsOnThePage:
    def test_promises_of_both_sides_in_words(self) -> None:
        said = page("late money and missed").said
        assert "✗ Missed Communities decide a real share 2026-27: £0 of £30.0m, or 0%. At least 1% was agreed." in said
        assert "✓ Kept Good standing No notice is recorded" in said
        assert "◌ Awaited Buses carry more people 2026-27: the report is due by 26 December 2027." in said
        place, _, government = said.partition("Promises the government made")
        assert "Missed" in place and "✗ Late" in government and "◌ No day set" in government

    def test_the_steps_of_an_open_matter(self) -> None:
        found = page("no answer, heard and decided")
        assert "Where the open matter stands" in found.said
        assert "Done: No answer came 20 Aug 2027" in found.said
        assert "Now: Time to appeal until 1 May 2028 To come: Part taken back, or closed" in found.said
        assert found.text.count('aria-current="step"') == 1
        assert ('At most this can be taken back: the power "Moving up to a tenth of each theme of the settlement to '
                'another theme" and half of a year of "Local growth, formerly the UK Shared Prosperity Fund". Powers '
                "given by law cannot.") in found.said  # fmt: skip

    def test_who_loses_what_by_a_recall(self) -> None:
        said = page("recalled").said
        assert "Residents lose: People in the ten boroughs." in said
        assert 'Held back now: the power "Moving up to a tenth' in said
        assert "Taken back 3 March 2028, matter m1" in said

    def test_who_decides_and_who_can_take_it_back(self) -> None:
        found = page("first year")
        assert "Moving up to a tenth of each theme of the settlement to another theme Majority Letter, after all the" \
               " steps" in found.said  # fmt: skip
        assert "On offer, not yet handed over: Adult education" in found.said

    def test_paid_is_drawn_inside_what_was_agreed(self) -> None:
        found = page("first year")
        assert "2026-27, £m: paid (filled) of what was agreed (outline). In all £15.0m of £750.0m paid." in found.said
        assert found.text.count('class="outline"') >= 7
        assert "15 of 43" in found.said

    def test_how_to_check_it_with_the_real_command_and_fingerprint(self) -> None:
        found = page("first year")
        assert "python3 verify.py log.jsonl --checkpoint checkpoint --key key.pub --hashes hashes.txt" in found.said
        assert bytes(range(32)).hex()[:16] in found.said and f"{NAME}+00112233+AAAA" in found.said
        assert {"verify.py", "log.jsonl", "checkpoint", "key.pub", "hashes.txt", HISTORY} <= set(found.links)
        assert "No witness has signed it too." in found.said

    def test_witnesses_are_named(self) -> None:
        said = page("first year", cosigned="Cosigned by 2 of the 3 witnesses that the register names (2 needed).").said
        assert "Cosigned by 2 of the 3 witnesses" in said and "No witness" not in said

    def test_newest_entries_link_to_their_place_in_the_list(self) -> None:
        card, lines = played("first year")
        found = page("first year")
        assert f"{HISTORY}#e{lines[-1].number}" in found.links
        old = Page(status_page(card, vouched(first_told=lines[-1].number), lines[-2:]))
        assert [link for link in old.links if "#e" in link] == [f"{HISTORY}#e{lines[-1].number}"]

    def test_a_rehearsal_says_so_first(self) -> None:
        found = page("first year", rehearsal=True)
        assert "Rehearsal: what could be, not what is." in found.between("aside")
        assert "<aside" not in page("first year").text

    def test_a_key_that_was_lost_is_said_on_every_page(self) -> None:
        lines = played("first year")[1]
        lost = dataclasses.replace(lines[-1], kind="key.reanchored")
        for content in (page("first year", key_lost=(lost,)).text,
                        history_page(lines, vouched(key_lost=(lost,))).decode()):  # fmt: skip
            assert "A key of this register was lost." in content
            assert "another stands in its place, which the lost one did not sign: " in content
            assert f"#e{lost.number}" in content

    def test_many_lines_are_folded_and_the_rest_is_counted(self) -> None:
        card, lines = played("late money")
        due = dataclasses.replace(card.due[0], what="pay something else")
        found = Page(status_page(dataclasses.replace(card, due=(due,) * 500), vouched(), lines))
        assert "492 more things" in found.said and "And 300 more, which soke register status lists." in found.said


class TestHostileText:
    @pytest.mark.parametrize("title", [SCRIPT, LONG, "a\"b'c&d<e>", "&lt;b&gt; &amp;", "{party} %s ${x}"])
    def test_it_stands_as_text_wherever_it_stands(self, title: str) -> None:
        play = hostile(title)
        card = scorecard(play.state, dt.date(2027, 6, 20))
        lines = list(told(play.entries))
        for content in (status_page(card, vouched(), lines[-5:]), history_page(lines, vouched())):
            found = Page(content)
            is_harmless(found)
            assert title[:20] in found.said

    @given(st.text(max_size=80))
    @settings(max_examples=150)
    def test_any_text_at_all(self, text: str) -> None:
        one = Told(number=0, at=dt.datetime(2026, 3, 1, tzinfo=dt.UTC), deal=text, kind=text, party=text,
                   role="registrar", person=text, sentence=f"[{text}]", tags=frozenset())  # fmt: skip
        other = dataclasses.replace(one, number=1, deal="gm")
        found = Page(history_page([one, other], vouched(2)))
        is_harmless(found)
        assert squeezed(f"[{one_line(text)}]") in squeezed(found.said)

    def test_marks_that_turn_text_round_are_replaced(self) -> None:
        card, lines = played("first year")
        turned = dataclasses.replace(card, title=f"Deal {BIDI}deifireV", receivers=(f"A{BIDI}B",))
        is_harmless(Page(status_page(turned, vouched(), [dataclasses.replace(lines[0], sentence=f"x{BIDI}y")])))


class TestTheListOfEntries:
    def test_newest_first_by_month_each_with_an_address(self) -> None:
        _, lines = played("recalled")
        found = Page(history_page(lines, vouched(len(lines))))
        is_harmless(found)
        numbers = [int(one[1:]) for one in found.ids if re.fullmatch(r"e\d+", one)]
        assert numbers == [one.number for one in reversed(lines)]
        assert found.said.index("March 2028") < found.said.index("June 2027 ", found.said.index("March 2028"))
        assert "3 March 2028 · Mhclg Person" in found.said and "Ann Keeper, registrar" in found.said
        assert "Here are the newest" not in found.said

    def test_a_correction_and_what_it_corrects_are_linked_both_ways(self) -> None:
        _, lines = played("recalled")
        lines = (*lines[:-1], dataclasses.replace(lines[-1], puts_right=(lines[-3].number,)))
        found = Page(history_page(lines, vouched(len(lines))))
        assert f"puts right entry {lines[-3].number}" in found.said
        assert f"put right by entry {lines[-1].number}" in found.said
        assert {f"#e{lines[-1].number}", f"#e{lines[-3].number}"} <= set(found.links)

    def test_what_is_too_old_for_the_page_is_named_and_not_linked(self) -> None:
        _, lines = played("recalled")
        last = dataclasses.replace(lines[-1], puts_right=(lines[0].number,))
        found = Page(history_page([lines[-2], last], vouched(len(lines), first_told=lines[-2].number)))
        is_harmless(found)
        assert f"puts right entry {lines[0].number}" in found.said
        assert f"Here are the newest 2. All {len(lines)} are in log.jsonl, one a line. The command" in found.said
        assert "soke register history tells them in words." in found.said

    def test_nothing_recorded_is_said(self) -> None:
        assert "Nothing is recorded yet." in Page(history_page([], vouched(0))).said


# --- what is published ---


@pytest.fixture
def key(tmp_path: Path) -> Path:
    write_key(new_key(NAME), tmp_path / "test.key", tmp_path / "test.pub")
    return tmp_path / "test.key"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    with Log.create(tmp_path / "r.db") as made:
        yield made


def draft(number: int, deal: str = "register", kind: str = "person.removed") -> Draft:
    body = {"name": f"Person {number}", "for_party": "registrar"}
    return Draft(deal, kind, "2027-01-01T10:00:00Z", "registrar", KEEPER, frozenset({f"deal:{deal}"}), body)


def pages(log: Log, key: Path, folder: Path) -> tuple[Publication, dict[str, bytes]]:
    made = publication(log, key, folder)
    return made, dict(register_pages(log, made))


class TestWhatIsPublished:
    def test_one_deal_is_the_page_of_the_register(self, log: Log, key: Path, tmp_path: Path) -> None:
        written(missed(), log)
        made, found = pages(log, key, tmp_path / "out")
        assert list(found) == [HISTORY, STATUS]
        assert f"All {made.entries} entries" in Page(found[STATUS]).said
        anchors = set(Page(found[HISTORY]).ids)
        linked = [link for link in Page(found[STATUS]).links if link.startswith(f"{HISTORY}#")]
        assert linked and {link.partition("#")[2] for link in linked} <= anchors
        assert f"Fingerprint: {log.tree().root().hex()[:16]}" in Page(found[STATUS]).said

    def test_the_same_log_gives_the_same_bytes(self, log: Log, key: Path, tmp_path: Path) -> None:
        play = late_money()
        play.entries[0]["body"]["rehearsal"] = True  # today is the day of its last entry
        written(play, log)
        assert pages(log, key, tmp_path / "out")[1] == pages(log, key, tmp_path / "out")[1]

    def test_an_entry_that_came_meanwhile_is_not_told(self, log: Log, key: Path, tmp_path: Path) -> None:
        play = missed()
        written(play, log)
        made = publication(log, key, tmp_path / "out")
        log.append([draft(1)])
        found = register_pages(log, made)
        assert f"e{made.entries}" not in Page(found[HISTORY]).ids
        assert f"e{made.entries - 1}" in Page(found[HISTORY]).ids
        assert "Person 1" not in found[STATUS].decode()

    def test_at_no_moment_a_page_claims_more_than_the_checkpoint_vouches_for(
        self, log: Log, key: Path, tmp_path: Path
    ) -> None:
        written(missed(), log)
        made, first = pages(log, key, tmp_path / "out")
        files = {**made.files, **first}
        for name, content in files.items():
            write_whole(tmp_path / "out" / name, content)
        log.append([draft(1), draft(2)])
        made, second = pages(log, key, tmp_path / "out")
        for name, content in {**made.files, **second}.items():  # stopped after any of them
            write_whole(tmp_path / "out" / name, content)
            vouches = int((tmp_path / "out" / CHECKPOINT).read_text().split("\n")[1])
            for shown in (STATUS, HISTORY):
                claimed = re.search(r"made: (\d+) entr", Page((tmp_path / "out" / shown).read_bytes()).said)
                assert claimed and int(claimed[1]) <= vouches
                lines = (tmp_path / "out" / LOG).read_bytes().count(b"\n")
                assert int(claimed[1]) <= lines

    def test_a_long_register_tells_its_newest_and_says_how_to_get_the_rest(
        self, log: Log, key: Path, tmp_path: Path
    ) -> None:
        written(laid_open(), log)
        before = len(log)
        log.append([draft(number) for number in range(MOST + 200)])
        _, found = pages(log, key, tmp_path / "out")
        page = Page(found[HISTORY])
        is_harmless(page)
        assert sum(bool(re.fullmatch(r"e\d+", one)) for one in page.ids) == MOST
        assert f"e{before + 199}" not in page.ids and f"e{before + 200}" in page.ids
        assert f"Here are the newest {MOST:,}. All {before + MOST + 200:,} are in log.jsonl" in page.said

    def test_several_deals_are_listed_each_with_a_page(self, log: Log, key: Path, tmp_path: Path) -> None:
        play = missed()
        play.entries[0]["body"]["rehearsal"] = True  # today is the day of its last entry
        written(play, log)
        other = deal_text("cornwall")
        entry = play.entries[1]
        body = entry["body"] | {"deal": other}
        log.append([Draft("cornwall", "deal.proposed", entry["at"], "registrar", KEEPER,
                          frozenset({"deal:cornwall", "deal:register"}), body)])  # fmt: skip
        _, found = pages(log, key, tmp_path / "out")
        assert list(found) == [HISTORY, "status-greater-manchester.html", "status-cornwall.html", STATUS]
        listed = Page(found[STATUS])
        is_harmless(listed)
        assert {"status-greater-manchester.html", "status-cornwall.html"} <= set(listed.links)
        assert listed.between("h1") == "In one of two deals something is late, missed or taken back"
        assert "One waits for the government and one is not in force yet." in listed.said
        one = Page(found["status-greater-manchester.html"])
        is_harmless(one)
        assert STATUS in one.links

    def test_a_deal_whose_entries_break_a_rule_says_which(self, log: Log, key: Path, tmp_path: Path) -> None:
        written(missed(), log)
        log.append([dataclasses.replace(draft(1), deal="greater-manchester", kind="deal.signed", role="nhs",
                                        body={"version": 7}, tags=frozenset({"deal:greater-manchester"}))])  # fmt: skip
        _, found = pages(log, key, tmp_path / "out")
        page = Page(found[STATUS])
        is_harmless(page)
        assert "cannot be told: an entry breaks a rule" in page.between("h1")
        assert f"Entry {len(log) - 1} breaks a rule" in page.said

    def test_a_register_without_a_deal_says_so(self, log: Log, key: Path, tmp_path: Path) -> None:
        play = Rehearsal()
        play("register.opened", "registrar", "2026-03-01", name=NAME, registrars=[KEEPER])
        written(play, log)
        _, found = pages(log, key, tmp_path / "out")
        page = Page(found[STATUS])
        is_harmless(page)
        assert page.between("h1") == "No deal is in this register yet"
        assert "1 entry, none altered" in page.said

    def test_no_two_deals_share_a_file_on_any_disk(self) -> None:
        names = ["gm", "GM", "Gm", "g.m", "g_m", "g-m", "..", "a" * 80, "A" * 80, "é", "/etc/passwd", "gm~", "con"]
        files = [page_of(name) for name in names]
        assert len({file.lower() for file in files}) == len(names)
        assert all(re.fullmatch(r"status-[a-z0-9.~-]*\.html", file) for file in files)
        assert STATUS not in files and HISTORY not in files
