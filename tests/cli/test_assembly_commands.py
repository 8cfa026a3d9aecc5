"""``soke assembly``: a panel from the pool to its replacements, tampered copies, bad input."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., tuple[int, str, str]]
FORM = ("--form", "10 digits 1-6")
DICE, AGAIN = "4 2 6 1 1 5 3 6 2 4", "3 3 5 1 6 2 2 4 1 5"
QUOTAS = "category,feature,min,max\nsex,f,2,3\nsex,m,2,3\nage,y,1,3\nage,o,1,4\n"


def pool_text() -> str:
    """24 people with names, ids, and 3 couples."""
    rows = ["name,number,sex,age,home"]
    for number in range(24):
        home = f"Flat {number // 2}" if number < 6 else ""
        rows.append(f"Person {number},{100 + number},{'fm'[number % 2]},{'yoo'[number % 3]},{home}")
    return "\n".join(rows) + "\n"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "pool.csv").write_text(pool_text())
    (tmp_path / "quotas.csv").write_text(QUOTAS)
    return tmp_path


def commit(soke: Run, files: Path, name: str = "draw", *more: object) -> tuple[int, str, str]:
    """Step 1; what ``more`` says takes the place of the usual value of an option."""
    usual: dict[object, object] = {
        "--size": 5, "--panels": 100, "--id": "number", "--household": "home", "--commit": files / name,
        "--public": "ten dice", "--form": FORM[1],
    }  # fmt: skip
    if "--rehearsal-secret" not in more or "--secret" in more:
        usual["--secret"] = files / ("secret" if name == "draw" else f"{name}-s")
    usual |= dict(zip(more[::2], more[1::2], strict=True))
    options = [part for pair in usual.items() for part in pair]
    return soke("assembly", "draw", files / "pool.csv", files / "quotas.csv", *options)


def reveal(soke: Run, files: Path, value: str, *more: object) -> tuple[int, str, str]:
    return soke("assembly", "draw", "--reveal", files / "draw", "--secret", files / "secret", "--value", value, *more)


def drawn_of(folder: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((folder / "drawn.json").read_text())
    return found


def test_a_panel_is_drawn_verified_and_completed(soke: Run, files: Path) -> None:
    folder = files / "draw"
    status, out, err = commit(soke, files)
    assert status == 0 and "100 panels of 5 from a pool of 24" in out and "Made the secret" in err
    assert (files / "secret").stat().st_mode & 0o077 == 0
    status, out, _ = soke("assembly", "verify", folder)
    assert status == 0 and "Not drawn yet" in out
    everything = "".join(path.read_text() for path in folder.iterdir())
    assert "Person" not in everything and "Flat" not in everything
    assert (files / "secret").read_text().split()[0] not in everything

    status, out, _ = reveal(
        soke, files, DICE, "--json", "--commands", files / "c.jsonl", "--deal", "gm", "--as", "authority",
        "--by", "Ann", "--panel", "users", "--community", "forum",
    )  # fmt: skip
    assert status == 0
    panel = [row["id"] for row in json.loads(out)["rows"]]
    assert panel == drawn_of(folder)["panel"] and len(panel) == 5
    command = json.loads((files / "c.jsonl").read_text())
    statement = hashlib.sha256((folder / "statement.json").read_bytes()).hexdigest()
    assert command["kind"] == "panel.drawn"
    assert command["body"] == {"panel": "users", "community": "forum", "people": 5, "pool": 24, "draw": statement}
    assert soke("assembly", "verify", folder, "--statement", statement)[0] == 0
    assert soke("assembly", "verify", folder, "--statement", "0" * 64)[0] == 1

    left = ["--left", panel[0], "--left", panel[3]]
    status, out, err = soke(
        "assembly", "replace", folder, *left, "--secret", files / "secret", "--public", "more dice", *FORM
    )
    assert status == 0 and "3 stay; 2 places to fill" in err
    assert reveal(soke, files, AGAIN)[0] == 0
    status, out, _ = soke("assembly", "verify", folder)
    assert status == 0 and out.count("VERIFIED.") == 2 and "3 stay, 2 left" in out
    once_more = str(drawn_of(folder / "replacement-1")["panel"][0])  # type: ignore[index]
    asked = ("--secret", files / "secret", "--public", "dice", *FORM)
    assert soke("assembly", "replace", folder, "--left", once_more, *asked)[0] == 0
    assert reveal(soke, files, DICE)[0] == 0
    rows = list(csv.DictReader(soke("assembly", "verify", folder, "--csv")[1].splitlines()))
    assert {row["round"] for row in rows} == {"0", "1", "2"} and {row["holds"] for row in rows} == {"yes"}
    assert panel[0] not in (folder / "replacement-2" / "people.csv").read_text().split()


def test_the_same_input_gives_the_same_bytes(soke: Run, files: Path) -> None:
    (files / "known").write_text("ab" * 32)
    for name in ("one", "two"):
        assert commit(soke, files, name, "--rehearsal-secret", files / "known")[0] == 0
    for path in (files / "one").iterdir():
        assert path.read_bytes() == (files / "two" / path.name).read_bytes()


def rewrite(folder: Path, name: str, change: Callable[[str], str]) -> None:
    (folder / name).write_text(change((folder / name).read_text()))


def vouch(folder: Path) -> None:
    """Make the statement, and the draw, vouch for what the folder holds now: what a forger would do."""
    body = json.loads((folder / "statement.json").read_text())
    body["files"] = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in body["files"]}
    (folder / "statement.json").write_text(json.dumps(body))


def test_tampered_copies_do_not_verify(soke: Run, files: Path) -> None:
    commit(soke, files)
    reveal(soke, files, DICE)
    status, out, _ = soke("assembly", "verify", files / "draw")
    assert "not compared with what was published before" in out and "those who are on any have chances of" in out
    body = drawn_of(files / "draw")
    panel = body["panel"]
    assert isinstance(panel, list)
    friend = next(str(number) for number in range(100, 124) if str(number) not in panel)
    turned = str(int(str(body["number"])) ^ 1)

    def first_line_out(text: str) -> str:
        return "\n".join(text.splitlines()[:-1]) + "\n"

    tampered: list[tuple[str, Callable[[str], str], bool, str]] = [
        ("panels.csv", lambda text: text.replace(panel[0], friend), False, "was changed"),
        ("panels.csv", lambda text: text.replace(f",{panel[0]}", f",{friend}"), True, "Panel"),
        ("panels.csv", first_line_out, True, "99 panels"),
        ("quotas.csv", lambda text: text.replace("sex,f,2,3", "sex,f,0,1"), True, "breaks a quota"),
        ("bound.json", lambda text: text.replace('"level": "0.', '"level": "0.0'), True, "bound"),
        ("chances.csv", lambda text: text.replace(",0.", ",0.1"), True, "chances.csv does not say"),
        ("drawn.json", lambda text: text.replace(panel[0], friend), False, "are not panel"),
        (
            "drawn.json",
            lambda text: text.replace(f'"number": {body["number"]}', f'"number": {turned}'),
            False,
            "number",
        ),
        (
            "drawn.json",
            lambda text: text.replace(DICE.replace(" ", ""), AGAIN.replace(" ", "")),
            False,
            "does not follow",
        ),
        (
            "drawn.json",
            lambda text: text.replace(str(body["secret"]), "0" * 64),
            False,
            "not the one that was promised",
        ),
        ("statement.json", lambda text: text.replace('"size": 5', '"size": 4'), False, "another statement"),
    ]
    for turn, (name, change, forged, words) in enumerate(tampered):
        copy = files / f"copy{turn}"
        shutil.copytree(files / "draw", copy)
        before = (copy / name).read_text()
        rewrite(copy, name, change)
        assert (copy / name).read_text() != before, name
        if forged:
            vouch(copy)
        status, out, _ = soke("assembly", "verify", copy)
        if words == "does not follow" and status == 0:  # one throw in a hundred gives the same number
            rewrite(copy, name, lambda text: text.replace(AGAIN.replace(" ", ""), "1111111111"))
            status, out, _ = soke("assembly", "verify", copy)
        assert status == 1 and words in out and "NOT VERIFIED" in out, (name, turn, out)
    bare = files / "bare"
    shutil.copytree(files / "draw", bare)
    for name in ("people.csv", "chances.csv"):
        (bare / name).unlink()
    assert soke("assembly", "verify", bare)[0] == 1
    status, out, _ = soke("assembly", "verify", bare, "--without-people")
    assert status == 0 and "but for what needs people.csv" in out


def test_a_replacement_follows_the_draw_before(soke: Run, files: Path) -> None:
    commit(soke, files)
    reveal(soke, files, DICE)
    panel = drawn_of(files / "draw")["panel"]
    assert isinstance(panel, list)
    asked = ("--left", panel[1], "--secret", files / "secret", "--public", "dice", *FORM)
    assert soke("assembly", "replace", files / "draw", *asked)[0] == 0
    status, _, err = soke("assembly", "replace", files / "draw", *asked)
    assert status == 2 and "not finished" in err
    assert reveal(soke, files, AGAIN)[0] == 0
    again = files / "draw" / "replacement-1"
    shutil.copytree(files / "draw", files / "copy")
    rewrite(again, "people.csv", lambda text: "\n".join(text.splitlines()[:-1]) + "\n")
    vouch(again)
    status, out, _ = soke("assembly", "verify", files / "draw")
    assert status == 1 and "VERIFIED." in out
    shutil.rmtree(files / "draw")
    (files / "copy").rename(files / "draw")
    stays = next(one for one in panel if one != panel[1])
    (files / "other").write_text("ab" * 32 + "\n")
    other = ("--left", stays, "--secret", files / "other", "--public", "dice", *FORM)
    status, _, err = soke("assembly", "replace", files / "draw", *other)
    assert status == 2 and "not the secret of the draw before" in err


def test_check_says_who_came_forward_and_what_chance_is_left(soke: Run, files: Path) -> None:
    args = ("assembly", "check", files / "pool.csv", files / "quotas.csv", "--size", 5)
    status, out, _ = soke(*args, "--json")
    found = json.loads(out)
    facts = found["facts"]
    assert status == 0 and facts["feasible"] and facts["pool_persons"] == 24
    rows = {(row["category"], row["value"]): row for row in found["rows"]}
    assert rows["sex", "f"]["pool_persons"] == 12 and rows["age", "o"]["represented"] == "enough"
    assert all(row["smallest_chance_percent"] >= 100 * facts["smallest_chance"] - 1e-6 for row in found["rows"])
    (files / "quotas.csv").write_text(QUOTAS.replace("sex,f,2,3", "sex,f,4,5"))
    status, out, err = soke(*args)
    assert status == 2 and "The minima of sex add up to 6: more than the 5 people of the panel." in err
    assert "The smallest change: lower the minimum of sex" in err
    assert soke(*args[:-1], 25)[0] == 2


BAD_QUOTAS = {
    "": "empty",
    "category,feature,min\nsex,f,1\n": "no quotas can be read",
    "category|feature|min|max\nsex|f|1|2\n": "not parted by commas",
    "category,feature,min,max\nsex,f,3,2\n": "at least 3 and at most 2",
    "category,feature,min,max\nsex,f,1,2\nsex,f,1,2\n": "line 2 already",
    "category,feature,min,max\nsex,f,-1,2\n": "not a whole number",
    "category,feature,min,max\nsex,f,nan,2\n": "not a whole number",
    "category,feature,min,max\nsex,f,1e400,2\n": "not a whole number",
    "category,feature,min,max\nsex,f,0,1000000000000000000000000000000\n": "not a whole number",
    "category,feature,min,max\nsex,f,1\n": "3 cells; the first line has 4",
    "category,feature,min,max\nsex,,1,2\n": "name of the value is empty",
    "category,feature,min,max\nsex,=cmd(),1,2\n": "as a formula does",
    "category,feature,min,max\nsex,+1+cmd(),1,2\n": "begins with +, as a formula does",
    "category,feature,min,max\n-sex,f,1,2\n": "begins with -, as a formula does",
    "category,feature,min,max\nsex,f\u202e,1,2\n": "cannot be seen",
    "category,feature,min,max\nsex,f,0,5\n": "has no quota",
    "category,feature,min,max\nSex,f,0,5\nSex,m,0,5\n": 'Is it "sex"',
    "category,feature,min,max\nweight,f,0,5\n": 'no column "weight"',
    'category,feature,min,max\nsex,"f,1,2\n': "not a CSV table",
    "category,category,min,max\n": "Two columns",
}


@pytest.mark.parametrize("text", BAD_QUOTAS, ids=range(len(BAD_QUOTAS)))
def test_bad_quotas_are_a_sentence_with_a_line(soke: Run, files: Path, text: str) -> None:
    (files / "quotas.csv").write_text(text)
    status, _, err = soke("assembly", "check", files / "pool.csv", files / "quotas.csv", "--size", 5)
    told = [line for line in err.splitlines() if BAD_QUOTAS[text] in line]
    assert status == 2 and len(told) == 1 and ".csv" in told[0] and "Traceback" not in err


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: text.replace("101", "100"), 'id "100" stands on line 2 already'),
        (lambda text: text.replace(",101,", ",=101,"), "begins with ="),
        (lambda text: text.replace(",101,", ",,"), "pool.csv:3: The id is empty"),
        (lambda text: text.replace("101,m", "101,x"), "pool.csv:3"),
        (lambda text: text.replace("101,m", "101,M"), 'Is it "m"'),
        (lambda text: text.replace("number", "no"), 'no column "number"'),
        (lambda text: text.splitlines()[0], "nobody in this pool"),
        (lambda text: text.replace("Person 1,", "Person 1,,"), "pool.csv:3: This row has 6 cells"),
        (lambda text: text.encode("utf-16"), "not UTF-8"),
    ],
)
def test_a_bad_pool_is_a_sentence_with_a_line(
    soke: Run, files: Path, change: Callable[[str], str | bytes], words: str
) -> None:
    made = change(pool_text())
    (files / "pool.csv").write_bytes(made if isinstance(made, bytes) else made.encode())
    status, _, err = soke("assembly", "check", files / "pool.csv", files / "quotas.csv", "--size", 5, "--id", "number")
    assert status == 2 and words in err and err.count("\n") == 1


def test_other_headings_line_ends_and_a_byte_order_mark_are_read(soke: Run, files: Path) -> None:
    args = ("assembly", "check", files / "pool.csv", files / "quotas.csv", "--size", 5, "--csv")
    plain = soke(*args)[1]
    (files / "pool.csv").write_bytes(("\ufeff" + pool_text().replace("\n", "\r\n")).encode())
    for header in ("feature,value,min,max", "category,name,min,max"):
        (files / "quotas.csv").write_text(QUOTAS.replace("category,feature,min,max", header))
        assert soke(*args)[1] == plain


def test_a_draw_is_not_made_twice_nor_without_what_it_needs(soke: Run, files: Path) -> None:
    assert commit(soke, files)[0] == 0
    assert commit(soke, files)[0] == 2
    said = [
        soke("assembly", "draw", files / "pool.csv", files / "quotas.csv", "--size", 5)[2],
        commit(soke, files, "b", "--reveal", files / "draw")[2],
        commit(soke, files, "b", "--public", " ")[2],
        commit(soke, files, "b", "--form", "3 digits 1-6")[2],
        commit(soke, files, "b", "--form", "")[2],
        commit(soke, files, "b", "--panels", 1)[2],
        commit(soke, files, "b", "--secret", files / "secret")[2],
        commit(soke, files, "b", "--secret", files / "x", "--rehearsal-secret", files / "x")[2],
        commit(soke, files, "b", "--aim", "best")[2],
        commit(soke, files, "b", "--per-household", 0)[2],
        commit(soke, files, "b", "--secret", files / "b" / "secret")[2],
        commit(soke, files, "b", "--size", 30)[2],
        reveal(soke, files, "4 2 6")[2],
        soke("assembly", "verify", files)[2],
        soke("assembly", "verify", files / "pool.csv")[2],
        soke(
            "assembly", "replace", files / "draw", "--left", "100", "--secret", files / "secret", "--public", "x", *FORM
        )[2],
    ]
    for words, one in zip(
        ["first step or the second", "first step or the second", "--public is missing", "one of 216",
         "--form is missing",
         "1 panels cannot", "A secret serves one draw", "A draw has one secret", 'no aim "best"',
         "would draw nobody", "in the published folder", "pool has 24", "is not 10 digits 1-6", "no such file", "",
         "not finished"],
        said, strict=True,
    ):  # fmt: skip
        assert one.startswith("soke: ") and words in one
    (files / "secret").write_text("cd" * 32)
    assert "not the secret that was promised" in reveal(soke, files, DICE)[2]
    (files / "secret").write_text("hello")
    assert "not a secret" in reveal(soke, files, DICE)[2]
    assert not (files / "draw" / "drawn.json").exists()


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"format": "soke assembly draw 1"}', '{"round": 1e400}', "[" * 100_000, "\x00"]
)
def test_a_folder_of_nonsense_is_a_sentence(soke: Run, files: Path, text: str) -> None:
    commit(soke, files)
    (files / "draw" / "statement.json").write_text(text)
    status, _, err = soke("assembly", "verify", files / "draw")
    assert status == 2 and err.startswith("soke: ")


def test_the_spelling_of_a_throw_changes_nothing(soke: Run, files: Path) -> None:
    """Commas, spaces and line ends cannot be tried until a friend is drawn; another form is refused."""
    commit(soke, files)
    drawn = set()
    for spelling in (DICE, DICE.replace(" ", ""), DICE.replace(" ", ", "), " 4-2/6.1,1 5 3 6 2 4. "):
        assert reveal(soke, files, spelling)[0] == 0
        drawn.add((files / "draw" / "drawn.json").read_bytes())
        (files / "draw" / "drawn.json").unlink()
    assert len(drawn) == 1
    for other in (f"{DICE} 1", DICE[:-2], DICE.replace("4", "7"), f"dice: {DICE}", "\u0664" + DICE[1:]):
        status, _, err = reveal(soke, files, other)
        assert status == 2 and "is not 10 digits 1-6, as the statement says" in err
    three = files / "three"
    shutil.copytree(files / "draw", three)
    rewrite(three, "statement.json", lambda text: text.replace("10 digits 1-6", "3 digits 1-6"))
    status, out, _ = soke("assembly", "verify", three)
    assert status == 1 and "that is one of 216" in out
    assert reveal(soke, files, DICE)[0] == 0
    rewrite(files / "draw", "drawn.json", lambda text: text.replace('"4261153624"', '"4261153624 or so"'))
    status, out, _ = soke("assembly", "verify", files / "draw")
    assert status == 1 and "is not 10 digits 1-6" in out


def test_few_panels_choose_people_and_are_refused_wherever_they_come_from(soke: Run, files: Path) -> None:
    status, _, err = commit(soke, files, "few", "--panels", 99)
    assert status == 2 and "Choose 100 to 100,000" in err and not (files / "few-s").exists()
    commit(soke, files)
    copy = files / "copy"
    shutil.copytree(files / "draw", copy)
    one = (copy / "panels.csv").read_text().splitlines()[:2]
    (copy / "panels.csv").write_text("\n".join(one) + "\n")
    rewrite(copy, "statement.json", lambda text: text.replace('"panels": 100', '"panels": 1'))
    vouch(copy)
    status, out, _ = soke("assembly", "verify", copy)
    assert status == 1 and "so who made them could choose whom to draw" in out
    (copy / "panels.csv").write_text(one[0] + "\n")
    rewrite(copy, "statement.json", lambda text: text.replace('"panels": 1', '"panels": 0'))
    vouch(copy)
    status, _, err = soke("assembly", "verify", copy)
    assert status == 2 and '"panels" is not a whole number from 1' in err


def test_who_is_put_away_is_said_with_the_reason(soke: Run, files: Path) -> None:
    """All but one of those who could take the place: the organiser would name the replacement."""
    commit(soke, files)
    reveal(soke, files, DICE)
    panel = drawn_of(files / "draw")["panel"]
    assert isinstance(panel, list)
    rows = list(csv.DictReader(pool_text().splitlines()))
    alike = next(row for row in rows if row["number"] == panel[0])
    others = [row["number"] for row in rows if row["number"] not in panel]
    friend = next(
        row["number"] for row in rows
        if row["number"] in others and (row["sex"], row["age"], row["home"]) == (alike["sex"], alike["age"], "")
    )  # fmt: skip
    asked = ("--left", panel[0], "--secret", files / "secret", "--public", "dice", *FORM)
    bare = soke("assembly", "replace", files / "draw", *asked, "--away", others[0])
    assert bare[0] == 2 and "Why can" in bare[2]
    away = [part for one in others if one != friend for part in ("--away", f"{one}=on holiday")]
    status, _, err = soke("assembly", "replace", files / "draw", *asked, *away)
    said = "were put away by the organiser: "
    assert status == 0 and said in err and "(on holiday)" in err
    status, out, _ = soke("assembly", "verify", files / "draw")
    assert status == 0 and said in out and "(on holiday)" in out and "All panels are the same" in out
    again = files / "draw" / "replacement-1"
    rewrite(again, "statement.json", lambda text: text.replace("on holiday", " "))
    assert "No reason is given" in soke("assembly", "verify", files / "draw")[1]


def test_a_secret_serves_one_draw_and_a_rehearsal_says_so(soke: Run, files: Path) -> None:
    commit(soke, files)
    reveal(soke, files, DICE)
    known = ("--rehearsal-secret", files / "secret")
    status, _, err = commit(soke, files, "again", "--secret", files / "secret")
    assert status == 2 and "A secret serves one draw" in err and not (files / "again").exists()
    status, out, _ = commit(soke, files, "again", *known)
    assert status == 0 and "REHEARSAL" in out
    assert "REHEARSAL" in soke("assembly", "verify", files / "again")[1]
    shutil.rmtree(files / "draw")
    assert commit(soke, files)[0] == 2
    (files / "quotas.csv").write_text(QUOTAS.replace("sex,f,2,3", "sex,f,4,5"))
    assert commit(soke, files, "never")[0] == 2 and not (files / "never-s").exists()


def test_percentages_are_asked_about_and_the_mend_mends(soke: Run, files: Path) -> None:
    (files / "quotas.csv").write_text("category,feature,min,max\nsex,f,48,52\nsex,m,48,52\nage,y,50,80\nage,o,20,50\n")
    status, _, err = soke("assembly", "check", files / "pool.csv", files / "quotas.csv", "--size", 10)
    assert status == 2 and "Are these percentages? Quotas are numbers of people." in err
    assert "lower the minimum of sex f from 48 to" in err and "Draw a smaller panel" not in err


def test_a_long_computation_says_so_beforehand_and_how_far_it_is(
    soke: Run, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("soke.community.assemblies.feasibility.MANY_KINDS", 3)
    monkeypatch.setattr("soke.cli.output.BETWEEN", 0.0)
    status, out, err = commit(soke, files)
    assert status == 0 and "kinds of people, different in some category" in err.splitlines()[0]
    assert "making panel 1 of" in err and "weighing" in err and "making panel" not in out


def test_households_are_told_in_the_statement_and_by_verify(soke: Run, files: Path) -> None:
    """However they are typed; and a draw published before households were told in words still verifies."""
    pool = pool_text().replace("1,101,m,o,Flat 0", "1,101,m,o, FLAT  0.")
    (files / "pool.csv").write_text(pool)
    commit(soke, files)
    rows = {
        row["id"]: row["household"] for row in csv.DictReader((files / "draw" / "people.csv").read_text().splitlines())
    }
    assert rows["100"] == rows["101"] == "1"
    told = 'by the column "home", compared without capitals, spaces and punctuation'
    assert json.loads((files / "draw" / "statement.json").read_text())["households"] == told
    status, out, _ = soke("assembly", "verify", files / "draw")
    assert status == 0 and f"At most 1 of each household. Households are as people.csv numbers them: {told}." in out
    body = json.loads((files / "draw" / "statement.json").read_text())
    del body["households"]
    (files / "draw" / "statement.json").write_text(json.dumps(body))
    status, out, _ = soke("assembly", "verify", files / "draw")
    assert status == 0 and "how they were told apart is not said" in out
    assert reveal(soke, files, DICE)[0] == 0


@pytest.mark.parametrize("option", ["--size", "--id", "--per-household"])
def test_a_second_option_never_takes_the_place_of_the_first(soke: Run, files: Path, option: str) -> None:
    base = ("assembly", "check", files / "pool.csv", files / "quotas.csv", "--size", 5, "--json")
    more = (option, 5) if option == "--size" else (option, 1, f"{option}=1")
    status, _, err = soke(*base, *more)
    assert status == 2 and f"{option} is given twice" in err
    assert soke(*base, "--json")[0] == 0  # a flag says the same twice


def test_households_of_several_columns_add_up(soke: Run, files: Path) -> None:
    rows = [f"{row},one street" for row in pool_text().splitlines()]
    (files / "pool.csv").write_text("\n".join([rows[0].replace("one ", ""), *rows[1:]]))
    base = ("assembly", "check", files / "pool.csv", files / "quotas.csv", "--size", 5, "--json")
    apart = soke(*base, "--household", "street", "--household", "name")
    assert apart[0] == 0 and apart == soke(*base, "--household", "street,name")
    status, _, err = soke(*base, "--household", "street")
    assert status == 2 and "has 24 people" in err
    assert 'no column "postcode", named by --household' in soke(*base, "--household", "home,postcode")[2]
