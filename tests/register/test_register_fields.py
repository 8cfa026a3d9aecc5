"""Fields of an entry as people type them: each of its type, money exact, and what cannot be taken refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from soke.errors import SokeError
from soke.register.fields import body_of, pence_of


class TestFields:
    @pytest.mark.parametrize("settings", [
        ["loses=[]", "loses.residents=x"], ["loses=5", "loses.residents=x"], ["loses.residents=x", "loses=[]"],
        ["loses.residents=x", "loses.residents=y"], ["takes=[]", "takes.power=x"],
    ])  # fmt: skip
    def test_a_part_of_what_is_set_whole(self, settings: list[str]) -> None:
        with pytest.raises(SokeError, match="is set twice"):
            body_of("matter.recall", settings, None)

    @pytest.mark.parametrize(("kind", "given", "setting"), [
        ("power.conferred", {"powers": 5}, "powers=a"), ("power.conferred", {"powers": "a"}, "powers=b"),
        ("power.conferred", {"powers": {"a": 1}}, "powers=b"), ("matter.recall", {"loses": "text"}, "loses.services=x"),
    ])  # fmt: skip
    def test_a_setting_over_a_body_of_another_form(
        self, kind: str, given: object, setting: str, tmp_path: Path
    ) -> None:
        (tmp_path / "body.json").write_text(json.dumps(given))
        with pytest.raises(SokeError, match="is set twice"):
            body_of(kind, [setting], tmp_path / "body.json")

    def test_parts_of_a_statement_and_yes_or_no(self) -> None:
        found = body_of("matter.recall", ["loses.residents=R", "loses.services=S", 'takes=[{"power":"p"}]'], None)
        assert found == {"loses": {"residents": "R", "services": "S"}, "takes": [{"power": "p"}]}
        assert body_of("answer.given", ["adopted=yes", "answer=a"], None) == {"adopted": True, "answer": "a"}
        assert body_of("person.appointed", ["name=Ann=Bo"], None) == {"name": "Ann=Bo"}

    def test_numbers_of_every_kind(self) -> None:
        found = body_of("round.decided", ["pounds=900000", "ballots=0", "eligible=45"], None)
        assert found == {"pence": 90_000_000, "ballots": 0, "eligible": 45}

    def test_what_an_entry_should_have_said(self) -> None:
        settings = ["entry=132", "right.pounds=2,000,000.01", "right.year=2028-29", "right.adopted=yes",
                    "right.partners=nhs, police", "right.decision=Night buses", "right.people=12"]  # fmt: skip
        assert body_of("entry.corrected", settings, None) == {
            "entry": 132, "right": {"pence": 200_000_001, "year": "2028-29", "adopted": True, "people": 12,
                                    "partners": ["nhs", "police"], "decision": "Night buses"},
        }  # fmt: skip
        assert body_of("clock.corrected", ["right=2026-04-01T09:30:00Z"], None) == {"right": "2026-04-01T09:30:00Z"}
        with pytest.raises(SokeError, match="in pounds and in pence"):
            body_of("entry.corrected", ["right.pounds=1", "right.pence=100"], None)
        with pytest.raises(SokeError, match="no amount"):
            body_of("entry.corrected", ["right.pounds=a lot"], None)


class TestPounds:
    @pytest.mark.parametrize(("text", "pence"), [("0.01", 1), ("£1,234,567.89", 123_456_789), ("7", 700),
                                                 ("GBP 10", 1_000), ("99999999999.99", 9_999_999_999_999)])  # fmt: skip
    def test_pounds_are_exact(self, text: str, pence: int) -> None:
        assert pence_of(text) == pence

    @pytest.mark.parametrize("text", ["", "1.2", "1.234", "1e3", "1,23", "-1", "٣", "1 000", "NaN", "0x1", ".5"])
    def test_no_pounds(self, text: str) -> None:
        with pytest.raises(SokeError, match="no amount"):
            pence_of(text)
