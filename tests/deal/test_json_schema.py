"""The committed schemas are those of the types; the shipped files obey them, and faulty ones do not."""

import datetime as dt
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from soke.deal.json_schema import as_text, file_name, json_schema
from soke.deal.keys import SCHEMAS
from soke.deal.packaged import SCENARIOS

FILES = {
    **{str(path): "soke-deal/1" for path in sorted(Path("deals").glob("*.toml")) if path.name != "broken.toml"},
    "src/soke/deal/rules/minimal.toml": "soke-deal/1",
    "src/soke/deal/offer/england.toml": "soke-framework/1",
    **{f"src/soke/deal/offer/{stem}.toml": "soke-scenario/1" for stem in SCENARIOS.values()},
}


def as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: as_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_json(inner) for inner in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def errors(file: str, **changed: Any) -> list[str]:
    data = as_json(tomllib.loads(Path(file).read_text("utf-8"))) | changed
    return [error.message for error in Draft202012Validator(json_schema(FILES[file])).iter_errors(data)]


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_the_committed_schema_is_current(name: str) -> None:
    committed = (Path("docs/schema") / file_name(name)).read_text("utf-8")
    assert committed == as_text(name), "run: python -m soke.deal.json_schema"
    Draft202012Validator.check_schema(json.loads(committed))


@pytest.mark.parametrize("file", sorted(FILES))
def test_the_shipped_files_obey_their_schema(file: str) -> None:
    assert errors(file) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"starts": 2026}, {"starts": "2026"}, {"titel": "x"}, {"tier": "royal"}, {"extends": 5}, {"schema": "x"},
        {"fund": [{"id": "x"}]}, {"proceeds": {"reserves": 1.5}}, {"account": "none"},
        {"condition": [{"due_days": 5}]}, {"fiscal": {"business_rates": {"retention": "half"}}},
    ],
)  # fmt: skip
def test_a_faulty_file_breaks_its_schema(changed: dict[str, Any]) -> None:
    assert errors("src/soke/deal/rules/minimal.toml", **changed)


def test_an_override_needs_no_more_than_its_id() -> None:
    assert errors("src/soke/deal/rules/minimal.toml", condition=[{"id": "partners-decide", "due_days": 90}]) == []
