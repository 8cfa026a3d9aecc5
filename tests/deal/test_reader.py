"""Reading: the place of every key, no coercion, many findings in one pass, nothing but declared errors."""

import os
import random
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from soke.deal.check import check, check_reading
from soke.deal.document import Document, Node, parse_document, tree
from soke.deal.finding import Finding
from soke.deal.positions import Positions, positions
from soke.deal.reader import load_deal, read_deal, read_framework, read_layers, read_scenario, read_text
from soke.england.places import places
from soke.errors import Location, SokeError

MINIMAL = Path("src/soke/deal/rules/minimal.toml").read_text("utf-8")
MANCHESTER = Path("deals/greater-manchester.toml").read_text("utf-8")

AWKWARD = """# comment with [brackets] and "quotes"
title = "a # in text" # a comment
'odd key' = 1
"quoted \\u00e9" = 2
a.b.c = 3
text = \"\"\"
[not a table]
x = 1 \\\"\"\" still \"\"\"\"\"
raw = '''
[[nor this]] '''
when = 1979-05-27 07:32:00
list = [ 1, # one
  [ 2, 3 ], { x = 1, y = [ 4 ] },
]
[table] # header
k = 1
[[many]]
k = 1
[many.sub]
k = 2
[[many]]
k = 3
[[many.deep]]
k = 4
[["many".deep]]
k = 5
"""


def lines_of(text: str) -> dict[tuple[str | int, ...], str]:
    tomllib.loads(text)
    return {path: str(at)[2:] for path, at in positions(text, "f").places.items()}


def test_awkward_keys_are_placed() -> None:
    found = lines_of(AWKWARD)
    assert found[("title",)] == "2:1"
    assert found[("odd key",)] == "3:1"
    assert found[("quoted é",)] == "4:1"
    assert found[("a", "b", "c")] == "5:1"
    assert found[("raw",)] == "9:1"
    assert found[("when",)] == "11:1"
    assert found[("list", 1, 1)] == "13:8"
    assert found[("list", 2, "y", 0)] == "13:28"
    assert found[("table", "k")] == "16:1"
    assert found[("many", 0, "sub", "k")] == "20:1"
    assert found[("many", 1)] == "21:1"
    assert found[("many", 1, "deep", 0, "k")] == "24:1"
    assert found[("many", 1, "deep", 1, "k")] == "26:1"


def paths_of(node: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    if isinstance(node, dict):
        below = [found for key, inner in node.items() for found in paths_of(inner, (*path, key))]
    elif isinstance(node, list):
        below = [found for index, inner in enumerate(node) for found in paths_of(inner, (*path, index))]
    else:
        below = []
    return [path, *below] if path else below


@pytest.mark.parametrize("text", [AWKWARD, MINIMAL, MANCHESTER], ids=["awkward", "minimal", "manchester"])
def test_every_path_has_a_place(text: str) -> None:
    assert set(paths_of(tomllib.loads(text))) <= set(lines_of(text))


def test_windows_line_ends_and_a_mark_at_the_start_change_nothing() -> None:
    plain = parse_document(MINIMAL.encode(), "f")
    other = parse_document(b"\xef\xbb\xbf" + MINIMAL.replace("\n", "\r\n").encode(), "f")
    assert isinstance(plain, Document) and plain == other


def found_in(text: str) -> list[tuple[str, int]]:
    return [(finding.code, finding.at.line) for finding in check_reading(read_text(text, places()), places()).findings]


def test_many_faults_come_in_one_pass() -> None:
    text = MINIMAL.replace('title = "A small deal"', 'title = "A small deal"\ntitel = "x"')
    text = text.replace("revenue = 100_000_000", 'revenue = "100m"').replace('opens = "2029-30"', "opens = 2029")
    text = text.replace("safety_net = 0.925", "safety_net = true")
    assert [code for code, _ in found_in(text)] == ["DV002", "DV005", "DV005", "DF302"]


def test_checks_stand_back_where_an_item_cannot_be_read() -> None:
    checked = check_reading(read_text(MINIMAL.replace("revenue = 100_000_000", "revenue = -1"), places()), places())
    assert [finding.code for finding in checked.findings] == ["DV007"]
    assert "DF305" in checked.not_run and "DC205" not in checked.not_run


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("retention = 0.5", 'retention = "0.5"', "DV005"),
        ("retention = 0.5", "retention = nan", "DV007"),
        ("retention = 0.5", "retention = inf", "DV007"),
        ("retention = 0.5", "retention = 1e400", "DV007"),
        ("retention = 0.5", "retention = 1e99999999999999999999", "DV007"),
        ("headline = 100_000_000", "headline = 100_000_000.001", "DV007"),
        ("headline = 100_000_000", "headline = 99_000_000_000_000", "DV007"),
        ("headline = 100_000_000", "headline = " + "9" * 5000, "DV001"),
        ("headline = 100_000_000", "headline = " + "9" * 4000, "DV007"),
        ("headline = 100_000_000", "headline = true", "DV005"),
        ('year = "2026-27"\nsource', 'year = "1026-27"\nsource', "DF302"),
        ('year = "2026-27"\nsource', 'year = "2026-28"\nsource', "DF302"),
        ('year = "2026-27"\nsource', 'year = "２０２６-27"\nsource', "DF302"),
        ("date = 2024-12-20", "date = 2024-12-20T00:00:00", "DV005"),
        ("date = 2024-12-20", "date = 0001-12-20", "DV007"),
        ('tier = "established-mayoral"', 'tier = "royal"', "DV005"),
        ('name = "', "name = 5", "DV001"),
        ('id = "skills"', 'id = "no spaces"', "DV005"),
        ('title = "A tram"', 'title = "\\u0000"', "DV005"),
        ('title = "A tram"', 'title = "A \\u202Emart"', "DV005"),
        ('title = "A tram"', 'title = "A\\u2028tram"', "DV005"),
        ('title = "A tram"', 'title = "A\\u200Btram"', "DV005"),
        ("revenue = 100_000_000 }]\n", 'revenue = 100_000_000 }]\nlines = { "a\\u202Eb" = 100_000_000 }\n', "DV005"),
        ("undertaking = true", "undertaking = 1", "DV005"),
        ('kind = "transport"', 'kind = "transprot"', "DV005"),
        ("[fiscal.business_rates]", "[[fiscal.business_rates]]", "DV005"),
        ("[[fund]]", "[fund]", "DV005"),
        ('extends = "england"', 'extends = "ruritania"', "DV005"),
        ('extends = "england"', "extends = 5", "DV005"),
        ('extends = "england"', "", "DV003"),
        ('schema = "soke-deal/1"', "", "DV003"),
        ('schema = "soke-deal/1"', "schema = 1", "DV005"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_one_finding(old: str, new: str, code: str) -> None:
    text = MINIMAL.replace(old, new, 1) if old in MINIMAL else MINIMAL + f'\n[[party]]\n{new}"'
    codes = [found for found, _ in found_in(text)]
    assert codes and set(codes) == {code}


def test_numbers_and_years_mean_what_they_say() -> None:
    reading = read_text(MINIMAL, places())
    assert reading.deal is not None
    fund = reading.deal.funds[0]
    assert fund.profile[0].revenue == Decimal(100_000_000) and fund.profile[0].year == 2026
    assert list(reading.deal.years) == [2026, 2027, 2028, 2029]
    assert str(fund.where("profile", 0, "revenue")).startswith("deal.toml:3")
    assert fund.where("nothing") == fund.at


def test_items_of_the_framework_keep_their_file() -> None:
    reading = read_text(MINIMAL, places())
    assert reading.deal is not None
    condition = next(one for one in reading.deal.conditions if one.id == "partners-decide")
    assert condition.at.file == "soke/deal/offer/england.toml"
    assert reading.deal.powers[0].at.file == "deal.toml"  # where it was picked


def test_a_path_may_be_the_framework(tmp_path: Path) -> None:
    packaged = Path("src/soke/deal/offer/england.toml").read_text("utf-8")
    (tmp_path / "own.toml").write_text(packaged, "utf-8")
    deal = tmp_path / "deal.toml"
    deal.write_text(MINIMAL.replace('"england"', '"own.toml"'), "utf-8")
    assert check(deal, places()).findings == ()
    (tmp_path / "own.toml").write_text(packaged.replace("effective = 2026-04-01", "effective = 5"), "utf-8")
    assert [finding.at.file for finding in check(deal, places()).findings] == [str(tmp_path / "own.toml")]


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    large = tmp_path / "large.toml"
    large.write_bytes(b"#" * 50_000_000)
    for path in (tmp_path, tmp_path / "none.toml", large, Path("bad\0name"), tmp_path / ("x" * 400)):
        with pytest.raises(SokeError):
            read_deal(path, places())
    for read in (read_scenario, read_framework):
        with pytest.raises(SokeError):
            read(str(tmp_path / "none.toml"))


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "deal.toml"
    os.mkfifo(pipe)
    for read in (lambda: read_deal(pipe, places()), lambda: read_scenario(pipe), lambda: check("/dev/zero", places())):
        with pytest.raises(SokeError, match="not a file"):
            read()


def test_a_number_beyond_all_length_is_said_in_plain_words_where_it_stands() -> None:
    found = parse_document(b'x = 1\ny = "a"\n  z = ' + b"9" * 5000, "f")
    assert isinstance(found, Finding) and (found.code, str(found.at)) == ("DV001", "f:3:7")
    assert found.fact == "A number here has thousands of digits."


def test_loading_a_faulty_deal_says_the_first_fault(tmp_path: Path) -> None:
    path = tmp_path / "deal.toml"
    path.write_text(MINIMAL.replace("retention = 0.5", 'retention = "x"').replace("0.925", '"y"'), "utf-8")
    with pytest.raises(SokeError, match=r"retention.*1 more fault"):
        load_deal(path, places())


def test_the_packaged_scenario_says_where_each_assumption_comes_from() -> None:
    scenario = read_scenario()
    written = {key for key in scenario.keys if "." not in key}
    unexplained = written - {note.of for note in scenario.notes}
    assert unexplained == {"schema", "id", "title", "base_year", "end_year", "draws", "seed", "note"}
    assert scenario.where("gva_growth", "low").line > 1


def test_a_faulty_scenario_says_where(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_text('schema = "soke-scenario/1"\nid = "s"\ntitle = "S"\ngva_growth = { low = 1 }\n', "utf-8")
    with pytest.raises(SokeError, match=r"s\.toml:4"):
        read_scenario(path)


PIECES = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.sampled_from([
        b"x = " + b"[" * 5000, b"x = " + b"{a=" * 3000 + b"1" + b"}" * 3000, b"\xff\xfe", b"x = 1\rx = 2",
        b"x = '''", b"[[a]]\n[a]", b"x = 2026-13-45", b"a" * 10_000 + b" = 1", b"x.y.z = 1\nx.y = 2", b"\0", b"x = 0x"
        + b"f" * 9000, b"[" + b"a." * 3000 + b"b]", b"x = 00:00:99", b"x = 1e5_000_000_000_000_000_000",
    ]),
)  # fmt: skip


@given(PIECES)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_bytes_give_a_document_or_a_finding(content: bytes) -> None:
    assert isinstance(parse_document(content, "f"), Document | Finding)


VALUES = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.decimals(), st.text(max_size=20), st.dates(), st.datetimes(),
        st.times(), st.sampled_from(["2026-27", "england", "mayoral", "E47000001", "E07000026", "skills"]),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "year", "from", "a"]), inner),
    max_leaves=6,
)  # fmt: skip


@given(st.randoms(use_true_random=False), st.lists(VALUES, min_size=1, max_size=4))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_values_in_a_deal_give_findings(random_: random.Random, values: list[object]) -> None:
    data = tomllib.loads(MANCHESTER, parse_float=Decimal)
    for value in values:
        scatter(data, value, random_)
    root: Node = tree(data, (), Positions(), Location("f"))
    checked = check_reading(read_layers([Document(root, ())], places(), Path()), places())
    assert all(finding.fact and finding.fix for finding in checked.findings)


def scatter(data: object, value: object, random_: random.Random) -> None:
    """Put a value somewhere in the tree, in place of what is there."""
    while True:
        keys = list(data) if isinstance(data, dict) else list(range(len(data)))  # type: ignore[arg-type]
        key = random_.choice(keys)
        inner = data[key]  # type: ignore[index]
        if not isinstance(inner, dict | list) or not inner or random_.random() < 0.2:
            data[key] = value  # type: ignore[index]
            return
        data = inner


@given(st.integers(0, len(MANCHESTER)), st.integers(0, 60), st.text(max_size=8))
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_edit_of_a_deal_gives_findings(start: int, length: int, put: str) -> None:
    text = MANCHESTER[:start] + put + MANCHESTER[start + length :]
    content = text.encode("utf-8", "surrogatepass")
    document = parse_document(content, "f")
    assert isinstance(document, Finding) or check_reading(read_text(text, places()), places()) is not None


@pytest.mark.parametrize("name", ["england", "scenario"])
def test_a_framework_and_a_scenario_can_be_checked(name: str, tmp_path: Path) -> None:
    packaged = Path(f"src/soke/deal/offer/{name}.toml")
    assert check(packaged, places()).findings == ()
    faulty = tmp_path / "faulty.toml"
    faulty.write_text(packaged.read_text("utf-8").replace("\ntitle =", "\ntitel =", 1), "utf-8")
    assert [(f.code, f.fix) for f in check(faulty, places()).findings] == [("DV002", 'Did you mean "title"?')]
