"""What communities did, as entries of a register: no command is asked, and the register's own rules take each body."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from soke.community.asking import read_questions
from soke.community.assemblies.record import Statement
from soke.community.assets.case import read_case
from soke.community.assets.cases import read_cases
from soke.community.assets.due import follow
from soke.community.delivery import follow_delivery, read_agreement
from soke.errors import SokeError
from soke.register.handed_over.assets import asset_entries
from soke.register.handed_over.deliveries import delivery_entries
from soke.register.handed_over.panels import panel_entries, question_entries
from soke.register.kinds import check_body

STORY = Path(__file__).parents[2] / "examples" / "village-hall"
DRAWN = Statement(
    round=0, aim="leximin", size=16, panels=1000, per_household=0, pool=120, never=0, smallest=0, furthest=0,  # type: ignore[arg-type]
    commitment="", public_value="", form="", files={}, hash="ab" * 32,
)  # fmt: skip


def test_an_asset_is_handed_over_as_far_as_the_day() -> None:
    case = read_case(STORY / "cases" / "village-hall.toml")
    for day, last in ((dt.date(2026, 2, 20), "asset.step"), (dt.date(2027, 4, 1), "transfer.completed")):
        entries = asset_entries(follow(case, day))
        for kind, body in entries:
            check_body(kind, body)
        assert last in {kind for kind, _ in entries}
        assert all(body["on"] <= day.isoformat() for kind, body in entries if kind == "asset.step")


def test_a_kind_that_is_none_has_a_code() -> None:
    status = follow_delivery(read_agreement(STORY / "lunch-club.toml"), dt.date(2027, 11, 10))
    assert [kind for kind, _ in delivery_entries(status, ("delivery.outcome",))] == ["delivery.outcome"]
    with pytest.raises(SokeError, match="no kind of entry here") as refused:
        delivery_entries(status, ("delivery.recieved",))
    assert refused.value.code == "unknown-name"


def test_a_panel_is_handed_over_once_and_by_name() -> None:
    ((kind, body),) = panel_entries(DRAWN, "riders", "forum")
    check_body(kind, body)
    assert body == {"panel": "riders", "community": "forum", "people": 16, "pool": 120, "draw": "ab" * 32}
    with pytest.raises(SokeError, match="--panel is missing"):
        panel_entries(DRAWN, "", "forum")
    with pytest.raises(SokeError, match="this is a replacement"):
        panel_entries(replace(DRAWN, round=1), "riders", "forum")


def test_a_question_that_no_register_takes_is_named_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "panel.toml"
    path.write_text('panel = "riders"\n[[recommendation]]\nid = "seats"\ntext = "More."\ndue = 2026-09-01\n', "utf-8")
    ((kind, body),) = question_entries(read_questions(path))
    check_body(kind, body)
    assert body == {"answer": "seats", "question": "More.", "due": "2026-09-01", "panel": "riders"}
    path.write_text(path.read_text("utf-8").replace("riders", "The riders"), "utf-8")
    with pytest.raises(SokeError) as refused:
        question_entries(read_questions(path))
    assert str(refused.value.where) == f"{path}:1:1"


def test_a_folder_without_a_case_has_a_code(tmp_path: Path) -> None:
    with pytest.raises(SokeError, match="No case is in this folder") as refused:
        read_cases([tmp_path])
    assert refused.value.code == "no-file"
