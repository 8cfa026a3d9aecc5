"""A deal in a rehearsal, from signing to a recall and its end: the commands, and registers that hold them."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from soke.cli import main
from soke.register.storage import Log

Run = Callable[..., tuple[int, str, str]]
ROOT = Path(__file__).parents[2]

GM = "greater-manchester"
KEEPER = "Ann Keeper"
NAME = "soke.example/gm"
FUND = "growth-and-place"
PARTIES = ("mhclg", "dft", "dfe", "dbt", "hmt", "authority", "mayor", "councils", "nhs", "residents", "board", "panel")
OPENED = "2026-03-01"


def _person(role: str) -> str:
    return KEEPER if role == "registrar" else f"{role.title()} Person"


def _story() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []

    def say(day: str, kind: str, role: str, **body: Any) -> None:
        found.append({"deal": GM, "kind": kind, "role": role, "person": _person(role), "at": day,
                      "id": f"c{len(found) + 1}", "body": body})  # fmt: skip

    def money(day: str, kind: str, role: str, pounds: str, **more: Any) -> None:
        say(day, kind, role, **({"fund": FUND, "year": "2026-27", "use": "revenue", "pounds": pounds} | more))

    say("2026-03-02", "deal.proposed", "registrar")
    found[0]["terms"] = f"deals/{GM}.toml"
    for party in PARTIES:
        say("2026-03-03", "person.appointed", "registrar", name=_person(party), for_party=party)
    for party in ("authority", "councils", "mhclg"):
        say("2026-03-20", "deal.signed", party, version=1)
    say("2026-04-01", "power.conferred", "mhclg", powers=["settlement-flexibility", "spatial-strategy"])
    money("2026-04-01", "fund.allotted", "mhclg", "30,000,000", pay_by="2026-04-30")
    money("2026-04-02", "fund.paid", "mhclg", "15,000,000")
    money(
        "2026-05-02",
        "fund.committed",
        "authority",
        "5,000,000",
        commitment="works",
        purpose="Works; one year.",
    )
    money("2026-05-20", "fund.spent", "authority", "1,234,567.89", commitment="works", purpose="the first stage")
    say("2026-05-24", "round.opened", "authority", round="spring", community="neighbourhood-budgets", pounds="63,000",
        due="2026-12-01")  # fmt: skip
    say("2026-06-01", "decision.asked", "nhs", decision="discharge", title="Join up hospital discharge",
        partners=["authority", "councils"], due="2026-08-01")  # fmt: skip
    say("2026-07-01", "decision.confirmed", "authority", decision="discharge")
    say("2026-07-02", "decision.disputed", "councils", decision="discharge", reason="Nobody pays for the beds.")
    say("2026-10-04", "round.decided", "residents", round="spring", pounds="63,000", result="14 projects in 9 wards.")
    say("2026-11-04", "round.adopted", "authority", round="spring", pounds="63,000")
    say("2027-04-10", "condition.evaluated", "panel", condition="communities-decide", period_end="2027-03-31")
    say("2027-04-20", "matter.report", "panel", matter="m1", condition="communities-decide", period_end="2027-03-31")
    say("2027-05-01", "matter.notice", "mhclg", matter="m1", reason="A fifth of a per cent was decided")
    say("2027-05-20", "matter.response", "authority", matter="m1")
    say("2027-06-10", "matter.cure", "authority", matter="m1")
    say("2027-12-10", "matter.hearing", "panel", matter="m1")
    say("2027-12-20", "matter.decision", "panel", matter="m1", reason="No second round was held.")
    takes = [{"power": "settlement-flexibility"},
             {"fund": FUND, "year": "2026-27", "use": "revenue", "pence": 1_500_000_000}]  # fmt: skip
    loses = {"residents": "14 neighbourhoods wait", "services": "Grants in town centres wait"}
    say("2028-02-21", "matter.recall", "mhclg", matter="m1", takes=takes, loses=loses, reason="Not put right")
    say("2028-06-21", "matter.restore", "mhclg", matter="m1", reason="The rounds were held")
    return found


STORY = _story()
RECALLED = len(STORY) - 1  # commands up to the recall


def lines(commands: list[dict[str, Any]]) -> str:
    return "".join(f"{json.dumps(command)}\n" for command in commands)


def run(*args: object) -> None:
    sys.argv = ["soke", "register", *map(str, args)]
    with pytest.raises(SystemExit) as stopped:
        main()
    assert not stopped.value.code


def opened(folder: Path, *more: str) -> Path:
    run("init", folder / "gm.db", "--name", NAME, "--registrar", KEEPER, "--key", folder / "gm.key", *more)
    return folder / "gm.db"


def record(folder: Path, commands: list[dict[str, Any]]) -> Path:
    (folder / "story.jsonl").write_text(lines(commands), "utf-8")
    run("record", folder / "gm.db", "--file", folder / "story.jsonl", "--root", ROOT, "--quiet")
    return folder / "gm.db"


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the register of the whole story, one up to the recall, and their key."""
    before, folder = sys.argv, tmp_path_factory.mktemp("story")
    opened(folder, "--rehearsal", "--at", OPENED)
    shutil.copy(record(folder, STORY[:RECALLED]), folder / "recalled.db")
    record(folder, STORY)
    sys.argv = before
    return folder


@pytest.fixture
def story(whole: Path, tmp_path: Path) -> Path:
    """A copy of that folder, to do anything with."""
    return Path(shutil.copytree(whole, tmp_path / "story"))


@pytest.fixture
def real(tmp_path: Path, soke: Run, capsys: pytest.CaptureFixture[str]) -> Path:
    """A register that is no rehearsal, with a deal in force by the machine's clock."""
    opened(tmp_path)
    fresh = [dict(command) for command in STORY[:16]]
    for command in fresh:
        del command["at"]
    made = record(tmp_path, fresh)
    capsys.readouterr()
    return made


def entries(register: Path) -> list[dict[str, Any]]:
    with Log.open(register, write=False) as log:
        return log.read()


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))
