"""One person under two spellings: the same side, two sides, the registrar; and deals whose ids read alike."""

from __future__ import annotations

import datetime as dt
import hashlib
import unicodedata
from importlib.resources import files
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rehearsal import KEEPER, Rehearsal, deal_text, offer

from soke.errors import SokeError
from soke.register.acts.act import Act
from soke.register.book import Book, Command, open_book
from soke.register.kinds import REGISTER, REGISTRAR
from soke.register.meaning import drafted, state_of
from soke.register.persons import _forms, alike, any_like, first_twice, like
from soke.register.storage import Log

GM, NOW = "greater-manchester", dt.datetime(2026, 4, 1, 9, tzinfo=dt.UTC)
RUTH = "Ruth Adeyemi"
LIKE_RUTH = [
    "RUTH ADEYEMI", "ruth adeyemi", "Ruth Adey\u0435mi", "Ruth \u0410deyemi", "R\u03c5th Adeyemi",
    "Ruth Adey\u03b5mi", "RUT\u0397 AD\u0395\u03a5\u0395\u039c\u0399", "\uff32\uff55\uff54\uff48 Adeyemi",
    "\U0001d4e1\U0001d4fe\U0001d4fd\U0001d4f1 Adeyemi",
    "\u0280\u1d1c\u1d1b\u029c \u1d00\u1d05\u1d07\u028f\u1d07\u1d0d\u026a", "R\u00fath Ad\u00e9yemi",
    "Ru\u0301th Adeyemi", "Ru\u200bth Adeyemi", "Ru\u00adth Adeyemi", "Ruth  Adeyemi", "Ruth\u00a0Adeyemi",
    "Ruth\u3000Adeyemi", "Ruth-Adeyemi", "Ruth\u2011Adeyemi", "Ruth\u2212Adeyemi", "Ruth Adeyem1", "Ruth Adeyeml",
    "Ruth Adeyem|", "Ruth Adeyemi.", "RuthAdeyemi", "Ruth Adeyerni", "\u24c7uth Adeyemi", "\U0001f181uth Adeyemi",
    "\ua4e3uth Adeyemi", "\u13a1uth Adeyemi", "Ruth Adeyem\u0131", "Ruth Adeyem\u0456", "Ruth Adeyemi\ufe0f",
    "\u202eRuth Adeyemi",
]  # fmt: skip
FIRST = """
Oliver George Arthur Noah Muhammad Leo Oscar Harry Archie Jack Henry Charlie Freddie Theodore Alfie Jacob
Joshua Thomas William James Ann Anne Anna Joan Jean Jane Jo Joe Jon John Jan Ian Iain Alan Allan Allen
Alison Allison Ali Ally Ellie Elle Lily Lilly Olivia Amelia Isla Ava Mia Ivy Florence Freya Willow Ella
Emily Evie Grace Rosie Poppy Sophie Sofia Sophia Daisy Phoebe Harper Matilda Millie Molly Emma Gemma Sarah
Sara Susan Karen Claire Clare Catherine Katherine Helen Ellen Eileen Lynn Lynne Linda Priya Aisha Fatima
Mohammed Mohamed Ahmed Imran Ravi David Peter Paul Mark Marc Stephen Steven Colin Carl
"""
LAST = """
Smith Smyth Jones Taylor Brown Browne Williams Wilson Johnson Davies Davis Patel Robinson Wright Thompson
Thomson Evans Walker White Roberts Green Greene Hall Wood Woods Jackson Clark Clarke Khan Hughes Edwards
Lewis Martin Martyn Hill Hills Cooper Ward Turner King Moore More Morris Baker Harris Harrison Hirst Hurst
Berry Barry Reid Reed Read Ryan Carr Kerr Nixon Dixon Dickson Payne Paine Stewart Stuart Hart Lowe Low Law
Barnett Burnett Lee Leigh Lea Morgan Allen Allan Scott Phillips Philips Watson Davidson Parker Price Bennett
Young Griffiths Griffith Mitchell Kelly Cook Cooke Carter Richardson Bailey Bayley Collins Bell Shaw Murphy
Miller Millar Cox Marshall Anderson Andersen Simpson Ellis Adams Singh Begum Wilkinson Foster Chapman Powell
Webb Rogers Rodgers Gray Grey Mason Ali Hunt Hussain Owen Palmer Holmes Barnes Burns Horner Stern
"""


@pytest.mark.parametrize("name", LIKE_RUTH)
def test_a_name_that_reads_like_another_is_alike(name: str) -> None:
    assert alike(RUTH, name) and alike(name, RUTH)
    assert not alike("Ruth Adeyem", name) and not alike("Ruth Adeyema", name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("O'Brien", "O\u2019Brien"), ("O'Brien", "o`brien"), ("O'Brien", "OBrien"), ("O'Brien", "O\u02bcBRIEN"),
        ("Mary-Ann Bell", "Mary Ann Bell"), ("Mary-Ann Bell", "Maryann Bell"), ("J. Smith", "J Smith"),
        ("Zo\u00eb", "Zoe"), ("\u00d8rsted", "Orsted"), ("Gro\u00df", "Gross"), ("Iain", "lain"), ("O0", "oo"),
        ("Evelyn Ward", "Evelyn vvard"), ("\u0418\u0432\u0430\u043d", "\u0418\u0412\u0410\u041d"),
        ("\u0393\u03b9\u03ce\u03c1\u03b3\u03bf\u03c2", "\u0393\u0399\u03a9\u03a1\u0393\u039f\u03a3"),
    ],
)  # fmt: skip
def test_spellings_of_one_name(one: str, other: str) -> None:
    assert alike(one, other)


def test_different_people_are_not_refused_for_nothing() -> None:
    """Over ten thousand usual full names, near spellings among them: no two are alike."""
    names = [f"{first} {last}" for first, last in product(FIRST.split(), LAST.split())]
    assert len(names) > 10_000 and len(set(names)) == len(names)
    for form in range(3):
        assert len({_forms(name)[form] for name in names}) == len(names)
    others = [("Sara Hall", "Sarah Ali"), ("\u674e\u660e", "\u738b\u660e"), ("\U0001f600", "\U0001f389"),
              ("", "-"), ("Jon", "John"), ("\u092f\u0936", "\u092f\u0936\u093f")]  # fmt: skip
    for one, other in others:
        assert not alike(one, other)


def test_the_table_never_changes_and_every_accented_letter_is_in_it() -> None:
    content = (files("soke.register") / "alike.txt").read_bytes()
    assert hashlib.sha256(content).hexdigest() == FROZEN
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00), *range(0xFF21, 0xFF5B)):
        plain, *marks = list(unicodedata.normalize("NFKD", chr(code)))
        if plain.isascii() and plain.isalpha() and all(map(unicodedata.combining, marks)):
            assert alike(chr(code), plain), hex(code)


FROZEN = "0150ef2dc6366ee90c3e62cffff43c895192b454c1be6b3591f3ca8d71821c8b"


@given(st.text(max_size=12), st.text(max_size=12))
def test_alike_is_the_same_from_both_sides(one: str, other: str) -> None:
    assert alike(one, one)
    assert alike(one, other) == alike(other, one)
    assert any_like(one, [other]) == (other if alike(one, other) else "")


def test_of_several_the_name_itself_is_meant_or_the_only_one_that_is_like_it() -> None:
    assert like("ruth adeyemi", {RUTH, "Bo"}) == RUTH
    assert like(RUTH, {RUTH, "RUTH ADEYEMI"}) == RUTH
    assert like("ruth adeyemi", {RUTH, "RUTH ADEYEMI"}) == like("Cy", {RUTH}) == ""
    assert first_twice([RUTH, "Bo", "RUTH ADEYEMI"]) == (RUTH, "RUTH ADEYEMI")
    assert first_twice([RUTH, "Bo"]) is None


class TestTwoSides:
    @pytest.mark.parametrize("name", ["NHS PERSON", "Nhs P\u0435rson", "Nhs-Person", "\uff2ehs Person"])
    def test_nobody_acts_for_two_sides_under_two_spellings(self, name: str) -> None:
        play = Rehearsal().signed()
        said = play.refused("person.appointed", REGISTRAR, "2026-04-04", name=name, for_party="panel")
        assert 'reads like "Nhs Person", who acts for "nhs" already, and nobody acts for two sides' in said
        assert "middle name" in said
        said = play.refused("person.appointed", "nhs", "2026-04-04", name=name, for_party="nhs")
        assert 'reads like "Nhs Person", who acts for "nhs" already.' in said

    def test_the_registrar_does_not_act_for_a_side_under_another_spelling(self) -> None:
        play = Rehearsal().signed()
        for name in ("ANN KEEPER", "Ann K\u0435eper", KEEPER):
            said = play.refused("person.appointed", REGISTRAR, "2026-04-04", name=name, for_party="panel")
            assert 'who acts for "registrar" already' in said or name == KEEPER
        for name in ("ANN KEEPER", KEEPER):
            said = play.refused("person.appointed", REGISTRAR, "2026-04-04", name=name, for_party=REGISTRAR)
            assert 'for "registrar" already' in said
        play("person.appointed", REGISTRAR, "2026-04-04", name="NHS Person", for_party=REGISTRAR)
        appoint = {"name": "New", "for_party": "police"}
        at = dt.datetime(2026, 4, 5, tzinfo=dt.UTC)
        with pytest.raises(SokeError, match='reads like "Nhs Person", acts for a party of this deal'):
            drafted(play.state, GM, Act("person.appointed", at, REGISTRAR, "NHS Person", appoint), len(play.entries))

    def test_a_list_of_registrars_names_each_once(self, log: Log) -> None:
        for twice in (["Ann", "ANN"], ["Ann", "Bo", "Ann"], ["O'Brien", "O\u2019Brien"]):
            with pytest.raises(SokeError, match="one registrar, twice"):
                open_book(log, "soke.example/gm", twice, NOW)
        assert len(log) == 0
        open_book(log, "soke.example/gm", ["Ann", "Anne"], NOW)

    def test_an_old_register_with_two_spellings_reads_as_it_did(self) -> None:
        play = Rehearsal().signed()
        entry = play("person.appointed", REGISTRAR, "2026-04-04", name="Somebody", for_party="panel")
        old = [*play.entries[:-1], {**entry, "body": {**entry["body"], "name": "NHS PERSON"}}]
        assert "NHS PERSON" in state_of(GM, old).people["panel"]
        first = old[0] | {"body": old[0]["body"] | {"rules": 2}}
        with pytest.raises(SokeError, match=f"Entry {entry['seq']} breaks a rule: .*reads like"):
            state_of(GM, [first, *old[1:]])


class TestSpelling:
    """Who is appointed as O'Brien may act as O’Brien; the log keeps the spelling of the appointment."""

    def appointed(self, log: Log) -> Book:
        book = open_book(log, "soke.example/gm", [KEEPER], NOW)
        body = {"version": 1, "deal": deal_text(GM), "framework": offer()}
        book.record(Command(deal=GM, kind="deal.proposed", role=REGISTRAR, person=KEEPER, body=body), NOW)
        self.appoint(book, "Pat O'Brien", "nhs")
        return book

    def appoint(self, book: Book, name: str, party: str, by: str = KEEPER, **changed: str) -> int:
        chosen = {"deal": GM, "kind": "person.appointed", "role": REGISTRAR, "person": by} | changed
        return book.record(Command(**chosen, body={"name": name, "for_party": party}), NOW)

    def test_is_that_of_the_appointment(self, log: Log) -> None:
        book = self.appointed(log)
        seq = self.appoint(book, "Bo", "nhs", "PAT O\u2019BRIEN", role="nhs", id="once")
        assert log.entry(seq)["by"]["person"] == "Pat O'Brien"
        for again in ("PAT O\u2019BRIEN", "Pat O'Brien"):
            assert self.appoint(book, "Bo", "nhs", again, role="nhs", id="once") == seq
        with pytest.raises(SokeError, match="said something else"):
            self.appoint(book, "Bo", "nhs", "Bo", role="nhs", id="once")
        gone = self.appoint(book, "pat o\u2019brien", "nhs", kind="person.removed", id="gone")
        assert log.entry(gone)["body"]["name"] == "Pat O'Brien"
        assert self.appoint(book, "pat o\u2019brien", "nhs", kind="person.removed", id="gone") == gone
        assert Book(log).state(GM).people["nhs"] == {"Bo"}
        with pytest.raises(SokeError, match='"Cy" does not act for "nhs"'):
            self.appoint(book, "Cy", "nhs", kind="person.removed")


class TestDeals:
    @pytest.mark.parametrize(
        "other", ["greater.manchester", "greatermanchester", "greater-rnanchester", "greater--manchester"]
    )
    def test_a_new_id_that_reads_like_another_names_it(self, log: Log, other: str) -> None:
        book = open_book(log, "soke.example/gm", [KEEPER], NOW)
        terms = {"version": 1, "deal": deal_text(GM), "framework": offer()}
        book.record(Command(deal=GM, kind="deal.proposed", role=REGISTRAR, person=KEEPER, body=terms), NOW)
        like_it = terms | {"deal": deal_text(GM).replace('id = "greater-manchester"', f'id = "{other}"', 1)}
        assert like_it != terms
        command = Command(deal=other, kind="deal.proposed", role=REGISTRAR, person=KEEPER, body=like_it)
        with pytest.raises(SokeError, match=f'"{other}" reads like "{GM}", which is there already'):
            book.record(command, NOW)
        assert len(log) == 2 and book.deals() == [GM]

    def test_one_that_is_not_found_says_which_it_reads_like(self, log: Log) -> None:
        book = open_book(log, "soke.example/gm", [KEEPER], NOW)
        terms = {"version": 1, "deal": deal_text(GM), "framework": offer()}
        book.record(Command(deal=GM, kind="deal.proposed", role=REGISTRAR, person=KEEPER, body=terms), NOW)
        for name in ("Greater Manchester", "greater\u2010manchester", "gre\u0430ter-manchester"):
            with pytest.raises(SokeError, match=f'It reads like "{GM}", which is there'):
                book.state(name)
        with pytest.raises(SokeError, match="There is no deal"):
            book.state("leeds")
        for number in range(3):  # ids that differ in a number are two
            assert not alike("area-1-12", "area-11-2") and not alike(f"area-{number}", f"area-{number + 2}")
        assert REGISTER == "register"
