"""Every ``--json`` is one envelope, and the schema that is shipped describes each: keys, types, and what they mean.

After a change of keys: ``SOKE_WRITE_SCHEMA=1 ./do test tests/cli/test_envelope.py`` writes the schema and the page of
the handbook anew, for you to read before they are committed.
"""

from __future__ import annotations

import inspect
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import jsonschema
import pytest
from envelope_schema import PAGE, SCHEMA, page_of, schema_of

import soke as library
from soke.cli.commands import GROUPS, function_of
from soke.england.settlement import settlement
from soke.table import Answer, Table

Run = Callable[..., tuple[int, str, str]]
ROOT = Path(__file__).parents[2]
DEAL, HALL, PANEL = "deals/greater-manchester.toml", "examples/village-hall", "examples/service-user-panel"
PANEL_FILE = """panel = "riders"
community = "fares-assembly"

[[recommendation]]
id = "night-bus"
text = "Run the last bus at midnight."
due = 2027-03-01
"""
ELM = """META
key;value
description;Elm Road
num_projects;3
num_votes;4
budget;170
vote_type;approval
rule;greedy
currency;GBP
PROJECTS
project_id;cost;name;votes;selected
a;100;Swings;3;1
b;70;Trees;2;1
c;50;Lamp;2;0
VOTES
voter_id;vote;age
1;a,b;30
2;a,b;91
3;a,c;41
4;c;30
"""
PAPER = """META
key;value
num_projects;1
num_votes;0
budget;170
vote_type;approval
PROJECTS
project_id;cost;district
a;100;Elm
VOTES
voter_id;vote
"""


def asked(folder: Path, register: Path) -> Iterator[tuple[str, ...]]:
    """Commands that between them print every table. Those without ``--json`` make what the others read."""
    yield from of_places_and_deals(folder)
    yield from of_registers(register)
    yield from of_votes(folder)
    yield from of_panels_and_assets(folder, register)


def of_places_and_deals(folder: Path) -> Iterator[tuple[str, ...]]:
    yield "place", "Greater Manchester", "--json"
    yield "place", "Leeds", "--json"
    yield "place", "E07000041", "--json"
    yield "place", "Leeds", "--year", "2013-14", "--basis", "economy", "--json"
    yield "place", "Leeds", "--explain", "health", "--json"
    yield "place", "Leeds", "--explain", "gap", "--json"
    yield "place", "Leeds", "--history", "--json"
    yield "places", "--kind", "country", "--json"
    yield "settle", "Manchester", "Salford", "--json"
    yield "settle", "--parameters", "--json"
    yield "settle", "Manchester", "--set", "business_rates.retention=0.75", "--json"
    yield "verify", "--json"
    yield "verify", "--all", "--json"
    yield "check", "deals/broken.toml", "--json"
    yield "cases", DEAL, "--json"
    yield "diff", DEAL, "deals/cornwall.toml", "--json"
    for name in ("first", "second"):
        yield "run", DEAL, "--draws", "8", "--workers", "1", "--out", f"{folder / name}", "--json"
    yield "compare", f"{folder / 'first'}", f"{folder / 'second'}", "--json"
    yield from of_imports(folder)
    yield "backtest", "--start", "2012", "--draws", "100", "--json"


def of_imports(folder: Path) -> Iterator[tuple[str, ...]]:
    """Figures that are shipped too, and some that are not."""
    table, outturn = settlement(2015), folder / "outturn.csv"
    lines = [f'{"-" if c == "E61000001" else c},"{n}",{table.value("sfa", c)}\n'
             for c, n in zip(table.codes, table.names, strict=True)]  # fmt: skip
    (folder / "CSP_2015.csv").write_text("ons_code,authority,sfa_2015\n" + "".join(lines))
    outturn.write_text("year_ending,status,ONS_code,LA_LGF_code,LA_name,RS_netcurrtot_net_exp\n"
                       "202403,submitted,E08000003,E4203,Manchester,700000\n")  # fmt: skip
    yield "data", "import", f"{folder / 'CSP_2015.csv'}", f"{outturn}", "--to", f"{folder / 'official'}", "--json"


def of_registers(register: Path) -> Iterator[tuple[str, ...]]:
    yield "register", "record", f"{register}", "--kinds", "--json"
    yield "register", "status", f"{register}", "--json"
    yield "register", "status", f"{register}", "greater-manchester", "--on", "2027-05-01", "--json"
    yield "register", "history", f"{register}", "--json"
    yield "register", "replay", "--json"
    yield "register", "replay", "west-of-england", "--json"
    yield "register", "replay", "gateways", "--json"


def of_votes(folder: Path) -> Iterator[tuple[str, ...]]:
    elm, box = folder / "elm.pb", folder / "elm.box"
    elm.write_text(ELM)
    yield "budget", "count", f"{elm}", "--json"
    yield "budget", "audit", f"{elm}", "--json"
    yield "budget", "why", f"{elm}", "--all", "--json"
    yield "budget", "screen", f"{elm}", "--json"
    split = ("budget", "split", "--fund", "6.3m", "--areas", "examples/fund-split/wards.csv", "--by", "need")
    yield *split, "--against", "population", "--out", f"{folder / 'split'}", "--json"
    yield ("budget", "split", "--manifest", f"{folder / 'split' / 'manifest.json'}", "--areas",
           "examples/fund-split/wards.csv", "--json")  # fmt: skip
    (folder / "paper.pb").write_text(PAPER)
    yield "round", "open", f"{box}", f"{folder / 'paper.pb'}", "--name", "elm-2026"
    yield "round", "status", f"{box}", "--json"
    yield ("round", "codes", f"{box}", "--count", "3", "--channel", "letter", "--district", "Elm",
           "--out", f"{folder / 'codes.csv'}")  # fmt: skip
    yield "round", "status", f"{box}", "--json"
    yield "round", "close", f"{box}", "--out", f"{folder / 'result'}", "--json"
    yield "round", "publish", f"{elm}", "--k", "2", "--out", f"{folder / 'public.pb'}", "--json"


def of_panels_and_assets(folder: Path, register: Path) -> Iterator[tuple[str, ...]]:
    drawn = ("--size", "16", "--id", "number", "--household", "lives with")
    yield "assembly", "check", f"{PANEL}/pool.csv", f"{PANEL}/quotas.csv", *drawn, "--json"
    yield ("assembly", "draw", f"{PANEL}/pool.csv", f"{PANEL}/quotas.csv", *drawn,
           "--commit", f"{folder / 'draw'}", "--rehearsal-secret", f"{PANEL}/made-up-secret.txt",
           "--public", "dice", "--form", "10 digits 1-6")  # fmt: skip
    yield ("assembly", "draw", "--reveal", f"{folder / 'draw'}", "--secret", f"{PANEL}/made-up-secret.txt", "--value",
           "4 2 6 1 1 5 3 6 2 4", "--json")  # fmt: skip
    yield "assembly", "verify", f"{folder / 'draw'}", "--json"
    (folder / "panel.toml").write_text(PANEL_FILE)
    yield "assembly", "ask", f"{folder / 'panel.toml'}", "--json"
    yield "assembly", "answers", f"{register}", "--on", "2027-05-01", "--json"
    yield "asset", "check", f"{HALL}/mistakes/sold-too-soon.toml", "--json"
    yield "asset", "status", f"{HALL}/cases/village-hall.toml", "--on", "2026-10-12", "--json"
    yield "asset", "due", f"{HALL}/cases", "--on", "2026-09-07", "--within", "60", "--json"
    yield "asset", "list", f"{HALL}/cases", "--on", "2026-09-07", "--json"
    yield "asset", "rules", "--json"
    yield "delivery", "check", f"{HALL}/lunch-club.toml", "--json"
    yield "delivery", "due", f"{HALL}/lunch-club.toml", "--on", "2027-11-02", "--json"
    yield "delivery", "status", f"{HALL}/lunch-club.toml", "--on", "2027-11-10", "--json"


def with_json() -> set[str]:
    """The commands that take ``--json``."""
    return {
        name if group.flat else f"{room} {name}"
        for room, group in GROUPS.items()
        for name, where in group.commands.items()
        if "as_json" in inspect.signature(function_of(where)).parameters
    }


@pytest.mark.slow
def test_the_schema_describes_what_every_command_prints(
    soke: Run, story: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    tables: dict[str, list[Table]] = {}
    printed: dict[str, list[dict[str, object]]] = {}
    envelope = Answer.envelope

    def kept(answer: Answer, command: str, version: str) -> dict[str, object]:
        for table in (answer.table, *answer.tables):
            tables.setdefault(table.schema, []).append(table)
        return envelope(answer, command, version)

    monkeypatch.setattr(Answer, "envelope", kept)
    for words in asked(tmp_path, story / "gm.db"):
        status, out, err = soke(*words)
        assert status in (0, 1), (words, err)
        if "--json" in words:
            said = json.loads(out)
            printed.setdefault(said["command"], []).append(said)
    assert printed.keys() == with_json()
    of_a_run = library.project(DEAL, draws=8).tables
    for table in of_a_run.values():
        tables.setdefault(table.schema, []).append(table)
    if os.environ.get("SOKE_WRITE_SCHEMA"):
        SCHEMA.write_text(schema_of(tables), encoding="utf-8")
        PAGE.write_text(page_of(tables), encoding="utf-8")
    assert SCHEMA.read_text(encoding="utf-8") == schema_of(tables), "keys changed: see the head of this file"
    assert PAGE.read_text(encoding="utf-8") == page_of(tables), "keys changed: see the head of this file"
    check = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    for command, envelopes in printed.items():
        for said in envelopes:
            assert not [error.message[:200] for error in check.iter_errors(said)], command
            assert said["soke"] == library.__version__


def test_an_error_is_an_envelope_too(soke: Run) -> None:
    status, out, err = soke("place", "Leed", "--json")
    said = json.loads(err.splitlines()[-1])
    assert (status, out) == (2, "")
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(said)
    assert said["error"]["code"] == "unknown-place" and "Leeds" in said["error"]["fix"] and said["command"] == "place"


def test_the_schema_refuses_what_is_no_envelope() -> None:
    check = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    row = {"change": "x", "path": "ends", "before": "2029-30", "after": None}
    good = {"soke": "1", "schema": "changes/1", "command": "diff", "rows": [row], "notes": [],
            "facts": {}, "tables": {}}  # fmt: skip
    assert check.is_valid(good)
    for wrong in (
        {"rows": [row | {"changed": "x"}]},
        {"rows": [{}]},
        {"schema": "changes/2"},
        {"more": 1},
        {"notes": "x"},
    ):
        assert not check.is_valid(good | wrong), wrong
