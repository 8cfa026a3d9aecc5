"""``soke asset`` and ``soke delivery``: tables, exit status, what goes to the register, hostile input."""

import csv
import io
import json
import os
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import pytest

from soke.register.kinds import check_body

Run = Callable[..., tuple[int, str, str]]
STORY = Path(__file__).parents[2] / "examples" / "village-hall"
HALL = STORY / "cases" / "village-hall.toml"
LUNCH = STORY / "lunch-club.toml"


def test_check_says_what_is_wrong_with_its_exit_status(soke: Run) -> None:
    assert soke("asset", "check", HALL) == (0, "Clean: 12 steps.\n", "")
    status, out, _ = soke("asset", "check", STORY / "mistakes" / "sold-too-soon.toml", "--json")
    told = json.loads(out)
    assert (status, told["facts"]["errors"], [row["line"] for row in told["rows"]]) == (1, 2, [25, 30])


def test_a_late_decision_is_a_warning_and_under_strict_an_error(soke: Run, tmp_path: Path) -> None:
    late = tmp_path / "late.toml"
    late.write_text(HALL.read_text("utf-8").replace("on = 2026-02-20", "on = 2026-03-03"), "utf-8")
    status, out, _ = soke("asset", "check", late)
    assert status == 0 and "last day was 2 March 2026" in out and "0 errors, 1 warning." in out
    assert soke("asset", "check", late, "--strict")[0] == 1


def test_status_and_due_for_programs(soke: Run) -> None:
    told = json.loads(soke("asset", "status", HALL, "--on", "2026-10-12", "--json")[1])
    assert (told["facts"]["regime"], told["facts"]["day"]) == ("community-right-to-bid", "2026-10-12")
    running = [row for row in told["rows"] if row["state"] == "runs"]
    assert [(row["id"], row["day"], row["grade"]) for row in running] == [("full", "2027-02-28", "official")]
    assert {"step": "offer-made", "who": "Anyplace Hall CIC"} in told["tables"]["asset_next_steps"]["rows"]
    rows = list(csv.DictReader(io.StringIO(soke("asset", "due", STORY / "cases", "--on", "2026-09-07", "--csv")[1])))
    assert (rows[0]["asset"], rows[0]["state"], rows[0]["days_left"]) == ("reading-room", "overdue", "-7")
    assert all(row["law"] and row["grade"] for row in rows)


def test_reminders_go_into_a_calendar(soke: Run, tmp_path: Path) -> None:
    made = tmp_path / "due.ics"
    assert soke("asset", "due", STORY / "cases", "--on", "2026-09-07", "--within", "60", "--ics", made)[0] == 0
    assert made.read_bytes().count(b"BEGIN:VEVENT\r\n") == 3


def test_rules_have_their_law_source_and_grade(soke: Run) -> None:
    rows = json.loads(soke("asset", "rules", "community-right-to-bid", "--json")[1])["rows"]
    listing = next(row for row in rows if row["id"] == "listing")
    assert (listing["time"], listing["counts"]) == ("5 years", "beginning with the day of the step")
    assert listing["law"] == "Localism Act 2011, s. 87(3)" and listing["from_day"] == "2012-09-21"
    assert "not known" in soke("asset", "rules")[1]
    status, _, err = soke("asset", "rules", "community-right-to-bid", "--on", "2012-09-20")
    assert status == 2 and "before the community right to bid began" in err


def test_steps_are_handed_to_the_register(soke: Run, tmp_path: Path) -> None:
    made = tmp_path / "steps.jsonl"
    common = ("--deal", "our-deal", "--as", "councils", "--by", "Ann Lee", "--commands", made)
    assert soke("asset", "status", HALL, "--on", "2027-04-01", *common)[0] == 0
    lines = [json.loads(line) for line in made.read_text("utf-8").splitlines()]
    for line in lines:
        check_body(line["kind"], line["body"])
    kinds = [line["kind"] for line in lines]
    assert (kinds.count("asset.step"), kinds.count("transfer.promised"), kinds.count("transfer.completed")) == (
        12,
        1,
        1,
    )
    promised = next(line["body"] for line in lines if line["kind"] == "transfer.promised")
    assert (promised["due"], promised["to"]) == ("2027-02-26", "Anyplace Hall CIC")
    assert soke("asset", "status", HALL, "--on", "2027-04-01", "--kind", "transfer.completed", *common)[0] == 0
    assert len(made.read_text("utf-8").splitlines()) == 1
    status, _, err = soke("asset", "status", HALL, "--on", "2027-04-01", "--commands", made)
    assert status == 2 and "--deal is missing" in err


def test_what_a_group_delivered_is_handed_to_the_register(soke: Run, tmp_path: Path) -> None:
    made = tmp_path / "delivery.jsonl"
    common = ("--deal", "our-deal", "--as", "panel", "--by", "Ann Lee", "--commands", made)
    assert soke("delivery", "status", LUNCH, "--on", "2027-11-10", *common)[0] == 0
    lines = [json.loads(line) for line in made.read_text("utf-8").splitlines()]
    assert [(line["kind"], line["body"].get("pence")) for line in lines] == [
        ("delivery.agreed", 4_200_000), ("delivery.received", 900_000), ("delivery.outcome", None),
    ]  # fmt: skip
    for line in lines:
        check_body(line["kind"], line["body"])
    assert lines[0]["body"]["fund"] == "neighbourhood-fund" and lines[2]["body"]["met"] is False
    assert (lines[1]["body"]["payment"], lines[1]["body"]["paid_on"]) == ("2027-04-14", "2027-04-14")
    bare = tmp_path / "bare.toml"
    bare.write_text(LUNCH.read_text("utf-8").replace('fund = "neighbourhood-fund"', ""), "utf-8")
    status, _, err = soke("delivery", "status", bare, "--on", "2027-11-10", *common)
    assert status == 2 and "which fund of the deal pays" in err
    status, _, err = soke("delivery", "status", LUNCH, "--kind", "delivery.recieved", *common)
    assert status == 2 and "no kind of entry here" in err


def test_two_payments_of_one_day_are_two(soke: Run, tmp_path: Path) -> None:
    twice, made = tmp_path / "lunch.toml", tmp_path / "delivery.jsonl"
    paid = "[[paid]]\non = 2027-04-14\npounds = 9_000.00\n"
    text = LUNCH.read_text("utf-8")
    assert paid in text
    twice.write_text(text.replace(paid, paid * 2 + paid + 'id = "third"\n'), "utf-8")
    common = ("--deal", "d", "--as", "panel", "--by", "Ann Lee", "--commands", made, "--kind", "delivery.received")
    assert soke("delivery", "status", twice, "--on", "2027-11-10", *common)[0] == 0
    lines = [json.loads(line) for line in made.read_text("utf-8").splitlines()]
    assert [line["body"]["payment"] for line in lines] == ["2027-04-14", "2027-04-14.2", "third"]
    assert len({line["id"] for line in lines}) == 3
    twice.write_text(text.replace(paid, paid + 'id = "2027-04-14"\n' + paid), "utf-8")
    assert "Two payments have the id" in soke("delivery", "check", twice)[1]


def test_what_was_read_is_not_written_over(soke: Run, tmp_path: Path) -> None:
    hall, lunch = tmp_path / "hall.toml", tmp_path / "lunch.toml"
    hall.write_bytes(HALL.read_bytes())
    lunch.write_bytes(LUNCH.read_bytes())
    common = ("--deal", "d", "--as", "panel", "--by", "Ann Lee", "--commands")
    for words in (("asset", "status", hall, *common, hall), ("delivery", "status", lunch, *common, lunch),
                  ("asset", "due", tmp_path, "--on", "2027-04-01", "--ics", tmp_path / "hall.toml")):  # fmt: skip
        status, _, err = soke(*words)
        assert status == 2 and "a file that this command reads" in err
    assert (hall.read_bytes(), lunch.read_bytes()) == (HALL.read_bytes(), LUNCH.read_bytes())


def test_steps_that_no_register_takes_are_not_handed_over(soke: Run, tmp_path: Path) -> None:
    case, made = tmp_path / "case.toml", tmp_path / "steps.jsonl"
    case.write_text('asset = "a"\ntitle = "A"\nregime = "community-right-to-buy"\ncommencement = 2027-04-01\n'
                    '[[step]]\nstep = "listed-sporting"\non = 2027-05-01\n', "utf-8")  # fmt: skip
    common = ("--on", "2027-06-01", "--deal", "d", "--as", "panel", "--by", "Ann Lee", "--commands", made)
    status, _, err = soke("asset", "status", case, *common)
    assert status == 2 and "not known to be in force" in err and not made.exists()
    table = resources.files("soke.community.assets").joinpath("rules", "asset-transfer.toml").read_text("utf-8")
    (tmp_path / "own.toml").write_text(table.replace('id = "asset-transfer"', 'id = "ours"', 1), "utf-8")
    case.write_text('asset = "a"\ntitle = "A"\nregime = "ours"\nrules = "own.toml"\n'
                    '[[step]]\nstep = "advertised"\non = 2027-05-01\n', "utf-8")  # fmt: skip
    status, _, err = soke("asset", "status", case, *common)
    assert status == 2 and "rules of your own (own.toml)" in err and not made.exists()
    assert soke("asset", "status", case, *common, "--kind", "transfer.promised")[0] == 0
    assert "[own rules: own.toml]" in soke("asset", "status", case, "--on", "2027-06-01")[1]


def test_delivery_for_programs(soke: Run) -> None:
    told = json.loads(soke("delivery", "status", LUNCH, "--on", "2027-12-10", "--json")[1])
    facts, due = told["facts"], told["tables"]["delivery_due"]["rows"]
    assert (facts["agreed_pence"], facts["paid_pence"], facts["left_pence"]) == (4_200_000, 900_000, 3_300_000)
    assert [row["still_to_pay_pence"] for row in due if row["state"] == "overdue"] == [288_750]
    status, out, _ = soke("delivery", "due", LUNCH, "--on", "2031-01-01", "--csv")
    assert status == 0 and out.splitlines()[0].startswith("day,state,stands,what,who,kind,still_to_pay_pence")


@pytest.mark.parametrize("group", ["asset", "delivery"])
def test_what_cannot_be_read_is_a_sentence(soke: Run, tmp_path: Path, group: str) -> None:
    pipe, large, empty = tmp_path / "pipe.toml", tmp_path / "large.toml", tmp_path / "empty.toml"
    os.mkfifo(pipe)
    empty.touch()
    with large.open("wb") as file:
        file.truncate(100_000_000)
    for path in (pipe, large, tmp_path, tmp_path / "none.toml"):
        status, out, err = soke(group, "check", path)
        assert status == 2 and not out and err.startswith("soke: ") and str(path) in err
    status, out, _ = soke(group, "check", empty)
    assert status == 1 and "has no" in out
    assert soke(group, "status", empty)[0] == 2
    for day in ("tomorrow", "2026-13-01", "9999-12-31", "20260101"):
        assert soke(group, "due", HALL if group == "asset" else LUNCH, "--on", day)[0] == 2


def test_a_folder_is_read_without_what_is_no_case(soke: Run, tmp_path: Path) -> None:
    status, _, err = soke("asset", "due", tmp_path)
    assert status == 2 and "No case is in this folder" in err
    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / "lunch.toml").write_bytes(LUNCH.read_bytes())
    (tmp_path / "hall.toml").write_bytes(HALL.read_bytes())
    status, _, err = soke("asset", "due", tmp_path, "--on", "2027-04-01")
    assert status == 0 and "Passed over 2 files that are no cases" in err
    assert f"{tmp_path / 'lunch.toml'}" in err and f"{tmp_path / 'pipe.toml'}" in err
    (tmp_path / "again.toml").write_bytes(HALL.read_bytes())
    status, _, err = soke("asset", "list", tmp_path, "--on", "2026-09-07")
    assert status == 2 and "is in" in err and "too" in err


@pytest.mark.parametrize("name", ["bom.toml", "quoted.toml", "head.toml", "LARGE.TOML", "sub/deeper/hall.toml"])
def test_no_case_of_a_folder_is_left_out(soke: Run, tmp_path: Path, name: str) -> None:
    text = HALL.read_text("utf-8")
    made = {"bom.toml": "\ufeff" + text, "quoted.toml": text.replace("asset =", '"asset" ='),
            "head.toml": "# said at length\n" * 1000 + text}.get(name, text)  # fmt: skip
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(made, "utf-8")
    told = json.loads(soke("asset", "list", tmp_path, "--on", "2026-09-07", "--json")[1])
    facts = told["facts"]
    assert (facts["cases"], facts["passed_over"]) == (1, [])
    assert [row["asset_id"] for row in told["rows"]] == ["village-hall"]


def test_a_case_that_cannot_be_read_does_not_stop_the_others(soke: Run, tmp_path: Path) -> None:
    (tmp_path / "hall.toml").write_bytes(HALL.read_bytes())
    (tmp_path / "other.toml").write_bytes(HALL.read_text("utf-8").encode("utf-16"))
    text = HALL.read_text("utf-8")
    (tmp_path / "wrong.toml").write_text(text.replace('"village-hall"', '"w"').replace("02-20", "02-30"), "utf-8")
    (tmp_path / "early.toml").write_text(text.replace('"village-hall"', '"e"').replace("2026", "2006"), "utf-8")
    for command in ("list", "due"):
        status, out, err = soke("asset", command, tmp_path, "--on", "2026-09-07", "--json")
        told = json.loads(out)
        assert status == 2 and {row.get("asset_id", row.get("asset")) for row in told["rows"]} == {"village-hall"}
        assert told["facts"]["cases"] == 1 and len(told["facts"]["left_out"]) == 3
        assert "3 files are left out, all else is shown" in err and "not UTF-8" in err
        assert all(name in err for name in ("other.toml", "wrong.toml", "early.toml"))
    later = text.replace('"village-hall"', '"l"').replace("right-to-bid", "right-to-buy").split("[who]")[0]
    (tmp_path / "early.toml").write_text(
        later + 'commencement = 2027-04-01\n[[step]]\nstep = "listed-sporting"\non = 2027-05-01\n'
    )
    for command in ("list", "due"):
        status, out, err = soke("asset", command, tmp_path, "--on", "2026-09-07")
        assert status == 2 and "illage" in out and "is before the community right to buy began" in err
    made = tmp_path / "due.ics"
    assert soke("asset", "due", tmp_path, "--on", "2026-09-07", "--ics", made)[0] == 2 and made.exists()
    (tmp_path / "hall.toml").unlink()
    status, out, err = soke("asset", "list", tmp_path, "--on", "2026-09-07")
    assert status == 2 and not out and "early.toml" in err


def test_a_formula_or_a_turned_text_does_no_harm(soke: Run, tmp_path: Path) -> None:
    bad = tmp_path / "case.toml"
    bad.write_text(HALL.read_text("utf-8").replace("Anyplace Village Hall", "=cmd|' /C calc'!A0"), "utf-8")
    status, out, _ = soke("asset", "list", bad, "--on", "2026-09-07", "--csv")
    assert status == 0 and ",'=cmd" in out
    bad.write_text(HALL.read_text("utf-8").replace("Village Hall", "Village [red]Hall"), "utf-8")
    assert "[red]Hall" in soke("asset", "status", bad, "--on", "2026-09-07")[1]
    bad.write_text(HALL.read_text("utf-8").replace("Village Hall", "Village \\u202eHall"), "utf-8")
    assert "cannot be seen" in soke("asset", "check", bad)[1]


def test_a_register_is_imported_and_exported(soke: Run, tmp_path: Path) -> None:
    register, out = tmp_path / "register.csv", tmp_path / "cases"
    register.write_text(
        "reference;name;nomination-date;nominating-group;decision;decision-date;notification-to-sell-date\n"
        "A1;Mill;2024-11-01;Anyham Parish Council;successful;2024-12-02;2025-03-01\n"
        "A2;Hall;;;unsuccessful;2023-02-01;\n"
    )
    status, printed, err = soke("asset", "import", register, "--out", out)
    assert status == 0 and not printed and "register.csv:3: the register gives no day of nomination" in err
    assert "Wrote 2 cases" in err and sorted(path.name for path in out.iterdir()) == ["a1.toml", "a2.toml"]
    assert soke("asset", "import", register, "--out", out)[0] == 2
    status, printed, _ = soke("asset", "export", out, "--on", "2025-04-01")
    rows = list(csv.DictReader(io.StringIO(printed)))
    assert status == 0 and [row["reference"] for row in rows] == ["A1", "A2"] and not rows[1]["nomination-date"]
    made = tmp_path / "again.csv"
    assert soke("asset", "export", out, "--on", "2025-04-01", "--out", made)[0] == 0 and made.read_text() == printed
    assert soke("asset", "export", out, "--out", out / "a1.toml")[0] == 2
    register.write_text("name,decision,decision-date\nMill,successful,2024-13-02\nHall,successful,02.12.2024\n")
    status, _, err = soke("asset", "import", register, "--out", tmp_path / "other")
    assert status == 2 and "1 thing more is wrong" in err and "Write 2024-12-02" in err
    assert not (tmp_path / "other").exists()
